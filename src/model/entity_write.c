/* entity_write - add, update and delete of every entity.
 *
 * An update changes what is given and nothing else: the row is read, the caller's values are laid
 * over it, the entity's check completes it, and only columns that differ are written.
 */
#include <stdio.h>
#include <string.h>

#include "model/catalog.h"
#include "model/codes.h"
#include "model/hearing.h"
#include "model/permit.h"
#include "model/row.h"
#include "model/unknown.h"
#include "portal/event.h"

static bool may_be_given(const struct change *change, const struct field *field)
{
    if (field->flags & FIELD_READ_ONLY)
        return field->flags & FIELD_TAKEN;
    return change->is_add || !(field->flags & FIELD_IMMUTABLE);
}

/* Lays the caller's values over `now`. Read-only and (on update) immutable fields are left alone without an
 * error, as the documentation of `fields` says; unknown ones by model/unknown. */
static enum api_rc take_given(struct change *change)
{
    const struct entity *entity = change->entity;
    const struct value_array *given = &change->given->array;
    for (size_t i = 0; i < given->count; i++) {
        const struct field *field = entity_field(entity, given->items[i].key);
        if (!field && unknown_name(change->req, IN_FIELDS, given->items[i].key) != API_OK)
            return API_FAIL;
        if (!field)
            continue;
        if (!change->trusted && !may_be_given(change, field)) {
            unknown_note(change->req, IN_FIELDS, field->name);
            continue;
        }
        struct cell *cell = &change->now[field - entity->fields];
        if (!cell_from_value(change->req, field, given->items[i].value, cell))
            return row_refuse(change->req, API_ERR_METHOD, field, cell);
    }
    return API_OK;
}

static void take_fallbacks(struct change *change)
{
    for (size_t i = 0; i < change->entity->field_count; i++) {
        const struct field *field = &change->entity->fields[i];
        struct cell *cell = &change->now[i];
        cell->null = true;
        if (field->kind == FIELD_VIRTUAL || !field->fallback)
            continue;
        struct value *value =
            value_string(change->req->arena, field->fallback, strlen(field->fallback));
        cell_from_value(change->req, field, value, cell);
        cell->given = false;
    }
}

static void stamp(struct change *change)
{
    for (size_t i = 0; i < change->entity->field_count; i++) {
        const struct field *field = &change->entity->fields[i];
        struct cell *cell = &change->now[i];
        if (field->flags & FIELD_STAMP_UPDATED ||
            (field->flags & FIELD_STAMP_CREATED && change->is_add && cell->null))
            cell_set_int(cell, (int64_t)change->req->now);
        if (field->flags & FIELD_STAMP_EDITOR ||
            (field->flags & FIELD_STAMP_AUTHOR && change->is_add && cell->null))
            cell_set_int(cell, change->req->caller->user_id);
    }
}

/* A column that cannot be null keeps its fallback when the caller empties the field. */
static void keep_fallbacks(struct change *change)
{
    for (size_t i = 0; i < change->entity->field_count; i++) {
        const struct field *field = &change->entity->fields[i];
        struct cell *cell = &change->now[i];
        if (!cell->null || !field->fallback || field->kind == FIELD_VIRTUAL)
            continue;
        bool given = cell->given;
        struct value *value =
            value_string(change->req->arena, field->fallback, strlen(field->fallback));
        cell_from_value(change->req, field, value, cell);
        cell->given = given;
    }
}

/* A field's column, and the one of its key; answers the next free parameter. */
static int add_columns(struct buf *sql, struct buf *values, int at, const struct field *field)
{
    buf_printf(sql, "%s%s", at > 1 ? ", " : "", field->column);
    buf_printf(values, "%s$%d", at > 1 ? ", " : "", at);
    at++;
    if (!(field->flags & FIELD_KEYED))
        return at;
    buf_printf(sql, ", %s_key", field->column);
    buf_printf(values, ", $%d", at);
    return at + 1;
}

static enum api_rc insert_row(struct change *change)
{
    const struct entity *entity = change->entity;
    struct request *req = change->req;
    struct buf sql = {0}, values = {0};
    buf_printf(&sql, "INSERT INTO %s (", entity->table);
    int at = 1;
    for (size_t i = 1; i < entity->field_count; i++) {
        if (entity->fields[i].kind == FIELD_VIRTUAL)
            continue;
        at = add_columns(&sql, &values, at, &entity->fields[i]);
    }
    buf_printf(&sql, ") VALUES (%s) RETURNING id", buf_text(&values));
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    buf_clear(&values);
    at = 1;
    for (size_t i = 1; i < entity->field_count; i++) {
        if (entity->fields[i].kind != FIELD_VIRTUAL)
            at = field_bind(req, stmt, at, &entity->fields[i], &change->now[i]);
    }
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        change->id = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc update_row(struct change *change)
{
    const struct entity *entity = change->entity;
    struct buf sql = {0};
    buf_printf(&sql, "UPDATE %s SET ", entity->table);
    int at = 1;
    for (size_t i = 1; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        struct cell *cell = &change->now[i];
        if (field->kind == FIELD_VIRTUAL)
            continue;
        cell->changed = !cell_equal(field->kind, cell, &change->old[i]);
        if (!cell->changed)
            continue;
        buf_printf(&sql, "%s%s = $%d", at > 1 ? ", " : "", field->column, at);
        at++;
        if (field->flags & FIELD_KEYED)
            buf_printf(&sql, ", %s_key = $%d", field->column, at++);
    }
    if (at == 1) {
        buf_clear(&sql);
        return API_OK;
    }
    buf_printf(&sql, " WHERE id = $%d", at);
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    at = 1;
    for (size_t i = 1; i < entity->field_count; i++) {
        if (entity->fields[i].kind != FIELD_VIRTUAL && change->now[i].changed)
            at = field_bind(change->req, stmt, at, &entity->fields[i], &change->now[i]);
    }
    db_bind_int(stmt, at, change->id);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc tell(struct change *change)
{
    struct request *req = change->req;
    const char *event = change->entity->event, *what = change->is_add ? "ADD" : "UPDATE";
    struct event_deaf deaf;
    enum api_rc rc = event ? hearing_deaf(req, change->entity, what, change->id, &deaf) : API_OK;
    return event && rc == API_OK ? event_raise(req, event, what, change->id, &deaf) : rc;
}

static enum api_rc write_change(struct change *change)
{
    enum api_rc rc = take_given(change);
    if (rc != API_OK)
        return rc;
    keep_fallbacks(change);
    stamp(change);
    rc = codes_check(change);
    if (rc == API_OK && change->entity->check)
        rc = change->entity->check(change);
    if (rc != API_OK)
        return rc;
    rc = change->is_add ? insert_row(change) : update_row(change);
    if (rc == API_OK && change->entity->after_write)
        rc = change->entity->after_write(change);
    if (!api_stays(rc))
        return rc;
    enum api_rc told = tell(change);
    return told == API_OK ? rc : told;
}

/* `fields` as an array; an absent one counts as empty, a scalar is the caller's mistake. */
static enum api_rc fields_param(struct request *req, const struct value **fields)
{
    *fields = param_get(req, "fields");
    if (!*fields || (*fields)->type == VALUE_NULL ||
        ((*fields)->type == VALUE_STRING && !(*fields)->string.len))
        *fields = value_array(req->arena);
    if ((*fields)->type != VALUE_ARRAY)
        return api_fail_text(req, "Parameter 'fields' must be array.");
    return API_OK;
}

static enum api_rc insert(struct request *req, const struct entity *entity,
                          const struct value *fields, bool trusted, int64_t *id)
{
    entity = catalog_entity(req, entity);
    struct change change = {
        .req = req, .entity = entity, .is_add = true, .trusted = trusted, .given = fields};
    change.now = arena_zalloc(req->arena, entity->field_count * sizeof *change.now);
    take_fallbacks(&change);
    enum api_rc rc = write_change(&change);
    *id = change.id;
    if (!api_stays(rc))
        return rc;
    struct api_error kept = req->error;
    enum api_rc allowed = permit_row(change.req, change.entity, ACCESS_ADD, change.now);
    if (allowed != API_OK)
        return allowed;
    req->error = kept;
    return rc;
}

enum api_rc entity_insert(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id)
{
    return insert(req, entity, fields, false, id);
}

enum api_rc entity_create(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id)
{
    return insert(req, entity, fields, true, id);
}

static enum api_rc answer_name(struct request *req, const struct entity *entity, int64_t id)
{
    const char *key = NULL;
    enum api_rc rc = entity->key ? entity_key(req, entity, id, &key) : API_OK;
    if (rc == API_OK && key)
        writer_stringz(req->out, key);
    else if (rc == API_OK)
        writer_int(req->out, id);
    return rc;
}

enum api_rc entity_add(struct request *req, const struct entity *entity)
{
    const struct value *fields;
    int64_t id;
    enum api_rc rc = fields_param(req, &fields);
    if (rc == API_OK)
        rc = permit_any(req, entity, ACCESS_ADD);
    if (rc == API_OK)
        rc = entity_insert(req, entity, fields, &id);
    return rc == API_OK ? answer_name(req, entity, id) : rc;
}

static enum api_rc read_old(struct change *change, bool *found)
{
    struct request *req = change->req;
    const struct entity *entity = change->entity;
    struct db_stmt *stmt = db_prepare_hold(req->db, row_select_sql(entity, false), NULL);
    db_bind_int(stmt, 1, change->id);
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    if (*found)
        change->old = row_read(req, entity, stmt);
    db_finish(stmt);
    return api_db(req, rc);
}

/* Lays `change->given` over the row of `change->id`. */
static enum api_rc change_row(struct change *change)
{
    const struct entity *entity = catalog_entity(change->req, change->entity);
    change->entity = entity;
    bool found = false;
    enum api_rc rc = read_old(change, &found);
    if (rc != API_OK)
        return rc;
    if (!found)
        return permit_absent(change->req, entity, ACCESS_UPDATE);
    if (!change->trusted) /* a family's methods have looked, with errors of their own */
        rc = permit_row(change->req, entity, ACCESS_UPDATE, change->old);
    if (rc != API_OK)
        return rc;
    size_t size = entity->field_count * sizeof *change->now;
    change->now = arena_alloc(change->req->arena, size);
    memcpy(change->now, change->old, size);
    return write_change(change);
}

enum api_rc entity_change(struct request *req, const struct entity *entity, int64_t id,
                          const struct value *fields)
{
    struct change change = {
        .req = req, .entity = entity, .id = id, .trusted = true, .given = fields};
    return change_row(&change);
}

enum api_rc entity_update(struct request *req, const struct entity *entity)
{
    struct change change = {.req = req, .entity = entity};
    enum api_rc rc = entity_named(req, entity, ACCESS_UPDATE, &change.id);
    if (rc == API_OK)
        rc = fields_param(req, &change.given);
    if (rc == API_OK)
        rc = change_row(&change);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc delete_row(struct request *req, const struct entity *entity, int64_t id)
{
    struct buf sql = {0};
    buf_printf(&sql, "DELETE FROM %s WHERE id = $1", entity->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

/* Who hears of it is found out while there is something to ask about. */
static enum api_rc remove_and_tell(struct request *req, const struct entity *entity, int64_t id)
{
    struct event_deaf deaf;
    enum api_rc rc = API_OK;
    if (entity->event)
        rc = hearing_deaf(req, entity, "DELETE", id, &deaf);
    if (rc == API_OK && entity->before_delete)
        rc = entity->before_delete(req, id);
    if (rc == API_OK)
        rc = delete_row(req, entity, id);
    if (rc == API_OK && entity->event)
        rc = event_raise(req, entity->event, "DELETE", id, &deaf);
    return rc;
}

enum api_rc entity_delete(struct request *req, const struct entity *entity)
{
    int64_t id;
    bool exists = false;
    entity = catalog_entity(req, entity);
    enum api_rc rc = entity_named(req, entity, ACCESS_DELETE, &id);
    if (rc == API_OK)
        rc = entity_hold(req, entity, id, &exists);
    if (rc != API_OK)
        return rc;
    if (!exists)
        return permit_absent(req, entity, ACCESS_DELETE);
    rc = permit_delete(req, entity, id);
    if (rc == API_OK)
        rc = remove_and_tell(req, entity, id);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}
