/* Any parameters as a batch, and any text as references into any results. What comes out of a
 * reference is a tree that can be said as JSON, without touching what was given; a command always
 * has a name, parameters and, when it is broken, a reason.
 *
 * Input: JSON or a form for the parameters; behind a line of "===" the JSON of earlier results. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/params.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "rest/batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct value *lookup(void *context, const char *key, size_t len)
{
    return value_get_n(context, key, len);
}

static void check_tree(const struct value *value)
{
    if (value->type == VALUE_STRING) {
        CHECK(strlen(value->string.text) == value->string.len);
        CHECK(utf8_valid(value->string.text, value->string.len));
    }
    for (size_t i = 0; value->type == VALUE_ARRAY && i < value->array.count; i++) {
        const struct value_item *item = &value->array.items[i];
        CHECK(strlen(item->key) == item->key_len && utf8_valid(item->key, item->key_len));
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

static bool same(const struct buf *a, const struct buf *b)
{
    return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static void check_references(struct arena *arena, struct value *given, struct value *results)
{
    struct buf before, after, text;
    write_to(&before, given);
    struct value *resolved = batch_resolve(arena, given, lookup, results);
    check_tree(resolved);
    write_to(&after, given);
    CHECK(same(&before, &after));
    write_to(&text, resolved);
    /* Without a reference nothing changes. */
    buf_addc(&before, '\0');
    if (!strstr(before.data, "$result[")) {
        before.len--;
        CHECK(same(&before, &text));
    }
    buf_clear(&before);
    buf_clear(&after);
    buf_clear(&text);
}

static void check_command(const struct batch_command *command)
{
    CHECK(command->key && strlen(command->key) == command->key_len);
    CHECK(command->name && utf8_valid(command->name, strlen(command->name)));
    CHECK(value_is_array(command->params));
    CHECK(!command->broken || *command->broken);
    check_tree(command->params);
    size_t len = strlen(command->name);
    if (command->method) {
        size_t known = strlen(command->method->name);
        CHECK(len == known || len == known + 5);
        CHECK(method_find(command->name, known) == command->method);
    }
}

static void check_batch(struct arena *arena, const struct value *params)
{
    struct request req = {.arena = arena, .params = params};
    struct batch batch;
    enum api_rc rc = batch_parse(&req, &batch);
    CHECK(rc == API_OK || (rc == API_FAIL && req.error.text));
    if (rc != API_OK)
        return;
    CHECK(batch.count <= LIMIT_BATCH_COMMANDS);
    CHECK(!batch.beyond || batch.beyond->array.count > batch.count);
    for (size_t i = 0; i < batch.count; i++)
        check_command(&batch.commands[i]);
    batch_writes(&batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    struct arena arena;
    const char *text = (const char *)data;
    if (!ready)
        method_registry_init();
    ready = true;
    if (size > 8000) /* a reference may repeat a long result many times */
        return 0;
    arena_init(&arena);
    const char *line = memmem(text, size, "\n===\n", 5);
    size_t len = line ? (size_t)(line - text) : size;
    struct value *results =
        line ? json_parse(&arena, line + 5, size - len - 5, NULL) : value_array(&arena);
    struct value *params = json_parse(&arena, text, len, NULL);
    if (!params) {
        params = value_array(&arena);
        if (!params_from_form(&arena, text, len, params, NULL))
            params = NULL;
    }
    if (params && results)
        check_references(&arena, params, results);
    if (value_is_array(params))
        check_batch(&arena, params);
    arena_clear(&arena);
    return 0;
}
