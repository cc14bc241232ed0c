/* access - what a caller may do with leads, deals, contacts, companies and their activities.
 *
 * What:    roles give levels per entity type and action; several roles of a user unite, the highest
 *          level wins, and an administrator may everything. The levels, and the people that "department"
 *          and "subtree" mean, are found out once with the credential (rest/auth); after that a row is
 *          checked in memory and a list by conditions of its SELECT.
 *          A row belongs to its responsible person: ASSIGNED_BY_ID. An activity is read and changed by
 *          whoever may read or change one of the entities it is bound to, or is responsible for it, and
 *          deleted by whoever may change its owner: a binding more gives no right to delete.
 *          What a row refers to is crm/reference's.
 * Used by: rest/auth, crm/entity_*, crm/activity*, method/, app/ (roles).
 * Memory:  access_load gives malloc'ed memory in one block, so that a copy is one memcpy; the caller's
 *          own copy lives in the request's arena.
 * Threads: any; nothing is shared.
 * Errors:  api_rc functions fail with "Access denied.", status 400, as the pages of the CRM methods
 *          say; enum db_rc functions with the store's trouble.
 */
#ifndef RAPPORT_CRM_ACCESS_H
#define RAPPORT_CRM_ACCESS_H

#include "crm/query.h"

enum access_action {
    ACCESS_READ,
    ACCESS_ADD,
    ACCESS_UPDATE,
    ACCESS_DELETE,
    ACCESS_EXPORT,
    ACCESS_ACTIONS
};

/* As stored: a higher one holds what a lower one does. */
enum access_level {
    ACCESS_NONE,
    ACCESS_OWN,
    ACCESS_DEPARTMENT, /* of the people who share a department with the caller */
    ACCESS_SUBTREE,    /* and of those in the departments below */
    ACCESS_ALL,
    ACCESS_LEVELS
};

#define ACCESS_TYPES 4 /* lead, deal, contact, company: 1 to 4 in crm.enum.ownertype */

struct access {
    int64_t user_id;
    unsigned char level[ACCESS_TYPES + 1][ACCESS_ACTIONS]; /* by owner type; 0 is not used */
    size_t size;                                           /* bytes of the whole block */
    size_t department_count;
    size_t subtree_count;
    int64_t
        people[]; /* first the department's, then the subtree's; each in ascending order, and each
                       * with the caller */
};

/* "read", "none" ...: as stored and as the commands take them. NULL for no such number. */
const char *access_action_name(int action);
const char *access_level_name(int level);

/* What a user who is no administrator may. *access is NULL for whoever may everything: nothing is
 * checked then. free() it. */
enum db_rc access_load(struct db *db, int64_t user_id, struct access **access);
struct access *access_copy(struct arena *arena, const struct access *access);

/* The caller's level; ACCESS_ALL for entities that have no permissions of their own. */
enum access_level access_level(const struct caller *caller, int type_id, enum access_action action);
/* May the caller read anything of the four types? */
bool access_reads_some(const struct caller *caller);
/* May the caller do it with an entity of this type that this user is responsible for? */
bool access_covers(const struct caller *caller, int type_id, enum access_action action,
                   int64_t assigned_by);

/* Refuses a caller that may do it with no entity of this type at all. */
enum api_rc access_any(struct request *req, const struct entity *entity, enum access_action action);
/* Refuses a caller that may not do it with this row; `row` is indexed like entity->fields. */
enum api_rc access_row(struct request *req, const struct entity *entity, enum access_action action,
                       const struct cell *row);
/* There is no such row: fails with the entity's text, unless that would tell a caller that may not know. */
enum api_rc access_absent(struct request *req, const struct entity *entity,
                          enum access_action action);
/* Whose a lead, deal, contact or company is: DB_ROW, or DB_NONE when there is no such one. */
enum db_rc access_assigned(struct request *req, int type_id, int64_t id, int64_t *assigned_by);
/* May the caller do it with this lead, deal, contact or company? Not when there is none. */
enum api_rc access_owner(struct request *req, int type_id, int64_t id, enum access_action action,
                         bool *may);

/* Does the caller hear at all which activities exist? Not with the level none for all four types: of
 * reading, and of updating when the action changes something. */
bool access_hears(const struct caller *caller, enum access_action action);

/* What an activity is to a caller. "None" hides activities as it hides entities. */
enum access_sight {
    ACCESS_FREE,    /* he may do it */
    ACCESS_REFUSED, /* he may not; or he may nothing at all, and does not hear whether it exists */
    ACCESS_MISSING  /* there is none, as far as he may know */
};

/* An activity by id. Whoever may everything is FREE to all ids: nothing is looked up. */
enum api_rc access_activity(struct request *req, int64_t id, enum access_action action,
                            enum access_sight *sight);
/* A row just added, with its other tables: what it belongs to is known only then. A refused one goes
 * with the savepoint. */
enum api_rc access_added(struct change *change);
/* A row that exists and is about to go. */
enum api_rc access_delete(struct request *req, const struct entity *entity, int64_t id);
/* The owner of activities changed hands: its bindings follow. */
enum api_rc access_handed_over(struct request *req, int type_id, int64_t id, int64_t assigned_by);

/* ---- lists (crm/access_list) ---- */

/* Adds the condition that leaves only rows the caller may read, if any is needed. */
void access_list(struct query *query);
/* The same for filters that look at what a row refers to, so that they find no more than is shown:
 * `column` holds the id of an `other` that the caller may read; the joined bindings `b` are to something
 * that he may read. */
void access_reference(struct query *query, const struct entity *other, const char *column);
void access_bindings(struct query *query);
/* That condition looks at one activity after the other. When it is needed, but the filter is about ids
 * alone, the two functions below find what it would leave by the index of bindings. */
bool access_by_index(const struct query *query);
/* A SELECT of the ids of what the caller may read and `where` lets through, each once. `window`: the
 * number of the parameter that says how many of the lowest (or highest) are wanted. */
void access_ids(struct query *query, struct buf *sql, int window, bool descending);
/* A SELECT of how many they are. */
void access_count(struct query *query, struct buf *sql);

/* ---- between the two files ---- */

/* The people a level covers: ACCESS_DEPARTMENT or ACCESS_SUBTREE. */
const int64_t *access_people(const struct access *access, enum access_level level, size_t *count);
/* Selects those people; the user is parameter N. Used to load them, and in lists when they are many. */
#define ACCESS_DEPARTMENT_SQL(N)                                                                   \
    "SELECT DISTINCT d.user_id FROM member_department d WHERE d.department_id IN (SELECT "         \
    "o.department_id FROM member_department o WHERE o.user_id = " N ")"
#define ACCESS_SUBTREE_SQL(N)                                                                      \
    "WITH RECURSIVE below(id) AS (SELECT o.department_id FROM member_department o WHERE "          \
    "o.user_id = " N " UNION SELECT d.id FROM department d JOIN below b ON d.parent_id = b.id) "   \
    "SELECT DISTINCT m.user_id FROM member_department m JOIN below b ON m.department_id = b.id"

#endif
