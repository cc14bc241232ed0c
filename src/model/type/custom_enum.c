/* Custom fields that hold one of a list: the id of an item of their own (enumeration); of an element or a section of
 * an information block. There are no such blocks here: a field of these types has items of its own, if it likes. */
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

static const struct user_setting enumeration_settings[] = {
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
                                                .settings = enumeration_settings,
                                                .listed = true,
                                                .fallback = fallback};
USER_TYPE(user_type_enumeration);

/* ---- information blocks ---- */

static bool take_block(struct request *req, const struct field *field, const struct value *value,
                       struct cell *cell)
{
    if (field->custom->item_count || type_asks_zero(value))
        return take(req, field, value, cell);
    return value_to_int(value, &cell->integer) && cell->integer > 0;
}

static const struct value *block_fallback(struct request *req, const struct field *field)
{
    const struct value *item = fallback(req, field);
    return item ? item : value_get(field->custom->settings, "DEFAULT_VALUE");
}

static const struct field_type block_kind = {
    .name = "custom information block", CUSTOM_ID, .take = take_block};

static const struct user_setting block_settings[] = {
    {"IBLOCK_TYPE_ID", SETTING_TEXT, "\"\"", 0, NULL, "string", "Type of the information block"},
    {"IBLOCK_ID", SETTING_INT, "0", 0, NULL, "int", "Information block"},
    {"DEFAULT_VALUE", SETTING_TEXT, "\"\"", 0, NULL, "string", "Default Value"},
    {"DISPLAY", SETTING_CHOICE, "\"LIST\"", 0, "DIALOG|UI|LIST|CHECKBOX", "string", "Appearance"},
    {"LIST_HEIGHT", SETTING_INT, "1", 1, NULL, "int", "List height"},
    {"ACTIVE_FILTER", SETTING_FLAG, "\"N\"", 0, NULL, "char", "Only active ones"},
    {.form = SETTING_END}};

const struct user_type user_type_iblock_section = {.id = "iblock_section",
                                                   .title = "Binding to Information Block Sections",
                                                   .description =
                                                       "Linked to information block sections",
                                                   .place = 14,
                                                   .kind = &block_kind,
                                                   .settings = block_settings,
                                                   .listed = true,
                                                   .fallback = block_fallback};
USER_TYPE(user_type_iblock_section);

const struct user_type user_type_iblock_element = {.id = "iblock_element",
                                                   .title = "Binding to Information Block Elements",
                                                   .description =
                                                       "Linked to information block elements",
                                                   .place = 15,
                                                   .kind = &block_kind,
                                                   .settings = block_settings,
                                                   .listed = true,
                                                   .fallback = block_fallback};
USER_TYPE(user_type_iblock_element);
