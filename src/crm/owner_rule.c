#include "crm/owner_rule.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "crm/currency.h"
#include "crm/status_code.h"
#include "model/permit.h"
#include "model/row.h"

#define ORIGIN_CHARS 255 /* of ORIGIN_ID and ORIGINATOR_ID: they are in an index */

static bool is_import(const struct request *req)
{
    bool import = false;
    value_to_flag(value_get_nocase(param_get(req, "params"), "IMPORT"), &import);
    return import;
}

void owner_assigned(struct change *change)
{
    size_t at = entity_at(change->entity, "ASSIGNED_BY_ID");
    struct cell *cell = &change->now[at];
    if (!cell->null && cell->integer > 0)
        return;
    cell_set_int(cell, change->is_add ? change->req->caller->user_id : change->old[at].integer);
}

enum api_rc owner_currency(struct change *change)
{
    if (!entity_field(change->entity, "CURRENCY_ID"))
        return API_OK;
    struct cell *cell = change_cell(change, "CURRENCY_ID");
    const char *currency;
    if (!cell_is_empty(cell))
        return API_OK;
    enum api_rc rc = currency_base(change->req, &currency);
    if (rc == API_OK)
        cell_set_text(cell, currency);
    return rc;
}

static enum api_rc check_origin(struct change *change)
{
    static const char *const names[] = {"ORIGINATOR_ID", "ORIGIN_ID"};
    if (!entity_field(change->entity, names[0]))
        return API_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct cell *cell = change_cell(change, names[i]);
        if (cell_is_empty(cell))
            cell_set_null(cell); /* keeps "" out of the index */
        else if (utf8_length(cell->text, cell->len) > ORIGIN_CHARS)
            return api_fail(change->req, API_ERR_METHOD, "The field %s is not defined or invalid",
                            names[i]);
    }
    return API_OK;
}

/* Import may say when and by whom a row was made. */
static enum api_rc take_import(struct change *change)
{
    static const char *const names[] = {"DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID",
                                        "MODIFY_BY_ID"};
    struct request *req = change->req;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct field *field = entity_field(change->entity, names[i]);
        const struct value *value = value_get(change->given, names[i]);
        struct cell cell;
        if (!value)
            continue;
        if (!cell_from_value(req, field, value, &cell))
            return api_fail(req, API_ERR_METHOD, "The field %s is not defined or invalid",
                            names[i]);
        if (!cell.null)
            *change_cell(change, names[i]) = cell;
    }
    if (change->entity->import != IMPORT_IN_ORDER)
        return API_OK;
    struct buf sql = {0};
    buf_printf(&sql, "SELECT date_create FROM %s ORDER BY id DESC LIMIT 1", change->entity->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    enum db_rc rc = db_step(stmt);
    struct cell *created = change_cell(change, "DATE_CREATE");
    if (rc == DB_ROW && created->integer < db_int(stmt, 0))
        created->integer = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc owner_check(struct change *change)
{
    enum api_rc rc = API_OK;
    owner_assigned(change);
    if (change->is_add && change->entity->import && is_import(change->req))
        rc = take_import(change);
    if (rc == API_OK)
        rc = owner_currency(change);
    return rc == API_OK ? check_origin(change) : rc;
}

enum api_rc owner_first_status(struct change *change, const char *name)
{
    struct cell *cell = change_cell(change, name);
    if (!change->is_add || cell->given || !cell->null)
        return API_OK;
    const char *code;
    enum api_rc rc =
        status_first(change->req, entity_field(change->entity, name)->status_type, &code);
    if (rc == API_OK && code)
        cell_set_text(cell, code);
    return rc;
}

enum api_rc owner_title(struct change *change, const char *word)
{
    struct request *req = change->req;
    struct cell *cell = change_cell(change, "TITLE");
    if (!cell_is_empty(cell) || !change->id)
        return API_OK;
    cell_set_text(cell, arena_printf(req->arena, "%s #%lld", word, (long long)change->id));
    if (!change->is_add)
        return API_OK; /* the engine writes it */
    struct buf sql = {0};
    buf_printf(&sql, "UPDATE %s SET title = $1 WHERE id = $2", change->entity->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_text(stmt, 1, cell->text, cell->len);
    db_bind_int(stmt, 2, change->id);
    return api_db(req, db_run(stmt));
}

enum api_rc owner_my_company(struct change *change)
{
    struct cell *cell = change_cell(change, "MYCOMPANY_ID");
    if (cell->given)
        return API_OK;
    struct db_stmt *stmt = db_prepare_share(
        change->req->db, "SELECT id FROM company WHERE is_my_company = 'Y' ORDER BY id LIMIT 1",
        NULL);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        cell_set_int(cell, db_int(stmt, 0));
    db_finish(stmt);
    return api_db(change->req, rc);
}
