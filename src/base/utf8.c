#include "base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

/* True when all 8 bytes are ASCII and none is NUL. */
static bool is_plain(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    return (((word - ones) | word) & high) == 0;
}

bool utf8_valid(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        uint64_t word;
        if (end - at >= (int)sizeof word) {
            memcpy(&word, at, sizeof word);
            if (is_plain(word)) {
                at += sizeof word;
                continue;
            }
        }
        if (*at >= 1 && *at < 0x80) {
            at++;
            continue;
        }
        utf8proc_int32_t point;
        utf8proc_ssize_t used = utf8proc_iterate(at, end - at, &point);
        if (used <= 0 || point == 0)
            return false;
        at += used;
    }
    return true;
}

void utf8_mend(char *text)
{
    size_t len = strlen(text);
    if (utf8_valid(text, len))
        return;
    char *out = text;
    for (const char *at = text, *end = text + len; at < end;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t used = utf8proc_iterate((const unsigned char *)at, end - at, &point);
        if (used > 0) {
            memmove(out, at, (size_t)used);
            out += used;
        }
        at += used > 0 ? used : 1;
    }
    *out = '\0';
}

#define SIGMA 0x3C3
#define FINAL_SIGMA 0x3C2

int32_t utf8_fold_point(int32_t point)
{
    int32_t lower = utf8proc_tolower(point);
    return lower == FINAL_SIGMA ? SIGMA : lower;
}

void utf8_fold(struct buf *out, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        if (*at < 0x80) {
            char c = (char)*at++;
            buf_addc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
            continue;
        }
        utf8proc_int32_t point;
        utf8proc_ssize_t used = utf8proc_iterate(at, end - at, &point);
        if (used <= 0)
            return;
        unsigned char bytes[4];
        utf8proc_ssize_t made = utf8proc_encode_char(utf8_fold_point(point), bytes);
        buf_add(out, (const char *)bytes, (size_t)made);
        at += used;
    }
}

size_t utf8_length(const char *text, size_t len)
{
    size_t points = 0;
    for (size_t i = 0; i < len; i++)
        points += ((unsigned char)text[i] & 0xC0) != 0x80;
    return points;
}

size_t utf8_prefix(const char *text, size_t len, size_t points)
{
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80 && !points--)
            return i;
    }
    return len;
}
