/* multifield - phones, e-mail addresses, sites and messengers of leads, contacts and companies.
 *
 * What:    the only SQL for the table multifield, and the virtual fields PHONE, EMAIL, WEB, IM and
 *          LINK. Forms of writing: crm.contact.update, "Working with Multiple Fields".
 * Used by: descriptors, crm/owner_fields.h, crm/communication (resolving communications).
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h. An e-mail address that cannot be one is ERROR_CORE.
 */
#ifndef RAPPORT_CRM_MULTIFIELD_H
#define RAPPORT_CRM_MULTIFIELD_H

#include "model/relation.h"

/* The relation of an entity with fields PHONE, EMAIL, WEB, IM, LINK and columns has_phone, has_email, has_imol. What
 * is told of an address that is none: the field by the kind of address, or of organizations plainly. */
extern const struct relation multifields, multifields_of_organization;

bool multifield_has(const struct entity *entity);
/* What a value of this type is found by: "+7 (495) 1234567" as PHONE by "74951234567". */
const char *multifield_key(struct arena *arena, const char *type, const char *value, size_t len,
                           size_t *key_len);

/* Under which type ("PHONE", "EMAIL", ...) does `value` stand at this owner? Phones are the same
 * when their digits are, addresses whatever their case. NULL when it does not stand there. */
enum api_rc multifield_first(struct request *req, const struct entity *entity, int64_t owner_id,
                             const char *value, const char **type_out);

#endif
