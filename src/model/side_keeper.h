/* side_keeper - what is done for custom fields beside the requests: an index where filters show that one is wanted, and
 * the values of removed fields go, a day later.
 *
 * What:    a thread with a connection of its own. A field whose filter or search is shown got its index when it was
 *          made; any other gets it when somebody looks for its values, or sorts by them, among many rows. A column is
 *          emptied some hundred rows at a time, so that writers hardly wait; the column itself stays, as nobody's.
 * Used by: app/serve; model/query asks.
 * Memory:  side_keeper_start to side_keeper_stop.
 * Threads: side_want_index from any.
 * Errors:  in the log; it tries again.
 */
#ifndef RAPPORT_MODEL_SIDE_KEEPER_H
#define RAPPORT_MODEL_SIDE_KEEPER_H

#include "portal/portal.h"

struct side_keeper;

struct side_keeper *side_keeper_start(struct portal *portal);
void side_keeper_stop(struct side_keeper *keeper);

/* One round of each, for tests and for the thread. */
void side_sweep(struct portal *portal, struct db *db, int64_t now);
void side_make_index(struct portal *portal, struct db *db, int64_t field_id);

#endif
