/* currency - the currencies of a portal: which there are, which is the base, what one is worth.
 *
 * What:    the only SQL for the table currency. A currency is named by its code; rates are to
 *          the base currency, which is also the one that amounts are reported in.
 * Used by: crm/owner_fields, crm/owner_rule, crm/product_account, crm/account.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_CURRENCY_H
#define RAPPORT_CRM_CURRENCY_H

#include "model/codes.h"

/* Is there a currency of this code? No lock: what rows name stays valid when a currency goes. */
enum api_rc currency_known(struct request *req, const char *code, bool *known);
/* The code of the base currency. */
enum api_rc currency_base(struct request *req, const char **code);

/* What a unit of it is worth in the base currency; 1 where there is no such currency. */
enum api_rc currency_rate(struct request *req, const char *code, double *rate);

/* Codes of fields that hold a currency, in capital letters: "usd" is a dollar. */
extern const struct field_codes codes_currency;

#endif
