/* dynamic_catalog - smart processes as entities of a portal's catalog, and the fields by which rows name their parents.
 *
 * What:    two parts of the catalog: the types, each with its entity; and, once all entities are there, the fields
 *          PARENT_ID_<type> of those that may have parents, whatever they are.
 * Used by: the catalog, which calls it; method/crm_type.
 * Memory:  the catalog's arena.
 * Threads: that which loads a catalog; any read.
 * Errors:  the store's.
 */
#ifndef RAPPORT_CRM_DYNAMIC_CATALOG_H
#define RAPPORT_CRM_DYNAMIC_CATALOG_H

#include "crm/dynamic_item.h"

/* The types that the request's portal has made, by id. */
const struct dynamic_type *dynamic_types(const struct request *req, size_t *count);

#endif
