#include "rest/reset.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/catalog.h"
#include "people/auth.h"
#include "portal/kept_table.h"
#include "portal/request.h"

static const char *const names[RESET_STATES] = {"empty", "demo"};

struct reset {
    pthread_mutex_t lock;
    int64_t day[RESET_STATES]; /* midnight of the day it was built around; 0: not built yet */
};

static void release(void *part)
{
    struct reset *reset = part;
    pthread_mutex_destroy(&reset->lock);
    free(reset);
}

void reset_open(struct portal *portal)
{
    struct reset *reset = xcalloc(1, sizeof *reset);
    pthread_mutex_init(&reset->lock, NULL);
    portal->reset = reset;
    portal_attach(portal, reset, release);
}

/* ---- the state to go back to ---- */

/* A file in the data directory, or a schema beside the portal's. The caller frees it. */
static char *place_of(const struct portal *portal, enum reset_to to)
{
    struct buf place = {0};
    if (portal->schema)
        buf_printf(&place, "%s_%s", portal->schema, names[to]);
    else
        buf_printf(&place, "%s/reset-%s.db", portal->data_dir, names[to]);
    return buf_take(&place, NULL);
}

static bool clear_place(const struct portal *portal, const char *place, bool make, struct buf *why)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char text[1200];
    for (size_t i = 0; !portal->schema && i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(text, sizeof text, "%s%s", place, ends[i]);
        unlink(text);
    }
    if (!portal->schema)
        return true;
    struct db *db = portal_connect(portal, DB_WRITER, why);
    if (!db)
        return false;
    snprintf(text, sizeof text, "DROP SCHEMA IF EXISTS %s CASCADE;%s%s", place,
             make ? "CREATE SCHEMA " : "", make ? place : "");
    enum db_rc rc = db_exec(db, text);
    if (rc != DB_OK)
        buf_printf(why, "cannot make the schema %s: %s", place, db_message(db));
    db_close(db);
    return rc == DB_OK;
}

static bool fill_demo(struct portal *made, struct buf *why)
{
    struct db *db = portal_connect(made, DB_WRITER, why);
    if (!db)
        return false;
    bool good = db_begin_write(db) == DB_OK && made->fill_demo(made, db) == API_OK &&
                db_commit(db) == DB_OK;
    if (!good)
        buf_printf(why, "cannot make the demo: %s", db_message(db));
    db_close(db);
    return good;
}

/* A portal of its own as a first start makes it, in that place. */
static bool build(const struct portal *portal, enum reset_to to, char *place, struct buf *why)
{
    struct portal made = {.data_dir = portal->data_dir,
                          .store = portal->schema ? portal->store : place,
                          .schema = portal->schema ? place : NULL,
                          .zone = portal->zone,
                          .key = portal->key,
                          .fill_demo = portal->fill_demo,
                          .stop = portal->stop,
                          .lock_fd = -1};
    clock_copy(&made.clock, &portal->clock);
    return clear_place(portal, place, true, why) &&
           portal_create(&made, zone_name(portal->zone), why) &&
           (to != RESET_DEMO || fill_demo(&made, why));
}

/* ---- going back ---- */

/* A reset of everything gives webhooks of events up as well. */
static bool is_kept(const char *table, bool hooks)
{
    if (hooks && !strcmp(table, "outgoing_hook"))
        return false;
    for (const struct kept_table *const *kept = kept_tables; *kept; kept++) {
        if (!strcmp((*kept)->name, table))
            return true;
    }
    return false;
}

/* A user that only this portal has stays as long as a webhook or a token is his. */
static void keep_users(struct buf *sql, const char *from, const char *column)
{
    buf_printf(sql,
               " AND (%s IN (SELECT id FROM %smember) OR %s NOT IN (SELECT user_id FROM webhook "
               "WHERE revoked IS NULL UNION SELECT user_id FROM oauth_token WHERE ended IS NULL))",
               column, from, column);
}

/* Only the rows that differ: the others keep their places in every index. */
static void restore_table(struct buf *sql, const char *from, const char *table, const char *keys,
                          bool hooks)
{
    buf_printf(
        sql,
        "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM (SELECT * FROM %s EXCEPT SELECT * FROM "
        "%s%s) AS gone)",
        table, keys, keys, table, from, table);
    if (!strcmp(table, "member"))
        keep_users(sql, from, "id");
    if (!strcmp(table, "member_department"))
        keep_users(sql, from, "user_id");
    /* An outgoing hook stays, so what it hears of does. */
    if (!hooks && (!strcmp(table, "event_handler") || !strcmp(table, "event_target")))
        buf_adds(sql, " AND kind <> 'H'");
    buf_printf(sql, ";\nINSERT INTO %s SELECT * FROM %s%s EXCEPT SELECT * FROM %s;\n", table, from,
               table, table);
}

/* Ids of what waits for a sender are never given twice: it may still have old ones in hand. */
static bool ids_begin_anew(const char *table)
{
    return strncmp(table, "event_", 6) != 0 && !strstr(table, "_outbox");
}

/* The portal's own tables, each with a NUL behind it: where it goes back to there are none. */
static enum db_rc list_own(struct db *db, struct buf *own)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT line FROM own_table ORDER BY id");
    char table[64];
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (sscanf(db_text(stmt, 0, NULL), "CREATE TABLE %63[a-z0-9_]", table) == 1)
            buf_add(own, table, strlen(table) + 1);
    }
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

static bool is_own(const struct buf *own, const char *table)
{
    const char *at = own->data, *end = at + own->len;
    while (at < end && strcmp(at, table) != 0)
        at += strlen(at) + 1;
    return at < end;
}

static enum db_rc write_script(struct db *db, const char *from, bool hooks, struct buf *sql)
{
    struct buf rows = {0}, ids = {0}, own = {0};
    enum db_rc listed = list_own(db, &own);
    if (listed != DB_OK)
        return listed;
    struct db_stmt *stmt = db_prepare(db, db_sql_tables(db));
    enum db_rc rc;
    buf_printf(
        &rows,
        "UPDATE %smember SET password_hash = coalesce((SELECT m.password_hash FROM member AS "
        "m WHERE m.id = %smember.id), '');\n",
        from, from);
    while ((rc = db_step(stmt)) == DB_ROW) {
        char *table = xstrdup(db_text(stmt, 0, NULL));
        if (is_own(&own, table)) {
            buf_printf(&rows, "DROP TABLE %s;\n", table);
        } else if (!is_kept(table, hooks)) {
            db_sql_lock(db, sql, table);
            restore_table(&rows, from, table, db_text(stmt, 1, NULL), hooks);
            if (!db_is_null(stmt, 2) && ids_begin_anew(table))
                db_sql_next_id(db, &ids, from, table, db_text(stmt, 2, NULL));
        }
        free(table);
    }
    db_finish(stmt);
    buf_add(sql, rows.data, rows.len);
    buf_adds(sql, buf_text(&ids));
    if (own.len)
        buf_adds(sql, "UPDATE catalog SET version = version + 1 WHERE id = 1;\n");
    buf_clear(&own);
    buf_clear(&rows);
    buf_clear(&ids);
    return rc == DB_NONE ? DB_OK : rc;
}

static enum db_rc go_back(struct db *db, const char *place, bool hooks)
{
    struct buf sql = {0}, from = {0};
    enum db_rc rc = db_attach(db, place, &from);
    if (rc == DB_OK)
        rc = write_script(db, buf_text(&from), hooks, &sql);
    if (rc == DB_OK)
        rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = db_exec(db, buf_text(&sql));
    if (rc == DB_OK)
        rc = db_commit(db);
    if (rc != DB_OK && db_in_transaction(db)) {
        char message[256];
        snprintf(message, sizeof message, "%s", db_message(db));
        db_rollback(db);
        log_error("reset: %s", message);
    }
    buf_clear(&sql);
    buf_clear(&from);
    return rc;
}

static bool reset_now(struct portal *portal, enum reset_to to, bool hooks, struct buf *why)
{
    char *place = place_of(portal, to);
    int64_t day = (int64_t)portal_now(portal) / 86400 * 86400 + 1; /* never 0 */
    bool good = portal->reset->day[to] == day || build(portal, to, place, why);
    portal->reset->day[to] = good ? day : 0;
    struct db *db = good ? portal_connect(portal, DB_WRITER, why) : NULL;
    enum db_rc rc = db ? go_back(db, place, hooks) : DB_ERROR;
    struct backoff pause;
    backoff_init(&pause, NULL, 0.05, 1);
    for (int again = 0; again < 6 && rc == DB_RETRY; again++) {
        backoff_failed(&pause, "", "");
        if (backoff_sleep(&pause, portal->stop))
            rc = go_back(db, place, hooks);
    }
    if (rc == DB_OK) {
        catalog_refresh(portal, db);
        atomic_fetch_add(&portal->outside_commits, 1);
        limit_table_clear(portal->buckets);
        operating_clear(portal->operating);
        credential_cache_clear(portal->credentials); /* callers' departments may be others now */
    } else if (db) {
        buf_printf(why, "%s",
                   rc == DB_CONFLICT ? "a user whom a webhook keeps has the login of another one"
                                     : "the store said no; the log tells why");
    }
    db_close(db);
    free(place);
    return rc == DB_OK;
}

bool reset_portal(struct portal *portal, enum reset_to to, bool hooks, struct buf *why)
{
    pthread_mutex_lock(&portal->reset->lock);
    bool good = reset_now(portal, to, hooks, why);
    pthread_mutex_unlock(&portal->reset->lock);
    return good;
}

void reset_forget(struct portal *portal)
{
    struct buf why = {0};
    for (int to = 0; to < RESET_STATES; to++) {
        char *place = portal->reset->day[to] ? place_of(portal, (enum reset_to)to) : NULL;
        if (place && !clear_place(portal, place, false, &why))
            log_warn("reset: %s is left behind: %s", place, buf_text(&why));
        portal->reset->day[to] = 0;
        buf_clear(&why);
        free(place);
    }
}
