/* property_value - the values of one property of products: a relation for each, made when the catalog is read.
 *
 * What:    PROPERTY_12 is {"valueId", "value"}, or a list of them where it is a multiple one. Given it may be the
 *          value alone. A list that is written replaces what was there; a value that comes with the id of one that was
 *          there keeps it; {"remove": "Y"} and nothing are none. Files cannot be given again, so of those a list says what
 *          changes: what it does not name stays, {valueId, value: {remove: "Y"}} goes, and so do all for an empty value.
 * Used by: crm/product_properties.
 * Memory:  properties live in the catalog's arena; the rest in the request's.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_PROPERTY_VALUE_H
#define RAPPORT_CRM_PROPERTY_VALUE_H

#include "crm/property_type.h"
#include "model/relation.h"

struct property_item {
    int64_t id;
    const char *value;
    bool is_default;
};

struct property {
    int64_t id;
    const struct property_type *type;
    struct field one; /* as if it were a field with one value of its own */
    bool multiple, required;
    const char *fallback; /* JSON; NULL: none */
    struct property_item *items;
    size_t item_count;
    struct relation relation; /* .with is this */
};

extern const struct relation_kind property_values;

#endif
