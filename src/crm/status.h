/* status - the directories: stages, sources, types of clients.
 *
 * What:    the only SQL for crm_status: but for crm/directory's: its descriptor, and the list, which
 *          unlike other lists comes in one piece.
 * Used by: method/crm_status.c.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_STATUS_H
#define RAPPORT_CRM_STATUS_H

#include "model/entity.h"

extern const struct entity status_entity;

enum api_rc status_list(struct request *req);
enum api_rc status_items(struct request *req, const char *directory);
/* Fails while a lead or deal stands in this stage, and for a system entry unless `forced`. Reads
 * the parameter id again. */
enum api_rc status_delete(struct request *req, int64_t id, bool forced);

#endif
