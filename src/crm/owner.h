/* owner - what activities belong to: leads, deals, contacts, companies, and whatever else says so.
 *
 * What:    an entity whose relations hold `activities` (crm/activity) can own them. What leads, deals, contacts and
 *          companies have in common is crm/owner_rule's.
 * Used by: crm/, app/.
 * Memory:  descriptors are static.
 * Threads: any.
 */
#ifndef RAPPORT_CRM_OWNER_H
#define RAPPORT_CRM_OWNER_H

#include "model/relation.h"

/* crm.enum.ownertype */
enum owner_type { OWNER_LEAD = 1, OWNER_DEAL = 2, OWNER_CONTACT = 3, OWNER_COMPANY = 4 };

extern const struct entity lead_entity, deal_entity, contact_entity, company_entity, quote_entity;

/* How a row is called in the communications of activities (ENTITY_SETTINGS): a statement with the row's id as its
 * parameter and the row's table as `t`, and the keys of its columns. */
struct owner_called {
    const char *sql;
    const char *const *keys; /* ends with NULL */
};

/* Activities that belong to a row: they go with it when they are bound to nothing else, and their bindings know
 * its responsible person. `with` is a struct owner_called. The kind is crm/activity's. */
extern const struct relation_kind relation_activities;
const struct owner_called *owner_called(const struct entity *entity);

/* The companies of a contact; a company's contacts are its inverse. */
extern const struct relation contact_companies;

/* NULL for a number that is none of an entity that can own activities. */
const struct entity *owner_entity(const struct request *req, int64_t type_id);

#endif
