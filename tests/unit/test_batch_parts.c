/* A batch that changes the schema is cut there: what was kept stays, and what is run again is the part alone. */
#include "pipeline_support.h"

static void batch_begin(void)
{
    static const char body[] =
        "{\"halt\":0,\"cmd\":{\"before\":\"crm.deal.add?fields[TITLE]=Before\",\"field\":\"crm."
        "deal."
        "userfield.add?fields[FIELD_NAME]=PART&fields[USER_TYPE_ID]=string\",\"behind\":\"crm.deal."
        "add?"
        "fields[UF_CRM_PART]=of-$result[before]\",\"get\":\"crm.deal.get?id=$result[behind]\"}}";
    call_begin("10.0.0.1", "/rest/1/" CODE "/batch", NULL);
    call.content_type = "application/json";
    call.body = body;
    call.body_len = sizeof body - 1;
    assert_int_equal(pipeline_prepare(&call, portal, db), PIPELINE_WRITE);
    assert_true(pipeline_alone(&call));
}

static void run_part(enum api_rc rc)
{
    store_must(db, db_begin_write(db));
    assert_int_equal(pipeline_execute(&call, db, 0), rc);
}

static void keep_part(bool more)
{
    store_must(db, db_commit(db));
    assert_int_equal(pipeline_more(&call), more);
}

static int64_t deals(void)
{
    return store_number(db, "SELECT count(*) FROM deal");
}

static void a_part_is_run_again(void **state)
{
    (void)state;
    batch_begin();
    for (int again = 0; again < 2; again++) { /* the first one's transaction goes */
        run_part(API_OK);
        assert_int_equal(deals(), 1);
        again ? keep_part(true) : store_must(db, db_rollback(db));
    }
    for (int again = 0; again < 3; again++) {
        run_part(API_OK);
        again == 2 ? keep_part(true) : store_must(db, db_rollback(db));
    }
    assert_int_equal(store_number(db, "SELECT count(*) FROM user_field"), 1);
    for (int again = 0; again < 2; again++) {
        run_part(API_OK);
        assert_int_equal(deals(), 2);
        again ? keep_part(false) : store_must(db, db_rollback(db));
    }
    pipeline_answer(&call);
    assert_int_equal(call.status, 200);
    expect_answer(
        "{\"result\":{\"result\":{\"before\":1,\"field\":1,\"behind\":2,\"get\":{\"ID\":\"2\"");
    expect_answer("\"UF_CRM_PART\":\"of-1\"");
    expect_answer("\"result_error\":[]");
}

/* The part before it is answered as it was kept. */
static void a_part_that_fails_for_good(void **state)
{
    (void)state;
    batch_begin();
    run_part(API_OK);
    keep_part(true);
    run_part(API_OK);
    store_must(db, db_rollback(db));
    pipeline_failed(&call, DB_UNKNOWN);
    assert_int_equal(call.rc, API_OK);
    pipeline_answer(&call);
    assert_int_equal(call.status, 200);
    expect_answer("{\"result\":{\"result\":{\"before\":1},\"result_error\":{\"field\":{");
    expect_answer("\"behind\":{\"error\":\"");
    expect_answer("\"get\":{\"error\":\"");
    assert_int_equal(deals(), 1);
}

static void the_first_part_fails_for_good(void **state)
{
    (void)state;
    batch_begin();
    run_part(API_OK);
    store_must(db, db_rollback(db));
    pipeline_failed(&call, DB_FULL);
    pipeline_answer(&call);
    assert_int_equal(call.status, 500);
    assert_int_equal(deals(), 0);
}

/* On the lane, beside others: a group of its own, and an answer for everybody. */
static void in_the_lane(void **state)
{
    (void)state;
    struct call other[2];
    struct job jobs[3], *all[3];
    for (int i = 0; i < 2; i++) {
        call_init(&other[i]);
        other[i].path = "/rest/1/" CODE "/crm.deal.add";
        other[i].query = "fields[TITLE]=Other";
        other[i].base_url = "http://test";
        assert_int_equal(pipeline_prepare(&other[i], portal, db), PIPELINE_WRITE);
    }
    batch_begin();
    jobs[0] = call_job(&other[0], NULL, NULL);
    jobs[1] = call_job(&call, NULL, NULL);
    jobs[2] = call_job(&other[1], NULL, NULL);
    for (int i = 0; i < 3; i++)
        all[i] = &jobs[i];
    assert_true(jobs[1].alone);
    assert_false(jobs[0].alone);
    lane_run_write(all, 3, db);
    assert_int_equal(deals(), 4);
    pipeline_answer(&call);
    expect_answer("\"UF_CRM_PART\":\"of-2\"");
    for (int i = 0; i < 2; i++) {
        pipeline_answer(&other[i]);
        assert_int_equal(other[i].status, 200);
        call_clear(&other[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pipeline_setup, pipeline_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_part_is_run_again),
        TEST(a_part_that_fails_for_good),
        TEST(the_first_part_fails_for_good),
        TEST(in_the_lane),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
