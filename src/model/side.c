#include "model/side.h"

#include <string.h>

#include "base/fold.h"
#include "model/catalog.h"
#include "model/catalog_part.h"
#include "model/dialect.h"
#include "model/row.h"
#include "model/type/several.h"

#define LIST_ROWS 16 /* of uf_list in one statement */
#define LIST_COLUMNS 7

/* ---- reading ---- */

enum api_rc side_read(struct request *req, const struct entity *entity, int64_t id,
                      struct cell *cells)
{
    struct db_stmt *stmt = db_prepare(req->db, catalog_select(req, entity, SELECT_SIDE));
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    for (size_t i = entity->side_from; i < entity->field_count; i++) {
        if (rc != DB_ROW) {
            cells[i] = (struct cell){.null = true};
            continue;
        }
        cell_read(stmt, (int)(i - entity->side_from), entity->fields[i].kind, &cells[i]);
        if (cells[i].text)
            cells[i].text = arena_strndup(req->arena, cells[i].text, cells[i].len);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

/* ---- the catalog's entities ---- */

static void make_field(struct arena *arena, const struct user_field *custom, struct field *field)
{
    user_field_make(custom, field);
    field->flags |= FIELD_SIDE | FIELD_IN_GET | FIELD_BY_NAME;
    field->column = arena_printf(arena, SIDE_COLUMN, (long long)custom->id);
    if (custom->multiple)
        field->kind = &type_several;
    else if (field_is_free_text(field))
        field->flags |= FIELD_KEYED;
}

static const struct entity *make_entity(struct arena *arena, const struct entity *base,
                                        const struct user_field *custom, size_t count)
{
    struct entity *made = arena_alloc(arena, sizeof *made);
    struct field *fields = arena_alloc(arena, (base->field_count + count) * sizeof *fields);
    memcpy(fields, base->fields, base->field_count * sizeof *fields);
    for (size_t i = 0; i < count; i++)
        make_field(arena, &custom[i], &fields[base->field_count + i]);
    *made = *base;
    made->fields = fields;
    made->side_from = base->field_count;
    made->field_count = base->field_count + count;
    entity_index(made, arena);
    made->side = arena_printf(arena, SIDE_TABLE, base->table);
    made->names = base->names ? arena_zalloc(arena, sizeof *made->names) : NULL;
    return made;
}

struct names_list {
    const struct names_list *next;
    struct names_slot *names;
};

static enum db_rc vary(struct catalog *catalog, struct arena *arena, struct db *db,
                       const void **kept)
{
    const struct user_fields *all = user_fields(&(struct request){.catalog = catalog});
    const struct entity *const *entities = catalog_entities(catalog);
    (void)db;
    for (size_t i = 0; entities[i]; i++) {
        size_t count = 0;
        const struct user_field *custom =
            entities[i]->user_fields ? user_fields_of(all, entities[i]->user_fields, &count) : NULL;
        if (!count)
            continue;
        const struct entity *made = make_entity(arena, entities[i], custom, count);
        struct names_list *list = arena_alloc(arena, sizeof *list);
        *list = (struct names_list){*kept, made->names};
        if (made->names)
            *kept = list;
        catalog_vary_entity(catalog, i, made);
    }
    return DB_OK;
}

static void release(const void *kept)
{
    for (const struct names_list *list = kept; list; list = list->next)
        names_free(list->names);
}

CATALOG_PART(part) = {.stage = CATALOG_VARY, .load = vary, .release = release};

/* ---- writing ---- */

enum api_rc side_check(struct change *change)
{
    const struct entity *entity = change->entity;
    struct request *req = change->req;
    for (size_t i = entity->side_from; entity->side && i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        const struct cell *cell = &change->now[i];
        bool empty = cell->null || (field->kind->storage == STORE_TEXT && !cell->len);
        if (!empty || !(field->flags & FIELD_REQUIRED) || !(change->is_add || cell->given))
            continue;
        if (req->dialect)
            return req->dialect->missing(req, field);
        return api_fail(req, API_ERR_METHOD, "The field %s is required.", field->name);
    }
    return API_OK;
}

static bool is_new(const struct change *change, size_t at)
{
    const struct cell *now = &change->now[at];
    return change->is_add ? !now->null
                          : !cell_equal(change->entity->fields[at].kind, now, &change->old[at]);
}

/* Of an added row all columns are named, so that there is one statement for it whatever it has. */
static void sql_store(const struct change *change, struct buf *sql)
{
    const struct entity *entity = change->entity;
    struct buf values = {0}, set = {0};
    int at = 1;
    buf_printf(sql, "INSERT INTO %s (id", entity->side);
    for (size_t i = entity->side_from; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (!change->is_add && !change->now[i].changed)
            continue;
        for (int key = 0; key <= (field->flags & FIELD_KEYED ? 1 : 0); key++) {
            const char *end = key ? "_key" : "";
            buf_printf(sql, ", %s%s", field->column, end);
            buf_printf(&values, ", $%d", ++at);
            buf_printf(&set, "%s%s%s = EXCLUDED.%s%s", set.len ? ", " : "", field->column, end,
                       field->column, end);
        }
    }
    buf_printf(sql, ") VALUES ($1%s) ON CONFLICT (id) DO UPDATE SET %s", buf_text(&values),
               buf_text(&set));
    buf_clear(&values);
    buf_clear(&set);
}

static enum api_rc store_columns(struct change *change)
{
    const struct entity *entity = change->entity;
    struct buf sql = {0};
    sql_store(change, &sql);
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    int at = 2;
    db_bind_int(stmt, 1, change->id);
    for (size_t i = entity->side_from; i < entity->field_count; i++) {
        if (change->is_add || change->now[i].changed)
            at = field_bind(change->req, stmt, at, &entity->fields[i], &change->now[i]);
    }
    return api_db(change->req, db_run(stmt));
}

static void bind_value(struct request *req, struct db_stmt *stmt, int at, enum storage storage,
                       const struct cell *cell)
{
    for (int i = 0; i < 4; i++)
        db_bind_null(stmt, at + i);
    if (storage == STORE_INT) {
        db_bind_int(stmt, at, cell->integer);
    } else if (storage == STORE_REAL) {
        db_bind_double(stmt, at + 1, cell->real);
    } else {
        size_t len;
        const char *key = fold_key(req->arena, cell->text, cell->len, &len);
        db_bind_text(stmt, at + 2, cell->text, cell->len);
        db_bind_text(stmt, at + 3, key, len);
    }
}

static enum api_rc insert_values(struct request *req, const struct field *field, int64_t row_id,
                                 const struct cell *cells, size_t from, size_t count)
{
    struct buf sql = {0};
    buf_adds(&sql, "INSERT INTO uf_list (field_id, row_id, place, number, amount, text, text_key) "
                   "VALUES ");
    for (size_t i = 0; i < count; i++) {
        buf_adds(&sql, i ? ", (" : "(");
        db_sql_places(&sql, (int)(i * LIST_COLUMNS) + 1, LIST_COLUMNS);
        buf_addc(&sql, ')');
    }
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    for (size_t i = 0; i < count; i++) {
        int at = (int)(i * LIST_COLUMNS) + 1;
        db_bind_int(stmt, at, field->custom->id);
        db_bind_int(stmt, at + 1, row_id);
        db_bind_int(stmt, at + 2, (int64_t)(from + i));
        bind_value(req, stmt, at + 3, field->custom->type->kind->storage, &cells[from + i]);
    }
    return api_db(req, db_run(stmt));
}

static enum api_rc delete_values(struct request *req, const struct field *field, int64_t row_id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM uf_list WHERE field_id = $1 AND row_id = $2");
    db_bind_int(stmt, 1, field->custom->id);
    db_bind_int(stmt, 2, row_id);
    return api_db(req, db_run(stmt));
}

static enum api_rc store_values(struct change *change, const struct field *field,
                                const struct cell *list)
{
    struct request *req = change->req;
    struct cell *cells;
    size_t count;
    several_cells(req, field, list, &cells, &count);
    enum api_rc rc = change->is_add ? API_OK : delete_values(req, field, change->id);
    for (size_t at = 0; at < count && rc == API_OK; at += LIST_ROWS) {
        size_t some = count - at < LIST_ROWS ? count - at : LIST_ROWS;
        rc = insert_values(req, field, change->id, cells, at, some);
    }
    return rc;
}

enum api_rc side_store(struct change *change)
{
    const struct entity *entity = change->entity;
    enum api_rc rc = API_OK;
    bool any = false;
    for (size_t i = entity->side_from; entity->side && i < entity->field_count; i++) {
        change->now[i].changed = is_new(change, i);
        any = any || change->now[i].changed;
    }
    if (!any)
        return API_OK;
    rc = store_columns(change);
    for (size_t i = entity->side_from; i < entity->field_count && rc == API_OK; i++) {
        const struct field *field = &entity->fields[i];
        const struct cell *cell = &change->now[i];
        if (cell->changed && field->kind == &type_several)
            rc = store_values(change, field, cell);
        if (cell->changed && field->kind->settle && rc == API_OK)
            rc = field->kind->settle(change->req, field, change->id, cell, !cell->null);
    }
    return rc;
}

static enum api_rc delete_row(struct request *req, const struct entity *entity, int64_t id)
{
    struct buf sql = {0};
    buf_printf(&sql, "DELETE FROM %s WHERE id = $1", entity->side);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

enum api_rc side_remove(struct request *req, const struct entity *entity, int64_t id)
{
    enum api_rc rc = API_OK;
    for (size_t i = entity->side_from; entity->side && i < entity->field_count && rc == API_OK;
         i++) {
        const struct field *field = &entity->fields[i];
        if (field->kind->settle)
            rc = field->kind->settle(req, field, id, NULL, 0);
        if (field->kind == &type_several && rc == API_OK)
            rc = delete_values(req, field, id);
    }
    return entity->side && rc == API_OK ? delete_row(req, entity, id) : rc;
}
