/* sqlite - the embedded store: one file in WAL mode, synchronous=FULL.
 *
 * A commit that returned DB_OK is on disk. The numbers behind the settings stand in DESIGN.md.
 */
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "db/driver.h"
#include "db/sqlite.h"

#define CACHE_SLOTS                                                                                \
    256             /* prepared statements kept; a slot is taken over by the next of its hash  \
                         */
#define GONE_S 0.02 /* how seldom a reader looks whether its file is still there */
#define BUSY_S 10   /* another process may have the lock as long */
#define STEPS_PER_LOOK 4000 /* of the virtual machine: some 200 microseconds */
#define MAX_PARAMS 6000     /* a filter has most: LIMIT_FILTER_VALUES */

struct sqlite_stmt {
    struct db_stmt base;
    sqlite3_stmt *handle; /* NULL: preparing failed, `failed` says how */
    char *sql;
    uint32_t hash;
    bool in_use, cached;
    enum db_rc failed;
    int param_count;
    int *index; /* $n -> SQLite's own number: it counts names by first appearance */
};

struct sqlite_db {
    struct db base;
    sqlite3 *handle;
    double busy_since;
    bool unsynced; /* an fsync failed: see make_sure */
    struct backoff syncing;
    struct sqlite_stmt *cache[CACHE_SLOTS];
    struct sqlite_stmt *begin_write, *begin_read, *commit, *rollback;
    struct sqlite_stmt *savepoint, *release, *rollback_to;
    double looked; /* when gone() asked last, of clock_monotonic */
    bool gone;
};

static struct sqlite_db *cast(struct db *db)
{
    return (struct sqlite_db *)(void *)db;
}

static struct sqlite_stmt *cast_stmt(struct db_stmt *stmt)
{
    return (struct sqlite_stmt *)(void *)stmt;
}

static enum db_rc map_error(struct sqlite_db *db, int code)
{
    int extended = sqlite3_extended_errcode(db->handle);
    snprintf(db->base.message, sizeof db->base.message, "%s", sqlite3_errmsg(db->handle));
    snprintf(db->base.state, sizeof db->base.state, "%d", extended);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return DB_CONFLICT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DB_RETRY;
    case SQLITE_INTERRUPT:
        db->base.until_look = 0; /* what comes next is late as well */
        return DB_TIMEOUT;
    case SQLITE_FULL:
        return DB_FULL;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return DB_READONLY;
    case SQLITE_IOERR:
        if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC)
            db->unsynced = true;
        /* A full disk shows as a failed write of the WAL or its index on some file systems. */
        if (extended == SQLITE_IOERR_WRITE || extended == SQLITE_IOERR_SHMSIZE)
            return sqlite3_system_errno(db->handle) == EIO ? DB_READONLY : DB_FULL;
        return DB_ERROR;
    default:
        return DB_ERROR;
    }
}

/* A file that was removed goes on taking reads and commits as long as it is open, and then is lost: so a
 * store whose file is no longer under its name answers nothing any more. It costs a stat. */
static enum db_rc gone(struct sqlite_db *db, double pause)
{
    int moved = 0;
    double now = clock_monotonic();
    if (!db->gone && now - db->looked >= pause) {
        db->looked = now;
        if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK)
            db->gone = moved;
    }
    if (!db->gone)
        return DB_OK;
    snprintf(db->base.message, sizeof db->base.message,
             "the database's file was removed or replaced while the server ran");
    snprintf(db->base.state, sizeof db->base.state, "moved");
    return DB_ERROR;
}

/* ---- statements ---- */

static void free_stmt(struct sqlite_stmt *stmt)
{
    if (!stmt)
        return;
    sqlite3_finalize(stmt->handle);
    free(stmt->index);
    free(stmt->sql);
    free(stmt);
}

static int param_number(const char *name)
{
    return name && name[0] == '$' ? (int)strtol(name + 1, NULL, 10) : 0;
}

/* SQLite takes "$3" for a name; look up once which of its own numbers that is. */
static void index_params(struct sqlite_stmt *stmt)
{
    int count = sqlite3_bind_parameter_count(stmt->handle), most = 0;
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(stmt->handle, i);
        int number = param_number(name);
        CHECK(number > 0 && number <= MAX_PARAMS);
        most = number > most ? number : most;
    }
    stmt->param_count = most;
    stmt->index = xcalloc((size_t)most + 1, sizeof *stmt->index);
    for (int i = 1; i <= count; i++)
        stmt->index[param_number(sqlite3_bind_parameter_name(stmt->handle, i))] = i;
}

static struct sqlite_stmt *new_stmt(struct sqlite_db *db, const char *sql, uint32_t hash)
{
    struct sqlite_stmt *stmt = xcalloc(1, sizeof *stmt);
    stmt->base.db = &db->base;
    stmt->sql = xstrdup(sql);
    stmt->hash = hash;
    stmt->failed = DB_OK;
    int code =
        sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
    if (code != SQLITE_OK)
        stmt->failed = map_error(db, code);
    else
        index_params(stmt);
    return stmt;
}

static uint32_t hash_sql(const char *sql, size_t len)
{
    uint64_t hash = 1469598103934665603u;
    for (; len >= 8; sql += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, sql, 8);
        hash = (hash ^ word) * 1099511628211u;
        hash ^= hash >> 29;
    }
    for (; len; sql++, len--)
        hash = (hash ^ (unsigned char)*sql) * 1099511628211u;
    return (uint32_t)(hash ^ hash >> 32);
}

static struct db_stmt *sqlite_prepare(struct db *base, const char *sql)
{
    struct sqlite_db *db = cast(base);
    uint32_t hash = hash_sql(sql, strlen(sql));
    struct sqlite_stmt **slot = &db->cache[hash % CACHE_SLOTS];
    struct sqlite_stmt *stmt = *slot;
    if (stmt && !stmt->in_use && stmt->hash == hash && !strcmp(stmt->sql, sql)) {
        stmt->in_use = true;
        return &stmt->base;
    }
    stmt = new_stmt(db, sql, hash);
    stmt->in_use = true;
    if (stmt->handle && (!*slot || !(*slot)->in_use)) {
        free_stmt(*slot);
        *slot = stmt;
        stmt->cached = true;
    }
    return &stmt->base;
}

static int param_index(struct sqlite_stmt *stmt, int at)
{
    CHECK(!stmt->handle || (at >= 1 && at <= stmt->param_count));
    return stmt->handle ? stmt->index[at] : 0;
}

static void bound(struct sqlite_stmt *stmt, int code)
{
    if (code != SQLITE_OK && stmt->handle)
        stmt->failed = map_error(cast(stmt->base.db), code);
}

static void sqlite_bind_int(struct db_stmt *base, int at, int64_t integer)
{
    struct sqlite_stmt *stmt = cast_stmt(base);
    bound(stmt, sqlite3_bind_int64(stmt->handle, param_index(stmt, at), integer));
}

static void sqlite_bind_double(struct db_stmt *base, int at, double real)
{
    struct sqlite_stmt *stmt = cast_stmt(base);
    bound(stmt, sqlite3_bind_double(stmt->handle, param_index(stmt, at), real));
}

static void sqlite_bind_text(struct db_stmt *base, int at, const char *text, size_t len)
{
    struct sqlite_stmt *stmt = cast_stmt(base);
    bound(stmt, sqlite3_bind_text64(stmt->handle, param_index(stmt, at), text, len, SQLITE_STATIC,
                                    SQLITE_UTF8));
}

static void sqlite_bind_null(struct db_stmt *base, int at)
{
    struct sqlite_stmt *stmt = cast_stmt(base);
    bound(stmt, sqlite3_bind_null(stmt->handle, param_index(stmt, at)));
}

static enum db_rc sqlite_step(struct db_stmt *base)
{
    struct sqlite_stmt *stmt = cast_stmt(base);
    if (stmt->failed != DB_OK)
        return stmt->failed;
    if (cast(base->db)->gone)
        return gone(cast(base->db), 0);
    int code = sqlite3_step(stmt->handle);
    if (code == SQLITE_ROW)
        return DB_ROW;
    if (code == SQLITE_DONE)
        return DB_NONE;
    stmt->failed = map_error(cast(base->db), code);
    return stmt->failed;
}

static bool sqlite_is_null(struct db_stmt *stmt, int column)
{
    return sqlite3_column_type(cast_stmt(stmt)->handle, column) == SQLITE_NULL;
}

static int64_t sqlite_get_int(struct db_stmt *stmt, int column)
{
    return sqlite3_column_int64(cast_stmt(stmt)->handle, column);
}

static double sqlite_get_double(struct db_stmt *stmt, int column)
{
    return sqlite3_column_double(cast_stmt(stmt)->handle, column);
}

static const char *sqlite_get_text(struct db_stmt *base, int column, size_t *len)
{
    sqlite3_stmt *handle = cast_stmt(base)->handle;
    const char *text = (const char *)sqlite3_column_text(handle, column);
    *len = (size_t)sqlite3_column_bytes(handle, column);
    return text ? text : "";
}

static void sqlite_finish(struct db_stmt *base)
{
    struct sqlite_stmt *stmt = cast_stmt(base);
    if (!stmt->cached) {
        free_stmt(stmt);
        return;
    }
    sqlite3_reset(stmt->handle);
    if (stmt->param_count)
        sqlite3_clear_bindings(stmt->handle);
    stmt->failed = DB_OK;
    stmt->in_use = false;
}

static enum db_rc sqlite_exec(struct db *base, const char *sql)
{
    struct sqlite_db *db = cast(base);
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? DB_OK : map_error(db, code);
}

static enum db_rc sqlite_skip_ids(struct db *db, const char *table, int64_t last)
{
    struct db_stmt *stmt =
        db_prepare(db, "UPDATE sqlite_sequence SET seq = max(seq, $1) WHERE name = $2");
    db_bind_int(stmt, 1, last);
    db_bind_textz(stmt, 2, table);
    return db_run(stmt);
}

static int64_t sqlite_changes(struct db *db)
{
    return sqlite3_changes64(cast(db)->handle);
}

/* ---- transactions ---- */

static enum db_rc run_fixed(struct db *base, struct sqlite_stmt **kept, const char *sql)
{
    struct sqlite_db *db = cast(base);
    if (!*kept)
        *kept = new_stmt(db, sql, 0);
    if ((*kept)->failed != DB_OK) {
        enum db_rc rc = (*kept)->failed;
        free_stmt(*kept);
        *kept = NULL;
        return rc;
    }
    int code = sqlite3_step((*kept)->handle);
    enum db_rc rc = code == SQLITE_DONE ? DB_OK : map_error(db, code);
    sqlite3_reset((*kept)->handle);
    return rc;
}

/* After an fsync that failed nobody knows what of the WAL is on the disk, and a second fsync would say
 * that all of it is. So nothing more is acknowledged until what was acknowledged before stands in the
 * database file, written and synced anew, and the WAL with its unknown end is gone. */
static enum db_rc make_sure(struct sqlite_db *db)
{
    if (!backoff_due(&db->syncing))
        return DB_READONLY;
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code == SQLITE_OK) {
        db->unsynced = false;
        backoff_worked(&db->syncing);
        return DB_OK;
    }
    map_error(db, code);
    backoff_failed(&db->syncing, "", "");
    return DB_READONLY;
}

static enum db_rc sqlite_settle(struct db *db)
{
    enum db_rc rc = make_sure(cast(db));
    /* A command that reads at this moment is no reason not to start. */
    return (sqlite3_errcode(cast(db)->handle) & 0xff) == SQLITE_BUSY ? DB_OK : rc;
}

static enum db_rc sqlite_begin_write(struct db *db)
{
    enum db_rc rc = gone(cast(db), 0);
    if (rc == DB_OK && cast(db)->unsynced)
        rc = make_sure(cast(db));
    return rc != DB_OK ? rc : run_fixed(db, &cast(db)->begin_write, "BEGIN IMMEDIATE");
}

static enum db_rc sqlite_begin_read(struct db *db)
{
    enum db_rc rc = gone(cast(db), GONE_S);
    return rc != DB_OK ? rc : run_fixed(db, &cast(db)->begin_read, "BEGIN");
}

static bool sqlite_in_transaction(struct db *db)
{
    return !sqlite3_get_autocommit(cast(db)->handle);
}

static enum db_rc sqlite_rollback(struct db *db)
{
    if (!sqlite_in_transaction(db))
        return DB_OK;
    return run_fixed(db, &cast(db)->rollback, "ROLLBACK");
}

static enum db_rc sqlite_commit(struct db *db)
{
    enum db_rc rc = db->mode == DB_WRITER ? gone(cast(db), 0) : DB_OK;
    if (rc != DB_OK)
        return rc;
    rc = run_fixed(db, &cast(db)->commit, "COMMIT");
    if (rc == DB_OK || !cast(db)->unsynced)
        return rc;
    /* The transaction may stand in the WAL, where a start after a kill would find it. */
    char message[sizeof db->message], state[sizeof db->state];
    memcpy(message, db->message, sizeof message);
    memcpy(state, db->state, sizeof state);
    sqlite_rollback(db);
    memcpy(db->message, message, sizeof message);
    memcpy(db->state, state, sizeof state);
    return DB_UNKNOWN;
}

static enum db_rc sqlite_savepoint(struct db *db)
{
    return run_fixed(db, &cast(db)->savepoint, "SAVEPOINT r");
}

static enum db_rc sqlite_release(struct db *db)
{
    return run_fixed(db, &cast(db)->release, "RELEASE r");
}

static enum db_rc sqlite_rollback_to(struct db *db)
{
    enum db_rc rc = run_fixed(db, &cast(db)->rollback_to, "ROLLBACK TO r");
    return rc == DB_OK ? sqlite_release(db) : rc;
}

/* ---- open and close ---- */

static void sqlite_close(struct db *base)
{
    struct sqlite_db *db = cast(base);
    struct sqlite_stmt *fixed[] = {db->begin_write, db->begin_read, db->commit,     db->rollback,
                                   db->savepoint,   db->release,    db->rollback_to};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        free_stmt(fixed[i]);
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        free_stmt(db->cache[i]);
    sqlite3_close_v2(db->handle);
    free(db);
}

static const char *settings(enum db_mode mode)
{
    /* mmap: a deep OFFSET is 20 times faster; journal_size_limit keeps the WAL from staying large
     * after a burst; autocheckpoint 4000 pages trades a longer WAL for fewer checkpoint stalls. */
    return mode == DB_WRITER ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                               "PRAGMA foreign_keys=OFF;"
                               "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;"
                               "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
                               "PRAGMA mmap_size=68719476736"
                             : "PRAGMA query_only=ON;"
                               "PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY;"
                               "PRAGMA mmap_size=68719476736";
}

/* Another process has the lock: waits for it in steps that grow to 50 ms. */
static int wait_busy(void *context, int count)
{
    struct sqlite_db *db = context;
    double now = clock_monotonic(), step = count < 50 ? 0.001 * (count + 1) : 0.05;
    if (!count)
        db->busy_since = now;
    if (now - db->busy_since > BUSY_S || stop_over(db->base.stop) ||
        (db->base.deadline > 0 && now > db->base.deadline))
        return 0;
    struct timespec pause = {.tv_nsec = (long)(step * 1e9)};
    nanosleep(&pause, NULL);
    return 1;
}

static int is_late(void *context)
{
    struct db *db = context;
    db->worked++;
    return db_is_late(db);
}

/* Once per process. Without its memory statistics SQLite takes no lock at every allocation; with
 * connections that belong to one thread each it needs no other locks. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 200);
}

static struct db *sqlite_open(const char *url, const char *schema, enum db_mode mode,
                              struct buf *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)schema;
    pthread_once(&once, configure);
    struct sqlite_db *db = xcalloc(1, sizeof *db);
    db->base.driver = &db_sqlite;
    backoff_init(&db->syncing, NULL, 0.2, 5);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (mode == DB_WRITER)
        flags |= SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(url, &db->handle, flags, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_handler(db->handle, wait_busy, db);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db->handle, settings(mode), NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite_functions_register(db->handle);
    if (code == SQLITE_OK)
        code = sqlite_count_register(db->handle);
    if (code == SQLITE_OK) {
        sqlite3_progress_handler(db->handle, STEPS_PER_LOOK, is_late, &db->base);
        return &db->base;
    }
    buf_printf(why, "cannot open %s: %s", url,
               db->handle ? sqlite3_errmsg(db->handle) : "out of memory");
    sqlite_close(&db->base);
    return NULL;
}

static enum db_rc sqlite_reconnect(struct db *db)
{
    (void)db;
    return DB_OK;
}

static enum db_rc sqlite_limit_time(struct db *db, double seconds)
{
    (void)db, (void)seconds; /* the deadline is looked at anyway */
    return DB_OK;
}

static enum db_rc sqlite_attach(struct db *db, const char *place, struct buf *prefix)
{
    prefix->len = 0;
    buf_adds(prefix, "other.");
    struct db_stmt *stmt =
        db_prepare(db, "SELECT 1 FROM pragma_database_list WHERE name = 'other'");
    bool there = db_step(stmt) == DB_ROW;
    db_finish(stmt);
    if (there)
        return DB_OK;
    stmt = db_prepare(db, "ATTACH $1 AS other");
    db_bind_textz(stmt, 1, place);
    return db_run(stmt);
}

/* ---- check ---- */

static int add_problem(void *context, int count, char **values, char **names)
{
    (void)names;
    if (count > 0 && values[0] && strcmp(values[0], "ok") != 0)
        buf_printf(context,
                   "%s; stop the server and take the portal from the last backup (rapport "
                   "restore)\n",
                   values[0]);
    return 0;
}

static enum db_rc sqlite_check(struct db *base, struct buf *problems)
{
    struct sqlite_db *db = cast(base);
    int code = sqlite3_exec(db->handle, "PRAGMA integrity_check(100)", add_problem, problems, NULL);
    return code == SQLITE_OK ? DB_OK : map_error(db, code);
}

const struct db_driver db_sqlite = {
    .name = "sqlite",
    .reads_inline = true,
    .open = sqlite_open,
    .close = sqlite_close,
    .reconnect = sqlite_reconnect,
    .settle = sqlite_settle,
    .limit_time = sqlite_limit_time,
    .prepare = sqlite_prepare,
    .bind_int = sqlite_bind_int,
    .bind_double = sqlite_bind_double,
    .bind_text = sqlite_bind_text,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .is_null = sqlite_is_null,
    .get_int = sqlite_get_int,
    .get_double = sqlite_get_double,
    .get_text = sqlite_get_text,
    .finish = sqlite_finish,
    .exec = sqlite_exec,
    .skip_ids = sqlite_skip_ids,
    .changes = sqlite_changes,
    .begin_write = sqlite_begin_write,
    .begin_read = sqlite_begin_read,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .savepoint = sqlite_savepoint,
    .savepoint_reads = sqlite_savepoint, /* db_patience holds inside of a statement */
    .release = sqlite_release,
    .rollback_to = sqlite_rollback_to,
    .in_transaction = sqlite_in_transaction,
    .attach = sqlite_attach,
    .sql_tables = sqlite_tables,
    .sql_has_table = "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = $1",
    .sql_columns = "SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_table_info($1) "
                   "ORDER BY cid)",
    .copy_out = sqlite_copy_out,
    .copy_in = sqlite_copy_in,
    .sql_last_id = sqlite_sql_last_id,
    .sql_set_last_id = sqlite_sql_set_last_id,
    .sql_lock = sqlite_sql_lock,
    .sql_next_id = sqlite_sql_next_id,
    .sql_count_ids = sqlite_sql_count_ids,
    .sql_fold = sqlite_sql_fold,
    .sql_caseless = sqlite_sql_caseless,
    .sql_datetime = sqlite_sql_datetime,
    .sql_number = sqlite_sql_number,
    .sql_search = sqlite_sql_search,
    .search_text = sqlite_search_text,
    .search_both = sqlite_search_both,
    .lock_rows = "", /* the write transaction has the whole file */
    .sql_ddl = sqlite_sql_ddl,
    .check = sqlite_check,
};
