/* Validity, folding and length of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"

struct text {
    const char *bytes;
    size_t len;
    bool valid;
};

#define VALID(literal)                                                                             \
    {                                                                                              \
        literal, sizeof literal - 1, true                                                          \
    }
#define INVALID(literal)                                                                           \
    {                                                                                              \
        literal, sizeof literal - 1, false                                                         \
    }

static const struct text texts[] = {
    VALID(""),
    VALID("a"),
    VALID("\x01\x7F"),
    VALID("plain text longer than one word"),
    VALID("\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82"),
    VALID("\xC2\x80"),
    VALID("\xDF\xBF"),
    VALID("\xE0\xA0\x80"),
    VALID("\xED\x9F\xBF"),
    VALID("\xEE\x80\x80"),
    VALID("\xEF\xBF\xBF"),
    VALID("\xF0\x90\x80\x80"),
    VALID("\xF4\x8F\xBF\xBF"),
    VALID("1234567\xF0\x9F\x98\x80"),
    INVALID("\0"),
    INVALID("1234567\0"),
    INVALID("12345678\0ABCDEFGH"),
    INVALID("\x80"),
    INVALID("\xBF"),
    INVALID("12345678\xBF"),
    INVALID("\xC0\x80"),         /* overlong NUL */
    INVALID("\xC1\xBF"),         /* overlong */
    INVALID("\xE0\x9F\xBF"),     /* overlong */
    INVALID("\xF0\x8F\xBF\xBF"), /* overlong */
    INVALID("\xED\xA0\x80"),     /* surrogates */
    INVALID("\xED\xBF\xBF"),
    INVALID("\xED\xA0\xBD\xED\xB8\x80"),
    INVALID("\xF4\x90\x80\x80"), /* above U+10FFFF */
    INVALID("\xF5\x80\x80\x80"),
    INVALID("\xF8\x88\x80\x80\x80"),
    INVALID("\xFE"),
    INVALID("\xFF"),
    INVALID("\xD0"), /* cut off */
    INVALID("\xE2\x82"),
    INVALID("\xF0\x9F\x98"),
    INVALID("\xD0 \x9F"),
    INVALID("\xE2\x28\xA1"),
    INVALID("caf\xE9"), /* Latin-1 */
};

static void validity(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (utf8_valid(texts[i].bytes, texts[i].len) != texts[i].valid)
            fail_msg("text %zu should be %s", i, texts[i].valid ? "valid" : "invalid");
    }
}

/* The fast path must see a wrong byte at every place. */
static void validity_at_every_place(void **state)
{
    (void)state;
    char text[40];
    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'a', sizeof text);
        assert_true(utf8_valid(text, sizeof text));
        text[at] = '\0';
        assert_false(utf8_valid(text, sizeof text));
        text[at] = (char)0x80;
        assert_false(utf8_valid(text, sizeof text));
        assert_true(utf8_valid(text, at));
        text[at] = (char)0xD0;
        assert_false(utf8_valid(text, sizeof text));
    }
}

static void folding(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"AZaz09[]@", "azaz09[]@"},
        {"ПРИВЕТ, Ёж", "привет, ёж"},
        {"ÀÉÎ", "àéî"},
        {"ΑΣΩ", "ασω"},
        {"İ", "i"}, /* one code point stays one */
        {"ΟΔΟΣ οδος", "οδοσ οδοσ"},
        {"Straße", "straße"},
        {"ẞ", "ß"},
        {"Ⅷ", "ⅷ"},
        {"𐐀", "𐐨"},
        {"日本語", "日本語"},
        {"😀", "😀"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct buf out;
        buf_init(&out);
        utf8_fold(&out, pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(buf_text(&out), pairs[i][1]);
        assert_int_equal(utf8_length(pairs[i][0], strlen(pairs[i][0])),
                         utf8_length(out.data, out.len));
        buf_clear(&out);
    }
}

static void mending(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"привет 😀", "привет 😀"},
        {"прив\xD0", "прив"},
        {"cut \xF0\x9F\x98 here", "cut  here"},
        {"\xCF\xF0\xE8\xE2\xE5\xF2!", "!"}, /* CP1251 */
        {"\x80\xED\xA0\x80\xC0\x80z", "z"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", pairs[i][0]);
        utf8_mend(text);
        assert_string_equal(text, pairs[i][1]);
    }
}

static void length(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("", 0), 0);
    assert_int_equal(utf8_length("abc", 3), 3);
    assert_int_equal(utf8_length("привет", 12), 6);
    assert_int_equal(utf8_length("a😀b", 6), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validity), cmocka_unit_test(validity_at_every_place),
        cmocka_unit_test(folding),  cmocka_unit_test(mending),
        cmocka_unit_test(length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
