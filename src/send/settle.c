#include "send/settle.h"

#include <string.h>

#include "base/clock.h"
#include "portal/kept_table.h"

KEPT_TABLE(event_lease);

static enum db_rc settle_parcel(struct db *db, const struct verdict *verdict, int64_t now)
{
    static const char *const sql[] = {
        [VERDICT_DELIVERED] = "DELETE FROM event_outbox WHERE id = $1",
        [VERDICT_AGAIN] = "UPDATE event_outbox SET attempts = attempts + 1, last_error = $2 WHERE "
                          "id = $1",
        [VERDICT_GAVE_UP] = "UPDATE event_outbox SET attempts = attempts + 1, last_error = $2, "
                            "gave_up = $3 WHERE id = $1"};
    struct db_stmt *stmt = db_prepare(db, sql[verdict->kind]);
    db_bind_int(stmt, 1, verdict->parcel_id);
    if (verdict->kind != VERDICT_DELIVERED)
        db_bind_textz(stmt, 2, verdict->error);
    if (verdict->kind == VERDICT_GAVE_UP)
        db_bind_int(stmt, 3, now);
    return db_run(stmt);
}

static enum db_rc make_pair(struct settlement *s, struct db *db, struct mint *mint, int64_t now)
{
    struct app app;
    enum db_rc rc = app_find(db, &s->arena, mint->app_id, &app);
    mint->made = false;
    if (rc == DB_ROW && !app.revoked)
        rc = token_issue(db, s->job.portal, &app, mint->user_id, now, TOKEN_ACCESS_S, &mint->pair);
    mint->made = rc == DB_OK;
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

/* Ours already, or run out. */
static enum db_rc take_lease(struct db *db, struct settlement *s, int64_t now)
{
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO event_lease (id, owner, until) VALUES (1, $1, $2) ON CONFLICT (id) DO "
            "UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until WHERE event_lease.owner = "
            "EXCLUDED.owner OR event_lease.until < $3");
    db_bind_textz(stmt, 1, s->owner);
    db_bind_int(stmt, 2, s->lease_until);
    db_bind_int(stmt, 3, now);
    enum db_rc rc = db_run(stmt);
    s->leased = rc == DB_OK && db_changes(db) > 0;
    return rc;
}

static enum db_rc settle(void *subject, struct db *db, double patience, bool *slow)
{
    struct settlement *s = subject;
    int64_t now = (int64_t)portal_now(s->job.portal);
    (void)patience, (void)slow;
    arena_reset(&s->arena);
    enum db_rc rc = s->owner ? take_lease(db, s, (int64_t)clock_real()) : DB_OK;
    for (size_t i = 0; i < s->verdict_count && rc == DB_OK; i++)
        rc = settle_parcel(db, &s->verdicts[i], now);
    for (size_t i = 0; i < s->mint_count && rc == DB_OK; i++)
        rc = make_pair(s, db, &s->mints[i], now);
    return rc;
}

static void kept(void *subject, struct db *db)
{
    (void)db;
    ((struct settlement *)subject)->kept = true;
}

static void name(const void *subject, struct job_name *name)
{
    (void)subject;
    *name = (struct job_name){.name = "delivery", .name_len = 8, .id = ""};
}

static const struct runner runner = {.run = settle, .kept = kept, .name = name};

bool settle_submit(struct settlement *s, struct portal *portal, struct lanes *lanes,
                   void (*done)(struct job *job), void *context)
{
    arena_init(&s->arena);
    s->kept = false;
    s->job = (struct job){
        .runner = &runner, .subject = s, .portal = portal, .done = done, .context = context};
    if (lane_submit(lanes, LANE_WRITE, &s->job))
        return true;
    arena_clear(&s->arena);
    return false;
}

bool settle_finish(struct settlement *s)
{
    arena_clear(&s->arena);
    return s->kept;
}
