#include "lane/lane.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "lane/queue.h"
#include "portal/event.h"
#include "portal/feed.h"
#include "portal/metrics.h"

#define AGAIN_S 0.02  /* before a job that another server was in the way of is run again */
#define AGAIN 2       /* times */
#define AGAIN_ALONE 6 /* a change of the schema, which waits for no lock long */
#define FLOOD 8       /* reads of one client that wait in the slow lane */
/* A group of writes ends after so long: who comes now waits for all of it, whoever's it is. */
#define GROUP_S 0.25
#define NICENESS 10 /* of the slow lane: others go first, and it gets a tenth of a busy core */

struct worker {
    pthread_t thread;
    struct lanes *lanes;
    struct crew *crew; /* of a reader */
    struct db *db;
};

/* Threads that read, for one queue. */
struct crew {
    struct queue queue;
    struct worker *workers;
    int count, room;   /* running, and places */
    double patience;   /* seconds for one read; 0: all the time */
    struct crew *next; /* who takes over what is not done by then */
    bool gives_way;
};

struct lanes {
    struct portal *portal;
    struct queue writes;
    struct worker writer;
    /* The pool; the slow lane; and what takes long even there, apart from what nearly was done. */
    struct crew readers, slow, slowest;
    size_t commit_jobs;
    bool writer_started;
    _Atomic uint64_t commits, calls;
};

/* ---- running ---- */

static struct job_name name_of(const struct job *job)
{
    struct job_name name = {"", "", 0};
    if (job && job->runner->name)
        job->runner->name(job->subject, &name);
    return name;
}

/* What went wrong with the store, once as long as it goes on. `job`: one that it happened to. */
static void log_store(struct portal *portal, struct db *db, struct trouble *trouble,
                      const struct job *job, enum db_rc rc)
{
    static const char *const kinds[] = {"ok",
                                        "row",
                                        "none",
                                        "conflict",
                                        "retry",
                                        "connection lost",
                                        "disk full",
                                        "not writable",
                                        "outcome unknown",
                                        "out of time",
                                        "over its memory",
                                        "error"};
    char kind[64];
    const struct job_name name = name_of(job);
    metrics_store_error(portal->metrics, kinds[rc]);
    snprintf(kind, sizeof kind, "%s %s %.30s", kinds[rc], db_state(db), db_message(db));
    trouble_failed(trouble, kind, "%s: %s state=%s method=%.*s id=%s", kinds[rc], db_message(db),
                   db_state(db), name.name_len, name.name, name.id);
}

static bool worth_again(enum db_rc rc)
{
    return rc == DB_RETRY || rc == DB_LOST;
}

/* Leaves the connection ready for the next transaction, whatever happened. */
static void recover(struct portal *portal, struct db *db, struct trouble *trouble, enum db_rc rc)
{
    if (rc == DB_LOST || rc == DB_UNKNOWN) {
        if (db_reconnect(db) != DB_OK)
            log_store(portal, db, trouble, NULL, DB_LOST);
        return;
    }
    if (db_in_transaction(db) && db_rollback(db) != DB_OK)
        log_store(portal, db, trouble, NULL, DB_ERROR);
}

/* Before a job is run again: whoever was in its way may be done then. */
static void give_way(struct portal *portal, int again)
{
    struct backoff pause;
    backoff_init(&pause, NULL, AGAIN_S, AGAIN_S * (1 << again));
    backoff_failed(&pause, "", "");
    backoff_sleep(&pause, portal->stop);
}

static void fail_all(struct job **jobs, size_t count, enum db_rc rc)
{
    for (size_t i = 0; i < count; i++) {
        if (jobs[i]->runner->failed)
            jobs[i]->runner->failed(jobs[i]->subject, rc);
    }
}

/* Jobs that share a commit. */
struct group {
    struct job **jobs;
    size_t count;
    double until; /* takes no more of them then; 0: all */
};

static void group_begins(const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->jobs[i]->runner->begins)
            group->jobs[i]->runner->begins(group->jobs[i]->subject);
    }
    event_group_begins(group->jobs[0]->portal);
    feed_group_begins(group->jobs[0]->portal->feed);
}

static void group_kept(const struct group *group, struct db *db)
{
    trouble_over(group->jobs[0]->portal->writing);
    for (size_t i = 0; i < group->count; i++) {
        if (group->jobs[i]->runner->kept)
            group->jobs[i]->runner->kept(group->jobs[i]->subject, db);
    }
    event_group_kept(group->jobs[0]->portal);
    /* Who is told and looks at once must find it: readers renew their snapshots by this count. */
    if (feed_has_notes(group->jobs[0]->portal->feed))
        atomic_fetch_add(&group->jobs[0]->portal->outside_commits, 1);
    feed_group_kept(group->jobs[0]->portal->feed);
}

/* One transaction for all. DB_OK: committed. Else nothing was kept (DB_UNKNOWN: nobody knows). */
static enum db_rc run_group(struct group *group, struct db *db)
{
    struct job **jobs = group->jobs;
    enum db_rc rc = db_begin_write(db);
    bool slow;
    group_begins(group);
    for (size_t i = 0; rc == DB_OK && i < group->count; i++) {
        rc = jobs[i]->runner->run(jobs[i]->subject, db, 0, &slow);
        if (group->until > 0 && clock_monotonic() > group->until)
            group->count = i + 1;
    }
    double began = clock_monotonic();
    if (rc == DB_OK)
        rc = db_commit(db);
    if (rc != DB_OK)
        return rc;
    metrics_commit(jobs[0]->portal->metrics, group->count, clock_monotonic() - began);
    group_kept(group, db);
    return rc;
}

static enum db_rc run_one(struct job *job, struct db *db)
{
    return run_group(&(struct group){.jobs = &job, .count = 1}, db);
}

/* `rc`: what became of its first run. */
static enum db_rc settle_one(struct job *job, struct db *db, enum db_rc rc)
{
    struct trouble *trouble = job->portal->writing;
    for (int again = 0; again < (job->alone ? AGAIN_ALONE : AGAIN) && worth_again(rc); again++) {
        recover(job->portal, db, trouble, rc);
        if (rc == DB_RETRY)
            give_way(job->portal, again);
        rc = run_one(job, db);
    }
    if (rc == DB_OK)
        return rc;
    log_store(job->portal, db, trouble, job, rc);
    recover(job->portal, db, trouble, rc);
    fail_all(&job, 1, rc);
    return rc;
}

/* One part after the other, each in a transaction of its own; what trouble meets is run again, alone. */
static void run_alone(struct job *job, struct db *db)
{
    while (settle_one(job, db, run_one(job, db)) == DB_OK && job->runner->more &&
           job->runner->more(job->subject))
        ;
}

/* One that wants to be alone ends the group before it. */
static void cut_group(struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->jobs[i]->alone)
            group->count = i ? i : 1;
    }
}

static void run_writes(struct group *group, struct db *db)
{
    struct job **jobs = group->jobs;
    cut_group(group);
    if (jobs[0]->alone) {
        run_alone(jobs[0], db);
        return;
    }
    struct trouble *trouble = jobs[0]->portal->writing;
    enum db_rc rc = run_group(group, db);
    if (rc == DB_OK)
        return;
    if (group->count == 1) {
        settle_one(jobs[0], db, rc);
        return;
    }
    if (rc == DB_UNKNOWN || rc == DB_FULL || rc == DB_READONLY) {
        log_store(jobs[0]->portal, db, trouble, jobs[0], rc);
        recover(jobs[0]->portal, db, trouble, rc);
        fail_all(jobs, group->count, rc);
        return;
    }
    /* One job's trouble must not be the others': each by itself. */
    log_debug("store: a group of %zu is run again one by one: %s state=%s", group->count,
              db_message(db), db_state(db));
    recover(jobs[0]->portal, db, trouble, rc);
    for (size_t i = 0; i < group->count; i++)
        settle_one(jobs[i], db, run_one(jobs[i], db));
}

void lane_run_write(struct job **jobs, size_t count, struct db *db)
{
    for (size_t done = 0; done < count;) {
        struct group group = {.jobs = jobs + done, .count = count - done};
        run_writes(&group, db);
        done += group.count;
    }
}

bool lane_run_read(struct job *job, struct db *db, double patience)
{
    struct trouble *trouble = job->portal->reading;
    bool slow = false;
    enum db_rc rc = job->runner->run(job->subject, db, patience, &slow);
    if (worth_again(rc)) {
        recover(job->portal, db, trouble, rc);
        rc = job->runner->run(job->subject, db, patience, &slow);
    }
    if (rc != DB_OK && !slow)
        log_store(job->portal, db, trouble, job, rc);
    if (rc != DB_OK)
        recover(job->portal, db, trouble, rc);
    else
        trouble_over(trouble);
    return !slow;
}

/* ---- threads ---- */

/* `done` may free the job. */
static void finish(struct queue *queue, struct job *job)
{
    queue_over(queue, job->client);
    job->done(job);
}

static void *writer_main(void *context)
{
    struct worker *worker = context;
    struct lanes *lanes = worker->lanes;
    struct job *jobs[LIMIT_COMMIT_JOBS];
    size_t count;
    while ((count = queue_take(&lanes->writes, jobs, lanes->commit_jobs))) {
        struct group group = {jobs, count, clock_monotonic() + GROUP_S};
        run_writes(&group, worker->db);
        queue_return(&lanes->writes, jobs + group.count, count - group.count);
        atomic_fetch_add(&lanes->commits, 1);
        atomic_fetch_add(&lanes->calls, group.count);
        for (size_t i = 0; i < group.count; i++)
            finish(&lanes->writes, jobs[i]);
    }
    return NULL;
}

void lane_refuse(struct job *job)
{
    job->refused = true;
    if (!job->work && job->runner->refused)
        job->runner->refused(job->subject);
}

/* One snapshot for the job, which is not kept: an old one keeps the WAL from being reset. */
static bool run_read(struct job *job, struct db *db, double patience)
{
    bool snapshot = db_reads_inline(db) && db_begin_read(db) == DB_OK, done = true;
    if (job->work)
        job->work(job, db);
    else
        done = lane_run_read(job, db, patience);
    if (snapshot && db_in_transaction(db))
        db_commit(db);
    return done;
}

static void *reader_main(void *context)
{
    struct worker *worker = context;
    struct crew *crew = worker->crew;
    struct job *job;
    if (crew->gives_way)
        setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
    if (crew->patience > 0)
        db_limit_time(worker->db, crew->patience);
    while (queue_take(&crew->queue, &job, 1)) {
        if (run_read(job, worker->db, crew->patience)) {
            finish(&crew->queue, job);
            continue;
        }
        queue_over(&crew->queue, job->client);
        if (!queue_put(&crew->next->queue, job)) {
            lane_refuse(job);
            job->done(job);
        }
    }
    return NULL;
}

bool lane_submit(struct lanes *lanes, enum lane lane, struct job *job)
{
    struct queue *const queues[] = {&lanes->readers.queue, &lanes->writes, &lanes->slow.queue};
    return queue_put(queues[lane], job);
}

double lane_patience(struct lanes *lanes, uint64_t client)
{
    bool flood = queue_has_many(&lanes->slow.queue, client, FLOOD) ||
                 queue_has_many(&lanes->slowest.queue, client, FLOOD);
    return flood ? PATIENCE_FLOOD : PATIENCE_INLINE;
}

static bool start_worker(struct lanes *lanes, struct worker *worker, enum db_mode mode,
                         void *(*run)(void *), struct buf *why)
{
    worker->lanes = lanes;
    worker->db = portal_connect(lanes->portal, mode, why);
    if (!worker->db)
        return false;
    CHECK(pthread_create(&worker->thread, NULL, run, worker) == 0);
    return true;
}

/* One client may have half of the threads, where a queue is told so. */
static void set_crew(struct crew *crew, int room, size_t most, bool halves, double patience,
                     struct crew *next)
{
    queue_init(&crew->queue, most, halves ? (room + 1) / 2 : 0);
    crew->room = room;
    crew->workers = xcalloc((size_t)room, sizeof *crew->workers);
    crew->gives_way = halves;
    crew->next = next;
    crew->patience = next && next->room ? patience : 0;
}

static bool start_crew(struct lanes *lanes, struct crew *crew, struct buf *why)
{
    while (crew->count < crew->room) {
        struct worker *worker = &crew->workers[crew->count];
        worker->crew = crew;
        if (!start_worker(lanes, worker, DB_READER, reader_main, why))
            return false;
        crew->count++;
    }
    return true;
}

static void stop_crew(struct crew *crew)
{
    queue_close(&crew->queue);
    for (int i = 0; i < crew->count; i++)
        pthread_join(crew->workers[i].thread, NULL);
    crew->count = 0;
}

static void free_crew(struct crew *crew)
{
    for (int i = 0; i < crew->room; i++)
        db_close(crew->workers[i].db);
    free(crew->workers);
}

static void write_metrics(void *context, struct buf *out)
{
    struct lanes *lanes = context;
    const struct {
        const char *lane;
        struct queue *queue;
    } queues[] = {{"write", &lanes->writes},
                  {"read", &lanes->readers.queue},
                  {"slow", &lanes->slow.queue},
                  {"slowest", &lanes->slowest.queue}};
    metrics_head(out, "rapport_lane_waiting_jobs", "gauge", "Jobs that wait for a thread.");
    for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++)
        buf_printf(out, "rapport_lane_waiting_jobs{lane=\"%s\"} %zu\n", queues[i].lane,
                   atomic_load(&queues[i].queue->count));
}

struct lanes *lanes_start(struct portal *portal, const struct lane_options *options,
                          struct buf *why)
{
    struct lanes *lanes = xcalloc(1, sizeof *lanes);
    lanes->portal = portal;
    lanes->commit_jobs = options->commit_jobs > 0 && options->commit_jobs < LIMIT_COMMIT_JOBS
                             ? (size_t)options->commit_jobs
                             : LIMIT_COMMIT_JOBS;
    queue_init(&lanes->writes, LIMIT_QUEUE, 0);
    int slow = (options->slow + 1) / 2;
    set_crew(&lanes->slowest, options->slow - slow, LIMIT_SLOW_QUEUE, true, 0, NULL);
    set_crew(&lanes->slow, slow, LIMIT_SLOW_QUEUE, true, PATIENCE_SLOW, &lanes->slowest);
    set_crew(&lanes->readers, options->readers, LIMIT_QUEUE, false, PATIENCE_POOL, &lanes->slow);
    lanes->writer_started = start_worker(lanes, &lanes->writer, DB_WRITER, writer_main, why);
    if (lanes->writer_started && start_crew(lanes, &lanes->slowest, why) &&
        start_crew(lanes, &lanes->slow, why) && start_crew(lanes, &lanes->readers, why)) {
        metrics_watch(portal->metrics, write_metrics, lanes);
        return lanes;
    }
    lanes_free(lanes);
    return NULL;
}

static void refuse_all(struct queue *queue)
{
    struct job *jobs = queue_empty(queue), *next;
    for (; jobs; jobs = next) {
        next = jobs->next;
        lane_refuse(jobs);
        jobs->done(jobs);
    }
}

void lanes_refuse_slow(struct lanes *lanes)
{
    refuse_all(&lanes->slow.queue);
    refuse_all(&lanes->slowest.queue);
}

void lanes_stop(struct lanes *lanes)
{
    if (!lanes)
        return;
    queue_close(&lanes->writes);
    if (lanes->writer_started)
        pthread_join(lanes->writer.thread, NULL);
    lanes->writer_started = false;
    /* In this order: each hands over to the next. */
    stop_crew(&lanes->readers);
    stop_crew(&lanes->slow);
    stop_crew(&lanes->slowest);
}

void lanes_free(struct lanes *lanes)
{
    if (!lanes)
        return;
    metrics_forget(lanes->portal->metrics, lanes);
    lanes_stop(lanes);
    db_close(lanes->writer.db);
    free_crew(&lanes->readers);
    free_crew(&lanes->slow);
    free_crew(&lanes->slowest);
    free(lanes);
}

uint64_t lane_commits(struct lanes *lanes)
{
    return atomic_load_explicit(&lanes->commits, memory_order_acquire) +
           atomic_load_explicit(&lanes->portal->outside_commits, memory_order_acquire);
}

struct lane_stats lane_stats(struct lanes *lanes)
{
    return (struct lane_stats){atomic_load(&lanes->commits), atomic_load(&lanes->calls)};
}
