/* activity_family - what the methods beside crm.activity.add and update share.
 *
 * What:    an activity's head (what their rules look at), its owner, its bindings, and values for
 *          entity_create and entity_change.
 * Used by: method/crm_activity_todo.c, crm_activity_binding.c and their siblings.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h; each function names its codes.
 */
#ifndef RAPPORT_CRM_ACTIVITY_FAMILY_H
#define RAPPORT_CRM_ACTIVITY_FAMILY_H

#include "crm/activity_parts.h"
#include "people/access.h"

struct activity_head {
    int64_t id, owner_type_id, owner_id, type_id;
    bool completed, incoming, has_deadline;
    const char *provider_id, *provider_type_id;
    const char *settings; /* JSON; "" for none */
};

/* *found is false when there is no such activity; *head is left alone then. */
enum api_rc activity_head_read(struct request *req, int64_t id, struct activity_head *head,
                               bool *found);
/* The same of an activity with which the caller may do it: ITEM_DENIED, or ITEM_NOT_FOUND with the
 * page's text. */
enum api_rc activity_find(struct request *req, int64_t id, enum access_action action,
                          struct activity_head *head, const char *missing);
/* OWNER_NOT_FOUND when it is no lead, deal, contact or company that the caller may read; ITEM_DENIED when
 * he may not do it with this one. activity_owner_find: may not update it. */
enum api_rc activity_owner_look(struct request *req, int64_t type_id, int64_t id,
                                enum access_action action);
enum api_rc activity_owner_find(struct request *req, int64_t type_id, int64_t id);
enum api_rc activity_is_bound(struct request *req, int64_t activity_id, int64_t type_id, int64_t id,
                              bool *bound);
enum api_rc activity_binding_count(struct request *req, int64_t activity_id, int64_t *count);

/* SETTINGS of the head as an array to change; empty when there are none. */
struct value *activity_settings(struct request *req, const struct activity_head *head);

/* Reminders as stored: minutes before the deadline. NULL when the list holds anything else. */
struct value *ping_offsets(struct request *req, const struct value *given);
/* JSON text, for a column. */
const char *value_json(struct request *req, const struct value *value);

/* fields[name] = value */
void fields_put(struct request *req, struct value *fields, const char *name, struct value *value);
void fields_put_int(struct request *req, struct value *fields, const char *name, int64_t integer);
void fields_put_text(struct request *req, struct value *fields, const char *name, const char *text);

#endif
