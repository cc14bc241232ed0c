/* Any JSON that is no scalar, stored as its text. */
#include "base/limits.h"
#include "model/type/common.h"

static size_t most(const struct field *field)
{
    (void)field;
    return LIMIT_OBJECT_BYTES;
}

static void write(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    writer_raw(req->out, cell->text, cell->len);
}

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
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
    return cell->len <= most(field);
}

#define OBJECT_SCHEMA                                                                              \
    "{\"type\":[\"object\",\"array\"],\"description\":\"Any JSON, as it was given\"}"

const struct field_type type_object = {
    .name = "object",
    .storage = STORE_TEXT,
    .classic = {write, type_none_list, OBJECT_SCHEMA},
    .item = {write, type_none_list, OBJECT_SCHEMA},
    .take = take,
    .most = most,
    .asks_empty = type_asks_empty,
    .bind = type_bind_text,
};
