#include "model/query_text.h"

#include <string.h>

#include "base/fold.h"
#include "base/limits.h"
#include "base/utf8.h"

bool query_is_like(enum filter_op op)
{
    return op >= OP_LIKE;
}

bool query_text_takes(enum filter_op op)
{
    return query_is_like(op) || op == OP_EQ || op == OP_NE;
}

/* ---- LIKE ---- */

/* The pattern of a LIKE: folded, with the text's own wildcards escaped, but for `%` in a pattern
 * the caller wrote. *inner is the longest run without wildcards, for the index. */
static const char *like_pattern(struct query *query, const char *text, size_t len, bool own,
                                size_t *pattern_len, const char **inner, size_t *inner_len)
{
    struct buf folded = {0}, pattern = {0};
    utf8_fold(&folded, text, len);
    if (!own)
        buf_addc(&pattern, '%');
    size_t best = 0, best_len = 0, run = 0;
    for (size_t i = 0; i <= folded.len; i++) {
        char c = i < folded.len ? folded.data[i] : '%';
        if (c == '%' && (own || i == folded.len)) {
            if (i - run > best_len) {
                best = run;
                best_len = i - run;
            }
            run = i + 1;
        }
        if (i == folded.len)
            break;
        if (c == '\\' || c == '_' || (c == '%' && !own))
            buf_addc(&pattern, '\\');
        buf_addc(&pattern, c);
    }
    if (!own)
        buf_addc(&pattern, '%');
    const char *copy = arena_strndup(query->req->arena, pattern.data, pattern.len);
    *pattern_len = pattern.len;
    *inner = best_len ? arena_strndup(query->req->arena, folded.data + best, best_len) : "";
    *inner_len = best_len;
    buf_clear(&folded);
    buf_clear(&pattern);
    return copy;
}

/* " AND"s the table's trigram index to what follows, where it knows texts as short as this one. */
static void add_search(struct query *query, const char *folded, size_t len)
{
    struct request *req = query->req;
    const char *indexed = db_search_text(req->db, req->arena, folded, len);
    if (!indexed)
        return;
    db_sql_search(req->db, &query->where, query->entity->table,
                  query_bind_text(query, indexed, strlen(indexed)));
    buf_adds(&query->where, " AND ");
}

static enum api_rc add_like(struct query *query, const struct query_text *column, enum filter_op op,
                            const struct value *value)
{
    struct request *req = query->req;
    size_t len, pattern_len, inner_len;
    const char *text = value_to_text(req->arena, value, &len), *inner;
    if (!text)
        return query_bad_value(query, column->name, "text");
    if (len > LIMIT_LIKE_BYTES)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "Filter by %s: the text is too long",
                        column->name);
    bool own = op == OP_LIKE_PATTERN || op == OP_NOT_LIKE_PATTERN;
    bool negated = op == OP_NOT_LIKE || op == OP_NOT_LIKE_PATTERN;
    const char *pattern = like_pattern(query, text, len, own, &pattern_len, &inner, &inner_len);
    buf_addc(&query->where, '(');
    if (column->searched && !negated)
        add_search(query, inner, inner_len);
    if (negated)
        buf_printf(&query->where, "%s IS NULL OR ", column->expression);
    int letters = query_letters(query, pattern, pattern_len);
    db_sql_fold(req->db, &query->where, column->expression, letters);
    buf_printf(&query->where, "%s LIKE $%d ESCAPE '\\')", negated ? " NOT" : "",
               query_bind_text(query, pattern, pattern_len));
    return API_OK;
}

static enum api_rc add_likes(struct query *query, const struct query_text *column,
                             enum filter_op op, const struct value *value)
{
    query_and(query);
    if (value->type != VALUE_ARRAY)
        return add_like(query, column, op, value);
    bool negated = op == OP_NOT_LIKE || op == OP_NOT_LIKE_PATTERN;
    if (!value->array.count) {
        buf_adds(&query->where, negated ? "1=1" : "1=0");
        return API_OK;
    }
    if (value->array.count > LIMIT_FILTER_TERMS)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "Filter by %s: more than %d values",
                        column->name, LIMIT_FILTER_TERMS);
    buf_addc(&query->where, '(');
    for (size_t i = 0; i < value->array.count; i++) {
        if (i)
            buf_adds(&query->where, negated ? " AND " : " OR ");
        enum api_rc rc = add_like(query, column, op, value->array.items[i].value);
        if (rc != API_OK)
            return rc;
    }
    buf_addc(&query->where, ')');
    return API_OK;
}

/* ---- =, <>, IN, NOT IN ---- */

/* The values of a condition: folded, or as keys where the column has one. */
struct wanted {
    const struct query_text *column;
    struct value_array values; /* those that are filled in */
    bool with_empty;
    struct buf folded; /* all of them in a row */
};

/* Reads what the caller gave. */
static enum api_rc take_values(struct query *query, struct wanted *wanted,
                               const struct value *value)
{
    struct arena *arena = query->req->arena;
    struct value *list = value_array(arena);
    size_t count = value_is_array(value) ? value->array.count : 1;
    if (count > LIMIT_IN_VALUES)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "Filter by %s: more than %d values",
                        wanted->column->name, LIMIT_IN_VALUES);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_is_array(value) ? value->array.items[i].value : value;
        size_t len;
        if (FIELD_TEXT->asks_empty(item)) {
            wanted->with_empty = true;
            continue;
        }
        const char *text = value_to_text(arena, item, &len);
        if (!text)
            return query_bad_value(query, wanted->column->name, "text");
        size_t begin = wanted->folded.len;
        if (wanted->column->key) {
            text = fold_key(arena, text, len, &len);
        } else {
            utf8_fold(&wanted->folded, text, len);
            len = wanted->folded.len - begin;
            text = arena_strndup(arena, wanted->folded.data + begin, len);
        }
        value_push(arena, list, value_string(arena, text, len));
    }
    wanted->values = list->array;
    return API_OK;
}

/* "$3", or "$3,$4,$5". */
static void bind_values(struct query *query, const struct wanted *wanted, struct buf *list)
{
    for (size_t i = 0; i < wanted->values.count; i++) {
        const struct value *text = wanted->values.items[i].value;
        buf_printf(list, "%s$%d", i ? "," : "",
                   query_bind_text(query, text->string.text, text->string.len));
    }
}

static void add_filled(struct query *query, struct wanted *wanted, bool negated)
{
    struct buf *sql = &query->where, list = {0};
    const struct query_text *column = wanted->column;
    int letters = column->key ? 0 : query_letters(query, wanted->folded.data, wanted->folded.len);
    bind_values(query, wanted, &list);
    if (negated && !wanted->with_empty)
        buf_printf(sql, "(%s IS NULL OR ", column->expression);
    if (column->key)
        buf_adds(sql, column->key);
    else
        db_sql_caseless(query->req->db, sql, column->expression, letters);
    if (wanted->values.count == 1)
        buf_printf(sql, negated ? " <> %s" : " = %s", buf_text(&list));
    else
        buf_printf(sql, negated ? " NOT IN (%s)" : " IN (%s)", buf_text(&list));
    if (negated && !wanted->with_empty)
        buf_addc(sql, ')');
    buf_clear(&list);
}

static void add_empty(struct query *query, const char *expression, bool wanted)
{
    buf_printf(&query->where, wanted ? "(%s IS NULL OR %s = '')" : "%s <> ''", expression,
               expression);
}

static void add_equal(struct query *query, struct wanted *wanted, bool negated)
{
    struct buf *sql = &query->where;
    size_t count = wanted->values.count;
    query_and(query);
    if (!count && !wanted->with_empty) {
        buf_adds(sql, negated ? "1=1" : "1=0"); /* in nothing */
        return;
    }
    bool both = count && wanted->with_empty;
    buf_adds(sql, both ? "(" : "");
    if (count)
        add_filled(query, wanted, negated);
    if (both)
        buf_adds(sql, negated ? " AND " : " OR ");
    if (wanted->with_empty)
        add_empty(query, wanted->column->expression, !negated);
    buf_adds(sql, both ? ")" : "");
}

enum api_rc query_text_term(struct query *query, const struct query_text *column, enum filter_op op,
                            const struct value *value)
{
    struct wanted wanted = {.column = column};
    if (query_is_like(op))
        return add_likes(query, column, op, value);
    enum api_rc rc = take_values(query, &wanted, value);
    if (rc == API_OK)
        add_equal(query, &wanted, op == OP_NE);
    buf_clear(&wanted.folded);
    return rc;
}
