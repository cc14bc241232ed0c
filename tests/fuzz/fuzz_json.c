/* Any bytes as JSON. What is read can be written, and reads back as the same text; every reading of
 * its scalars and its XML form hold what their headers say. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "base/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_scalar(struct arena *arena, const struct value *value)
{
    int64_t integer;
    double real;
    bool flag;
    size_t len;
    const char *text = value_to_text(arena, value, &len);
    CHECK(text && strlen(text) == len && utf8_valid(text, len));
    if (value_to_int(value, &integer)) {
        char digits[32];
        CHECK(value_to_double(value, &real));
        snprintf(digits, sizeof digits, "%lld", (long long)integer);
        int64_t again;
        CHECK(text_to_int(digits, strlen(digits), &again) && again == integer);
    }
    if (value_to_double(value, &real))
        CHECK(isfinite(real));
    value_to_flag(value, &flag);
}

static void check_tree(struct arena *arena, const struct value *value)
{
    if (value->type != VALUE_ARRAY) {
        check_scalar(arena, value);
        return;
    }
    for (size_t i = 0; i < value->array.count; i++) {
        const struct value_item *item = &value->array.items[i];
        CHECK(strlen(item->key) == item->key_len && utf8_valid(item->key, item->key_len));
        CHECK(value_get_n(value, item->key, item->key_len) == item->value);
        CHECK(value_get_nocase(value, item->key) == item->value);
        check_tree(arena, item->value);
    }
}

static void check_xml(const struct value *value)
{
    struct buf out;
    buf_init(&out);
    xml_from_value(&out, value);
    CHECK(utf8_valid(out.data, out.len));
    for (size_t i = 0; i < out.len; i++) {
        unsigned char c = (unsigned char)out.data[i];
        CHECK(c >= 0x20 || c == '\n' || c == '\t');
        CHECK(c != '<' || (i + 1 < out.len && !strchr(" <>&", out.data[i + 1])));
    }
    buf_clear(&out);
}

static void write_to(struct buf *out, const struct value *value)
{
    struct writer w;
    buf_init(out);
    writer_init(&w, out);
    writer_value(&w, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    const char *why = NULL;
    arena_init(&arena);
    const struct value *value = json_parse(&arena, (const char *)data, size, &why);
    CHECK(value || (why && *why));
    if (value) {
        struct buf first, second;
        check_tree(&arena, value);
        check_xml(value);
        write_to(&first, value);
        const struct value *again = json_parse(&arena, first.data, first.len, &why);
        CHECK(again);
        write_to(&second, again);
        CHECK(first.len == second.len && !memcmp(first.data, second.data, first.len));
        buf_clear(&first);
        buf_clear(&second);
    }
    arena_clear(&arena);
    return 0;
}
