/* user.userfield.* - custom fields of people.
 *
 * What:    as crm.deal.userfield.*, for administrators alone; the names begin with UF_USR_. user.get shows the
 *          values, user.add and user.update take them.
 * Used by: the registry.
 * Pages:   api-reference/user/userfields/.
 */
#include <string.h>

#include "model/method.h"
#include "model/permit.h"
#include "model/shape.h"
#include "model/user_field_verbs.h"

#define OBJECT "USER"

static enum api_rc administrator(struct request *req)
{
    return req->caller->is_admin ? API_OK : permit_denied(req);
}

static const struct value *fields_of(struct request *req)
{
    const struct value *fields = param_get(req, "fields");
    return value_is_array(fields) ? fields : value_array(req->arena);
}

/* A missing one is refused as what may not be seen. */
static enum api_rc named(struct request *req, const struct user_field **field)
{
    int64_t id;
    enum api_rc rc = administrator(req);
    if (rc != API_OK)
        return rc;
    if (!param_int(req, "id", &id) || id <= 0)
        return api_fail_text(req, "ID is not defined or invalid");
    *field = user_field_find(req, id);
    return *field && !strcmp((*field)->entity_id, OBJECT) ? API_OK : permit_denied(req);
}

static enum api_rc add(struct request *req)
{
    struct user_field_owner owner = user_field_owner(req->arena, OBJECT);
    int64_t id;
    enum api_rc rc = administrator(req);
    if (rc == API_OK)
        rc = user_field_add(req, &owner, fields_of(req), &id);
    if (rc == API_OK)
        writer_int(req->out, id);
    return rc;
}

static enum api_rc update(struct request *req)
{
    const struct user_field *field;
    struct user_field_owner owner = user_field_owner(req->arena, OBJECT);
    enum api_rc rc = named(req, &field);
    if (rc == API_OK)
        rc = user_field_update(req, &owner, field, fields_of(req));
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc remove_field(struct request *req)
{
    const struct user_field *field;
    struct user_field_owner owner = user_field_owner(req->arena, OBJECT);
    enum api_rc rc = named(req, &field);
    if (rc == API_OK)
        rc = user_field_remove(req, &owner, field);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc list(struct request *req)
{
    enum api_rc rc = administrator(req);
    return rc == API_OK ? user_field_answer_list(req, OBJECT) : rc;
}

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the custom field.", .asked = true                    \
    }
static const struct param add_params[] = {
    {"fields", PARAM_ARRAY, true, "FIELD_NAME, USER_TYPE_ID, SETTINGS and others.", .asked = true},
    {0}};
static const struct param update_params[] = {
    ID,
    {"fields", PARAM_ARRAY, false, "What changes: labels, SETTINGS, LIST, MANDATORY and others."},
    {0}};
static const struct param id_params[] = {ID, {0}};
static const struct param list_params[] = {
    {"order", PARAM_ORDER, false, "ASC or DESC by ID, FIELD_NAME, USER_TYPE_ID, XML_ID, SORT."},
    {"filter", PARAM_FILTER, false, "Conditions; LANG adds the labels in that language."},
    {0}};

#define PAGE(name) "api-reference/user/userfields/user-userfield-" name
static const struct method methods[] = {
    {.name = "user.userfield.add",
     .summary = "Add a custom field of people.",
     .scope = "user.userfield",
     .lane = LANE_WRITE,
     .schema = true,
     .params = add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = add},
    {.name = "user.userfield.update",
     .summary = "Change a custom field of people.",
     .scope = "user.userfield",
     .lane = LANE_WRITE,
     .schema = true,
     .params = update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = update},
    {.name = "user.userfield.list",
     .summary = "Return custom fields of people.",
     .scope = "user.userfield",
     .lane = LANE_READ,
     .params = list_params,
     .result = SHAPE_LIST,
     .gives = shape_user_field,
     .page = PAGE("list"),
     .handle = list},
    {.name = "user.userfield.delete",
     .summary = "Remove a custom field of people.",
     .scope = "user.userfield",
     .lane = LANE_WRITE,
     .schema = true,
     .params = id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = remove_field},
};

MODULE(user_userfield, METHODS(methods));
