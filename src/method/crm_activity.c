/* crm.activity.* - the activity's base methods.
 * Pages: api-reference/crm/timeline/activities/activity-base. */
#include "crm/activity.h"
#include "crm/activity_file.h"
#include "model/method.h"

#define PAGE(name) "api-reference/crm/timeline/activities/activity-base/" name

static enum api_rc activity_add(struct request *req)
{
    return entity_add(req, &activity_entity);
}

static enum api_rc activity_update(struct request *req)
{
    return entity_update(req, &activity_entity);
}

static enum api_rc activity_get(struct request *req)
{
    return entity_get(req, &activity_entity);
}

static enum api_rc activity_list(struct request *req)
{
    return entity_list(req, &activity_entity);
}

static enum api_rc activity_delete(struct request *req)
{
    return entity_delete(req, &activity_entity);
}

static enum api_rc activity_fields(struct request *req)
{
    return entity_fields(req, &activity_entity);
}

static enum api_rc communication_fields(struct request *req)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < activity_communication_field_count; i++)
        field_describe(req->out, &activity_communication_fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

static const struct param id_param[] = {
    {"id", PARAM_INT, true, "Id of the activity"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param add_params[] = {
    {"fields", PARAM_ARRAY, true, "Values by field name, as crm.activity.fields lists them"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param update_params[] = {
    {"id", PARAM_INT, true, "Id of the activity"},
    {"fields", PARAM_ARRAY, true, "The values to change; what is not named stays"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param list_params[] = {
    {"select", PARAM_ANY, false, "Field names; COMMUNICATIONS, BINDINGS and FILES only by name"},
    {"filter", PARAM_ARRAY, false, "Conditions: an operator and a field name as key"},
    {"order", PARAM_ARRAY, false, "Field name to asc or desc; START_TIME when absent"},
    {"start", PARAM_INT, false, "Offset of the page; -1 leaves the counting out"},
    {NULL, PARAM_END, false, NULL},
};

static const struct method methods[] = {
    {.name = "crm.activity.add",
     .summary = "Create an activity in the timeline of its owner.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = add_params,
     .result = SHAPE_INT,
     .page = PAGE("crm-activity-add"),
     .handle = activity_add,
     .prepare = activity_files_prepare},
    {.name = "crm.activity.update",
     .summary = "Change the given fields of an activity.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-update"),
     .handle = activity_update,
     .prepare = activity_files_prepare},
    {.name = "crm.activity.get",
     .summary = "Return one activity by its id.",
     .scope = "crm",
     .params = id_param,
     .result = SHAPE_OBJECT,
     .page = PAGE("crm-activity-get"),
     .handle = activity_get},
    {.name = "crm.activity.list",
     .summary = "Return activities by filter, 50 a page.",
     .scope = "crm",
     .params = list_params,
     .result = SHAPE_LIST,
     .page = PAGE("crm-activity-list"),
     .handle = activity_list},
    {.name = "crm.activity.delete",
     .summary = "Delete an activity of any type.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = id_param,
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-delete"),
     .handle = activity_delete},
    {.name = "crm.activity.fields",
     .summary = "Describe the fields of an activity.",
     .scope = "crm",
     .result = SHAPE_OBJECT,
     .page = PAGE("crm-activity-fields"),
     .handle = activity_fields},
    {.name = "crm.activity.communication.fields",
     .summary = "Describe the fields of a communication.",
     .scope = "crm",
     .result = SHAPE_OBJECT,
     .page = PAGE("crm-activity-communication-fields"),
     .handle = communication_fields},
};

METHOD_FAMILY(crm_activity, methods);
