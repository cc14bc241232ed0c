#include "rest/dispatch.h"

#include <string.h>

#include "base/clock.h"
#include "model/spec.h"
#include "model/unknown.h"
#include "portal/event.h"
#include "portal/feed.h"
#include "portal/known.h"
#include "portal/portal.h"
#include "rest/audit_note.h"

static enum api_rc check_params(struct request *req)
{
    enum api_rc rc = unknown_params(req);
    return rc == API_OK ? spec_bind(req) : rc;
}

/* Looked at before the call: the one that passes the limit is still done, the next is refused. */
static enum api_rc check_operating(struct request *req)
{
    double limit = req->portal->plan.operating;
    if (limit > 0 && !req->caller->is_console &&
        operating_sum(req->portal->operating, req->caller->credential_id, req->method, req->now)
                .seconds > limit)
        return api_fail(req, API_ERR_OPERATION_TIME_LIMIT, NULL);
    return check_params(req);
}

enum api_rc dispatch_out_of_scope(struct request *req)
{
    return api_fail(req, API_ERR_INSUFFICIENT_SCOPE,
                    req->caller->app_id ? "The request requires higher privileges than provided by "
                                          "the access token"
                                        : NULL);
}

static enum api_rc check(struct request *req, bool in_batch)
{
    const struct method *method = req->method;
    if (in_batch && method->no_batch)
        return api_fail(req, API_ERR_BATCH_METHOD_NOT_ALLOWED, NULL);
    if (!method_in_scope(method, req->caller))
        return dispatch_out_of_scope(req);
    if (method->admin_only && !req->caller->is_admin)
        return api_fail(req, method->denied ? method->denied : API_ERR_ACCESS_DENIED, NULL);
    return check_operating(req);
}

static enum api_rc run_handler(struct request *req)
{
    return api_settle(req, req->method->handle(req));
}

/* A write that fails is taken back to the savepoint; trouble of the store ends the transaction,
 * which is the lane's to undo. */
static enum api_rc run_write(struct request *req)
{
    struct event_note *told = req->told ? *req->told : NULL;
    size_t noted = feed_mark(req->portal->feed);
    enum api_rc rc = api_db(req, db_savepoint(req->db));
    if (rc != API_OK)
        return rc;
    rc = run_handler(req);
    if (api_stays(rc)) {
        enum api_rc trail = audit_call(req);
        rc = trail == API_OK ? rc : trail;
    }
    if (rc == API_STORE)
        return rc;
    if (!api_stays(rc) && req->told)
        *req->told = told;
    if (!api_stays(rc))
        feed_rewind(req->portal->feed, noted);
    enum db_rc end = api_stays(rc) ? db_release(req->db) : db_rollback_to(req->db);
    enum api_rc ended = api_db(req, end);
    return ended == API_OK ? rc : ended;
}

/* Some pages end a text with a dot that others leave out. */
static void as_on_the_page(struct request *req)
{
    const char *text = NULL;
    if (req->error.code == API_ERR_METHOD && req->error.text)
        text = known_text_find(req->method->name, req->error.text);
    if (text)
        req->error.text = text;
}

enum api_rc dispatch(struct request *req, bool in_batch, struct timing *timing)
{
    struct writer_mark mark = writer_mark(req->out);
    timing->start = portal_now(req->portal);
    double began = clock_monotonic();
    req->now = timing->start;
    req->total = req->next = -1;
    if (req->budget)
        req->budget->floor = mark.len;
    enum api_rc rc = check(req, in_batch);
    bool ran = rc == API_OK;
    if (ran)
        rc = req->method->lane == LANE_WRITE ? run_write(req) : run_handler(req);
    timing->processing = clock_monotonic() - began;
    timing->finish = timing->start + timing->processing;
    if (rc == API_FAIL || rc == API_KEPT)
        as_on_the_page(req);
    if (rc != API_OK)
        writer_rewind(req->out, mark);
    /* What was refused took no time worth counting; above all a blocked method must come free again.
     * The call to batch itself is not accounted for: its commands are. */
    if (ran)
        timing->operating = operating_add(req->portal->operating, req->caller->credential_id,
                                          req->method, timing->start, timing->processing);
    return rc;
}

static void write_seconds(struct writer *out, const char *key, double seconds)
{
    /* By hand: four of these stand in every answer, and printf takes its time with doubles. */
    int64_t micros = (int64_t)(seconds * 1e6 + 0.5);
    char text[8] = ".";
    writer_keyz(out, key);
    writer_int(out, micros / 1000000);
    int64_t rest = micros % 1000000;
    for (int i = 6; i > 0; i--, rest /= 10)
        text[i] = (char)('0' + rest % 10);
    buf_add(out->buf, text, 7);
}

static void write_date(struct request *req, const char *key, double seconds)
{
    char text[DATETIME_SIZE];
    writer_keyz(req->out, key);
    writer_string(req->out, text, datetime_format(req->zone, (int64_t)seconds, text));
}

void timing_write(struct request *req, const struct timing *timing)
{
    struct writer *out = req->out;
    writer_begin_object(out);
    write_seconds(out, "start", timing->start);
    write_seconds(out, "finish", timing->finish);
    write_seconds(out, "duration", timing->finish - timing->start);
    write_seconds(out, "processing", timing->processing);
    write_date(req, "date_start", timing->start);
    write_date(req, "date_finish", timing->finish);
    writer_keyz(out, "operating_reset_at");
    writer_int(out, timing->operating.reset_at ? timing->operating.reset_at
                                               : (int64_t)timing->start + 600);
    write_seconds(out, "operating", timing->operating.seconds);
    writer_end_object(out);
}

/* Errors of REST 3 have another form. Only a fault asks for one. */
#define REST_3 "BITRIX_REST_V3_"

static void write_rest_3(struct writer *out, const char *code, const char *text)
{
    writer_begin_object(out);
    writer_keyz(out, "code");
    writer_stringz(out, code);
    writer_keyz(out, "message");
    writer_stringz(out, text);
    writer_end_object(out);
}

void error_write(struct writer *out, const struct api_error *error)
{
    const char *code = api_error_code(error);
    const char *text = error->text ? error->text : api_errors[error->code].text;
    writer_begin_object(out);
    writer_keyz(out, "error");
    if (!strncmp(code, REST_3, sizeof REST_3 - 1)) {
        write_rest_3(out, code, text);
        writer_end_object(out);
        return;
    }
    writer_stringz(out, code);
    writer_keyz(out, "error_description");
    writer_stringz(out, text);
    if (error->argument) {
        writer_keyz(out, "argument");
        writer_stringz(out, error->argument);
    }
    writer_end_object(out);
}
