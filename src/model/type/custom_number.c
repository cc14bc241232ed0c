/* Custom fields that hold a number, or yes and no. */
#include <math.h>
#include <stdlib.h>

#include "base/format.h"
#include "model/type/custom.h"

/* ---- integer ---- */

static bool take_integer(struct request *req, const struct field *field, const struct value *value,
                         struct cell *cell)
{
    (void)req;
    if (value_is_empty(value)) {
        cell->null = true;
        return true;
    }
    return value_to_int(value, &cell->integer) && custom_in_range(field, (double)cell->integer);
}

static const struct field_type integer_kind = {
    .name = "custom integer",
    .storage = STORE_INT,
    .orders = true,
    .classic = {type_write_int_text, type_none_null, "{\"type\":[\"string\",\"null\"]}"},
    .item = {type_write_int, type_none_null, "{\"type\":[\"integer\",\"null\"]}"},
    .take = take_integer,
    .asks_empty = type_asks_empty, /* zero is a number like any other */
    .bind = type_bind_int,
    .sql_text = type_sql_int,
};

static const struct user_setting integer_settings[] = {
    {"SIZE", SETTING_INT, "20", 1, NULL, NULL, NULL},
    {"MIN_VALUE", SETTING_INT, "0", INT64_MIN, NULL, NULL, NULL},
    {"MAX_VALUE", SETTING_INT, "0", INT64_MIN, NULL, NULL, NULL},
    {"DEFAULT_VALUE", SETTING_WHOLE, "null", 0, NULL, "int", "Default Value"},
    {.form = SETTING_END}};

const struct user_type user_type_integer = {.id = "integer",
                                            .title = "Integer",
                                            .description = "Integer",
                                            .place = 2,
                                            .kind = &integer_kind,
                                            .settings = integer_settings};
USER_TYPE(user_type_integer);

/* ---- double ---- */

/* To PRECISION decimals, as the decimal says that the caller wrote. */
static double round_to(double real, int64_t precision)
{
    char text[400];
    if (precision < 0 || precision > 15 || fabs(real) >= 1e15)
        return real;
    double scale = pow(10, (double)precision);
    format_text(text, sizeof text, "%.15g", real * scale);
    return round(strtod(text, NULL)) / scale;
}

static bool take_double(struct request *req, const struct field *field, const struct value *value,
                        struct cell *cell)
{
    (void)req;
    if (!type_take_real(value, cell) || cell->null)
        return cell->null;
    cell->real = round_to(cell->real, custom_int(field, "PRECISION")) + 0.0;
    return custom_in_range(field, cell->real);
}

static const struct field_type double_kind = {
    .name = "custom double",
    .storage = STORE_REAL,
    .orders = true,
    .classic = {type_write_real_text, type_none_null, "{\"type\":[\"string\",\"null\"]}"},
    .item = {type_write_real, type_none_null, "{\"type\":[\"number\",\"null\"]}"},
    .take = take_double,
    .asks_empty = type_asks_empty,
    .bind = type_bind_number,
    .sql_text = type_sql_real,
};

static const struct user_setting double_settings[] = {
    {"PRECISION", SETTING_INT, "2", 0, NULL, "int", "Precision"},
    {"SIZE", SETTING_INT, "20", 1, NULL, NULL, NULL},
    {"MIN_VALUE", SETTING_REAL, "0", 0, NULL, NULL, NULL},
    {"MAX_VALUE", SETTING_REAL, "0", 0, NULL, NULL, NULL},
    {"DEFAULT_VALUE", SETTING_REAL, "null", 0, NULL, "double", "Default Value"},
    {.form = SETTING_END}};

const struct user_type user_type_double = {.id = "double",
                                           .title = "Number",
                                           .description = "Number",
                                           .place = 3,
                                           .kind = &double_kind,
                                           .settings = double_settings};
USER_TYPE(user_type_double);

/* ---- boolean: 1 and 0, in the item dialect "Y" and "N" ---- */

static void write_yes(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    writer_string(req->out, cell->integer ? "Y" : "N", 1);
}

static void none_no(struct writer *out, const struct field *field)
{
    (void)field;
    writer_string(out, "N", 1);
}

static bool take_boolean(struct request *req, const struct field *field, const struct value *value,
                         struct cell *cell)
{
    bool flag;
    int64_t integer;
    (void)req;
    (void)field;
    if (value_is_empty(value))
        cell->null = true;
    else if (value_to_flag(value, &flag))
        cell->integer = flag;
    else if (value_to_int(value, &integer))
        cell->integer = integer >= 1;
    else
        return false;
    return true;
}

static int bind_boolean(struct query *query, const char *name, enum filter_op *op,
                        const struct value *value)
{
    bool flag;
    if (value_to_flag(value, &flag))
        return query_bind_int(query, flag);
    return type_bind_int(query, name, op, value);
}

/* "No" and what nobody has answered are found together. */
static bool asks_no(const struct value *value)
{
    bool flag = true;
    return value_is_empty(value) || (value_to_flag(value, &flag) && !flag);
}

static const struct field_type boolean_kind = {
    .name = "custom boolean",
    .storage = STORE_INT,
    .orders = true,
    .classic = {type_write_int_text, type_none_null, "{\"enum\":[\"1\",\"0\",null]}"},
    .item = {write_yes, none_no, "{\"enum\":[\"Y\",\"N\"]}"},
    .take = take_boolean,
    .asks_empty = asks_no,
    .empty = "0",
    .bind = bind_boolean,
    .sql_text = type_sql_int,
};

static enum api_rc check_boolean(struct request *req, struct value *settings)
{
    int64_t integer = 0;
    bool flag = false;
    const struct value *given = value_get(settings, "DEFAULT_VALUE");
    if (!value_to_int(given, &integer) && value_to_flag(given, &flag))
        integer = flag;
    value_set(req->arena, settings, "DEFAULT_VALUE", strlen("DEFAULT_VALUE"),
              value_int(req->arena, integer >= 1));
    return API_OK;
}

static const struct user_setting boolean_settings[] = {
    {"DEFAULT_VALUE", SETTING_ANY, "0", 0, NULL, "int", "Default Value"},
    {"DISPLAY", SETTING_CHOICE, "\"CHECKBOX\"", 0, "CHECKBOX|RADIO|DROPDOWN", "string",
     "Appearance"},
    {"LABEL", SETTING_ANY, "[\"\",\"\"]", 0, NULL, NULL, NULL},
    {"LABEL_CHECKBOX", SETTING_ANY, "\"\"", 0, NULL, NULL, NULL},
    {.form = SETTING_END}};

const struct user_type user_type_boolean = {.id = "boolean",
                                            .title = "Yes/No",
                                            .description = "Yes/No",
                                            .place = 4,
                                            .kind = &boolean_kind,
                                            .settings = boolean_settings,
                                            .single = true,
                                            .check = check_boolean};
USER_TYPE(user_type_boolean);
