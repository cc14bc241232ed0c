#include "user/department.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "model/query.h"
#include "user/user.h"

static const struct field fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("NAME", "string", "Department Name", FIELD_TEXT, "name", 0, NULL),
    FIELD_ROW("SORT", "integer", "Sort Order", FIELD_INT, "sort", FIELD_NOT_NULL, NULL),
    FIELD_ROW("PARENT", "integer", "Parent Department", FIELD_INT, "parent_id", 0, NULL),
    FIELD_ROW("UF_HEAD", "user", "Manager", FIELD_INT, "head_id", 0, NULL),
};

#define FIELD_COUNT (sizeof fields / sizeof fields[0])
#define SORT_DEFAULT 500
#define NAME_BYTES 255

static const struct entity department_entity = {
    .name = "department",
    .table = "department",
    .fields = fields,
    .field_count = FIELD_COUNT,
    .not_found = "Department not found",
};

static enum api_rc fail(struct request *req, const char *text)
{
    return api_fail(req, API_ERR_CORE, "%s", text);
}

static enum api_rc two_roots(struct request *req)
{
    return fail(req, "There can only be one top-level department in the company structure");
}

/* That the tree is one is a rule about all of it: one change at a time. */
static enum api_rc may_change(struct request *req)
{
    return req->caller->is_admin ? api_db(req, db_hold_rule(req->db, "department"))
                                 : fail(req, "Access denied");
}

/* ---- reading ---- */

enum api_rc department_fields(struct request *req)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        writer_text(req->out, fields[i].name, fields[i].title);
    writer_end_object(req->out);
    return API_OK;
}

static void write_id(struct writer *out, const char *key, struct db_stmt *stmt, int column)
{
    if (db_is_null(stmt, column) || !db_int(stmt, column))
        return; /* the root has no parent, a department may have no head */
    writer_keyz(out, key);
    writer_int_string(out, db_int(stmt, column));
}

static void write_row(struct writer *out, struct db_stmt *stmt)
{
    writer_begin_object(out);
    write_id(out, "ID", stmt, 0);
    writer_text(out, "NAME", db_text(stmt, 1, NULL));
    writer_number(out, "SORT", db_int(stmt, 2));
    write_id(out, "PARENT", stmt, 3);
    write_id(out, "UF_HEAD", stmt, 4);
    writer_end_object(out);
}

/* The conditions among the parameters; SORT is one when it is a number, else a field to sort by. */
static struct value *read_filter(struct request *req)
{
    struct value *filter = value_array(req->arena);
    int64_t number;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct value *given = param_get(req, fields[i].name);
        bool sorts = !strcmp(fields[i].name, "SORT") && !value_to_int(given, &number) &&
                     !value_is_array(given);
        if (given && !sorts)
            value_set(req->arena, filter, fields[i].name, strlen(fields[i].name),
                      (struct value *)(uintptr_t)given);
    }
    return filter;
}

static struct value *read_order(struct request *req)
{
    const struct value *sort = param_get(req, "sort"), *way = param_get(req, "order");
    struct value *order = value_array(req->arena);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        bool named =
            sort && sort->type == VALUE_STRING && !strcasecmp(sort->string.text, fields[i].name);
        const char *text = way && way->type == VALUE_STRING ? way->string.text : "ASC";
        if (named)
            value_set(req->arena, order, fields[i].name, strlen(fields[i].name),
                      value_string(req->arena, text, strlen(text)));
    }
    return order;
}

static enum api_rc write_page(struct query *query, int64_t start)
{
    struct request *req = query->req;
    struct buf sql = {0};
    buf_adds(&sql, "SELECT t.id, t.name, t.sort, t.parent_id, t.head_id FROM department t");
    query_sql_where(query, &sql);
    query_sql_order(&sql, &department_entity, read_order(req));
    int at = query->bind_count + 1;
    buf_printf(&sql, " LIMIT $%d OFFSET $%d", at, at + 1);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(query, stmt);
    db_bind_int(stmt, at, LIMIT_PAGE);
    db_bind_int(stmt, at + 1, start > 0 ? start : 0);
    enum db_rc rc;
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW)
        write_row(req->out, stmt);
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc department_list(struct request *req)
{
    struct query query;
    int64_t start = param_start(req);
    query_init(&query, req, &department_entity);
    enum api_rc rc = query_filter(&query, read_filter(req));
    if (rc == API_OK)
        rc = write_page(&query, start);
    req->total = 0;
    if (rc == API_OK && start >= 0)
        rc = query_count(&query, &req->total);
    if (rc == API_OK && start >= 0 && start + LIMIT_PAGE < req->total)
        req->next = start + LIMIT_PAGE;
    query_clear(&query);
    return rc;
}

/* ---- changes ---- */

struct department {
    int64_t id, sort, parent_id, head_id; /* 0: none */
    const char *name;
};

static enum api_rc find(struct request *req, struct department *d)
{
    int64_t id;
    if (!param_int(req, "ID", &id) || id <= 0)
        return fail(req, department_entity.not_found);
    struct db_stmt *stmt = db_prepare_hold(
        req->db, "SELECT id, name, sort, parent_id, head_id FROM department WHERE id = $1", NULL);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *d = (struct department){.id = id,
                                 .name = request_text(req, stmt, 1, NULL),
                                 .sort = db_int(stmt, 2),
                                 .parent_id = db_is_null(stmt, 3) ? 0 : db_int(stmt, 3),
                                 .head_id = db_is_null(stmt, 4) ? 0 : db_int(stmt, 4)};
    db_finish(stmt);
    return rc == DB_NONE ? fail(req, department_entity.not_found) : api_db(req, rc);
}

static enum api_rc take_name(struct request *req, struct department *d)
{
    const struct value *given = param_get(req, "NAME");
    size_t len = 0;
    const char *name = given ? value_to_text(req->arena, given, &len) : d->name;
    if (!name || !name[strspn(name, " \t\r\n")] || len > NAME_BYTES)
        return fail(req, len > NAME_BYTES ? "Department name is too long."
                                          : "Department name not provided.<br>");
    d->name = name;
    return API_OK;
}

/* Of the departments above `id`, and itself, is one `other`? */
static enum api_rc is_above(struct request *req, int64_t other, int64_t id, bool *above)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "WITH RECURSIVE up(id) AS (SELECT d.id FROM department d WHERE d.id = $1 UNION "
                 "SELECT d.parent_id FROM department d JOIN up u ON d.id = u.id WHERE d.parent_id "
                 "IS NOT NULL) SELECT 1 FROM up WHERE id = $2");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, other);
    enum db_rc rc = db_step(stmt);
    *above = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc take_parent(struct request *req, struct department *d)
{
    const struct value *given = param_get(req, "PARENT");
    int64_t parent = 0;
    bool exists = false, below = false;
    if (d->id && (!given || (value_to_int(given, &parent) && parent == d->parent_id)))
        return API_OK;
    enum api_rc rc = API_OK;
    if (value_to_int(given, &parent) && parent > 0)
        rc = entity_exists(req, &department_entity, parent, &exists);
    if (rc == API_OK && !exists)
        rc = two_roots(req);
    if (rc == API_OK && d->id)
        rc = is_above(req, d->id, parent, &below);
    if (rc == API_OK && below)
        rc = fail(req, "A department cannot stand below itself");
    d->parent_id = parent;
    return rc;
}

static enum api_rc take_rest(struct request *req, struct department *d)
{
    const struct value *head = param_get(req, "UF_HEAD"), *sort = param_get(req, "SORT");
    bool exists = true;
    if (!value_is_empty(sort) && !value_to_int(sort, &d->sort))
        return fail(req, "The field SORT is not defined or invalid");
    if (!head)
        return API_OK;
    enum api_rc rc = API_OK;
    d->head_id = 0;
    if (!value_is_empty(head) && (!value_to_int(head, &d->head_id) || d->head_id < 0))
        exists = false;
    else if (d->head_id)
        rc = user_exists(req, d->head_id, &exists);
    return rc == API_OK && !exists ? fail(req, "The field UF_HEAD is not defined or invalid") : rc;
}

static enum api_rc take_all(struct request *req, struct department *d)
{
    enum api_rc rc = take_name(req, d);
    if (rc == API_OK)
        rc = take_parent(req, d);
    return rc == API_OK ? take_rest(req, d) : rc;
}

static void bind_id(struct db_stmt *stmt, int at, int64_t id)
{
    id ? db_bind_int(stmt, at, id) : db_bind_null(stmt, at);
}

static void bind_department(struct db_stmt *stmt, const struct department *d)
{
    db_bind_textz(stmt, 1, d->name);
    db_bind_int(stmt, 2, d->sort);
    bind_id(stmt, 3, d->parent_id);
    bind_id(stmt, 4, d->head_id);
}

enum api_rc department_add(struct request *req)
{
    struct department d = {.sort = SORT_DEFAULT};
    enum api_rc rc = may_change(req);
    if (rc == API_OK)
        rc = take_all(req, &d);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(req->db, "INSERT INTO department (name, sort, parent_id, "
                                               "head_id) VALUES ($1, $2, $3, $4) RETURNING id");
    bind_department(stmt, &d);
    enum db_rc step = db_step(stmt);
    if (step == DB_ROW)
        writer_int(req->out, db_int(stmt, 0));
    db_finish(stmt);
    return api_db(req, step);
}

enum api_rc department_update(struct request *req)
{
    struct department d = {0};
    enum api_rc rc = may_change(req);
    if (rc == API_OK)
        rc = find(req, &d);
    if (rc == API_OK)
        rc = take_all(req, &d);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(req->db, "UPDATE department SET name = $1, sort = $2, "
                                               "parent_id = $3, head_id = $4 WHERE id = $5");
    bind_department(stmt, &d);
    db_bind_int(stmt, 5, d.id);
    rc = api_db(req, db_run(stmt));
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* ---- delete ---- */

#define SLICE 64

/* How many departments the person has; their list does not change any more. */
static enum db_rc hold_person(struct request *req, int64_t user_id, size_t *count)
{
    struct db_stmt *stmt = db_prepare_hold(req->db, "SELECT 1 FROM member WHERE id = $1", NULL);
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_run(stmt);
    if (rc != DB_OK)
        return rc;
    stmt = db_prepare(req->db, "SELECT count(*) FROM member_department WHERE user_id = $1");
    db_bind_int(stmt, 1, user_id);
    rc = db_step(stmt);
    *count = rc == DB_ROW ? (size_t)db_int(stmt, 0) : 0;
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

/* One person's list of departments with `from` replaced by `to`. */
static enum api_rc move_person(struct request *req, int64_t user_id, int64_t from, int64_t to)
{
    size_t count = 0, most = 0;
    bool has_to = false;
    enum db_rc rc = hold_person(req, user_id, &most);
    if (rc != DB_OK)
        return api_db(req, rc);
    int64_t *ids = arena_alloc(req->arena, (most + 1) * sizeof *ids);
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT department_id FROM member_department WHERE user_id = $1 ORDER BY 1");
    db_bind_int(stmt, 1, user_id);
    while ((rc = db_step(stmt)) == DB_ROW && count < most) {
        has_to = has_to || db_int(stmt, 0) == to;
        if (db_int(stmt, 0) != from)
            ids[count++] = db_int(stmt, 0);
    }
    db_finish(stmt);
    if (rc != DB_ROW && rc != DB_NONE)
        return api_db(req, rc);
    if (!has_to)
        ids[count++] = to;
    return api_db(req, user_departments_set(req->db, user_id, ids, count));
}

static enum api_rc move_people(struct request *req, int64_t from, int64_t to)
{
    int64_t users[SLICE];
    size_t count;
    do { /* in slices: whoever was moved is not found again */
        struct db_stmt *stmt = db_prepare(
            req->db, "SELECT user_id FROM member_department WHERE department_id = $1 LIMIT 64");
        enum db_rc rc;
        db_bind_int(stmt, 1, from);
        for (count = 0; (rc = db_step(stmt)) == DB_ROW && count < SLICE; count++)
            users[count] = db_int(stmt, 0);
        db_finish(stmt);
        if (rc != DB_ROW && rc != DB_NONE)
            return api_db(req, rc);
        for (size_t i = 0; i < count; i++) {
            enum api_rc moved = move_person(req, users[i], from, to);
            if (moved != API_OK)
                return moved;
        }
    } while (count == SLICE);
    return API_OK;
}

static enum api_rc run_both(struct request *req, const char *sql, int64_t id, int64_t other)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    db_bind_int(stmt, 1, id);
    if (other)
        db_bind_int(stmt, 2, other);
    return api_db(req, db_run(stmt));
}

enum api_rc department_delete(struct request *req)
{
    struct department d = {0};
    enum api_rc rc = may_change(req);
    if (rc == API_OK)
        rc = find(req, &d);
    if (rc == API_OK && !d.parent_id)
        rc = two_roots(req); /* without it those below would all be roots */
    if (rc == API_OK)
        rc = move_people(req, d.id, d.parent_id);
    if (rc == API_OK)
        rc = run_both(req, "UPDATE department SET parent_id = $2 WHERE parent_id = $1", d.id,
                      d.parent_id);
    if (rc == API_OK)
        rc = run_both(req, "DELETE FROM role_member WHERE kind = 'department' AND member_id = $1",
                      d.id, 0);
    if (rc == API_OK)
        rc = run_both(req, "DELETE FROM department WHERE id = $1", d.id, 0);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}
