/* The arena and the growing buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"

static void blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char *before = NULL;
    for (size_t size = 0; size < 300; size++) {
        char *memory = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)memory % 16, 0);
        memset(memory, 0xAA, size);
        if (before && size > 1)
            assert_int_equal((unsigned char)before[size - 2], 0xAA);
        before = memory;
    }
    arena_clear(&arena);
    assert_null(arena.block);
    assert_int_equal(arena.total, 0);
}

static void zalloc_is_zero_after_reuse(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    memset(arena_alloc(&arena, 4000), 0xFF, 4000);
    arena_reset(&arena);
    const char *memory = arena_zalloc(&arena, 4000);
    for (size_t i = 0; i < 4000; i++)
        assert_int_equal(memory[i], 0);
    arena_clear(&arena);
}

static void reset_keeps_one_block(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    arena_reset(&arena);
    assert_null(arena.block);
    void *first = arena_alloc(&arena, 10);
    size_t kept = arena.total;
    for (int i = 0; i < 100; i++)
        arena_alloc(&arena, 5000);
    assert_true(arena.total > 100 * 5000);
    arena_reset(&arena);
    assert_int_equal(arena.total, kept);
    assert_ptr_equal(arena_alloc(&arena, 10), first);
    arena_clear(&arena);
}

static void a_block_of_any_size(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char *small = arena_strdup(&arena, "small");
    char *large = arena_alloc(&arena, 5 * 1024 * 1024);
    memset(large, 'x', 5 * 1024 * 1024);
    assert_string_equal(small, "small");
    assert_string_equal(arena_strdup(&arena, "after"), "after");
    assert_int_equal(large[5 * 1024 * 1024 - 1], 'x');
    arena_clear(&arena);
}

static void texts_end_with_nul(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(&arena, NULL, 0), "");
    assert_string_equal(arena_strdup(&arena, ""), "");
    assert_string_equal(arena_printf(&arena, "%s=%d", "id", 15), "id=15");
    char *wide = arena_printf(&arena, "%20000d", 7);
    assert_int_equal(strlen(wide), 20000);
    assert_int_equal(wide[19999], '7');
    arena_clear(&arena);
}

static void buf_grows_and_gives_itself_away(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    assert_string_equal(buf_text(&buf), "");
    buf_add(&buf, NULL, 0);
    for (int i = 0; i < 1000; i++)
        buf_printf(&buf, "%d,", i);
    buf_addc(&buf, '!');
    buf_adds(&buf, "end");
    assert_int_equal(buf.len, 10 * 2 + 90 * 3 + 900 * 4 + 4);
    assert_memory_equal(buf_text(&buf), "0,1,2,", 6);
    assert_string_equal(buf_text(&buf) + buf.len - 8, "999,!end");
    size_t len;
    char *data = buf_take(&buf, &len);
    assert_int_equal(len, strlen(data));
    assert_null(buf.data);
    assert_int_equal(buf.len, 0);
    free(data);
    data = buf_take(&buf, NULL);
    assert_string_equal(data, "");
    free(data);
    buf_clear(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_apart),
        cmocka_unit_test(zalloc_is_zero_after_reuse),
        cmocka_unit_test(reset_keeps_one_block),
        cmocka_unit_test(a_block_of_any_size),
        cmocka_unit_test(texts_end_with_nul),
        cmocka_unit_test(buf_grows_and_gives_itself_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
