/* What lives in another table: its relation loads and writes it. */
#include "model/type/common.h"

static void write(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)cell;
    type_none_null(req->out, field);
}

/* Whoever stores it reads it from the caller's values. */
static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    (void)req;
    (void)field;
    (void)value;
    (void)cell;
    return true;
}

const struct field_type type_virtual = {
    .name = "virtual",
    .storage = STORE_NONE,
    .classic = {write, type_none_null, "{}"},
    .item = {write, type_none_null, "{}"},
    .take = take,
    .asks_empty = type_asks_empty,
    .bind = type_bind_text,
};
