#include "rest/mcp_message.h"

#include <string.h>

#define LIST_TTL_MS 60000

static const char *const versions[] = {"2025-03-26", "2025-06-18", MCP_NEWEST_WITH_SESSIONS,
                                       MCP_MODERN, NULL};

/* ---- reading ---- */

const char *mcp_text(const struct value *from, const char *name)
{
    const struct value *value = value_get(from, name);
    return value && value->type == VALUE_STRING ? value->string.text : NULL;
}

struct mcp *mcp_read(struct call *call)
{
    struct mcp *mcp = arena_zalloc(&call->arena, sizeof *mcp);
    const struct value *message = call->req.params;
    const char *method = mcp_text(message, "method");
    mcp->id = value_get(message, "id");
    mcp->params = value_get(message, "params");
    mcp->method = method ? method : "";
    const struct value *meta = value_get(mcp->params, "_meta");
    mcp->version = mcp_text(meta, "io.modelcontextprotocol/protocolVersion");
    mcp->modern = mcp->version != NULL;
    if (!mcp->version)
        mcp->version = call->mcp_version;
    return mcp;
}

bool mcp_is_known(const char *version)
{
    for (const char *const *at = versions; *at; at++) {
        if (!strcmp(*at, version))
            return true;
    }
    return false;
}

/* ---- writing ---- */

void mcp_versions_write(struct writer *out, const char *key)
{
    writer_keyz(out, key);
    writer_begin_list(out);
    for (const char *const *at = versions; *at; at++)
        writer_stringz(out, *at);
    writer_end_list(out);
}

static void begin_message(struct writer *out, const struct mcp *mcp)
{
    writer_begin_object(out);
    writer_text(out, "jsonrpc", "2.0");
    writer_keyz(out, "id");
    mcp->id ? writer_value(out, mcp->id) : writer_null(out);
}

enum api_rc mcp_fail(struct call *call, const struct mcp *mcp, int status, int code,
                     const char *text)
{
    struct writer *out = &call->out;
    begin_message(out, mcp);
    writer_keyz(out, "error");
    writer_begin_object(out);
    writer_number(out, "code", code);
    writer_text(out, "message", text);
    if (code == RPC_VERSION) {
        writer_keyz(out, "data");
        writer_begin_object(out);
        mcp_versions_write(out, "supported");
        writer_text(out, "requested", mcp->version);
        writer_end_object(out);
    }
    writer_end_object(out);
    writer_end_object(out);
    call->reply.status = status;
    return API_OK;
}

void mcp_begin_result(struct writer *out, const struct mcp *mcp, bool lists)
{
    begin_message(out, mcp);
    writer_keyz(out, "result");
    writer_begin_object(out);
    if (!mcp->modern)
        return;
    writer_text(out, "resultType", "complete");
    if (lists) {
        writer_number(out, "ttlMs", LIST_TTL_MS);
        writer_text(out, "cacheScope", "private");
    }
}

void mcp_end_result(struct writer *out)
{
    writer_end_object(out);
    writer_end_object(out);
}
