#include "rest/mcp.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/json.h"
#include "model/method.h"
#include "rest/mcp_message.h"
#include "rest/mcp_resource.h"
#include "rest/mcp_tool.h"
#include "rest/page.h"

#define ANSWER_MOST (1 << 20) /* bytes of a method's answer */

/* The text, and the same as a structure, which must be an object: a list is its items. */
static void write_content(struct writer *out, const char *json, size_t len, bool failed)
{
    writer_keyz(out, "content");
    writer_begin_list(out);
    writer_begin_object(out);
    writer_text(out, "type", "text");
    writer_keyz(out, "text");
    writer_string(out, json, len);
    writer_end_object(out);
    writer_end_list(out);
    writer_keyz(out, "structuredContent");
    if (*json != '{') {
        writer_begin_object(out);
        writer_keyz(out, "items");
    }
    writer_raw(out, json, len);
    if (*json != '{')
        writer_end_object(out);
    writer_keyz(out, "isError");
    writer_bool(out, failed);
}

/* ---- who may speak ---- */

/* "http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443" */
static bool is_local(const char *origin)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    const char *host = strstr(origin, "://");
    host = host ? host + 3 : "";
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        size_t len = strlen(hosts[i]);
        if (!strncasecmp(host, hosts[i], len) && (!host[len] || host[len] == ':'))
            return true;
    }
    return false;
}

/* A page of somebody else's must not speak to a server on this machine: neither as itself, nor under a name of its own
 * that leads here (DNS rebinding), which is then both its origin and the host that it asks. */
static bool is_foreign(const struct call *call)
{
    bool from_here = !strncmp(call->client, "127.", 4) || !strcmp(call->client, "::1");
    if (!call->origin)
        return false;
    return strcmp(call->origin, call->base_url) != 0 || (from_here && !is_local(call->origin));
}

/* A message for itself says in its headers what it is, for whoever passes it on. */
static const char *header_says_otherwise(struct call *call, const struct mcp *mcp)
{
    const char *name = mcp_text(mcp->params, "name");
    if (!name)
        name = mcp_text(mcp->params, "uri");
    if (!call->mcp_version || strcmp(call->mcp_version, mcp->version) != 0)
        return "The header MCP-Protocol-Version must be there, and say what the message says.";
    if (!call->mcp_method || strcmp(call->mcp_method, mcp->method) != 0)
        return "The header Mcp-Method must be there, and say what the message says.";
    if (name && (!call->mcp_name || (strncmp(call->mcp_name, "=?base64?", 9) != 0 &&
                                     strcmp(call->mcp_name, name) != 0)))
        return "The header Mcp-Name must be there, and say what the message says.";
    return NULL;
}

/* ---- a tool that calls a method ---- */

static bool only_reads(const struct call *call)
{
    return call->is_batch ? !batch_writes(&call->batch)
                          : call->req.method && call->req.method->lane == LANE_READ;
}

/* The method's answer, which stands in call->answer, becomes the result of the tool. No assistant has room for a
 * large one, and here it would stand twice: what was read is refused, what was written is told. */
static void wrap(struct call *call)
{
    const struct mcp *mcp = call->envelope;
    size_t len;
    char *json = buf_take(&call->answer, &len);
    writer_init(&call->out, &call->answer);
    if (call->status == 401 && !call->caller.user_id) {
        call_reply_header(call, "WWW-Authenticate", "Bearer");
        mcp_fail(
            call, mcp, 401, RPC_CREDENTIAL,
            "A credential is needed: Authorization: Bearer and the code of a webhook, or a token.");
    } else {
        bool large = len > ANSWER_MOST;
        const char *text = !large ? json
                           : only_reads(call)
                               ? "{\"error\":\"ANSWER_TOO_LARGE\",\"error_"
                                 "description\":\"The answer is larger than 1 MiB. "
                                 "Ask for fewer rows or fields.\"}"
                               : "{\"result\":\"The call went through. Its answer is larger than 1 "
                                 "MiB and is not shown.\"}";
        mcp_begin_result(&call->out, mcp, false);
        write_content(&call->out, text, large ? strlen(text) : len,
                      call->status != 200 || (large && only_reads(call)));
        mcp_end_result(&call->out);
        call->status = 200;
    }
    free(json);
}

static struct value *array_or_empty(struct call *call, const struct value *value)
{
    struct value *copy = value_array(&call->arena);
    for (size_t i = 0; value_is_array(value) && i < value->array.count; i++)
        value_set(&call->arena, copy, value->array.items[i].key, strlen(value->array.items[i].key),
                  value->array.items[i].value);
    return copy;
}

static void call_method(struct call *call, const char *name, struct value *params)
{
    value_unset(params, "auth"); /* the message's own credential is the one */
    call->page = NULL;
    call->method_name = name;
    call->method_len = strlen(name);
    call->req.params = params;
    call->wrap = wrap;
}

/* Of `read` only methods that read: another one is left to the page, which says so. */
static bool fits(const char *tool, const struct method *method)
{
    return strcmp(tool, "read") != 0 || !method || method->lane == LANE_READ;
}

static bool is_dry(const struct value *args)
{
    bool dry = false;
    return value_to_flag(value_get(args, "dryRun"), &dry) && dry;
}

/* A control page becomes the call's: it asks for the administrator itself. */
static void call_control(struct call *call, const char *action, const struct value *params)
{
    const struct page *page =
        page_find(arena_printf(&call->arena, "/_rapport/%s", action ? action : ""));
    if (!page || page->access != PAGE_CONTROL || !call->req.portal->control)
        return;
    call->page = page;
    call->method_name = page->path;
    call->method_len = strlen(page->path);
    struct value *copy = array_or_empty(call, params);
    value_unset(copy, "auth");
    call->req.params = copy;
    /* With parameters, or where nothing can be shown, it changes something. */
    call->is_post =
        copy->array.count > 0 || (strcmp(action, "faults") != 0 && strcmp(action, "clock") != 0);
    call->wrap = wrap;
}

void mcp_unwrap(struct call *call)
{
    struct mcp *mcp = mcp_read(call);
    const char *tool = mcp_text(mcp->params, "name");
    const struct value *args = value_get(mcp->params, "arguments");
    const char *name = mcp_text(args, "method");
    call->envelope = mcp;
    if (strcmp(mcp->method, "tools/call") != 0 || !tool || !mcp->id || !call->is_post ||
        (mcp->version && !mcp_is_known(mcp->version)) || is_foreign(call) ||
        (mcp->modern && header_says_otherwise(call, mcp)) || mcp_tool_misused(call, tool, args))
        return;
    if (!strcmp(tool, "control"))
        call_control(call, mcp_text(args, "action"), value_get(args, "params"));
    else if (!strcmp(tool, "batch")) {
        struct value *params = array_or_empty(call, args);
        value_unset(params, "dryRun");
        call_method(call, "batch", params);
        call->rehearses = is_dry(args);
    } else if ((!strcmp(tool, "read") || !strcmp(tool, "write")) && name &&
               strcasecmp(name, "batch") != 0 && fits(tool, method_find(name, strlen(name)))) {
        call_method(call, name, array_or_empty(call, value_get(args, "params")));
        call->rehearses = is_dry(args) && !strcmp(tool, "write");
    }
}

/* ---- messages that call no method ---- */

static void write_server_info(struct writer *out)
{
    writer_begin_object(out);
    writer_text(out, "name", "rapport");
    writer_text(out, "title", "Rapport, a CRM that speaks the Bitrix24 REST protocol");
    writer_text(out, "version", RAPPORT_VERSION);
    writer_end_object(out);
}

#define INSTRUCTIONS                                                                               \
    "A CRM with the Bitrix24 REST methods. find_methods finds one by words, describe_method "      \
    "tells what it takes and "                                                                     \
    "answers, describe_portal tells types, custom fields, stages and users; read, write and "      \
    "batch call methods. Rights "                                                                  \
    "are those of the credential."

static void write_capabilities(struct writer *out)
{
    static const char json[] = "{\"tools\":{},\"resources\":{},\"prompts\":{}}";
    writer_keyz(out, "capabilities");
    writer_raw(out, json, sizeof json - 1);
}

static enum api_rc initialize(struct call *call, const struct mcp *mcp)
{
    struct writer *out = &call->out;
    const char *asked = mcp_text(mcp->params, "protocolVersion");
    bool known = asked && mcp_is_known(asked) && strcmp(asked, MCP_MODERN) != 0;
    mcp_begin_result(out, mcp, false);
    writer_text(out, "protocolVersion", known ? asked : MCP_NEWEST_WITH_SESSIONS);
    write_capabilities(out);
    writer_keyz(out, "serverInfo");
    write_server_info(out);
    writer_text(out, "instructions", INSTRUCTIONS);
    mcp_end_result(out);
    return API_OK;
}

static enum api_rc discover(struct call *call, const struct mcp *mcp)
{
    struct writer *out = &call->out;
    mcp_begin_result(out, mcp, true);
    mcp_versions_write(out, "supportedVersions");
    write_capabilities(out);
    writer_text(out, "instructions", INSTRUCTIONS);
    writer_keyz(out, "_meta");
    writer_begin_object(out);
    writer_keyz(out, "io.modelcontextprotocol/serverInfo");
    write_server_info(out);
    writer_end_object(out);
    mcp_end_result(out);
    return API_OK;
}

static enum api_rc ping(struct call *call, const struct mcp *mcp)
{
    mcp_begin_result(&call->out, mcp, false);
    mcp_end_result(&call->out);
    return API_OK;
}

static enum api_rc tools_list(struct call *call, const struct mcp *mcp)
{
    mcp_begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "tools");
    mcp_tools_write(&call->out);
    mcp_end_result(&call->out);
    return API_OK;
}

static void write_misuse(struct buf *text, const char *wrong)
{
    struct writer out;
    writer_init(&out, text);
    writer_begin_object(&out);
    writer_text(&out, "error", "INVALID_ARGUMENTS");
    writer_text(&out, "error_description", wrong);
    writer_end_object(&out);
}

/* A tool that calls a method comes here when its arguments did not say which, or not one it may. */
static enum api_rc tools_call(struct call *call, const struct mcp *mcp)
{
    const char *name = mcp_text(mcp->params, "name");
    struct buf text = {0};
    bool failed = true;
    bool calls = name && (!strcmp(name, "read") || !strcmp(name, "write"));
    const char *wrong =
        name ? mcp_tool_misused(call, name, value_get(mcp->params, "arguments")) : NULL;
    if (wrong)
        write_misuse(&text, wrong);
    else if (name && !strcmp(name, "control"))
        buf_adds(&text,
                 "{\"error\":\"NOT_FOUND\",\"error_description\":\"There is no such action, or the "
                 "server runs without --control.\"}");
    else if (calls)
        buf_adds(
            &text,
            !strcmp(name, "read")
                ? "{\"error\":\"INVALID_TOOL\",\"error_description\":\"`method` must name a method "
                  "that changes nothing; write and batch call the others.\"}"
                : "{\"error\":\"INVALID_TOOL\",\"error_description\":\"`method` must name a "
                  "method; batch is a tool of its own.\"}");
    else if (!name || !mcp_tool(call, name, value_get(mcp->params, "arguments"), &text, &failed)) {
        buf_clear(&text);
        return mcp_fail(call, mcp, 200, RPC_BAD_PARAMS,
                        "There is no such tool; tools/list lists them.");
    }
    mcp_begin_result(&call->out, mcp, false);
    write_content(&call->out, buf_text(&text), text.len, failed);
    mcp_end_result(&call->out);
    buf_clear(&text);
    return API_OK;
}

/* ---- transport ---- */

static const struct {
    const char *method;
    enum api_rc (*answer)(struct call *call, const struct mcp *mcp);
    bool old; /* of revisions with sessions alone */
} messages[] = {
    {"initialize", initialize, true},
    {"ping", ping, true},
    {"server/discover", discover, false},
    {"tools/list", tools_list, false},
    {"tools/call", tools_call, false},
    {"resources/list", mcp_resources_list, false},
    {"resources/templates/list", mcp_templates_list, false},
    {"resources/read", mcp_resources_read, false},
    {"prompts/list", mcp_prompts_list, false},
    {"prompts/get", mcp_prompts_get, false},
};

enum api_rc mcp_answer(struct call *call)
{
    const struct mcp *mcp = call->envelope;
    const char *wrong;
    if (!call->is_post) {
        call_reply_header(call, "Allow", "POST");
        return mcp_fail(call, mcp, 405, RPC_INVALID, "Send a message with POST.");
    }
    if (is_foreign(call))
        return mcp_fail(call, mcp, 403, RPC_INVALID, "Pages of other hosts are not answered.");
    if (!mcp->method[0])
        return mcp_fail(call, mcp, 400, RPC_INVALID,
                        "One JSON-RPC message with a method is expected.");
    if (mcp->version && !mcp_is_known(mcp->version))
        return mcp_fail(call, mcp, 400, RPC_VERSION, "This revision of the protocol is not known.");
    if (mcp->modern && (wrong = header_says_otherwise(call, mcp)))
        return mcp_fail(call, mcp, 400, RPC_HEADER, wrong);
    if (!mcp->id) {
        call->reply.status = 202;
        return API_OK;
    }
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (!strcmp(messages[i].method, mcp->method) && !(mcp->modern && messages[i].old))
            return messages[i].answer(call, mcp);
    }
    return mcp_fail(call, mcp, mcp->modern ? 404 : 200, RPC_NO_METHOD,
                    "There is no such message here.");
}
