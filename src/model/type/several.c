/* The values of a custom field that may have several: a JSON list of them as they are stored. `field->custom` says
 * of which type each of them is. */
#include "model/type/several.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "model/row.h"
#include "model/type/common.h"

struct field several_one(const struct field *field)
{
    struct field one = *field;
    one.kind = field->custom->type->kind;
    return one;
}

static void write_stored(struct writer *out, enum storage storage, const struct cell *cell)
{
    if (storage == STORE_INT)
        writer_int(out, cell->integer);
    else if (storage == STORE_REAL)
        writer_double(out, cell->real);
    else
        writer_string(out, cell->text, cell->len);
}

static void read_stored(enum storage storage, const struct value *value, struct cell *cell)
{
    *cell = (struct cell){.null = false};
    if (storage == STORE_INT) {
        cell->null = !value_to_int(value, &cell->integer);
    } else if (storage == STORE_REAL) {
        cell->null = !value_to_double(value, &cell->real);
    } else if (value->type == VALUE_STRING) {
        cell->text = value->string.text;
        cell->len = value->string.len;
    } else {
        cell->null = true;
    }
}

void several_cells(struct request *req, const struct field *field, const struct cell *list,
                   struct cell **cells, size_t *count)
{
    enum storage storage = field->custom->type->kind->storage;
    const struct value *values =
        list->null ? NULL
                   : json_parse_own(req->arena, arena_strndup(req->arena, list->text, list->len),
                                    list->len);
    size_t most = value_is_array(values) ? values->array.count : 0;
    *cells = arena_zalloc(req->arena, (most + 1) * sizeof **cells);
    *count = 0;
    for (size_t i = 0; i < most; i++) {
        read_stored(storage, values->array.items[i].value, &(*cells)[*count]);
        *count += !(*cells)[*count].null;
    }
    (*cells)[*count] = (struct cell){.null = true};
}

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    struct field one = several_one(field);
    struct cell *cells;
    size_t count;
    if (!user_field_take(req, &one, value, &cells, &count))
        return false;
    cell->null = !count;
    if (!count)
        return true;
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_list(&w);
    for (size_t i = 0; i < count; i++)
        write_stored(&w, one.kind->storage, &cells[i]);
    writer_end_list(&w);
    cell->text = arena_strndup(req->arena, json.data, json.len);
    cell->len = json.len;
    buf_clear(&json);
    return cell->len <= LIMIT_OBJECT_BYTES;
}

static void write(struct request *req, const struct field *field, const struct cell *cell)
{
    struct field one = several_one(field);
    struct cell *cells;
    size_t count;
    several_cells(req, field, cell, &cells, &count);
    writer_begin_list(req->out);
    for (size_t i = 0; i < count; i++)
        cell_write(req, &one, &cells[i]);
    writer_end_list(req->out);
}

static enum api_rc settle(struct request *req, const struct field *field, int64_t row_id,
                          const struct cell *list, size_t lists)
{
    struct field one = several_one(field);
    struct cell *cells = NULL;
    size_t count = 0;
    if (lists)
        several_cells(req, field, list, &cells, &count);
    return one.kind->settle ? one.kind->settle(req, &one, row_id, cells, count) : API_OK;
}

static size_t most(const struct field *field)
{
    (void)field;
    return LIMIT_OBJECT_BYTES;
}

const struct field_type type_several = {
    .name = "several",
    .storage = STORE_TEXT,
    .classic = {write, type_none_list, "{\"type\":\"array\"}"},
    .item = {write, type_none_list, "{\"type\":\"array\"}"},
    .take = take,
    .most = most,
    .asks_empty = type_asks_empty,
    .bind = type_bind_text,
    .settle = settle,
};
