/* duplicate - crm.duplicate.*: who has this phone or address, and the fields that people search duplicates by.
 *
 * Phones and addresses are found by the keys that stand beside them (crm/multifield, base/phone): the index of the
 * filters by PHONE and EMAIL is the index of duplicates. The fields of volatileType are settings of the search in
 * the interface; findbycomm takes no notice of them, as its page says.
 *
 * Pages: api-reference/crm/duplicates/.
 */
#include <stdlib.h>
#include <string.h>

#include "crm/multifield.h"
#include "model/arg.h"
#include "model/catalog.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/unknown.h"

#define VALUES_MOST 20 /* documented; the rest is not looked at */
#define FOUND_MOST 20  /* of one entity; then the entities behind it are not asked */
#define FIELDS_MOST 7  /* registered at the same time, of all entities together */

/* ---- entities ---- */

static int by_type(const void *a, const void *b)
{
    const struct entity *x = *(const struct entity *const *)a,
                        *y = *(const struct entity *const *)b;
    return x->type_id - y->type_id;
}

/* Those that have phones and addresses, in the order of their types; ends with NULL. */
static const struct entity **parties(struct request *req)
{
    const struct entity *const *all = entity_all(req);
    size_t count = 0, kept = 0;
    while (all[count])
        count++;
    const struct entity **list = arena_alloc(req->arena, (count + 1) * sizeof *list);
    for (size_t i = 0; i < count; i++) {
        if (multifield_has(all[i]))
            list[kept++] = all[i];
    }
    qsort(list, kept, sizeof *list, by_type);
    list[kept] = NULL;
    return list;
}

/* ---- findbycomm ---- */

struct search {
    const char *type; /* "PHONE" */
    const char **keys;
    size_t *lens, count;
};

static enum api_rc take_type(struct request *req, struct search *search)
{
    static const char *const known[] = {"PHONE", "EMAIL"};
    const char *given = param_text(req, "type");
    if (!*given)
        return api_fail(req, API_ERR_COMMUNICATION_TYPE, NULL);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!strcmp(given, known[i]))
            search->type = known[i];
    }
    if (!search->type)
        return api_fail(req, API_ERR_METHOD,
                        "Communication type '%.100s' is not supported in current context", given);
    return API_OK;
}

static enum api_rc take_values(struct request *req, struct search *search)
{
    const struct value *values = param_get(req, "values");
    size_t count = value_is_array(values) ? values->array.count : 1;
    if (value_is_empty(values))
        return api_fail_text(req, "Communication values is not defined");
    if (count > VALUES_MOST)
        unknown_note(req, IN_PARAMETERS, "values");
    count = count > VALUES_MOST ? VALUES_MOST : count;
    search->keys = arena_alloc(req->arena, count * sizeof *search->keys);
    search->lens = arena_alloc(req->arena, count * sizeof *search->lens);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_is_array(values) ? values->array.items[i].value : values;
        size_t len;
        const char *text = value_to_text(req->arena, item, &len);
        const char *key = text ? multifield_key(req->arena, search->type, text, len, &len) : NULL;
        if (!key || !len)
            continue;
        search->keys[search->count] = key;
        search->lens[search->count++] = len;
    }
    return API_OK;
}

/* The rows of an entity that the caller may read, by id. */
static struct db_stmt *find(struct request *req, const struct entity *entity,
                            const struct search *search)
{
    struct query query;
    struct buf sql = {0};
    query_init(&query, req, catalog_entity(req, entity));
    buf_printf(&query.where,
               "t.id IN (SELECT m.element_id FROM multifield m WHERE m.entity_id = $%d AND "
               "m.type_id = $%d AND m.value_key IN (",
               query_bind_text(&query, entity->code, strlen(entity->code)),
               query_bind_text(&query, search->type, strlen(search->type)));
    for (size_t i = 0; i < VALUES_MOST; i++) { /* one text of SQL; the last one is repeated */
        size_t at = i < search->count ? i : search->count - 1;
        buf_printf(&query.where, "%s$%d", i ? "," : "",
                   query_bind_text(&query, search->keys[at], search->lens[at]));
    }
    buf_adds(&query.where, "))");
    permit_list(&query);
    buf_printf(&sql, "SELECT t.id FROM %s t", entity->table);
    query_sql_where(&query, &sql);
    buf_printf(&sql, " ORDER BY t.id LIMIT %d", FOUND_MOST);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    query_bind_all(&query, stmt);
    query_clear(&query);
    buf_clear(&sql);
    return stmt;
}

/* *begun: something was found before, and the object is open. */
static enum api_rc write_found(struct request *req, const struct entity *entity,
                               const struct search *search, bool *begun, size_t *count)
{
    struct db_stmt *stmt = find(req, entity, search);
    enum db_rc rc;
    *count = 0;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (!*begun)
            writer_begin_object(req->out);
        *begun = true;
        if (!(*count)++) {
            writer_keyz(req->out, entity->code);
            writer_begin_list(req->out);
        }
        writer_int(req->out, db_int(stmt, 0));
    }
    db_finish(stmt);
    if (*count)
        writer_end_list(req->out);
    return api_db(req, rc);
}

static bool may_read_any(struct request *req, const struct entity *entity)
{
    return !entity->permit || entity->permit->any(req->caller, entity, ACCESS_READ);
}

static enum api_rc find_by_comm(struct request *req)
{
    struct search search = {0};
    const char *wanted = param_text(req, "entity_type");
    const struct entity **all = parties(req);
    bool known = false, any = false;
    for (const struct entity **e = all; *e; e++) {
        known = known || !strcmp((*e)->code, wanted);
        any = any || may_read_any(req, *e);
    }
    if (!any)
        return api_fail(req, API_ERR_ACCESS_DENIED, "Access denied");
    enum api_rc rc = take_type(req, &search);
    if (rc == API_OK)
        rc = take_values(req, &search);
    if (rc != API_OK)
        return rc;
    size_t count = 0;
    bool begun = false;
    for (const struct entity **e = all; search.count && *e && rc == API_OK && count < FOUND_MOST;
         e++) {
        if (may_read_any(req, *e) && (!known || !strcmp((*e)->code, wanted)))
            rc = write_found(req, *e, &search, &begun, &count);
    }
    if (begun)
        writer_end_object(req->out);
    else
        writer_raw(req->out, "[]", 2);
    return rc;
}

/* ---- volatileType ---- */

static enum api_rc check_admin(struct request *req)
{
    return req->caller->is_admin ? API_OK : api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
}

/* Can people search by it? Texts and custom fields that hold values of their own. */
static bool is_searchable(const struct field *field)
{
    if (field->flags & FIELD_HIDDEN || field->kind->storage == STORE_NONE)
        return false;
    return field->custom ? !field->kind->settle
                         : field_is_free_text(field) && !(field->flags & FIELD_READ_ONLY);
}

static const struct entity *party(struct request *req, int64_t type_id)
{
    const struct entity **e = parties(req);
    while (*e && (*e)->type_id != type_id)
        e++;
    return *e ? catalog_entity(req, *e) : NULL;
}

static void write_fields(struct request *req, const struct entity *entity)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (!is_searchable(field))
            continue;
        writer_begin_object(req->out);
        writer_number(req->out, "entityTypeId", entity->type_id);
        writer_text(req->out, "fieldCode", field->name);
        writer_text(req->out, "fieldTitle", field->title);
        writer_end_object(req->out);
    }
}

struct type_args {
    int64_t type_id, id;
    const char *code;
};

static enum api_rc fields(struct request *req)
{
    const struct type_args *args = req->args;
    enum api_rc rc = check_admin(req);
    if (rc != API_OK)
        return rc;
    writer_begin_list(req->out);
    for (const struct entity **e = parties(req); *e; e++) {
        if (!args->type_id || args->type_id == (*e)->type_id)
            write_fields(req, catalog_entity(req, *e));
    }
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc list(struct request *req)
{
    enum api_rc rc = check_admin(req);
    enum db_rc step;
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT id, entity_type_id, field_code FROM duplicate_field ORDER BY id");
    writer_begin_list(req->out);
    while ((step = db_step(stmt)) == DB_ROW) {
        writer_begin_object(req->out);
        writer_number(req->out, "id", db_int(stmt, 0));
        writer_number(req->out, "entityTypeId", db_int(stmt, 1));
        writer_text(req->out, "fieldCode", db_text(stmt, 2, NULL));
        writer_end_object(req->out);
    }
    db_finish(stmt);
    writer_end_list(req->out);
    return api_db(req, step);
}

/* The registration that is there, 0: none; and how many there are. */
static enum api_rc look_up(struct request *req, const struct type_args *args, int64_t *id,
                           int64_t *count)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT count(*), coalesce(max(CASE WHEN entity_type_id = $1 AND field_code = $2 "
                 "THEN id END), 0) FROM duplicate_field");
    db_bind_int(stmt, 1, args->type_id);
    db_bind_textz(stmt, 2, args->code);
    enum db_rc rc = db_step(stmt);
    *count = rc == DB_ROW ? db_int(stmt, 0) : 0;
    *id = rc == DB_ROW ? db_int(stmt, 1) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc insert(struct request *req, const struct type_args *args, int64_t *id)
{
    struct db_stmt *stmt = db_prepare(req->db, "INSERT INTO duplicate_field (entity_type_id, "
                                               "field_code) VALUES ($1, $2) RETURNING id");
    db_bind_int(stmt, 1, args->type_id);
    db_bind_textz(stmt, 2, args->code);
    enum db_rc rc = db_step(stmt);
    *id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc register_field(struct request *req)
{
    const struct type_args *args = req->args;
    int64_t id = 0, count = 0;
    enum api_rc rc = check_admin(req);
    if (rc != API_OK)
        return rc;
    const struct entity *entity = party(req, args->type_id);
    const struct field *field = entity ? entity_field(entity, args->code) : NULL;
    if (!field || !is_searchable(field))
        return api_fail(req, API_ERR_DUPLICATE_FIELD, NULL);
    rc = api_db(req, db_hold_rule(req->db, "duplicate"));
    if (rc == API_OK)
        rc = look_up(req, args, &id, &count);
    if (rc == API_OK && !id && count >= FIELDS_MOST)
        rc = api_fail(req, API_ERR_MAX_TYPES, NULL);
    if (rc == API_OK && !id)
        rc = insert(req, args, &id);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_number(req->out, "id", id);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc unregister(struct request *req)
{
    const struct type_args *args = req->args;
    enum api_rc rc = check_admin(req);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(req->db, "DELETE FROM duplicate_field WHERE id = $1");
    db_bind_int(stmt, 1, args->id);
    rc = api_db(req, db_run(stmt));
    if (rc == API_OK && !db_changes(req->db))
        return api_fail(req, API_ERR_TYPE_NOT_ASSIGNED, NULL);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static const struct param comm_params[] = {
    {"type", PARAM_STRING, true, "PHONE or EMAIL.", .asked = true},
    {"values", PARAM_ANY, true, "Up to 20 phones or addresses.", .asked = true},
    {"entity_type", PARAM_ANY, .summary = "LEAD, CONTACT or COMPANY; anything else means all."},
    {0},
};
static const struct param an_id[] = {{"", PARAM_INT}, {0}};
static const struct param found_keys[] = {
    {"*", PARAM_LIST, .summary = "Ids, by entity.", .keys = an_id}, {0}};
static const struct param fields_params[] = {
    {"entityTypeId", PARAM_INT, .summary = "Of this entity only.", BIND(struct type_args, type_id)},
    {0}};
static const struct param fields_keys[] = {{"entityTypeId", PARAM_INT, true},
                                           {"fieldCode", PARAM_STRING, true},
                                           {"fieldTitle", PARAM_STRING, true},
                                           {0}};
static const struct param list_keys[] = {{"id", PARAM_INT, true},
                                         {"entityTypeId", PARAM_INT, true},
                                         {"fieldCode", PARAM_STRING, true},
                                         {0}};
static const struct param register_params[] = {
    {"entityTypeId", PARAM_INT, true, "1: lead, 3: contact, 4: company.",
     BIND(struct type_args, type_id)},
    {"fieldCode", PARAM_STRING, true, "A field of crm.duplicate.volatileType.fields.",
     BIND(struct type_args, code)},
    {0},
};
static const struct param id_params[] = {
    {"id", PARAM_INT, true, "Of crm.duplicate.volatileType.list.", BIND(struct type_args, id)},
    {0}};
static const struct param id_keys[] = {{"id", PARAM_INT, true}, {0}};

#define PAGE(name) "api-reference/crm/duplicates/" name
#define TYPE_PAGE(name) PAGE("volatile-type/crm-duplicate-volatile-type-" name)
static const struct method methods[] = {
    {.name = "crm.duplicate.findbycomm",
     .summary = "Return who has a phone number or an e-mail address.",
     .scope = "crm",
     .params = comm_params,
     .result = SHAPE_OBJECT,
     .gives = found_keys,
     .page = PAGE("crm-duplicate-find-by-comm"),
     .handle = find_by_comm},
    {.name = "crm.duplicate.volatileType.fields",
     .summary = "Return the fields that duplicates can be searched by.",
     .scope = "crm",
     TAKES(struct type_args, fields_params),
     .binds = true,
     .result = SHAPE_LIST,
     .gives = fields_keys,
     .page = TYPE_PAGE("fields"),
     .handle = fields},
    {.name = "crm.duplicate.volatileType.list",
     .summary = "Return the fields that were added to the search for duplicates.",
     .scope = "crm",
     .result = SHAPE_LIST,
     .gives = list_keys,
     .page = TYPE_PAGE("list"),
     .handle = list},
    {.name = "crm.duplicate.volatileType.register",
     .summary = "Add a field to the search for duplicates.",
     .scope = "crm",
     .lane = LANE_WRITE,
     TAKES(struct type_args, register_params),
     .binds = true,
     .result = SHAPE_OBJECT,
     .gives = id_keys,
     .page = TYPE_PAGE("register"),
     .handle = register_field},
    {.name = "crm.duplicate.volatileType.unregister",
     .summary = "Take a field out of the search for duplicates.",
     .scope = "crm",
     .lane = LANE_WRITE,
     TAKES(struct type_args, id_params),
     .binds = true,
     .result = SHAPE_BOOL,
     .page = TYPE_PAGE("unregister"),
     .handle = unregister},
};

MODULE(crm_duplicate, METHODS(methods));
