#include "base/pack.h"

#include <zlib.h>

#include "base/check.h"

#define WINDOW (15 + 16) /* the largest, with gzip's header */

bool pack(struct buf *text)
{
    z_stream z = {0};
    if (deflateInit2(&z, 1, Z_DEFLATED, WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    struct buf out = {0};
    buf_reserve(&out, deflateBound(&z, (uLong)text->len) + 64);
    z.next_in = (Bytef *)(void *)text->data;
    z.avail_in = (uInt)text->len;
    z.next_out = (Bytef *)(void *)out.data;
    z.avail_out = (uInt)out.cap;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    out.len = z.total_out;
    deflateEnd(&z);
    if (done && out.len < text->len) {
        struct buf old = *text;
        *text = out;
        out = old;
    } else {
        done = false;
    }
    buf_clear(&out);
    return done;
}

void unpack(struct buf *text, const char *data, size_t len, size_t plain_len)
{
    z_stream z = {0};
    CHECK(inflateInit2(&z, WINDOW) == Z_OK);
    buf_reserve(text, text->len + plain_len + 1);
    z.next_in = (z_const Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)len;
    z.next_out = (Bytef *)(void *)(text->data + text->len);
    z.avail_out = (uInt)plain_len;
    CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == plain_len);
    inflateEnd(&z);
    text->len += plain_len;
}
