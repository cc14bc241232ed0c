/* multifield - phones, e-mail addresses, sites and messengers of leads, contacts and companies.
 *
 * What:    the only SQL for the table multifield, and the virtual fields PHONE, EMAIL, WEB, IM and
 *          LINK. Forms of writing: crm.contact.update, "Working with Multiple Fields".
 * Used by: crm/owner_rule (hooks), crm/owner_fields.h, crm/activity (resolving communications).
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h. An e-mail address that cannot be one is ERROR_CORE.
 */
#ifndef RAPPORT_CRM_MULTIFIELD_H
#define RAPPORT_CRM_MULTIFIELD_H

#include "model/entity.h"

extern const struct field_virtual multifield_virtual;

/* In `check`: refuses what cannot be stored, and on add sets HAS_PHONE, HAS_EMAIL and HAS_IMOL. */
enum api_rc multifield_check(struct change *change);
/* In `after_write`: adds, changes and removes what the caller gave; on update keeps the HAS_*
 * columns right. */
enum api_rc multifield_store(struct change *change);
enum api_rc multifield_delete_all(struct request *req, int owner_type_id, int64_t owner_id);

/* Under which type ("PHONE", "EMAIL", ...) does `value` stand at this owner? Phones are the same
 * when their digits are, addresses whatever their case. NULL when it does not stand there. */
enum api_rc multifield_first(struct request *req, int owner_type_id, int64_t owner_id,
                             const char *value, const char **type_out);

#endif
