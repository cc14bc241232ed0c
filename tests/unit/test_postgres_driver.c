/* test_postgres_driver - values, statements and transactions of the PostgreSQL driver. */
#include "postgres_support.h"

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

/* The server ends the statement; also on a connection made anew. */
static void a_time_limit_ends_a_running_statement(void **state)
{
    (void)state;
    must(db, db_limit_time(db, 0.05));
    assert_int_equal(run_on(db, "SELECT pg_sleep(3600)"), DB_TIMEOUT);
    must(db, run_on(db, "SELECT 1"));
    must(db, db_begin_write(db));
    must(db, add_item(db, 1, "one"));
    assert_int_equal(run_on(db, "SELECT pg_sleep(3600)"), DB_TIMEOUT);
    must(db, db_rollback(db));
    assert_int_equal(number_on(db, "SELECT count(*) FROM item"), 0);
    db_deadline(db, 1);
    assert_int_equal(run_on(db, "SELECT 1"), DB_TIMEOUT);
    db_deadline(db, 0);
    must(db, db_limit_time(db, 0));
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
        CASE(a_time_limit_ends_a_running_statement),
        CASE(messages_are_one_line_without_values),
    };
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
