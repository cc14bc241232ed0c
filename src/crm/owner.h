/* owner - leads, deals, contacts and companies by their number: what activities belong to.
 *
 * What:    the four descriptors, found by their type in crm.enum.ownertype. What they have in common is
 *          crm/owner_rule's.
 * Used by: crm/, app/.
 * Memory:  descriptors are static.
 * Threads: any.
 */
#ifndef RAPPORT_CRM_OWNER_H
#define RAPPORT_CRM_OWNER_H

#include "model/entity.h"

/* crm.enum.ownertype */
enum owner_type { OWNER_LEAD = 1, OWNER_DEAL = 2, OWNER_CONTACT = 3, OWNER_COMPANY = 4 };

extern const struct entity lead_entity, deal_entity, contact_entity, company_entity;

/* NULL for any other type. */
const struct entity *owner_entity(int type_id);
/* "LEAD", "DEAL", "CONTACT", "COMPANY"; NULL for any other type. */
const char *owner_name(int type_id);

#endif
