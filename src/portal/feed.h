/* feed - what changes, told at once to the pages that look: type and id of rows, and calls as they come.
 *
 * What:    a follower is one open stream: what it is told waits in a buffer of its own, as text/event-stream, until it is
 *          sent. Notes of a change are collected in its transaction and told when that is committed. Who falls
 *          behind is told `reset`: read all again. Nobody follows, mostly, and then nothing is done.
 * Used by: model/hearing (notes), lane/lane (begins, kept), rest/call_log (calls), page/console_stream (follows), http/stream
 *          (sends), http/server (beats, ends).
 * Memory:  the feed is the portal's; a follower is its stream's, from feed_follow to feed_leave.
 * Threads: feed_note..., feed_mark, feed_rewind, feed_group_...: the write lane's; the others any. `wake` is called with the feed's lock held: it may not
 *          come back into the feed.
 * Errors:  none but feed_follow's.
 *
 * Changes of other processes on the same store are not told.
 */
#ifndef RAPPORT_PORTAL_FEED_H
#define RAPPORT_PORTAL_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

struct portal;
struct feed;
struct follower;

#define FEED_MOST 256        /* streams of a portal */
#define FEED_MOST_OF_USER 16 /* and of one user */
#define FEED_NOTES                                                                                 \
    1048576              /* bytes of notes of one transaction; beyond, everybody is told `reset` */
#define FEED_WAITS 65536 /* bytes that wait for one stream; beyond it is told `reset` */
#define FEED_BEAT_S 15.0 /* of silence, until a line that says nothing */

/* Before the first call. */
void feed_open(struct portal *portal);

/* ---- changes ---- */

/* Who follows: each user once; at most `most`, and how many are written. 0, mostly, at the price of one look. */
size_t feed_users(struct feed *feed, int64_t *users, size_t most);
/* In a transaction: the user is to hear that a row was added, updated, deleted (`kind`), once since `mark`. */
void feed_note(struct feed *feed, size_t mark, int64_t user_id, int type_id, const char *entity,
               const char *kind, int64_t id);
/* In a transaction: these streams are to end. `session` (its hash) NULL: all of the user. */
void feed_note_end(struct feed *feed, int64_t user_id, const char *session);
/* What is noted after a mark is taken back with the savepoint that was set there. */
size_t feed_mark(const struct feed *feed);
void feed_rewind(struct feed *feed, size_t mark);
void feed_group_begins(struct feed *feed);
void feed_group_kept(struct feed *feed);
/* In a transaction, or behind its commit: is there something to be told? */
bool feed_has_notes(const struct feed *feed);
/* A call came in, as the log of calls numbers it: to who asked for calls. */
void feed_call(struct feed *feed, int64_t id);

/* ---- streams ---- */

/* NULL: there are too many. `session`: its hash. `until`: by clock_monotonic, when it ends by itself. */
struct follower *feed_follow(struct portal *portal, int64_t user_id, const char *session,
                             bool calls, double until);
/* Takes what waits, at most `size` bytes: 0 when nothing does, and then `wake` is called once when something comes;
 * -1: the stream is over. `wait` is called with the feed's lock held, before the first of these. */
long feed_take(struct follower *follower, char *out, size_t size, void (*wait)(void *context),
               void (*wake)(void *context), void *context);
void feed_leave(struct follower *follower);
/* Everybody's streams end, and none begins any more. */
void feed_close(struct feed *feed);
/* Once a second or so: beats, and what has run out. */
void feed_beat(struct feed *feed);

#endif
