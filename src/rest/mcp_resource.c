#include "rest/mcp_resource.h"

#include <string.h>

#include "rest/mcp_tool.h"
#include "rest/openapi.h"

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

enum api_rc mcp_resources_list(struct call *call, const struct mcp *mcp)
{
    mcp_begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "resources");
    writer_begin_list(&call->out);
    write_resource(&call->out, OPENAPI_URI, "uri", "OpenAPI", "All methods as OpenAPI 3.1");
    writer_end_list(&call->out);
    mcp_end_result(&call->out);
    return API_OK;
}

enum api_rc mcp_templates_list(struct call *call, const struct mcp *mcp)
{
    mcp_begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "resourceTemplates");
    writer_begin_list(&call->out);
    write_resource(&call->out, METHOD_URI "{name}", "uriTemplate", "The reference of a method",
                   "Parameters, answer and errors of one method");
    writer_end_list(&call->out);
    mcp_end_result(&call->out);
    return API_OK;
}

enum api_rc mcp_resources_read(struct call *call, const struct mcp *mcp)
{
    const char *uri = mcp_text(mcp->params, "uri");
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
        return mcp_fail(call, mcp, 200, RPC_BAD_PARAMS, "There is no such resource.");
    }
    mcp_begin_result(&call->out, mcp, true);
    writer_keyz(&call->out, "contents");
    writer_begin_list(&call->out);
    writer_begin_object(&call->out);
    writer_text(&call->out, "uri", uri);
    writer_text(&call->out, "mimeType", "application/json");
    writer_keyz(&call->out, "text");
    writer_string(&call->out, buf_text(&text), text.len);
    writer_end_object(&call->out);
    writer_end_list(&call->out);
    mcp_end_result(&call->out);
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

enum api_rc mcp_prompts_list(struct call *call, const struct mcp *mcp)
{
    struct writer *out = &call->out;
    mcp_begin_result(out, mcp, true);
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
    mcp_end_result(out);
    return API_OK;
}

enum api_rc mcp_prompts_get(struct call *call, const struct mcp *mcp)
{
    const char *name = mcp_text(mcp->params, "name");
    struct writer *out = &call->out;
    size_t at = 0;
    while (at < PROMPTS && (!name || strcmp(prompts[at].name, name) != 0))
        at++;
    const char *argument =
        at < PROMPTS ? mcp_text(value_get(mcp->params, "arguments"), prompts[at].argument) : NULL;
    if (!argument)
        return mcp_fail(call, mcp, 200, RPC_BAD_PARAMS,
                        "There is no such prompt, or its argument is missing; see prompts/list.");
    mcp_begin_result(out, mcp, false);
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
    mcp_end_result(out);
    return API_OK;
}
