/* crm.activity.configurable.* - activities that look as an application describes them.
 * Pages: api-reference/crm/timeline/activities/configurable. */
#include <string.h>

#include "crm/activity_app.h"
#include "crm/configurable.h"
#include "model/arg.h"
#include "model/method.h"
#include "people/access.h"

#define PAGE(name) "api-reference/crm/timeline/activities/configurable/" name

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
    const struct value *given, *layout;
    int64_t type_id, owner_id;
    enum api_rc rc = arg_int(req, "ownerTypeId", &type_id);
    if (rc == API_OK)
        rc = arg_int(req, "ownerId", &owner_id);
    if (rc == API_OK)
        rc = arg_array(req, "fields", &given);
    if (rc == API_OK)
        rc = arg_array(req, "layout", &layout);
    if (rc == API_OK)
        rc = in_app(req);
    if (rc == API_OK)
        rc = activity_owner_find(req, type_id, owner_id);
    if (rc == API_FAIL && req->error.code == API_ERR_OWNER_NOT_FOUND)
        rc = api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found."); /* this page has no other code */
    if (rc != API_OK)
        return rc;
    change.owner_type_id = type_id;
    change.owner_id = owner_id;
    return take_and_store(&change, given, layout);
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
    struct configurable change = {.req = req};
    const struct value *given = NULL, *layout = NULL;
    enum api_rc rc = arg_int(req, "id", &change.id);
    if (rc == API_OK)
        rc = arg_array(req, "fields", &given);
    /* Marked as required, and yet left out by the official SDK: what is not given stays. */
    if (rc == API_OK && arg_given(req, "layout"))
        rc = arg_array(req, "layout", &layout);
    if (rc == API_OK)
        rc = in_app(req);
    if (rc == API_OK)
        rc = find_own(&change);
    return rc == API_OK ? take_and_store(&change, given, layout) : rc;
}

static enum api_rc configurable_get(struct request *req)
{
    int64_t id;
    struct activity_head head;
    enum api_rc rc = arg_int(req, "id", &id);
    if (rc == API_OK)
        rc = in_app(req);
    if (rc == API_OK)
        rc = activity_find(req, id, ACCESS_READ, &head, "Not found.");
    return rc == API_OK ? configurable_answer(req, id) : rc;
}

#define FIELDS                                                                                     \
    {                                                                                              \
        "fields", PARAM_ARRAY, true,                                                               \
            "typeId, completed, deadline, pingOffsets, isIncomingChannel, responsibleId, "         \
            "badgeCode, originatorId, originId"                                                    \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, PARAM_END, false, NULL                                                               \
    }

static const struct param add_params[] = {
    {"ownerTypeId", PARAM_INT, true, "Type of the CRM object: 1, 2, 3 or 4"},
    {"ownerId", PARAM_INT, true, "Id of the CRM object"},
    FIELDS,
    {"layout", PARAM_ARRAY, true, "How it looks: a LayoutDto"},
    END,
};
static const struct param update_params[] = {
    {"id", PARAM_INT, true, "Id of the activity"},
    FIELDS,
    {"layout", PARAM_ARRAY, false, "How it looks from now on: a LayoutDto"},
    END,
};
static const struct param get_params[] = {
    {"id", PARAM_INT, true, "Id of the activity"},
    END,
};

static const struct method methods[] = {
    {.name = "crm.activity.configurable.add",
     .summary = "Create an activity that looks as the application describes it.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .binds = true,
     .params = add_params,
     .result = SHAPE_OBJECT,
     .page = PAGE("crm-activity-configurable-add"),
     .handle = configurable_add},
    {.name = "crm.activity.configurable.update",
     .summary = "Change fields and look of the application's own activity.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .binds = true,
     .params = update_params,
     .result = SHAPE_OBJECT,
     .page = PAGE("crm-activity-configurable-update"),
     .handle = configurable_update},
    {.name = "crm.activity.configurable.get",
     .summary = "Return a configurable activity by its id.",
     .scope = "crm",
     .binds = true,
     .params = get_params,
     .result = SHAPE_OBJECT,
     .page = PAGE("crm-activity-configurable-get"),
     .handle = configurable_get},
};

MODULE(crm_activity_configurable, METHODS(methods));
