/* Yes or no, told and stored as "Y" and "N". */
#include "model/type/common.h"

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    bool flag = false;
    (void)req;
    (void)field;
    if (!value_is_empty(value) && !value_to_flag(value, &flag))
        return false;
    cell->text = flag ? "Y" : "N";
    cell->len = 1;
    return true;
}

static int bind(struct query *query, const char *name, enum filter_op *op,
                const struct value *value)
{
    bool flag;
    size_t len = 0;
    (void)name;
    (void)op;
    if (value_to_flag(value, &flag))
        return query_bind_text(query, flag ? "Y" : "N", 1);
    const char *text = value_to_text(query->req->arena, value, &len);
    return query_bind_text(query, text ? text : "", len);
}

const struct field_type type_flag = {
    .name = "flag",
    .storage = STORE_TEXT,
    .orders = true,
    .classic = {type_write_text, type_none_null, "{\"enum\":[\"Y\",\"N\",null]}"},
    .item = {type_write_text, type_none_null, "{\"enum\":[\"Y\",\"N\",null]}"},
    .item_name = "boolean",
    .take = take,
    .asks_empty = value_is_empty,
    .empty = "''",
    .bind = bind,
};
