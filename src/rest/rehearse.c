#include "rest/rehearse.h"

#include "model/method.h"
#include "rest/dispatch.h"

static enum api_rc last_event(struct request *req, int64_t *id)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT coalesce(max(id), 0) FROM event_outbox");
    enum db_rc rc = db_step(stmt);
    *id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

/* What handlers would be told, behind `result`; whose they are, and what else stands in it, is an administrator's. */
static enum api_rc write_told(struct call *call, int64_t after)
{
    struct writer *out = &call->out;
    struct db_stmt *stmt = db_prepare(
        call->req.db, "SELECT o.event, t.handler, o.data FROM event_outbox o JOIN event_target t "
                      "ON t.id = o.target_id WHERE o.id > $1 ORDER BY o.id LIMIT 100");
    static const char *const keys[] = {"event", "handler", "data"};
    enum db_rc rc;
    db_bind_int(stmt, 1, after);
    out->comma = true;
    writer_keyz(out, "would_tell");
    writer_begin_list(out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        writer_begin_object(out);
        for (int i = 0; i < (call->caller.is_admin ? 3 : 1); i++) {
            size_t len;
            const char *text = db_text(stmt, i, &len);
            writer_keyz(out, keys[i]);
            writer_string(out, text, len);
        }
        writer_end_object(out);
    }
    writer_end_list(out);
    db_finish(stmt);
    return api_db(&call->req, rc == DB_NONE ? DB_OK : rc);
}

enum api_rc rehearse(struct call *call)
{
    struct request *req = &call->req;
    int64_t last = 0;
    if (req->method->schema)
        return api_fail(req, API_ERR_INVALID_REQUEST, "A change of the schema has no dry run");
    enum api_rc rc = last_event(req, &last);
    if (rc == API_OK)
        rc = api_db(req, db_savepoint(req->db));
    if (rc != API_OK)
        return rc;
    rc = dispatch(req, false, &call->timing);
    if (rc == API_OK)
        rc = write_told(call, last);
    req->drops = NULL;
    if (rc == API_STORE)
        return rc;
    enum api_rc undone = api_db(req, db_rollback_to(req->db));
    return undone == API_OK ? rc : undone;
}
