/* Custom fields that hold a text: string, url, address, and whatever an application means by its own. */
#include "model/type/custom.h"

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    cell->text = value_to_text(req->arena, value, &cell->len);
    if (!cell->text)
        return false;
    cell->null = !cell->len;
    return custom_fits(field, cell->text, cell->len);
}

static const struct field_type text_kind = {.name = "custom text", CUSTOM_TEXT, .take = take};

/* Nobody here looks whether a text fits an expression. */
static enum api_rc check_string(struct request *req, struct value *settings)
{
    const struct value *pattern = value_get(settings, "REGEXP");
    if (pattern->string.len)
        return api_fail(req, API_ERR_CORE, "REGEXP is not supported.");
    return API_OK;
}

static const struct user_setting string_settings[] = {
    {"SIZE", SETTING_INT, "20", 1, NULL, NULL, NULL},
    {"ROWS", SETTING_INT, "1", 1, NULL, "int", "Number of rows in the input field"},
    {"REGEXP", SETTING_TEXT, "\"\"", 0, NULL, NULL, NULL},
    {"MIN_LENGTH", SETTING_INT, "0", 0, NULL, NULL, NULL},
    {"MAX_LENGTH", SETTING_INT, "0", 0, NULL, NULL, NULL},
    {"DEFAULT_VALUE", SETTING_TEXT, "\"\"", 0, NULL, "string", "Default Value"},
    {.form = SETTING_END}};

const struct user_type user_type_string = {.id = "string",
                                           .title = "String",
                                           .description = "String",
                                           .place = 1,
                                           .kind = &text_kind,
                                           .settings = string_settings,
                                           .check = check_string};
USER_TYPE(user_type_string);

static const struct user_setting url_settings[] = {
    {"POPUP", SETTING_FLAG, "\"Y\"", 0, NULL, "char", "Open in a new window"},
    {"SIZE", SETTING_INT, "20", 1, NULL, "int", "Size of the input field"},
    {"MIN_LENGTH", SETTING_INT, "0", 0, NULL, NULL, NULL},
    {"MAX_LENGTH", SETTING_INT, "0", 0, NULL, NULL, NULL},
    {"DEFAULT_VALUE", SETTING_TEXT, "\"\"", 0, NULL, "string", "Default Value"},
    {"ROWS", SETTING_INT, "1", 1, NULL, NULL, NULL},
    {.form = SETTING_END}};

const struct user_type user_type_url = {.id = "url",
                                        .title = "Link",
                                        .description = "Link",
                                        .place = 9,
                                        .kind = &text_kind,
                                        .settings = url_settings};
USER_TYPE(user_type_url);

/* "Street 1, City|52.5;13.4|5": the text, its place on the map, an id. Kept as it is given. */
static const struct user_setting address_settings[] = {
    {"SHOW_MAP", SETTING_FLAG, "\"Y\"", 0, NULL, "char", "Show the map"}, {.form = SETTING_END}};

const struct user_type user_type_address = {.id = "address",
                                            .title = "Google Maps Address",
                                            .description = "Address",
                                            .place = 10,
                                            .kind = &text_kind,
                                            .settings = address_settings};
USER_TYPE(user_type_address);

/* Stands for all "rest_5_color" (userfieldtype.add). */
const struct user_type user_type_rest = {
    .id = "rest", .title = "", .description = "", .kind = &text_kind};
USER_TYPE(user_type_rest);
