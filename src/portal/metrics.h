/* metrics - what a server counts of its work, in the text format of Prometheus.
 *
 * What:    counters and histograms that are added to as things happen; what others know at the moment of asking is written by
 *          those who know it (metrics_watch). Names by Prometheus' conventions: seconds, bytes, _total.
 * Used by: rest/pipeline, lane/, send/ and http/ add; rest/watch and http/watch_listen show them.
 * Memory:  the portal's, from metrics_open. Names of methods and codes are kept as they come: of static texts only.
 * Threads: any; adding takes no lock.
 * Errors:  none. Methods beyond 1,024 count as "other".
 */
#ifndef RAPPORT_PORTAL_METRICS_H
#define RAPPORT_PORTAL_METRICS_H

#include "base/buf.h"
#include "portal/portal.h"

struct metrics;

/* For this portal, until it is closed. Without it nothing is counted: all functions take NULL. */
void metrics_open(struct portal *portal);

/* A request was answered. `name`: of the method, or the path of the page; NULL: there is no such one. `code`: of the error, "" for
 * none. */
void metrics_call(struct metrics *metrics, const char *name, const char *code, double seconds);
/* So many jobs were written together; how long their commit took. */
void metrics_commit(struct metrics *metrics, size_t jobs, double seconds);
/* The store did not do what it was asked, and why (static text). */
void metrics_store_error(struct metrics *metrics, const char *kind);
/* Of events and e-mails on their way: taken, refused, given up (static texts). */
void metrics_delivery(struct metrics *metrics, const char *kind, const char *outcome);
void metrics_fault(struct metrics *metrics);
/* Was a credential known without asking the store? */
void metrics_credential(struct metrics *metrics, bool cached);

/* `write` adds lines of its own whenever they are asked for, until metrics_forget of the same context. */
void metrics_watch(struct metrics *metrics, void (*write)(void *context, struct buf *out),
                   void *context);
void metrics_forget(struct metrics *metrics, void *context);
/* All of it. */
void metrics_write(struct metrics *metrics, struct buf *out);

/* For those who write: # HELP and # TYPE, then a line of one number. */
void metrics_head(struct buf *out, const char *name, const char *type, const char *help);
void metrics_number(struct buf *out, const char *name, const char *type, const char *help,
                    double number);

#endif
