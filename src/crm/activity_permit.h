/* activity_permit - who may do what with activities.
 *
 * What:    an activity is read and changed by whoever may read or change one of the entities it is bound
 *          to, or is responsible for it, and deleted by whoever may change its owner: a binding more gives
 *          no right to delete.
 * Used by: crm/activity (its descriptor), crm/activity_*, crm/owner_rule.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as model/permit.h.
 */
#ifndef RAPPORT_CRM_ACTIVITY_PERMIT_H
#define RAPPORT_CRM_ACTIVITY_PERMIT_H

#include "model/permit.h"

extern const struct permit activity_permit;

/* Does the caller hear at all which activities exist? Not with the level none for all four types: of
 * reading, and of updating when the action changes something. */
bool activity_permit_hears(const struct caller *caller, enum access_action action);
/* An activity by id. Whoever may everything is FREE to all ids: nothing is looked up. */
enum api_rc activity_permit_sight(struct request *req, int64_t id, enum access_action action,
                                  enum permit_sight *sight);
/* The owner of activities changed hands, or its funnel: its bindings follow. */
enum api_rc activity_permit_handed_over(struct request *req, int type_id, int64_t id,
                                        const struct permit_whose *whose);
/* Appends the responsible person and the funnel of the owner whose id is `id`, as a binding keeps them: two
 * expressions. `owner` NULL: zeros. */
void activity_permit_sql_whose(struct buf *sql, const struct entity *owner, const char *id);
/* For filters: the joined bindings `b` are to something that the caller may read. */
void activity_permit_bindings(struct query *query);

/* ---- between the two files: lists (crm/activity_permit_list.c) ---- */

void activity_permit_list(struct query *query);
extern const struct permit_index activity_permit_index;

#endif
