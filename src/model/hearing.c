#include "model/hearing.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "model/permit.h"
#include "portal/feed.h"
#include "portal/portal.h"

/* *all: an administrator. Who was dismissed hears nothing. */
static enum db_rc look_at_user(struct db *db, int64_t user_id, bool *active, bool *all)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT active, is_admin FROM member WHERE id = $1");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_step(stmt);
    *active = rc == DB_ROW && db_text(stmt, 0, NULL)[0] == 'Y';
    *all = rc == DB_ROW && db_text(stmt, 1, NULL)[0] == 'Y';
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

/* As if he asked himself. */
static enum api_rc hears(struct request *req, const struct entity *entity, int64_t id,
                         int64_t user_id, bool *may)
{
    struct caller user = {.user_id = user_id};
    struct request his = *req;
    struct access *access = NULL;
    bool active, all;
    enum db_rc rc = look_at_user(req->db, user_id, &active, &all);
    *may = active;
    if (rc == DB_OK && active && !all)
        rc = access_load(req->db, user_id, &access);
    /* Roles that allow everything say nothing of what is an administrator's alone. */
    if (rc != DB_OK || !active || all || (!access && entity->permit))
        return api_db(req, rc);
    user.access = access;
    his.caller = &user;
    enum api_rc done = permit_reads(&his, entity, id, may);
    free(access);
    req->store = his.store;
    return done;
}

enum api_rc hearing_deaf(struct request *req, const struct entity *entity, const char *what,
                         int64_t id, struct event_deaf *deaf)
{
    size_t count = 0;
    *deaf = (struct event_deaf){.type_id = entity->event_by_type ? entity->type_id : 0};
    enum api_rc rc = entity->key ? entity_key(req, entity, id, &deaf->key) : API_OK;
    if (rc == API_OK)
        rc = event_users(req, entity->event, what, deaf->type_id, &deaf->users, &count);
    for (size_t i = 0; i < count && rc == API_OK; i++) {
        bool may;
        rc = hears(req, entity, id, deaf->users[i], &may);
        if (!may)
            deaf->users[deaf->count++] = deaf->users[i];
    }
    return rc;
}

/* ---- pages that follow ---- */

#define BELIEVED_S 1.0

/* What roles say of somebody who follows. */
struct follower_known {
    int64_t user_id;
    double until; /* by clock_monotonic */
    bool active, all;
    struct access *access; /* NULL: everything that roles rule */
};

struct hearing {
    struct follower_known list[FEED_MOST];
    size_t count;
};

static void release(void *part)
{
    struct hearing *hearing = part;
    for (size_t i = 0; i < hearing->count; i++)
        free(hearing->list[i].access);
    free(hearing);
}

static struct follower_known *known_of(struct portal *portal, int64_t user_id)
{
    struct hearing *hearing = portal->hearing;
    if (!hearing) {
        portal->hearing = hearing = xcalloc(1, sizeof *hearing);
        portal_attach(portal, hearing, release);
    }
    struct follower_known *oldest = NULL;
    for (size_t i = 0; i < hearing->count; i++) {
        struct follower_known *known = &hearing->list[i];
        if (known->user_id == user_id)
            return known;
        if (!oldest || known->until < oldest->until)
            oldest = known;
    }
    if (hearing->count < FEED_MOST)
        oldest = &hearing->list[hearing->count++];
    free(oldest->access);
    *oldest = (struct follower_known){.user_id = user_id};
    return oldest;
}

static enum db_rc know(struct request *req, int64_t user_id, struct follower_known **found)
{
    struct follower_known *known = *found = known_of(req->portal, user_id);
    double now = clock_monotonic();
    if (now < known->until)
        return DB_OK;
    free(known->access);
    known->access = NULL;
    known->until = 0;
    enum db_rc rc = look_at_user(req->db, user_id, &known->active, &known->all);
    if (rc == DB_OK && known->active && !known->all)
        rc = access_load(req->db, user_id, &known->access);
    if (rc == DB_OK)
        known->until = now + BELIEVED_S;
    return rc;
}

/* As if he asked himself; `row` NULL: the row is looked at. */
static enum api_rc reads(struct request *req, const struct entity *entity, int64_t id,
                         const struct cell *row, const struct follower_known *known, bool *may)
{
    struct caller user = {
        .user_id = known->user_id, .is_admin = known->all, .access = known->access};
    struct request his = *req;
    *may = known->active && (known->all || (!known->access && entity->permit));
    if (!known->active || *may)
        return API_OK;
    his.caller = &user;
    his.dialect = NULL;
    /* Of a row that is at hand nothing else need be looked at; other permits look at more than the row. */
    bool known_row = row && entity->permit == &permit_assigned;
    enum api_rc rc = known_row ? permit_row(&his, entity, ACCESS_READ, row)
                               : permit_reads(&his, entity, id, may);
    req->store = his.store;
    if (!known_row || rc == API_STORE)
        return rc;
    *may = rc == API_OK;
    return API_OK;
}

static enum api_rc follow(struct request *req, const struct entity *entity, const char *kind,
                          int64_t id, const struct cell *row, size_t mark, bool restricted)
{
    int64_t users[FEED_MOST];
    struct feed *feed = req->portal->feed;
    size_t count = entity->with_owner ? 0 : feed_users(feed, users, FEED_MOST);
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < count && rc == API_OK; i++) {
        struct follower_known *known;
        bool may = false;
        rc = api_db(req, know(req, users[i], &known));
        if (rc == API_OK && (known->access || !restricted))
            rc = reads(req, entity, id, row, known, &may);
        if (rc == API_OK && may)
            feed_note(feed, mark, users[i], entity->type_id, entity->name, kind, id);
    }
    return rc;
}

enum api_rc hearing_follow(struct request *req, const struct entity *entity, const char *kind,
                           int64_t id, const struct cell *row)
{
    return follow(req, entity, kind, id, row, feed_mark(req->portal->feed), false);
}

enum api_rc hearing_before(struct request *req, const struct entity *entity, int64_t id,
                           const struct cell *old, size_t *mark)
{
    *mark = feed_mark(req->portal->feed);
    return follow(req, entity, "update", id, old, *mark, true);
}

enum api_rc hearing_after(struct request *req, const struct entity *entity, int64_t id,
                          const struct cell *now, size_t mark)
{
    return follow(req, entity, "update", id, now, mark, false);
}
