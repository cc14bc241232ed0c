/* crm.activity.configurable.* - activities that look as an application describes them.
 * Pages: api-reference/crm/timeline/activities/configurable. */
#include <string.h>

#include "crm/activity_app.h"
#include "crm/configurable.h"
#include "crm/layout.h"
#include "model/method.h"
#include "people/access.h"

#define PAGE(name) "api-reference/crm/timeline/activities/configurable/" name

struct configurable_args {
    int64_t id, owner_type_id, owner_id;
    const struct value *fields, *layout; /* NULL: what it looks like stays */
};

static enum api_rc in_app(struct request *req)
{
    return req->caller->app_id ? API_OK : api_fail(req, API_ERR_WRONG_CONTEXT, NULL);
}

static enum api_rc take_and_store(struct configurable *change, const struct value *fields,
                                  const struct value *layout)
{
    struct request *req = change->req;
    enum api_rc rc = configurable_take_fields(change, fields);
    if (rc == API_OK && layout)
        rc = configurable_take_layout(change, layout);
    if (rc == API_OK)
        rc = configurable_store(change);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "activity");
    writer_begin_object(req->out);
    writer_keyz(req->out, "id");
    writer_int(req->out, change->id);
    writer_end_object(req->out);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc configurable_add(struct request *req)
{
    struct configurable change = {.req = req, .is_add = true};
    const struct configurable_args *args = req->args;
    enum api_rc rc = in_app(req);
    if (rc == API_OK)
        rc = activity_owner_find(req, args->owner_type_id, args->owner_id);
    if (rc == API_FAIL && req->error.code == API_ERR_OWNER_NOT_FOUND)
        rc = api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found."); /* this page has no other code */
    if (rc != API_OK)
        return rc;
    change.owner_type_id = args->owner_type_id;
    change.owner_id = args->owner_id;
    return take_and_store(&change, args->fields, args->layout);
}

/* The activity, and that it is this application's. */
static enum api_rc find_own(struct configurable *change)
{
    struct request *req = change->req;
    int64_t app_id = 0;
    enum api_rc rc = activity_find(req, change->id, ACCESS_UPDATE, &change->head, "Not found.");
    if (rc == API_OK && strcmp(change->head.provider_id, PROVIDER_CONFIGURABLE) != 0)
        rc = api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found.");
    if (rc == API_OK)
        rc = activity_app_of(req, change->id, &app_id);
    if (rc == API_OK && app_id != req->caller->app_id)
        rc = api_fail(req, API_ERR_WRONG_APPLICATION, NULL);
    return rc;
}

static enum api_rc configurable_update(struct request *req)
{
    const struct configurable_args *args = req->args;
    struct configurable change = {.req = req, .id = args->id};
    enum api_rc rc = in_app(req);
    if (rc == API_OK)
        rc = find_own(&change);
    return rc == API_OK ? take_and_store(&change, args->fields, args->layout) : rc;
}

static enum api_rc configurable_get(struct request *req)
{
    const struct configurable_args *args = req->args;
    struct activity_head head;
    enum api_rc rc = in_app(req);
    if (rc == API_OK)
        rc = activity_find(req, args->id, ACCESS_READ, &head, "Not found.");
    return rc == API_OK ? configurable_answer(req, args->id) : rc;
}

static const struct param an_offset[] = {{"", PARAM_INT}, {0}};
static const struct param field_keys[] = {
    {"typeId", PARAM_STRING, false, "A type of the application, or CONFIGURABLE"},
    {"completed", PARAM_BOOL, false, "Is it done?"},
    {"deadline", PARAM_DATETIME, false, "When it is due"},
    {"pingOffsets", PARAM_LIST, false, "Reminders: minutes before the deadline", .keys = an_offset},
    {"isIncomingChannel", PARAM_FLAG, false, "Y: it came from outside"},
    {"responsibleId", PARAM_INT, false, "User who is to do it"},
    {"badgeCode", PARAM_STRING, false, "Badge on the card of the kanban"},
    {"originatorId", PARAM_STRING, false, "Where it comes from"},
    {"originId", PARAM_STRING, false, "Its id there"},
    {0},
};
#define ARG(member) BIND(struct configurable_args, member)
#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Id of the activity", ARG(id)                                       \
    }
#define FIELDS                                                                                     \
    {                                                                                              \
        "fields", PARAM_ARRAY, true, "What it is", .keys = field_keys, ARG(fields)                 \
    }

static const struct param add_params[] = {
    {"ownerTypeId", PARAM_INT, true, "Type of the CRM object, as crm.enum.ownertype has it",
     ARG(owner_type_id)},
    {"ownerId", PARAM_INT, true, "Id of the CRM object", ARG(owner_id)},
    FIELDS,
    {"layout", PARAM_ARRAY, true, "How it looks: a LayoutDto", .schema = layout_schema,
     ARG(layout)},
    {0},
};
/* Marked as required, and yet left out by the official SDK: what is not given stays. */
static const struct param update_params[] = {
    ID,
    FIELDS,
    {"layout", PARAM_ARRAY, false, "How it looks from now on: a LayoutDto", .schema = layout_schema,
     ARG(layout)},
    {0},
};
static const struct param get_params[] = {ID, {0}};

static const struct param stored_keys[] = {{"id", PARAM_INT, true, "Its id"}, {0}};
static const struct param stored[] = {{"activity", PARAM_ARRAY, true, .keys = stored_keys}, {0}};

static const struct param shown_field_keys[] = {
    {"typeId", PARAM_STRING, true},
    {"completed", PARAM_BOOL, true},
    {"deadline", PARAM_DATETIME, true, .null = true},
    {"pingOffsets", PARAM_LIST, true, .keys = an_offset},
    {"isIncomingChannel", PARAM_BOOL, true},
    {"responsibleId", PARAM_INT, true},
    {"badgeCode", PARAM_STRING, true},
    {"originatorId", PARAM_STRING, true, .null = true},
    {"originId", PARAM_STRING, true, .null = true},
    {0}};
static const struct param shown_keys[] = {{"id", PARAM_INT, true},
                                          {"ownerTypeId", PARAM_INT, true},
                                          {"ownerId", PARAM_INT, true},
                                          {"fields", PARAM_ARRAY, true, .keys = shown_field_keys},
                                          {"layout", PARAM_ARRAY, true, .schema = layout_schema},
                                          {0}};
static const struct param shown[] = {{"activity", PARAM_ARRAY, true, .keys = shown_keys}, {0}};

static const struct method methods[] = {
    {.name = "crm.activity.configurable.add",
     .summary = "Create an activity that looks as the application describes it.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     TAKES(struct configurable_args, add_params),
     .result = SHAPE_OBJECT,
     .gives = stored,
     .page = PAGE("crm-activity-configurable-add"),
     .handle = configurable_add},
    {.name = "crm.activity.configurable.update",
     .summary = "Change fields and look of the application's own activity.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     TAKES(struct configurable_args, update_params),
     .result = SHAPE_OBJECT,
     .gives = stored,
     .page = PAGE("crm-activity-configurable-update"),
     .handle = configurable_update},
    {.name = "crm.activity.configurable.get",
     .summary = "Return a configurable activity by its id.",
     .scope = "crm",
     .binds = true,
     TAKES(struct configurable_args, get_params),
     .result = SHAPE_OBJECT,
     .gives = shown,
     .page = PAGE("crm-activity-configurable-get"),
     .handle = configurable_get},
};

MODULE(crm_activity_configurable, METHODS(methods));
