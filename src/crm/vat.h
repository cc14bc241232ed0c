/* vat - tax rates.
 *
 * Used by: crm/product.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_VAT_H
#define RAPPORT_CRM_VAT_H

#include "model/codes.h"

extern const struct entity vat_entity;
/* Of fields that hold the id of one. */
extern const struct field_codes codes_vat;

#endif
