/* mcp_tool - the tools of /mcp: which there are, and those that describe instead of calling a method.
 *
 * Used by: rest/mcp, rest/mcp_resource.
 * Memory:  the call's; the text is the caller's buffer.
 * Threads: the call's.
 * Errors:  a refusal is the text, with *failed.
 */
#ifndef RAPPORT_REST_MCP_TOOL_H
#define RAPPORT_REST_MCP_TOOL_H

#include "rest/call.h"

/* The tools, as tools/list has them. */
void mcp_tools_write(struct writer *out);
/* Runs one that calls no method: the text of its answer, JSON; false: there is no such tool. *failed: it is a refusal. */
bool mcp_tool(struct call *call, const char *name, const struct value *args, struct buf *text,
              bool *failed);

#endif
