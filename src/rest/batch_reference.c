#include "rest/batch_reference.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

/* Reads "$result[a][b][0]" at `at`; returns its end, or NULL when there is none. *found is the
 * value, NULL when the path leads nowhere. */
static const char *reference(const char *at, const char *end, batch_lookup *lookup, void *context,
                             const struct value **found)
{
    static const char start[] = "$result[";
    if ((size_t)(end - at) < sizeof start || memcmp(at, start, sizeof start - 1) != 0)
        return NULL;
    at += sizeof start - 2;
    const struct value *value = NULL;
    bool first = true;
    while (at < end && *at == '[') {
        const char *close = memchr(at, ']', (size_t)(end - at));
        if (!close)
            break;
        const char *key = at + 1;
        size_t len = (size_t)(close - key);
        if (len >= 2 && (*key == '\'' || *key == '"') && key[len - 1] == *key)
            key++, len -= 2;
        value = first ? lookup(context, key, len) : value_get_n(value, key, len);
        first = false;
        at = close + 1;
    }
    *found = value;
    return first ? NULL : at;
}

/* A resolving in progress. References copy text, so a few of them could ask for any amount of memory:
 * `room` is what is left of LIMIT_BATCH_TEXT. And what is put together of results nests no deeper than what
 * a client may send, or it would grow with each command that stores what the one before it read. */
struct resolving {
    struct arena *arena;
    batch_lookup *lookup;
    void *context;
    size_t room;
    bool too_much; /* text, or nesting */
};

static bool take_room(struct resolving *r, size_t bytes)
{
    if (bytes > r->room)
        r->too_much = true;
    else
        r->room -= bytes;
    return !r->too_much;
}

/* NULL: no reference in it. */
static const struct value *resolve_text(struct resolving *r, const char *text, size_t len)
{
    const char *end = text + len, *done = text;
    struct buf out = {0};
    bool any = false;
    /* Behind the last ']' is none: looking for its end from each '$' would take forever. */
    const char *last = memrchr(text, ']', len);
    for (const char *at = memchr(text, '$', len); at && last && at < last && !r->too_much;
         at = memchr(at, '$', (size_t)(end - at))) {
        const struct value *found;
        const char *stop = reference(at, end, r->lookup, r->context, &found);
        if (!stop) {
            at++;
            continue;
        }
        if (at == text && stop == end) {
            buf_clear(&out);
            return found ? found : value_null(r->arena);
        }
        size_t part_len = 0;
        const char *part = found ? value_to_text(r->arena, found, &part_len) : NULL;
        if (take_room(r, (size_t)(at - done) + part_len)) {
            buf_add(&out, done, (size_t)(at - done));
            buf_add(&out, part ? part : "", part ? part_len : 0);
        }
        at = done = stop;
        any = true;
    }
    if (!any)
        return NULL;
    buf_add(&out, done, (size_t)(end - done));
    const char *copy = arena_strndup(r->arena, out.data, out.len);
    const struct value *value = value_string(r->arena, copy, out.len);
    buf_clear(&out);
    return value;
}

/* A look at a value costs as much as a byte of text. */
static void look_at_depth(struct resolving *r, const struct value *value, int depth)
{
    r->too_much = r->too_much || depth > LIMIT_PARAM_DEPTH;
    if (value->type != VALUE_ARRAY || !take_room(r, value->array.count))
        return;
    for (size_t i = 0; i < value->array.count && !r->too_much; i++)
        look_at_depth(r, value->array.items[i].value, depth + 1);
}

static struct value *resolve(struct resolving *r, const struct value *value, int depth)
{
    struct value *copy = arena_alloc(r->arena, sizeof *copy);
    *copy = *value;
    if (value->type == VALUE_STRING) {
        const struct value *found = resolve_text(r, value->string.text, value->string.len);
        if (found) {
            *copy = *found;
            look_at_depth(r, found, depth);
        }
        return copy;
    }
    r->too_much = r->too_much || depth > LIMIT_PARAM_DEPTH;
    if (value->type != VALUE_ARRAY || r->too_much)
        return copy;
    copy = value_array(r->arena);
    for (size_t i = 0; i < value->array.count && !r->too_much; i++) {
        const struct value_item *item = &value->array.items[i];
        size_t key_len = item->key_len;
        const struct value *found = resolve_text(r, item->key, key_len);
        const char *text = found ? value_to_text(r->arena, found, &key_len) : item->key;
        value_set(r->arena, copy, text ? text : item->key, text ? key_len : item->key_len,
                  resolve(r, item->value, depth + 1));
    }
    return copy;
}

struct value *batch_resolve(struct arena *arena, const struct value *value, batch_lookup *lookup,
                            void *context)
{
    struct resolving r = {arena, lookup, context, LIMIT_BATCH_TEXT, false};
    struct value *resolved = resolve(&r, value, 0);
    return r.too_much ? NULL : resolved;
}
