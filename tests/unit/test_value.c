/* The parameter tree: PHP's arrays and PHP's weak readings of scalars. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <float.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/value.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

static struct value *text(const char *literal)
{
    return value_string(&arena, literal, strlen(literal));
}

static void set(struct value *array, const char *key, int64_t integer)
{
    value_set(&arena, array, key, strlen(key), value_int(&arena, integer));
}

static const char *last_key(const struct value *array)
{
    return array->array.items[array->array.count - 1].key;
}

static void setting_replaces_in_place(void **state)
{
    (void)state;
    struct value *array = value_array(&arena);
    set(array, "a", 1);
    set(array, "b", 2);
    set(array, "a", 3);
    assert_int_equal(array->array.count, 2);
    assert_string_equal(array->array.items[0].key, "a");
    assert_int_equal(value_get(array, "a")->integer, 3);
    assert_null(value_get(array, "A"));
    assert_null(value_get(array, ""));
    set(array, "", 4);
    assert_int_equal(value_get(array, "")->integer, 4);
    assert_int_equal(value_get_n(array, "abc", 1)->integer, 3);
}

static void getting_from_what_is_no_array(void **state)
{
    (void)state;
    assert_null(value_get(NULL, "a"));
    assert_null(value_get(text("abc"), "0"));
    assert_null(value_get_nocase(NULL, "a"));
    assert_false(value_is_list(NULL));
    assert_false(value_is_list(text("")));
    value_unset(NULL, "a");
    value_unset(text("x"), "a");
}

static void nocase_prefers_the_exact_key(void **state)
{
    (void)state;
    struct value *array = value_array(&arena);
    set(array, "ID", 1);
    set(array, "id", 2);
    set(array, "Name", 3);
    assert_int_equal(value_get_nocase(array, "id")->integer, 2);
    assert_int_equal(value_get_nocase(array, "iD")->integer, 1);
    assert_int_equal(value_get_nocase(array, "NAME")->integer, 3);
    assert_null(value_get_nocase(array, "NAM"));
}

/* `set` in order, then one push: the key that the push gets. */
static void pushing_after_keys(void **state)
{
    (void)state;
    static const struct {
        const char *keys[3];
        const char *pushed;
    } cases[] = {
        {{NULL}, "0"},
        {{"0"}, "1"},
        {{"5"}, "6"},
        {{"5", "2"}, "6"},
        {{"a"}, "0"},
        {{"-3"}, "0"},
        {{"05"}, "0"},
        {{"+5"}, "0"},
        {{"5.0"}, "0"},
        {{"-0"}, "0"},
        {{" 5"}, "0"},
        {{"9223372036854775806"}, "9223372036854775807"},
        {{"9223372036854775808"}, "0"},
        {{"99999999999999999999"}, "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value *array = value_array(&arena);
        for (size_t k = 0; k < 3 && cases[i].keys[k]; k++)
            set(array, cases[i].keys[k], 1);
        value_push(&arena, array, value_null(&arena));
        assert_string_equal(last_key(array), cases[i].pushed);
    }
}

static void no_index_is_left(void **state)
{
    (void)state;
    struct value *array = value_array(&arena);
    set(array, "9223372036854775806", 1);
    value_push(&arena, array, text("last"));
    value_push(&arena, array, text("dropped"));
    value_push(&arena, array, text("dropped"));
    assert_int_equal(array->array.count, 2);
    assert_string_equal(value_get(array, "9223372036854775807")->string.text, "last");
}

static void lists(void **state)
{
    (void)state;
    struct value *array = value_array(&arena);
    assert_true(value_is_list(array));
    set(array, "0", 1);
    assert_true(value_is_list(array));
    set(array, "2", 1);
    assert_false(value_is_list(array));
    value_unset(array, "2");
    set(array, "1", 1);
    assert_true(value_is_list(array));
    struct value *swapped = value_array(&arena);
    set(swapped, "1", 1);
    set(swapped, "0", 1);
    assert_false(value_is_list(swapped));
    struct value *zeros = value_array(&arena);
    set(zeros, "00", 1);
    assert_false(value_is_list(zeros));
}

static void large_arrays_find_every_key(void **state)
{
    (void)state;
    struct value *array = value_array(&arena);
    for (int i = 0; i < 5000; i++) {
        char *key = arena_printf(&arena, "key%d", i);
        value_set(&arena, array, key, strlen(key), value_int(&arena, i));
    }
    for (int i = 0; i < 5000; i += 2)
        set(array, arena_printf(&arena, "key%d", i), -i);
    assert_int_equal(array->array.count, 5000);
    for (int i = 0; i < 5000; i++) {
        const struct value *found = value_get(array, arena_printf(&arena, "key%d", i));
        assert_int_equal(found->integer, i % 2 ? i : -i);
    }
    assert_null(value_get(array, "key5000"));
    value_unset(array, "key17");
    assert_null(value_get(array, "key17"));
    set(array, "key17", 17);
    assert_string_equal(last_key(array), "key17");
    for (int i = 0; i < 5000; i++)
        value_push(&arena, array, value_null(&arena));
    assert_int_equal(value_get(array, "key17")->integer, 17);
    assert_int_equal(value_get(array, "key16")->integer, -16);
    assert_non_null(value_get(array, "4999"));
}

static void emptiness(void **state)
{
    (void)state;
    assert_true(value_is_empty(NULL));
    assert_true(value_is_empty(value_null(&arena)));
    assert_true(value_is_empty(text("")));
    assert_true(value_is_empty(value_array(&arena)));
    assert_false(value_is_empty(text("0")));
    assert_false(value_is_empty(text(" ")));
    assert_false(value_is_empty(value_bool(&arena, false)));
    assert_false(value_is_empty(value_int(&arena, 0)));
}

static void texts_to_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        int64_t integer;
    } cases[] = {
        {"0", true, 0},
        {"15", true, 15},
        {" \t\r\n15\v\f ", true, 15},
        {"+15", true, 15},
        {"-15", true, -15},
        {"-0", true, 0},
        {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"18446744073709551616", false, 0},
        {"99999999999999999999999999", false, 0},
        {"", false, 0},
        {"  ", false, 0},
        {"+", false, 0},
        {"-", false, 0},
        {"+-1", false, 0},
        {"- 1", false, 0},
        {"1 2", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"0x10", false, 0},
        {"12a", false, 0},
        {"a", false, 0},
        {"\xD9\xA1", false, 0}, /* an Arabic digit */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t integer = 99;
        bool ok = value_to_int(text(cases[i].text), &integer);
        if (ok != cases[i].ok || integer != (ok ? cases[i].integer : 99))
            fail_msg("\"%s\": %d, %lld", cases[i].text, ok, (long long)integer);
    }
    int64_t integer;
    assert_true(text_to_int("123", 2, &integer));
    assert_int_equal(integer, 12);
}

static void other_values_to_integers(void **state)
{
    (void)state;
    int64_t integer = 0;
    assert_true(value_to_int(value_int(&arena, INT64_MIN), &integer));
    assert_int_equal(integer, INT64_MIN);
    assert_true(value_to_int(value_bool(&arena, true), &integer));
    assert_int_equal(integer, 1);
    assert_true(value_to_int(value_double(&arena, -3.0), &integer));
    assert_int_equal(integer, -3);
    assert_false(value_to_int(value_double(&arena, 3.5), &integer));
    assert_false(value_to_int(value_double(&arena, 1e19), &integer));
    assert_false(value_to_int(value_double(&arena, -1e300), &integer));
    assert_false(value_to_int(value_null(&arena), &integer));
    assert_false(value_to_int(value_array(&arena), &integer));
    assert_false(value_to_int(NULL, &integer));
}

static void texts_to_doubles(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        double real;
    } cases[] = {
        {"0", true, 0},
        {"1.5", true, 1.5},
        {" -1.5e3 ", true, -1500},
        {".5", true, .5},
        {"5.", true, 5},
        {"+2", true, 2},
        {"1E-2", true, .01},
        {"0e0", true, 0},
        {"00.5", true, .5},
        {"", false, 0},
        {" ", false, 0},
        {".", false, 0},
        {"e5", false, 0},
        {"1e", false, 0},
        {"inf", false, 0},
        {"-inf", false, 0},
        {"nan", false, 0},
        {"NaN(1)", false, 0},
        {"0x1p3", false, 0},
        {"-0x10", false, 0},
        {"1e999", false, 0},
        {"-1e999", false, 0},
        {"1,5", false, 0},
        {"1.5.1", false, 0},
        {"1 000", false, 0},
        {"--1", false, 0},
        {"infinity", false, 0},
        {"1e-999", true, 0},
        {"1.7976931348623157e308", true, DBL_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double real = 99;
        bool ok = value_to_double(text(cases[i].text), &real);
        double wanted = ok ? cases[i].real : 99;
        if (ok != cases[i].ok || real < wanted || real > wanted)
            fail_msg("\"%s\": %d, %g", cases[i].text, ok, real);
    }
    double real;
    assert_true(value_to_double(value_int(&arena, 7), &real));
    assert_float_equal(real, 7, 0);
    assert_true(value_to_double(value_bool(&arena, true), &real));
    assert_float_equal(real, 1, 0);
    assert_false(value_to_double(value_null(&arena), &real));
    assert_false(value_to_double(NULL, &real));
}

static void flags(void **state)
{
    (void)state;
    static const char *const yes[] = {"Y", "y", "1", "true", "TRUE"};
    static const char *const no[] = {"N", "n", "0", "false", "False", ""};
    static const char *const neither[] = {"yes", "no", "2", "-1", " Y", "01", "on", "tru"};
    bool flag = false;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        flag = false;
        assert_true(value_to_flag(text(yes[i]), &flag));
        assert_true(flag);
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        flag = true;
        assert_true(value_to_flag(text(no[i]), &flag));
        assert_false(flag);
    }
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        assert_false(value_to_flag(text(neither[i]), &flag));
    assert_true(value_to_flag(value_int(&arena, 1), &flag) && flag);
    assert_true(value_to_flag(value_bool(&arena, false), &flag) && !flag);
    assert_true(value_to_flag(value_double(&arena, 1.0), &flag) && flag);
    assert_false(value_to_flag(value_int(&arena, 2), &flag));
    assert_false(value_to_flag(value_double(&arena, .5), &flag));
    assert_false(value_to_flag(value_null(&arena), &flag));
    assert_false(value_to_flag(value_array(&arena), &flag));
    assert_false(value_to_flag(NULL, &flag));
}

static void assert_text(const struct value *value, const char *wanted)
{
    size_t len = 99;
    const char *found = value_to_text(&arena, value, &len);
    assert_string_equal(found, wanted);
    assert_int_equal(len, strlen(wanted));
}

static void scalars_to_text(void **state)
{
    (void)state;
    size_t len;
    assert_text(NULL, "");
    assert_text(value_null(&arena), "");
    assert_text(value_bool(&arena, true), "1");
    assert_text(value_bool(&arena, false), "");
    assert_text(value_int(&arena, INT64_MIN), "-9223372036854775808");
    assert_text(value_double(&arena, .1), "0.1");
    assert_text(text("abc"), "abc");
    assert_null(value_to_text(&arena, value_array(&arena), &len));
}

static void doubles_are_as_short_as_they_can_be(void **state)
{
    (void)state;
    static const struct {
        double real;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1, "1"},
        {-2.5, "-2.5"},
        {.1, "0.1"},
        {.1 + .2, "0.30000000000000004"},
        {3607999.99, "3607999.99"},
        {1e15, "1e+15"},
        {123456789012345.0, "123456789012345"},
        {9007199254740993.0, "9007199254740992"},
        {1e300, "1e+300"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {5e-324, "4.94065645841247e-324"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[32];
        size_t len = double_to_text(cases[i].real, out, sizeof out);
        assert_string_equal(out, cases[i].text);
        assert_int_equal(len, strlen(out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(setting_replaces_in_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(getting_from_what_is_no_array, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nocase_prefers_the_exact_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pushing_after_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_index_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(large_arrays_find_every_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(emptiness, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_to_integers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_values_to_integers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_to_doubles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(flags, set_up, tear_down),
        cmocka_unit_test_setup_teardown(scalars_to_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(doubles_are_as_short_as_they_can_be, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
