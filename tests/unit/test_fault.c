/* Faults: which calls meet them, how often, and what each is answered. */
#include "pipeline_support.h"

#include "portal/fault.h"
#include "rest/control.h"

static struct arena arena;
static struct buf out;
static struct writer writer;
static struct request control;

static int setup(void **state)
{
    arena_init(&arena);
    return pipeline_setup(state);
}

static int teardown(void **state)
{
    arena_clear(&arena);
    buf_clear(&out);
    return pipeline_teardown(state);
}

/* One action; its JSON. */
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

static void add(const char *params)
{
    act("faults/add", params, API_OK);
}

static void expect_refused(const char *params, const char *part)
{
    act("faults/add", params, API_FAIL);
    assert_int_equal(control.error.code, API_ERR_INVALID_ARG_VALUE);
    if (!strstr(control.error.text, part))
        fail_msg("%s: %s", params, control.error.text);
    assert_string_equal(act("faults", "[]", API_OK), "[]");
}

/* ---- each error ---- */

static void every_code_can_be_asked_for(void **state)
{
    (void)state;
    for (int i = 0; i < API_ERROR_COUNT; i++) {
        const struct api_error_info *info = &api_errors[i];
        char params[200], wanted[80];
        if (!info->code[0])
            continue;
        snprintf(params, sizeof params, "{\"error\":\"%s\",\"count\":1}", info->code);
        add(params);
        int status = ask("server.time", NULL);
        snprintf(wanted, sizeof wanted, "{\"error\":\"%s\",\"error_description\":\"", info->code);
        expect_answer(wanted);
        assert_int_equal(status, api_errors[call.req.error.code].status);
        assert_int_equal(ask("server.time", NULL), 200);
        act("faults/clear", "[]", API_OK);
    }
}

/* Of the lines with one code a fault means the plain one. */
static void a_code_of_several_lines_is_the_plain_one(void **state)
{
    (void)state;
    add("{\"error\":\"INTERNAL_SERVER_ERROR\",\"count\":1}");
    assert_int_equal(ask("server.time", NULL), 500);
    expect_answer(
        "{\"error\":\"INTERNAL_SERVER_ERROR\",\"error_description\":\"Internal server error\"}");
    add("{\"error\":\"ACCESS_DENIED\",\"count\":1}");
    assert_int_equal(ask("server.time", NULL), 403);
    act("faults/clear", "[]", API_OK);
}

/* Those of the documentation and of SDKs that are not answered here by themselves, as the file has them. */
static void every_known_code_can_be_asked_for(void **state)
{
    (void)state;
    assert_true(known_error_count > 100);
    for (size_t i = 0; i < known_error_count; i++) {
        const struct known_error *known = &known_errors[i];
        struct buf params = {0}, wanted = {0};
        struct writer w;
        if (i)
            assert_true(strcasecmp(known_errors[i - 1].code, known->code) < 0 ||
                        strcmp(known_errors[i - 1].code, known->code) != 0);
        writer_init(&w, &params);
        writer_begin_object(&w);
        writer_keyz(&w, "error");
        writer_stringz(&w, known->code);
        writer_end_object(&w);
        add(buf_text(&params));
        assert_int_equal(ask("server.time", NULL), known->status);
        bool rest_3 = !strncmp(known->code, "BITRIX_REST_V3_", 15);
        writer_init(&w, &wanted);
        writer_begin_object(&w);
        writer_keyz(&w, "error");
        if (rest_3) {
            writer_begin_object(&w);
            writer_keyz(&w, "code");
        }
        writer_stringz(&w, known->code);
        writer_keyz(&w, rest_3 ? "message" : "error_description");
        writer_stringz(&w, known->text);
        expect_answer(buf_text(&wanted));
        act("faults/clear", "[]", API_OK);
        buf_clear(&params);
        buf_clear(&wanted);
    }
}

/* With the status and the text that a portal sends. */
static void the_codes_sdks_know_are_there(void **state)
{
    (void)state;
    static const struct {
        const char *ask;
        int status;
        const char *answer;
    } cases[] = {
        {"METHOD_CONFIRM_WAITING", 401,
         ANSWER("METHOD_CONFIRM_WAITING", "Waiting for confirmation")},
        {"METHOD_CONFIRM_DENIED", 403, ANSWER("METHOD_CONFIRM_DENIED", "Method call denied")},
        {"ALLOWED_ONLY_INTRANET_USER", 403,
         ANSWER("ALLOWED_ONLY_INTRANET_USER", "Action is allowed only for intranet users")},
        {"allowed_only_intranet_user", 403,
         ANSWER("allowed_only_intranet_user", "Action is allowed only for intranet users")},
        {"invalid_token", 401, ANSWER("invalid_token", "Unable to get application by token")},
        {"INVALID_TOKEN", 401, ANSWER("invalid_token", "Unable to get application by token")},
        {"authorization_error", 401, ANSWER("authorization_error", "Unable to authorize user")},
        {"APPLICATION_NOT_FOUND", 401, ANSWER("APPLICATION_NOT_FOUND", "Application not found")},
        {"PAYMENT_REQUIRED", 401, ANSWER("PAYMENT_REQUIRED", "Subscription has been ended")},
        {"ERROR_OAUTH", 401, ANSWER("ERROR_OAUTH", "Application not installed")},
        {"NOT_INSTALLED", 401, ANSWER("NOT_INSTALLED", "Application not installed")},
        {"WRONG_CLIENT", 200, ANSWER("wrong_client", "")},
        {"INVALID_SCOPE", 403,
         ANSWER("INVALID_SCOPE", "Given scope exceeds permissions associated with given grant")},
        {"USER_ACCESS_ERROR", 400,
         ANSWER("USER_ACCESS_ERROR", "You don't have access to report for this user")},
        {"user_access_error", 403,
         ANSWER("user_access_error", "The user does not have access to the application.")},
        {"ERROR_ENTITY_NOT_FOUND", 400, ANSWER("ERROR_ENTITY_NOT_FOUND", "Entity not found")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char params[100];
        snprintf(params, sizeof params, "{\"error\":\"%s\",\"count\":1}", cases[i].ask);
        add(params);
        assert_int_equal(ask("server.time", NULL), cases[i].status);
        assert_string_equal(buf_text(&call.answer), cases[i].answer);
        act("faults/clear", "[]", API_OK);
    }
}

static void lines_that_share_a_code_have_names(void **state)
{
    (void)state;
    add("{\"error\":\"HTTPS_REQUIRED\",\"count\":1}");
    assert_int_equal(ask("server.time", NULL), 400);
    assert_string_equal(buf_text(&call.answer), ANSWER("INVALID_REQUEST", "Https required"));
    add("{\"error\":\"METHOD\",\"text\":\"Activity is not found\",\"count\":1}");
    assert_int_equal(ask("server.time", NULL), 400);
    assert_string_equal(buf_text(&call.answer), ANSWER("", "Activity is not found"));
    add("{\"error\":\"PORTAL_DELETED\",\"status\":410,\"count\":1}");
    assert_int_equal(ask("server.time", NULL), 410);
    assert_string_equal(buf_text(&call.answer), ANSWER("PORTAL_DELETED", "Portal was deleted"));
}

static void an_unknown_code_is_refused_with_the_list(void **state)
{
    (void)state;
    expect_refused("{\"error\":\"NONSENSE\"}", "There is no error NONSENSE");
    expect_refused("{\"error\":\"NONSENSE\"}", "QUERY_LIMIT_EXCEEDED");
    expect_refused("{\"error\":\"NONSENSE\"}", "insufficient_scope");
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    expect_refused("[]", "What is to go wrong?");
    expect_refused("{\"kind\":\"delay\"}", "kind delay needs delay");
    expect_refused("{\"kind\":\"explode\"}", "kind is error, delay, drop");
    expect_refused("{\"kind\":\"drop\",\"error\":\"OVERLOAD_LIMIT\"}", "goes with kind error");
    expect_refused("{\"kind\":\"error\"}", "goes with kind error");
    expect_refused("{\"kind\":[1]}", "short texts");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"crm.activity.updte\"}",
                   "There is no method crm.activity.updte");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"tasks.task.list\"}",
                   "There is no method tasks.task.list yet");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"nothing.*\"}", "no method");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"/_rapport/faults\"}", "no method");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"count\":0}", "numbers from 1");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"every\":\"x\"}", "numbers from 1");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"status\":200}", "from 400 to 599");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"delay\":\"soon\"}", "delay is a time");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"delay\":-1}", "delay is a time");
    expect_refused("{\"delay\":\"5m\"}", "at most 4m");
    expect_refused("{\"error\":\"OVERLOAD_LIMIT\",\"credential\":\"me\"}", "id of a webhook");
}

static void times_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double seconds;
    } good[] = {{"800ms", 0.8}, {"2s", 2},    {"1.5", 1.5},
                {"3m", 180},    {"2h", 7200}, {"-1d", -86400}};
    static const char *const bad[] = {"", "s", "ms", "2x", "two", "1e999", "nan", "--1"};
    double seconds;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(control_duration(good[i].text, strlen(good[i].text), &seconds));
        assert_true(seconds > good[i].seconds - 1e-9 && seconds < good[i].seconds + 1e-9);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(control_duration(bad[i], strlen(bad[i]), &seconds));
}

/* ---- which calls ---- */

static void count_ends_it(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"count\":3}");
    for (int i = 0; i < 6; i++)
        assert_int_equal(ask("server.time", NULL), i < 3 ? 503 : 200);
    assert_non_null(strstr(act("faults", "[]", API_OK), "\"seen\":3,\"hits\":3}"));
}

static void every_lets_the_others_pass(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"every\":3,\"count\":2}");
    for (int i = 1; i <= 12; i++)
        assert_int_equal(ask("server.time", NULL), i == 3 || i == 6 ? 503 : 200);
}

static void only_its_method(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"CRM.activity.GET\"}");
    assert_int_equal(ask("crm.activity.get.json", "id=1"), 503);
    assert_int_equal(ask("crm.Activity.get", "id=1"), 503);
    assert_int_equal(ask("crm.activity.list", NULL), 200);
    act("faults/clear", "[]", API_OK);
    add("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"crm.activity.*\"}");
    assert_int_equal(ask("crm.activity.list", NULL), 503);
    assert_int_equal(ask("crm.lead.list", NULL), 200);
}

/* A step of OAuth, for those who test how they refresh a token. */
static void a_page_can_fail_too(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"//oauth/Token\",\"count\":1}");
    assert_int_equal(ask_from("10.0.0.1", "/oauth/authorize/", NULL) == 503, 0);
    assert_int_equal(ask_from("10.0.0.1", "/oauth/token/", "grant_type=refresh_token"), 503);
    expect_answer("\"error\":\"OVERLOAD_LIMIT\"");
    assert_int_equal(ask_from("10.0.0.1", "/oauth/token/", "grant_type=refresh_token") == 503, 0);
}

static void only_its_credential(void **state)
{
    (void)state;
    char params[100];
    int64_t other;
    store_must(db, webhook_add(db, portal, 1, "othertestcode", "crm", (int64_t)NOW, &other));
    snprintf(params, sizeof params, "{\"error\":\"OVERLOAD_LIMIT\",\"credential\":%lld}",
             (long long)other);
    add(params);
    assert_int_equal(ask("server.time", NULL), 200);
    assert_int_equal(ask_from("10.0.0.1", "/rest/1/othertestcode/server.time", NULL), 503);
}

static void the_first_that_fires_is_met(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"count\":1}");
    add("{\"error\":\"QUERY_LIMIT_EXCEEDED\",\"count\":1}");
    assert_int_equal(ask("server.time", NULL), 503);
    expect_answer("OVERLOAD_LIMIT");
    assert_int_equal(ask("server.time", NULL), 503);
    expect_answer("QUERY_LIMIT_EXCEEDED");
    assert_int_equal(ask("server.time", NULL), 200);
}

static void true_causes_come_first(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"count\":1}");
    assert_int_equal(ask_from("10.0.0.1", "/rest/1/wrongcode/scope", NULL), 401);
    assert_int_equal(ask("no.such.method", NULL), 404);
    assert_int_equal(ask("server.time", NULL), 503);
}

static void nothing_is_done_by_a_call_that_fails(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"crm.lead.add\",\"count\":1}");
    assert_int_equal(ask("crm.lead.add", "fields[TITLE]=One"), 503);
    assert_int_equal(store_number(db, "SELECT count(*) FROM lead"), 0);
    assert_int_equal(ask("crm.lead.add", "fields[TITLE]=One"), 200);
    assert_int_equal(store_number(db, "SELECT count(*) FROM lead"), 1);
}

/* ---- batch ---- */

static void a_command_of_a_batch_fails_alone(void **state)
{
    (void)state;
    add("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"scope\",\"count\":1}");
    assert_int_equal(ask("batch", "cmd[a]=scope&cmd[b]=scope&cmd[c]=server.time"), 200);
    expect_answer("\"result_error\":{\"a\":" ANSWER("OVERLOAD_LIMIT",
                                                    "REST API is blocked due to overload.") "}");
    expect_answer("\"result\":{\"b\":[");
}

static void a_batch_itself_fails_as_a_whole(void **state)
{
    (void)state;
    add("{\"error\":\"QUERY_LIMIT_EXCEEDED\",\"method\":\"batch\",\"count\":1}");
    assert_int_equal(ask("batch", "cmd[a]=scope"), 503);
    assert_int_equal(ask("batch", "cmd[a]=scope"), 200);
    /* A fault of any method counts the request, not each of its commands. */
    add("{\"error\":\"QUERY_LIMIT_EXCEEDED\",\"every\":2}");
    assert_int_equal(ask("batch", "cmd[a]=scope&cmd[b]=scope&cmd[c]=scope"), 200);
    expect_answer("\"result_error\":[]");
    assert_int_equal(ask("batch", "cmd[a]=scope"), 503);
}

/* ---- delays and what happens on the socket ---- */

static void a_delay_is_told_to_the_server(void **state)
{
    (void)state;
    add("{\"delay\":\"250ms\",\"method\":\"scope\"}");
    call_begin("10.0.0.1", "/rest/1/" CODE "/scope", NULL);
    assert_int_equal(pipeline_prepare(&call, portal, db), PIPELINE_READ);
    assert_true(call.delay > 0.249 && call.delay < 0.251);
    assert_int_equal(call.fault->kind, FAULT_DELAY);
    call_end(PIPELINE_READ);
    assert_int_equal(call.status, 200);
    /* Of a batch's commands the longest. */
    call_begin("10.0.0.1", "/rest/1/" CODE "/batch", "cmd[]=scope&cmd[]=server.time&cmd[]=scope");
    assert_int_equal(pipeline_prepare(&call, portal, db), PIPELINE_READ);
    assert_true(call.delay > 0.249 && call.delay < 0.251);
    call_end(PIPELINE_READ);
}

static void a_command_can_break_the_connection_of_its_batch(void **state)
{
    (void)state;
    add("{\"kind\":\"lost\",\"method\":\"crm.lead.add\"}");
    call_begin("10.0.0.1", "/rest/1/" CODE "/batch", "cmd[]=scope&cmd[]=crm.lead.add");
    assert_int_equal(pipeline_prepare(&call, portal, db), PIPELINE_WRITE);
    assert_int_equal(call.fault->kind, FAULT_LOST);
    call_end(PIPELINE_WRITE);
}

/* ---- the list ---- */

static void faults_are_listed_and_cleared(void **state)
{
    (void)state;
    add("{\"error\":\"overload_limit\",\"method\":\"crm.lead.add\",\"count\":\"3\",\"every\":5,"
        "\"delay\":\"800ms\",\"credential\":7}");
    assert_string_equal(
        buf_text(&out),
        "{\"id\":1,\"kind\":\"error\",\"method\":\"crm.lead.add\",\"error\":\"OVERLOAD_LIMIT\","
        "\"status\":503,\"text\":\"REST API is blocked due to overload.\",\"delay\":0.8,"
        "\"credential\":7,\"count\":3,\"every\":5,\"seen\":0,\"hits\":0}");
    add("{\"kind\":\"drop\",\"method\":\"*\"}");
    assert_string_equal(buf_text(&out),
                        "{\"id\":2,\"kind\":\"drop\",\"method\":\"*\",\"delay\":0,\"credential\":"
                        "null,\"count\":null,\"every\":1,\"seen\":0,\"hits\":0}");
    add("{\"kind\":\"html\"}");
    assert_string_equal(act("faults/clear", "{\"id\":2}", API_OK), "{\"cleared\":1}");
    act("faults/clear", "{\"id\":2}", API_FAIL);
    assert_int_equal(control.error.code, API_ERR_NOT_FOUND);
    assert_string_equal(act("faults/clear", "[]", API_OK), "{\"cleared\":2}");
    assert_string_equal(act("faults", "[]", API_OK), "[]");
    act("nonsense", "[]", API_FAIL);
    assert_int_equal(control.error.code, API_ERR_NOT_FOUND);
}

static void there_is_room_for_a_thousand(void **state)
{
    (void)state;
    for (int i = 0; i < FAULT_LIMIT; i++)
        add("{\"error\":\"OVERLOAD_LIMIT\",\"method\":\"scope\"}");
    act("faults/add", "{\"error\":\"OVERLOAD_LIMIT\"}", API_FAIL);
    assert_int_equal(ask("server.time", NULL), 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_code_can_be_asked_for),
        TEST(a_code_of_several_lines_is_the_plain_one),
        TEST(every_known_code_can_be_asked_for),
        TEST(the_codes_sdks_know_are_there),
        TEST(lines_that_share_a_code_have_names),
        TEST(an_unknown_code_is_refused_with_the_list),
        TEST(what_makes_no_sense_is_refused),
        TEST(times_have_units),
        TEST(count_ends_it),
        TEST(every_lets_the_others_pass),
        TEST(only_its_method),
        TEST(a_page_can_fail_too),
        TEST(only_its_credential),
        TEST(the_first_that_fires_is_met),
        TEST(true_causes_come_first),
        TEST(nothing_is_done_by_a_call_that_fails),
        TEST(a_command_of_a_batch_fails_alone),
        TEST(a_batch_itself_fails_as_a_whole),
        TEST(a_delay_is_told_to_the_server),
        TEST(a_command_can_break_the_connection_of_its_batch),
        TEST(faults_are_listed_and_cleared),
        TEST(there_is_room_for_a_thousand),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
