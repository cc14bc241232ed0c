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
/* What its arguments are not, for the assistant; NULL: they are as its schema says. A name that is unknown is no less wrong than
 * a missing one: whoever writes dry_run must not have written. */
const char *mcp_tool_misused(struct call *call, const char *name, const struct value *args);
/* Runs one that calls no method: the text of its answer, JSON; false: there is no such tool. *failed: it is a refusal. */
bool mcp_tool(struct call *call, const char *name, const struct value *args, struct buf *text,
              bool *failed);

#endif
