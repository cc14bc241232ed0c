#include "rest/rehearse.h"

#include "model/method.h"
#include "portal/feed.h"
#include "portal/event.h"
#include "portal/portal.h"

#define TOLD_MOST 100

static enum api_rc last_event(struct request *req, int64_t *id)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT coalesce(max(id), 0) FROM event_outbox");
    enum db_rc rc = db_step(stmt);
    *id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

/* Where it would go: of the rows behind `after` those of this event, since another process may add some of its own. */
static enum api_rc write_addresses(struct call *call, const struct event_note *note, int64_t after)
{
    struct writer *out = &call->out;
    struct db_stmt *stmt = db_prepare(
        call->req.db, "SELECT t.handler FROM event_outbox o JOIN event_target t ON t.id = "
                      "o.target_id WHERE o.id > $1 AND o.event = $2 AND o.data = $3 ORDER BY o.id "
                      "LIMIT 100");
    enum db_rc rc;
    db_bind_int(stmt, 1, after);
    db_bind_textz(stmt, 2, note->event);
    db_bind_textz(stmt, 3, note->data);
    writer_keyz(out, "addresses");
    writer_begin_list(out);
    while ((rc = db_step(stmt)) == DB_ROW)
        writer_stringz(out, db_text(stmt, 0, NULL));
    writer_end_list(out);
    db_finish(stmt);
    return api_db(&call->req, rc);
}

/* Whose the handlers are, and what else the event says, is an administrator's. */
static enum api_rc write_note(struct call *call, const struct event_note *note, int64_t after)
{
    struct writer *out = &call->out;
    enum api_rc rc = API_OK;
    writer_begin_object(out);
    writer_text(out, "event", note->event);
    writer_number(out, "handlers", note->handlers);
    writer_keyz(out, "queued");
    writer_bool(out, note->queued);
    if (call->caller.is_admin) {
        writer_text(out, "data", note->data);
        rc = write_addresses(call, note, after);
    }
    writer_end_object(out);
    return rc;
}

/* What would be told, in its order, behind `result`. */
static enum api_rc write_told(struct call *call, const struct event_note *last, int64_t after)
{
    enum api_rc rc = API_OK;
    struct writer *out = &call->out;
    const struct event_note *notes[TOLD_MOST];
    size_t count = 0, all = 0;
    for (const struct event_note *note = last; note; note = note->before)
        all++;
    size_t skip = all > TOLD_MOST ? all - TOLD_MOST : 0;
    for (const struct event_note *note = last; note; note = note->before, skip -= skip > 0) {
        if (!skip)
            notes[count++] = note;
    }
    out->comma = true;
    writer_keyz(out, "would_tell");
    writer_begin_list(out);
    while (count && rc == API_OK)
        rc = write_note(call, notes[--count], after);
    writer_end_list(out);
    if (all > TOLD_MOST)
        writer_number(out, "would_tell_more", (int64_t)(all - TOLD_MOST));
    return rc;
}

enum api_rc rehearse(struct call *call, enum api_rc (*run)(struct call *call))
{
    struct request *req = &call->req;
    struct event_note *told = NULL;
    bool others_told = req->portal->subscribed.told;
    size_t noted = feed_mark(req->portal->feed);
    int64_t after = 0;
    if (call->is_batch ? batch_cuts(&call->batch) : req->method->schema)
        return api_fail(req, API_ERR_INVALID_REQUEST, "A change of the schema has no dry run");
    enum api_rc rc = last_event(req, &after);
    if (rc == API_OK)
        rc = api_db(req, db_savepoint(req->db));
    if (rc != API_OK)
        return rc;
    req->told = &told;
    rc = run(call);
    req->told = NULL;
    if (rc == API_OK)
        rc = write_told(call, told, after);
    req->drops = NULL;
    /* What it bound goes, too, and the delivery is woken only for what others of this transaction told. */
    event_subscriptions_changed(req->portal);
    req->portal->subscribed.told = others_told;
    feed_rewind(req->portal->feed, noted);
    if (rc == API_STORE)
        return rc;
    enum api_rc undone = api_db(req, db_rollback_to(req->db));
    return undone == API_OK ? rc : undone;
}
