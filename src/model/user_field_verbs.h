/* user_field_verbs - crm.deal.userfield.add, get, list, update, delete, and those of every other entity.
 *
 * What:    an entity whose crud says CRUD_USER_FIELDS has these five; texts and answers are those of the pages
 *          crm/deals/user-defined-fields/. Writing is for administrators, reading for whoever may read the entity.
 * Used by: model/method_table; method/user_userfield, which lists in the same way.
 * Memory:  methods stay for the process.
 * Threads: the lane's.
 * Errors:  "ID is not defined or invalid.", "Access denied.", ERROR_NOT_FOUND, those of model/user_field_write.
 */
#ifndef RAPPORT_MODEL_USER_FIELD_VERBS_H
#define RAPPORT_MODEL_USER_FIELD_VERBS_H

#include "model/crud.h"
#include "model/user_field_write.h"

size_t user_field_verb_count(const struct crud *crud);
/* Writes that many methods. */
void user_field_verbs(const struct crud *crud, struct method *methods);

/* The field that `id` names: one of this object. */
enum api_rc user_field_named(struct request *req, const char *entity_id,
                             const struct user_field **field);
/* The list of an object's fields by `filter` and `order`, in upper case; LANG of the filter adds labels. */
enum api_rc user_field_answer_list(struct request *req, const char *entity_id);

#endif
