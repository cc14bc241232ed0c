/* currency - the money of a portal, and crm.currency.*.
 *
 * What:    the descriptor, its rules and its methods. Exactly one currency is the base; whoever makes another one the
 *          base takes it from the one that was, whose rate stays as it stands: rates are the administrator's.
 * Pages:   api-reference/crm/currency/.
 */
#include "crm/currency.h"

#include <ctype.h>
#include <string.h>

#include "crm/currency_lang.h"
#include "model/crud.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/row.h"
#include "model/shape.h"
#include "model/unknown.h"

/* Empty on add: what the pages call a missing key. */
#define NO_KEY "Undefined array key \"%s\""

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

enum api_rc currency_rate(struct request *req, const char *code, double *rate)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT amount, amount_cnt FROM currency WHERE currency = $1");
    db_bind_textz(stmt, 1, code);
    enum db_rc rc = db_step(stmt);
    *rate = rc == DB_ROW ? db_double(stmt, 0) / (double)db_int(stmt, 1) : 1;
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

/* ---- the descriptor ---- */

static const struct field currency_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id",
              FIELD_READ_ONLY | FIELD_HIDDEN | FIELD_NOT_LISTED, NULL),
    FIELD_ROW("CURRENCY", "string", "Currency", FIELD_TEXT, "currency", FIELD_NOT_NULL | FIELD_CODE,
              NULL),
    FIELD_ROW("AMOUNT_CNT", "int", "Face value", FIELD_INT, "amount_cnt", 0, NULL),
    FIELD_ROW("AMOUNT", "double", "Exchange rate", FIELD_RATE, "amount", 0, NULL),
    FIELD_ROW("BASE", "char", "Base currency", FIELD_FLAG, "base", FIELD_READ_ONLY | FIELD_TAKEN,
              "N"),
    FIELD_ROW("SORT", "int", "Sorting", FIELD_INT, "sort", 0, "100"),
    FIELD_ROW("DATE_UPDATE", "datetime", "Date modified", FIELD_DATETIME, "date_update",
              FIELD_READ_ONLY | FIELD_STAMP_UPDATED, NULL),
    /* FULL_NAME writes these as well: they are one row of another table. */
    FIELD_PART("LID", "string", "Website", FIELD_READ_ONLY, NULL),
    FIELD_PART("FORMAT_STRING", "string", "Currency output format string", FIELD_READ_ONLY, NULL),
    FIELD_PART("FULL_NAME", "string", "Name", FIELD_READ_ONLY | FIELD_IN_LIST, &currency_lang_own),
    FIELD_PART("DEC_POINT", "string", "Decimal point for output", FIELD_READ_ONLY, NULL),
    FIELD_PART("THOUSANDS_SEP", "string", "Custom thousands separator for output", FIELD_READ_ONLY,
               NULL),
    FIELD_PART("DECIMALS", "int", "Number of decimal places", FIELD_READ_ONLY, NULL),
    FIELD_PART("LANG", "currency_localization", "Language binding", FIELD_MULTIPLE | FIELD_IN_GET,
               &currency_lang_all),
};

static enum api_rc wrong(struct change *change, const char *text)
{
    enum api_code code = change->is_add ? API_ERR_CORE : API_ERR_CODE;
    return api_fail(change->req, code, "%s", text);
}

static enum api_rc check_new(struct change *change)
{
    static const char *const needed[] = {"CURRENCY", "AMOUNT_CNT", "AMOUNT"};
    struct cell *code = change_cell(change, "CURRENCY");
    bool known;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (!change_given(change, needed[i]))
            return api_fail(change->req, API_ERR_CORE, NO_KEY, needed[i]);
    }
    char *upper = arena_strndup(change->req->arena, code->text, code->len);
    for (char *at = upper; *at; at++) {
        if (!isalpha((unsigned char)*at))
            code->len = 0;
        *at = (char)toupper((unsigned char)*at);
    }
    if (code->len != 3)
        return wrong(change, "Currency identifier must consist of 3 letters");
    code->text = upper;
    enum api_rc rc = currency_known(change->req, upper, &known);
    return rc == API_OK && known ? wrong(change, "This currency exists already") : rc;
}

/* The code is what rows name it by, and stays. */
static void keep_code(struct change *change)
{
    size_t at = entity_at(change->entity, "CURRENCY");
    if (!cell_equal(FIELD_TEXT, &change->now[at], &change->old[at]))
        unknown_note(change->req, IN_FIELDS, "CURRENCY");
    change->now[at] = change->old[at];
}

static enum api_rc end_base(struct change *change)
{
    struct db_stmt *stmt = db_prepare(
        change->req->db, "UPDATE currency SET base = 'N', date_update = $1 WHERE base = 'Y'");
    db_bind_int(stmt, 1, (int64_t)change->req->now);
    return api_db(change->req, db_run(stmt));
}

/* One is the base at any time; the base is worth one of itself. */
static enum api_rc check_base(struct change *change)
{
    size_t at = entity_at(change->entity, "BASE");
    struct cell *base = &change->now[at];
    bool was = change->old && change->old[at].text[0] == 'Y', is = was || base->text[0] == 'Y';
    cell_set_text(base, is ? "Y" : "N");
    if (is) {
        cell_set_int(change_cell(change, "AMOUNT_CNT"), 1);
        change_cell(change, "AMOUNT")->null = false;
        change_cell(change, "AMOUNT")->real = 1;
    }
    return is && !was ? end_base(change) : API_OK;
}

static enum api_rc currency_check(struct change *change)
{
    const struct cell *count = change_cell(change, "AMOUNT_CNT"),
                      *amount = change_cell(change, "AMOUNT");
    enum api_rc rc = api_db(change->req, db_hold_rule(change->req->db, "currency"));
    if (rc == API_OK && change->is_add)
        rc = check_new(change);
    else if (rc == API_OK)
        keep_code(change);
    if (rc == API_OK && (count->null || count->integer <= 0))
        rc = wrong(change, "The field AMOUNT_CNT is not defined or invalid");
    if (rc == API_OK && (amount->null || amount->real <= 0))
        rc = wrong(change, "The field AMOUNT is not defined or invalid");
    return rc == API_OK ? check_base(change) : rc;
}

static enum api_rc currency_stored(struct change *change)
{
    const char *code = change_cell(change, "CURRENCY")->text, *why;
    const struct value *lang = value_get(change->given, "LANG");
    int64_t changed;
    if (lang && !value_is_empty(lang) && !value_is_array(lang))
        return wrong(change, "LANG is no object of localizations by language");
    enum api_rc rc = currency_lang_set(change->req, change->id, code, lang, &changed, &why);
    if (rc == API_OK && why)
        return wrong(change, why);
    return rc == API_OK && change->is_add ? currency_lang_default(change->req, change->id, code)
                                          : rc;
}

static enum api_rc currency_deleted(struct request *req, int64_t id)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT base FROM currency WHERE id = $1");
    int64_t deleted;
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    bool base = rc == DB_ROW && db_text(stmt, 0, NULL)[0] == 'Y';
    db_finish(stmt);
    if (base)
        return api_fail_text(req, "Cannot delete base currency.");
    return rc == DB_ROW ? currency_lang_delete(req, id, NULL, &deleted) : api_db(req, rc);
}

const struct entity currency_entity = {
    .name = "currency",
    .table = "currency",
    .permit = &permit_settings,
    .event = "CURRENCY",
    .fields = currency_fields,
    .field_count = sizeof currency_fields / sizeof currency_fields[0],
    .key = "CURRENCY",
    .whole = true,
    .not_found = "Not found",
    .default_order = "SORT",
    .check = currency_check,
    .after_write = currency_stored,
    .before_delete = currency_deleted,
};

ENTITY(currency_entity);

/* ---- beyond the usual six ---- */

static enum api_rc list(struct request *req)
{
    return entity_list(req, &currency_entity);
}

static enum api_rc base_get(struct request *req)
{
    const char *code;
    enum api_rc rc = currency_base(req, &code);
    if (rc == API_OK)
        writer_stringz(req->out, code);
    return rc;
}

/* `false` for a currency that is not there, as the page has it: nothing was done, and it is no error. */
static enum api_rc base_set(struct request *req)
{
    int64_t id;
    enum api_rc rc = permit_any(req, &currency_entity, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = entity_id(req, &currency_entity, &id);
    if (rc == API_OK && id) {
        struct value *fields = value_array(req->arena);
        value_set(req->arena, fields, "BASE", 4, value_string(req->arena, "Y", 1));
        rc = entity_change(req, &currency_entity, id, fields);
    }
    if (rc == API_OK)
        writer_bool(req->out, id);
    return rc;
}

/* The currency whose localizations are meant; *id 0: there is no such one. */
static enum api_rc localized(struct request *req, enum access_action action, int64_t *id)
{
    enum api_rc rc = permit_any(req, &currency_entity, action);
    if (rc == API_OK && value_is_empty(param_get(req, "id")))
        return api_fail_text(req, "The parameter id is invalid or not defined.");
    return rc == API_OK ? entity_id(req, &currency_entity, id) : rc;
}

static enum api_rc localizations_get(struct request *req)
{
    int64_t id;
    enum api_rc rc = localized(req, ACCESS_READ, &id);
    return rc == API_OK ? currency_lang_write(req, id) : rc;
}

/* The currency has changed: its time, and whoever listens. */
static enum api_rc touched(struct request *req, int64_t id, int64_t changed)
{
    enum api_rc rc =
        changed ? entity_change(req, &currency_entity, id, value_array(req->arena)) : API_OK;
    if (rc == API_OK)
        writer_bool(req->out, changed);
    return rc;
}

static enum api_rc localizations_set(struct request *req)
{
    int64_t id, changed = 0;
    const char *code, *why = NULL;
    enum api_rc rc = localized(req, ACCESS_UPDATE, &id);
    if (rc == API_OK && id)
        rc = entity_key(req, &currency_entity, id, &code);
    if (rc == API_OK && id)
        rc = currency_lang_set(req, id, code, param_get(req, "localizations"), &changed, &why);
    if (rc == API_OK && why)
        return api_fail_text(req, why);
    return rc == API_OK ? touched(req, id, changed) : rc;
}

static enum api_rc localizations_delete(struct request *req)
{
    int64_t id, deleted = 0;
    enum api_rc rc = localized(req, ACCESS_UPDATE, &id);
    const struct value *lids = param_get(req, "lids");
    if (rc == API_OK && id && value_is_array(lids))
        rc = currency_lang_delete(req, id, lids, &deleted);
    return rc == API_OK ? touched(req, id, deleted) : rc;
}

static enum api_rc localizations_fields(struct request *req)
{
    enum api_rc rc = permit_any(req, &currency_entity, ACCESS_READ);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    for (size_t i = 0; i < currency_lang_field_count; i++)
        field_describe(req, &currency_lang_fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

#define CODE                                                                                       \
    {                                                                                              \
        "id", PARAM_STRING, true, "Code of the currency, as ISO 4217 has it."                      \
    }

static const struct param list_params[] = {
    {"order", PARAM_ORDER, false, "ASC or DESC by field name."},
    {0},
};
static const struct param code_params[] = {CODE, {0}};
static const struct param set_params[] = {
    CODE,
    {"localizations", PARAM_ARRAY, true, "Localizations by language."},
    {0},
};
static const struct param delete_params[] = {
    CODE,
    {"lids", PARAM_ARRAY, false, "The languages."},
    {0},
};

#define PAGE(name) "api-reference/crm/currency/" name

static const struct param listed[] = {{"", PARAM_ROW, .entity = &currency_entity}, {0}};

static const struct param localization_keys[] = {
    {"FULL_NAME", PARAM_STRING, true, .null = true},
    {"FORMAT_STRING", PARAM_STRING, true},
    {"DEC_POINT", PARAM_STRING, true, .null = true},
    {"THOUSANDS_VARIANT", PARAM_STRING, true, .null = true},
    {"THOUSANDS_SEP", PARAM_STRING, true, .null = true},
    {"DECIMALS", PARAM_STRING, true},
    {"HIDE_ZERO", PARAM_STRING, true},
    {0}};
static const struct param by_language[] = {
    {"*", PARAM_ARRAY, false, "By language", .keys = localization_keys}, {0}};

static const struct method methods[] = {
    {.name = "crm.currency.list",
     .summary = "Return all currencies.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = list_params,
     .result = SHAPE_LIST,
     .gives = listed,
     .page = PAGE("crm-currency-list"),
     .handle = list},
    {.name = "crm.currency.base.get",
     .summary = "Return the code of the base currency.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_STRING,
     .page = PAGE("crm-currency-base-get"),
     .handle = base_get},
    {.name = "crm.currency.base.set",
     .summary = "Make a currency the base; false when there is no such one.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = code_params,
     .result = SHAPE_BOOL,
     .page = PAGE("crm-currency-base-set"),
     .handle = base_set},
    {.name = "crm.currency.localizations.get",
     .summary = "Return how a currency is written, by language.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = code_params,
     .result = SHAPE_OBJECT,
     .gives = by_language,
     .page = PAGE("localizations/crm-currency-localizations-get"),
     .handle = localizations_get},
    {.name = "crm.currency.localizations.set",
     .summary = "Add or change localizations; false when none is given.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = set_params,
     .result = SHAPE_BOOL,
     .page = PAGE("localizations/crm-currency-localizations-set"),
     .handle = localizations_set},
    {.name = "crm.currency.localizations.delete",
     .summary = "Delete localizations; false when there are none of these.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = delete_params,
     .result = SHAPE_BOOL,
     .page = PAGE("localizations/crm-currency-localizations-delete"),
     .handle = localizations_delete},
    {.name = "crm.currency.localizations.fields",
     .summary = "Describe the fields of a localization.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = PAGE("localizations/crm-currency-localizations-fields"),
     .handle = localizations_fields},
};

static const struct crud crud = {"crm.currency", &currency_entity, ALL_VERBS & ~CRUD_LIST,
                                 .many = "currencies", .fields_by_right = true};

MODULE(crm_currency, .crud = &crud, METHODS(methods));
