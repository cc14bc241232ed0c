/* link - who belongs to whom: contacts of leads and deals, companies of contacts.
 *
 * What:    the only SQL for lead_contact, deal_contact and contact_company, and the virtual fields
 *          CONTACT_IDS, COMPANY_IDS and a company's CONTACT_ID. The first of a list is the main one
 *          and stands in the owner's own column (CONTACT_ID, COMPANY_ID) too. The order is that of the
 *          contact's, lead's or deal's list: a company that takes a contact comes last in his.
 * Used by: crm/owner_rule, crm/owner_fields.h.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h. Ids of rows that do not exist, or that the caller may not read
 *          (crm/reference), are left out without an error.
 */
#ifndef RAPPORT_CRM_LINK_H
#define RAPPORT_CRM_LINK_H

#include "model/entity.h"

extern const struct field_virtual link_virtual;

/* In `check`: reads the caller's list or main id, leaves out what does not exist, and sets the
 * column of the main one. */
enum api_rc link_check(struct change *change);
/* In `after_write`: writes what link_check found. */
enum api_rc link_store(struct change *change);
/* In `before_delete`: nothing points at this row any more. */
enum api_rc link_owner_deleted(struct request *req, int type_id, int64_t id);

#endif
