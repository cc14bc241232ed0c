/* user_field_write - custom fields are made, changed and removed.
 *
 * What:    takes what a caller says of a field, by the names of crm.userfield.fields (FIELD_NAME, USER_TYPE_ID,
 *          SETTINGS, LIST ...), checks it, writes the registry, has the catalog make the place for its values, and
 *          tells the event. Pages: crm/deals/user-defined-fields/.
 * Used by: model/user_field_verbs, method/userfieldconfig, method/user_userfield, app/command_field.
 * Memory:  the request's arena.
 * Threads: the write lane's, in a change of the schema (`.schema` of the method).
 * Errors:  those of the pages: "The 'FIELD_NAME' field is not found.", ERROR_CORE.
 */
#ifndef RAPPORT_MODEL_USER_FIELD_WRITE_H
#define RAPPORT_MODEL_USER_FIELD_WRITE_H

#include "model/user_field.h"

#define USER_FIELD_MOST 300 /* of one object */
#define USER_FIELD_NAME_CHARS 50

/* The full name of what the caller calls FIELD_NAME: "note" is UF_CRM_NOTE. */
const char *user_field_name(struct request *req, const struct user_field_owner *owner,
                            const char *given);
enum api_rc user_field_add(struct request *req, const struct user_field_owner *owner,
                           const struct value *fields, int64_t *id);
enum api_rc user_field_update(struct request *req, const struct user_field_owner *owner,
                              const struct user_field *field, const struct value *fields);
enum api_rc user_field_remove(struct request *req, const struct user_field_owner *owner,
                              const struct user_field *field);

#endif
