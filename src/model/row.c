#include "model/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/fold.h"
#include "model/dialect.h"

void row_columns(struct buf *sql, const struct entity *entity, const bool *chosen)
{
    const char *comma = "";
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].kind == FIELD_VIRTUAL || (chosen && !chosen[i]))
            continue;
        buf_adds(sql, comma);
        buf_adds(sql, entity->fields[i].flags & FIELD_SIDE ? "u." : "t.");
        buf_adds(sql, entity->fields[i].column);
        comma = ",";
    }
}

bool row_listed(const struct field *field)
{
    return (field->kind != FIELD_VIRTUAL || field->flags & FIELD_IN_LIST) &&
           !(field->flags & (FIELD_HIDDEN | FIELD_NOT_LISTED | FIELD_BY_NAME | FIELD_ITEM_ONLY));
}

bool row_in_get(const struct field *field)
{
    return row_listed(field) || (field->kind != FIELD_VIRTUAL && field->flags & FIELD_IN_GET);
}

void row_join_side(struct buf *sql, const struct entity *entity)
{
    buf_printf(sql, " LEFT JOIN %s u ON u.id = t.id", entity->side);
}

static bool is_selected(const struct field *field, enum row_select what)
{
    bool side = field->flags & FIELD_SIDE;
    return what == SELECT_ALL || (what == SELECT_GET && row_in_get(field)) ||
           (what == SELECT_MAIN && !side) || (what == SELECT_SIDE && side);
}

void row_select(struct buf *sql, const struct entity *entity, enum row_select what)
{
    bool joins = entity->side && (what == SELECT_GET || what == SELECT_ALL);
    if (what == SELECT_SIDE && !entity->side)
        return;
    bool *chosen = xcalloc(entity->field_count, sizeof *chosen);
    for (size_t i = 0; i < entity->field_count; i++)
        chosen[i] = is_selected(&entity->fields[i], what);
    buf_adds(sql, "SELECT ");
    row_columns(sql, entity, chosen);
    free(chosen);
    if (what == SELECT_SIDE) {
        buf_printf(sql, " FROM %s u WHERE u.id = $1", entity->side);
        return;
    }
    buf_printf(sql, " FROM %s t", entity->table);
    if (joins)
        row_join_side(sql, entity);
    buf_adds(sql, " WHERE t.id = $1");
    if (entity->where)
        buf_printf(sql, " AND %s", entity->where);
}

void cell_read(struct db_stmt *stmt, int column, const struct field_type *type, struct cell *cell)
{
    memset(cell, 0, sizeof *cell);
    cell->null = db_is_null(stmt, column);
    if (cell->null)
        return;
    switch (type->storage) {
    case STORE_INT:
        cell->integer = db_int(stmt, column);
        break;
    case STORE_REAL:
        cell->real = db_double(stmt, column);
        break;
    case STORE_TEXT:
        cell->text = db_text(stmt, column, &cell->len);
        break;
    case STORE_NONE:
        break;
    }
}

static struct cell *read_cells(struct request *req, const struct entity *entity,
                               struct db_stmt *stmt, bool side)
{
    struct cell *cells = arena_zalloc(req->arena, entity->field_count * sizeof *cells);
    int column = 0;
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].kind == FIELD_VIRTUAL ||
            (!side && entity->fields[i].flags & FIELD_SIDE)) {
            cells[i].null = true;
            continue;
        }
        cell_read(stmt, column++, entity->fields[i].kind, &cells[i]);
        if (cells[i].text)
            cells[i].text = arena_strndup(req->arena, cells[i].text, cells[i].len);
    }
    return cells;
}

struct cell *row_read(struct request *req, const struct entity *entity, struct db_stmt *stmt)
{
    return read_cells(req, entity, stmt, true);
}

struct cell *row_read_main(struct request *req, const struct entity *entity, struct db_stmt *stmt)
{
    return read_cells(req, entity, stmt, false);
}

void cell_write(struct request *req, const struct field *field, const struct cell *cell)
{
    const struct writing *writing = req->dialect ? &field->kind->item : &field->kind->classic;
    if (cell->null || (field->flags & FIELD_NULL_ZERO && !cell->integer))
        writing->none(req->out, field);
    else
        writing->value(req, field, cell);
}

enum api_rc row_refuse(struct request *req, enum api_code code, const struct field *field,
                       const struct cell *cell)
{
    size_t most = field->kind->most ? field->kind->most(field) : 0;
    if (field->custom && req->store != DB_OK) /* the value was not looked at to its end */
        return API_STORE;
    if (req->dialect)
        return req->dialect->invalid(req, field);
    if (most && cell->text && cell->len > most)
        return api_fail(req, code, "The field %s is longer than %zu bytes", field->name, most);
    return api_fail(req, code, "The field %s is not defined or invalid", field->name);
}

bool cell_from_value(struct request *req, const struct field *field, const struct value *value,
                     struct cell *cell)
{
    memset(cell, 0, sizeof *cell);
    cell->given = true;
    return field->kind->take(req, field, value, cell);
}

bool cell_equal(const struct field_type *type, const struct cell *a, const struct cell *b)
{
    if (a->null || b->null)
        return a->null == b->null;
    switch (type->storage) {
    case STORE_INT:
        return a->integer == b->integer;
    case STORE_REAL:
        return a->real == b->real;
    case STORE_TEXT:
        return a->len == b->len && !memcmp(a->text, b->text, a->len);
    case STORE_NONE:
        break;
    }
    return true;
}

void cell_bind(struct db_stmt *stmt, int at, const struct field_type *type, const struct cell *cell)
{
    if (cell->null) {
        db_bind_null(stmt, at);
        return;
    }
    switch (type->storage) {
    case STORE_INT:
        db_bind_int(stmt, at, cell->integer);
        break;
    case STORE_REAL:
        db_bind_double(stmt, at, cell->real);
        break;
    case STORE_TEXT:
        db_bind_text(stmt, at, cell->text, cell->len);
        break;
    case STORE_NONE:
        break;
    }
}

int field_bind(struct request *req, struct db_stmt *stmt, int at, const struct field *field,
               const struct cell *cell)
{
    cell_bind(stmt, at++, field->kind, cell);
    if (!(field->flags & FIELD_KEYED))
        return at;
    if (cell->null) {
        db_bind_null(stmt, at);
    } else {
        size_t len;
        const char *key = fold_key(req->arena, cell->text, cell->len, &len);
        db_bind_text(stmt, at, key, len);
    }
    return at + 1;
}
