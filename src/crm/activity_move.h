/* activity_move - the activities of a row that is merged into another one of its entity.
 *
 * Used by: crm/activity (the kind relation_activities).
 * Threads: the write lane's.
 * Errors:  the store's trouble only.
 */
#ifndef RAPPORT_CRM_ACTIVITY_MOVE_H
#define RAPPORT_CRM_ACTIVITY_MOVE_H

#include "model/relation.h"

/* Bindings, owners and communications that name `from` name `into`; relation_kind.move. */
enum api_rc activity_move(struct request *req, const struct entity *entity,
                          const struct relation *relation, int64_t from, int64_t into);

#endif
