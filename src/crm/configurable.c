#include "crm/configurable.h"

#include <string.h>

#include "base/limits.h"
#include "crm/activity.h"
#include "crm/activity_app.h"
#include "crm/layout.h"
#include "model/arg.h"
#include "model/unknown.h"
#include "user/user.h"

/* ---- fields ---- */

static enum api_rc wrong(struct configurable *change, const char *name)
{
    return api_fail(change->req, API_ERR_FIELD_VALUE, "Incorrect value of the field %s", name);
}

/* A type of one's own must be registered by this application, and for this. */
static enum api_rc take_type(struct configurable *change, const char *name,
                             const struct value *given)
{
    struct request *req = change->req;
    size_t len = 0;
    const char *type = given ? value_to_text(req->arena, given, &len) : "";
    if (!type || (!given && !change->is_add))
        return type ? API_OK : wrong(change, name);
    if (!len)
        type = "CONFIGURABLE";
    if (strcmp(type, "CONFIGURABLE") != 0) {
        struct db_stmt *stmt = db_prepare(
            req->db, "SELECT 1 FROM activity_type WHERE app_id = $1 AND type_id = $2 AND "
                     "is_configurable = 'Y'");
        db_bind_int(stmt, 1, req->caller->app_id);
        db_bind_textz(stmt, 2, type);
        enum db_rc rc = db_step(stmt);
        db_finish(stmt);
        if (rc != DB_ROW)
            return rc == DB_NONE ? wrong(change, name) : api_db(req, rc);
    }
    fields_put_text(req, change->fields, "PROVIDER_TYPE_ID", type);
    return API_OK;
}

static enum api_rc take_flag(struct configurable *change, const char *name,
                             const struct value *given)
{
    bool flag;
    if (!given)
        return API_OK;
    if (!value_to_flag(given, &flag))
        return wrong(change, name);
    fields_put_text(change->req, change->fields,
                    !strcmp(name, "completed") ? "COMPLETED" : "IS_INCOMING_CHANNEL",
                    flag ? "Y" : "N");
    return API_OK;
}

/* None is written as "": an activity without a deadline. */
static enum api_rc take_deadline(struct configurable *change, const char *name,
                                 const struct value *given)
{
    struct request *req = change->req;
    size_t len = 0;
    int64_t instant;
    const char *text = given ? value_to_text(req->arena, given, &len) : "";
    if (!text || (len && datetime_parse(req->zone, text, len, &instant) == DATETIME_INVALID))
        return wrong(change, name);
    if (!given && !change->is_add)
        return API_OK;
    fields_put_text(req, change->fields, "DEADLINE", text);
    if (len) {
        fields_put_text(req, change->fields, "START_TIME", text);
        fields_put_text(req, change->fields, "END_TIME", text);
    }
    return API_OK;
}

static enum api_rc take_offsets(struct configurable *change, const char *name,
                                const struct value *given)
{
    struct request *req = change->req;
    if (!given)
        return API_OK;
    struct value *offsets = ping_offsets(req, given);
    if (!offsets)
        return wrong(change, name);
    struct value *settings =
        change->is_add ? value_array(req->arena) : activity_settings(req, &change->head);
    value_unset(settings, "PING_OFFSETS");
    if (offsets->array.count)
        fields_put(req, settings, "PING_OFFSETS", offsets);
    fields_put(req, change->fields, "SETTINGS", settings);
    return API_OK;
}

static enum api_rc take_responsible(struct configurable *change, const char *name,
                                    const struct value *given)
{
    int64_t id = change->req->caller->user_id;
    bool exists = false;
    if (!given && !change->is_add)
        return API_OK;
    if (given && (!value_to_int(given, &id) || id <= 0))
        return wrong(change, name);
    enum api_rc rc = user_exists(change->req, id, &exists);
    if (rc != API_OK)
        return rc;
    fields_put_int(change->req, change->fields, "RESPONSIBLE_ID", id);
    return exists ? API_OK : wrong(change, name);
}

/* Whether it is registered is not asked: a badge may come later, and go. */
static enum api_rc take_badge(struct configurable *change, const char *name,
                              const struct value *given)
{
    size_t len = 0;
    if (!given)
        return API_OK;
    const char *code = value_to_text(change->req->arena, given, &len);
    if (!code || len > LIMIT_CODE_BYTES)
        return wrong(change, name);
    change->badge_given = true;
    change->badge_code = len ? code : NULL;
    return API_OK;
}

static enum api_rc take_origin(struct configurable *change, const char *name,
                               const struct value *given)
{
    size_t len = 0;
    if (!given)
        return API_OK;
    const char *text = value_to_text(change->req->arena, given, &len);
    if (!text || len > LIMIT_CODE_BYTES)
        return wrong(change, name);
    fields_put(change->req, change->fields,
               !strcmp(name, "originId") ? "ORIGIN_ID" : "ORIGINATOR_ID",
               len ? value_string(change->req->arena, text, len) : value_null(change->req->arena));
    return API_OK;
}

/* What it will be then, given or as it stands. */
static enum api_rc check_incoming(struct configurable *change)
{
    struct request *req = change->req;
    const struct value *incoming = value_get(change->fields, "IS_INCOMING_CHANNEL");
    const struct value *deadline = value_get(change->fields, "DEADLINE");
    bool is_incoming = incoming ? incoming->string.text[0] == 'Y' : change->head.incoming;
    bool has_deadline = deadline ? deadline->string.len > 0 : change->head.has_deadline;
    return is_incoming && has_deadline ? api_fail(req, API_ERR_INCOMING_DEADLINE, NULL) : API_OK;
}

enum api_rc configurable_take_fields(struct configurable *change, const struct value *given)
{
    static const struct {
        const char *name;
        enum api_rc (*take)(struct configurable *, const char *, const struct value *);
    } takes[] = {
        {"typeId", take_type},
        {"completed", take_flag},
        {"deadline", take_deadline},
        {"pingOffsets", take_offsets},
        {"isIncomingChannel", take_flag},
        {"responsibleId", take_responsible},
        {"badgeCode", take_badge},
        {"originatorId", take_origin},
        {"originId", take_origin},
    };
    const char *names[sizeof takes / sizeof takes[0] + 1] = {NULL};
    for (size_t i = 0; i < sizeof takes / sizeof takes[0]; i++)
        names[i] = takes[i].name;
    enum api_rc known = unknown_keys(change->req, IN_FIELDS, given, names);
    if (known != API_OK)
        return known;
    change->fields = value_array(change->req->arena);
    for (size_t i = 0; i < sizeof takes / sizeof takes[0]; i++) {
        const struct value *value = value_get(given, takes[i].name);
        enum api_rc rc =
            takes[i].take(change, takes[i].name, value && value->type == VALUE_NULL ? NULL : value);
        if (rc != API_OK)
            return rc;
    }
    return check_incoming(change);
}

/* ---- layout ---- */

enum api_rc configurable_take_layout(struct configurable *change, const struct value *given)
{
    struct request *req = change->req;
    struct value *clean;
    if (!given->array.count)
        return api_fail(req, API_ERR_EMPTY_LAYOUT, NULL);
    enum api_rc rc = layout_check(req, LAYOUT_WHOLE, given, &clean);
    if (rc != API_OK)
        return rc;
    change->layout = value_json(req, clean);
    fields_put_text(req, change->fields, "SUBJECT",
                    layout_text(req, value_get(value_get(clean, "header"), "title")));
    return API_OK;
}

/* ---- storing ---- */

static enum api_rc store_app(struct configurable *change)
{
    struct request *req = change->req;
    struct db_stmt *stmt;
    enum api_rc rc = activity_app_claim(req, change->id);
    if (rc == API_OK && change->layout) {
        stmt = db_prepare(req->db, "UPDATE activity_app SET layout = $2 WHERE activity_id = $1");
        db_bind_int(stmt, 1, change->id);
        db_bind_textz(stmt, 2, change->layout);
        rc = api_db(req, db_run(stmt));
    }
    if (rc == API_OK && change->badge_given) {
        stmt =
            db_prepare(req->db, "UPDATE activity_app SET badge_code = $2 WHERE activity_id = $1");
        db_bind_int(stmt, 1, change->id);
        db_bind_textz(stmt, 2, change->badge_code);
        rc = api_db(req, db_run(stmt));
    }
    return rc;
}

enum api_rc configurable_store(struct configurable *change)
{
    struct request *req = change->req;
    enum api_rc rc;
    if (change->is_add) {
        fields_put_int(req, change->fields, "OWNER_TYPE_ID", change->owner_type_id);
        fields_put_int(req, change->fields, "OWNER_ID", change->owner_id);
        fields_put_int(req, change->fields, "TYPE_ID", TYPE_PROVIDER);
        fields_put_text(req, change->fields, "PROVIDER_ID", PROVIDER_CONFIGURABLE);
        rc = entity_create(req, &activity_entity, change->fields, &change->id);
    } else {
        rc = entity_change(req, &activity_entity, change->id, change->fields);
    }
    return rc == API_OK ? store_app(change) : rc;
}

/* ---- answering ---- */

static void write_text(struct writer *out, const char *key, struct db_stmt *stmt, int column)
{
    size_t len;
    const char *text = db_text(stmt, column, &len);
    writer_keyz(out, key);
    if (db_is_null(stmt, column))
        writer_null(out);
    else
        writer_string(out, text, len);
}

static void write_int(struct writer *out, const char *key, int64_t integer)
{
    writer_keyz(out, key);
    writer_int(out, integer);
}

static void write_flag(struct writer *out, const char *key, struct db_stmt *stmt, int column)
{
    writer_keyz(out, key);
    writer_bool(out, db_text(stmt, column, NULL)[0] == 'Y');
}

static void write_fields(struct request *req, struct db_stmt *stmt)
{
    struct writer *out = req->out;
    char date[DATETIME_SIZE];
    struct activity_head head = {.settings = db_text(stmt, 5, NULL)};
    const struct value *offsets = value_get(activity_settings(req, &head), "PING_OFFSETS");
    writer_begin_object(out);
    write_text(out, "typeId", stmt, 2);
    write_flag(out, "completed", stmt, 3);
    writer_keyz(out, "deadline");
    if (db_is_null(stmt, 4))
        writer_null(out);
    else
        writer_string(out, date, datetime_format(req->zone, db_int(stmt, 4), date));
    writer_keyz(out, "pingOffsets");
    if (offsets)
        writer_value(out, offsets);
    else
        writer_raw(out, "[]", 2);
    write_flag(out, "isIncomingChannel", stmt, 6);
    write_int(out, "responsibleId", db_int(stmt, 7));
    writer_keyz(out, "badgeCode");
    writer_stringz(out, db_text(stmt, 8, NULL));
    write_text(out, "originatorId", stmt, 9);
    write_text(out, "originId", stmt, 10);
    writer_end_object(out);
}

static void write_activity(struct request *req, int64_t id, struct db_stmt *stmt)
{
    struct writer *out = req->out;
    size_t len;
    writer_begin_object(out);
    writer_keyz(out, "activity");
    writer_begin_object(out);
    write_int(out, "id", id);
    write_int(out, "ownerTypeId", db_int(stmt, 0));
    write_int(out, "ownerId", db_int(stmt, 1));
    writer_keyz(out, "fields");
    write_fields(req, stmt);
    writer_keyz(out, "layout");
    const char *layout = db_text(stmt, 11, &len);
    writer_raw(out, len ? layout : "null", len ? len : 4);
    writer_end_object(out);
    writer_end_object(out);
}

enum api_rc configurable_answer(struct request *req, int64_t id)
{
    struct db_stmt *stmt = db_prepare(
        req->db,
        "SELECT a.owner_type_id, a.owner_id, a.provider_type_id, a.completed, a.deadline, "
        "a.settings, a.is_incoming_channel, a.responsible_id, p.badge_code, a.originator_id, "
        "a.origin_id, p.layout FROM activity a JOIN activity_app p ON p.activity_id = a.id WHERE "
        "a.id = $1 AND a.provider_id = '" PROVIDER_CONFIGURABLE "'");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        write_activity(req, id, stmt);
    db_finish(stmt);
    return rc == DB_NONE ? api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found.") : api_db(req, rc);
}
