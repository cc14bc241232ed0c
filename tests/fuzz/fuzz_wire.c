/* Bytes of a connection, whole and in pieces: both ways the wire passes on the same bytes, sees the
 * same requests and refuses at the same place. What it passes on holds nothing that libmicrohttpd
 * reads in its own way, and the ending makes a refused request a complete one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/check.h"
#include "http/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void pass(struct wire *wire, struct buf *out, const uint8_t *data, size_t size, size_t piece)
{
    for (size_t at = 0; at < size && !wire->why; at += piece) {
        size_t len = size - at < piece ? size - at : piece;
        char *copy = malloc(len);
        memcpy(copy, data + at, len);
        size_t kept = wire_read(wire, copy, len);
        CHECK(kept <= len);
        buf_add(out, copy, kept);
        free(copy);
    }
}

/* What the wire passed on, and the ending, read by a wire again. */
static void read_again(const struct wire *first, const struct buf *out)
{
    struct wire again = {0};
    struct buf all = {0}, same = {0};
    buf_add(&all, out->data, out->len);
    if (first->why)
        buf_adds(&all, first->ending);
    pass(&again, &same, (const uint8_t *)all.data, all.len, all.len + 1);
    /* It may refuse the same request, at the same place or at the ending of a chunk, never another. */
    if (again.why)
        CHECK(first->why && again.bad == first->bad);
    CHECK(again.requests == first->requests);
    buf_clear(&all);
    buf_clear(&same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t pieces[] = {1, 2, 7, 64};
    struct wire whole = {0};
    struct buf out = {0};
    pass(&whole, &out, data, size, size + 1);
    CHECK(!whole.why == !whole.ending);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct wire wire = {0};
        struct buf other = {0};
        pass(&wire, &other, data, size, pieces[i]);
        CHECK(other.len == out.len && (!out.len || !memcmp(other.data, out.data, out.len)));
        CHECK(wire.requests == whole.requests && wire.bad == whole.bad);
        CHECK(wire.why == whole.why && wire.left == whole.left);
        buf_clear(&other);
    }
    read_again(&whole, &out);
    buf_clear(&out);
    return 0;
}
