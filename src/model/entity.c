#include "model/entity.h"

#include <string.h>

#include "base/check.h"

const struct field *entity_field(const struct entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        if (!strcmp(entity->fields[i].name, name))
            return &entity->fields[i];
    }
    return NULL;
}

bool field_is_free_text(const struct field *field)
{
    return field->kind->caseless && !(field->flags & FIELD_CODE) && !field->codes;
}

size_t entity_at(const struct entity *entity, const char *name)
{
    const struct field *field = entity_field(entity, name);
    CHECK(field);
    return (size_t)(field - entity->fields);
}

struct cell *change_cell(struct change *change, const char *name)
{
    return &change->now[entity_at(change->entity, name)];
}

bool change_given(struct change *change, const char *name)
{
    return change_cell(change, name)->given;
}

enum api_rc change_required(struct change *change)
{
    for (size_t i = 0; i < change->entity->field_count; i++) {
        const struct field *field = &change->entity->fields[i];
        const struct cell *cell = &change->now[i];
        bool text = field->kind->storage == STORE_TEXT;
        if (field->flags & FIELD_REQUIRED && (text ? cell_is_empty(cell) : cell->null))
            return api_fail(change->req, API_ERR_METHOD, "The field %s is required.", field->name);
    }
    return API_OK;
}

void cell_set_int(struct cell *cell, int64_t integer)
{
    cell->null = false;
    cell->integer = integer;
}

void cell_set_text(struct cell *cell, const char *text)
{
    cell->null = false;
    cell->text = text;
    cell->len = strlen(text);
}

void cell_set_null(struct cell *cell)
{
    cell->null = true;
    cell->text = "";
    cell->len = 0;
    cell->integer = 0;
}

bool cell_is_empty(const struct cell *cell)
{
    return cell->null || !cell->len;
}
