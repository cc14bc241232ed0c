/* trouble - says of something that fails over and over that it does, once.
 *
 * What:    the log of a disk that is full, or a store that is away. A failure of a kind is logged when it
 *          comes up, then once a minute with how many there were; that all is well again is logged when
 *          nothing failed for some seconds.
 * Used by: lane/lane, portal/file_store, base/backoff.
 * Memory:  trouble_new to trouble_free.
 * Threads: any. NULL logs every failure.
 * Errors:  none.
 */
#ifndef RAPPORT_BASE_TROUBLE_H
#define RAPPORT_BASE_TROUBLE_H

#include <stdbool.h>

struct trouble;

/* `what`: "store: writing"; a constant. */
struct trouble *trouble_new(const char *what);
void trouble_free(struct trouble *trouble);
/* `kind` tells failures apart: a code, without what differs from one to the next. True: it was logged. */
bool trouble_failed(struct trouble *trouble, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* It worked. Costs nothing when there was no trouble. */
void trouble_over(struct trouble *trouble);

#endif
