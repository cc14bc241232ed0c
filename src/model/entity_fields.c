/* entity_fields - `fields` of every entity: what its fields are. */
#include <string.h>

#include "base/check.h"
#include "model/catalog.h"
#include "model/user_field.h"

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
                 {"isMultiple", FIELD_MULTIPLE}};
    writer_keyz(out, field->name);
    writer_begin_object(out);
    writer_keyz(out, "type");
    writer_stringz(out, field->type);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        writer_keyz(out, flags[i].name);
        writer_bool(out, field->flags & flags[i].flag);
    }
    writer_keyz(out, "isDynamic");
    writer_bool(out, field->custom != NULL);
    if (field->status_type) {
        writer_keyz(out, "statusType");
        writer_stringz(out, field->status_type);
    }
    if (field->flags & FIELD_DEPRECATED) {
        writer_keyz(out, "isDeprecated");
        writer_bool(out, true);
    }
    if (field->custom)
        user_field_describe(out, field->custom, field->title);
    else
        writer_text(out, "title", field->title);
    if (field->flags & FIELD_PARENT) {
        writer_keyz(out, "settings");
        writer_begin_object(out);
        writer_keyz(out, "parentEntityTypeId");
        writer_int(out, parent_type_id(field->type));
        writer_end_object(out);
    }
    writer_end_object(out);
}

enum api_rc entity_fields(struct request *req, const struct entity *entity)
{
    entity = catalog_entity(req, entity);
    writer_begin_object(req->out);
    for (size_t i = 0; i < entity->field_count; i++) {
        if (!(entity->fields[i].flags & FIELD_HIDDEN))
            field_describe(req->out, &entity->fields[i]);
    }
    writer_end_object(req->out);
    return API_OK;
}
