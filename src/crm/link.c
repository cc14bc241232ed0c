#include "crm/link.h"

#include <string.h>

#include "base/limits.h"
#include "crm/owner.h"
#include "crm/reference.h"
#include "model/query.h"
#include "model/row.h"

#define LINK_MAX 1000 /* linked rows that one call may give */

/* One direction of one table of pairs. */
struct link {
    int type_id;      /* of the side whose field this is */
    const char *list; /* the field with all of them */
    const char *main; /* the field with the first of them; NULL: none */
    const char *table;
    const char *own, *other; /* columns */
    const struct entity *other_entity;
};

static const struct link links[] = {
    {OWNER_LEAD, "CONTACT_IDS", "CONTACT_ID", "lead_contact", "lead_id", "contact_id",
     &contact_entity},
    {OWNER_DEAL, "CONTACT_IDS", "CONTACT_ID", "deal_contact", "deal_id", "contact_id",
     &contact_entity},
    {OWNER_CONTACT, "COMPANY_IDS", "COMPANY_ID", "contact_company", "contact_id", "company_id",
     &company_entity},
    {OWNER_COMPANY, "CONTACT_ID", NULL, "contact_company", "company_id", "contact_id",
     &contact_entity},
};

static const struct link *link_of(int type_id)
{
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (links[i].type_id == type_id)
            return &links[i];
    }
    return NULL;
}

/* What link_check found waits for link_store in the cell of the list field, whose column does not
 * exist, so nobody else has a use for it. */
static void leave(struct change *change, const struct link *link, const struct reference_ids *ids)
{
    change_cell(change, link->list)->text = (const char *)ids;
}

/* ---- writing ---- */

/* The row's list as it stands, whole. */
static enum api_rc read_stored(struct change *change, const struct link *link,
                               struct reference_ids **ids)
{
    struct arena *arena = change->req->arena;
    struct buf sql = {0};
    size_t room = LIMIT_PAGE;
    enum db_rc rc = DB_NONE;
    *ids = reference_ids_new(arena, room);
    if (change->is_add)
        return API_OK;
    buf_printf(&sql, "SELECT %s FROM %s WHERE %s = $1 ORDER BY sort, %s", link->other, link->table,
               link->own, link->other);
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
static enum api_rc read_linked(struct change *change, const struct link *link,
                               const struct reference_ids *ids, struct reference_ids *linked)
{
    struct buf sql = {0};
    if (change->is_add || !ids->count)
        return API_OK;
    buf_printf(&sql, "SELECT %s FROM %s WHERE %s = $1 AND %s IN (", link->other, link->table,
               link->own, link->other);
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
static enum api_rc keep_known(struct change *change, const struct link *link,
                              struct reference_ids *ids)
{
    struct request *req = change->req;
    bool *readable = arena_zalloc(req->arena, ids->count + 1);
    struct reference_ids *linked = reference_ids_new(req->arena, ids->count);
    size_t kept = 0;
    enum api_rc rc =
        reference_readable(req, link->other_entity->type_id, ids->id, ids->count, readable);
    if (rc == API_OK && !reference_reads_all(req, link->other_entity->type_id))
        rc = read_linked(change, link, ids, linked);
    for (size_t i = 0; i < ids->count && rc == API_OK; i++) {
        if (readable[i] || reference_ids_have(linked, ids->id[i]))
            ids->id[kept++] = ids->id[i];
    }
    ids->count = kept;
    return rc;
}

/* `ids` as the list will be: what the caller does not see of the one that stands there stays. */
static enum api_rc keep_unseen(struct change *change, const struct link *link,
                               struct reference_ids **ids)
{
    struct request *req = change->req;
    struct reference_ids *stored;
    if (reference_reads_all(req, link->other_entity->type_id))
        return API_OK;
    enum api_rc rc = read_stored(change, link, &stored);
    if (rc != API_OK)
        return rc;
    bool *seen = arena_zalloc(req->arena, stored->count + 1);
    rc = reference_readable(req, link->other_entity->type_id, stored->id, stored->count, seen);
    for (size_t i = 0; i < stored->count; i++)
        seen[i] = !seen[i];
    *ids = reference_merge(req->arena, stored, seen, *ids);
    return rc;
}

static enum api_rc read_given(struct change *change, const struct link *link,
                              struct reference_ids **ids)
{
    struct request *req = change->req;
    const struct value *value = value_get(change->given, link->list);
    size_t count = value_is_array(value) ? value->array.count : 1;
    int64_t id;
    if (count > LINK_MAX)
        return api_fail(req, API_ERR_METHOD, "The field %s is not defined or invalid", link->list);
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
    enum api_rc rc = keep_known(change, link, *ids);
    return rc == API_OK && link->main ? keep_unseen(change, link, ids) : rc;
}

static void set_main(struct change *change, const struct link *link,
                     const struct reference_ids *ids)
{
    struct cell *main = link->main ? change_cell(change, link->main) : NULL;
    leave(change, link, ids);
    if (main && ids->count)
        cell_set_int(main, ids->id[0]);
    else if (main)
        cell_set_null(main);
}

/* The new main one first, then those that are linked already. */
static void put_first(struct change *change, const struct link *link, int64_t first,
                      const struct reference_ids *stored)
{
    struct reference_ids *ids = reference_ids_new(change->req->arena, stored->count + 1);
    ids->id[ids->count++] = first;
    for (size_t i = 0; i < stored->count; i++) {
        if (stored->id[i] != first)
            ids->id[ids->count++] = stored->id[i];
    }
    leave(change, link, ids);
}

/* The list is emptied, but for what the caller does not see of it. */
static enum api_rc clear(struct change *change, const struct link *link)
{
    struct reference_ids *ids = reference_ids_new(change->req->arena, 0);
    enum api_rc rc = keep_unseen(change, link, &ids);
    set_main(change, link, ids);
    return rc;
}

/* Only the main one was given: it joins the others at their head, and an empty one ends all. */
static enum api_rc check_main(struct change *change, const struct link *link)
{
    size_t at = entity_at(change->entity, link->main);
    struct cell *cell = &change->now[at];
    int64_t old = change->old && !change->old[at].null ? change->old[at].integer : 0;
    int64_t id = cell->null ? 0 : cell->integer;
    enum reference reference;
    struct reference_ids *stored;
    if (id == old)
        return API_OK;
    if (!id)
        return clear(change, link);
    enum api_rc rc = reference_find(change->req, link->other_entity->type_id, id, &reference);
    if (rc == API_OK)
        rc = read_stored(change, link, &stored);
    if (rc != API_OK)
        return rc;
    if (reference != REFERENCE_MISSING || reference_ids_have(stored, id))
        put_first(change, link, id, stored);
    else if (change->old)
        *cell = change->old[at];
    else
        cell_set_null(cell);
    return API_OK;
}

/* Both were given: the main one joins the set as its first. One that is not there is not taken. */
static enum api_rc join_main(struct change *change, const struct link *link,
                             struct reference_ids **ids)
{
    const struct cell *main = link->main ? change_cell(change, link->main) : NULL;
    enum reference reference = REFERENCE_MISSING;
    struct reference_ids *given = *ids;
    if (!main || !main->given || main->null || main->integer <= 0)
        return API_OK;
    bool known = reference_ids_have(given, main->integer);
    enum api_rc rc =
        known ? API_OK
              : reference_find(change->req, link->other_entity->type_id, main->integer, &reference);
    if (rc != API_OK || (!known && reference == REFERENCE_MISSING))
        return rc;
    *ids = reference_ids_new(change->req->arena, given->count + 1);
    reference_ids_add(*ids, main->integer);
    for (size_t i = 0; i < given->count; i++)
        reference_ids_add(*ids, given->id[i]);
    return API_OK;
}

enum api_rc link_check(struct change *change)
{
    const struct link *link = link_of(change->entity->type_id);
    struct reference_ids *ids = NULL;
    if (!link)
        return API_OK;
    if (!change_given(change, link->list)) {
        if (link->main && change_given(change, link->main))
            return check_main(change, link);
        return API_OK;
    }
    enum api_rc rc = read_given(change, link, &ids);
    if (rc == API_OK)
        rc = join_main(change, link, &ids);
    if (rc == API_OK)
        set_main(change, link, ids);
    return rc;
}

static enum api_rc run_with(struct request *req, const char *sql, int64_t id)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

/* A company's list was written: its contacts' own column follows. */
static enum api_rc follow_company(struct request *req, int64_t company)
{
    enum api_rc rc = run_with(
        req,
        "UPDATE contact SET company_id = (SELECT l.company_id FROM contact_company l WHERE "
        "l.contact_id = contact.id ORDER BY l.sort, l.company_id LIMIT 1) WHERE company_id = $1 "
        "AND NOT EXISTS (SELECT 1 FROM contact_company l WHERE l.contact_id = contact.id AND "
        "l.company_id = $1)",
        company);
    if (rc != API_OK)
        return rc;
    return run_with(req,
                    "UPDATE contact SET company_id = $1 WHERE company_id IS NULL AND id IN "
                    "(SELECT contact_id FROM contact_company WHERE company_id = $1)",
                    company);
}

static enum api_rc delete_own(struct request *req, const struct link *link, int64_t id)
{
    struct buf sql = {0};
    buf_printf(&sql, "DELETE FROM %s WHERE %s = $1", link->table, link->own);
    enum api_rc rc = run_with(req, buf_text(&sql), id);
    buf_clear(&sql);
    return rc;
}

/* The list of the side whose main one is its first: in this order. */
static enum api_rc insert_some(struct request *req, const struct link *link, int64_t id,
                               const struct reference_ids *ids, size_t from, size_t to)
{
    struct buf sql = {0};
    buf_printf(&sql, "INSERT INTO %s (%s, %s, sort) VALUES ", link->table, link->own, link->other);
    for (size_t i = from; i < to; i++)
        buf_printf(&sql, "%s($1, $%zu, %zu)", i > from ? "," : "", i - from + 2, (i + 1) * 10);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    for (size_t i = from; i < to; i++)
        db_bind_int(stmt, (int)(i - from) + 2, ids->id[i]);
    return api_db(req, db_run(stmt));
}

static enum api_rc replace(struct change *change, const struct link *link,
                           const struct reference_ids *ids)
{
    enum api_rc rc = change->is_add ? API_OK : delete_own(change->req, link, change->id);
    for (size_t from = 0; from < ids->count && rc == API_OK; from += LINK_MAX) {
        size_t to = ids->count - from < LINK_MAX ? ids->count : from + LINK_MAX;
        rc = insert_some(change->req, link, change->id, ids, from, to);
    }
    return rc;
}

/* Seen from the other side, whose order it is: what is not in the list goes, if the caller may see it. */
static enum api_rc drop_others(struct change *change, const struct link *link,
                               const struct reference_ids *ids)
{
    struct query query;
    query_init(&query, change->req, change->entity);
    buf_printf(&query.where, "%s = $%d AND %s NOT IN (0", link->own,
               query_bind_int(&query, change->id), link->other);
    for (size_t i = 0; i < ids->count; i++)
        buf_printf(&query.where, ",$%d", query_bind_int(&query, ids->id[i]));
    buf_adds(&query.where, ") AND ");
    permit_reference(&query, link->other_entity, link->other);
    struct buf sql = {0};
    buf_printf(&sql, "DELETE FROM %s WHERE %s", link->table, buf_text(&query.where));
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(&query, stmt);
    query_clear(&query);
    return api_db(change->req, db_run(stmt));
}

/* What is new comes last in the other side's lists. */
static enum api_rc add_new(struct change *change, const struct link *link,
                           const struct reference_ids *ids)
{
    struct buf sql = {0};
    if (!ids->count)
        return API_OK;
    buf_printf(&sql,
               "INSERT INTO %s (%s, %s, sort) SELECT $1, o.id, coalesce((SELECT max(l.sort) FROM "
               "%s l WHERE l.%s = o.id), 0) + 10 FROM %s o WHERE o.id IN (",
               link->table, link->own, link->other, link->table, link->other,
               link->other_entity->table);
    db_sql_places(&sql, 2, ids->count);
    buf_adds(&sql, ") ON CONFLICT DO NOTHING");
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, change->id);
    db_bind_places(stmt, 2, ids->count, ids->id, ids->count);
    return api_db(change->req, db_run(stmt));
}

enum api_rc link_store(struct change *change)
{
    const struct link *link = link_of(change->entity->type_id);
    const char *left = link ? change_cell(change, link->list)->text : NULL;
    if (!left)
        return API_OK;
    const struct reference_ids *ids = (const struct reference_ids *)(const void *)left;
    if (link->main)
        return replace(change, link, ids);
    enum api_rc rc = change->is_add ? API_OK : drop_others(change, link, ids);
    if (rc == API_OK)
        rc = add_new(change, link, ids);
    return rc == API_OK ? follow_company(change->req, change->id) : rc;
}

enum api_rc link_owner_deleted(struct request *req, int type_id, int64_t id)
{
    /* The pairs first: the next in the list becomes the main one. */
    static const char *const contact_gone[] = {
        "DELETE FROM lead_contact WHERE contact_id = $1",
        "UPDATE lead SET contact_id = (SELECT l.contact_id FROM lead_contact l WHERE l.lead_id = "
        "lead.id ORDER BY l.sort, l.contact_id LIMIT 1) WHERE contact_id = $1",
        "DELETE FROM deal_contact WHERE contact_id = $1",
        "UPDATE deal SET contact_id = (SELECT l.contact_id FROM deal_contact l WHERE l.deal_id = "
        "deal.id ORDER BY l.sort, l.contact_id LIMIT 1) WHERE contact_id = $1",
    };
    static const char *const company_gone[] = {
        ("UPDATE contact SET company_id = (SELECT l.company_id FROM contact_company l WHERE "
         "l.contact_id = contact.id ORDER BY l.sort, l.company_id LIMIT 1) WHERE company_id = $1"),
        "UPDATE lead SET company_id = NULL WHERE company_id = $1",
        "UPDATE deal SET company_id = NULL WHERE company_id = $1",
    };
    enum api_rc rc = delete_own(req, link_of(type_id), id);
    for (size_t i = 0; type_id == OWNER_CONTACT && rc == API_OK &&
                       i < sizeof contact_gone / sizeof contact_gone[0];
         i++)
        rc = run_with(req, contact_gone[i], id);
    for (size_t i = 0; type_id == OWNER_COMPANY && rc == API_OK &&
                       i < sizeof company_gone / sizeof company_gone[0];
         i++)
        rc = run_with(req, company_gone[i], id);
    return rc;
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
static enum api_rc link_load(struct request *req, const struct entity *entity,
                             const struct field *field, const int64_t *ids, size_t count,
                             void **loaded)
{
    const struct link *link = link_of(entity->type_id);
    struct pairs *pairs = arena_zalloc(req->arena, sizeof *pairs);
    int other_type = link->other_entity->type_id;
    bool all = reference_reads_all(req, other_type);
    size_t places = count == 1 ? 1 : LIMIT_PAGE;
    struct buf sql = {0};
    (void)field;
    buf_printf(&sql, "SELECT l.%s, l.%s%s FROM %s l", link->own, link->other,
               all ? "" : ", o.assigned_by_id", link->table);
    if (!all)
        buf_printf(&sql, " JOIN %s o ON o.id = l.%s", link->other_entity->table, link->other);
    buf_printf(&sql, " WHERE l.%s IN (", link->own);
    db_sql_places(&sql, 1, places);
    buf_printf(&sql, ") ORDER BY l.%s, l.sort, l.%s", link->own, link->other);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, places, ids, count);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (all || access_covers(req->caller, other_type, ACCESS_READ, db_int(stmt, 2)))
            pairs_add(req->arena, pairs, db_int(stmt, 0), db_int(stmt, 1));
    }
    db_finish(stmt);
    *loaded = pairs;
    return api_db(req, rc);
}

static void link_write(struct request *req, const struct field *field, void *loaded, int64_t id)
{
    const struct pairs *pairs = loaded;
    writer_keyz(req->out, field->name);
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
    const struct link *link = link_of(query->entity->type_id);
    char other[40];
    size_t len = strlen(link->other);
    memcpy(other, "l.", 2);
    memcpy(other + 2, link->other, len + 1);
    buf_printf(&query->where, "t.id %sIN (SELECT l.%s FROM %s l WHERE ", negated ? "NOT " : "",
               link->own, link->table);
    permit_reference(query, link->other_entity, other);
    enum api_rc rc = API_OK;
    if (value && op >= OP_LIKE)
        rc = query_text(query, arena_printf(query->req->arena, "CAST(%s AS TEXT)", other), op,
                        value);
    else if (value)
        rc = query_int(query, other, field->name, op, value);
    buf_addc(&query->where, ')');
    return rc;
}

static enum api_rc link_filter(struct query *query, const struct field *field, int op,
                               const struct value *value)
{
    return query_several(query, field, (enum filter_op)op, value, FIELD_INT, filter_set);
}

const struct field_virtual link_virtual = {
    .load = link_load,
    .write = link_write,
    .filter = link_filter,
};
