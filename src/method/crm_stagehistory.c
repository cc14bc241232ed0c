/* crm.stagehistory.list - which stages the rows of a type went through.
 *
 * What:    the rows that crm/stage keeps with each change, told to whoever may read what they are about.
 * Used by: the registry.
 * Pages:   api-reference/crm/crm-stage-history-list.
 */
#include <strings.h>

#include "crm/stage.h"
#include "model/arg.h"
#include "model/dialect.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/registry.h"

#define COMMON                                                                                     \
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),                      \
        FIELD_ROW("TYPE_ID", "integer", "Type", FIELD_INT, "type_id", FIELD_READ_ONLY, NULL),      \
        FIELD_ROW("OWNER_ID", "integer", "Owner", FIELD_INT, "owner_id", FIELD_READ_ONLY, NULL),   \
        FIELD_ROW("CREATED_TIME", "datetime", "Created", FIELD_DATETIME, "created_time",           \
                  FIELD_READ_ONLY, NULL)

/* Of types without funnels. */
static const struct field status_fields[] = {
    COMMON,
    FIELD_ROW("STATUS_SEMANTIC_ID", "string", "Group", FIELD_TEXT, "stage_semantic_id",
              FIELD_READ_ONLY, NULL),
    FIELD_ROW("STATUS_ID", "crm_status", "Stage", FIELD_TEXT, "stage_id", FIELD_READ_ONLY, NULL),
};

static const struct field stage_fields[] = {
    COMMON,
    FIELD_ROW("CATEGORY_ID", "integer", "Funnel", FIELD_INT, "category_id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("STAGE_SEMANTIC_ID", "string", "Group", FIELD_TEXT, "stage_semantic_id",
              FIELD_READ_ONLY, NULL),
    FIELD_ROW("STAGE_ID", "crm_status", "Stage", FIELD_TEXT, "stage_id", FIELD_READ_ONLY, NULL),
};

/* ---- who may ---- */

static bool may_any(const struct caller *caller, const struct entity *entity,
                    enum access_action action)
{
    return action == ACCESS_READ && access_any(caller, entity->type_id, action);
}

static enum api_rc may_row(struct request *req, const struct entity *entity,
                           enum access_action action, const struct cell *row)
{
    (void)entity, (void)action, (void)row;
    return permit_denied(req); /* there is no method that asks */
}

static void may_list(struct query *query)
{
    query_and(query);
    permit_reference(query, entity_of_type(query->req, query->entity->type_id), "t.owner_id");
}

static const struct permit permit_history = {.any = may_any, .row = may_row, .list = may_list};

/* ---- errors: names in capital letters, values as numbers ---- */

static enum api_rc uncomparable(struct request *req, const struct entity *entity, const char *name)
{
    (void)entity;
    return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                    "Invalid filter: field '%.100s' has invalid value", name);
}

static const struct dialect history_dialect = {
    .name = "history", .plain_names = true, .uncomparable = uncomparable};

static enum api_rc check_filter(struct request *req, const struct entity *entity)
{
    const struct value *filter = param_get(req, "filter");
    for (size_t i = 0; value_is_array(filter) && i < filter->array.count; i++) {
        const char *name;
        filter_key(filter->array.items[i].key, &name);
        if (!entity_field(entity, name))
            return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                            "Invalid filter: field '%.100s' is not allowed in filter", name);
    }
    return API_OK;
}

static enum api_rc check_order(struct request *req, const struct entity *entity)
{
    const struct value *order = param_get(req, "order");
    for (size_t i = 0; value_is_array(order) && i < order->array.count; i++) {
        const struct value_item *item = &order->array.items[i];
        size_t len;
        const char *way = value_to_text(req->arena, item->value, &len);
        if (!entity_field(entity, item->key))
            return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                            "Invalid order: field '%.100s' is not allowed in order", item->key);
        if (!way || (strcasecmp(way, "asc") != 0 && strcasecmp(way, "desc") != 0))
            return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                            "Invalid order: allowed sort directions are ASC, DESC. But got "
                            "'%.100s' for field '%.100s'",
                            way ? way : "", item->key);
    }
    return API_OK;
}

/* ---- the method ---- */

static const char *type_name(struct request *req, int64_t type_id)
{
    const struct entity *entity = entity_of_type(req, type_id);
    return entity ? entity->code : arena_printf(req->arena, "%lld", (long long)type_id);
}

static enum api_rc list(struct request *req)
{
    int64_t type_id;
    enum api_rc rc = arg_int(req, "entityTypeId", &type_id);
    if (rc != API_OK)
        return rc;
    const struct entity *owner = entity_of_type(req, type_id);
    if (!owner || !owner->stages)
        return api_fail(req, API_ERR_TYPE_NOT_SUPPORTED, "Entity type %s is not supported",
                        type_name(req, type_id));
    bool funnels = owner->category;
    struct entity *history = arena_zalloc(req->arena, sizeof *history);
    *history = (struct entity){
        .name = "stage history",
        .table = "stage_history",
        .where = arena_printf(req->arena, "t.owner_type_id = %lld", (long long)type_id),
        .type_id = owner->type_id,
        .permit = &permit_history,
        .fields = funnels ? stage_fields : status_fields,
        .field_count = funnels ? sizeof stage_fields / sizeof stage_fields[0]
                               : sizeof status_fields / sizeof status_fields[0],
        .not_found = "Not found"};
    rc = check_filter(req, history);
    if (rc == API_OK)
        rc = check_order(req, history);
    if (rc != API_OK)
        return rc;
    req->dialect = &history_dialect;
    writer_begin_object(req->out);
    writer_keyz(req->out, "items");
    rc = entity_list(req, history);
    writer_end_object(req->out);
    return rc;
}

static const struct param list_params[] = {
    {"entityTypeId", PARAM_INT, true, "Whose history: 1 are leads, 2 deals."},
    {"select", PARAM_ANY, false, "Field names."},
    {"filter", PARAM_ANY, false, "Conditions: operator and field name."},
    {"order", PARAM_ANY, false, "ASC or DESC by field name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

static const struct param row[] = {
    {"ID", PARAM_INT},
    {"TYPE_ID", PARAM_INT},
    {"OWNER_ID", PARAM_INT},
    {"CREATED_TIME", PARAM_DATETIME},
    {"CATEGORY_ID", PARAM_INT, false, "Of types with funnels"},
    {"STAGE_SEMANTIC_ID", PARAM_STRING},
    {"STAGE_ID", PARAM_STRING, false, "Of deals and smart processes"},
    {"STATUS_SEMANTIC_ID", PARAM_STRING},
    {"STATUS_ID", PARAM_STRING, false, "Of leads"},
    {0},
};
static const struct param rows[] = {{"items", PARAM_LIST, true, .keys = row}, {0}};

static const struct method methods[] = {
    {.name = "crm.stagehistory.list",
     .summary = "Return the stages that rows went through, and when.",
     .scope = "crm",
     .lane = LANE_READ,
     .binds = true,
     .params = list_params,
     .result = SHAPE_OBJECT,
     .gives = rows,
     .page = "api-reference/crm/crm-stage-history-list",
     .handle = list},
};

MODULE(crm_stagehistory, METHODS(methods));
