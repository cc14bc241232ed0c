/* access - see access.h. */
#include "crm/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "crm/activity.h"
#include "crm/owner.h"

static const char *const action_names[] = {"read", "add", "update", "delete", "export"};
static const char *const level_names[] = {"none", "own", "department", "subtree", "all"};

const char *access_action_name(int action)
{
    return action >= 0 && action < ACCESS_ACTIONS ? action_names[action] : NULL;
}

const char *access_level_name(int level)
{
    return level >= 0 && level < ACCESS_LEVELS ? level_names[level] : NULL;
}

/* ---- found out with the credential ---- */

static enum db_rc load_levels(struct db *db, int64_t user_id, struct access *access)
{
    struct db_stmt *stmt = db_prepare(
        db, "WITH RECURSIVE up(id) AS (SELECT o.department_id FROM member_department o WHERE "
            "o.user_id = $1 UNION SELECT d.parent_id FROM department d JOIN up u ON d.id = u.id "
            "WHERE d.parent_id IS NOT NULL) SELECT p.entity_type_id, p.action, max(p.level) FROM "
            "role_permission p WHERE p.role_id IN (SELECT m.role_id FROM role_member m WHERE "
            "m.kind = 'all' OR (m.kind = 'user' AND m.member_id = $1) OR (m.kind = 'department' "
            "AND m.member_id IN (SELECT id FROM up))) GROUP BY p.entity_type_id, p.action");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        int64_t type = db_int(stmt, 0), level = db_int(stmt, 2);
        const char *action = db_text(stmt, 1, NULL);
        for (int i = 0; i < ACCESS_ACTIONS; i++) {
            if (type >= 1 && type <= ACCESS_TYPES && access_level_name((int)level) &&
                !strcmp(action, action_names[i]))
                access->level[type][i] = (unsigned char)level;
        }
    }
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

static bool has_level(const struct access *access, enum access_level level)
{
    for (int type = 1; type <= ACCESS_TYPES; type++) {
        for (int i = 0; i < ACCESS_ACTIONS; i++) {
            if (access->level[type][i] == level)
                return true;
        }
    }
    return false;
}

static bool may_everything(const struct access *access)
{
    for (int level = ACCESS_NONE; level < ACCESS_ALL; level++) {
        if (has_level(access, (enum access_level)level))
            return false;
    }
    return true;
}

struct people {
    int64_t *ids;
    size_t count, cap;
};

static void people_add(struct people *people, int64_t id)
{
    if (people->count == people->cap) {
        people->cap = people->cap ? people->cap * 2 : 64;
        people->ids = xrealloc(people->ids, people->cap * sizeof *people->ids);
    }
    people->ids[people->count++] = id;
}

static int by_id(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Adds the people the statement finds, and the user, who may stand in no department. */
static enum db_rc load_people(struct db *db, const char *sql, int64_t user_id,
                              struct people *people)
{
    size_t start = people->count;
    bool found = false;
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        found = found || db_int(stmt, 0) == user_id;
        people_add(people, db_int(stmt, 0));
    }
    db_finish(stmt);
    if (!found)
        people_add(people, user_id);
    qsort(people->ids + start, people->count - start, sizeof *people->ids, by_id);
    return rc == DB_NONE ? DB_OK : rc;
}

static struct access *build(const struct access *levels, const struct people *people,
                            size_t department_count)
{
    size_t size = sizeof *levels + people->count * sizeof *people->ids;
    struct access *access = xcalloc(1, size);
    *access = *levels;
    access->size = size;
    access->department_count = department_count;
    access->subtree_count = people->count - department_count;
    if (people->count)
        memcpy(access->people, people->ids, people->count * sizeof *people->ids);
    return access;
}

enum db_rc access_load(struct db *db, int64_t user_id, struct access **access)
{
    struct access levels = {.user_id = user_id};
    struct people people = {0};
    *access = NULL;
    enum db_rc rc = load_levels(db, user_id, &levels);
    if (rc != DB_OK || may_everything(&levels))
        return rc;
    if (has_level(&levels, ACCESS_DEPARTMENT))
        rc = load_people(db, ACCESS_DEPARTMENT_SQL("$1"), user_id, &people);
    size_t department_count = people.count;
    if (rc == DB_OK && has_level(&levels, ACCESS_SUBTREE))
        rc = load_people(db, ACCESS_SUBTREE_SQL("$1"), user_id, &people);
    if (rc == DB_OK)
        *access = build(&levels, &people, department_count);
    free(people.ids);
    return rc;
}

struct access *access_copy(struct arena *arena, const struct access *access)
{
    struct access *copy = arena_alloc(arena, access->size);
    memcpy(copy, access, access->size);
    return copy;
}

/* ---- one row ---- */

enum access_level access_level(const struct caller *caller, int type_id, enum access_action action)
{
    if (!caller->access || type_id < 1 || type_id > ACCESS_TYPES)
        return ACCESS_ALL;
    return (enum access_level)caller->access->level[type_id][action];
}

bool access_reads_some(const struct caller *caller)
{
    for (int type = 1; type <= ACCESS_TYPES; type++) {
        if (access_level(caller, type, ACCESS_READ) != ACCESS_NONE)
            return true;
    }
    return false;
}

const int64_t *access_people(const struct access *access, enum access_level level, size_t *count)
{
    bool department = level == ACCESS_DEPARTMENT;
    *count = department ? access->department_count : access->subtree_count;
    return access->people + (department ? 0 : access->department_count);
}

bool access_covers(const struct caller *caller, int type_id, enum access_action action,
                   int64_t assigned_by)
{
    enum access_level level = access_level(caller, type_id, action);
    size_t count;
    if (level == ACCESS_ALL || level == ACCESS_NONE)
        return level == ACCESS_ALL;
    if (level == ACCESS_OWN)
        return assigned_by == caller->access->user_id;
    const int64_t *people = access_people(caller->access, level, &count);
    return bsearch(&assigned_by, people, count, sizeof *people, by_id) != NULL;
}

enum db_rc access_assigned(struct request *req, int type_id, int64_t id, int64_t *assigned_by)
{
    const struct entity *entity = owner_entity(type_id);
    struct buf sql = {0};
    if (!entity || id <= 0)
        return DB_NONE;
    buf_printf(&sql, "SELECT assigned_by_id FROM %s WHERE id = $1", entity->table);
    struct db_stmt *stmt = db_prepare_share(req->db, buf_text(&sql), NULL);
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *assigned_by = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return rc;
}

static enum api_rc denied(struct request *req)
{
    return api_fail_text(req, "Access denied.");
}

/* ---- activities ---- */

/* The right to an owner that an action with an activity takes. */
static enum access_action needed(enum access_action action)
{
    return action == ACCESS_READ ? ACCESS_READ : ACCESS_UPDATE;
}

/* Does the caller hear whether rows of this type exist? */
static bool hears_of(const struct caller *caller, int type_id, enum access_action action)
{
    return access_level(caller, type_id, ACCESS_READ) != ACCESS_NONE ||
           access_level(caller, type_id, needed(action)) != ACCESS_NONE;
}

bool access_hears(const struct caller *caller, enum access_action action)
{
    for (int type = 1; type <= ACCESS_TYPES; type++) {
        if (hears_of(caller, type, action))
            return true;
    }
    return false;
}

static bool does_some(const struct caller *caller, enum access_action action)
{
    for (int type = 1; type <= ACCESS_TYPES; type++) {
        if (access_level(caller, type, needed(action)) != ACCESS_NONE)
            return true;
    }
    return false;
}

/* An activity, and one of its bindings, which says whose the entity is: no entity is looked at. */
struct bond {
    int64_t responsible, owner_type, owner_id; /* of the activity */
    int64_t type, id, assigned_by;
};

static bool covered(const struct caller *caller, enum access_action action, const struct bond *bond)
{
    if (!owner_entity((int)bond->type))
        return false;
    if (action == ACCESS_DELETE && (bond->type != bond->owner_type || bond->id != bond->owner_id))
        return false;
    return access_covers(caller, (int)bond->type, needed(action), bond->assigned_by);
}

/* `bond` says what the activity's own row says. */
static enum api_rc look_at_bindings(struct request *req, int64_t id, enum access_action action,
                                    struct bond bond, enum access_sight *sight)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT b.owner_type_id, b.owner_id, b.assigned_by_id FROM "
                            "activity_binding b WHERE b.activity_id = $1");
    enum db_rc rc;
    db_bind_int(stmt, 1, id);
    *sight = bond.responsible == req->caller->user_id ? ACCESS_REFUSED : ACCESS_MISSING;
    while ((rc = db_step(stmt)) == DB_ROW && *sight != ACCESS_FREE) {
        bond.type = db_int(stmt, 0);
        bond.id = db_int(stmt, 1);
        bond.assigned_by = db_int(stmt, 2);
        if (covered(req->caller, action, &bond))
            *sight = ACCESS_FREE;
        else if (owner_entity((int)bond.type) && hears_of(req->caller, (int)bond.type, action))
            *sight = ACCESS_REFUSED;
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc look(struct request *req, int64_t id, enum access_action action,
                        const struct bond *bond, enum access_sight *sight)
{
    enum api_rc rc = API_OK;
    *sight = ACCESS_FREE;
    /* Its responsible person may do all but delete it. */
    if (bond->responsible != req->caller->user_id || action == ACCESS_DELETE)
        rc = look_at_bindings(req, id, action, *bond, sight);
    if (*sight == ACCESS_MISSING && !access_hears(req->caller, action))
        *sight = ACCESS_REFUSED;
    return rc;
}

enum api_rc access_activity(struct request *req, int64_t id, enum access_action action,
                            enum access_sight *sight)
{
    *sight = ACCESS_FREE;
    if (!req->caller->access)
        return API_OK;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT responsible_id, owner_type_id, owner_id FROM activity WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    const struct bond bond = {.responsible = rc == DB_ROW ? db_int(stmt, 0) : 0,
                              .owner_type = rc == DB_ROW ? db_int(stmt, 1) : 0,
                              .owner_id = rc == DB_ROW ? db_int(stmt, 2) : 0};
    db_finish(stmt);
    if (rc == DB_ROW)
        return look(req, id, action, &bond, sight);
    *sight = access_hears(req->caller, action) ? ACCESS_MISSING : ACCESS_REFUSED;
    return api_db(req, rc);
}

static enum api_rc activity_row(struct request *req, enum access_action action,
                                const struct entity *entity, const struct cell *row)
{
    enum access_sight sight;
    const struct bond bond = {
        .responsible = row[entity_at(entity, "RESPONSIBLE_ID")].integer,
        .owner_type = row[entity_at(entity, "OWNER_TYPE_ID")].integer,
        .owner_id = row[entity_at(entity, "OWNER_ID")].integer,
    };
    enum api_rc rc = look(req, row[0].integer, action, &bond, &sight);
    if (rc != API_OK || sight == ACCESS_FREE)
        return rc;
    return sight == ACCESS_REFUSED ? denied(req) : api_fail_text(req, entity->not_found);
}

/* ---- rows ---- */

enum api_rc access_any(struct request *req, const struct entity *entity, enum access_action action)
{
    bool any = access_level(req->caller, entity->type_id, action) != ACCESS_NONE;
    /* What he is responsible for he may read and change without any level. */
    if (entity->type_id == ACTIVITY_TYPE)
        any = action != ACCESS_ADD || does_some(req->caller, action);
    return any ? API_OK : denied(req);
}

enum api_rc access_absent(struct request *req, const struct entity *entity,
                          enum access_action action)
{
    if (entity->type_id == ACTIVITY_TYPE && !access_hears(req->caller, action))
        return denied(req);
    return api_fail_text(req, entity->not_found);
}

enum api_rc access_row(struct request *req, const struct entity *entity, enum access_action action,
                       const struct cell *row)
{
    int type_id = entity->type_id;
    if (!req->caller->access)
        return API_OK;
    if (type_id == ACTIVITY_TYPE)
        return activity_row(req, action, entity, row);
    if (type_id < 1 || type_id > ACCESS_TYPES)
        return API_OK;
    int64_t assigned_by = row[entity_at(entity, "ASSIGNED_BY_ID")].integer;
    return access_covers(req->caller, type_id, action, assigned_by) ? API_OK : denied(req);
}

enum api_rc access_owner(struct request *req, int type_id, int64_t id, enum access_action action,
                         bool *may)
{
    int64_t assigned_by;
    enum db_rc rc = access_assigned(req, type_id, id, &assigned_by);
    *may = rc == DB_ROW && access_covers(req->caller, type_id, action, assigned_by);
    return api_db(req, rc);
}

/* An activity's owner was looked at when the change was checked. */
enum api_rc access_added(struct change *change)
{
    if (change->entity->type_id == ACTIVITY_TYPE)
        return API_OK;
    return access_row(change->req, change->entity, ACCESS_ADD, change->now);
}

enum api_rc access_delete(struct request *req, const struct entity *entity, int64_t id)
{
    enum access_sight sight = ACCESS_FREE;
    bool may = true;
    if (!req->caller->access)
        return API_OK;
    enum api_rc rc = API_OK;
    if (entity->type_id == ACTIVITY_TYPE)
        rc = access_activity(req, id, ACCESS_DELETE, &sight);
    else if (owner_entity(entity->type_id))
        rc = access_owner(req, entity->type_id, id, ACCESS_DELETE, &may);
    if (rc != API_OK || (sight == ACCESS_FREE && may))
        return rc;
    return sight == ACCESS_MISSING ? api_fail_text(req, entity->not_found) : denied(req);
}

enum api_rc access_handed_over(struct request *req, int type_id, int64_t id, int64_t assigned_by)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE activity_binding SET assigned_by_id = $1 WHERE owner_type_id = "
                            "$2 AND owner_id = $3");
    db_bind_int(stmt, 1, assigned_by);
    db_bind_int(stmt, 2, type_id);
    db_bind_int(stmt, 3, id);
    return api_db(req, db_run(stmt));
}
