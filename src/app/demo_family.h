/* demo_family - what the demo has beside activities as such: the words of its first call that is over,
 * and activity 89 in the timeline of lead 43, where test suites of SDKs look for it.
 *
 * Used by: app/demo.
 * Memory:  nothing is kept.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_APP_DEMO_FAMILY_H
#define RAPPORT_APP_DEMO_FAMILY_H

#include "portal/request.h"

enum api_rc demo_family(struct request *req);

#endif
