#include "model/dialect.h"

/* Pages: api-reference/crm/universal/crm-item-add, -get, -list; import/crm-item-batch-import. */

static enum api_rc item_invalid(struct request *req, const struct field *field)
{
    return api_fail(req, API_ERR_FIELD_NOT_VALID, "Invalid value for field \"%s\"", field->title);
}

static enum api_rc item_missing(struct request *req, const struct field *field)
{
    return api_fail(req, API_ERR_FIELD_MISSING, "The \"%s\" field is required", field->title);
}

static enum api_rc item_uncomparable(struct request *req, const struct entity *entity,
                                     const char *name)
{
    const struct field *field = entity_field(entity, name);
    return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                    "Invalid filter: field '%.100s' has invalid value",
                    field ? dialect_key(req, field) : name);
}

static enum api_rc item_absent(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Item not found");
}

static enum api_rc item_denied(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
}

void dialect_speak_item(struct request *req, const struct entity *entity, bool original)
{
    struct dialect *dialect = arena_alloc(req->arena, sizeof *dialect);
    *dialect = item_dialect;
    dialect->entity = entity;
    dialect->names = names_of(req, entity);
    dialect->original = original;
    req->dialect = dialect;
}

const struct dialect item_dialect = {
    .name = "item",
    .invalid = item_invalid,
    .missing = item_missing,
    .uncomparable = item_uncomparable,
    .absent = item_absent,
    .denied = item_denied,
};
