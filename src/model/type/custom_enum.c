/* A custom field that holds one of its own list: the id of an item. */
#include "model/type/custom.h"

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    (void)req;
    if (type_asks_zero(value)) {
        cell->null = true;
        return true;
    }
    return value_to_int(value, &cell->integer) && user_field_item(field->custom, cell->integer);
}

/* The item, or the items of a multiple field, with DEF. */
static const struct value *fallback(struct request *req, const struct field *field)
{
    struct value *list = value_array(req->arena);
    for (size_t i = 0; i < field->custom->item_count; i++) {
        const struct user_field_item *item = &field->custom->items[i];
        if (!item->def)
            continue;
        if (!field->custom->multiple)
            return value_int(req->arena, item->id);
        value_push(req->arena, list, value_int(req->arena, item->id));
    }
    return list->array.count ? list : NULL;
}

static const struct field_type enumeration_kind = {
    .name = "custom enumeration", CUSTOM_ID, .take = take};

static const struct user_setting settings[] = {
    {"DISPLAY", SETTING_CHOICE, "\"LIST\"", 0, "LIST|UI|CHECKBOX|DIALOG", "string", "Appearance"},
    {"LIST_HEIGHT", SETTING_INT, "1", 1, NULL, "int", "List height"},
    {"CAPTION_NO_VALUE", SETTING_TEXT, "\"\"", 0, NULL, NULL, NULL},
    {"SHOW_NO_VALUE", SETTING_FLAG, "\"Y\"", 0, NULL, NULL, NULL},
    {.form = SETTING_END}};

const struct user_type user_type_enumeration = {.id = "enumeration",
                                                .title = "List",
                                                .description = "List",
                                                .place = 5,
                                                .kind = &enumeration_kind,
                                                .settings = settings,
                                                .listed = true,
                                                .fallback = fallback};
USER_TYPE(user_type_enumeration);
