/* hearing - who does not hear of a change, though a handler is bound for him.
 *
 * What:    a handler that is bound for a user (auth_type of event.bind: his own, when he is no
 *          administrator) hears of rows that this user may read, and of no others. Handlers of no user in
 *          particular and queues of offline events are an administrator's: they hear of everything.
 * Used by: model/entity_write, crm/activity.
 * Memory:  the request's arena; what is known of who follows: the portal.
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
 * row as it is now, or as `row` says (NULL: it is looked at). Mostly nobody follows. What roles say of who follows
 * is believed for a second, as with a credential. */
enum api_rc hearing_follow(struct request *req, const struct entity *entity, const char *kind,
                           int64_t id, const struct cell *row);
/* Before an update: those who may read the row as it was, and perhaps not as it will be. `mark` for hearing_after. */
enum api_rc hearing_before(struct request *req, const struct entity *entity, int64_t id,
                           const struct cell *old, size_t *mark);
/* What hearing_before told is not told twice. */
enum api_rc hearing_after(struct request *req, const struct entity *entity, int64_t id,
                          const struct cell *now, size_t mark);

#endif
