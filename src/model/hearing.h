/* hearing - who does not hear of a change, though a handler is bound for him.
 *
 * What:    a handler that is bound for a user (auth_type of event.bind: his own, when he is no
 *          administrator) hears of rows that this user may read, and of no others. Handlers of no user in
 *          particular and queues of offline events are an administrator's: they hear of everything.
 * Used by: model/entity_write, crm/activity.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_HEARING_H
#define RAPPORT_MODEL_HEARING_H

#include "model/entity.h"
#include "portal/event.h"

/* Of the event ONCRM<entity><what> about this row, as it is now: before a row that goes is gone. Mostly no
 * handler is bound for a user, and nothing is looked up. */
enum api_rc hearing_deaf(struct request *req, const struct entity *entity, const char *what,
                         int64_t id, struct event_deaf *deaf);
/* Pages that follow the changes (portal/feed) are told of this one: add, update, delete; those of users who may read the
 * row as it is now. Mostly nobody follows. */
enum api_rc hearing_follow(struct request *req, const struct entity *entity, const char *kind,
                           int64_t id);

#endif
