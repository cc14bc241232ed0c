/* dynamic_item - what a row of a smart process is: one descriptor, of which each type has its own copy.
 *
 * What:    a type's copy has its number, title and table, no fields of what is not switched on, and a field for each
 *          type of parents. The tables it needs.
 * Used by: crm/dynamic_type, method/crm_type.
 * Memory:  a copy lives in the arena it is made in.
 * Threads: any.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_DYNAMIC_ITEM_H
#define RAPPORT_CRM_DYNAMIC_ITEM_H

#include "crm/dynamic_type.h"

/* `names` is where its names in the item dialect are kept. */
struct entity *dynamic_item_make(struct arena *arena, const struct dynamic_type *type,
                                 struct names_slot *names);
/* A copy of an entity whose rows may name rows of other types, too. `to(with, type_id)` finds the parent. */
const struct entity *dynamic_item_with_parents(struct arena *arena, const struct entity *entity,
                                               const struct entity *const *parents, size_t count,
                                               struct names_slot *names);

/* Makes the tables of a new type; lets them go. */
enum api_rc dynamic_item_make_tables(struct request *req, int64_t id);
enum api_rc dynamic_item_drop_tables(struct request *req, int64_t id);

#endif
