/* lease - of several servers on one PostgreSQL, who delivers.
 *
 * What:    a row with an owner and an end. The owner asks for more when half of it is over; the others
 *          read the row now and then, and ask when it has run out. So a server that has nothing to do
 *          writes nothing, but for the owner every seven seconds.
 * Used by: send/delivery, which asks with what else it writes (send/settle).
 * Memory:  the delivery's.
 * Threads: the delivery's.
 * Errors:  trouble of the store is one more reason to wait.
 */
#ifndef RAPPORT_SEND_LEASE_H
#define RAPPORT_SEND_LEASE_H

#include "base/backoff.h"
#include "portal/portal.h"

#define LEASE_S 15
#define LEASE_LOOK_S 5 /* between looks at another server's */

struct lease {
    char *owner;  /* NULL: nobody else can have it */
    double until; /* of clock_monotonic */
    double asked;
    struct backoff wait;
};

void lease_init(struct lease *lease, const struct portal *portal);
void lease_clear(struct lease *lease);
bool lease_held(const struct lease *lease, double now);
/* Is it to be asked for? A reader's connection, outside of a transaction. */
bool lease_wanted(struct lease *lease, struct db *db, double now);
/* What came of asking: was it written, and is it ours? */
void lease_told(struct lease *lease, bool kept, bool ours);

#endif
