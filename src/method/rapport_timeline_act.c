/* rapport.timeline.act - a person pressed something in the layout of an activity that tells its application.
 *
 * What:    onCrmTimelineItemAction goes to the handlers of the application that made the activity, or added blocks to it, with
 *          what the layout says: the caller names the action, and its parameters are those that are stored.
 * Pages:   api-reference/crm/timeline/activities/configurable/structure/action.
 */
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "crm/activity_family.h"
#include "model/arg.h"
#include "model/method.h"
#include "model/permit.h"
#include "crm/activity.h"
#include "portal/event.h"

EVENT_KIND(item_action, "ONCRMTIMELINEITEMACTION", "crm");

struct args {
    int64_t type_id, owner_id, activity_id, app_id;
    const char *action;
};

static enum api_rc not_found(struct request *req)
{
    return api_fail(req, API_ERR_NOT_FOUND, NULL);
}

/* The action {type: restEvent, id: ...}, wherever in the layout it stands; NULL. */
static const struct value *find_action(const struct value *layout, const char *id)
{
    size_t len;
    if (!value_is_array(layout))
        return NULL;
    const struct value *type = value_get(layout, "type"), *own = value_get(layout, "id");
    if (type && own && type->type == VALUE_STRING && own->type == VALUE_STRING &&
        !strcmp(type->string.text, "restEvent") && !strcmp(own->string.text, id))
        return layout;
    for (len = 0; len < layout->array.count; len++) {
        const struct value *found = find_action(layout->array.items[len].value, id);
        if (found)
            return found;
    }
    return NULL;
}

/* In the activity's own layout first, then in the blocks; of the one application that is named, or of any. */
static const char layouts_sql[] =
    "SELECT l.app_id, l.layout FROM (SELECT 0 AS place, p.activity_id, p.app_id, p.layout FROM "
    "activity_app p UNION ALL SELECT 1, k.activity_id, k.app_id, k.layout FROM activity_block k) l "
    "JOIN activity_binding b ON b.activity_id = l.activity_id WHERE l.activity_id = $1 AND "
    "b.owner_type_id = $2 AND b.owner_id = $3 AND l.layout IS NOT NULL AND ($4 = 0 OR l.app_id = "
    "$4) ORDER BY l.place, l.app_id";

static enum api_rc read_action(struct request *req, const struct args *args, int64_t *app_id,
                               const struct value **action)
{
    struct db_stmt *stmt = db_prepare(req->db, layouts_sql);
    enum db_rc rc;
    db_bind_int(stmt, 1, args->activity_id);
    db_bind_int(stmt, 2, args->type_id);
    db_bind_int(stmt, 3, args->owner_id);
    db_bind_int(stmt, 4, args->app_id);
    while ((rc = db_step(stmt)) == DB_ROW && !*action) {
        size_t len;
        const char *layout = request_text(req, stmt, 1, &len);
        *app_id = db_int(stmt, 0);
        *action = find_action(json_parse_own(req->arena, layout, len), args->action);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc tell(struct request *req, const struct args *args, int64_t app_id,
                        const struct value *action)
{
    struct buf data = {0};
    const struct value *given = value_get(action, "actionParams");
    buf_adds(&data, "data%5Bid%5D=");
    buf_add_percent(&data, args->action, strlen(args->action));
    buf_printf(
        &data,
        "&data%%5BentityTypeId%%5D=%lld&data%%5BentityId%%5D=%lld&data%%5BactivityId%%5D=%lld&"
        "data%%5BuserId%%5D=%lld",
        (long long)args->type_id, (long long)args->owner_id, (long long)args->activity_id,
        (long long)req->caller->user_id);
    if (value_is_array(given))
        event_data_add(req, &data, "data", given);
    struct event_news news = {.kind = &item_action,
                              .data = buf_text(&data),
                              .app_id = app_id,
                              .user_id = req->caller->user_id,
                              .now = (int64_t)req->now};
    enum api_rc rc = event_tell_now(req, &news);
    buf_clear(&data);
    return rc;
}

static enum api_rc act(struct request *req)
{
    const struct args *args = req->args;
    const struct value *action = NULL;
    int64_t app_id = 0;
    bool may = false;
    enum api_rc rc = activity_owner_look(req, args->type_id, args->owner_id, ACCESS_READ);
    if (rc == API_OK)
        rc = permit_reads(req, &activity_entity, args->activity_id, &may);
    if (rc == API_OK && !may)
        return not_found(req);
    if (rc == API_OK)
        rc = read_action(req, args, &app_id, &action);
    if (rc == API_OK && !action)
        return not_found(req);
    if (rc == API_OK)
        rc = tell(req, args, app_id, action);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static const struct param act_params[] = {
    {"entityTypeId", PARAM_INT, true, "Type of the card's row", BIND(struct args, type_id)},
    {"entityId", PARAM_INT, true, "Its id", BIND(struct args, owner_id)},
    {"activityId", PARAM_INT, true, "The activity that was pressed",
     BIND(struct args, activity_id)},
    {"id", PARAM_STRING, true, "The action's `id` in the layout", BIND(struct args, action)},
    {"appId", PARAM_INT, false,
     "The application whose layout it is; otherwise the first that has it",
     BIND(struct args, app_id)},
    {0}};

static const struct method methods[] = {
    {.name = "rapport.timeline.act",
     .summary = "Tell the application of an activity that a person pressed one of its buttons.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .result = SHAPE_BOOL,
     .binds = true,
     TAKES(struct args, act_params),
     .handle = act},
};

MODULE(rapport_timeline_act, METHODS(methods));
