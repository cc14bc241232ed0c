/* postgres_stmt - statements of the PostgreSQL driver.
 *
 * What:    a cache of PG_STATEMENTS statements by their text. A statement gets its name on the
 *          server at its first step, within the same round trip; the least recently used one makes
 *          room and is deallocated along with a later round trip. The same text in use twice at a
 *          time gives a second statement that is parsed anew and forgotten after db_finish.
 * Memory:  parameters are copied when bound: the protocol wants a NUL behind each. All rows of an
 *          answer are in memory until db_finish.
 */
#include "db/pg.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/format.h"
#include "base/value.h"

#define KEEP_BYTES 65536 /* room for parameters that a cached statement keeps */
#define OID_BOOL 16

struct pg_stmt {
    struct db_stmt base;
    char *sql;
    uint32_t hash;
    struct pg_stmt *chain;         /* next in the bucket */
    struct pg_stmt *newer, *older; /* by last use */
    bool cached, busy;
    unsigned name;       /* on the server; 0: none yet, or not cached */
    unsigned epoch;      /* the connection it was prepared for */
    const char *problem; /* what is wrong with a parameter */
    struct buf params;   /* the values, each with a NUL behind it */
    size_t *offsets;     /* into params, plus 1; 0 is null */
    const char **values; /* for libpq, made at the step */
    int count;
    PGresult *result;
    int row, rows;
};

static struct pg *cast(struct db *db)
{
    return (struct pg *)(void *)db;
}

static struct pg_stmt *cast_stmt(struct db_stmt *stmt)
{
    return (struct pg_stmt *)(void *)stmt;
}

/* ---- the cache ---- */

static uint32_t hash_text(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash ^ hash >> 16;
}

/* The highest $n outside of quotes. */
static int count_params(const char *sql)
{
    long most = 0;
    char quote = '\0';
    for (; *sql; sql++) {
        if (quote)
            quote = *sql == quote ? '\0' : quote;
        else if (*sql == '\'' || *sql == '"')
            quote = *sql;
        else if (*sql == '$' && sql[1] >= '1' && sql[1] <= '9') {
            long at = strtol(sql + 1, NULL, 10);
            most = at > most ? at : most;
        }
    }
    CHECK(most <= PG_PARAMS_MAX);
    return (int)most;
}

static struct pg_stmt *stmt_new(struct pg *pg, const char *sql, uint32_t hash)
{
    struct pg_stmt *stmt = xcalloc(1, sizeof *stmt);
    stmt->base.db = &pg->base;
    stmt->sql = xstrdup(sql);
    stmt->hash = hash;
    stmt->count = count_params(sql);
    stmt->offsets = xcalloc((size_t)stmt->count + 1, sizeof *stmt->offsets);
    stmt->values = xcalloc((size_t)stmt->count + 1, sizeof *stmt->values);
    buf_init(&stmt->params);
    return stmt;
}

static void stmt_free(struct pg_stmt *stmt)
{
    PQclear(stmt->result);
    buf_clear(&stmt->params);
    free(stmt->values);
    free(stmt->offsets);
    free(stmt->sql);
    free(stmt);
}

static void unlink_use(struct pg_cache *cache, struct pg_stmt *stmt)
{
    *(stmt->newer ? &stmt->newer->older : &cache->newest) = stmt->older;
    *(stmt->older ? &stmt->older->newer : &cache->oldest) = stmt->newer;
    stmt->newer = stmt->older = NULL;
}

static void link_newest(struct pg_cache *cache, struct pg_stmt *stmt)
{
    stmt->older = cache->newest;
    *(stmt->older ? &stmt->older->newer : &cache->oldest) = stmt;
    cache->newest = stmt;
}

/* The name goes away with the next round trip. */
static void doom(struct pg_cache *cache, struct pg_stmt *stmt)
{
    if (!stmt->name)
        return;
    if (cache->doomed_count == cache->doomed_cap) {
        cache->doomed_cap = cache->doomed_cap ? cache->doomed_cap * 2 : 16;
        cache->doomed = xrealloc(cache->doomed, cache->doomed_cap * sizeof *cache->doomed);
    }
    cache->doomed[cache->doomed_count++] = stmt->name;
    stmt->name = 0;
}

static void drop(struct pg_cache *cache, struct pg_stmt *stmt)
{
    struct pg_stmt **at = &cache->buckets[stmt->hash % PG_BUCKETS];
    while (*at != stmt)
        at = &(*at)->chain;
    *at = stmt->chain;
    unlink_use(cache, stmt);
    cache->count--;
    doom(cache, stmt);
    stmt_free(stmt);
}

/* False when every statement is in use. */
static bool make_room(struct pg_cache *cache)
{
    if (cache->count < PG_STATEMENTS)
        return true;
    struct pg_stmt *oldest = cache->oldest;
    while (oldest && oldest->busy)
        oldest = oldest->newer;
    if (oldest)
        drop(cache, oldest);
    return oldest != NULL;
}

static struct pg_stmt *find(struct pg_cache *cache, const char *sql, uint32_t hash)
{
    struct pg_stmt *stmt = cache->buckets[hash % PG_BUCKETS];
    while (stmt && (stmt->hash != hash || strcmp(stmt->sql, sql) != 0))
        stmt = stmt->chain;
    return stmt;
}

struct db_stmt *pg_prepare(struct db *db, const char *sql)
{
    struct pg *pg = cast(db);
    struct pg_cache *cache = &pg->cache;
    uint32_t hash = hash_text(sql);
    struct pg_stmt *stmt = find(cache, sql, hash);
    if (stmt && !stmt->busy) {
        unlink_use(cache, stmt);
        link_newest(cache, stmt);
    } else {
        bool twin = stmt != NULL;
        stmt = stmt_new(pg, sql, hash);
        stmt->cached = !twin && make_room(cache);
        if (stmt->cached) {
            stmt->chain = cache->buckets[hash % PG_BUCKETS];
            cache->buckets[hash % PG_BUCKETS] = stmt;
            link_newest(cache, stmt);
            cache->count++;
        }
    }
    stmt->busy = true;
    stmt->epoch = pg->epoch;
    return &stmt->base;
}

void pg_finish(struct db_stmt *base)
{
    struct pg_stmt *stmt = cast_stmt(base);
    if (!stmt->cached) {
        stmt_free(stmt);
        return;
    }
    PQclear(stmt->result);
    stmt->result = NULL;
    stmt->problem = NULL;
    stmt->busy = false;
    if (stmt->params.cap > KEEP_BYTES)
        buf_clear(&stmt->params);
    stmt->params.len = 0;
    memset(stmt->offsets, 0, ((size_t)stmt->count + 1) * sizeof *stmt->offsets);
}

void pg_cache_forget(struct pg *pg)
{
    for (struct pg_stmt *stmt = pg->cache.newest; stmt; stmt = stmt->older)
        stmt->name = 0;
    pg->cache.doomed_count = 0;
}

void pg_cache_clear(struct pg *pg)
{
    for (struct pg_stmt *stmt = pg->cache.newest, *older; stmt; stmt = older) {
        older = stmt->older;
        stmt_free(stmt);
    }
    free(pg->cache.doomed);
}

/* ---- parameters ---- */

static void bind(struct pg_stmt *stmt, int at, const char *text, size_t len)
{
    CHECK(at >= 1 && at <= stmt->count);
    stmt->offsets[at] = stmt->params.len + 1;
    buf_add(&stmt->params, text, len);
    buf_addc(&stmt->params, '\0');
}

void pg_bind_int(struct db_stmt *stmt, int at, int64_t integer)
{
    char text[24];
    size_t len = format_text(text, sizeof text, "%lld", (long long)integer);
    bind(cast_stmt(stmt), at, text, len);
}

void pg_bind_double(struct db_stmt *stmt, int at, double real)
{
    char text[32];
    if (isfinite(real))
        bind(cast_stmt(stmt), at, text, double_to_text(real, text, sizeof text));
    else
        pg_bind_null(stmt,
                     at); /* as SQLite keeps NaN; nothing finite is meant by infinity either */
}

void pg_bind_text(struct db_stmt *base, int at, const char *text, size_t len)
{
    struct pg_stmt *stmt = cast_stmt(base);
    if (len && memchr(text, '\0', len))
        stmt->problem = "a text parameter holds a NUL byte";
    else
        bind(stmt, at, text, len);
}

void pg_bind_null(struct db_stmt *base, int at)
{
    struct pg_stmt *stmt = cast_stmt(base);
    CHECK(at >= 1 && at <= stmt->count);
    stmt->offsets[at] = 0;
}

/* ---- running ---- */

/* One round trip. True: the statement has gone stale and nothing was done. */
static bool run_once(struct pg *pg, struct pg_stmt *stmt, bool alone, enum db_rc *rc)
{
    struct pg_call call = {.sql = stmt->sql, .count = stmt->count, .values = stmt->values};
    struct pg_answer answer;
    if (stmt->cached) {
        call.parse = !stmt->name;
        call.name = stmt->name ? stmt->name : ++pg->cache.last_name;
    }
    *rc = pg_exchange(pg, &call, &answer);
    if (call.parse && answer.parsed)
        stmt->name = call.name;
    *rc = pg_outcome(pg, *rc, stmt->sql, alone, answer.result != NULL);
    if (*rc == DB_OK)
        stmt->result = answer.result;
    else
        PQclear(answer.result);
    return answer.stale;
}

static enum db_rc run(struct pg *pg, struct pg_stmt *stmt)
{
    bool alone = !pg_in_transaction(&pg->base);
    enum db_rc rc;
    for (int i = 1; i <= stmt->count; i++)
        stmt->values[i - 1] = stmt->offsets[i] ? stmt->params.data + stmt->offsets[i] - 1 : NULL;
    if (run_once(pg, stmt, alone, &rc)) {
        if (strcmp(pg->base.state, "26000") == 0)
            pg_cache_forget(pg); /* a pooler or a DISCARD took them all away */
        else
            doom(&pg->cache, stmt);
        /* Inside of a transaction the error has ended it: the caller runs it again. */
        if (alone)
            run_once(pg, stmt, alone, &rc);
        else
            rc = DB_RETRY;
    }
    if (rc != DB_OK)
        return rc;
    pg_note_changes(pg, stmt->result);
    stmt->rows = PQntuples(stmt->result);
    stmt->row = -1;
    return DB_OK;
}

enum db_rc pg_step(struct db_stmt *base)
{
    struct pg_stmt *stmt = cast_stmt(base);
    struct pg *pg = cast(base->db);
    if (stmt->problem)
        return pg_fail(pg, DB_ERROR, "22021", stmt->problem);
    if (stmt->epoch != pg->epoch)
        return pg_fail(pg, DB_LOST, "08003", "the statement belongs to a connection that is lost");
    if (!stmt->result) {
        base->db->worked =
            INT_MAX; /* whoever waits for a server is not held up by his own system */
        enum db_rc rc = db_look(base->db); /* each is a round trip */
        if (rc == DB_OK)
            rc = run(pg, stmt);
        if (rc != DB_OK)
            return rc;
    }
    if (stmt->row < stmt->rows)
        stmt->row++;
    return stmt->row < stmt->rows ? DB_ROW : DB_NONE;
}

/* ---- columns ---- */

/* NULL for null, and where there is no such row or column. */
static const char *cell(const struct pg_stmt *stmt, int column)
{
    if (!stmt->result || stmt->row < 0 || stmt->row >= stmt->rows || column < 0 ||
        column >= PQnfields(stmt->result) || PQgetisnull(stmt->result, stmt->row, column))
        return NULL;
    return PQgetvalue(stmt->result, stmt->row, column);
}

bool pg_is_null(struct db_stmt *stmt, int column)
{
    return !cell(cast_stmt(stmt), column);
}

int64_t pg_get_int(struct db_stmt *base, int column)
{
    struct pg_stmt *stmt = cast_stmt(base);
    const char *text = cell(stmt, column);
    if (!text)
        return 0;
    if (PQftype(stmt->result, column) == OID_BOOL) /* of an expression, as EXISTS (...) */
        return *text == 't';
    return strtoll(text, NULL, 10);
}

double pg_get_double(struct db_stmt *stmt, int column)
{
    const char *text = cell(cast_stmt(stmt), column);
    return text ? strtod(text, NULL) : 0;
}

const char *pg_get_text(struct db_stmt *base, int column, size_t *len)
{
    struct pg_stmt *stmt = cast_stmt(base);
    const char *text = cell(stmt, column);
    if (len)
        *len = text ? (size_t)PQgetlength(stmt->result, stmt->row, column) : 0;
    return text ? text : "";
}
