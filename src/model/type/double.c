/* Numbers with a fraction. */
#include "model/type/common.h"

void type_write_real_text(struct request *req, const struct field *field, const struct cell *cell)
{
    char text[32];
    (void)field;
    writer_string(req->out, text, double_to_text(cell->real, text, sizeof text));
}

void type_write_real(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    writer_double(req->out, cell->real);
}

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    (void)req;
    (void)field;
    return type_take_real(value, cell);
}

void type_sql_real(struct request *req, const struct field *field, const char *column,
                   struct buf *sql)
{
    (void)field;
    db_sql_number(req->db, sql, column, false);
}

const struct field_type type_double = {
    .name = "double",
    .storage = STORE_REAL,
    .orders = true,
    .classic = {type_write_real_text, type_none_null, "{\"type\":[\"string\",\"null\"]}"},
    .item = {type_write_real, type_none_null, "{\"type\":[\"number\",\"null\"]}"},
    .take = take,
    .asks_empty = type_asks_empty,
    .bind = type_bind_number,
    .sql_text = type_sql_real,
};
