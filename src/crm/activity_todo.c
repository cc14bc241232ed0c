#include "crm/activity_todo.h"

#include <string.h>

#include "crm/activity.h"
#include "crm/activity_permit.h"
#include "model/arg.h"

#define PROVIDER "CRM_TODO"

static enum api_rc not_found(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found.");
}

struct todo todo_begin(struct request *req, bool is_add)
{
    const struct todo_args *args = req->args;
    return (struct todo){.req = req,
                         .args = args,
                         .is_add = is_add,
                         .id = args->id,
                         .owner_type_id = args->owner_type_id,
                         .owner_id = args->owner_id,
                         .fields = value_array(req->arena)};
}

/* The owner first: a to-do is looked for at this owner only, and nothing told of others. */
enum api_rc todo_find(struct todo *todo)
{
    struct request *req = todo->req;
    bool found = false, bound = false;
    enum api_rc rc = activity_owner_find(req, todo->owner_type_id, todo->owner_id);
    if (rc != API_OK || todo->is_add)
        return rc;
    rc = activity_head_read(req, todo->id, &todo->head, &found);
    if (rc == API_OK && found)
        rc = activity_is_bound(req, todo->id, todo->owner_type_id, todo->owner_id, &bound);
    if (rc != API_OK)
        return rc;
    return bound && !strcmp(todo->head.provider_id, PROVIDER) ? API_OK : not_found(req);
}

enum api_rc todo_take_deadline(struct todo *todo)
{
    struct request *req = todo->req;
    const char *deadline = todo->args->deadline;
    int64_t instant;
    if (datetime_parse(req->zone, deadline, strlen(deadline), &instant) == DATETIME_INVALID)
        return api_fail(req, API_ERR_DATETIME_FORMAT, NULL);
    fields_put_text(req, todo->fields, "START_TIME", deadline);
    fields_put_text(req, todo->fields, "END_TIME", deadline);
    fields_put_text(req, todo->fields, "DEADLINE", deadline);
    return API_OK;
}

/* ---- what may be left out ---- */

void todo_take_texts(struct todo *todo)
{
    const struct todo_args *args = todo->args;
    if (args->title)
        fields_put_text(todo->req, todo->fields, "SUBJECT", args->title);
    if (args->description)
        fields_put_text(todo->req, todo->fields, "DESCRIPTION", args->description);
}

void todo_take_responsible(struct todo *todo)
{
    bool given = arg_given(todo->req, "responsibleId");
    int64_t id = given ? todo->args->responsible_id : todo->req->caller->user_id;
    if (given || todo->is_add)
        fields_put_int(todo->req, todo->fields, "RESPONSIBLE_ID", id);
}

/* What SETTINGS will be: what else stands there stays. */
static struct value *todo_settings(struct todo *todo)
{
    if (!todo->settings) {
        todo->settings = todo->is_add ? value_array(todo->req->arena)
                                      : activity_settings(todo->req, &todo->head);
        fields_put(todo->req, todo->fields, "SETTINGS", todo->settings);
    }
    return todo->settings;
}

enum api_rc todo_take_offsets(struct todo *todo)
{
    struct request *req = todo->req;
    if (!todo->args->offsets)
        return API_OK;
    struct value *offsets = ping_offsets(req, todo->args->offsets);
    if (!offsets)
        return arg_mismatch(req, "pingOffsets", "int[]");
    value_unset(todo_settings(todo), "PING_OFFSETS");
    if (offsets->array.count)
        fields_put(req, todo->settings, "PING_OFFSETS", offsets);
    return API_OK;
}

enum api_rc todo_take_color(struct todo *todo)
{
    struct request *req = todo->req;
    const char *color = todo->args->color;
    if (!color)
        return API_OK;
    if (*color && (color[1] || *color < '1' || *color > '7'))
        return api_fail(req, API_ERR_TODO_COLOR, NULL);
    /* None is the default colour. */
    value_unset(todo_settings(todo), "COLOR_ID");
    if (*color)
        fields_put_text(req, todo->settings, "COLOR_ID", color);
    return API_OK;
}

/* A parent that may not be read is a missing one. */
static enum api_rc find_parent(struct todo *todo, int64_t id, struct activity_head *parent)
{
    struct request *req = todo->req;
    enum permit_sight sight;
    bool found = false;
    enum api_rc rc = activity_permit_sight(req, id, ACCESS_READ, &sight);
    if (rc == API_OK && sight == PERMIT_FREE)
        rc = activity_head_read(req, id, parent, &found);
    return rc == API_OK && !found ? not_found(req) : rc;
}

/* The one that it has: given again by who read it, it stays, whatever became of it. */
static bool repeats_parent(struct todo *todo, int64_t id)
{
    int64_t stored;
    return !todo->is_add &&
           value_to_int(value_get(todo_settings(todo), "PARENT_ACTIVITY_ID"), &stored) &&
           stored == id;
}

enum api_rc todo_take_parent(struct todo *todo)
{
    struct request *req = todo->req;
    struct activity_head parent;
    int64_t id = todo->args->parent_id;
    if (!arg_given(req, "parentActivityId"))
        return API_OK;
    if (id && !repeats_parent(todo, id)) {
        enum api_rc rc = find_parent(todo, id, &parent);
        if (rc != API_OK)
            return rc;
        if (id == todo->id)
            return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                            "Parameter \"parentActivityId\" must name another activity");
        if (!todo->is_add && parent.completed)
            return api_fail(req, API_ERR_TODO_PARENT, NULL);
    }
    value_unset(todo_settings(todo), "PARENT_ACTIVITY_ID");
    if (id)
        fields_put_int(req, todo->settings, "PARENT_ACTIVITY_ID", id);
    return API_OK;
}

/* ---- storing ---- */

static void fill_new(struct todo *todo)
{
    struct request *req = todo->req;
    fields_put_int(req, todo->fields, "OWNER_TYPE_ID", todo->owner_type_id);
    fields_put_int(req, todo->fields, "OWNER_ID", todo->owner_id);
    fields_put_int(req, todo->fields, "TYPE_ID", TYPE_PROVIDER);
    fields_put_text(req, todo->fields, "PROVIDER_ID", PROVIDER);
    fields_put_text(req, todo->fields, "PROVIDER_TYPE_ID", "TODO");
    if (!value_get(todo->fields, "SUBJECT"))
        fields_put_text(req, todo->fields, "SUBJECT", "");
}

enum api_rc todo_store(struct todo *todo)
{
    struct request *req = todo->req;
    enum api_rc rc;
    if (todo->is_add) {
        fill_new(todo);
        rc = entity_create(req, &activity_entity, todo->fields, &todo->id);
    } else {
        rc = entity_change(req, &activity_entity, todo->id, todo->fields);
    }
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "id");
    writer_int(req->out, todo->id);
    writer_end_object(req->out);
    return API_OK;
}
