/* buf - a growing byte buffer on the heap.
 *
 * What:    text under construction: answers, SQL, log lines.
 * Used by: everything that builds text whose length is not known before.
 * Memory:  the owner calls buf_clear, or takes the bytes over with buf_take.
 * Threads: one owner at a time.
 * Errors:  none: running out of memory aborts. A buffer with a budget that would hold more than
 *          budget->answer drops what it has above budget->floor, and fails the budget: its owner
 *          writes on for nothing until he looks.
 */
#ifndef RAPPORT_BASE_BUF_H
#define RAPPORT_BASE_BUF_H

#include <stddef.h>
#include <string.h>

#include "base/budget.h"

struct buf {
    char *data;
    size_t len, cap;
    struct budget *budget; /* of an answer: is told of growing, and bounds it; NULL: nobody does */
};

void buf_init(struct buf *buf);
void buf_clear(struct buf *buf);
/* Makes room for `more` bytes and one NUL behind them. */
void buf_grow(struct buf *buf, size_t more);
/* Appends text with all but letters, digits and -._~ as %XX: a value in an address or a form. */
void buf_add_percent(struct buf *buf, const char *text, size_t len);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The bytes, NUL-terminated; the caller frees them and the buffer is empty again. */
char *buf_take(struct buf *buf, size_t *len);
/* NUL-terminated view, valid until the next change. */
const char *buf_text(struct buf *buf);

static inline void buf_reserve(struct buf *buf, size_t more)
{
    if (buf->cap - buf->len <= more)
        buf_grow(buf, more);
}

static inline void buf_add(struct buf *buf, const char *bytes, size_t len)
{
    buf_reserve(buf, len);
    if (len)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
}

static inline void buf_adds(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

static inline void buf_addc(struct buf *buf, char byte)
{
    buf_reserve(buf, 1);
    buf->data[buf->len++] = byte;
}

#endif
