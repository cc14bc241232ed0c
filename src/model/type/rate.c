/* Rates of exchange: a double of four decimals. */
#include <math.h>

#include "base/format.h"
#include "base/limits.h"
#include "model/type/common.h"

static void write_classic(struct request *req, const struct field *field, const struct cell *cell)
{
    char text[352];
    (void)field;
    writer_string(req->out, text, format_text(text, sizeof text, "%.4f", cell->real));
}

static void write_item(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    writer_double(req->out, cell->real);
}

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    (void)req;
    (void)field;
    if (!type_take_real(value, cell))
        return false;
    if (!cell->null)
        cell->real = round(cell->real * 1e4) / 1e4;
    return fabs(cell->real) < LIMIT_MONEY;
}

static void sql_text(struct request *req, const struct field *field, const char *column,
                     struct buf *sql)
{
    (void)field;
    db_sql_number(req->db, sql, column, false);
}

const struct field_type type_rate = {
    .name = "rate",
    .storage = STORE_REAL,
    .orders = true,
    .classic = {write_classic, type_none_null, "{\"type\":[\"string\",\"null\"]}"},
    .item = {write_item, type_none_null, "{\"type\":[\"number\",\"null\"]}"},
    .take = take,
    .asks_empty = type_asks_empty,
    .bind = type_bind_number,
    .sql_text = sql_text,
};
