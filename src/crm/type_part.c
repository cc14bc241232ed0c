#include "crm/type_part.h"

#include <string.h>

#include "crm/dynamic_type.h"
#include "crm/item_parent.h"
#include "model/registry.h"

#define RELATIONS_MAX 100 /* in each direction */

/* ---- parents and children ---- */

struct side {
    bool given;
    size_t count;
    int64_t type_id[RELATIONS_MAX];
    bool is_list[RELATIONS_MAX];
};

struct slot {
    struct side parent, child;
};

static enum api_rc bad(struct request *req)
{
    return api_fail(req, API_ERR_FIELD_NOT_VALID, "Invalid value for field \"relations\"");
}

/* [{entityTypeId: 2, isChildrenListEnabled: "true"}] */
static enum api_rc take_side(struct change *change, const struct value *given, struct side *side)
{
    side->given = given != NULL;
    if (!given || value_is_empty(given))
        return API_OK;
    if (!value_is_array(given) || given->array.count > RELATIONS_MAX)
        return bad(change->req);
    for (size_t i = 0; i < given->array.count; i++) {
        const struct value *one = given->array.items[i].value;
        int64_t type_id;
        bool is_list = false;
        if (!value_to_int(value_get(one, "entityTypeId"), &type_id) ||
            !entity_of_type(change->req, type_id))
            return bad(change->req);
        value_to_flag(value_get(one, "isChildrenListEnabled"), &is_list);
        side->type_id[side->count] = type_id;
        side->is_list[side->count++] = is_list;
    }
    return API_OK;
}

static enum api_rc parse(struct change *change, const struct relation *relation, void **kept)
{
    const struct value *given = value_get(change->given, relation->name);
    struct slot *slot = arena_zalloc(change->req->arena, sizeof *slot);
    *kept = slot;
    if (given && !value_is_empty(given) && !value_is_array(given))
        return bad(change->req);
    enum api_rc rc = take_side(change, value_get(given, "parent"), &slot->parent);
    return rc == API_OK ? take_side(change, value_get(given, "child"), &slot->child) : rc;
}

static enum db_rc add_one(struct request *req, int64_t parent, int64_t child, bool is_list)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO dynamic_relation (parent_type_id, child_type_id, is_children_list) "
                 "VALUES ($1,$2,$3) ON CONFLICT (parent_type_id, child_type_id) DO UPDATE SET "
                 "is_children_list = EXCLUDED.is_children_list");
    db_bind_int(stmt, 1, parent);
    db_bind_int(stmt, 2, child);
    db_bind_textz(stmt, 3, is_list ? "Y" : "N");
    return db_run(stmt);
}

/* A list is replaced as a whole; rows of a relation that ends name their parents no more. */
static enum api_rc replace(struct change *change, const struct side *side, bool are_parents)
{
    struct request *req = change->req;
    int64_t own = change_cell(change, "ENTITY_TYPE_ID")->integer;
    enum db_rc rc = DB_OK;
    if (!side->given)
        return API_OK;
    struct buf sql = {0}, left = {0};
    buf_adds(&left, "0");
    for (size_t i = 0; i < side->count; i++)
        buf_printf(&left, ",%lld", (long long)side->type_id[i]);
    static const char *const tables[] = {"item_parent", "dynamic_relation"};
    for (size_t i = 0; i < 2 && rc == DB_OK; i++) {
        buf_printf(&sql, "DELETE FROM %s WHERE %s = $1 AND %s NOT IN (%s)", tables[i],
                   are_parents ? "child_type_id" : "parent_type_id",
                   are_parents ? "parent_type_id" : "child_type_id", buf_text(&left));
        struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
        buf_clear(&sql);
        db_bind_int(stmt, 1, own);
        rc = db_run(stmt);
    }
    buf_clear(&left);
    for (size_t i = 0; i < side->count && rc == DB_OK; i++)
        rc = add_one(req, are_parents ? side->type_id[i] : own,
                     are_parents ? own : side->type_id[i], side->is_list[i]);
    return api_db(req, rc);
}

static enum api_rc store(struct change *change, const struct relation *relation, void *kept)
{
    const struct slot *slot = kept;
    (void)relation;
    enum api_rc rc = replace(change, &slot->parent, true);
    return rc == API_OK ? replace(change, &slot->child, false) : rc;
}

/* Types are few: those of a page are read when they are written. */
static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    struct relation_page **page = (struct relation_page **)loaded;
    (void)entity, (void)field;
    return relation_page_load(
        req,
        "SELECT t.id, r.parent_type_id, r.child_type_id, r.is_children_list, t.entity_type_id, "
        "t.is_client_enabled FROM dynamic_type t JOIN dynamic_relation r ON r.parent_type_id = "
        "t.entity_type_id OR r.child_type_id = t.entity_type_id WHERE t.id IN (",
        "r.parent_type_id, r.child_type_id", 5, ids, count, page);
}

/* Clients are parents by themselves where they are switched on. */
static void write_relation(struct writer *out, int64_t type_id, const char *is_list,
                           bool is_predefined)
{
    writer_begin_object(out);
    writer_number(out, "entityTypeId", type_id);
    writer_text(out, "isChildrenListEnabled", is_list);
    writer_text(out, "isPredefined", is_predefined ? "Y" : "N");
    writer_end_object(out);
}

static void write_side(struct writer *out, const char *name, const struct relation_row *row,
                       bool are_parents)
{
    writer_keyz(out, name);
    writer_begin_list(out);
    for (; row; row = row->next) {
        int64_t own = relation_int(row, 3);
        if (relation_int(row, are_parents ? 1 : 0) == own)
            write_relation(out, relation_int(row, are_parents ? 0 : 1), row->text[2], false);
    }
    writer_end_list(out);
}

static void write_relations(struct request *req, const struct field *field, const char *key,
                            void *loaded, int64_t id)
{
    const struct relation_row *row = relation_page_first(loaded, id);
    (void)field;
    writer_keyz(req->out, key);
    writer_begin_object(req->out);
    write_side(req->out, "parent", row, true);
    write_side(req->out, "child", row, false);
    writer_end_object(req->out);
}

static const struct relation_kind relations_kind = {
    .parse = parse, .store = store, .load = load, .write = write_relations};
const struct relation type_relations = {.kind = &relations_kind, .name = "RELATIONS"};

/* ---- workplaces: crm.automatedsolution.* has them ---- */

static void write_sections(struct request *req, const struct field *field, const char *key,
                           void *loaded, int64_t id)
{
    (void)field, (void)loaded, (void)id;
    writer_keyz(req->out, key);
    writer_begin_list(req->out);
    writer_end_list(req->out);
}

static const struct relation_kind sections_kind = {.schema = "{\"type\":\"array\",\"maxItems\":0}",
                                                   .write = write_sections};
const struct relation type_sections = {.kind = &sections_kind, .name = "CUSTOM_SECTIONS"};

/* ---- fields of other objects in which it is shown ---- */

static const char *const linkable[] = {"CALENDAR_EVENT|UF_CRM_CAL_EVENT", "TASKS_TASK|UF_CRM_TASK",
                                       "TASKS_TASK_TEMPLATE|UF_CRM_TASK"};

enum api_rc type_linked_take(struct request *req, const struct value *given, struct cell *cell)
{
    struct buf json = {0};
    struct writer out;
    writer_init(&out, &json);
    writer_begin_object(&out);
    for (size_t i = 0; i < sizeof linkable / sizeof linkable[0]; i++) {
        bool is_linked = false;
        const struct value *value = value_get(given, linkable[i]);
        if (value && !value_to_flag(value, &is_linked)) {
            buf_clear(&json);
            return api_fail(req, API_ERR_FIELD_NOT_VALID,
                            "Invalid value for field \"linkedUserFields\"");
        }
        writer_text(&out, linkable[i], is_linked ? "Y" : "N");
    }
    writer_end_object(&out);
    cell_set_text(cell, arena_strndup(req->arena, buf_text(&json), json.len));
    buf_clear(&json);
    return API_OK;
}
