/* Lists and totals of the activities that a caller may read. See activity_permit.h.
 *
 * Whether an activity is readable depends on its bindings, and asking that row by row is right for any
 * filter and order. But pages in the order of ids, which clients read whole portals by, must not walk past
 * everything that the caller may not read. There the ids come from the index of bindings: as many short
 * ranges as there are people and types when those are few, else one walk along the index in the order of
 * activities.
 */
#include "crm/activity_permit.h"

#include "crm/owner.h"
#include "model/registry.h"

/* So many ranges are put together; a walk along the index is better than more. */
#define RANGES_MOST 24

/* Do roles say something of funnels of this type? Then a binding's funnel is looked at, too. */
static bool has_funnels(const struct request *req, const struct entity *entity)
{
    size_t count;
    access_funnels(req->caller, entity->type_id, &count);
    return count > 0;
}

static bool some_have_funnels(const struct request *req)
{
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (relation_of_kind(*e, &relation_activities) && has_funnels(req, *e))
            return true;
    }
    return false;
}

/* Which owners of activities the caller may read at this level, as "1,3"; false: none. */
static bool types_at(const struct request *req, enum access_level level, struct buf *list)
{
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (relation_of_kind(*e, &relation_activities) && !has_funnels(req, *e) &&
            access_level(req->caller, (*e)->type_id, ACCESS_READ) == level)
            buf_printf(list, "%s%d", list->len ? "," : "", (*e)->type_id);
    }
    return list->len > 0;
}

/* The bindings `b` to something readable; false: there are none. The signs
 * keep SQLite from trying each person by each type in the index: an activity has few bindings. */
static bool sql_bindings(struct query *query, struct buf *sql)
{
    struct buf types = {0};
    bool any = false;
    for (int level = ACCESS_OWN; level < ACCESS_LEVELS; level++) {
        types.len = 0;
        if (!types_at(query->req, (enum access_level)level, &types))
            continue;
        buf_printf(sql, "%s(+b.owner_type_id IN (%s)", any ? " OR " : "(", buf_text(&types));
        any = true;
        if (level != ACCESS_ALL) {
            buf_adds(sql, " AND +b.assigned_by_id ");
            permit_people(query, sql, (enum access_level)level);
        }
        buf_addc(sql, ')');
    }
    buf_clear(&types);
    for (const struct entity *const *e = entity_all(query->req); *e; e++) {
        if (!relation_of_kind(*e, &relation_activities) || !has_funnels(query->req, *e))
            continue;
        buf_printf(sql, "%s(+b.owner_type_id = %d AND ", any ? " OR " : "(", (*e)->type_id);
        permit_sql_covered(query, sql, (*e)->type_id, "+b.assigned_by_id", "b.category_id");
        buf_addc(sql, ')');
        any = true;
    }
    if (any)
        buf_addc(sql, ')');
    return any;
}

/* Whoever may read every owner may read every activity. */
static bool reads_all(const struct request *req)
{
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (relation_of_kind(*e, &relation_activities) &&
            !access_all(req->caller, (*e)->type_id, ACCESS_READ))
            return false;
    }
    return true;
}

void activity_permit_bindings(struct query *query)
{
    struct buf bindings = {0};
    if (!query->req->caller->access || reads_all(query->req))
        return;
    query_and(query);
    buf_adds(&query->where, sql_bindings(query, &bindings) ? buf_text(&bindings) : "1=0");
    buf_clear(&bindings);
}

/* An activity with a binding to something readable, or the caller's own. */
static void sql_readable(struct query *query)
{
    struct buf bindings = {0};
    buf_printf(&query->where, "(t.responsible_id = $%d",
               query_bind_int(query, query->req->caller->user_id));
    if (sql_bindings(query, &bindings))
        buf_printf(
            &query->where,
            " OR EXISTS (SELECT 1 FROM activity_binding b WHERE b.activity_id = t.id AND %s)",
            buf_text(&bindings));
    buf_addc(&query->where, ')');
    buf_clear(&bindings);
}

void activity_permit_list(struct query *query)
{
    if (reads_all(query->req))
        return;
    query_and(query);
    sql_readable(query);
}

/* ---- the ids of activities ---- */

struct ids {
    struct query *query;
    struct buf *sql;
    int window; /* 0: all, and not each once */
    bool descending;
    int parts;
};

static void sql_window(struct ids *ids, const char *column)
{
    buf_printf(ids->sql, " ORDER BY %s%s LIMIT $%d", column, ids->descending ? " DESC" : "",
               ids->window);
}

/* One SELECT of the union. `from` calls the id of the activity t.id, as the filter does. */
static void add_part(struct ids *ids, const char *from, bool grouped)
{
    bool all = !ids->window;
    if (ids->parts++)
        buf_adds(ids->sql, all ? " UNION ALL " : " UNION ");
    /* A part of a union has no order of its own, a subquery has. */
    buf_printf(ids->sql, all ? "SELECT t.id FROM %s" : "SELECT p.id FROM (SELECT t.id FROM %s",
               from);
    if (ids->query->where.len)
        buf_printf(ids->sql, " AND %s", buf_text(&ids->query->where));
    if (grouped)
        buf_adds(ids->sql,
                 " GROUP BY t.id"); /* DISTINCT would be sorted before the first comes out */
    if (all)
        return;
    sql_window(ids, "t.id");
    buf_adds(ids->sql, ") p");
}

static void add_responsible(struct ids *ids)
{
    struct query *query = ids->query;
    int user = query_bind_int(query, query->req->caller->user_id);
    add_part(ids, arena_printf(query->req->arena, "activity t WHERE t.responsible_id = $%d", user),
             false);
}

static void add_range(struct ids *ids, int type, int64_t user_id)
{
    struct buf from = {0};
    buf_printf(&from,
               "(SELECT b.activity_id AS id FROM activity_binding b WHERE b.owner_type_id = %d AND "
               "b.assigned_by_id = $%d) t WHERE 1=1",
               type, query_bind_int(ids->query, user_id));
    add_part(ids, buf_text(&from), false);
    buf_clear(&from);
}

/* The people whose owners of that type the caller may read; ACCESS_ALL: NULL. */
static const int64_t *people_of(const struct request *req, const struct entity *owner,
                                size_t *count)
{
    const struct access *access = req->caller->access;
    enum access_level level = access_level(req->caller, owner->type_id, ACCESS_READ);
    *count = level != ACCESS_NONE;
    if (level == ACCESS_ALL)
        return NULL;
    return level > ACCESS_OWN ? access_people(access, level, count) : &access->user_id;
}

/* How many ranges the caller's bindings are; more than RANGES_MOST when a type is readable whole. */
static size_t count_ranges(const struct request *req)
{
    size_t ranges = 0, count;
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (!relation_of_kind(*e, &relation_activities))
            continue;
        if (!people_of(req, *e, &count))
            return RANGES_MOST + 1;
        ranges += count;
    }
    return ranges;
}

static void add_ranges(struct ids *ids)
{
    size_t count;
    for (const struct entity *const *e = entity_all(ids->query->req); *e; e++) {
        if (!relation_of_kind(*e, &relation_activities))
            continue;
        const int64_t *people = people_of(ids->query->req, *e, &count);
        for (size_t i = 0; i < count; i++)
            add_range(ids, (*e)->type_id, people[i]);
    }
}

static void add_walk(struct ids *ids)
{
    struct buf from = {0}, bindings = {0};
    sql_bindings(ids->query, &bindings);
    buf_printf(&from, "(SELECT b.activity_id AS id FROM activity_binding b WHERE %s) t WHERE 1=1",
               buf_text(&bindings));
    add_part(ids, buf_text(&from), true);
    buf_clear(&from);
    buf_clear(&bindings);
}

static void select_ids(struct query *query, struct buf *sql, int window, bool descending)
{
    struct ids ids = {.query = query, .sql = sql, .window = window, .descending = descending};
    buf_adds(sql, "SELECT u.id FROM (");
    add_responsible(&ids);
    if (count_ranges(query->req) <= RANGES_MOST)
        add_ranges(&ids);
    else
        add_walk(&ids);
    buf_adds(sql, ") u");
    sql_window(&ids, "u.id");
}

/* Where the order does not matter, each level is a look into the index by its people. */
static void add_level(struct ids *ids, enum access_level level)
{
    struct buf from = {0}, types = {0};
    if (!types_at(ids->query->req, level, &types)) {
        buf_clear(&types);
        return;
    }
    buf_printf(&from,
               "(SELECT b.activity_id AS id FROM activity_binding b WHERE b.owner_type_id IN (%s)",
               buf_text(&types));
    buf_clear(&types);
    if (level != ACCESS_ALL) {
        buf_adds(&from, " AND b.assigned_by_id ");
        permit_people(ids->query, &from, level);
    }
    buf_adds(&from, ") t WHERE 1=1");
    add_part(ids, buf_text(&from), false);
    buf_clear(&from);
}

static void select_count(struct query *query, struct buf *sql)
{
    struct buf select = {0};
    struct ids ids = {.query = query, .sql = &select};
    add_responsible(&ids);
    for (int level = ACCESS_OWN; level < ACCESS_LEVELS; level++)
        add_level(&ids, (enum access_level)level);
    db_sql_count_ids(query->req->db, sql, buf_text(&select));
    buf_clear(&select);
}

static bool serves(const struct query *query)
{
    return !query->other_terms && !reads_all(query->req) && !some_have_funnels(query->req);
}

const struct permit_index activity_permit_index = {
    .serves = serves, .ids = select_ids, .count = select_count};
