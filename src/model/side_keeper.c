#include "model/side_keeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/catalog.h"
#include "model/side.h"
#include "model/side_schema.h"
#include "model/user_field.h"

#define LOOK_S 1.0
#define FIRST_S 90 /* after the start */
#define EVERY_S 3600
#define KEPT_S 86400 /* values of a removed field */
#define ROWS 500     /* at a time */
#define MANY 5000    /* rows below this are read as fast without an index */

struct side_keeper {
    struct portal *portal;
    pthread_t thread;
};

/* Work of this thread is a request of nobody. */
struct errand {
    struct arena arena;
    struct caller caller;
    struct request req;
};

static void errand_begin(struct errand *errand, struct portal *portal, struct db *db)
{
    memset(errand, 0, sizeof *errand);
    arena_init(&errand->arena);
    errand->caller = (struct caller){.user_id = 1, .is_admin = true, .scopes = ""};
    errand->req = (struct request){.arena = &errand->arena,
                                   .db = db,
                                   .portal = portal,
                                   .zone = portal->zone,
                                   .caller = &errand->caller,
                                   .params = value_array(&errand->arena),
                                   .now = portal_now(portal)};
}

/* Commits what went well. */
static enum api_rc errand_end(struct errand *errand, enum api_rc rc)
{
    struct request *req = &errand->req;
    if (rc == API_OK && db_in_transaction(req->db))
        rc = api_db(req, db_commit(req->db));
    if (db_in_transaction(req->db))
        db_rollback(req->db);
    if (rc == API_OK)
        catalog_kept(req->portal, req->db);
    arena_clear(&errand->arena);
    return rc;
}

static enum api_rc exec(struct request *req, const char *line)
{
    struct buf ddl = {0};
    db_sql_ddl(req->db, &ddl, line);
    enum db_rc rc = db_exec(req->db, buf_text(&ddl));
    buf_clear(&ddl);
    return api_db(req, rc);
}

/* ---- an index ---- */

static enum api_rc has_many(struct request *req, const struct side_made *made, bool *many)
{
    struct db_stmt *stmt = db_prepare(
        req->db, arena_printf(req->arena,
                              "SELECT count(*) FROM (SELECT 1 FROM " SIDE_TABLE " LIMIT %d) AS r",
                              made->entity->table, MANY));
    enum db_rc rc = db_step(stmt);
    *many = rc == DB_ROW && db_int(stmt, 0) >= MANY;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc mark_index(struct request *req, const struct side_made *made)
{
    enum api_rc rc = api_db(req, db_begin_write(req->db));
    if (rc == API_OK)
        rc = catalog_pin_change(req);
    if (rc == API_OK)
        rc = side_index_made(req, made);
    return rc == API_OK ? catalog_changed(req) : rc;
}

/* Beside the writers where the store can; it is believed once it is written down. */
void side_make_index(struct portal *portal, struct db *db, int64_t field_id)
{
    struct errand errand;
    struct request *req = &errand.req;
    struct side_made made;
    bool many = false;
    errand_begin(&errand, portal, db);
    enum api_rc rc = catalog_pin(req);
    if (rc == API_OK)
        rc = side_made_read(req, field_id, &made);
    bool able = rc == API_OK && made.entity && made.type && !made.multiple && !made.indexed;
    if (able)
        rc = has_many(req, &made, &many);
    if (able && many && rc == API_OK) {
        double began = clock_monotonic();
        rc = exec(req, side_index_line(req, &made, "DROP INDEX {BESIDE} IF EXISTS"));
        if (rc == API_OK)
            rc = exec(req, side_index_line(req, &made, "CREATE INDEX {BESIDE}"));
        if (rc == API_OK)
            rc = mark_index(req, &made);
        if (rc == API_OK)
            log_info("the custom field %lld has an index now (%.1f s)", (long long)field_id,
                     clock_monotonic() - began);
    }
    if (rc != API_OK)
        log_warn("the custom field %lld has no index yet: %s", (long long)field_id, db_message(db));
    errand_end(&errand, rc);
}

/* ---- the sweep ---- */

/* The ids of up to ROWS rows behind *after that still have a value. */
static enum api_rc rows_behind(struct request *req, const struct side_made *made, int64_t after,
                               int64_t *ids, size_t *count)
{
    long long id = made->id;
    struct db_stmt *stmt = db_prepare(req->db, arena_printf(req->arena,
                                                            "SELECT id FROM " SIDE_TABLE
                                                            " WHERE id > $1 AND " SIDE_COLUMN
                                                            " IS NOT NULL ORDER BY id LIMIT %d",
                                                            made->entity->table, id, ROWS));
    enum db_rc rc;
    *count = 0;
    db_bind_int(stmt, 1, after);
    while ((rc = db_step(stmt)) == DB_ROW && *count < ROWS)
        ids[(*count)++] = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc empty_rows(struct request *req, const struct side_made *made, int64_t after,
                              int64_t last)
{
    long long id = made->id;
    const char *key =
        made->keyed ? arena_printf(req->arena, ", " SIDE_COLUMN "_key = NULL", id) : "";
    const char *const steps[] = {
        arena_printf(req->arena,
                     "UPDATE " SIDE_TABLE " SET " SIDE_COLUMN
                     " = NULL%s WHERE id > $1 AND id <= $2",
                     made->entity->table, id, key),
        arena_printf(req->arena,
                     "DELETE FROM uf_list WHERE row_id > $1 AND row_id <= $2 AND field_id = %lld",
                     id)};
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && rc == API_OK; i++) {
        struct db_stmt *stmt = db_prepare(req->db, steps[i]);
        db_bind_int(stmt, 1, after);
        db_bind_int(stmt, 2, last);
        rc = api_db(req, db_run(stmt));
    }
    return rc;
}

/* What a value has elsewhere goes with it. */
static enum api_rc settle_rows(struct request *req, const struct side_made *made,
                               const int64_t *ids, size_t count)
{
    const struct user_field custom = {.id = made->id,
                                      .entity_id = made->entity_id,
                                      .type = made->type,
                                      .multiple = made->multiple};
    const struct field field = {.kind = made->type->kind, .custom = &custom};
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < count && made->type->kind->settle && rc == API_OK; i++)
        rc = made->type->kind->settle(req, &field, ids[i], NULL, 0);
    return rc;
}

static bool empty_some(struct portal *portal, struct db *db, const struct side_made *made,
                       int64_t *after, bool *more)
{
    struct errand errand;
    int64_t ids[ROWS];
    size_t count = 0;
    errand_begin(&errand, portal, db);
    struct request *req = &errand.req;
    enum api_rc rc = api_db(req, db_begin_write(db));
    if (rc == API_OK)
        rc = rows_behind(req, made, *after, ids, &count);
    if (count && rc == API_OK)
        rc = settle_rows(req, made, ids, count);
    if (count && rc == API_OK)
        rc = empty_rows(req, made, *after, ids[count - 1]);
    *more = count == ROWS;
    if (count)
        *after = ids[count - 1];
    return errand_end(&errand, rc) == API_OK;
}

/* Nothing is left of it but its row in user_field, which keeps its column from being another's. */
static bool finish_field(struct portal *portal, struct db *db, const struct side_made *made,
                         int64_t now)
{
    static const char *const steps[] = {"DELETE FROM user_field_enum WHERE field_id = $1",
                                        "UPDATE user_field SET emptied = $2, indexed = NULL WHERE "
                                        "id = $1"};
    struct errand errand;
    errand_begin(&errand, portal, db);
    struct request *req = &errand.req;
    enum api_rc rc = api_db(req, db_begin_write(db));
    if (rc == API_OK)
        rc = side_index_drop(req, made);
    for (int i = 0; i < 2 && rc == API_OK; i++) {
        struct db_stmt *stmt = db_prepare(db, steps[i]);
        db_bind_int(stmt, 1, made->id);
        if (i)
            db_bind_int(stmt, 2, now);
        rc = api_db(req, db_run(stmt));
    }
    return errand_end(&errand, rc) == API_OK;
}

/* The next removed field whose time has come; 0: there is none. */
static enum api_rc next_removed(struct request *req, int64_t behind, int64_t *field_id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT min(id) FROM user_field WHERE removed <= $1 AND emptied IS "
                            "NULL AND id > $2");
    db_bind_int(stmt, 1, (int64_t)req->now - KEPT_S);
    db_bind_int(stmt, 2, behind);
    enum db_rc rc = db_step(stmt);
    *field_id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

void side_sweep(struct portal *portal, struct db *db, int64_t now)
{
    struct errand errand;
    int64_t field_id = 0;
    errand_begin(&errand, portal, db);
    struct request *req = &errand.req;
    req->now = (double)now;
    enum api_rc rc = catalog_pin(req);
    while (rc == API_OK && !stop_asked(portal->stop) &&
           (rc = next_removed(req, field_id, &field_id)) == API_OK && field_id) {
        struct side_made made;
        int64_t after = 0;
        bool more = true, good = true;
        rc = side_made_read(req, field_id, &made);
        while (rc == API_OK && made.entity && made.type && more && good &&
               !stop_asked(portal->stop))
            good = empty_some(portal, db, &made, &after, &more);
        if (rc == API_OK && good && (!more || !made.entity || !made.type) &&
            finish_field(portal, db, &made, now))
            log_info("the values of the removed custom field %lld are gone", (long long)field_id);
    }
    arena_clear(&errand.arena);
}

/* ---- the thread ---- */

static void *run(void *context)
{
    struct side_keeper *keeper = context;
    struct portal *portal = keeper->portal;
    struct buf why = {0};
    double sweep_at = clock_monotonic() + FIRST_S;
    while (stop_sleep(portal->stop, clock_monotonic() + LOOK_S)) {
        int64_t wanted = atomic_exchange(&portal->index_wanted, 0);
        bool sweeps = clock_monotonic() >= sweep_at;
        if (!wanted && !sweeps)
            continue;
        struct db *db = portal_connect(portal, DB_WRITER, &why);
        if (db && wanted)
            side_make_index(portal, db, wanted);
        if (db && sweeps)
            side_sweep(portal, db, (int64_t)portal_now(portal));
        sweep_at = sweeps ? clock_monotonic() + EVERY_S : sweep_at;
        db_close(db);
        buf_clear(&why);
    }
    return NULL;
}

struct side_keeper *side_keeper_start(struct portal *portal)
{
    struct side_keeper *keeper = xcalloc(1, sizeof *keeper);
    keeper->portal = portal;
    CHECK(pthread_create(&keeper->thread, NULL, run, keeper) == 0);
    return keeper;
}

void side_keeper_stop(struct side_keeper *keeper)
{
    if (!keeper)
        return;
    pthread_join(keeper->thread, NULL);
    free(keeper);
}
