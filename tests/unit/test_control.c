/* The control API's clock and log of calls, through the real pipeline. */
#include "pipeline_support.h"

#include "portal/fault.h"
#include "rest/call_log.h"
#include "rest/control.h"
#include "rest/reset.h"

static struct arena arena;
static struct buf out;
static struct writer writer;
static struct request control;

static int setup(void **state)
{
    arena_init(&arena);
    int done = pipeline_setup(state);
    portal->control = true;
    reset_open(portal);
    call_log_open(portal);
    return done;
}

static int teardown(void **state)
{
    arena_clear(&arena);
    buf_clear(&out);
    return pipeline_teardown(state);
}

static const char *act(const char *name, const char *params, enum api_rc expected)
{
    buf_clear(&out);
    writer_init(&writer, &out);
    control = (struct request){.arena = &arena,
                               .portal = portal,
                               .zone = portal->zone,
                               .params = json_value(&arena, params),
                               .out = &writer};
    if (control_run(&control, name) != expected)
        fail_msg("%s %s: %s", name, params, control.error.text ? control.error.text : "done");
    return buf_text(&out);
}

static void expect_part(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static void expect_no_part(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("%s in %s", part, text);
}

/* ---- the clock ---- */

static void it_stands_where_it_is_put(void **state)
{
    (void)state;
    clock_resume(&portal->clock);
    expect_part(act("clock", "[]", API_OK), "\"frozen\":false,\"ahead\":0}");
    expect_part(act("clock/freeze", "{\"at\":\"2030-05-06T07:08:09+03:00\"}", API_OK),
                "{\"now\":1904270889,\"date\":\"2030-05-06T07:08:09+03:00\",\"frozen\":true,");
    expect_part(act("clock/move", "{\"by\":\"90m\"}", API_OK), "{\"now\":1904276289,");
    expect_part(act("clock/move", "{\"by\":-3600}", API_OK), "{\"now\":1904272689,");
    assert_int_equal(ask("server.time", NULL), 200);
    expect_answer("{\"result\":\"2030-05-06T07:38:09+03:00\"");
    expect_answer("\"time\":{\"start\":1904272689.000000,");
    expect_part(act("clock/freeze", "{\"at\":1000000000}", API_OK), "{\"now\":1000000000,");
    expect_part(act("clock/resume", "[]", API_OK), "\"frozen\":false,\"ahead\":0}");
    assert_true(portal_now(portal) > 1.7e9);
}

static void it_runs_on_from_where_it_was_moved_to(void **state)
{
    (void)state;
    clock_resume(&portal->clock);
    expect_part(act("clock/move", "{\"by\":\"365d\"}", API_OK),
                "\"frozen\":false,\"ahead\":31536000}");
    expect_part(act("clock/move", "{\"by\":\"-1d\"}", API_OK), "\"ahead\":31449600}");
    double first = portal_now(portal), real = clock_real();
    assert_true(first - real > 31449599 && first - real < 31449601);
    while (portal_now(portal) <= first)
        ;
    act("clock/freeze", "[]", API_OK);
    assert_true(portal_now(portal) >= first);
    assert_true(portal_now(portal) == portal_now(portal));
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const at[] = {"{\"at\":\"soon\"}", "{\"at\":[1]}", "{\"at\":0}",
                                     "{\"at\":1e300}", "{\"at\":\"2026-02-30\"}"};
    static const char *const by[] = {"[]",
                                     "{\"by\":\"\"}",
                                     "{\"by\":\"soon\"}",
                                     "{\"by\":\"-100000d\"}",
                                     "{\"by\":1e300}",
                                     "{\"by\":[1]}"};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
        act("clock/freeze", at[i], API_FAIL);
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++)
        act("clock/move", by[i], API_FAIL);
    assert_true(portal_now(portal) == NOW);
}

/* ---- the log ---- */

static void calls_are_told_with_what_they_were_answered(void **state)
{
    (void)state;
    char wanted[700];
    ask("crm.activity.get", "id=5&select[]=ID");
    snprintf(wanted, sizeof wanted,
             "[{\"id\":1,\"date\":\"2026-01-15T12:00:00+03:00\",\"method\":\"crm.activity.get\","
             "\"params\":{\"id\":\"5\",\"select\":[\"ID\"]},\"left_out\":[\"parameters.select\"],"
             "\"status\":400,\"error\":\"\",\"user\":1,"
             "\"credential\":%lld,\"console\":false,\"client\":\"10.0.0.1\",\"fault\":null,"
             "\"duration\":",
             (long long)hook);
    expect_part(act("calls", "[]", API_OK), wanted);
    ask("SERVER.time.json", NULL);
    expect_part(act("calls", "{\"after\":1}", API_OK), "[{\"id\":2,");
    expect_part(buf_text(&out),
                "\"method\":\"server.time\",\"params\":{},\"left_out\":[],\"status\":200,\"error\":"
                "null");
    assert_string_equal(act("calls", "{\"after\":2}", API_OK), "[]");
    expect_part(act("calls", "{\"method\":\"crm.activity.get\"}", API_OK), "[{\"id\":1,");
    expect_no_part(buf_text(&out), "server.time");
    assert_string_equal(act("calls/clear", "[]", API_OK), "{\"cleared\":2}");
    assert_string_equal(act("calls", "[]", API_OK), "[]");
    ask("scope", NULL);
    expect_part(act("calls", "[]", API_OK), "[{\"id\":3,");
}

static void a_fault_is_told(void **state)
{
    (void)state;
    act("faults/add", "{\"error\":\"OVERLOAD_LIMIT\",\"count\":1}", API_OK);
    ask("scope", NULL);
    expect_part(act("calls", "[]", API_OK), "\"status\":503,\"error\":\"OVERLOAD_LIMIT\"");
    expect_part(buf_text(&out), "\"fault\":\"error\"");
}

static void no_secret_is_told(void **state)
{
    (void)state;
    ask_from("10.0.0.1", "/rest/scope", "auth=" CODE "&Client_Secret=" CODE);
    assert_int_equal(call.status, 200);
    ask_from("10.0.0.1", "/rest/batch",
             "auth=" CODE "&cmd[a]=scope%3Fauth%3D" CODE "&cmd[b]=crm.lead.get%3Fid%3D7");
    assert_int_equal(call.status, 200);
    ask_from("10.0.0.1", "/rest/1/" CODE "x/scope", "auth=" CODE);
    assert_int_equal(call.status, 401);
    ask_from("10.0.0.1", "/rest/1/" CODE, NULL);
    ask_from("10.0.0.1", "/oauth/token/", "client_secret=" CODE "&refresh_token=" CODE);
    act("calls", "[]", API_OK);
    expect_no_part(buf_text(&out), CODE);
    expect_part(buf_text(&out),
                "\"commands\":[{\"key\":\"a\",\"method\":\"scope\",\"params\":{},\"left_out\":[]},{"
                "\"key\":\"b\","
                "\"method\":\"crm.lead.get\",\"params\":{\"id\":\"7\"},\"left_out\":[]}]");
    expect_part(buf_text(&out), "\"method\":\"/oauth/token/\",\"params\":null");
    expect_part(buf_text(&out), "\"status\":401,\"error\":\"INVALID_CREDENTIALS\",\"user\":null,"
                                "\"credential\":null");
}

static void only_so_many_are_kept(void **state)
{
    (void)state;
    char query[CALL_LOG_PARAMS + 100];
    for (int i = 0; i < CALL_LOG_SIZE + 5; i++)
        ask("server.time", NULL);
    expect_part(act("calls", "[]", API_OK), "[{\"id\":6,");
    memset(query, 'x', sizeof query);
    memcpy(query, "x=", 2);
    query[sizeof query - 1] = '\0';
    ask("server.time", query);
    expect_part(act("calls", "{\"after\":1005}", API_OK), "\"params\":null");
    assert_string_equal(act("calls/clear", "[]", API_OK), "{\"cleared\":1000}");
}

/* ---- the pages ---- */

static int visit(const char *page, const char *query, bool post)
{
    call_begin("10.0.0.1", page, query);
    call.is_post = post;
    call_end(pipeline_prepare(&call, portal, db));
    return call.status;
}

static void only_an_administrator_and_only_when_asked_for(void **state)
{
    (void)state;
    int64_t other;
    store_exec(db, "INSERT INTO member (login, date_register, updated) VALUES ('two', 0, 0)");
    store_must(db, webhook_add(db, portal, 2, "usertestcode", "crm", (int64_t)NOW, &other));
    assert_int_equal(visit("/_rapport/faults", NULL, false), 401);
    assert_int_equal(visit("/_rapport/faults", "auth=wrong", false), 401);
    assert_int_equal(visit("/_rapport/faults", "auth=usertestcode", false), 403);
    assert_int_equal(visit("/_rapport/faults", "auth=" CODE, false), 200);
    assert_string_equal(buf_text(&call.answer), "[]");
    portal->control = false;
    assert_int_equal(visit("/_rapport/faults", "auth=" CODE, false), 404);
    assert_int_equal(visit("/_rapport/faults", NULL, false), 404);
}

static void get_shows_and_post_changes(void **state)
{
    (void)state;
    /* To show takes no parameters, so a fault given to GET is a slip of the pen, and none is made. */
    assert_int_equal(visit("/_rapport/faults", "auth=" CODE "&error=OVERLOAD_LIMIT", false), 400);
    assert_int_equal(visit("/_rapport/faults", "auth=" CODE, false), 200);
    assert_string_equal(buf_text(&call.answer), "[]");
    assert_int_equal(visit("/_rapport/faults", "auth=" CODE "&error=OVERLOAD_LIMIT", true), 200);
    assert_int_equal(visit("/_rapport/faults/clear", "auth=" CODE, false), 405);
    assert_int_equal(visit("/_rapport/clock", "auth=" CODE, true), 405);
    /* The control API meets no fault, no limit, and is no call. */
    portal->plan = *limit_plan_find("free");
    portal->closed = true;
    assert_int_equal(visit("/_rapport/faults/clear", "auth=" CODE, true), 200);
    assert_string_equal(buf_text(&call.answer), "{\"cleared\":1}");
    assert_int_equal(visit("/_rapport/calls", "auth=" CODE, false), 200);
    assert_string_equal(buf_text(&call.answer), "[]");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Each portal of a program has its own. */
static void another_portal_keeps_its_time(void **state)
{
    (void)state;
    struct folder other_folder = folder_make();
    struct portal *other = portal_make(&other_folder);
    act("clock/freeze", "{\"at\":1000000000}", API_OK);
    assert_true(portal_now(portal) == 1e9);
    assert_true(portal_now(other) > 1.7e9);
    assert_false(clock_is_frozen(&other->clock));
    clock_move(&other->clock, 3600);
    act("clock/move", "{\"by\":\"1d\"}", API_OK);
    assert_true(portal_now(portal) == 1e9 + 86400);
    assert_true(portal_now(other) - clock_real() > 3599 && portal_now(other) - clock_real() < 3601);
    act("clock/resume", "[]", API_OK);
    assert_true(clock_ahead(&other->clock) == 3600 && clock_ahead(&portal->clock) == 0);
    portal_close(other);
    folder_remove(&other_folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_stands_where_it_is_put),
        TEST(it_runs_on_from_where_it_was_moved_to),
        TEST(what_is_no_time_is_refused),
        TEST(another_portal_keeps_its_time),
        TEST(calls_are_told_with_what_they_were_answered),
        TEST(a_fault_is_told),
        TEST(no_secret_is_told),
        TEST(only_so_many_are_kept),
        TEST(only_an_administrator_and_only_when_asked_for),
        TEST(get_shows_and_post_changes),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
