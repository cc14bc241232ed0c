/* Any bytes as a form and as a body of unknown type. Every tree that comes out holds valid texts,
 * can be said as JSON as well, and a body never loses what the query alone gave. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/params.h"
#include "base/utf8.h"
#include "base/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tree(const struct value *value)
{
    if (value->type == VALUE_STRING) {
        CHECK(strlen(value->string.text) == value->string.len);
        CHECK(utf8_valid(value->string.text, value->string.len));
    }
    for (size_t i = 0; value->type == VALUE_ARRAY && i < value->array.count; i++) {
        const struct value_item *item = &value->array.items[i];
        CHECK(strlen(item->key) == item->key_len && utf8_valid(item->key, item->key_len));
        CHECK(value_get_n(value, item->key, item->key_len) == item->value);
        check_tree(item->value);
    }
}

static void write_to(struct buf *out, const struct value *value)
{
    struct writer w;
    buf_init(out);
    writer_init(&w, out);
    writer_value(&w, value);
}

/* The tree as JSON, after a look at all of it and a way there and back. */
static void checked_text(struct arena *arena, const struct value *tree, struct buf *out)
{
    struct buf again;
    check_tree(tree);
    write_to(out, tree);
    const struct value *parsed = json_parse(arena, out->data, out->len, NULL);
    CHECK(parsed);
    write_to(&again, parsed);
    CHECK(out->len == again.len && !memcmp(out->data, again.data, again.len));
    buf_clear(&again);
}

static bool first_part_is_clean(const char *key, size_t len)
{
    return len && !memchr(key, ' ', len) && !memchr(key, '.', len) && !memchr(key, '[', len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    const char *text = (const char *)data, *why = NULL;
    struct buf form, body;
    arena_init(&arena);
    struct value *tree = value_array(&arena), *both = value_array(&arena);
    bool ok = params_from_form(&arena, text, size, tree, &why);
    CHECK(ok || (why && *why));
    if (ok) {
        checked_text(&arena, tree, &form);
        for (size_t i = 0; i < tree->array.count; i++)
            CHECK(first_part_is_clean(tree->array.items[i].key, tree->array.items[i].key_len));
        /* The same as a body over the same as a query changes nothing. */
        CHECK(params_from_form(&arena, text, size, both, NULL));
        CHECK(
            params_from_body(&arena, "application/x-www-form-urlencoded", text, size, both, NULL));
        checked_text(&arena, both, &body);
        CHECK(form.len == body.len && !memcmp(form.data, body.data, form.len));
        buf_clear(&form);
        buf_clear(&body);
    }
    both = value_array(&arena);
    if (params_from_body(&arena, NULL, text, size, both, &why)) {
        checked_text(&arena, both, &body);
        buf_clear(&body);
    }
    arena_clear(&arena);
    return 0;
}
