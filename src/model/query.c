#include "model/query.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "model/dialect.h"
#include "model/query_text.h"
#include "model/row.h"
#include "model/type/several.h"
#include "model/relation.h"
#include "model/unknown.h"
#include "portal/portal.h"

#define SIDE_LOOK "SELECT u.id FROM %s u"

/* All that prefixes are made of here or elsewhere in the protocol. */
#define OPERATORS " !<>=%@?*~^"

void query_sql_where(struct query *query, struct buf *sql)
{
    if (query->where.len) {
        buf_adds(sql, " WHERE ");
        buf_add(sql, query->where.data, query->where.len);
    }
}

enum filter_op filter_key(const char *key, const char **name)
{
    /* Longest first. "@" and "!@" say IN and NOT IN, which arrays mean anyway. */
    static const struct {
        const char *prefix;
        enum filter_op op;
    } prefixes[] = {{"!=%", OP_NOT_LIKE_PATTERN},
                    {"!%=", OP_NOT_LIKE_PATTERN},
                    {"=%", OP_LIKE_PATTERN},
                    {"%=", OP_LIKE_PATTERN},
                    {">=", OP_GE},
                    {"<=", OP_LE},
                    {"!%", OP_NOT_LIKE},
                    {"!@", OP_NE},
                    {"!=", OP_NE},
                    {"!", OP_NE},
                    {">", OP_GT},
                    {"<", OP_LT},
                    {"@", OP_EQ},
                    {"%", OP_LIKE},
                    {"=", OP_EQ}};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t len = strlen(prefixes[i].prefix);
        if (!strncmp(key, prefixes[i].prefix, len)) {
            *name = key + len;
            return prefixes[i].op;
        }
    }
    *name = key;
    return OP_EQ;
}

enum filter_op query_positive(enum filter_op op)
{
    switch (op) {
    case OP_NE:
        return OP_EQ;
    case OP_NOT_LIKE:
        return OP_LIKE;
    case OP_NOT_LIKE_PATTERN:
        return OP_LIKE_PATTERN;
    default:
        return op;
    }
}

static const char *comparison(enum filter_op op)
{
    static const char *const sql[] = {"=", "<>", "<", "<=", ">", ">="};
    return sql[op];
}

static void add_empty(struct buf *sql, const char *expression, const struct field_type *type,
                      bool wanted)
{
    if (!type->empty)
        buf_printf(sql, "%s IS %sNULL", expression, wanted ? "" : "NOT ");
    else if (wanted)
        buf_printf(sql, "(%s IS NULL OR %s = %s)", expression, expression, type->empty);
    else
        buf_printf(sql, "%s <> %s", expression, type->empty);
}

static enum api_rc add_in(struct query *query, const char *expression, const char *name,
                          const struct field_type *type, enum filter_op op,
                          const struct value *value)
{
    struct buf *sql = &query->where;
    bool with_empty = false;
    size_t listed = 0;
    struct buf list = {0};
    if (value->array.count > LIMIT_IN_VALUES)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "Filter by %s: more than %d values",
                        name, LIMIT_IN_VALUES);
    for (size_t i = 0; i < value->array.count; i++) {
        const struct value *item = value->array.items[i].value;
        if (type->asks_empty(item)) {
            with_empty = true;
            continue;
        }
        int at = type->bind(query, name, &op, item);
        if (at == BIND_FAILED) {
            buf_clear(&list);
            return API_FAIL;
        }
        if (at != BIND_NEVER)
            buf_printf(&list, "%s$%d", listed++ ? "," : "", at);
    }
    query_and(query);
    bool not_in = op == OP_NE;
    if (!listed && !with_empty) {
        buf_adds(sql, not_in ? "1=1" : "1=0"); /* in nothing */
    } else {
        buf_addc(sql, '(');
        if (listed)
            buf_printf(sql,
                       not_in && !with_empty ? "(%s IS NULL OR %s NOT IN (%s))"
                       : not_in              ? "(%s NOT IN (%s))"
                                             : "%s IN (%s)",
                       expression, not_in && !with_empty ? expression : buf_text(&list),
                       buf_text(&list));
        if (with_empty) {
            if (listed)
                buf_adds(sql, not_in ? " AND " : " OR ");
            add_empty(sql, expression, type, !not_in);
        }
        buf_addc(sql, ')');
    }
    buf_clear(&list);
    return API_OK;
}

static enum api_rc add_compare(struct query *query, const char *expression, const char *name,
                               const struct field_type *type, enum filter_op op,
                               const struct value *value)
{
    struct buf *sql = &query->where;
    if (value_is_array(value)) {
        if (op == OP_EQ || op == OP_NE)
            return add_in(query, expression, name, type, op, value);
        return query_bad_value(query, name, "single value");
    }
    if ((op == OP_EQ || op == OP_NE) && type->asks_empty(value)) {
        query_and(query);
        add_empty(sql, expression, type, op == OP_EQ);
        return API_OK;
    }
    int at = type->bind(query, name, &op, value);
    if (at == BIND_FAILED)
        return API_FAIL;
    query_and(query);
    if (at == BIND_NEVER)
        buf_adds(sql, op == OP_NE ? "1=1" : "1=0");
    else if (op == OP_NE)
        buf_printf(sql, "(%s IS NULL OR %s <> $%d)", expression, expression, at);
    else
        buf_printf(sql, "%s %s $%d", expression, comparison(op), at);
    return API_OK;
}

/* Is a value among those given empty? *rest: the others. */
static bool take_empty(struct query *query, const struct field_type *type,
                       const struct value *value, struct value **rest)
{
    *rest = value_array(query->req->arena);
    if (!value_is_array(value))
        return type->asks_empty(value);
    for (size_t i = 0; i < value->array.count; i++) {
        if (!type->asks_empty(value->array.items[i].value))
            value_push(query->req->arena, *rest, value->array.items[i].value);
    }
    return (*rest)->array.count < value->array.count;
}

enum api_rc query_several(struct query *query, const struct field *field, enum filter_op op,
                          const struct value *value, const struct field_type *type,
                          enum api_rc (*set)(struct query *query, const struct field *field,
                                             bool negated, enum filter_op op,
                                             const struct value *value))
{
    enum filter_op positive = query_positive(op);
    bool negated = positive != op;
    struct value *rest;
    query_and(query);
    if (positive != OP_EQ || !take_empty(query, type, value, &rest))
        return set(query, field, negated, positive, value);
    buf_addc(&query->where, '(');
    enum api_rc rc = set(query, field, !negated, positive, NULL);
    if (rc == API_OK && rest->array.count) {
        buf_adds(&query->where, negated ? " AND " : " OR ");
        rc = set(query, field, negated, positive, rest);
    }
    buf_addc(&query->where, ')');
    return rc;
}

enum api_rc query_text(struct query *query, const char *expression, enum filter_op op,
                       const struct value *value)
{
    struct query_text text = {.expression = expression, .name = "text"};
    if (query_text_takes(op))
        return query_text_term(query, &text, op, value);
    return add_compare(query, expression, "text", FIELD_TEXT, op, value);
}

enum api_rc query_value(struct query *query, const char *expression, const char *name,
                        const struct field_type *type, enum filter_op op, const struct value *value)
{
    return add_compare(query, expression, name, type, op, value);
}

enum api_rc query_int(struct query *query, const char *expression, const char *name,
                      enum filter_op op, const struct value *value)
{
    return add_compare(query, expression, name, FIELD_INT, op, value);
}

/* What a substring is looked for in. */
static const char *text_expression(struct query *query, const struct field *field,
                                   const char *column)
{
    struct request *req = query->req;
    struct buf sql = {0};
    if (!field->kind->sql_text)
        return column;
    field->kind->sql_text(req, field, column, &sql);
    const char *expression = arena_strndup(req->arena, sql.data, sql.len);
    buf_clear(&sql);
    return expression;
}

/* `key`: the column of folded keys beside it, or NULL. */
static enum api_rc add_column(struct query *query, const struct field *field, const char *column,
                              const char *key, enum filter_op op, const struct value *value)
{
    if (!query_is_like(op) && !(query_text_takes(op) && field_is_free_text(field)))
        return add_compare(query, column, field->name, field->kind, op, value);
    struct query_text text = {
        .expression = query_is_like(op) ? text_expression(query, field, column) : column,
        .key = key,
        .name = field->name,
        .searched = field->flags & FIELD_SEARCH};
    return query_text_term(query, &text, op, value);
}

/* Rows that have (`negated`: have not) such a value among several; without `value` any. */
static enum api_rc several_set(struct query *query, const struct field *field, bool negated,
                               enum filter_op op, const struct value *value)
{
    static const char *const columns[] = {
        [STORE_INT] = "l.number", [STORE_REAL] = "l.amount", [STORE_TEXT] = "l.text"};
    struct field *one = arena_alloc(query->req->arena, sizeof *one);
    *one = several_one(field);
    buf_printf(&query->where, "t.id %sIN (SELECT l.row_id FROM uf_list l WHERE l.field_id = %lld",
               negated ? "NOT " : "", (long long)field->custom->id);
    enum api_rc rc = API_OK;
    if (value)
        rc = add_column(query, one, columns[one->kind->storage],
                        one->kind->storage == STORE_TEXT ? "l.text_key" : NULL, op, value);
    buf_addc(&query->where, ')');
    return rc;
}

/* An index is made beside the requests (model/side_keeper), for those who ask next. */
static void want_index(const struct query *query, const struct field *field, enum filter_op op)
{
    int64_t none = 0;
    bool serves = op == OP_EQ || (op >= OP_LT && op <= OP_GE && field->kind->storage != STORE_TEXT);
    if (serves && !field->custom->indexed)
        atomic_compare_exchange_strong(&query->req->portal->index_wanted, &none, field->custom->id);
}

/* Does the condition hold for rows that have a value alone? */
static bool wants_value(const struct field_type *type, enum filter_op op, const struct value *value)
{
    if (query_positive(op) != op)
        return false;
    if (op != OP_EQ)
        return true;
    if (!value_is_array(value))
        return !type->asks_empty(value);
    for (size_t i = 0; i < value->array.count; i++) {
        if (type->asks_empty(value->array.items[i].value))
            return false;
    }
    return true;
}

/* May the condition join the look that ends here? Beside an equality any may, and both ends of a range do. */
static bool joins_look(const struct query *query, const struct field *field, enum filter_op op)
{
    bool follows = query->where.len && query->where.len == query->side_end;
    return follows && (query->side_equal || op == OP_EQ || query->side_field == field);
}

/* On a column of custom fields. Rows that must have a value are looked for there, by whatever index there is, and
 * taken by their ids. It is a join where rows without one count; for a second range, since all of it would be gathered;
 * and for a part of a text, which is found soon by going through the rows, or late by any way. */
static enum api_rc add_side(struct query *query, const struct field *field, const char *column,
                            const char *key, enum filter_op op, const struct value *value)
{
    struct buf *where = &query->where;
    bool joins = joins_look(query, field, op);
    want_index(query, field, op);
    bool walks = query_is_like(op) || (op != OP_EQ && query->side_field);
    if (!wants_value(field->kind, op, value) || (walks && !joins)) {
        query->side = true;
        return add_column(query, field, column, key, op, value);
    }
    if (joins) {
        where->len--;
    } else {
        query_and(query);
        query->side_start = where->len;
        buf_printf(where, "t.id IN (" SIDE_LOOK " WHERE 1=1", query->entity->side);
        query->side_equal = false;
        query->side_field = field;
    }
    enum api_rc rc = add_column(query, field, column, key, op, value);
    buf_addc(where, ')');
    query->side_equal = query->side_equal || op == OP_EQ;
    query->side_end = where->len;
    return rc;
}

static enum api_rc add_term(struct query *query, const struct field *field, enum filter_op op,
                            const struct value *value, bool by_name)
{
    struct arena *arena = query->req->arena;
    if (field->kind == FIELD_VIRTUAL) {
        if (field->relation && field->relation->kind->filter)
            return field->relation->kind->filter(query, field, (int)op, value);
        return unknown_condition(query->req, field->name, "this field cannot be filtered by");
    }
    if (field->kind == &type_several)
        return query_several(query, field, op, value, field->custom->type->kind, several_set);
    bool side = field->flags & FIELD_SIDE;
    const char *column = arena_printf(arena, "%c.%s", side ? 'u' : 't', field->column);
    bool keyed = field->flags & FIELD_KEYED && (by_name || !(field->flags & FIELD_SEARCH));
    const char *key = keyed ? arena_printf(arena, "%s_key", column) : NULL;
    return side ? add_side(query, field, column, key, op, value)
                : add_column(query, field, column, key, op, value);
}

/* Are titles and names to be looked up by their keys? Many rows may have one title ("New deal"), and SQLite cannot know
 * that the few of a company are found sooner by the other index: so not beside an equal number or a part. */
static bool by_names(const struct query *query, const struct value *filter)
{
    for (size_t i = 0; i < filter->array.count; i++) {
        const char *name;
        enum filter_op op = filter_key(filter->array.items[i].key, &name);
        const struct field *field = entity_field(query->entity, name);
        if (field && op == OP_EQ &&
            (field->kind->storage == STORE_INT || field->kind->storage == STORE_NONE))
            return false;
    }
    return true;
}

static bool is_condition(const struct entity *entity, const char *name)
{
    return entity_field(entity, name) || unknown_is_custom(name);
}

/* {"LOGIC":"OR","0":{"TITLE":"x"}}: a group, when it has a condition somewhere inside. */
static bool is_group(const struct entity *entity, const struct value *value)
{
    for (size_t i = 0; value_is_array(value) && i < value->array.count; i++) {
        const struct value_item *item = &value->array.items[i];
        const char *name = item->key + strspn(item->key, OPERATORS);
        if (is_condition(entity, name) || is_group(entity, item->value))
            return true;
    }
    return false;
}

/* A key that names no field: perhaps it is one behind an operator that is not there ("><ID"), or a group of
 * conditions. */
static enum api_rc unknown_key(struct query *query, const char *name, const struct value *value)
{
    const char *inner = name + strspn(name, OPERATORS);
    if (inner != name && entity_field(query->entity, inner))
        return unknown_condition(query->req, inner, "there is no such operator");
    if (is_group(query->entity, value))
        return unknown_condition(query->req, *name ? name : "\"\"",
                                 "conditions cannot be grouped here");
    return unknown_name(query->req, IN_FILTER, unknown_is_custom(inner) ? inner : name);
}

/* ---- groups, of the item dialect: {"0": {"logic": "OR", "0": {...}, "1": {...}}} ---- */

static bool names_group(const struct query *query, const struct value_item *item)
{
    return dialect_is_item(query->req) && value_is_array(item->value) &&
           item->key[strspn(item->key, "0123456789")] == '\0';
}

static enum api_rc add_condition(struct query *query, const struct value_item *item, bool names)
{
    const char *name;
    enum filter_op op = filter_key(item->key, &name);
    const struct field *field = entity_field(query->entity, name);
    if (!field || !dialect_has(query->req, field))
        return unknown_key(query, name, item->value);
    if (++query->terms > LIMIT_FILTER_TERMS)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE,
                        "The filter has more than %d conditions", LIMIT_FILTER_TERMS);
    query->other_terms += field != query->entity->fields;
    enum api_rc rc = add_term(query, field, op, item->value, names);
    if (rc == API_OK && query->bind_count - query->beside > LIMIT_FILTER_VALUES)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "The filter has more than %d values",
                        LIMIT_FILTER_VALUES);
    return rc;
}

static enum api_rc add_item(struct query *query, const struct value_item *item, bool names)
{
    if (dialect_is_item(query->req) && !strcmp(item->key, QUERY_LOGIC))
        return API_OK;
    return names_group(query, item) ? query_filter(query, item->value)
                                    : add_condition(query, item, names);
}

/* Each in a buffer of its own, where it is the first: query_and joins by AND. */
static enum api_rc add_any(struct query *query, const struct value *filter)
{
    struct buf outer = query->where, any = {0};
    enum api_rc rc = API_OK;
    query->where = (struct buf){0};
    query->other_terms++;
    for (size_t i = 0; i < filter->array.count && rc == API_OK; i++) {
        query->where.len = query->side_end = 0; /* no look of another buffer is joined */
        rc = add_item(query, &filter->array.items[i], false);
        if (query->where.len)
            buf_printf(&any, "%s(%s)", any.len ? " OR " : "", buf_text(&query->where));
    }
    buf_clear(&query->where);
    query->where = outer;
    query->side_end = 0;
    if (any.len) {
        query_and(query);
        buf_printf(&query->where, "(%s)", buf_text(&any));
    }
    buf_clear(&any);
    return rc;
}

enum api_rc query_filter(struct query *query, const struct value *filter)
{
    enum api_rc rc = API_OK;
    if (!value_is_array(filter))
        return API_OK;
    if (dialect_is_item(query->req) && value_get(filter, QUERY_LOGIC))
        return add_any(query, filter);
    bool names = by_names(query, filter);
    for (size_t i = 0; i < filter->array.count && rc == API_OK; i++)
        rc = add_item(query, &filter->array.items[i], names);
    return rc;
}

enum api_rc query_count_sql(struct query *query, struct buf *sql, int64_t *total)
{
    struct db_stmt *stmt = db_prepare(query->req->db, buf_text(sql));
    buf_clear(sql);
    query_bind_all(query, stmt);
    enum db_rc rc = db_step(stmt);
    *total = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(query->req, rc);
}

void query_sql_count(struct query *query, struct buf *sql)
{
    static const char before[] = "t.id IN (";
    struct buf *where = &query->where;
    if (where->len && !query->side_start && query->side_end == where->len && !query->from.len) {
        /* All there is to count is one look at custom fields. */
        buf_adds(sql, "SELECT count(*) FROM (");
        buf_add(sql, where->data + sizeof before - 1, where->len - sizeof before + 1);
        buf_adds(sql, " AS r");
        return;
    }
    buf_printf(sql, "SELECT count(*) FROM %s t", query->entity->table);
    if (query->side)
        row_join_side(sql, query->entity);
    if (query->from.len)
        buf_adds(sql, buf_text(&query->from));
    query_sql_where(query, sql);
}

enum api_rc query_count(struct query *query, int64_t *total)
{
    struct buf sql = {0};
    query_sql_count(query, &sql);
    return query_count_sql(query, &sql, total);
}
