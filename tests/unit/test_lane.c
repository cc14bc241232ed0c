/* The lanes: commits that are shared, turns that are fair, answers that wait for the disk.
 *
 * The writer is held by a method that waits for the test, so that what stands in the queue behind
 * it is known exactly; nothing here depends on time. */
#include "support.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crm/file_store.h"
#include "rest/lane.h"

static struct folder folder;
static struct portal *portal;
static struct db *db;
static struct lanes *lanes;
static sem_t entered, released, finished;
static _Atomic int runs, answered;
static struct db *checker; /* the lane's, in `done` */

/* ---- methods ---- */

static int64_t number(struct request *req, const char *name)
{
    int64_t integer = 0;
    param_int(req, name, &integer);
    return integer;
}

static enum api_rc add_row(struct request *req)
{
    struct db_stmt *stmt = db_prepare(req->db, "INSERT INTO lane_row (n) VALUES ($1)");
    db_bind_int(stmt, 1, number(req, "n"));
    return api_db(req, db_run(stmt));
}

static enum api_rc note_handle(struct request *req)
{
    atomic_fetch_add(&runs, 1);
    writer_int(req->out, number(req, "n"));
    return add_row(req);
}

static enum api_rc block_handle(struct request *req)
{
    sem_post(&entered);
    sem_wait(&released);
    return note_handle(req);
}

static enum api_rc refuse_handle(struct request *req)
{
    enum api_rc rc = add_row(req);
    writer_stringz(req->out, "half an answer");
    return rc == API_OK ? api_fail_text(req, "not this one") : rc;
}

/* The store says `rc` in the first `times` runs. */
static enum api_rc trouble_handle(struct request *req)
{
    int before = atomic_load(&runs);
    enum api_rc rc = note_handle(req);
    return before < number(req, "times") ? api_db(req, (enum db_rc)number(req, "rc")) : rc;
}

static enum api_rc drop_handle(struct request *req)
{
    file_drop_add(req, value_get(req->params, "hash")->string.text);
    return note_handle(req);
}

static enum api_rc read_handle(struct request *req)
{
    int before = atomic_fetch_add(&runs, 1);
    if (before < number(req, "times"))
        return api_db(req, (enum db_rc)number(req, "rc"));
    writer_int(req->out, store_number(req->db, "SELECT count(*) FROM lane_row"));
    return API_OK;
}

static enum api_rc read_block_handle(struct request *req)
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

static void task_init(struct task *task, const struct method *method, int client, int n)
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
    call->started = clock_now();
    call->caller.credential_id = client;
    snprintf(call->client, sizeof call->client, "10.0.0.%d", client);
    task->n = n;
    task->order = -1;
    value_set(&call->arena, (struct value *)(uintptr_t)call->req.params, "n", 1,
              value_int(&call->arena, n));
}

static void task_set(struct task *task, const char *key, struct value *value)
{
    struct value *params = (struct value *)(uintptr_t)task->call.req.params;
    value_set(&task->call.arena, params, key, strlen(key), value);
}

static void task_trouble(struct task *task, enum db_rc rc, int times)
{
    task_set(task, "rc", value_int(&task->call.arena, rc));
    task_set(task, "times", value_int(&task->call.arena, times));
}

static void task_done(struct job *job)
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

static bool submit(struct task *task)
{
    task->job = (struct job){.call = &task->call, .done = task_done, .context = task};
    return lane_submit(lanes, task->call.req.method->lane, &task->job);
}

static void wait_for(int count)
{
    for (int i = 0; i < count; i++)
        sem_wait(&finished);
}

/* Tasks `from` to `to`, of one client, into the queue. */
static void submit_notes(struct task *tasks, int from, int to, int client)
{
    for (int i = from; i < to; i++) {
        task_init(&tasks[i], &note, client, i);
        assert_true(submit(&tasks[i]));
    }
}

static void tasks_free(struct task *tasks, int count)
{
    for (int i = 0; i < count; i++)
        call_clear(&tasks[i].call);
    free(tasks);
}

static struct task *tasks_new(int count)
{
    struct task *tasks = calloc((size_t)count, sizeof *tasks);
    assert_non_null(tasks);
    return tasks;
}

/* Returns when the writer stands in the handler and everything else will queue up. */
static void hold_writer(struct task *task)
{
    task_init(task, &block, 99, -1);
    assert_true(submit(task));
    sem_wait(&entered);
}

static void expect_answer(const struct task *task, int status, const char *part)
{
    struct buf answer = task->call.answer;
    if (task->call.status != status || !strstr(buf_text(&answer), part))
        fail_msg("%d, not %d: %s", task->call.status, status, buf_text(&answer));
}

static void expect_noted(const struct task *task)
{
    char part[32];
    snprintf(part, sizeof part, "{\"result\":%d,", task->n);
    expect_answer(task, 200, part);
    assert_true(task->on_disk);
}

static int64_t rows(void)
{
    return store_number(db, "SELECT count(*) FROM lane_row");
}

/* ---- the portal of a test ---- */

static void start(int readers, int commit_jobs)
{
    struct buf why = {0};
    struct lane_options options = {.readers = readers, .commit_jobs = commit_jobs};
    lanes = lanes_start(portal, &options, &why);
    if (!lanes)
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
}

static int setup(void **state)
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

static int teardown(void **state)
{
    (void)state;
    lanes_stop(lanes);
    lanes = NULL;
    db_close(checker);
    db_close(db);
    portal_close(portal);
    folder_remove(&folder);
    return 0;
}

/* ---- commits ---- */

static void what_waits_together_commits_together(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(101);
    hold_writer(&tasks[100]);
    submit_notes(tasks, 0, 100, 1);
    assert_int_equal(lane_commits(lanes), 0);
    sem_post(&released);
    wait_for(101);
    assert_int_equal(lane_stats(lanes).commits, 2);
    assert_int_equal(lane_stats(lanes).calls, 101);
    assert_int_equal(lane_commits(lanes), 2);
    for (int i = 0; i < 101; i++)
        expect_noted(&tasks[i]);
    assert_int_equal(rows(), 101);
    tasks_free(tasks, 101);
}

static void a_commit_has_a_bound(void **state)
{
    (void)state;
    enum { MANY = 2 * LIMIT_COMMIT_JOBS + 1 };
    struct task *tasks = tasks_new(MANY + 1);
    hold_writer(&tasks[MANY]);
    submit_notes(tasks, 0, MANY, 1);
    sem_post(&released);
    wait_for(MANY + 1);
    assert_int_equal(lane_stats(lanes).commits, 4);
    for (int i = 0; i < MANY; i++) {
        expect_noted(&tasks[i]);
        assert_int_equal(tasks[i].order, i + 1); /* one client's calls keep their order */
        assert_int_equal(tasks[i].commit, 2 + i / LIMIT_COMMIT_JOBS);
    }
    tasks_free(tasks, MANY + 1);
}

static void the_bound_can_be_lower(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(31);
    lanes_stop(lanes);
    start(0, 10);
    hold_writer(&tasks[30]);
    submit_notes(tasks, 0, 30, 1);
    sem_post(&released);
    wait_for(31);
    assert_int_equal(lane_stats(lanes).commits, 4);
    tasks_free(tasks, 31);
}

static void no_answer_before_the_commit(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(4);
    hold_writer(&tasks[0]);
    submit_notes(tasks, 1, 3, 1);
    task_init(&tasks[3], &block, 1, 3);
    assert_true(submit(&tasks[3])); /* the last one of the second commit */
    sem_post(&released);
    wait_for(1);
    sem_wait(&entered);
    /* Two calls of this commit have run by now. */
    assert_int_equal(atomic_load(&runs), 3);
    assert_int_equal(atomic_load(&answered), 1);
    assert_int_equal(rows(), 1);
    sem_post(&released);
    wait_for(3);
    assert_int_equal(rows(), 4);
    for (int i = 0; i < 4; i++)
        expect_noted(&tasks[i]);
    tasks_free(tasks, 4);
}

/* ---- turns ---- */

static void a_flood_does_not_hold_up_others(void **state)
{
    (void)state;
    enum { FLOOD = 600 };
    struct task *tasks = tasks_new(FLOOD + 7);
    hold_writer(&tasks[FLOOD + 6]);
    submit_notes(tasks, 0, FLOOD, 1);
    submit_notes(tasks, FLOOD, FLOOD + 1, 2);
    submit_notes(tasks, FLOOD + 1, FLOOD + 6, 3);
    sem_post(&released);
    wait_for(FLOOD + 7);
    assert_int_equal(tasks[FLOOD].commit, 2);
    assert_int_equal(tasks[FLOOD].order, 2); /* the blocker, one of the flood, this */
    for (int i = 0; i < 5; i++) {
        assert_int_equal(tasks[FLOOD + 1 + i].commit, 2);
        assert_true(tasks[FLOOD + 1 + i].order <= 3 + 2 * i);
    }
    assert_int_equal(lane_stats(lanes).commits, 4);
    tasks_free(tasks, FLOOD + 7);
}

static void one_client_cannot_fill_the_queue(void **state)
{
    (void)state;
    enum { SHARE = LIMIT_QUEUE / 4 * 3, REST = LIMIT_QUEUE - SHARE };
    struct task *tasks = tasks_new(LIMIT_QUEUE + 1), late;
    hold_writer(&tasks[LIMIT_QUEUE]);
    submit_notes(tasks, 0, SHARE, 1);
    task_init(&late, &note, 1, LIMIT_QUEUE);
    assert_false(submit(&late));
    submit_notes(tasks, SHARE, LIMIT_QUEUE, 2); /* the rest is for others, and then it is full */
    assert_false(submit(&late));
    call_clear(&late.call);
    task_init(&late, &note, 3, LIMIT_QUEUE);
    assert_false(submit(&late));
    sem_post(&released);
    wait_for(LIMIT_QUEUE + 1);
    assert_int_equal(atomic_load(&answered), LIMIT_QUEUE + 1); /* `done` of the refused never ran */
    assert_int_equal(lane_stats(lanes).calls, LIMIT_QUEUE + 1);
    assert_int_equal(late.order, -1);
    assert_true(submit(&late)); /* there is room again */
    wait_for(1);
    expect_noted(&late);
    assert_int_equal(rows(), LIMIT_QUEUE + 2);
    assert_true(REST > 0);
    call_clear(&late.call);
    tasks_free(tasks, LIMIT_QUEUE + 1);
}

/* ---- trouble ---- */

static void a_refused_call_hurts_nobody(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(6);
    hold_writer(&tasks[5]);
    submit_notes(tasks, 0, 2, 1);
    task_init(&tasks[2], &refuse, 1, 2);
    assert_true(submit(&tasks[2]));
    submit_notes(tasks, 3, 5, 1);
    sem_post(&released);
    wait_for(6);
    for (int i = 0; i < 5; i++) {
        if (i != 2)
            expect_noted(&tasks[i]);
    }
    expect_answer(&tasks[2], 400, "{\"error\":\"\",\"error_description\":\"not this one\"}");
    assert_false(tasks[2].on_disk);
    assert_int_equal(rows(), 5);
    assert_int_equal(lane_stats(lanes).commits, 2);
    assert_int_equal(atomic_load(&runs), 5); /* nothing was run again */
    tasks_free(tasks, 6);
}

/* A row that is there already: the group fails, then each call stands for itself. */
static void a_call_the_store_refuses_fails_alone(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(5);
    store_exec(db, "INSERT INTO lane_row VALUES (2)");
    hold_writer(&tasks[4]);
    submit_notes(tasks, 0, 4, 1);
    sem_post(&released);
    wait_for(5);
    expect_noted(&tasks[0]);
    expect_noted(&tasks[1]);
    expect_answer(&tasks[2], 500, "{\"error\":\"INTERNAL_SERVER_ERROR\"");
    expect_noted(&tasks[3]);
    assert_int_equal(rows(), 5);
    tasks_free(tasks, 5);
}

static void what_may_go_next_time_is_run_again(void **state)
{
    (void)state;
    static const enum db_rc again[] = {DB_RETRY, DB_LOST};
    for (int i = 0; i < 2; i++) {
        struct task task;
        atomic_store(&runs, 0);
        task_init(&task, &trouble, 1, i);
        task_trouble(&task, again[i], 2);
        assert_true(submit(&task));
        wait_for(1);
        expect_noted(&task);
        assert_int_equal(atomic_load(&runs), 3);
        assert_int_equal(rows(), i + 1);
        call_clear(&task.call);
    }
}

static void it_is_given_up_in_the_end(void **state)
{
    (void)state;
    static const struct {
        enum db_rc rc;
        int runs;
        const char *part;
    } cases[] = {{DB_RETRY, 3, "Internal server error\""},
                 {DB_LOST, 3, "Internal server error\""},
                 {DB_ERROR, 1, "Internal server error\""},
                 {DB_CONFLICT, 1, "Internal server error\""},
                 {DB_FULL, 1, "Internal server error\""},
                 {DB_READONLY, 1, "Internal server error\""},
                 {DB_UNKNOWN, 1, "it is not known whether the change was kept"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct task tasks[2];
        atomic_store(&runs, 0);
        task_init(&tasks[0], &trouble, 1, 100);
        task_trouble(&tasks[0], cases[i].rc, 1000);
        assert_true(submit(&tasks[0]));
        wait_for(1);
        expect_answer(&tasks[0], 500, cases[i].part);
        assert_false(tasks[0].on_disk);
        assert_int_equal(atomic_load(&runs), cases[i].runs);
        task_init(&tasks[1], &note, 1, (int)i);
        assert_true(submit(&tasks[1])); /* the lane goes on */
        wait_for(1);
        expect_noted(&tasks[1]);
        call_clear(&tasks[0].call);
        call_clear(&tasks[1].call);
    }
}

/* Without room nobody's change can be kept, and running them one by one would not help. */
static void a_full_disk_fails_the_whole_group(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(6);
    hold_writer(&tasks[5]);
    submit_notes(tasks, 0, 1, 1);
    task_init(&tasks[1], &refuse, 1, 1);
    assert_true(submit(&tasks[1]));
    task_init(&tasks[2], &trouble, 1, 2);
    task_trouble(&tasks[2], DB_FULL, 1000);
    assert_true(submit(&tasks[2]));
    submit_notes(tasks, 3, 5, 1);
    sem_post(&released);
    wait_for(6);
    for (int i = 0; i < 5; i++) {
        if (i == 1)
            expect_answer(&tasks[i], 400, "not this one"); /* it changed nothing anyway */
        else
            expect_answer(&tasks[i], 500, "INTERNAL_SERVER_ERROR");
        assert_false(tasks[i].on_disk);
    }
    expect_noted(&tasks[5]);
    assert_int_equal(rows(), 1);
    tasks_free(tasks, 6);
}

static void a_file_goes_after_the_commit_only(void **state)
{
    (void)state;
    char hash[FILE_HASH_HEX];
    struct task tasks[2];
    assert_int_equal(file_put(portal, "content", 7, hash), DB_OK);
    for (int good = 0; good < 2; good++) {
        store_exec(db, good ? "DELETE FROM lane_row" : "INSERT INTO lane_row VALUES (0)");
        task_init(&tasks[good], &drop, 1, 0);
        task_set(&tasks[good], "hash", value_string(&tasks[good].call.arena, hash, 64));
        assert_true(submit(&tasks[good]));
        wait_for(1);
        expect_answer(&tasks[good], good ? 200 : 500, "");
        int fd = file_open(portal, hash);
        assert_int_equal(fd < 0, good);
        if (fd >= 0)
            close(fd);
        call_clear(&tasks[good].call);
    }
}

/* ---- the end ---- */

static void stopping_finishes_the_queue(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(301);
    hold_writer(&tasks[300]);
    submit_notes(tasks, 0, 300, 1);
    sem_post(&released);
    lanes_stop(lanes);
    assert_int_equal(atomic_load(&answered), 301);
    assert_int_equal(rows(), 301);
    for (int i = 0; i < 301; i++)
        expect_noted(&tasks[i]);
    tasks_free(tasks, 301);
    start(0, 0);
}

struct submitter {
    pthread_t thread;
    struct task *tasks;
    int from, to;
};

static void *submit_many(void *context)
{
    struct submitter *s = context;
    for (int i = s->from; i < s->to; i++) {
        task_init(&s->tasks[i], &note, s->from, i);
        if (!submit(&s->tasks[i]))
            return s;
    }
    return NULL;
}

static void threads_submit_at_once(void **state)
{
    (void)state;
    enum { THREADS = 4, EACH = 250 };
    struct submitter submitters[THREADS];
    struct task *tasks = tasks_new(THREADS * EACH);
    for (int i = 0; i < THREADS; i++) {
        submitters[i] = (struct submitter){.tasks = tasks, .from = i * EACH, .to = (i + 1) * EACH};
        assert_int_equal(pthread_create(&submitters[i].thread, NULL, submit_many, &submitters[i]),
                         0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        pthread_join(submitters[i].thread, &failed);
        assert_null(failed);
    }
    wait_for(THREADS * EACH);
    for (int i = 0; i < THREADS * EACH; i++)
        expect_noted(&tasks[i]);
    assert_int_equal(rows(), THREADS * EACH);
    assert_int_equal(lane_stats(lanes).calls, THREADS * EACH);
    tasks_free(tasks, THREADS * EACH);
}

/* ---- reading, and running without threads ---- */

static void readers_do_not_wait_for_each_other(void **state)
{
    (void)state;
    struct task tasks[4];
    lanes_stop(lanes);
    db_close(checker);
    checker = NULL; /* `done` may now run on two threads */
    start(2, 0);
    task_init(&tasks[0], &look_block, 1, 0);
    assert_true(submit(&tasks[0]));
    sem_wait(&entered);
    for (int i = 1; i < 3; i++) {
        task_init(&tasks[i], &look, 1, i);
        assert_true(submit(&tasks[i]));
        wait_for(1);
        expect_answer(&tasks[i], 200, "{\"result\":0,");
    }
    task_init(&tasks[3], &note, 1, 3);
    assert_true(submit(&tasks[3]));
    wait_for(1);
    sem_post(&released);
    wait_for(1);
    expect_answer(&tasks[0], 200, "{\"result\":1,");
    assert_int_equal(tasks[0].order, 3);
    assert_int_equal(lane_stats(lanes).commits, 1); /* reads are not counted */
    for (int i = 0; i < 4; i++)
        call_clear(&tasks[i].call);
}

static void a_read_is_run_again_once(void **state)
{
    (void)state;
    struct task task;
    for (int times = 1; times <= 2; times++) {
        atomic_store(&runs, 0);
        task_init(&task, &look, 1, 0);
        task_trouble(&task, DB_LOST, times);
        lane_run_read(&task.call, checker);
        assert_int_equal(atomic_load(&runs), 2);
        pipeline_answer(&task.call);
        expect_answer(&task, times == 1 ? 200 : 500, "");
        call_clear(&task.call);
    }
}

static void a_locked_store_keeps_nothing(void **state)
{
    (void)state;
    struct task tasks[3];
    struct call *calls[3];
    struct db *other = portal_store(portal, DB_WRITER);
    store_exec(db, "PRAGMA busy_timeout = 0");
    store_must(other, db_begin_write(other));
    for (int locked = 1; locked >= 0; locked--) {
        for (int i = 0; i < 3; i++) {
            task_init(&tasks[i], &note, 1, i);
            calls[i] = &tasks[i].call;
        }
        lane_run_write(calls, 3, db);
        assert_false(db_in_transaction(db));
        for (int i = 0; i < 3; i++) {
            assert_int_equal(calls[i]->rc, locked ? API_STORE : API_OK);
            if (locked)
                assert_int_equal(calls[i]->req.store, DB_RETRY);
            call_clear(calls[i]);
        }
        assert_int_equal(rows(), locked ? 0 : 3);
        store_must(other, db_rollback(other));
    }
    assert_int_equal(atomic_load(&runs), 3);
    db_close(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_together_commits_together),
        TEST(a_commit_has_a_bound),
        TEST(the_bound_can_be_lower),
        TEST(no_answer_before_the_commit),
        TEST(a_flood_does_not_hold_up_others),
        TEST(one_client_cannot_fill_the_queue),
        TEST(a_refused_call_hurts_nobody),
        TEST(a_call_the_store_refuses_fails_alone),
        TEST(what_may_go_next_time_is_run_again),
        TEST(it_is_given_up_in_the_end),
        TEST(a_full_disk_fails_the_whole_group),
        TEST(a_file_goes_after_the_commit_only),
        TEST(stopping_finishes_the_queue),
        TEST(threads_submit_at_once),
        TEST(readers_do_not_wait_for_each_other),
        TEST(a_read_is_run_again_once),
        TEST(a_locked_store_keeps_nothing),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
