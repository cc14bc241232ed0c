#include "base/phone.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/fold.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Does an extension begin here? */
static bool begins_extension(const char *at, size_t len)
{
    static const char *const words[] = {",", ";", "#", "x", "ext", "доб", "Доб", "ДОБ"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t size = strlen(words[i]);
        if (len >= size && !strncasecmp(at, words[i], size))
            return true;
    }
    return false;
}

const char *phone_number(struct arena *arena, const char *text, size_t len)
{
    char digits[PHONE_DIGITS + 1];
    size_t count = 0;
    bool plus = false;
    for (size_t i = 0; i < len && count < PHONE_DIGITS; i++) {
        if (is_digit(text[i]))
            digits[count++] = text[i];
        else if (!count && text[i] == '+')
            plus = true;
        else if (count && begins_extension(text + i, len - i))
            break;
    }
    digits[count] = '\0';
    const char *number = digits;
    if (!plus && count > 4 && !strncmp(digits, "00", 2)) {
        number += 2;
        count -= 2;
    } else if (!plus && count == 11 && digits[0] == '8') {
        digits[0] = '7';
    }
    return arena_strndup(arena, number, count);
}

const char *phone_key(struct arena *arena, const char *text, size_t len, size_t *key_len)
{
    const char *number = phone_number(arena, text, len);
    *key_len = strlen(number);
    return *key_len ? number : fold_key(arena, text, len, key_len);
}
