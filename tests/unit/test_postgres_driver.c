/* test_postgres_driver - the PostgreSQL driver through db/db.h, against a real server.
 *
 * Takes the url of an empty database from RAPPORT_TEST_POSTGRES (tests/postgres.sh start DIR) and
 * works in the schema test_driver, which it makes anew. The role must own the database.
 */
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

static struct db *connect_as(enum db_mode mode)
{
    struct buf why;
    buf_init(&why);
    struct db *made = db_open(url, SCHEMA, mode, &why);
    if (!made)
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
    return made;
}

static void must(struct db *on, enum db_rc rc)
{
    if (rc != DB_OK)
        fail_msg("rc %d, state %s: %s", (int)rc, db_state(on), db_message(on));
}

static enum db_rc run_on(struct db *on, const char *sql)
{
    return db_run(db_prepare(on, sql));
}

static int64_t number_on(struct db *on, const char *sql)
{
    struct db_stmt *stmt = db_prepare(on, sql);
    enum db_rc rc = db_step(stmt);
    int64_t number = db_int(stmt, 0);
    db_finish(stmt);
    if (rc != DB_ROW)
        fail_msg("%s: rc %d, %s", sql, (int)rc, db_message(on));
    return number;
}

static int64_t number(const char *sql)
{
    return number_on(db, sql);
}

static void ddl(const char *line)
{
    struct buf sql;
    buf_init(&sql);
    db_sql_ddl(db, &sql, line);
    must(db, db_exec(db, buf_text(&sql)));
    buf_clear(&sql);
}

static enum db_rc add_item(struct db *on, int64_t id, const char *name)
{
    struct db_stmt *stmt = db_prepare(on, "INSERT INTO item (id, name) VALUES ($1, $2)");
    db_bind_int(stmt, 1, id);
    db_bind_textz(stmt, 2, name);
    return db_run(stmt);
}

static void kill_backend(int64_t pid)
{
    struct db *other = connect_as(DB_READER);
    struct db_stmt *stmt = db_prepare(other, "SELECT pg_terminate_backend($1::int, 10000)");
    db_bind_int(stmt, 1, pid);
    assert_int_equal(db_step(stmt), DB_ROW);
    assert_int_equal(db_int(stmt, 0), 1);
    db_finish(stmt);
    db_close(other);
}

static int group_setup(void **state)
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

static int setup(void **state)
{
    (void)state;
    db = connect_as(DB_WRITER);
    must(db, db_exec(db, "DROP SCHEMA IF EXISTS " SCHEMA " CASCADE; CREATE SCHEMA " SCHEMA));
    ddl("CREATE TABLE item (id {ID}, name {TEXT} UNIQUE, amount {INT} CHECK (amount < 1000), "
        "rate {REAL});");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* ---- values ---- */

static void round_trip(const char *text, size_t len)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT $1::text, octet_length($1::text)");
    db_bind_text(stmt, 1, text, len);
    assert_int_equal(db_step(stmt), DB_ROW);
    size_t got;
    const char *back = db_text(stmt, 0, &got);
    assert_int_equal(got, len);
    assert_memory_equal(back, text, len);
    assert_int_equal(db_int(stmt, 1), len);
    assert_int_equal(db_step(stmt), DB_NONE);
    assert_int_equal(db_step(stmt), DB_NONE);
    db_finish(stmt);
}

static void texts_come_back(void **state)
{
    (void)state;
    round_trip("", 0);
    round_trip("plain", 5);
    round_trip("cut here", 3);
    round_trip("'quoted' \"$1\" \\ % _ \n\t\x01", 22);
    const char *words = "Активность Ёлка ґедзь Größe 活動 🙂";
    round_trip(words, strlen(words));
    size_t size = 1024 * 1024;
    char *large = xmalloc(size);
    for (size_t i = 0; i < size; i++)
        large[i] = (char)('a' + i % 26);
    round_trip(large, size);
    free(large);
}

static void integers_come_back(void **state)
{
    (void)state;
    const int64_t values[] = {0, 1, -1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct db_stmt *stmt = db_prepare(db, "SELECT $1::bigint");
        db_bind_int(stmt, 1, values[i]);
        assert_int_equal(db_step(stmt), DB_ROW);
        assert_true(db_int(stmt, 0) == values[i]);
        db_finish(stmt);
    }
}

static void doubles_come_back(void **state)
{
    (void)state;
    const double values[] = {0, -1.5, 0.1, 1e300, 5e-324, 1234567890.123};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct db_stmt *stmt = db_prepare(db, "SELECT $1::double precision");
        db_bind_double(stmt, 1, values[i]);
        assert_int_equal(db_step(stmt), DB_ROW);
        assert_true(db_double(stmt, 0) >= values[i] && db_double(stmt, 0) <= values[i]);
        db_finish(stmt);
    }
    struct db_stmt *stmt = db_prepare(db, "SELECT $1::double precision");
    db_bind_double(stmt, 1, NAN);
    assert_int_equal(db_step(stmt), DB_ROW);
    assert_true(db_is_null(stmt, 0));
    db_finish(stmt);
}

static void nulls_are_nulls(void **state)
{
    (void)state;
    struct db_stmt *stmt = db_prepare(db, "SELECT $1::text, $2::bigint, $3::text, $4::text");
    db_bind_null(stmt, 1);
    db_bind_textz(stmt, 3, "bound, then taken back");
    db_bind_textz(stmt, 3, NULL);
    db_bind_textz(stmt, 4, "");
    assert_int_equal(db_step(stmt), DB_ROW);
    size_t len = 99;
    assert_true(db_is_null(stmt, 0));
    assert_string_equal(db_text(stmt, 0, &len), "");
    assert_int_equal(len, 0);
    assert_true(db_is_null(stmt, 1)); /* never bound */
    assert_int_equal(db_int(stmt, 1), 0);
    assert_true(db_is_null(stmt, 2));
    assert_false(db_is_null(stmt, 3));
    assert_true(db_is_null(stmt, 4)); /* no such column */
    db_finish(stmt);
    /* The next use begins without the old values. */
    stmt = db_prepare(db, "SELECT $1::text, $2::bigint, $3::text, $4::text");
    assert_int_equal(db_step(stmt), DB_ROW);
    assert_true(db_is_null(stmt, 3));
    db_finish(stmt);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    struct db_stmt *stmt = db_prepare(db, "SELECT $1::text");
    db_bind_text(stmt, 1, "a\0b", 3);
    assert_int_equal(db_step(stmt), DB_ERROR);
    assert_string_equal(db_state(db), "22021");
    db_finish(stmt);
    round_trip("still works", 11);
}

static void changes_count_rows(void **state)
{
    (void)state;
    must(db, run_on(db, "INSERT INTO item (name) VALUES ('a'), ('b'), ('c')"));
    assert_int_equal(db_changes(db), 3);
    assert_int_equal(number("SELECT count(*) FROM item"), 3);
    assert_int_equal(db_changes(db), 3); /* reading changes nothing */
    must(db, run_on(db, "UPDATE item SET rate = 1 WHERE name = 'none'"));
    assert_int_equal(db_changes(db), 0);
    assert_int_equal(number("INSERT INTO item (name) VALUES ('d') RETURNING id"), 4);
    assert_int_equal(db_changes(db), 1);
    must(db, db_exec(db, "DELETE FROM item WHERE id = 1; DELETE FROM item WHERE id > 2"));
    assert_int_equal(db_changes(db), 2);
}

/* ---- statements ---- */

static void the_cache_has_a_bound(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 300; i++) {
            char sql[64];
            snprintf(sql, sizeof sql, "SELECT %d + $1::int", i);
            struct db_stmt *stmt = db_prepare(db, sql);
            db_bind_int(stmt, 1, 1000);
            assert_int_equal(db_step(stmt), DB_ROW);
            assert_int_equal(db_int(stmt, 0), i + 1000);
            db_finish(stmt);
        }
    assert_in_range(number("SELECT count(*) FROM pg_prepared_statements"), 250, 256);
}

/* Statements are pushed out while the transaction is in an error: DEALLOCATE has to wait. */
static void eviction_survives_errors(void **state)
{
    (void)state;
    must(db, db_begin_write(db));
    must(db, db_savepoint(db));
    assert_int_equal(number("SELECT 1"), 1);
    for (int i = 0; i < 300; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT %d / 0", i);
        assert_int_equal(run_on(db, sql), DB_ERROR);
        if (i % 3 == 0) {
            must(db, db_rollback_to(db));
            must(db, db_savepoint(db));
            snprintf(sql, sizeof sql, "SELECT %d", i);
            assert_int_equal(number(sql), i);
        }
    }
    must(db, db_rollback_to(db));
    must(db, add_item(db, 1, "a"));
    must(db, db_commit(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 1);
    assert_in_range(number("SELECT count(*) FROM pg_prepared_statements"), 100, 256);
}

/* DISCARD took away what is evicted later: its DEALLOCATE must not fail for ever. */
static void eviction_survives_a_discard(void **state)
{
    (void)state;
    for (int i = 0; i < 600; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT %d", i);
        assert_int_equal(number(sql), i);
        if (i == 250)
            must(db, db_exec(db, "DEALLOCATE ALL"));
    }
    /* Those made between the DISCARD and its discovery stay: a few, and once. */
    assert_in_range(number("SELECT count(*) FROM pg_prepared_statements"), 250, 270);
}

static void one_text_can_run_twice_at_a_time(void **state)
{
    (void)state;
    const char *sql = "SELECT * FROM generate_series($1::int, $2::int)";
    struct db_stmt *outer = db_prepare(db, sql), *inner;
    db_bind_int(outer, 1, 1);
    db_bind_int(outer, 2, 3);
    int64_t sum = 0;
    while (db_step(outer) == DB_ROW) {
        inner = db_prepare(db, sql);
        assert_ptr_not_equal(inner, outer);
        db_bind_int(inner, 1, 10);
        db_bind_int(inner, 2, 11);
        while (db_step(inner) == DB_ROW)
            sum += db_int(inner, 0) * db_int(outer, 0);
        db_finish(inner);
    }
    db_finish(outer);
    assert_int_equal(sum, (10 + 11) * (1 + 2 + 3));
}

static void a_changed_table_is_noticed(void **state)
{
    (void)state;
    struct db *other = connect_as(DB_WRITER);
    must(db, add_item(db, 1, "a"));
    assert_int_equal(number("SELECT * FROM item"), 1);
    must(other, db_exec(other, "ALTER TABLE item ADD COLUMN more TEXT"));
    assert_int_equal(number("SELECT * FROM item"), 1); /* alone: again without a word */
    must(other, db_exec(other, "ALTER TABLE item ADD COLUMN most TEXT"));
    must(db, db_begin_write(db));
    assert_int_equal(run_on(db, "SELECT * FROM item"), DB_RETRY);
    must(db, db_rollback(db));
    must(db, db_begin_write(db));
    must(db, run_on(db, "SELECT * FROM item"));
    must(db, db_commit(db));
    /* A pooler's DISCARD takes every prepared statement away. */
    must(db, db_exec(db, "DEALLOCATE ALL"));
    assert_int_equal(number("SELECT * FROM item"), 1);
    db_close(other);
}

static void a_script_stops_at_its_error(void **state)
{
    (void)state;
    assert_int_equal(db_exec(db, "INSERT INTO item (name) VALUES ('a'); SELECT 1 / 0"), DB_ERROR);
    assert_string_equal(db_state(db), "22012");
    assert_int_equal(number("SELECT count(*) FROM item"), 0);
    must(db, db_begin_write(db));
    must(db, db_exec(db, "INSERT INTO item (name) VALUES ('a'); INSERT INTO item (name) VALUES "
                         "('b')"));
    must(db, db_rollback(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 0);
}

/* ---- transactions ---- */

static void transactions_end_as_told(void **state)
{
    (void)state;
    assert_false(db_in_transaction(db));
    must(db, db_begin_write(db));
    assert_true(db_in_transaction(db)); /* though the server has not heard of it */
    must(db, db_commit(db));
    assert_false(db_in_transaction(db));

    must(db, db_begin_write(db));
    must(db, add_item(db, 1, "a"));
    assert_true(db_in_transaction(db));
    must(db, db_rollback(db));
    assert_false(db_in_transaction(db));
    must(db, db_rollback(db)); /* nothing to do */
    assert_int_equal(db_commit(db), DB_ERROR);
    assert_int_equal(db_savepoint(db), DB_ERROR);

    must(db, db_begin_write(db));
    assert_int_equal(db_begin_write(db), DB_ERROR);
    must(db, add_item(db, 2, "b"));
    must(db, db_commit(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 1);
}

static void savepoints_nest_in_a_batch(void **state)
{
    (void)state;
    must(db, db_begin_write(db));
    for (int i = 0; i < 10; i++) {
        must(db, db_savepoint(db));
        if (i % 5 == 4) { /* a request without SQL */
            must(db, i % 2 ? db_release(db) : db_rollback_to(db));
            continue;
        }
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        must(db, add_item(db, i, name));
        must(db, i % 2 ? db_release(db) : db_rollback_to(db));
    }
    must(db, db_commit(db));
    assert_int_equal(number("SELECT sum(id) FROM item"), 1 + 3 + 5 + 7);
}

static const struct {
    const char *sql;
    enum db_rc rc;
    const char *state;
} errors[] = {
    {"SELEKT", DB_ERROR, "42601"},
    {"SELECT * FROM no_such_table", DB_ERROR, "42P01"},
    {"SELECT 1 / 0", DB_ERROR, "22012"},
    {"SELECT 'x'::bigint", DB_ERROR, "22P02"},
    {"INSERT INTO item (id, name) VALUES (1, 'other')", DB_CONFLICT, "23505"},
    {"INSERT INTO item (name) VALUES ('first')", DB_CONFLICT, "23505"},
    {"INSERT INTO item (id) VALUES (NULL)", DB_CONFLICT, "23502"},
    {"UPDATE item SET amount = 5000", DB_CONFLICT, "23514"},
    {"DELETE FROM item; DELETE FROM item", DB_ERROR, "42601"},
    {"CREATE TABLE pg_catalog.mine (id int)", DB_READONLY, "42501"},
};

static void rollback_to_works_after_every_error(void **state)
{
    (void)state;
    must(db, add_item(db, 1, "first"));
    must(db, db_begin_write(db));
    for (size_t round = 0; round < 2; round++) /* parsed now, prepared already */
        for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
            must(db, db_savepoint(db));
            if (i % 2) /* the savepoint goes with the failing statement, or before it */
                must(db, add_item(db, 500, "taken back"));
            enum db_rc rc = run_on(db, errors[i].sql);
            if (rc != errors[i].rc || strcmp(db_state(db), errors[i].state) != 0)
                fail_msg("%s: rc %d, state %s, %s", errors[i].sql, (int)rc, db_state(db),
                         db_message(db));
            assert_true(db_in_transaction(db));
            assert_int_equal(run_on(db, "SELECT 1"), DB_ERROR); /* until taken back */
            must(db, db_rollback_to(db));
            must(db, db_savepoint(db));
            char name[32];
            snprintf(name, sizeof name, "after %zu %zu", round, i);
            must(db, add_item(db, (int64_t)(100 + round * 100 + i), name));
            must(db, db_release(db));
        }
    must(db, db_commit(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 1 + 2 * sizeof errors / sizeof *errors);
}

static void an_error_in_the_first_statement(void **state)
{
    (void)state;
    must(db, db_begin_write(db));
    must(db, db_savepoint(db));
    assert_int_equal(run_on(db, "SELECT 1 / 0"), DB_ERROR); /* BEGIN and SAVEPOINT go with it */
    must(db, db_rollback_to(db));
    must(db, add_item(db, 1, "a"));
    must(db, db_commit(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 1);
}

static void commit_after_an_error_fails(void **state)
{
    (void)state;
    must(db, db_begin_write(db));
    must(db, add_item(db, 1, "a"));
    assert_int_equal(run_on(db, "SELECT 1 / 0"), DB_ERROR);
    assert_int_equal(db_commit(db), DB_ERROR);
    assert_false(db_in_transaction(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 0);
    /* The same with a savepoint ended the wrong way: the release is what fails. */
    must(db, db_begin_write(db));
    must(db, db_savepoint(db));
    must(db, add_item(db, 1, "a"));
    assert_int_equal(run_on(db, "SELECT 1 / 0"), DB_ERROR);
    must(db, db_release(db));
    assert_int_equal(db_commit(db), DB_ERROR);
    assert_string_equal(db_state(db), "25P02");
    assert_false(db_in_transaction(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 0);
}

static void a_deferred_conflict_comes_out_of_commit(void **state)
{
    (void)state;
    must(db, db_exec(db, "CREATE TABLE late (id BIGINT UNIQUE DEFERRABLE INITIALLY DEFERRED)"));
    must(db, db_begin_write(db));
    must(db, run_on(db, "INSERT INTO late VALUES (1)"));
    must(db, run_on(db, "INSERT INTO late VALUES (1)"));
    assert_int_equal(db_commit(db), DB_CONFLICT);
    assert_string_equal(db_state(db), "23505");
    assert_false(db_in_transaction(db));
    assert_int_equal(number("SELECT count(*) FROM late"), 0);
}

static void messages_are_one_line_without_values(void **state)
{
    (void)state;
    must(db, add_item(db, 1, "a secret"));
    assert_int_equal(add_item(db, 2, "a secret"), DB_CONFLICT);
    assert_null(strchr(db_message(db), '\n'));
    assert_null(strstr(db_message(db), "secret"));
    assert_non_null(strstr(db_message(db), "item_name_key"));
}

/* ---- readers ---- */

static void a_reader_does_not_write(void **state)
{
    (void)state;
    struct db *reader = connect_as(DB_READER);
    assert_int_equal(add_item(reader, 1, "a"), DB_READONLY);
    assert_int_equal(db_exec(reader, "DELETE FROM item"), DB_READONLY);
    must(reader, db_begin_write(reader));
    assert_int_equal(add_item(reader, 1, "a"), DB_READONLY);
    must(reader, db_rollback(reader));
    assert_false(db_reads_inline(reader));
    db_close(reader);
}

static void a_reader_sees_one_snapshot(void **state)
{
    (void)state;
    struct db *reader = connect_as(DB_READER);
    must(reader, db_begin_read(reader));
    assert_int_equal(number_on(reader, "SELECT count(*) FROM item"), 0);
    must(db, add_item(db, 1, "a"));
    assert_int_equal(number_on(reader, "SELECT count(*) FROM item"), 0);
    must(reader, db_commit(reader));
    assert_int_equal(number_on(reader, "SELECT count(*) FROM item"), 1);
    db_close(reader);
}

/* ---- lost connections ---- */

static void a_lost_connection_is_taken_up_again(void **state)
{
    (void)state;
    must(db, add_item(db, 1, "a"));
    int64_t pid = number("SELECT pg_backend_pid()");
    must(db, db_begin_write(db));
    must(db, add_item(db, 2, "b"));
    struct db_stmt *open = db_prepare(db, "SELECT id FROM item");
    assert_int_equal(db_step(open), DB_ROW);
    kill_backend(pid);
    assert_int_equal(add_item(db, 3, "c"), DB_LOST);
    assert_false(db_in_transaction(db));
    assert_int_equal(add_item(db, 3, "c"), DB_LOST);
    assert_int_equal(db_begin_write(db), DB_LOST);
    assert_int_equal(db_savepoint(db), DB_LOST);
    assert_int_equal(db_commit(db), DB_LOST);
    assert_int_equal(db_exec(db, "SELECT 1"), DB_LOST);
    must(db, db_reconnect(db));
    assert_int_equal(db_step(open), DB_LOST);
    db_finish(open);
    must(db, add_item(db, 4, "d"));
    assert_int_equal(number("SELECT sum(id) FROM item"), 1 + 4);
    assert_int_not_equal(number("SELECT pg_backend_pid()"), pid);
    must(db, db_reconnect(db));
}

static void lost_at_commit_is_unknown(void **state)
{
    (void)state;
    int64_t pid = number("SELECT pg_backend_pid()");
    must(db, db_begin_write(db));
    must(db, add_item(db, 1, "a"));
    kill_backend(pid);
    assert_int_equal(db_commit(db), DB_UNKNOWN);
    assert_false(db_in_transaction(db));
    must(db, db_reconnect(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 0);

    pid = number("SELECT pg_backend_pid()");
    kill_backend(pid);
    enum db_rc rc = add_item(db, 2, "alone"); /* commits by itself */
    assert_true(rc == DB_LOST || rc == DB_UNKNOWN);
    must(db, db_reconnect(db));
    assert_int_equal(number("SELECT count(*) FROM item"), 0);

    pid = number("SELECT pg_backend_pid()");
    must(db, db_begin_read(db)); /* there was nothing to keep */
    assert_int_equal(number("SELECT count(*) FROM item"), 0);
    kill_backend(pid);
    assert_int_equal(db_commit(db), DB_LOST);
    must(db, db_reconnect(db));
}

static void the_password_stays_secret(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "postgresql://rapport:hunter2@127.0.0.1:1/rapport",
        "postgresql://rapport:hunter2@[::1/rapport",
        "postgresql://rapport:hun/hunter2@127.0.0.1/rapport",
        "postgresql://rapport:5432/hunter2@127.0.0.1/rapport",
        "postgresql://rapport:x@hunter2@127.0.0.1/rapport",
        "postgresql://rapport:%zzhunter2@127.0.0.1/rapport",
        "postgresql://rapport@127.0.0.1:1/rapport?password=hunter2",
        "postgresql://rapport@127.0.0.1:1/rapport?passwort=hunter2",
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct buf why;
        buf_init(&why);
        assert_null(db_open(urls[i], NULL, DB_READER, &why));
        assert_true(why.len > 0);
        assert_null(strstr(buf_text(&why), "hunter2"));
        assert_null(strchr(buf_text(&why), '\n'));
        buf_clear(&why);
    }
}

/* ---- two writers ---- */

static enum db_rc touch(struct db *on, int64_t id)
{
    struct db_stmt *stmt = db_prepare(on, "UPDATE item SET rate = 1 WHERE id = $1");
    db_bind_int(stmt, 1, id);
    return db_run(stmt);
}

struct other_writer {
    struct db *db;
    enum db_rc rc;
};

static void *touch_first(void *context)
{
    struct other_writer *other = context;
    other->rc = touch(other->db, 1);
    if (other->rc != DB_OK)
        db_rollback(other->db);
    return NULL;
}

static void a_deadlock_may_be_run_again(void **state)
{
    (void)state;
    must(db, add_item(db, 1, "a"));
    must(db, add_item(db, 2, "b"));
    struct other_writer other = {connect_as(DB_WRITER), DB_OK};
    must(db, db_begin_write(db));
    must(db, touch(db, 1));
    must(other.db, db_begin_write(other.db));
    must(other.db, touch(other.db, 2));
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, touch_first, &other), 0);
    enum db_rc mine = touch(db, 2);
    if (mine != DB_OK)
        must(db, db_rollback(db));
    assert_int_equal(pthread_join(thread, NULL), 0);
    /* One of the two was chosen, the other went on. */
    assert_true((mine == DB_OK && other.rc == DB_RETRY) || (mine == DB_RETRY && other.rc == DB_OK));
    must(db, db_rollback(db));
    must(other.db, db_rollback(other.db));
    db_close(other.db);
}

static void a_serialization_failure_may_be_run_again(void **state)
{
    (void)state;
    must(db, add_item(db, 1, "a"));
    must(db, db_begin_write(db));
    must(db, db_exec(db, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"));
    assert_int_equal(number("SELECT count(*) FROM item"), 1);
    struct db *other = connect_as(DB_WRITER);
    must(other, touch(other, 1));
    assert_int_equal(touch(db, 1), DB_RETRY);
    assert_string_equal(db_state(db), "40001");
    must(db, db_rollback(db));
    must(db, db_begin_write(db));
    must(db, touch(db, 1));
    must(db, db_exec(other, "SET lock_timeout = '50ms'"));
    assert_int_equal(touch(other, 1), DB_RETRY);
    assert_string_equal(db_state(other), "55P03");
    must(db, db_commit(db));
    db_close(other);
}

/* ---- fold and search ---- */

static void fold_agrees_with_ours(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "ASCII [\\]^_", "ПРИВЕТ Мир", "Ёлка ЇЖАК Ґанок ЎВАГА",    "GRÖSSE Größe ÉÈÊ Ñ Ø Å Ž Ł",
        "ΑΘΗΝΑ Ώρα",    "ՀԱՅԱՍՏԱՆ",   "ᲛᲗᲐᲕᲠᲣᲚᲘ", "活動 １２ Ａ 🙂",
    };
    struct buf sql;
    buf_init(&sql);
    buf_adds(&sql, "SELECT ");
    db_sql_fold(db, &sql, "$1::text");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf folded;
        buf_init(&folded);
        utf8_fold(&folded, texts[i], strlen(texts[i]));
        struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
        db_bind_textz(stmt, 1, texts[i]);
        assert_int_equal(db_step(stmt), DB_ROW);
        assert_string_equal(db_text(stmt, 0, NULL), buf_text(&folded));
        db_finish(stmt);
        buf_clear(&folded);
    }
    buf_clear(&sql);
}

/* Ids of the notes that the search finds, as their sum of powers of two. */
static int64_t search_on(struct db *on, const char *text)
{
    struct arena arena;
    arena_init(&arena);
    struct buf sql, folded;
    buf_init(&sql);
    buf_init(&folded);
    utf8_fold(&folded, text, strlen(text));
    buf_adds(&sql, "SELECT id FROM note t WHERE ");
    db_sql_search(on, &sql, "note", 1);
    struct db_stmt *stmt = db_prepare(on, buf_text(&sql));
    db_bind_textz(stmt, 1, db_search_text(on, &arena, folded.data, folded.len));
    int64_t found = 0;
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        found |= 1 << db_int(stmt, 0);
    assert_int_equal(rc, DB_NONE);
    db_finish(stmt);
    buf_clear(&sql);
    buf_clear(&folded);
    arena_clear(&arena);
    return found;
}

static void make_notes(void)
{
    ddl("CREATE TABLE note (id {ID}, subject {TEXT} NOT NULL, body {TEXT}, other {TEXT});");
    ddl("@search note subject body");
    must(db, run_on(db, "INSERT INTO note (subject, body, other) VALUES "
                        "('Звонок КЛИЕНТУ', 'обсудить Счёт', 'xyz'),"
                        "('Скидка 100% сегодня', NULL, 'xyz'),"
                        "('snake_case name', 'C:\\temp\\file', 'xyz'),"
                        "('snakeXcase', 'discount 100 today', 'xyz'),"
                        "('GRÖSSE', '', 'xyz')"));
}

static void search_finds_in_any_script(void **state)
{
    (void)state;
    make_notes();
    struct db *reader = connect_as(DB_READER);
    assert_int_equal(search_on(reader, "клиент"), 1 << 1);
    assert_int_equal(search_on(reader, "СЧЁТ"), 1 << 1);
    assert_int_equal(search_on(reader, "клиенту обсуд"), 1 << 1); /* over the seam of columns */
    assert_int_equal(search_on(reader, "100%"), 1 << 2);
    assert_int_equal(search_on(reader, "100"), 1 << 2 | 1 << 4);
    assert_int_equal(search_on(reader, "snake_case"), 1 << 3);
    assert_int_equal(search_on(reader, "e_c"), 1 << 3);
    assert_int_equal(search_on(reader, "\\temp\\"), 1 << 3);
    assert_int_equal(search_on(reader, "größe"), 0);
    assert_int_equal(search_on(reader, "größse"), 0);
    assert_int_equal(search_on(reader, "grösse"), 1 << 5);
    assert_int_equal(search_on(reader, "xyz"), 0);
    db_close(reader);
}

static void short_texts_have_no_search(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_null(db_search_text(db, &arena, "", 0));
    assert_null(db_search_text(db, &arena, "ab", 2));
    assert_null(db_search_text(db, &arena, "яю", 4));
    assert_string_equal(db_search_text(db, &arena, "яюэ", 6), "%яюэ%");
    assert_string_equal(db_search_text(db, &arena, "a%_\\b", 5), "%a\\%\\_\\\\b%");
    arena_clear(&arena);
}

static void search_uses_its_index(void **state)
{
    (void)state;
    make_notes();
    struct buf sql;
    buf_init(&sql);
    buf_adds(&sql, "EXPLAIN SELECT id FROM note t WHERE ");
    db_sql_search(db, &sql, "note", 1);
    must(db, db_exec(db, "SET enable_seqscan = off"));
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    db_bind_textz(stmt, 1, "%клиент%");
    bool used = false;
    while (db_step(stmt) == DB_ROW)
        used = used || strstr(db_text(stmt, 0, NULL), "note_search");
    db_finish(stmt);
    buf_clear(&sql);
    assert_true(used);
    ddl("@search note subject body"); /* again: a resumed migration */
}

/* Without the index the condition holds for every row and takes its parameter all the same. */
static void search_without_an_index_lets_pass(void **state)
{
    (void)state;
    make_notes();
    must(db, db_exec(db, "DROP INDEX note_search"));
    assert_int_equal(search_on(db, "клиент"), 62);
}

static void check_names_a_broken_index(void **state)
{
    (void)state;
    struct buf problems;
    buf_init(&problems);
    must(db, db_check(db, &problems));
    assert_string_equal(buf_text(&problems), "");
    must(db, run_on(db, "INSERT INTO item (rate) VALUES (1), (1)"));
    assert_int_equal(db_exec(db, "CREATE UNIQUE INDEX CONCURRENTLY broken ON item (rate)"),
                     DB_CONFLICT);
    must(db, db_check(db, &problems));
    assert_string_equal(buf_text(&problems), "index broken is invalid\n");
    buf_clear(&problems);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(texts_come_back),
        CASE(integers_come_back),
        CASE(doubles_come_back),
        CASE(nulls_are_nulls),
        CASE(a_nul_byte_is_refused),
        CASE(changes_count_rows),
        CASE(the_cache_has_a_bound),
        CASE(eviction_survives_errors),
        CASE(eviction_survives_a_discard),
        CASE(one_text_can_run_twice_at_a_time),
        CASE(a_changed_table_is_noticed),
        CASE(a_script_stops_at_its_error),
        CASE(transactions_end_as_told),
        CASE(savepoints_nest_in_a_batch),
        CASE(rollback_to_works_after_every_error),
        CASE(an_error_in_the_first_statement),
        CASE(commit_after_an_error_fails),
        CASE(a_deferred_conflict_comes_out_of_commit),
        CASE(messages_are_one_line_without_values),
        CASE(a_reader_does_not_write),
        CASE(a_reader_sees_one_snapshot),
        CASE(a_lost_connection_is_taken_up_again),
        CASE(lost_at_commit_is_unknown),
        CASE(the_password_stays_secret),
        CASE(a_deadlock_may_be_run_again),
        CASE(a_serialization_failure_may_be_run_again),
        CASE(fold_agrees_with_ours),
        CASE(search_finds_in_any_script),
        CASE(short_texts_have_no_search),
        CASE(search_uses_its_index),
        CASE(search_without_an_index_lets_pass),
        CASE(check_names_a_broken_index),
    };
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
