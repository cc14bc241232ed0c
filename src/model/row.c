#include "model/row.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/format.h"
#include "base/limits.h"

void row_columns(struct buf *sql, const struct entity *entity, const bool *chosen)
{
    const char *comma = "";
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].kind == FIELD_VIRTUAL || (chosen && !chosen[i]))
            continue;
        buf_adds(sql, comma);
        buf_adds(sql, "t.");
        buf_adds(sql, entity->fields[i].column);
        comma = ",";
    }
}

bool row_listed(const struct field *field)
{
    return field->kind != FIELD_VIRTUAL &&
           !(field->flags & (FIELD_HIDDEN | FIELD_NOT_LISTED | FIELD_BY_NAME));
}

bool row_in_get(const struct field *field)
{
    return row_listed(field) || (field->kind != FIELD_VIRTUAL && field->flags & FIELD_IN_GET);
}

/* Written without a lock: two threads may both make the text, one of them is kept. */
#define SQL_SLOTS 32
static struct {
    const struct entity *_Atomic entity;
    char *_Atomic sql;
} sql_slots[SQL_SLOTS];

static char *make_select(const struct entity *entity, bool listed_only)
{
    struct buf sql = {0};
    bool *chosen = xcalloc(entity->field_count, sizeof *chosen);
    for (size_t i = 0; i < entity->field_count; i++)
        chosen[i] = !listed_only || row_in_get(&entity->fields[i]);
    buf_adds(&sql, "SELECT ");
    row_columns(&sql, entity, chosen);
    buf_printf(&sql, " FROM %s t WHERE t.id = $1", entity->table);
    free(chosen);
    return buf_take(&sql, NULL);
}

const char *row_select_sql(const struct entity *entity, bool listed_only)
{
    for (size_t i = listed_only; i < SQL_SLOTS; i += 2) {
        const struct entity *owner = NULL;
        if (!atomic_compare_exchange_strong(&sql_slots[i].entity, &owner, entity) &&
            owner != entity)
            continue;
        char *made = atomic_load(&sql_slots[i].sql);
        if (made)
            return made;
        char *none = NULL, *fresh = make_select(entity, listed_only);
        if (atomic_compare_exchange_strong(&sql_slots[i].sql, &none, fresh))
            return fresh;
        free(fresh);
        return none;
    }
    CHECK(false && "more entities than slots");
    return NULL;
}

void cell_read(struct db_stmt *stmt, int column, enum field_kind kind, struct cell *cell)
{
    memset(cell, 0, sizeof *cell);
    cell->null = db_is_null(stmt, column);
    if (cell->null)
        return;
    switch (kind) {
    case FIELD_INT:
    case FIELD_DATETIME:
    case FIELD_DATE:
        cell->integer = db_int(stmt, column);
        break;
    case FIELD_DOUBLE:
    case FIELD_MONEY:
        cell->real = db_double(stmt, column);
        break;
    case FIELD_TEXT:
    case FIELD_FLAG:
    case FIELD_OBJECT:
        cell->text = db_text(stmt, column, &cell->len);
        break;
    case FIELD_VIRTUAL:
        break;
    }
}

struct cell *row_read(struct request *req, const struct entity *entity, struct db_stmt *stmt)
{
    struct cell *cells = arena_zalloc(req->arena, entity->field_count * sizeof *cells);
    int column = 0;
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].kind == FIELD_VIRTUAL) {
            cells[i].null = true;
            continue;
        }
        cell_read(stmt, column++, entity->fields[i].kind, &cells[i]);
        if (cells[i].text)
            cells[i].text = arena_strndup(req->arena, cells[i].text, cells[i].len);
    }
    return cells;
}

static void write_empty(struct request *req, const struct field *field)
{
    switch (field->kind) {
    case FIELD_DATETIME:
    case FIELD_DATE:
        writer_string(req->out, "", 0);
        break;
    case FIELD_OBJECT:
        writer_raw(req->out, "[]", 2);
        break;
    case FIELD_INT:
    case FIELD_TEXT:
    case FIELD_FLAG:
    case FIELD_DOUBLE:
    case FIELD_MONEY:
    case FIELD_VIRTUAL:
        writer_null(req->out);
        break;
    }
}

static size_t number_text(const struct field *field, double real, char *text, size_t size)
{
    bool cents = field->kind == FIELD_MONEY && !(field->flags & FIELD_PLAIN);
    return cents ? format_text(text, size, "%.2f", real) : double_to_text(real, text, size);
}

void cell_write(struct request *req, const struct field *field, const struct cell *cell)
{
    char text[352]; /* the longest double with two decimals */
    if (cell->null || (field->flags & FIELD_NULL_ZERO && !cell->integer)) {
        write_empty(req, field);
        return;
    }
    switch (field->kind) {
    case FIELD_INT:
        writer_int_string(req->out, cell->integer);
        break;
    case FIELD_DATETIME:
        writer_string(req->out, text, datetime_format(req->zone, cell->integer, text));
        break;
    case FIELD_DATE:
        writer_string(req->out, text, day_format(req->zone, cell->integer, text));
        break;
    case FIELD_DOUBLE:
    case FIELD_MONEY:
        writer_string(req->out, text, number_text(field, cell->real, text, sizeof text));
        break;
    case FIELD_OBJECT:
        writer_raw(req->out, cell->text, cell->len);
        break;
    case FIELD_TEXT:
    case FIELD_FLAG:
        writer_string(req->out, cell->text, cell->len);
        break;
    case FIELD_VIRTUAL:
        break;
    }
}

static size_t text_most(const struct field *field)
{
    return field->kind == FIELD_OBJECT ? LIMIT_OBJECT_BYTES
           : field->flags & FIELD_LONG ? LIMIT_TEXT_BYTES
                                       : LIMIT_LINE_BYTES;
}

enum api_rc row_refuse(struct request *req, enum api_code code, const struct field *field,
                       const struct cell *cell)
{
    bool is_text = field->kind == FIELD_TEXT || field->kind == FIELD_OBJECT;
    if (is_text && cell->text && cell->len > text_most(field))
        return api_fail(req, code, "The field %s is longer than %zu bytes", field->name,
                        text_most(field));
    return api_fail(req, code, "The field %s is not defined or invalid", field->name);
}

static bool take_object(struct request *req, const struct value *value, struct cell *cell)
{
    if (value_is_empty(value)) {
        cell->null = true;
        return true;
    }
    if (value->type != VALUE_ARRAY)
        return false;
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_value(&w, value);
    cell->text = arena_strndup(req->arena, json.data, json.len);
    cell->len = json.len;
    buf_clear(&json);
    return cell->len <= LIMIT_OBJECT_BYTES;
}

static bool take_date(struct request *req, const struct field *field, const struct value *value,
                      struct cell *cell)
{
    size_t len;
    const char *text = value_to_text(req->arena, value, &len);
    if (!text)
        return false;
    if (!len) {
        cell->null = true;
        return true;
    }
    enum datetime_form form = field->kind == FIELD_DATE
                                  ? day_parse(req->zone, text, len, &cell->integer)
                                  : datetime_parse(req->zone, text, len, &cell->integer);
    return form != DATETIME_INVALID;
}

/* To cents as the decimal says that the caller wrote, halves away from zero: 1.005, which no double is, is
 * 1.01, as PHP and decimal columns have it. */
static double to_cents(double real)
{
    char text[40];
    format_text(text, sizeof text, "%.15g", real * 100);
    return round(strtod(text, NULL)) / 100;
}

/* Whatever is no plain "integer" is an id or a code of a directory: it has no sign. */
static bool take_number(const struct field *field, const struct value *value, struct cell *cell)
{
    if (value_is_empty(value)) {
        cell->null = true;
        return true;
    }
    if (field->kind == FIELD_INT)
        return value_to_int(value, &cell->integer) &&
               (cell->integer >= 0 || !strcmp(field->type, "integer"));
    if (!value_to_double(value, &cell->real) || !isfinite(cell->real))
        return false;
    if (field->kind == FIELD_MONEY)
        cell->real = to_cents(cell->real);
    cell->real += 0.0; /* of -0 */
    return field->kind != FIELD_MONEY || fabs(cell->real) < LIMIT_MONEY;
}

bool cell_from_value(struct request *req, const struct field *field, const struct value *value,
                     struct cell *cell)
{
    bool flag;
    memset(cell, 0, sizeof *cell);
    cell->given = true;
    switch (field->kind) {
    case FIELD_INT:
    case FIELD_DOUBLE:
    case FIELD_MONEY:
        return take_number(field, value, cell);
    case FIELD_DATETIME:
    case FIELD_DATE:
        return take_date(req, field, value, cell);
    case FIELD_FLAG:
        if (value_is_empty(value))
            flag = false;
        else if (!value_to_flag(value, &flag))
            return false;
        cell->text = flag ? "Y" : "N";
        cell->len = 1;
        return true;
    case FIELD_OBJECT:
        return take_object(req, value, cell);
    case FIELD_TEXT:
        cell->text = value_to_text(req->arena, value, &cell->len);
        cell->null = !value || value->type == VALUE_NULL;
        return cell->text && cell->len <= text_most(field);
    case FIELD_VIRTUAL:
        break;
    }
    return true;
}

bool cell_equal(enum field_kind kind, const struct cell *a, const struct cell *b)
{
    if (a->null || b->null)
        return a->null == b->null;
    switch (kind) {
    case FIELD_INT:
    case FIELD_DATETIME:
    case FIELD_DATE:
        return a->integer == b->integer;
    case FIELD_DOUBLE:
    case FIELD_MONEY:
        return a->real == b->real;
    case FIELD_TEXT:
    case FIELD_FLAG:
    case FIELD_OBJECT:
        return a->len == b->len && !memcmp(a->text, b->text, a->len);
    case FIELD_VIRTUAL:
        break;
    }
    return true;
}

void cell_bind(struct db_stmt *stmt, int at, enum field_kind kind, const struct cell *cell)
{
    if (cell->null) {
        db_bind_null(stmt, at);
        return;
    }
    switch (kind) {
    case FIELD_INT:
    case FIELD_DATETIME:
    case FIELD_DATE:
        db_bind_int(stmt, at, cell->integer);
        break;
    case FIELD_DOUBLE:
    case FIELD_MONEY:
        db_bind_double(stmt, at, cell->real);
        break;
    case FIELD_TEXT:
    case FIELD_FLAG:
    case FIELD_OBJECT:
        db_bind_text(stmt, at, cell->text, cell->len);
        break;
    case FIELD_VIRTUAL:
        break;
    }
}
