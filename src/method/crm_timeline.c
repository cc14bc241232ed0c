/* crm.timeline.logmessage.*, note.*, item.*: what there is on a card beside comments and activities.
 * Pages: api-reference/crm/timeline. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "crm/activity_family.h"
#include "crm/owner.h"
#include "crm/timeline.h"
#include "model/arg.h"
#include "model/method.h"
#include "model/unknown.h"

#define PAGE(name) "api-reference/crm/timeline/" name
#define LOG_PAGE 10 /* messages of a page */
#define PINS_MOST 3 /* on one card */

/* ---- log messages ---- */

static void write_log(struct request *req, const struct timeline_entry *entry)
{
    struct writer *out = req->out;
    char created[40];
    writer_begin_object(out);
    writer_number(out, "id", entry->id);
    writer_keyz(out, "created");
    writer_string(out, created, datetime_format(req->zone, entry->created, created));
    writer_number(out, "authorId", entry->author_id);
    writer_text(out, "title", entry->title);
    writer_text(out, "text", entry->text);
    writer_text(out, "iconCode", entry->icon);
    writer_end_object(out);
}

static void answer_log(struct request *req, const struct timeline_entry *entry)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, "logMessage");
    write_log(req, entry);
    writer_end_object(req->out);
}

static enum api_rc log_denied(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
}

/* In the words of these methods. */
static enum api_rc log_owner(struct request *req, int64_t type_id, int64_t id,
                             enum access_action action)
{
    enum api_rc rc = activity_owner_look(req, type_id, id, action);
    return rc == API_FAIL && req->error.code == API_ERR_ITEM_DENIED ? log_denied(req) : rc;
}

static enum api_rc take_text(struct request *req, const struct value *fields, const char *name,
                             size_t most, const char **text)
{
    size_t len = 0;
    const struct value *value = value_get(fields, name);
    *text = value ? value_to_text(req->arena, value, &len) : NULL;
    if (!*text || !len)
        return arg_missing(req, name);
    return len <= most ? API_OK : arg_mismatch(req, name, "string");
}

struct log_args {
    const struct value *fields;
    int64_t id, type_id, owner_id;
    const struct value *order;
};

static enum api_rc log_add(struct request *req)
{
    static const char *const known[] = {"entityTypeId", "entityId", "title",
                                        "text",         "iconCode", NULL};
    const struct log_args *args = req->args;
    struct timeline_entry entry = {.kind = TIMELINE_LOG};
    int64_t type_id = 0, id = 0;
    enum api_rc rc = unknown_keys(req, IN_FIELDS, args->fields, known);
    if (rc == API_OK && !value_to_int(value_get(args->fields, "entityTypeId"), &type_id))
        rc = arg_missing(req, "entityTypeId");
    if (rc == API_OK && !value_to_int(value_get(args->fields, "entityId"), &id))
        rc = arg_missing(req, "entityId");
    if (rc == API_OK)
        rc = take_text(req, args->fields, "title", LIMIT_LINE_BYTES, &entry.title);
    if (rc == API_OK)
        rc = take_text(req, args->fields, "text", LIMIT_TEXT_BYTES, &entry.text);
    if (rc == API_OK)
        rc = take_text(req, args->fields, "iconCode", LIMIT_LINE_BYTES, &entry.icon);
    if (rc == API_OK)
        rc = log_owner(req, type_id, id, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = timeline_add(req, owner_entity(req, type_id), id, &entry);
    if (rc == API_OK)
        answer_log(req, &entry);
    return rc;
}

/* One that may not be read is a missing one. */
static enum api_rc find_log(struct request *req, int64_t id, struct timeline_entry *entry)
{
    bool found = false;
    enum api_rc rc = timeline_read(req, TIMELINE_LOG, id, entry, &found);
    if (rc == API_OK && (!found || !entry->owner))
        rc = api_fail(req, API_ERR_ITEM_NOT_FOUND, "Timeline logmessage not found for id %lld",
                      (long long)id);
    return rc;
}

static enum api_rc log_get(struct request *req)
{
    const struct log_args *args = req->args;
    struct timeline_entry entry;
    enum api_rc rc = find_log(req, args->id, &entry);
    if (rc == API_OK)
        answer_log(req, &entry);
    return rc;
}

/* Who wrote it deletes it: an application its own, webhooks theirs. */
static enum api_rc log_delete(struct request *req)
{
    const struct log_args *args = req->args;
    struct timeline_entry entry;
    enum permit_sight sight = PERMIT_FREE;
    enum api_rc rc = find_log(req, args->id, &entry);
    if (rc == API_OK)
        rc = timeline_sight(req, args->id, ACCESS_UPDATE, &sight);
    if (rc == API_OK && sight != PERMIT_FREE)
        rc = log_denied(req);
    if (rc == API_OK && entry.app_id != req->caller->app_id)
        rc = api_fail(req, API_ERR_REMOVING_DISABLED,
                      "The log entry was created by another application");
    if (rc == API_OK)
        rc = timeline_remove(req, TIMELINE_LOG, args->id);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* " ORDER BY ...": by id or created, the newest first. */
static enum api_rc log_order(struct request *req, struct buf *sql)
{
    static const char *const columns[][2] = {{"id", "b.entry_id"}, {"created", "b.created"}};
    const struct log_args *args = req->args;
    const char *comma = "";
    bool down = true;
    enum api_rc rc = API_OK;
    buf_adds(sql, " ORDER BY ");
    for (size_t i = 0; value_is_array(args->order) && i < args->order->array.count && rc == API_OK;
         i++) {
        const struct value_item *item = &args->order->array.items[i];
        size_t at = 0;
        while (at < 2 && strcasecmp(columns[at][0], item->key) != 0)
            at++;
        if (at == 2) {
            rc = unknown_name(req, IN_ORDER, item->key);
            continue;
        }
        down = item->value->type != VALUE_STRING ||
               strncasecmp(item->value->string.text, "asc", 3) != 0;
        buf_printf(sql, "%s%s%s", comma, columns[at][1], down ? " DESC" : "");
        comma = ", ";
        if (!at)
            return rc;
    }
    buf_printf(sql, "%sb.entry_id%s", comma, down ? " DESC" : "");
    return rc;
}

static enum api_rc log_total(struct request *req, const struct log_args *args, int64_t start)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT count(*) FROM timeline_binding WHERE owner_type_id = $1 AND "
                            "owner_id = $2 AND kind = 'log'");
    db_bind_int(stmt, 1, args->type_id);
    db_bind_int(stmt, 2, args->owner_id);
    enum db_rc rc = db_step(stmt);
    req->total = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (start + LOG_PAGE < req->total)
        req->next = start + LOG_PAGE;
    return api_db(req, rc);
}

static enum api_rc log_list(struct request *req)
{
    const struct log_args *args = req->args;
    struct buf order = {0}, sql = {0};
    int64_t start = param_start(req) > 0 ? param_start(req) : 0;
    enum api_rc rc = log_owner(req, args->type_id, args->owner_id, ACCESS_READ);
    if (rc == API_OK)
        rc = log_order(req, &order);
    if (rc != API_OK) {
        buf_clear(&order);
        return rc;
    }
    buf_printf(
        &sql,
        "SELECT b.entry_id, b.created, b.author_id, e.title, e.text, e.icon FROM "
        "timeline_binding b JOIN timeline_entry e ON e.id = b.entry_id WHERE b.owner_type_id "
        "= $1 AND b.owner_id = $2 AND b.kind = 'log'%s LIMIT $3 OFFSET $4",
        buf_text(&order));
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    buf_clear(&order);
    db_bind_int(stmt, 1, args->type_id);
    db_bind_int(stmt, 2, args->owner_id);
    db_bind_int(stmt, 3, LOG_PAGE);
    db_bind_int(stmt, 4, start);
    enum db_rc step;
    writer_begin_list(req->out);
    while ((step = db_step(stmt)) == DB_ROW) {
        const struct timeline_entry entry = {.id = db_int(stmt, 0),
                                             .created = db_int(stmt, 1),
                                             .author_id = db_int(stmt, 2),
                                             .title = request_text(req, stmt, 3, NULL),
                                             .text = request_text(req, stmt, 4, NULL),
                                             .icon = request_text(req, stmt, 5, NULL)};
        write_log(req, &entry);
    }
    writer_end_list(req->out);
    db_finish(stmt);
    return step == DB_NONE ? log_total(req, args, start) : api_db(req, step);
}

/* ---- notes ---- */

struct note_args {
    int64_t type_id, owner_id, item_type, item_id;
    const char *text;
};

static enum api_rc no_element(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Element not found");
}

/* The row, and what the note is on: an entry of its card, or an activity of it. */
static enum api_rc find_noted(struct request *req, enum access_action action)
{
    const struct note_args *args = req->args;
    bool bound = false;
    enum api_rc rc = activity_owner_look(req, args->type_id, args->owner_id, action);
    if (rc == API_FAIL && req->error.code == API_ERR_OWNER_NOT_FOUND)
        return no_element(req);
    if (rc == API_OK && args->item_type == TIMELINE_ITEM_ENTRY)
        rc = timeline_is_bound(req, args->item_id, owner_entity(req, args->type_id), args->owner_id,
                               &bound);
    else if (rc == API_OK && args->item_type == TIMELINE_ITEM_ACTIVITY)
        rc = activity_is_bound(req, args->item_id, args->type_id, args->owner_id, &bound);
    return rc == API_OK && !bound ? no_element(req) : rc;
}

static struct db_stmt *note_stmt(struct request *req, const char *sql)
{
    const struct note_args *args = req->args;
    struct db_stmt *stmt = db_prepare(req->db, sql);
    db_bind_int(stmt, 1, args->type_id);
    db_bind_int(stmt, 2, args->owner_id);
    db_bind_int(stmt, 3, args->item_type);
    db_bind_int(stmt, 4, args->item_id);
    return stmt;
}

#define NOTE_IS "owner_type_id = $1 AND owner_id = $2 AND item_type = $3 AND item_id = $4"

static enum api_rc note_save(struct request *req)
{
    const struct note_args *args = req->args;
    enum api_rc rc = find_noted(req, ACCESS_UPDATE);
    if (rc == API_OK && (!args->text || !*args->text))
        rc = arg_missing(req, "text");
    if (rc == API_OK && strlen(args->text) > LIMIT_TEXT_BYTES)
        rc = arg_mismatch(req, "text", "string");
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = note_stmt(
        req, "INSERT INTO timeline_note (owner_type_id, owner_id, item_type, item_id, text, "
             "created, created_by, updated, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
             "$9) ON CONFLICT (owner_type_id, owner_id, item_type, item_id) DO UPDATE SET text = "
             "EXCLUDED.text, updated = EXCLUDED.updated, updated_by = EXCLUDED.updated_by");
    db_bind_textz(stmt, 5, args->text);
    db_bind_int(stmt, 6, (int64_t)req->now);
    db_bind_int(stmt, 7, req->caller->user_id);
    db_bind_int(stmt, 8, (int64_t)req->now);
    db_bind_int(stmt, 9, req->caller->user_id);
    rc = api_db(req, db_run(stmt));
    if (rc == API_OK)
        rc = timeline_follow(req, owner_entity(req, args->type_id), args->owner_id);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static void write_time(struct request *req, const char *key, int64_t time)
{
    char text[40];
    writer_keyz(req->out, key);
    writer_string(req->out, text, datetime_format(req->zone, time, text));
}

static enum api_rc note_get(struct request *req)
{
    enum api_rc rc = find_noted(req, ACCESS_READ);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = note_stmt(
        req,
        "SELECT text, created_by, created, updated_by, updated FROM timeline_note WHERE " NOTE_IS);
    enum db_rc step = db_step(stmt);
    if (step == DB_ROW) {
        writer_begin_object(req->out);
        writer_text(req->out, "text", db_text(stmt, 0, NULL));
        writer_number(req->out, "createdById", db_int(stmt, 1));
        write_time(req, "createdTime", db_int(stmt, 2));
        writer_number(req->out, "updatedById", db_int(stmt, 3));
        write_time(req, "updatedTime", db_int(stmt, 4));
        writer_end_object(req->out);
    }
    db_finish(stmt);
    return step == DB_NONE ? no_element(req) : api_db(req, step);
}

static enum api_rc note_delete(struct request *req)
{
    const struct note_args *args = req->args;
    enum api_rc rc = find_noted(req, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = api_db(req, db_run(note_stmt(req, "DELETE FROM timeline_note WHERE " NOTE_IS)));
    if (rc == API_OK && !db_changes(req->db))
        rc = no_element(req);
    if (rc == API_OK)
        rc = timeline_follow(req, owner_entity(req, args->type_id), args->owner_id);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* ---- pins ---- */

struct item_args {
    int64_t id, type_id, owner_id;
};

static enum api_rc find_item(struct request *req)
{
    const struct item_args *args = req->args;
    bool bound = false;
    enum api_rc rc = activity_owner_look(req, args->type_id, args->owner_id, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = timeline_is_bound(req, args->id, owner_entity(req, args->type_id), args->owner_id,
                               &bound);
    return rc == API_OK && !bound ? api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found.") : rc;
}

static enum api_rc set_pin(struct request *req, bool pinned)
{
    const struct item_args *args = req->args;
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE timeline_binding SET pinned = $1 WHERE owner_type_id = $2 AND "
                            "owner_id = $3 AND entry_id = $4");
    db_bind_int(stmt, 1, pinned);
    db_bind_int(stmt, 2, args->type_id);
    db_bind_int(stmt, 3, args->owner_id);
    db_bind_int(stmt, 4, args->id);
    enum api_rc rc = api_db(req, db_run(stmt));
    if (rc == API_OK)
        rc = timeline_follow(req, owner_entity(req, args->type_id), args->owner_id);
    if (rc == API_OK)
        writer_null(req->out);
    return rc;
}

/* Of others than this one. The row is held, so that two calls do not both find room. */
static enum api_rc count_pins(struct request *req, int64_t *count)
{
    const struct item_args *args = req->args;
    bool exists;
    enum api_rc rc = entity_hold(req, owner_entity(req, args->type_id), args->owner_id, &exists);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT count(*) FROM timeline_binding WHERE owner_type_id = $1 AND "
                            "owner_id = $2 AND pinned = 1 AND entry_id <> $3");
    db_bind_int(stmt, 1, args->type_id);
    db_bind_int(stmt, 2, args->owner_id);
    db_bind_int(stmt, 3, args->id);
    enum db_rc step = db_step(stmt);
    *count = step == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, step);
}

static enum api_rc item_pin(struct request *req)
{
    int64_t count = 0;
    enum api_rc rc = find_item(req);
    if (rc == API_OK)
        rc = count_pins(req, &count);
    if (rc == API_OK && count >= PINS_MOST)
        rc = api_fail(req, API_ERR_ZERO, "Only three events can be added to favorites");
    return rc == API_OK ? set_pin(req, true) : rc;
}

static enum api_rc item_unpin(struct request *req)
{
    enum api_rc rc = find_item(req);
    return rc == API_OK ? set_pin(req, false) : rc;
}

/* ---- specs ---- */

static const struct param log_keys[] = {
    {"entityTypeId", PARAM_INT, true, "Type of the row."},
    {"entityId", PARAM_INT, true, "Id of the row."},
    {"title", PARAM_STRING, true, "Its title."},
    {"text", PARAM_STRING, true, "Its text."},
    {"iconCode", PARAM_STRING, true, "Code of an icon."},
    {0},
};
static const struct param log_add_params[] = {
    {"fields", PARAM_ARRAY, true, "The message.", .keys = log_keys, BIND(struct log_args, fields)},
    {0}};
static const struct param log_id_params[] = {
    {"id", PARAM_INT, true, "Id of the message", BIND(struct log_args, id)}, {0}};
static const struct param log_list_params[] = {
    {"entityTypeId", PARAM_INT, true, "Type of the row", BIND(struct log_args, type_id)},
    {"entityId", PARAM_INT, true, "Id of the row", BIND(struct log_args, owner_id)},
    {"order", PARAM_ORDER, false, "asc or desc by id, created", BIND(struct log_args, order)},
    {"start", PARAM_INT, false, "Messages to skip, a multiple of 10."},
    {0},
};
static const struct param log_shown[] = {{"id", PARAM_INT, true},
                                         {"created", PARAM_STRING, true},
                                         {"authorId", PARAM_INT, true},
                                         {"title", PARAM_STRING, true},
                                         {"text", PARAM_STRING, true},
                                         {"iconCode", PARAM_STRING, true},
                                         {0}};
static const struct param log_answer[] = {{"logMessage", PARAM_ARRAY, true, .keys = log_shown},
                                          {0}};

#define NOTED                                                                                      \
    {"ownerTypeId", PARAM_INT, true, "Type of the row", BIND(struct note_args, type_id)},          \
        {"ownerId", PARAM_INT, true, "Id of the row", BIND(struct note_args, owner_id)},           \
        {"itemType", PARAM_INT, true, "1: an entry of the timeline; 2: an activity",               \
         BIND(struct note_args, item_type)},                                                       \
    {                                                                                              \
        "itemId", PARAM_INT, true, "Id of the entry or activity", BIND(struct note_args, item_id)  \
    }
static const struct param note_params[] = {NOTED, {0}};
static const struct param note_save_params[] = {
    NOTED, {"text", PARAM_STRING, true, "Its text", BIND(struct note_args, text)}, {0}};
static const struct param note_shown[] = {
    {"text", PARAM_STRING, true},        {"createdById", PARAM_INT, true},
    {"createdTime", PARAM_STRING, true}, {"updatedById", PARAM_INT, true},
    {"updatedTime", PARAM_STRING, true}, {0}};

static const struct param item_params[] = {
    {"id", PARAM_INT, true, "Id of the entry", BIND(struct item_args, id)},
    {"ownerTypeId", PARAM_INT, true, "Type of the row", BIND(struct item_args, type_id)},
    {"ownerId", PARAM_INT, true, "Id of the row", BIND(struct item_args, owner_id)},
    {0},
};

#define METHOD(method, about, where, returns, call)                                                \
    .name = "crm.timeline." method, .summary = about, .scope = "crm", .lane = where,               \
    .of_rows = true, .result = returns, .handle = call

static const struct method methods[] = {
    {METHOD("logmessage.add", "Add a message to the log of a card.", LANE_WRITE, SHAPE_OBJECT,
            log_add),
     .binds = true, TAKES(struct log_args, log_add_params), .gives = log_answer,
     .page = PAGE("logmessage/crm-timeline-logmessage-add")},
    {METHOD("logmessage.get", "Return a message of the log.", LANE_READ, SHAPE_OBJECT, log_get),
     .binds = true, TAKES(struct log_args, log_id_params), .gives = log_answer,
     .page = PAGE("logmessage/crm-timeline-logmessage-get")},
    {METHOD("logmessage.list", "List the messages of a card, 10 a page.", LANE_READ, SHAPE_LIST,
            log_list),
     .binds = true, TAKES(struct log_args, log_list_params), .gives = log_shown,
     .page = PAGE("logmessage/crm-timeline-logmessage-list")},
    {METHOD("logmessage.delete", "Delete a message of the log.", LANE_WRITE, SHAPE_BOOL,
            log_delete),
     .binds = true, TAKES(struct log_args, log_id_params),
     .page = PAGE("logmessage/crm-timeline-logmessage-delete")},
    {METHOD("note.save", "Write the note on an entry or activity.", LANE_WRITE, SHAPE_BOOL,
            note_save),
     .binds = true, TAKES(struct note_args, note_save_params),
     .page = PAGE("note/crm-timeline-note-save")},
    {METHOD("note.get", "Return the note on an entry or activity.", LANE_READ, SHAPE_OBJECT,
            note_get),
     .binds = true, TAKES(struct note_args, note_params), .gives = note_shown,
     .page = PAGE("note/crm-timeline-note-get")},
    {METHOD("note.delete", "Delete the note on an entry or activity.", LANE_WRITE, SHAPE_BOOL,
            note_delete),
     .binds = true, TAKES(struct note_args, note_params),
     .page = PAGE("note/crm-timeline-note-delete")},
    {METHOD("item.pin", "Pin an entry to its card.", LANE_WRITE, SHAPE_NULL, item_pin),
     .binds = true, .result_null = true, TAKES(struct item_args, item_params),
     .page = PAGE("actions/crm-timeline-item-pin")},
    {METHOD("item.unpin", "Unpin an entry.", LANE_WRITE, SHAPE_NULL, item_unpin), .binds = true,
     .result_null = true, TAKES(struct item_args, item_params),
     .page = PAGE("actions/crm-timeline-item-unpin")},
};

MODULE(crm_timeline, METHODS(methods));
