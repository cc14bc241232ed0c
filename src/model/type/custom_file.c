/* A custom field that holds a file: the id of it (model/user_file). */
#include <strings.h>

#include "model/type/custom.h"
#include "model/user_file.h"
#include "portal/file_given.h"
#include "portal/file_store.h"

/* Is the end of the name one of EXTENSIONS, when there are any? [".pdf", "doc"] or {"pdf": true}. */
static bool good_extension(struct request *req, const struct field *field, const char *name)
{
    const struct value *list = value_get(field->custom->settings, "EXTENSIONS");
    const char *dot = strrchr(name, '.');
    if (!value_is_array(list) || !list->array.count)
        return true;
    for (size_t i = 0; i < list->array.count; i++) {
        size_t len;
        const char *one = value_to_text(req->arena, list->array.items[i].value, &len);
        if (dot && one && !strcasecmp(dot + 1, one + (*one == '.')))
            return true;
    }
    return false;
}

static bool good_file(struct request *req, const struct field *field, const struct value *pair)
{
    const struct value *text = value_get(pair, "1");
    int64_t most = custom_int(field, "MAX_ALLOWED_SIZE");
    if (!file_given_good(req, pair))
        return false;
    if (most > 0 && file_base64_size(text->string.text, text->string.len) > (size_t)most)
        return false;
    return good_extension(req, field, value_get(pair, "0")->string.text);
}

/* What it stores goes again with the call when that is refused. */
static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    const struct value *pair;
    switch (user_file_wish(value, &cell->integer, &pair)) {
    case USER_FILE_NONE:
        cell->null = true;
        return true;
    case USER_FILE_KEPT:
        return true;
    case USER_FILE_NEW:
        return good_file(req, field, pair) &&
               user_file_store(req, field, pair, &cell->integer) == API_OK;
    case USER_FILE_WRONG:
        break;
    }
    return false;
}

static void write_file(struct request *req, int64_t id, const char *first, const char *second)
{
    const char *address = user_file_address(req, id);
    writer_begin_object(req->out);
    writer_number(req->out, "id", id);
    writer_text(req->out, first, address);
    writer_text(req->out, second, address);
    writer_end_object(req->out);
}

static void write_classic(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    write_file(req, cell->integer, "showUrl", "downloadUrl");
}

static void write_item(struct request *req, const struct field *field, const struct cell *cell)
{
    (void)field;
    write_file(req, cell->integer, "url", "urlMachine");
}

static bool is_one(const struct value *value)
{
    const struct value *pair;
    int64_t id;
    bool named = value_get_nocase(value, "id") || value_get_nocase(value, "remove");
    return named || user_file_wish(value, &id, &pair) == USER_FILE_NEW;
}

#define SCHEMA(first, second)                                                                      \
    "{\"type\":[\"object\",\"null\"],\"properties\":{\"id\":{\"type\":\"integer\"},\"" first       \
    "\":{\"type\":\"string\"},\"" second "\":{\"type\":\"string\"}}}"

static const struct field_type file_kind = {
    .name = "custom file",
    .storage = STORE_INT,
    .classic = {write_classic, type_none_null, SCHEMA("showUrl", "downloadUrl")},
    .item = {write_item, type_none_null, SCHEMA("url", "urlMachine")},
    .take = take,
    .asks_empty = type_asks_zero,
    .empty = "0",
    .bind = type_bind_int,
    .sql_text = type_sql_int,
    .settle = user_file_settle,
};

static const struct user_setting settings[] = {
    {"SIZE", SETTING_INT, "20", 1, NULL, "int", "Size of the input field"},
    {"LIST_WIDTH", SETTING_INT, "0", 0, NULL, "int", "Width of the picture"},
    {"LIST_HEIGHT", SETTING_INT, "0", 0, NULL, "int", "Height of the picture"},
    {"MAX_SHOW_SIZE", SETTING_INT, "0", 0, NULL, "int", "Largest file that is shown"},
    {"MAX_ALLOWED_SIZE", SETTING_INT, "0", 0, NULL, "int", "Largest file that is taken"},
    {"EXTENSIONS", SETTING_LIST, "[]", 0, NULL, "array", "Extensions that are taken"},
    {"TARGET_BLANK", SETTING_FLAG, "\"Y\"", 0, NULL, "char", "Open in a new tab"},
    {.form = SETTING_END}};

const struct user_type user_type_file = {.id = "file",
                                         .title = "File",
                                         .description = "File",
                                         .place = 11,
                                         .kind = &file_kind,
                                         .settings = settings,
                                         .is_one = is_one};
USER_TYPE(user_type_file);
