/* product - what is sold: the products of the catalog.
 *
 * Used by: crm/product_row.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_PRODUCT_H
#define RAPPORT_CRM_PRODUCT_H

#include "model/codes.h"

extern const struct entity product_entity;

#endif
