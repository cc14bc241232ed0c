#include "portal/feed.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/lock.h"
#include "portal/portal.h"

struct follower {
    struct follower *next;
    struct feed *feed;
    int64_t user_id;
    char session[SECRET_HASH_HEX];
    bool calls, over, behind;
    double until, told; /* by clock_monotonic */
    struct buf waiting;
    size_t sent; /* of it */
    void (*wake)(void *context);
    void *context; /* not NULL: it waits to be woken */
};

struct note {
    int64_t user_id;
    bool ends;                     /* his streams, or those of the session */
    char session[SECRET_HASH_HEX]; /* "": of all */
    char line[160];
};

struct feed {
    pthread_mutex_t lock;
    struct follower *followers;
    _Atomic size_t count;
    bool closed;      /* the server ends */
    bool overflows;   /* more was to be noted in this transaction than is kept */
    struct buf notes; /* of the transaction; the write lane's */
};

static void release(void *part)
{
    struct feed *feed = part;
    buf_clear(&feed->notes);
    pthread_mutex_destroy(&feed->lock);
    free(feed);
}

void feed_open(struct portal *portal)
{
    struct feed *feed = xcalloc(1, sizeof *feed);
    lock_init(&feed->lock);
    portal->feed = feed;
    portal_attach(portal, feed, release);
}

static bool nobody(const struct feed *feed)
{
    return !feed || !atomic_load_explicit(&feed->count, memory_order_relaxed);
}

/* ---- telling; with the lock ---- */

static void wake(struct follower *follower)
{
    void *context = follower->context;
    if (!context)
        return;
    follower->context = NULL;
    follower->wake(context);
}

/* What waits is told, then `reset` instead of what was missed. */
static void fall_behind(struct follower *follower)
{
    follower->behind = true;
    wake(follower);
}

static void tell(struct follower *follower, const char *line)
{
    size_t len = strlen(line);
    if (follower->over || follower->behind)
        return;
    if (follower->waiting.len - follower->sent + len > FEED_WAITS) {
        fall_behind(follower);
        return;
    }
    if (follower->sent == follower->waiting.len)
        follower->sent = follower->waiting.len = 0;
    buf_adds(&follower->waiting, line);
    follower->told = clock_monotonic();
    wake(follower);
}

/* ---- changes ---- */

size_t feed_users(struct feed *feed, int64_t *users, size_t most)
{
    size_t count = 0;
    if (nobody(feed))
        return 0;
    pthread_mutex_lock(&feed->lock);
    for (const struct follower *f = feed->followers; f && count < most; f = f->next) {
        size_t at = 0;
        while (at < count && users[at] != f->user_id)
            at++;
        if (at == count && !f->over)
            users[count++] = f->user_id;
    }
    pthread_mutex_unlock(&feed->lock);
    return count;
}

static bool is_noted(const struct feed *feed, size_t at, const struct note *note)
{
    for (; at < feed->notes.len; at += sizeof *note) {
        const struct note *other = (const struct note *)(feed->notes.data + at);
        if (other->user_id == note->user_id && !strcmp(other->line, note->line))
            return true;
    }
    return false;
}

void feed_note(struct feed *feed, size_t mark, int64_t user_id, int type_id, const char *entity,
               const char *kind, int64_t id)
{
    struct note note = {.user_id = user_id};
    snprintf(
        note.line, sizeof note.line,
        "event: change\ndata: {\"entityTypeId\":%d,\"entity\":\"%s\",\"id\":%lld,\"kind\":\"%s\"}"
        "\n\n",
        type_id, entity, (long long)id, kind);
    if (feed->notes.len > FEED_NOTES)
        feed->overflows = true;
    else if (!is_noted(feed, mark, &note))
        buf_add(&feed->notes, (const char *)&note, sizeof note);
}

void feed_note_end(struct feed *feed, int64_t user_id, const char *session)
{
    struct note note = {.user_id = user_id, .ends = true};
    if (!feed)
        return;
    snprintf(note.session, sizeof note.session, "%s", session ? session : "");
    buf_add(&feed->notes, (const char *)&note, sizeof note);
}

size_t feed_mark(const struct feed *feed)
{
    return feed ? feed->notes.len : 0;
}

void feed_rewind(struct feed *feed, size_t mark)
{
    if (feed)
        feed->notes.len = mark;
}

static void end(struct follower *follower)
{
    follower->over = true;
    wake(follower);
}

static void tell_note(struct feed *feed, const struct note *note)
{
    for (struct follower *f = feed->followers; f; f = f->next) {
        if (f->user_id != note->user_id)
            continue;
        if (!note->ends)
            tell(f, note->line);
        else if (!note->session[0] || !strcmp(note->session, f->session))
            end(f);
    }
}

void feed_group_begins(struct feed *feed)
{
    if (!feed)
        return;
    feed->notes.len = 0;
    feed->overflows = false;
}

bool feed_has_notes(const struct feed *feed)
{
    return feed && (feed->notes.len || feed->overflows);
}

void feed_group_kept(struct feed *feed)
{
    if (!feed || !feed->notes.len)
        return;
    pthread_mutex_lock(&feed->lock);
    for (size_t at = 0; at < feed->notes.len; at += sizeof(struct note))
        tell_note(feed, (const struct note *)(feed->notes.data + at));
    for (struct follower *f = feed->followers; f && feed->overflows; f = f->next)
        fall_behind(f);
    pthread_mutex_unlock(&feed->lock);
    feed->notes.len = 0;
}

void feed_call(struct feed *feed, int64_t id)
{
    char line[64];
    if (nobody(feed))
        return;
    snprintf(line, sizeof line, "event: call\ndata: {\"id\":%lld}\n\n", (long long)id);
    pthread_mutex_lock(&feed->lock);
    for (struct follower *f = feed->followers; f; f = f->next) {
        if (f->calls)
            tell(f, line);
    }
    pthread_mutex_unlock(&feed->lock);
}

/* ---- streams ---- */

/* The oldest one of a user who has as many as he may have; how many there are of all. */
static size_t make_room(struct feed *feed, int64_t user_id)
{
    struct follower *oldest = NULL;
    size_t all = 0, his = 0;
    for (struct follower *f = feed->followers; f; f = f->next) {
        all++;
        if (f->user_id != user_id || f->over)
            continue;
        his++;
        oldest = f; /* the newest come first */
    }
    if (his >= FEED_MOST_OF_USER)
        end(oldest);
    return all;
}

struct follower *feed_follow(struct portal *portal, int64_t user_id, const char *session,
                             bool calls, double until)
{
    struct feed *feed = portal->feed;
    struct follower *follower = xcalloc(1, sizeof *follower);
    *follower = (struct follower){.feed = feed,
                                  .user_id = user_id,
                                  .calls = calls,
                                  .until = until,
                                  .told = clock_monotonic()};
    snprintf(follower->session, sizeof follower->session, "%s", session);
    buf_adds(&follower->waiting, "event: ready\ndata: {}\n\n");
    pthread_mutex_lock(&feed->lock);
    bool room = !feed->closed && make_room(feed, user_id) < FEED_MOST;
    if (room) {
        follower->next = feed->followers;
        feed->followers = follower;
        atomic_fetch_add(&feed->count, 1);
    }
    pthread_mutex_unlock(&feed->lock);
    if (room)
        return follower;
    buf_clear(&follower->waiting);
    free(follower);
    return NULL;
}

static long take(struct follower *follower, char *out, size_t size)
{
    static const char reset[] = "event: reset\ndata: {}\n\n";
    size_t left = follower->waiting.len - follower->sent;
    if (follower->over) /* what waits is not for him any more */
        return -1;
    if (!left && follower->behind) {
        follower->behind = false;
        follower->waiting.len = follower->sent = 0;
        buf_adds(&follower->waiting, reset);
        left = sizeof reset - 1;
    }
    size_t part = left < size ? left : size;
    if (part)
        memcpy(out, follower->waiting.data + follower->sent, part);
    follower->sent += part;
    return (long)part;
}

long feed_take(struct follower *follower, char *out, size_t size, void (*wait)(void *context),
               void (*woken)(void *context), void *context)
{
    pthread_mutex_lock(&follower->feed->lock);
    long taken = take(follower, out, size);
    if (!taken) {
        follower->wake = woken;
        follower->context = context;
        wait(context);
    }
    pthread_mutex_unlock(&follower->feed->lock);
    return taken;
}

void feed_leave(struct follower *follower)
{
    struct feed *feed = follower->feed;
    pthread_mutex_lock(&feed->lock);
    struct follower **at = &feed->followers;
    while (*at != follower)
        at = &(*at)->next;
    *at = follower->next;
    atomic_fetch_sub(&feed->count, 1);
    pthread_mutex_unlock(&feed->lock);
    buf_clear(&follower->waiting);
    free(follower);
}

void feed_close(struct feed *feed)
{
    if (!feed)
        return;
    pthread_mutex_lock(&feed->lock);
    feed->closed = true;
    for (struct follower *f = feed->followers; f; f = f->next)
        end(f);
    pthread_mutex_unlock(&feed->lock);
}

void feed_beat(struct feed *feed)
{
    double now = clock_monotonic();
    if (nobody(feed))
        return;
    pthread_mutex_lock(&feed->lock);
    for (struct follower *f = feed->followers; f; f = f->next) {
        if (now >= f->until)
            end(f);
        else if (now - f->told >= FEED_BEAT_S)
            tell(f, ": \n\n");
    }
    pthread_mutex_unlock(&feed->lock);
}
