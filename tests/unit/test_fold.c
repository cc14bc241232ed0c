/* Texts without regard to case, and phone numbers: comparing, keys, letters. */
#include "support.h"

#include <utf8proc.h>

#include "base/fold.h"
#include "base/phone.h"
#include "base/utf8.h"

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

static const char *folded(const char *text)
{
    struct buf out = {0};
    utf8_fold(&out, text, strlen(text));
    const char *copy = arena_strdup(&arena, buf_text(&out));
    buf_clear(&out);
    return copy;
}

static const char *key(const char *text)
{
    size_t len;
    const char *made = fold_key(&arena, text, strlen(text), &len);
    assert_int_equal(len, strlen(made));
    assert_true(len < FOLD_KEY_MAX);
    return made;
}

static const char *const texts[] = {
    "",     "a",    "A",    "b",       "ab",      "aB",     "Привет", "ПРИВЕТ",  "привет ", "ёлка",
    "елка", "ЁЛКА", "ΟΔΟΣ", "οδος",    "οδοσ",    "straße", "STRAẞE", "strasse", "STRASSE", "İ",
    "i",    "I",    "ı",    "e\u0301", "E\u0301", "é",      "É",      "\u212A",  "K",       "k",
    "𐐀",    "𐐨",    "ﬁ",    "fi",      "Ⅷ",       "ⅷ",      " a",     "ａ",      "Ａ"};
#define TEXTS (sizeof texts / sizeof texts[0])

static void comparing_is_folding(void **state)
{
    (void)state;
    for (size_t i = 0; i < TEXTS; i++) {
        for (size_t j = 0; j < TEXTS; j++) {
            bool same = !strcmp(folded(texts[i]), folded(texts[j]));
            int order = fold_compare(texts[i], strlen(texts[i]), texts[j], strlen(texts[j]));
            assert_int_equal(order == 0, same);
            assert_int_equal(!strcmp(key(texts[i]), key(texts[j])), same);
            assert_int_equal(order,
                             -fold_compare(texts[j], strlen(texts[j]), texts[i], strlen(texts[i])));
        }
    }
    assert_int_equal(fold_compare("STRAẞE", strlen("STRAẞE"), "straße", strlen("straße")), 0);
    assert_int_not_equal(fold_compare("strasse", 7, "straße", strlen("straße")), 0);
}

/* All a store needs that replaces letter by letter: what is replaced once is replaced for good. */
static void folding_twice_is_folding_once(void **state)
{
    (void)state;
    for (int32_t point = 1; point < 0x110000; point++) {
        int32_t once = utf8_fold_point(point);
        if (utf8_fold_point(once) != once)
            fail_msg("U+%04X", (unsigned)point);
        if (point >= 0x20000 && once != point)
            fail_msg("U+%04X has a case; base/fold looks no further than U+20000", (unsigned)point);
        if (point >= 0x80 && once < 0x80)
            assert_true(point == 0x130 || point == 0x212A);
    }
}

static void a_long_text_has_a_short_key(void **state)
{
    (void)state;
    char a[4097], b[4097];
    memset(a, 'a', sizeof a - 1);
    memset(b, 'A', sizeof b - 1);
    a[4096] = b[4096] = '\0';
    assert_string_equal(key(a), key(b));
    b[4095] = 'B';
    assert_string_not_equal(key(a), key(b));
    /* A text that is written as the key of another one is not it. */
    const char *made = key(a);
    assert_string_not_equal(key(made), made);
    for (size_t len = 190; len < 260; len++) {
        char text[600];
        for (size_t i = 0; i < len; i++)
            memcpy(text + 2 * i, "Ж", 2);
        text[2 * len] = '\0';
        assert_true(utf8_valid(key(text), strlen(key(text))));
    }
}

static void letters_are_those_that_matter(void **state)
{
    (void)state;
    struct buf from = {0}, to = {0};
    fold_letters(&from, &to, "ik", 2);
    assert_string_equal(buf_text(&from), "İ\u212A");
    assert_string_equal(buf_text(&to), "ik");
    from.len = to.len = 0;
    fold_letters(&from, &to, "σa!", strlen("σa!"));
    assert_string_equal(buf_text(&from), "Σς");
    assert_string_equal(buf_text(&to), "σσ");
    from.len = to.len = 0;
    fold_letters(&from, &to, "abc", 3);
    assert_int_equal(from.len, 0);
    buf_clear(&from);
    buf_clear(&to);
}

static void numbers_of_phones(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"+7 (495) 123-45-67", "74951234567"},
        {"8 495 123 45 67", "74951234567"},
        {"84951234567", "74951234567"},
        {"+84951234567", "84951234567"}, /* Vietnam */
        {"8-800", "8800"},
        {"0049 30 12345", "493012345"},
        {"+49 30 12345", "493012345"},
        {"030 12345", "03012345"},
        {"+1 202 555 0100 ext. 12", "12025550100"},
        {"+1 202 555 0100x12", "12025550100"},
        {"+1 202 555 0100,,12", "12025550100"},
        {"+7 495 123-45-67 доб. 5", "74951234567"},
        {"+7 495 123-45-67 ДОБ 5", "74951234567"},
        {"tel. 123", "123"},
        {"ext 5", "5"},
        {"none", ""},
        {"", ""},
    };
    size_t len;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_string_equal(phone_number(&arena, pairs[i][0], strlen(pairs[i][0])), pairs[i][1]);
    assert_string_equal(phone_key(&arena, "None", 4, &len), "none");
    assert_string_equal(phone_key(&arena, "8 (495) 1234567", 15, &len), "74951234567");
    assert_int_equal(len, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing_is_folding),
        cmocka_unit_test(folding_twice_is_folding_once),
        cmocka_unit_test(a_long_text_has_a_short_key),
        cmocka_unit_test(letters_are_those_that_matter),
        cmocka_unit_test(numbers_of_phones),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
