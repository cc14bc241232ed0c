/* hearing - who does not hear of a change, though a handler is bound for him.
 *
 * What:    a handler that is bound for a user (auth_type of event.bind: his own, when he is no
 *          administrator) hears of rows that this user may read, and of no others. Handlers of no user in
 *          particular and queues of offline events are an administrator's: they hear of everything.
 * Used by: crm/entity_write, crm/activity.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as rest/request.h.
 */
#ifndef RAPPORT_CRM_HEARING_H
#define RAPPORT_CRM_HEARING_H

#include "crm/entity.h"
#include "event/event.h"

/* Of the event ONCRM<entity><what> about this row, as it is now: before a row that goes is gone. Mostly no
 * handler is bound for a user, and nothing is looked up. */
enum api_rc hearing_deaf(struct request *req, const struct entity *entity, const char *what,
                         int64_t id, struct event_deaf *deaf);

#endif
