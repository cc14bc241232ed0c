#include "rest/batch.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/params.h"
#include "portal/portal.h"
#include "rest/dispatch.h"

#define BATCH_ENVELOPE                                                                             \
    1024              /* what a command adds to the answer beside its result, without its key */
#define ESCAPE_MOST 6 /* a control character in JSON */

/* ---- cmd ---- */

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

/* ---- references ---- */

/* Reads "$result[a][b][0]" at `at`; returns its end, or NULL when there is none. *found is the
 * value, NULL when the path leads nowhere. */
static const char *reference(const char *at, const char *end, batch_lookup *lookup, void *context,
                             const struct value **found)
{
    static const char start[] = "$result[";
    if ((size_t)(end - at) < sizeof start || memcmp(at, start, sizeof start - 1) != 0)
        return NULL;
    at += sizeof start - 2;
    const struct value *value = NULL;
    bool first = true;
    while (at < end && *at == '[') {
        const char *close = memchr(at, ']', (size_t)(end - at));
        if (!close)
            break;
        const char *key = at + 1;
        size_t len = (size_t)(close - key);
        if (len >= 2 && (*key == '\'' || *key == '"') && key[len - 1] == *key)
            key++, len -= 2;
        value = first ? lookup(context, key, len) : value_get_n(value, key, len);
        first = false;
        at = close + 1;
    }
    *found = value;
    return first ? NULL : at;
}

/* A resolving in progress. References copy text, so a few of them could ask for any amount of memory:
 * `room` is what is left of LIMIT_BATCH_TEXT. And what is put together of results nests no deeper than what
 * a client may send, or it would grow with each command that stores what the one before it read. */
struct resolving {
    struct arena *arena;
    batch_lookup *lookup;
    void *context;
    size_t room;
    bool too_much; /* text, or nesting */
};

static bool take_room(struct resolving *r, size_t bytes)
{
    if (bytes > r->room)
        r->too_much = true;
    else
        r->room -= bytes;
    return !r->too_much;
}

/* NULL: no reference in it. */
static const struct value *resolve_text(struct resolving *r, const char *text, size_t len)
{
    const char *end = text + len, *done = text;
    struct buf out = {0};
    bool any = false;
    /* Behind the last ']' is none: looking for its end from each '$' would take forever. */
    const char *last = memrchr(text, ']', len);
    for (const char *at = memchr(text, '$', len); at && last && at < last && !r->too_much;
         at = memchr(at, '$', (size_t)(end - at))) {
        const struct value *found;
        const char *stop = reference(at, end, r->lookup, r->context, &found);
        if (!stop) {
            at++;
            continue;
        }
        if (at == text && stop == end) {
            buf_clear(&out);
            return found ? found : value_null(r->arena);
        }
        size_t part_len = 0;
        const char *part = found ? value_to_text(r->arena, found, &part_len) : NULL;
        if (take_room(r, (size_t)(at - done) + part_len)) {
            buf_add(&out, done, (size_t)(at - done));
            buf_add(&out, part ? part : "", part ? part_len : 0);
        }
        at = done = stop;
        any = true;
    }
    if (!any)
        return NULL;
    buf_add(&out, done, (size_t)(end - done));
    const char *copy = arena_strndup(r->arena, out.data, out.len);
    const struct value *value = value_string(r->arena, copy, out.len);
    buf_clear(&out);
    return value;
}

/* A look at a value costs as much as a byte of text. */
static void look_at_depth(struct resolving *r, const struct value *value, int depth)
{
    r->too_much = r->too_much || depth > LIMIT_PARAM_DEPTH;
    if (value->type != VALUE_ARRAY || !take_room(r, value->array.count))
        return;
    for (size_t i = 0; i < value->array.count && !r->too_much; i++)
        look_at_depth(r, value->array.items[i].value, depth + 1);
}

static struct value *resolve(struct resolving *r, const struct value *value, int depth)
{
    struct value *copy = arena_alloc(r->arena, sizeof *copy);
    *copy = *value;
    if (value->type == VALUE_STRING) {
        const struct value *found = resolve_text(r, value->string.text, value->string.len);
        if (found) {
            *copy = *found;
            look_at_depth(r, found, depth);
        }
        return copy;
    }
    r->too_much = r->too_much || depth > LIMIT_PARAM_DEPTH;
    if (value->type != VALUE_ARRAY || r->too_much)
        return copy;
    copy = value_array(r->arena);
    for (size_t i = 0; i < value->array.count && !r->too_much; i++) {
        const struct value_item *item = &value->array.items[i];
        size_t key_len = item->key_len;
        const struct value *found = resolve_text(r, item->key, key_len);
        const char *text = found ? value_to_text(r->arena, found, &key_len) : item->key;
        value_set(r->arena, copy, text ? text : item->key, text ? key_len : item->key_len,
                  resolve(r, item->value, depth + 1));
    }
    return copy;
}

struct value *batch_resolve(struct arena *arena, const struct value *value, batch_lookup *lookup,
                            void *context)
{
    struct resolving r = {arena, lookup, context, LIMIT_BATCH_TEXT, false};
    struct value *resolved = resolve(&r, value, 0);
    return r.too_much ? NULL : resolved;
}

/* ---- running ---- */

/* What one command left: its JSON stands in `results` from `from` to `to`. */
struct outcome {
    enum { NOT_RUN, SUCCEEDED, FAILED } state;
    size_t from, to;
    struct value *parsed; /* made when a later command refers to it */
    struct api_error error;
    struct timing timing;
    int64_t total, next;
};

struct run {
    struct request *req;
    const struct batch *batch;
    struct outcome *outcomes;
    struct buf results;
    struct arena parsed; /* results that were referred to */
    size_t parsed_bytes; /* of JSON */
    bool too_much;       /* more than LIMIT_BATCH_PARSED */
    bool writes;         /* some command does: all others wait for the one writer meanwhile */
    double reading;      /* seconds that reads have taken there */
    bool halted;
};

static void parse_result(struct run *run, struct outcome *outcome)
{
    size_t len = outcome->to - outcome->from;
    if (len > LIMIT_BATCH_PARSED - run->parsed_bytes) {
        run->too_much = true;
        return;
    }
    run->parsed_bytes += len;
    outcome->parsed = json_parse_own(&run->parsed, run->results.data + outcome->from, len);
    run->too_much = !outcome->parsed;
}

static const struct value *lookup_result(void *context, const char *key, size_t len)
{
    struct run *run = context;
    for (size_t i = 0; i < run->batch->count; i++) {
        struct outcome *outcome = &run->outcomes[i];
        const struct batch_command *command = &run->batch->commands[i];
        if (outcome->state != SUCCEEDED || command->key_len != len ||
            memcmp(command->key, key, len) != 0)
            continue;
        if (!outcome->parsed)
            parse_result(run, outcome);
        return outcome->parsed;
    }
    return NULL;
}

static bool has_reference(const struct value *value)
{
    if (value->type == VALUE_STRING)
        return strstr(value->string.text, "$result[") != NULL;
    for (size_t i = 0; value->type == VALUE_ARRAY && i < value->array.count; i++) {
        if (strstr(value->array.items[i].key, "$result[") ||
            has_reference(value->array.items[i].value))
            return true;
    }
    return false;
}

/* What a command took of the arena is given back where nothing of it can be needed: a read leaves its
 * JSON and nothing else. One that was refused for its memory does not spoil those behind it. */
static void tidy_up(struct run *run, struct batch_command *command, enum api_rc rc,
                    struct arena_mark mark)
{
    struct request *req = run->req;
    bool over = req->budget && req->budget->state != BUDGET_GOOD;
    bool reads = command->method && command->method->lane == LANE_READ;
    bool noted = command->left_out && command->left_out->array.count; /* for the log of calls */
    if (noted && over)
        command->left_out = NULL;
    if (reads && (over || (rc == API_OK && !noted)))
        arena_rewind(req->arena, mark);
    if (over)
        budget_forgive(req->budget);
}

/* A read among writes sees what they did, so it runs on the writer's thread; it may not hold it long. */
static enum api_rc read_beside_writes(struct run *run, struct request *req, struct timing *timing)
{
    double left = DB_READS_S - run->reading;
    enum api_rc rc = left > 0 ? api_db(req, db_savepoint_reads(req->db)) : API_OK;
    if (rc != API_OK)
        return rc;
    if (left > 0) {
        db_patience(req->db, clock_monotonic(), left);
        rc = dispatch(req, true, timing);
        db_patience(req->db, 0, 0);
        run->reading += timing->processing;
    }
    bool late = left <= 0 || (rc == API_STORE && req->store == DB_TIMEOUT);
    if (late)
        rc = api_fail(req, API_ERR_TIME_LIMIT,
                      "A read that takes so long belongs into a batch without changes");
    if (rc == API_STORE || left <= 0)
        return rc;
    enum api_rc ended = api_db(req, db_rollback_to(req->db));
    return ended == API_OK ? rc : ended;
}

static enum api_rc run_command(struct run *run, size_t at)
{
    struct batch_command *command = &run->batch->commands[at];
    struct outcome *outcome = &run->outcomes[at];
    command->left_out = run->req->left_out ? value_array(run->req->arena) : NULL;
    struct arena_mark mark = arena_mark(run->req->arena);
    struct writer out;
    struct request sub = *run->req;
    sub.method = command->method;
    sub.params = command->params;
    sub.out = &out;
    sub.left_out = command->left_out;
    writer_init(&out, &run->results);
    run->too_much = false;
    if (has_reference(command->params))
        sub.params = batch_resolve(sub.arena, command->params, lookup_result, run);
    outcome->from = run->results.len;
    enum api_rc rc;
    if (command->fault)
        rc = fault_fail(&sub, command->fault);
    else if (!sub.params || run->too_much)
        rc = api_fail(&sub, API_ERR_INVALID_REQUEST,
                      "The references ask for too much text or nesting");
    else if (command->broken)
        rc = api_fail(&sub, API_ERR_INVALID_REQUEST, "%s", command->broken);
    else if (!command->method)
        rc = method_missing(&sub, command->name, strlen(command->name));
    else if (run->writes && command->method && command->method->lane == LANE_READ)
        rc = read_beside_writes(run, &sub, &outcome->timing);
    else
        rc = dispatch(&sub, true, &outcome->timing);
    run->req->drops = sub.drops;
    if (rc == API_STORE) {
        run->req->store = sub.store;
        return rc;
    }
    outcome->to = run->results.len;
    outcome->state = rc == API_OK ? SUCCEEDED : FAILED;
    outcome->error = sub.error;
    outcome->total = sub.total;
    outcome->next = sub.next;
    tidy_up(run, command, rc, mark);
    return API_OK;
}

/* ---- the answer ---- */

typedef bool part_has(const struct outcome *outcome);
typedef void part_write(struct run *run, const struct outcome *outcome);

static bool has_result(const struct outcome *outcome)
{
    return outcome->state == SUCCEEDED;
}

static void write_result(struct run *run, const struct outcome *outcome)
{
    writer_raw(run->req->out, run->results.data + outcome->from, outcome->to - outcome->from);
}

static bool has_error(const struct outcome *outcome)
{
    return outcome->state == FAILED;
}

static void write_error(struct run *run, const struct outcome *outcome)
{
    error_write(run->req->out, &outcome->error);
}

static bool has_total(const struct outcome *outcome)
{
    return outcome->state == SUCCEEDED && outcome->total >= 0;
}

static void write_total(struct run *run, const struct outcome *outcome)
{
    writer_int(run->req->out, outcome->total);
}

static bool has_next(const struct outcome *outcome)
{
    return outcome->state == SUCCEEDED && outcome->next >= 0;
}

static void write_next(struct run *run, const struct outcome *outcome)
{
    writer_int(run->req->out, outcome->next);
}

static void write_time(struct run *run, const struct outcome *outcome)
{
    timing_write(run->req, &outcome->timing);
}

static const struct part {
    const char *name;
    part_has *has;
    part_write *write;
} parts[] = {{"result", has_result, write_result},
             {"result_error", has_error, write_error},
             {"result_total", has_total, write_total},
             {"result_next", has_next, write_next},
             {"result_time", has_result, write_time}};

/* Commands past the limit are not run; each says so. */
static size_t beyond_end(const struct run *run)
{
    return run->batch->halt ? LIMIT_BATCH_COMMANDS + 1 : run->batch->beyond->array.count;
}

static void write_beyond(struct run *run, bool list)
{
    const struct value *cmd = run->batch->beyond;
    struct api_error error = {.code = API_ERR_BATCH_LENGTH_EXCEEDED};
    for (size_t i = LIMIT_BATCH_COMMANDS; i < beyond_end(run); i++) {
        if (!list)
            writer_key(run->req->out, cmd->array.items[i].key, cmd->array.items[i].key_len);
        error_write(run->req->out, &error);
    }
}

static bool key_is(const char *key, size_t len, size_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", number);
    return len == strlen(digits) && !memcmp(key, digits, len);
}

/* A PHP array is a list when its own keys are 0, 1, 2 ... in order; so an empty one is, too. */
static bool is_list(const struct run *run, const struct part *part, bool beyond)
{
    const struct batch *batch = run->batch;
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (part->has(&run->outcomes[i]) &&
            !key_is(batch->commands[i].key, batch->commands[i].key_len, count++))
            return false;
    }
    for (size_t i = LIMIT_BATCH_COMMANDS; beyond && i < beyond_end(run); i++) {
        const struct value_item *item = &batch->beyond->array.items[i];
        if (!key_is(item->key, item->key_len, count++))
            return false;
    }
    return true;
}

static void write_part(struct run *run, const struct part *part)
{
    const struct batch *batch = run->batch;
    struct writer *out = run->req->out;
    bool beyond = batch->beyond && part->has == has_error && !run->halted;
    bool list = is_list(run, part, beyond);
    writer_keyz(out, part->name);
    list ? writer_begin_list(out) : writer_begin_object(out);
    for (size_t i = 0; i < batch->count; i++) {
        if (!part->has(&run->outcomes[i]))
            continue;
        if (!list)
            writer_key(out, batch->commands[i].key, batch->commands[i].key_len);
        part->write(run, &run->outcomes[i]);
    }
    if (beyond)
        write_beyond(run, list);
    list ? writer_end_list(out) : writer_end_object(out);
}

/* What the answer has beside the results: keys five times at most, times, errors. */
static size_t bytes_beside(const struct batch *batch)
{
    size_t bytes = BATCH_ENVELOPE;
    for (size_t i = 0; i < batch->count; i++)
        bytes += ESCAPE_MOST * 4 * batch->commands[i].key_len + BATCH_ENVELOPE;
    return bytes;
}

static enum api_rc write_answer(struct run *run)
{
    struct request *req = run->req;
    if (req->budget)
        req->budget->floor = req->out->buf->len;
    writer_begin_object(req->out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        write_part(run, &parts[i]);
    writer_end_object(req->out);
    return api_settle(req, API_OK);
}

enum api_rc batch_run(struct request *req, const struct batch *batch)
{
    struct run run = {.req = req, .batch = batch, .writes = batch_writes(batch)};
    size_t most = req->budget ? req->budget->answer : 0, beside = bytes_beside(batch);
    run.outcomes = arena_zalloc(req->arena, (batch->count + 1) * sizeof *run.outcomes);
    run.results.budget = run.parsed.budget = req->budget;
    if (req->budget)
        req->budget->answer = beside < most ? most - beside : 1;
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < batch->count && rc == API_OK; i++) {
        rc = run_command(&run, i);
        run.halted = batch->halt && run.outcomes[i].state == FAILED;
        if (run.halted)
            break;
    }
    if (req->budget)
        req->budget->answer = most;
    if (rc == API_OK)
        rc = write_answer(&run);
    buf_clear(&run.results);
    arena_clear(&run.parsed);
    return rc;
}
