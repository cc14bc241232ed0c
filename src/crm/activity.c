/* The activity's table of fields and its rules, in the order of the page crm.activity.update. */
#include "crm/activity.h"

#include <stdio.h>
#include <string.h>

#include "crm/activity_app.h"
#include "crm/activity_family.h"
#include "crm/activity_file.h"
#include "crm/activity_mail.h"
#include "crm/activity_move.h"
#include "crm/activity_permit.h"
#include "crm/owner.h"
#include "crm/timeline.h"
#include "model/change.h"
#include "model/reference.h"
#include "model/registry.h"
#include "user/user.h"

/* ---- fields ---- */

#define RO FIELD_READ_ONLY
#define IMM FIELD_IMMUTABLE
#define REQ FIELD_REQUIRED

static const struct field fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", RO, NULL),
    FIELD_ROW("OWNER_ID", "integer", "Owner ID", FIELD_INT, "owner_id", IMM, NULL),
    FIELD_ROW("OWNER_TYPE_ID", "crm_enum_ownertype", "Owner Type", FIELD_INT, "owner_type_id", IMM,
              NULL),
    FIELD_ROW("TYPE_ID", "crm_enum_activitytype", "Type", FIELD_INT, "type_id", REQ | IMM, NULL),
    FIELD_ROW("PROVIDER_ID", "string", "Provider ID", FIELD_TEXT, "provider_id", FIELD_CODE, ""),
    FIELD_ROW("PROVIDER_TYPE_ID", "string", "Provider Type", FIELD_TEXT, "provider_type_id",
              FIELD_CODE, ""),
    FIELD_ROW("PROVIDER_GROUP_ID", "string", "Connector Type", FIELD_TEXT, "provider_group_id",
              FIELD_CODE, NULL),
    FIELD_ROW("ASSOCIATED_ENTITY_ID", "integer", "Associated Entity ID", FIELD_INT,
              "associated_entity_id", RO | FIELD_TAKEN, "0"),
    FIELD_ROW("SUBJECT", "string", "Subject", FIELD_TEXT, "subject", REQ | FIELD_SEARCH, NULL),
    FIELD_ROW("START_TIME", "datetime", "Start", FIELD_DATETIME, "start_time", FIELD_NOT_NULL,
              NULL),
    FIELD_ROW("END_TIME", "datetime", "Deadline", FIELD_DATETIME, "end_time", FIELD_NOT_NULL, NULL),
    FIELD_ROW("DEADLINE", "datetime", "Execution Deadline", FIELD_DATETIME, "deadline", 0, NULL),
    FIELD_ROW("COMPLETED", "char", "Completed", FIELD_FLAG, "completed", 0, "N"),
    FIELD_ROW("STATUS", "crm_enum_activitystatus", "Status", FIELD_INT, "status", 0, "1"),
    FIELD_ROW("RESPONSIBLE_ID", "user", "Responsible", FIELD_INT, "responsible_id", REQ, NULL),
    FIELD_ROW("PRIORITY", "crm_enum_activitypriority", "Priority", FIELD_INT, "priority", 0, "2"),
    FIELD_ROW("NOTIFY_TYPE", "crm_enum_activitynotifytype", "Notification Type", FIELD_INT,
              "notify_type", 0, "0"),
    FIELD_ROW("NOTIFY_VALUE", "integer", "Notification Parameter", FIELD_INT, "notify_value", 0,
              "0"),
    FIELD_ROW("DESCRIPTION", "string", "Description", FIELD_TEXT, "description",
              FIELD_SEARCH | FIELD_LONG, ""),
    FIELD_ROW("DESCRIPTION_TYPE", "crm_enum_contenttype", "Description Type", FIELD_INT,
              "description_type", 0, "1"),
    FIELD_ROW("DIRECTION", "crm_enum_activitydirection", "Direction", FIELD_INT, "direction", 0,
              "0"),
    FIELD_ROW("LOCATION", "string", "Location", FIELD_TEXT, "location", 0, ""),
    FIELD_ROW("CREATED", "datetime", "Creation Date", FIELD_DATETIME, "created",
              RO | FIELD_STAMP_CREATED, NULL),
    FIELD_ROW("AUTHOR_ID", "user", "Created By", FIELD_INT, "author_id", RO | FIELD_STAMP_AUTHOR,
              NULL),
    FIELD_ROW("LAST_UPDATED", "datetime", "Last Updated Date", FIELD_DATETIME, "last_updated",
              RO | FIELD_STAMP_UPDATED, NULL),
    FIELD_ROW("EDITOR_ID", "user", "Edited By", FIELD_INT, "editor_id", RO | FIELD_STAMP_EDITOR,
              NULL),
    FIELD_ROW("SETTINGS", "object", "Settings", FIELD_OBJECT, "settings", 0, NULL),
    FIELD_ROW("ORIGIN_ID", "string", "External Code", FIELD_TEXT, "origin_id", FIELD_KEYED, NULL),
    FIELD_ROW("ORIGINATOR_ID", "string", "External Source", FIELD_TEXT, "originator_id", 0, NULL),
    FIELD_ROW("ORIGIN_VERSION", "string", "Original Version", FIELD_TEXT, "origin_version",
              FIELD_HIDDEN | FIELD_IN_GET, NULL),
    FIELD_ROW("RESULT_STATUS", "integer", "RESULT_STATUS", FIELD_INT, "result_status", 0, "0"),
    FIELD_ROW("RESULT_STREAM", "integer", "RESULT_STREAM", FIELD_INT, "result_stream", 0, "0"),
    FIELD_ROW("RESULT_SOURCE_ID", "string", "RESULT_SOURCE_ID", FIELD_TEXT, "result_source_id",
              FIELD_CODE, NULL),
    FIELD_ROW("PROVIDER_PARAMS", "object", "Provider Parameters", FIELD_OBJECT, "provider_params",
              0, NULL),
    FIELD_ROW("PROVIDER_DATA", "string", "Provider Data", FIELD_TEXT, "provider_data", FIELD_LONG,
              NULL),
    FIELD_ROW("RESULT_MARK", "integer", "RESULT_MARK", FIELD_INT, "result_mark", 0, "0"),
    FIELD_ROW("RESULT_VALUE", "double", "RESULT_VALUE", FIELD_DOUBLE, "result_value", 0, NULL),
    FIELD_ROW("RESULT_SUM", "double", "RESULT_SUM", FIELD_DOUBLE, "result_sum", 0, NULL),
    FIELD_ROW("RESULT_CURRENCY_ID", "string", "RESULT_CURRENCY_ID", FIELD_TEXT,
              "result_currency_id", FIELD_CODE, NULL),
    FIELD_ROW("AUTOCOMPLETE_RULE", "integer", "Autocomplete", FIELD_INT, "autocomplete_rule", 0,
              "0"),
    FIELD_PART("BINDINGS", "crm_activity_binding", "Bindings", RO | FIELD_MULTIPLE, &bindings),
    FIELD_PART("COMMUNICATIONS", "crm_activity_communication", "Communication Channel",
               REQ | FIELD_MULTIPLE, &communications),
    FIELD_PART("FILES", "diskfile", "Files", FIELD_MULTIPLE, &activity_files),
    FIELD_PART("WEBDAV_ELEMENTS", "diskfile", "Added Files", FIELD_MULTIPLE | FIELD_DEPRECATED,
               &activity_files),
    FIELD_ROW("IS_INCOMING_CHANNEL", "char", "IS_INCOMING_CHANNEL", FIELD_FLAG,
              "is_incoming_channel", RO | FIELD_TAKEN | FIELD_BY_NAME, "N"),
    /* Asked for in the page's own example of reading attachments. */
    FIELD_PART("STORAGE_ELEMENT_IDS", "diskfile", "Files", FIELD_HIDDEN | RO, &activity_files),
};

const struct field activity_communication_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", RO, NULL),
    FIELD_ROW("ACTIVITY_ID", "integer", "Activity", FIELD_INT, "activity_id", RO, NULL),
    FIELD_ROW("ENTITY_ID", "integer", "Entity element ID", FIELD_INT, "entity_id", 0, NULL),
    FIELD_ROW("ENTITY_TYPE_ID", "integer", "Entity type", FIELD_INT, "entity_type_id", 0, NULL),
    FIELD_ROW("TYPE", "string", "Type", FIELD_TEXT, "type", FIELD_CODE, NULL),
    FIELD_ROW("VALUE", "string", "Value", FIELD_TEXT, "value", 0, NULL),
};
const size_t activity_communication_field_count =
    sizeof activity_communication_fields / sizeof activity_communication_fields[0];

/* ---- rules ---- */

static enum api_rc invalid(struct change *change, const char *name)
{
    return api_fail_text(change->req, arena_printf(change->req->arena,
                                                   "The field %s is not defined or invalid", name));
}

static enum api_rc check_subject(struct change *change)
{
    const struct cell *subject = change_cell(change, "SUBJECT");
    /* A to-do may have none: its page says so. */
    if (change->trusted || (!change->is_add && !subject->given))
        return API_OK;
    size_t len = subject->null ? 0 : strspn(subject->text, " \t\r\n");
    if (subject->null || len == subject->len)
        return api_fail_text(change->req, "The field SUBJECT is not defined or empty");
    return API_OK;
}

static bool nobody(const struct cell *responsible)
{
    return responsible->null || !responsible->integer;
}

static enum api_rc check_responsible(struct change *change)
{
    const struct cell *responsible = change_cell(change, "RESPONSIBLE_ID");
    bool exists = false;
    if (change->is_add ? nobody(responsible) : !responsible->given)
        return API_OK; /* an added one gets its owner's: settle_responsible */
    if (!responsible->null && responsible->integer > 0) {
        enum api_rc rc = user_exists(change->req, responsible->integer, &exists);
        if (rc != API_OK)
            return rc;
    }
    return exists ? API_OK : invalid(change, "RESPONSIBLE_ID");
}

static enum api_rc check_type(struct change *change)
{
    struct cell *type = change_cell(change, "TYPE_ID");
    /* Page app-embedding/activity-app: an application's activity is given without it. */
    if (change->is_add && type->null &&
        !strcmp(change_cell(change, "PROVIDER_ID")->text, PROVIDER_APP))
        cell_set_int(type, TYPE_PROVIDER);
    if (type->null || type->integer < TYPE_MEETING || type->integer > TYPE_PROVIDER)
        return invalid(change, "TYPE_ID");
    const char *made_elsewhere = type->integer == TYPE_TASK       ? "Task"
                                 : type->integer == TYPE_ACTIVITY ? "Action"
                                                                  : NULL;
    if (change->is_add && !change->trusted && made_elsewhere)
        return api_fail(change->req, API_ERR_METHOD,
                        "The activity type \"%s\" is not supported in current context",
                        made_elsewhere);
    return API_OK;
}

/* Values outside of the documented enumerations. Page: api-reference/crm/data-types. */
static enum api_rc check_enums(struct change *change)
{
    static const struct {
        const char *name;
        int64_t most;
    } enums[] = {{"STATUS", 3},
                 {"PRIORITY", 3},
                 {"NOTIFY_TYPE", 3},
                 {"DESCRIPTION_TYPE", 3},
                 {"DIRECTION", 2}};
    for (size_t i = 0; i < sizeof enums / sizeof enums[0]; i++) {
        const struct cell *cell = change_cell(change, enums[i].name);
        if (cell->given && (cell->integer < 0 || cell->integer > enums[i].most))
            return invalid(change, enums[i].name);
    }
    return API_OK;
}

static bool is_configurable(const char *provider)
{
    return !strcmp(provider, PROVIDER_CONFIGURABLE) || !strcmp(provider, "CONFIGURABLE");
}

/* What belongs to an application: configurable activities have methods of their own, the others are
 * changed by it alone. */
static enum api_rc check_app_provider(struct change *change, const char *provider,
                                      const char *stored)
{
    struct request *req = change->req;
    int64_t app_id = req->caller->app_id;
    if (is_configurable(provider) || is_configurable(stored))
        return api_fail_text(
            req, change->is_add
                     ? "Use crm.activity.configurable.add for this activity provider"
                     : "Use crm.activity.configurable.update for this activity provider");
    if (strcmp(provider, PROVIDER_APP) && strcmp(stored, PROVIDER_APP))
        return API_OK;
    if (!change->is_add && !strcmp(stored, PROVIDER_APP) && app_id) {
        int64_t of = 0;
        enum api_rc rc = activity_app_of(req, change->id, &of);
        if (rc != API_OK)
            return rc;
        if (of && of != app_id)
            app_id = 0;
    }
    if (!app_id)
        return api_fail_text(req, "Application context required");
    if (change->is_add && !change_cell(change, "PROVIDER_TYPE_ID")->len)
        return invalid(change, "PROVIDER_TYPE_ID");
    return API_OK;
}

/* Providers that are not for this method, and the provider a type stands for by itself. */
static enum api_rc check_provider(struct change *change)
{
    struct cell *id = change_cell(change, "PROVIDER_ID");
    struct cell *type_id = change_cell(change, "PROVIDER_TYPE_ID");
    int64_t type = change_cell(change, "TYPE_ID")->integer;
    const char *stored =
        change->is_add ? id->text : change->old[entity_at(change->entity, "PROVIDER_ID")].text;
    static const char *const defaults[][2] = {[TYPE_MEETING] = {"CRM_MEETING", "MEETING"},
                                              [TYPE_CALL] = {"VOXIMPLANT_CALL", "CALL"},
                                              [TYPE_TASK] = {"TASKS", "TASK"},
                                              [TYPE_EMAIL] = {"CRM_EMAIL", "EMAIL"},
                                              [TYPE_ACTIVITY] = {"", ""},
                                              [TYPE_PROVIDER] = {"", ""}};
    if (!change->trusted) {
        enum api_rc rc = check_app_provider(change, id->text, stored);
        if (rc != API_OK)
            return rc;
    }
    if (!id->len && defaults[type][0][0])
        cell_set_text(id, defaults[type][0]);
    if (!type_id->len && defaults[type][1][0] && !strcmp(id->text, defaults[type][0]))
        cell_set_text(type_id, defaults[type][1]);
    if (type == TYPE_PROVIDER && !id->len)
        return api_fail_text(
            change->req,
            "The custom activity without provider is not supported in current context");
    return API_OK;
}

/* COMPLETED and STATUS say the same thing twice: what was given leads the other. */
static void settle_status(struct change *change)
{
    struct cell *completed = change_cell(change, "COMPLETED"),
                *status = change_cell(change, "STATUS");
    bool done = completed->text[0] == 'Y', closed = status->integer == 2 || status->integer == 3;
    if (done == closed)
        return;
    if (completed->given || !status->given)
        cell_set_int(status, done ? 2 : 1);
    else
        cell_set_text(completed, closed ? "Y" : "N");
}

/* Start and end keep their order; the deadline is theirs for calls, meetings and tasks. */
static void settle_times(struct change *change)
{
    struct cell *start = change_cell(change, "START_TIME"), *end = change_cell(change, "END_TIME");
    struct cell *deadline = change_cell(change, "DEADLINE");
    int64_t type = change_cell(change, "TYPE_ID")->integer;
    if (start->null)
        cell_set_int(start, end->given && !end->null ? end->integer : (int64_t)change->req->now);
    if (end->null)
        cell_set_int(end, start->integer);
    if (start->integer > end->integer) {
        if (end->given && !start->given)
            start->integer = end->integer;
        else
            end->integer = start->integer;
    }
    if (type == TYPE_CALL || type == TYPE_MEETING)
        cell_set_int(deadline, start->integer);
    else if (type == TYPE_TASK)
        cell_set_int(deadline, end->integer);
    else if (change->is_add && !deadline->given)
        cell_set_int(deadline, start->integer);
}

static enum api_rc no_owner(struct change *change, int64_t type, int64_t id)
{
    const struct entity *owner = owner_entity(change->req, type);
    if (!owner || id <= 0)
        return api_fail_text(change->req,
                             "Could not build binding. Please ensure that owner info and "
                             "communications are defined correctly");
    return api_fail(change->req, API_ERR_METHOD, "Could not find '%s' with ID: %lld", owner->code,
                    (long long)id);
}

/* The owner must be there for the caller, and his to change: a row in its timeline is added. */
static enum api_rc check_owner(struct change *change)
{
    const struct cell *id = change_cell(change, "OWNER_ID"),
                      *type = change_cell(change, "OWNER_TYPE_ID");
    int64_t type_id = type->null ? 0 : type->integer;
    enum reference reference;
    enum api_rc rc =
        reference_find(change->req, owner_entity(change->req, type_id), id->integer, &reference);
    if (rc == API_OK && reference == REFERENCE_MISSING)
        return no_owner(change, type_id, id->integer);
    if (rc == API_OK && reference != REFERENCE_CHANGEABLE)
        return api_fail_text(change->req, "Access denied.");
    return rc;
}

/* Without an owner the first communication's entity is it. */
static enum api_rc take_owner(struct change *change, const struct communication *list)
{
    if (!list || !list->entity_id)
        return no_owner(change, 0, 0);
    cell_set_int(change_cell(change, "OWNER_ID"), list->entity_id);
    cell_set_int(change_cell(change, "OWNER_TYPE_ID"), list->entity_type_id);
    return check_owner(change);
}

/* Who is responsible for the owner, when nobody is named. */
static enum api_rc settle_responsible(struct change *change)
{
    struct request *req = change->req;
    struct cell *responsible = change_cell(change, "RESPONSIBLE_ID");
    struct permit_whose whose;
    bool exists = false;
    if (!change->is_add || !nobody(responsible))
        return API_OK;
    enum api_rc rc = api_db(
        req, permit_owner(req, owner_entity(req, change_cell(change, "OWNER_TYPE_ID")->integer),
                          change_cell(change, "OWNER_ID")->integer, &whose));
    if (rc == API_OK && whose.assigned_by > 0)
        rc = user_exists(req, whose.assigned_by, &exists);
    if (rc == API_OK && !exists)
        return invalid(change, "RESPONSIBLE_ID");
    cell_set_int(responsible, whose.assigned_by);
    return rc;
}

static bool is_owned(struct change *change)
{
    const struct cell *owner = change_cell(change, "OWNER_ID");
    return !owner->null && owner->integer;
}

static enum api_rc check(struct change *change)
{
    static enum api_rc (*const rules[])(struct change *) = {check_subject, check_responsible,
                                                            check_type, check_enums};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        enum api_rc rc = rules[i](change);
        if (rc != API_OK)
            return rc;
    }
    return change->is_add && is_owned(change) ? check_owner(change) : API_OK;
}

/* By its communications. */
static enum api_rc settle(struct change *change)
{
    enum api_rc rc = API_OK;
    if (change->is_add && !is_owned(change))
        rc = take_owner(change, communications_of(change));
    if (rc == API_OK)
        rc = settle_responsible(change);
    if (rc == API_OK)
        rc = check_provider(change);
    if (rc != API_OK)
        return rc;
    settle_status(change);
    settle_times(change);
    return API_OK;
}

/* By crm.activity.delete: what an application made it alone deletes. */
static enum api_rc before_call(struct request *req, int64_t id)
{
    struct activity_head head;
    bool found = false;
    enum api_rc rc = activity_head_read(req, id, &head, &found);
    return rc == API_OK && found ? activity_app_only(req, id, head.provider_id) : rc;
}

static const struct relation blocks = {.kind = &relation_owned,
                                       .name = "blocks",
                                       .table = "activity_block",
                                       .own = "activity_id",
                                       .rows = "content blocks"};
static const struct relation transcripts = {.kind = &relation_owned,
                                            .name = "transcript",
                                            .rows = "transcripts",
                                            .table = "activity_transcript",
                                            .own = "activity_id"};
static enum api_rc notes_removed(struct request *req, const struct entity *entity,
                                 const struct relation *relation, int64_t id)
{
    (void)entity, (void)relation;
    return timeline_notes_gone(req, TIMELINE_ITEM_ACTIVITY, id);
}

static const struct relation notes = {.kind =
                                          &(const struct relation_kind){.remove = notes_removed},
                                      .name = "notes",
                                      .table = "timeline_note"};
/* An e-mail comes last: what it is refused for stays, with all that was before it. */
static const struct relation *const relations[] = {&bindings,       &communications, &activity_apps,
                                                   &activity_files, &blocks,         &transcripts,
                                                   &notes,          &activity_mails, NULL};

const struct entity activity_entity = {
    .name = "activity",
    .table = "activity",
    .permit = &activity_permit,
    .type_id = ACTIVITY_TYPE,
    .event = "ACTIVITY",
    .fields = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .not_found = "Activity is not found",
    .default_order = "START_TIME",
    .relations = relations,
    .check = check,
    .settle = settle,
    .before_delete = before_call,
    .get_field = "PROVIDER_ID",
    .may_get = activity_app_only,
};
ENTITY(activity_entity);

/* ---- an owner goes ---- */

/* The activity stays with its other bindings; if it was owned by the one that goes, the oldest of
 * them owns it from now on. */
static enum api_rc unbind(struct request *req, int64_t id, int type_id, int64_t owner_id,
                          int64_t next_type, int64_t next_id)
{
    enum api_rc rc = binding_remove(req, id, type_id, owner_id);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE activity SET owner_type_id = $1, owner_id = $2 WHERE id = "
                            "$3 AND owner_type_id = $4 AND owner_id = $5");
    db_bind_int(stmt, 1, next_type);
    db_bind_int(stmt, 2, next_id);
    db_bind_int(stmt, 3, id);
    db_bind_int(stmt, 4, type_id);
    db_bind_int(stmt, 5, owner_id);
    return api_db(req, db_run(stmt));
}

static enum api_rc owner_gone(struct request *req, int64_t id, int type_id, int64_t owner_id)
{
    int64_t next_type, next_id;
    bool exists;
    /* Its other owners may go at the same time, by another server: the last one takes it along. */
    enum api_rc held = entity_hold(req, &activity_entity, id, &exists);
    if (held != API_OK || !exists)
        return held;
    enum db_rc rc = binding_other(req, id, type_id, owner_id, &next_type, &next_id);
    if (rc == DB_ROW)
        return unbind(req, id, type_id, owner_id, next_type, next_id);
    return rc == DB_NONE ? change_remove(req, &activity_entity, id, false) : api_db(req, rc);
}

static enum api_rc owner_removed(struct request *req, const struct entity *owner,
                                 const struct relation *relation, int64_t owner_id)
{
    int64_t ids[64], last = 0;
    int owner_type_id = owner->type_id;
    size_t count;
    (void)relation;
    do { /* in slices, since an owner may have any number */
        struct db_stmt *stmt = db_prepare(
            req->db, "SELECT activity_id FROM activity_binding WHERE owner_type_id = $1 AND "
                     "owner_id = $2 AND activity_id > $3 ORDER BY activity_id LIMIT 64");
        db_bind_int(stmt, 1, owner_type_id);
        db_bind_int(stmt, 2, owner_id);
        db_bind_int(stmt, 3, last);
        enum db_rc rc;
        for (count = 0; (rc = db_step(stmt)) == DB_ROW && count < 64; count++)
            ids[count] = last = db_int(stmt, 0);
        db_finish(stmt);
        if (rc != DB_NONE && rc != DB_ROW)
            return api_db(req, rc);
        for (size_t i = 0; i < count; i++) {
            enum api_rc done = owner_gone(req, ids[i], owner_type_id, owner_id);
            if (done != API_OK)
                return done;
        }
    } while (count == 64);
    return timeline_owner_gone(req, owner, owner_id);
}

/* The owner changed hands, or its funnel: its bindings follow. */
static enum api_rc owner_stored(struct change *change, const struct relation *relation, void *slot)
{
    const struct cell *assigned = change_cell(change, "ASSIGNED_BY_ID");
    const char *funnel = change->entity->category;
    const struct cell *category = funnel ? change_cell(change, funnel) : NULL;
    (void)relation, (void)slot;
    if (change->is_add || (!assigned->changed && !(category && category->changed)))
        return API_OK;
    const struct permit_whose whose = {assigned->integer, category ? category->integer : 0};
    return activity_permit_handed_over(change->req, change->entity->type_id, change->id, &whose);
}

const struct relation_kind relation_activities = {
    .store = owner_stored, .remove = owner_removed, .move = activity_move};
