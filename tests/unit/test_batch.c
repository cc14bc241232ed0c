/* Batch: every way to write a command, references to earlier results, the limit of fifty. */
#include "support.h"

#include "base/clock.h"
#include "base/limits.h"
#include "people/auth.h"
#include "rest/pipeline.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* ---- references ---- */

static const struct value *lookup(void *context, const char *key, size_t len)
{
    return value_get_n(context, key, len);
}

#define RESULTS                                                                                    \
    "{\"a\":{\"ID\":\"7\",\"LIST\":[10,20,[30]],\"x y\":\"sp\",\"\":\"empty\"},\"n\":5,"           \
    "\"t\":true,\"f\":false,\"z\":null,\"d\":1.5,\"s\":\"text\",\"e\":[],\"0\":[{\"ID\":\"1\"}],"  \
    "\"deep\":{\"b\":{\"c\":{\"d\":\"end\"}}},\"ref\":\"$result[s]\",\"ж\":\"ю\"}"

static const char *resolved(const char *json)
{
    struct value *results = json_value(&arena, RESULTS), *given = json_value(&arena, json);
    const char *before = json_text(&arena, given);
    const char *text = json_text(&arena, batch_resolve(&arena, given, lookup, results));
    assert_string_equal(json_text(&arena, given), before); /* what was given stays as it is */
    return text;
}

static void expect_resolved(const char *json, const char *wanted)
{
    const char *text = resolved(json);
    if (strcmp(text, wanted) != 0)
        fail_msg("%s became %s, not %s", json, text, wanted);
}

static void a_whole_value_keeps_its_type(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[\"$result[n]\"]", "[5]"},
        {"[\"$result[d]\"]", "[1.5]"},
        {"[\"$result[t]\"]", "[true]"},
        {"[\"$result[z]\"]", "[null]"},
        {"[\"$result[s]\"]", "[\"text\"]"},
        {"[\"$result[e]\"]", "[[]]"},
        {"[\"$result[a][LIST]\"]", "[[10,20,[30]]]"},
        {"[\"$result[a][LIST][2]\"]", "[[30]]"},
        {"[\"$result[a][LIST][2][0]\"]", "[30]"},
        {"[\"$result[0][0][ID]\"]", "[\"1\"]"},
        {"[\"$result[0]\"]", "[[{\"ID\":\"1\"}]]"},
        {"[\"$result[deep][b][c][d]\"]", "[\"end\"]"},
        {"[\"$result[ж]\"]", "[\"ю\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_resolved(cases[i][0], cases[i][1]);
}

static void a_part_of_a_text_becomes_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[\"id $result[n]\"]", "[\"id 5\"]"},
        {"[\"$result[n]!\"]", "[\"5!\"]"},
        {"[\"$result[n]$result[s]\"]", "[\"5text\"]"},
        {"[\"<$result[d]|$result[t]|$result[f]|$result[z]>\"]", "[\"<1.5|1||>\"]"},
        {"[\"list: $result[a][LIST].\"]", "[\"list: .\"]"},
        {"[\"$$result[n]\"]", "[\"$5\"]"},
        {"[\"$$result[n]$\"]", "[\"$5$\"]"},
        {"[\"1$ and $result[n]$ \"]", "[\"1$ and 5$ \"]"},
        {"[\"[$result[n]]\"]", "[\"[5]\"]"},
        {"[\"$result[n][\"]", "[\"5[\"]"},
        {"[\"$result[n]]\"]", "[\"5]\"]"},
        {"[\"$result[s] $result[s]\"]", "[\"text text\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_resolved(cases[i][0], cases[i][1]);
}

static void what_leads_nowhere_is_empty(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[\"$result[missing]\"]", "[null]"},
        {"[\"<$result[missing]>\"]", "[\"<>\"]"},
        {"[\"$result[missing]$result[missing]\"]", "[\"\"]"},
        {"[\"$result[a][missing]\"]", "[null]"},
        {"[\"$result[a][missing][more]\"]", "[null]"},
        {"[\"$result[n][0]\"]", "[null]"},
        {"[\"$result[s][0]\"]", "[null]"},
        {"[\"$result[e][0]\"]", "[null]"},
        {"[\"$result[0][1][ID]\"]", "[null]"},
        {"[\"$result[A]\"]", "[null]"},
        {"[\"$result[]\"]", "[null]"},
        {"[\"$result[a][]\"]", "[\"empty\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_resolved(cases[i][0], cases[i][1]);
}

static void what_is_no_reference_stays(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "$",          "$result",     "$result[",     "$result[n",  "$result [n]",
        "$Result[n]", "$results[n]", "result[n]",    "\\\\$",      "$result(n)",
        "{n}",        "$resul[n]",   "%24result[n]", "$result[n$", "$result[a[",
        "",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char json[64];
        snprintf(json, sizeof json, "[\"%s\"]", texts[i]);
        expect_resolved(json, json);
    }
    expect_resolved("[1,2.5,true,null,[],{\"k\":[{}]}]", "[1,2.5,true,null,[],{\"k\":[[]]}]");
    /* An end that is missing takes nothing with it. */
    expect_resolved("[\"$result[n $result[n\"]", "[\"$result[n $result[n\"]");
    expect_resolved("[\"$result[n] $result[n\"]", "[\"5 $result[n\"]");
}

static void names_may_stand_in_quotes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[\"$result['n']\"]", "[5]"},           {"[\"$result[\\\"n\\\"]\"]", "[5]"},
        {"[\"$result['a']['ID']\"]", "[\"7\"]"}, {"[\"$result[a][\\\"x y\\\"]\"]", "[\"sp\"]"},
        {"[\"$result[a]['']\"]", "[\"empty\"]"}, {"[\"$result['n]\"]", "[null]"},
        {"[\"$result['n\\\"]\"]", "[null]"},     {"[\"$result[']\"]", "[null]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_resolved(cases[i][0], cases[i][1]);
}

static void keys_are_resolved_too(void **state)
{
    (void)state;
    expect_resolved("{\"$result[s]\":1}", "{\"text\":1}");
    expect_resolved("{\"F_$result[n]_X\":\"$result[n]\"}", "{\"F_5_X\":5}");
    expect_resolved("{\"a\":{\"b\":{\"$result[a][ID]\":[\"$result[n]\"]}}}",
                    "{\"a\":{\"b\":{\"7\":[5]}}}");
    /* What is no text leaves the key alone; the same key twice is one. */
    expect_resolved("{\"$result[a][LIST]\":1}", "{\"$result[a][LIST]\":1}");
    expect_resolved("{\"text\":1,\"$result[s]\":2}", "{\"text\":2}");
    expect_resolved("{\"$result[n]\":1,\"5\":2}", "{\"5\":2}");
}

static void a_result_is_not_resolved_again(void **state)
{
    (void)state;
    expect_resolved("[\"$result[ref]\"]", "[\"$result[s]\"]");
    expect_resolved("[\"<$result[ref]>\"]", "[\"<$result[s]>\"]");
    expect_resolved("{\"$result[ref]\":1}", "{\"$result[s]\":1}");
}

static struct value *around(struct value *value, int levels)
{
    while (levels--) {
        struct value *outer = value_array(&arena);
        value_push(&arena, outer, value);
        value = outer;
    }
    return value;
}

static bool nests(int outside, int inside)
{
    struct value *results = value_array(&arena);
    value_set(&arena, results, "deep", 4, around(value_null(&arena), inside));
    const struct value *given = around(value_string(&arena, "$result[deep]", 13), outside);
    return batch_resolve(&arena, given, lookup, results) != NULL;
}

/* Else each command could store what the one before it read, one level deeper. */
static void results_nest_no_deeper_than_parameters(void **state)
{
    (void)state;
    for (int outside = 0; outside <= LIMIT_PARAM_DEPTH; outside += 8) {
        assert_true(nests(outside, LIMIT_PARAM_DEPTH - outside));
        assert_false(nests(outside, LIMIT_PARAM_DEPTH - outside + 1));
    }
    assert_false(nests(1, 100000));
}

/* Time that grows with the square of the text would show as a test that never ends. */
static void long_texts_are_read_once(void **state)
{
    (void)state;
    static const char *const pieces[] = {"$result[", "$result[n][", "$", "$result[n]"};
    struct value *results = json_value(&arena, RESULTS);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct buf text = {0};
        while (text.len < 4 << 20)
            buf_adds(&text, pieces[i]);
        const struct value *given = value_string(&arena, buf_text(&text), text.len);
        assert_non_null(batch_resolve(&arena, given, lookup, results));
        buf_clear(&text);
    }
}

/* ---- cmd ---- */

static struct request req;
static struct batch batch;

static enum api_rc parse(const char *params)
{
    req = (struct request){.arena = &arena, .params = json_value(&arena, params)};
    return batch_parse(&req, &batch);
}

/* All commands as "key=name{params}", a broken one as "key=!". */
static const char *parsed(const char *params)
{
    struct buf out = {0};
    if (parse(params) != API_OK)
        return "refused";
    for (size_t i = 0; i < batch.count; i++) {
        const struct batch_command *command = &batch.commands[i];
        buf_printf(&out, "%s%.*s=", i ? " " : "", (int)command->key_len, command->key);
        if (command->broken)
            buf_adds(&out, "!");
        else
            buf_printf(&out, "%s%s", command->name, json_text(&arena, command->params));
    }
    const char *text = arena_strdup(&arena, buf_text(&out));
    buf_clear(&out);
    return text;
}

static void every_form_of_a_command(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{}", ""},
        {"{\"cmd\":null}", ""},
        {"{\"cmd\":[]}", ""},
        {"{\"cmd\":{}}", ""},
        {"{\"cmd\":\"\"}", ""},
        {"{\"cmd\":[\"scope\"]}", "0=scope[]"},
        {"{\"cmd\":{\"a\":\"scope\",\"b\":\"profile\"}}", "a=scope[] b=profile[]"},
        {"{\"CMD\":[\"scope\"]}", "0=scope[]"},
        {"{\"cmd\":[\"x?id=1&f[A]=b\"]}", "0=x{\"id\":\"1\",\"f\":{\"A\":\"b\"}}"},
        {"{\"cmd\":[\"x?\"]}", "0=x[]"},
        {"{\"cmd\":[\"/x?a=1\",\" x\"]}", "0=x{\"a\":\"1\"} 1=x[]"},
        {"{\"cmd\":[\"x.json?a=%D0%B6+%3F%26\"]}", "0=x{\"a\":\"ж ?&\"}"},
        {"{\"cmd\":[\"x?a=?&b=\"]}", "0=x{\"a\":\"?\",\"b\":\"\"}"},
        {"{\"cmd\":[{\"method\":\"x\",\"params\":{\"id\":1}}]}", "0=x{\"id\":1}"},
        {"{\"cmd\":[{\"METHOD\":\"x\",\"Params\":{\"id\":[1]}}]}", "0=x{\"id\":[1]}"},
        {"{\"cmd\":[{\"method\":\"x\"}]}", "0=x[]"},
        {"{\"cmd\":[{\"method\":\"x\",\"params\":null}]}", "0=x[]"},
        {"{\"cmd\":[{\"method\":\"x?a=1&b=2\",\"params\":{\"b\":3}}]}", "0=x{\"a\":\"1\",\"b\":3}"},
        {"{\"cmd\":[[\"x\",{\"id\":1}],[\"y\"]]}", "0=x{\"id\":1} 1=y[]"},
        {"{\"cmd\":{\"k\":[\"x\",{\"id\":1},\"more\"]}}", "k=x{\"id\":1}"},
        {"{\"cmd\":\"[\\\"scope\\\"]\"}", "0=scope[]"},
        {"{\"cmd\":\"{\\\"a\\\":[\\\"x\\\",{\\\"id\\\":1}]}\"}", "a=x{\"id\":1}"},
        {"{\"cmd\":[\"\"]}", "0=[]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = parsed(cases[i][0]);
        if (strcmp(text, cases[i][1]) != 0)
            fail_msg("%s became %s, not %s", cases[i][0], text, cases[i][1]);
    }
}

static void what_is_no_command_says_so(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"cmd\":[1,true,null,1.5,\"x\"]}", "0=! 1=! 2=! 3=! 4=x[]"},
        {"{\"cmd\":[[],{}]}", "0=! 1=!"},
        {"{\"cmd\":[{\"params\":{\"id\":1}}]}", "0=!"},
        {"{\"cmd\":[{\"method\":1},{\"method\":[\"x\"]},{\"method\":null}]}", "0=! 1=! 2=!"},
        {"{\"cmd\":[[1,\"x\"],[[\"x\"]]]}", "0=! 1=!"},
        {"{\"cmd\":[{\"0\":\"x\",\"2\":{}}]}", "0=!"},
        {"{\"cmd\":[\"x?a=%FF\"]}", "0=!"},
        {"{\"cmd\":[\"x?a=%00\"]}", "0=!"},
        {"{\"cmd\":1}", "refused"},
        {"{\"cmd\":true}", "refused"},
        {"{\"cmd\":\"scope\"}", "refused"},
        {"{\"cmd\":\"1\"}", "refused"},
        {"{\"cmd\":\"[\\\"scope\\\"\"}", "refused"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = parsed(cases[i][0]);
        if (strcmp(text, cases[i][1]) != 0)
            fail_msg("%s became %s, not %s", cases[i][0], text, cases[i][1]);
    }
    assert_int_equal(parse("{\"cmd\":7}"), API_FAIL);
    assert_int_equal(req.error.code, API_ERR_INVALID_REQUEST);
}

static void the_method_is_looked_up(void **state)
{
    (void)state;
    static const struct {
        const char *cmd, *name;
    } cases[] = {{"scope", "scope"},
                 {"SCOPE?full=1", "scope"},
                 {"scope.json", "scope"},
                 {"scope.JSON?x=1", "scope"},
                 {"/scope", "scope"},
                 {"no.such", NULL},
                 {".json", NULL},
                 {"scope.xml", NULL},
                 {"crm.lead.add", "crm.lead.add"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char params[96];
        snprintf(params, sizeof params, "{\"cmd\":[\"%s\"]}", cases[i].cmd);
        assert_int_equal(parse(params), API_OK);
        const struct method *method = batch.commands[0].method;
        if (cases[i].name)
            assert_string_equal(method->name, cases[i].name);
        else
            assert_null(method);
    }
}

static void a_batch_that_writes_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *cmd;
        bool writes;
    } cases[] = {{"[]", false},
                 {"[\"scope\",\"crm.lead.list\",\"no.such\",7]", false},
                 {"[\"scope\",\"crm.lead.add\"]", true},
                 {"[{\"method\":\"crm.lead.update\"}]", true},
                 {"[\"crm.lead.DELETE?id=1\"]", true},
                 {"[\"crm.item.delivery.list\",\"batch\"]", false}}; /* not there; refused */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char params[96];
        snprintf(params, sizeof params, "{\"cmd\":%s}", cases[i].cmd);
        assert_int_equal(parse(params), API_OK);
        assert_int_equal(batch_writes(&batch), cases[i].writes);
    }
}

static void halt_is_a_flag(void **state)
{
    (void)state;
    static const struct {
        const char *halt;
        bool wanted;
    } cases[] = {{"1", true},       {"0", false},     {"true", true},  {"false", false},
                 {"\"1\"", true},   {"\"0\"", false}, {"\"Y\"", true}, {"\"true\"", true},
                 {"\"no\"", false}, {"[]", false},    {"null", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char params[64];
        snprintf(params, sizeof params, "{\"cmd\":[\"scope\"],\"halt\":%s}", cases[i].halt);
        assert_int_equal(parse(params), API_OK);
        assert_int_equal(batch.halt, cases[i].wanted);
    }
}

/* ---- more than fifty ---- */

#define CODE "batchbatchbatch"

/* The `result` of a batch of `count` commands; number `wrong` (or none, -1) is unknown. */
static const struct value *run_many(int count, const char *key, int wrong, bool halt)
{
    static struct call call;
    struct folder folder = folder_make();
    struct portal *portal = portal_make(&folder);
    struct db *db = portal_store(portal, DB_WRITER);
    struct buf body = {0};
    int64_t id;
    store_must(db, webhook_add(db, portal, 1, CODE, "crm,user", 1, &id));
    buf_printf(&body, "{\"halt\":%d,\"cmd\":{", halt);
    for (int i = 0; i < count; i++)
        buf_printf(&body, "%s\"%s%d\":\"%s\"", i ? "," : "", key, i,
                   i == wrong ? "no.such" : "scope");
    buf_adds(&body, "}}");
    call_init(&call);
    call.path = "/rest/1/" CODE "/batch";
    call.content_type = "application/json";
    call.body = buf_text(&body);
    call.body_len = body.len;
    assert_int_equal(pipeline_prepare(&call, portal, db), PIPELINE_READ);
    assert_int_equal(pipeline_execute(&call, db, 0), API_OK);
    pipeline_answer(&call);
    assert_int_equal(call.status, 200);
    const struct value *answer =
        json_parse_own(&arena, arena_strdup(&arena, buf_text(&call.answer)), call.answer.len);
    assert_non_null(answer);
    call_clear(&call);
    buf_clear(&body);
    db_close(db);
    portal_close(portal);
    folder_remove(&folder);
    return value_get(answer, "result");
}

static size_t count_of(const struct value *result, const char *part)
{
    const struct value *value = value_get(result, part);
    assert_true(value_is_array(value));
    return value->array.count;
}

/* Every key of result_error from..to, and its code. */
static void expect_beyond(const struct value *result, const char *key, int from, int to)
{
    const struct value *errors = value_get(result, "result_error");
    for (int i = from; i <= to; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s%d", key, i);
        const struct value *error = value_get(value_get(errors, name), "error");
        if (!error || strcmp(error->string.text, "ERROR_BATCH_LENGTH_EXCEEDED") != 0)
            fail_msg("%s is not refused: %s", name, json_text(&arena, errors));
    }
}

static void fifty_are_run(void **state)
{
    (void)state;
    const struct value *result = run_many(50, "", -1, false);
    assert_int_equal(count_of(result, "result"), 50);
    assert_true(value_is_list(value_get(result, "result")));
    assert_int_equal(count_of(result, "result_error"), 0);
    assert_int_equal(count_of(result, "result_time"), 50);
}

static void what_is_beyond_fifty_is_refused_each(void **state)
{
    (void)state;
    const struct value *result = run_many(53, "", -1, false);
    assert_int_equal(count_of(result, "result"), 50);
    assert_int_equal(count_of(result, "result_time"), 50);
    assert_int_equal(count_of(result, "result_error"), 3);
    expect_beyond(result, "", 50, 52);
    result = run_many(51, "k", 7, false);
    assert_int_equal(count_of(result, "result"), 49);
    assert_int_equal(count_of(result, "result_error"), 2);
    expect_beyond(result, "k", 50, 50);
    assert_non_null(value_get(value_get(result, "result_error"), "k7"));
}

static void halt_stops_at_the_fifty_first(void **state)
{
    (void)state;
    const struct value *result = run_many(60, "k", -1, true);
    assert_int_equal(count_of(result, "result"), 50);
    assert_int_equal(count_of(result, "result_error"), 1);
    expect_beyond(result, "k", 50, 50);
    result = run_many(60, "k", 49, true); /* stopped before it got there */
    assert_int_equal(count_of(result, "result"), 49);
    assert_int_equal(count_of(result, "result_error"), 1);
    assert_non_null(value_get(value_get(result, "result_error"), "k49"));
    result = run_many(60, "k", 0, true);
    assert_int_equal(count_of(result, "result"), 0);
    assert_int_equal(count_of(result, "result_time"), 0);
    assert_int_equal(count_of(result, "result_error"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_value_keeps_its_type),
        TEST(a_part_of_a_text_becomes_text),
        TEST(what_leads_nowhere_is_empty),
        TEST(what_is_no_reference_stays),
        TEST(names_may_stand_in_quotes),
        TEST(keys_are_resolved_too),
        TEST(a_result_is_not_resolved_again),
        TEST(results_nest_no_deeper_than_parameters),
        TEST(long_texts_are_read_once),
        TEST(every_form_of_a_command),
        TEST(what_is_no_command_says_so),
        TEST(the_method_is_looked_up),
        TEST(a_batch_that_writes_is_known),
        TEST(halt_is_a_flag),
        TEST(fifty_are_run),
        TEST(what_is_beyond_fifty_is_refused_each),
        TEST(halt_stops_at_the_fifty_first),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
