/* Communications and bindings of an activity: reading what the caller gave, resolving it to
 * entities, storing, answering. Page: crm-activity-communication-fields, crm-activity-list
 * (BINDINGS in filter). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "crm/activity.h"
#include "crm/multifield.h"
#include "crm/owner.h"
#include "crm/query.h"

/* ---- reading COMMUNICATIONS ---- */

static enum api_rc invalid(struct request *req)
{
    return api_fail_text(req, "The field COMMUNICATIONS is not defined or invalid");
}

/* What kind of value it is when nothing else tells. */
static const char *guess_type(const char *value)
{
    size_t digits = 0;
    if (strchr(value, '@'))
        return "EMAIL";
    for (const char *c = value; *c; c++) {
        if (isdigit((unsigned char)*c))
            digits++;
        else if (!strchr("+-() .;,#*xp", *c))
            return "";
    }
    return digits ? "PHONE" : "";
}

static const char *upper(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

/* Keys and columns of ENTITY_SETTINGS per entity; a copy of how the entity was called at the time,
 * so that an answer needs no join. */
static const struct settings_source {
    int entity_type_id;
    const char *sql;
    const char *keys[6];
} settings_sources[] = {
    {OWNER_CONTACT,
     "SELECT t.honorific, t.name, t.second_name, t.last_name, c.title, t.company_id FROM contact t "
     "LEFT JOIN company c ON c.id = t.company_id WHERE t.id = $1",
     {"HONORIFIC", "NAME", "SECOND_NAME", "LAST_NAME", "COMPANY_TITLE", "COMPANY_ID"}},
    {OWNER_LEAD,
     "SELECT t.honorific, t.name, t.second_name, t.last_name, t.title FROM lead t WHERE t.id = $1",
     {"HONORIFIC", "NAME", "SECOND_NAME", "LAST_NAME", "LEAD_TITLE", NULL}},
    {OWNER_COMPANY,
     "SELECT t.title FROM company t WHERE t.id = $1",
     {"COMPANY_TITLE", NULL, NULL, NULL, NULL, NULL}},
    {OWNER_DEAL,
     "SELECT t.title FROM deal t WHERE t.id = $1",
     {"DEAL_TITLE", NULL, NULL, NULL, NULL, NULL}},
};

static void write_settings(struct request *req, const struct settings_source *source,
                           struct db_stmt *stmt, struct communication *item)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    for (int i = 0; i < 6 && source->keys[i]; i++) {
        size_t len;
        const char *text = db_text(stmt, i, &len);
        writer_keyz(&w, source->keys[i]);
        writer_string(&w, text, len);
    }
    writer_end_object(&w);
    item->settings = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
}

/* Also tells whether the entity exists. */
static enum api_rc read_settings(struct request *req, struct communication *item, bool *exists)
{
    item->settings = "[]";
    *exists = false;
    for (size_t i = 0; i < sizeof settings_sources / sizeof settings_sources[0]; i++) {
        const struct settings_source *source = &settings_sources[i];
        if (source->entity_type_id != item->entity_type_id)
            continue;
        struct db_stmt *stmt = db_prepare_share(req->db, source->sql, "t");
        db_bind_int(stmt, 1, item->entity_id);
        enum db_rc rc = db_step(stmt);
        *exists = rc == DB_ROW;
        if (*exists)
            write_settings(req, source, stmt, item);
        db_finish(stmt);
        return api_db(req, rc);
    }
    return API_OK;
}

/* ENTITY_ID and ENTITY_TYPE_ID as given; without them the activity's owner, when it is one that
 * has communications. */
static bool read_entity(struct change *change, const struct value *given,
                        struct communication *item)
{
    int64_t id = 0, type = 0;
    const struct value *id_value = value_get(given, "ENTITY_ID");
    const struct value *type_value = value_get(given, "ENTITY_TYPE_ID");
    if ((!value_is_empty(id_value) && !value_to_int(id_value, &id)) ||
        (!value_is_empty(type_value) && !value_to_int(type_value, &type)))
        return false;
    if (!id && !type) {
        const struct cell *owner_id = change_cell(change, "OWNER_ID");
        const struct cell *owner_type = change_cell(change, "OWNER_TYPE_ID");
        if (!owner_id->null && !owner_type->null && owner_type->integer != OWNER_DEAL &&
            activity_owner_entity(owner_type->integer)) {
            id = owner_id->integer;
            type = owner_type->integer;
        }
    }
    if ((id != 0) != (type != 0) || id < 0 || (type && !activity_owner_entity(type)))
        return false;
    item->entity_id = id;
    item->entity_type_id = (int)type;
    return true;
}

static enum api_rc read_type(struct change *change, const struct value *given,
                             struct communication *item)
{
    size_t len;
    struct request *req = change->req;
    const struct value *type = value_get(given, "TYPE");
    const char *text = type ? value_to_text(req->arena, type, &len) : NULL;
    item->type = "";
    if (text && *text) {
        item->type = upper(req->arena, text);
        return API_OK;
    }
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    if (kind == TYPE_EMAIL)
        item->type = "EMAIL";
    /* A meeting's communication has none unless it is given: the tutorial's answer shows it. */
    if (kind == TYPE_EMAIL || kind == TYPE_MEETING || !*item->value)
        return API_OK;
    const char *found = NULL;
    if (item->entity_id) {
        enum api_rc rc =
            multifield_first(req, item->entity_type_id, item->entity_id, item->value, &found);
        if (rc != API_OK)
            return rc;
    }
    item->type = found ? found : guess_type(item->value);
    return API_OK;
}

static enum api_rc read_item(struct change *change, const struct value *given,
                             struct communication *item)
{
    struct request *req = change->req;
    size_t len = 0;
    const struct value *value = value_get(given, "VALUE");
    item->value = value ? value_to_text(req->arena, value, &len) : "";
    if (given->type != VALUE_ARRAY || !item->value || len > 2000 ||
        !read_entity(change, given, item))
        return invalid(req);
    item->settings = "[]";
    if (item->entity_id) {
        bool exists;
        enum api_rc rc = read_settings(req, item, &exists);
        if (rc != API_OK)
            return rc;
        if (!exists)
            return invalid(req);
    }
    return read_type(change, given, item);
}

/* Left out as if it were not given: a meeting, a call or an e-mail with no value, an e-mail with a number. Of
 * an e-mail that is to be sent mail_queue says what is missing. */
static bool leads_nowhere(struct change *change, const struct communication *item)
{
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    if (kind == TYPE_EMAIL && *item->type && strcmp(item->type, "EMAIL") != 0)
        return true;
    return (kind == TYPE_MEETING || kind == TYPE_CALL || kind == TYPE_EMAIL) && !*item->value &&
           !mail_wanted(change);
}

enum api_rc communications_read(struct change *change, bool *given, struct communication **list)
{
    struct request *req = change->req;
    const struct value *value = value_get(change->given, "COMMUNICATIONS");
    int64_t kind = change_cell(change, "TYPE_ID")->integer;
    bool required = kind == TYPE_MEETING || kind == TYPE_CALL || kind == TYPE_EMAIL;
    *list = NULL;
    *given = value != NULL;
    if (value_is_empty(value))
        return required && (change->is_add || *given) ? invalid(req) : API_OK;
    if (value->type != VALUE_ARRAY || value->array.count > LIMIT_COMMUNICATIONS)
        return invalid(req);
    if (value_get(value, "VALUE") || value_get(value, "ENTITY_ID")) {
        struct value *wrapped = value_array(req->arena);
        value_push(req->arena, wrapped, (struct value *)(uintptr_t)value);
        value = wrapped;
    }
    if (value->array.count > 1 && (kind == TYPE_MEETING || kind == TYPE_CALL))
        return api_fail_text(
            req, "The only one communication is allowed for activity of specified type");
    struct communication **link = list;
    for (size_t i = 0; i < value->array.count; i++) {
        struct communication *item = arena_zalloc(req->arena, sizeof *item);
        enum api_rc rc = read_item(change, value->array.items[i].value, item);
        if (rc != API_OK)
            return rc;
        if (leads_nowhere(change, item))
            continue;
        if (kind == TYPE_EMAIL && !strchr(item->value, '@') && !mail_wanted(change))
            return invalid(req);
        *link = item;
        link = &item->next;
    }
    return required && !*list ? invalid(req) : API_OK;
}

/* ---- storing ---- */

enum api_rc communications_store(struct request *req, int64_t activity_id,
                                 const struct communication *list)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM activity_communication WHERE activity_id = $1");
    db_bind_int(stmt, 1, activity_id);
    enum api_rc rc = api_db(req, db_run(stmt));
    for (; list && rc == API_OK; list = list->next) {
        stmt = db_prepare(
            req->db, "INSERT INTO activity_communication (activity_id, type, value, entity_id, "
                     "entity_type_id, entity_settings) VALUES ($1, $2, $3, $4, $5, $6)");
        db_bind_int(stmt, 1, activity_id);
        db_bind_textz(stmt, 2, list->type);
        db_bind_textz(stmt, 3, list->value);
        db_bind_int(stmt, 4, list->entity_id);
        db_bind_int(stmt, 5, list->entity_type_id);
        db_bind_textz(stmt, 6, list->settings);
        rc = api_db(req, db_run(stmt));
    }
    return rc;
}

enum api_rc bindings_add(struct request *req, int64_t activity_id, int64_t owner_type_id,
                         int64_t owner_id)
{
    const struct entity *owner = activity_owner_entity(owner_type_id);
    struct buf sql = {0};
    buf_adds(&sql, "INSERT INTO activity_binding (activity_id, owner_type_id, owner_id, "
                   "assigned_by_id) VALUES ($1, $2, $3, ");
    if (owner)
        buf_printf(&sql, "coalesce((SELECT o.assigned_by_id FROM %s o WHERE o.id = $3), 0)",
                   owner->table);
    else
        buf_addc(&sql, '0');
    buf_adds(&sql, ") ON CONFLICT DO NOTHING");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, activity_id);
    db_bind_int(stmt, 2, owner_type_id);
    db_bind_int(stmt, 3, owner_id);
    return api_db(req, db_run(stmt));
}

enum api_rc binding_remove(struct request *req, int64_t activity_id, int64_t owner_type_id,
                           int64_t owner_id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM activity_binding WHERE activity_id = $1 AND owner_type_id = $2 AND "
                 "owner_id = $3");
    db_bind_int(stmt, 1, activity_id);
    db_bind_int(stmt, 2, owner_type_id);
    db_bind_int(stmt, 3, owner_id);
    return api_db(req, db_run(stmt));
}

/* The bindings that earlier communications brought go with them; the owner's stays. */
static enum api_rc drop_old_bindings(struct change *change)
{
    struct db_stmt *stmt = db_prepare(
        change->req->db,
        "DELETE FROM activity_binding WHERE activity_id = $1 AND NOT (owner_type_id = $2 AND "
        "owner_id = $3) AND EXISTS (SELECT 1 FROM activity_communication c WHERE c.activity_id = "
        "activity_binding.activity_id AND c.entity_type_id = activity_binding.owner_type_id AND "
        "c.entity_id = activity_binding.owner_id)");
    db_bind_int(stmt, 1, change->id);
    db_bind_int(stmt, 2, change_cell(change, "OWNER_TYPE_ID")->integer);
    db_bind_int(stmt, 3, change_cell(change, "OWNER_ID")->integer);
    return api_db(change->req, db_run(stmt));
}

enum api_rc bindings_store(struct change *change, const struct communication *list)
{
    enum api_rc rc = change->is_add ? API_OK : drop_old_bindings(change);
    if (rc == API_OK)
        rc = bindings_add(change->req, change->id, change_cell(change, "OWNER_TYPE_ID")->integer,
                          change_cell(change, "OWNER_ID")->integer);
    for (; list && rc == API_OK; list = list->next) {
        if (list->entity_id)
            rc = bindings_add(change->req, change->id, list->entity_type_id, list->entity_id);
    }
    return rc;
}

/* ---- answering ---- */

/* Rows of a page's activities, chained per activity. `texts` are its columns. */
struct part {
    struct part *next;
    int64_t activity_id;
    const char *texts[6];
};

/* One statement for any page: unused places repeat the last id. */
static enum api_rc load_parts(struct request *req, const char *select, int columns,
                              const int64_t *ids, size_t count, void **loaded)
{
    struct buf sql = {0};
    struct part **link = (struct part **)loaded;
    buf_printf(&sql, "%s WHERE activity_id IN (", select);
    for (int i = 1; i <= LIMIT_PAGE; i++)
        buf_printf(&sql, "%s$%d", i > 1 ? "," : "", i);
    buf_adds(&sql, ") ORDER BY id");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    for (size_t i = 0; i < LIMIT_PAGE; i++)
        db_bind_int(stmt, (int)i + 1, ids[i < count ? i : count - 1]);
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

static enum api_rc load_communications(struct request *req, const struct entity *entity,
                                       const struct field *field, const int64_t *ids, size_t count,
                                       void **loaded)
{
    (void)entity, (void)field;
    return load_parts(req,
                      "SELECT activity_id, id, type, value, entity_id, entity_type_id, "
                      "entity_settings FROM activity_communication",
                      6, ids, count, loaded);
}

static void write_communications(struct request *req, const struct field *field, void *loaded,
                                 int64_t id)
{
    static const char *const keys[] = {
        "ID", "TYPE", "VALUE", "ENTITY_ID", "ENTITY_TYPE_ID", "ENTITY_SETTINGS", NULL};
    write_parts(req, field, loaded, id, keys);
}

static enum api_rc load_bindings(struct request *req, const struct entity *entity,
                                 const struct field *field, const int64_t *ids, size_t count,
                                 void **loaded)
{
    (void)entity, (void)field;
    return load_parts(req, "SELECT activity_id, owner_type_id, owner_id FROM activity_binding", 2,
                      ids, count, loaded);
}

static void write_bindings(struct request *req, const struct field *field, void *loaded, int64_t id)
{
    static const char *const keys[] = {"OWNER_TYPE_ID", "OWNER_ID", NULL};
    write_parts(req, field, loaded, id, keys);
}

/* ---- filtering ---- */

/* One {OWNER_TYPE_ID, OWNER_ID} of BINDINGS, either key alone or both. False for neither. */
static bool binding_condition(struct query *query, const struct value *pair, struct buf *sql)
{
    int64_t type, id;
    bool has_type = value_to_int(value_get(pair, "OWNER_TYPE_ID"), &type);
    bool has_id = value_to_int(value_get(pair, "OWNER_ID"), &id);
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
    }
    buf_clear(&sql);
    return good ? API_OK
                : api_fail(query->req, API_ERR_INVALID_ARG_VALUE,
                           "Filter by %s: a binding needs OWNER_TYPE_ID or OWNER_ID", field->name);
}

const struct field_virtual communications_virtual = {load_communications, write_communications,
                                                     NULL};
const struct field_virtual bindings_virtual = {load_bindings, write_bindings, filter_bindings};
