#include "crm/link.h"

#include <string.h>

#include "base/limits.h"
#include "crm/owner.h"
#include "crm/query.h"
#include "crm/row.h"

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

/* What link_check found. It waits for link_store in the cell of the list field, whose column does
 * not exist, so nobody else has a use for it. */
struct ids {
    size_t count;
    int64_t id[];
};

static const struct link *link_of(int type_id)
{
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (links[i].type_id == type_id)
            return &links[i];
    }
    return NULL;
}

static struct ids *ids_new(struct arena *arena, size_t room)
{
    struct ids *ids = arena_alloc(arena, sizeof *ids + room * sizeof ids->id[0]);
    ids->count = 0;
    return ids;
}

static void ids_add(struct ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (ids->id[i] == id)
            return;
    }
    ids->id[ids->count++] = id;
}

static void leave(struct change *change, const struct link *link, const struct ids *ids)
{
    change_cell(change, link->list)->text = (const char *)ids;
}

static void add_params(struct buf *sql, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(sql, "%s$%zu", i ? "," : "", first + i);
}

/* ---- writing ---- */

/* Keeps of `ids` what exists, in its order. */
static enum api_rc keep_known(struct request *req, const struct link *link, struct ids *ids)
{
    struct ids *known = ids_new(req->arena, ids->count);
    if (!ids->count)
        return API_OK;
    struct buf sql = {0};
    buf_printf(&sql, "SELECT id FROM %s WHERE id IN (", link->other_entity->table);
    add_params(&sql, 1, ids->count);
    buf_addc(&sql, ')');
    struct db_stmt *stmt = db_prepare_share(req->db, buf_text(&sql), NULL);
    buf_clear(&sql);
    for (size_t i = 0; i < ids->count; i++)
        db_bind_int(stmt, (int)i + 1, ids->id[i]);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        known->id[known->count++] = db_int(stmt, 0);
    db_finish(stmt);
    size_t kept = 0;
    for (size_t i = 0; i < ids->count; i++) {
        for (size_t k = 0; k < known->count; k++) {
            if (known->id[k] == ids->id[i]) {
                ids->id[kept++] = ids->id[i];
                break;
            }
        }
    }
    ids->count = kept;
    return api_db(req, rc);
}

static enum api_rc read_given(struct change *change, const struct link *link, struct ids **ids)
{
    struct request *req = change->req;
    const struct value *value = value_get(change->given, link->list);
    size_t count = value_is_array(value) ? value->array.count : 1;
    int64_t id;
    if (count > LINK_MAX)
        return api_fail(req, API_ERR_METHOD, "The field %s is not defined or invalid", link->list);
    *ids = ids_new(req->arena, count);
    if (!value_is_array(value)) {
        if (value_to_int(value, &id) && id > 0)
            ids_add(*ids, id);
    } else {
        for (size_t i = 0; i < count; i++) {
            if (value_to_int(value->array.items[i].value, &id) && id > 0)
                ids_add(*ids, id);
        }
    }
    return keep_known(req, link, *ids);
}

/* The new main one first, then those that are linked already. */
static enum api_rc put_first(struct change *change, const struct link *link, int64_t first)
{
    struct request *req = change->req;
    struct ids *ids = ids_new(req->arena, LINK_MAX + 1);
    struct buf sql = {0};
    enum db_rc rc = DB_NONE;
    ids_add(ids, first);
    if (!change->is_add) {
        buf_printf(&sql, "SELECT %s FROM %s WHERE %s = $1 ORDER BY sort, %s LIMIT %d", link->other,
                   link->table, link->own, link->other, LINK_MAX);
        struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
        buf_clear(&sql);
        db_bind_int(stmt, 1, change->id);
        while ((rc = db_step(stmt)) == DB_ROW)
            ids_add(ids, db_int(stmt, 0));
        db_finish(stmt);
    }
    leave(change, link, ids);
    return api_db(req, rc);
}

/* Only the main one was given: it joins the others at their head, and an empty one ends all. */
static enum api_rc check_main(struct change *change, const struct link *link)
{
    size_t at = entity_at(change->entity, link->main);
    struct cell *cell = &change->now[at];
    int64_t old = change->old && !change->old[at].null ? change->old[at].integer : 0;
    int64_t id = cell->null ? 0 : cell->integer;
    bool exists = false;
    if (id == old)
        return API_OK;
    if (!id) {
        cell_set_null(cell);
        leave(change, link, ids_new(change->req->arena, 0));
        return API_OK;
    }
    enum api_rc rc = entity_exists(change->req, link->other_entity, id, &exists);
    if (rc != API_OK || exists)
        return rc == API_OK ? put_first(change, link, id) : rc;
    if (change->old)
        *cell = change->old[at];
    else
        cell_set_null(cell);
    return API_OK;
}

enum api_rc link_check(struct change *change)
{
    const struct link *link = link_of(change->entity->type_id);
    struct ids *ids = NULL;
    if (!link)
        return API_OK;
    if (!change_given(change, link->list)) {
        if (link->main && change_given(change, link->main))
            return check_main(change, link);
        return API_OK;
    }
    enum api_rc rc = read_given(change, link, &ids);
    if (rc != API_OK)
        return rc;
    leave(change, link, ids);
    if (!link->main)
        return API_OK;
    struct cell *main = change_cell(change, link->main);
    if (ids->count)
        cell_set_int(main, ids->id[0]);
    else
        cell_set_null(main);
    return API_OK;
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

static enum api_rc insert_all(struct request *req, const struct link *link, int64_t id,
                              const struct ids *ids)
{
    struct buf sql = {0};
    buf_printf(&sql, "INSERT INTO %s (%s, %s, sort) VALUES ", link->table, link->own, link->other);
    for (size_t i = 0; i < ids->count; i++)
        buf_printf(&sql, "%s($1, $%zu, %zu)", i ? "," : "", i + 2, (i + 1) * 10);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    for (size_t i = 0; i < ids->count; i++)
        db_bind_int(stmt, (int)i + 2, ids->id[i]);
    return api_db(req, db_run(stmt));
}

enum api_rc link_store(struct change *change)
{
    const struct link *link = link_of(change->entity->type_id);
    const char *left = link ? change_cell(change, link->list)->text : NULL;
    if (!left)
        return API_OK;
    const struct ids *ids = (const struct ids *)(const void *)left;
    enum api_rc rc = change->is_add ? API_OK : delete_own(change->req, link, change->id);
    if (rc == API_OK && ids->count)
        rc = insert_all(change->req, link, change->id, ids);
    if (rc == API_OK && !link->main)
        rc = follow_company(change->req, change->id);
    return rc;
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

static enum api_rc link_load(struct request *req, const struct entity *entity,
                             const struct field *field, const int64_t *ids, size_t count,
                             void **loaded)
{
    const struct link *link = link_of(entity->type_id);
    struct pairs *pairs = arena_zalloc(req->arena, sizeof *pairs);
    struct buf sql = {0};
    (void)field;
    buf_printf(&sql, "SELECT %s, %s FROM %s WHERE %s IN (", link->own, link->other, link->table,
               link->own);
    add_params(&sql, 1, count);
    buf_printf(&sql, ") ORDER BY %s, sort, %s", link->own, link->other);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    for (size_t i = 0; i < count; i++)
        db_bind_int(stmt, (int)i + 1, ids[i]);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        pairs_add(req->arena, pairs, db_int(stmt, 0), db_int(stmt, 1));
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

static enum api_rc link_filter(struct query *query, const struct field *field, int op,
                               const struct value *value)
{
    const struct link *link = link_of(query->entity->type_id);
    char other[40];
    size_t len = strlen(link->other);
    if (op > OP_GE)
        return API_OK; /* an id has no substring */
    memcpy(other, "l.", 2);
    memcpy(other + 2, link->other, len + 1);
    bool empty = !value_is_array(value) && value_is_empty(value);
    bool negated = empty ? op == OP_EQ : op == OP_NE;
    query_and(query);
    buf_printf(&query->where, "t.id %sIN (SELECT l.%s FROM %s l WHERE 1=1", negated ? "NOT " : "",
               link->own, link->table);
    enum api_rc rc = API_OK;
    if (!empty)
        rc = query_int(query, other, field->name, op == OP_NE ? OP_EQ : (enum filter_op)op, value);
    buf_addc(&query->where, ')');
    return rc;
}

const struct field_virtual link_virtual = {
    .load = link_load,
    .write = link_write,
    .filter = link_filter,
};
