/* item_fields - rows of a field table that are there for crm.item.* alone.
 *
 * What:    entityTypeId, and the names that the original tells as null in every item (out of use, or its own).
 * Used by: descriptors.
 * Memory:  static.
 * Threads: the lane's.
 */
#ifndef RAPPORT_MODEL_ITEM_FIELDS_H
#define RAPPORT_MODEL_ITEM_FIELDS_H

#include "model/relation.h"

extern const struct relation item_type, item_nulls;

#define ITEM_TYPE                                                                                  \
    {                                                                                              \
        .name = "ENTITY_TYPE_ID", .type = "integer", .title = "ENTITY_TYPE_ID",                    \
        .kind = FIELD_VIRTUAL, .flags = FIELD_ITEM_ONLY | FIELD_HIDDEN | FIELD_READ_ONLY,          \
        .relation = &item_type                                                                     \
    }
/* NAMES: "login icq". */
#define ITEM_NULLS(NAMES)                                                                          \
    {                                                                                              \
        .name = "ITEM_NULLS", .type = "string", .title = "ITEM_NULLS", .kind = FIELD_VIRTUAL,      \
        .flags = FIELD_ITEM_ONLY | FIELD_HIDDEN | FIELD_READ_ONLY, .fallback = NAMES,              \
        .relation = &item_nulls                                                                    \
    }

#endif
