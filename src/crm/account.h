/* account - amounts of a row in the currency that they are reported in, the base: opportunityAccount, taxValueAccount
 * and accountCurrencyId of crm.item.*.
 *
 * What:    made when they are shown, of OPPORTUNITY, TAX_VALUE and CURRENCY_ID: nothing has to be written when a rate
 *          or the base changes. They can be read, and neither written nor filtered by.
 * Used by: descriptors of what has an amount, by ACCOUNT_AMOUNTS in their fields.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ACCOUNT_H
#define RAPPORT_CRM_ACCOUNT_H

#include "model/relation.h"

extern const struct relation account_amounts;

#define ACCOUNT_AMOUNT(NAME, TYPE, FLAGS, RELATION)                                                \
    {                                                                                              \
        .name = NAME, .type = TYPE, .title = NAME, .kind = FIELD_VIRTUAL,                          \
        .flags = FIELD_ITEM_ONLY | FIELD_READ_ONLY | (FLAGS), .relation = RELATION                 \
    }
/* The first writes all three: they are made of the same columns. */
#define ACCOUNT_AMOUNTS                                                                            \
    ACCOUNT_AMOUNT("OPPORTUNITY_ACCOUNT", "double", FIELD_IN_LIST, &account_amounts),              \
        ACCOUNT_AMOUNT("TAX_VALUE_ACCOUNT", "double", 0, NULL),                                    \
        ACCOUNT_AMOUNT("ACCOUNT_CURRENCY_ID", "crm_currency", 0, NULL)

#endif
