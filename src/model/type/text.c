/* Texts of a line or, with FIELD_LONG, of many. */
#include "base/limits.h"
#include "model/type/common.h"

static size_t most(const struct field *field)
{
    return field->flags & FIELD_LONG ? LIMIT_TEXT_BYTES : LIMIT_LINE_BYTES;
}

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    cell->text = value_to_text(req->arena, value, &cell->len);
    cell->null = !value || value->type == VALUE_NULL;
    return cell->text && cell->len <= most(field);
}

const struct field_type type_text = {
    .name = "text",
    .storage = STORE_TEXT,
    .orders = true,
    .caseless = true,
    .classic = {type_write_text, type_none_null, "{\"type\":[\"string\",\"null\"]}"},
    .item = {type_write_text, type_none_null, "{\"type\":[\"string\",\"null\"]}"},
    .take = take,
    .most = most,
    .asks_empty = type_asks_empty,
    .empty = "''",
    .bind = type_bind_text,
};
