/* owner - what leads, deals, contacts and companies have in common.
 *
 * What:    the four descriptors, the rules they share (responsible person, currency, stages,
 *          import, automatic titles) and their handlers with the documented order of checks.
 * Used by: crm/activity* (whose owners these are), method/crm_lead.c and its three siblings.
 * Memory:  descriptors are static; everything else is in the request's arena.
 * Threads: the lane's.
 * Errors:  as rest/request.h.
 */
#ifndef RAPPORT_CRM_OWNER_H
#define RAPPORT_CRM_OWNER_H

#include "crm/entity.h"

/* crm.enum.ownertype */
enum owner_type { OWNER_LEAD = 1, OWNER_DEAL = 2, OWNER_CONTACT = 3, OWNER_COMPANY = 4 };

extern const struct entity lead_entity, deal_entity, contact_entity, company_entity;

/* NULL for any other type. */
const struct entity *owner_entity(int type_id);
/* "LEAD", "DEAL", "CONTACT", "COMPANY"; NULL for any other type. */
const char *owner_name(int type_id);

/* ---- handlers ---- */

/* They check id before the engine does, since the texts for a bad id and for a missing row differ.
 */
enum api_rc owner_get(struct request *req, const struct entity *entity);
/* `missing`: the error when there is no such row. */
enum api_rc owner_update(struct request *req, const struct entity *entity, enum api_code code,
                         const char *missing);
enum api_rc owner_delete(struct request *req, const struct entity *entity, enum api_code code,
                         const char *missing);

/* ---- rules, for the hooks of the four ---- */

/* The part of `check` that all four share. */
enum api_rc owner_check(struct change *change);
/* The part of `after_write` that all four share: links and multifields. */
enum api_rc owner_stored(struct change *change);
/* The part of `before_delete` that all four share: links, multifields, activities. */
enum api_rc owner_deleted(struct request *req, int type_id, int64_t id);

/* On add: an absent value becomes the first entry of the field's directory. */
enum api_rc owner_first_status(struct change *change, const char *field);
/* Fills in the stage: the first one on add, the old one instead of an unknown one. *moved tells
 * that it is another than before, and then *semantics is 'P', 'S' or 'F', and the fields
 * `semantic_field`, MOVED_BY_ID and MOVED_TIME are set. */
enum api_rc owner_stage(struct change *change, const char *field, const char *semantic_field,
                        bool *moved, char *semantics);
/* COMPANY_ID of a lead or deal: a company that does not exist, or may not be read, is not taken. */
enum api_rc owner_company(struct change *change);
/* "Deal #15" for a row without a title: in `check` when the id is known, else in `after_write`. */
enum api_rc owner_title(struct change *change, const char *word);
/* True when the caller asked for import mode. */
bool owner_import(const struct request *req);
bool cell_is_empty(const struct cell *cell);

#endif
