#include "base/mail_address.h"

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
