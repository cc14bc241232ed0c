/* multifield_item - phones, addresses and messengers as crm.item.* has them: `fm`, and phoneWork, email ...
 *
 * What:    one list of all of a row's values ({id, typeId, valueType, value}) and, beside it, the first of each
 *          kind by a name of its own, for reading alone. What is given as `fm` is put into the form of the fields
 *          PHONE, EMAIL ..., which the relation of crm/multifield writes.
 * Used by: descriptors, crm/multifield.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  a list that is none: as of any value that a field does not take.
 */
#ifndef RAPPORT_CRM_MULTIFIELD_ITEM_H
#define RAPPORT_CRM_MULTIFIELD_ITEM_H

#include "model/relation.h"

extern const struct relation item_multifields;

#define OWNER_FM                                                                                   \
    {                                                                                              \
        .name = "FM", .type = "crm_multifield", .title = "FM", .kind = FIELD_VIRTUAL,              \
        .flags = FIELD_MULTIPLE | FIELD_ITEM_ONLY, .relation = &item_multifields                   \
    }

/* {"PHONE": [{ID, VALUE, VALUE_TYPE}, ...], ...} of what this call gave as fm. In a list all are new; by other
 * keys a number is the id of a value that is there. */
enum api_rc multifield_item_given(struct change *change, const struct value **given);

#endif
