#include "people/role.h"
#include "portal/kept_table.h"

KEPT_TABLE(role);
KEPT_TABLE(role_permission);
KEPT_TABLE(role_member);
KEPT_TABLE(role_funnel);

const char *role_kind_name(enum role_kind kind)
{
    static const char *const names[] = {"user", "department", "all"};
    return names[kind];
}

static enum db_rc exists(struct db *db, const char *sql, int64_t id)
{
    /* It stays until what is written of it is committed. */
    struct db_stmt *stmt = db_prepare_share(db, sql, NULL);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

static enum db_rc find(struct db *db, int64_t id)
{
    return exists(db, "SELECT 1 FROM role WHERE id = $1", id);
}

enum db_rc role_add(struct db *db, const char *name, int64_t *id)
{
    struct db_stmt *stmt = db_prepare(db, "INSERT INTO role (name) VALUES ($1) RETURNING id");
    db_bind_textz(stmt, 1, name);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *id = db_int(stmt, 0);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum db_rc role_remove(struct db *db, int64_t id)
{
    static const char *const gone[] = {"DELETE FROM role_member WHERE role_id = $1",
                                       "DELETE FROM role_permission WHERE role_id = $1",
                                       "DELETE FROM role_funnel WHERE role_id = $1",
                                       "DELETE FROM role WHERE id = $1"};
    enum db_rc rc = find(db, id);
    for (size_t i = 0; rc == DB_OK && i < sizeof gone / sizeof gone[0]; i++) {
        struct db_stmt *stmt = db_prepare(db, gone[i]);
        db_bind_int(stmt, 1, id);
        rc = db_run(stmt);
    }
    return rc;
}

static enum db_rc set_one(struct db *db, int64_t id, int type_id, int action, int level)
{
    struct db_stmt *stmt =
        level == ROLE_NO_LEVEL
            ? db_prepare(db, "DELETE FROM role_permission WHERE role_id = $1 AND entity_type_id = "
                             "$2 AND action = $3")
            : db_prepare(db, "INSERT INTO role_permission (role_id, entity_type_id, action, level) "
                             "VALUES ($1, $2, $3, $4) ON CONFLICT (role_id, entity_type_id, "
                             "action) DO UPDATE SET level = excluded.level");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, type_id);
    db_bind_textz(stmt, 3, access_action_name(action));
    if (level != ROLE_NO_LEVEL)
        db_bind_int(stmt, 4, level);
    return db_run(stmt);
}

/* Types that have levels of their own follow. */
static enum db_rc set_named(struct db *db, int64_t id, int action, int level)
{
    struct db_stmt *stmt =
        db_prepare(db, "UPDATE role_permission SET level = $1 WHERE role_id = $2 AND action = $3");
    db_bind_int(stmt, 1, level);
    db_bind_int(stmt, 2, id);
    db_bind_textz(stmt, 3, access_action_name(action));
    return db_run(stmt);
}

enum db_rc role_set(struct db *db, int64_t id, int type_id, int action, int level)
{
    enum db_rc rc = find(db, id);
    for (int i = 0; i < ACCESS_ACTIONS && rc == DB_OK; i++) {
        if (action != ACCESS_ACTIONS && i != action)
            continue;
        if (type_id == ROLE_ALL_TYPES)
            rc = set_named(db, id, i, level);
        if (rc == DB_OK)
            rc = set_one(db, id, type_id == ROLE_ALL_TYPES ? ACCESS_OTHERS : type_id, i, level);
    }
    return rc;
}

static enum db_rc set_funnel(struct db *db, int64_t id, int type_id, int64_t category_id,
                             int action, int level)
{
    struct db_stmt *stmt =
        level == ROLE_NO_LEVEL
            ? db_prepare(db, "DELETE FROM role_funnel WHERE role_id = $1 AND entity_type_id = $2 "
                             "AND category_id = $3 AND action = $4")
            : db_prepare(db, "INSERT INTO role_funnel (role_id, entity_type_id, category_id, "
                             "action, level) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (role_id, "
                             "entity_type_id, category_id, action) DO UPDATE SET level = "
                             "excluded.level");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, type_id);
    db_bind_int(stmt, 3, category_id);
    db_bind_textz(stmt, 4, access_action_name(action));
    if (level != ROLE_NO_LEVEL)
        db_bind_int(stmt, 5, level);
    return db_run(stmt);
}

enum db_rc role_set_funnel(struct db *db, int64_t id, int type_id, int64_t category_id, int action,
                           int level)
{
    enum db_rc rc = find(db, id);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(db, "SELECT 1 FROM category WHERE id = $1 AND entity_type_id = $2");
    db_bind_int(stmt, 1, category_id);
    db_bind_int(stmt, 2, type_id);
    rc = db_step(stmt);
    db_finish(stmt);
    rc = rc == DB_ROW ? DB_OK : rc;
    for (int i = 0; i < ACCESS_ACTIONS && rc == DB_OK; i++) {
        if (action == ACCESS_ACTIONS || i == action)
            rc = set_funnel(db, id, type_id, category_id, i, level);
    }
    return rc;
}

enum db_rc role_give(struct db *db, int64_t id, enum role_kind kind, int64_t member)
{
    static const char *const there[] = {"SELECT 1 FROM member WHERE id = $1",
                                        "SELECT 1 FROM department WHERE id = $1"};
    enum db_rc rc = find(db, id);
    if (rc == DB_OK && kind != ROLE_ALL)
        rc = exists(db, there[kind], member);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO role_member (role_id, kind, member_id) VALUES ($1, $2, $3) ON "
                       "CONFLICT DO NOTHING");
    db_bind_int(stmt, 1, id);
    db_bind_textz(stmt, 2, role_kind_name(kind));
    db_bind_int(stmt, 3, kind == ROLE_ALL ? 0 : member);
    return db_run(stmt);
}

enum db_rc role_take(struct db *db, int64_t id, enum role_kind kind, int64_t member)
{
    struct db_stmt *stmt = db_prepare(
        db, "DELETE FROM role_member WHERE role_id = $1 AND kind = $2 AND member_id = $3");
    db_bind_int(stmt, 1, id);
    db_bind_textz(stmt, 2, role_kind_name(kind));
    db_bind_int(stmt, 3, kind == ROLE_ALL ? 0 : member);
    enum db_rc rc = db_run(stmt);
    return rc == DB_OK && !db_changes(db) ? DB_NONE : rc;
}
