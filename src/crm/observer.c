#include "crm/observer.h"

#include <string.h>

#include "base/limits.h"
#include "model/dialect.h"
#include "model/query.h"
#include "model/reference.h"
#include "user/user.h"

#define OBSERVERS_MAX 500 /* of a row */

/* ---- writing ---- */

static enum api_rc refuse(struct change *change, const struct relation *relation)
{
    const struct field *field = entity_field(change->entity, relation->name);
    if (change->req->dialect && change->req->dialect->invalid)
        return change->req->dialect->invalid(change->req, field);
    return api_fail(change->req, API_ERR_METHOD, "The field %s is not defined or invalid",
                    field->name);
}

/* *slot: the list, or NULL when it is not given. */
static enum api_rc parse(struct change *change, const struct relation *relation, void **slot)
{
    const struct value *value = value_get(change->given, relation->name);
    size_t count = value_is_array(value) ? value->array.count : 0;
    if (!value || !change_given(change, relation->name))
        return API_OK;
    struct reference_ids *ids = reference_ids_new(change->req->arena, count);
    if (count > OBSERVERS_MAX || (!value_is_array(value) && !value_is_empty(value)))
        return refuse(change, relation);
    for (size_t i = 0; i < count; i++) {
        int64_t id;
        const struct value *item = value->array.items[i].value;
        if (value_is_empty(item))
            continue;
        if (!value_to_int(item, &id) || id <= 0)
            return refuse(change, relation);
        reference_ids_add(ids, id);
    }
    *slot = ids;
    return API_OK;
}

static enum api_rc check(struct change *change, const struct relation *relation, void **slot)
{
    const struct reference_ids *ids = *slot;
    enum api_rc rc = API_OK;
    for (size_t i = 0; ids && i < ids->count && rc == API_OK; i++) {
        bool exists;
        rc = user_exists(change->req, ids->id[i], &exists);
        if (rc == API_OK && !exists)
            rc = refuse(change, relation);
    }
    return rc;
}

static enum api_rc remove_all(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM observer WHERE entity_type_id = $1 AND entity_id = $2");
    (void)relation;
    db_bind_int(stmt, 1, entity->type_id);
    db_bind_int(stmt, 2, id);
    return api_db(req, db_run(stmt));
}

static enum api_rc insert(struct change *change, const struct reference_ids *ids)
{
    struct buf sql = {0};
    if (!ids->count)
        return API_OK;
    buf_adds(&sql, "INSERT INTO observer (entity_type_id, entity_id, user_id, sort) VALUES ");
    for (size_t i = 0; i < ids->count; i++)
        buf_printf(&sql, "%s($1, $2, $%zu, %zu)", i ? "," : "", i + 3, (i + 1) * 10);
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, change->entity->type_id);
    db_bind_int(stmt, 2, change->id);
    for (size_t i = 0; i < ids->count; i++)
        db_bind_int(stmt, (int)i + 3, ids->id[i]);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    enum api_rc rc = API_OK;
    if (!slot)
        return API_OK;
    if (!change->is_add)
        rc = remove_all(change->req, change->entity, relation, change->id);
    return rc == API_OK ? insert(change, slot) : rc;
}

/* Whoever watched the one watches the other. */
static enum api_rc move(struct request *req, const struct entity *entity,
                        const struct relation *relation, int64_t from, int64_t into)
{
    struct buf sql = {0};
    (void)relation;
    buf_printf(&sql,
               "INSERT INTO observer (entity_type_id, entity_id, user_id, sort) SELECT "
               "o.entity_type_id, $2, o.user_id, o.sort + coalesce((SELECT max(m.sort) FROM "
               "observer m WHERE m.entity_type_id = %lld AND m.entity_id = $2), 0) FROM observer "
               "o WHERE o.entity_type_id = %lld AND o.entity_id = $1 ON CONFLICT DO NOTHING",
               (long long)entity->type_id, (long long)entity->type_id);
    return relation_run(req, &sql, from, into);
}

/* ---- reading ---- */

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    (void)field;
    const char *select = arena_printf(req->arena,
                                      "SELECT entity_id, user_id FROM observer WHERE "
                                      "entity_type_id = %lld AND entity_id IN (",
                                      (long long)entity->type_id);
    struct relation_page *page;
    enum api_rc rc = relation_page_load(req, select, "entity_id, sort", 1, ids, count, &page);
    *loaded = page;
    return rc;
}

static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    (void)field;
    writer_keyz(req->out, key);
    writer_begin_list(req->out);
    for (const struct relation_row *row = relation_page_first(loaded, id); row; row = row->next)
        writer_int(req->out, relation_int(row, 0));
    writer_end_list(req->out);
}

static enum api_rc filter_set(struct query *query, const struct field *field, bool negated,
                              enum filter_op op, const struct value *value)
{
    enum api_rc rc = API_OK;
    buf_printf(&query->where,
               "t.id %sIN (SELECT o.entity_id FROM observer o WHERE o.entity_type_id = $%d",
               negated ? "NOT " : "", query_bind_int(query, query->entity->type_id));
    if (value && op >= OP_LIKE)
        rc = query_text(query, "CAST(o.user_id AS TEXT)", op, value);
    else if (value)
        rc = query_int(query, "o.user_id", field->name, op, value);
    buf_addc(&query->where, ')');
    return rc;
}

static enum api_rc filter(struct query *query, const struct field *field, int op,
                          const struct value *value)
{
    return query_several(query, field, (enum filter_op)op, value, FIELD_INT, filter_set);
}

static const struct relation_kind kind = {.schema = RELATION_IDS_SCHEMA,
                                          .parse = parse,
                                          .check = check,
                                          .store = store,
                                          .move = move,
                                          .remove = remove_all,
                                          .load = load,
                                          .write = write,
                                          .filter = filter};

const struct relation observers = {.kind = &kind, .name = "OBSERVERS", .table = "observer"};
