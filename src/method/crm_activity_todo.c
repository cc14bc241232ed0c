/* crm.activity.todo.* - to-dos: activities with a deadline, reminders and a colour.
 * Pages: api-reference/crm/timeline/activities/todo. */
#include "crm/activity_todo.h"
#include "model/method.h"

#define PAGE(name) "api-reference/crm/timeline/activities/todo/" name

static enum api_rc completed(struct todo *todo, enum api_code code, const char *text)
{
    if (!todo->head.completed)
        return API_OK;
    return text ? api_fail(todo->req, code, "%s", text) : api_fail(todo->req, code, NULL);
}

static enum api_rc take_all(struct todo *todo)
{
    todo_take_texts(todo);
    todo_take_responsible(todo);
    enum api_rc rc = todo_take_parent(todo);
    if (rc == API_OK)
        rc = todo_take_offsets(todo);
    return rc == API_OK ? todo_take_color(todo) : rc;
}

static enum api_rc add_or_update(struct request *req, bool is_add)
{
    struct todo todo = todo_begin(req, is_add);
    enum api_rc rc = todo_find(&todo);
    if (rc == API_OK)
        rc = todo_take_deadline(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_COMPLETED, NULL);
    if (rc == API_OK)
        rc = take_all(&todo);
    return rc == API_OK ? todo_store(&todo) : rc;
}

static enum api_rc todo_add(struct request *req)
{
    return add_or_update(req, true);
}

static enum api_rc todo_update(struct request *req)
{
    return add_or_update(req, false);
}

static enum api_rc todo_update_deadline(struct request *req)
{
    struct todo todo = todo_begin(req, false);
    enum api_rc rc = todo_find(&todo);
    if (rc == API_OK)
        rc = todo_take_deadline(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_COMPLETED, NULL);
    return rc == API_OK ? todo_store(&todo) : rc;
}

static enum api_rc todo_update_description(struct request *req)
{
    struct todo todo = todo_begin(req, false);
    enum api_rc rc = todo_find(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_COMPLETED, "Closed activity cannot be modified");
    if (rc != API_OK)
        return rc;
    todo_take_texts(&todo);
    return todo_store(&todo);
}

static enum api_rc todo_update_color(struct request *req)
{
    struct todo todo = todo_begin(req, false);
    enum api_rc rc = todo_find(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_COLOR_COMPLETED, NULL);
    if (rc == API_OK)
        rc = todo_take_color(&todo);
    return rc == API_OK ? todo_store(&todo) : rc;
}

static enum api_rc todo_update_responsible(struct request *req)
{
    struct todo todo = todo_begin(req, false);
    enum api_rc rc = todo_find(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_RESPONSIBLE_COMPLETED, NULL);
    if (rc == API_OK && todo.args->responsible_id <= 0)
        rc = api_fail(req, API_ERR_INVALID_ARG_VALUE,
                      "Parameter \"responsibleId\" must be greater than 0");
    if (rc != API_OK)
        return rc;
    todo_take_responsible(&todo);
    return todo_store(&todo);
}

#define ARG(member) BIND(struct todo_args, member)
#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Id of the to-do", ARG(id)                                          \
    }
#define OWNER                                                                                      \
    {"ownerTypeId", PARAM_INT, true, "Type of the CRM object, as crm.enum.ownertype has it",       \
     ARG(owner_type_id)},                                                                          \
    {                                                                                              \
        "ownerId", PARAM_INT, true, "Id of that object", ARG(owner_id)                             \
    }
#define COLOR(required)                                                                            \
    {                                                                                              \
        "colorId", PARAM_STRING, required, "Colour in the timeline; none: \"\"",                   \
            .one_of = "1|2|3|4|5|6|7", ARG(color)                                                  \
    }
#define OPTIONAL                                                                                   \
    {"deadline", PARAM_DATETIME, true, "When it is due", ARG(deadline)},                           \
        {"title", PARAM_STRING, false, "Subject", ARG(title)},                                     \
        {"description", PARAM_STRING, false, "Text", ARG(description)},                            \
        {"responsibleId", PARAM_INT, false, "User who is to do it; on add the caller",             \
         ARG(responsible_id)},                                                                     \
        {"parentActivityId", PARAM_INT, false, "Activity that it follows", ARG(parent_id)},        \
        {"pingOffsets",   PARAM_LIST,  false, "Reminders: minutes before the deadline",            \
         .keys = minutes, ARG(offsets)},                                                           \
        COLOR(false)

static const struct param minutes[] = {{"", PARAM_INT}, {0}};
static const struct param add_params[] = {OWNER, OPTIONAL, {0}};
static const struct param update_params[] = {ID, OWNER, OPTIONAL, {0}};
static const struct param deadline_params[] = {
    ID, OWNER, {"value", PARAM_DATETIME, true, "When it is due", ARG(deadline)}, {0}};
static const struct param description_params[] = {
    ID, OWNER, {"value", PARAM_STRING, true, "The new text", ARG(description)}, {0}};
static const struct param color_params[] = {ID, OWNER, COLOR(true), {0}};
static const struct param responsible_params[] = {
    ID,
    OWNER,
    {"responsibleId", PARAM_INT, true, "User who is to do it", ARG(responsible_id)},
    {0}};
static const struct param stored[] = {{"id", PARAM_INT, true, "Its id"}, {0}};

#define METHOD(method, words, parameters, address, handler)                                        \
    {                                                                                              \
        .name = "crm.activity.todo." method, .summary = words, .scope = "crm", .lane = LANE_WRITE, \
        .of_rows = true, .binds = true, TAKES(struct todo_args, parameters),                       \
        .result = SHAPE_OBJECT, .gives = stored, .page = PAGE("crm-activity-todo-" address),       \
        .handle = handler                                                                          \
    }

static const struct method methods[] = {
    METHOD("add", "Plan a to-do.", add_params, "add", todo_add),
    METHOD("update", "Change a to-do.", update_params, "update", todo_update),
    METHOD("updateDeadline", "Move the deadline of a to-do.", deadline_params, "update-deadline",
           todo_update_deadline),
    METHOD("updateDescription", "Change the text of a to-do.", description_params,
           "update-description", todo_update_description),
    METHOD("updateColor", "Change the colour of a to-do.", color_params, "update-color",
           todo_update_color),
    METHOD("updateResponsibleUser", "Hand a to-do to another user.", responsible_params,
           "update-responsible-user", todo_update_responsible),
};

MODULE(crm_activity_todo, METHODS(methods));
