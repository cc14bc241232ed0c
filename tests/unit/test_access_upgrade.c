/* A portal made before there were permissions, brought up to them; and counting ids by a bit each. */
#include "support.h"

#include "people/access.h"
#include "portal/migrate.h"

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

static void upgrade(const struct migration *list)
{
    struct buf why = {0};
    int ran;
    if (!migrate_run(db, list, 1, &ran, &why))
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
}

/* The steps before 005. */
static void make_old(void)
{
    struct migration old[16] = {{0}};
    size_t count = 0;
    for (const struct migration *m = schema_migrations; m->name && count < 15; m++) {
        if (strcmp(m->name, "005") < 0)
            old[count++] = *m;
    }
    assert_int_equal(count, 4);
    upgrade(old);
}

static const char old_rows[] =
    "INSERT INTO department (id, name, parent_id) VALUES (1, 'root', NULL), (2, 'a', 1), (12, 'b', "
    "1);"
    "INSERT INTO member (id, login, date_register, updated, uf_department) VALUES (1, 'one', 0, 0, "
    "'[1]'), (2, 'two', 0, 0, '[2,12]'), (3, 'three', 0, 0, '[12]'), (4, 'four', 0, 0, '[99]');"
    "INSERT INTO deal (id, category_id, stage_id, stage_semantic_id, is_new, is_recurring, "
    "is_return_customer, is_repeated_approach, is_manual_opportunity, opened, closed, "
    "assigned_by_id, created_by_id, modify_by_id, date_create, date_modify) VALUES (5, 0, 'NEW', "
    "'P', 'N', 'N', 'N', 'N', 'N', 'Y', 'N', 3, 1, 1, 0, 0);"
    "INSERT INTO activity_binding (activity_id, owner_type_id, owner_id) VALUES (1, 2, 5), (1, 2, "
    "6), (2, 3, 5), (3, 31, 5)";

static void an_old_portal_gets_what_permissions_need(void **state)
{
    (void)state;
    struct access *access;
    make_old();
    store_exec(db, old_rows);
    upgrade(schema_migrations);
    assert_int_equal(store_number(db, "SELECT count(*) FROM member_department"), 4);
    assert_int_equal(store_number(db,
                                  "SELECT count(*) FROM member_department WHERE user_id = 2 AND "
                                  "department_id IN (2, 12)"),
                     2);
    /* Each binding knows whose its owner is; 0 where there is none. */
    assert_int_equal(store_number(db, "SELECT assigned_by_id FROM activity_binding WHERE "
                                      "activity_id = 1 AND owner_id = 5"),
                     3);
    assert_int_equal(store_number(db, "SELECT sum(assigned_by_id) FROM activity_binding"), 3);
    /* Nothing changes for anybody until a role is set. */
    for (int64_t user = 2; user <= 4; user++) {
        assert_int_equal(access_load(db, user, &access), DB_OK);
        assert_null(access);
    }
}

static int64_t count_of(const char *select)
{
    struct buf sql = {0};
    db_sql_count_ids(db, &sql, select);
    int64_t count = store_number(db, buf_text(&sql));
    buf_clear(&sql);
    return count;
}

static void each_id_counts_once(void **state)
{
    (void)state;
    assert_int_equal(count_of("SELECT 1 AS id WHERE 1=0"), 0);
    assert_int_equal(count_of("SELECT 7 AS id"), 1);
    assert_int_equal(count_of("SELECT 7 AS id UNION ALL SELECT 7 UNION ALL SELECT 8"), 2);
    assert_int_equal(count_of("SELECT NULL AS id UNION ALL SELECT 0"), 1);
    /* At the edges of its chunks, and far apart. */
    assert_int_equal(count_of("SELECT 65535 AS id UNION ALL SELECT 65536 UNION ALL SELECT 65535 "
                              "UNION ALL SELECT 131072 UNION ALL SELECT 10000000000"),
                     4);
    assert_int_equal(count_of("WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 3 FROM n "
                              "WHERE id < 300000) SELECT id FROM n UNION ALL SELECT id FROM n"),
                     100001);
}

static void what_is_no_id_is_an_error(void **state)
{
    (void)state;
    static const char *const wrong[] = {"-1", "9223372036854775807"};
    for (size_t i = 0; i < 2; i++) {
        struct buf sql = {0}, select = {0};
        buf_printf(&select, "SELECT 1 AS id UNION ALL SELECT %s", wrong[i]);
        db_sql_count_ids(db, &sql, buf_text(&select));
        struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
        assert_int_equal(db_step(stmt), DB_ERROR);
        db_finish(stmt);
        buf_clear(&sql);
        buf_clear(&select);
    }
    assert_int_equal(count_of("SELECT 3 AS id"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_old_portal_gets_what_permissions_need),
        cmocka_unit_test(each_id_counts_once),
        cmocka_unit_test(what_is_no_id_is_an_error),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, setup, teardown);
}
