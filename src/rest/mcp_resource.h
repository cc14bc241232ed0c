/* mcp_resource - what an assistant can read and be told beside the tools: the reference as resources, and prompts.
 *
 * What:    answers to resources/list, resources/templates/list, resources/read, prompts/list, prompts/get.
 * Used by: rest/mcp.
 * Memory:  the call's.
 * Threads: the call's.
 * Errors:  JSON-RPC's, in the answer.
 */
#ifndef RAPPORT_REST_MCP_RESOURCE_H
#define RAPPORT_REST_MCP_RESOURCE_H

#include "rest/mcp_message.h"

enum api_rc mcp_resources_list(struct call *call, const struct mcp *mcp);
enum api_rc mcp_templates_list(struct call *call, const struct mcp *mcp);
enum api_rc mcp_resources_read(struct call *call, const struct mcp *mcp);
enum api_rc mcp_prompts_list(struct call *call, const struct mcp *mcp);
enum api_rc mcp_prompts_get(struct call *call, const struct mcp *mcp);

#endif
