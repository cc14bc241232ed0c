/* Unit tests of tests/answer: what a strict client does not take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer.h"

#define TIME                                                                                       \
    "{\"start\":1.5,\"finish\":1.5,\"duration\":0.1,\"processing\":0.1,\"date_start\":"            \
    "\"2026-01-15T12:00:00+03:00\",\"date_finish\":\"2026-01-15T12:00:00+03:00\","                 \
    "\"operating_reset_at\":1,\"operating\":0}"
#define RESULT(value) "{\"result\":" value ",\"time\":" TIME "}"

static void reads(const char *call, const char *body, int status, const char *text,
                  const char *wanted)
{
    char why[ANSWER_WHY] = "fine";
    json_t *answer = answer_read(call, body, status, text, strlen(text), why);
    if (wanted) {
        assert_null(answer);
        assert_string_equal(why, wanted);
    } else if (!answer) {
        fail_msg("%s: %s", text, why);
    }
    json_decref(answer);
}

static void takes_answers(void **state)
{
    (void)state;
    reads("crm.lead.add?x=1", NULL, 200, RESULT("7"), NULL);
    reads("CRM.Lead.get", NULL, 200, RESULT("{\"ID\":\"1\",\"PHONE\":[]}"), NULL);
    reads("crm.lead.list", NULL, 200, "{\"result\":[],\"total\":0,\"time\":" TIME "}", NULL);
    reads("crm.lead.get", NULL, 400, "{\"error\":\"\",\"error_description\":\"Not found\"}", NULL);
}

static void takes_json_only(void **state)
{
    static const char nul[] = RESULT("7") "\0";
    char why[ANSWER_WHY];
    (void)state;
    reads("crm.lead.add", NULL, 200, RESULT("7") "x", "no JSON: end of file expected near 'x'");
    reads("crm.lead.add", NULL, 200, RESULT("NaN"), "no JSON: invalid token near 'NaN'");
    reads("server.time", NULL, 200, RESULT("\"\xc3\""), "not UTF-8");
    reads("server.time", NULL, 200, RESULT("\"\x01\""), "no JSON: control character 0x1 near '\"'");
    reads("crm.lead.get", NULL, 200, RESULT("{\"ID\":1,\"ID\":1}"),
          "no JSON: duplicate object key near '\"ID\"'");
    assert_null(answer_read("crm.lead.add", NULL, 200, nul, sizeof nul - 1, why));
    assert_string_equal(why, "not UTF-8");
}

static void takes_whole_answers_only(void **state)
{
    (void)state;
    reads("crm.lead.add", NULL, 200, "{\"result\":7}", "the time block is not complete");
    reads("crm.lead.add", NULL, 400, RESULT("7"), "a result with a status of error");
    reads("crm.lead.add", NULL, 200, "{\"error\":\"\",\"error_description\":\"\"}",
          "an error with status 200");
    reads("crm.lead.add", NULL, 400, "{\"error\":\"NO_SUCH\",\"error_description\":\"\"}",
          "an unknown error code: NO_SUCH");
    reads("crm.lead.list", NULL, 200, "{\"result\":[],\"total\":-1,\"time\":" TIME "}",
          "a total or a next that is no number");
}

static void holds_results_against_their_methods(void **state)
{
    (void)state;
    reads("crm.lead.add?x=1", NULL, 200, RESULT("\"7\""),
          "the result of crm.lead.add must be an integer");
    reads("crm.lead.get", NULL, 200, RESULT("{}"), "the result of crm.lead.get must be an object");
    reads("crm.activity.get", NULL, 200, RESULT("{\"SETTINGS\":{\"0\":1}}"),
          "an object that PHP would say as a list");
    reads("crm.lead.get", NULL, 200, RESULT("{\"A\":1}"),
          "the result of crm.lead.get: \"result\" has the key \"A\", which is not described");
    reads("crm.lead.list", NULL, 200, RESULT("[{\"ID\":1}]"),
          "the result of crm.lead.list: \"ID\" is 1, which is not {\"title\":\"ID\",\"type\":"
          "[\"string\",\"null\"],\"pattern\":\"^-?[0-9]+$\"}");
    reads("crm.lead.fields", NULL, 200, RESULT("{\"ID\":{\"type\":\"integer\"}}"),
          "the result of crm.lead.fields: \"ID\" has no key \"isRequired\"");
    reads("crm.lead.list", NULL, 200, RESULT("{\"1\":[]}"),
          "the result of crm.lead.list must be a list");
}

#define BATCH(result, error, time)                                                                 \
    RESULT("{\"result\":" result ",\"result_error\":" error                                        \
           ",\"result_total\":[],\"result_next\":[],\"result_time\":" time "}")
#define COMMANDS "{\"cmd\":{\"a\":\"crm.lead.add?x=1\",\"b\":{\"method\":\"scope\"}}}"

static void looks_into_batches(void **state)
{
    (void)state;
    reads("batch", COMMANDS, 200,
          BATCH("{\"a\":1,\"b\":[\"crm\"]}", "[]", "{\"a\":" TIME ",\"b\":" TIME "}"), NULL);
    reads("batch", COMMANDS, 200,
          BATCH("{\"a\":1,\"b\":2}", "[]", "{\"a\":" TIME ",\"b\":" TIME "}"),
          "the result of scope must be a list");
    reads("batch", COMMANDS, 200, BATCH("{\"a\":1}", "[]", "[]"), "a result without its time: a");
    reads("batch", COMMANDS, 200, BATCH("{\"c\":1}", "[]", "[]"),
          "a result or an error of no command");
    reads("batch", COMMANDS, 200, BATCH("[]", "{\"a\":\"no\"}", "[]"),
          "an error is a code and a text");
}

int main(void)
{
    method_registry_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_answers),
        cmocka_unit_test(takes_json_only),
        cmocka_unit_test(takes_whole_answers_only),
        cmocka_unit_test(holds_results_against_their_methods),
        cmocka_unit_test(looks_into_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
