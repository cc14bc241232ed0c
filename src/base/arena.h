/* arena - memory that lives exactly as long as one request.
 *
 * What:    a bump allocator; everything in it is released at once.
 * Used by: every layer that handles a request. Handlers and stores allocate and never free.
 * Memory:  what arena_alloc returns is valid until arena_clear or arena_reset of that arena.
 * Threads: one owner at a time; a request that crosses threads takes its arena along.
 * Errors:  none: running out of memory aborts (base/check.h).
 *
 * Under AddressSanitizer unused bytes are poisoned, so an overrun inside a block is seen.
 */
#ifndef RAPPORT_BASE_ARENA_H
#define RAPPORT_BASE_ARENA_H

#include <stddef.h>

#include "base/budget.h"

struct arena_block;

struct arena {
    struct arena_block *block; /* newest block, older ones linked behind it */
    size_t total;              /* bytes in all blocks */
    struct budget *budget;     /* is told of blocks; NULL: nobody is */
};

/* A place in an arena, to come back to. */
struct arena_mark {
    struct arena_block *block;
    size_t used;
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena);
/* Forgets the contents but keeps the first block, for a loop that reuses one arena. */
void arena_reset(struct arena *arena);

struct arena_mark arena_mark(const struct arena *arena);
/* What was allocated since is gone. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Aligned to 16, not zeroed. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_zalloc(struct arena *arena, size_t size);
/* A copy of len bytes with a NUL behind them. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
