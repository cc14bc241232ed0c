/* measure - units of measure: of products by id, of product rows by code.
 *
 * Used by: crm/product, crm/product_row.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_MEASURE_H
#define RAPPORT_CRM_MEASURE_H

#include "model/codes.h"

extern const struct entity measure_entity;
/* Of fields that hold the id of one. */
extern const struct field_codes codes_measure;

/* How the unit with this code is written; NULL: there is no such one. */
enum api_rc measure_of_code(struct request *req, int64_t code, const char **symbol);

#endif
