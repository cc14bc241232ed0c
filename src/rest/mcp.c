#include "rest/mcp.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/json.h"
#include "model/method.h"
#include "rest/openapi.h"
#include "rest/page.h"

#define MODERN "2026-07-28"
#define NEWEST_WITH_SESSIONS "2025-11-25"
#define LIST_TTL_MS 60000
#define ANSWER_MOST (1 << 20) /* bytes of a method's answer */

static const char *const versions[] = {"2025-03-26", "2025-06-18", NEWEST_WITH_SESSIONS, MODERN,
                                       NULL};

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

/* ---- reading ---- */

static const char *text_at(struct call *call, const struct value *from, const char *name)
{
    const struct value *value = value_get(from, name);
    (void)call;
    return value && value->type == VALUE_STRING ? value->string.text : NULL;
}

static struct mcp *read_message(struct call *call)
{
    struct mcp *mcp = arena_zalloc(&call->arena, sizeof *mcp);
    const struct value *message = call->req.params;
    const char *method = text_at(call, message, "method");
    mcp->id = value_get(message, "id");
    mcp->params = value_get(message, "params");
    mcp->method = method ? method : "";
    const struct value *meta = value_get(mcp->params, "_meta");
    mcp->version = text_at(call, meta, "io.modelcontextprotocol/protocolVersion");
    mcp->modern = mcp->version != NULL;
    if (!mcp->version)
        mcp->version = call->mcp_version;
    return mcp;
}

static bool is_known(const char *version)
{
    for (const char *const *at = versions; *at; at++) {
        if (!strcmp(*at, version))
            return true;
    }
    return false;
}

/* ---- writing ---- */

static void begin_message(struct writer *out, const struct mcp *mcp)
{
    writer_begin_object(out);
    writer_text(out, "jsonrpc", "2.0");
    writer_keyz(out, "id");
    mcp->id ? writer_value(out, mcp->id) : writer_null(out);
}

static enum api_rc rpc_fail(struct call *call, const struct mcp *mcp, int status, int code,
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
        writer_keyz(out, "supported");
        writer_begin_list(out);
        for (const char *const *at = versions; *at; at++)
            writer_stringz(out, *at);
        writer_end_list(out);
        writer_text(out, "requested", mcp->version);
        writer_end_object(out);
    }
    writer_end_object(out);
    writer_end_object(out);
    call->reply.status = status;
    return API_OK;
}

static void begin_result(struct writer *out, const struct mcp *mcp, bool lists)
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

static void end_result(struct writer *out)
{
    writer_end_object(out);
    writer_end_object(out);
}

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
    const char *name = text_at(call, mcp->params, "name");
    if (!name)
        name = text_at(call, mcp->params, "uri");
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
        rpc_fail(
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
        begin_result(&call->out, mcp, false);
        write_content(&call->out, text, large ? strlen(text) : len,
                      call->status != 200 || (large && only_reads(call)));
        end_result(&call->out);
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
    struct mcp *mcp = read_message(call);
    const char *tool = text_at(call, mcp->params, "name");
    const struct value *args = value_get(mcp->params, "arguments");
    const char *name = text_at(call, args, "method");
    call->envelope = mcp;
    if (strcmp(mcp->method, "tools/call") != 0 || !tool || !mcp->id || !call->is_post ||
        (mcp->version && !is_known(mcp->version)) || is_foreign(call) ||
        (mcp->modern && header_says_otherwise(call, mcp)))
        return;
    if (!strcmp(tool, "control"))
        call_control(call, text_at(call, args, "action"), value_get(args, "params"));
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
    const char *asked = text_at(call, mcp->params, "protocolVersion");
    bool known = asked && is_known(asked) && strcmp(asked, MODERN) != 0;
    begin_result(out, mcp, false);
    writer_text(out, "protocolVersion", known ? asked : NEWEST_WITH_SESSIONS);
    write_capabilities(out);
    writer_keyz(out, "serverInfo");
    write_server_info(out);
    writer_text(out, "instructions", INSTRUCTIONS);
    end_result(out);
    return API_OK;
}

static enum api_rc discover(struct call *call, const struct mcp *mcp)
{
    struct writer *out = &call->out;
    begin_result(out, mcp, true);
    writer_keyz(out, "supportedVersions");
    writer_begin_list(out);
    for (const char *const *at = versions; *at; at++)
        writer_stringz(out, *at);
    writer_end_list(out);
    write_capabilities(out);
    writer_text(out, "instructions", INSTRUCTIONS);
    writer_keyz(out, "_meta");
    writer_begin_object(out);
    writer_keyz(out, "io.modelcontextprotocol/serverInfo");
    write_server_info(out);
    writer_end_object(out);
    end_result(out);
    return API_OK;
}

static enum api_rc ping(struct call *call, const struct mcp *mcp)
{
    begin_result(&call->out, mcp, false);
    end_result(&call->out);
    return API_OK;
}

static enum api_rc tools_list(struct call *call, const struct mcp *mcp)
{
    begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "tools");
    mcp_tools_write(&call->out);
    end_result(&call->out);
    return API_OK;
}

/* A tool that calls a method comes here when its arguments did not say which, or not one it may. */
static enum api_rc tools_call(struct call *call, const struct mcp *mcp)
{
    const char *name = text_at(call, mcp->params, "name");
    struct buf text = {0};
    bool failed = true;
    bool calls = name && (!strcmp(name, "read") || !strcmp(name, "write"));
    if (name && !strcmp(name, "control"))
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
        return rpc_fail(call, mcp, 200, RPC_BAD_PARAMS,
                        "There is no such tool; tools/list lists them.");
    }
    begin_result(&call->out, mcp, false);
    write_content(&call->out, buf_text(&text), text.len, failed);
    end_result(&call->out);
    buf_clear(&text);
    return API_OK;
}

/* ---- resources ---- */

#define METHOD_URI "rapport://method/"
#define OPENAPI_URI "rapport://openapi"

static void write_resource(struct writer *out, const char *uri, const char *key, const char *name,
                           const char *about)
{
    writer_begin_object(out);
    writer_text(out, key, uri);
    writer_text(out, "name", name);
    writer_text(out, "description", about);
    writer_text(out, "mimeType", "application/json");
    writer_end_object(out);
}

static enum api_rc resources_list(struct call *call, const struct mcp *mcp)
{
    begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "resources");
    writer_begin_list(&call->out);
    write_resource(&call->out, OPENAPI_URI, "uri", "OpenAPI", "All methods as OpenAPI 3.1");
    writer_end_list(&call->out);
    end_result(&call->out);
    return API_OK;
}

static enum api_rc templates_list(struct call *call, const struct mcp *mcp)
{
    begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "resourceTemplates");
    writer_begin_list(&call->out);
    write_resource(&call->out, METHOD_URI "{name}", "uriTemplate", "The reference of a method",
                   "Parameters, answer and errors of one method");
    writer_end_list(&call->out);
    end_result(&call->out);
    return API_OK;
}

static enum api_rc resources_read(struct call *call, const struct mcp *mcp)
{
    const char *uri = text_at(call, mcp->params, "uri");
    struct buf text = {0};
    bool failed = true;
    if (uri && !strcmp(uri, OPENAPI_URI)) {
        struct writer out;
        writer_init(&out, &text);
        openapi_write(&out, &call->req, call->base_url, false);
        failed = false;
    } else if (uri && !strncmp(uri, METHOD_URI, sizeof METHOD_URI - 1)) {
        struct value *args = value_array(&call->arena);
        const char *name = uri + sizeof METHOD_URI - 1;
        value_set(&call->arena, args, "method", 6, value_string(&call->arena, name, strlen(name)));
        mcp_tool(call, "describe_method", args, &text, &failed);
    }
    if (failed) {
        buf_clear(&text);
        return rpc_fail(call, mcp, 200, RPC_BAD_PARAMS, "There is no such resource.");
    }
    begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "contents");
    writer_begin_list(&call->out);
    writer_begin_object(&call->out);
    writer_text(&call->out, "uri", uri);
    writer_text(&call->out, "mimeType", "application/json");
    writer_keyz(&call->out, "text");
    writer_string(&call->out, buf_text(&text), text.len);
    writer_end_object(&call->out);
    writer_end_list(&call->out);
    end_result(&call->out);
    buf_clear(&text);
    return API_OK;
}

/* ---- prompts ---- */

static const struct prompt {
    const char *name, *about, *argument, *argument_about, *text;
} prompts[] = {
    {"port_integration", "Make an integration written for Bitrix24 run and be tested here", "code",
     "Its source, or what it does",
     "Make this integration run against this server, and write tests for it. Find each REST method "
     "that it "
     "calls with describe_method, compare parameters, and say what is not there. Try the calls "
     "with read and "
     "write; last_calls shows what was left out of them as unknown. The integration: "},
    {"test_handler", "Write a test for a handler of events", "event", "For example ONCRMDEALUPDATE",
     "Write a test that binds a handler to this event (event.bind, or an outgoing webhook), makes "
     "the event "
     "happen by a call, and checks what the handler receives and does. Describe the methods first. "
     "The "
     "event: "},
};
#define PROMPTS (sizeof prompts / sizeof prompts[0])

static enum api_rc prompts_list(struct call *call, const struct mcp *mcp)
{
    struct writer *out = &call->out;
    begin_result(out, mcp, true);
    writer_keyz(out, "prompts");
    writer_begin_list(out);
    for (size_t i = 0; i < PROMPTS; i++) {
        writer_begin_object(out);
        writer_text(out, "name", prompts[i].name);
        writer_text(out, "description", prompts[i].about);
        writer_keyz(out, "arguments");
        writer_begin_list(out);
        writer_begin_object(out);
        writer_text(out, "name", prompts[i].argument);
        writer_text(out, "description", prompts[i].argument_about);
        writer_keyz(out, "required");
        writer_bool(out, true);
        writer_end_object(out);
        writer_end_list(out);
        writer_end_object(out);
    }
    writer_end_list(out);
    end_result(out);
    return API_OK;
}

static enum api_rc prompts_get(struct call *call, const struct mcp *mcp)
{
    const char *name = text_at(call, mcp->params, "name");
    struct writer *out = &call->out;
    size_t at = 0;
    while (at < PROMPTS && (!name || strcmp(prompts[at].name, name) != 0))
        at++;
    const char *argument =
        at < PROMPTS ? text_at(call, value_get(mcp->params, "arguments"), prompts[at].argument)
                     : NULL;
    if (!argument)
        return rpc_fail(call, mcp, 200, RPC_BAD_PARAMS,
                        "There is no such prompt, or its argument is missing; see prompts/list.");
    begin_result(out, mcp, false);
    writer_text(out, "description", prompts[at].about);
    writer_keyz(out, "messages");
    writer_begin_list(out);
    writer_begin_object(out);
    writer_text(out, "role", "user");
    writer_keyz(out, "content");
    writer_begin_object(out);
    writer_text(out, "type", "text");
    writer_text(out, "text", arena_printf(&call->arena, "%s%s", prompts[at].text, argument));
    writer_end_object(out);
    writer_end_object(out);
    writer_end_list(out);
    end_result(out);
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
    {"resources/list", resources_list, false},
    {"resources/templates/list", templates_list, false},
    {"resources/read", resources_read, false},
    {"prompts/list", prompts_list, false},
    {"prompts/get", prompts_get, false},
};

enum api_rc mcp_answer(struct call *call)
{
    const struct mcp *mcp = call->envelope;
    const char *wrong;
    if (!call->is_post) {
        call_reply_header(call, "Allow", "POST");
        return rpc_fail(call, mcp, 405, RPC_INVALID, "Send a message with POST.");
    }
    if (is_foreign(call))
        return rpc_fail(call, mcp, 403, RPC_INVALID, "Pages of other hosts are not answered.");
    if (!mcp->method[0])
        return rpc_fail(call, mcp, 400, RPC_INVALID,
                        "One JSON-RPC message with a method is expected.");
    if (mcp->version && !is_known(mcp->version))
        return rpc_fail(call, mcp, 400, RPC_VERSION, "This revision of the protocol is not known.");
    if (mcp->modern && (wrong = header_says_otherwise(call, mcp)))
        return rpc_fail(call, mcp, 400, RPC_HEADER, wrong);
    if (!mcp->id) {
        call->reply.status = 202;
        return API_OK;
    }
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (!strcmp(messages[i].method, mcp->method) && !(mcp->modern && messages[i].old))
            return messages[i].answer(call, mcp);
    }
    return rpc_fail(call, mcp, mcp->modern ? 404 : 200, RPC_NO_METHOD,
                    "There is no such message here.");
}
