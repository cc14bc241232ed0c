/* configurable - configurable activities.
 *
 * What:    what crm.activity.configurable.* take, keep and answer. Their row has PROVIDER_ID
 *          CONFIGURABLE_REST_APP, the type as PROVIDER_TYPE_ID, the header's title as SUBJECT, reminders
 *          in SETTINGS; layout, badge and application stand in the table activity_app.
 * Used by: method/crm_activity_configurable.c.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as the pages api-reference/crm/timeline/activities/configurable name them.
 */
#ifndef RAPPORT_CRM_CONFIGURABLE_H
#define RAPPORT_CRM_CONFIGURABLE_H

#include "crm/activity_family.h"

/* A call to configurable.add or update on its way: fields and layout as they will be stored. */
struct configurable {
    struct request *req;
    bool is_add;
    int64_t id, owner_type_id, owner_id; /* the owner on add only */
    struct activity_head head;           /* not on add */
    struct value *fields;                /* for entity_create or entity_change */
    bool badge_given;
    const char *badge_code; /* NULL: none */
    const char *layout;     /* JSON; NULL: unchanged */
};

/* Takes `fields`. FIELD_VALUE, INCOMING_DEADLINE, PARAMETER. */
enum api_rc configurable_take_fields(struct configurable *change, const struct value *given);
/* Takes `layout`. EMPTY_LAYOUT and what crm/layout finds. */
enum api_rc configurable_take_layout(struct configurable *change, const struct value *given);
/* Writes it; change->id is set. */
enum api_rc configurable_store(struct configurable *change);
/* Answers {"activity": {...}}; ITEM_NOT_FOUND. */
enum api_rc configurable_answer(struct request *req, int64_t id);

#endif
