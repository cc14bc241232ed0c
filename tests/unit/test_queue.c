/* The queue's turns, also of jobs that were taken and not run. */
#include "support.h"

#include "lane/job.h"
#include "lane/queue.h"

enum { JOBS = 8 };

static struct queue queue;
static struct job jobs[JOBS];

static void put(int at, uint64_t client)
{
    jobs[at] = (struct job){.client = client};
    assert_true(queue_put(&queue, &jobs[at]));
}

/* Takes `count` jobs, which are those whose places are the digits of `wanted`. */
static void expect_taken(struct job **taken, size_t count, const char *wanted)
{
    assert_int_equal(queue_take(&queue, taken, count), strlen(wanted));
    for (size_t i = 0; wanted[i]; i++)
        assert_int_equal(taken[i] - jobs, wanted[i] - '0');
}

static void clients_take_turns(void **state)
{
    (void)state;
    struct job *taken[JOBS];
    queue_init(&queue, 100, 0);
    for (int i = 0; i < 4; i++)
        put(i, 1);
    put(4, 2);
    put(5, 3);
    put(6, 2);
    expect_taken(taken, JOBS, "0451623");
}

/* Whatever comes meanwhile, of whomever: who was next stays next. */
static void what_is_returned_keeps_its_turn(void **state)
{
    (void)state;
    struct job *taken[JOBS];
    queue_init(&queue, 100, 0);
    for (int i = 0; i < 3; i++)
        put(i, 9);
    put(3, 2);
    expect_taken(taken, JOBS, "0312");
    for (int i = 4; i < 7; i++)
        put(i, i == 6 ? 5 : i == 4 ? 9 : 2); /* more of both, and somebody new */
    queue_return(&queue, taken + 1, 3);
    expect_taken(taken, JOBS, "316524");
    queue_return(&queue, taken, 6);
    queue_return(&queue, taken, 0);
    expect_taken(taken, 2, "31");
    queue_return(&queue, taken + 1, 1);
    expect_taken(taken, JOBS, "16524");
    queue_close(&queue);
    assert_int_equal(queue_take(&queue, taken, JOBS), 0);
}

static void returned_jobs_do_not_count_as_running(void **state)
{
    (void)state;
    struct job *taken[JOBS];
    queue_init(&queue, 100, 2);
    for (int i = 0; i < 4; i++)
        put(i, 1);
    put(4, 2);
    expect_taken(taken, JOBS, "041");
    queue_return(&queue, taken + 1, 2);
    expect_taken(taken, JOBS, "41");
    queue_over(&queue, 1);
    expect_taken(taken, JOBS, "2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_take_turns),
        cmocka_unit_test(what_is_returned_keeps_its_turn),
        cmocka_unit_test(returned_jobs_do_not_count_as_running),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
