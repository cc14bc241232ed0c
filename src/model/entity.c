#include "model/entity.h"

#include <string.h>

#include "base/check.h"

static uint32_t hash_name(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

/* Open addressing, at most half full: a place is an index into `fields` and one. */
void entity_index(struct entity *entity, struct arena *arena)
{
    uint32_t size = 64;
    while (size < 2 * entity->field_count)
        size *= 2;
    uint16_t *places = arena_zalloc(arena, size * sizeof *places);
    for (size_t i = 0; i < entity->field_count; i++) {
        uint32_t at = hash_name(entity->fields[i].name);
        while (places[at % size])
            at++;
        places[at % size] = (uint16_t)(i + 1);
    }
    entity->places = places;
    entity->place_count = size;
}

static const struct field *find_placed(const struct entity *entity, const char *name)
{
    for (uint32_t at = hash_name(name);; at++) {
        uint16_t place = entity->places[at % entity->place_count];
        if (!place || !strcmp(entity->fields[place - 1].name, name))
            return place ? &entity->fields[place - 1] : NULL;
    }
}

/* The program's own names are one text each in the binary: most look-ups end with the first loop. */
const struct field *entity_field(const struct entity *entity, const char *name)
{
    size_t own = entity->side ? entity->side_from : entity->field_count;
    for (size_t i = 0; i < own; i++) {
        if (entity->fields[i].name == name)
            return &entity->fields[i];
    }
    if (entity->places)
        return find_placed(entity, name);
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].name[0] == name[0] && !strcmp(entity->fields[i].name, name))
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
    if (!field) {
        struct buf what = {0};
        buf_printf(&what, "%s has no field %s", entity->name, name);
        check_failed(__FILE__, __LINE__, buf_text(&what));
    }
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
