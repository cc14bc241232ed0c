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

/* "crm_company" -> 4: the entity type (crm.enum.ownertype) that a field's type refers to. */
static int parent_type_id(const char *type)
{
    static const struct {
        const char *type;
        int id;
    } parents[] = {{"crm_lead", 1}, {"crm_company", 4}, {"crm_quote", 7}};
    for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
        if (!strcmp(parents[i].type, type))
            return parents[i].id;
    }
    CHECK(false && "a parent field of an unknown type");
    return 0;
}

void field_describe(struct writer *out, const struct field *field)
{
    static const struct {
        const char *name;
        unsigned flag;
    } flags[] = {{"isRequired", FIELD_REQUIRED},
                 {"isReadOnly", FIELD_READ_ONLY},
                 {"isImmutable", FIELD_IMMUTABLE},
                 {"isMultiple", FIELD_MULTIPLE},
                 {"isDynamic", 0}};
    writer_keyz(out, field->name);
    writer_begin_object(out);
    writer_keyz(out, "type");
    writer_stringz(out, field->type);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        writer_keyz(out, flags[i].name);
        writer_bool(out, field->flags & flags[i].flag);
    }
    if (field->status_type) {
        writer_keyz(out, "statusType");
        writer_stringz(out, field->status_type);
    }
    if (field->flags & FIELD_DEPRECATED) {
        writer_keyz(out, "isDeprecated");
        writer_bool(out, true);
    }
    writer_keyz(out, "title");
    writer_stringz(out, field->title);
    if (field->flags & FIELD_PARENT) {
        writer_keyz(out, "settings");
        writer_begin_object(out);
        writer_keyz(out, "parentEntityTypeId");
        writer_int(out, parent_type_id(field->type));
        writer_end_object(out);
    }
    writer_end_object(out);
}
