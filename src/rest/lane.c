#include "rest/lane.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "crm/file_store.h"
#include "event/delivery.h"
#include "event/event.h"

#define CLIENT_SLOTS 256
#define AGAIN_S 0.02 /* before a call that another server was in the way of is run again */
#define FLOOD 8      /* reads of one client that wait in the slow lane */
#define NICENESS 10  /* of the slow lane: others go first, and it gets a tenth of a busy core */

/* The jobs of the clients that hash to one slot, and the slot's place in the round. */
struct client_queue {
    struct job *first, *last;
    size_t count;
    int running; /* taken and not yet over */
    struct client_queue *next_ready;
    bool ready;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct client_queue clients[CLIENT_SLOTS];
    struct client_queue *ready_first, *ready_last;
    size_t most;      /* jobs; one client may have three quarters */
    int most_running; /* of one client; 0: as many as there are threads */
    _Atomic size_t count;
    bool closed;
};

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

/* ---- queues ---- */

static void queue_init(struct queue *queue, size_t most, int most_running)
{
    memset(queue, 0, sizeof *queue);
    queue->most = most;
    queue->most_running = most_running;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
}

static void make_ready(struct queue *queue, struct client_queue *client)
{
    client->ready = true;
    client->next_ready = NULL;
    if (queue->ready_last)
        queue->ready_last->next_ready = client;
    else
        queue->ready_first = client;
    queue->ready_last = client;
}

static bool may_run(const struct queue *queue, const struct client_queue *client)
{
    return client->count && (!queue->most_running || client->running < queue->most_running);
}

static bool queue_put(struct queue *queue, struct job *job)
{
    struct client_queue *client = &queue->clients[job->client % CLIENT_SLOTS];
    pthread_mutex_lock(&queue->lock);
    bool taken =
        !queue->closed && queue->count < queue->most && client->count < queue->most / 4 * 3;
    if (taken) {
        job->next = NULL;
        if (client->last)
            client->last->next = job;
        else
            client->first = job;
        client->last = job;
        client->count++;
        queue->count++;
        if (!client->ready && may_run(queue, client))
            make_ready(queue, client);
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return taken;
}

/* One job of the client whose turn it is. */
static struct job *take_one(struct queue *queue)
{
    struct client_queue *client = queue->ready_first;
    if (!client)
        return NULL;
    queue->ready_first = client->next_ready;
    if (!queue->ready_first)
        queue->ready_last = NULL;
    client->ready = false;
    struct job *job = client->first;
    client->first = job->next;
    if (!client->first)
        client->last = NULL;
    client->count--;
    client->running += queue->most_running > 0;
    queue->count--;
    if (may_run(queue, client))
        make_ready(queue, client);
    return job;
}

/* Its client may have the next one. */
static void queue_over(struct queue *queue, uint64_t client_hash)
{
    struct client_queue *client = &queue->clients[client_hash % CLIENT_SLOTS];
    if (!queue->most_running)
        return;
    pthread_mutex_lock(&queue->lock);
    client->running--;
    if (!client->ready && may_run(queue, client)) {
        make_ready(queue, client);
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
}

static bool has_many(struct queue *queue, uint64_t client_hash, size_t many)
{
    if (atomic_load_explicit(&queue->count, memory_order_relaxed) < many)
        return false;
    pthread_mutex_lock(&queue->lock);
    bool has = queue->clients[client_hash % CLIENT_SLOTS].count >= many;
    pthread_mutex_unlock(&queue->lock);
    return has;
}

/* Waits for at least one job; takes up to `most`. 0: closed and empty. */
static size_t queue_take(struct queue *queue, struct job **jobs, size_t most)
{
    size_t count = 0;
    pthread_mutex_lock(&queue->lock);
    while (!queue->ready_first && !(queue->closed && !queue->count))
        pthread_cond_wait(&queue->filled, &queue->lock);
    while (count < most && (jobs[count] = take_one(queue)))
        count++;
    if (queue->closed && !queue->count)
        pthread_cond_broadcast(&queue->filled); /* the others may end */
    pthread_mutex_unlock(&queue->lock);
    return count;
}

static void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

/* Takes no more; what waits, as a list. */
static struct job *queue_empty(struct queue *queue)
{
    struct job *all = NULL;
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    for (size_t i = 0; i < CLIENT_SLOTS; i++) {
        struct client_queue *client = &queue->clients[i];
        if (!client->count)
            continue;
        client->last->next = all;
        all = client->first;
        client->first = client->last = NULL;
        client->count = 0;
        client->ready = false;
    }
    queue->ready_first = queue->ready_last = NULL;
    queue->count = 0;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
    return all;
}

/* ---- running ---- */

/* What went wrong with the store, once as long as it goes on. `call`: one that it happened to. */
static void log_store(struct db *db, struct trouble *trouble, const struct call *call,
                      enum db_rc rc)
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
    snprintf(kind, sizeof kind, "%s %s %.30s", kinds[rc], db_state(db), db_message(db));
    trouble_failed(trouble, kind, "%s: %s state=%s method=%.*s id=%s", kinds[rc], db_message(db),
                   db_state(db), call ? (int)call->method_len : 0,
                   call && call->method_name ? call->method_name : "",
                   call ? call->request_id : "");
}

static bool worth_again(enum db_rc rc)
{
    return rc == DB_RETRY || rc == DB_LOST;
}

/* Leaves the connection ready for the next transaction, whatever happened. */
static void recover(struct db *db, struct trouble *trouble, enum db_rc rc)
{
    if (rc == DB_LOST || rc == DB_UNKNOWN) {
        if (db_reconnect(db) != DB_OK)
            log_store(db, trouble, NULL, DB_LOST);
        return;
    }
    if (db_in_transaction(db) && db_rollback(db) != DB_OK)
        log_store(db, trouble, NULL, DB_ERROR);
}

/* Before a call is run again: whoever was in its way may be done then. */
static void give_way(struct portal *portal, int again)
{
    struct backoff pause;
    backoff_init(&pause, NULL, AGAIN_S, AGAIN_S * (1 << again));
    backoff_failed(&pause, "", "");
    backoff_sleep(&pause, portal->stop);
}

static void fail_all(struct call **calls, size_t count, enum db_rc rc)
{
    for (size_t i = 0; i < count; i++) {
        /* A call that was refused anyway keeps its own answer: it changed nothing. */
        if (calls[i]->rc == API_FAIL)
            continue;
        calls[i]->rc = API_STORE;
        calls[i]->req.store = rc;
    }
}

/* One transaction for all. DB_OK: committed. Else nothing was kept (DB_UNKNOWN: nobody knows). */
static enum db_rc run_group(struct call **calls, size_t count, struct db *db)
{
    enum db_rc rc = db_begin_write(db);
    for (size_t i = 0; i < count; i++) {
        calls[i]->rc = API_OK;
        event_group_begins(calls[i]->req.portal);
    }
    for (size_t i = 0; i < count && rc == DB_OK; i++) {
        if (pipeline_execute(calls[i], db, 0) == API_STORE)
            rc = calls[i]->req.store;
    }
    if (rc == DB_OK)
        rc = db_commit(db);
    if (rc == DB_OK) {
        trouble_over(count ? calls[0]->req.portal->writing : NULL);
        for (size_t i = 0; i < count; i++) {
            file_drops_run(calls[i]->req.portal, db, calls[i]->req.drops);
            file_ready_run(calls[i]->req.portal, db, calls[i]->req.ready);
        }
        for (size_t i = 0; i < count; i++)
            delivery_hint(calls[i]->req.portal);
    }
    return rc;
}

static void run_alone(struct call *call, struct db *db)
{
    struct trouble *trouble = call->req.portal->writing;
    enum db_rc rc = run_group(&call, 1, db);
    for (int again = 0; again < 2 && worth_again(rc); again++) {
        recover(db, trouble, rc);
        if (rc == DB_RETRY)
            give_way(call->req.portal, again);
        rc = run_group(&call, 1, db);
    }
    if (rc == DB_OK)
        return;
    log_store(db, trouble, call, rc);
    recover(db, trouble, rc);
    fail_all(&call, 1, rc);
}

void lane_run_write(struct call **calls, size_t count, struct db *db)
{
    if (count == 1) {
        run_alone(calls[0], db);
        return;
    }
    struct trouble *trouble = calls[0]->req.portal->writing;
    enum db_rc rc = run_group(calls, count, db);
    if (rc == DB_OK)
        return;
    if (rc == DB_UNKNOWN || rc == DB_FULL || rc == DB_READONLY) {
        log_store(db, trouble, calls[0], rc);
        recover(db, trouble, rc);
        fail_all(calls, count, rc);
        return;
    }
    /* One call's trouble must not be the others': each by itself. */
    log_debug("store: a group of %zu is run again one by one: %s state=%s", count, db_message(db),
              db_state(db));
    recover(db, trouble, rc);
    for (size_t i = 0; i < count; i++)
        run_alone(calls[i], db);
}

bool lane_run_read(struct call *call, struct db *db, double patience)
{
    struct trouble *trouble = call->req.portal->reading;
    enum api_rc rc = pipeline_execute(call, db, patience);
    if (rc == API_STORE && worth_again(call->req.store)) {
        recover(db, trouble, call->req.store);
        rc = pipeline_execute(call, db, patience);
    }
    if (rc == API_STORE && !call->is_slow)
        log_store(db, trouble, call, call->req.store);
    if (rc == API_STORE)
        recover(db, trouble, call->req.store);
    else
        trouble_over(trouble);
    return !call->is_slow;
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
    struct call *calls[LIMIT_COMMIT_JOBS];
    size_t count;
    while ((count = queue_take(&lanes->writes, jobs, lanes->commit_jobs))) {
        for (size_t i = 0; i < count; i++)
            calls[i] = jobs[i]->call;
        lane_run_write(calls, count, worker->db);
        atomic_fetch_add(&lanes->commits, 1);
        atomic_fetch_add(&lanes->calls, count);
        for (size_t i = 0; i < count; i++)
            finish(&lanes->writes, jobs[i]);
    }
    return NULL;
}

void lane_refuse(struct job *job)
{
    job->refused = true;
    if (!job->work)
        job->call->rc = api_fail(&job->call->req, API_ERR_OVERLOAD_LIMIT, NULL);
}

/* One snapshot for the call, which is not kept: an old one keeps the WAL from being reset. */
static bool run_read(struct job *job, struct db *db, double patience)
{
    bool snapshot = db_reads_inline(db) && db_begin_read(db) == DB_OK, done = true;
    if (job->work)
        job->work(job, db);
    else
        done = lane_run_read(job->call, db, patience);
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
    job->client = call_client(job->call);
    return queue_put(queues[lane], job);
}

double lane_patience(struct lanes *lanes, const struct call *call)
{
    bool flood = has_many(&lanes->slow.queue, call_client(call), FLOOD) ||
                 has_many(&lanes->slowest.queue, call_client(call), FLOOD);
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
        start_crew(lanes, &lanes->slow, why) && start_crew(lanes, &lanes->readers, why))
        return lanes;
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
