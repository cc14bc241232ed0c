/* property_type - what a property of products can hold: PROPERTY_TYPE and USER_TYPE.
 *
 * Used by: crm/product_property, crm/product_properties, crm/property_value.
 * Memory:  static.
 * Threads: any.
 */
#ifndef RAPPORT_CRM_PROPERTY_TYPE_H
#define RAPPORT_CRM_PROPERTY_TYPE_H

#include "model/entity.h"

struct property_type {
    const char *property, *user; /* "S", "HTML"; user "": the plain one */
    const char *description;
    const struct field_type *kind; /* of one value */
    bool list;                     /* ids of its own items */
    bool html;                     /* a text with what it is: {"TYPE": "HTML", "TEXT": ...} */
    const struct entity *of;       /* ids of rows of it */
    bool file;                     /* ids of crm/product_file */
};

/* Ends with a NULL property. */
extern const struct property_type property_types[];
/* NULL: there is no such one here. `user` may be NULL. */
const struct property_type *property_type_find(const char *property, const char *user);

#endif
