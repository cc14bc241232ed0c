#include "base/mail_address.h"

#include <ctype.h>
#include <string.h>

const char *mail_address(struct arena *arena, const char *text)
{
    const char *open = strrchr(text, '<'), *from = open ? open + 1 : text;
    size_t len = open ? strcspn(from, ">") : strlen(from);
    const char *at = memchr(from, '@', len);
    if (len > 254 || !at || at == from || at + 1 == from + len || (open && from[len] != '>'))
        return NULL;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)from[i];
        if (c <= ' ' || c >= 127 || strchr("<>()[],;:\\\"", c) || (c == '@' && from + i != at))
            return NULL;
    }
    return arena_strndup(arena, from, len);
}

bool mail_address_fits(const char *text, size_t len)
{
    const char *at = memchr(text, '@', len);
    if (!at || at == text || memchr(at + 1, '@', len - (size_t)(at + 1 - text)))
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] <= ' ' || strchr("<>()[],;:\"\\", text[i]))
            return false;
    }
    const char *domain = at + 1, *end = text + len;
    const char *dot = NULL;
    for (const char *c = domain; c < end; c++) {
        unsigned char byte = (unsigned char)*c;
        if (*c == '.') {
            if (c == domain || c + 1 == end || c[1] == '.')
                return false;
            dot = c;
        } else if (byte < 0x80 && !isalnum(byte) && byte != '-' && byte != '_') {
            return false;
        }
    }
    return dot && end - dot > 2;
}
