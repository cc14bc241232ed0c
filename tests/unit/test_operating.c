/* Operating times: baskets of a minute that count for ten. The clock is what the test says. */
#include "support.h"

#include <math.h>
#include <pthread.h>

#include "portal/operating.h"

#define T 1768467600 /* a full minute */

static const struct method get = {.name = "get"}, list = {.name = "list"};
static struct operating_table *table;

static int setup(void **state)
{
    (void)state;
    table = operating_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    operating_free(table);
    return 0;
}

static void expect(struct operating sum, double seconds, int64_t reset_at)
{
    if (fabs(sum.seconds - seconds) > 1e-9 || sum.reset_at != reset_at)
        fail_msg("%.3f s until T%+lld, not %.3f s until T%+lld", sum.seconds,
                 (long long)sum.reset_at - T, seconds, (long long)reset_at - T);
}

static struct operating add(int at, double seconds)
{
    return operating_add(table, 1, &get, T + at, seconds);
}

static void one_call_counts_itself(void **state)
{
    (void)state;
    expect(add(0, 0.25), 0.25, T + 600);
    expect(add(0, 0), 0.25, T + 600);
}

static void calls_of_a_minute_share_a_basket(void **state)
{
    (void)state;
    expect(add(10, 1), 1, T + 610);
    expect(add(11, 2), 3, T + 610);
    expect(add(59, 4), 7, T + 610);
}

static void baskets_add_up_and_the_oldest_goes_first(void **state)
{
    (void)state;
    double sum = 0;
    for (int minute = 0; minute < 10; minute++)
        expect(add(minute * 60, 1 << minute), sum += 1 << minute, T + 600);
    /* After ten minutes the first basket, of 1 second, counts no more. */
    expect(add(600, 5000), sum - 1 + 5000, T + 660);
    expect(add(660, 0), sum - 1 - 2 + 5000, T + 720);
}

static void a_basket_counts_from_its_first_call(void **state)
{
    (void)state;
    expect(add(50, 1), 1, T + 650);
    expect(add(59, 1), 2, T + 650);
    /* The tenth minute after: 600 s have not passed, though the minute's number ends the same. */
    expect(add(610, 8), 10, T + 650);
    expect(add(649, 8), 18, T + 650);
    expect(add(650, 0), 16, T + 1210);
}

static void after_ten_minutes_all_is_forgotten(void **state)
{
    (void)state;
    expect(add(0, 7), 7, T + 600);
    expect(add(599, 0), 7, T + 600);
    expect(add(600, 1), 1, T + 599 + 600);
    expect(add(5000, 2), 2, T + 5600);
    expect(add(5000 + 86400, 3), 3, T + 5600 + 86400);
}

static void the_fraction_of_a_second_does_not_move_a_basket(void **state)
{
    (void)state;
    expect(operating_add(table, 1, &get, T + 0.999, 1), 1, T + 600);
    expect(operating_add(table, 1, &get, T + 599.999, 0), 1, T + 600);
    expect(operating_add(table, 1, &get, T + 600.001, 0), 0, T + 599 + 600);
}

static void credentials_and_methods_are_apart(void **state)
{
    (void)state;
    expect(operating_add(table, 1, &get, T, 1), 1, T + 600);
    expect(operating_add(table, 2, &get, T, 10), 10, T + 600);
    expect(operating_add(table, 1, &list, T, 100), 100, T + 600);
    expect(operating_add(table, 1, &get, T, 0), 1, T + 600);
    expect(operating_add(table, 2, &get, T, 0), 10, T + 600);
    expect(operating_add(table, 1, &list, T, 0), 100, T + 600);
}

/* Old entries are given up on the way; none that still counts may go with them. */
static void many_credentials_keep_their_sums(void **state)
{
    (void)state;
    for (int64_t id = 1; id <= 5000; id++)
        expect(operating_add(table, id, &get, T, (double)id), (double)id, T + 600);
    for (int64_t id = 1; id <= 5000; id++)
        expect(operating_add(table, id, &get, T + 300, 0), (double)id, T + 600);
    for (int64_t id = 1; id <= 5000; id += 2)
        expect(operating_add(table, id, &get, T + 1000, 0.5), 0.5, T + 1600);
    for (int64_t id = 1; id <= 5000; id += 2)
        expect(operating_add(table, id, &get, T + 1550, 0), 0.5, T + 1600);
}

static void *add_often(void *context)
{
    struct operating *last = context;
    for (int i = 0; i < 1000; i++)
        *last = operating_add(table, i % 7, &get, T, 1);
    return NULL;
}

static void threads_lose_nothing(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct operating last[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_often, &last[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    double sum = 0;
    for (int id = 0; id < 7; id++)
        sum += operating_add(table, id, &get, T, 0).seconds;
    assert_int_equal((int)sum, 4000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_call_counts_itself),
        TEST(calls_of_a_minute_share_a_basket),
        TEST(baskets_add_up_and_the_oldest_goes_first),
        TEST(a_basket_counts_from_its_first_call),
        TEST(after_ten_minutes_all_is_forgotten),
        TEST(the_fraction_of_a_second_does_not_move_a_basket),
        TEST(credentials_and_methods_are_apart),
        TEST(many_credentials_keep_their_sums),
        TEST(threads_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
