#include "user/user_filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "model/unknown.h"

#define WORDS_MAX 10

/* "[1,3]" as ",1,3,", so that one LIKE finds a department. */
#define DEPARTMENTS "replace(replace(t.uf_department, '[', ','), ']', ',')"

const char *user_key(struct arena *arena, const char *name)
{
    char *key = arena_strdup(arena, name);
    for (char *c = key; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return key;
}

static void set(struct request *req, struct value *filter, const char *key, struct value *value)
{
    value_set(req->arena, filter, key, strlen(key), value);
}

static struct value *text_value(struct request *req, const char *text)
{
    return value_string(req->arena, text, strlen(text));
}

static bool is_text(const struct value *value)
{
    return value->type == VALUE_STRING && value->string.len > 0;
}

/* One condition. A bare text may carry the wildcard itself ({"NAME": "Iv%"}), and user.search
 * compares the beginnings of names. */
static void take_condition(struct request *req, const struct entity *entity, bool search,
                           struct value *filter, const char *given, struct value *value)
{
    static const char *const starts[] = {"NAME", "LAST_NAME", "WORK_POSITION"};
    const char *key = user_key(req->arena, given), *name;
    filter_key(key, &name);
    const struct field *field = entity_field(entity, name);
    bool bare = key == name && is_text(value) && field && field->kind == FIELD_TEXT;
    if (search && bare && !strchr(value->string.text, '%')) {
        for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
            if (!strcmp(name, starts[i]))
                value = text_value(req, arena_printf(req->arena, "%s%%", value->string.text));
        }
    }
    if (bare && strchr(value->string.text, '%'))
        key = arena_printf(req->arena, "=%%%s", name);
    if (search && !strcmp(key, "FIND"))
        key = "NAME_SEARCH";
    set(req, filter, key, value);
}

struct value *user_filter_value(struct request *req, const struct entity *entity, bool search)
{
    struct value *filter = value_array(req->arena);
    const struct value *given = param_get(req, "filter");
    bool nested = value_is_array(given) && given->array.count;
    const struct value *from = nested ? given : req->params;
    for (size_t i = 0; value_is_array(from) && i < from->array.count; i++) {
        const char *key = from->array.items[i].key;
        /* Conditions beside the parameters; FIND is both. */
        if (nested || !unknown_is_param(req, key) || !strcasecmp(key, "FIND"))
            take_condition(req, entity, search, filter, key, from->array.items[i].value);
    }
    /* FIND excludes everything else, as documented. */
    struct value *find = search ? value_get(filter, "NAME_SEARCH") : NULL;
    if (find && !value_is_empty(find)) {
        filter = value_array(req->arena);
        set(req, filter, "NAME_SEARCH", find);
    }
    return filter;
}

/* A date that is none retrieves no records; elsewhere it is an error. */
static bool is_bad_date(struct query *query, const char *key, const struct value *value)
{
    const char *name;
    int64_t instant;
    size_t len;
    filter_key(key, &name);
    const struct field *field = entity_field(query->entity, name);
    if (!field || (field->kind != FIELD_DATETIME && field->kind != FIELD_DATE) ||
        value_is_array(value) || value_is_empty(value))
        return false;
    const char *text = value_to_text(query->req->arena, value, &len);
    return datetime_parse(query->req->zone, text, len, &instant) == DATETIME_INVALID;
}

enum api_rc user_filter(struct query *query, const struct value *filter)
{
    struct request *req = query->req;
    struct value *plain = value_array(req->arena);
    bool typed = false;
    for (size_t i = 0; i < filter->array.count; i++) {
        const struct value_item *item = &filter->array.items[i];
        const char *name;
        filter_key(item->key, &name);
        typed = typed || !strcmp(name, "USER_TYPE");
        if (is_bad_date(query, item->key, item->value)) {
            query_and(query);
            buf_adds(&query->where, "1=0");
        } else {
            set(req, plain, item->key, item->value);
        }
    }
    if (!typed) {
        query_and(query);
        buf_adds(&query->where, "t.user_type IN ('employee', 'extranet')");
    }
    return query_filter(query, plain);
}

/* ---- IS_ONLINE ---- */

static enum api_rc filter_online(struct query *query, const struct field *field, int op,
                                 const struct value *value)
{
    bool flag;
    (void)field;
    query_and(query);
    if (!value_to_flag(value, &flag)) {
        buf_adds(&query->where, "1=0");
        return API_OK;
    }
    bool wanted = flag == (op != OP_NE);
    int caller = query_bind_int(query, query->req->caller->user_id);
    int since = query_bind_int(query, (int64_t)query->req->now - USER_ONLINE_SECONDS);
    buf_printf(&query->where, "%s(t.id = $%d OR coalesce(t.last_activity, 0) >= $%d)",
               wanted ? "" : "NOT ", caller, since);
    return API_OK;
}

const struct relation user_online_filter = {
    .kind = &(const struct relation_kind){.filter = filter_online}};

/* ---- departments ---- */

static void add_department(struct query *query, const struct value *value)
{
    int64_t id;
    if (!value_to_int(value, &id)) {
        buf_adds(&query->where, "1=0");
        return;
    }
    const char *pattern = arena_printf(query->req->arena, "%%,%lld,%%", (long long)id);
    buf_printf(&query->where, DEPARTMENTS " LIKE $%d",
               query_bind_text(query, pattern, strlen(pattern)));
}

/* In any (or, negated, in none) of the departments given. */
static enum api_rc filter_department(struct query *query, const struct field *field, int op,
                                     const struct value *value)
{
    if (op != OP_EQ && op != OP_NE)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE,
                        "Filter by %s: a department is equal or not", field->name);
    size_t count = value_is_array(value) ? value->array.count : 1;
    if (count > LIMIT_FILTER_TERMS)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "Filter by %s: more than %d values",
                        field->name, LIMIT_FILTER_TERMS);
    query_and(query);
    buf_adds(&query->where, op == OP_NE ? "NOT (" : "(");
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_adds(&query->where, " OR ");
        add_department(query, value_is_array(value) ? value->array.items[i].value : value);
    }
    buf_adds(&query->where, count ? ")" : "1=0)");
    return API_OK;
}

const struct relation user_department_filter = {
    .kind = &(const struct relation_kind){.filter = filter_department}};

/* A pattern and its letters, as parameters. */
struct word {
    int pattern, letters;
};

/* One of the user's departments has a name that matches the word. */
static void sql_department_name(struct query *query, struct word word)
{
    buf_adds(&query->where, "EXISTS (SELECT 1 FROM department d WHERE " DEPARTMENTS
                            " LIKE '%,' || CAST(d.id AS TEXT) || ',%' AND ");
    db_sql_fold(query->req->db, &query->where, "' ' || d.name", word.letters);
    buf_printf(&query->where, " LIKE $%d ESCAPE '\\')", word.pattern);
}

/* ---- words ---- */

/* "% word%", folded: a word that begins so. */
static struct word bind_word(struct query *query, const char *word, size_t len)
{
    struct buf folded = {0}, pattern = {0};
    utf8_fold(&folded, word, len);
    buf_adds(&pattern, "% ");
    for (size_t i = 0; i < folded.len; i++) {
        if (strchr("%_\\", folded.data[i]))
            buf_addc(&pattern, '\\');
        buf_addc(&pattern, folded.data[i]);
    }
    buf_addc(&pattern, '%');
    struct word bound = {.letters = query_letters(query, folded.data, folded.len)};
    bound.pattern = query_bind_text(
        query, arena_strndup(query->req->arena, pattern.data, pattern.len), pattern.len);
    buf_clear(&folded);
    buf_clear(&pattern);
    return bound;
}

static void add_word(struct query *query, const char *word, size_t len)
{
    struct word bound = bind_word(query, word, len);
    query_and(query);
    buf_addc(&query->where, '(');
    db_sql_fold(query->req->db, &query->where,
                "' ' || t.name || ' ' || t.last_name || ' ' || t.second_name || ' ' ||"
                " t.work_position",
                bound.letters);
    buf_printf(&query->where, " LIKE $%d ESCAPE '\\' OR ", bound.pattern);
    sql_department_name(query, bound);
    buf_addc(&query->where, ')');
}

static const char *search_text(struct query *query, const struct value *value, size_t *len)
{
    const char *text = value_to_text(query->req->arena, value, len);
    if (!text)
        api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "The search is no text");
    else if (*len > LIMIT_LIKE_BYTES)
        api_fail(query->req, API_ERR_INVALID_ARG_VALUE, "The text to search for is too long");
    else
        return text;
    return NULL;
}

/* Every word must begin a word of the names, the job title or a department. */
static enum api_rc filter_words(struct query *query, const struct field *field, int op,
                                const struct value *value)
{
    size_t len, i = 0;
    if (op != OP_EQ && op != OP_LIKE && op != OP_LIKE_PATTERN)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE,
                        "Filter by %s: words are found, not compared", field->name);
    const char *text = search_text(query, value, &len);
    if (!text)
        return API_FAIL;
    query_and(query);
    buf_adds(&query->where, "1=1"); /* of no words everybody has all */
    for (int words = 0; words < WORDS_MAX; words++) {
        while (i < len && isspace((unsigned char)text[i]))
            i++;
        size_t start = i;
        while (i < len && !isspace((unsigned char)text[i]))
            i++;
        if (i == start)
            break;
        add_word(query, text + start, i - start);
    }
    return API_OK;
}

const struct relation user_words_filter = {
    .kind = &(const struct relation_kind){.filter = filter_words}};

static enum api_rc filter_department_name(struct query *query, const struct field *field, int op,
                                          const struct value *value)
{
    size_t len;
    enum filter_op positive = query_positive((enum filter_op)op);
    if (positive != OP_EQ && positive < OP_LIKE)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE,
                        "Filter by %s: words are found, not compared", field->name);
    const char *text = search_text(query, value, &len);
    if (!text)
        return API_FAIL;
    struct word word = bind_word(query, text, len);
    query_and(query);
    if ((int)positive != op)
        buf_adds(&query->where, "NOT ");
    sql_department_name(query, word);
    return API_OK;
}

const struct relation user_department_name_filter = {
    .kind = &(const struct relation_kind){.filter = filter_department_name}};
