#include "random_value.h"

#include <string.h>
#include <utf8proc.h>

#include "base/limits.h"
#include "base/utf8.h"

uint64_t random_seed;

static uint64_t next_random(void)
{
    uint64_t z = random_seed += 0x9E3779B97F4A7C15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

size_t random_below(size_t bound)
{
    return (size_t)(next_random() % bound);
}

bool random_one_in(size_t many)
{
    return random_below(many) == 0;
}

/* clang-format off */
static const char *const texts[] = {
    "", "a", "Call", "call", "CALL", "NEW", "WON", "CONTACT_TYPE", "SOURCE", "%", "%%", "_",
    "\\", "a%", "%a%", "50%", "100%", "it's", "\"", "\\%", "Ünïque Заявка", "заявка", "ЗАЯВКА",
    "ß", "ΟΔΟΣ", "οδος", "ΟΔΟΣΑ", "İstanbul", "STRASSE", "straße", "ǅ", "😀", "e\u0301", "\u00e9", " lead ", "Y", "N", "y", "true",
    "false", "CRM_TODO", "USD", "HNR_EN_1", "+49 30 12345", "@example", "2026", ":00", "-01-",
    "T12", "+03:00", ".00", "1e", "e+", "0.1", "000", "5.", "\001x",
};
/* clang-format on */

/* A JSON value each. */
/* clang-format off */
static const char *const numbers[] = {
    "0", "1", "2", "3", "5", "10", "18", "50", "-1", "1.5", "2.0", "-0.0", "0.1", "100.5",
    "12.34", "1e20", "-1e20", "1e300", "9223372036854775807", "\"9223372036854775808\"",
    "\"-9223372036854775808\"", "\"-9223372036854775809\"", "4294967297",
    "\"99999999999999999999999999999999999999999\"", "\"1.5\"", "\"1e20\"", "\" 7 \"", "\"+8\"",
    "\"007\"", "\"0x10\"", "\"NaN\"", "\"Inf\"", "\"1e400\"", "\"1e-400\"", "\".5\"", "\"5.\"",
    "\"-\"", "true", "false", "null", "\"\"", "\"0\"",
};
/* clang-format on */

/* clang-format off */
static const char *const dates[] = {
    "2026-01-15", "2026-01-15T12:00:00+03:00", "2026-01-15T09:00:00Z", "15.01.2026",
    "15.01.2026 12:00:00", "01/15/2026", "2025-12-01", "2026-01-01T00:00:00+14:00",
    "0001-01-01", "0001-01-01T00:00:00+15:00", "9999-12-31", "9999-12-31T23:59:59-15:00",
    "1981-04-01", "1969-12-31T23:59:59+00:00", "2026-02-30", "2026-01-15T25:00:00", "yesterday",
    "2026", "2026-01-10T10:30:00", "1969-12-31",
};
/* clang-format on */

/* Letters that fold in some way of their own, and their neighbours. */
static void letters_text(struct writer *w)
{
    static const char *const letters[] = {
        "a", "A",   "k", "K",      "\u212a", "i", "I", "ı",  "İ",  "i\u0307", "Σ",
        "σ", "ς",   "ß", "ẞ",      "s",      "S", "ſ", "å",  "Å",  "\u212b",  "e\u0301",
        "é", "É",   "Ж", "ж",      "Ё",      "ё", "Ъ", "Ղ",  "ղ",  "ა",       "Ა",
        "ǅ", "ǆ",   "Ω", "\u2126", "ω",      " ", "Ⅷ", "ⅷ",  "ﬁ",  "𐐀",       "𐐨",
        "Ꭰ", "ꭰ", "µ", "μ",      "Μ",      "ϐ", "β", "０", "Ａ", "ａ"};
    char text[128] = "";
    size_t len = 0;
    for (size_t i = 1 + random_below(8); i > 0; i--) {
        const char *letter = letters[random_below(sizeof letters / sizeof letters[0])];
        memcpy(text + len, letter, strlen(letter));
        len += strlen(letter);
    }
    writer_string(w, text, len);
}

void random_case(struct writer *w, const char *text, size_t len)
{
    struct buf out = {0};
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t point;
        unsigned char bytes[4];
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                                 (utf8proc_ssize_t)(len - at), &point);
        if (used <= 0)
            break;
        utf8proc_int32_t other =
            random_one_in(2) ? utf8proc_toupper(point) : utf8proc_tolower(point);
        if (utf8_fold_point(other) == utf8_fold_point(point))
            point = other;
        buf_add(&out, (const char *)bytes, (size_t)utf8proc_encode_char(point, bytes));
        at += (size_t)used;
    }
    writer_string(w, buf_text(&out), out.len);
    buf_clear(&out);
}

void random_text(struct writer *w)
{
    if (random_one_in(3)) {
        letters_text(w);
        return;
    }
    if (random_one_in(200)) { /* longer than a pattern may be */
        char long_text[LIMIT_LIKE_BYTES + 2];
        memset(long_text, 'a', sizeof long_text - 1);
        writer_string(w, long_text, sizeof long_text - 1);
        return;
    }
    writer_stringz(w, texts[random_below(sizeof texts / sizeof texts[0])]);
}

void random_number(struct writer *w)
{
    const char *number = numbers[random_below(sizeof numbers / sizeof numbers[0])];
    if (random_one_in(3))
        writer_int(w, (int64_t)random_below(120));
    else
        writer_raw(w, number, strlen(number));
}

static void random_date(struct writer *w)
{
    if (random_one_in(6))
        random_text(w);
    else
        writer_stringz(w, dates[random_below(sizeof dates / sizeof dates[0])]);
}

static void random_flag(struct writer *w)
{
    writer_stringz(w, random_one_in(2) ? "Y" : "N");
}

static void random_either(struct writer *w)
{
    random_one_in(2) ? random_number(w) : random_text(w);
}

static const struct {
    const struct field_type *type;
    void (*write)(struct writer *w);
} of_type[] = {
    {FIELD_INT, random_number},     {FIELD_DOUBLE, random_number}, {FIELD_MONEY, random_number},
    {FIELD_DATETIME, random_date},  {FIELD_DATE, random_date},     {FIELD_FLAG, random_flag},
    {FIELD_VIRTUAL, random_either}, {FIELD_TEXT, random_text},     {FIELD_OBJECT, random_text}};

const struct field_type *random_type(void)
{
    return of_type[random_below(sizeof of_type / sizeof of_type[0])].type;
}

void random_scalar(struct writer *w, const struct field_type *type)
{
    if (random_one_in(8))
        type = random_type(); /* of any other */
    for (size_t i = 0; i < sizeof of_type / sizeof of_type[0]; i++) {
        if (of_type[i].type == type)
            of_type[i].write(w);
    }
}

void random_value(struct writer *w, const struct field_type *type, int depth)
{
    if (!random_one_in(5) || depth > 1) {
        random_scalar(w, type);
        return;
    }
    if (random_one_in(8)) {
        writer_begin_object(w);
        writer_keyz(w, random_one_in(2) ? "VALUE" : "from");
        random_value(w, type, depth + 1);
        writer_end_object(w);
        return;
    }
    writer_begin_list(w);
    for (size_t i = random_below(6); i > 0; i--)
        random_value(w, type, random_one_in(10) ? depth : 2);
    writer_end_list(w);
}
