/* Limits: leaky buckets, the operating limit, plans. The clock stands where the test puts it. */
#include "pipeline_support.h"

#include <pthread.h>

#define HOOK "/rest/1/" CODE "/"

static void use_plan(const char *name)
{
    portal->plan = *limit_plan_find(name);
}

static bool take(struct limit_table *table, const char *plan, const char *client, double now)
{
    return limit_take(table, limit_plan_find(plan), client, now);
}

static int take_all(struct limit_table *table, const char *plan, const char *client, double now)
{
    int taken = 0;
    while (taken < 1000 && take(table, plan, client, now))
        taken++;
    return taken;
}

/* ---- buckets ---- */

static void the_request_after_the_threshold_is_refused(void **state)
{
    (void)state;
    struct limit_table *table = limit_table_new();
    /* The counter passes 50 with the 51st request; the one after it is refused. */
    assert_int_equal(take_all(table, "standard", "a", NOW), 51);
    assert_int_equal(take_all(table, "enterprise", "b", NOW), 251);
    assert_false(take(table, "standard", "a", NOW + 0.999));
    limit_table_free(table);
}

static void whole_seconds_take_the_rate_away(void **state)
{
    (void)state;
    struct limit_table *table = limit_table_new();
    take_all(table, "standard", "a", NOW);
    assert_int_equal(take_all(table, "standard", "a", NOW + 1), 2);
    assert_int_equal(take_all(table, "standard", "a", NOW + 1.9), 0);
    assert_int_equal(take_all(table, "standard", "a", NOW + 4), 6);
    assert_int_equal(take_all(table, "standard", "a", NOW + 1000), 51);
    limit_table_free(table);
}

static void the_sustained_rate_is_never_refused(void **state)
{
    (void)state;
    struct limit_table *table = limit_table_new();
    for (int i = 0; i < 2000; i++)
        assert_true(take(table, "standard", "a", NOW + i * 0.5));
    for (int i = 0; i < 2000; i++)
        assert_true(take(table, "enterprise", "b", NOW + i * 0.2));
    /* And half as much again is refused in the end. */
    int refused = 0;
    for (int i = 0; i < 2000; i++)
        refused += !take(table, "standard", "c", NOW + i / 3.0);
    assert_in_range(refused, 600, 650); /* 2000 requests in 667 s; 51 and 1,333 pass */
    limit_table_free(table);
}

static void addresses_are_apart(void **state)
{
    (void)state;
    struct limit_table *table = limit_table_new();
    char client[48];
    for (int i = 0; i < 3000; i++) {
        snprintf(client, sizeof client, "10.0.%d.%d", i / 256, i % 256);
        for (int j = 0; j < 51; j++)
            assert_true(take(table, "standard", client, NOW));
    }
    for (int i = 0; i < 3000; i++) {
        snprintf(client, sizeof client, "10.0.%d.%d", i / 256, i % 256);
        assert_false(take(table, "standard", client, NOW));
    }
    limit_table_free(table);
}

static void a_clock_set_back_frees_nobody_and_blocks_nobody_for_ever(void **state)
{
    (void)state;
    struct limit_table *table = limit_table_new();
    take_all(table, "standard", "a", NOW);
    assert_false(take(table, "standard", "a", NOW - 86400));
    assert_true(take(table, "standard", "a", NOW - 86400 + 1));
    limit_table_free(table);
}

static struct limit_table *shared;

static void *take_thousand(void *context)
{
    int *taken = context;
    for (int i = 0; i < 1000; i++)
        *taken += take(shared, "enterprise", "a", NOW);
    return NULL;
}

static void threads_share_one_bucket(void **state)
{
    (void)state;
    pthread_t threads[4];
    int taken[4] = {0};
    shared = limit_table_new();
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_thousand, &taken[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(taken[0] + taken[1] + taken[2] + taken[3], 251);
    limit_table_free(shared);
}

/* ---- in the pipeline ---- */

static void without_a_plan_there_is_no_limit(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++)
        assert_int_equal(ask("server.time", NULL), 200);
}

static void too_many_requests_are_told_so(void **state)
{
    (void)state;
    use_plan("standard");
    for (int i = 0; i < 51; i++)
        assert_int_equal(ask("server.time", NULL), 200);
    assert_int_equal(ask("server.time", NULL), 503);
    assert_string_equal(buf_text(&call.answer),
                        ANSWER("QUERY_LIMIT_EXCEEDED", "Too many requests"));
    /* Another address has its own bucket, another method of the same address has not. */
    assert_int_equal(ask_from("10.0.0.2", HOOK "server.time", NULL), 200);
    assert_int_equal(ask("scope", NULL), 503);
    clock_move(&portal->clock, 1);
    assert_int_equal(ask("scope", NULL), 200);
    assert_int_equal(ask("scope", NULL), 200);
    assert_int_equal(ask("scope", NULL), 503);
}

static void a_batch_is_one_request(void **state)
{
    (void)state;
    use_plan("standard");
    for (int i = 0; i < 51; i++)
        assert_int_equal(ask("batch", "cmd[]=scope&cmd[]=scope&cmd[]=scope&cmd[]=server.time"),
                         200);
    assert_int_equal(ask("batch", "cmd[]=scope"), 503);
}

static void strangers_do_not_fill_the_bucket(void **state)
{
    (void)state;
    use_plan("standard");
    for (int i = 0; i < 200; i++)
        assert_int_equal(ask_from("10.0.0.1", "/rest/1/wrongcode/scope", NULL), 401);
    assert_int_equal(ask("scope", NULL), 200);
}

static void a_plan_without_rest_refuses(void **state)
{
    (void)state;
    use_plan("free");
    assert_int_equal(ask("server.time", NULL), 403);
    assert_string_equal(buf_text(&call.answer),
                        ANSWER("ACCESS_DENIED", "REST API is available only on commercial plans"));
    assert_int_equal(ask_from("10.0.0.1", "/rest/1/wrongcode/scope", NULL), 401);
}

static void a_closed_portal_answers_nothing(void **state)
{
    (void)state;
    portal->closed = true;
    assert_int_equal(ask("server.time", NULL), 500);
    assert_string_equal(buf_text(&call.answer), ANSWER("PORTAL_DELETED", "Portal was deleted"));
    assert_int_equal(ask("batch", "cmd[]=scope"), 500);
    assert_int_equal(ask_from("10.0.0.1", "/rest/1/wrongcode/scope", NULL), 500);
    portal->closed = false;
    assert_int_equal(ask("server.time", NULL), 200);
}

/* ---- the operating limit ---- */

static void spend(const char *method, double seconds)
{
    operating_add(portal->operating, hook, method_find(method, strlen(method)), portal_now(portal),
                  seconds);
}

static void expect_blocked(void)
{
    assert_int_equal(call.status, 429);
    assert_string_equal(
        buf_text(&call.answer),
        ANSWER("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit."));
}

/* The example of the page: twenty seconds a call. */
static void a_method_is_blocked_above_its_limit(void **state)
{
    (void)state;
    use_plan("standard");
    for (int i = 0; i < 20; i++)
        spend("scope", 20);
    assert_int_equal(ask("scope", NULL), 200);
    spend("scope", 79.9);
    assert_int_equal(ask("scope", NULL), 200); /* 479.9 and a little */
    spend("scope", 1);
    ask("scope", NULL);
    expect_blocked();
    /* Other methods go on, and so do other credentials. */
    assert_int_equal(ask("server.time", NULL), 200);
    int64_t other;
    store_must(db, webhook_add(db, portal, 1, "othertestcode", "crm", (int64_t)NOW, &other));
    assert_int_equal(ask_from("10.0.0.1", "/rest/1/othertestcode/scope", NULL), 200);
}

static void it_comes_free_when_the_oldest_basket_goes(void **state)
{
    (void)state;
    use_plan("standard");
    spend("scope", 40);
    clock_move(&portal->clock, 60);
    spend("scope", 460);
    clock_move(&portal->clock, 539.5);
    ask("scope", NULL);
    expect_blocked();
    clock_move(&portal->clock, 0.5); /* ten minutes after the first basket's first call */
    assert_int_equal(ask("scope", NULL), 200);
    expect_answer("\"operating_reset_at\":1768468260,\"operating\":460.");
}

static void blocked_calls_do_not_prolong_it(void **state)
{
    (void)state;
    use_plan("unlimited");
    portal->plan.operating = 1e-9; /* any call at all */
    assert_int_equal(ask("scope", NULL), 200);
    for (int i = 0; i < 20; i++) {
        clock_move(&portal->clock, 29);
        ask("scope", NULL);
        expect_blocked();
    }
    clock_move(&portal->clock, 20);
    assert_int_equal(ask("scope", NULL), 200);
}

static void commands_of_a_batch_pass_the_same_limit(void **state)
{
    (void)state;
    use_plan("standard");
    spend("scope", 481);
    assert_int_equal(ask("batch", "cmd[a]=scope&cmd[b]=server.time"), 200);
    expect_answer("\"result_error\":{\"a\":" ANSWER(
        "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.") "}");
    expect_answer("\"result\":{\"b\":");
    /* The batch itself is not accounted for. */
    spend("batch", 1000);
    assert_int_equal(ask("batch", "cmd[b]=server.time"), 200);
}

static void on_premise_has_its_own_number(void **state)
{
    (void)state;
    use_plan("onpremise");
    spend("scope", 419);
    for (int i = 0; i < 300; i++)
        assert_int_equal(ask("scope", NULL), 200);
    spend("scope", 2);
    ask("scope", NULL);
    expect_blocked();
}

/* ---- the time of one request ---- */

static void a_request_past_its_time_is_ended_and_leaves_nothing(void **state)
{
    (void)state;
    portal->plan.time = 1e-9;
    assert_int_equal(ask("crm.activity.get", "id=1"), 504);
    assert_string_equal(
        buf_text(&call.answer),
        ANSWER("INTERNAL_SERVER_ERROR", "The request took longer than its time limit"));
    call_begin("10.0.0.1", "/rest/1/" CODE "/crm.lead.add", "fields[TITLE]=Late");
    assert_int_equal(pipeline_prepare(&call, portal, db), PIPELINE_WRITE);
    struct job job = call_job(&call, NULL, NULL), *jobs[] = {&job};
    lane_run_write(jobs, 1, db);
    pipeline_answer(&call);
    assert_int_equal(call.status, 504);
    assert_int_equal(store_number(db, "SELECT count(*) FROM lead"), 0);
    portal->plan.time = 60;
    assert_int_equal(ask("crm.lead.add", "fields[TITLE]=Good"), 200);
    assert_int_equal(store_number(db, "SELECT count(*) FROM lead"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pipeline_setup, pipeline_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_after_the_threshold_is_refused),
        cmocka_unit_test(whole_seconds_take_the_rate_away),
        cmocka_unit_test(the_sustained_rate_is_never_refused),
        cmocka_unit_test(addresses_are_apart),
        cmocka_unit_test(a_clock_set_back_frees_nobody_and_blocks_nobody_for_ever),
        cmocka_unit_test(threads_share_one_bucket),
        TEST(without_a_plan_there_is_no_limit),
        TEST(too_many_requests_are_told_so),
        TEST(a_batch_is_one_request),
        TEST(strangers_do_not_fill_the_bucket),
        TEST(a_plan_without_rest_refuses),
        TEST(a_closed_portal_answers_nothing),
        TEST(a_method_is_blocked_above_its_limit),
        TEST(it_comes_free_when_the_oldest_basket_goes),
        TEST(blocked_calls_do_not_prolong_it),
        TEST(commands_of_a_batch_pass_the_same_limit),
        TEST(a_request_past_its_time_is_ended_and_leaves_nothing),
        TEST(on_premise_has_its_own_number),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
