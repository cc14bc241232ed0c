/* Waiting for what failed: how long, how it ends, and how often it is said. */
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/clock.h"

static void pauses_double_to_a_cap_and_vanish(void **state)
{
    (void)state;
    struct backoff backoff;
    double expected = 0.5;
    backoff_init(&backoff, NULL, 0.5, 3);
    assert_true(backoff_due(&backoff));
    for (int i = 0; i < 6; i++) {
        double before = clock_monotonic();
        backoff_failed(&backoff, "", "");
        assert_false(backoff_due(&backoff));
        /* A quarter more or less, so that several servers do not come back at once. */
        assert_true(backoff.next - before >= expected * 0.74);
        assert_true(backoff.next - clock_monotonic() <= expected * 1.26);
        expected = expected * 2 < 3 ? expected * 2 : 3;
    }
    backoff_worked(&backoff);
    assert_true(backoff_due(&backoff));
    backoff_failed(&backoff, "", "");
    assert_true(backoff.next - clock_monotonic() < 0.7);
    backoff_clear(&backoff);
}

static void *ask(void *context)
{
    stop_ask(context, 0);
    return NULL;
}

static void a_sleep_ends_with_the_stop(void **state)
{
    (void)state;
    struct stop *stop = stop_new();
    pthread_t thread;
    double began = clock_monotonic();
    assert_true(stop_sleep(stop, began + 0.001)); /* by itself */
    assert_false(stop_asked(stop));
    assert_int_equal(pthread_create(&thread, NULL, ask, stop), 0);
    assert_false(stop_sleep(stop, began + 600));
    assert_true(clock_monotonic() - began < 60);
    pthread_join(thread, NULL);
    assert_false(stop_sleep(stop, clock_monotonic() + 600)); /* and none begins any more */
    stop_free(stop);
}

static void a_store_has_its_seconds_after_the_stop(void **state)
{
    (void)state;
    struct stop *stop = stop_new();
    assert_false(stop_over(stop));
    stop_ask(stop, 600);
    assert_true(stop_asked(stop));
    assert_false(stop_over(stop));
    stop_ask(stop, 0); /* the first one counts */
    assert_false(stop_over(stop));
    stop_free(stop);
    stop = stop_new();
    stop_ask(stop, -1);
    assert_true(stop_over(stop));
    stop_free(stop);
    assert_false(stop_asked(NULL));
    assert_false(stop_over(NULL));
}

/* What `say` writes to the log. */
static size_t lines_of(void (*say)(struct trouble *trouble), struct trouble *trouble)
{
    char path[] = "/tmp/rapport-test-XXXXXX", block[65536];
    int file = mkstemp(path), kept = dup(STDERR_FILENO);
    assert_true(file >= 0 && kept >= 0);
    unlink(path);
    fflush(stderr);
    dup2(file, STDERR_FILENO);
    say(trouble);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    ssize_t len = pread(file, block, sizeof block, 0);
    close(file);
    size_t lines = 0;
    for (ssize_t i = 0; i < len; i++)
        lines += block[i] == '\n';
    return lines;
}

static void a_thousand_times(struct trouble *trouble)
{
    for (int i = 0; i < 1000; i++) {
        trouble_failed(trouble, "full", "disk full at %d", i);
        trouble_over(trouble); /* something else was small enough: that is not the end of it */
    }
}

static void two_kinds(struct trouble *trouble)
{
    for (int i = 0; i < 1000; i++)
        trouble_failed(trouble, i % 2 ? "full" : "lost", "%d", i);
}

static void a_trouble_is_said_once_a_kind(void **state)
{
    (void)state;
    struct trouble *trouble = trouble_new("store");
    assert_int_equal(lines_of(a_thousand_times, trouble), 1);
    assert_int_equal(lines_of(two_kinds, trouble), 1); /* "full" has been said */
    assert_int_equal(lines_of(two_kinds, NULL), 1000);
    trouble_free(trouble);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_double_to_a_cap_and_vanish),
        cmocka_unit_test(a_sleep_ends_with_the_stop),
        cmocka_unit_test(a_store_has_its_seconds_after_the_stop),
        cmocka_unit_test(a_trouble_is_said_once_a_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
