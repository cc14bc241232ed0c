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
