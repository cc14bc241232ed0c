/* Communications and bindings of an activity: reading what the caller gave, resolving it to
 * entities, storing. Page: crm-activity-communication-fields. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "crm/activity_parts.h"
#include "crm/activity_permit.h"
#include "crm/multifield.h"
#include "crm/owner.h"
#include "model/reference.h"

#define DIRECTION_OUTGOING 2

/* ---- reading COMMUNICATIONS ---- */

bool mail_wanted(struct change *change)
{
    return change->is_add && change_cell(change, "TYPE_ID")->integer == TYPE_EMAIL &&
           change_cell(change, "DIRECTION")->integer == DIRECTION_OUTGOING &&
           change_cell(change, "COMPLETED")->text[0] == 'Y';
}

static enum api_rc invalid(struct request *req)
{
    return api_fail_text(req, "The field COMMUNICATIONS is not defined or invalid");
}

/* What kind of value it is when nothing else tells. */
static const char *guess_type(const char *value)
{
    size_t digits = 0;
    if (strchr(value, '@'))
        return "EMAIL";
    for (const char *c = value; *c; c++) {
        if (isdigit((unsigned char)*c))
            digits++;
        else if (!strchr("+-() .;,#*xp", *c))
            return "";
    }
    return digits ? "PHONE" : "";
}

static const char *upper(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

static void write_settings(struct request *req, const struct owner_called *called,
                           struct db_stmt *stmt, struct communication *item)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    for (int i = 0; called->keys[i]; i++) {
        size_t len;
        const char *text = db_text(stmt, i, &len);
        writer_keyz(&w, called->keys[i]);
        writer_string(&w, text, len);
    }
    writer_end_object(&w);
    item->settings = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
}

/* How the entity is called at this time, as a copy, so that an answer needs no join; "[]" when there is none. */
static enum api_rc read_settings(struct request *req, struct communication *item)
{
    const struct entity *entity = owner_entity(req, item->entity_type_id);
    const struct owner_called *called = entity ? owner_called(entity) : NULL;
    item->settings = "[]";
    if (!called)
        return API_OK;
    struct db_stmt *stmt = db_prepare_share(req->db, called->sql, "t");
    db_bind_int(stmt, 1, item->entity_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        write_settings(req, called, stmt, item);
    db_finish(stmt);
    return api_db(req, rc);
}

/* The communications that stand in the row, and which of their entities the caller may read. */
static enum api_rc read_stored(struct change *change, struct communication **list)
{
    struct request *req = change->req;
    enum db_rc rc = DB_NONE;
    *list = NULL;
    if (change->is_add)
        return API_OK;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT type, value, entity_id, entity_type_id, entity_settings FROM "
                            "activity_communication WHERE activity_id = $1 ORDER BY id");
    db_bind_int(stmt, 1, change->id);
    for (struct communication **link = list; (rc = db_step(stmt)) == DB_ROW;
         link = &(*link)->next) {
        *link = arena_zalloc(req->arena, sizeof **link);
        (*link)->type = request_text(req, stmt, 0, NULL);
        (*link)->value = request_text(req, stmt, 1, NULL);
        (*link)->entity_id = db_int(stmt, 2);
        (*link)->entity_type_id = (int)db_int(stmt, 3);
        (*link)->settings = request_text(req, stmt, 4, NULL);
        (*link)->readable = !(*link)->entity_id;
    }
    db_finish(stmt);
    enum api_rc done = api_db(req, rc);
    for (struct communication *item = *list; item && done == API_OK; item = item->next) {
        enum reference reference = REFERENCE_READABLE;
        const struct entity *entity = owner_entity(req, item->entity_type_id);
        if (!item->readable && !(entity && reference_reads_all(req, entity)))
            done = reference_find(req, entity, item->entity_id, &reference);
        item->readable = reference != REFERENCE_MISSING;
    }
    return done;
}

static const struct communication *find_same(const struct communication *list,
                                             const struct communication *item)
{
    while (list &&
           (list->entity_id != item->entity_id || list->entity_type_id != item->entity_type_id))
        list = list->next;
    return list;
}

/* Does it have phones and addresses of its own? */
static bool communicates(const struct entity *entity)
{
    return entity && entity_field(entity, "PHONE");
}

/* ENTITY_ID and ENTITY_TYPE_ID as given; without them the activity's owner, when it is one that
 * has communications. */
static bool read_entity(struct change *change, const struct value *given,
                        struct communication *item)
{
    int64_t id = 0, type = 0;
    const struct value *id_value = value_get(given, "ENTITY_ID");
    const struct value *type_value = value_get(given, "ENTITY_TYPE_ID");
    if ((!value_is_empty(id_value) && !value_to_int(id_value, &id)) ||
        (!value_is_empty(type_value) && !value_to_int(type_value, &type)))
        return false;
    if (!id && !type) {
        const struct cell *owner_id = change_cell(change, "OWNER_ID");
        const struct cell *owner_type = change_cell(change, "OWNER_TYPE_ID");
        if (!owner_id->null && !owner_type->null &&
            communicates(owner_entity(change->req, owner_type->integer))) {
            id = owner_id->integer;
            type = owner_type->integer;
        }
    }
    if ((id != 0) != (type != 0) || id < 0 || (type && !owner_entity(change->req, type)))
        return false;
    item->entity_id = id;
    item->entity_type_id = (int)type;
    return true;
}

/* What it is that stands there, when it is said again without a type; NULL: something else. */
static const char *stored_type(const struct communication *stored, const struct communication *item)
{
    for (; stored; stored = stored->next) {
        if (stored->entity_id == item->entity_id &&
            stored->entity_type_id == item->entity_type_id && !strcmp(stored->value, item->value))
            return stored->type;
    }
    return NULL;
}

static enum api_rc read_type(struct change *change, const struct communication *stored,
                             const struct value *given, struct communication *item)
{
    size_t len;
    struct request *req = change->req;
    const struct value *type = value_get(given, "TYPE");
    const char *text = type ? value_to_text(req->arena, type, &len) : NULL;
    item->type = "";
    if (text && *text) {
        item->type = upper(req->arena, text);
        return API_OK;
    }
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    if (kind == TYPE_EMAIL)
        item->type = "EMAIL";
    /* A meeting's communication has none unless it is given: the tutorial's answer shows it. */
    if (kind == TYPE_EMAIL || kind == TYPE_MEETING || !*item->value)
        return API_OK;
    const char *found = NULL;
    enum api_rc rc = API_OK;
    if (!item->readable)
        found = stored_type(stored, item);
    else if (item->entity_id)
        rc = multifield_first(req, owner_entity(req, item->entity_type_id), item->entity_id,
                              item->value, &found);
    if (rc != API_OK)
        return rc;
    item->type = found ? found : guess_type(item->value);
    return API_OK;
}

/* Does the change's row refer to this entity already, as its owner or in a communication? */
static bool stands_there(struct change *change, const struct communication *stored,
                         const struct communication *item)
{
    if (change->is_add)
        return false;
    return find_same(stored, item) ||
           (change_cell(change, "OWNER_TYPE_ID")->integer == item->entity_type_id &&
            change_cell(change, "OWNER_ID")->integer == item->entity_id);
}

/* What may not be read is named only where it stands, and is called then as it was. */
static enum api_rc resolve(struct change *change, const struct communication *stored,
                           struct communication *item)
{
    struct request *req = change->req;
    enum reference reference;
    item->settings = "[]";
    item->readable = true;
    if (!item->entity_id)
        return API_OK;
    enum api_rc rc =
        reference_find(req, owner_entity(req, item->entity_type_id), item->entity_id, &reference);
    if (rc != API_OK)
        return rc;
    item->readable = reference != REFERENCE_MISSING;
    if (!item->readable && !stands_there(change, stored, item))
        return invalid(req);
    const struct communication *same = item->readable ? NULL : find_same(stored, item);
    if (!same)
        return read_settings(req, item);
    item->settings = same->settings;
    return API_OK;
}

static enum api_rc read_item(struct change *change, const struct communication *stored,
                             const struct value *given, struct communication *item)
{
    struct request *req = change->req;
    size_t len = 0;
    const struct value *value = value_get(given, "VALUE");
    item->value = value ? value_to_text(req->arena, value, &len) : "";
    if (given->type != VALUE_ARRAY || !item->value || len > 2000 ||
        !read_entity(change, given, item))
        return invalid(req);
    enum api_rc rc = resolve(change, stored, item);
    return rc == API_OK ? read_type(change, stored, given, item) : rc;
}

/* Left out as if it were not given: a meeting, a call or an e-mail with no value, an e-mail with a number. Of
 * an e-mail that is to be sent mail_queue says what is missing. */
static bool leads_nowhere(struct change *change, const struct communication *item)
{
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    if (kind == TYPE_EMAIL && *item->type && strcmp(item->type, "EMAIL") != 0)
        return true;
    return (kind == TYPE_MEETING || kind == TYPE_CALL || kind == TYPE_EMAIL) && !*item->value &&
           !mail_wanted(change);
}

/* Who writes the list did not see what he may not read: that stays, in its place. */
static struct communication *keep_unseen(struct communication *stored, struct communication *given)
{
    struct communication *merged = NULL, **link = &merged;
    for (struct communication *item = stored; item; item = item->next)
        item->unseen = !item->readable && !find_same(given, item);
    for (struct communication *next; stored; stored = next) {
        struct communication *item = stored->unseen ? stored : given;
        next = stored->next;
        if (!item)
            continue;
        if (item == given)
            given = given->next;
        *link = item;
        link = &item->next;
    }
    *link = given;
    return merged;
}

static enum api_rc read_given(struct change *change, const struct value *value,
                              const struct communication *stored, struct communication **list)
{
    struct request *req = change->req;
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    struct communication **link = list;
    for (size_t i = 0; i < value->array.count; i++) {
        struct communication *item = arena_zalloc(req->arena, sizeof *item);
        enum api_rc rc = read_item(change, stored, value->array.items[i].value, item);
        if (rc != API_OK)
            return rc;
        if (leads_nowhere(change, item))
            continue;
        if (kind == TYPE_EMAIL && !strchr(item->value, '@') && !mail_wanted(change))
            return invalid(req);
        *link = item;
        link = &item->next;
    }
    return API_OK;
}

static enum api_rc only_one(struct request *req)
{
    return api_fail_text(req,
                         "The only one communication is allowed for activity of specified type");
}

/* What is learnt once and stored later; there is none when the list stays as it is. */
struct taken {
    struct communication *list;
};

const struct communication *communications_of(const struct change *change)
{
    const struct taken *taken = change_slot(change, &communications);
    return taken ? taken->list : NULL;
}

static enum api_rc take(struct change *change, const struct value *value,
                        struct communication **list)
{
    struct request *req = change->req;
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    bool single = kind == TYPE_MEETING || kind == TYPE_CALL;
    struct communication *stored;
    if (value_is_empty(value))
        value = value_array(req->arena);
    if (value->type != VALUE_ARRAY || value->array.count > LIMIT_COMMUNICATIONS)
        return invalid(req);
    if (value_get(value, "VALUE") || value_get(value, "ENTITY_ID")) {
        struct value *wrapped = value_array(req->arena);
        value_push(req->arena, wrapped, (struct value *)(uintptr_t)value);
        value = wrapped;
    }
    if (single && value->array.count > 1)
        return only_one(req);
    enum api_rc rc = read_stored(change, &stored);
    if (rc == API_OK)
        rc = read_given(change, value, stored, list);
    if (rc != API_OK)
        return rc;
    if ((single || kind == TYPE_EMAIL) && !*list)
        return invalid(req);
    *list = keep_unseen(stored, *list);
    return single && (*list)->next ? only_one(req) : API_OK;
}

enum api_rc communications_check(struct change *change, const struct relation *relation,
                                 void **slot)
{
    struct request *req = change->req;
    const struct value *value = value_get(change->given, "COMMUNICATIONS");
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    bool required = kind == TYPE_MEETING || kind == TYPE_CALL || kind == TYPE_EMAIL;
    struct taken *taken = arena_zalloc(req->arena, sizeof *taken);
    (void)relation;
    if (value_is_empty(value) && required && (change->is_add || value))
        return invalid(req);
    *slot = value || change->is_add ? taken : NULL;
    return value ? take(change, value, &taken->list) : API_OK;
}

/* ---- storing ---- */

enum api_rc communications_store(struct change *change, const struct relation *relation, void *slot)
{
    struct request *req = change->req;
    const struct taken *taken = slot;
    if (!taken)
        return API_OK;
    enum api_rc rc = relation_remove_owned(req, change->entity, relation, change->id);
    for (const struct communication *item = taken->list; item && rc == API_OK; item = item->next) {
        struct db_stmt *stmt = db_prepare(
            req->db, "INSERT INTO activity_communication (activity_id, type, value, entity_id, "
                     "entity_type_id, entity_settings) VALUES ($1, $2, $3, $4, $5, $6)");
        db_bind_int(stmt, 1, change->id);
        db_bind_textz(stmt, 2, item->type);
        db_bind_textz(stmt, 3, item->value);
        db_bind_int(stmt, 4, item->entity_id);
        db_bind_int(stmt, 5, item->entity_type_id);
        db_bind_textz(stmt, 6, item->settings);
        rc = api_db(req, db_run(stmt));
    }
    return rc;
}

enum api_rc bindings_add(struct request *req, int64_t activity_id, int64_t owner_type_id,
                         int64_t owner_id)
{
    const struct entity *owner = owner_entity(req, owner_type_id);
    struct buf sql = {0};
    buf_adds(&sql, "INSERT INTO activity_binding (activity_id, owner_type_id, owner_id, "
                   "assigned_by_id, category_id, planned) VALUES ($1, $2, $3, ");
    activity_permit_sql_whose(&sql, owner, "$3");
    buf_adds(&sql,
             ", coalesce((SELECT CASE WHEN a.completed = 'N' THEN 1 ELSE 0 END FROM activity a "
             "WHERE a.id = $1), 0)) ON CONFLICT DO NOTHING");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, activity_id);
    db_bind_int(stmt, 2, owner_type_id);
    db_bind_int(stmt, 3, owner_id);
    return api_db(req, db_run(stmt));
}

enum api_rc binding_remove(struct request *req, int64_t activity_id, int64_t owner_type_id,
                           int64_t owner_id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM activity_binding WHERE activity_id = $1 AND owner_type_id = $2 AND "
                 "owner_id = $3");
    db_bind_int(stmt, 1, activity_id);
    db_bind_int(stmt, 2, owner_type_id);
    db_bind_int(stmt, 3, owner_id);
    return api_db(req, db_run(stmt));
}

/* The bindings that earlier communications brought go with them; the owner's stays, and so do those to
 * what the caller may not read: he did not see them. */
static enum api_rc drop_old_bindings(struct change *change)
{
    struct request *req = change->req;
    struct communication *old = NULL, **link = &old;
    struct db_stmt *stmt = db_prepare(
        req->db,
        "SELECT b.owner_type_id, b.owner_id, b.assigned_by_id, b.category_id FROM activity_binding "
        "b "
        "WHERE b.activity_id = $1 AND NOT (b.owner_type_id = $2 AND b.owner_id = $3) AND EXISTS "
        "(SELECT "
        "1 FROM activity_communication c WHERE c.activity_id = b.activity_id AND c.entity_type_id "
        "= b.owner_type_id AND c.entity_id = b.owner_id)");
    db_bind_int(stmt, 1, change->id);
    db_bind_int(stmt, 2, change_cell(change, "OWNER_TYPE_ID")->integer);
    db_bind_int(stmt, 3, change_cell(change, "OWNER_ID")->integer);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (!access_covers(req->caller, (int)db_int(stmt, 0), db_int(stmt, 3), ACCESS_READ,
                           db_int(stmt, 2)))
            continue;
        *link = arena_zalloc(req->arena, sizeof **link);
        (*link)->entity_type_id = (int)db_int(stmt, 0);
        (*link)->entity_id = db_int(stmt, 1);
        link = &(*link)->next;
    }
    db_finish(stmt);
    enum api_rc done = api_db(req, rc);
    for (; old && done == API_OK; old = old->next)
        done = binding_remove(req, change->id, old->entity_type_id, old->entity_id);
    return done;
}

/* What is planned at a card is found by its bindings. */
static enum api_rc bindings_completed(struct change *change)
{
    const struct cell *completed = change_cell(change, "COMPLETED");
    if (change->is_add || !completed->changed)
        return API_OK;
    struct db_stmt *stmt = db_prepare(
        change->req->db, "UPDATE activity_binding SET planned = $1 WHERE activity_id = $2");
    db_bind_int(stmt, 1, completed->text[0] == 'N');
    db_bind_int(stmt, 2, change->id);
    return api_db(change->req, db_run(stmt));
}

enum api_rc bindings_store(struct change *change, const struct relation *relation, void *slot)
{
    (void)relation, (void)slot;
    enum api_rc done = bindings_completed(change);
    if (done != API_OK || !change_slot(change, &communications))
        return done;
    enum api_rc rc = change->is_add ? API_OK : drop_old_bindings(change);
    if (rc == API_OK)
        rc = bindings_add(change->req, change->id, change_cell(change, "OWNER_TYPE_ID")->integer,
                          change_cell(change, "OWNER_ID")->integer);
    const struct communication *item = communications_of(change);
    for (; item && rc == API_OK; item = item->next) {
        if (item->entity_id && item->readable)
            rc = bindings_add(change->req, change->id, item->entity_type_id, item->entity_id);
    }
    return rc;
}

enum db_rc binding_other(struct request *req, int64_t id, int type_id, int64_t owner_id,
                         int64_t *next_type, int64_t *next_id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT owner_type_id, owner_id FROM activity_binding WHERE activity_id = $1 AND "
                 "NOT (owner_type_id = $2 AND owner_id = $3) ORDER BY id LIMIT 1");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, type_id);
    db_bind_int(stmt, 3, owner_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        *next_type = db_int(stmt, 0);
        *next_id = db_int(stmt, 1);
    }
    db_finish(stmt);
    return rc;
}
