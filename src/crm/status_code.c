#include "crm/status_code.h"

enum api_rc status_semantics(struct request *req, const char *directory, const char *code,
                             char *semantics)
{
    struct db_stmt *stmt = db_prepare_share(
        req->db, "SELECT semantics FROM crm_status WHERE entity_id = $1 AND status_id = $2", NULL);
    db_bind_textz(stmt, 1, directory);
    db_bind_textz(stmt, 2, code);
    enum db_rc rc = db_step(stmt);
    *semantics = 0;
    if (rc == DB_ROW) {
        char group = *db_text(stmt, 0, NULL);
        *semantics = group ? group : 'P';
    }
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc status_first(struct request *req, const char *directory, const char **code)
{
    struct db_stmt *stmt = db_prepare_share(
        req->db, "SELECT status_id FROM crm_status WHERE entity_id = $1 ORDER BY sort, id LIMIT 1",
        NULL);
    db_bind_textz(stmt, 1, directory);
    enum db_rc rc = db_step(stmt);
    *code = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : NULL;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc known_status(struct change *change, const struct field *field, struct cell *cell,
                                bool *known)
{
    char semantics;
    enum api_rc rc = status_semantics(change->req, field->status_type, cell->text, &semantics);
    *known = semantics != 0;
    return rc;
}

const struct field_codes codes_status = {.known = known_status};
