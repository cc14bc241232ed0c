#include "model/hearing.h"

#include <stdlib.h>

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

enum api_rc hearing_follow(struct request *req, const struct entity *entity, const char *kind,
                           int64_t id)
{
    int64_t users[FEED_MOST];
    struct feed *feed = req->portal->feed;
    size_t count = feed_users(feed, users, FEED_MOST);
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < count && rc == API_OK; i++) {
        bool may;
        rc = hears(req, entity, id, users[i], &may);
        if (rc == API_OK && may)
            feed_note(feed, users[i], entity->type_id, entity->name, kind, id);
    }
    return rc;
}
