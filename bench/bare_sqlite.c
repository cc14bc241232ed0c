/* The bare loop on SQLite: sqlite3_* and nothing else. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "base/check.h"
#include "base/utf8.h"

/* As src/db/sqlite.c has them, for its writer and its readers. */
static const char writer_settings[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;"
    "PRAGMA foreign_keys=OFF; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=68719476736";
static const char reader_settings[] =
    "PRAGMA busy_timeout=10000; PRAGMA query_only=ON; PRAGMA cache_size=-4000;"
    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=68719476736";

struct bare {
    sqlite3 *handle;
    sqlite3_stmt *begin, *commit, *select, *update, *list;
    int64_t seen; /* so that no fetched column is for nothing */
};

static void check(struct bare *bare, int code, int wanted, const char *what)
{
    if (code != wanted)
        bare_fail(what, sqlite3_errmsg(bare->handle));
}

/* The search index of the schema calls it on every change of a text. */
static void fold(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct buf folded = {0};
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    utf8_fold(&folded, (const char *)sqlite3_value_text(values[0]),
              (size_t)sqlite3_value_bytes(values[0]));
    sqlite3_result_text(context, buf_text(&folded), (int)folded.len, SQLITE_TRANSIENT);
    buf_clear(&folded);
}

static sqlite3_stmt *prepare(struct bare *bare, const char *sql)
{
    sqlite3_stmt *stmt;
    check(bare, sqlite3_prepare_v3(bare->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL),
          SQLITE_OK, sql);
    return stmt;
}

static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 200);
}

static struct bare *open_store(const char *store, bool writer, const char *select,
                               const char *update, const char *list)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct bare *bare = xcalloc(1, sizeof *bare);
    pthread_once(&once, configure);
    check(bare,
          sqlite3_open_v2(store, &bare->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
          SQLITE_OK, store);
    check(bare,
          sqlite3_exec(bare->handle, writer ? writer_settings : reader_settings, NULL, NULL, NULL),
          SQLITE_OK, "settings");
    check(bare,
          sqlite3_create_function(bare->handle, "fold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                  fold, NULL, NULL),
          SQLITE_OK, "fold");
    bare->begin = prepare(bare, "BEGIN IMMEDIATE");
    bare->commit = prepare(bare, "COMMIT");
    bare->select = prepare(bare, select);
    bare->update = prepare(bare, update);
    bare->list = prepare(bare, list);
    return bare;
}

static void run(struct bare *bare, sqlite3_stmt *stmt, const char *what)
{
    check(bare, sqlite3_step(stmt), SQLITE_DONE, what);
    sqlite3_reset(stmt);
}

static void begin(struct bare *bare)
{
    run(bare, bare->begin, "begin");
}

static void commit(struct bare *bare)
{
    run(bare, bare->commit, "commit");
}

static void fetch(struct bare *bare, sqlite3_stmt *stmt)
{
    int count = sqlite3_column_count(stmt);
    for (int i = 0; i < count; i++) {
        switch (sqlite3_column_type(stmt, i)) {
        case SQLITE_INTEGER:
            bare->seen += sqlite3_column_int64(stmt, i);
            break;
        case SQLITE_FLOAT:
            bare->seen += sqlite3_column_double(stmt, i) > 0;
            break;
        case SQLITE_TEXT:
            bare->seen += sqlite3_column_text(stmt, i)[0] + sqlite3_column_bytes(stmt, i);
            break;
        default:
            break;
        }
    }
}

static void update(struct bare *bare, int64_t id, const char *text, size_t len, int64_t now,
                   int64_t editor)
{
    sqlite3_bind_int64(bare->select, 1, id);
    check(bare, sqlite3_step(bare->select), SQLITE_ROW, "select");
    fetch(bare, bare->select);
    sqlite3_reset(bare->select);
    sqlite3_bind_text64(bare->update, 1, text, len, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_int64(bare->update, 2, now);
    sqlite3_bind_int64(bare->update, 3, editor);
    sqlite3_bind_int64(bare->update, 4, id);
    run(bare, bare->update, "update");
}

static int list(struct bare *bare, struct owner_ref owner)
{
    int rows = 0, code;
    sqlite3_bind_int64(bare->list, 1, owner.type);
    sqlite3_bind_int64(bare->list, 2, owner.id);
    for (; (code = sqlite3_step(bare->list)) == SQLITE_ROW; rows++)
        fetch(bare, bare->list);
    check(bare, code, SQLITE_DONE, "list");
    sqlite3_reset(bare->list);
    return rows;
}

static void close_store(struct bare *bare)
{
    sqlite3_stmt *all[] = {bare->begin, bare->commit, bare->select, bare->update, bare->list};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        sqlite3_finalize(all[i]);
    sqlite3_close(bare->handle);
    free(bare);
}

const struct bare_driver bare_sqlite = {open_store, begin, commit, update, list, close_store};
