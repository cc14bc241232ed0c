/* side_schema - a custom field's column is made. */
#include <string.h>

#include "model/catalog.h"
#include "model/own_table.h"
#include "model/registry.h"
#include "model/side.h"
#include "model/side_schema.h"

static const struct entity *find_entity(const struct request *req, const char *entity_id)
{
    const struct entity *const *all = entity_all(req);
    while (*all && (!(*all)->user_fields || strcmp((*all)->user_fields, entity_id) != 0))
        all++;
    return *all;
}

enum api_rc side_made_read(struct request *req, int64_t field_id, struct side_made *made)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT entity_id, user_type_id, multiple, show_filter, is_searchable, indexed "
                 "FROM user_field WHERE id = $1");
    db_bind_int(stmt, 1, field_id);
    enum db_rc rc = db_step(stmt);
    *made = (struct side_made){.id = field_id};
    if (rc == DB_ROW) {
        made->entity_id = request_text(req, stmt, 0, NULL);
        made->entity = find_entity(req, made->entity_id);
        made->type = user_type_find(request_text(req, stmt, 1, NULL));
        made->multiple = *db_text(stmt, 2, NULL) == 'Y';
        made->shown = *db_text(stmt, 3, NULL) != 'N' || *db_text(stmt, 4, NULL) == 'Y';
        made->indexed = db_int(stmt, 5) != 0;
    }
    if (made->type && !made->multiple)
        made->keyed = field_is_free_text(&(struct field){.kind = made->type->kind});
    db_finish(stmt);
    return api_db(req, rc);
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

static enum api_rc make_table(struct request *req, const struct side_made *made)
{
    bool has = false;
    char *table = arena_printf(req->arena, SIDE_TABLE, made->entity->table);
    enum api_rc rc = api_db(req, db_has_table(req->db, table, &has));
    if (rc != API_OK || has)
        return rc;
    return own_table_run(req, "CREATE TABLE %s (id {INT} NOT NULL PRIMARY KEY)", table);
}

static const char *column_type(const struct side_made *made)
{
    enum storage storage = made->multiple ? STORE_TEXT : made->type->kind->storage;
    return storage == STORE_INT ? "{INT}" : storage == STORE_REAL ? "{REAL}" : "{TEXT}";
}

static enum api_rc make_column(struct request *req, const struct side_made *made)
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
const char *side_index_line(struct request *req, const struct side_made *made, const char *verb)
{
    const char *table = made->entity->table, *key = made->keyed ? "_key" : "";
    long long id = made->id;
    const char *name = arena_printf(req->arena, "%s " SIDE_TABLE "_" SIDE_COLUMN, verb, table, id);
    if (!strncmp(verb, "DROP", 4))
        return name;
    return arena_printf(req->arena,
                        "%s ON " SIDE_TABLE " (" SIDE_COLUMN "%s, id) WHERE " SIDE_COLUMN
                        "%s IS NOT NULL",
                        name, table, id, key, id, key);
}

static enum api_rc mark_indexed(struct request *req, const struct side_made *made)
{
    struct db_stmt *stmt = db_prepare(req->db, "UPDATE user_field SET indexed = 1 WHERE id = $1");
    db_bind_int(stmt, 1, made->id);
    return api_db(req, db_run(stmt));
}

enum api_rc side_index_made(struct request *req, const struct side_made *made)
{
    enum api_rc rc = own_table_note(req, side_index_line(req, made, "CREATE INDEX"));
    return rc == API_OK ? mark_indexed(req, made) : rc;
}

enum api_rc side_index_drop(struct request *req, const struct side_made *made)
{
    if (!made->indexed || !made->entity)
        return API_OK;
    enum api_rc rc = own_table_forget(req, side_index_line(req, made, "CREATE INDEX"));
    struct buf ddl = {0};
    db_sql_ddl(req->db, &ddl, side_index_line(req, made, "DROP INDEX IF EXISTS"));
    if (rc == API_OK)
        rc = api_db(req, db_exec(req->db, buf_text(&ddl)));
    buf_clear(&ddl);
    return rc;
}

static enum api_rc make_index(struct request *req, const struct side_made *made)
{
    enum api_rc rc = own_table_run(req, "%s", side_index_line(req, made, "CREATE INDEX"));
    return rc == API_OK ? mark_indexed(req, made) : rc;
}

enum api_rc side_field_added(struct request *req, int64_t field_id)
{
    struct side_made made;
    enum api_rc rc = side_made_read(req, field_id, &made);
    if (rc != API_OK)
        return rc;
    if (!made.entity || !made.type)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "%s takes no custom fields",
                        made.entity_id ? made.entity_id : "This object");
    rc = check_room(req, made.entity_id);
    if (rc == API_OK)
        rc = make_table(req, &made);
    if (rc == API_OK)
        rc = make_column(req, &made);
    if (rc == API_OK && made.shown && !made.multiple)
        rc = make_index(req, &made);
    return rc == API_OK ? catalog_changed(req) : rc;
}

enum api_rc side_field_removed(struct request *req, int64_t field_id)
{
    (void)field_id;
    return catalog_changed(req);
}
