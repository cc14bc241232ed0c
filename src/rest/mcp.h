/* mcp - the Model Context Protocol: an assistant finds methods, reads what they take, and calls them.
 *
 * What:    one address, /mcp, takes a JSON-RPC message a POST and answers JSON: of revisions 2025-03-26 to 2025-11-25, which
 *          begin with `initialize`, and of 2026-07-28, whose messages stand for themselves. No session is kept.
 *          A tool that calls a method is a call of that method in another envelope: mcp_unwrap makes it one before the
 *          pipeline looks at credential, scope, plan and faults, mcp_wrap puts its answer into the message. The other
 *          tools (mcp_tool) describe what is there.
 * Used by: page/mcp.
 * Memory:  the call's arena.
 * Threads: as rest/pipeline.
 * Errors:  JSON-RPC's; what a method refuses is a result that says isError.
 */
#ifndef RAPPORT_REST_MCP_H
#define RAPPORT_REST_MCP_H

#include "rest/call.h"

/* Reads the message. One that calls a method becomes that call: call->page is NULL then. */
void mcp_unwrap(struct call *call);
/* Answers what is left: the page's handler. */
enum api_rc mcp_answer(struct call *call);

#endif
