/* measure - units of measure, and crm.measure.*.
 *
 * Pages: api-reference/crm/outdated/measure/.
 */
#include "crm/measure.h"

#include "model/crud.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/row.h"

static const struct field measure_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("CODE", "integer", "Unit code", FIELD_INT, "code", FIELD_REQUIRED, NULL),
    FIELD_ROW("MEASURE_TITLE", "string", "Measurement unit name", FIELD_TEXT, "measure_title",
              FIELD_REQUIRED, NULL),
    FIELD_ROW("SYMBOL_RUS", "string", "Symbol", FIELD_TEXT, "symbol_rus", 0, NULL),
    FIELD_ROW("SYMBOL_INTL", "string", "International symbol", FIELD_TEXT, "symbol_intl", 0, NULL),
    FIELD_ROW("SYMBOL_LETTER_INTL", "string", "International letter code", FIELD_TEXT,
              "symbol_letter_intl", 0, NULL),
    FIELD_ROW("IS_DEFAULT", "char", "Default", FIELD_FLAG, "is_default", 0, "N"),
};

/* No code twice. */
static enum api_rc check_code(struct change *change)
{
    const struct cell *code = change_cell(change, "CODE");
    struct db_stmt *stmt =
        db_prepare(change->req->db, "SELECT 1 FROM measure WHERE code = $1 AND id <> $2");
    db_bind_int(stmt, 1, code->integer);
    db_bind_int(stmt, 2, change->id);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    if (rc == DB_ROW)
        return api_fail(change->req, API_ERR_METHOD, "A measure with the code %lld exists already",
                        (long long)code->integer);
    return api_db(change->req, rc);
}

/* One of them at most is what a product has that names none. */
static enum api_rc end_default(struct change *change)
{
    if (change_cell(change, "IS_DEFAULT")->text[0] != 'Y')
        return API_OK;
    struct db_stmt *stmt = db_prepare(
        change->req->db, "UPDATE measure SET is_default = 'N' WHERE is_default = 'Y' AND id <> $1");
    db_bind_int(stmt, 1, change->id);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc measure_check(struct change *change)
{
    enum api_rc rc = change_required(change);
    if (rc == API_OK)
        rc = api_db(change->req, db_hold_rule(change->req->db, "measure"));
    if (rc == API_OK)
        rc = check_code(change);
    return rc == API_OK ? end_default(change) : rc;
}

/* Products that had it have none. */
static enum api_rc measure_deleted(struct request *req, int64_t id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE product SET measure = NULL WHERE measure = $1");
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

const struct entity measure_entity = {
    .name = "measure",
    .table = "measure",
    .permit = &permit_settings,
    .event = "MEASURE",
    .fields = measure_fields,
    .field_count = sizeof measure_fields / sizeof measure_fields[0],
    .not_found = "Not found",
    .check = measure_check,
    .before_delete = measure_deleted,
};

ENTITY(measure_entity);

static enum api_rc known_measure(struct change *change, const struct field *field,
                                 struct cell *cell, bool *known)
{
    (void)field;
    return entity_exists(change->req, &measure_entity, cell->integer, known);
}

const struct field_codes codes_measure = {.known = known_measure};

enum api_rc measure_of_code(struct request *req, int64_t code, const char **symbol)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT COALESCE(symbol_rus, measure_title) FROM measure WHERE code = $1");
    db_bind_int(stmt, 1, code);
    enum db_rc rc = db_step(stmt);
    *symbol = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : NULL;
    db_finish(stmt);
    return api_db(req, rc);
}

static const struct crud crud = {"crm.measure", &measure_entity, ALL_VERBS};

MODULE(crm_measure, .crud = &crud);
