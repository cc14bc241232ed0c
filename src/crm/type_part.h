/* type_part - what a smart process has beside its row: parents and children, fields it is linked to, workplaces.
 *
 * What:    the relations of the entity that crm.type.* is about (method/crm_type).
 * Used by: method/crm_type.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_TYPE_PART_H
#define RAPPORT_CRM_TYPE_PART_H

#include "model/relation.h"

/* Fields RELATIONS and CUSTOM_SECTIONS. */
extern const struct relation type_relations, type_sections;

/* LINKED_USER_FIELDS as it is kept: each field that can be linked, "Y" or "N". */
enum api_rc type_linked_take(struct request *req, const struct value *given, struct cell *cell);

#endif
