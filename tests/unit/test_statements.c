/* A page costs the same number of statements however many rows it has: what lives in other tables is read
 * for all of its rows at once. */
#include "pipeline_support.h"

#include "app/setup.h"

static int setup(void **state)
{
    pipeline_setup(state);
    store_must(db, db_begin_write(db));
    assert_int_equal(setup_demo(portal, db), API_OK);
    store_must(db, db_commit(db));
    /* Something of each kind at each row of a page. */
    store_exec(
        db, "INSERT INTO activity_file (activity_id, name, size, content) SELECT id, 'a', 1, 'x' "
            "FROM activity");
    return 0;
}

static uint64_t cost(const char *method, const char *select, int rows)
{
    char query[512], filter[32];
    snprintf(filter, sizeof filter, "filter[<=ID]=%d", rows);
    snprintf(query, sizeof query, "start=-1&order[ID]=ASC&%s&%s", filter, select);
    assert_int_equal(ask(method, query),
                     200); /* with its credential believed, and its statements made */
    uint64_t before = db_statements(db);
    assert_int_equal(ask(method, query), 200);
    return db_statements(db) - before;
}

static void pages_cost_the_same_whatever_they_hold(void **state)
{
    (void)state;
    static const struct {
        const char *method, *select;
    } lists[] = {
        {"crm.activity.list", "select[]=*&select[]=COMMUNICATIONS&select[]=BINDINGS&select[]=FILES&"
                              "select[]=STORAGE_ELEMENT_IDS&select[]=WEBDAV_ELEMENTS"},
        {"crm.lead.list", "select[]=*&select[]=PHONE&select[]=EMAIL&select[]=CONTACT_IDS"},
        {"crm.deal.list", "select[]=*&select[]=CONTACT_IDS"},
        {"crm.contact.list", "select[]=*&select[]=PHONE&select[]=EMAIL&select[]=COMPANY_IDS"},
        {"crm.company.list", "select[]=*&select[]=PHONE&select[]=EMAIL&select[]=CONTACT_ID"},
        {"user.get", "select[]=*"},
        {"crm.status.list", "select[]=*"}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        uint64_t one = cost(lists[i].method, lists[i].select, 1);
        uint64_t many = cost(lists[i].method, lists[i].select, 50);
        if (one != many)
            fail_msg("%s: %u statements for one row, %u for a page", lists[i].method, (unsigned)one,
                     (unsigned)many);
    }
}

int main(void)
{
    portal_prepare();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_cost_the_same_whatever_they_hold),
    };
    return cmocka_run_group_tests(tests, setup, pipeline_teardown);
}
