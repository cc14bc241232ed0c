/* Streams of changes among threads: who sleeps is woken, and nothing is missed. */
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
    l->follower = feed_follow(portal, user, "", calls, 1e18);
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
    feed_note(portal->feed, feed_mark(portal->feed), user, 2, "deal", "update", id);
    feed_group_kept(portal->feed);
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
        cmocka_unit_test_setup_teardown(calls_are_told_to_who_asks, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_missed_between_threads, setup, teardown),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
