#include "portal/known.h"

#include <string.h>
#include <strings.h>

const struct known_method *known_find(const char *name, size_t len)
{
    size_t from = 0, to = known_method_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct known_method *known = &known_methods[middle];
        int order = strncasecmp(name, known->name, len);
        if (!order && !known->name[len])
            return known;
        /* Equal so far: the shorter one, which is `name`, stands before. */
        if (order > 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

const struct known_error *known_error_find(const char *code, bool exactly)
{
    for (size_t i = 0; i < known_error_count; i++) {
        if (!(exactly ? strcmp : strcasecmp)(code, known_errors[i].code))
            return &known_errors[i];
    }
    return NULL;
}

/* To the space behind the article, which "must be an array" has on some pages only. */
static const char *past_article(const char *text)
{
    return text + (strncmp(text, " an ", 4) ? 0 : 3);
}

/* But for the article, and a dot at the end. */
static bool same_words(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        a = past_article(a);
        b = past_article(b);
        if (*a != *b)
            return false;
    }
    return (!*a || !strcmp(a, ".")) && (!*b || !strcmp(b, "."));
}

const char *known_text_find(const char *method, const char *text)
{
    for (size_t i = 0; i < known_text_count; i++) {
        const struct known_text *known = &known_texts[i];
        if (!known->code[0] && !strcmp(known->method, method) && same_words(known->text, text))
            return known->text;
    }
    return NULL;
}
