#include "portal/migrate.h"

#include <string.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "portal/kept_table.h"

KEPT_TABLE(migration);

#define TELL_S 2
#define SLOW_S 1
#define HOLDS 6 /* attempts, each of which waits for ten seconds */

static enum db_rc run_sql(struct db *db, struct buf *sql)
{
    enum db_rc rc = sql->len ? db_exec(db, buf_text(sql)) : DB_OK;
    buf_clear(sql);
    return rc;
}

/* "NAME" or "NAME WORDS" */
static enum db_rc run_step(struct db *db, const char *line, struct buf *why)
{
    const struct migration_step *step = schema_steps;
    size_t len = strcspn(line, " ");
    while (step->name && (strncmp(step->name, line, len) != 0 || step->name[len]))
        step++;
    CHECK(step->name);
    return step->run(db, line + len + (line[len] == ' '), why);
}

void migrate_tell(double *told, const char *what, int64_t done, int64_t of)
{
    double now = clock_monotonic();
    if (!*told)
        *told = now;
    if (now - *told < TELL_S)
        return;
    *told = now;
    log_info("schema: %s: %lld of %lld rows", what, (long long)done, (long long)of);
}

/* A token that no store knows is the writer's slip: said with its name, not as what SQL makes of a brace. */
static bool tokens_known(struct buf *sql, const char *name, struct buf *why)
{
    for (const char *at = buf_text(sql); (at = strchr(at, '{')); at++) {
        size_t len = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        if (len && at[len + 1] == '}') {
            buf_printf(why, "%s: there is no {%.*s}; see db_sql_ddl for those that there are", name,
                       (int)len, at + 1);
            return false;
        }
    }
    return true;
}

static enum db_rc run_lines(struct db *db, const struct migration *migration, struct buf *why)
{
    static const char prefix[] = "@step ";
    const char *text = migration->sql;
    char line[1024];
    struct buf sql = {0};
    enum db_rc rc = DB_OK;
    while (*text && rc == DB_OK) {
        size_t len = strcspn(text, "\n");
        CHECK(len < sizeof line);
        memcpy(line, text, len);
        line[len] = '\0';
        if (!strncmp(line, prefix, strlen(prefix))) {
            rc = run_sql(db, &sql);
            if (rc == DB_OK)
                rc = run_step(db, line + strlen(prefix), why);
        } else if (strncmp(line, "--", 2) != 0 && len) {
            db_sql_ddl(db, &sql, line);
            if (!tokens_known(&sql, migration->name, why))
                rc = DB_ERROR;
        }
        text += len + (text[len] == '\n');
    }
    if (rc == DB_OK)
        rc = run_sql(db, &sql);
    buf_clear(&sql);
    return rc;
}

static enum db_rc mark(struct db *db, const char *name, int64_t now)
{
    struct db_stmt *stmt = db_prepare(db, "INSERT INTO migration (name, ran) VALUES ($1, $2)");
    db_bind_textz(stmt, 1, name);
    db_bind_int(stmt, 2, now);
    return db_run(stmt);
}

static enum db_rc hold_once(struct db *db)
{
    struct buf sql = {0};
    enum db_rc rc = db_begin_write(db);
    db_sql_lock(db, &sql, "migration");
    if (rc == DB_OK && sql.len)
        rc = db_exec(db, buf_text(&sql));
    buf_clear(&sql);
    if (rc != DB_OK && db_in_transaction(db))
        db_rollback(db);
    return rc;
}

/* Another start that does something at this moment, in another process. */
static bool in_the_way(enum db_rc rc)
{
    return rc == DB_RETRY || rc == DB_CONFLICT;
}

enum db_rc migrate_hold(struct db *db)
{
    struct backoff pause;
    enum db_rc rc = hold_once(db);
    backoff_init(&pause, NULL, 0.1, 2);
    for (int again = 0; again < HOLDS && in_the_way(rc); again++) {
        backoff_failed(&pause, "", "");
        backoff_sleep(&pause, NULL);
        rc = hold_once(db);
    }
    return rc;
}

static bool has_run(struct db *db, const char *name, bool *ran)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT 1 FROM migration WHERE name = $1");
    db_bind_textz(stmt, 1, name);
    enum db_rc rc = db_step(stmt);
    *ran = rc == DB_ROW;
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE;
}

/* In the transaction that holds; one that another server ran meanwhile is done. */
static enum db_rc run_held(struct db *db, const struct migration *migration, int64_t now, int *ran,
                           struct buf *why)
{
    bool done = false;
    enum db_rc rc = has_run(db, migration->name, &done) ? DB_OK : DB_ERROR;
    if (rc != DB_OK || done)
        return rc;
    rc = run_lines(db, migration, why);
    if (rc == DB_OK)
        rc = mark(db, migration->name, now);
    *ran += rc == DB_OK;
    return rc;
}

static enum db_rc run_one(struct db *db, const struct migration *migration, int64_t now, int *ran,
                          struct buf *why)
{
    enum db_rc rc = migrate_hold(db);
    if (rc == DB_OK)
        rc = run_held(db, migration, now, ran, why);
    return rc == DB_OK ? db_commit(db) : rc;
}

static bool fail(struct db *db, struct buf *why, const char *what)
{
    if (!why->len)
        buf_printf(why, "%s: %s", what, db_message(db));
    if (db_in_transaction(db))
        db_rollback(db);
    return false;
}

/* Refuses a database that knows steps this program does not. */
static bool known_only(struct db *db, const struct migration *list, struct buf *why)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT name FROM migration ORDER BY name");
    enum db_rc rc;
    bool good = true;
    while (good && (rc = db_step(stmt)) == DB_ROW) {
        const char *name = db_text(stmt, 0, NULL);
        good = false;
        for (const struct migration *m = list; m->name && !good; m++)
            good = !strcmp(m->name, name);
        if (!good)
            buf_printf(why,
                       "the data was written by a newer Rapport (it has the step %s); "
                       "use that version or a backup",
                       name);
    }
    bool failed = good && rc != DB_NONE;
    db_finish(stmt);
    return failed ? fail(db, why, "cannot read the schema's version") : good;
}

static bool any_ran(struct db *db)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT 1 FROM migration LIMIT 1");
    bool any = db_step(stmt) == DB_ROW;
    db_finish(stmt);
    return any;
}

static enum db_rc make_table(struct db *db)
{
    struct buf ddl = {0};
    db_sql_ddl(
        db, &ddl,
        "CREATE TABLE IF NOT EXISTS migration (name {TEXT} PRIMARY KEY, ran {INT} NOT NULL)");
    enum db_rc rc = db_exec(db, buf_text(&ddl));
    for (int again = 0; again < HOLDS && in_the_way(rc); again++) /* it is made by two at once */
        rc = db_exec(db, buf_text(&ddl));
    buf_clear(&ddl);
    return rc;
}

/* A new portal is made whole or not at all: what a killed step took of a sequence would not come back where the
 * sequence is older than the step. */
static bool run_all(struct db *db, const struct migration *list, int64_t now, int *ran,
                    struct buf *why)
{
    enum db_rc rc = migrate_hold(db);
    const struct migration *at = list;
    while (rc == DB_OK && at->name) {
        rc = run_held(db, at, now, ran, why);
        if (rc == DB_OK)
            at++;
    }
    if (rc == DB_OK)
        rc = db_commit(db);
    if (rc == DB_OK)
        return true;
    *ran = 0;
    return fail(db, why, at->name ? at->name : "cannot make the schema");
}

static bool bring_up(struct db *db, const struct migration *list, int64_t now, int *ran,
                     struct buf *why)
{
    for (; list->name; list++) {
        bool done;
        if (!has_run(db, list->name, &done))
            return fail(db, why, "cannot read the schema's version");
        if (done)
            continue;
        double begun = clock_monotonic();
        log_info("schema: %s begins", list->name);
        if (run_one(db, list, now, ran, why) != DB_OK)
            return fail(db, why, list->name);
        if (clock_monotonic() - begun > SLOW_S)
            log_info("schema: %s took %.1f s", list->name, clock_monotonic() - begun);
    }
    return true;
}

bool migrate_run(struct db *db, const struct migration *list, int64_t now, int *ran,
                 struct buf *why)
{
    *ran = 0;
    if (make_table(db) != DB_OK)
        return fail(db, why, "cannot prepare the schema");
    if (!known_only(db, list, why))
        return false;
    return any_ran(db) ? bring_up(db, list, now, ran, why) : run_all(db, list, now, ran, why);
}
