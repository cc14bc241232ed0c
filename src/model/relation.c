#include "model/relation.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

void relation_prepare(struct request *req, const struct entity *entity)
{
    const struct value *fields = param_get(req, "fields");
    for (const struct relation *const *r = entity->relations; r && *r; r++) {
        if ((*r)->kind->prepare)
            (*r)->kind->prepare(req, entity, *r, fields);
    }
}

bool relation_has(const struct entity *entity, const struct relation *relation)
{
    const struct relation *const *r = entity->relations;
    while (r && *r && *r != relation)
        r++;
    return r && *r;
}

const struct relation *relation_of_kind(const struct entity *entity,
                                        const struct relation_kind *kind)
{
    const struct relation *const *r = entity->relations;
    while (r && *r && (*r)->kind != kind)
        r++;
    return r ? *r : NULL;
}

void *change_slot(const struct change *change, const struct relation *relation)
{
    const struct relation *const *all = change->entity->relations;
    for (size_t i = 0; all && all[i]; i++) {
        if (all[i] == relation)
            return change->slots[i];
    }
    return NULL;
}

enum api_rc relation_remove_owned(struct request *req, const struct entity *entity,
                                  const struct relation *relation, int64_t id)
{
    struct buf sql = {0};
    (void)entity;
    buf_printf(&sql, "DELETE FROM %s WHERE %s = $1", relation->table, relation->own);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

enum api_rc relation_run(struct request *req, struct buf *sql, int64_t first, int64_t second)
{
    struct db_stmt *stmt = db_prepare(req->db, buf_text(sql));
    buf_clear(sql);
    db_bind_int(stmt, 1, first);
    db_bind_int(stmt, 2, second);
    return api_db(req, db_run(stmt));
}

const struct relation_kind relation_owned = {.remove = relation_remove_owned};

/* ---- what hangs on the rows of a page ---- */

struct relation_page {
    size_t count, at; /* at: where the last one asked for stands */
    struct chain {
        int64_t id;
        struct relation_row *first, **end;
    } chain[];
};

static struct chain *find_chain(struct relation_page *page, int64_t id)
{
    for (size_t i = 0; i < page->count; i++) {
        struct chain *chain = &page->chain[(page->at + i) % page->count];
        if (chain->id == id) {
            page->at = (page->at + i) % page->count;
            return chain;
        }
    }
    return NULL;
}

static struct relation_page *page_new(struct arena *arena, const int64_t *ids, size_t count)
{
    struct relation_page *page = arena_zalloc(arena, sizeof *page + count * sizeof page->chain[0]);
    page->count = count;
    for (size_t i = 0; i < count; i++) {
        page->chain[i].id = ids[i];
        page->chain[i].end = &page->chain[i].first;
    }
    return page;
}

enum api_rc relation_page_load(struct request *req, const char *select, const char *order,
                               size_t columns, const int64_t *ids, size_t count,
                               struct relation_page **page)
{
    struct buf sql = {0};
    size_t places = count == 1 ? 1 : LIMIT_PAGE;
    *page = page_new(req->arena, ids, count);
    buf_adds(&sql, select);
    db_sql_places(&sql, 1, places);
    buf_printf(&sql, ") ORDER BY %s", order);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, places, ids, count);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct chain *chain = find_chain(*page, db_int(stmt, 0));
        if (!chain)
            continue;
        struct relation_row *row =
            arena_alloc(req->arena, sizeof *row + columns * sizeof row->text[0]);
        row->next = NULL;
        for (size_t i = 0; i < columns; i++)
            row->text[i] = request_text(req, stmt, (int)i + 1, NULL);
        *chain->end = row;
        chain->end = &row->next;
    }
    db_finish(stmt);
    (*page)->at = 0;
    return api_db(req, rc);
}

struct relation_row *relation_page_first(struct relation_page *page, int64_t id)
{
    struct chain *chain = find_chain(page, id);
    return chain ? chain->first : NULL;
}

void relation_page_filter(struct relation_page *page, void *context,
                          bool (*keep)(void *context, struct relation_row *row))
{
    for (size_t i = 0; i < page->count; i++) {
        struct relation_row **link = &page->chain[i].first;
        while (*link) {
            if (keep(context, *link))
                link = &(*link)->next;
            else
                *link = (*link)->next;
        }
    }
}

int64_t relation_int(const struct relation_row *row, size_t column)
{
    return strtoll(row->text[column], NULL, 10);
}
