/* mcp_message - a JSON-RPC message of /mcp as it came, and the frame of its answer.
 *
 * What:    id, method, parameters and revision of a message; an answer's result or error. Of 2026-07-28 a message stands for itself,
 *          and its result says a little more.
 * Used by: rest/mcp, rest/mcp_resource.
 * Memory:  the call's arena.
 * Threads: the call's.
 * Errors:  none of its own.
 */
#ifndef RAPPORT_REST_MCP_MESSAGE_H
#define RAPPORT_REST_MCP_MESSAGE_H

#include "rest/call.h"

#define MCP_MODERN "2026-07-28"
#define MCP_NEWEST_WITH_SESSIONS "2025-11-25"

/* JSON-RPC's numbers, and those of the protocol's own. */
enum {
    RPC_INVALID = -32600,
    RPC_NO_METHOD = -32601,
    RPC_BAD_PARAMS = -32602,
    RPC_HEADER = -32020,
    RPC_VERSION = -32022,
    RPC_CREDENTIAL = -32001
};

struct mcp {
    const struct value *id, *params;
    const char *method;  /* "" where the message has none */
    const char *version; /* as the message says it; NULL: it does not */
    bool modern;
};

/* Of call->req.params. */
struct mcp *mcp_read(struct call *call);
/* NULL when there is none, or no text. */
const char *mcp_text(const struct value *from, const char *name);
/* Is it a revision that is spoken here? */
bool mcp_is_known(const char *version);
/* All of them, oldest first: a list under `key`. */
void mcp_versions_write(struct writer *out, const char *key);

/* An error, with the status of HTTP. */
enum api_rc mcp_fail(struct call *call, const struct mcp *mcp, int status, int code,
                     const char *text);
/* The members of `result` are written between these two. `lists`: it may be kept for a while. */
void mcp_begin_result(struct writer *out, const struct mcp *mcp, bool lists);
void mcp_end_result(struct writer *out);

#endif
