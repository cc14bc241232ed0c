/* What several types have in common. */
#include <math.h>

#include "model/dialect.h"
#include "model/type/common.h"

void type_none_null(struct writer *out, const struct field *field)
{
    (void)field;
    writer_null(out);
}

void type_none_text(struct writer *out, const struct field *field)
{
    (void)field;
    writer_string(out, "", 0);
}

void type_none_list(struct writer *out, const struct field *field)
{
    (void)field;
    writer_raw(out, "[]", 2);
}

void type_write_text(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    writer_string(req->out, cell->text, cell->len);
}

bool type_asks_empty(const struct value *value)
{
    return value_is_empty(value) || (value->type == VALUE_BOOL && !value->boolean);
}

int type_bind_refuse(struct query *query, const char *name, const char *what)
{
    if (query->req->dialect)
        query->req->dialect->uncomparable(query->req, query->entity, name);
    else
        api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "Filter by %s: the value is no %s", name,
                 what);
    return BIND_FAILED;
}

int type_bind_number(struct query *query, const char *name, enum filter_op *op,
                     const struct value *value)
{
    double real;
    (void)op;
    if (value_to_double(value, &real))
        return query_bind_double(query, real);
    return type_bind_refuse(query, name, "number");
}

int type_bind_text(struct query *query, const char *name, enum filter_op *op,
                   const struct value *value)
{
    size_t len = 0;
    const char *text = value_to_text(query->req->arena, value, &len);
    (void)op;
    return text ? query_bind_text(query, text, len) : type_bind_refuse(query, name, "text");
}

bool type_take_real(const struct value *value, struct cell *cell)
{
    if (value_is_empty(value)) {
        cell->null = true;
        return true;
    }
    if (!value_to_double(value, &cell->real) || !isfinite(cell->real))
        return false;
    cell->real += 0.0; /* of -0 */
    return true;
}
