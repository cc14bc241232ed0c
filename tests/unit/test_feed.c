/* What changes, told to streams: who hears what, when, and what a slow one is told instead. */
#include "pipeline_support.h"

#include "portal/feed.h"

static int sleeps, wakes;

static void fall_asleep(void *context)
{
    (void)context;
    sleeps++;
}

static void wake_up(void *context)
{
    (void)context;
    wakes++;
}

static int setup(void **state)
{
    sleeps = wakes = 0;
    pipeline_setup(state);
    feed_open(portal);
    return 0;
}

static struct follower *follow(int64_t user_id, const char *session)
{
    return feed_follow(portal, user_id, session, false, clock_monotonic() + 100);
}

/* All that waits, as one text; "end" when it is over. */
static const char *hear(struct follower *follower)
{
    static char text[2 * FEED_WAITS];
    size_t len = 0;
    long taken;
    while ((taken = feed_take(follower, text + len, 1000, fall_asleep, wake_up, follower)) > 0)
        len += (size_t)taken;
    text[len] = '\0';
    return taken < 0 ? "end" : text;
}

static size_t times(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

static void note(int64_t user_id, int64_t id)
{
    feed_note(portal->feed, feed_mark(portal->feed), user_id, 2, "deal", "update", id);
}

static void what_is_kept_is_told_to_whom_it_is_for(void **state)
{
    (void)state;
    struct follower *one = follow(1, "a"), *other = follow(2, "b");
    assert_string_equal(hear(one), "event: ready\ndata: {}\n\n");
    hear(other);
    feed_group_begins(portal->feed);
    note(1, 5);
    assert_int_equal(wakes, 0);
    feed_group_kept(portal->feed);
    assert_int_equal(wakes, 1);
    assert_string_equal(hear(one), "event: change\ndata: "
                                   "{\"entityTypeId\":2,\"entity\":\"deal\",\"id\":5,\"kind\":"
                                   "\"update\"}\n\n");
    assert_string_equal(hear(other), "");
    feed_leave(one);
    feed_leave(other);
}

static void what_is_taken_back_or_told_already_is_not_told(void **state)
{
    (void)state;
    struct follower *one = follow(1, "a");
    hear(one);
    feed_group_begins(portal->feed);
    size_t mark = feed_mark(portal->feed);
    feed_note(portal->feed, mark, 1, 2, "deal", "update", 6);
    feed_note(portal->feed, mark, 1, 2, "deal", "update", 6);
    size_t later = feed_mark(portal->feed);
    note(1, 7);
    feed_rewind(portal->feed, later);
    feed_group_kept(portal->feed);
    const char *told = hear(one);
    assert_int_equal(times(told, "\"id\":6,"), 1);
    assert_int_equal(times(told, "event:"), 1);
    feed_group_begins(portal->feed); /* a group that is rolled back */
    note(1, 8);
    feed_group_begins(portal->feed);
    feed_group_kept(portal->feed);
    assert_string_equal(hear(one), "");
    feed_leave(one);
}

static void a_stream_ends_with_its_session_when_that_is_kept(void **state)
{
    (void)state;
    struct follower *one = follow(1, "a"), *same = follow(1, "b"), *other = follow(2, "c");
    feed_group_begins(portal->feed);
    feed_note_end(portal->feed, 1, "a");
    assert_string_not_equal(hear(one), "end");
    feed_group_kept(portal->feed);
    assert_string_equal(hear(one), "end");
    assert_string_not_equal(hear(same), "end");
    feed_group_begins(portal->feed);
    feed_note_end(portal->feed, 1, NULL);
    feed_group_kept(portal->feed);
    assert_string_equal(hear(same), "end");
    assert_string_not_equal(hear(other), "end");
    feed_close(portal->feed);
    assert_string_equal(hear(other), "end");
    assert_null(follow(3, "d"));
    feed_leave(one);
    feed_leave(same);
    feed_leave(other);
}

static void a_slow_one_is_told_to_read_all_again(void **state)
{
    (void)state;
    struct follower *one = follow(1, "a");
    for (int i = 0; i < 2000; i++) {
        feed_group_begins(portal->feed);
        note(1, i);
        feed_group_kept(portal->feed);
    }
    const char *told = hear(one);
    assert_true(strlen(told) <= FEED_WAITS + 100);
    assert_int_equal(times(told, "event: reset"), 1);
    assert_string_equal(told + strlen(told) - 23, "event: reset\ndata: {}\n\n");
    feed_group_begins(portal->feed);
    note(1, 1);
    feed_group_kept(portal->feed);
    assert_int_equal(times(hear(one), "\"id\":1,"), 1);
    feed_leave(one);
}

static void a_transaction_with_more_than_is_kept_resets_everybody(void **state)
{
    (void)state;
    struct follower *one = follow(1, "a"), *other = follow(2, "b");
    hear(one);
    hear(other);
    feed_group_begins(portal->feed);
    for (int i = 0; i < 20000; i++)
        note(1, i);
    assert_true(feed_mark(portal->feed) < FEED_NOTES + 1000);
    feed_group_kept(portal->feed);
    assert_int_equal(times(hear(one), "event: reset"), 1);
    assert_string_equal(hear(other), "event: reset\ndata: {}\n\n");
    feed_leave(one);
    feed_leave(other);
}

static void there_is_a_bound_for_all_and_one_for_each(void **state)
{
    (void)state;
    struct follower *all[FEED_MOST];
    for (int i = 0; i < FEED_MOST; i++)
        assert_non_null(all[i] = follow(1 + i / FEED_MOST_OF_USER, "a"));
    assert_null(follow(999, "a"));
    feed_leave(all[0]);
    assert_non_null(all[0] = follow(2, "a"));
    assert_string_equal(hear(all[FEED_MOST_OF_USER]), "end"); /* the oldest of user 2 */
    for (int i = 0; i < FEED_MOST; i++)
        feed_leave(all[i]);
}

static void nobody_hears_nothing(void **state)
{
    (void)state;
    int64_t users[4];
    assert_int_equal(feed_users(portal->feed, users, 4), 0);
    struct follower *one = follow(7, "a"), *same = follow(7, "b");
    assert_int_equal(feed_users(portal->feed, users, 4), 1);
    assert_int_equal(users[0], 7);
    feed_leave(one);
    feed_leave(same);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, pipeline_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_is_told_to_whom_it_is_for),
        TEST(what_is_taken_back_or_told_already_is_not_told),
        TEST(a_stream_ends_with_its_session_when_that_is_kept),
        TEST(a_slow_one_is_told_to_read_all_again),
        TEST(a_transaction_with_more_than_is_kept_resets_everybody),
        TEST(there_is_a_bound_for_all_and_one_for_each),
        TEST(nobody_hears_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
