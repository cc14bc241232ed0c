#include "portal/metrics.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/lock.h"

#define METHODS 1024 /* a power of two */
#define PAIRS 256
#define WATCHES 8
#define CODES 12 /* that one method answers, before they are "other" */

#define BOUNDS 13
static const double bounds[BOUNDS] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                      0.1,    0.25,  0.5,    1,     2.5,  10};
static const double group_bounds[BOUNDS] = {1, 2, 4, 8, 16, 32, 48, 64, 96, 128, 160, 192, 256};

struct histogram {
    _Atomic uint64_t buckets[BOUNDS + 1]; /* not added up: the last one is beyond all bounds */
    _Atomic uint64_t sum;                 /* millionths */
};

struct counter {
    _Atomic(const char *) first, second;
    _Atomic uint64_t count;
};

/* One method, made at its first call. */
struct of_method {
    const char *name;
    struct histogram seconds;
    struct counter codes[CODES];
};

struct metrics {
    _Atomic(struct of_method *) methods[METHODS];
    struct of_method other;
    struct histogram commits, groups;
    struct counter store_errors[PAIRS], deliveries[PAIRS];
    _Atomic uint64_t faults, credentials_cached, credentials_asked;
    pthread_mutex_t lock; /* of what follows */
    struct {
        void (*write)(void *context, struct buf *out);
        void *context;
    } watches[WATCHES];
};

static void release(void *part)
{
    struct metrics *metrics = part;
    for (size_t i = 0; i < METHODS; i++)
        free(atomic_load(&metrics->methods[i]));
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

void metrics_open(struct portal *portal)
{
    struct metrics *metrics = xcalloc(1, sizeof *metrics);
    lock_init(&metrics->lock);
    metrics->other.name = "other";
    portal->metrics = metrics;
    portal_attach(portal, metrics, release);
}

/* ---- adding ---- */

static void add(_Atomic uint64_t *to, uint64_t more)
{
    atomic_fetch_add_explicit(to, more, memory_order_relaxed);
}

static void observe(struct histogram *histogram, const double *limits, double value)
{
    size_t i = 0;
    while (i < BOUNDS && value > limits[i])
        i++;
    add(&histogram->buckets[i], 1);
    add(&histogram->sum, (uint64_t)(value > 0 ? value * 1e6 : 0));
}

/* The place of a pair of static texts, told apart by their addresses first: equal ones at two addresses have two places, and are
 * written as one (write_pairs). The last place takes what finds none. */
static struct counter *place_of(struct counter *places, size_t count, const char *first,
                                const char *second)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const char *known = NULL;
        struct counter *place = &places[i];
        if (atomic_compare_exchange_strong(&place->first, &known, first)) {
            atomic_store(&place->second, second);
            return place;
        }
        if (known == first && atomic_load(&place->second) == second)
            return place;
    }
    return &places[count - 1];
}

static struct of_method *method_of(struct metrics *metrics, const char *name)
{
    size_t at = ((uintptr_t)name >> 3) * 0x9e3779b97f4a7c15u >> 54;
    for (size_t tries = 0; tries < METHODS; tries++, at = (at + 1) & (METHODS - 1)) {
        struct of_method *found = atomic_load_explicit(&metrics->methods[at], memory_order_acquire);
        if (!found) {
            struct of_method *made = xcalloc(1, sizeof *made);
            made->name = name;
            if (atomic_compare_exchange_strong(&metrics->methods[at], &found, made))
                return made;
            free(made);
        }
        if (found->name == name)
            return found;
    }
    return &metrics->other;
}

void metrics_call(struct metrics *metrics, const char *name, const char *code, double seconds)
{
    if (!metrics)
        return;
    struct of_method *method = name ? method_of(metrics, name) : &metrics->other;
    observe(&method->seconds, bounds, seconds);
    add(&place_of(method->codes, CODES, code, "")->count, 1);
}

void metrics_commit(struct metrics *metrics, size_t jobs, double seconds)
{
    if (!metrics)
        return;
    observe(&metrics->commits, bounds, seconds);
    observe(&metrics->groups, group_bounds, (double)jobs);
}

void metrics_store_error(struct metrics *metrics, const char *kind)
{
    if (metrics)
        add(&place_of(metrics->store_errors, PAIRS, kind, "")->count, 1);
}

void metrics_delivery(struct metrics *metrics, const char *kind, const char *outcome)
{
    if (metrics)
        add(&place_of(metrics->deliveries, PAIRS, kind, outcome)->count, 1);
}

void metrics_fault(struct metrics *metrics)
{
    if (metrics)
        add(&metrics->faults, 1);
}

void metrics_credential(struct metrics *metrics, bool cached)
{
    if (metrics)
        add(cached ? &metrics->credentials_cached : &metrics->credentials_asked, 1);
}

void metrics_watch(struct metrics *metrics, void (*write)(void *context, struct buf *out),
                   void *context)
{
    if (!metrics)
        return;
    pthread_mutex_lock(&metrics->lock);
    size_t i = 0;
    while (i < WATCHES && metrics->watches[i].write)
        i++;
    CHECK(i < WATCHES);
    metrics->watches[i].write = write;
    metrics->watches[i].context = context;
    pthread_mutex_unlock(&metrics->lock);
}

void metrics_forget(struct metrics *metrics, void *context)
{
    if (!metrics)
        return;
    pthread_mutex_lock(&metrics->lock);
    for (size_t i = 0; i < WATCHES; i++) {
        if (metrics->watches[i].context == context)
            metrics->watches[i].write = NULL;
    }
    pthread_mutex_unlock(&metrics->lock);
}

/* ---- showing ---- */

void metrics_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_number(struct buf *out, double number)
{
    if (number == floor(number) && fabs(number) < 1e15)
        buf_printf(out, "%.0f\n", number);
    else
        buf_printf(out, "%.15g\n", number);
}

void metrics_number(struct buf *out, const char *name, const char *type, const char *help,
                    double number)
{
    metrics_head(out, name, type, help);
    buf_printf(out, "%s ", name);
    add_number(out, number);
}

static uint64_t count_of(const _Atomic uint64_t *count)
{
    return atomic_load_explicit(count, memory_order_relaxed);
}

/* `label`: "" or "method=\"...\",". */
static void write_histogram(struct buf *out, const char *name, const char *label,
                            const struct histogram *histogram, const double *limits)
{
    char labels[300];
    uint64_t total = 0;
    size_t len = strlen(label);
    for (size_t i = 0; i < BOUNDS; i++) {
        total += count_of(&histogram->buckets[i]);
        buf_printf(out, "%s_bucket{%sle=\"%g\"} %llu\n", name, label, limits[i],
                   (unsigned long long)total);
    }
    total += count_of(&histogram->buckets[BOUNDS]);
    buf_printf(out, "%s_bucket{%sle=\"+Inf\"} %llu\n", name, label, (unsigned long long)total);
    snprintf(labels, sizeof labels, len ? "{%.*s}" : "%.*s", len ? (int)len - 1 : 0, label);
    buf_printf(out, "%s_sum%s %.6f\n%s_count%s %llu\n", name, labels,
               (double)count_of(&histogram->sum) / 1e6, name, labels, (unsigned long long)total);
}

struct shown {
    const char *name;
    const struct of_method *method;
};

static int by_name(const void *a, const void *b)
{
    const struct shown *one = a, *other = b;
    return strcmp(one->name, other->name);
}

/* Those that were called, by name; `shown` has room for all. */
static size_t called(struct metrics *metrics, struct shown *shown)
{
    size_t count = 0;
    for (size_t i = 0; i < METHODS; i++) {
        const struct of_method *method = atomic_load(&metrics->methods[i]);
        if (method)
            shown[count++] = (struct shown){method->name, method};
    }
    qsort(shown, count, sizeof *shown, by_name);
    shown[count] = (struct shown){metrics->other.name, &metrics->other};
    return count + 1;
}

/* The sum of those with the same texts, at the first of them. */
static uint64_t sum_of(const struct counter *places, size_t count, size_t at, const char *second)
{
    uint64_t sum = 0;
    const char *first = atomic_load(&places[at].first);
    for (size_t i = 0; i < count; i++) {
        const char *other = atomic_load(&places[i].first), *same = atomic_load(&places[i].second);
        if (!other || strcmp(other, first) != 0 || (second && (!same || strcmp(same, second) != 0)))
            continue;
        if (i < at)
            return 0;
        sum += count_of(&places[i].count);
    }
    return sum;
}

static void write_calls(struct metrics *metrics, struct buf *out)
{
    static const char total[] = "rapport_requests_total";
    static const char duration[] = "rapport_request_duration_seconds";
    char label[300];
    struct shown *shown = xcalloc(METHODS + 1, sizeof *shown);
    size_t count = called(metrics, shown);
    metrics_head(out, total, "counter", "Requests answered, by method and error code.");
    for (size_t m = 0; m < count; m++) {
        const struct counter *codes = shown[m].method->codes;
        for (size_t i = 0; i < CODES; i++) {
            const char *code = atomic_load(&codes[i].first);
            uint64_t sum = code ? sum_of(codes, CODES, i, NULL) : count_of(&codes[i].count);
            if (sum)
                buf_printf(out, "%s{method=\"%s\",code=\"%s\"} %llu\n", total, shown[m].name,
                           code ? code : "other", (unsigned long long)sum);
        }
    }
    metrics_head(out, duration, "histogram", "Time from a request's headers to its answer.");
    for (size_t m = 0; m < count; m++) {
        snprintf(label, sizeof label, "method=\"%s\",", shown[m].name);
        write_histogram(out, duration, label, &shown[m].method->seconds, bounds);
    }
    free(shown);
}

static void write_pairs(struct buf *out, const char *name, const char *help, const char *first,
                        const char *second, const struct counter *places)
{
    metrics_head(out, name, "counter", help);
    for (size_t i = 0; i < PAIRS; i++) {
        const char *one = atomic_load(&places[i].first), *two = atomic_load(&places[i].second);
        uint64_t sum = one && two ? sum_of(places, PAIRS, i, two) : 0;
        if (sum && second)
            buf_printf(out, "%s{%s=\"%s\",%s=\"%s\"} %llu\n", name, first, one, second, two,
                       (unsigned long long)sum);
        else if (sum)
            buf_printf(out, "%s{%s=\"%s\"} %llu\n", name, first, one, (unsigned long long)sum);
    }
}

void metrics_write(struct metrics *metrics, struct buf *out)
{
    if (!metrics)
        return;
    metrics_head(out, "rapport_build_info", "gauge", "The program that runs.");
    buf_adds(out, "rapport_build_info{version=\"" RAPPORT_VERSION "\"} 1\n");
    write_calls(metrics, out);
    metrics_head(out, "rapport_commit_duration_seconds", "histogram",
                 "Time of the commits of the write lane.");
    write_histogram(out, "rapport_commit_duration_seconds", "", &metrics->commits, bounds);
    metrics_head(out, "rapport_commit_jobs", "histogram", "Jobs that shared a commit.");
    write_histogram(out, "rapport_commit_jobs", "", &metrics->groups, group_bounds);
    write_pairs(out, "rapport_store_errors_total", "Trouble of the store, by kind.", "kind", NULL,
                metrics->store_errors);
    write_pairs(out, "rapport_deliveries_total", "Attempts to deliver, and what became of them.",
                "kind", "outcome", metrics->deliveries);
    metrics_number(out, "rapport_faults_met_total", "counter", "Requests that met a fault.",
                   (double)count_of(&metrics->faults));
    metrics_head(out, "rapport_credential_lookups_total", "counter",
                 "Credentials looked up, known already or asked of the store.");
    buf_printf(out,
               "rapport_credential_lookups_total{from=\"cache\"} %llu\n"
               "rapport_credential_lookups_total{from=\"store\"} %llu\n",
               (unsigned long long)count_of(&metrics->credentials_cached),
               (unsigned long long)count_of(&metrics->credentials_asked));
    pthread_mutex_lock(&metrics->lock);
    for (size_t i = 0; i < WATCHES; i++) {
        if (metrics->watches[i].write)
            metrics->watches[i].write(metrics->watches[i].context, out);
    }
    pthread_mutex_unlock(&metrics->lock);
}
