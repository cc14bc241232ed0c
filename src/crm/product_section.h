/* product_section - the folders of the product catalog.
 *
 * Used by: crm/product.
 * Memory:  static.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_PRODUCT_SECTION_H
#define RAPPORT_CRM_PRODUCT_SECTION_H

#include "model/codes.h"

extern const struct entity product_section_entity;
/* Of fields that hold the id of one. */
extern const struct field_codes codes_product_section;

#endif
