/* entity_fields - `fields` of every entity: what its fields are. */
#include <string.h>

#include "base/check.h"
#include "model/catalog.h"
#include "model/codes.h"
#include "model/dialect.h"
#include "model/registry.h"
#include "model/relation.h"
#include "model/user_field.h"

/* "crm_company" -> 4: the entity type (crm.enum.ownertype) that a field's type refers to. */
/* "crm_lead": the entity that is called so. */
static int parent_type_id(const struct request *req, const char *type)
{
    const struct entity *parent = entity_of_code(req, type + strlen("crm_"));
    CHECK(parent && "a parent field of an unknown type");
    return parent->type_id;
}

/* What crm.item.fields calls the type. */
static const char *type_name(const struct request *req, const struct field *field)
{
    if (!dialect_is_item(req))
        return field->type;
    if (!strcmp(field->type, "string") && field->flags & FIELD_LONG)
        return "text";
    return field->kind->item_name ? field->kind->item_name : field->type;
}

/* The classic dialect tells the code of a custom field, the other one what people call it. */
static const char *title_of(const struct request *req, const struct field *field)
{
    const char *label = field->custom->label[USER_LABEL_COLUMN];
    return dialect_is_item(req) && *label ? label : field->title;
}

static void describe_parent(const struct request *req, struct writer *out,
                            const struct field *field)
{
    writer_keyz(out, "settings");
    writer_begin_object(out);
    writer_number(out, "parentEntityTypeId",
                  field->relation ? field->relation->to->type_id
                                  : parent_type_id(req, field->type));
    writer_end_object(out);
}

void field_describe(struct request *req, const struct field *field)
{
    writer_keyz(req->out, dialect_key(req, field));
    field_describe_value(req, field);
}

void field_describe_value(struct request *req, const struct field *field)
{
    struct writer *out = req->out;
    static const struct {
        const char *name;
        unsigned flag;
    } flags[] = {{"isRequired", FIELD_REQUIRED},
                 {"isReadOnly", FIELD_READ_ONLY},
                 {"isImmutable", FIELD_IMMUTABLE},
                 {"isMultiple", FIELD_MULTIPLE}};
    unsigned set = field->flags;
    if (dialect_is_item(req) && set & FIELD_ITEM_TAKEN)
        set &= ~(unsigned)(FIELD_READ_ONLY | FIELD_IMMUTABLE);
    writer_begin_object(out);
    writer_text(out, "type", type_name(req, field));
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        writer_keyz(out, flags[i].name);
        writer_bool(out, set & flags[i].flag);
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
        user_field_describe(out, field->custom, title_of(req, field));
    else
        writer_text(out, "title", field->title);
    if (field->flags & FIELD_PARENT)
        describe_parent(req, out, field);
    if (dialect_is_item(req))
        writer_text(out, "upperName", field->item_name ? field->item_name : field->name);
    writer_end_object(out);
}

enum api_rc entity_fields(struct request *req, const struct entity *entity)
{
    enum api_rc rc;
    entity = catalog_entity(req, entity);
    writer_begin_object(req->out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (!dialect_has(req, field) || field->flags & FIELD_HIDDEN)
            continue;
        struct field shown = *field;
        if (!field->status_type && field->codes && field->codes->directory &&
            (rc = field->codes->directory(req, entity, &shown.status_type)) != API_OK)
            return rc;
        writer_keyz(req->out, dialect_key(req, field));
        field_describe_value(req, &shown);
    }
    writer_end_object(req->out);
    return API_OK;
}
