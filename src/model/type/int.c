/* Whole numbers, ids and codes of directories among them. */
#include <math.h>

#include "model/type/common.h"

void type_write_int_text(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    writer_int_string(req->out, cell->integer);
}

void type_write_int(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    writer_int(req->out, cell->integer);
}

static void none_item(struct writer *out, const struct field *field)
{
    if (field->flags & FIELD_ITEM_ZERO)
        writer_int(out, 0);
    else
        writer_null(out);
}

/* Whatever is no plain "integer" is an id or a code of a directory: it has no sign. */
static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    (void)req;
    if (value_is_empty(value)) {
        cell->null = true;
        return true;
    }
    return value_to_int(value, &cell->integer) &&
           (cell->integer >= 0 || !strcmp(field->type, "integer"));
}

/* Zero too says "none": such a column is null or 0. */
bool type_asks_zero(const struct value *value)
{
    int64_t integer;
    return type_asks_empty(value) || (value_to_int(value, &integer) && !integer);
}

/* A number that is no 64-bit integer, compared with a column of them: as a comparison with one. Not every
 * store compares an integer with a fraction, or knows 1e20. */
static int bind_fraction(struct query *query, enum filter_op *op, double real)
{
    bool above = *op == OP_GT || *op == OP_GE;
    int64_t integer;
    if (*op == OP_EQ || *op == OP_NE)
        return BIND_NEVER;
    if (real >= 0x1p63)
        integer = INT64_MAX;
    else if (real < -0x1p63)
        integer = INT64_MIN;
    else
        integer = (int64_t)floor(real);
    if (real < -0x1p63) /* every number is above it, none below */
        *op = above ? OP_GE : OP_LT;
    else
        *op = above ? OP_GT : OP_LE;
    return query_bind_int(query, integer);
}

int type_bind_int(struct query *query, const char *name, enum filter_op *op,
                  const struct value *value)
{
    int64_t integer;
    double real;
    if (value_is_empty(value)) /* ">ID" of nothing yet: a batch's reference to an empty page */
        return query_bind_int(query, 0);
    if (value_to_int(value, &integer))
        return query_bind_int(query, integer);
    if (value_to_double(value, &real))
        return bind_fraction(query, op, real);
    return type_bind_refuse(query, name, "number");
}

void type_sql_int(struct request *req, const struct field *field, const char *column,
                  struct buf *sql)
{
    (void)req;
    (void)field;
    buf_printf(sql, "CAST(%s AS TEXT)", column);
}

const struct field_type type_int = {
    .name = "int",
    .storage = STORE_INT,
    .orders = true,
    .classic = {type_write_int_text, type_none_null,
                "{\"type\":[\"string\",\"null\"],\"pattern\":\"^-?[0-9]+$\"}"},
    .item = {type_write_int, none_item, "{\"type\":[\"integer\",\"null\"]}"},
    .take = take,
    .asks_empty = type_asks_zero,
    .empty = "0",
    .bind = type_bind_int,
    .sql_text = type_sql_int,
};
