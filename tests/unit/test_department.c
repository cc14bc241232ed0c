/* A department goes: its people keep all others that they stand in, however many. */
#include "pipeline_support.h"

#define DEPARTMENTS 90
#define STRUCTURE "departmentshook00"

static int setup(void **state)
{
    int64_t unused;
    pipeline_setup(state);
    store_must(db, webhook_add(db, portal, 1, STRUCTURE, "department,user", (int64_t)NOW, &unused));
    for (int i = 2; i <= DEPARTMENTS; i++) {
        char sql[128];
        snprintf(sql, sizeof sql,
                 "INSERT INTO department (name, sort, parent_id) VALUES ('d%d', 1, 1)", i);
        store_exec(db, sql);
    }
    return 0;
}

static int ask_structure(const char *method, const char *query)
{
    char path[128];
    snprintf(path, sizeof path, "/rest/1/" STRUCTURE "/%s", method);
    return ask_from("10.0.0.1", path, query);
}

static void a_person_keeps_the_other_departments(void **state)
{
    (void)state;
    struct buf query = {0};
    buf_adds(&query, "ID=1");
    for (int i = 2; i <= DEPARTMENTS; i++)
        buf_printf(&query, "&UF_DEPARTMENT[]=%d", i);
    assert_int_equal(ask_structure("user.update", buf_text(&query)), 200);
    buf_clear(&query);
    assert_int_equal(store_number(db, "SELECT count(*) FROM member_department WHERE user_id = 1"),
                     DEPARTMENTS - 1);
    assert_int_equal(ask_structure("department.delete", "ID=5"), 200);
    /* The one above instead. */
    assert_int_equal(store_number(db, "SELECT count(*) FROM member_department WHERE user_id = 1"),
                     DEPARTMENTS - 1);
    assert_int_equal(store_number(db,
                                  "SELECT count(*) FROM member_department WHERE user_id = 1 AND "
                                  "department_id = 1"),
                     1);
    assert_int_equal(
        store_number(db, "SELECT count(*) FROM member_department WHERE department_id = 5"), 0);
    assert_int_equal(ask_structure("user.get", "ID=1"), 200);
    expect_answer("[2,3,4,6,7,");
    expect_answer("88,89,90,1]");
}

int main(void)
{
    portal_prepare();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_keeps_the_other_departments),
    };
    return cmocka_run_group_tests(tests, setup, pipeline_teardown);
}
