/* The bytes of files: kept once, found again, gone after the commit that dropped them. */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "portal/file_store.h"

static struct folder folder;
static struct portal *portal;
static struct db *db;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    portal = portal_make(&folder);
    db = portal_store(portal, DB_WRITER);
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    portal_close(portal);
    arena_clear(&arena);
    folder_remove(&folder);
    return 0;
}

/* Files below DATA/files, whatever their names. */
static int count_files(void)
{
    int count = 0;
    DIR *root = opendir(folder_file(&folder, "files"));
    for (struct dirent *entry; root && (entry = readdir(root));) {
        char path[512];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/files/%s", folder.path, entry->d_name);
        DIR *part = opendir(path);
        assert_non_null(part);
        for (struct dirent *file; (file = readdir(part));)
            count += strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0;
        closedir(part);
    }
    if (root)
        closedir(root);
    return count;
}

static void expect_content(const char *hash, const void *bytes, size_t len)
{
    static char read_back[1 << 17];
    int fd = file_open(portal, hash);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, read_back, sizeof read_back), len);
    assert_memory_equal(read_back, bytes, len);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(fd);
}

static bool there(const char *hash)
{
    int fd = file_open(portal, hash);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void put(const char *text, char hash[FILE_HASH_HEX])
{
    assert_int_equal(file_put(portal, text, strlen(text), hash), DB_OK);
}

static void what_is_put_is_read_back(void **state)
{
    (void)state;
    static char big[100000];
    char hash[FILE_HASH_HEX];
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 7 + i / 256);
    static const size_t sizes[] = {1, 2, 3, 4095, 4096, 4097, sizeof big};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_int_equal(file_put(portal, big, sizes[i], hash), DB_OK);
        assert_int_equal(strlen(hash), 64);
        expect_content(hash, big, sizes[i]);
    }
    assert_int_equal(file_put(portal, "a\0b", 3, hash), DB_OK);
    expect_content(hash, "a\0b", 3);
}

static void an_empty_file_is_a_file(void **state)
{
    (void)state;
    char hash[FILE_HASH_HEX];
    assert_int_equal(file_put(portal, "", 0, hash), DB_OK);
    expect_content(hash, "", 0);
}

/* The name is the content's: it must not change, or old data is lost. */
static void the_name_is_the_hash_of_the_bytes(void **state)
{
    (void)state;
    char hash[FILE_HASH_HEX], path[128];
    struct stat info;
    put("abc", hash);
    assert_string_equal(hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    snprintf(path, sizeof path, "files/bd/%s", hash);
    assert_int_equal(stat(folder_file(&folder, path), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(folder_file(&folder, "files/bd"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
}

static void equal_content_is_kept_once(void **state)
{
    (void)state;
    char one[FILE_HASH_HEX], two[FILE_HASH_HEX], other[FILE_HASH_HEX];
    put("the same", one);
    put("the same", two);
    assert_string_equal(one, two);
    assert_int_equal(count_files(), 1);
    put("another", other);
    assert_string_not_equal(one, other);
    assert_int_equal(count_files(), 2);
}

/* What a crash could have left: a file of another size under the name. */
static void a_cut_file_is_written_anew(void **state)
{
    (void)state;
    char hash[FILE_HASH_HEX], path[128];
    put("whole content", hash);
    snprintf(path, sizeof path, "files/%.2s/%s", hash, hash);
    assert_int_equal(truncate(folder_file(&folder, path), 3), 0);
    put("whole content", hash);
    expect_content(hash, "whole content", 13);
    assert_int_equal(count_files(), 1);
}

static void what_is_not_there_is_not_opened(void **state)
{
    (void)state;
    char hash[FILE_HASH_HEX];
    put("x", hash);
    hash[10] = hash[10] == '0' ? '1' : '0';
    assert_int_equal(file_open(portal, hash), -1);
}

static void a_folder_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    char hash[FILE_HASH_HEX], *data_dir = portal->data_dir;
    static char missing[] = "/tmp/rapport-unit-no-such-folder/below";
    portal->data_dir = missing;
    assert_int_equal(file_put(portal, "x", 1, hash), DB_ERROR);
    static char too_long[2000];
    memset(too_long, 'a', sizeof too_long - 1);
    portal->data_dir = too_long;
    assert_int_equal(file_put(portal, "x", 1, hash), DB_ERROR);
    assert_int_equal(file_open(portal, hash), -1);
    portal->data_dir = data_dir;
    /* A file stands where the folder should be: nobody may write there, not even root. */
    FILE *file = fopen(folder_file(&folder, "files"), "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(file_put(portal, "x", 1, hash), DB_ERROR);
}

/* ---- drops ---- */

static void add_row(const char *hash)
{
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO activity_file (activity_id, name, size, content) VALUES (1, 'n', 1, $1)");
    db_bind_textz(stmt, 1, hash);
    store_must(db, db_run(stmt));
}

static void a_drop_removes_what_nobody_uses(void **state)
{
    (void)state;
    struct request req = {.arena = &arena};
    char one[FILE_HASH_HEX], two[FILE_HASH_HEX], three[FILE_HASH_HEX];
    put("one", one);
    put("two", two);
    put("three", three);
    add_row(two);
    file_drop_add(&req, one);
    file_drop_add(&req, two);
    file_drops_run(portal, db, req.drops);
    assert_false(there(one));
    assert_true(there(two)); /* a row names it */
    assert_true(there(three));
    /* A drop of what is gone already is no trouble. */
    file_drops_run(portal, db, req.drops);
    assert_true(there(two));
    file_drops_run(portal, db, NULL);
}

static void a_drop_spares_what_the_same_commit_took_up(void **state)
{
    (void)state;
    struct request first = {.arena = &arena}, second = {.arena = &arena};
    char hash[FILE_HASH_HEX];
    put("shared", hash);
    add_row(hash);
    store_must(db, db_begin_write(db));
    store_exec(db, "DELETE FROM activity_file");
    file_drop_add(&first, hash);
    put("shared", hash); /* a later request of the same commit */
    add_row(hash);
    store_must(db, db_commit(db));
    file_drops_run(portal, db, first.drops);
    expect_content(hash, "shared", 6);
    store_must(db, db_begin_write(db));
    store_exec(db, "DELETE FROM activity_file");
    file_drop_add(&second, hash);
    file_drop_add(&second, hash);
    store_must(db, db_commit(db));
    file_drops_run(portal, db, second.drops);
    assert_false(there(hash));
    assert_int_equal(count_files(), 0);
}

static void a_drop_is_not_run_on_a_shared_store(void **state)
{
    (void)state;
    static char schema[] = "portal_1";
    struct request req = {.arena = &arena};
    char hash[FILE_HASH_HEX];
    put("content", hash);
    file_drop_add(&req, hash);
    portal->schema = schema;
    file_drops_run(portal, db, req.drops);
    portal->schema = NULL;
    assert_true(there(hash));
}

/* Better an orphan than a file that is missed: `rapport check` finds it. */
static void a_drop_that_cannot_ask_removes_nothing(void **state)
{
    (void)state;
    struct request req = {.arena = &arena};
    char hash[FILE_HASH_HEX];
    put("content", hash);
    file_drop_add(&req, hash);
    store_exec(db, "ALTER TABLE activity_file RENAME TO elsewhere");
    file_drops_run(portal, db, req.drops);
    assert_true(there(hash));
}

/* ---- Base64 ---- */

static void base64_is_read_as_php_reads_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *bytes;
        size_t len;
    } cases[] = {
        {"aGVsbG8=", "hello", 5},
        {"aGVsbG8", "hello", 5},
        {"aGVs\r\nbG8h\r\n", "hello!", 6},
        {" a G V s b G 8 = ", "hello", 5},
        {"aGVs\tbG8 = ", "hello", 5},
        {"AAAA", "\0\0\0", 3},
        {"////", "\xff\xff\xff", 3},
        {"+/+/", "\xfb\xff\xbf", 3},
        {"QQ", "A", 1},
        {"QQ==", "A", 1},
        {"QUI=", "AB", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = 99;
        unsigned char *bytes = file_decode(&arena, cases[i].text, strlen(cases[i].text), &len);
        if (!bytes || len != cases[i].len || memcmp(bytes, cases[i].bytes, len) != 0)
            fail_msg("%s", cases[i].text);
    }
}

static void what_is_no_base64_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",
                                        " ",
                                        "Q",
                                        "aGVsb",
                                        "====",
                                        "QQ=",
                                        "QQ===",
                                        "QUI==",
                                        "QUJD=",
                                        "QQ==Qg==",
                                        "=aGVsbG8=",
                                        "aGVs=bG8=",
                                        "a-G_V*s.b\tG8!",
                                        "data:image/png;base64,aGVsbG8=",
                                        "base64_encoded_content_here",
                                        "no Base64!",
                                        "\xd0\x96"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = 0;
        if (file_base64_size(cases[i], strlen(cases[i])) ||
            file_decode(&arena, cases[i], strlen(cases[i]), &len))
            fail_msg("%s", cases[i]);
    }
}

static void base64_of_every_length_fits_its_memory(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'z', sizeof text);
    for (size_t size = 0; size < sizeof text; size++) {
        size_t len;
        if (size == 0 || size % 4 == 1) {
            assert_null(file_decode(&arena, text, size, &len));
            continue;
        }
        assert_non_null(file_decode(&arena, text, size, &len));
        assert_int_equal(len, size * 6 / 8);
    }
    /* The length counts, not a NUL. */
    assert_int_equal(file_base64_size("QUI=\0", 5), 0);
    assert_int_equal(file_base64_size("QUI=QUI=", 4), 2);
}

/* ---- which rows name content ---- */

static bool is_known(const char *table, const char *column)
{
    const struct file_reference *const *known = file_references;
    while (*known && (strcmp((*known)->table, table) != 0 || strcmp((*known)->column, column) != 0))
        known++;
    return *known;
}

/* A column that names content is called so: one without its FILE_COLUMN would be swept empty. */
static void every_column_with_content_is_known(void **state)
{
    (void)state;
    struct db_stmt *stmt = db_prepare(db, "SELECT m.name, c.name FROM sqlite_master m JOIN "
                                          "pragma_table_info(m.name) c WHERE m.type = 'table' AND "
                                          "(c.name = 'content' OR c.name LIKE '%\\_content' ESCAPE "
                                          "'\\') AND c.name <> 'utm_content'");
    int found = 0;
    while (db_step(stmt) == DB_ROW) {
        found++;
        if (!is_known(db_text(stmt, 0, NULL), db_text(stmt, 1, NULL)))
            fail_msg("no FILE_COLUMN for %s.%s", db_text(stmt, 0, NULL), db_text(stmt, 1, NULL));
    }
    db_finish(stmt);
    assert_true(found >= 2);
}

static void every_column_that_is_known_is_there(void **state)
{
    (void)state;
    for (const struct file_reference *const *known = file_references; *known; known++) {
        char sql[256];
        snprintf(sql, sizeof sql, "SELECT count(%s) + count(%s) FROM %s", (*known)->column,
                 (*known)->owner_column, (*known)->table);
        store_number(db, sql);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_put_is_read_back),
        TEST(an_empty_file_is_a_file),
        TEST(the_name_is_the_hash_of_the_bytes),
        TEST(equal_content_is_kept_once),
        TEST(a_cut_file_is_written_anew),
        TEST(what_is_not_there_is_not_opened),
        TEST(a_folder_that_cannot_be_written_is_told),
        TEST(a_drop_removes_what_nobody_uses),
        TEST(a_drop_spares_what_the_same_commit_took_up),
        TEST(a_drop_is_not_run_on_a_shared_store),
        TEST(a_drop_that_cannot_ask_removes_nothing),
        TEST(every_column_with_content_is_known),
        TEST(every_column_that_is_known_is_there),
        TEST(base64_is_read_as_php_reads_it),
        TEST(what_is_no_base64_is_refused),
        TEST(base64_of_every_length_fits_its_memory),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
