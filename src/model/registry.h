/* registry - every entity there is in a portal, and one of them by its number or code.
 *
 * What:    a descriptor's file says ENTITY(deal_entity); and the build lists it: nobody keeps a list by hand.
 * Used by: whoever has to do with "an entity of that type": crm/ (references, activities), app/ (roles).
 * Memory:  the request's catalog's; where none is pinned they are the program's, which are static.
 * Threads: any.
 */
#ifndef RAPPORT_MODEL_REGISTRY_H
#define RAPPORT_MODEL_REGISTRY_H

#include "model/entity.h"

/* In the descriptor's file, a line of its own; cmake/registry.sh reads it. */
#define ENTITY(name) extern const struct entity name

/* Of crm.enum.ownertype; NULL for a number that is no entity's. */
const struct entity *entity_of_type(const struct request *req, int64_t type_id);
/* "DEAL", without regard to case; NULL. */
const struct entity *entity_of_code(const struct request *req, const char *code);
/* All that this request may meet; ends with NULL. */
const struct entity *const *entity_all(const struct request *req);

#endif
