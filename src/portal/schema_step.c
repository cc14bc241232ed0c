/* schema_step - what a migration does that SQL cannot: the steps that src/portal/schema names by "@step". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/datetime.h"
#include "base/fold.h"
#include "base/phone.h"
#include "portal/migrate.h"

#define DAY 86400

/* Which day was meant. A date was stored as the instant that had been midnight if the offset of midnight UTC held
 * then, or as local midnight; both show the day, but for the first where the offset changed in between. */
static int64_t meant(const struct zone *zone, int64_t instant)
{
    int64_t shown = day_of(zone, instant);
    static const int nearby[] = {0, 1, -1};
    for (size_t i = 0; i < sizeof nearby / sizeof nearby[0]; i++) {
        int64_t day = shown + nearby[i];
        if (day * DAY - zone_offset(zone, day * DAY) == instant)
            return day;
    }
    return shown;
}

static struct zone *portal_zone(struct db *db, struct buf *why)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT value FROM setting WHERE name = 'time_zone'");
    char name[128] = "UTC"; /* a new portal: it has no dates yet, nor a zone */
    if (db_step(stmt) == DB_ROW)
        strncpy(name, db_text(stmt, 0, NULL), sizeof name - 1);
    db_finish(stmt);
    struct zone *zone = zone_load(name);
    if (!zone)
        buf_printf(why, "the portal's time zone %s is not known here; install tzdata", name);
    return zone;
}

static enum db_rc store_day(struct db *db, int64_t instant, int64_t day)
{
    struct db_stmt *stmt = db_prepare(db, "UPDATE day_of_instant SET day = $1 WHERE instant = $2");
    db_bind_int(stmt, 1, day);
    db_bind_int(stmt, 2, instant);
    return db_run(stmt);
}

static enum db_rc days_of_instants(struct db *db, const char *words, struct buf *why)
{
    (void)words;
    struct zone *zone = portal_zone(db, why);
    int64_t *instants = NULL;
    size_t count = 0, cap = 0;
    if (!zone)
        return DB_ERROR;
    struct db_stmt *stmt = db_prepare(db, "SELECT instant FROM day_of_instant");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (count == cap) {
            cap = cap ? cap * 2 : 256;
            instants = xrealloc(instants, cap * sizeof *instants);
        }
        instants[count++] = db_int(stmt, 0);
    }
    db_finish(stmt);
    rc = rc == DB_NONE ? DB_OK : rc;
    for (size_t i = 0; i < count && rc == DB_OK; i++)
        rc = store_day(db, instants[i], meant(zone, instants[i]));
    free(instants);
    zone_free(zone);
    return rc;
}

/* ---- folded keys ---- */

#define KEY_ROWS 500 /* rows to a statement */

/* What makes the key of a row's text; `kind`: of what kind it is, where a table has several. */
typedef const char *make_key(struct arena *arena, const char *kind, const char *text, size_t len,
                             size_t *key_len);

struct keys {
    struct db *db;
    const char *table, *column, *kind; /* kind: a column, or a constant */
    make_key *make;
    int64_t done, of; /* rows */
    double told;
};

struct keyed {
    int64_t id;
    const char *key;
    size_t len;
};

/* The next rows by their ids. */
static enum db_rc read_keys(struct keys *keys, struct arena *arena, int64_t after,
                            struct keyed *rows, size_t *count)
{
    struct buf sql = {0};
    buf_printf(&sql,
               "SELECT id, %s, %s FROM %s WHERE id > $1 AND %s IS NOT NULL ORDER BY id LIMIT %d",
               keys->kind, keys->column, keys->table, keys->column, KEY_ROWS);
    struct db_stmt *stmt = db_prepare(keys->db, buf_text(&sql));
    enum db_rc rc;
    buf_clear(&sql);
    db_bind_int(stmt, 1, after);
    *count = 0;
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct keyed *row = &rows[(*count)++];
        size_t len;
        const char *text = db_text(stmt, 2, &len);
        row->id = db_int(stmt, 0);
        row->key = keys->make(arena, db_text(stmt, 1, NULL), text, len, &row->len);
    }
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

static enum db_rc write_keys(struct keys *keys, const struct keyed *rows, size_t count)
{
    struct buf sql = {0};
    buf_adds(&sql, "WITH made (id, text) AS (VALUES ");
    for (size_t i = 0; i < count; i++)
        buf_printf(&sql, "%s(CAST($%zu AS BIGINT), CAST($%zu AS TEXT))", i ? ", " : "", 2 * i + 1,
                   2 * i + 2);
    buf_printf(&sql, ") UPDATE %s SET %s_key = made.text FROM made WHERE %s.id = made.id",
               keys->table, keys->column, keys->table);
    struct db_stmt *stmt = db_prepare(keys->db, buf_text(&sql));
    buf_clear(&sql);
    for (size_t i = 0; i < count; i++) {
        db_bind_int(stmt, (int)(2 * i + 1), rows[i].id);
        db_bind_text(stmt, (int)(2 * i + 2), rows[i].key, rows[i].len);
    }
    return db_run(stmt);
}

static enum db_rc count_keys(struct keys *keys)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT count(*) FROM %s WHERE %s IS NOT NULL", keys->table, keys->column);
    struct db_stmt *stmt = db_prepare(keys->db, buf_text(&sql));
    buf_clear(&sql);
    enum db_rc rc = db_step(stmt);
    keys->of = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

static enum db_rc fill_keys(struct keys *keys)
{
    struct keyed rows[KEY_ROWS];
    struct arena arena;
    int64_t after = 0;
    size_t count = KEY_ROWS;
    enum db_rc rc = count_keys(keys);
    arena_init(&arena);
    while (rc == DB_OK && count == KEY_ROWS) {
        rc = read_keys(keys, &arena, after, rows, &count);
        if (rc == DB_OK && count) {
            after = rows[count - 1].id;
            rc = write_keys(keys, rows, count);
        }
        keys->done += (int64_t)count;
        migrate_tell(&keys->told, keys->table, keys->done, keys->of);
        arena_reset(&arena);
    }
    arena_clear(&arena);
    return rc;
}

static const char *text_key(struct arena *arena, const char *kind, const char *text, size_t len,
                            size_t *key_len)
{
    (void)kind;
    return fold_key(arena, text, len, key_len);
}

/* "TABLE COLUMN": fills COLUMN_key. */
static enum db_rc fold_keys(struct db *db, const char *words, struct buf *why)
{
    char table[64] = "", column[64] = "";
    struct keys keys = {.db = db, .table = table, .column = column, .kind = "''", .make = text_key};
    (void)why;
    CHECK(sscanf(words, "%63[a-z_] %63[a-z_]", table, column) == 2);
    return fill_keys(&keys);
}

static const char *multifield_key(struct arena *arena, const char *kind, const char *text,
                                  size_t len, size_t *key_len)
{
    return strcmp(kind, "PHONE") != 0 ? fold_key(arena, text, len, key_len)
                                      : phone_key(arena, text, len, key_len);
}

static enum db_rc multifield_keys(struct db *db, const char *words, struct buf *why)
{
    struct keys keys = {.db = db,
                        .table = "multifield",
                        .column = "value",
                        .kind = "type_id",
                        .make = multifield_key};
    (void)words, (void)why;
    return fill_keys(&keys);
}

const struct migration_step schema_steps[] = {{"days_of_instants", days_of_instants},
                                              {"fold_keys", fold_keys},
                                              {"multifield_keys", multifield_keys},
                                              {NULL, NULL}};
