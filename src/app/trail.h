/* trail - what commands change stands in the portal's trail (portal/audit), too.
 *
 * What:    command_open notes a command that may write before it does: should it be killed, the trail knows of it. One that fails
 *          is told to have failed: it may have done a part.
 * Used by: app/main, app/command.
 * Memory:  none that is the caller's.
 * Threads: the program's first.
 * Errors:  false, with a sentence in `why`.
 */
#ifndef RAPPORT_APP_TRAIL_H
#define RAPPORT_APP_TRAIL_H

#include "portal/portal.h"

/* Which command runs: before it. */
void trail_begin(int argc, char **argv);
bool trail_note(const struct portal *portal, const char *data, const char *store, struct db *db,
                struct buf *why);
/* Behind it, with what it returned. */
void trail_end(int code);

#endif
