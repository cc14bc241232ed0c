#include "rest/batch_parse.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/params.h"
#include "portal/portal.h"

static void parse_text(struct request *req, const struct value *text, struct batch_command *command)
{
    const char *at = text->string.text, *query = strchr(at, '?');
    size_t len = query ? (size_t)(query - at) : text->string.len;
    while (len && (*at == '/' || *at == ' '))
        at++, len--;
    command->name = arena_strndup(req->arena, at, len);
    command->params = value_array(req->arena);
    if (query && !params_from_form(req->arena, query + 1, strlen(query + 1), command->params,
                                   &command->broken))
        command->params = value_array(req->arena);
}

/* {"method": ..., "params": {...}} or ["method", {...}], as SDKs pass commands. */
static void parse_array(struct request *req, const struct value *array,
                        struct batch_command *command)
{
    const struct value *name = value_get_nocase(array, "method");
    const struct value *params = value_get_nocase(array, "params");
    if (!name && value_is_list(array)) {
        name = value_get(array, "0");
        params = value_get(array, "1");
    }
    if (!name || name->type != VALUE_STRING) {
        command->broken = "A command must name its method";
        return;
    }
    parse_text(req, name, command);
    if (value_is_array(params)) {
        for (size_t i = 0; i < params->array.count; i++) {
            const struct value_item *item = &params->array.items[i];
            value_set(req->arena, command->params, item->key, item->key_len, item->value);
        }
    }
}

static void parse_command(struct request *req, const struct value_item *item,
                          struct batch_command *command)
{
    memset(command, 0, sizeof *command);
    command->key = item->key;
    command->key_len = item->key_len;
    command->name = "";
    command->params = value_array(req->arena);
    if (item->value->type == VALUE_STRING)
        parse_text(req, item->value, command);
    else if (item->value->type == VALUE_ARRAY)
        parse_array(req, item->value, command);
    else
        command->broken = "A command must be text or an array";
    size_t len = strlen(command->name);
    if (len > 5 && !strcasecmp(command->name + len - 5, ".json"))
        command->name = arena_strndup(req->arena, command->name, len -= 5);
    command->method = method_find(command->name, len);
}

enum api_rc batch_parse(struct request *req, struct batch *batch)
{
    const struct value *cmd = param_get(req, "cmd"), *halt = param_get(req, "halt");
    memset(batch, 0, sizeof *batch);
    value_to_flag(halt, &batch->halt);
    if (cmd && !value_is_empty(cmd) && cmd->type == VALUE_STRING) {
        /* Some clients send the whole of `cmd` as JSON text. */
        cmd = json_parse(req->arena, cmd->string.text, cmd->string.len, NULL);
    } else if (value_is_empty(cmd))
        return API_OK;
    if (!value_is_array(cmd))
        return api_fail(req, API_ERR_INVALID_REQUEST, "Parameter 'cmd' must be array.");
    batch->count = cmd->array.count;
    if (batch->count > LIMIT_BATCH_COMMANDS) {
        batch->beyond = cmd;
        batch->count = LIMIT_BATCH_COMMANDS;
    }
    batch->commands = arena_alloc(req->arena, batch->count * sizeof *batch->commands);
    for (size_t i = 0; i < batch->count; i++)
        parse_command(req, &cmd->array.items[i], &batch->commands[i]);
    return API_OK;
}

double batch_meet_faults(struct request *req, struct batch *batch, const struct fault_hit **other)
{
    double delay = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_command *command = &batch->commands[i];
        const char *name = command->method ? command->method->name : command->name;
        const struct fault_hit *hit = fault_meet(req->portal->faults, req->arena, name,
                                                 strlen(name), req->caller->credential_id, true);
        if (!hit)
            continue;
        delay = hit->delay > delay ? hit->delay : delay;
        if (hit->kind == FAULT_ERROR)
            command->fault = hit;
        else if (hit->kind != FAULT_DELAY && !*other)
            *other = hit;
    }
    return delay;
}

bool batch_writes(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct method *method = batch->commands[i].method;
        if (method && method->lane == LANE_WRITE)
            return true;
    }
    return false;
}

void batch_prepare(struct request *req, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_command *command = &batch->commands[i];
        if (!command->method || !command->method->prepare ||
            !method_in_scope(command->method, req->caller))
            continue;
        struct request sub = *req;
        sub.method = command->method;
        sub.params = command->params;
        command->method->prepare(&sub);
        req->ready = sub.ready;
    }
}

bool batch_command_changes(const struct batch_command *command)
{
    return command->method && command->method->schema && !command->fault && !command->broken;
}

bool batch_cuts(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch_command_changes(&batch->commands[i]))
            return true;
    }
    return false;
}
