/* event_kind - the events that can be bound in a portal.
 *
 * What:    those of the program's own list (EVENT_KIND), and ONCRM...ADD, UPDATE, DELETE of every entity whose
 *          descriptor names events; those of types made at run time with them.
 * Used by: method/event, app/ (rapport hook), tests.
 * Memory:  the catalog's; without one, the program's.
 * Threads: any.
 */
#ifndef RAPPORT_MODEL_EVENT_KIND_H
#define RAPPORT_MODEL_EVENT_KIND_H

#include "portal/event.h"

struct event_kinds {
    const struct event_kind *const *kinds; /* by name */
    size_t count;
};

/* Those of the request's catalog; where none is pinned, those that every portal has. */
const struct event_kinds *event_kinds_of(const struct request *req);
/* Without regard to case; NULL when there is no such event here. */
const struct event_kind *event_kind_find(const struct request *req, const char *name);

#endif
