/* What is formatted into a fixed size: the length never runs past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/format.h"

static void what_fits(void **state)
{
    char out[8];
    (void)state;
    assert_int_equal(format_text(out, sizeof out, "%d.%s", 12, "abcd"), 7);
    assert_string_equal(out, "12.abcd");
    assert_true(format_whole(out, sizeof out, "%s", "seven77"));
    assert_int_equal(format_text(out, sizeof out, "%s", ""), 0);
    assert_string_equal(out, "");
}

static void what_does_not(void **state)
{
    char out[9];
    (void)state;
    memset(out, '#', sizeof out);
    assert_int_equal(format_text(out, 8, "%.2f", 1e300), 7);
    assert_int_equal(strlen(out), 7);
    assert_int_equal(out[8], '#');
    assert_false(format_whole(out, 8, "%s", "eight888"));
    assert_string_equal(out, "eight88");
    assert_int_equal(format_text(out, 1, "%d", 5), 0);
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_fits),
                                       cmocka_unit_test(what_does_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
