/* chain - events that are told for calls that answer an event.
 *
 * What:    a handler that changes what it hears of hears of its own change: without end, when it does so
 *          each time. How many events lie before one goes along: in the outbox, in a mark behind the
 *          access token that is delivered, and in a header for other portals. A call that uses the token
 *          within some seconds is the answer to that event. Chains are slowed down, and no event is lost
 *          for it: from the tenth link on a handler gets the next one after a pause that doubles.
 * Used by: people/auth and rest/pipeline (whose call it is), send/ (what it causes).
 * Memory:  the caller's.
 * Threads: any.
 * Errors:  none; a mark that cannot be read is part of the token, which is unknown then.
 */
#ifndef RAPPORT_PORTAL_CHAIN_H
#define RAPPORT_PORTAL_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

#define CHAIN_FREE 10     /* links without a pause */
#define CHAIN_FRESH_S 10  /* a later call answers nothing */
#define CHAIN_PAUSE_S 0.1 /* in front of the first link beyond */
#define CHAIN_PAUSE_MAX_S 10
#define CHAIN_MARK 72
#define CHAIN_FOREIGN                                                                              \
    (CHAIN_FREE + 2) /* the most that a header is believed: anybody can send one */
#define CHAIN_HEADER "X-Rapport-Event" /* "MEMBER_ID DEPTH" of every delivery */

/* What is put behind a token delivered now, with an event of that depth. It is signed: a depth that anybody
 * could write would hold up the events of all who listen. */
void chain_mark(const struct secret_key *key, const char *token, int64_t depth,
                char mark[CHAIN_MARK]);
/* The length of a token without its mark. *depth: of the events that this call causes. */
size_t chain_read(const struct secret_key *key, const char *token, int64_t *depth);
/* How long after the one before an event of that depth is sent, in seconds. */
double chain_pause(int64_t depth);

#endif
