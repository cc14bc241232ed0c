/* directory - the directories of codes that fields hold: stages, sources, types of clients.
 *
 * What:    which directories there are (of stages one for each funnel, as funnels come and go), by their names.
 * Used by: crm/status, method/crm_status.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_DIRECTORY_H
#define RAPPORT_CRM_DIRECTORY_H

#include "crm/category.h"
#include "crm/stage.h"

struct directory {
    const char *id; /* "DEAL_STAGE_5": ENTITY_ID of its entries */
    const char *name;
    size_t code_max;             /* longest STATUS_ID */
    const struct entity *entity; /* whose stages; NULL for others */
    const char *prefix;          /* of its codes, "C5"; "" for none */
    /* Codes of the stages that always are there, if they are known by name; else NULL. */
    const char *start, *success, *failure;
    bool has_funnel;
    struct category funnel;
};

enum api_rc directory_find(struct request *req, const char *id, struct directory *directory,
                           bool *found);
/* All there are. */
enum api_rc directory_list(struct request *req, struct directory **list, size_t *count);

#endif
