/* owner_rule - what leads, deals, contacts, companies and others have in common.
 *
 * What:    the rules they share: responsible person, currency, stages, import, automatic titles.
 * Used by: descriptors (crm/) whose rows belong to a responsible person.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_OWNER_RULE_H
#define RAPPORT_CRM_OWNER_RULE_H

#include "crm/owner.h"

/* ---- rules, for the hooks of descriptors ---- */

/* The part of `check` that all share; of fields that an entity has not it asks nothing. It needs ASSIGNED_BY_ID. */
enum api_rc owner_check(struct change *change);
/* Parts of it: somebody is responsible; amounts have the base currency. */
void owner_assigned(struct change *change);
enum api_rc owner_currency(struct change *change);
/* On add: an absent value becomes the first entry of the field's directory. */
enum api_rc owner_first_status(struct change *change, const char *field);
/* On add: who offers it is the first of the portal's own companies (MYCOMPANY_ID). */
enum api_rc owner_my_company(struct change *change);
/* "Deal #15" for a row without a title: in `check` when the id is known, else in `after_write`. */
enum api_rc owner_title(struct change *change, const char *word);

#endif
