/* observer - who watches a row: a list of users that crm.item.* shows as `observers`.
 *
 * What:    a relation that any entity may have, whatever its type: the table `observer` has the type's number.
 * Used by: descriptors.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  a user who is not there: as of any value that a field does not take.
 */
#ifndef RAPPORT_CRM_OBSERVER_H
#define RAPPORT_CRM_OBSERVER_H

#include "model/relation.h"

extern const struct relation observers;

#define OWNER_OBSERVERS                                                                            \
    {                                                                                              \
        .name = "OBSERVERS", .type = "user", .title = "Observers", .kind = FIELD_VIRTUAL,          \
        .flags = FIELD_MULTIPLE | FIELD_ITEM_ONLY, .relation = &observers                          \
    }

#endif
