/* query_bind - conditions under way: the text of a WHERE, and the values that are bound to it.
 *
 * Used by: model/query and model/query_text, which make conditions; others include model/query.h.
 * Memory:  query_clear frees the buffers; bound values live in the request's arena.
 * Threads: the lane's.
 * Errors:  query_bad_value fails the request with INVALID_ARG_VALUE.
 */
#ifndef RAPPORT_MODEL_QUERY_BIND_H
#define RAPPORT_MODEL_QUERY_BIND_H

#include "model/entity.h"

struct query_bind {
    enum { BIND_INT, BIND_DOUBLE, BIND_TEXT } kind;
    int64_t integer;
    double real;
    const char *text;
    size_t len;
};

struct query {
    struct request *req;
    const struct entity *entity;
    struct buf from;  /* joins, after "FROM table t" */
    struct buf where; /* conditions, without the word WHERE */
    struct query_bind *binds;
    int bind_count, bind_cap;
    int beside; /* of bind_count: keys and letters, which stand beside the values */
    const struct field *side_field; /* of the last look at custom fields */
    bool side_equal;                /* it asks for equality */
    size_t side_start;              /* of `where`: where it begins */
    size_t side_end; /* of `where`: where a look at custom fields ends, if that is its end */
    bool side;       /* a condition looks at columns of custom fields: TABLE_uf has the alias u */
    int terms;
    int other_terms; /* those that are not about ID */
};

void query_init(struct query *query, struct request *req, const struct entity *entity);
void query_clear(struct query *query);

/* Begins one more condition, joined by AND. */
void query_and(struct query *query);
/* The number of the new parameter. Text must live in the arena. */
int query_bind_int(struct query *query, int64_t integer);
int query_bind_double(struct query *query, double real);
int query_bind_text(struct query *query, const char *text, size_t len);
/* Binds the letters of texts that were folded, for db_sql_fold and db_sql_caseless; 0: this store needs none. */
int query_letters(struct query *query, const char *folded, size_t len);
void query_bind_all(const struct query *query, struct db_stmt *stmt);
/* Refuses a value. */
enum api_rc query_bad_value(struct query *query, const char *name, const char *what);

#endif
