#include "rest/call_log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/clock.h"
#include "portal/fault.h"
#include "portal/feed.h"
#include "portal/portal.h"
#include "rest/shown.h"

struct entry {
    int64_t id;
    bool own; /* of the page for people */
    char *method, *json;
    size_t len;
};

struct call_log {
    pthread_mutex_t lock;
    int64_t last_id;
    size_t count; /* the newest stands at last_id % CALL_LOG_SIZE */
    struct entry ring[CALL_LOG_SIZE];
};

static void release(void *part)
{
    struct call_log *log = part;
    call_log_clear(log);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

void call_log_open(struct portal *portal)
{
    struct call_log *log = xcalloc(1, sizeof *log);
    pthread_mutex_init(&log->lock, NULL);
    portal->calls = log;
    portal_attach(portal, log, release);
}

/* ---- one call as JSON ---- */

/* A list of "filter.UF_CRM_1": what the call named and the server took no notice of. */
static void write_left_out(struct writer *out, const struct value *left_out)
{
    writer_keyz(out, "left_out");
    left_out ? writer_value(out, left_out) : writer_raw(out, "[]", 2);
}

static void write_command(struct writer *out, const struct batch_command *command)
{
    writer_begin_object(out);
    writer_keyz(out, "key");
    writer_string(out, command->key, command->key_len);
    writer_keyz(out, "method");
    writer_stringz(out, command->method ? command->method->name : command->name);
    writer_keyz(out, "params");
    shown_fits(command->params, CALL_LOG_PARAMS) ? shown_params(out, command->params)
                                                 : writer_null(out);
    write_left_out(out, command->left_out);
    writer_end_object(out);
}

/* A batch is shown by its commands: `cmd` may hold texts with a credential inside. */
static void write_asked(struct writer *out, const struct call *call)
{
    struct writer_mark mark = writer_mark(out);
    writer_keyz(out, call->is_batch ? "commands" : "params");
    if (call->is_batch) {
        writer_begin_list(out);
        for (size_t i = 0; i < call->batch.count; i++)
            write_command(out, &call->batch.commands[i]);
        writer_end_list(out);
    } else if (call->page || !(call->caller.credential_id || call->caller.is_console)) {
        writer_null(
            out); /* of a step of OAuth nearly all is secret; of a stranger anything may be */
    } else if (!shown_fits(call->req.params, CALL_LOG_PARAMS)) {
        writer_null(out);
    } else {
        shown_params(out, call->req.params);
    }
    if (out->buf->len - mark.len <= CALL_LOG_PARAMS)
        return;
    writer_rewind(out, mark);
    writer_keyz(out, call->is_batch ? "commands" : "params");
    writer_null(out);
}

static void write_id(struct writer *out, const char *key, int64_t id)
{
    writer_keyz(out, key);
    id ? writer_int(out, id) : writer_null(out);
}

static void write_text(struct writer *out, const char *key, const char *text)
{
    writer_keyz(out, key);
    text ? writer_stringz(out, text) : writer_null(out);
}

/* The beginning of what a method answered. Of pages nothing: a step of OAuth answers secrets. */
static void write_answer(struct writer *out, const struct call *call)
{
    const char *text = call->answer.data;
    size_t len = call->answer.len < CALL_LOG_ANSWER ? call->answer.len : CALL_LOG_ANSWER;
    writer_keyz(out, "answer");
    if (call->page || call->format == CALL_XML || !text) {
        writer_null(out);
        return;
    }
    /* Not in the middle of a letter. */
    while (len && len < call->answer.len && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    writer_string(out, text, len);
}

static void write_call(struct writer *out, const struct call *call, const char *method)
{
    char date[DATETIME_SIZE];
    bool failed = call->rc != API_OK;
    datetime_format(call->req.zone, (int64_t)call->started, date);
    write_text(out, "date", date);
    write_text(out, "method", method);
    write_asked(out, call);
    write_left_out(out, call->req.left_out);
    write_id(out, "status", call->status);
    write_text(out, "error", failed ? api_error_code(&call->req.error) : NULL);
    write_id(out, "user", call->caller.user_id);
    write_id(out, "credential", call->caller.credential_id);
    writer_keyz(out, "console");
    writer_bool(out, call_of_console(call));
    write_text(out, "client", call->client);
    write_text(out, "fault", call->fault ? fault_kinds[call->fault->kind] : NULL);
    writer_keyz(out, "duration");
    writer_double(out, clock_monotonic() - call->clock);
    write_text(out, "request_id", call->request_id);
    write_answer(out, call);
}

/* ---- the ring ---- */

static void empty(struct entry *entry)
{
    free(entry->method);
    free(entry->json);
    memset(entry, 0, sizeof *entry);
}

void call_log_add(struct call_log *log, const struct call *call)
{
    struct buf json = {0}, method = {0};
    struct writer out;
    if (call->req.method)
        buf_adds(&method, call->req.method->name);
    else if (call->method_name)
        buf_add(&method, call->method_name, call->method_len < 200 ? call->method_len : 200);
    writer_init(&out, &json);
    write_call(&out, call, buf_text(&method));
    pthread_mutex_lock(&log->lock);
    int64_t id = ++log->last_id;
    struct entry *entry = &log->ring[id % CALL_LOG_SIZE];
    empty(entry);
    entry->id = id;
    entry->own = call_of_console(call);
    entry->method = buf_take(&method, NULL);
    entry->json = buf_take(&json, &entry->len);
    if (log->count < CALL_LOG_SIZE)
        log->count++;
    pthread_mutex_unlock(&log->lock);
    feed_call(call->req.portal->feed, id);
}

/* With the lock: is it one of those asked for? */
static bool fits(const struct call_log *log, int64_t id, const char *method, bool own)
{
    const struct entry *entry = &log->ring[id % CALL_LOG_SIZE];
    return (own || !entry->own) && (!method[0] || !strcasecmp(method, entry->method));
}

void call_log_write(struct call_log *log, struct writer *out, int64_t after, const char *method,
                    bool own, size_t most)
{
    writer_begin_list(out);
    pthread_mutex_lock(&log->lock);
    int64_t first = log->last_id - (int64_t)log->count + 1, from = log->last_id + 1;
    if (first <= after)
        first = after + 1;
    for (size_t found = 0; from > first && found < most;)
        found += fits(log, --from, method, own);
    for (int64_t id = from; id <= log->last_id; id++) {
        const struct entry *entry = &log->ring[id % CALL_LOG_SIZE];
        if (!fits(log, id, method, own))
            continue;
        writer_begin_object(out);
        writer_keyz(out, "id");
        writer_int(out, id);
        buf_addc(out->buf, ',');
        buf_add(out->buf, entry->json, entry->len);
        out->comma = true;
        writer_end_object(out);
    }
    pthread_mutex_unlock(&log->lock);
    writer_end_list(out);
}

int64_t call_log_last(struct call_log *log)
{
    pthread_mutex_lock(&log->lock);
    int64_t last = log->last_id;
    pthread_mutex_unlock(&log->lock);
    return last;
}

size_t call_log_clear(struct call_log *log)
{
    pthread_mutex_lock(&log->lock);
    size_t count = log->count;
    for (size_t i = 0; i < CALL_LOG_SIZE; i++)
        empty(&log->ring[i]);
    log->count = 0;
    pthread_mutex_unlock(&log->lock);
    return count;
}
