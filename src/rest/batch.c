#include "rest/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "portal/portal.h"
#include "rest/batch_answer.h"

static void parse_result(struct batch_run *run, struct outcome *outcome)
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
    struct batch_run *run = context;
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
static void tidy_up(struct batch_run *run, struct batch_command *command, enum api_rc rc,
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
static enum api_rc read_beside_writes(struct batch_run *run, struct request *req,
                                      struct timing *timing)
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

static enum api_rc run_command(struct batch_run *run, size_t at)
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

/* ---- parts ---- */

static void find_part(struct batch *batch)
{
    size_t at = batch->from;
    if (at < batch->count && batch_command_changes(&batch->commands[at]))
        at++;
    else
        while (at < batch->count && !batch_command_changes(&batch->commands[at]))
            at++;
    batch->upto = at;
}

bool batch_part_changes(const struct batch *batch)
{
    return batch->from < batch->count && batch_command_changes(&batch->commands[batch->from]);
}

static void begin(struct request *req, struct batch *batch)
{
    struct batch_run *run = batch->run;
    if (!run) {
        batch->run = run = xcalloc(1, sizeof *run);
        run->batch = batch;
        run->writes = batch_writes(batch);
        run->outcomes = xcalloc(batch->count + 1, sizeof *run->outcomes);
    }
    run->req = req;
    run->results.budget = run->parsed.budget = req->budget;
    find_part(batch);
}

void batch_clear(struct batch *batch)
{
    struct batch_run *run = batch->run;
    if (!run)
        return;
    buf_clear(&run->results);
    arena_clear(&run->parsed);
    free(run->outcomes);
    free(run);
    batch->run = NULL;
}

/* As if it had not run. */
static void take_back(struct batch_run *run)
{
    size_t from = run->batch->from;
    run->results.len = run->kept_bytes;
    memset(run->outcomes + from, 0, (run->batch->count - from) * sizeof *run->outcomes);
    run->halted = false;
}

static enum api_rc run_part(struct batch_run *run)
{
    struct request *req = run->req;
    const struct batch *batch = run->batch;
    size_t most = req->budget ? req->budget->answer : 0, beside = batch_bytes_beside(batch);
    enum api_rc rc = API_OK;
    if (req->budget)
        req->budget->answer = beside < most ? most - beside : 1;
    for (size_t i = batch->from; i < batch->upto && rc == API_OK && !run->halted; i++) {
        rc = run_command(run, i);
        run->halted = batch->halt && run->outcomes[i].state == FAILED;
    }
    if (req->budget)
        req->budget->answer = most;
    return rc;
}

static bool is_last(const struct batch_run *run)
{
    return run->halted || run->batch->upto == run->batch->count;
}

enum api_rc batch_run(struct request *req, struct batch *batch)
{
    begin(req, batch);
    struct batch_run *run = batch->run;
    take_back(run);
    enum api_rc rc = run_part(run);
    if (rc == API_OK && is_last(run))
        rc = batch_write_answer(run);
    if (!batch->from && (rc != API_OK || is_last(run)))
        batch_clear(batch);
    return rc;
}

bool batch_more(struct batch *batch)
{
    struct batch_run *run = batch->run;
    if (!run)
        return false;
    bool more = !is_last(run);
    run->kept_bytes = run->results.len;
    batch->from = batch->upto;
    if (!more)
        batch_clear(batch);
    return more;
}

bool batch_give_up(struct request *req, struct batch *batch, enum api_code code, enum api_rc *rc)
{
    struct batch_run *run = batch->run;
    if (!run || !batch->from) {
        batch_clear(batch);
        return false;
    }
    run->req = req;
    take_back(run);
    for (size_t i = batch->from; i < batch->count && !run->halted; i++) {
        run->outcomes[i].state = FAILED;
        run->outcomes[i].error.code = code;
        run->halted = batch->halt;
    }
    *rc = batch_write_answer(run);
    batch_clear(batch);
    return true;
}
