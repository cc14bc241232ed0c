/* JSON in: what is read, what is refused, and with which sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/writer.h"

#define NOT_VALID "The JSON is not valid"
#define TOO_DEEP "The JSON is nested too deeply"
#define TOO_MANY "The JSON holds too many values"

/* Parses, and writes again into `out`; false with `why` when refused. */
static bool rewrite(const char *text, size_t len, struct buf *out, const char **why)
{
    struct arena arena;
    struct writer w;
    arena_init(&arena);
    buf_init(out);
    /* A copy of the exact size, so that the address sanitizer sees a read beyond it. */
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    const struct value *value = json_parse(&arena, copy, len, why);
    free(copy);
    if (value) {
        writer_init(&w, out);
        writer_value(&w, value);
    }
    arena_clear(&arena);
    return value != NULL;
}

static void what_is_read(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{}", "[]"},
        {"[]", "[]"},
        {" \t\r\n[ 1 , 2 ] \n", "[1,2]"},
        {"null", "null"},
        {"true", "true"},
        {"\"text\"", "\"text\""},
        {"-17", "-17"},
        {"{\"a\":1,\"b\":[true,false,null]}", "{\"a\":1,\"b\":[true,false,null]}"},
        {"{\"0\":\"a\",\"1\":\"b\"}", "[\"a\",\"b\"]"},
        {"{\"1\":\"a\",\"0\":\"b\"}", "{\"1\":\"a\",\"0\":\"b\"}"},
        {"{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}"},
        {"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}"},
        {"{\"\":1}", "{\"\":1}"},
        {"[[],{},[[]]]", "[[],[],[[]]]"},
        {"[1.5,1e2,-0.25,1E+2,1e-2]", "[1.5,100,-0.25,100,0.01]"},
        {"[-0,-0.0]", "[0,0]"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        /* beyond 64 bits: a double, as in PHP, while the rest stays as it was */
        {"[9223372036854775808,15,1.5]", "[9.223372036854776e+18,15,1.5]"},
        {"[-99999999999999999999,\"1\",-0]", "[-1e+20,\"1\",0]"},
        {"\"\\u041f\\u0440 \\ud83d\\ude00 \\/ \\\\ \\\" \\b\\f\\n\\r\\t\\u0001\"",
         "\"Пр 😀 / \\\\ \\\" \\b\\f\\n\\r\\t\\u0001\""},
        {"\"Привет\"", "\"Привет\""},
        {"{\"ключ\":{\"a.b c[d]\":1}}", "{\"ключ\":{\"a.b c[d]\":1}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        const char *why = NULL;
        if (!rewrite(cases[i][0], strlen(cases[i][0]), &out, &why))
            fail_msg("%s: %s", cases[i][0], why);
        assert_string_equal(buf_text(&out), cases[i][1]);
        buf_clear(&out);
    }
}

struct refused {
    const char *text;
    size_t len;
};

#define REFUSED(literal)                                                                           \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }

static void what_is_refused(void **state)
{
    (void)state;
    static const struct refused cases[] = {
        REFUSED(""),
        REFUSED(" "),
        REFUSED("\0"),
        REFUSED("{}\0"),
        REFUSED("\xEF\xBB\xBF{}"), /* a byte order mark */
        REFUSED("{"),
        REFUSED("}"),
        REFUSED("["),
        REFUSED("]"),
        REFUSED("[1"),
        REFUSED("[1,"),
        REFUSED("[1,]"),
        REFUSED("[,1]"),
        REFUSED("[1 2]"),
        REFUSED("[1]]"),
        REFUSED("[1}"),
        REFUSED("{} {}"),
        REFUSED("{} x"),
        REFUSED("{\"a\"}"),
        REFUSED("{\"a\":}"),
        REFUSED("{\"a\":1,}"),
        REFUSED("{\"a\":1 \"b\":2}"),
        REFUSED("{a:1}"),
        REFUSED("{'a':1}"),
        REFUSED("{1:1}"),
        REFUSED("{\"a\"=1}"),
        REFUSED("// comment\n{}"),
        REFUSED("/* comment */{}"),
        REFUSED("\""),
        REFUSED("\"abc"),
        REFUSED("\"abc\\"),
        REFUSED("\"abc\\\""),
        REFUSED("'abc'"),
        REFUSED("\"\\x41\""),
        REFUSED("\"\\u12\""),
        REFUSED("\"\\u12G4\""),
        REFUSED("\"\\u0000\""),
        REFUSED("{\"a\\u0000b\":1}"),
        REFUSED("\"\\ud800\""),
        REFUSED("\"\\ud83d\\u0041\""),
        REFUSED("\"\\ude00\""),
        REFUSED("\"a\nb\""),
        REFUSED("\"a\tb\""),
        REFUSED("\"a\0b\""),
        REFUSED("\"\xFF\""),
        REFUSED("\"\xC0\x80\""),
        REFUSED("\"\xED\xA0\x80\""),
        REFUSED("\"\xF4\x90\x80\x80\""),
        REFUSED("\"caf\xE9\""),
        REFUSED("{\"\xFF\":1}"),
        REFUSED("nul"),
        REFUSED("nulll"),
        REFUSED("True"),
        REFUSED("TRUE"),
        REFUSED("undefined"),
        REFUSED("NaN"),
        REFUSED("[NaN]"),
        REFUSED("Infinity"),
        REFUSED("-Infinity"),
        REFUSED("01"),
        REFUSED("-01"),
        REFUSED("+1"),
        REFUSED("-"),
        REFUSED("--1"),
        REFUSED("1."),
        REFUSED(".5"),
        REFUSED("1.e5"),
        REFUSED("1e"),
        REFUSED("1e+"),
        REFUSED("0x10"),
        REFUSED("1_000"),
        REFUSED("1e999"),
        REFUSED("[99999999999999999999,"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        const char *why = NULL;
        if (rewrite(cases[i].text, cases[i].len, &out, &why))
            fail_msg("case %zu (%s) was taken as %s", i, cases[i].text, buf_text(&out));
        assert_string_equal(why, NOT_VALID);
        buf_clear(&out);
    }
}

static void the_reason_may_be_ignored(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_null(json_parse(&arena, "{", 1, NULL));
    arena_clear(&arena);
}

static void repeat(struct buf *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_adds(out, text);
}

static const char *reason_of(const struct buf *text)
{
    struct buf out;
    const char *why = NULL;
    bool ok = rewrite(text->data, text->len, &out, &why);
    buf_clear(&out);
    return ok ? "ok" : why;
}

static const char *reason_of_nested(const char *open, const char *inner, const char *close,
                                    size_t times)
{
    struct buf text;
    buf_init(&text);
    repeat(&text, open, times);
    buf_adds(&text, inner);
    repeat(&text, close, times);
    const char *why = reason_of(&text);
    buf_clear(&text);
    return why;
}

static void depth(void **state)
{
    (void)state;
    assert_string_equal(reason_of_nested("[", "1", "]", LIMIT_PARAM_DEPTH), "ok");
    assert_string_equal(reason_of_nested("[", "1", "]", LIMIT_PARAM_DEPTH + 1), TOO_DEEP);
    assert_string_equal(reason_of_nested("{\"a\":", "1", "}", LIMIT_PARAM_DEPTH), "ok");
    assert_string_equal(reason_of_nested("{\"a\":", "1", "}", LIMIT_PARAM_DEPTH + 1), TOO_DEEP);
    assert_string_equal(reason_of_nested("[", "", "]", 5000), TOO_DEEP);
    assert_string_equal(reason_of_nested("[", "", "", 5000), TOO_DEEP);
    assert_string_equal(reason_of_nested("[", "", "]", 1000000), TOO_MANY);
}

/* A list with `items` ones and the text `first` before them. */
static const char *reason_of_list(const char *first, size_t items, const char *last)
{
    struct buf text;
    buf_init(&text);
    buf_addc(&text, '[');
    buf_adds(&text, first);
    repeat(&text, "1,", items - 1);
    buf_adds(&text, last);
    const char *why = reason_of(&text);
    buf_clear(&text);
    return why;
}

static void count(void **state)
{
    (void)state;
    /* The list itself is a value too. */
    assert_string_equal(reason_of_list("", LIMIT_PARAM_COUNT - 1, "1]"), "ok");
    assert_string_equal(reason_of_list("", LIMIT_PARAM_COUNT, "1]"), TOO_MANY);
    assert_string_equal(reason_of_list("", 10 * LIMIT_PARAM_COUNT, "1]"), TOO_MANY);
    assert_string_equal(reason_of_list("[ ],{\n},", LIMIT_PARAM_COUNT - 3, "1]"), "ok");
    assert_string_equal(reason_of_list("[ ],{\n},", LIMIT_PARAM_COUNT - 2, "1]"), TOO_MANY);
    assert_string_equal(reason_of_list("[0],", LIMIT_PARAM_COUNT - 3, "1]"), "ok");
    assert_string_equal(reason_of_list("[0],", LIMIT_PARAM_COUNT - 2, "1]"), TOO_MANY);
    /* Commas and brackets inside of texts are none. */
    assert_string_equal(reason_of_list("\",[{\\\",[\\\\\",", LIMIT_PARAM_COUNT - 2, "1]"), "ok");
    assert_string_equal(reason_of_list("\",[{\\\",[\\\\\",", LIMIT_PARAM_COUNT - 1, "1]"),
                        TOO_MANY);
    assert_string_equal(reason_of_list("", LIMIT_PARAM_COUNT - 1, "\"open"), NOT_VALID);
    assert_string_equal(reason_of_list("", LIMIT_PARAM_COUNT - 1, "\"open\\"), NOT_VALID);
}

static void a_long_text_is_one_value(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text);
    buf_addc(&text, '"');
    repeat(&text, ",[{:", LIMIT_PARAM_COUNT);
    buf_addc(&text, '"');
    assert_string_equal(reason_of(&text), "ok");
    buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(the_reason_may_be_ignored),
        cmocka_unit_test(depth),
        cmocka_unit_test(count),
        cmocka_unit_test(a_long_text_is_one_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
