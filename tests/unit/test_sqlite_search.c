/* Folding and the trigram index of the SQLite driver, against a model in C. */
#include "support.h"

#include "base/utf8.h"

static struct folder folder;
static struct db *db;

static int setup(void **state)
{
    static const char *const lines[] = {
        "CREATE TABLE note (id {ID}, title {TEXT}, body {TEXT}, color {INT});",
        "@search note title body", NULL};
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

static void fold_is_the_same_in_sql_and_in_c(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     "abc XYZ", "ПРИВЕТ, Мир", "ÀÉÎÕÜ ß", "ΑΣ",
                                        "İıIi", "'%_\\",   "ǅ ﬁ 😀",       "ЁёЪъ",    "ԱՖ"};
    struct buf sql = {0};
    buf_adds(&sql, "SELECT ");
    db_sql_fold(db, &sql, "$1", 0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buf folded = {0};
        utf8_fold(&folded, texts[i], strlen(texts[i]));
        struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
        db_bind_textz(stmt, 1, texts[i]);
        assert_int_equal(db_step(stmt), DB_ROW);
        assert_string_equal(db_text(stmt, 0, NULL), buf_text(&folded));
        db_finish(stmt);
        buf_clear(&folded);
    }
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    assert_int_equal(db_step(stmt), DB_ROW);
    assert_true(db_is_null(stmt, 0));
    db_finish(stmt);
    assert_int_equal(store_number(db, "SELECT fold('ЖЁ') = 'жё'"), 1);
    buf_clear(&sql);
}

#define NOTES 200

/* What stands in the table, by id; NULL: null. */
static struct {
    bool there;
    char *title, *body;
} notes[NOTES + 1];

static uint64_t seed;

static size_t pick(size_t count)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((seed >> 33) % count);
}

/* Few different letters, so that much is found; and all that could mean something to the index. */
static char *random_text(size_t parts)
{
    static const char *const pieces[] = {
        "а",     "Б",  "б",   "Ж",    "ё", "x",  "X", "y", "\"", "'", "%",    "_",
        "\\",    "*",  "^",   ":",    "(", ")",  "-", "+", "{",  "}", " ",    "\n",
        "AND",   "OR", "NOT", ",",    ".", "é",  "É", "ß", "😀",  "1", "\"\"", "doc",
        "NEAR(", "ab", "AB",  "doc:", ";", "--", "а", "x", "#"};
    struct buf text = {0};
    for (size_t i = 0; i < parts; i++)
        buf_adds(&text, pieces[pick(sizeof pieces / sizeof pieces[0])]);
    return buf_take(&text, NULL);
}

static void clear_note(int id)
{
    free(notes[id].title);
    free(notes[id].body);
    notes[id].title = notes[id].body = NULL;
    notes[id].there = false;
}

static void write_note(int id, const char *sql)
{
    free(notes[id].title);
    free(notes[id].body);
    notes[id].there = true;
    notes[id].title = pick(8) ? random_text(pick(8)) : NULL;
    notes[id].body = pick(8) ? random_text(pick(30)) : NULL;
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, id);
    db_bind_textz(stmt, 2, notes[id].title);
    db_bind_textz(stmt, 3, notes[id].body);
    store_must(db, db_run(stmt));
}

/* Does the folded document hold every three letters in a row of the folded text? */
static bool expected(int id, const char *folded, size_t len)
{
    struct buf doc = {0};
    const char *title = notes[id].title ? notes[id].title : "";
    const char *body = notes[id].body ? notes[id].body : "";
    utf8_fold(&doc, title, strlen(title));
    buf_addc(&doc, ' ');
    utf8_fold(&doc, body, strlen(body));
    bool holds = true;
    for (size_t i = 0; holds && i < len; i++) {
        size_t stop = i;
        if (((unsigned char)folded[i] & 0xC0) == 0x80)
            continue;
        for (int points = 0; points < 3 && stop < len; points++) {
            for (stop++; stop < len && ((unsigned char)folded[stop] & 0xC0) == 0x80;)
                stop++;
        }
        if (utf8_length(folded + i, stop - i) == 3)
            holds = doc.len && memmem(doc.data, doc.len, folded + i, stop - i);
    }
    buf_clear(&doc);
    return holds;
}

/* The rows the index names are exactly those, for one text. False: too short for the index. */
static bool check_search(struct arena *arena, const char *text)
{
    struct buf folded = {0}, sql = {0};
    bool found[NOTES + 1] = {false};
    utf8_fold(&folded, text, strlen(text));
    const char *bound = db_search_text(db, arena, buf_text(&folded), folded.len);
    bool short_text = utf8_length(buf_text(&folded), folded.len) < 3;
    assert_int_equal(bound == NULL, short_text);
    buf_adds(&sql, "SELECT t.id FROM note t WHERE ");
    db_sql_search(db, &sql, "note", 1);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    db_bind_textz(stmt, 1, bound);
    enum db_rc rc = DB_NONE;
    while (bound && (rc = db_step(stmt)) == DB_ROW)
        found[db_int(stmt, 0)] = true;
    db_finish(stmt);
    if (rc != DB_NONE)
        fail_msg("%s: %s", text, db_message(db));
    for (int id = 1; bound && id <= NOTES; id++) {
        bool wanted = notes[id].there && expected(id, folded.data, folded.len);
        if (found[id] != wanted)
            fail_msg("%s: note %d is %sfound", text, id, found[id] ? "" : "not ");
    }
    buf_clear(&folded);
    buf_clear(&sql);
    return !short_text;
}

static void check_searches(void)
{
    int long_ones = 0;
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < 60; i++) {
        char *text = random_text(1 + pick(4));
        long_ones += check_search(&arena, text);
        free(text);
    }
    for (int i = 0; i < 40; i++) { /* a piece of what is there */
        const char *body = notes[1 + pick(NOTES)].body;
        size_t len = body ? strlen(body) : 0, from = len ? pick(len) : 0, end = from + pick(12);
        while (from && ((unsigned char)body[from] & 0xC0) == 0x80)
            from--;
        end = end > len ? len : end;
        while (end < len && ((unsigned char)body[end] & 0xC0) == 0x80)
            end++;
        char *text = strndup(body ? body + from : "", end - from);
        long_ones += check_search(&arena, text);
        free(text);
    }
    assert_true(long_ones > 30);
    arena_clear(&arena);
}

static void the_index_follows_every_change(void **state)
{
    (void)state;
    static const char add[] = "INSERT INTO note (id, title, body) VALUES ($1, $2, $3)";
    static const char set[] = "UPDATE note SET title = $2, body = $3 WHERE id = $1";
    seed = 42;
    store_must(db, db_begin_write(db));
    for (int id = 1; id <= NOTES; id++)
        write_note(id, add);
    store_must(db, db_commit(db));
    check_searches();
    store_must(db, db_begin_write(db));
    for (int id = 1; id <= NOTES; id += 3)
        write_note(id, set);
    store_must(db, db_exec(db, "UPDATE note SET color = id"));
    store_must(db, db_commit(db));
    check_searches();
    store_must(db, db_exec(db, "DELETE FROM note WHERE id % 4 = 0"));
    for (int id = 4; id <= NOTES; id += 4)
        clear_note(id);
    check_searches();
    for (int id = 8; id <= NOTES; id += 8)
        write_note(id, add);
    check_searches();
    store_must(db, db_begin_write(db));
    store_must(db, db_exec(db, "DELETE FROM note WHERE id % 2 = 1"));
    store_must(db, db_savepoint(db));
    store_must(db, db_exec(db, "UPDATE note SET title = 'абв'"));
    store_must(db, db_rollback_to(db));
    store_must(db, db_rollback(db));
    check_searches();
    store_exec(db, "INSERT INTO note_search(note_search) VALUES ('integrity-check')");
    for (int id = 1; id <= NOTES; id++)
        clear_note(id);
}

static void a_long_text_is_searched_for(void **state)
{
    (void)state;
    struct arena arena;
    char text[1025];
    arena_init(&arena);
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = (char)('a' + i * i % 23);
    text[sizeof text - 1] = '\0';
    write_note(1, "INSERT INTO note (id, title, body) VALUES ($1, $2, $3)");
    free(notes[1].body);
    notes[1].body = strdup(text);
    struct db_stmt *stmt = db_prepare(db, "UPDATE note SET body = $1");
    db_bind_textz(stmt, 1, text);
    store_must(db, db_run(stmt));
    assert_true(check_search(&arena, text));
    memset(text, '"', sizeof text - 1);
    assert_true(check_search(&arena, text));
    assert_false(check_search(&arena, ""));
    assert_false(check_search(&arena, "жж"));
    assert_true(check_search(&arena, "жжж"));
    clear_note(1);
    arena_clear(&arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fold_is_the_same_in_sql_and_in_c),
        TEST(the_index_follows_every_change),
        TEST(a_long_text_is_searched_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
