#include "rest/shown.h"

#include <strings.h>

static bool is_secret(const char *key)
{
    static const char *const names[] = {"auth",          "access_token", "refresh_token",
                                        "client_secret", "password",     "code",
                                        "old",           "ticket"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!strcasecmp(names[i], key))
            return true;
    }
    return false;
}

static size_t size_of(const struct value *value, size_t most)
{
    size_t size = 8;
    if (value->type == VALUE_STRING)
        return size + value->string.len;
    for (size_t i = 0; value_is_array(value) && i < value->array.count && size <= most; i++)
        size += value->array.items[i].key_len + size_of(value->array.items[i].value, most);
    return size;
}

bool shown_fits(const struct value *params, size_t bytes)
{
    return !params || size_of(params, bytes) <= bytes;
}

void shown_params(struct writer *out, const struct value *params)
{
    writer_begin_object(out);
    for (size_t i = 0; value_is_array(params) && i < params->array.count; i++) {
        const struct value_item *item = &params->array.items[i];
        if (is_secret(item->key))
            continue;
        writer_key(out, item->key, item->key_len);
        writer_value(out, item->value);
    }
    writer_end_object(out);
}
