/* age - what goes when it is old, so that a portal does not grow by what nobody needs any more.
 *
 * What:    kinds of rows, each with an age in days after which they go: --keep-audit, --keep-events, --keep-history, --keep-tokens.
 *          What still waits to be delivered has no age: it is delivered, or given up after its attempts.
 * Used by: app/serve_options (the options), portal/file_sweep (once an hour).
 * Memory:  none.
 * Threads: age_sweep: any one, with a connection of its own that may write.
 * Errors:  logged by the caller; what did not go goes the next time.
 */
#ifndef RAPPORT_PORTAL_AGE_H
#define RAPPORT_PORTAL_AGE_H

#include "db/db.h"

enum age_kind {
    AGE_AUDIT,   /* the trail (portal/audit) */
    AGE_EVENTS,  /* deliveries and e-mails that were given up; offline events that nobody took */
    AGE_HISTORY, /* of stages (crm.stagehistory.list) */
    AGE_TOKENS,  /* pairs of tokens, sessions, links and codes that no longer open anything */
    AGE_KINDS
};

#define AGE_DAY 86400

/* `keep`: days by enum age_kind; 0: for ever. *gone: how many rows went. A slice is a transaction of its own, so that
 * nobody waits for a large one. */
enum db_rc age_sweep(struct db *db, const int64_t keep[AGE_KINDS], int64_t now, int64_t *gone);

#endif
