#include "people/access.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

int access_place_of(const char *text, const char *(*name)(int))
{
    for (int i = 0; text && name(i); i++) {
        if (!strcasecmp(text, name(i)))
            return i;
    }
    return -1;
}

/* ---- found out with the credential ---- */

_Static_assert(ACCESS_ACTIONS <= sizeof((struct access_row *)0)->level, "one more action");

/* What the user's roles say, role by role. */
struct said {
    struct row {
        int64_t role_id, type_id, category_id;
        int action, level;
    } * row;
    size_t count, cap;
};

static int action_of(const char *name)
{
    int action = 0;
    while (action < ACCESS_ACTIONS && strcmp(name, action_names[action]) != 0)
        action++;
    return action;
}

static void said_add(struct said *said, struct row row)
{
    if (row.action == ACCESS_ACTIONS || !access_level_name(row.level))
        return;
    if (said->count == said->cap) {
        said->cap = said->cap ? said->cap * 2 : 64;
        said->row = xrealloc(said->row, said->cap * sizeof *said->row);
    }
    said->row[said->count++] = row;
}

static enum db_rc load_said(struct db *db, int64_t user_id, struct said *said)
{
    struct db_stmt *stmt = db_prepare(
        db,
        "WITH RECURSIVE up(id) AS (SELECT o.department_id FROM member_department o WHERE "
        "o.user_id = $1 UNION SELECT d.parent_id FROM department d JOIN up u ON d.id = u.id "
        "WHERE d.parent_id IS NOT NULL), mine(id) AS (SELECT m.role_id FROM role_member m WHERE "
        "m.kind = 'all' OR (m.kind = 'user' AND m.member_id = $1) OR (m.kind = 'department' "
        "AND m.member_id IN (SELECT id FROM up))) SELECT p.role_id, p.entity_type_id, -1, "
        "p.action, p.level FROM role_permission p WHERE p.role_id IN (SELECT id FROM mine) "
        "UNION ALL SELECT f.role_id, f.entity_type_id, f.category_id, f.action, f.level FROM "
        "role_funnel f WHERE f.role_id IN (SELECT id FROM mine) ORDER BY 1, 2, 3");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        said_add(said, (struct row){.role_id = db_int(stmt, 0),
                                    .type_id = db_int(stmt, 1),
                                    .category_id = db_int(stmt, 2),
                                    .action = action_of(db_text(stmt, 3, NULL)),
                                    .level = (int)db_int(stmt, 4)});
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

/* What one role, whose rows these are, says of a funnel: where it does not name it, what it says of the type, and
 * where it does not name that, what it says of the others. The rows of others come first, those of funnels last. */
static int role_level(const struct row *row, size_t count, int64_t type_id, int64_t category_id,
                      int action)
{
    int level = ACCESS_NONE;
    for (size_t i = 0; i < count; i++) {
        bool named = row[i].type_id == type_id && (row[i].category_id == category_id ||
                                                   row[i].category_id == ACCESS_ANY_CATEGORY);
        if (row[i].action == action && (named || row[i].type_id == ACCESS_OTHERS))
            level = row[i].level;
    }
    return level;
}

/* The highest level of all roles. */
static void unite(const struct said *said, int64_t type_id, int64_t category_id,
                  unsigned char *levels)
{
    for (size_t from = 0, to; from < said->count; from = to) {
        for (to = from; to < said->count && said->row[to].role_id == said->row[from].role_id;)
            to++;
        for (int action = 0; action < ACCESS_ACTIONS; action++) {
            int level = role_level(said->row + from, to - from, type_id, category_id, action);
            if (level > levels[action])
                levels[action] = (unsigned char)level;
        }
    }
}

/* What a user may, before the people are found. */
struct levels {
    unsigned char others[ACCESS_ACTIONS];
    struct access_row *row;
    size_t count;
};

static int by_type(const void *a, const void *b)
{
    const struct access_row *left = a, *right = b;
    if (left->type_id != right->type_id)
        return left->type_id < right->type_id ? -1 : 1;
    return (left->category_id > right->category_id) - (left->category_id < right->category_id);
}

/* Once for each. */
static void add_levels(struct levels *levels, const struct said *said, int64_t type_id,
                       int64_t category_id)
{
    for (size_t i = 0; i < levels->count; i++) {
        if (levels->row[i].type_id == type_id && levels->row[i].category_id == category_id)
            return;
    }
    struct access_row *row = &levels->row[levels->count++];
    row->type_id = type_id;
    row->category_id = category_id;
    unite(said, type_id, category_id, row->level);
}

static enum db_rc load_levels(struct db *db, int64_t user_id, struct levels *levels)
{
    struct said said = {0};
    enum db_rc rc = load_said(db, user_id, &said);
    levels->row = xcalloc(2 * said.count + 1, sizeof *levels->row);
    unite(&said, ACCESS_OTHERS, ACCESS_ANY_CATEGORY, levels->others);
    for (size_t i = 0; i < said.count; i++) {
        if (said.row[i].type_id == ACCESS_OTHERS)
            continue;
        add_levels(levels, &said, said.row[i].type_id, ACCESS_ANY_CATEGORY);
        add_levels(levels, &said, said.row[i].type_id, said.row[i].category_id);
    }
    qsort(levels->row, levels->count, sizeof *levels->row, by_type);
    free(said.row);
    return rc;
}

static bool has_level(const struct levels *levels, enum access_level level)
{
    for (int action = 0; action < ACCESS_ACTIONS; action++) {
        if (levels->others[action] == level)
            return true;
        for (size_t i = 0; i < levels->count; i++) {
            if (levels->row[i].level[action] == level)
                return true;
        }
    }
    return false;
}

static bool may_everything(const struct levels *levels)
{
    for (int level = ACCESS_NONE; level < ACCESS_ALL; level++) {
        if (has_level(levels, (enum access_level)level))
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

static struct access *build(int64_t user_id, const struct levels *levels,
                            const struct people *people, size_t department_count)
{
    size_t people_size = people->count * sizeof *people->ids;
    size_t rows_size = levels->count * sizeof *levels->row;
    size_t size = sizeof(struct access) + people_size + rows_size;
    struct access *access = xcalloc(1, size);
    access->user_id = user_id;
    access->size = size;
    memcpy(access->others, levels->others, sizeof levels->others);
    access->row_count = levels->count;
    access->department_count = department_count;
    access->subtree_count = people->count - department_count;
    if (people_size)
        memcpy(access->people, people->ids, people_size);
    if (rows_size)
        memcpy(access->people + people->count, levels->row, rows_size);
    return access;
}

static enum db_rc load_block(struct db *db, int64_t user_id, const struct levels *levels,
                             struct access **access)
{
    struct people people = {0};
    enum db_rc rc = DB_OK;
    if (has_level(levels, ACCESS_DEPARTMENT))
        rc = load_people(db, ACCESS_DEPARTMENT_SQL("$1"), user_id, &people);
    size_t department_count = people.count;
    if (rc == DB_OK && has_level(levels, ACCESS_SUBTREE))
        rc = load_people(db, ACCESS_SUBTREE_SQL("$1"), user_id, &people);
    if (rc == DB_OK)
        *access = build(user_id, levels, &people, department_count);
    free(people.ids);
    return rc;
}

enum db_rc access_load(struct db *db, int64_t user_id, struct access **access)
{
    struct levels levels = {0};
    *access = NULL;
    enum db_rc rc = load_levels(db, user_id, &levels);
    if (rc == DB_OK && !may_everything(&levels))
        rc = load_block(db, user_id, &levels, access);
    free(levels.row);
    return rc;
}

struct access *access_copy(struct arena *arena, const struct access *access)
{
    struct access *copy = arena_alloc(arena, access->size);
    memcpy(copy, access, access->size);
    return copy;
}

/* ---- asked ---- */

static const struct access_row *rows_of(const struct access *access)
{
    return (const void *)(access->people + access->department_count + access->subtree_count);
}

/* Those of a type: that of the type first, then its funnels. */
static const struct access_row *rows_for(const struct access *access, int type_id, size_t *count)
{
    const struct access_row *row = rows_of(access);
    size_t from = 0, to;
    while (from < access->row_count && row[from].type_id < type_id)
        from++;
    for (to = from; to < access->row_count && row[to].type_id == type_id;)
        to++;
    *count = to - from;
    return row + from;
}

enum access_level access_level(const struct caller *caller, int type_id, enum access_action action)
{
    return access_level_in(caller, type_id, ACCESS_ANY_CATEGORY, action);
}

enum access_level access_level_in(const struct caller *caller, int type_id, int64_t category_id,
                                  enum access_action action)
{
    size_t count;
    if (!caller->access)
        return ACCESS_ALL;
    const struct access_row *row = rows_for(caller->access, type_id, &count);
    for (size_t i = 1; i < count; i++) {
        if (row[i].category_id == category_id)
            return (enum access_level)row[i].level[action];
    }
    return (enum access_level)(count ? row->level[action] : caller->access->others[action]);
}

const struct access_row *access_funnels(const struct caller *caller, int type_id, size_t *count)
{
    *count = 0;
    if (!caller->access)
        return NULL;
    const struct access_row *row = rows_for(caller->access, type_id, count);
    *count = *count ? *count - 1 : 0;
    return row + 1;
}

bool access_any(const struct caller *caller, int type_id, enum access_action action)
{
    size_t count;
    const struct access_row *funnel = access_funnels(caller, type_id, &count);
    bool any = access_level(caller, type_id, action) != ACCESS_NONE;
    for (size_t i = 0; i < count && !any; i++)
        any = funnel[i].level[action] != ACCESS_NONE;
    return any;
}

bool access_all(const struct caller *caller, int type_id, enum access_action action)
{
    size_t count;
    const struct access_row *funnel = access_funnels(caller, type_id, &count);
    bool all = access_level(caller, type_id, action) == ACCESS_ALL;
    for (size_t i = 0; i < count && all; i++)
        all = funnel[i].level[action] == ACCESS_ALL;
    return all;
}

bool access_has(const struct caller *caller, enum access_action action, enum access_level level)
{
    const struct access *access = caller->access;
    if (!access || access->others[action] == level)
        return !access ? level == ACCESS_ALL : true;
    for (size_t i = 0; i < access->row_count; i++) {
        if (rows_of(access)[i].level[action] == level)
            return true;
    }
    return false;
}

bool access_some(const struct caller *caller, enum access_action action)
{
    for (int level = ACCESS_OWN; level < ACCESS_LEVELS; level++) {
        if (access_has(caller, action, (enum access_level)level))
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

bool access_covers(const struct caller *caller, int type_id, int64_t category_id,
                   enum access_action action, int64_t assigned_by)
{
    enum access_level level = access_level_in(caller, type_id, category_id, action);
    size_t count;
    if (level == ACCESS_ALL || level == ACCESS_NONE)
        return level == ACCESS_ALL;
    if (level == ACCESS_OWN)
        return assigned_by == caller->access->user_id;
    const int64_t *people = access_people(caller->access, level, &count);
    return bsearch(&assigned_by, people, count, sizeof *people, by_id) != NULL;
}
