/* Counters and histograms: nothing is lost among threads, and what is shown adds up. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "portal/metrics.h"
#include "portal/portal.h"
#include "support.h"

/* Says both when they differ. */
#define assert_number(found, wanted)                                                               \
    do {                                                                                           \
        double one = (found), other = (wanted);                                                    \
        if (fabs(one - other) > 1e-6)                                                              \
            fail_msg("%g is not %g", one, other);                                                  \
    } while (0)

#define THREADS 4
#define CALLS 2000

static struct folder folder;
static struct portal *portal;

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    portal = portal_make(&folder);
    metrics_open(portal);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    portal_close(portal);
    folder_remove(&folder);
    return 0;
}

/* The number of the line that begins so; -1: there is none. */
static double number_of(const char *line)
{
    struct buf out = {0};
    metrics_write(portal->metrics, &out);
    const char *at = buf_text(&out);
    size_t len = strlen(line);
    double number = -1;
    for (; at && number < 0; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (!strncmp(at, line, len) && at[len] == ' ')
            number = strtod(at + len, NULL);
    }
    buf_clear(&out);
    return number;
}

static const char *const names[] = {"a.get", "a.list", "b.get", "b.list", "c.get"};
static const char *const codes[] = {"", "NOT_FOUND", "ACCESS_DENIED"};

static void *call(void *context)
{
    (void)context;
    for (int i = 0; i < CALLS; i++) {
        metrics_call(portal->metrics, names[i % 5], codes[i % 3], 0.001 * (i % 7));
        metrics_commit(portal->metrics, (size_t)(i % 40), 0.02);
        metrics_store_error(portal->metrics, i % 2 ? "retry" : "error");
        metrics_delivery(portal->metrics, "event", i % 4 ? "delivered" : "failed");
    }
    return NULL;
}

static void nothing_is_lost_among_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    double total = 0;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call, NULL), 0);
    number_of("rapport_commit_jobs_count"); /* who asks meanwhile is no trouble */
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int n = 0; n < 5; n++) {
        char line[120];
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            snprintf(line, sizeof line, "rapport_requests_total{method=\"%s\",code=\"%s\"}",
                     names[n], codes[c]);
            sum += number_of(line);
        }
        snprintf(line, sizeof line, "rapport_request_duration_seconds_count{method=\"%s\"}",
                 names[n]);
        assert_number(sum, number_of(line));
        total += sum;
    }
    assert_number(total, THREADS * CALLS);
    assert_number(number_of("rapport_commit_jobs_count"), THREADS * CALLS);
    assert_number(number_of("rapport_store_errors_total{kind=\"retry\"}"), THREADS * CALLS / 2.0);
    assert_number(number_of("rapport_deliveries_total{kind=\"event\",outcome=\"delivered\"}"),
                  THREADS * CALLS * 3 / 4.0);
}

static void buckets_hold_what_is_at_most_their_bound(void **state)
{
    (void)state;
    static const double seconds[] = {0, 0.0005, 0.0006, 0.25, 11};
    for (size_t i = 0; i < 5; i++)
        metrics_call(portal->metrics, "x.y", "", seconds[i]);
    assert_number(
        number_of("rapport_request_duration_seconds_bucket{method=\"x.y\",le=\"0.0005\"}"), 2);
    assert_number(number_of("rapport_request_duration_seconds_bucket{method=\"x.y\",le=\"0.001\"}"),
                  3);
    assert_number(number_of("rapport_request_duration_seconds_bucket{method=\"x.y\",le=\"0.25\"}"),
                  4);
    assert_number(number_of("rapport_request_duration_seconds_bucket{method=\"x.y\",le=\"10\"}"),
                  4);
    assert_number(number_of("rapport_request_duration_seconds_bucket{method=\"x.y\",le=\"+Inf\"}"),
                  5);
    assert_number(number_of("rapport_request_duration_seconds_sum{method=\"x.y\"}"), 11.2511);
}

/* More codes than have a place, and more methods: counted all the same. */
static void what_has_no_place_is_other(void **state)
{
    (void)state;
    static char many[2000][8];
    for (int i = 0; i < 2000; i++) {
        snprintf(many[i], sizeof many[i], "m%d", i);
        metrics_call(portal->metrics, i < 30 ? "x.y" : many[i], i < 30 ? many[i] : "", 0);
    }
    assert_number(number_of("rapport_requests_total{method=\"x.y\",code=\"other\"}"), 19);
    assert_number(number_of("rapport_requests_total{method=\"x.y\",code=\"m10\"}"), 1);
    assert_number(number_of("rapport_requests_total{method=\"other\",code=\"\"}"), 1970 - 1023);
    metrics_call(portal->metrics, NULL, "ERROR_METHOD_NOT_FOUND", 0);
    assert_number(
        number_of("rapport_requests_total{method=\"other\",code=\"ERROR_METHOD_NOT_FOUND\"}"), 1);
}

static void say(void *context, struct buf *out)
{
    metrics_number(out, "rapport_said", "gauge", "What somebody knows.", *(double *)context);
}

static void what_others_know_is_asked(void **state)
{
    (void)state;
    double known = 7;
    metrics_watch(portal->metrics, say, &known);
    assert_number(number_of("rapport_said"), 7);
    known = 8.5;
    assert_number(number_of("rapport_said"), 8.5);
    metrics_forget(portal->metrics, &known);
    assert_number(number_of("rapport_said"), -1);
}

static void without_them_nothing_is_counted(void **state)
{
    struct buf out = {0};
    (void)state;
    metrics_call(NULL, "x.y", "", 1);
    metrics_commit(NULL, 1, 1);
    metrics_watch(NULL, say, NULL);
    metrics_forget(NULL, NULL);
    metrics_write(NULL, &out);
    assert_int_equal(out.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_lost_among_threads),   TEST(buckets_hold_what_is_at_most_their_bound),
        TEST(what_has_no_place_is_other),      TEST(what_others_know_is_asked),
        TEST(without_them_nothing_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
