#include "crm/activity_family.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "crm/activity_permit.h"
#include "crm/owner.h"
#include "model/reference.h"

enum api_rc activity_head_read(struct request *req, int64_t id, struct activity_head *head,
                               bool *found)
{
    struct db_stmt *stmt = db_prepare_hold(
        req->db,
        "SELECT owner_type_id, owner_id, type_id, completed, provider_id, "
        "provider_type_id, settings, is_incoming_channel, deadline FROM activity WHERE id = $1",
        NULL);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    if (*found) {
        head->id = id;
        head->owner_type_id = db_int(stmt, 0);
        head->owner_id = db_int(stmt, 1);
        head->type_id = db_int(stmt, 2);
        head->completed = db_text(stmt, 3, NULL)[0] == 'Y';
        head->provider_id = request_text(req, stmt, 4, NULL);
        head->provider_type_id = request_text(req, stmt, 5, NULL);
        head->settings = request_text(req, stmt, 6, NULL);
        head->incoming = db_text(stmt, 7, NULL)[0] == 'Y';
        head->has_deadline = !db_is_null(stmt, 8);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc activity_find(struct request *req, int64_t id, enum access_action action,
                          struct activity_head *head, const char *missing)
{
    bool found = false;
    enum permit_sight sight;
    enum api_rc rc = activity_permit_sight(req, id, action, &sight);
    if (rc == API_OK && sight == PERMIT_REFUSED)
        return api_fail(req, API_ERR_ITEM_DENIED, NULL);
    if (rc == API_OK && sight == PERMIT_FREE)
        rc = activity_head_read(req, id, head, &found);
    return rc == API_OK && !found ? api_fail(req, API_ERR_ITEM_NOT_FOUND, "%s", missing) : rc;
}

enum api_rc activity_owner_look(struct request *req, int64_t type_id, int64_t id,
                                enum access_action action)
{
    enum reference reference;
    if (!activity_permit_hears(req->caller, action))
        return api_fail(req, API_ERR_ITEM_DENIED, NULL);
    enum api_rc rc = reference_find(req, owner_entity(req, type_id), id, &reference);
    if (rc != API_OK)
        return rc;
    if (reference == REFERENCE_MISSING)
        return api_fail(req, API_ERR_OWNER_NOT_FOUND, NULL);
    if (action != ACCESS_READ && reference != REFERENCE_CHANGEABLE)
        return api_fail(req, API_ERR_ITEM_DENIED, NULL);
    return API_OK;
}

enum api_rc activity_owner_find(struct request *req, int64_t type_id, int64_t id)
{
    return activity_owner_look(req, type_id, id, ACCESS_UPDATE);
}

enum api_rc activity_is_bound(struct request *req, int64_t activity_id, int64_t type_id, int64_t id,
                              bool *bound)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT 1 FROM activity_binding WHERE activity_id = $1 AND owner_type_id = $2 AND "
                 "owner_id = $3");
    db_bind_int(stmt, 1, activity_id);
    db_bind_int(stmt, 2, type_id);
    db_bind_int(stmt, 3, id);
    enum db_rc rc = db_step(stmt);
    *bound = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc activity_binding_count(struct request *req, int64_t activity_id, int64_t *count)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT COUNT(*) FROM activity_binding WHERE activity_id = $1");
    db_bind_int(stmt, 1, activity_id);
    enum db_rc rc = db_step(stmt);
    *count = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

struct value *activity_settings(struct request *req, const struct activity_head *head)
{
    size_t len = strlen(head->settings);
    struct value *settings = len ? json_parse_own(req->arena, head->settings, len) : NULL;
    return value_is_array(settings) ? settings : value_array(req->arena);
}

/* Ten years: further ahead of a deadline nobody wants to be reminded. */
#define OFFSET_MOST (10 * 366 * 24 * 60)

struct value *ping_offsets(struct request *req, const struct value *given)
{
    struct value *offsets = value_array(req->arena);
    if (!value_is_array(given) || given->array.count > LIMIT_PING_OFFSETS)
        return NULL;
    for (size_t i = 0; i < given->array.count; i++) {
        int64_t minutes;
        if (!value_to_int(given->array.items[i].value, &minutes) || minutes < 0 ||
            minutes > OFFSET_MOST)
            return NULL;
        value_push(req->arena, offsets, value_int(req->arena, minutes));
    }
    return offsets;
}

const char *value_json(struct request *req, const struct value *value)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_value(&w, value);
    const char *text = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
    return text;
}

void fields_put(struct request *req, struct value *fields, const char *name, struct value *value)
{
    value_set(req->arena, fields, name, strlen(name), value);
}

void fields_put_int(struct request *req, struct value *fields, const char *name, int64_t integer)
{
    fields_put(req, fields, name, value_int(req->arena, integer));
}

void fields_put_text(struct request *req, struct value *fields, const char *name, const char *text)
{
    fields_put(req, fields, name, value_string(req->arena, text, strlen(text)));
}
