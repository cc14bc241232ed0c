/* user_field_list - the items of a field of the type enumeration (LIST).
 *
 * Used by: model/user_field_write.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  ERROR_CORE: an XML_ID that another item has.
 */
#ifndef RAPPORT_MODEL_USER_FIELD_LIST_H
#define RAPPORT_MODEL_USER_FIELD_LIST_H

#include "model/user_field.h"

/* {VALUE, SORT, DEF, XML_ID} each; those without VALUE are left out. *changed is set where there are any. */
enum api_rc user_field_list_add(struct request *req, int64_t field_id, bool multiple,
                                const struct value *list, bool *changed);
/* Those with an ID are changed, with DEL removed; the others are new. Items that are not named stay. */
enum api_rc user_field_list_update(struct request *req, const struct user_field *field,
                                   const struct value *list, bool *changed);

#endif
