/* entity_read - get and list of every entity.
 *
 * Pages: settings/how-to-call-rest-api/list-methods-pecularities, settings/performance/huge-data.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "model/catalog.h"
#include "model/choose.h"
#include "model/dialect.h"
#include "model/permit.h"
#include "model/relation.h"
#include "model/row.h"
#include "model/side_order.h"
#include "model/unknown.h"

/* ---- virtual fields of a page ---- */

struct loaded {
    const bool *chosen;
    void **data; /* per field */
    bool any;
};

static enum api_rc load_virtual(struct request *req, const struct entity *entity,
                                const bool *chosen, const int64_t *ids, size_t count,
                                struct loaded *loaded)
{
    loaded->chosen = chosen;
    loaded->data = arena_zalloc(req->arena, entity->field_count * sizeof *loaded->data);
    for (size_t i = 0; i < entity->field_count && count; i++) {
        const struct field *field = &entity->fields[i];
        if (field->kind != FIELD_VIRTUAL || !chosen[i] || !field->relation ||
            !field->relation->kind->load)
            continue;
        enum api_rc rc =
            field->relation->kind->load(req, entity, field, ids, count, &loaded->data[i]);
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}

static void write_row(struct request *req, const struct entity *entity, const struct cell *cells,
                      const struct loaded *loaded)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (!loaded->chosen[i])
            continue;
        if (field->kind != FIELD_VIRTUAL) {
            writer_keyz(req->out, dialect_key(req, field));
            cell_write(req, field, &cells[i]);
        } else if (field->relation && field->relation->kind->write) {
            field->relation->kind->write(req, field, dialect_key(req, field), loaded->data[i],
                                         cells[0].integer);
        }
    }
    writer_end_object(req->out);
}

/* Straight from the statement to the answer, for rows without virtual fields. */
static void stream_row(struct request *req, const struct entity *entity, const bool *chosen,
                       struct db_stmt *stmt)
{
    struct cell cell;
    int column = 0;
    writer_begin_object(req->out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (field->kind == FIELD_VIRTUAL || !chosen[i])
            continue;
        cell_read(stmt, column++, field->kind, &cell);
        writer_keyz(req->out, dialect_key(req, field));
        cell_write(req, field, &cell);
    }
    writer_end_object(req->out);
}

/* ---- get ---- */

/* What reading one row found. */
struct one {
    bool found;
    struct cell *cells; /* unless it was streamed */
    const char *text;   /* that entity->may_get looks at */
};

static const char *get_text(struct request *req, const struct entity *entity, const bool *columns,
                            struct db_stmt *stmt)
{
    int column = 0;
    for (size_t i = 0; strcmp(entity->fields[i].name, entity->get_field) != 0; i++)
        column += columns[i] && entity->fields[i].kind != FIELD_VIRTUAL;
    return request_text(req, stmt, column, NULL);
}

/* `columns`: those to stream to the answer; NULL: the whole row is read instead. */
static enum api_rc read_one(struct request *req, const struct entity *entity, int64_t id,
                            const bool *columns, struct one *one)
{
    struct db_stmt *stmt =
        db_prepare(req->db, catalog_select(req, entity, columns ? SELECT_GET : SELECT_ALL));
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *one = (struct one){.found = rc == DB_ROW};
    if (one->found && !columns)
        one->cells = row_read(req, entity, stmt);
    else if (one->found)
        stream_row(req, entity, columns, stmt);
    if (one->found && entity->may_get)
        one->text = columns ? get_text(req, entity, columns, stmt)
                            : one->cells[entity_at(entity, entity->get_field)].text;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc entity_get(struct request *req, const struct entity *entity)
{
    int64_t id;
    entity = catalog_entity(req, entity);
    enum api_rc rc = entity_named(req, entity, ACCESS_READ, &id);
    if (rc != API_OK)
        return rc;
    bool *chosen = arena_zalloc(req->arena, entity->field_count * sizeof *chosen);
    /* Whose row it is must be known before it is written. */
    bool has_virtual = req->caller->access || dialect_is_item(req);
    choose_all(req, entity, chosen);
    for (size_t i = 0; i < entity->field_count; i++) {
        chosen[i] = chosen[i] || (!dialect_is_item(req) && entity->fields[i].flags & FIELD_IN_GET);
        has_virtual = has_virtual || (chosen[i] && entity->fields[i].kind == FIELD_VIRTUAL);
    }
    struct one one;
    rc = read_one(req, entity, id, has_virtual ? NULL : chosen, &one);
    if (rc == API_OK && !one.found)
        return permit_absent(req, entity, ACCESS_READ);
    if (rc == API_OK && has_virtual)
        rc = permit_row(req, entity, ACCESS_READ, one.cells);
    if (rc == API_OK && entity->may_get)
        rc = entity->may_get(req, id, one.text);
    if (rc != API_OK || !has_virtual)
        return rc;
    struct loaded loaded;
    rc = load_virtual(req, entity, chosen, &id, 1, &loaded);
    if (rc == API_OK)
        write_row(req, entity, one.cells, &loaded);
    return rc;
}

enum api_rc entity_show(struct request *req, const struct entity *entity, int64_t id)
{
    entity = catalog_entity(req, entity);
    bool *chosen = arena_zalloc(req->arena, entity->field_count * sizeof *chosen);
    const unsigned detail = FIELD_HIDDEN | FIELD_IN_GET; /* what one row alone shows */
    struct one one;
    struct loaded loaded;
    choose_all(req, entity, chosen);
    for (size_t i = 0; i < entity->field_count; i++)
        chosen[i] = chosen[i] || ((entity->fields[i].flags & detail) == detail &&
                                  dialect_has(req, &entity->fields[i]));
    enum api_rc rc = read_one(req, entity, id, NULL, &one);
    if (rc == API_OK && !one.found)
        return permit_absent(req, entity, ACCESS_READ);
    if (rc == API_OK)
        rc = load_virtual(req, entity, chosen, &id, 1, &loaded);
    if (rc == API_OK)
        write_row(req, entity, one.cells, &loaded);
    return rc;
}

/* ---- list ---- */

/* What rows are ordered by; false: by this field they are not. */
static bool order_term(const struct field *field, struct buf *sql)
{
    const struct relation *relation = field->relation;
    if (field->kind->orders)
        buf_printf(sql, "%c.%s", field->flags & FIELD_SIDE ? 'u' : 't', field->column);
    return field->kind->orders ||
           (relation && relation->kind->order && relation->kind->order(field, sql));
}

static bool is_ordered_by(const struct field *field)
{
    struct buf term = {0};
    bool is = order_term(field, &term);
    buf_clear(&term);
    return is;
}

static void add_order(struct buf *sql, const struct field *field, bool descending, bool first)
{
    /* Empty values come first, as in the original. */
    const char *nulls = field->flags & FIELD_NOT_NULL ? ""
                        : descending                  ? " NULLS LAST"
                                                      : " NULLS FIRST";
    buf_adds(sql, first ? "" : ", ");
    order_term(field, sql);
    buf_printf(sql, " %s%s", descending ? "DESC" : "ASC", nulls);
}

/* By `order`, then by id, so that pages never overlap. */
void query_sql_order(struct buf *sql, const struct entity *entity, const struct value *order)
{
    bool any = false, by_id = false;
    buf_adds(sql, " ORDER BY ");
    for (size_t i = 0; value_is_array(order) && i < order->array.count && !by_id; i++) {
        const struct field *field = entity_field(entity, order->array.items[i].key);
        const struct value *way = order->array.items[i].value;
        if (!field || !is_ordered_by(field))
            continue;
        bool descending = way->type == VALUE_STRING && !strncasecmp(way->string.text, "desc", 4);
        if (field == entity->fields) {
            buf_printf(sql, "%st.id%s", any ? ", " : "", descending ? " DESC" : "");
            by_id = true;
        } else {
            add_order(sql, field, descending, !any);
        }
        any = true;
    }
    if (!any && entity->default_order) {
        add_order(sql, entity_field(entity, entity->default_order), false, true);
        any = true;
    }
    if (!by_id)
        buf_adds(sql, any ? ", t.id" : "t.id");
}

bool query_order_side(const struct entity *entity, const struct value *order)
{
    for (size_t i = 0; entity->side && value_is_array(order) && i < order->array.count; i++) {
        const struct field *field = entity_field(entity, order->array.items[i].key);
        if (field && field->flags & FIELD_SIDE)
            return true;
    }
    return false;
}

enum api_rc query_order_known(struct request *req, const struct entity *entity)
{
    const struct value *order = param_get(req, "order");
    enum api_rc rc = API_OK;
    for (size_t i = 0; value_is_array(order) && i < order->array.count && rc == API_OK; i++) {
        const char *name = order->array.items[i].key;
        const struct field *field = entity_field(entity, name);
        if (!field || !dialect_has(req, field))
            rc = unknown_name(req, IN_ORDER, name);
        else if (!is_ordered_by(field))
            unknown_note(req, IN_ORDER, name);
    }
    return rc;
}

struct rows_page {
    int64_t start; /* -1: no counting */
    int64_t rows;
    const struct permit_index *index; /* finds what the caller may read; or NULL */
    bool by_ids, descending;          /* so are the rows of the page */
    size_t filter_len;                /* of `where`, without the condition on what may be read */
    int filter_binds, binds;          /* of it, and with that condition */
};

/* In the order of ids and of nothing else? */
static bool ordered_by_id(const struct entity *entity, const struct value *order, bool *descending)
{
    struct buf sql = {0};
    query_sql_order(&sql, entity, order);
    *descending = !strcmp(buf_text(&sql), " ORDER BY t.id DESC");
    bool by_id = *descending || !strcmp(buf_text(&sql), " ORDER BY t.id");
    buf_clear(&sql);
    return by_id;
}

/* Where the conditions look: columns of custom fields only where one is named. */
static void sql_from(struct query *query, struct buf *sql, bool side)
{
    buf_printf(sql, " FROM %s t", query->entity->table);
    if (side)
        row_join_side(sql, query->entity);
    if (query->from.len)
        buf_adds(sql, buf_text(&query->from));
}

static void sql_count(struct query *query, const struct rows_page *page, struct buf *sql)
{
    /* PostgreSQL wants no parameter that is not used. */
    query->bind_count = page->index ? page->filter_binds : page->binds;
    if (page->index) {
        query->where.len = page->filter_len;
        page->index->count(query, sql);
        return;
    }
    query_sql_count(query, sql);
}

static enum api_rc count_all(struct query *query, const struct rows_page *page, int64_t *total)
{
    struct buf sql = {0};
    sql_count(query, page, &sql);
    return query_count_sql(query, &sql, total);
}

/* total and next stand beside the result; with start=-1 nothing is counted and total is 0. A page
 * that is not full says by itself how many there are. */
static enum api_rc finish_page(struct query *query, const struct rows_page *page)
{
    struct request *req = query->req;
    req->total = 0;
    if (page->start < 0)
        return API_OK;
    if (page->rows < LIMIT_PAGE && (page->rows > 0 || page->start == 0)) {
        req->total = page->start + page->rows;
        return API_OK;
    }
    enum api_rc rc = count_all(query, page, &req->total);
    if (rc == API_OK && page->start + LIMIT_PAGE < req->total)
        req->next = page->start + LIMIT_PAGE;
    return rc;
}

static bool shows_side(const struct entity *entity, const bool *columns)
{
    for (size_t i = entity->side_from; entity->side && i < entity->field_count; i++) {
        if (!columns || columns[i])
            return true;
    }
    return false;
}

static void sql_window(struct query *query, const struct value *order, const struct rows_page *page,
                       struct buf *sql)
{
    int at = query->bind_count + 1;
    query_sql_order(sql, query->entity, order);
    buf_printf(sql, page->start > 0 ? " LIMIT $%d OFFSET $%d" : " LIMIT $%d", at, at + 1);
}

static void sql_by_index(struct query *query, const struct rows_page *page, struct buf *sql)
{
    int64_t window = (page->start > 0 ? page->start : 0) + LIMIT_PAGE;
    buf_adds(sql, " WHERE t.id IN (");
    page->index->ids(query, sql, query_bind_int(query, window), page->descending);
    buf_addc(sql, ')');
}

/* Where custom fields have to do with it the page's ids are found first, in a SELECT of their own, and their rows
 * then: a join that is to be ordered and cut leads planners astray. */
static void sql_page(struct query *query, const bool *columns, const struct value *order,
                     const struct rows_page *page, struct buf *sql)
{
    const struct entity *entity = query->entity;
    bool orders = query_order_side(entity, order), shows = shows_side(entity, columns) || orders;
    buf_adds(sql, "SELECT ");
    row_columns(sql, entity, columns);
    if (page->by_ids || !(shows || query->side)) {
        sql_from(query, sql, shows);
        page->by_ids ? sql_by_index(query, page, sql) : query_sql_where(query, sql);
        sql_window(query, order, page, sql);
        return;
    }
    buf_printf(sql, " FROM %s t", entity->table);
    if (shows)
        row_join_side(sql, entity);
    buf_adds(sql, " WHERE t.id IN (SELECT t.id");
    sql_from(query, sql, query->side || orders);
    query_sql_where(query, sql);
    sql_window(query, order, page, sql);
    buf_addc(sql, ')');
    query_sql_order(sql, entity, order);
}

/* The rows of ids that were found already. */
static struct db_stmt *rows_stmt(struct query *query, const bool *columns,
                                 const struct value *order, const int64_t *ids, size_t count)
{
    struct buf sql = {0};
    buf_adds(&sql, "SELECT ");
    row_columns(&sql, query->entity, columns);
    buf_printf(&sql, " FROM %s t", query->entity->table);
    row_join_side(&sql, query->entity);
    buf_adds(&sql, " WHERE t.id IN (");
    db_sql_places(&sql, 1, LIMIT_PAGE);
    buf_addc(&sql, ')');
    query_sql_order(&sql, query->entity, order);
    struct db_stmt *stmt = db_prepare(query->req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, LIMIT_PAGE, ids, count);
    return stmt;
}

static struct db_stmt *page_stmt(struct query *query, const bool *columns,
                                 const struct value *order, const struct rows_page *page)
{
    struct buf sql = {0};
    sql_page(query, columns, order, page, &sql);
    int at = query->bind_count + 1;
    struct db_stmt *stmt = db_prepare(query->req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(query, stmt);
    db_bind_int(stmt, at, query->entity->whole ? INT64_MAX : LIMIT_PAGE);
    if (page->start > 0)
        db_bind_int(stmt, at + 1, page->start);
    return stmt;
}

/* What a list has read before it writes. */
struct rows {
    struct cell **cells;
    int64_t *ids;
    size_t count, room;
};

static void keep_row(struct request *req, struct rows *rows, struct cell *cells)
{
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : LIMIT_PAGE;
        struct rows more = {.cells = arena_alloc(req->arena, room * sizeof *more.cells),
                            .ids = arena_alloc(req->arena, room * sizeof *more.ids)};
        for (size_t i = 0; i < rows->count; i++) {
            more.cells[i] = rows->cells[i];
            more.ids[i] = rows->ids[i];
        }
        rows->cells = more.cells;
        rows->ids = more.ids;
        rows->room = room;
    }
    rows->cells[rows->count] = cells;
    rows->ids[rows->count++] = cells[0].integer;
}

/* Rows first, then their virtual fields in one go each. */
static enum api_rc list_loaded(struct query *query, const bool *chosen, struct db_stmt *stmt,
                               struct rows_page *page)
{
    struct request *req = query->req;
    struct rows rows = {0};
    enum db_rc step;
    while ((step = db_step(stmt)) == DB_ROW)
        keep_row(req, &rows, row_read(req, query->entity, stmt));
    db_finish(stmt);
    enum api_rc rc = api_db(req, step);
    page->rows = (int64_t)rows.count;
    writer_begin_list(req->out);
    for (size_t at = 0; at < rows.count && rc == API_OK; at += LIMIT_PAGE) {
        size_t count = rows.count - at < LIMIT_PAGE ? rows.count - at : LIMIT_PAGE;
        struct loaded loaded;
        rc = load_virtual(req, query->entity, chosen, rows.ids + at, count, &loaded);
        for (size_t i = at; i < at + count && rc == API_OK; i++)
            write_row(req, query->entity, rows.cells[i], &loaded);
    }
    writer_end_list(req->out);
    return rc;
}

static enum api_rc list_streamed(struct query *query, const bool *chosen, struct db_stmt *stmt,
                                 struct rows_page *page)
{
    struct request *req = query->req;
    enum db_rc rc;
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        stream_row(req, query->entity, chosen, stmt);
        page->rows++;
    }
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc run_list(struct query *query, const bool *chosen)
{
    struct request *req = query->req;
    struct rows_page page = {.start = query->entity->whole ? -1 : param_start(req)};
    bool has_virtual = false;
    for (size_t i = 0; i < query->entity->field_count; i++)
        has_virtual = has_virtual || (chosen[i] && query->entity->fields[i].kind == FIELD_VIRTUAL);
    enum api_rc rc = query_filter(query, param_get(req, "filter"));
    if (rc != API_OK)
        return rc;
    if (query->entity->whole && param_start(req) > 0) { /* he has had everything */
        query_and(query);
        buf_adds(&query->where, "1=0");
    }
    const struct value *order = param_get(req, "order");
    page.filter_len = query->where.len;
    page.filter_binds = query->bind_count;
    page.index = permit_by_index(query);
    page.by_ids = page.index && ordered_by_id(query->entity, order, &page.descending);
    if (!page.by_ids)
        permit_list(query);
    page.binds = query->bind_count;
    const bool *columns = has_virtual ? NULL : chosen;
    struct side_order by;
    struct db_stmt *stmt;
    if (side_order_by(query->entity, order, &by)) {
        int64_t ids[LIMIT_PAGE];
        size_t count = 0;
        rc = side_order_page(query, &by, page.start > 0 ? page.start : 0, ids, &count);
        if (rc != API_OK)
            return rc;
        if (!count)
            ids[count++] = 0; /* of no row */
        stmt = rows_stmt(query, columns, order, ids, count);
    } else {
        stmt = page_stmt(query, columns, order, &page);
    }
    rc = has_virtual ? list_loaded(query, chosen, stmt, &page)
                     : list_streamed(query, chosen, stmt, &page);
    return rc == API_OK ? finish_page(query, &page) : rc;
}

enum api_rc entity_list(struct request *req, const struct entity *entity)
{
    entity = catalog_entity(req, entity);
    bool *chosen = arena_zalloc(req->arena, entity->field_count * sizeof *chosen);
    struct query query;
    if (permit_any(req, entity, ACCESS_READ) != API_OK)
        return API_FAIL;
    enum api_rc rc = choose_select(req, entity, chosen);
    if (rc == API_OK)
        rc = query_order_known(req, entity);
    if (rc != API_OK)
        return rc;
    query_init(&query, req, entity);
    rc = run_list(&query, chosen);
    query_clear(&query);
    return rc;
}

static enum api_rc look(struct request *req, const struct entity *entity, int64_t id,
                        struct db_stmt *(*prepare)(struct db *db, const char *sql, const char *of),
                        bool *exists)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT 1 FROM %s t WHERE t.id = $1", entity->table);
    if (entity->where)
        buf_printf(&sql, " AND %s", entity->where);
    struct db_stmt *stmt =
        prepare ? prepare(req->db, buf_text(&sql), NULL) : db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *exists = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc entity_exists(struct request *req, const struct entity *entity, int64_t id,
                          bool *exists)
{
    return look(req, entity, id, entity->stays ? NULL : db_prepare_share, exists);
}

enum api_rc entity_hold(struct request *req, const struct entity *entity, int64_t id, bool *exists)
{
    return look(req, entity, id, db_prepare_hold, exists);
}
