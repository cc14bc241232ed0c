/* intake - the memory that bodies of requests may take while they come in and are worked on.
 *
 * What:    one bound for all bodies together, and within it one for those of clients not yet
 *          recognised. Once half of a bound is taken, one client may have a quarter of it. A single
 *          body that is too large for that, whose client has still to show its credential at the
 *          end of it, is let in beside the others, one at a time.
 * Used by: http/server.
 * Memory:  a ticket belongs to the request; intake_give before it is freed.
 * Threads: any; locked inside. Small bodies take no lock.
 * Errors:  false: no room now.
 */
#ifndef RAPPORT_HTTP_INTAKE_H
#define RAPPORT_HTTP_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "http/net.h"

struct intake;

struct intake_ticket {
    size_t bytes;
    bool known;                 /* its client was recognised */
    bool single;                /* the one beside the others */
    struct intake_owner *owner; /* NULL: small */
};

struct intake_counts {
    size_t all, unknown;
};

/* `single`: the largest body there may be; `most` must be at least twice that. */
struct intake *intake_new(size_t most, size_t most_unknown, size_t single);
void intake_free(struct intake *intake);

/* Room for `bytes` altogether: what the ticket has already counts. */
bool intake_take_small(struct intake *intake, struct intake_ticket *ticket, size_t bytes);
bool intake_take(struct intake *intake, struct intake_ticket *ticket,
                 const struct net_address *client, size_t bytes);
/* Its client was recognised. */
void intake_know(struct intake *intake, struct intake_ticket *ticket);
void intake_give(struct intake *intake, struct intake_ticket *ticket);
/* What is taken. */
struct intake_counts intake_counts(struct intake *intake);

#endif
