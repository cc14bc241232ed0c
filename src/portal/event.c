#include "portal/event.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "portal/portal.h"

EVENT_KIND(offline_event, "ONOFFLINEEVENT", NULL);

static struct event_kind *own_kinds;

void event_kind_add(struct event_kind *kind)
{
    kind->next = own_kinds;
    own_kinds = kind;
}

const struct event_kind *event_kinds_own(void)
{
    return own_kinds;
}

/* ---- which events have handlers ---- */

static const char *name_of(const struct event_subscribed *subscribed,
                           const struct event_bound *bound)
{
    return subscribed->names.data + bound->name;
}

static struct event_bound *bound_find(const struct event_subscribed *subscribed, const char *event)
{
    size_t from = 0, to = subscribed->count;
    while (from < to) {
        size_t at = (from + to) / 2;
        int order = strcmp(event, name_of(subscribed, &subscribed->bound[at]));
        if (!order)
            return &subscribed->bound[at];
        order < 0 ? (to = at) : (from = at + 1);
    }
    return NULL;
}

/* They come in their order. */
static void add_bound(struct event_subscribed *subscribed, const char *event, bool offline)
{
    size_t count = subscribed->count;
    if (!count || strcmp(name_of(subscribed, &subscribed->bound[count - 1]), event) != 0) {
        if (count == subscribed->cap) {
            subscribed->cap = count ? 2 * count : 16;
            subscribed->bound =
                xrealloc(subscribed->bound, subscribed->cap * sizeof *subscribed->bound);
        }
        subscribed->bound[count++] = (struct event_bound){.name = subscribed->names.len};
        subscribed->count = count;
        buf_add(&subscribed->names, event, strlen(event) + 1);
    }
    *(offline ? &subscribed->bound[count - 1].offline : &subscribed->bound[count - 1].online) =
        true;
}

/* Which of them are bound for a user. */
static enum db_rc read_personal(struct db *db, struct event_subscribed *found)
{
    enum db_rc rc;
    struct db_stmt *stmt = db_prepare(
        db, "SELECT DISTINCT event FROM event_handler WHERE offline = 0 AND auth_type <> 0");
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct event_bound *bound = bound_find(found, db_text(stmt, 0, NULL));
        if (bound)
            bound->personal = true;
    }
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

/* Each group of writes asks this, and mostly there are none: both statements read along the index of the events
 * and build no table. */
static enum db_rc read_subscribed(struct db *db, struct event_subscribed *found)
{
    enum db_rc rc;
    found->count = found->names.len = 0;
    struct db_stmt *stmt =
        db_prepare(db, "SELECT DISTINCT event, offline FROM event_handler ORDER BY event");
    while ((rc = db_step(stmt)) == DB_ROW)
        add_bound(found, db_text(stmt, 0, NULL), db_int(stmt, 1) != 0);
    db_finish(stmt);
    if (rc == DB_NONE)
        rc = found->count ? read_personal(db, found) : DB_OK;
    found->known = rc == DB_OK;
    return rc;
}

static enum db_rc tell_online(struct db *db, const struct event_news *news, int64_t *told)
{
    const struct event_deaf *deaf = news->deaf;
    struct buf sql = {0};
    buf_adds(
        &sql,
        "INSERT INTO event_outbox (target_id, handler_id, event, data, user_id, created, depth) "
        "SELECT h.target_id, h.id, $1, $2, $3, $4, $8 FROM event_handler h WHERE h.event = "
        "$5 AND h.offline = 0 AND ($6 = 0 OR (h.kind = 'A' AND h.subscriber_id = $7))");
    for (size_t i = 0; deaf && i < deaf->count; i++)
        buf_printf(&sql, "%s$%zu", i ? "," : " AND h.auth_type NOT IN (", i + 9);
    if (deaf && deaf->count)
        buf_addc(&sql, ')');
    /* A handler that goes at this moment waits, and takes its rows along. */
    struct db_stmt *stmt = db_prepare_share(db, buf_text(&sql), "h");
    buf_clear(&sql);
    for (size_t i = 0; deaf && i < deaf->count; i++)
        db_bind_int(stmt, (int)i + 9, deaf->users[i]);
    db_bind_textz(stmt, 1, news->kind->name);
    db_bind_textz(stmt, 2, news->data);
    db_bind_int(stmt, 3, news->user_id);
    db_bind_int(stmt, 4, news->now);
    db_bind_textz(stmt, 5, news->kind->name);
    db_bind_int(stmt, 6, news->app_id);
    db_bind_int(stmt, 7, news->app_id);
    db_bind_int(stmt, 8, news->depth);
    enum db_rc rc = db_run(stmt);
    *told = rc == DB_OK ? db_changes(db) : 0;
    return rc;
}

/* One row per object: a later change of it only moves the time. */
static enum db_rc tell_offline(struct db *db, const struct event_news *news)
{
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO event_offline (app_id, connector, event_name, event_data, timestamp_x) "
            "SELECT h.subscriber_id, h.connector, $1, $2, $3 FROM event_handler h WHERE h.event = "
            "$4 AND h.offline = 1 AND (h.connector = '' OR h.connector <> $5) ON CONFLICT "
            "(app_id, connector, process_id, event_name, event_data) DO UPDATE SET timestamp_x = "
            "EXCLUDED.timestamp_x, error = 0");
    db_bind_textz(stmt, 1, news->kind->name);
    db_bind_textz(stmt, 2, news->data);
    db_bind_int(stmt, 3, news->now);
    db_bind_textz(stmt, 4, news->kind->name);
    db_bind_textz(stmt, 5, news->connector ? news->connector : "");
    return db_run(stmt);
}

/* onOfflineEvent: once, then not again before the handler's minTimeout has passed. */
static enum db_rc notify_offline(struct db *db, const struct event_news *news, int64_t *told)
{
#define DUE                                                                                        \
    "h.event = 'ONOFFLINEEVENT' AND h.offline = 0 AND h.last_notified + h.min_timeout <= $1 AND "  \
    "EXISTS (SELECT 1 FROM event_handler o WHERE o.offline = 1 AND o.kind = h.kind AND "           \
    "o.subscriber_id = h.subscriber_id AND o.event = $2 AND (o.connector = '' OR o.connector <> "  \
    "$3))"
    static const char *const steps[] = {
        "INSERT INTO event_outbox (target_id, handler_id, event, data, user_id, created, depth) "
        "SELECT h.target_id, h.id, 'ONOFFLINEEVENT', '', $4, $5, $6 FROM event_handler h "
        "WHERE " DUE,
        "UPDATE event_handler AS h SET last_notified = $4 WHERE " DUE};
#undef DUE
    for (int i = 0; i < 2; i++) {
        struct db_stmt *stmt = db_prepare(db, steps[i]);
        db_bind_int(stmt, 1, news->now);
        db_bind_textz(stmt, 2, news->kind->name);
        db_bind_textz(stmt, 3, news->connector ? news->connector : "");
        db_bind_int(stmt, 4, i ? news->now : news->user_id);
        if (!i)
            db_bind_int(stmt, 5, news->now);
        if (!i)
            db_bind_int(stmt, 6, news->depth);
        enum db_rc rc = db_run(stmt);
        if (rc != DB_OK)
            return rc;
        if (!i)
            *told += db_changes(db);
    }
    return DB_OK;
}

static enum db_rc tell(struct db *db, const struct event_bound *bound,
                       const struct event_news *news, int64_t *told)
{
    enum db_rc rc = DB_OK;
    *told = 0;
    if (bound && bound->online)
        rc = tell_online(db, news, told);
    if (bound && bound->offline && rc == DB_OK)
        rc = tell_offline(db, news);
    if (bound && bound->offline && rc == DB_OK)
        rc = notify_offline(db, news, told);
    return rc;
}

enum db_rc event_tell(struct db *db, const struct event_news *news)
{
    struct event_subscribed subscribed = {0};
    int64_t told;
    enum db_rc rc = read_subscribed(db, &subscribed);
    if (rc == DB_OK)
        rc = tell(db, bound_find(&subscribed, news->kind->name), news, &told);
    buf_clear(&subscribed.names);
    free(subscribed.bound);
    return rc;
}

static void note(struct request *req, const struct event_news *news, bool queued, int64_t told)
{
    struct event_note *note = arena_alloc(req->arena, sizeof *note);
    *note = (struct event_note){.before = *req->told,
                                .event = arena_strdup(req->arena, news->kind->name),
                                .data = arena_strdup(req->arena, news->data),
                                .queued = queued,
                                .handlers = told};
    *req->told = note;
}

enum api_rc event_tell_now(struct request *req, const struct event_news *given)
{
    struct event_news deep = *given, *news = &deep;
    news->depth = req->depth;
    struct event_subscribed *subscribed = &req->portal->subscribed;
    int64_t told = 0;
    enum db_rc rc = subscribed->known ? DB_OK : read_subscribed(req->db, subscribed);
    const struct event_bound *bound = rc == DB_OK ? bound_find(subscribed, news->kind->name) : NULL;
    if (bound)
        rc = tell(req->db, bound, news, &told);
    if (bound && rc == DB_OK && req->told && (told || bound->offline))
        note(req, news, bound->offline, told);
    if (told)
        req->portal->subscribed.told = true;
    return api_db(req, rc);
}

/* The name of the event; false: nobody listens to anything, as mostly. */
static bool crm_event(const struct request *req, const char *entity, const char *what, char *name,
                      size_t size)
{
    const struct event_subscribed *subscribed = &req->portal->subscribed;
    if (subscribed->known && !subscribed->count)
        return false;
    snprintf(name, size, "ONCRM%s%s", entity, what);
    return true;
}

/* The one of this type alone. */
static void add_type(char *name, size_t size, int64_t type_id)
{
    size_t len = strlen(name);
    snprintf(name + len, size - len, "_%lld", (long long)type_id);
}

enum api_rc event_raise(struct request *req, const char *entity, const char *what, int64_t id,
                        const struct event_deaf *deaf)
{
    char name[EVENT_NAME_SIZE], number[24];
    int64_t type_id = deaf ? deaf->type_id : 0;
    if (!crm_event(req, entity, what, name, sizeof name))
        return API_OK;
    snprintf(number, sizeof number, "%lld", (long long)id);
    const char *key = deaf && deaf->key ? deaf->key : number;
    struct buf data = {0};
    buf_adds(&data, EVENT_DATA_ID);
    buf_add_percent(&data, key, strlen(key));
    if (type_id)
        buf_printf(&data, "&data%%5BFIELDS%%5D%%5BENTITY_TYPE_ID%%5D=%lld", (long long)type_id);
    struct event_kind kind = {.name = name};
    struct event_news news = {.kind = &kind,
                              .data = buf_text(&data),
                              .user_id = req->caller->user_id,
                              .now = (int64_t)req->now,
                              .connector = param_text(req, "auth_connector"),
                              .deaf = deaf};
    enum api_rc rc = event_tell_now(req, &news);
    if (rc == API_OK && type_id) {
        add_type(name, sizeof name, type_id);
        rc = event_tell_now(req, &news);
    }
    buf_clear(&data);
    return rc;
}

/* Is a handler of the event bound for a user? */
static enum db_rc has_personal(struct request *req, const char *event, bool *has)
{
    struct event_subscribed *subscribed = &req->portal->subscribed;
    enum db_rc rc = subscribed->known ? DB_OK : read_subscribed(req->db, subscribed);
    const struct event_bound *bound = rc == DB_OK ? bound_find(subscribed, event) : NULL;
    *has = bound && bound->personal;
    return rc;
}

enum api_rc event_users(struct request *req, const char *entity, const char *what, int64_t type_id,
                        int64_t **users, size_t *count)
{
    char name[EVENT_NAME_SIZE], typed[EVENT_NAME_SIZE];
    bool has = false, has_typed = false;
    size_t cap = 0;
    enum db_rc rc = DB_OK;
    *count = 0;
    if (!crm_event(req, entity, what, name, sizeof name))
        return API_OK;
    memcpy(typed, name, sizeof typed);
    if (type_id)
        add_type(typed, sizeof typed, type_id);
    rc = has_personal(req, name, &has);
    if (rc == DB_OK && type_id)
        rc = has_personal(req, typed, &has_typed);
    if (!has && !has_typed)
        return api_db(req, rc);
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT DISTINCT auth_type FROM event_handler WHERE event IN "
                            "($1,$2) AND offline = 0 AND auth_type <> 0");
    db_bind_textz(stmt, 1, name);
    db_bind_textz(stmt, 2, typed);
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (*count == cap) {
            int64_t *more = arena_alloc(req->arena, (cap ? cap * 2 : 16) * sizeof *more);
            if (cap)
                memcpy(more, *users, cap * sizeof *more);
            *users = more;
            cap = cap ? cap * 2 : 16;
        }
        (*users)[(*count)++] = db_int(stmt, 0);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

void event_none_bound(struct portal *portal)
{
    portal->subscribed.known = true;
    portal->subscribed.count = 0;
}

void event_group_begins(struct portal *portal)
{
    portal->subscribed.known = portal->subscribed.told = false;
}

void event_wake(struct portal *portal)
{
    struct event_sender *sender = atomic_load(&portal->sender);
    if (sender)
        sender->wake(sender);
}

void event_group_kept(struct portal *portal)
{
    if (!portal->subscribed.told)
        return;
    portal->subscribed.told = false;
    /* Set after the commit: a look before it would find nothing, and take the news for read. */
    atomic_store(&portal->events_told, true);
    event_wake(portal);
}

void event_subscriptions_changed(struct portal *portal)
{
    portal->subscribed.known = false;
}

void event_data_add(struct request *req, struct buf *data, const char *prefix,
                    const struct value *values)
{
    for (size_t i = 0; i < values->array.count; i++) {
        const struct value *value = values->array.items[i].value;
        const char *key = values->array.items[i].key;
        struct buf name = {0};
        size_t len = 0;
        buf_adds(&name, prefix);
        buf_adds(&name, "%5B");
        buf_add_percent(&name, key, strlen(key));
        buf_adds(&name, "%5D");
        if (value_is_array(value)) {
            event_data_add(req, data, buf_text(&name), value);
        } else {
            const char *text = value_to_text(req->arena, value, &len);
            buf_printf(data, "%s%s=", data->len ? "&" : "", buf_text(&name));
            buf_add_percent(data, text ? text : "", text ? len : 0);
        }
        buf_clear(&name);
    }
}
