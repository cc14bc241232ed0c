/* JSON out: commas, escapes, numbers, PHP's rule for lists, taking back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/writer.h"

static struct buf buf;
static struct writer w;

static int set_up(void **state)
{
    (void)state;
    buf_init(&buf);
    writer_init(&w, &buf);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_clear(&buf);
    return 0;
}

static void commas(void **state)
{
    (void)state;
    writer_begin_object(&w);
    writer_keyz(&w, "empty");
    writer_begin_list(&w);
    writer_end_list(&w);
    writer_keyz(&w, "list");
    writer_begin_list(&w);
    writer_int(&w, 1);
    writer_stringz(&w, "two");
    writer_begin_object(&w);
    writer_end_object(&w);
    writer_bool(&w, true);
    writer_bool(&w, false);
    writer_null(&w);
    writer_raw(&w, "{\"raw\":1}", 9);
    writer_end_list(&w);
    writer_key(&w, "last-not", 4);
    writer_double(&w, .5);
    writer_end_object(&w);
    assert_string_equal(
        buf_text(&buf),
        "{\"empty\":[],\"list\":[1,\"two\",{},true,false,null,{\"raw\":1}],\"last\":0.5}");
}

static void integers(void **state)
{
    (void)state;
    static const struct {
        int64_t integer;
        const char *text;
    } cases[] = {
        {0, "0"},
        {7, "7"},
        {-1, "-1"},
        {10, "10"},
        {3607999, "3607999"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer_mark mark = writer_mark(&w);
        writer_int(&w, cases[i].integer);
        assert_string_equal(buf_text(&buf), cases[i].text);
        writer_rewind(&w, mark);
        writer_int_string(&w, cases[i].integer);
        assert_int_equal(buf.len, strlen(cases[i].text) + 2);
        assert_memory_equal(buf.data + 1, cases[i].text, buf.len - 2);
        assert_int_equal(buf.data[0], '"');
        assert_int_equal(buf.data[buf.len - 1], '"');
        writer_rewind(&w, mark);
    }
}

static void doubles(void **state)
{
    (void)state;
    writer_begin_list(&w);
    writer_double(&w, 1.0);
    writer_double(&w, -2.75);
    writer_double(&w, 1e21);
    writer_double(&w, -0.0);
    writer_double(&w, (double)NAN);
    writer_double(&w, (double)INFINITY);
    writer_double(&w, -(double)INFINITY);
    writer_end_list(&w);
    assert_string_equal(buf_text(&buf), "[1,-2.75,1e+21,0,0,0,0]");
}

static void escapes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a\"b", "\"a\\\"b\""},
        {"a\\b", "\"a\\\\b\""},
        {"a/b", "\"a/b\""},
        {"\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\""},
        {"\x01\x0B\x1F\x7F", "\"\\u0001\\u000b\\u001f\x7F\""},
        {"Привет 😀", "\"Привет 😀\""},
        {"eight ch\"eight ch", "\"eight ch\\\"eight ch\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer_mark mark = writer_mark(&w);
        writer_stringz(&w, cases[i][0]);
        assert_string_equal(buf_text(&buf), cases[i][1]);
        writer_rewind(&w, mark);
    }
}

/* Every byte at every place of a text of two words and more, against a plain loop. */
static void escapes_at_every_place(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        for (size_t at = 0; at < 20; at++) {
            char text[20], wanted[32];
            bool shorts = strchr("\"\\\b\t\n\f\r", c) != NULL;
            memset(text, c == 'x' ? 'y' : 'x', sizeof text);
            text[at] = (char)c;
            writer_string(&w, text, sizeof text);
            size_t grown = shorts ? 1 : c < 0x20 ? 5 : 0;
            assert_int_equal(buf.len, sizeof text + 2 + grown);
            memset(wanted, c == 'x' ? 'y' : 'x', sizeof wanted);
            assert_memory_equal(buf.data + 1, wanted, at);
            assert_memory_equal(buf.data + buf.len - 1 - (19 - at), wanted, 19 - at);
            assert_int_equal(buf.data[1 + at], grown ? '\\' : (char)c);
            writer_rewind(&w, (struct writer_mark){0, false});
        }
    }
}

static void rewinding_forgets_the_comma(void **state)
{
    (void)state;
    writer_begin_object(&w);
    struct writer_mark first = writer_mark(&w);
    writer_keyz(&w, "failed");
    writer_begin_list(&w);
    writer_int(&w, 1);
    writer_rewind(&w, first);
    writer_keyz(&w, "a");
    writer_int(&w, 1);
    struct writer_mark second = writer_mark(&w);
    writer_keyz(&w, "failed");
    writer_rewind(&w, second);
    writer_keyz(&w, "b");
    writer_int(&w, 2);
    writer_end_object(&w);
    assert_string_equal(buf_text(&buf), "{\"a\":1,\"b\":2}");
}

static void values(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct value *list = value_array(&arena), *map = value_array(&arena);
    value_push(&arena, list, value_null(&arena));
    value_push(&arena, list, value_bool(&arena, false));
    value_push(&arena, list, value_int(&arena, -5));
    value_push(&arena, list, value_array(&arena));
    value_set(&arena, map, "5", 1, value_string(&arena, "a\"b", 3));
    value_set(&arena, map, "q\"", 2, list);
    value_set(&arena, map, "r", 1, value_double(&arena, .1));
    writer_begin_list(&w);
    writer_value(&w, NULL);
    writer_value(&w, map);
    writer_end_list(&w);
    assert_string_equal(buf_text(&buf),
                        "[null,{\"5\":\"a\\\"b\",\"q\\\"\":[null,false,-5,[]],\"r\":0.1}]");
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(commas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(integers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(doubles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(escapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(escapes_at_every_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rewinding_forgets_the_comma, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
