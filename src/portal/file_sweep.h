/* file_sweep - removes content that nothing refers to.
 *
 * What:    what a killed server or a failed request left in DATA/files: half-written files, and
 *          content without a row. Young files are left alone: a request may be about to name them.
 *          What is old of the store's own (portal/age) goes in the same round.
 * Used by: app/serve, once an hour.
 * Threads: any one; rows are looked up under the store's write lock where the store has one, so that
 *          no request can take content up in between.
 * Errors:  logged; the next sweep goes on.
 */
#ifndef RAPPORT_PORTAL_FILE_SWEEP_H
#define RAPPORT_PORTAL_FILE_SWEEP_H

#include "portal/portal.h"

void file_sweep(struct portal *portal);

/* A thread that does it once an hour, until the portal's stop is asked for. */
struct file_sweeper;
struct file_sweeper *file_sweeper_start(struct portal *portal);
void file_sweeper_stop(struct file_sweeper *sweeper);

#endif
