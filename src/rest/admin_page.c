#include "rest/admin_page.h"

#include <string.h>

int64_t admin_id(struct call *call)
{
    int64_t id = 0;
    bool given = param_get(&call->req, "id");
    return param_int(&call->req, "id", &id) || !given ? id : -1;
}

enum api_rc admin_done(struct call *call, enum db_rc rc, const char *missing)
{
    if (rc == DB_NONE)
        return own_page_refuse(call, 404, missing);
    if (rc == DB_OK)
        writer_bool(&call->out, true);
    return api_db(&call->req, rc);
}

enum api_rc admin_rows(struct call *call, const char *key, const char *sql,
                       const struct admin_column *columns)
{
    struct writer *out = &call->out;
    struct db_stmt *stmt = db_prepare(call->req.db, sql);
    enum db_rc rc;
    writer_keyz(out, key);
    writer_begin_list(out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        writer_begin_object(out);
        for (int i = 0; columns[i].name; i++) {
            if (columns[i].kind == ADMIN_NUMBER)
                writer_number(out, columns[i].name, db_is_null(stmt, i) ? 0 : db_int(stmt, i));
            else if (columns[i].kind == ADMIN_TEXT)
                writer_text(out, columns[i].name,
                            db_is_null(stmt, i) ? "" : db_text(stmt, i, NULL));
            else
                writer_keyz(out, columns[i].name), writer_bool(out, !db_is_null(stmt, i));
        }
        writer_end_object(out);
    }
    writer_end_list(out);
    db_finish(stmt);
    return api_db(&call->req, rc);
}

enum api_rc admin_run(struct call *call, const struct admin_action *actions)
{
    const char *session, *wanted = own_page_action(call);
    int64_t user_id;
    call_reply_header(call, "Cache-Control", "no-store");
    if (!own_page_asks(call))
        return own_page_refuse(call, 403, "Only the console itself may ask this.");
    enum api_rc rc = own_page_session(call, &session, &user_id);
    if (rc == API_OK)
        rc = own_page_admin(call, user_id);
    if (rc != API_OK)
        return rc;
    call->caller.user_id = user_id;
    for (; actions->action; actions++) {
        if (!strcmp(actions->action, wanted))
            return actions->reads
                       ? actions->run(call)
                       : own_page_note(call, actions->run(call), wanted, user_id, call->req.params);
    }
    return own_page_refuse(call, 400, "There is no such action.");
}
