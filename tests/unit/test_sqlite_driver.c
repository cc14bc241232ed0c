/* The SQLite driver through db/db.h: statements, transactions, errors, durability. */
#include "support.h"

#include <math.h>
#include <sys/stat.h>

#include "base/clock.h"

static struct folder folder;
static struct db *db;

static int setup(void **state)
{
    static const char *const lines[] = {
        "CREATE TABLE item (id {ID}, name {TEXT} NOT NULL UNIQUE, size {INT} CHECK (size < 100), "
        "price {REAL});",
        NULL};
    (void)state;
    folder = folder_make();
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    store_ddl(db, lines);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    folder_remove(&folder);
    return 0;
}

static enum db_rc run(const char *sql)
{
    return db_run(db_prepare(db, sql));
}

static int64_t items(void)
{
    return store_number(db, "SELECT count(*) FROM item");
}

/* ---- statements ---- */

static void expect_int(int64_t integer)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT $1, typeof($1)");
    db_bind_int(stmt, 1, integer);
    assert_int_equal(db_step(stmt), DB_ROW);
    assert_true(db_int(stmt, 0) == integer);
    assert_false(db_is_null(stmt, 0));
    assert_string_equal(db_text(stmt, 1, NULL), "integer");
    assert_int_equal(db_step(stmt), DB_NONE);
    db_finish(stmt);
}

static void integers_of_64_bits(void **state)
{
    (void)state;
    expect_int(0);
    expect_int(-1);
    expect_int(INT64_MAX);
    expect_int(INT64_MIN);
}

static void doubles_come_back_the_same(void **state)
{
    (void)state;
    static const double reals[] = {0, 0.1, -1.5, 1e308, -1e-308, 9007199254740993.0, 3607999.00};
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        struct db_stmt *stmt = db_prepare(db, "SELECT $1");
        db_bind_double(stmt, 1, reals[i]);
        assert_int_equal(db_step(stmt), DB_ROW);
        assert_true(fabs(db_double(stmt, 0) - reals[i]) <= 0);
        db_finish(stmt);
    }
}

static void texts_keep_every_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len;
    } texts[] = {{"", 0},     {"abc", 3},    {"abcdef", 3}, {"Привет", 12}, {"'\"%_\\;--", 8},
                 {"a\0b", 3}, {"\n\r\t", 3}, {"😀", 4},      {"$1", 2}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t len;
        struct db_stmt *stmt = db_prepare(db, "SELECT $1");
        db_bind_text(stmt, 1, texts[i].text, texts[i].len);
        assert_int_equal(db_step(stmt), DB_ROW);
        const char *text = db_text(stmt, 0, &len);
        assert_int_equal(len, texts[i].len);
        assert_memory_equal(text, texts[i].text, len);
        assert_int_equal(text[len], '\0');
        assert_false(db_is_null(stmt, 0));
        db_finish(stmt);
    }
}

static void null_reads_as_nothing(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        size_t len = 99;
        struct db_stmt *stmt = db_prepare(db, "SELECT $1");
        if (way == 1)
            db_bind_null(stmt, 1);
        if (way == 2)
            db_bind_textz(stmt, 1, NULL);
        assert_int_equal(db_step(stmt), DB_ROW);
        assert_true(db_is_null(stmt, 0));
        assert_int_equal(db_int(stmt, 0), 0);
        assert_string_equal(db_text(stmt, 0, &len), "");
        assert_int_equal(len, 0);
        assert_true(fabs(db_double(stmt, 0)) <= 0);
        db_finish(stmt);
    }
}

static const char *row_of(struct db_stmt *stmt, int columns)
{
    static char row[256];
    row[0] = '\0';
    assert_int_equal(db_step(stmt), DB_ROW);
    for (int i = 0; i < columns; i++) {
        size_t at = strlen(row);
        snprintf(row + at, sizeof row - at, "%s%s", i ? " " : "", db_text(stmt, i, NULL));
    }
    return row;
}

static void numbers_of_parameters_are_those_of_the_sql(void **state)
{
    (void)state;
    struct db_stmt *stmt = db_prepare(db, "SELECT $2, $1, $2, $3, $1");
    db_bind_textz(stmt, 1, "one");
    db_bind_textz(stmt, 3, "three");
    db_bind_textz(stmt, 2, "two");
    assert_string_equal(row_of(stmt, 5), "two one two three one");
    db_finish(stmt);
    stmt = db_prepare(db, "SELECT $11, $10, $9, $8, $7, $6, $5, $4, $3, $2, $1");
    for (int i = 1; i <= 11; i++)
        db_bind_int(stmt, i, 100 + i);
    assert_string_equal(row_of(stmt, 11), "111 110 109 108 107 106 105 104 103 102 101");
    db_finish(stmt);
}

static void a_statement_begins_without_parameters(void **state)
{
    (void)state;
    static const char sql[] = "SELECT $1, $2";
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, 1);
    db_bind_textz(stmt, 2, "x");
    assert_string_equal(row_of(stmt, 2), "1 x");
    db_finish(stmt);
    stmt = db_prepare(db, sql);
    db_bind_textz(stmt, 2, "y");
    assert_string_equal(row_of(stmt, 2), " y");
    assert_true(db_is_null(stmt, 0));
    db_finish(stmt);
}

/* More texts than the cache has places, twice, so that each place is taken over. */
static void many_statements_are_kept_apart(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 2000; i++) {
            char sql[64], row[64];
            snprintf(sql, sizeof sql, "SELECT %d, $1", i);
            snprintf(row, sizeof row, "%d %d", i, round + i);
            struct db_stmt *stmt = db_prepare(db, sql);
            db_bind_int(stmt, 1, round + i);
            assert_string_equal(row_of(stmt, 2), row);
            db_finish(stmt);
        }
    }
}

static int64_t factorial(int n)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT $1");
    db_bind_int(stmt, 1, n);
    assert_int_equal(db_step(stmt), DB_ROW);
    int64_t below = n > 1 ? factorial(n - 1) : 1;
    int64_t product = db_int(stmt, 0) * below;
    assert_int_equal(db_step(stmt), DB_NONE);
    db_finish(stmt);
    return product;
}

static void the_same_sql_inside_itself(void **state)
{
    (void)state;
    assert_int_equal(factorial(10), 3628800);
    assert_int_equal(factorial(10), 3628800);
}

/* While one runs, all places are asked for by others. */
static void a_running_statement_is_not_evicted(void **state)
{
    (void)state;
    struct db_stmt *outer = db_prepare(db, "SELECT 1 UNION ALL SELECT $1");
    db_bind_int(outer, 1, 2);
    assert_int_equal(db_step(outer), DB_ROW);
    for (int i = 0; i < 2000; i++) {
        char sql[32];
        snprintf(sql, sizeof sql, "SELECT -%d", i);
        assert_int_equal(store_number(db, sql), -i);
    }
    assert_int_equal(db_step(outer), DB_ROW);
    assert_int_equal(db_int(outer, 0), 2);
    db_finish(outer);
}

static void a_kept_statement_sees_a_new_schema(void **state)
{
    (void)state;
    static const char sql[] = "SELECT * FROM item";
    store_exec(db, "INSERT INTO item (name) VALUES ('a')");
    struct db_stmt *stmt = db_prepare(db, sql);
    assert_string_equal(row_of(stmt, 2), "1 a");
    db_finish(stmt);
    store_exec(db, "ALTER TABLE item ADD COLUMN extra TEXT DEFAULT 'e'");
    stmt = db_prepare(db, sql);
    assert_string_equal(row_of(stmt, 5), "1 a   e");
    db_finish(stmt);
}

static void an_error_sticks_to_its_statement(void **state)
{
    (void)state;
    static const char sql[] = "SELECT $1 FROM missing";
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, 1);
    db_bind_textz(stmt, 2, "x");
    db_bind_double(stmt, 3, 1);
    db_bind_null(stmt, 4);
    assert_int_equal(db_step(stmt), DB_ERROR);
    assert_int_equal(db_step(stmt), DB_ERROR);
    assert_true(db_is_null(stmt, 0));
    assert_string_equal(db_text(stmt, 0, NULL), "");
    assert_string_equal(db_message(db), "no such table: missing");
    assert_string_equal(db_state(db), "1");
    db_finish(stmt);
    store_exec(db, "CREATE TABLE missing AS SELECT 1");
    stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, 7);
    assert_string_equal(row_of(stmt, 1), "7");
    db_finish(stmt);
}

static void run_and_changes(void **state)
{
    (void)state;
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO item (name, size) VALUES ($1, 1), ($2, 2) RETURNING id");
    db_bind_textz(stmt, 1, "a");
    db_bind_textz(stmt, 2, "b");
    store_must(db, db_run(stmt)); /* has rows, and is done all the same */
    assert_int_equal(items(), 2);
    store_must(db, run("UPDATE item SET size = 3"));
    assert_int_equal(db_changes(db), 2);
    store_must(db, run("UPDATE item SET size = 4 WHERE name = 'c'"));
    assert_int_equal(db_changes(db), 0);
    store_exec(db, "DELETE FROM item; INSERT INTO item (name) VALUES ('x');");
    assert_int_equal(items(), 1);
    assert_int_equal(db_exec(db, "INSERT INTO item (name) VALUES ('y'); NONSENSE"), DB_ERROR);
    assert_int_equal(db_exec(db, ""), DB_OK);
}

static void a_key_is_never_used_again(void **state)
{
    (void)state;
    store_exec(db, "INSERT INTO item (name) VALUES ('a'), ('b')");
    store_exec(db, "DELETE FROM item WHERE id = 2");
    store_exec(db, "INSERT INTO item (name) VALUES ('c')");
    assert_int_equal(store_number(db, "SELECT max(id) FROM item"), 3);
}

/* ---- transactions ---- */

static void the_end_of_a_transaction(void **state)
{
    (void)state;
    assert_false(db_in_transaction(db));
    store_must(db, db_rollback(db)); /* nothing to take back */
    assert_int_equal(db_commit(db), DB_ERROR);
    store_must(db, db_begin_write(db));
    assert_true(db_in_transaction(db));
    assert_int_equal(db_begin_write(db), DB_ERROR);
    store_must(db, run("INSERT INTO item (name) VALUES ('a')"));
    store_must(db, db_commit(db));
    assert_false(db_in_transaction(db));
    assert_int_equal(items(), 1);
    store_must(db, db_begin_write(db));
    store_must(db, run("INSERT INTO item (name) VALUES ('b')"));
    store_must(db, db_rollback(db));
    assert_false(db_in_transaction(db));
    assert_int_equal(items(), 1);
}

static void a_savepoint_is_kept_or_taken_back(void **state)
{
    (void)state;
    store_must(db, db_begin_write(db));
    for (int i = 0; i < 4; i++) {
        char sql[64];
        store_must(db, db_savepoint(db));
        snprintf(sql, sizeof sql, "INSERT INTO item (name) VALUES ('%d')", i);
        store_must(db, run(sql));
        store_must(db, i % 2 ? db_release(db) : db_rollback_to(db));
    }
    assert_int_equal(items(), 2);
    assert_int_equal(db_release(db), DB_ERROR); /* there is none any more */
    assert_true(db_in_transaction(db));
    store_must(db, db_commit(db));
    assert_int_equal(store_number(db, "SELECT sum(name) FROM item"), 4);
}

static void errors_leave_the_rest_of_the_transaction(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum db_rc rc;
        const char *state;
    } errors[] = {
        {"INSERT INTO item (name) VALUES ('before')", DB_CONFLICT, "2067"},
        {"INSERT INTO item (name) VALUES (NULL)", DB_CONFLICT, "1299"},
        {"INSERT INTO item (name, size) VALUES ('x', 100)", DB_CONFLICT, "275"},
        {"INSERT INTO item (id, name) VALUES (1, 'x')", DB_CONFLICT, "1555"},
        {"INSERT INTO item (name) VALUES ('x'), ('y'), ('before')", DB_CONFLICT, "2067"},
        {"UPDATE item SET name = 'before'", DB_CONFLICT, "2067"},
        {"INSERT INTO missing VALUES (1)", DB_ERROR, "1"},
        {"NONSENSE", DB_ERROR, "1"},
        {"SELECT abs(-9223372036854775808)", DB_ERROR, "1"},
    };
    store_must(db, db_begin_write(db));
    store_must(db, run("INSERT INTO item (name) VALUES ('before'), ('also')"));
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        store_must(db, db_savepoint(db));
        store_must(db, run("INSERT INTO item (name) VALUES ('inside')"));
        if (run(errors[i].sql) != errors[i].rc)
            fail_msg("%s: %s", errors[i].sql, db_message(db));
        assert_string_equal(db_state(db), errors[i].state);
        assert_true(db_message(db)[0] != '\0');
        assert_true(db_in_transaction(db));
        store_must(db, db_rollback_to(db));
        assert_int_equal(items(), 2);
        store_must(db, db_savepoint(db));
        store_must(db, db_release(db));
    }
    store_must(db, db_commit(db));
    assert_int_equal(items(), 2);
}

static void a_reader_has_one_snapshot(void **state)
{
    (void)state;
    static const char count[] = "SELECT count(*) FROM item";
    struct db *reader = store_open(folder_file(&folder, "test.db"), DB_READER);
    store_must(reader, db_begin_read(reader));
    assert_int_equal(store_number(reader, count), 0);
    store_must(db, run("INSERT INTO item (name) VALUES ('a')"));
    assert_int_equal(store_number(reader, count), 0);
    db_refresh(reader);
    assert_true(db_in_transaction(reader));
    assert_int_equal(store_number(reader, count), 1);
    store_must(reader, db_commit(reader));
    db_refresh(reader);
    assert_false(db_in_transaction(reader));
    /* Of a write only what is committed. */
    store_must(db, db_begin_write(db));
    store_must(db, run("INSERT INTO item (name) VALUES ('b')"));
    assert_int_equal(store_number(reader, count), 1);
    store_must(db, db_commit(db));
    assert_int_equal(store_number(reader, count), 2);
    assert_int_equal(db_reconnect(reader), DB_OK);
    db_close(reader);
}

static void a_second_writer_waits_its_turn(void **state)
{
    (void)state;
    struct db *second = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    store_exec(second, "PRAGMA busy_timeout = 0");
    store_must(db, db_begin_write(db));
    assert_int_equal(db_begin_write(second), DB_RETRY);
    assert_int_equal(db_run(db_prepare(second, "INSERT INTO item (name) VALUES ('a')")), DB_RETRY);
    assert_false(db_in_transaction(second));
    store_must(db, db_commit(db));
    store_must(second, db_begin_write(second));
    store_must(second, db_commit(second));
    db_close(second);
}

/* ---- what the environment can do ---- */

static void set_max_pages(int64_t more)
{
    char sql[64];
    int64_t pages = store_number(db, "PRAGMA page_count");
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld", (long long)(pages + more));
    assert_int_equal(store_number(db, sql), pages + more);
}

static void a_full_disk_keeps_the_old_state(void **state)
{
    (void)state;
    static const char fill[] =
        "INSERT INTO item (name) SELECT printf('%d', $1) || hex(zeroblob(2000))";
    store_must(db, run("INSERT INTO item (name) VALUES ('before')"));
    set_max_pages(10);
    for (int with_savepoint = 0; with_savepoint < 2; with_savepoint++) {
        enum db_rc rc = DB_OK;
        store_must(db, db_begin_write(db));
        if (with_savepoint)
            store_must(db, db_savepoint(db));
        for (int i = 0; rc == DB_OK && i < 1000; i++) {
            struct db_stmt *stmt = db_prepare(db, fill);
            db_bind_int(stmt, 1, i);
            rc = db_run(stmt);
        }
        assert_int_equal(rc, DB_FULL);
        assert_string_equal(db_state(db), "13");
        store_must(db, db_rollback(db)); /* also when the store did so already */
        assert_false(db_in_transaction(db));
        assert_int_equal(items(), 1);
    }
    set_max_pages(1000);
    store_must(db, db_begin_write(db));
    store_must(db, run("INSERT INTO item (name) VALUES (hex(zeroblob(20000)))"));
    store_must(db, db_commit(db));
    assert_int_equal(items(), 2);
}

static void a_reader_cannot_write(void **state)
{
    (void)state;
    struct db *reader = store_open(folder_file(&folder, "test.db"), DB_READER);
    assert_int_equal(db_run(db_prepare(reader, "INSERT INTO item (name) VALUES ('a')")),
                     DB_READONLY);
    assert_int_equal(db_exec(reader, "CREATE TABLE other (a)"), DB_READONLY);
    assert_int_equal(store_number(reader, "SELECT count(*) FROM item"), 0);
    db_close(reader);
}

/* Root may write anywhere, so it becomes somebody else for the while. */
static void a_folder_that_cannot_be_written(void **state)
{
    (void)state;
    const char *path = folder_file(&folder, "test.db");
    bool root = geteuid() == 0;
    struct buf why = {0};
    db_close(db);
    db = NULL;
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder.path, 0555), 0);
    if (root && seteuid(65534) != 0) {
        db = store_open(path, DB_WRITER);
        skip();
    }
    struct db *writer = db_open(path, NULL, DB_WRITER, &why);
    enum db_rc rc = writer ? db_exec(writer, "INSERT INTO item (name) VALUES ('a')") : DB_READONLY;
    db_close(writer);
    struct db *absent = db_open(folder_file(&folder, "new.db"), NULL, DB_WRITER, &why);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(folder.path, 0755), 0);
    assert_int_equal(rc, DB_READONLY);
    assert_null(absent);
    assert_non_null(strstr(buf_text(&why), "cannot open"));
    assert_non_null(strstr(buf_text(&why), "new.db"));
    buf_clear(&why);
    assert_int_equal(chmod(folder_file(&folder, "test.db"), 0644), 0);
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    assert_int_equal(items(), 0);
}

static void what_is_no_database_is_not_opened(void **state)
{
    (void)state;
    struct buf why = {0};
    assert_null(db_open(folder_file(&folder, "absent.db"), NULL, DB_READER, &why));
    assert_non_null(strstr(buf_text(&why), "absent.db"));
    why.len = 0;
    FILE *file = fopen(folder_file(&folder, "text.db"), "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database\n", file);
    fclose(file);
    assert_null(db_open(folder_file(&folder, "text.db"), NULL, DB_WRITER, &why));
    assert_non_null(strstr(buf_text(&why), "not a database"));
    buf_clear(&why);
}

static void a_commit_is_durable_by_its_settings(void **state)
{
    (void)state;
    struct db_stmt *stmt = db_prepare(db, "PRAGMA journal_mode");
    assert_string_equal(row_of(stmt, 1), "wal");
    db_finish(stmt);
    assert_int_equal(store_number(db, "PRAGMA synchronous"), 2); /* FULL */
    assert_int_equal(store_number(db, "PRAGMA query_only"), 0);
    struct db *reader = store_open(folder_file(&folder, "test.db"), DB_READER);
    assert_int_equal(store_number(reader, "PRAGMA query_only"), 1);
    assert_true(db_reads_inline(reader));
    db_close(reader);
}

/* A statement that would run for hours ends at the deadline, and the connection is good after it. */
static void a_deadline_ends_a_running_statement(void **state)
{
    (void)state;
    static const char endless[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                                  "LIMIT 1000000000000) SELECT count(*) FROM n";
    store_must(db, db_limit_time(db, 60));
    store_must(db, run("INSERT INTO item (name) VALUES ('one')"));
    db_deadline(db, clock_monotonic() + 0.02);
    assert_int_equal(run(endless), DB_TIMEOUT);
    assert_int_equal(run("SELECT 1"), DB_TIMEOUT);
    db_deadline(db, 0);
    assert_int_equal(items(), 1);
    store_must(db, db_begin_write(db));
    store_must(db, run("INSERT INTO item (name) VALUES ('two')"));
    db_deadline(db, clock_monotonic() + 0.02);
    assert_int_equal(run(endless), DB_TIMEOUT);
    db_deadline(db, 0);
    store_must(db, db_rollback(db));
    assert_int_equal(items(), 1);
}

static void damage_is_found(void **state)
{
    (void)state;
    struct buf problems = {0};
    char page[4096] = "";
    store_must(db, db_begin_write(db));
    for (int i = 0; i < 500; i++) {
        struct db_stmt *stmt = db_prepare(db, "INSERT INTO item (name) VALUES ($1)");
        memset(page, 'a' + i % 20, 200);
        snprintf(page + 200, 20, "%d", i);
        db_bind_textz(stmt, 1, page);
        store_must(db, db_run(stmt));
    }
    store_must(db, db_commit(db));
    assert_int_equal(db_check(db, &problems), DB_OK);
    assert_int_equal(problems.len, 0);
    db_close(db); /* the last one moves everything from the WAL to the file */
    FILE *file = fopen(folder_file(&folder, "test.db"), "r+");
    fseek(file, -8 * (long)sizeof page, SEEK_END);
    memset(page, 0x5A, sizeof page);
    assert_int_equal(fwrite(page, sizeof page, 1, file), 1);
    fclose(file);
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    assert_true(db_check(db, &problems) != DB_OK || problems.len > 0);
    buf_clear(&problems);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(integers_of_64_bits),
        TEST(doubles_come_back_the_same),
        TEST(texts_keep_every_byte),
        TEST(null_reads_as_nothing),
        TEST(numbers_of_parameters_are_those_of_the_sql),
        TEST(a_statement_begins_without_parameters),
        TEST(many_statements_are_kept_apart),
        TEST(the_same_sql_inside_itself),
        TEST(a_running_statement_is_not_evicted),
        TEST(a_kept_statement_sees_a_new_schema),
        TEST(an_error_sticks_to_its_statement),
        TEST(run_and_changes),
        TEST(a_key_is_never_used_again),
        TEST(the_end_of_a_transaction),
        TEST(a_savepoint_is_kept_or_taken_back),
        TEST(errors_leave_the_rest_of_the_transaction),
        TEST(a_reader_has_one_snapshot),
        TEST(a_second_writer_waits_its_turn),
        TEST(a_full_disk_keeps_the_old_state),
        TEST(a_reader_cannot_write),
        TEST(a_folder_that_cannot_be_written),
        TEST(what_is_no_database_is_not_opened),
        TEST(a_commit_is_durable_by_its_settings),
        TEST(a_deadline_ends_a_running_statement),
        TEST(damage_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
