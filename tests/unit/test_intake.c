/* The bounds of bodies: shares, the single large one, and exact counts under threads. */
#include "support.h"

#include <pthread.h>

#include "http/intake.h"

#define MIB ((size_t)1024 * 1024)

static struct net_address client(unsigned char last)
{
    struct net_address address;
    char text[32];
    snprintf(text, sizeof text, "192.0.2.%u", last);
    assert_true(net_from_text(text, strlen(text), &address));
    return address;
}

static void nothing_is_left(struct intake *intake)
{
    struct intake_counts counts = intake_counts(intake);
    assert_int_equal(counts.all, 0);
    assert_int_equal(counts.unknown, 0);
    intake_free(intake);
}

static void test_unknown_share(void **state)
{
    (void)state;
    struct intake *intake = intake_new(512 * MIB, 64 * MIB, 100 * MIB);
    struct net_address a = client(1), b = client(2);
    struct intake_ticket tickets[20] = {{0}};
    /* Up to half of it one may have alone; then one single body beside the others; then no more. */
    assert_true(intake_take(intake, &tickets[0], &a, 16 * MIB));
    assert_true(intake_take(intake, &tickets[1], &a, 16 * MIB));
    assert_true(intake_take(intake, &tickets[2], &a, 95 * MIB));
    assert_true(tickets[2].single);
    for (int i = 3; i < 10; i++)
        assert_false(intake_take(intake, &tickets[i], &a, 95 * MIB));
    assert_false(intake_take(intake, &tickets[3], &a, 1 * MIB));
    /* Another one still has its quarter, and not a byte more. */
    assert_true(intake_take(intake, &tickets[10], &b, 16 * MIB));
    assert_false(intake_take(intake, &tickets[10], &b, 16 * MIB + 1));
    assert_int_equal(intake_counts(intake).unknown, 48 * MIB);
    assert_int_equal(intake_counts(intake).all, 143 * MIB);
    /* Whoever is recognised makes room for the next. */
    intake_know(intake, &tickets[2]);
    assert_false(tickets[2].single);
    assert_true(intake_take(intake, &tickets[4], &a, 95 * MIB));
    intake_know(intake, &tickets[0]);
    assert_int_equal(intake_counts(intake).unknown, 32 * MIB);
    for (int i = 0; i < 20; i++)
        intake_give(intake, &tickets[i]);
    nothing_is_left(intake);
}

static void test_all(void **state)
{
    (void)state;
    struct intake *intake = intake_new(200 * MIB, 64 * MIB, 100 * MIB);
    struct net_address a = client(1), b = client(2);
    struct intake_ticket one = {.known = true}, two = {.known = true}, three = {.known = true};
    assert_true(intake_take(intake, &one, &a, 100 * MIB));
    assert_false(intake_take(intake, &two, &a, 1));
    assert_true(intake_take(intake, &two, &b, 50 * MIB));
    assert_false(intake_take(intake, &two, &b, 50 * MIB + 1));
    assert_true(intake_take_small(intake, &three, 10000));
    assert_true(intake_take_small(intake, &three, 50 * MIB));
    assert_false(intake_take_small(intake, &three, 50 * MIB + 1));
    assert_int_equal(intake_counts(intake).all, 200 * MIB);
    intake_give(intake, &one);
    intake_give(intake, &two);
    intake_give(intake, &three);
    nothing_is_left(intake);
}

static void test_growth(void **state)
{
    (void)state;
    struct intake *intake = intake_new(512 * MIB, 64 * MIB, 100 * MIB);
    struct net_address a = client(1);
    struct intake_ticket one = {0}, two = {0};
    assert_true(intake_take_small(intake, &one, 16384));
    for (size_t bytes = 65536; bytes <= 100 * MIB; bytes += 65536)
        assert_true(intake_take(intake, &one, &a, bytes));
    assert_true(one.single);
    assert_int_equal(intake_counts(intake).unknown, 0);
    assert_false(intake_take(intake, &one, &a, 100 * MIB + 65536) && !one.single);
    assert_true(intake_take(intake, &two, &a, 32 * MIB));
    assert_false(intake_take(intake, &two, &a, 33 * MIB));
    intake_give(intake, &two);
    intake_give(intake, &one);
    nothing_is_left(intake);
}

struct run {
    struct intake *intake;
    unsigned seed;
    int taken, refused;
};

static void *take_and_give(void *context)
{
    struct run *run = context;
    struct intake_ticket held[8] = {{0}};
    for (int i = 0; i < 20000; i++) {
        struct intake_ticket *ticket = &held[(unsigned)rand_r(&run->seed) % 8];
        struct net_address from = client((unsigned char)(rand_r(&run->seed) % 4));
        size_t bytes = (size_t)rand_r(&run->seed) % (3 * MIB);
        switch (rand_r(&run->seed) % 4) {
        case 0:
            intake_give(run->intake, ticket);
            break;
        case 1:
            intake_know(run->intake, ticket);
            break;
        default:
            if (bytes < MIB ? intake_take_small(run->intake, ticket, bytes)
                            : intake_take(run->intake, ticket, &from, bytes))
                run->taken++;
            else
                run->refused++;
        }
        struct intake_counts counts = intake_counts(run->intake);
        assert_true(counts.all <= 24 * MIB && counts.unknown <= 8 * MIB);
    }
    for (int i = 0; i < 8; i++)
        intake_give(run->intake, &held[i]);
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    struct intake *intake = intake_new(24 * MIB, 8 * MIB, 4 * MIB);
    struct run runs[4];
    pthread_t threads[4];
    for (unsigned i = 0; i < 4; i++) {
        runs[i] = (struct run){intake, i + 1, 0, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, &runs[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_true(runs[i].taken > 1000 && runs[i].refused > 10);
    }
    nothing_is_left(intake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_unknown_share),
                                       cmocka_unit_test(test_all), cmocka_unit_test(test_growth),
                                       cmocka_unit_test(test_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
