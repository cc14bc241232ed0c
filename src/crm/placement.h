/* placement - the places that applications fill: codes, and which of them a portal has.
 *
 * What:    a place is known by its code. Those of cards and lists follow from the entities of the portal
 *          (CRM_DEAL_DETAIL_TAB, CRM_DYNAMIC_1030_LIST_MENU); the others stand in a table. Pages:
 *          api-reference/widgets/placements, placement-bind.
 * Used by: method/placement.
 * Memory:  what is found is the request's.
 * Threads: the lane's.
 * Errors:  none.
 */
#ifndef RAPPORT_CRM_PLACEMENT_H
#define RAPPORT_CRM_PLACEMENT_H

#include "portal/request.h"

struct placement {
    const char *code;
    const char *scope;  /* beside `placement`; NULL: none */
    const char *option; /* of OPTIONS that must be given; NULL: none */
    bool once;          /* an application may fill it once */
    bool personal;      /* for one user, with USER_ID */
};

/* False when the portal has no such place; codes are compared without regard to case. */
bool placement_find(struct request *req, const char *code, struct placement *found);
/* Calls `each` for all that there are. */
void placement_each(struct request *req,
                    void (*each)(struct request *req, const struct placement *place));

#endif
