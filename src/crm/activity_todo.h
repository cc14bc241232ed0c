/* activity_todo - the to-do, an activity with a deadline, reminders, a colour.
 *
 * What:    the rules of crm.activity.todo.*: what their parameters mean and who they are for. A
 *          to-do is an activity of TYPE_ID 6, PROVIDER_ID CRM_TODO; colour, reminders and parent
 *          stand in its SETTINGS (COLOR_ID, PING_OFFSETS, PARENT_ACTIVITY_ID).
 * Used by: method/crm_activity_todo.c.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as the pages api-reference/crm/timeline/activities/todo name them.
 */
#ifndef RAPPORT_CRM_ACTIVITY_TODO_H
#define RAPPORT_CRM_ACTIVITY_TODO_H

#include "crm/activity_family.h"

/* What the methods take; NULL or 0 where it is not given. */
struct todo_args {
    int64_t id, owner_type_id, owner_id, responsible_id, parent_id;
    const char *title, *description, *deadline, *color;
    const struct value *offsets;
};

/* The to-do that a call is for, and what the call changes of it. */
struct todo {
    struct request *req;
    const struct todo_args *args;
    bool is_add;
    int64_t id, owner_type_id, owner_id;
    struct activity_head head; /* not on add */
    struct value *fields;      /* for entity_create or entity_change */
    struct value *settings;    /* made when first needed; see todo_settings */
};

struct todo todo_begin(struct request *req, bool is_add);
/* Finds the owner, and the to-do at this owner. ITEM_NOT_FOUND, OWNER_NOT_FOUND. */
enum api_rc todo_find(struct todo *todo);
/* DATETIME_FORMAT. */
enum api_rc todo_take_deadline(struct todo *todo);
/* Take the optional parameters that the caller gave. */
void todo_take_texts(struct todo *todo);
void todo_take_responsible(struct todo *todo);
enum api_rc todo_take_offsets(struct todo *todo);
enum api_rc todo_take_color(struct todo *todo); /* TODO_COLOR */
/* ITEM_NOT_FOUND; TODO_PARENT for a completed one, on update. */
enum api_rc todo_take_parent(struct todo *todo);
/* Writes it and answers {"id": 999}. */
enum api_rc todo_store(struct todo *todo);

#endif
