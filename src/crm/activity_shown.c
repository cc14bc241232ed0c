/* What of an activity's communications and bindings is shown, and found by a filter: names of entities
 * that the caller may not read, and bindings to them, are left out (crm/reference).
 * Pages: crm-activity-communication-fields, crm-activity-list (BINDINGS in filter). */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "crm/activity_family.h"
#include "crm/activity_permit.h"
#include "crm/owner.h"
#include "crm/reference.h"
#include "model/query.h"

/* ---- the parts of a page ---- */

/* Rows of a page's activities, chained per activity. `texts` are its columns. */
struct part {
    struct part *next;
    int64_t activity_id;
    const char *texts[6];
};

static int64_t part_int(const struct part *part, int column)
{
    return strtoll(part->texts[column], NULL, 10);
}

/* One statement for any page: unused places repeat the last id. */
static enum api_rc load_parts(struct request *req, const char *select, int columns,
                              const int64_t *ids, size_t count, void **loaded)
{
    struct buf sql = {0};
    struct part **link = (struct part **)loaded;
    buf_printf(&sql, "%s WHERE activity_id IN (", select);
    db_sql_places(&sql, 1, LIMIT_PAGE);
    buf_adds(&sql, ") ORDER BY id");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, LIMIT_PAGE, ids, count);
    enum db_rc rc;
    *loaded = NULL;
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct part *part = arena_zalloc(req->arena, sizeof *part);
        part->activity_id = db_int(stmt, 0);
        for (int i = 0; i < columns; i++)
            part->texts[i] = request_text(req, stmt, i + 1, NULL);
        *link = part;
        link = &part->next;
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static void write_parts(struct request *req, const struct field *field, void *loaded, int64_t id,
                        const char *const *keys)
{
    struct writer *out = req->out;
    writer_keyz(out, field->name);
    writer_begin_list(out);
    for (const struct part *part = loaded; part; part = part->next) {
        if (part->activity_id != id)
            continue;
        writer_begin_object(out);
        for (int i = 0; keys[i]; i++) {
            writer_keyz(out, keys[i]);
            if (!strcmp(keys[i], "ENTITY_SETTINGS"))
                writer_raw(out, part->texts[i], strlen(part->texts[i]));
            else
                writer_stringz(out, part->texts[i]);
        }
        writer_end_object(out);
    }
    writer_end_list(out);
}

/* ---- names that are not for the caller ---- */

/* Columns of a communication's part. */
enum { ENTITY_ID = 3, ENTITY_TYPE_ID, ENTITY_SETTINGS, COMMUNICATION_COLUMNS };

/* One type's references of a page, each with the part it stands in. */
struct named {
    size_t count;
    struct part **parts;
    int64_t *ids;
    bool *readable;
};

static void named_init(struct request *req, size_t room, struct named *named)
{
    named->count = 0;
    named->parts = arena_alloc(req->arena, (room + 1) * sizeof(struct part *));
    named->ids = arena_alloc(req->arena, (room + 1) * sizeof(int64_t));
    named->readable = arena_alloc(req->arena, room + 1);
}

static void named_add(struct named *named, struct part *part, int64_t id)
{
    named->parts[named->count] = part;
    named->ids[named->count++] = id;
}

static enum api_rc hide_entities(struct request *req, int type, size_t room, struct part *parts)
{
    struct named named;
    if (reference_reads_all(req, type))
        return API_OK;
    named_init(req, room, &named);
    for (struct part *part = parts; part; part = part->next) {
        if (part_int(part, ENTITY_TYPE_ID) == type)
            named_add(&named, part, part_int(part, ENTITY_ID));
    }
    enum api_rc rc = reference_readable(req, type, named.ids, named.count, named.readable);
    for (size_t i = 0; i < named.count; i++) {
        if (!named.readable[i])
            named.parts[i]->texts[ENTITY_SETTINGS] = "[]";
    }
    return rc;
}

static struct value *settings_of(struct request *req, const struct part *part)
{
    const char *text = part->texts[ENTITY_SETTINGS];
    return json_parse_own(req->arena, text, strlen(text));
}

/* A contact is called with its company: COMPANY_ID stays, COMPANY_TITLE goes. */
static enum api_rc hide_companies(struct request *req, size_t room, struct part *parts)
{
    struct named named;
    if (reference_reads_all(req, OWNER_COMPANY))
        return API_OK;
    named_init(req, room, &named);
    for (struct part *part = parts; part; part = part->next) {
        int64_t id;
        if (part_int(part, ENTITY_TYPE_ID) == OWNER_CONTACT &&
            value_to_int(value_get(settings_of(req, part), "COMPANY_ID"), &id))
            named_add(&named, part, id);
    }
    enum api_rc rc = reference_readable(req, OWNER_COMPANY, named.ids, named.count, named.readable);
    for (size_t i = 0; i < named.count && rc == API_OK; i++) {
        if (named.readable[i])
            continue;
        struct value *settings = settings_of(req, named.parts[i]);
        value_unset(settings, "COMPANY_TITLE");
        named.parts[i]->texts[ENTITY_SETTINGS] = value_json(req, settings);
    }
    return rc;
}

static enum api_rc hide_names(struct request *req, struct part *parts)
{
    size_t room = 0;
    enum api_rc rc = API_OK;
    for (const struct part *part = parts; part; part = part->next)
        room++;
    for (int type = 1; type <= ACCESS_TYPES && rc == API_OK; type++)
        rc = hide_entities(req, type, room, parts);
    return rc == API_OK ? hide_companies(req, room, parts) : rc;
}

/* ---- communications and bindings ---- */

static enum api_rc load_communications(struct request *req, const struct entity *entity,
                                       const struct field *field, const int64_t *ids, size_t count,
                                       void **loaded)
{
    (void)entity, (void)field;
    enum api_rc rc = load_parts(req,
                                "SELECT activity_id, id, type, value, entity_id, entity_type_id, "
                                "entity_settings FROM activity_communication",
                                COMMUNICATION_COLUMNS, ids, count, loaded);
    return rc == API_OK && req->caller->access ? hide_names(req, *loaded) : rc;
}

static void write_communications(struct request *req, const struct field *field, void *loaded,
                                 int64_t id)
{
    static const char *const keys[] = {
        "ID", "TYPE", "VALUE", "ENTITY_ID", "ENTITY_TYPE_ID", "ENTITY_SETTINGS", NULL};
    write_parts(req, field, loaded, id, keys);
}

/* Those to what the caller may not read are left out. */
static enum api_rc load_bindings(struct request *req, const struct entity *entity,
                                 const struct field *field, const int64_t *ids, size_t count,
                                 void **loaded)
{
    (void)entity, (void)field;
    enum api_rc rc = load_parts(req,
                                "SELECT activity_id, owner_type_id, owner_id, assigned_by_id FROM "
                                "activity_binding",
                                3, ids, count, loaded);
    if (rc != API_OK || !req->caller->access)
        return rc;
    for (struct part **link = (struct part **)loaded; *link;) {
        const struct part *part = *link;
        if (access_covers(req->caller, (int)part_int(part, 0), ACCESS_READ, part_int(part, 2)))
            link = &(*link)->next;
        else
            *link = part->next;
    }
    return API_OK;
}

static void write_bindings(struct request *req, const struct field *field, void *loaded, int64_t id)
{
    static const char *const keys[] = {"OWNER_TYPE_ID", "OWNER_ID", NULL};
    write_parts(req, field, loaded, id, keys);
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

const struct field_virtual communications_virtual = {load_communications, write_communications,
                                                     NULL};
const struct field_virtual bindings_virtual = {load_bindings, write_bindings, filter_bindings};
