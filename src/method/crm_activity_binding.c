/* crm.activity.binding.* - the CRM objects at which an activity shows.
 * Pages: api-reference/crm/timeline/activities/binding. */
#include "base/limits.h"
#include "crm/activity.h"
#include "crm/activity_family.h"
#include "model/method.h"
#include "people/access.h"

#define PAGE(name) "api-reference/crm/timeline/activities/binding/" name

struct target {
    int64_t type_id, id;
};

struct binding_args {
    int64_t id;
    struct target source, target;
};

static bool same(const struct target *target, const struct activity_head *head)
{
    return head->owner_type_id == target->type_id && head->owner_id == target->id;
}

/* The activity's row follows: who changed it and when, and whose it is from now on. */
static enum api_rc touch(struct request *req, const struct activity_head *head,
                         const struct target *owner)
{
    struct value *fields = value_array(req->arena);
    if (owner) {
        fields_put_int(req, fields, "OWNER_TYPE_ID", owner->type_id);
        fields_put_int(req, fields, "OWNER_ID", owner->id);
    }
    enum api_rc rc = entity_change(req, &activity_entity, head->id, fields);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc binding_add(struct request *req)
{
    const struct binding_args *args = req->args;
    const struct target target = args->target;
    int64_t id = args->id, count = 0;
    struct activity_head head;
    bool bound = false;
    enum api_rc rc = activity_find(req, id, ACCESS_UPDATE, &head, "Entity not found");
    if (rc == API_OK)
        rc = activity_owner_find(req, target.type_id, target.id);
    if (rc == API_OK)
        rc = activity_is_bound(req, id, target.type_id, target.id, &bound);
    if (rc == API_OK && bound)
        rc = api_fail(req, API_ERR_ALREADY_BOUND, NULL);
    if (rc == API_OK)
        rc = activity_binding_count(req, id, &count);
    if (rc == API_OK && count >= LIMIT_BINDINGS)
        rc = api_fail(req, API_ERR_INVALID_ARG_VALUE,
                      "An activity can be bound to no more than %d CRM entities", LIMIT_BINDINGS);
    if (rc == API_OK)
        rc = bindings_add(req, id, target.type_id, target.id);
    return rc == API_OK ? touch(req, &head, NULL) : rc;
}

static enum api_rc binding_delete(struct request *req)
{
    const struct binding_args *args = req->args;
    const struct target target = args->target;
    int64_t id = args->id;
    struct target next;
    struct activity_head head;
    bool bound = false;
    enum api_rc rc = activity_find(req, id, ACCESS_UPDATE, &head, "Element not found");
    if (rc == API_OK)
        rc = activity_owner_find(req, target.type_id, target.id);
    if (rc == API_OK)
        rc = activity_is_bound(req, id, target.type_id, target.id, &bound);
    if (rc == API_OK && !bound)
        rc = api_fail(req, API_ERR_BINDING_NOT_FOUND, NULL);
    if (rc != API_OK)
        return rc;
    enum db_rc other =
        binding_other(req, id, (int)target.type_id, target.id, &next.type_id, &next.id);
    if (other == DB_NONE)
        return api_fail(req, API_ERR_LAST_BINDING, NULL);
    rc = api_db(req, other);
    if (rc == API_OK)
        rc = binding_remove(req, id, target.type_id, target.id);
    return rc == API_OK ? touch(req, &head, same(&target, &head) ? &next : NULL) : rc;
}

static enum api_rc check_move(struct request *req, int64_t id, const struct target *source,
                              const struct target *target)
{
    bool bound = false;
    if (source->type_id != target->type_id)
        return api_fail(req, API_ERR_BINDING_TYPES, NULL);
    if (source->id == target->id)
        return api_fail(req, API_ERR_BINDING_SAME, NULL);
    enum api_rc rc = activity_is_bound(req, id, target->type_id, target->id, &bound);
    if (rc == API_OK && bound)
        return api_fail(req, API_ERR_ALREADY_BOUND, NULL);
    if (rc == API_OK)
        rc = activity_is_bound(req, id, source->type_id, source->id, &bound);
    if (rc == API_OK && !bound)
        rc = api_fail(req, API_ERR_BINDING_NOT_FOUND,
                      "The deal is not linked to the specified entity");
    return rc;
}

static enum api_rc binding_move(struct request *req)
{
    const struct binding_args *args = req->args;
    const struct target source = args->source, target = args->target;
    int64_t id = args->id;
    struct activity_head head;
    enum api_rc rc = activity_find(req, id, ACCESS_UPDATE, &head, "Element not found");
    if (rc == API_OK)
        rc = activity_owner_find(req, source.type_id, source.id);
    if (rc == API_OK)
        rc = activity_owner_find(req, target.type_id, target.id);
    if (rc == API_OK)
        rc = check_move(req, id, &source, &target);
    if (rc == API_OK)
        rc = binding_remove(req, id, source.type_id, source.id);
    if (rc == API_OK)
        rc = bindings_add(req, id, target.type_id, target.id);
    return rc == API_OK ? touch(req, &head, same(&source, &head) ? &target : NULL) : rc;
}

/* Only those that the caller may read. */
static enum api_rc binding_list(struct request *req)
{
    const struct binding_args *args = req->args;
    int64_t id = args->id;
    struct activity_head head;
    enum api_rc rc = activity_find(req, id, ACCESS_READ, &head, "Element not found");
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(req->db, "SELECT owner_type_id, owner_id, "
                                               "assigned_by_id, category_id FROM activity_binding "
                                               "WHERE activity_id = $1 ORDER BY id");
    db_bind_int(stmt, 1, id);
    enum db_rc step;
    writer_begin_list(req->out);
    while ((step = db_step(stmt)) == DB_ROW) {
        if (!access_covers(req->caller, (int)db_int(stmt, 0), db_int(stmt, 3), ACCESS_READ,
                           db_int(stmt, 2)))
            continue;
        writer_begin_object(req->out);
        writer_keyz(req->out, "entityTypeId");
        writer_int(req->out, db_int(stmt, 0));
        writer_keyz(req->out, "entityId");
        writer_int(req->out, db_int(stmt, 1));
        writer_end_object(req->out);
    }
    db_finish(stmt);
    writer_end_list(req->out);
    return api_db(req, step);
}

#define ACTIVITY                                                                                   \
    {                                                                                              \
        "activityId", PARAM_INT, true, "Id of the activity", BIND(struct binding_args, id)         \
    }
#define TYPE(name, member, words)                                                                  \
    {                                                                                              \
        name, PARAM_INT, true, words, BIND(struct binding_args, member.type_id)                    \
    }
#define ID(name, member, words)                                                                    \
    {                                                                                              \
        name, PARAM_INT, true, words, BIND(struct binding_args, member.id)                         \
    }

static const struct param list_params[] = {ACTIVITY, {0}};
static const struct param entity_params[] = {
    ACTIVITY,
    TYPE("entityTypeId", target, "Type of the CRM object, as crm.enum.ownertype has it"),
    ID("entityId", target, "Id of the CRM object"),
    {0},
};
static const struct param move_params[] = {
    ACTIVITY,
    TYPE("sourceEntityTypeId", source, "Type of the CRM object it is bound to"),
    ID("sourceEntityId", source, "Id of that object"),
    TYPE("targetEntityTypeId", target, "Type of the CRM object it moves to: the same"),
    ID("targetEntityId", target, "Id of that object"),
    {0},
};
static const struct param listed[] = {
    {"entityTypeId", PARAM_INT, true}, {"entityId", PARAM_INT, true}, {0}};

static const struct method methods[] = {
    {.name = "crm.activity.binding.add",
     .summary = "Bind an activity to one more CRM object.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     TAKES(struct binding_args, entity_params),
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-binding-add"),
     .handle = binding_add},
    {.name = "crm.activity.binding.delete",
     .summary = "Take an activity away from a CRM object.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     TAKES(struct binding_args, entity_params),
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-binding-delete"),
     .handle = binding_delete},
    {.name = "crm.activity.binding.list",
     .summary = "List the CRM objects an activity is bound to.",
     .scope = "crm",
     .binds = true,
     TAKES(struct binding_args, list_params),
     .result = SHAPE_LIST,
     .gives = listed,
     .page = PAGE("crm-activity-binding-list"),
     .handle = binding_list},
    {.name = "crm.activity.binding.move",
     .summary = "Move an activity from one CRM object to another of its type.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     TAKES(struct binding_args, move_params),
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-binding-move"),
     .handle = binding_move},
};

MODULE(crm_activity_binding, METHODS(methods));
