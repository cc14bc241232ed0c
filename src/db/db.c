#include "db/db.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/fold.h"
#include "base/stop.h"
#include "db/driver.h"

#define PART_S 0.0002     /* what a driver counts as a part of work */
#define STEPS_PER_LOOK 64 /* what steps of one row each can take is far below a millisecond */

bool db_is_postgres(const char *url)
{
    return !strncmp(url, "postgresql://", 13) || !strncmp(url, "postgres://", 11);
}

void db_describe(const char *url, struct buf *out)
{
    if (db_is_postgres(url))
        db_postgres.describe(url, out);
    else
        buf_adds(out, url);
}

struct db *db_open(const char *url, const char *schema, enum db_mode mode, struct buf *why)
{
    const struct db_driver *driver = db_is_postgres(url) ? &db_postgres : &db_sqlite;
    struct db *db = driver->open(url, schema, mode, why);
    if (db)
        db->mode = mode;
    return db;
}

void db_close(struct db *db)
{
    if (db && db->release)
        db->release(db->beside);
    if (db)
        db->driver->close(db);
}

enum db_rc db_reconnect(struct db *db)
{
    return db->driver->reconnect(db);
}

enum db_rc db_settle(struct db *db)
{
    return db->driver->settle ? db->driver->settle(db) : DB_OK;
}

void db_watch(struct db *db, struct stop *stop)
{
    db->stop = stop;
}

enum db_rc db_limit_time(struct db *db, double seconds)
{
    return db->driver->limit_time(db, seconds);
}

void db_deadline(struct db *db, double when)
{
    db->deadline = when;
    db->soon = 0;
    db->until_look = 0;
}

void db_patience(struct db *db, double now, double seconds)
{
    db->soon = seconds > 0 ? now + seconds : 0;
    db->worked = 0;
    db->to_work = (int)(seconds / 3 / PART_S);
}

void db_budget(struct db *db, struct budget *budget)
{
    db->budget = budget;
}

bool db_is_late(const struct db *db)
{
    if ((db->mode == DB_READER || db->deadline > 0) && stop_over(db->stop))
        return true;
    if (db->deadline <= 0 && db->soon <= 0)
        return false;
    double now = clock_monotonic();
    return (db->deadline > 0 && now > db->deadline) ||
           (db->soon > 0 && db->worked >= db->to_work && now > db->soon);
}

static enum db_rc stop(struct db *db, enum db_rc rc, const char *message)
{
    snprintf(db->message, sizeof db->message, "%s", message);
    snprintf(db->state, sizeof db->state, "57014");
    db->until_look = 0;
    return rc;
}

enum db_rc db_look(struct db *db)
{
    db->until_look = STEPS_PER_LOOK;
    if (db->budget && db->budget->state != BUDGET_GOOD)
        return stop(db, DB_OVER, "the request's memory is used up");
    if (db->budget)
        db->budget->look = false;
    return db_is_late(db) ? stop(db, DB_TIMEOUT, "the request's time is over") : DB_OK;
}

uint64_t db_statements(const struct db *db)
{
    return db->statements;
}

struct db_stmt *db_prepare(struct db *db, const char *sql)
{
    db->statements++;
    return db->driver->prepare(db, sql);
}

void db_bind_int(struct db_stmt *stmt, int at, int64_t integer)
{
    stmt->db->driver->bind_int(stmt, at, integer);
}

void db_bind_double(struct db_stmt *stmt, int at, double real)
{
    stmt->db->driver->bind_double(stmt, at, real);
}

void db_bind_text(struct db_stmt *stmt, int at, const char *text, size_t len)
{
    stmt->db->driver->bind_text(stmt, at, text, len);
}

void db_bind_textz(struct db_stmt *stmt, int at, const char *text)
{
    if (text)
        db_bind_text(stmt, at, text, strlen(text));
    else
        db_bind_null(stmt, at);
}

void db_sql_places(struct buf *sql, int first, size_t places)
{
    for (size_t i = 0; i < places; i++)
        buf_printf(sql, "%s$%zu", i ? "," : "", (size_t)first + i);
}

void db_bind_places(struct db_stmt *stmt, int first, size_t places, const int64_t *ids,
                    size_t count)
{
    for (size_t i = 0; i < places; i++)
        db_bind_int(stmt, first + (int)i, ids[i < count ? i : count - 1]);
}

void db_bind_null(struct db_stmt *stmt, int at)
{
    stmt->db->driver->bind_null(stmt, at);
}

enum db_rc db_step(struct db_stmt *stmt)
{
    struct db *db = stmt->db;
    if (--db->until_look < 0 || (db->budget && db->budget->look)) {
        enum db_rc rc = db_look(db);
        if (rc != DB_OK)
            return rc;
    }
    return db->driver->step(stmt);
}

bool db_is_null(struct db_stmt *stmt, int column)
{
    return stmt->db->driver->is_null(stmt, column);
}

int64_t db_int(struct db_stmt *stmt, int column)
{
    return stmt->db->driver->get_int(stmt, column);
}

double db_double(struct db_stmt *stmt, int column)
{
    return stmt->db->driver->get_double(stmt, column);
}

const char *db_text(struct db_stmt *stmt, int column, size_t *len)
{
    size_t unused;
    return stmt->db->driver->get_text(stmt, column, len ? len : &unused);
}

void db_finish(struct db_stmt *stmt)
{
    stmt->db->driver->finish(stmt);
}

enum db_rc db_exec(struct db *db, const char *sql)
{
    return db->driver->exec(db, sql);
}

enum db_rc db_run(struct db_stmt *stmt)
{
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

enum db_rc db_skip_ids(struct db *db, const char *table, int64_t last)
{
    return db->driver->skip_ids(db, table, last);
}

enum db_rc db_ids_again(struct db *db)
{
    return db->driver->ids_again ? db->driver->ids_again(db) : DB_OK;
}

int64_t db_changes(struct db *db)
{
    return db->driver->changes(db);
}

const char *db_message(struct db *db)
{
    return db->message;
}

const char *db_state(struct db *db)
{
    return db->state;
}

void *db_beside(const struct db *db)
{
    return db->beside;
}

void db_keep_beside(struct db *db, void *beside, void (*release)(void *beside))
{
    db->beside = beside;
    db->release = release;
}

enum db_rc db_begin_write(struct db *db)
{
    db->begun++;
    return db->driver->begin_write(db);
}

enum db_rc db_begin_read(struct db *db)
{
    db->begun++;
    return db->driver->begin_read(db);
}

bool db_may_write(const struct db *db)
{
    return db->mode == DB_WRITER;
}

uint64_t db_transaction(struct db *db)
{
    return db_in_transaction(db) ? db->begun : 0;
}

void db_refresh(struct db *db)
{
    if (db->mode == DB_READER && db->driver->reads_inline && db_in_transaction(db) &&
        db_commit(db) == DB_OK)
        db_begin_read(db);
}

enum db_rc db_commit(struct db *db)
{
    return db->driver->commit(db);
}

enum db_rc db_rollback(struct db *db)
{
    return db->driver->rollback(db);
}

enum db_rc db_savepoint(struct db *db)
{
    return db->driver->savepoint(db);
}

enum db_rc db_savepoint_reads(struct db *db)
{
    return db->driver->savepoint_reads(db);
}

enum db_rc db_release(struct db *db)
{
    return db->driver->release(db);
}

enum db_rc db_rollback_to(struct db *db)
{
    return db->driver->rollback_to(db);
}

bool db_in_transaction(struct db *db)
{
    return db->driver->in_transaction(db);
}

bool db_reads_inline(const struct db *db)
{
    return db->driver->reads_inline;
}

enum db_rc db_attach(struct db *db, const char *place, struct buf *prefix)
{
    return db->driver->attach(db, place, prefix);
}

const char *db_sql_tables(struct db *db)
{
    return db->driver->sql_tables;
}

enum db_rc db_has_table(struct db *db, const char *table, bool *has)
{
    struct db_stmt *stmt = db_prepare(db, db->driver->sql_has_table);
    db_bind_textz(stmt, 1, table);
    enum db_rc rc = db_step(stmt);
    *has = rc == DB_ROW;
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

void db_sql_lock(struct db *db, struct buf *sql, const char *table)
{
    db->driver->sql_lock(db, sql, table);
}

void db_sql_next_id(struct db *db, struct buf *sql, const char *prefix, const char *table,
                    const char *sequence)
{
    db->driver->sql_next_id(db, sql, prefix, table, sequence);
}

void db_sql_count_ids(struct db *db, struct buf *sql, const char *select)
{
    db->driver->sql_count_ids(db, sql, select);
}

bool db_fold_letters(struct db *db, const char *folded, size_t len, struct buf *from,
                     struct buf *to)
{
    if (db->driver->folds_letters)
        fold_letters(from, to, folded, len);
    return from->len > 0;
}

void db_sql_fold(struct db *db, struct buf *sql, const char *column, int letters)
{
    db->driver->sql_fold(db, sql, column, letters);
}

void db_sql_caseless(struct db *db, struct buf *sql, const char *column, int letters)
{
    db->driver->sql_caseless(db, sql, column, letters);
}

void db_sql_number(struct db *db, struct buf *sql, const char *column, bool money)
{
    db->driver->sql_number(db, sql, column, money);
}

void db_sql_datetime(struct db *db, struct buf *sql, const char *column, int offset)
{
    db->driver->sql_datetime(db, sql, column, offset);
}

void db_sql_search(struct db *db, struct buf *sql, const char *table, int param)
{
    db->driver->sql_search(db, sql, table, param);
}

const char *db_search_text(struct db *db, struct arena *arena, const char *folded, size_t len)
{
    return db->driver->search_text(db, arena, folded, len);
}

const char *db_search_both(struct db *db, struct arena *arena, const char *a, const char *b)
{
    return db->driver->search_both ? db->driver->search_both(arena, a, b) : NULL;
}

static void add_lock(struct db *db, struct buf *sql, const char *lock, const char *of)
{
    if (!lock || db->mode != DB_WRITER)
        return;
    buf_adds(sql, lock);
    if (of)
        buf_printf(sql, " OF %s", of);
}

static struct db_stmt *prepare_locked(struct db *db, const char *sql, const char *lock,
                                      const char *of)
{
    if (!lock || db->mode != DB_WRITER)
        return db_prepare(db, sql);
    struct buf text = {0};
    buf_adds(&text, sql);
    add_lock(db, &text, lock, of);
    struct db_stmt *stmt = db_prepare(db, buf_text(&text));
    buf_clear(&text);
    return stmt;
}

struct db_stmt *db_prepare_share(struct db *db, const char *sql, const char *of)
{
    return prepare_locked(db, sql, db->driver->share, of);
}

struct db_stmt *db_prepare_hold(struct db *db, const char *sql, const char *of)
{
    return prepare_locked(db, sql, db->driver->hold, of);
}

enum db_rc db_hurry_locks(struct db *db)
{
    return db->driver->hurry_locks ? db_exec(db, db->driver->hurry_locks) : DB_OK;
}

enum db_rc db_hold_rule(struct db *db, const char *rule)
{
    if (!db->driver->hold)
        return DB_OK;
    struct db_stmt *stmt = db_prepare_hold(db, "SELECT 1 FROM rule WHERE name = $1", NULL);
    db_bind_textz(stmt, 1, rule);
    return db_run(stmt);
}

void db_sql_share(struct db *db, struct buf *sql, const char *of)
{
    add_lock(db, sql, db->driver->share, of);
}

void db_sql_lock_rows(struct db *db, struct buf *sql)
{
    buf_adds(sql, db->driver->lock_rows);
}

void db_sql_ddl(struct db *db, struct buf *out, const char *line)
{
    db->driver->sql_ddl(db, out, line);
}

enum db_rc db_check(struct db *db, struct buf *problems)
{
    return db->driver->check(db, problems);
}
