/* A portal gets the folded keys of its texts, and its filters go by their index. */
#include "support.h"

#include "fold_support.h"

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

static void every_row_gets_its_key(void **state)
{
    (void)state;
    check_keys(db);
}

static void an_indexed_lookup_stays_one(void **state)
{
    (void)state;
    run_list(db, schema_migrations);
    check_plans(db, "EXPLAIN QUERY PLAN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_gets_its_key, setup, teardown),
        cmocka_unit_test_setup_teardown(an_indexed_lookup_stays_one, setup, teardown),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
