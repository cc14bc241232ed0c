#include "http/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

unsigned char bytes_class[256];

__attribute__((constructor)) static void fill_classes(void)
{
    static const char marks[] = "!#$%&'*+-.^_`|~", host[] = ".-_~:[]";
    for (unsigned c = 0; c < 256; c++) {
        bool alnum = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        if (c > ' ' && c != 127)
            bytes_class[c] = IS_VALUE | (c == '#' ? 0 : IS_TARGET); /* a fragment is not sent */
        if (c == ' ' || c == '\t')
            bytes_class[c] = IS_VALUE;
        if (alnum || (c && c < 127 && strchr(marks, (int)c)))
            bytes_class[c] |= IS_TOKEN;
        if (alnum || (c && c < 127 && strchr(host, (int)c)))
            bytes_class[c] |= IS_HOST;
    }
}

#define EACH(byte) (0x0101010101010101u * (byte))

/* Over eight bytes at once that are neither below `from` nor DEL nor `mark`. */
static char *skip_plain(char *at, const char *end, uint64_t from, uint64_t mark)
{
    uint64_t word;
    for (; (size_t)(end - at) >= sizeof word; at += sizeof word) {
        memcpy(&word, at, sizeof word);
        uint64_t del = word ^ EACH(0x7fu), other = word ^ EACH(mark);
        uint64_t found = ((word - EACH(from)) & ~word) | ((del - EACH(1u)) & ~del) |
                         ((other - EACH(1u)) & ~other);
        if (found & EACH(0x80u))
            break;
    }
    return at;
}

char *bytes_skip_value(char *at, const char *end)
{
    return bytes_skip(skip_plain(at, end, 0x20, 0x7f), end, IS_VALUE);
}

char *bytes_skip_target(char *at, const char *end)
{
    return bytes_skip(skip_plain(at, end, 0x21, '#'), end, IS_TARGET);
}
