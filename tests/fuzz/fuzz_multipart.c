/* The first line is a content type, the rest a body. Parts lie in the body one after another and
 * apart, and what params make of them are valid texts. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/multipart.h"
#include "base/params.h"
#include "base/utf8.h"
#include "base/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk_parts(struct arena *arena, const char *type, const char *body, size_t len)
{
    struct multipart m;
    struct multipart_part part;
    enum multipart_step step;
    size_t parts = 0;
    const char *before = body;
    if (!multipart_init(&m, arena, type, body, len))
        return 0;
    while ((step = multipart_next(&m, &part)) == MULTIPART_PART) {
        CHECK(part.data >= before && part.len <= (size_t)(body + len - part.data));
        CHECK(part.name && part.name[part.name_len] == '\0');
        CHECK(!part.file_name || part.file_name[part.file_name_len] == '\0');
        before = part.data + part.len;
        parts++;
    }
    CHECK((step == MULTIPART_BAD) == (m.why != NULL));
    CHECK(multipart_next(&m, &part) == step);
    return parts;
}

static void check_tree(const struct value *value)
{
    if (value->type == VALUE_STRING) {
        CHECK(strlen(value->string.text) == value->string.len);
        CHECK(utf8_valid(value->string.text, value->string.len));
    }
    for (size_t i = 0; value->type == VALUE_ARRAY && i < value->array.count; i++)
        check_tree(value->array.items[i].value);
}

static void check_params(struct arena *arena, const char *type, const char *body, size_t len)
{
    struct value *into = value_array(arena);
    const char *why = NULL;
    struct buf out;
    struct writer w;
    if (!params_from_body(arena, type, body, len, into, &why)) {
        CHECK(why && *why);
        return;
    }
    check_tree(into);
    buf_init(&out);
    writer_init(&w, &out);
    writer_value(&w, into);
    CHECK(json_parse(arena, out.data, out.len, NULL));
    buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
    if (!newline)
        return 0;
    arena_init(&arena);
    const char *type = arena_strndup(&arena, (const char *)data, (size_t)(newline - data));
    const char *body = (const char *)newline + 1;
    size_t len = size - (size_t)(newline + 1 - data);
    walk_parts(&arena, type, body, len);
    check_params(&arena, type, body, len);
    arena_clear(&arena);
    return 0;
}
