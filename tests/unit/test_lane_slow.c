/* The slow lane: reads that take long leave the thread they began on, and one client's leave room for
 * another's. */
#include "lane_support.h"

#include "base/stop.h"

enum { SOME = 300000, MUCH = 3000000, ENDLESS = 2000000000 };

static void restart(int readers, int slow)
{
    lanes_free(lanes);
    db_close(checker);
    checker = NULL; /* `done` may now run on several threads */
    start_slow(readers, slow, 0);
}

/* ---- out of time ---- */

static void a_read_out_of_patience_runs_again_elsewhere(void **state)
{
    (void)state;
    struct task task;
    db_close(checker);
    checker = portal_store(portal, DB_READER);
    task_init(&task, &counting, 1, MUCH);
    store_must(checker, db_begin_read(checker));
    task.job = call_job(&task.call, task_done, &task);
    assert_false(lane_run_read(&task.job, checker, 1e-6));
    assert_true(task.call.is_slow);
    assert_int_equal(store_number(checker, "SELECT count(*) FROM lane_row"), 0); /* fit to go on */
    restart(0, 1);
    assert_true(submit_to(&task, LANE_SLOW));
    wait_for(1);
    expect_answer(&task, 200, "{\"result\":3000000,");
    assert_int_equal(atomic_load(&runs), 2);
    call_clear(&task.call);
}

static void a_short_read_is_done_whatever_the_patience(void **state)
{
    (void)state;
    struct task task;
    task_init(&task, &counting, 1, 10);
    task.job = call_job(&task.call, task_done, &task);
    assert_true(lane_run_read(&task.job, checker, 1));
    pipeline_answer(&task.call);
    expect_answer(&task, 200, "{\"result\":10,");
    call_clear(&task.call);
}

static void the_pool_hands_over(void **state)
{
    (void)state;
    struct task tasks[2];
    restart(1, 1);
    task_init(&tasks[0], &counting, 1, ENDLESS);
    assert_true(submit(&tasks[0]));
    task_init(&tasks[1], &look, 2, 0); /* behind it in the pool of one */
    assert_true(submit(&tasks[1]));
    wait_for(1);
    assert_int_equal(tasks[1].order, 0);
    expect_answer(&tasks[1], 200, "{\"result\":0,");
    stop_ask(portal->stop, 0);
    wait_for(1);
    expect_answer(&tasks[0], 504, "INTERNAL_SERVER_ERROR");
    call_clear(&tasks[0].call);
    call_clear(&tasks[1].call);
}

static void a_call_has_a_second_though_its_time_went_by_in_the_queue(void **state)
{
    (void)state;
    struct task task;
    portal->plan.time = 30;
    task_init(&task, &note, 1, 1);
    task.call.path = "/rest/note";
    task.call.clock = clock_monotonic() - 1000;
    assert_true(submit(&task));
    wait_for(1);
    expect_noted(&task);
    call_clear(&task.call);
}

/* ---- turns ---- */

static void one_client_leaves_a_thread_to_others(void **state)
{
    (void)state;
    struct task tasks[4];
    restart(0, 4);
    for (int i = 0; i < 3; i++) {
        task_init(&tasks[i], &look_block, 1, i);
        assert_true(submit_to(&tasks[i], LANE_SLOW));
    }
    sem_wait(&entered);
    task_init(&tasks[3], &look, 2, 3);
    assert_true(submit_to(&tasks[3], LANE_SLOW));
    wait_for(1);
    assert_int_equal(tasks[3].order, 0);
    assert_int_equal(sem_trywait(&entered), -1); /* its second one has not begun */
    for (int i = 0; i < 3; i++)
        sem_post(&released);
    wait_for(3);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(tasks[i].call.status, 200);
        call_clear(&tasks[i].call);
    }
}

static void the_queue_is_bounded_and_a_flood_is_known(void **state)
{
    (void)state;
    enum { SHARE = LIMIT_SLOW_QUEUE / 4 * 3 };
    struct task *tasks = tasks_new(SHARE + 1), late;
    restart(0, 1);
    task_init(&tasks[SHARE], &look_block, 1, 0);
    assert_true(submit_to(&tasks[SHARE], LANE_SLOW));
    sem_wait(&entered);
    for (int i = 0; i < SHARE; i++) {
        assert_true(lane_patience(lanes, call_client(&tasks[SHARE].call)) ==
                    (i < 8 ? PATIENCE_INLINE : PATIENCE_FLOOD));
        task_init(&tasks[i], &look, 1, i);
        assert_true(submit_to(&tasks[i], LANE_SLOW));
    }
    task_init(&late, &look, 1, 0);
    assert_false(submit_to(&late, LANE_SLOW));
    lane_refuse(&late.job);
    pipeline_answer(&late.call);
    expect_answer(&late, 503, "OVERLOAD_LIMIT");
    assert_string_equal(late.call.reply.headers->name, "Retry-After");
    call_clear(&late.call);
    task_init(&late, &look, 2, 0);
    assert_true(lane_patience(lanes, call_client(&late.call)) == PATIENCE_INLINE);
    assert_true(submit_to(&late, LANE_SLOW));
    sem_post(&released);
    wait_for(SHARE + 2);
    assert_int_equal(late.order, 1); /* behind the one that was running, before the flood */
    call_clear(&late.call);
    tasks_free(tasks, SHARE + 1);
}

/* Of one thread each half: what is behind an endless read has its turn after a second. */
static void what_is_endless_moves_on(void **state)
{
    (void)state;
    struct task tasks[3];
    restart(0, 2);
    for (int i = 0; i < 3; i++) {
        task_init(&tasks[i], &counting, i + 1, i < 2 ? ENDLESS : SOME);
        assert_true(submit_to(&tasks[i], LANE_SLOW));
    }
    wait_for(1);
    assert_int_equal(tasks[2].order, 0);
    expect_answer(&tasks[2], 200, "{\"result\":300000,");
    stop_ask(portal->stop, 0);
    wait_for(2);
    expect_answer(&tasks[0], 504, "INTERNAL_SERVER_ERROR");
    expect_answer(&tasks[1], 504, "INTERNAL_SERVER_ERROR");
    for (int i = 0; i < 3; i++)
        call_clear(&tasks[i].call);
}

/* ---- work that is no read ---- */

static void work_handle(struct job *job, struct db *store)
{
    struct task *task = job->context;
    task->n = (int)store_number(store, "SELECT 41") + 1;
    task->call.rc = API_FAIL;
    atomic_fetch_add(&runs, 1);
}

static void other_work_is_done_there_too(void **state)
{
    (void)state;
    struct task task;
    restart(0, 1);
    task_init(&task, &look, 1, 0);
    task.job = call_job(&task.call, task_done, &task);
    task.job.work = work_handle;
    assert_true(lane_submit(lanes, LANE_SLOW, &task.job));
    wait_for(1);
    assert_int_equal(task.n, 42);
    assert_int_equal(atomic_load(&runs), 1);
    assert_false(task.job.refused);
    call_clear(&task.call);
}

/* ---- the end ---- */

static void a_stop_refuses_what_waits_and_ends_what_runs(void **state)
{
    (void)state;
    struct task tasks[12];
    restart(0, 2);
    task_init(&tasks[0], &counting, 1, ENDLESS);
    assert_true(submit_to(&tasks[0], LANE_SLOW));
    for (int i = 1; i < 12; i++) {
        task_init(&tasks[i], &look, 1, i);
        assert_true(submit_to(&tasks[i], LANE_SLOW));
    }
    lanes_refuse_slow(lanes);
    stop_ask(portal->stop, 0);
    wait_for(12);
    assert_false(submit_to(&tasks[0], LANE_SLOW));
    assert_int_equal(tasks[0].call.status == 504 || tasks[0].call.status == 503, true);
    for (int i = 1; i < 12; i++)
        expect_answer(&tasks[i], 503, "OVERLOAD_LIMIT");
    for (int i = 0; i < 12; i++)
        call_clear(&tasks[i].call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_read_out_of_patience_runs_again_elsewhere),
        TEST(a_short_read_is_done_whatever_the_patience),
        TEST(the_pool_hands_over),
        TEST(a_call_has_a_second_though_its_time_went_by_in_the_queue),
        TEST(one_client_leaves_a_thread_to_others),
        TEST(what_is_endless_moves_on),
        TEST(the_queue_is_bounded_and_a_flood_is_known),
        TEST(other_work_is_done_there_too),
        TEST(a_stop_refuses_what_waits_and_ends_what_runs),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
