#include "crm/product_code.h"

#include <ctype.h>
#include <string.h>

#define CODE_CHARS 100

/* From U+0430 on, as passports have it. */
static const char *const cyrillic[] = {
    "a", "b", "v", "g", "d", "e",  "zh", "z",  "i",  "y",    "k", "l", "m", "n", "o",  "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "",  "y", "",  "e", "yu", "ya"};
#define LETTERS (sizeof cyrillic / sizeof cyrillic[0])

/* The two bytes of a Cyrillic letter, in either case; NULL for anything else. */
static const char *latin(const unsigned char *at)
{
    unsigned point = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
    if ((at[0] & 0xE0) != 0xC0)
        return NULL;
    if (point == 0x401 || point == 0x451)
        return "e";
    if (point >= 0x410 && point < 0x430)
        point += 0x20;
    return point >= 0x430 && point < 0x430 + LETTERS ? cyrillic[point - 0x430] : NULL;
}

const char *product_code_of(struct arena *arena, const char *name)
{
    char code[CODE_CHARS + 8];
    size_t len = 0;
    for (const unsigned char *at = (const unsigned char *)name; *at && len < CODE_CHARS;) {
        const char *letters = *at < 0x80 ? NULL : latin(at);
        if (*at < 0x80 && isalnum(*at)) {
            code[len++] = (char)tolower(*at);
        } else if (letters) {
            memcpy(code + len, letters, strlen(letters));
            len += strlen(letters);
        } else if (len && code[len - 1] != '_') {
            code[len++] = '_';
        }
        for (at++; (*at & 0xC0) == 0x80; at++)
            ;
    }
    len = len < CODE_CHARS ? len : CODE_CHARS;
    while (len && code[len - 1] == '_')
        len--;
    return arena_strndup(arena, code, len);
}
