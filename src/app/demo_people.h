/* demo_people - who works in the demo's company, and in which department.
 *
 * Used by: app/demo.
 * Memory:  nothing is kept.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_APP_DEMO_PEOPLE_H
#define RAPPORT_APP_DEMO_PEOPLE_H

#include "portal/request.h"

#define DEMO_DAY 86400

enum { DEMO_PEOPLE = 8 };

/* An instant of a day before or after `today`, a midnight, by the portal's clock. */
int64_t demo_moment(const struct request *req, int64_t today, int day, int minutes);
/* ids: of the people, in their order; the first is the caller, the last one has left. */
enum api_rc demo_people(struct request *req, int64_t today, int64_t ids[DEMO_PEOPLE]);

#endif
