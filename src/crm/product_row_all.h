/* product_row_all - all product rows of an owner at once: written, shown.
 *
 * Used by: method/crm_productrow.c, method/crm_item_productrow.c.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_PRODUCT_ROW_ALL_H
#define RAPPORT_CRM_PRODUCT_ROW_ALL_H

#include "model/entity.h"

/* Replaces all rows of an owner: those with an ID of one of its rows are changed, the others are new. Names of
 * fields are the descriptor's. */
enum api_rc product_row_set(struct request *req, const struct entity *owner, int64_t id,
                            const struct value *rows);

/* One more. */
enum api_rc product_row_add(struct request *req, const struct entity *owner, int64_t owner_id,
                            const struct value *given, int64_t *id);

/* Writes all rows of an owner as a list, as crm.deal.productrows.get has them or, in the item dialect, as
 * crm.item.productrow.list does. */
enum api_rc product_row_write(struct request *req, const struct entity *owner, int64_t id);

#endif
