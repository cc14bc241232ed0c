/* The lanes: commits that are shared, turns that are fair, answers that wait for the disk. */
#include "lane_support.h"

#include <unistd.h>

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
    lanes_free(lanes);
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

/* Holds the writer for longer than a group of writes may take. */
static enum api_rc hold_handle(struct request *req)
{
    double until = clock_monotonic() + 0.3;
    sem_post(&entered);
    sem_wait(&released);
    while (clock_monotonic() < until)
        usleep(1000);
    return note_handle(req);
}

static const struct method hold = {.name = "hold", .lane = LANE_WRITE, .handle = hold_handle};

static void who_comes_does_not_wait_for_a_slow_group(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(8);
    hold_writer(&tasks[7]);
    task_init(&tasks[0], &hold, 1, 0);
    assert_true(submit(&tasks[0]));
    submit_notes(tasks, 1, 6, 1);
    sem_post(&released);
    sem_wait(&entered); /* the slow one runs, and the notes were to share its commit */
    submit_notes(tasks, 6, 7, 2);
    sem_post(&released);
    wait_for(8);
    assert_int_equal(tasks[0].order, 1);
    assert_int_equal(tasks[0].commit, 2);
    assert_int_equal(tasks[6].order, 3); /* it is the second one's turn */
    for (int i = 1; i < 7; i++)
        assert_int_equal(tasks[i].commit, 3);
    for (int i = 2; i < 6; i++)
        assert_true(tasks[i].order > tasks[i - 1].order); /* one client's calls keep their order */
    assert_int_equal(lane_stats(lanes).commits, 3);
    assert_int_equal(lane_stats(lanes).calls, 8);
    for (int i = 0; i < 8; i++)
        expect_noted(&tasks[i]);
    tasks_free(tasks, 8);
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

/* ---- the end ---- */

static void stopping_finishes_the_queue(void **state)
{
    (void)state;
    struct task *tasks = tasks_new(301);
    hold_writer(&tasks[300]);
    submit_notes(tasks, 0, 300, 1);
    sem_post(&released);
    lanes_free(lanes);
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

/* ---- reading ---- */

static void readers_do_not_wait_for_each_other(void **state)
{
    (void)state;
    struct task tasks[4];
    lanes_free(lanes);
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
    expect_answer(&tasks[0], 200, "{\"result\":0,"); /* it sees what there was when it began */
    assert_int_equal(tasks[0].order, 3);
    assert_int_equal(lane_stats(lanes).commits, 1); /* reads are not counted */
    for (int i = 0; i < 4; i++)
        call_clear(&tasks[i].call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_together_commits_together),
        TEST(a_commit_has_a_bound),
        TEST(the_bound_can_be_lower),
        TEST(no_answer_before_the_commit),
        TEST(a_flood_does_not_hold_up_others),
        TEST(who_comes_does_not_wait_for_a_slow_group),
        TEST(one_client_cannot_fill_the_queue),
        TEST(stopping_finishes_the_queue),
        TEST(threads_submit_at_once),
        TEST(readers_do_not_wait_for_each_other),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
