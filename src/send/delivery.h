/* delivery - sends the outbox to the handlers, after the commit and apart from all requests.
 *
 * What:    one thread with libcurl's multi interface. An address of a subscriber (a target) gets its
 *          events one after the other, in their order; targets do not wait for each other. At least
 *          once: what was sent is taken out of the outbox after the handler's answer, so a kill in
 *          between sends it again. Pages: api-reference/events/index, safe-event-handlers.
 * Used by: app/serve; portal/event wakes it after a commit.
 * Memory:  delivery_start to delivery_free.
 * Threads: its own.
 * Errors:  delivery_start: NULL with a sentence in `why`. A handler's failure is kept in the outbox
 *          (rapport events), the store's is logged and tried again.
 *
 * A handler that cannot be reached (no connection, no answer in time, 429, 502, 503, 504) is tried
 * again after a pause that doubles, until its event is a day old. One that refuses an event (any other
 * status) is asked `refusals` times. Then the event is given up, which `rapport events` shows.
 */
#ifndef RAPPORT_SEND_DELIVERY_H
#define RAPPORT_SEND_DELIVERY_H

#include "lane/lane.h"

#define DELIVERY_CONNECT_S 5  /* to a connection */
#define DELIVERY_ANSWER_S 30  /* to the whole answer */
#define DELIVERY_PAUSE_S 0.25 /* after the first failure */
#define DELIVERY_PAUSE_MAX_S 300
#define DELIVERY_REFUSALS 12 /* the pauses between them are eight minutes together */
#define DELIVERY_AGE_S 86400

struct delivery;

struct delivery_options {
    const char *base_url;  /* "http://127.0.0.1:8024", as handlers reach this server */
    int refusals;          /* 0: DELIVERY_REFUSALS */
    int port;              /* where it listens itself */
    bool private_networks; /* may handlers be in private networks? Loopback always may */
};

struct delivery *delivery_start(struct portal *portal, struct lanes *lanes,
                                const struct delivery_options *options, struct buf *why);
/* Breaks off what is on its way, keeps what became of the rest. Before the lanes are stopped. */
void delivery_stop(struct delivery *delivery);
/* After the lanes were stopped: until then they may wake it. */
void delivery_free(struct delivery *delivery);
/* Is this the server that delivers? Always true where no other can be. Threads: any. */
bool delivery_leads(struct delivery *delivery);

#endif
