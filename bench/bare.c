/* bare - the reference: the work of crm.activity.update and crm.activity.list without a server.
 *
 *   bench_bare update --store FILE|URL --rows N [--per-commit 64] [--column location] ...
 *   bench_bare list   --store FILE|URL --rows N [--threads 1] ...
 *
 * Prints one line of name=value, as bench_load does. The SELECT's columns come from the product's
 * own table of fields, so that both read the same.
 */
#include "bare.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "app/args.h"
#include "base/check.h"
#include "base/clock.h"
#include "crm/activity.h"
#include "model/row.h"

#define THREADS_MOST 64

struct work {
    const struct bare_driver *driver;
    const char *store, *column;
    struct buf select, update, list;
    int64_t rows, per_commit;
    double seconds, warm;
    bool writes;
};

struct round {
    const struct work *work;
    pthread_t thread;
    uint64_t seed, done, read;
    double elapsed, cpu;
    struct latencies *latencies;
};

void bare_fail(const char *what, const char *message)
{
    fprintf(stderr, "bench_bare: %s: %s\n", what, message);
    exit(1);
}

/* Leaves out what crm.activity.list shows by name only. */
static void make_sql(struct work *work)
{
    bool chosen[128] = {false};
    CHECK(activity_entity.field_count <= 128);
    for (size_t i = 0; i < activity_entity.field_count; i++)
        chosen[i] =
            !(activity_entity.fields[i].flags & (FIELD_HIDDEN | FIELD_NOT_LISTED | FIELD_BY_NAME));
    buf_adds(&work->select, "SELECT ");
    row_columns(&work->select, &activity_entity, NULL);
    buf_adds(&work->select, " FROM activity t WHERE t.id = $1");
    buf_adds(&work->list, "SELECT ");
    row_columns(&work->list, &activity_entity, chosen);
    buf_printf(&work->update,
               "UPDATE activity SET %s = $1, last_updated = $2, editor_id = $3 WHERE id = $4",
               work->column);
    buf_adds(&work->list, " FROM activity t WHERE t.owner_type_id = $1 AND t.owner_id = $2 "
                          "ORDER BY t.start_time ASC NULLS FIRST, t.id LIMIT 50");
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* User and system time of this thread, in seconds. */
static double cpu_of_thread(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void update_once(struct round *round, struct bare *bare, struct chance *chance)
{
    const struct work *work = round->work;
    char text[TEXT_SIZE];
    work->driver->begin(bare);
    for (int64_t i = 0; i < work->per_commit; i++) {
        int64_t id = 1 + chance_below(chance, work->rows);
        size_t len = text_description(chance, (int64_t)(chance_next(chance) % 1000000), text);
        work->driver->update(bare, id, text, len, (int64_t)clock_real(), 1);
    }
    work->driver->commit(bare);
    round->done += (uint64_t)work->per_commit;
}

static void list_once(struct round *round, struct bare *bare, struct chance *chance)
{
    struct owner_ref owner = owner_at(chance_below(chance, owner_count(round->work->rows)));
    round->read += (uint64_t)round->work->driver->list(bare, owner);
    round->done++;
}

static void *run_round(void *context)
{
    struct round *round = context;
    const struct work *work = round->work;
    struct chance chance = {round->seed};
    struct buf *select = (struct buf *)(uintptr_t)&work->select;
    struct buf *update = (struct buf *)(uintptr_t)&work->update;
    struct buf *list = (struct buf *)(uintptr_t)&work->list;
    struct bare *bare = work->driver->open(work->store, work->writes, buf_text(select),
                                           buf_text(update), buf_text(list));
    uint64_t begun = nanoseconds(), now = begun;
    double cpu = cpu_of_thread();
    bool warm = work->warm <= 0;
    for (;;) {
        work->writes ? update_once(round, bare, &chance) : list_once(round, bare, &chance);
        uint64_t then = now;
        now = nanoseconds();
        latency_add(round->latencies, now - then);
        round->elapsed = (double)(now - begun) / 1e9;
        if (!warm && round->elapsed >= work->warm) {
            warm = true;
            begun = now;
            round->done = round->read = 0;
            cpu = cpu_of_thread();
            memset(round->latencies, 0, sizeof *round->latencies);
        } else if (warm && round->elapsed >= work->seconds) {
            break;
        }
    }
    round->cpu = cpu_of_thread() - cpu;
    work->driver->close(bare);
    return NULL;
}

static void run(const struct work *work, int threads, int64_t seed)
{
    struct round rounds[THREADS_MOST] = {0};
    double per_second = 0, cpu = 0;
    uint64_t done = 0, read = 0;
    for (int i = 0; i < threads; i++) {
        rounds[i].work = work;
        rounds[i].seed = (uint64_t)seed * 1000 + (uint64_t)i;
        rounds[i].latencies = xcalloc(1, sizeof *rounds[i].latencies);
        CHECK(pthread_create(&rounds[i].thread, NULL, run_round, &rounds[i]) == 0);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(rounds[i].thread, NULL);
        per_second += (double)rounds[i].done / rounds[i].elapsed;
        cpu += rounds[i].cpu;
        done += rounds[i].done;
        read += rounds[i].read;
    }
    printf("count=%llu rps=%.1f p50=%.1f p99=%.1f cpu=%.2f rows=%.2f threads=%d\n",
           (unsigned long long)done, per_second, latency_at(rounds[0].latencies, 0.5),
           latency_at(rounds[0].latencies, 0.99), done ? cpu * 1e6 / (double)done : 0,
           done ? (double)read / (double)done : 0, threads);
    for (int i = 0; i < threads; i++)
        free(rounds[i].latencies);
}

int main(int argc, char **argv)
{
    struct work work = {.column = "description"};
    const char *rows = NULL, *per_commit = "64", *seconds = "3", *warm = "0.5", *threads = "1";
    const char *seed = "1", *what[1] = {""};
    const struct arg args[] = {
        {"--store", "FILE", "the file of SQLite, or postgresql://...", &work.store, NULL},
        {"--rows", "N", "activities in the store", &rows, NULL},
        {"--per-commit", "N", "updates to a commit (64)", &per_commit, NULL},
        {"--column", "NAME", "the text that is changed: description or location", &work.column,
         NULL},
        {"--threads", "N", "threads that list, each with a connection (1)", &threads, NULL},
        {"--seconds", "S", "how long to measure (3)", &seconds, NULL},
        {"--warm", "S", "how long to run before that (0.5)", &warm, NULL},
        {"--seed", "N", "of the chosen rows (1)", &seed, NULL},
        {NULL, NULL, NULL, NULL, NULL},
    };
    bool help;
    int count;
    if (!args_parse(argc - 1, argv + 1, args, "Usage: bench_bare update|list --store FILE --rows N",
                    &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    work.writes = !strcmp(what[0], "update");
    if (count != 1 || (!work.writes && strcmp(what[0], "list") != 0) || !work.store) {
        fprintf(stderr, "bench_bare: update or list, and --store\n");
        return 2;
    }
    if (strcmp(work.column, "description") != 0 && strcmp(work.column, "location") != 0) {
        fprintf(stderr, "bench_bare: --column takes description or location\n");
        return 2;
    }
    work.driver = db_is_postgres(work.store) ? &bare_postgres : &bare_sqlite;
    work.rows = number_option("--rows", rows, 1, INT64_MAX / 2);
    work.per_commit = number_option("--per-commit", per_commit, 1, 100000);
    work.seconds = seconds_option("--seconds", seconds);
    work.warm = seconds_option("--warm", warm);
    make_sql(&work);
    run(&work, work.writes ? 1 : (int)number_option("--threads", threads, 1, THREADS_MOST),
        number_option("--seed", seed, 0, INT64_MAX / 2000));
    buf_clear(&work.select);
    buf_clear(&work.update);
    buf_clear(&work.list);
    return 0;
}
