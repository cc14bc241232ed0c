#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

void buf_init(struct buf *buf)
{
    *buf = (struct buf){0};
}

#define DOUBLE_UP_TO (4UL * 1024 * 1024) /* beyond that by a quarter: large blocks move for free */

void buf_clear(struct buf *buf)
{
    budget_give(buf->budget, buf->cap);
    free(buf->data);
    buf_init(buf);
}

void buf_grow(struct buf *buf, size_t more)
{
    size_t cap = buf->cap ? buf->cap : 128, most = SIZE_MAX;
    if (buf->budget)
        most = budget_room(buf->budget, &buf->len, more);
    while (cap - buf->len <= more || cap == buf->cap)
        cap += cap < DOUBLE_UP_TO ? cap : cap / 4;
    if (cap > most)
        cap = most;
    if (cap > buf->cap) {
        budget_take(buf->budget, cap - buf->cap);
        buf->data = xrealloc(buf->data, cap);
        buf->cap = cap;
    }
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(len >= 0);
    buf_reserve(buf, (size_t)len + 1);
    vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
    va_end(again);
    buf->len += (size_t)len;
}

const char *buf_text(struct buf *buf)
{
    buf_reserve(buf, 1);
    buf->data[buf->len] = '\0';
    return buf->data;
}

char *buf_take(struct buf *buf, size_t *len)
{
    buf_text(buf);
    char *data = buf->data;
    if (len)
        *len = buf->len;
    buf_init(buf);
    return data;
}

void buf_add_percent(struct buf *buf, const char *text, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '.' || c == '_' || c == '~') {
            buf_addc(buf, (char)c);
        } else {
            char code[3] = {'%', digits[c >> 4], digits[c & 15]};
            buf_add(buf, code, 3);
        }
    }
}
