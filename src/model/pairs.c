#include "model/pairs.h"

#include <string.h>

#include "base/limits.h"
#include "model/query.h"
#include "model/reference.h"

#define LINK_MAX 1000 /* linked rows that one call may give */

/* ---- writing ---- */

/* The row's list as it stands, whole. */
static enum api_rc read_stored(struct change *change, const struct relation *relation,
                               struct reference_ids **ids)
{
    struct arena *arena = change->req->arena;
    struct buf sql = {0};
    size_t room = LIMIT_PAGE;
    enum db_rc rc = DB_NONE;
    *ids = reference_ids_new(arena, room);
    if (change->is_add)
        return API_OK;
    buf_printf(&sql, "SELECT %s FROM %s WHERE %s = $1 ORDER BY sort, %s", relation->other,
               relation->table, relation->own, relation->other);
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, change->id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        if ((*ids)->count == room) {
            struct reference_ids *more = reference_ids_new(arena, room *= 2);
            memcpy(more, *ids, sizeof *more + (*ids)->count * sizeof more->id[0]);
            *ids = more;
        }
        (*ids)->id[(*ids)->count++] = db_int(stmt, 0);
    }
    db_finish(stmt);
    return api_db(change->req, rc);
}

/* Which of `ids` stand in the row's list. */
static enum api_rc read_linked(struct change *change, const struct relation *relation,
                               const struct reference_ids *ids, struct reference_ids *linked)
{
    struct buf sql = {0};
    if (change->is_add || !ids->count)
        return API_OK;
    buf_printf(&sql, "SELECT %s FROM %s WHERE %s = $1 AND %s IN (", relation->other,
               relation->table, relation->own, relation->other);
    db_sql_places(&sql, 2, ids->count);
    buf_addc(&sql, ')');
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, change->id);
    db_bind_places(stmt, 2, ids->count, ids->id, ids->count);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        reference_ids_add(linked, db_int(stmt, 0));
    db_finish(stmt);
    return api_db(change->req, rc);
}

/* Keeps of `ids` what may be named, or stands there already. */
static enum api_rc keep_known(struct change *change, const struct relation *relation,
                              struct reference_ids *ids)
{
    struct request *req = change->req;
    bool *readable = arena_zalloc(req->arena, ids->count + 1);
    struct reference_ids *linked = reference_ids_new(req->arena, ids->count);
    size_t kept = 0;
    enum api_rc rc = reference_readable(req, relation->to, ids->id, ids->count, readable);
    if (rc == API_OK && !reference_reads_all(req, relation->to))
        rc = read_linked(change, relation, ids, linked);
    for (size_t i = 0; i < ids->count && rc == API_OK; i++) {
        if (readable[i] || reference_ids_have(linked, ids->id[i]))
            ids->id[kept++] = ids->id[i];
    }
    ids->count = kept;
    return rc;
}

/* `ids` as the list will be: what the caller does not see of the one that stands there stays. */
static enum api_rc keep_unseen(struct change *change, const struct relation *relation,
                               struct reference_ids **ids)
{
    struct request *req = change->req;
    struct reference_ids *stored;
    if (reference_reads_all(req, relation->to))
        return API_OK;
    enum api_rc rc = read_stored(change, relation, &stored);
    if (rc != API_OK)
        return rc;
    bool *seen = arena_zalloc(req->arena, stored->count + 1);
    rc = reference_readable(req, relation->to, stored->id, stored->count, seen);
    for (size_t i = 0; i < stored->count; i++)
        seen[i] = !seen[i];
    *ids = reference_merge(req->arena, stored, seen, *ids);
    return rc;
}

static enum api_rc read_given(struct change *change, const struct relation *relation,
                              struct reference_ids **ids)
{
    struct request *req = change->req;
    const struct value *value = value_get(change->given, relation->name);
    size_t count = value_is_array(value) ? value->array.count : 1;
    int64_t id;
    if (count > LINK_MAX)
        return api_fail(req, API_ERR_METHOD, "The field %s is not defined or invalid",
                        relation->name);
    *ids = reference_ids_new(req->arena, count);
    if (!value_is_array(value)) {
        if (value_to_int(value, &id) && id > 0)
            reference_ids_add(*ids, id);
    } else {
        for (size_t i = 0; i < count; i++) {
            if (value_to_int(value->array.items[i].value, &id) && id > 0)
                reference_ids_add(*ids, id);
        }
    }
    enum api_rc rc = keep_known(change, relation, *ids);
    return rc == API_OK && !relation->inverse ? keep_unseen(change, relation, ids) : rc;
}

static void set_main(struct change *change, const struct relation *relation,
                     const struct reference_ids *ids)
{
    struct cell *main = relation->main ? change_cell(change, relation->main) : NULL;
    if (main && ids->count)
        cell_set_int(main, ids->id[0]);
    else if (main)
        cell_set_null(main);
}

/* The new main one first, then those that are linked already. */
static struct reference_ids *put_first(struct change *change, int64_t first,
                                       const struct reference_ids *stored)
{
    struct reference_ids *ids = reference_ids_new(change->req->arena, stored->count + 1);
    ids->id[ids->count++] = first;
    for (size_t i = 0; i < stored->count; i++) {
        if (stored->id[i] != first)
            ids->id[ids->count++] = stored->id[i];
    }
    return ids;
}

/* The list is emptied, but for what the caller does not see of it. */
static enum api_rc clear(struct change *change, const struct relation *relation,
                         struct reference_ids **ids)
{
    *ids = reference_ids_new(change->req->arena, 0);
    enum api_rc rc = keep_unseen(change, relation, ids);
    set_main(change, relation, *ids);
    return rc;
}

/* Only the main one was given: it joins the others at their head, and an empty one ends all. */
static enum api_rc check_main(struct change *change, const struct relation *relation,
                              struct reference_ids **ids)
{
    size_t at = entity_at(change->entity, relation->main);
    struct cell *cell = &change->now[at];
    int64_t old = change->old && !change->old[at].null ? change->old[at].integer : 0;
    int64_t id = cell->null ? 0 : cell->integer;
    enum reference reference;
    struct reference_ids *stored;
    if (id == old)
        return API_OK;
    if (!id)
        return clear(change, relation, ids);
    enum api_rc rc = reference_find(change->req, relation->to, id, &reference);
    if (rc == API_OK)
        rc = read_stored(change, relation, &stored);
    if (rc != API_OK)
        return rc;
    if (reference != REFERENCE_MISSING || reference_ids_have(stored, id))
        *ids = put_first(change, id, stored);
    else if (change->old)
        *cell = change->old[at];
    else
        cell_set_null(cell);
    return API_OK;
}

/* Both were given: the main one joins the set as its first. One that is not there is not taken. */
static enum api_rc join_main(struct change *change, const struct relation *relation,
                             struct reference_ids **ids)
{
    const struct cell *main = relation->main ? change_cell(change, relation->main) : NULL;
    enum reference reference = REFERENCE_MISSING;
    struct reference_ids *given = *ids;
    if (!main || !main->given || main->null || main->integer <= 0)
        return API_OK;
    bool known = reference_ids_have(given, main->integer);
    enum api_rc rc =
        known ? API_OK : reference_find(change->req, relation->to, main->integer, &reference);
    if (rc != API_OK || (!known && reference == REFERENCE_MISSING))
        return rc;
    *ids = reference_ids_new(change->req->arena, given->count + 1);
    reference_ids_add(*ids, main->integer);
    for (size_t i = 0; i < given->count; i++)
        reference_ids_add(*ids, given->id[i]);
    return API_OK;
}

static enum api_rc check(struct change *change, const struct relation *relation, void **slot)
{
    struct reference_ids *ids = NULL;
    enum api_rc rc = API_OK;
    if (change_given(change, relation->name)) {
        rc = read_given(change, relation, &ids);
        if (rc == API_OK)
            rc = join_main(change, relation, &ids);
        if (rc == API_OK)
            set_main(change, relation, ids);
    } else if (relation->main && change_given(change, relation->main)) {
        rc = check_main(change, relation, &ids);
    }
    *slot = ids;
    return rc;
}

static enum api_rc run_with(struct request *req, struct buf *sql, int64_t id)
{
    struct db_stmt *stmt = db_prepare(req->db, buf_text(sql));
    buf_clear(sql);
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

/* The column with the main one. */
const char *pairs_main_column(const struct entity *entity, const struct relation *relation)
{
    return entity->fields[entity_at(entity, relation->main)].column;
}

/* Rows whose main one is parameter 1 take the next of their list, or none. */
static void sql_next_main(struct buf *sql, const struct entity *entity,
                          const struct relation *relation)
{
    const char *column = pairs_main_column(entity, relation), *table = entity->table;
    buf_printf(sql,
               "UPDATE %s SET %s = (SELECT l.%s FROM %s l WHERE l.%s = %s.id ORDER BY l.sort, l.%s "
               "LIMIT 1) WHERE %s = $1",
               table, column, relation->other, relation->table, relation->own, table,
               relation->other, column);
}

/* The list was written from the other side: the main ones there follow. */
enum api_rc pairs_follow(struct request *req, const struct entity *entity,
                         const struct relation *relation, int64_t other)
{
    const char *column = pairs_main_column(entity, relation);
    struct buf sql = {0};
    sql_next_main(&sql, entity, relation);
    buf_printf(&sql, " AND NOT EXISTS (SELECT 1 FROM %s l WHERE l.%s = %s.id AND l.%s = $1)",
               relation->table, relation->own, entity->table, relation->other);
    enum api_rc rc = run_with(req, &sql, other);
    if (rc != API_OK)
        return rc;
    buf_printf(&sql,
               "UPDATE %s SET %s = $1 WHERE %s IS NULL AND id IN (SELECT %s FROM %s WHERE %s = $1)",
               entity->table, column, column, relation->own, relation->table, relation->other);
    return run_with(req, &sql, other);
}

static enum api_rc delete_where(struct request *req, const struct relation *relation,
                                const char *column, int64_t id)
{
    struct buf sql = {0};
    buf_printf(&sql, "DELETE FROM %s WHERE %s = $1", relation->table, column);
    return run_with(req, &sql, id);
}

/* The list of the side whose main one is its first: in this order. */
static enum api_rc insert_some(struct request *req, const struct relation *relation, int64_t id,
                               const struct reference_ids *ids, size_t from, size_t to)
{
    struct buf sql = {0};
    buf_printf(&sql, "INSERT INTO %s (%s, %s, sort) VALUES ", relation->table, relation->own,
               relation->other);
    for (size_t i = from; i < to; i++)
        buf_printf(&sql, "%s($1, $%zu, %zu)", i > from ? "," : "", i - from + 2, (i + 1) * 10);
    buf_printf(&sql, " ON CONFLICT (%s, %s) DO UPDATE SET sort = EXCLUDED.sort", relation->own,
               relation->other);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    for (size_t i = from; i < to; i++)
        db_bind_int(stmt, (int)(i - from) + 2, ids->id[i]);
    return api_db(req, db_run(stmt));
}

/* What stays keeps what else its pair holds: all are marked, and what is not given a place goes. */
static enum api_rc replace(struct change *change, const struct relation *relation,
                           const struct reference_ids *ids)
{
    struct request *req = change->req;
    struct buf sql = {0};
    enum api_rc rc = API_OK;
    if (!change->is_add) {
        buf_printf(&sql, "UPDATE %s SET sort = -1 WHERE %s = $1", relation->table, relation->own);
        rc = run_with(req, &sql, change->id);
    }
    for (size_t from = 0; from < ids->count && rc == API_OK; from += LINK_MAX) {
        size_t to = ids->count - from < LINK_MAX ? ids->count : from + LINK_MAX;
        rc = insert_some(req, relation, change->id, ids, from, to);
    }
    if (rc != API_OK || change->is_add)
        return rc;
    buf_printf(&sql, "DELETE FROM %s WHERE %s = $1 AND sort = -1", relation->table, relation->own);
    return run_with(req, &sql, change->id);
}

/* Seen from the other side, whose order it is: what is not in the list goes, if the caller may see it. */
static enum api_rc drop_others(struct change *change, const struct relation *relation,
                               const struct reference_ids *ids)
{
    struct query query;
    query_init(&query, change->req, change->entity);
    buf_printf(&query.where, "%s = $%d AND %s NOT IN (0", relation->own,
               query_bind_int(&query, change->id), relation->other);
    for (size_t i = 0; i < ids->count; i++)
        buf_printf(&query.where, ",$%d", query_bind_int(&query, ids->id[i]));
    buf_adds(&query.where, ") AND ");
    permit_reference(&query, relation->to, relation->other);
    struct buf sql = {0};
    buf_printf(&sql, "DELETE FROM %s WHERE %s", relation->table, buf_text(&query.where));
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(&query, stmt);
    query_clear(&query);
    return api_db(change->req, db_run(stmt));
}

/* What is new comes last in the other side's lists. */
static enum api_rc add_new(struct change *change, const struct relation *relation,
                           const struct reference_ids *ids)
{
    struct buf sql = {0};
    if (!ids->count)
        return API_OK;
    buf_printf(&sql,
               "INSERT INTO %s (%s, %s, sort) SELECT $1, o.id, coalesce((SELECT max(l.sort) FROM "
               "%s l WHERE l.%s = o.id), 0) + 10 FROM %s o WHERE o.id IN (",
               relation->table, relation->own, relation->other, relation->table, relation->other,
               relation->to->table);
    db_sql_places(&sql, 2, ids->count);
    buf_adds(&sql, ") ON CONFLICT DO NOTHING");
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, change->id);
    db_bind_places(stmt, 2, ids->count, ids->id, ids->count);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    const struct reference_ids *ids = slot;
    if (!ids)
        return API_OK;
    if (!relation->inverse)
        return replace(change, relation, ids);
    enum api_rc rc = change->is_add ? API_OK : drop_others(change, relation, ids);
    if (rc == API_OK)
        rc = add_new(change, relation, ids);
    return rc == API_OK && relation->inverse->main
               ? pairs_follow(change->req, relation->to, relation->inverse, change->id)
               : rc;
}

static enum api_rc own_gone(struct request *req, const struct entity *entity,
                            const struct relation *relation, int64_t id)
{
    (void)entity;
    return delete_where(req, relation, relation->own, id);
}

/* The pairs first: the next in the list becomes the main one. */
static enum api_rc other_gone(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t other)
{
    struct buf sql = {0};
    enum api_rc rc = API_OK;
    if (relation->inverse) /* the other side's own relation */
        return API_OK;
    rc = delete_where(req, relation, relation->other, other);
    if (rc != API_OK || !relation->main)
        return rc;
    sql_next_main(&sql, entity, relation);
    return run_with(req, &sql, other);
}

/* ---- merging ---- */

/* What the one names comes behind what the other names already. The other side's own relation does it there. */
static enum api_rc move(struct request *req, const struct entity *entity,
                        const struct relation *relation, int64_t from, int64_t into)
{
    const char *table = relation->table, *own = relation->own, *other = relation->other;
    struct buf sql = {0};
    if (relation->inverse)
        return API_OK;
    buf_printf(&sql,
               "INSERT INTO %s (%s, %s, sort, role_id) SELECT $2, l.%s, l.sort + coalesce((SELECT "
               "max(m.sort) FROM %s m WHERE m.%s = $2), 0), l.role_id FROM %s l WHERE l.%s = $1 ON "
               "CONFLICT "
               "DO NOTHING",
               table, own, other, other, table, own, table, own);
    enum api_rc rc = relation_run(req, &sql, from, into);
    if (rc != API_OK || !relation->main)
        return rc;
    const char *column = pairs_main_column(entity, relation);
    buf_printf(&sql,
               "UPDATE %s SET %s = (SELECT l.%s FROM %s l WHERE l.%s = $2 ORDER BY l.sort, l.%s "
               "LIMIT 1) WHERE id = $2 AND %s IS NULL AND $1 <> $2",
               entity->table, column, other, table, own, other, column);
    return relation_run(req, &sql, from, into);
}

static enum api_rc other_moved(struct request *req, const struct entity *entity,
                               const struct relation *relation, int64_t from, int64_t into)
{
    struct buf sql = {0};
    if (relation->inverse)
        return API_OK;
    buf_printf(&sql,
               "INSERT INTO %s (%s, %s, sort, role_id) SELECT l.%s, $2, l.sort, l.role_id FROM %s "
               "l WHERE l.%s = $1 ON "
               "CONFLICT DO NOTHING",
               relation->table, relation->own, relation->other, relation->own, relation->table,
               relation->other);
    enum api_rc rc = relation_run(req, &sql, from, into);
    if (rc == API_OK)
        rc = delete_where(req, relation, relation->other, from);
    if (rc != API_OK || !relation->main)
        return rc;
    const char *column = pairs_main_column(entity, relation);
    buf_printf(&sql, "UPDATE %s SET %s = $2 WHERE %s = $1", entity->table, column, column);
    return relation_run(req, &sql, from, into);
}

/* ---- reading ---- */

struct pairs {
    size_t count, cap;
    struct pair {
        int64_t own, other;
    } * pair;
};

static void pairs_add(struct arena *arena, struct pairs *pairs, int64_t own, int64_t other)
{
    if (pairs->count == pairs->cap) {
        size_t cap = pairs->cap ? pairs->cap * 2 : LIMIT_PAGE;
        struct pair *more = arena_alloc(arena, cap * sizeof *more);
        if (pairs->count)
            memcpy(more, pairs->pair, pairs->count * sizeof *more);
        pairs->pair = more;
        pairs->cap = cap;
    }
    pairs->pair[pairs->count++] = (struct pair){own, other};
}

/* What the caller may not read is left out. */
static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    const struct relation *relation = field->relation;
    struct pairs *pairs = arena_zalloc(req->arena, sizeof *pairs);
    bool all = reference_reads_all(req, relation->to);
    size_t places = count == 1 ? 1 : LIMIT_PAGE;
    struct buf sql = {0};
    (void)entity;
    buf_printf(&sql, "SELECT l.%s, l.%s", relation->own, relation->other);
    if (!all)
        permit_sql_whose(&sql, relation->to, "o");
    buf_printf(&sql, " FROM %s l", relation->table);
    if (!all)
        buf_printf(&sql, " JOIN %s o ON o.id = l.%s", relation->to->table, relation->other);
    buf_printf(&sql, " WHERE l.%s IN (", relation->own);
    db_sql_places(&sql, 1, places);
    buf_printf(&sql, ") ORDER BY l.%s, l.sort, l.%s", relation->own, relation->other);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, places, ids, count);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        const struct permit_whose whose = {all ? 0 : db_int(stmt, 2), all ? 0 : db_int(stmt, 3)};
        if (all || permit_covers(req, relation->to, ACCESS_READ, &whose))
            pairs_add(req->arena, pairs, db_int(stmt, 0), db_int(stmt, 1));
    }
    db_finish(stmt);
    *loaded = pairs;
    return api_db(req, rc);
}

static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    (void)field;
    const struct pairs *pairs = loaded;
    writer_keyz(req->out, key);
    writer_begin_list(req->out);
    for (size_t i = 0; i < pairs->count; i++) {
        if (pairs->pair[i].own == id)
            writer_int(req->out, pairs->pair[i].other);
    }
    writer_end_list(req->out);
}

static enum api_rc filter_set(struct query *query, const struct field *field, bool negated,
                              enum filter_op op, const struct value *value)
{
    const struct relation *relation = field->relation;
    char other[40];
    size_t len = strlen(relation->other);
    memcpy(other, "l.", 2);
    memcpy(other + 2, relation->other, len + 1);
    buf_printf(&query->where, "t.id %sIN (SELECT l.%s FROM %s l WHERE ", negated ? "NOT " : "",
               relation->own, relation->table);
    permit_reference(query, relation->to, other);
    enum api_rc rc = API_OK;
    if (value && op >= OP_LIKE)
        rc = query_text(query, arena_printf(query->req->arena, "CAST(%s AS TEXT)", other), op,
                        value);
    else if (value)
        rc = query_int(query, other, field->name, op, value);
    buf_addc(&query->where, ')');
    return rc;
}

static enum api_rc filter(struct query *query, const struct field *field, int op,
                          const struct value *value)
{
    return query_several(query, field, (enum filter_op)op, value, FIELD_INT, filter_set);
}

const struct relation_kind relation_pairs = {.schema = RELATION_IDS_SCHEMA,
                                             .check = check,
                                             .move = move,
                                             .other_moved = other_moved,
                                             .store = store,
                                             .remove = own_gone,
                                             .other_gone = other_gone,
                                             .load = load,
                                             .write = write,
                                             .filter = filter};
