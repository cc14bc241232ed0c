/* change - a row is added, changed or removed: the steps of it as one list.
 *
 * What:    what every write of every entity goes through, in this order:
 *
 *            hear       pages of those who may read the row as it was (model/hearing)
 *            take       the caller's values over what is there
 *            defaults   of fields that are empty
 *            stamp      when, and by whom
 *            side       are the portal's own fields filled in that must be?
 *            codes      of directories, currencies, users: are they there (model/codes)
 *            check      the entity's own rules (entity->check)
 *            relations  what the caller gave of them, and what it names (relation->kind->parse, check)
 *            settle     what follows from all that (entity->settle)
 *            row        the row itself; entity->after_write
 *            side       the portal's own fields of it (model/side)
 *            parts      the relations' tables (relation->kind->store)
 *            history    entity->history
 *            duplicates entity->duplicates
 *            timeline   entity->timeline
 *            tell       the event ONCRM<entity->event>ADD, UPDATE; pages that follow the changes
 *
 *          and of a row that goes: hear, check, parts, others (whose relations name it), history, duplicates,
 *          timeline, row, tell. A step that the descriptor names nothing for is not there.
 * Used by: model/entity_write; hooks of descriptors; kinds of relations.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h; the first step that fails ends it. API_KEPT of `parts`: refused, but done.
 */
#ifndef RAPPORT_MODEL_CHANGE_H
#define RAPPORT_MODEL_CHANGE_H

#include "model/relation.h"

/* What another part of the house does with every change of an entity: stage history, the index of duplicates,
 * the timeline. A descriptor names it, or it is not done. */
struct change_part {
    enum api_rc (*store)(struct change *change);
    enum api_rc (*remove)(struct request *req, const struct entity *entity, int64_t id);
};

/* All of the steps. change->now (and on update change->old) is there. */
enum api_rc change_run(struct change *change);
/* All of the steps by which a row goes; nobody is asked whether he may. `by_caller`: entity->before_delete has
 * its say. */
enum api_rc change_remove(struct request *req, const struct entity *entity, int64_t id,
                          bool by_caller);

#endif
