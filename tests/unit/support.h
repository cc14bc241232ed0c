/* support - what several unit tests need: a folder, a store, a portal, JSON as text.
 *
 * Used by: tests/unit/test_*.c. Everything is inline, so that no program needs a second file.
 * Memory:  what a function returns is freed by the function beside it, or lives in the arena given.
 * Errors:  cmocka's: the test ends.
 */
#ifndef RAPPORT_TESTS_SUPPORT_H
#define RAPPORT_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/log.h"
#include "base/writer.h"
#include "db/db.h"
#include "model/method.h"
#include "people/auth.h"
#include "portal/portal.h"

/* ---- folders ---- */

struct folder {
    char path[64];
};

static inline struct folder folder_make(void)
{
    struct folder folder = {"/tmp/rapport-unit-XXXXXX"};
    assert_non_null(mkdtemp(folder.path));
    return folder;
}

static inline void folder_remove(const struct folder *folder)
{
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", folder->path, folder->path);
    assert_int_equal(system(command), 0);
}

/* The path of a name in the folder; valid until the next call. */
static inline const char *folder_file(const struct folder *folder, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return path;
}

/* ---- stores ---- */

static inline struct db *store_open(const char *path, enum db_mode mode)
{
    struct buf why = {0};
    struct db *db = db_open(path, NULL, mode, &why);
    if (!db)
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
    return db;
}

static inline void store_must(struct db *db, enum db_rc rc)
{
    if (rc != DB_OK)
        fail_msg("rc %d, state %s: %s", (int)rc, db_state(db), db_message(db));
}

static inline void store_exec(struct db *db, const char *sql)
{
    store_must(db, db_exec(db, sql));
}

/* The first column of the first row. */
static inline int64_t store_number(struct db *db, const char *sql)
{
    struct db_stmt *stmt = db_prepare(db, sql);
    enum db_rc rc = db_step(stmt);
    int64_t number = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (rc != DB_ROW)
        fail_msg("%s: rc %d, %s", sql, (int)rc, db_message(db));
    return number;
}

/* Lines as a migration has them. */
static inline void store_ddl(struct db *db, const char *const *lines)
{
    struct buf sql = {0};
    for (; *lines; lines++)
        db_sql_ddl(db, &sql, *lines);
    store_exec(db, buf_text(&sql));
    buf_clear(&sql);
}

/* ---- portals ---- */

static inline struct portal *portal_make(const struct folder *folder)
{
    struct buf why = {0};
    struct portal_options options = {
        .data_dir = folder->path, .time_zone = "+03:00", .create = true};
    struct portal *portal = portal_open(&options, &why);
    if (!portal)
        fail_msg("%s", buf_text(&why));
    auth_open(portal);
    buf_clear(&why);
    return portal;
}

static inline struct db *portal_store(const struct portal *portal, enum db_mode mode)
{
    struct buf why = {0};
    struct db *db = portal_connect(portal, mode, &why);
    if (!db)
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
    return db;
}

/* Before the first portal of a program. */
static inline void portal_prepare(void)
{
    log_set_level(LOG_OFF);
    secret_init();
    method_registry_init();
}

/* ---- values as text ---- */

static inline struct value *json_value(struct arena *arena, const char *json)
{
    const char *why = NULL;
    struct value *value = json_parse(arena, json, strlen(json), &why);
    if (!value)
        fail_msg("%s: %s", json, why ? why : "");
    return value;
}

static inline const char *json_text(struct arena *arena, const struct value *value)
{
    struct buf out = {0};
    struct writer w;
    writer_init(&w, &out);
    writer_value(&w, value);
    const char *text = arena_strdup(arena, buf_text(&out));
    buf_clear(&out);
    return text;
}

#endif
