/* lane_support - a portal with lanes, methods a test can hold or break, and calls to submit.
 *
 * The writer is held by a method that waits for the test, so that what stands in the queue behind
 * it is known exactly; nothing here depends on time.
 * Used by: tests/unit/test_lane*.c.
 * Threads: handlers and task_done run on the lane's; they leave results, the test looks at them
 *          after wait_for.
 */
#ifndef RAPPORT_TESTS_LANE_SUPPORT_H
#define RAPPORT_TESTS_LANE_SUPPORT_H

#include "support.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/limits.h"
#include "portal/file_store.h"
#include "rest/call_job.h"

static struct folder folder;
static struct portal *portal;
static struct db *db;
static struct lanes *lanes;
static sem_t entered, released, finished;
static _Atomic int runs, answered;
static struct db *checker; /* the lane's, in `done` */

/* ---- methods ---- */

static inline int64_t number(struct request *req, const char *name)
{
    int64_t integer = 0;
    param_int(req, name, &integer);
    return integer;
}

static inline enum api_rc add_row(struct request *req)
{
    struct db_stmt *stmt = db_prepare(req->db, "INSERT INTO lane_row (n) VALUES ($1)");
    db_bind_int(stmt, 1, number(req, "n"));
    return api_db(req, db_run(stmt));
}

static inline enum api_rc note_handle(struct request *req)
{
    atomic_fetch_add(&runs, 1);
    writer_int(req->out, number(req, "n"));
    return add_row(req);
}

static inline enum api_rc block_handle(struct request *req)
{
    sem_post(&entered);
    sem_wait(&released);
    return note_handle(req);
}

static inline enum api_rc refuse_handle(struct request *req)
{
    enum api_rc rc = add_row(req);
    writer_stringz(req->out, "half an answer");
    return rc == API_OK ? api_fail_text(req, "not this one") : rc;
}

/* The store says `rc` in the first `times` runs. */
static inline enum api_rc trouble_handle(struct request *req)
{
    int before = atomic_load(&runs);
    enum api_rc rc = note_handle(req);
    return before < number(req, "times") ? api_db(req, (enum db_rc)number(req, "rc")) : rc;
}

static inline enum api_rc drop_handle(struct request *req)
{
    file_drop_add(req, value_get(req->params, "hash")->string.text);
    return note_handle(req);
}

static inline enum api_rc read_handle(struct request *req)
{
    int before = atomic_fetch_add(&runs, 1);
    if (before < number(req, "times"))
        return api_db(req, (enum db_rc)number(req, "rc"));
    writer_int(req->out, store_number(req->db, "SELECT count(*) FROM lane_row"));
    return API_OK;
}

/* Counts to n inside of one statement. */
static inline enum api_rc count_handle(struct request *req)
{
    atomic_fetch_add(&runs, 1);
    struct db_stmt *stmt = db_prepare(
        req->db, "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT $1) SELECT "
                 "count(*) FROM c");
    db_bind_int(stmt, 1, number(req, "n"));
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        writer_int(req->out, db_int(stmt, 0));
    db_finish(stmt);
    return api_db(req, rc);
}

static inline enum api_rc read_block_handle(struct request *req)
{
    sem_post(&entered);
    sem_wait(&released);
    return read_handle(req);
}

static const struct method note = {.name = "note", .lane = LANE_WRITE, .handle = note_handle},
                           block = {.name = "block", .lane = LANE_WRITE, .handle = block_handle},
                           refuse = {.name = "refuse", .lane = LANE_WRITE, .handle = refuse_handle},
                           trouble = {.name = "trouble",
                                      .lane = LANE_WRITE,
                                      .handle = trouble_handle},
                           drop = {.name = "drop", .lane = LANE_WRITE, .handle = drop_handle},
                           counting = {.name = "count", .lane = LANE_READ, .handle = count_handle},
                           look = {.name = "look", .lane = LANE_READ, .handle = read_handle},
                           look_block = {
                               .name = "look", .lane = LANE_READ, .handle = read_block_handle};

/* ---- tasks ---- */

struct task {
    struct call call;
    struct job job;
    int n;
    /* When it was answered: */
    int order;
    uint64_t commit;
    bool on_disk;
};

static inline void task_init(struct task *task, const struct method *method, int client, int n)
{
    struct call *call = &task->call;
    memset(task, 0, sizeof *task);
    call_init(call);
    call->req = (struct request){.arena = &call->arena,
                                 .portal = portal,
                                 .zone = portal->zone,
                                 .caller = &call->caller,
                                 .method = method,
                                 .params = value_array(&call->arena),
                                 .out = &call->out,
                                 .total = -1,
                                 .next = -1};
    call->method_name = method->name;
    call->method_len = strlen(method->name);
    call->started = portal_now(portal);
    call->caller.credential_id = client;
    snprintf(call->client, sizeof call->client, "10.0.0.%d", client);
    task->n = n;
    task->order = -1;
    value_set(&call->arena, (struct value *)(uintptr_t)call->req.params, "n", 1,
              value_int(&call->arena, n));
}

static inline void task_set(struct task *task, const char *key, struct value *value)
{
    struct value *params = (struct value *)(uintptr_t)task->call.req.params;
    value_set(&task->call.arena, params, key, strlen(key), value);
}

static inline void task_trouble(struct task *task, enum db_rc rc, int times)
{
    task_set(task, "rc", value_int(&task->call.arena, rc));
    task_set(task, "times", value_int(&task->call.arena, times));
}

static inline void task_done(struct job *job)
{
    struct task *task = job->context;
    if (checker) {
        struct db_stmt *stmt = db_prepare(checker, "SELECT 1 FROM lane_row WHERE n = $1");
        db_bind_int(stmt, 1, task->n);
        task->on_disk = db_step(stmt) == DB_ROW;
        db_finish(stmt);
    }
    task->order = atomic_fetch_add(&answered, 1);
    task->commit = lane_stats(lanes).commits;
    pipeline_answer(&task->call);
    sem_post(&finished);
}

static inline bool submit_to(struct task *task, enum lane lane)
{
    task->job = call_job(&task->call, task_done, task);
    return lane_submit(lanes, lane, &task->job);
}

static inline bool submit(struct task *task)
{
    return submit_to(task, task->call.req.method->lane);
}

static inline void wait_for(int count)
{
    for (int i = 0; i < count; i++)
        sem_wait(&finished);
}

/* Tasks `from` to `to`, of one client, into the queue. */
static inline void submit_notes(struct task *tasks, int from, int to, int client)
{
    for (int i = from; i < to; i++) {
        task_init(&tasks[i], &note, client, i);
        assert_true(submit(&tasks[i]));
    }
}

static inline void tasks_free(struct task *tasks, int count)
{
    for (int i = 0; i < count; i++)
        call_clear(&tasks[i].call);
    free(tasks);
}

static inline struct task *tasks_new(int count)
{
    struct task *tasks = calloc((size_t)count, sizeof *tasks);
    assert_non_null(tasks);
    return tasks;
}

/* Returns when the writer stands in the handler and everything else will queue up. */
static inline void hold_writer(struct task *task)
{
    task_init(task, &block, 99, -1);
    assert_true(submit(task));
    sem_wait(&entered);
}

static inline void expect_answer(struct task *task, int status, const char *part)
{
    const char *answer = buf_text(&task->call.answer);
    if (task->call.status != status || !strstr(answer, part))
        fail_msg("%d, not %d: %s", task->call.status, status, answer);
}

static inline void expect_noted(struct task *task)
{
    char part[32];
    snprintf(part, sizeof part, "{\"result\":%d,", task->n);
    expect_answer(task, 200, part);
    assert_true(task->on_disk);
}

static inline int64_t rows(void)
{
    return store_number(db, "SELECT count(*) FROM lane_row");
}

/* ---- the portal of a test ---- */

static inline void start_slow(int readers, int slow, int commit_jobs)
{
    struct buf why = {0};
    struct lane_options options = {.readers = readers, .slow = slow, .commit_jobs = commit_jobs};
    lanes = lanes_start(portal, &options, &why);
    if (!lanes)
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
}

static inline void start(int readers, int commit_jobs)
{
    start_slow(readers, 0, commit_jobs);
}

static inline int setup(void **state)
{
    (void)state;
    folder = folder_make();
    portal = portal_make(&folder);
    db = portal_store(portal, DB_WRITER);
    checker = portal_store(portal, DB_READER);
    store_exec(db, "CREATE TABLE lane_row (n INTEGER PRIMARY KEY)");
    sem_init(&entered, 0, 0);
    sem_init(&released, 0, 0);
    sem_init(&finished, 0, 0);
    atomic_store(&runs, 0);
    atomic_store(&answered, 0);
    start(0, 0);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    lanes_free(lanes);
    lanes = NULL;
    db_close(checker);
    db_close(db);
    portal_close(portal);
    folder_remove(&folder);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
