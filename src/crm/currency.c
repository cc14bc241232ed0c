#include "crm/currency.h"

#include <ctype.h>

enum api_rc currency_known(struct request *req, const char *code, bool *known)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT 1 FROM currency WHERE currency = $1");
    db_bind_textz(stmt, 1, code);
    enum db_rc rc = db_step(stmt);
    *known = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc currency_base(struct request *req, const char **code)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT currency FROM currency WHERE base = 'Y'");
    enum db_rc rc = db_step(stmt);
    *code = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : "";
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc known_currency(struct change *change, const struct field *field,
                                  struct cell *cell, bool *known)
{
    (void)field;
    char *code = arena_strndup(change->req->arena, cell->text, cell->len);
    for (char *at = code; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    cell->text = code;
    return currency_known(change->req, code, known);
}

const struct field_codes codes_currency = {.known = known_currency};
