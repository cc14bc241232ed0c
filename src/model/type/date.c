/* Moments, and days that no zone's clocks move. */
#include "model/type/custom.h"

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

/* ---- custom fields ---- */

/* The value of DEFAULT_VALUE: {TYPE: NONE, NOW or FIXED, VALUE}. */
static const struct value *fallback(struct request *req, const struct field *field)
{
    const struct value *given = value_get(field->custom->settings, "DEFAULT_VALUE");
    const struct value *type = value_get(given, "TYPE");
    char text[DATETIME_SIZE];
    if (!type || type->type != VALUE_STRING)
        return NULL;
    if (!strcmp(type->string.text, "FIXED"))
        return value_get(given, "VALUE");
    if (strcmp(type->string.text, "NOW") != 0)
        return NULL;
    size_t len = datetime_format(req->zone, (int64_t)req->now, text);
    if (field->custom->type->kind == &type_date)
        len = 10; /* the day alone */
    return value_string(req->arena, arena_strndup(req->arena, text, len), len);
}

/* A FIXED one must be a date. */
static enum api_rc check(struct request *req, struct value *settings)
{
    static const char *const types[] = {"NONE", "NOW", "FIXED"};
    const struct value *given = value_get(settings, "DEFAULT_VALUE");
    const struct value *type = value_get_nocase(given, "TYPE"),
                       *value = value_get_nocase(given, "VALUE");
    size_t at = 2, len = 0;
    int64_t instant;
    while (at && !(type && type->type == VALUE_STRING && !strcmp(type->string.text, types[at])))
        at--;
    const char *text = at == 2 ? value_to_text(req->arena, value, &len) : "";
    if (at == 2 &&
        (!text || !len || datetime_parse(req->zone, text, len, &instant) == DATETIME_INVALID))
        return api_fail(req, API_ERR_CORE, "The default value is no date.");
    struct value *made = value_array(req->arena);
    value_set(req->arena, made, "TYPE", 4, value_string(req->arena, types[at], strlen(types[at])));
    value_set(req->arena, made, "VALUE", 5, value_string(req->arena, text, len));
    value_set(req->arena, settings, "DEFAULT_VALUE", strlen("DEFAULT_VALUE"), made);
    return API_OK;
}

#define DEFAULT_DATE                                                                               \
    {                                                                                              \
        "DEFAULT_VALUE", SETTING_ANY, "{\"TYPE\":\"NONE\",\"VALUE\":\"\"}", 0, NULL, "object",     \
            "Default Value"                                                                        \
    }
static const struct user_setting date_settings[] = {DEFAULT_DATE, {.form = SETTING_END}};
static const struct user_setting datetime_settings[] = {
    DEFAULT_DATE,
    {"USE_SECOND", SETTING_FLAG, "\"Y\"", 0, NULL, NULL, NULL},
    {"USE_TIMEZONE", SETTING_FLAG, "\"N\"", 0, NULL, NULL, NULL},
    {.form = SETTING_END}};

const struct user_type user_type_datetime = {.id = "datetime",
                                             .title = "Date/Time",
                                             .description = "Date with time",
                                             .place = 6,
                                             .kind = &type_datetime,
                                             .settings = datetime_settings,
                                             .check = check,
                                             .fallback = fallback};
USER_TYPE(user_type_datetime);

const struct user_type user_type_date = {.id = "date",
                                         .title = "Date",
                                         .description = "Date",
                                         .place = 7,
                                         .kind = &type_date,
                                         .settings = date_settings,
                                         .check = check,
                                         .fallback = fallback};
USER_TYPE(user_type_date);

/* ---- types ---- */

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
