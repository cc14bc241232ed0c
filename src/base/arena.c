#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#define REDZONE 16
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#define REDZONE 0
#endif

/* The first block holds a usual request whole; later ones double up to BLOCK_MAX. */
#define BLOCK_FIRST 8192
#define BLOCK_MAX (256 * 1024)

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    _Alignas(16) char data[];
};

void arena_init(struct arena *arena)
{
    arena->block = NULL;
    arena->total = 0;
    arena->budget = NULL;
}

/* Those that are newer than `stop`. */
static void free_blocks(struct arena *arena, const struct arena_block *stop)
{
    while (arena->block != stop) {
        struct arena_block *block = arena->block;
        arena->block = block->older;
        arena->total -= block->size;
        budget_give(arena->budget, block->size);
        UNPOISON(block->data, block->size);
        free(block);
    }
}

void arena_clear(struct arena *arena)
{
    free_blocks(arena, NULL);
    arena_init(arena);
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->block, arena->block ? arena->block->used : 0};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    free_blocks(arena, mark.block);
    if (!mark.block)
        return;
    POISON(mark.block->data + mark.used, mark.block->size - mark.used);
    mark.block->used = mark.used;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *first = arena->block;
    if (!first)
        return;
    while (first->older)
        first = first->older;
    arena_rewind(arena, (struct arena_mark){first, 0});
}

static struct arena_block *add_block(struct arena *arena, size_t need)
{
    size_t size = arena->block ? arena->block->size * 2 : BLOCK_FIRST;
    if (size > BLOCK_MAX)
        size = BLOCK_MAX;
    if (size < need)
        size = need;
    struct arena_block *block = xmalloc(sizeof *block + size);
    block->older = arena->block;
    block->used = 0;
    block->size = size;
    arena->block = block;
    arena->total += size;
    budget_take(arena->budget, size);
    POISON(block->data, size);
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    CHECK(size < SIZE_MAX / 2);
    size_t need = ((size + 15) & ~(size_t)15) + REDZONE;
    struct arena_block *block = arena->block;
    if (!block || block->size - block->used < need)
        block = add_block(arena, need);
    void *memory = block->data + block->used;
    block->used += need;
    UNPOISON(memory, size);
    return memory;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
    void *memory = arena_alloc(arena, size);
    memset(memory, 0, size);
    return memory;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}
