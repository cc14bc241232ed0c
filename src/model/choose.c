#include "model/choose.h"

#include <string.h>

#include "model/dialect.h"
#include "model/row.h"
#include "model/unknown.h"

/* The item dialect shows a row with all that belongs to it. */
static bool is_listed(const struct request *req, const struct field *field)
{
    if (!dialect_is_item(req))
        return row_listed(field);
    return field->flags & FIELD_ITEM_ONLY ||
           !(field->flags & (FIELD_CLASSIC_ONLY | FIELD_NOT_LISTED | FIELD_HIDDEN));
}

void choose_all(const struct request *req, const struct entity *entity, bool *chosen)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        if (is_listed(req, &entity->fields[i]))
            chosen[i] = true;
    }
}

/* With ID, so that one knows whose they are. */
static void choose_custom(const struct entity *entity, bool *chosen)
{
    chosen[0] = true;
    for (size_t i = entity->side_from; entity->side && i < entity->field_count; i++)
        chosen[i] = true;
}

/* "PROPERTY_*": all that begin so; no such field is as good as none chosen. */
static bool choose_prefix(const struct entity *entity, const char *name, bool *chosen)
{
    size_t len = strlen(name);
    if (!entity->select_prefix || strcmp(entity->select_prefix, name) != 0)
        return false;
    for (size_t i = 0; i < entity->field_count; i++)
        chosen[i] = chosen[i] || !strncmp(entity->fields[i].name, name, len - 1);
    chosen[0] = true;
    return true;
}

static enum api_rc choose_one(struct request *req, const struct entity *entity, const char *name,
                              bool *chosen, bool *any)
{
    const struct field *field = entity_field(entity, name);
    if (field && !dialect_has(req, field))
        field = NULL;
    if (!strcmp(name, "*"))
        choose_all(req, entity, chosen);
    else if (!field && !strcmp(name, "UF_*") && entity->user_fields)
        choose_custom(entity, chosen);
    else if (!field && choose_prefix(entity, name, chosen))
        ;
    else if (!field && strcmp(name, "UF_*") != 0)
        return unknown_name(req, IN_SELECT, name);
    else if (!field || field->flags & FIELD_NOT_LISTED)
        return API_OK;
    else
        chosen[field - entity->fields] = true;
    *any = true;
    return API_OK;
}

enum api_rc choose_select(struct request *req, const struct entity *entity, bool *chosen)
{
    const struct value *select = param_get(req, "select");
    bool any = false;
    enum api_rc rc = API_OK;
    if (select && select->type == VALUE_STRING && select->string.len)
        rc = choose_one(req, entity, select->string.text, chosen, &any);
    for (size_t i = 0; value_is_array(select) && i < select->array.count && rc == API_OK; i++) {
        const struct value *item = select->array.items[i].value;
        if (item->type == VALUE_STRING)
            rc = choose_one(req, entity, item->string.text, chosen, &any);
    }
    if (!any)
        choose_all(req, entity, chosen);
    chosen[0] = chosen[0] || dialect_is_item(req);
    for (size_t i = 0; i < entity->field_count; i++)
        chosen[0] = chosen[0] || (chosen[i] && entity->fields[i].flags & FIELD_WITH_ID);
    return rc;
}
