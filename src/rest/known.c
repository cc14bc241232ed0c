#include "rest/known.h"

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
