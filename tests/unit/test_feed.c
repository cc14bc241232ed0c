/* What pages that follow the changes are told (portal/feed): after the commit, to whom it is meant, within bounds. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "portal/feed.h"
#include "portal/portal.h"
#include "support.h"

static struct folder folder;
static struct portal *portal;

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    portal = portal_make(&folder);
    feed_open(portal);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    portal_close(portal);
    folder_remove(&folder);
    return 0;
}

struct listener {
    struct follower *follower;
    pthread_mutex_t lock;
    pthread_cond_t came;
    bool asleep;
    atomic_int wakes;
};

static void sleeps(void *context)
{
    struct listener *l = context;
    pthread_mutex_lock(&l->lock);
    l->asleep = true;
    pthread_mutex_unlock(&l->lock);
}

static void woken(void *context)
{
    struct listener *l = context;
    pthread_mutex_lock(&l->lock);
    l->asleep = false;
    atomic_fetch_add(&l->wakes, 1);
    pthread_cond_signal(&l->came);
    pthread_mutex_unlock(&l->lock);
}

static struct listener *follow(int64_t user, bool calls)
{
    struct listener *l = calloc(1, sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->came, NULL);
    l->follower = feed_follow(portal, user, calls, 1e18);
    return l;
}

static void leave(struct listener *l)
{
    feed_leave(l->follower);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->came);
    free(l);
}

/* All that waits; false: the stream is over. */
static bool take(struct listener *l, char *text, size_t size)
{
    size_t len = 0;
    long got;
    while ((got = feed_take(l->follower, text + len, size - 1 - len, sleeps, woken, l)) > 0)
        len += (size_t)got;
    text[len] = '\0';
    return got == 0;
}

static void commit(int64_t user, int64_t id)
{
    feed_group_begins(portal->feed);
    feed_note(portal->feed, user, 2, "deal", "update", id);
    feed_group_kept(portal->feed);
}

static void a_change_is_told_when_it_is_kept(void **state)
{
    (void)state;
    char text[1024];
    struct listener *one = follow(1, false), *two = follow(2, false);
    assert_true(take(one, text, sizeof text));
    assert_string_equal(text, "event: ready\ndata: {}\n\n");
    assert_true(take(two, text, sizeof text));
    feed_group_begins(portal->feed);
    feed_note(portal->feed, 1, 2, "deal", "update", 7);
    assert_true(take(one, text, sizeof text));
    assert_string_equal(text, "");
    feed_group_kept(portal->feed);
    assert_true(take(one, text, sizeof text));
    assert_string_equal(
        text, "event: change\ndata: "
              "{\"entityTypeId\":2,\"entity\":\"deal\",\"id\":7,\"kind\":\"update\"}\n\n");
    assert_true(take(two, text, sizeof text));
    assert_string_equal(text, "");
    /* Undone, it is not. */
    feed_group_begins(portal->feed);
    feed_note(portal->feed, 1, 2, "deal", "update", 8);
    feed_group_begins(portal->feed);
    feed_group_kept(portal->feed);
    assert_true(take(one, text, sizeof text));
    assert_string_equal(text, "");
    leave(one);
    leave(two);
}

static void each_user_is_named_once(void **state)
{
    (void)state;
    int64_t users[4];
    assert_int_equal(feed_users(portal->feed, users, 4), 0);
    struct listener *all[] = {follow(5, false), follow(6, false), follow(5, false)};
    assert_int_equal(feed_users(portal->feed, users, 4), 2);
    assert_int_equal(users[0] + users[1], 11);
    for (size_t i = 0; i < 3; i++)
        leave(all[i]);
    assert_int_equal(feed_users(NULL, users, 4), 0);
}

static void who_falls_behind_is_told_to_read_again(void **state)
{
    (void)state;
    size_t size = 2 * FEED_WAITS;
    char *text = malloc(size);
    struct listener *l = follow(1, false);
    for (int64_t i = 0; i < 2000; i++)
        commit(1, i);
    assert_true(take(l, text, size));
    assert_in_range(strlen(text), FEED_WAITS / 2, FEED_WAITS + 32);
    assert_string_equal(text + strlen(text) - 23, "event: reset\ndata: {}\n\n");
    commit(1, 9);
    assert_true(take(l, text, size));
    assert_non_null(strstr(text, "\"id\":9,"));
    leave(l);
    free(text);
}

static void calls_are_told_to_who_asks(void **state)
{
    (void)state;
    char text[256];
    struct listener *asks = follow(1, true), *does_not = follow(1, false);
    take(asks, text, sizeof text);
    take(does_not, text, sizeof text);
    feed_call(portal->feed, 31);
    assert_true(take(asks, text, sizeof text));
    assert_string_equal(text, "event: call\ndata: {\"id\":31}\n\n");
    assert_true(take(does_not, text, sizeof text));
    assert_string_equal(text, "");
    leave(asks);
    leave(does_not);
}

static void streams_end(void **state)
{
    (void)state;
    char text[256];
    struct listener *one = follow(1, false), *two = follow(2, false);
    take(one, text, sizeof text);
    take(two, text, sizeof text);
    feed_end(portal->feed, 1);
    assert_int_equal(atomic_load(&one->wakes), 1);
    assert_false(take(one, text, sizeof text));
    assert_true(take(two, text, sizeof text));
    leave(one);
    leave(two);
    /* Its time is over. */
    struct listener *old = follow(3, false);
    take(old, text, sizeof text);
    feed_leave(old->follower);
    old->follower = feed_follow(portal, 3, false, 0);
    take(old, text, sizeof text);
    feed_beat(portal->feed);
    assert_false(take(old, text, sizeof text));
    leave(old);
}

static void of_one_user_the_oldest_ends_for_one_more(void **state)
{
    (void)state;
    char text[256];
    struct listener *all[FEED_MOST_OF_USER + 1];
    for (size_t i = 0; i <= FEED_MOST_OF_USER; i++) {
        all[i] = follow(1, false);
        take(all[i], text, sizeof text);
    }
    assert_false(take(all[0], text, sizeof text));
    assert_true(take(all[1], text, sizeof text));
    for (size_t i = 0; i <= FEED_MOST_OF_USER; i++)
        leave(all[i]);
}

static void there_is_a_bound_and_an_end(void **state)
{
    (void)state;
    static struct follower *all[FEED_MOST];
    for (size_t i = 0; i < FEED_MOST; i++) {
        all[i] = feed_follow(portal, (int64_t)i + 1, false, 1e18);
        assert_non_null(all[i]);
    }
    assert_null(feed_follow(portal, 999, false, 1e18));
    for (size_t i = 0; i < FEED_MOST; i++)
        feed_leave(all[i]);
    feed_end(portal->feed, 0);
    assert_null(feed_follow(portal, 1, false, 1e18));
}

/* ---- many threads ---- */

#define TOLD 2000

static void *tells_calls(void *context)
{
    (void)context;
    for (int64_t i = 1; i <= TOLD; i++)
        feed_call(portal->feed, i);
    return NULL;
}

static void *comes_and_goes(void *context)
{
    (void)context;
    char text[512];
    for (int i = 0; i < 200; i++) {
        struct listener *l = follow(2, true);
        take(l, text, sizeof text);
        leave(l);
        feed_beat(portal->feed);
    }
    return NULL;
}

struct heard {
    struct listener *listener;
    size_t count;
    bool reset;
    atomic_bool done;
};

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr(text, part))) {
        count++;
        text += strlen(part);
    }
    return count;
}

/* Sleeps when nothing waits, until the call 0. */
static void *reads_all(void *context)
{
    struct heard *heard = context;
    struct listener *l = heard->listener;
    static char text[2 * FEED_WAITS];
    while (!atomic_load(&heard->done)) {
        if (!take(l, text, sizeof text))
            break;
        heard->count += count_of(text, "\"id\":") - count_of(text, "\"id\":0}");
        heard->reset = heard->reset || strstr(text, "reset");
        atomic_store(&heard->done, strstr(text, "\"id\":0}") != NULL);
        pthread_mutex_lock(&l->lock);
        while (l->asleep && !atomic_load(&heard->done))
            pthread_cond_wait(&l->came, &l->lock);
        pthread_mutex_unlock(&l->lock);
    }
    return NULL;
}

static void nothing_is_missed_between_threads(void **state)
{
    (void)state;
    pthread_t reader, writers[2], guest;
    struct heard heard = {.listener = follow(1, true)};
    assert_int_equal(pthread_create(&reader, NULL, reads_all, &heard), 0);
    assert_int_equal(pthread_create(&guest, NULL, comes_and_goes, NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, tells_calls, NULL), 0);
    for (int64_t i = 1; i <= TOLD; i++)
        commit(1, i);
    for (int i = 0; i < 2; i++)
        pthread_join(writers[i], NULL);
    pthread_join(guest, NULL);
    while (!atomic_load(&heard.done)) {
        feed_call(portal->feed, 0);
        sched_yield();
    }
    pthread_join(reader, NULL);
    /* Who fell behind was told so. */
    assert_true(heard.reset || heard.count == 3 * TOLD);
    leave(heard.listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_change_is_told_when_it_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(each_user_is_named_once, setup, teardown),
        cmocka_unit_test_setup_teardown(who_falls_behind_is_told_to_read_again, setup, teardown),
        cmocka_unit_test_setup_teardown(calls_are_told_to_who_asks, setup, teardown),
        cmocka_unit_test_setup_teardown(streams_end, setup, teardown),
        cmocka_unit_test_setup_teardown(of_one_user_the_oldest_ends_for_one_more, setup, teardown),
        cmocka_unit_test_setup_teardown(there_is_a_bound_and_an_end, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_missed_between_threads, setup, teardown),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
