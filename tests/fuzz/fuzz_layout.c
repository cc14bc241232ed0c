/* Any JSON as a layout. It is refused with a sentence that is valid text, or its clean form is taken
 * too and stays as it is.
 *
 * Input: the first byte picks the structure: 'B' a set of content blocks, else a whole layout. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/utf8.h"
#include "crm/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(struct request *req, enum layout_kind kind, const struct value *clean)
{
    struct value *again;
    struct buf first = {0}, second = {0};
    struct writer w;
    writer_init(&w, &first);
    writer_value(&w, clean);
    CHECK(layout_check(req, kind, clean, &again) == API_OK);
    writer_init(&w, &second);
    writer_value(&w, again);
    CHECK(first.len == second.len && !memcmp(first.data, second.data, first.len));
    buf_clear(&first);
    buf_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct value *clean;
    const char *why;
    if (!size)
        return 0;
    enum layout_kind kind = data[0] == 'B' ? LAYOUT_BLOCKS : LAYOUT_WHOLE;
    arena_init(&arena);
    struct request req = {.arena = &arena};
    const struct value *layout = json_parse(&arena, (const char *)data + 1, size - 1, &why);
    if (layout && layout->type == VALUE_ARRAY) {
        if (layout_check(&req, kind, layout, &clean) == API_OK) {
            check_again(&req, kind, clean);
            if (kind == LAYOUT_WHOLE)
                CHECK(layout_text(&req, value_get(value_get(clean, "header"), "title")));
        } else {
            const char *text = req.error.text;
            CHECK(text && *text && utf8_valid(text, strlen(text)));
            CHECK(api_errors[req.error.code].status == 400);
        }
    }
    arena_clear(&arena);
    return 0;
}
