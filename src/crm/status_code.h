/* status_code - is a code an entry of its directory, and what does it mean there.
 *
 * What:    the look-ups in crm_status by which rules of other entities know a code.
 * Used by: crm/owner_fields, crm/owner_rule, crm/stage_step, crm/status.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_STATUS_CODE_H
#define RAPPORT_CRM_STATUS_CODE_H

#include "model/codes.h"

/* The entry's group: 'P' in progress, 'S' success, 'F' failure; 0 when there is no such entry. */
enum api_rc status_semantics(struct request *req, const char *directory, const char *code,
                             char *semantics);
/* The code that sorts first; NULL when the directory is empty. */
enum api_rc status_first(struct request *req, const char *directory, const char **code);

/* Codes of the directory that the field's status_type names. */
extern const struct field_codes codes_status;

#endif
