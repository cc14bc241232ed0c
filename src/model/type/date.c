/* Moments, and days that no zone's clocks move. */
#include "model/type/common.h"

typedef enum datetime_form parse_fn(const struct zone *zone, const char *text, size_t len,
                                    int64_t *number);

static bool take(struct request *req, parse_fn *parse, const struct value *value, struct cell *cell)
{
    size_t len;
    const char *text = value_to_text(req->arena, value, &len);
    if (!text)
        return false;
    if (!len) {
        cell->null = true;
        return true;
    }
    return parse(req->zone, text, len, &cell->integer) != DATETIME_INVALID;
}

static bool take_datetime(struct request *req, const struct field *field, const struct value *value,
                          struct cell *cell)
{
    (void)field;
    return take(req, datetime_parse, value, cell);
}

static bool take_date(struct request *req, const struct field *field, const struct value *value,
                      struct cell *cell)
{
    (void)field;
    return take(req, day_parse, value, cell);
}

static void write_datetime(struct request *req, const struct field *field, const struct cell *cell)
{
    char text[DATETIME_SIZE];
    (void)field;
    writer_string(req->out, text, datetime_format(req->zone, cell->integer, text));
}

static void write_date(struct request *req, const struct field *field, const struct cell *cell)
{
    char text[DATETIME_SIZE];
    (void)field;
    writer_string(req->out, text, day_format(req->zone, cell->integer, text));
}

static int bind(struct query *query, parse_fn *parse, const char *name, const struct value *value)
{
    size_t len = 0;
    int64_t number;
    const char *text = value_to_text(query->req->arena, value, &len);
    if (text && parse(query->req->zone, text, len, &number) != DATETIME_INVALID)
        return query_bind_int(query, number);
    return type_bind_refuse(query, name, "date");
}

static int bind_datetime(struct query *query, const char *name, enum filter_op *op,
                         const struct value *value)
{
    (void)op;
    return bind(query, datetime_parse, name, value);
}

static int bind_date(struct query *query, const char *name, enum filter_op *op,
                     const struct value *value)
{
    (void)op;
    return bind(query, day_parse, name, value);
}

/* A moment reads as in answers, in the offset that the portal's zone has now. */
static void sql_datetime(struct request *req, const struct field *field, const char *column,
                         struct buf *sql)
{
    (void)field;
    db_sql_datetime(req->db, sql, column, zone_offset(req->zone, (int64_t)req->now));
}

static void sql_date(struct request *req, const struct field *field, const char *column,
                     struct buf *sql)
{
    int offset = zone_offset(req->zone, (int64_t)req->now);
    (void)field;
    db_sql_datetime(req->db, sql, arena_printf(req->arena, "(%s * 86400)", column),
                    offset > 0 ? offset : 0);
}

const struct field_type type_datetime = {
    .name = "datetime",
    .storage = STORE_INT,
    .orders = true,
    .classic = {write_datetime, type_none_text, "{\"type\":\"string\"}"},
    .item = {write_datetime, type_none_null,
             "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"},
    .take = take_datetime,
    .asks_empty = type_asks_empty,
    .bind = bind_datetime,
    .sql_text = sql_datetime,
};

const struct field_type type_date = {
    .name = "date",
    .storage = STORE_INT,
    .orders = true,
    .classic = {write_date, type_none_text, "{\"type\":\"string\"}"},
    .item = {write_date, type_none_null,
             "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"},
    .take = take_date,
    .asks_empty = type_asks_empty,
    .bind = bind_date,
    .sql_text = sql_date,
};
