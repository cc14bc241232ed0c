#include "crm/activity_permit.h"

#include "crm/owner.h"

/* The right to an owner that an action with an activity takes. */
static enum access_action needed(enum access_action action)
{
    return action == ACCESS_READ ? ACCESS_READ : ACCESS_UPDATE;
}

/* Does the caller hear whether rows of this type exist? */
static bool hears_of(const struct caller *caller, int type_id, enum access_action action)
{
    return access_any(caller, type_id, ACCESS_READ) || access_any(caller, type_id, needed(action));
}

bool activity_permit_hears(const struct caller *caller, enum access_action action)
{
    return access_some(caller, ACCESS_READ) || access_some(caller, needed(action));
}

static bool does_some(const struct caller *caller, enum access_action action)
{
    return access_some(caller, needed(action));
}

/* An activity, and one of its bindings, which says whose the entity is: no entity is looked at. */
struct bond {
    int64_t responsible, owner_type, owner_id; /* of the activity */
    int64_t type, id, assigned_by, category;
};

static bool covered(const struct request *req, enum access_action action, const struct bond *bond)
{
    if (!owner_entity(req, bond->type))
        return false;
    if (action == ACCESS_DELETE && (bond->type != bond->owner_type || bond->id != bond->owner_id))
        return false;
    return access_covers(req->caller, (int)bond->type, bond->category, needed(action),
                         bond->assigned_by);
}

/* `bond` says what the activity's own row says. */
static enum api_rc look_at_bindings(struct request *req, int64_t id, enum access_action action,
                                    struct bond bond, enum permit_sight *sight)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT b.owner_type_id, b.owner_id, b.assigned_by_id, b.category_id "
                            "FROM activity_binding b WHERE b.activity_id = $1");
    enum db_rc rc;
    db_bind_int(stmt, 1, id);
    *sight = bond.responsible == req->caller->user_id ? PERMIT_REFUSED : PERMIT_MISSING;
    while ((rc = db_step(stmt)) == DB_ROW && *sight != PERMIT_FREE) {
        bond.type = db_int(stmt, 0);
        bond.id = db_int(stmt, 1);
        bond.assigned_by = db_int(stmt, 2);
        bond.category = db_int(stmt, 3);
        if (covered(req, action, &bond))
            *sight = PERMIT_FREE;
        else if (owner_entity(req, bond.type) && hears_of(req->caller, (int)bond.type, action))
            *sight = PERMIT_REFUSED;
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc look(struct request *req, int64_t id, enum access_action action,
                        const struct bond *bond, enum permit_sight *sight)
{
    enum api_rc rc = API_OK;
    *sight = PERMIT_FREE;
    /* Its responsible person may do all but delete it. */
    if (bond->responsible != req->caller->user_id || action == ACCESS_DELETE)
        rc = look_at_bindings(req, id, action, *bond, sight);
    if (*sight == PERMIT_MISSING && !activity_permit_hears(req->caller, action))
        *sight = PERMIT_REFUSED;
    return rc;
}

enum api_rc activity_permit_sight(struct request *req, int64_t id, enum access_action action,
                                  enum permit_sight *sight)
{
    *sight = PERMIT_FREE;
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
    *sight = activity_permit_hears(req->caller, action) ? PERMIT_MISSING : PERMIT_REFUSED;
    return api_db(req, rc);
}

/* An activity's owner was looked at when the change was checked. */
static enum api_rc row(struct request *req, const struct entity *entity, enum access_action action,
                       const struct cell *cells)
{
    enum permit_sight sight;
    if (action == ACCESS_ADD)
        return API_OK;
    const struct bond bond = {
        .responsible = cells[entity_at(entity, "RESPONSIBLE_ID")].integer,
        .owner_type = cells[entity_at(entity, "OWNER_TYPE_ID")].integer,
        .owner_id = cells[entity_at(entity, "OWNER_ID")].integer,
    };
    enum api_rc rc = look(req, cells[0].integer, action, &bond, &sight);
    if (rc != API_OK || sight == PERMIT_FREE)
        return rc;
    return sight == PERMIT_REFUSED ? permit_denied(req) : api_fail_text(req, entity->not_found);
}

/* ---- the permit ---- */

/* What he is responsible for he may read and change without any level. */
static bool any(const struct caller *caller, const struct entity *entity, enum access_action action)
{
    (void)entity;
    return action != ACCESS_ADD || does_some(caller, action);
}

static enum api_rc sight_of(struct request *req, const struct entity *entity, int64_t id,
                            enum access_action action, enum permit_sight *sight)
{
    (void)entity;
    return activity_permit_sight(req, id, action, sight);
}

const struct permit activity_permit = {.any = any,
                                       .row = row,
                                       .sight = sight_of,
                                       .list = activity_permit_list,
                                       .hears = activity_permit_hears,
                                       .index = &activity_permit_index};

void activity_permit_sql_whose(struct buf *sql, const struct entity *owner, const char *id)
{
    if (!owner) {
        buf_adds(sql, "0, 0");
        return;
    }
    buf_printf(sql, "coalesce((SELECT o.assigned_by_id FROM %s o WHERE o.id = %s), 0), ",
               owner->table, id);
    if (owner->category)
        buf_printf(sql, "coalesce((SELECT o.%s FROM %s o WHERE o.id = %s), 0)",
                   entity_field(owner, owner->category)->column, owner->table, id);
    else
        buf_addc(sql, '0');
}

enum api_rc activity_permit_handed_over(struct request *req, int type_id, int64_t id,
                                        const struct permit_whose *whose)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE activity_binding SET assigned_by_id = $1, category_id = $2 "
                            "WHERE owner_type_id = $3 AND owner_id = $4");
    db_bind_int(stmt, 1, whose->assigned_by);
    db_bind_int(stmt, 2, whose->category_id);
    db_bind_int(stmt, 3, type_id);
    db_bind_int(stmt, 4, id);
    return api_db(req, db_run(stmt));
}
