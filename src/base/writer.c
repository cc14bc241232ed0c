#include "base/writer.h"

#include <math.h>

#include "base/check.h"

void writer_init(struct writer *w, struct buf *buf)
{
    w->buf = buf;
    w->comma = false;
}

struct writer_mark writer_mark(const struct writer *w)
{
    return (struct writer_mark){w->buf->len, w->comma};
}

void writer_rewind(struct writer *w, struct writer_mark mark)
{
    CHECK(mark.len <= w->buf->len);
    w->buf->len = mark.len;
    w->comma = mark.comma;
}

static void before_value(struct writer *w)
{
    if (w->comma)
        buf_addc(w->buf, ',');
    w->comma = true;
}

static void open_with(struct writer *w, char bracket)
{
    before_value(w);
    buf_addc(w->buf, bracket);
    w->comma = false;
}

static void close_with(struct writer *w, char bracket)
{
    buf_addc(w->buf, bracket);
    w->comma = true;
}

void writer_begin_object(struct writer *w)
{
    open_with(w, '{');
}

void writer_end_object(struct writer *w)
{
    close_with(w, '}');
}

void writer_begin_list(struct writer *w)
{
    open_with(w, '[');
}

void writer_end_list(struct writer *w)
{
    close_with(w, ']');
}

/* True when one of the 8 bytes is a control character, a quote or a backslash. */
static bool needs_escape(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    uint64_t found =
        ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
    return (found & high) != 0;
}

static void add_escaped(struct buf *buf, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char shorts[] = "btn\0fr"; /* from 8: backspace, tab, newline, -, feed, return */
    char out[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    size_t len = 6;
    if (c == '"' || c == '\\') {
        out[1] = (char)c;
        len = 2;
    } else if (c >= 8 && c <= 13 && shorts[c - 8]) {
        out[1] = shorts[c - 8];
        len = 2;
    }
    buf_add(buf, out, len);
}

static void add_quoted(struct buf *buf, const char *text, size_t len)
{
    buf_reserve(buf, len + 2);
    buf->data[buf->len++] = '"';
    size_t done = 0, at = 0;
    while (at < len) {
        uint64_t word;
        if (len - at >= sizeof word) {
            memcpy(&word, text + at, sizeof word);
            if (!needs_escape(word)) {
                at += sizeof word;
                continue;
            }
        }
        size_t stop = len - at >= sizeof word ? at + sizeof word : len;
        for (; at < stop; at++) {
            unsigned char c = (unsigned char)text[at];
            if (c >= 0x20 && c != '"' && c != '\\')
                continue;
            buf_add(buf, text + done, at - done);
            add_escaped(buf, c);
            done = at + 1;
        }
    }
    buf_add(buf, text + done, len - done);
    buf_addc(buf, '"');
}

void writer_key(struct writer *w, const char *key, size_t len)
{
    before_value(w);
    add_quoted(w->buf, key, len);
    buf_addc(w->buf, ':');
    w->comma = false;
}

void writer_string(struct writer *w, const char *text, size_t len)
{
    before_value(w);
    add_quoted(w->buf, text, len);
}

static size_t int_digits(int64_t integer, char *end)
{
    uint64_t rest = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    char *at = end;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (integer < 0)
        *--at = '-';
    return (size_t)(end - at);
}

void writer_int(struct writer *w, int64_t integer)
{
    char digits[24];
    size_t len = int_digits(integer, digits + sizeof digits);
    before_value(w);
    buf_add(w->buf, digits + sizeof digits - len, len);
}

void writer_int_string(struct writer *w, int64_t integer)
{
    char digits[26];
    char *end = digits + sizeof digits;
    *--end = '"';
    size_t len = int_digits(integer, end);
    *(end - len - 1) = '"';
    before_value(w);
    buf_add(w->buf, end - len - 1, len + 2);
}

void writer_double(struct writer *w, double real)
{
    char digits[40];
    before_value(w);
    if (!isfinite(real) || real == 0)
        real = 0; /* JSON has no such number; -0 would be read back as the integer 0 */
    buf_add(w->buf, digits, double_to_text(real, digits, sizeof digits));
}

void writer_bool(struct writer *w, bool boolean)
{
    before_value(w);
    buf_adds(w->buf, boolean ? "true" : "false");
}

void writer_null(struct writer *w)
{
    before_value(w);
    buf_add(w->buf, "null", 4);
}

void writer_raw(struct writer *w, const char *json, size_t len)
{
    before_value(w);
    buf_add(w->buf, json, len);
}

static void write_array(struct writer *w, const struct value *value)
{
    bool list = value_is_list(value);
    open_with(w, list ? '[' : '{');
    for (size_t i = 0; i < value->array.count; i++) {
        const struct value_item *item = &value->array.items[i];
        if (!list)
            writer_key(w, item->key, item->key_len);
        writer_value(w, item->value);
    }
    close_with(w, list ? ']' : '}');
}

void writer_value(struct writer *w, const struct value *value)
{
    switch (value ? value->type : VALUE_NULL) {
    case VALUE_NULL:
        writer_null(w);
        break;
    case VALUE_BOOL:
        writer_bool(w, value->boolean);
        break;
    case VALUE_INT:
        writer_int(w, value->integer);
        break;
    case VALUE_DOUBLE:
        writer_double(w, value->real);
        break;
    case VALUE_STRING:
        writer_string(w, value->string.text, value->string.len);
        break;
    case VALUE_ARRAY:
        write_array(w, value);
        break;
    }
}
