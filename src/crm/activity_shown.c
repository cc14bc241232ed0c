/* What of an activity's communications and bindings is shown, and found by a filter: names of entities
 * that the caller may not read, and bindings to them, are left out (model/reference).
 * Pages: crm-activity-communication-fields, crm-activity-list (BINDINGS in filter). */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "crm/activity_family.h"
#include "crm/activity_permit.h"
#include "crm/owner.h"
#include "model/query.h"
#include "model/reference.h"
#include "model/registry.h"

static void write_rows(struct request *req, const char *key, void *loaded, int64_t id,
                       const char *const *keys)
{
    struct writer *out = req->out;
    writer_keyz(out, key);
    writer_begin_list(out);
    for (const struct relation_row *row = relation_page_first(loaded, id); row; row = row->next) {
        writer_begin_object(out);
        for (int i = 0; keys[i]; i++) {
            writer_keyz(out, keys[i]);
            if (!strcmp(keys[i], "ENTITY_SETTINGS"))
                writer_raw(out, row->text[i], strlen(row->text[i]));
            else
                writer_stringz(out, row->text[i]);
        }
        writer_end_object(out);
    }
    writer_end_list(out);
}

/* ---- names that are not for the caller ---- */

/* Columns of a communication's row. */
enum { ENTITY_ID = 3, ENTITY_TYPE_ID, ENTITY_SETTINGS, COMMUNICATION_COLUMNS };

/* References to one entity on a page, each with the row it stands in. */
struct named {
    size_t count;
    struct relation_row **rows;
    int64_t *ids;
    bool *readable;
};

static void named_init(struct request *req, size_t room, struct named *named)
{
    named->count = 0;
    named->rows = arena_alloc(req->arena, (room + 1) * sizeof(struct relation_row *));
    named->ids = arena_alloc(req->arena, (room + 1) * sizeof(int64_t));
    named->readable = arena_alloc(req->arena, room + 1);
}

static void named_add(struct named *named, struct relation_row *row, int64_t id)
{
    named->rows[named->count] = row;
    named->ids[named->count++] = id;
}

/* All communications of the page. */
struct shown {
    struct request *req;
    size_t count, room;
    struct relation_row **rows;
};

static bool collect(void *context, struct relation_row *row)
{
    struct shown *shown = context;
    if (shown->count == shown->room) {
        size_t room = shown->room ? shown->room * 2 : LIMIT_PAGE;
        struct relation_row **more =
            arena_alloc(shown->req->arena, room * sizeof(struct relation_row *));
        if (shown->count)
            memcpy(more, shown->rows, shown->count * sizeof(struct relation_row *));
        shown->rows = more;
        shown->room = room;
    }
    shown->rows[shown->count++] = row;
    return true;
}

static enum api_rc hide_entities(struct shown *shown, const struct entity *entity)
{
    struct named named;
    if (reference_reads_all(shown->req, entity))
        return API_OK;
    named_init(shown->req, shown->count, &named);
    for (size_t i = 0; i < shown->count; i++) {
        if (relation_int(shown->rows[i], ENTITY_TYPE_ID) == entity->type_id)
            named_add(&named, shown->rows[i], relation_int(shown->rows[i], ENTITY_ID));
    }
    enum api_rc rc =
        named.count ? reference_readable(shown->req, entity, named.ids, named.count, named.readable)
                    : API_OK;
    for (size_t i = 0; i < named.count; i++) {
        if (!named.readable[i])
            named.rows[i]->text[ENTITY_SETTINGS] = "[]";
    }
    return rc;
}

static struct value *settings_of(struct request *req, const struct relation_row *row)
{
    const char *text = row->text[ENTITY_SETTINGS];
    return json_parse_own(req->arena, text, strlen(text));
}

/* A contact is called with its company: COMPANY_ID stays, COMPANY_TITLE goes. */
static enum api_rc hide_companies(struct shown *shown)
{
    struct request *req = shown->req;
    struct named named;
    if (reference_reads_all(req, &company_entity))
        return API_OK;
    named_init(req, shown->count, &named);
    for (size_t i = 0; i < shown->count; i++) {
        int64_t id;
        if (strstr(shown->rows[i]->text[ENTITY_SETTINGS], "\"COMPANY_ID\"") &&
            value_to_int(value_get(settings_of(req, shown->rows[i]), "COMPANY_ID"), &id))
            named_add(&named, shown->rows[i], id);
    }
    enum api_rc rc =
        reference_readable(req, &company_entity, named.ids, named.count, named.readable);
    for (size_t i = 0; i < named.count && rc == API_OK; i++) {
        if (named.readable[i])
            continue;
        struct value *settings = settings_of(req, named.rows[i]);
        value_unset(settings, "COMPANY_TITLE");
        named.rows[i]->text[ENTITY_SETTINGS] = value_json(req, settings);
    }
    return rc;
}

static enum api_rc hide_names(struct request *req, struct relation_page *page)
{
    struct shown shown = {.req = req};
    enum api_rc rc = API_OK;
    relation_page_filter(page, &shown, collect);
    for (const struct entity *const *e = entity_all(req); *e && rc == API_OK; e++) {
        if (relation_of_kind(*e, &relation_activities))
            rc = hide_entities(&shown, *e);
    }
    return rc == API_OK ? hide_companies(&shown) : rc;
}

/* ---- communications and bindings ---- */

static enum api_rc load_communications(struct request *req, const struct entity *entity,
                                       const struct field *field, const int64_t *ids, size_t count,
                                       void **loaded)
{
    struct relation_page *page;
    (void)entity, (void)field;
    enum api_rc rc = relation_page_load(
        req,
        "SELECT activity_id, id, type, value, entity_id, entity_type_id, entity_settings FROM "
        "activity_communication WHERE activity_id IN (",
        "id", COMMUNICATION_COLUMNS, ids, count, &page);
    *loaded = page;
    return rc == API_OK && req->caller->access ? hide_names(req, page) : rc;
}

static void write_communications(struct request *req, const struct field *field, const char *key,
                                 void *loaded, int64_t id)
{
    static const char *const keys[] = {
        "ID", "TYPE", "VALUE", "ENTITY_ID", "ENTITY_TYPE_ID", "ENTITY_SETTINGS", NULL};
    (void)field;
    write_rows(req, key, loaded, id, keys);
}

/* Columns of a binding's row: the type, the id, whose it is, and its funnel. */
static bool binding_is_shown(void *context, struct relation_row *row)
{
    const struct request *req = context;
    return access_covers(req->caller, (int)relation_int(row, 0), relation_int(row, 3), ACCESS_READ,
                         relation_int(row, 2));
}

/* Those to what the caller may not read are left out. */
static enum api_rc load_bindings(struct request *req, const struct entity *entity,
                                 const struct field *field, const int64_t *ids, size_t count,
                                 void **loaded)
{
    struct relation_page *page;
    (void)entity, (void)field;
    enum api_rc rc = relation_page_load(
        req,
        "SELECT activity_id, owner_type_id, owner_id, assigned_by_id, category_id FROM "
        "activity_binding WHERE activity_id IN (",
        "id", 4, ids, count, &page);
    *loaded = page;
    if (rc == API_OK && req->caller->access)
        relation_page_filter(page, req, binding_is_shown);
    return rc;
}

static void write_bindings(struct request *req, const struct field *field, const char *key,
                           void *loaded, int64_t id)
{
    static const char *const keys[] = {"OWNER_TYPE_ID", "OWNER_ID", NULL};
    (void)field;
    write_rows(req, key, loaded, id, keys);
}

/* ---- filtering ---- */

/* One {OWNER_TYPE_ID, OWNER_ID} of BINDINGS, either key alone or both. False for neither, and for what is
 * no number: without its condition the filter would find others. */
static bool binding_condition(struct query *query, const struct value *pair, struct buf *sql)
{
    int64_t type, id;
    const struct value *given_type = value_get(pair, "OWNER_TYPE_ID");
    const struct value *given_id = value_get(pair, "OWNER_ID");
    bool has_type = value_to_int(given_type, &type), has_id = value_to_int(given_id, &id);
    if ((given_type && !has_type) || (given_id && !has_id))
        return false;
    if (has_type)
        buf_printf(sql, "(b.owner_type_id = $%d", query_bind_int(query, type));
    if (has_id)
        buf_printf(sql, "%sb.owner_id = $%d", has_type ? " AND " : "(", query_bind_int(query, id));
    if (has_type || has_id)
        buf_addc(sql, ')');
    return has_type || has_id;
}

/* Any of the pairs; an activity bound to several comes once for each, as documented. */
static enum api_rc filter_bindings(struct query *query, const struct field *field, int op,
                                   const struct value *value)
{
    struct value *wrapped = value_array(query->req->arena);
    if (value_is_array(value) &&
        (value_get(value, "OWNER_TYPE_ID") || value_get(value, "OWNER_ID"))) {
        value_push(query->req->arena, wrapped, (struct value *)(uintptr_t)value);
        value = wrapped;
    }
    if (op != OP_EQ || !value_is_array(value) || !value->array.count || query->from.len ||
        value->array.count > LIMIT_FILTER_TERMS)
        return api_fail(query->req, API_ERR_INVALID_ARG_VALUE,
                        "Filter by %s: give a list of {OWNER_TYPE_ID, OWNER_ID}", field->name);
    struct buf sql = {0};
    bool good = true;
    for (size_t i = 0; i < value->array.count && good; i++) {
        if (i)
            buf_adds(&sql, " OR ");
        good = binding_condition(query, value->array.items[i].value, &sql);
    }
    if (good) {
        buf_adds(&query->from, " JOIN activity_binding b ON b.activity_id = t.id");
        query_and(query);
        buf_printf(&query->where, "(%s)", buf_text(&sql));
        activity_permit_bindings(query);
    }
    buf_clear(&sql);
    return good ? API_OK
                : api_fail(query->req, API_ERR_INVALID_ARG_VALUE,
                           "Filter by %s: a binding needs OWNER_TYPE_ID or OWNER_ID", field->name);
}

static const char communications_takes[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"VALUE\":{\"type\":"
    "\"string\","
    "\"description\":\"A phone number, an address\"},\"TYPE\":{\"type\":\"string\",\"description\":"
    "\"PHONE, "
    "EMAIL\"},\"ENTITY_TYPE_ID\":{\"type\":\"integer\"},\"ENTITY_ID\":{\"type\":\"integer\"}}}}";
static const char communications_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"ID\":{\"type\":["
    "\"string\",\"null\"]},\"TYPE\":{\"type\":[\"string\",\"null\"]},\"VALUE\":{\"type\":[\""
    "string\",\"null\"]},\"ENTITY_ID\":{\"type\":[\"string\",\"null\"]},\"ENTITY_TYPE_ID\":"
    "{\"type\":[\"string\",\"null\"]},\"ENTITY_SETTINGS\":{\"type\":[\"object\",\"array\"],"
    "\"description\":\"What was known of the other side: names, titles\"}},\"additionalProp"
    "erties\":false}}";
static const char bindings_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"OWNER_TYPE_ID\":{"
    "\"type\":\"string\"},\"OWNER_ID\":{\"type\":\"string\"}},\"required\":[\"OWNER_TYPE_ID"
    "\",\"OWNER_ID\"],\"additionalProperties\":false}}";

const struct relation communications = {
    .kind = &(const struct relation_kind){.schema = communications_schema,
                                          .takes = communications_takes,
                                          .check = communications_check,
                                          .store = communications_store,
                                          .remove = relation_remove_owned,
                                          .load = load_communications,
                                          .write = write_communications},
    .name = "COMMUNICATIONS",
    .rows = "communications",
    .table = "activity_communication",
    .own = "activity_id"};

const struct relation bindings = {.kind =
                                      &(const struct relation_kind){.schema = bindings_schema,
                                                                    .store = bindings_store,
                                                                    .remove = relation_remove_owned,
                                                                    .load = load_bindings,
                                                                    .write = write_bindings,
                                                                    .filter = filter_bindings},
                                  .name = "BINDINGS",
                                  .rows = "bindings",
                                  .table = "activity_binding",
                                  .own = "activity_id"};
