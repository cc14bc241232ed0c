/* product_catalog - the catalog that products and their sections are in.
 *
 * Used by: crm/product_section, crm/product.
 * Memory:  static.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_PRODUCT_CATALOG_H
#define RAPPORT_CRM_PRODUCT_CATALOG_H

#include "model/codes.h"

#define PRODUCT_CATALOG_ID "1" /* of the one there is: what rows have that name none */

/* Of fields that hold the id of one. */
extern const struct field_codes codes_product_catalog;

#endif
