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

/* One kind of directory (crm.status.entity.types). */
struct status_type {
    const char *id; /* "DEAL_STAGE" */
    const char *name;
    int owner_type_id;                     /* of stages; 0 for others */
    const char *start, *success, *failure; /* codes of the stages that always are there */
    size_t code_max;                       /* longest STATUS_ID */
};

extern const struct status_type status_types[]; /* ends with a NULL id */
const struct status_type *status_type_find(const char *id);

extern const struct entity status_entity;

enum api_rc status_list(struct request *req);
enum api_rc status_items(struct request *req, const char *directory);
/* Fails while a lead or deal stands in this stage, and for a system entry unless `forced`. Reads
 * the parameter id again. */
enum api_rc status_delete(struct request *req, int64_t id, bool forced);

#endif
