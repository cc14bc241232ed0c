/* test_postgres_trouble - readers, lost connections, two writers, search: the PostgreSQL driver. */
#include "postgres_support.h"

#include <utf8proc.h>

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

/* Every letter of every script, and what it becomes: by the letters of what is looked for, and of more. */
static void fold_agrees_with_ours(void **state)
{
    (void)state;
    struct buf texts = {0}, folded = {0}, from = {0}, to = {0}, sql = {0};
    for (int32_t point = 1; point < 0x1F000; point++) {
        unsigned char bytes[4];
        if (point == 0xD800)
            point = 0xE000;
        buf_add(&texts, (const char *)bytes, (size_t)utf8proc_encode_char(point, bytes));
        buf_addc(&texts, 'S'); /* beside a letter, as at a word's end */
    }
    utf8_fold(&folded, texts.data, texts.len);
    assert_true(db_fold_letters(db, folded.data, folded.len, &from, &to));
    buf_adds(&sql, "SELECT ");
    db_sql_fold(db, &sql, "$1::text", 2);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    db_bind_text(stmt, 1, texts.data, texts.len);
    db_bind_text(stmt, 2, from.data, from.len);
    db_bind_text(stmt, 3, to.data, to.len);
    assert_int_equal(db_step(stmt), DB_ROW);
    assert_string_equal(db_text(stmt, 0, NULL), buf_text(&folded));
    db_finish(stmt);
    buf_clear(&texts);
    buf_clear(&folded);
    buf_clear(&from);
    buf_clear(&to);
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
    assert_string_equal(buf_text(&problems), "index broken is invalid; REINDEX INDEX broken\n");
    buf_clear(&problems);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
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
