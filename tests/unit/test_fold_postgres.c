/* The same on PostgreSQL: keys of what is stored, and filters by their index. */
#include "postgres_support.h"

#include "base/json.h"
#include "base/log.h"

#include "fold_support.h"

static void every_row_gets_its_key(void **state)
{
    (void)state;
    check_keys(db);
}

static void an_indexed_lookup_stays_one(void **state)
{
    (void)state;
    run_list(db, schema_migrations);
    must(db,
         db_exec(db, "SET enable_seqscan = off")); /* of tables that are empty it has no opinion */
    check_plans(db, "EXPLAIN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_gets_its_key, setup, teardown),
        cmocka_unit_test_setup_teardown(an_indexed_lookup_stays_one, setup, teardown)};
    log_set_level(LOG_OFF);
    return cmocka_run_group_tests(tests, group_setup, NULL);
}
