/* side_schema - a custom field's column is made. */
#include <string.h>

#include "model/catalog.h"
#include "model/own_table.h"
#include "model/registry.h"
#include "model/side.h"
#include "model/type/several.h"

/* What is to be made of a row of user_field. */
struct made {
    int64_t id;
    const char *entity_id;
    const struct entity *entity; /* as the program has it, or the portal */
    const struct user_type *type;
    bool multiple, indexed, keyed;
};

static enum api_rc read_field(struct request *req, int64_t field_id, struct made *made)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT entity_id, user_type_id, multiple, show_filter, is_searchable FROM "
                 "user_field WHERE id = $1");
    db_bind_int(stmt, 1, field_id);
    enum db_rc rc = db_step(stmt);
    *made = (struct made){.id = field_id};
    if (rc == DB_ROW) {
        made->entity_id = request_text(req, stmt, 0, NULL);
        made->type = user_type_find(request_text(req, stmt, 1, NULL));
        made->multiple = *db_text(stmt, 2, NULL) == 'Y';
        made->indexed = *db_text(stmt, 3, NULL) != 'N' || *db_text(stmt, 4, NULL) == 'Y';
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static const struct entity *find_entity(const struct request *req, const char *entity_id)
{
    const struct entity *const *all = entity_all(req);
    while (*all && (!(*all)->user_fields || strcmp((*all)->user_fields, entity_id) != 0))
        all++;
    return *all;
}

static enum api_rc check_room(struct request *req, const char *entity_id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT count(*), count(removed) FROM user_field WHERE entity_id = $1");
    db_bind_textz(stmt, 1, entity_id);
    enum db_rc rc = db_step(stmt);
    int64_t ever = rc == DB_ROW ? db_int(stmt, 0) : 0;
    int64_t gone = rc == DB_ROW ? db_int(stmt, 1) : 0;
    db_finish(stmt);
    if (rc == DB_ROW && (ever - gone > SIDE_FIELDS || ever > SIDE_COLUMNS))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        "%s has %d custom fields already, and no room for more", entity_id,
                        ever - gone > SIDE_FIELDS ? SIDE_FIELDS : SIDE_COLUMNS);
    return api_db(req, rc);
}

static enum api_rc make_table(struct request *req, const struct made *made)
{
    bool has = false;
    char *table = arena_printf(req->arena, SIDE_TABLE, made->entity->table);
    enum api_rc rc = api_db(req, db_has_table(req->db, table, &has));
    if (rc != API_OK || has)
        return rc;
    return own_table_run(req, "CREATE TABLE %s (id {INT} NOT NULL PRIMARY KEY)", table);
}

static const char *column_type(const struct made *made)
{
    enum storage storage = made->multiple ? STORE_TEXT : made->type->kind->storage;
    return storage == STORE_INT ? "{INT}" : storage == STORE_REAL ? "{REAL}" : "{TEXT}";
}

static enum api_rc make_column(struct request *req, const struct made *made)
{
    const char *table = made->entity->table;
    long long id = made->id;
    enum api_rc rc = own_table_run(req, "ALTER TABLE " SIDE_TABLE " ADD COLUMN " SIDE_COLUMN " %s",
                                   table, id, column_type(made));
    if (rc == API_OK && made->keyed)
        rc = own_table_run(req, "ALTER TABLE " SIDE_TABLE " ADD COLUMN " SIDE_COLUMN "_key {TEXT}",
                           table, id);
    return rc;
}

/* What a filter by `=` and, but for texts, a sort need. */
static enum api_rc make_index(struct request *req, const struct made *made)
{
    const char *table = made->entity->table, *key = made->keyed ? "_key" : "";
    long long id = made->id;
    enum api_rc rc = own_table_run(req,
                                   "CREATE INDEX " SIDE_TABLE "_" SIDE_COLUMN " ON " SIDE_TABLE
                                   " (" SIDE_COLUMN "%s, id) WHERE " SIDE_COLUMN "%s IS NOT NULL",
                                   table, id, table, id, key, id, key);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(req->db, "UPDATE user_field SET indexed = 1 WHERE id = $1");
    db_bind_int(stmt, 1, made->id);
    return api_db(req, db_run(stmt));
}

enum api_rc side_field_added(struct request *req, int64_t field_id)
{
    struct made made;
    enum api_rc rc = read_field(req, field_id, &made);
    if (rc != API_OK)
        return rc;
    made.entity = made.entity_id ? find_entity(req, made.entity_id) : NULL;
    if (!made.entity || !made.type)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "%s takes no custom fields",
                        made.entity_id ? made.entity_id : "This object");
    struct field field = {.kind = made.type->kind};
    made.keyed = !made.multiple && field_is_free_text(&field);
    rc = check_room(req, made.entity_id);
    if (rc == API_OK)
        rc = make_table(req, &made);
    if (rc == API_OK)
        rc = make_column(req, &made);
    if (rc == API_OK && made.indexed && !made.multiple)
        rc = make_index(req, &made);
    return rc == API_OK ? catalog_changed(req) : rc;
}

enum api_rc side_field_removed(struct request *req, int64_t field_id)
{
    (void)field_id;
    return catalog_changed(req);
}
