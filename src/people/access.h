/* access - what a caller may do, by level, and which people that means.
 *
 * What:    roles give levels per type of entity and action; several roles of a user unite, the highest
 *          level wins, and an administrator may everything. The levels, and the people that "department"
 *          and "subtree" mean, are found out once with the credential (people/auth); after that nobody is
 *          asked. What a level means for a row, and for a list, is model/permit's.
 * Used by: people/auth, model/permit, model/hearing, crm/, method/, app/ (roles).
 * Memory:  access_load gives malloc'ed memory in one block, so that a copy is one memcpy; the caller's
 *          own copy lives in the request's arena.
 * Threads: any; nothing is shared.
 * Errors:  enum db_rc: the store's trouble.
 */
#ifndef RAPPORT_PEOPLE_ACCESS_H
#define RAPPORT_PEOPLE_ACCESS_H

#include "portal/request.h"

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

/* What he may with entities of one type. */
struct access_row {
    int64_t type_id;        /* crm.enum.ownertype */
    int64_t category_id;    /* of one funnel; ACCESS_ANY_CATEGORY: of all that have no row */
    unsigned char level[8]; /* by enum access_action */
};
#define ACCESS_ANY_CATEGORY (-1)

/* A type that no role names has the level of ACCESS_OTHERS there: nothing, unless a role says so. */
#define ACCESS_OTHERS 0 /* as a type in the store */

struct access {
    int64_t user_id;
    size_t size; /* bytes of the whole block */
    unsigned char others[8];
    size_t row_count; /* by type and category; behind the people */
    size_t department_count;
    size_t subtree_count;
    int64_t
        people[]; /* first the department's, then the subtree's; each in ascending order, and each
                       * with the caller */
};

/* "read", "none" ...: as stored and as the commands take them. NULL for no such number. */
const char *access_action_name(int action);
const char *access_level_name(int level);
/* The place of the text among the names of such a function, in any case; -1: none of them. `text` may be NULL. */
int access_place_of(const char *text, const char *(*name)(int));

/* What a user who is no administrator may. *access is NULL for whoever may everything: nothing is
 * checked then. free() it. */
enum db_rc access_load(struct db *db, int64_t user_id, struct access **access);
struct access *access_copy(struct arena *arena, const struct access *access);

/* The caller's level; where roles say something of its funnels: with what is in none of those. */
enum access_level access_level(const struct caller *caller, int type_id, enum access_action action);
/* With what is in this funnel. A type without funnels has 0. */
enum access_level access_level_in(const struct caller *caller, int type_id, int64_t category_id,
                                  enum access_action action);
/* With anything of the type, with all of it. */
bool access_any(const struct caller *caller, int type_id, enum access_action action);
bool access_all(const struct caller *caller, int type_id, enum access_action action);
/* What roles say of funnels of the type, by their ids; none: the level of the type is that of all. */
const struct access_row *access_funnels(const struct caller *caller, int type_id, size_t *count);
/* Has he this level for any type at all, those that no role names included? */
bool access_has(const struct caller *caller, enum access_action action, enum access_level level);
/* May the caller do it with anything of CRM? */
bool access_some(const struct caller *caller, enum access_action action);
/* May the caller do it with an entity of this type and funnel that this user is responsible for? */
bool access_covers(const struct caller *caller, int type_id, int64_t category_id,
                   enum access_action action, int64_t assigned_by);

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
