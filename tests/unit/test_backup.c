/* A backup brings back what is hard to bring back: every kind of value, rows beyond one member, a portal of an
 * older version; and it takes nothing that does not fit. */
#include "support.h"

#include <fcntl.h>
#include <float.h>
#include <sys/stat.h>

#include "app/backup.h"
#include "portal/migrate.h"

static struct folder folder;
static struct portal from, to;
static char from_dir[128], to_dir[128], from_db[160], to_db[160], tar[160];

static void place(struct portal *portal, char *dir, size_t dir_size, char *db, size_t db_size,
                  const char *name)
{
    snprintf(dir, dir_size, "%s/%s", folder.path, name);
    snprintf(db, db_size, "%s/portal.db", dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    *portal = (struct portal){
        .data_dir = dir, .store = db, .zone = zone_load("Europe/Moscow"), .lock_fd = -1};
    memset(portal->key.bytes, 7, sizeof portal->key.bytes);
}

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    place(&from, from_dir, sizeof from_dir, from_db, sizeof from_db, "from");
    place(&to, to_dir, sizeof to_dir, to_db, sizeof to_db, "to");
    snprintf(tar, sizeof tar, "%s/portal.tar", folder.path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zone_free(from.zone);
    zone_free(to.zone);
    folder_remove(&folder);
    return 0;
}

/* The steps whose names come before `end`. */
static void make_schema(const char *end)
{
    struct migration list[64] = {{0}};
    struct buf why = {0};
    size_t count = 0;
    int ran;
    for (const struct migration *m = schema_migrations; m->name && count < 63; m++) {
        if (strcmp(m->name, end) < 0)
            list[count++] = *m;
    }
    struct db *db = portal_store(&from, DB_WRITER);
    if (!migrate_run(db, list, 1, &ran, &why))
        fail_msg("%s", buf_text(&why));
    db_close(db);
}

static void back_up(void)
{
    struct backup_totals totals = {0};
    struct buf why = {0};
    struct db *db = portal_store(&from, DB_READER);
    int fd = open(tar, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!backup_write(&from, db, fd, true, &totals, &why))
        fail_msg("%s", buf_text(&why));
    close(fd);
    db_close(db);
    buf_clear(&totals.missing);
}

static bool restore(struct buf *why)
{
    struct backup_image image = {0};
    struct backup_totals totals = {0};
    bool good = backup_verify(tar, &image, why) && backup_load(tar, &image, &to, &totals, why);
    if (good) {
        assert_true(image.has_key);
        assert_memory_equal(&image.key, &from.key, sizeof from.key);
    }
    backup_image_clear(&image);
    return good;
}

static void must_restore(void)
{
    struct buf why = {0};
    if (!restore(&why))
        fail_msg("%s", buf_text(&why));
}

static void every_kind_of_value_comes_back(void **state)
{
    static const double reals[] = {0.1,     1e300,   5e-324,        -1.0,     DBL_MAX,
                                   1.0 / 3, DBL_MIN, 1234567.89125, -2.5e-17, 100};
    static const int64_t integers[] = {INT64_MIN, INT64_MAX, 0, -1, 1LL << 53};
    char odd[256 + 12];
    size_t len = 0;
    (void)state;
    for (int byte = 0; byte < 128; byte++)
        odd[len++] = (char)byte;
    memcpy(odd + len, "\\N\\.\xc3\xbc\xf0\x9f\x98\x80", 10);
    len += 10;
    make_schema("9");
    struct db *db = portal_store(&from, DB_WRITER);
    store_must(db, db_begin_write(db));
    for (size_t i = 0; i < 10; i++) {
        struct db_stmt *stmt =
            db_prepare(db, "INSERT INTO multifield (id, entity_id, element_id, type_id, "
                           "value_type, value) VALUES ($1, 'X', $2, '', '\t', $3)");
        db_bind_int(stmt, 1, (int64_t)i + 1);
        db_bind_int(stmt, 2, integers[i % 5]);
        db_bind_text(stmt, 3, odd, len - i);
        store_must(db, db_run(stmt));
        stmt = db_prepare(db, "INSERT INTO company (id, title, revenue, opened, has_phone, "
                              "has_email, has_imol, is_my_company, assigned_by_id, created_by_id, "
                              "modify_by_id, date_create, date_modify, comments) VALUES ($1, '', "
                              "$2, 'Y', 'N', 'N', 'N', 'N', 1, 1, 1, 0, 0, NULL)");
        db_bind_int(stmt, 1, (int64_t)i + 1);
        db_bind_double(stmt, 2, reals[i]);
        store_must(db, db_run(stmt));
    }
    store_must(db, db_commit(db));
    db_close(db);
    back_up();
    must_restore();
    db = portal_store(&to, DB_READER);
    struct db_stmt *stmt = db_prepare(
        db, "SELECT m.element_id, m.value, c.revenue, c.comments, c.title FROM multifield m "
            "JOIN company c ON c.id = m.id ORDER BY m.id");
    for (size_t i = 0; i < 10; i++) {
        size_t have;
        assert_int_equal(db_step(stmt), DB_ROW);
        assert_int_equal(db_int(stmt, 0), integers[i % 5]);
        const char *text = db_text(stmt, 1, &have);
        assert_int_equal(have, len - i);
        assert_memory_equal(text, odd, have);
        double real = db_double(stmt, 2);
        assert_memory_equal(&real, &reals[i], sizeof real);
        assert_true(db_is_null(stmt, 3));
        assert_false(db_is_null(stmt, 4));
    }
    assert_int_equal(db_step(stmt), DB_NONE);
    db_finish(stmt);
    db_close(db);
}

/* A row is never cut, and a table is as many members as it takes. */
static void rows_of_any_size_come_back(void **state)
{
    enum { ROWS = 40, LONG = 1 << 20 };
    char *text = malloc(LONG);
    (void)state;
    assert_non_null(text);
    make_schema("9");
    struct db *db = portal_store(&from, DB_WRITER);
    store_must(db, db_begin_write(db));
    for (int i = 0; i < ROWS; i++) {
        struct db_stmt *stmt =
            db_prepare(db, "INSERT INTO activity_transcript (activity_id, text) VALUES ($1, $2)");
        memset(text, i % 2 ? '\\' : 'a' + i % 26, LONG);
        db_bind_int(stmt, 1, i + 1);
        db_bind_text(stmt, 2, text, i == 7 ? 0 : LONG);
        store_must(db, db_run(stmt));
    }
    store_must(db, db_commit(db));
    db_close(db);
    free(text);
    back_up();
    struct backup_image image = {0};
    struct buf why = {0};
    assert_true(backup_verify(tar, &image, &why));
    int64_t chunks = 0;
    for (size_t i = 0; i < image.table_count; i++) {
        if (!strcmp(image.tables[i].name, "activity_transcript"))
            chunks = image.tables[i].chunks;
    }
    assert_true(chunks > 8);
    backup_image_clear(&image);
    must_restore();
    db = portal_store(&to, DB_READER);
    assert_int_equal(store_number(db, "SELECT count(*) FROM activity_transcript"), ROWS);
    assert_int_equal(store_number(db, "SELECT sum(length(text)) FROM activity_transcript"),
                     (int64_t)(ROWS - 1) * LONG);
    assert_int_equal(store_number(db, "SELECT count(*) FROM activity_transcript WHERE "
                                      "activity_id % 2 = 0 AND text NOT LIKE '%a%' AND "
                                      "activity_id <> 8 AND substr(text, 1, 1) = char(92)"),
                     ROWS / 2 - 1);
    db_close(db);
}

/* Moscow's offset was another one in 1981: 1981-04-01 was kept as the instant 354920400, and is a day now. */
static void a_portal_of_an_older_version_is_restored_and_brought_up_to_date(void **state)
{
    struct buf why = {0}, kept = {0};
    (void)state;
    make_schema("010");
    struct db *db = portal_store(&from, DB_WRITER);
    store_exec(db, "INSERT INTO setting (name, value) VALUES ('time_zone', 'Europe/Moscow');"
                   "INSERT INTO member (id, login, date_register, updated, personal_birthday) "
                   "VALUES (5, 'old', 0, 0, 354920400)");
    store_exec(db, "DELETE FROM crm_status WHERE status_id = 'JUNK'");
    db_close(db);
    back_up();
    must_restore();
    if (!portal_create(&to, NULL, &why))
        fail_msg("%s", buf_text(&why));
    db = portal_store(&to, DB_READER);
    assert_int_equal(store_number(db, "SELECT personal_birthday FROM member WHERE id = 5"), 4108);
    assert_int_equal(store_number(db, "SELECT count(*) FROM member"), 1);
    assert_int_equal(store_number(db, "SELECT count(*) FROM crm_status WHERE status_id = 'JUNK'"),
                     0);
    assert_int_equal(store_number(db, "SELECT count(*) FROM migration WHERE name >= '010'") > 0, 1);
    assert_true(portal_setting(db, "key_fingerprint", &kept));
    db_close(db);
    buf_clear(&kept);
}

static void a_table_that_does_not_fit_is_refused(void **state)
{
    struct buf why = {0};
    (void)state;
    make_schema("9");
    struct db *db = portal_store(&from, DB_WRITER);
    store_exec(db, "CREATE TABLE stranger (id INTEGER PRIMARY KEY, x TEXT)");
    db_close(db);
    back_up();
    assert_false(restore(&why));
    assert_non_null(strstr(buf_text(&why), "not those of its schema"));
    db = portal_store(&from, DB_WRITER);
    store_exec(db, "DROP TABLE stranger; ALTER TABLE role ADD COLUMN x TEXT");
    db_close(db);
    back_up();
    why.len = 0;
    assert_false(restore(&why));
    assert_non_null(strstr(buf_text(&why), "the table role of the backup does not fit"));
    db = portal_store(&to, DB_READER);
    assert_int_equal(store_number(db, "SELECT count(*) FROM setting"), 0);
    db_close(db);
    buf_clear(&why);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_value_comes_back),
        TEST(rows_of_any_size_come_back),
        TEST(a_portal_of_an_older_version_is_restored_and_brought_up_to_date),
        TEST(a_table_that_does_not_fit_is_refused),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
