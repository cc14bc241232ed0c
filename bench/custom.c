/* custom - fills a portal with deals that have custom fields.
 *
 * Twenty fields as integrations have them: a key that is looked up and a number and a date that are filtered and sorted
 * by have an index, the others none; one has several values. The columns are made by the product itself, the
 * rows by SQL, in parts. With --bare the deals have no custom fields.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/args.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/catalog.h"
#include "model/side.h"
#include "portal/portal.h"

#define FIELDS 20
#define PART 50000 /* rows to a transaction */

static void die(struct db *db, const char *what)
{
    fprintf(stderr, "bench_custom: %s: %s\n", what, db ? db_message(db) : "");
    exit(1);
}

static void exec(struct db *db, const char *sql)
{
    if (db_exec(db, sql) != DB_OK)
        die(db, sql);
}

/* 1 the key, 2 and 4 numbers, 3 a date, 5 of several values, the others texts. */
static const char *type_of(int field)
{
    return field == 2 || field == 4 ? "integer" : field == 3 ? "date" : "string";
}

static void make_field(struct portal *portal, struct db *db, struct arena *arena, int field)
{
    struct request req = {.arena = arena, .db = db, .portal = portal, .now = portal_now(portal)};
    struct buf sql = {0};
    if (db_begin_write(db) != DB_OK || catalog_pin_change(&req) != API_OK)
        die(db, "begin");
    buf_printf(&sql,
               "INSERT INTO user_field (entity_id, field_name, user_type_id, sort, multiple, "
               "mandatory, show_filter, show_in_list, edit_in_list, is_searchable, settings, "
               "labels, created) VALUES ('CRM_DEAL', 'UF_CRM_%d', '%s', %d, '%s', 'N', '%s', 'Y', "
               "'Y', 'N', '{}', '{}', 1)",
               field, type_of(field), field * 100, field == 5 ? "Y" : "N", field < 4 ? "E" : "N");
    exec(db, buf_text(&sql));
    buf_clear(&sql);
    struct db_stmt *stmt = db_prepare(db, "SELECT max(id) FROM user_field");
    int64_t id = db_step(stmt) == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (side_field_added(&req, id) != API_OK || db_commit(db) != DB_OK)
        die(db, "a field");
    catalog_kept(portal, db);
}

/* A SELECT of the rows from `from` on: `r.i` is their number. */
static void add_rows(struct buf *sql, int64_t from, int64_t count, const char *columns)
{
    buf_printf(sql,
               "SELECT %s FROM (WITH RECURSIVE n(i) AS (SELECT CAST(%lld AS BIGINT) UNION ALL "
               "SELECT i + 1 FROM n "
               "WHERE i < %lld) SELECT i FROM n) AS r;",
               columns, (long long)from, (long long)(from + count - 1));
}

static void add_deals(struct db *db, int64_t from, int64_t count)
{
    struct buf sql = {0};
    buf_adds(&sql, "INSERT INTO deal (id, title, category_id, stage_id, stage_semantic_id, is_new, "
                   "is_recurring, is_return_customer, is_repeated_approach, currency_id, "
                   "opportunity, is_manual_opportunity, opened, closed, assigned_by_id, "
                   "created_by_id, modify_by_id, date_create, date_modify, originator_id, "
                   "origin_id, origin_id_key) ");
    add_rows(&sql, from, count,
             "r.i, 'Deal ' || r.i, 0, 'NEW', 'P', 'N', 'N', 'N', 'N', 'USD', r.i * 10, 'N', 'Y', "
             "'N', 1, 1, 1, 1700000000 + r.i, 1700000000 + r.i, 'bench', 'key-' || r.i, 'key-' || "
             "r.i");
    exec(db, buf_text(&sql));
    buf_clear(&sql);
}

static void add_values(struct db *db, int64_t from, int64_t count)
{
    struct buf sql = {0}, columns = {0};
    buf_adds(&sql, "INSERT INTO deal_uf (id");
    buf_adds(&columns, "r.i");
    for (int field = 1; field <= FIELDS; field++) {
        buf_printf(&sql, ", f%d", field);
        if (field == 1)
            buf_adds(&columns, ", 'order-' || r.i");
        else if (field == 5)
            buf_adds(&columns, ", '[\"a' || (r.i % 100) || '\",\"b' || (r.i % 7) || '\"]'");
        else if (!strcmp(type_of(field), "string"))
            buf_printf(&columns, ", 'value ' || ((r.i * %d) %% 1000)", field);
        else
            buf_printf(&columns, ", (r.i * %d) %% 100000", field * 7919);
        if (field == 5 || strcmp(type_of(field), "string") != 0)
            continue;
        buf_printf(&sql, ", f%d_key", field);
        if (field == 1)
            buf_adds(&columns, ", 'order-' || r.i");
        else
            buf_printf(&columns, ", 'value ' || ((r.i * %d) %% 1000)", field);
    }
    buf_adds(&sql, ") ");
    add_rows(&sql, from, count, buf_text(&columns));
    for (int place = 0; place < 2; place++) {
        buf_adds(&sql, "INSERT INTO uf_list (field_id, row_id, place, text, text_key) ");
        add_rows(&sql, from, count,
                 place ? "5, r.i, 1, 'b' || (r.i % 7), 'b' || (r.i % 7)"
                       : "5, r.i, 0, 'a' || (r.i % 100), 'a' || (r.i % 100)");
    }
    exec(db, buf_text(&sql));
    buf_clear(&sql);
    buf_clear(&columns);
}

static void fill(struct portal *portal, struct db *db, int64_t rows, bool bare)
{
    struct arena arena;
    struct db_stmt *stmt = db_prepare(db, "SELECT coalesce(max(id), 0) FROM deal");
    int64_t first = (db_step(stmt) == DB_ROW ? db_int(stmt, 0) : 0) + 1;
    db_finish(stmt);
    arena_init(&arena);
    for (int field = 1; field <= FIELDS && !bare; field++)
        make_field(portal, db, &arena, field);
    arena_clear(&arena);
    for (int64_t at = first; at <= rows; at += PART) {
        int64_t count = rows - at + 1 < PART ? rows - at + 1 : PART;
        if (db_begin_write(db) != DB_OK)
            die(db, "begin");
        add_deals(db, at, count);
        if (!bare)
            add_values(db, at, count);
        if (db_commit(db) != DB_OK)
            die(db, "commit");
    }
    if (db_skip_ids(db, "deal", rows) != DB_OK)
        die(db, "ids");
    exec(db, "ANALYZE");
}

int main(int argc, char **argv)
{
    struct portal_options place = {.create = true};
    const char *rows = "1000000";
    bool bare = false, help;
    int rest;
    struct buf why = {0};
    const struct arg args[] = {
        {"--data", "DIR", "the data directory", &place.data_dir, NULL},
        {"--store", "URL", "postgresql://... instead of SQLite", &place.store, NULL},
        {"--rows", "N", "deals that there shall be", &rows, NULL},
        {"--bare", NULL, "without custom fields", NULL, &bare},
        {NULL, NULL, NULL, NULL, NULL},
    };
    if (!args_parse(argc - 1, argv + 1, args, "Usage: bench_custom --data DIR [--rows N]", &help,
                    NULL, 0, &rest))
        return 2;
    if (help)
        return 0;
    log_set_level(LOG_WARN);
    struct portal *portal = place.data_dir ? portal_open(&place, &why) : NULL;
    struct db *db = portal ? portal_connect(portal, DB_WRITER, &why) : NULL;
    if (!db)
        die(NULL, place.data_dir ? buf_text(&why) : "--data is needed");
    fill(portal, db, strtoll(rows, NULL, 10), bare);
    db_close(db);
    portal_close(portal);
    buf_clear(&why);
    return 0;
}
