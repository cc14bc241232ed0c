/* Dates that were stored as instants, brought to days on PostgreSQL. */
#include "postgres_support.h"

#include "day_support.h"

static void every_column(void **state)
{
    (void)state;
    must(db, db_exec(db, "DROP TABLE item"));
    make_old(db, "Europe/Moscow");
    check_every_column(db);
    assert_int_equal(number("SELECT count(*) FROM pg_tables WHERE tablename = 'day_of_instant' AND "
                            "schemaname = '" SCHEMA "'"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_column, setup, teardown)};
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
