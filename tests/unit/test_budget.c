/* The budget of memory: what an arena and an answer's buffer tell it, and what the pool keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"

enum { MIB = 1 << 20 };

static struct budget_pool pool;
static struct budget budget;

static int setup(void **state)
{
    (void)state;
    pool = (struct budget_pool){.most = 32 * MIB, .share = 16 * MIB};
    budget_begin(&budget, &pool, 7, 2 * MIB);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    budget_end(&budget);
    return 0;
}

static void an_arena_is_counted_and_given_back(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    arena_alloc(&arena, 100);
    arena.budget = &budget;
    struct arena_mark mark = arena_mark(&arena);
    arena_alloc(&arena, 3 * MIB);
    assert_true(budget.used >= 3 * MIB && budget.used < 4 * MIB);
    assert_true(atomic_load(&pool.used) >= budget.used - 65536);
    assert_int_equal(atomic_load(&pool.used), atomic_load(&pool.clients[7]));
    assert_int_equal(budget.state, BUDGET_GOOD);
    arena_rewind(&arena, mark);
    assert_int_equal(budget.used, 0);
    assert_int_equal(atomic_load(&pool.used), 0);
    arena_alloc(&arena, 9 * MIB); /* more than four answers */
    assert_int_equal(budget.state, BUDGET_MEMORY);
    arena_clear(&arena);
    assert_int_equal(atomic_load(&pool.used), 0);
}

static void a_rewound_arena_gives_the_same_place_again(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char *kept = arena_strdup(&arena, "kept");
    struct arena_mark mark = arena_mark(&arena);
    void *first = arena_alloc(&arena, 10);
    arena_alloc(&arena, MIB);
    arena_rewind(&arena, mark);
    assert_ptr_equal(arena_alloc(&arena, 10), first);
    assert_string_equal(kept, "kept");
    assert_true(arena.total < MIB);
    arena_clear(&arena);
    arena_init(&arena);
    mark = arena_mark(&arena); /* of an empty one */
    arena_alloc(&arena, 10);
    arena_rewind(&arena, mark);
    assert_null(arena.block);
}

/* What is written past the bound is dropped, and what stood below the floor stays. */
static void an_answer_past_its_bound_is_dropped(void **state)
{
    (void)state;
    static char block[100000];
    struct buf buf = {.budget = &budget};
    buf_adds(&buf, "before");
    budget.floor = buf.len;
    for (int i = 0; i < 1000; i++) {
        buf_add(&buf, block, sizeof block);
        assert_true(buf.cap <= 2 * MIB + 1);
    }
    assert_int_equal(budget.state, BUDGET_ANSWER);
    assert_memory_equal(buf.data, "before", 6);
    assert_true(budget.used <= 2 * MIB + 1);
    buf.len = budget.floor;
    budget_forgive(&budget);
    buf_add(&buf, block, sizeof block);
    assert_int_equal(budget.state, BUDGET_GOOD);
    assert_int_equal(buf.len, 6 + sizeof block);
    buf_clear(&buf);
    assert_int_equal(atomic_load(&pool.used), 0);
}

static void an_answer_of_just_the_bound_fits(void **state)
{
    (void)state;
    struct buf buf = {.budget = &budget};
    for (int i = 0; i < 2 * MIB; i++)
        buf_addc(&buf, 'x');
    assert_int_equal(budget.state, BUDGET_GOOD);
    assert_int_equal(buf.len, 2 * MIB);
    buf_addc(&buf, 'x');
    assert_int_equal(budget.state, BUDGET_ANSWER);
    buf_clear(&buf);
}

/* One client's part is half of the pool here; all of it is for several. */
static void a_client_has_its_part_of_the_pool(void **state)
{
    (void)state;
    struct budget others[6];
    for (int i = 0; i < 6; i++)
        budget_begin(&others[i], &pool, i < 3 ? 1 : 2, 2 * MIB);
    for (int i = 0; i < 2; i++)
        budget_take(&others[i], 7 * MIB);
    budget_take(&others[2], 7 * MIB);
    assert_int_equal(others[1].state, BUDGET_GOOD);
    assert_int_equal(others[2].state, BUDGET_POOL); /* 21 of 16 */
    budget_end(&others[2]);
    budget_take(&others[3], 7 * MIB);
    budget_take(&others[4], 7 * MIB);
    assert_int_equal(others[4].state, BUDGET_GOOD);
    budget_take(&budget, 7 * MIB);
    assert_int_equal(budget.state, BUDGET_POOL); /* 35 of 32 */
    for (int i = 0; i < 6; i++)
        budget_end(&others[i]);
    budget_end(&budget);
    assert_int_equal(atomic_load(&pool.used), 0);
    for (int i = 0; i < BUDGET_CLIENTS; i++)
        assert_int_equal(atomic_load(&pool.clients[i]), 0);
}

static void what_is_small_does_not_touch_the_pool(void **state)
{
    (void)state;
    budget_take(&budget, 60000);
    assert_int_equal(atomic_load(&pool.used), 0);
    assert_true(budget.look);
    budget_give(&budget, 100000); /* some of it from before the budget */
    assert_int_equal(budget.used, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_arena_is_counted_and_given_back),  TEST(a_rewound_arena_gives_the_same_place_again),
        TEST(an_answer_past_its_bound_is_dropped), TEST(an_answer_of_just_the_bound_fits),
        TEST(a_client_has_its_part_of_the_pool),   TEST(what_is_small_does_not_touch_the_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
