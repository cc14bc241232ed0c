/* The lanes when a call or the store fails: whose change is kept, and who is told what. */
#include "lane_support.h"

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
    struct task task;
    task_init(&task, &trouble, 1, 5);
    task_trouble(&task, DB_RETRY, 2);
    assert_true(submit(&task));
    wait_for(1);
    expect_noted(&task);
    assert_int_equal(atomic_load(&runs), 3);
    assert_int_equal(rows(), 1);
    call_clear(&task.call);
}

static void it_is_given_up_in_the_end(void **state)
{
    (void)state;
    static const struct {
        enum db_rc rc;
        int runs;
    } cases[] = {{DB_RETRY, 3}, {DB_ERROR, 1}, {DB_CONFLICT, 1}, {DB_FULL, 1}, {DB_READONLY, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct task tasks[2];
        atomic_store(&runs, 0);
        task_init(&tasks[0], &trouble, 1, 100);
        task_trouble(&tasks[0], cases[i].rc, 1000);
        assert_true(submit(&tasks[0]));
        wait_for(1);
        expect_answer(&tasks[0], 500, "Internal server error\"}");
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

/* As PostgreSQL can leave it: running the call again might do the work twice. */
static void an_unknown_outcome_is_said_to_be_one(void **state)
{
    (void)state;
    struct task task;
    struct call *call = &task.call;
    task_init(&task, &trouble, 1, 1);
    task_trouble(&task, DB_UNKNOWN, 1000);
    struct job *job = &task.job;
    task.job = call_job(call, task_done, &task);
    lane_run_write(&job, 1, db);
    pipeline_answer(call);
    expect_answer(&task, 500, "it is not known whether the change was kept");
    assert_int_equal(atomic_load(&runs), 1);
    store_must(db, db_rollback(db)); /* the test's: SQLite's connection did not really go */
    call_clear(call);
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

static void a_read_is_run_again_once(void **state)
{
    (void)state;
    struct task task;
    for (int times = 1; times <= 2; times++) {
        atomic_store(&runs, 0);
        task_init(&task, &look, 1, 0);
        task_trouble(&task, DB_LOST, times);
        task.job = call_job(&task.call, task_done, &task);
        lane_run_read(&task.job, checker, 0);
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
    struct job *jobs[3];
    struct db *other = portal_store(portal, DB_WRITER);
    store_exec(db, "PRAGMA busy_timeout = 0");
    store_must(other, db_begin_write(other));
    for (int locked = 1; locked >= 0; locked--) {
        for (int i = 0; i < 3; i++) {
            task_init(&tasks[i], &note, 1, i);
            calls[i] = &tasks[i].call;
            tasks[i].job = call_job(calls[i], task_done, &tasks[i]);
            jobs[i] = &tasks[i].job;
        }
        lane_run_write(jobs, 3, db);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_refused_call_hurts_nobody),          TEST(a_call_the_store_refuses_fails_alone),
        TEST(what_may_go_next_time_is_run_again),   TEST(it_is_given_up_in_the_end),
        TEST(an_unknown_outcome_is_said_to_be_one), TEST(a_full_disk_fails_the_whole_group),
        TEST(a_file_goes_after_the_commit_only),    TEST(a_read_is_run_again_once),
        TEST(a_locked_store_keeps_nothing),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
