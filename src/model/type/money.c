/* Sums, a double rounded to cents. */
#include <math.h>
#include <stdlib.h>

#include "base/format.h"
#include "base/limits.h"
#include "model/type/common.h"

static void write_classic(struct request *req, const struct field *field, const struct cell *cell)
{
    char text[352]; /* the longest double with two decimals */
    size_t len = field->flags & FIELD_PLAIN ? double_to_text(cell->real, text, sizeof text)
                                            : format_text(text, sizeof text, "%.2f", cell->real);
    writer_string(req->out, text, len);
}

/* To cents as the decimal says that the caller wrote, halves away from zero: 1.005, which no double is, is
 * 1.01, as PHP and decimal columns have it. */
double type_cents(double real)
{
    char text[40];
    format_text(text, sizeof text, "%.15g", real * 100);
    return round(strtod(text, NULL)) / 100;
}

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    (void)req;
    (void)field;
    if (!type_take_real(value, cell))
        return false;
    if (!cell->null)
        cell->real = type_cents(cell->real) + 0.0; /* of -0 */
    return fabs(cell->real) < LIMIT_MONEY;
}

static void sql_text(struct request *req, const struct field *field, const char *column,
                     struct buf *sql)
{
    db_sql_number(req->db, sql, column, !(field->flags & FIELD_PLAIN));
}

const struct field_type type_money = {
    .name = "money",
    .storage = STORE_REAL,
    .orders = true,
    .classic = {write_classic, type_none_null, "{\"type\":[\"string\",\"null\"]}"},
    .item = {type_write_real, type_none_null, "{\"type\":[\"number\",\"null\"]}"},
    .take = take,
    .asks_empty = type_asks_empty,
    .bind = type_bind_number,
    .sql_text = sql_text,
};
