#include "model/query_bind.h"

#include <string.h>

#include "model/dialect.h"

void query_init(struct query *query, struct request *req, const struct entity *entity)
{
    memset(query, 0, sizeof *query);
    query->req = req;
    query->entity = entity;
    if (entity->where)
        buf_adds(&query->where, entity->where);
}

void query_clear(struct query *query)
{
    buf_clear(&query->from);
    buf_clear(&query->where);
}

void query_and(struct query *query)
{
    if (query->where.len)
        buf_adds(&query->where, " AND ");
}

static int add_bind(struct query *query, struct query_bind bind)
{
    if (query->bind_count == query->bind_cap) {
        int cap = query->bind_cap ? query->bind_cap * 2 : 16;
        struct query_bind *binds =
            arena_alloc(query->req->arena, (size_t)cap * sizeof *query->binds);
        if (query->bind_count)
            memcpy(binds, query->binds, (size_t)query->bind_count * sizeof *binds);
        query->binds = binds;
        query->bind_cap = cap;
    }
    query->binds[query->bind_count] = bind;
    return ++query->bind_count;
}

int query_bind_int(struct query *query, int64_t integer)
{
    return add_bind(query, (struct query_bind){.kind = BIND_INT, .integer = integer});
}

int query_bind_double(struct query *query, double real)
{
    return add_bind(query, (struct query_bind){.kind = BIND_DOUBLE, .real = real});
}

int query_bind_text(struct query *query, const char *text, size_t len)
{
    return add_bind(query, (struct query_bind){.kind = BIND_TEXT, .text = text, .len = len});
}

void query_bind_all(const struct query *query, struct db_stmt *stmt)
{
    for (int i = 0; i < query->bind_count; i++) {
        const struct query_bind *bind = &query->binds[i];
        switch (bind->kind) {
        case BIND_INT:
            db_bind_int(stmt, i + 1, bind->integer);
            break;
        case BIND_DOUBLE:
            db_bind_double(stmt, i + 1, bind->real);
            break;
        case BIND_TEXT:
            db_bind_text(stmt, i + 1, bind->text, bind->len);
            break;
        }
    }
}

enum api_rc query_bad_value(struct query *query, const char *name, const char *what)
{
    if (query->req->dialect)
        return query->req->dialect->uncomparable(query->req, query->entity, name);
    return api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "Filter by %s: the value is no %s", name,
                    what);
}

static int bind_buf(struct query *query, struct buf *text)
{
    int at = query_bind_text(query, arena_strndup(query->req->arena, buf_text(text), text->len),
                             text->len);
    buf_clear(text);
    return at;
}

int query_letters(struct query *query, const char *folded, size_t len)
{
    struct buf from = {0}, to = {0};
    int at = 0;
    if (db_fold_letters(query->req->db, folded, len, &from, &to)) {
        at = bind_buf(query, &from);
        bind_buf(query, &to);
        query->beside += 2;
    }
    buf_clear(&from);
    buf_clear(&to);
    return at;
}
