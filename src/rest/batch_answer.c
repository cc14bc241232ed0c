#include "rest/batch_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#define BATCH_ENVELOPE                                                                             \
    1024              /* what a command adds to the answer beside its result, without its key */
#define ESCAPE_MOST 6 /* a control character in JSON */

typedef bool part_has(const struct outcome *outcome);
typedef void part_write(struct batch_run *run, const struct outcome *outcome);

static bool has_result(const struct outcome *outcome)
{
    return outcome->state == SUCCEEDED;
}

static void write_result(struct batch_run *run, const struct outcome *outcome)
{
    writer_raw(run->req->out, run->results.data + outcome->from, outcome->to - outcome->from);
}

static bool has_error(const struct outcome *outcome)
{
    return outcome->state == FAILED;
}

static void write_error(struct batch_run *run, const struct outcome *outcome)
{
    error_write(run->req->out, &outcome->error);
}

static bool has_total(const struct outcome *outcome)
{
    return outcome->state == SUCCEEDED && outcome->total >= 0;
}

static void write_total(struct batch_run *run, const struct outcome *outcome)
{
    writer_int(run->req->out, outcome->total);
}

static bool has_next(const struct outcome *outcome)
{
    return outcome->state == SUCCEEDED && outcome->next >= 0;
}

static void write_next(struct batch_run *run, const struct outcome *outcome)
{
    writer_int(run->req->out, outcome->next);
}

static void write_time(struct batch_run *run, const struct outcome *outcome)
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
static size_t beyond_end(const struct batch_run *run)
{
    return run->batch->halt ? LIMIT_BATCH_COMMANDS + 1 : run->batch->beyond->array.count;
}

static void write_beyond(struct batch_run *run, bool list)
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
static bool is_list(const struct batch_run *run, const struct part *part, bool beyond)
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

static void write_part(struct batch_run *run, const struct part *part)
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

size_t batch_bytes_beside(const struct batch *batch)
{
    size_t bytes = BATCH_ENVELOPE;
    for (size_t i = 0; i < batch->count; i++)
        bytes += ESCAPE_MOST * 4 * batch->commands[i].key_len + BATCH_ENVELOPE;
    return bytes;
}

enum api_rc batch_write_answer(struct batch_run *run)
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
