/* postgres_support - what the two programs of tests of the PostgreSQL driver share.
 *
 * Takes the url of an empty database from RAPPORT_TEST_POSTGRES (tests/postgres.sh start DIR) and
 * works in the schema test_driver, which it makes anew. The role must own the database.
 */
#ifndef RAPPORT_TESTS_POSTGRES_SUPPORT_H
#define RAPPORT_TESTS_POSTGRES_SUPPORT_H

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/utf8.h"
#include "db/db.h"

#define SCHEMA "test_driver"

static const char *url;
static struct db *db; /* a writer, clean for every test */

/* ---- helpers ---- */

static __attribute__((unused)) struct db *connect_as(enum db_mode mode)
{
    struct buf why;
    buf_init(&why);
    struct db *made = db_open(url, SCHEMA, mode, &why);
    if (!made)
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
    return made;
}

static __attribute__((unused)) void must(struct db *on, enum db_rc rc)
{
    if (rc != DB_OK)
        fail_msg("rc %d, state %s: %s", (int)rc, db_state(on), db_message(on));
}

static __attribute__((unused)) enum db_rc run_on(struct db *on, const char *sql)
{
    return db_run(db_prepare(on, sql));
}

static __attribute__((unused)) int64_t number_on(struct db *on, const char *sql)
{
    struct db_stmt *stmt = db_prepare(on, sql);
    enum db_rc rc = db_step(stmt);
    int64_t number = db_int(stmt, 0);
    db_finish(stmt);
    if (rc != DB_ROW)
        fail_msg("%s: rc %d, %s", sql, (int)rc, db_message(on));
    return number;
}

static __attribute__((unused)) int64_t number(const char *sql)
{
    return number_on(db, sql);
}

static __attribute__((unused)) void ddl(const char *line)
{
    struct buf sql;
    buf_init(&sql);
    db_sql_ddl(db, &sql, line);
    must(db, db_exec(db, buf_text(&sql)));
    buf_clear(&sql);
}

static __attribute__((unused)) enum db_rc add_item(struct db *on, int64_t id, const char *name)
{
    struct db_stmt *stmt = db_prepare(on, "INSERT INTO item (id, name) VALUES ($1, $2)");
    db_bind_int(stmt, 1, id);
    db_bind_textz(stmt, 2, name);
    return db_run(stmt);
}

static __attribute__((unused)) void kill_backend(int64_t pid)
{
    struct db *other = connect_as(DB_READER);
    struct db_stmt *stmt = db_prepare(other, "SELECT pg_terminate_backend($1::int, 10000)");
    db_bind_int(stmt, 1, pid);
    assert_int_equal(db_step(stmt), DB_ROW);
    assert_int_equal(db_int(stmt, 0), 1);
    db_finish(stmt);
    db_close(other);
}

static __attribute__((unused)) int group_setup(void **state)
{
    (void)state;
    url = getenv("RAPPORT_TEST_POSTGRES");
    if (!url) {
        fprintf(stderr, "RAPPORT_TEST_POSTGRES is not set: give the url of an empty database, as "
                        "tests/postgres.sh start DIR prints it\n");
        return -1;
    }
    return 0;
}

static __attribute__((unused)) int setup(void **state)
{
    (void)state;
    db = connect_as(DB_WRITER);
    must(db, db_exec(db, "DROP SCHEMA IF EXISTS " SCHEMA " CASCADE; CREATE SCHEMA " SCHEMA));
    ddl("CREATE TABLE item (id {ID}, name {TEXT} UNIQUE, amount {INT} CHECK (amount < 1000), "
        "rate {REAL});");
    return 0;
}

static __attribute__((unused)) int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

#endif
