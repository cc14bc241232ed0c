/* product_row - what is sold with a lead, a deal ...: the descriptor of a row of products.
 *
 * Used by: crm/product_row_all; the methods of product rows.
 * Memory:  static.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_PRODUCT_ROW_H
#define RAPPORT_CRM_PRODUCT_ROW_H

#include "model/entity.h"

extern const struct entity product_row_entity;

#endif
