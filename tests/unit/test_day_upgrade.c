/* Dates that were stored as instants, brought to days: whatever the zone did with its clocks. */
#include "support.h"

#include "day_support.h"

static struct folder folder;
static struct db *db;

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    db = store_open(folder_file(&folder, "old.db"), DB_WRITER);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    folder_remove(&folder);
    return 0;
}

/* As a version before stored what a client gave. */
static int64_t old_instant(const struct zone *zone, int64_t day)
{
    return day * 86400 - zone_offset(zone, day * 86400);
}

static void store_old(const struct zone *zone, int64_t day)
{
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO member (id, login, date_register, updated, uf_department, "
            "personal_birthday, uf_employment_date) VALUES ($1, CAST($1 AS TEXT), 0, 0, '[1]', $2, "
            "$3)");
    db_bind_int(stmt, 1, day + 100000);
    db_bind_int(stmt, 2, old_instant(zone, day));
    db_bind_null(stmt, 3);
    assert_int_equal(db_run(stmt), DB_OK);
}

static void check_zone(const char *name)
{
    int64_t first = days_from_civil(1978, 1, 1), last = days_from_civil(2014, 1, 1);
    struct zone *zone = zone_load(name);
    struct buf why = {0};
    assert_non_null(zone);
    make_old(db, name);
    assert_int_equal(db_begin_write(db), DB_OK);
    for (int64_t day = first; day < last; day++)
        store_old(zone, day);
    assert_int_equal(db_commit(db), DB_OK);
    if (!upgrade(db, schema_migrations, &why))
        fail_msg("%s", buf_text(&why));
    struct db_stmt *stmt = db_prepare(
        db, "SELECT personal_birthday, uf_employment_date FROM member WHERE id > 1 ORDER BY id");
    for (int64_t day = first; day < last; day++) {
        assert_int_equal(db_step(stmt), DB_ROW);
        /* Where a day was left out two of them were one instant. */
        bool twin = old_instant(zone, day) == old_instant(zone, day + 1);
        if (db_int(stmt, 0) != day && !(twin && db_int(stmt, 0) == day + 1))
            fail_msg("%s: day %lld became %lld", name, (long long)day, (long long)db_int(stmt, 0));
        assert_true(db_is_null(stmt, 1));
    }
    db_finish(stmt);
    assert_int_equal(store_number(db, "SELECT count(*) FROM sqlite_master WHERE name = "
                                      "'day_of_instant'"),
                     0);
    buf_clear(&why);
    zone_free(zone);
}

#define ZONE(function, name)                                                                       \
    static void function(void **state)                                                             \
    {                                                                                              \
        (void)state;                                                                               \
        check_zone(name);                                                                          \
    }

ZONE(moscow, "Europe/Moscow")
ZONE(vladivostok, "Asia/Vladivostok")
ZONE(sydney, "Australia/Sydney")
ZONE(santiago, "America/Santiago")
ZONE(tehran, "Asia/Tehran")
ZONE(samoa, "Pacific/Apia")
ZONE(sao_paulo, "America/Sao_Paulo")
ZONE(fixed, "+03:00")

/* All columns, and what local midnight was where that is not the old formula's. */
static void every_column(void **state)
{
    (void)state;
    make_old(db, "Europe/Moscow");
    check_every_column(db);
}

static void a_zone_that_is_not_here(void **state)
{
    struct buf why = {0};
    (void)state;
    make_old(db, "Europe/Moscow");
    assert_int_equal(db_exec(db, "UPDATE setting SET value = 'Mars/Olympus'"), DB_OK);
    assert_false(upgrade(db, schema_migrations, &why));
    assert_string_equal(buf_text(&why),
                        "the portal's time zone Mars/Olympus is not known here; install tzdata");
    assert_int_equal(db_exec(db, "UPDATE setting SET value = 'Europe/Moscow'"), DB_OK);
    assert_true(upgrade(db, schema_migrations, &why));
    buf_clear(&why);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(moscow),       TEST(vladivostok),
                                       TEST(sydney),       TEST(santiago),
                                       TEST(tehran),       TEST(samoa),
                                       TEST(sao_paulo),    TEST(fixed),
                                       TEST(every_column), TEST(a_zone_that_is_not_here)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
