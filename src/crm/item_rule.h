/* item_rule - what the rows of smart processes and invoices have in common: dates, stages, a title.
 *
 * What:    `check` and `after_write` of their descriptors, or parts of them. They have the fields BEGINDATE, CLOSEDATE,
 *          CURRENCY_ID, TITLE, and struct stages.
 * Used by: crm/dynamic_item, crm/smart_invoice.
 * Memory:  the change's.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ITEM_RULE_H
#define RAPPORT_CRM_ITEM_RULE_H

#include "model/entity.h"

enum api_rc item_check(struct change *change);
enum api_rc item_stored(struct change *change);

#endif
