/* pack - gzip.
 *
 * Used by: http/exchange (answers), page/console (files kept packed).
 * Memory:  the buffers' own.
 * Threads: any.
 */
#ifndef RAPPORT_BASE_PACK_H
#define RAPPORT_BASE_PACK_H

#include "base/buf.h"

/* Packs the whole buffer, quickly. False when it would not be shorter: then it is as it was. */
bool pack(struct buf *text);
/* Appends the `plain_len` bytes that `data` was made of; what is no gzip of so many is a bug. */
void unpack(struct buf *text, const char *data, size_t len, size_t plain_len);

#endif
