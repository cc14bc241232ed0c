/* product_account - prices of product rows in the currency that amounts are reported in, the base.
 *
 * What:    made when it is shown, of the owner's currency and its rate: nothing has to be written when a rate changes.
 * Used by: crm/product_row, crm/product_row_all.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_PRODUCT_ACCOUNT_H
#define RAPPORT_CRM_PRODUCT_ACCOUNT_H

#include "model/relation.h"

/* PRICE_ACCOUNT of a row. */
extern const struct relation product_account;

/* What a unit of the owner's currency is worth in the base; `owner` NULL: 1. */
enum api_rc product_account_rate(struct request *req, const struct entity *owner, int64_t id,
                                 double *rate);

#endif
