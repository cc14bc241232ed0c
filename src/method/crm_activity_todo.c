/* crm.activity.todo.* - to-dos: activities with a deadline, reminders and a colour.
 * Pages: api-reference/crm/timeline/activities/todo. */
#include "crm/activity_todo.h"
#include "model/arg.h"
#include "model/method.h"

#define PAGE(name) "api-reference/crm/timeline/activities/todo/" name

/* What every change of one property begins with: the call's parameters, then the to-do. */
static enum api_rc completed(struct todo *todo, enum api_code code, const char *text)
{
    if (!todo->head.completed)
        return API_OK;
    return text ? api_fail(todo->req, code, "%s", text) : api_fail(todo->req, code, NULL);
}

static enum api_rc take_all(struct todo *todo)
{
    static enum api_rc (*const takes[])(struct todo *) = {
        todo_take_texts,   todo_take_responsible, todo_take_parent,
        todo_take_offsets, todo_take_color,
    };
    for (size_t i = 0; i < sizeof takes / sizeof takes[0]; i++) {
        enum api_rc rc = takes[i](todo);
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}

static enum api_rc add_or_update(struct request *req, bool is_add)
{
    struct todo todo;
    enum api_rc rc = todo_bind(req, is_add, &todo);
    if (rc == API_OK)
        rc = arg_text(req, "deadline", &todo.deadline);
    if (rc == API_OK)
        rc = todo_find(&todo);
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
    struct todo todo;
    enum api_rc rc = todo_bind(req, false, &todo);
    if (rc == API_OK)
        rc = arg_text(req, "value", &todo.deadline);
    if (rc == API_OK)
        rc = todo_find(&todo);
    if (rc == API_OK)
        rc = todo_take_deadline(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_COMPLETED, NULL);
    return rc == API_OK ? todo_store(&todo) : rc;
}

static enum api_rc todo_update_description(struct request *req)
{
    struct todo todo;
    const char *text;
    enum api_rc rc = todo_bind(req, false, &todo);
    if (rc == API_OK)
        rc = arg_text(req, "value", &text);
    if (rc == API_OK)
        rc = todo_find(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_COMPLETED, "Closed activity cannot be modified");
    if (rc != API_OK)
        return rc;
    fields_put_text(req, todo.fields, "DESCRIPTION", text);
    return todo_store(&todo);
}

static enum api_rc todo_update_color(struct request *req)
{
    struct todo todo;
    const char *text;
    enum api_rc rc = todo_bind(req, false, &todo);
    if (rc == API_OK)
        rc = arg_text(req, "colorId", &text);
    if (rc == API_OK)
        rc = todo_find(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_COLOR_COMPLETED, NULL);
    if (rc == API_OK)
        rc = todo_take_color(&todo);
    return rc == API_OK ? todo_store(&todo) : rc;
}

static enum api_rc todo_update_responsible(struct request *req)
{
    struct todo todo;
    int64_t id;
    enum api_rc rc = todo_bind(req, false, &todo);
    if (rc == API_OK)
        rc = arg_int(req, "responsibleId", &id);
    if (rc == API_OK)
        rc = todo_find(&todo);
    if (rc == API_OK)
        rc = completed(&todo, API_ERR_TODO_RESPONSIBLE_COMPLETED, NULL);
    if (rc == API_OK && id <= 0)
        rc = api_fail(req, API_ERR_INVALID_ARG_VALUE,
                      "Parameter \"responsibleId\" must be greater than 0");
    if (rc == API_OK)
        rc = todo_take_responsible(&todo);
    return rc == API_OK ? todo_store(&todo) : rc;
}

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Id of the to-do"                                                   \
    }
#define OWNER                                                                                      \
    {"ownerTypeId", PARAM_INT, true, "Type of the CRM object it is bound to: 1, 2, 3 or 4"},       \
    {                                                                                              \
        "ownerId", PARAM_INT, true, "Id of that object"                                            \
    }
#define OPTIONAL                                                                                   \
    {"deadline", PARAM_STRING, true, "When it is due"}, {"title", PARAM_STRING, false, "Subject"}, \
        {"description", PARAM_STRING, false, "Text"},                                              \
        {"responsibleId", PARAM_INT, false, "User who is to do it; on add the caller"},            \
        {"parentActivityId", PARAM_INT, false, "Activity that it follows"},                        \
        {"pingOffsets", PARAM_ARRAY, false, "Reminders: minutes before the deadline"},             \
    {                                                                                              \
        "colorId", PARAM_STRING, false, "Colour in the timeline, 1 to 7"                           \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, PARAM_END, false, NULL                                                               \
    }

static const struct param add_params[] = {OWNER, OPTIONAL, END};
static const struct param update_params[] = {ID, OWNER, OPTIONAL, END};
static const struct param deadline_params[] = {
    ID, OWNER, {"value", PARAM_STRING, true, "When it is due"}, END};
static const struct param description_params[] = {
    ID, OWNER, {"value", PARAM_STRING, true, "The new text"}, END};
static const struct param color_params[] = {
    ID, OWNER, {"colorId", PARAM_STRING, true, "Colour in the timeline, 1 to 7; none: \"\""}, END};
static const struct param responsible_params[] = {
    ID, OWNER, {"responsibleId", PARAM_INT, true, "User who is to do it"}, END};

#define METHOD(method, words, parameters, address, handler)                                        \
    {                                                                                              \
        .name = "crm.activity.todo." method, .summary = words, .scope = "crm", .lane = LANE_WRITE, \
        .binds = true, .params = parameters, .result = SHAPE_OBJECT,                               \
        .page = PAGE("crm-activity-todo-" address), .handle = handler                              \
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
