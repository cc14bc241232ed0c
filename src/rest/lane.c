#include "rest/lane.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "crm/file_store.h"
#include "event/delivery.h"
#include "event/event.h"

#define CLIENT_SLOTS 256
#define AGAIN_S 0.02 /* before a call that another server was in the way of is run again */
#define CLIENT_SHARE (LIMIT_QUEUE / 4 * 3)

/* The jobs of the clients that hash to one slot, and the slot's place in the round. */
struct client_queue {
    struct job *first, *last;
    size_t count;
    struct client_queue *next_ready;
    bool ready;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct client_queue clients[CLIENT_SLOTS];
    struct client_queue *ready_first, *ready_last;
    size_t count;
    bool closed;
};

struct worker {
    pthread_t thread;
    struct lanes *lanes;
    struct db *db;
};

struct lanes {
    struct portal *portal;
    struct queue writes, reads;
    struct worker writer;
    struct worker *readers;
    int reader_count, reader_room; /* running, and places in `readers` */
    size_t commit_jobs;
    bool writer_started;
    _Atomic uint64_t commits, calls;
};

/* ---- queues ---- */

static void queue_init(struct queue *queue)
{
    memset(queue, 0, sizeof *queue);
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

static bool queue_put(struct queue *queue, struct job *job)
{
    struct client_queue *client = &queue->clients[job->client % CLIENT_SLOTS];
    pthread_mutex_lock(&queue->lock);
    bool taken = !queue->closed && queue->count < LIMIT_QUEUE && client->count < CLIENT_SHARE;
    if (taken) {
        job->next = NULL;
        if (client->last)
            client->last->next = job;
        else
            client->first = job;
        client->last = job;
        client->count++;
        queue->count++;
        if (!client->ready)
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
    queue->count--;
    if (client->count)
        make_ready(queue, client);
    return job;
}

/* Waits for at least one job; takes up to `most`. 0: closed and empty. */
static size_t queue_take(struct queue *queue, struct job **jobs, size_t most)
{
    size_t count = 0;
    pthread_mutex_lock(&queue->lock);
    while (!queue->count && !queue->closed)
        pthread_cond_wait(&queue->filled, &queue->lock);
    while (count < most && (jobs[count] = take_one(queue)))
        count++;
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

/* ---- running ---- */

/* What went wrong with the store, once as long as it goes on. `call`: one that it happened to. */
static void log_store(struct db *db, struct trouble *trouble, const struct call *call,
                      enum db_rc rc)
{
    static const char *const kinds[] = {"ok",          "row",          "none",
                                        "conflict",    "retry",        "connection lost",
                                        "disk full",   "not writable", "outcome unknown",
                                        "out of time", "error"};
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
        if (pipeline_execute(calls[i], db) == API_STORE)
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

void lane_run_read(struct call *call, struct db *db)
{
    struct trouble *trouble = call->req.portal->reading;
    enum api_rc rc = pipeline_execute(call, db);
    if (rc == API_STORE && worth_again(call->req.store)) {
        recover(db, trouble, call->req.store);
        rc = pipeline_execute(call, db);
    }
    if (rc == API_STORE) {
        log_store(db, trouble, call, call->req.store);
        recover(db, trouble, call->req.store);
    } else {
        trouble_over(trouble);
    }
}

/* ---- threads ---- */

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
            jobs[i]->done(jobs[i]);
    }
    return NULL;
}

static void *reader_main(void *context)
{
    struct worker *worker = context;
    struct job *job;
    while (queue_take(&worker->lanes->reads, &job, 1)) {
        lane_run_read(job->call, worker->db);
        job->done(job);
    }
    return NULL;
}

static uint64_t client_of(const struct call *call)
{
    uint64_t hash = 1469598103934665603u ^ (uint64_t)call->caller.credential_id;
    for (const char *c = call->client; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return hash ^ hash >> 32;
}

bool lane_submit(struct lanes *lanes, enum lane lane, struct job *job)
{
    job->client = client_of(job->call);
    return queue_put(lane == LANE_WRITE ? &lanes->writes : &lanes->reads, job);
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

struct lanes *lanes_start(struct portal *portal, const struct lane_options *options,
                          struct buf *why)
{
    struct lanes *lanes = xcalloc(1, sizeof *lanes);
    lanes->portal = portal;
    lanes->commit_jobs = options->commit_jobs > 0 && options->commit_jobs < LIMIT_COMMIT_JOBS
                             ? (size_t)options->commit_jobs
                             : LIMIT_COMMIT_JOBS;
    queue_init(&lanes->writes);
    queue_init(&lanes->reads);
    lanes->reader_room = options->readers;
    lanes->readers = xcalloc((size_t)options->readers, sizeof *lanes->readers);
    lanes->writer_started = start_worker(lanes, &lanes->writer, DB_WRITER, writer_main, why);
    bool good = lanes->writer_started;
    for (int i = 0; i < options->readers && good; i++) {
        good = start_worker(lanes, &lanes->readers[i], DB_READER, reader_main, why);
        lanes->reader_count += good;
    }
    if (good)
        return lanes;
    lanes_free(lanes);
    return NULL;
}

void lanes_stop(struct lanes *lanes)
{
    if (!lanes)
        return;
    queue_close(&lanes->writes);
    queue_close(&lanes->reads);
    if (lanes->writer_started)
        pthread_join(lanes->writer.thread, NULL);
    lanes->writer_started = false;
    for (int i = 0; i < lanes->reader_count; i++)
        pthread_join(lanes->readers[i].thread, NULL);
    lanes->reader_count = 0;
}

void lanes_free(struct lanes *lanes)
{
    if (!lanes)
        return;
    lanes_stop(lanes);
    db_close(lanes->writer.db);
    for (int i = 0; i < lanes->reader_room; i++)
        db_close(lanes->readers[i].db);
    free(lanes->readers);
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
