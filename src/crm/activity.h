/* activity - the activity: a call, a meeting, an e-mail in the timeline of its owners.
 *
 * What:    the descriptor, and its rules. Its parts in other tables are crm/activity_parts's and
 *          crm/activity_file's.
 *          Pages: api-reference/crm/timeline/activities/activity-base.
 * Used by: method/crm_activity, the owners' delete, app/demo.
 * Memory:  the request's arena.
 * Threads: the lane's.
 */
#ifndef RAPPORT_CRM_ACTIVITY_H
#define RAPPORT_CRM_ACTIVITY_H

#include "crm/activity_parts.h"

extern const struct entity activity_entity;
/* The description of a communication's fields, for crm.activity.communication.fields. */
extern const struct field activity_communication_fields[];
extern const size_t activity_communication_field_count;

#endif
