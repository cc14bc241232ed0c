#include "crm/item_parent.h"

#include <stdio.h>
#include <string.h>

#include "model/query.h"
#include "model/reference.h"

static int64_t child_type(const struct relation *relation)
{
    return ((const struct item_parent *)relation->with)->child_type_id;
}

/* ---- a change ---- */

struct given {
    int64_t id; /* 0: none */
    bool is_given, kept;
};

static enum api_rc parse(struct change *change, const struct relation *relation, void **slot)
{
    struct given *given = arena_zalloc(change->req->arena, sizeof *given);
    const struct value *value = value_get(change->given, relation->name);
    *slot = given;
    given->is_given = value != NULL;
    if (!value || value_is_empty(value))
        return API_OK;
    if (!value_to_int(value, &given->id) || given->id < 0)
        return api_fail(change->req, API_ERR_METHOD, "The field %s is not defined or invalid",
                        relation->name);
    return API_OK;
}

/* What stands there already may be repeated, readable or not. */
static enum api_rc stands(struct change *change, const struct relation *relation, int64_t id,
                          bool *does)
{
    *does = false;
    if (change->is_add)
        return API_OK;
    struct db_stmt *stmt = db_prepare(
        change->req->db, "SELECT 1 FROM item_parent WHERE child_type_id = $1 AND child_id = $2 AND "
                         "parent_type_id = $3 AND parent_id = $4");
    db_bind_int(stmt, 1, child_type(relation));
    db_bind_int(stmt, 2, change->id);
    db_bind_int(stmt, 3, relation->to->type_id);
    db_bind_int(stmt, 4, id);
    enum db_rc rc = db_step(stmt);
    *does = rc == DB_ROW;
    db_finish(stmt);
    return api_db(change->req, rc);
}

static enum api_rc check(struct change *change, const struct relation *relation, void **slot)
{
    struct given *given = *slot;
    enum reference reference = REFERENCE_MISSING;
    if (!given->is_given || !given->id)
        return API_OK;
    enum api_rc rc = stands(change, relation, given->id, &given->kept);
    if (rc != API_OK || given->kept)
        return rc;
    rc = reference_find(change->req, relation->to, given->id, &reference);
    if (rc == API_OK && reference == REFERENCE_MISSING)
        rc = api_fail(change->req, API_ERR_FIELD_NOT_VALID, "Invalid value for field \"%s\"",
                      relation->name);
    return rc;
}

static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    struct request *req = change->req;
    const struct given *given = slot;
    if (!given->is_given || given->kept)
        return API_OK;
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM item_parent WHERE child_type_id = $1 AND child_id = $2 "
                            "AND parent_type_id = $3");
    db_bind_int(stmt, 1, child_type(relation));
    db_bind_int(stmt, 2, change->id);
    db_bind_int(stmt, 3, relation->to->type_id);
    enum db_rc rc = change->is_add ? DB_OK : db_run(stmt);
    if (change->is_add)
        db_finish(stmt);
    if (rc != DB_OK || !given->id)
        return api_db(req, rc);
    stmt = db_prepare(req->db, "INSERT INTO item_parent (child_type_id, child_id, parent_type_id, "
                               "parent_id) VALUES ($1,$2,$3,$4)");
    db_bind_int(stmt, 1, child_type(relation));
    db_bind_int(stmt, 2, change->id);
    db_bind_int(stmt, 3, relation->to->type_id);
    db_bind_int(stmt, 4, given->id);
    return api_db(req, db_run(stmt));
}

/* ---- rows that go ---- */

static enum api_rc remove_row(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t id)
{
    (void)entity;
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM item_parent WHERE child_type_id = $1 AND child_id = $2 "
                            "AND parent_type_id = $3");
    db_bind_int(stmt, 1, child_type(relation));
    db_bind_int(stmt, 2, id);
    db_bind_int(stmt, 3, relation->to->type_id);
    return api_db(req, db_run(stmt));
}

static enum api_rc other_gone(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t other)
{
    (void)entity;
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM item_parent WHERE parent_type_id = $1 AND parent_id = $2 "
                            "AND child_type_id = $3");
    db_bind_int(stmt, 1, relation->to->type_id);
    db_bind_int(stmt, 2, other);
    db_bind_int(stmt, 3, child_type(relation));
    return api_db(req, db_run(stmt));
}

enum api_rc item_parent_forget_type(struct request *req, int64_t type_id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM item_parent WHERE parent_type_id = $1 OR child_type_id = $1");
    db_bind_int(stmt, 1, type_id);
    return api_db(req, db_run(stmt));
}

enum api_rc item_parent_forget(struct request *req, int64_t parent_type_id, int64_t child_type_id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM item_parent WHERE parent_type_id = $1 AND child_type_id = $2");
    db_bind_int(stmt, 1, parent_type_id);
    db_bind_int(stmt, 2, child_type_id);
    return api_db(req, db_run(stmt));
}

/* ---- the field ---- */

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    char sql[200];
    (void)entity;
    snprintf(sql, sizeof sql,
             "SELECT child_id, parent_id FROM item_parent WHERE child_type_id = %lld AND "
             "parent_type_id = %d AND child_id IN (",
             (long long)child_type(field->relation), field->relation->to->type_id);
    return relation_page_load(req, sql, "child_id", 1, ids, count, (struct relation_page **)loaded);
}

static void write_id(struct request *req, const struct field *field, const char *key, void *loaded,
                     int64_t id)
{
    const struct relation_row *row = relation_page_first(loaded, id);
    (void)field;
    writer_keyz(req->out, key);
    if (!row && req->dialect)
        writer_int(req->out, 0);
    else if (!row)
        writer_null(req->out);
    else if (req->dialect)
        writer_int(req->out, relation_int(row, 0));
    else
        writer_stringz(req->out, row->text[0]);
}

static enum api_rc one_of(struct query *query, const struct field *field, bool negated,
                          enum filter_op op, const struct value *value)
{
    const struct relation *relation = field->relation;
    struct buf *sql = &query->where;
    enum api_rc rc = API_OK;
    query_and(query);
    buf_printf(sql,
               "%sEXISTS (SELECT 1 FROM item_parent p WHERE p.child_type_id = %lld AND p.child_id "
               "= t.id AND p.parent_type_id = %d",
               negated ? "NOT " : "", (long long)child_type(relation), relation->to->type_id);
    if (value)
        rc = query_int(query, "p.parent_id", field->name, op, value);
    buf_addc(sql, ')');
    return rc;
}

static enum api_rc filter(struct query *query, const struct field *field, int op,
                          const struct value *value)
{
    return query_several(query, field, (enum filter_op)op, value, FIELD_INT, one_of);
}

const struct relation_kind relation_item_parent = {.parse = parse,
                                                   .check = check,
                                                   .store = store,
                                                   .remove = remove_row,
                                                   .other_gone = other_gone,
                                                   .load = load,
                                                   .write = write_id,
                                                   .filter = filter};
