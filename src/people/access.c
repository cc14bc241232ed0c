#include "people/access.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

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

/* ---- asked ---- */

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
