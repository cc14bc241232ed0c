/* rapport.search - one text over everything that activities are kept for, and activities: what a page's search field shows.
 *
 * A method of this server's own. Of each entity with activities (crm/owner), and of activities, it answers the few that fit best:
 * the row of that id, those with that phone or address (crm/multifield, by the beginning of its key), and those whose title
 * or names hold every word. Words are looked for among the newest rows first, where a word that all titles share is found
 * at once, then by the trigram index, which is quick for the others; of a table without one (items of smart processes,
 * invoices) older rows are found by how their title begins. */
#include <ctype.h>
#include <string.h>

#include "base/fold.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crm/activity_parts.h"
#include "crm/multifield.h"
#include "crm/owner.h"
#include "crm/stage.h"
#include "model/arg.h"
#include "model/catalog.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/query.h"
#include "model/registry.h"

#define FEW 5           /* of each type, unless the caller says */
#define MOST 20         /* of each type */
#define NEWEST 2000     /* rows that are looked at one by one */
#define WORDS 6         /* of the text; further ones are not looked for */
#define PHONE_LEAST 4   /* digits of a number worth looking for */
#define ADDRESS_LEAST 3 /* letters of an address */

struct args {
    const char *text;
    int64_t limit;
};

struct hit {
    int64_t id;
    const char *contact; /* the phone or address it was found by; NULL */
};

struct search {
    struct request *req;
    const struct entity *entity;
    const char *text;
    size_t len, limit;
    int64_t newest; /* the highest id of the table */
    struct hit hits[MOST];
    size_t count;
};

/* ---- which fields ---- */

static const struct field *text_field(const struct entity *entity, const char *name)
{
    const struct field *field = entity_field(entity, name);
    return field && field->kind->storage == STORE_TEXT && field->column ? field : NULL;
}

/* What a row is called by. */
static const struct field *title_field(const struct entity *entity)
{
    const struct field *title = text_field(entity, "TITLE");
    return title ? title : text_field(entity, "SUBJECT");
}

static bool is_searched(const struct field *field)
{
    return field->flags & FIELD_SEARCH && !(field->flags & FIELD_LONG);
}

static bool is_indexed(const struct entity *entity)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        if (is_searched(&entity->fields[i]))
            return true;
    }
    return false;
}

/* ---- finding ---- */

static bool is_full(const struct search *search)
{
    return search->count == search->limit;
}

static void add_hit(struct search *search, int64_t id, const char *contact)
{
    for (size_t i = 0; i < search->count; i++) {
        if (search->hits[i].id == id)
            return;
    }
    if (!is_full(search))
        search->hits[search->count++] = (struct hit){id, contact};
}

static void begin(struct search *search, struct query *query)
{
    query_init(query, search->req, search->entity);
    permit_list(query);
    query_and(query);
}

/* SELECT what FROM the table, with its conditions; the query is cleared. */
static enum api_rc run(struct search *search, struct query *query, const char *what,
                       const char *tail)
{
    struct request *req = search->req;
    struct buf sql = {0};
    buf_printf(&sql, "SELECT %s FROM %s t%s", what, search->entity->table, buf_text(&query->from));
    query_sql_where(query, &sql);
    buf_printf(&sql, "%s LIMIT %d", tail, 2 * MOST);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    enum db_rc rc;
    query_bind_all(query, stmt);
    while ((rc = db_step(stmt)) == DB_ROW)
        add_hit(search, db_int(stmt, 0),
                db_is_null(stmt, 1) ? NULL : request_text(req, stmt, 1, NULL));
    db_finish(stmt);
    buf_clear(&sql);
    query_clear(query);
    return api_db(req, rc);
}

static enum api_rc by_id(struct search *search)
{
    struct query query;
    int64_t id;
    if (!text_to_int(search->text, search->len, &id) || id <= 0)
        return API_OK;
    begin(search, &query);
    buf_printf(&query.where, "t.id = $%d", query_bind_int(&query, id));
    return run(search, &query, "t.id, NULL", "");
}

#define LAST_LETTER "\xf4\x8f\xbf\xbf" /* sorts behind every other */

/* The keys that begin so. */
static void begins(struct query *query, const char *column, const char *key, size_t len)
{
    const char *behind = arena_printf(query->req->arena, "%.*s" LAST_LETTER, (int)len, key);
    buf_printf(&query->where, "%s >= $%d AND ", column, query_bind_text(query, key, len));
    buf_printf(&query->where, "%s < $%d", column,
               query_bind_text(query, behind, len + strlen(LAST_LETTER)));
}

/* Whose phones or addresses begin so. */
static enum api_rc by_contact(struct search *search, const char *type)
{
    size_t len;
    struct query query;
    const char *key = multifield_key(search->req->arena, type, search->text, search->len, &len);
    begin(search, &query);
    buf_printf(&query.from,
               " JOIN multifield m ON m.element_id = t.id AND m.entity_id = '%s' AND m.type_id = "
               "'%s'",
               search->entity->code, type);
    begins(&query, "m.value_key", key, len);
    return run(search, &query, "t.id, m.value", " ORDER BY m.value_key");
}

static enum api_rc by_contacts(struct search *search)
{
    size_t digits = 0, others = 0;
    enum api_rc rc = API_OK;
    if (!multifield_has(search->entity))
        return API_OK;
    for (size_t i = 0; i < search->len; i++) {
        digits += isdigit((unsigned char)search->text[i]) != 0;
        others += !strchr("0123456789 +-()./", search->text[i]);
    }
    if (digits >= PHONE_LEAST && !others)
        rc = by_contact(search, "PHONE");
    if (rc == API_OK && others && search->len >= ADDRESS_LEAST &&
        !memchr(search->text, ' ', search->len))
        rc = by_contact(search, "EMAIL");
    return rc;
}

/* ---- words ---- */

static void like(struct query *query, const struct field *field, const char *pattern, size_t len)
{
    buf_addc(&query->where, '(');
    int letters = query_letters(query, pattern, len);
    db_sql_fold(query->req->db, &query->where,
                arena_printf(query->req->arena, "t.%s", field->column), letters);
    buf_printf(&query->where, " LIKE $%d ESCAPE '\\')", query_bind_text(query, pattern, len));
}

/* One of the fields that rows are searched by holds it. */
static void holds_word(struct search *search, struct query *query, const char *word, size_t len)
{
    const struct entity *entity = search->entity;
    struct buf pattern = {0};
    bool any = false;
    buf_addc(&pattern, '%');
    for (size_t i = 0; i < len; i++) {
        if (strchr("\\%_", word[i]))
            buf_addc(&pattern, '\\');
        buf_addc(&pattern, word[i]);
    }
    buf_addc(&pattern, '%');
    const char *kept = arena_strndup(search->req->arena, pattern.data, pattern.len);
    buf_addc(&query->where, '(');
    for (size_t i = 0; i < entity->field_count; i++) {
        if (!is_searched(&entity->fields[i]))
            continue;
        buf_adds(&query->where, any ? " OR " : "");
        like(query, &entity->fields[i], kept, pattern.len);
        any = true;
    }
    if (!any)
        like(query, title_field(entity), kept, pattern.len);
    buf_addc(&query->where, ')');
    buf_clear(&pattern);
}

/* The next word of a text that is folded. */
static const char *next_word(struct arena *arena, const char **at, size_t *len)
{
    *len = strcspn(*at, " \t\r\n");
    const char *word = arena_strndup(arena, *at, *len);
    *at += *len;
    *at += strspn(*at, " \t\r\n");
    return word;
}

static const char *fold(struct search *search)
{
    struct buf folded = {0};
    utf8_fold(&folded, search->text, search->len);
    const char *text = arena_strndup(search->req->arena, folded.data, folded.len);
    buf_clear(&folded);
    return text;
}

static void holds_words(struct search *search, struct query *query)
{
    size_t len;
    const char *at = fold(search);
    for (int words = 0; words < WORDS && *at; words++) {
        const char *word = next_word(search->req->arena, &at, &len);
        buf_adds(&query->where, words ? " AND " : "");
        holds_word(search, query, word, len);
    }
}

static void by_index(struct search *search, struct query *query, const char *indexed)
{
    db_sql_search(search->req->db, &query->where, search->entity->table,
                  query_bind_text(query, indexed, strlen(indexed)));
    buf_adds(&query->where, " AND ");
}

/* Puts the trigram index before the words. False: it knows none that are so short. */
static bool words_by_index(struct search *search, struct query *query)
{
    struct db *db = search->req->db;
    struct arena *arena = search->req->arena;
    const char *at = fold(search), *all = NULL;
    size_t len;
    for (int words = 0; words < WORDS && *at; words++) {
        const char *word = next_word(arena, &at, &len);
        const char *one = db_search_text(db, arena, word, len);
        const char *both = all && one ? db_search_both(db, arena, all, one) : NULL;
        if (all && one && !both)
            by_index(search, query, all);
        all = both ? both : one ? one : all;
    }
    if (all)
        by_index(search, query, all);
    return all != NULL;
}

static enum api_rc find_newest(struct search *search)
{
    struct query query;
    struct buf sql = {0};
    buf_printf(&sql, "SELECT max(id) FROM %s", search->entity->table);
    struct db_stmt *stmt = db_prepare(search->req->db, buf_text(&sql));
    enum db_rc rc = db_step(stmt);
    search->newest = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    buf_clear(&sql);
    if (rc != DB_ROW && rc != DB_NONE)
        return api_db(search->req, rc);
    begin(search, &query);
    buf_printf(&query.where, "t.id > $%d AND ", query_bind_int(&query, search->newest - NEWEST));
    holds_words(search, &query);
    return run(search, &query, "t.id, NULL", " ORDER BY t.id DESC");
}

/* Among all, by the index. */
static enum api_rc find_indexed(struct search *search)
{
    struct query query;
    begin(search, &query);
    if (words_by_index(search, &query)) {
        holds_words(search, &query);
        return run(search, &query, "t.id, NULL", "");
    }
    query_clear(&query);
    return API_OK;
}

/* Among all, by how the title begins. */
static enum api_rc find_beginning(struct search *search)
{
    struct arena *arena = search->req->arena;
    const struct field *title = title_field(search->entity);
    struct buf folded = {0};
    struct query query;
    if (!title || !(title->flags & FIELD_KEYED) || search->len > FOLD_KEY_MAX / 2)
        return API_OK;
    utf8_fold(&folded, search->text, search->len);
    const char *key = arena_strndup(arena, folded.data, folded.len);
    const char *column = arena_printf(arena, "t.%s_key", title->column);
    begin(search, &query);
    begins(&query, column, key, folded.len);
    buf_clear(&folded);
    return run(search, &query, "t.id, NULL", arena_printf(arena, " ORDER BY %s", column));
}

static enum api_rc find(struct search *search)
{
    enum api_rc rc = by_id(search);
    if (rc == API_OK && !is_full(search))
        rc = by_contacts(search);
    if (rc == API_OK && !is_full(search))
        rc = find_newest(search);
    if (rc == API_OK && !is_full(search) && search->newest > NEWEST)
        rc = is_indexed(search->entity) ? find_indexed(search) : find_beginning(search);
    return rc;
}

/* ---- showing ---- */

enum { C_TITLE, C_NAME, C_LAST, C_BESIDE, C_STAGE, C_FUNNEL, C_OWNER_TYPE, C_OWNER, COLUMNS };

struct shown {
    const char *text[COLUMNS]; /* "" where there is none */
};

static const char *column_of(const struct entity *entity, const char *name)
{
    const struct field *field = name ? entity_field(entity, name) : NULL;
    return field && field->column && !(field->flags & FIELD_SIDE) ? field->column : NULL;
}

/* A row as it is now; *found is false when it went meanwhile. */
static enum api_rc read_shown(struct request *req, const struct entity *entity, int64_t id,
                              struct shown *shown, bool *found)
{
    const struct field *title = title_field(entity);
    const char *const beside = column_of(entity, "COMPANY_TITLE") ? "COMPANY_TITLE" : "POST";
    const char *const columns[COLUMNS] = {
        [C_TITLE] = title ? title->column : NULL,
        [C_NAME] = column_of(entity, "NAME"),
        [C_LAST] = column_of(entity, "LAST_NAME"),
        [C_BESIDE] = column_of(entity, beside),
        [C_STAGE] = column_of(entity, entity->stages ? entity->stages->field : NULL),
        [C_FUNNEL] = column_of(entity, entity->category),
        [C_OWNER_TYPE] = column_of(entity, "OWNER_TYPE_ID"),
        [C_OWNER] = column_of(entity, "OWNER_ID"),
    };
    struct buf sql = {0};
    buf_adds(&sql, "SELECT ");
    for (size_t i = 0; i < COLUMNS; i++)
        buf_printf(&sql, "%s%s%s", i ? ", " : "", columns[i] ? "t." : "",
                   columns[i] ? columns[i] : "NULL");
    buf_printf(&sql, " FROM %s t WHERE t.id = $1", entity->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    for (int i = 0; rc == DB_ROW && i < COLUMNS; i++)
        shown->text[i] = request_text(req, stmt, i, NULL);
    db_finish(stmt);
    return api_db(req, rc);
}

static const char *join(struct request *req, const char *a, const char *between, const char *b)
{
    return !*a ? b : !*b ? a : arena_printf(req->arena, "%s%s%s", a, between, b);
}

static const char *title_of(struct request *req, const struct shown *shown)
{
    return *shown->text[C_TITLE] ? shown->text[C_TITLE]
                                 : join(req, shown->text[C_NAME], " ", shown->text[C_LAST]);
}

static int64_t number(const char *text)
{
    int64_t n = 0;
    return text_to_int(text, strlen(text), &n) ? n : 0;
}

static enum api_rc stage_name(struct request *req, const struct entity *entity,
                              const struct shown *shown, const char **name)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT name FROM crm_status WHERE entity_id = $1 AND status_id = $2");
    db_bind_textz(stmt, 1, stage_directory(req, entity, number(shown->text[C_FUNNEL])));
    db_bind_textz(stmt, 2, shown->text[C_STAGE]);
    enum db_rc rc = db_step(stmt);
    *name = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : shown->text[C_STAGE];
    db_finish(stmt);
    return api_db(req, rc);
}

/* What an activity belongs to, when the caller may read that. */
static enum api_rc owner_title(struct request *req, const struct shown *activity,
                               const char **title)
{
    const struct entity *owner = owner_entity(req, number(activity->text[C_OWNER_TYPE]));
    int64_t id = number(activity->text[C_OWNER]);
    enum permit_sight sight = PERMIT_REFUSED;
    struct shown shown;
    bool found = false;
    *title = "";
    enum api_rc rc = owner ? permit_sees(req, owner, id, ACCESS_READ, &sight) : API_OK;
    if (rc == API_OK && sight == PERMIT_FREE)
        rc = read_shown(req, owner, id, &shown, &found);
    if (found)
        *title = title_of(req, &shown);
    return rc;
}

static enum api_rc subtitle_of(struct request *req, const struct entity *entity,
                               const struct shown *shown, const char **subtitle)
{
    const char *name = join(req, shown->text[C_NAME], " ", shown->text[C_LAST]);
    *subtitle = join(req, *shown->text[C_TITLE] ? name : "", ", ", shown->text[C_BESIDE]);
    if (**subtitle)
        return API_OK;
    if (entity->stages && *shown->text[C_STAGE])
        return stage_name(req, entity, shown, subtitle);
    return *shown->text[C_OWNER] ? owner_title(req, shown, subtitle) : API_OK;
}

static enum api_rc show(struct search *search, const struct hit *hit)
{
    struct request *req = search->req;
    struct shown shown;
    bool found = false;
    const char *subtitle = hit->contact;
    enum api_rc rc = read_shown(req, search->entity, hit->id, &shown, &found);
    if (rc == API_OK && found && !subtitle)
        rc = subtitle_of(req, search->entity, &shown, &subtitle);
    if (rc != API_OK || !found)
        return rc;
    writer_begin_object(req->out);
    writer_number(req->out, "entityTypeId", search->entity->type_id);
    writer_number(req->out, "id", hit->id);
    writer_text(req->out, "title", title_of(req, &shown));
    writer_text(req->out, "subtitle", subtitle);
    writer_end_object(req->out);
    return API_OK;
}

/* ---- the method ---- */

static bool takes_part(struct request *req, const struct entity *entity)
{
    bool has_activities = relation_of_kind(entity, &relation_activities) != NULL;
    return (has_activities || entity->type_id == ACTIVITY_TYPE) && entity->permit &&
           (title_field(entity) || is_indexed(entity)) &&
           entity->permit->any(req->caller, entity, ACCESS_READ);
}

static enum api_rc search_entity(struct search *search)
{
    enum api_rc rc = find(search);
    for (size_t i = 0; i < search->count && rc == API_OK; i++)
        rc = show(search, &search->hits[i]);
    return rc;
}

static enum api_rc search_all(struct request *req)
{
    const struct args *args = req->args;
    const char *text = args->text + strspn(args->text, " \t\r\n");
    size_t len = strlen(text);
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    if (!len)
        return arg_missing(req, "text");
    if (len > LIMIT_LIKE_BYTES || !utf8_valid(text, len))
        return arg_mismatch(req, "text", "string");
    size_t limit = args->limit > 0 ? (size_t)args->limit : FEW;
    enum api_rc rc = API_OK;
    writer_begin_list(req->out);
    for (const struct entity *const *e = entity_all(req); *e && rc == API_OK; e++) {
        if (!takes_part(req, *e))
            continue;
        struct search search = {.req = req,
                                .entity = catalog_entity(req, *e),
                                .text = text,
                                .len = len,
                                .limit = limit < MOST ? limit : MOST};
        rc = search_entity(&search);
    }
    writer_end_list(req->out);
    return rc;
}

static const struct param search_params[] = {
    {"text", PARAM_STRING, true, "A number, a phone, an e-mail address, or words",
     BIND(struct args, text)},
    {"limit", PARAM_INT, false, "So many of each type at most: 5, and 20 at most",
     BIND(struct args, limit)},
    {0}};

static const struct param found[] = {
    {"entityTypeId", PARAM_INT, true, "Its type, as in crm.enum.ownertype"},
    {"id", PARAM_INT, true, "Its id"},
    {"title", PARAM_STRING, true, "What it is called"},
    {"subtitle", PARAM_STRING, true,
     "What tells it from others: how it was found, whose it is, its stage"},
    {0}};

static const struct method methods[] = {
    {.name = "rapport.search",
     .summary =
         "Find rows of every type by one text: id, phone, address, words of titles and names.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_LIST,
     .binds = true,
     TAKES(struct args, search_params),
     .gives = found,
     .handle = search_all},
};

MODULE(rapport_search, METHODS(methods));
