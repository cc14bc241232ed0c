#include "model/permit.h"

#include <stdio.h>

#include "model/dialect.h"

/* So many people are bound one by one; more are found by a subquery. */
#define PEOPLE_BOUND 64

enum api_rc permit_denied(struct request *req)
{
    return req->dialect && req->dialect->denied ? req->dialect->denied(req)
                                                : api_fail_text(req, "Access denied.");
}

/* ---- an administrator alone, and everybody ---- */

static bool closed_any(const struct caller *caller, const struct entity *entity,
                       enum access_action action)
{
    (void)entity, (void)action;
    return caller->is_admin;
}

static enum api_rc closed_row(struct request *req, const struct entity *entity,
                              enum access_action action, const struct cell *row)
{
    (void)entity, (void)action, (void)row;
    return req->caller->is_admin ? API_OK : permit_denied(req);
}

static enum api_rc closed_sight(struct request *req, const struct entity *entity, int64_t id,
                                enum access_action action, enum permit_sight *sight)
{
    (void)entity, (void)id, (void)action;
    *sight = req->caller->is_admin ? PERMIT_FREE : PERMIT_REFUSED;
    return API_OK;
}

static void closed_list(struct query *query)
{
    if (query->req->caller->is_admin)
        return;
    query_and(query);
    buf_adds(&query->where, "1=0");
}

/* Of an entity that says nothing. */
static const struct permit closed = {
    .any = closed_any, .row = closed_row, .sight = closed_sight, .list = closed_list};

static bool open_any(const struct caller *caller, const struct entity *entity,
                     enum access_action action)
{
    (void)caller, (void)entity, (void)action;
    return true;
}

static enum api_rc open_row(struct request *req, const struct entity *entity,
                            enum access_action action, const struct cell *row)
{
    (void)req, (void)entity, (void)action, (void)row;
    return API_OK;
}

static enum api_rc open_sight(struct request *req, const struct entity *entity, int64_t id,
                              enum access_action action, enum permit_sight *sight)
{
    (void)req, (void)entity, (void)id, (void)action;
    *sight = PERMIT_FREE;
    return API_OK;
}

static void open_list(struct query *query)
{
    (void)query;
}

const struct permit permit_everybody = {
    .any = open_any, .row = open_row, .sight = open_sight, .list = open_list};

/* ---- the engine's questions ---- */

static const struct permit *permit_of(const struct entity *entity)
{
    return entity->permit ? entity->permit : &closed;
}

/* Is anything to be asked about rows? Whoever may everything of what roles rule has no levels at all. */
static bool asks(const struct request *req, const struct entity *entity)
{
    return req->caller->access || !entity->permit;
}

enum api_rc permit_any(struct request *req, const struct entity *entity, enum access_action action)
{
    return permit_of(entity)->any(req->caller, entity, action) ? API_OK : permit_denied(req);
}

enum api_rc permit_absent(struct request *req, const struct entity *entity,
                          enum access_action action)
{
    const struct permit *permit = permit_of(entity);
    if (permit->hears && !permit->hears(req->caller, action))
        return permit_denied(req);
    return permit_missing(req, entity, action);
}

enum api_rc permit_missing(struct request *req, const struct entity *entity,
                           enum access_action action)
{
    const struct missing *missing = &entity->missing[action];
    if (req->dialect && req->dialect->absent)
        return req->dialect->absent(req);
    return missing->text ? api_fail(req, missing->code, "%s", missing->text)
                         : api_fail_text(req, entity->not_found);
}

enum api_rc permit_row(struct request *req, const struct entity *entity, enum access_action action,
                       const struct cell *row)
{
    return asks(req, entity) ? permit_of(entity)->row(req, entity, action, row) : API_OK;
}

enum api_rc permit_delete(struct request *req, const struct entity *entity, int64_t id)
{
    enum permit_sight sight = PERMIT_FREE;
    if (!asks(req, entity))
        return API_OK;
    enum api_rc rc = permit_of(entity)->sight(req, entity, id, ACCESS_DELETE, &sight);
    if (rc != API_OK || sight == PERMIT_FREE)
        return rc;
    if (sight != PERMIT_MISSING)
        return permit_denied(req);
    return req->dialect && req->dialect->absent ? req->dialect->absent(req)
                                                : api_fail_text(req, entity->not_found);
}

enum api_rc permit_sees(struct request *req, const struct entity *entity, int64_t id,
                        enum access_action action, enum permit_sight *sight)
{
    *sight = PERMIT_FREE;
    return asks(req, entity) ? permit_of(entity)->sight(req, entity, id, action, sight) : API_OK;
}

enum api_rc permit_reads(struct request *req, const struct entity *entity, int64_t id, bool *may)
{
    enum permit_sight sight = PERMIT_REFUSED;
    enum api_rc rc = permit_of(entity)->sight(req, entity, id, ACCESS_READ, &sight);
    *may = sight == PERMIT_FREE;
    return rc;
}

void permit_list(struct query *query)
{
    if (asks(query->req, query->entity))
        permit_of(query->entity)->list(query);
}

const struct permit_index *permit_by_index(const struct query *query)
{
    const struct permit *permit = query->entity->permit;
    const struct permit_index *index = permit ? permit->index : NULL;
    return index && query->req->caller->access && index->serves(query) ? index : NULL;
}

/* ---- rows that belong to their responsible person ---- */

static const char *category_column(const struct entity *entity)
{
    return entity->category ? entity->fields[entity_at(entity, entity->category)].column : NULL;
}

void permit_sql_whose(struct buf *sql, const struct entity *entity, const char *rows)
{
    const char *category = category_column(entity);
    buf_printf(sql, ", %s.assigned_by_id, ", rows);
    if (category)
        buf_printf(sql, "%s.%s", rows, category);
    else
        buf_addc(sql, '0');
}

bool permit_covers(const struct request *req, const struct entity *entity,
                   enum access_action action, const struct permit_whose *whose)
{
    return access_covers(req->caller, entity->type_id, whose->category_id, action,
                         whose->assigned_by);
}

enum db_rc permit_owner(struct request *req, const struct entity *entity, int64_t id,
                        struct permit_whose *whose)
{
    struct buf sql = {0};
    *whose = (struct permit_whose){0};
    if (!entity || id <= 0)
        return DB_NONE;
    buf_adds(&sql, "SELECT o.id");
    permit_sql_whose(&sql, entity, "o");
    buf_printf(&sql, " FROM %s o WHERE o.id = $1", entity->table);
    struct db_stmt *stmt = db_prepare_share(req->db, buf_text(&sql), NULL);
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *whose = (struct permit_whose){db_int(stmt, 1), db_int(stmt, 2)};
    db_finish(stmt);
    return rc;
}

static bool assigned_any(const struct caller *caller, const struct entity *entity,
                         enum access_action action)
{
    return access_any(caller, entity->type_id, action);
}

static enum api_rc assigned_row(struct request *req, const struct entity *entity,
                                enum access_action action, const struct cell *row)
{
    const struct permit_whose whose = {
        .assigned_by = row[entity_at(entity, "ASSIGNED_BY_ID")].integer,
        .category_id = entity->category ? row[entity_at(entity, entity->category)].integer : 0};
    return permit_covers(req, entity, action, &whose) ? API_OK : permit_denied(req);
}

static enum api_rc assigned_sight(struct request *req, const struct entity *entity, int64_t id,
                                  enum access_action action, enum permit_sight *sight)
{
    struct permit_whose whose;
    enum db_rc rc = permit_owner(req, entity, id, &whose);
    bool may = rc == DB_ROW && permit_covers(req, entity, action, &whose);
    *sight = may ? PERMIT_FREE : PERMIT_REFUSED;
    return api_db(req, rc);
}

/* "= $1" or "IN (...)": the people whose entities a level covers. */
void permit_people(struct query *query, struct buf *sql, enum access_level level)
{
    const struct access *access = query->req->caller->access;
    size_t count;
    if (level == ACCESS_OWN) {
        buf_printf(sql, "= $%d", query_bind_int(query, access->user_id));
        return;
    }
    const int64_t *people = access_people(access, level, &count);
    if (count > PEOPLE_BOUND) {
        char user[16];
        snprintf(user, sizeof user, "$%d", query_bind_int(query, access->user_id));
        if (level == ACCESS_DEPARTMENT)
            buf_printf(sql, "IN (" ACCESS_DEPARTMENT_SQL("%s") ")", user);
        else
            buf_printf(sql, "IN (" ACCESS_SUBTREE_SQL("%s") ")", user);
        return;
    }
    buf_adds(sql, "IN (");
    for (size_t i = 0; i < count; i++)
        buf_printf(sql, "%s$%d", i ? "," : "", query_bind_int(query, people[i]));
    buf_addc(sql, ')');
}

static void sql_level(struct query *query, struct buf *sql, enum access_level level,
                      const char *assigned_by)
{
    if (level == ACCESS_ALL || level == ACCESS_NONE) {
        buf_adds(sql, level == ACCESS_ALL ? "1=1" : "1=0");
        return;
    }
    buf_printf(sql, "%s ", assigned_by);
    permit_people(query, sql, level);
}

void permit_sql_covered(struct query *query, struct buf *sql, int type_id, const char *assigned_by,
                        const char *category_id)
{
    const struct caller *caller = query->req->caller;
    size_t count;
    const struct access_row *funnel = access_funnels(caller, type_id, &count);
    buf_addc(sql, '(');
    for (size_t i = 0; i < count; i++) {
        buf_printf(sql, "(%s = %lld AND ", category_id, (long long)funnel[i].category_id);
        sql_level(query, sql, (enum access_level)funnel[i].level[ACCESS_READ], assigned_by);
        buf_adds(sql, ") OR ");
    }
    if (count) {
        buf_printf(sql, "(%s NOT IN (", category_id);
        for (size_t i = 0; i < count; i++)
            buf_printf(sql, "%s%lld", i ? "," : "", (long long)funnel[i].category_id);
        buf_adds(sql, ") AND ");
    }
    sql_level(query, sql, access_level(caller, type_id, ACCESS_READ), assigned_by);
    buf_adds(sql, count ? "))" : ")");
}

static void assigned_list(struct query *query)
{
    const struct entity *entity = query->entity;
    const char *column = category_column(entity);
    char category[80] = "0";
    if (access_all(query->req->caller, entity->type_id, ACCESS_READ))
        return;
    if (column)
        snprintf(category, sizeof category, "t.%s", column);
    query_and(query);
    permit_sql_covered(query, &query->where, entity->type_id, "t.assigned_by_id", category);
}

void permit_reference(struct query *query, const struct entity *other, const char *column)
{
    struct buf *sql = &query->where;
    const char *funnel = category_column(other);
    char category[80] = "0";
    if (access_all(query->req->caller, other->type_id, ACCESS_READ)) {
        buf_adds(sql, "1=1");
    } else if (!access_any(query->req->caller, other->type_id, ACCESS_READ)) {
        buf_adds(sql, "1=0");
    } else {
        if (funnel)
            snprintf(category, sizeof category, "o.%s", funnel);
        buf_printf(sql, "EXISTS (SELECT 1 FROM %s o WHERE o.id = %s AND ", other->table, column);
        permit_sql_covered(query, sql, other->type_id, "+o.assigned_by_id", category);
        buf_addc(sql, ')');
    }
}

bool permit_has_levels(const struct entity *entity)
{
    return entity->permit == &permit_assigned && entity->code;
}

const struct permit permit_assigned = {
    .any = assigned_any, .row = assigned_row, .sight = assigned_sight, .list = assigned_list};

/* ---- what the CRM is set up with ---- */

static bool settings_any(const struct caller *caller, const struct entity *entity,
                         enum access_action action)
{
    (void)entity;
    return action == ACCESS_READ ? access_some(caller, ACCESS_READ) : caller->is_admin;
}

static enum api_rc settings_row(struct request *req, const struct entity *entity,
                                enum access_action action, const struct cell *row)
{
    (void)row;
    return settings_any(req->caller, entity, action) ? API_OK : permit_denied(req);
}

static enum api_rc settings_sight(struct request *req, const struct entity *entity, int64_t id,
                                  enum access_action action, enum permit_sight *sight)
{
    (void)id;
    *sight = settings_any(req->caller, entity, action) ? PERMIT_FREE : PERMIT_REFUSED;
    return API_OK;
}

static void settings_list(struct query *query)
{
    (void)query; /* `any` has said it */
}

const struct permit permit_settings = {
    .any = settings_any, .row = settings_row, .sight = settings_sight, .list = settings_list};
