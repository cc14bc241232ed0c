/* crm.activity.layout.blocks.* - sets of content blocks with which applications enrich an activity.
 * Pages: api-reference/crm/timeline/activities/layout-blocks. */
#include <string.h>

#include "crm/activity.h"
#include "crm/activity_family.h"
#include "crm/layout.h"
#include "model/arg.h"
#include "model/hearing.h"
#include "model/method.h"
#include "people/access.h"

#define PAGE(name) "api-reference/crm/timeline/activities/layout-blocks/" name

struct blocks_place {
    int64_t type_id, owner_id, id;
    const struct value *layout;
};

/* The caller's application, then the activity at that owner. The text of a call
 * without an application differs from page to page. */
static enum api_rc find_place(struct request *req, enum access_action action, const char *no_app,
                              struct activity_head *head)
{
    const struct blocks_place *place = req->args;
    bool found = false, bound = false;
    if (!req->caller->app_id)
        return api_fail(req, API_ERR_WRONG_CONTEXT, "%s", no_app);
    enum api_rc rc = activity_owner_look(req, place->type_id, place->owner_id, action);
    if (rc == API_OK)
        rc = activity_head_read(req, place->id, head, &found);
    if (rc == API_OK && found)
        rc = activity_is_bound(req, place->id, place->type_id, place->owner_id, &bound);
    if (rc == API_OK && !bound)
        rc = api_fail(req, API_ERR_ITEM_NOT_FOUND, "The activity was not found");
    return rc;
}

/* What hangs on the activity is drawn with it. */
static enum api_rc follow(struct request *req, int64_t activity_id)
{
    return hearing_follow(req, &activity_entity, "update", activity_id, NULL);
}

static enum api_rc write_success(struct request *req)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, "success");
    writer_bool(req->out, true);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc store_blocks(struct request *req, int64_t activity_id, const char *layout)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO activity_block (activity_id, app_id, layout) VALUES ($1, $2, $3) ON "
                 "CONFLICT (activity_id, app_id) DO UPDATE SET layout = $3");
    db_bind_int(stmt, 1, activity_id);
    db_bind_int(stmt, 2, req->caller->app_id);
    db_bind_textz(stmt, 3, layout);
    return api_db(req, db_run(stmt));
}

static enum api_rc blocks_set(struct request *req)
{
    const struct blocks_place *place = req->args;
    struct activity_head head;
    struct value *clean;
    enum api_rc rc =
        find_place(req, ACCESS_UPDATE,
                   "The method call is only possible in the context of a REST application", &head);
    /* Configurable ones are all their application's; 5 is what calendars once imported. */
    if (rc == API_OK &&
        (!strcmp(head.provider_id, PROVIDER_CONFIGURABLE) || head.type_id == TYPE_ACTIVITY))
        rc = api_fail(req, API_ERR_UNSUITABLE_TYPE, NULL);
    if (rc == API_OK && !place->layout)
        rc = arg_missing(req, "layout");
    if (rc == API_OK)
        rc = layout_check(req, LAYOUT_BLOCKS, place->layout, &clean);
    if (rc == API_OK)
        rc = store_blocks(req, place->id, value_json(req, clean));
    if (rc == API_OK)
        rc = follow(req, place->id);
    return rc == API_OK ? write_success(req) : rc;
}

static enum api_rc blocks_get(struct request *req)
{
    const struct blocks_place *place = req->args;
    struct activity_head head;
    enum api_rc rc =
        find_place(req, ACCESS_READ,
                   "The method can only be called in the context of a rest application", &head);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT layout FROM activity_block WHERE activity_id = $1 AND app_id = $2");
    db_bind_int(stmt, 1, place->id);
    db_bind_int(stmt, 2, req->caller->app_id);
    enum db_rc step = db_step(stmt);
    size_t len = 0;
    const char *layout = step == DB_ROW ? db_text(stmt, 0, &len) : "null";
    writer_begin_object(req->out);
    writer_keyz(req->out, "layout");
    writer_raw(req->out, layout, len ? len : 4);
    writer_end_object(req->out);
    db_finish(stmt);
    return api_db(req, step);
}

static enum api_rc blocks_delete(struct request *req)
{
    const struct blocks_place *place = req->args;
    struct activity_head head;
    enum api_rc rc =
        find_place(req, ACCESS_UPDATE,
                   "The method can only be called in the context of a REST application", &head);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM activity_block WHERE activity_id = $1 AND app_id = $2 "
                            "RETURNING id");
    db_bind_int(stmt, 1, place->id);
    db_bind_int(stmt, 2, req->caller->app_id);
    enum db_rc step = db_step(stmt);
    db_finish(stmt);
    if (step == DB_ROW) {
        rc = follow(req, place->id);
        return rc == API_OK ? write_success(req) : rc;
    }
    /* Documented: null when nothing was deleted. */
    writer_null(req->out);
    return api_db(req, step);
}

#define ARG(member) BIND(struct blocks_place, member)
#define PLACE                                                                                      \
    {"entityTypeId", PARAM_INT, true, "Type of the CRM object, as crm.enum.ownertype has it",      \
     ARG(type_id)},                                                                                \
        {"entityId", PARAM_INT, true, "Id of that object", ARG(owner_id)},                         \
    {                                                                                              \
        "activityId", PARAM_INT, true, "Id of the activity", ARG(id)                               \
    }

static const struct param place_params[] = {PLACE, {0}};
static const struct param set_params[] = {
    PLACE,
    {"layout", PARAM_ARRAY, true, "The set: a RestAppLayoutDto with 1 to 20 blocks", .asked = true,
     .schema = layout_schema_blocks, ARG(layout)},
    {0},
};
static const struct param success[] = {{"success", PARAM_BOOL, true}, {0}};
static const struct param set_of_blocks[] = {
    {"layout", PARAM_ARRAY, true, "The set, or null", .null = true, .schema = layout_schema_blocks},
    {0}};

static const struct method methods[] = {
    {.name = "crm.activity.layout.blocks.set",
     .summary = "Set the content blocks that the application adds to an activity.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     TAKES(struct blocks_place, set_params),
     .result = SHAPE_OBJECT,
     .gives = success,
     .page = PAGE("crm-activity-layout-blocks-set"),
     .handle = blocks_set},
    {.name = "crm.activity.layout.blocks.get",
     .summary = "Return the content blocks that the application added to an activity.",
     .scope = "crm",
     .binds = true,
     TAKES(struct blocks_place, place_params),
     .result = SHAPE_OBJECT,
     .gives = set_of_blocks,
     .page = PAGE("crm-activity-layout-blocks-get"),
     .handle = blocks_get},
    {.name = "crm.activity.layout.blocks.delete",
     .summary = "Delete the content blocks that the application added to an activity.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     TAKES(struct blocks_place, place_params),
     .result = SHAPE_OBJECT,
     .result_null = true,
     .gives = success,
     .page = PAGE("crm-activity-layout-blocks-delete"),
     .handle = blocks_delete},
};

MODULE(crm_activity_layout, METHODS(methods));
