/* crm.dealcategory.* - the funnels of deals, as they were called before crm.category.*.
 *
 * What:    the default funnel is apart from the others here: no get or list shows it.
 * Used by: the registry.
 * Pages:   api-reference/crm/outdated/category-old/.
 */
#include <string.h>

#include "crm/category.h"
#include "crm/owner.h"
#include "crm/stage.h"
#include "crm/status.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/shape.h"

static const struct field funnel_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("CREATED_DATE", "datetime", "Created", FIELD_DATETIME, "created", FIELD_READ_ONLY,
              NULL),
    FIELD_ROW("NAME", "string", "Name", FIELD_TEXT, "name", FIELD_REQUIRED, NULL),
    FIELD_ROW("IS_LOCKED", "char", "Is locked", FIELD_FLAG, "is_locked", FIELD_READ_ONLY, "N"),
    FIELD_ROW("SORT", "integer", "Sorting", FIELD_INT, "sort", 0, NULL),
};

/* Whoever may read deals may read their funnels. */
static bool may_any(const struct caller *caller, const struct entity *entity,
                    enum access_action action)
{
    (void)entity;
    return action == ACCESS_READ ? access_any(caller, OWNER_DEAL, ACCESS_READ) : caller->is_admin;
}

static enum api_rc may_row(struct request *req, const struct entity *entity,
                           enum access_action action, const struct cell *row)
{
    bool may = may_any(req->caller, entity, action) &&
               access_level_in(req->caller, OWNER_DEAL, row[0].integer, action) != ACCESS_NONE;
    return may ? API_OK : permit_denied(req);
}

/* Without the funnels that he may read no deals of. */
static void may_list(struct query *query)
{
    const struct caller *caller = query->req->caller;
    bool others = access_level(caller, OWNER_DEAL, ACCESS_READ) != ACCESS_NONE;
    size_t count;
    const struct access_row *funnel = access_funnels(caller, OWNER_DEAL, &count);
    query_and(query);
    buf_printf(&query->where, "t.id %s (-1", others ? "NOT IN" : "IN");
    for (size_t i = 0; i < count; i++) {
        if ((funnel[i].level[ACCESS_READ] == ACCESS_NONE) == others)
            buf_printf(&query->where, ",%lld", (long long)funnel[i].category_id);
    }
    buf_addc(&query->where, ')');
}

static const struct permit funnel_permit = {.any = may_any, .row = may_row, .list = may_list};

static const struct entity funnel_entity = {
    .name = "funnel",
    .table = "category",
    .where = "t.entity_type_id = 2 AND t.id > 0",
    .permit = &funnel_permit,
    .fields = funnel_fields,
    .field_count = sizeof funnel_fields / sizeof funnel_fields[0],
    .not_found = "Not found",
};

/* ---- what a call names ---- */

static enum api_rc find(struct request *req, struct category *category)
{
    int64_t id;
    bool found;
    if (!req->caller->is_admin)
        return permit_denied(req);
    if (!param_int(req, "id", &id) || id <= 0)
        return api_fail_text(req, "ID is not defined or invalid.");
    enum api_rc rc = category_hold(req, OWNER_DEAL, id, category, &found);
    return rc == API_OK && !found ? api_fail_text(req, funnel_entity.not_found) : rc;
}

static enum api_rc take_fields(struct request *req, bool is_add, struct category *category)
{
    const struct value *fields = param_get(req, "fields");
    const struct value *name = value_get_nocase(fields, "NAME");
    const struct value *sort = value_get_nocase(fields, "SORT");
    size_t len = 0;
    const char *text = name ? value_to_text(req->arena, name, &len) : NULL;
    if (fields && !value_is_empty(fields) && fields->type != VALUE_ARRAY)
        return api_fail_text(req, "Parameter 'fields' must be array.");
    if ((name || is_add) && (!text || strspn(text, " \t\r\n") == len))
        return api_fail_text(req, "Field 'NAME' is required");
    if (sort && !value_to_int(sort, &category->sort))
        return api_fail_text(req, "The field SORT is not defined or invalid");
    if (category->sort < 0)
        category->sort = 0;
    if (text)
        category->name = text;
    return API_OK;
}

/* ---- handlers ---- */

static enum api_rc add(struct request *req)
{
    struct category category = {.code = "", .origin_id = "", .originator_id = ""};
    if (!req->caller->is_admin)
        return permit_denied(req);
    enum api_rc rc = take_fields(req, true, &category);
    if (rc == API_OK)
        rc = category_add(req, &deal_entity, &category);
    if (rc == API_OK)
        writer_int(req->out, category.id);
    return rc;
}

static enum api_rc update(struct request *req)
{
    struct category category;
    enum api_rc rc = find(req, &category);
    if (rc == API_OK)
        rc = take_fields(req, false, &category);
    if (rc == API_OK)
        rc = category_update(req, &category);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc remove_one(struct request *req)
{
    struct category category;
    bool used = false;
    enum api_rc rc = find(req, &category);
    if (rc == API_OK)
        rc = category_in_use(req, &deal_entity, category.id, &used);
    if (rc == API_OK && used)
        rc = api_fail(req, API_ERR_METHOD, "Deals related to the funnel %s found", category.name);
    if (rc == API_OK)
        rc = category_remove(req, &deal_entity, category.id);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc get(struct request *req)
{
    return entity_get(req, &funnel_entity);
}

static enum api_rc list(struct request *req)
{
    return entity_list(req, &funnel_entity);
}

static enum api_rc fields(struct request *req)
{
    return entity_fields(req, &funnel_entity);
}

static enum api_rc default_get(struct request *req)
{
    struct category category;
    bool found;
    enum api_rc rc = permit_any(req, &funnel_entity, ACCESS_READ);
    if (rc == API_OK)
        rc = category_find(req, OWNER_DEAL, 0, &category, &found);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "ID");
    writer_int(req->out, 0);
    writer_keyz(req->out, "NAME");
    writer_stringz(req->out, category.name);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc default_set(struct request *req)
{
    struct category category;
    bool found;
    const char *name = param_text(req, "name");
    if (!req->caller->is_admin)
        return permit_denied(req);
    if (!name[strspn(name, " \t\r\n")])
        return api_fail_text(req, "Field 'NAME' is required");
    enum api_rc rc = category_hold(req, OWNER_DEAL, 0, &category, &found);
    category.name = name;
    if (rc == API_OK)
        rc = category_update(req, &category);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* The directory of its stages; without an id, or with 0, that of the default funnel. */
static enum api_rc directory_param(struct request *req, const char **directory)
{
    int64_t id = 0;
    struct category category;
    bool found;
    *directory = NULL;
    if (!value_is_empty(param_get(req, "id")) && (!param_int(req, "id", &id) || id < 0))
        return api_fail_text(req, "ID is not defined or invalid.");
    enum api_rc rc = permit_any(req, &funnel_entity, ACCESS_READ);
    if (rc == API_OK)
        rc = category_find(req, OWNER_DEAL, id, &category, &found);
    if (rc == API_OK && found)
        *directory = category.directory;
    return rc;
}

static enum api_rc status(struct request *req)
{
    const char *directory;
    enum api_rc rc = directory_param(req, &directory);
    if (rc == API_OK && !directory)
        rc = api_fail_text(req, funnel_entity.not_found);
    if (rc == API_OK)
        writer_stringz(req->out, directory);
    return rc;
}

/* A funnel that is not there has no stages. */
static enum api_rc stage_list(struct request *req)
{
    const char *directory;
    enum api_rc rc = directory_param(req, &directory);
    return rc == API_OK ? status_items(req, directory ? directory : "") : rc;
}

/* ---- the table ---- */

static const struct param id_params[] = {
    {"id", PARAM_INT, true, "Identifier of the funnel, greater than 0."},
    {0},
};
static const struct param any_id_params[] = {
    {"id", PARAM_INT, false, "Identifier of the funnel; 0, or nothing, is the default one."},
    {0},
};
static const struct param category_keys[] = {{"NAME", PARAM_STRING}, {"SORT", PARAM_INT}, {0}};
static const struct param add_params[] = {
    {"fields", PARAM_ARRAY, true, "The funnel; its NAME is needed.", .keys = category_keys},
    {0},
};
static const struct param update_params[] = {
    {"id", PARAM_INT, true, "Identifier of the funnel, greater than 0."},
    {"fields", PARAM_ARRAY, false, "The values to change.", .keys = category_keys},
    {0},
};
static const struct param name_params[] = {
    {"name", PARAM_STRING, true, "The name of the default funnel."},
    {0},
};
static const struct param list_params[] = {
    {"select", PARAM_ANY, false, "Field names."},
    {"filter", PARAM_FILTER, false, "Conditions: operator and field name."},
    {"order", PARAM_ORDER, false, "ASC or DESC by field name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

#define DEALCATEGORY(method, about, in, takes, shape, file, handler, ...)                          \
    {                                                                                              \
        .name = "crm.dealcategory." method, .summary = about, .scope = "crm", .lane = in,          \
        .params = takes, .result = shape,                                                          \
        .page = "api-reference/crm/outdated/category-old/crm-deal-category-" file,                 \
        .handle = handler, __VA_ARGS__                                                             \
    }

static const struct param funnel[] = {{"", PARAM_ROW, .entity = &funnel_entity}, {0}};
static const struct param stage_keys[] = {{"NAME", PARAM_STRING, true},
                                          {"SORT", PARAM_INT, true},
                                          {"STATUS_ID", PARAM_STRING, true},
                                          {0}};

static const struct param default_keys[] = {
    {"ID", PARAM_INT, true}, {"NAME", PARAM_STRING, true}, {0}};

static const struct method methods[] = {
    DEALCATEGORY("add", "Add a funnel of deals with its stages.", LANE_WRITE, add_params, SHAPE_INT,
                 "add", add, .no_batch = false),
    DEALCATEGORY("update", "Change a funnel of deals.", LANE_WRITE, update_params, SHAPE_BOOL,
                 "update", update, .no_batch = false),
    DEALCATEGORY("get", "Return a funnel of deals, but for the default one.", LANE_READ, id_params,
                 SHAPE_OBJECT, "get", get, .gives = funnel),
    DEALCATEGORY("list", "Return funnels of deals by filter, but for the default one.", LANE_READ,
                 list_params, SHAPE_LIST, "list", list, .gives = funnel),
    DEALCATEGORY("delete", "Delete a funnel without deals, with its stages.", LANE_WRITE, id_params,
                 SHAPE_BOOL, "delete", remove_one, .no_batch = false),
    DEALCATEGORY("fields", "Describe the fields of a funnel of deals.", LANE_READ, NULL,
                 SHAPE_OBJECT, "fields", fields, .gives = shape_fields),
    DEALCATEGORY("default.get", "Return the default funnel of deals.", LANE_READ, NULL,
                 SHAPE_OBJECT, "default-get", default_get, .gives = default_keys),
    DEALCATEGORY("default.set", "Rename the default funnel of deals.", LANE_WRITE, name_params,
                 SHAPE_BOOL, "default-set", default_set, .no_batch = false),
    DEALCATEGORY("status", "Return the directory of a funnel's stages.", LANE_READ, any_id_params,
                 SHAPE_STRING, "status", status, .no_batch = false),
    DEALCATEGORY("stage.list", "Return the stages of a funnel of deals.", LANE_READ, any_id_params,
                 SHAPE_LIST, "stage-list", stage_list, .gives = stage_keys),
};

MODULE(crm_dealcategory, METHODS(methods));
