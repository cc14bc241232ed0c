/* item_parent - a relation to one row of another type, that a portal has made: PARENT_ID_2 of a smart process.
 *
 * What:    it stands in the table item_parent, since which types are parents of which changes while the server runs.
 *          One that does not exist, or that the caller may not read, is not taken (model/reference).
 * Used by: crm/dynamic_item, which makes such relations and their fields.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ITEM_PARENT_H
#define RAPPORT_CRM_ITEM_PARENT_H

#include "model/relation.h"

/* Parameters: name (of the field), to; `with` is a struct item_parent. */
extern const struct relation_kind relation_item_parent;

struct item_parent {
    int64_t child_type_id;
};

/* Rows of a type, or of one relation, name and are named no more. */
enum api_rc item_parent_forget_type(struct request *req, int64_t type_id);
enum api_rc item_parent_forget(struct request *req, int64_t parent_type_id, int64_t child_type_id);

#endif
