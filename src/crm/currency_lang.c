#include "crm/currency_lang.h"

#include <ctype.h>
#include <string.h>

#include "base/limits.h"
#include "model/row.h"
#include "model/unknown.h"

#define PORTAL_LANGUAGE "en" /* as app.info tells it */
#define DECIMALS_MOST 10

const struct field currency_lang_fields[] = {
    FIELD_ROW("FULL_NAME", "string", "Name", FIELD_TEXT, "full_name", 0, NULL),
    FIELD_ROW("FORMAT_STRING", "string", "Currency output format string", FIELD_TEXT,
              "format_string", 0, "#"),
    FIELD_ROW("DEC_POINT", "string", "Decimal point for output", FIELD_TEXT, "dec_point", 0, "."),
    FIELD_ROW("THOUSANDS_VARIANT", "string", "Thousands separator for output", FIELD_TEXT,
              "thousands_variant", 0, "S"),
    FIELD_ROW("THOUSANDS_SEP", "string", "Custom thousands separator for output", FIELD_TEXT,
              "thousands_sep", 0, " "),
    FIELD_ROW("DECIMALS", "int", "Number of decimal places", FIELD_INT, "decimals", 0, "2"),
    FIELD_ROW("HIDE_ZERO", "char", "Do not show insignificant zeros", FIELD_FLAG, "hide_zero", 0,
              "N"),
};
enum {
    FULL_NAME,
    FORMAT_STRING,
    DEC_POINT,
    THOUSANDS_VARIANT,
    THOUSANDS_SEP,
    DECIMALS,
    HIDE_ZERO,
    FIELDS
};
const size_t currency_lang_field_count = FIELDS;

#define COLUMNS                                                                                    \
    "full_name, format_string, dec_point, thousands_variant, thousands_sep, decimals, hide_zero"

/* Separators by their codes. */
static const struct {
    const char *code, *separator;
} variants[] = {{"N", ""}, {"C", ","}, {"D", "."}, {"S", " "}, {"B", "&nbsp;"}};

struct lang {
    int64_t currency_id;
    const char *lid;
    struct cell cells[FIELDS];
};

struct langs {
    struct lang *lang;
    size_t count, cap;
};

/* ---- reading ---- */

static struct lang *add_lang(struct request *req, struct langs *langs)
{
    if (langs->count == langs->cap) {
        size_t cap = langs->cap ? langs->cap * 2 : 16;
        struct lang *more = arena_alloc(req->arena, cap * sizeof *more);
        if (langs->count)
            memcpy(more, langs->lang, langs->count * sizeof *more);
        langs->lang = more;
        langs->cap = cap;
    }
    return &langs->lang[langs->count++];
}

static void read_cells(struct request *req, struct db_stmt *stmt, int column, struct cell *cells)
{
    for (size_t i = 0; i < FIELDS; i++) {
        cell_read(stmt, column + (int)i, currency_lang_fields[i].kind, &cells[i]);
        if (cells[i].text)
            cells[i].text = arena_strndup(req->arena, cells[i].text, cells[i].len);
    }
}

static enum api_rc read_langs(struct request *req, const int64_t *ids, size_t count,
                              struct langs *langs)
{
    struct buf sql = {0};
    size_t places = count > 1 ? LIMIT_PAGE : 1;
    buf_adds(&sql,
             "SELECT currency_id, lid, " COLUMNS " FROM currency_lang WHERE currency_id IN (");
    db_sql_places(&sql, 1, places);
    buf_adds(&sql, ") ORDER BY currency_id, lid");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, places, ids, count);
    enum db_rc rc;
    *langs = (struct langs){0};
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct lang *lang = add_lang(req, langs);
        lang->currency_id = db_int(stmt, 0);
        lang->lid = request_text(req, stmt, 1, NULL);
        read_cells(req, stmt, 2, lang->cells);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static void default_cells(struct request *req, const char *code, struct cell *cells)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = i == FULL_NAME ? code : currency_lang_fields[i].fallback;
        cell_from_value(req, &currency_lang_fields[i], value_string(req->arena, text, strlen(text)),
                        &cells[i]);
    }
}

static void write_field(struct request *req, const struct cell *cells, size_t i)
{
    writer_keyz(req->out, currency_lang_fields[i].name);
    cell_write(req, &currency_lang_fields[i], &cells[i]);
}

static void write_langs(struct request *req, const struct langs *langs, int64_t currency_id)
{
    bool any = false;
    for (size_t i = 0; i < langs->count; i++) {
        if (langs->lang[i].currency_id != currency_id)
            continue;
        if (!any)
            writer_begin_object(req->out);
        any = true;
        writer_keyz(req->out, langs->lang[i].lid);
        writer_begin_object(req->out);
        for (size_t field = 0; field < FIELDS; field++)
            write_field(req, langs->lang[i].cells, field);
        writer_end_object(req->out);
    }
    any ? writer_end_object(req->out) : writer_raw(req->out, "[]", 2);
}

enum api_rc currency_lang_write(struct request *req, int64_t currency_id)
{
    struct langs langs;
    enum api_rc rc = read_langs(req, &currency_id, 1, &langs);
    if (rc == API_OK)
        write_langs(req, &langs, currency_id);
    return rc;
}

/* ---- fields of a currency ---- */

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    struct langs *langs = arena_alloc(req->arena, sizeof *langs);
    (void)entity;
    (void)field;
    *loaded = langs;
    return read_langs(req, ids, count, langs);
}

static void write_all(struct request *req, const struct field *field, const char *key, void *loaded,
                      int64_t id)
{
    (void)field;
    writer_keyz(req->out, key);
    write_langs(req, loaded, id);
}

/* Without a localization in the portal's language there is nothing to show, as in the original. */
static void write_own(struct request *req, const struct field *field, const char *key, void *loaded,
                      int64_t id)
{
    (void)key;
    static const int shown[] = {FULL_NAME, FORMAT_STRING, DEC_POINT, THOUSANDS_SEP, DECIMALS};
    const struct langs *langs = loaded;
    const struct lang *own = NULL;
    (void)field;
    for (size_t i = 0; i < langs->count && !own; i++) {
        if (langs->lang[i].currency_id == id && !strcmp(langs->lang[i].lid, PORTAL_LANGUAGE))
            own = &langs->lang[i];
    }
    writer_keyz(req->out, "LID");
    own ? writer_stringz(req->out, own->lid) : writer_null(req->out);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        if (own) {
            write_field(req, own->cells, (size_t)shown[i]);
        } else {
            writer_keyz(req->out, currency_lang_fields[shown[i]].name);
            writer_null(req->out);
        }
    }
}

#define TEXT(name) "\"" name "\":{\"type\":[\"string\",\"null\"]}"
static const char langs_schema[] =
    "{\"type\":[\"object\",\"array\"],\"additionalProperties\":{\"type\":\"object\",\"properties\":"
    "{" TEXT("FULL_NAME") "," TEXT("FORMAT_STRING") "," TEXT("DEC_POINT") "," TEXT(
        "THOUSANDS_"
        "VARIANT") "," TEXT("THOUSANDS_SEP") "," TEXT("DECIMALS") "," TEXT("HIDE_ZERO") "},"
                                                                                        "\"addition"
                                                                                        "alProperti"
                                                                                        "es\":"
                                                                                        "false},"
                                                                                        "\"items\":"
                                                                                        "false}";

const struct relation currency_lang_all = {
    .kind = &(const struct relation_kind){
        .schema = langs_schema,
        .takes = "{\"type\":[\"object\",\"array\"],\"description\":\"By language: what "
                 "crm.currency.localizations.set takes\"}",
        .load = load,
        .write = write_all}};
const struct relation currency_lang_own = {
    .kind = &(const struct relation_kind){.load = load, .write = write_own}};

/* ---- writing ---- */

static const char *separator_of(const char *code)
{
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        if (!strcmp(variants[i].code, code))
            return variants[i].separator;
    }
    return NULL;
}

/* A code says which separator it is, whatever is given beside it; a separator alone is one of its own. */
static const char *settle_separator(struct cell *cells)
{
    struct cell *variant = &cells[THOUSANDS_VARIANT], *separator = &cells[THOUSANDS_SEP];
    if (separator->given && !variant->given)
        cell_set_text(variant, "");
    if (cell_is_empty(variant))
        return cell_is_empty(separator) ? "THOUSANDS_SEP is empty: that is THOUSANDS_VARIANT \"N\""
                                        : NULL;
    const char *text = separator_of(variant->text);
    if (!text)
        return "THOUSANDS_VARIANT is none of N, C, D, S, B";
    cell_set_text(separator, text);
    return NULL;
}

static const char *settle(struct cell *cells)
{
    if (cell_is_empty(&cells[FULL_NAME]))
        return "FULL_NAME is empty";
    if (!strchr(cells[FORMAT_STRING].text, '#'))
        return "FORMAT_STRING has no # for the amount";
    if (cells[DECIMALS].null || cells[DECIMALS].integer < 0 ||
        cells[DECIMALS].integer > DECIMALS_MOST)
        return "DECIMALS is no number of decimal places";
    return settle_separator(cells);
}

static enum api_rc take_fields(struct request *req, const struct value *given, struct cell *cells,
                               const char **why)
{
    for (size_t i = 0; i < given->array.count; i++) {
        const char *name = given->array.items[i].key;
        size_t at = 0;
        while (at < FIELDS && strcmp(currency_lang_fields[at].name, name) != 0)
            at++;
        if (at == FIELDS && unknown_name(req, IN_FIELDS, name) != API_OK)
            return API_FAIL;
        if (at == FIELDS || given->array.items[i].value->type == VALUE_NULL)
            continue;
        if (!cell_from_value(req, &currency_lang_fields[at], given->array.items[i].value,
                             &cells[at]))
            *why = arena_printf(req->arena, "%s is no value of a localization", name);
    }
    return API_OK;
}

static enum api_rc store(struct request *req, int64_t currency_id, const char *lid,
                         const struct cell *cells)
{
    struct db_stmt *stmt = db_prepare(
        req->db,
        "INSERT INTO currency_lang (currency_id, lid, " COLUMNS
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (currency_id, lid) DO UPDATE "
        "SET "
        "full_name = EXCLUDED.full_name, format_string = EXCLUDED.format_string, dec_point = "
        "EXCLUDED.dec_point, thousands_variant = EXCLUDED.thousands_variant, thousands_sep = "
        "EXCLUDED.thousands_sep, decimals = EXCLUDED.decimals, hide_zero = EXCLUDED.hide_zero");
    db_bind_int(stmt, 1, currency_id);
    db_bind_textz(stmt, 2, lid);
    for (size_t i = 0; i < FIELDS; i++)
        cell_bind(stmt, 3 + (int)i, currency_lang_fields[i].kind, &cells[i]);
    return api_db(req, db_run(stmt));
}

/* As the documentation's list has them: two small letters. */
static bool is_language(const char *lid)
{
    return strlen(lid) == 2 && islower((unsigned char)lid[0]) && islower((unsigned char)lid[1]);
}

static enum api_rc set_one(struct request *req, int64_t currency_id, const struct langs *old,
                           const char *code, const struct value_item *item, int64_t *changed,
                           const char **why)
{
    const struct lang *before = NULL;
    struct cell cells[FIELDS];
    if (!is_language(item->key) || !value_is_array(item->value)) {
        *why = arena_printf(req->arena, "%.40s is no localization by a language", item->key);
        return API_OK;
    }
    for (size_t i = 0; i < old->count && !before; i++)
        before = strcmp(old->lang[i].lid, item->key) ? NULL : &old->lang[i];
    if (before)
        memcpy(cells, before->cells, sizeof cells);
    else
        default_cells(req, code, cells);
    for (size_t i = 0; i < FIELDS; i++)
        cells[i].given = false;
    enum api_rc rc = take_fields(req, item->value, cells, why);
    if (rc == API_OK && !*why)
        *why = settle(cells);
    if (rc != API_OK || *why)
        return rc;
    ++*changed;
    return store(req, currency_id, item->key, cells);
}

enum api_rc currency_lang_set(struct request *req, int64_t currency_id, const char *code,
                              const struct value *given, int64_t *changed, const char **why)
{
    struct langs old;
    enum api_rc rc = read_langs(req, &currency_id, 1, &old);
    *changed = 0;
    *why = NULL;
    for (size_t i = 0; value_is_array(given) && i < given->array.count && rc == API_OK && !*why;
         i++)
        rc = set_one(req, currency_id, &old, code, &given->array.items[i], changed, why);
    return rc;
}

enum api_rc currency_lang_default(struct request *req, int64_t currency_id, const char *code)
{
    struct langs old;
    struct cell cells[FIELDS];
    enum api_rc rc = read_langs(req, &currency_id, 1, &old);
    for (size_t i = 0; i < old.count && rc == API_OK; i++) {
        if (!strcmp(old.lang[i].lid, PORTAL_LANGUAGE))
            return API_OK;
    }
    default_cells(req, code, cells);
    return rc == API_OK ? store(req, currency_id, PORTAL_LANGUAGE, cells) : rc;
}

static enum api_rc delete_one(struct request *req, int64_t currency_id, const char *lid,
                              int64_t *deleted)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM currency_lang WHERE currency_id = $1 AND ($2 = '' OR lid = $3)");
    db_bind_int(stmt, 1, currency_id);
    db_bind_textz(stmt, 2, lid);
    db_bind_textz(stmt, 3, lid);
    enum db_rc rc = db_run(stmt);
    *deleted += rc == DB_OK ? db_changes(req->db) : 0;
    return api_db(req, rc);
}

enum api_rc currency_lang_delete(struct request *req, int64_t currency_id, const struct value *lids,
                                 int64_t *deleted)
{
    enum api_rc rc = API_OK;
    *deleted = 0;
    if (!lids)
        return delete_one(req, currency_id, "", deleted);
    for (size_t i = 0; value_is_array(lids) && i < lids->array.count && rc == API_OK; i++) {
        size_t len;
        const char *lid = value_to_text(req->arena, lids->array.items[i].value, &len);
        if (lid && len)
            rc = delete_one(req, currency_id, lid, deleted);
    }
    return rc;
}
