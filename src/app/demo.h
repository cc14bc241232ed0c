/* demo - believable data for a new portal.
 *
 * What:    eight users, six departments, sixty each of companies, contacts, leads and deals with
 *          ids from 1, and four hundred activities around the day given, in English and Russian.
 *          What test suites of clients presuppose of a portal is there.
 * Used by: app/ (--demo), tests, bench.
 * Memory:  the request's arena.
 * Threads: the caller's; inside the caller's write transaction.
 * Errors:  as portal/request.h. On failure the caller rolls back.
 */
#ifndef RAPPORT_APP_DEMO_H
#define RAPPORT_APP_DEMO_H

#include "portal/request.h"

/* `today`: midnight UTC of the day the data is built around; the same day gives the same data. The
 * request is an administrator's, whose row gets a name. */
enum api_rc demo_fill(struct request *req, int64_t today);

#endif
