/* entity_write - add, update and delete of every entity: parameters, permits, and the change (model/change).
 *
 * An update changes what is given and nothing else: the row is read, the caller's values are laid
 * over it, the entity's check completes it, and only columns that differ are written.
 */
#include <string.h>

#include "model/catalog.h"
#include "model/change.h"
#include "model/permit.h"
#include "model/row.h"
#include "model/side.h"

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

static enum api_rc insert(struct change change, int64_t *id)
{
    struct request *req = change.req;
    change.entity = catalog_entity(req, change.entity);
    change.is_add = true;
    change.now = arena_zalloc(req->arena, change.entity->field_count * sizeof *change.now);
    enum api_rc rc = change_run(&change);
    *id = change.id;
    if (!api_stays(rc))
        return rc;
    struct api_error kept = req->error;
    enum api_rc allowed = permit_row(req, change.entity, ACCESS_ADD, change.now);
    if (allowed != API_OK)
        return allowed;
    req->error = kept;
    return rc;
}

enum api_rc entity_insert(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id)
{
    return insert((struct change){.req = req, .entity = entity, .given = fields}, id);
}

enum api_rc entity_create(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id)
{
    return insert((struct change){.req = req, .entity = entity, .trusted = true, .given = fields},
                  id);
}

enum api_rc entity_import(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id)
{
    return insert((struct change){.req = req, .entity = entity, .imports = true, .given = fields},
                  id);
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

enum api_rc entity_row(struct request *req, const struct entity *entity, int64_t id,
                       struct cell **row)
{
    struct db_stmt *stmt = db_prepare_hold(req->db, catalog_select(req, entity, SELECT_MAIN), NULL);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *row = rc == DB_ROW ? row_read_main(req, entity, stmt) : NULL;
    db_finish(stmt);
    /* Once the row is held, so that nobody changes them behind it. */
    return *row && entity->side ? side_read(req, entity, id, *row) : api_db(req, rc);
}

/* Lays `change->given` over the row of `change->id`. */
static enum api_rc change_row(struct change *change)
{
    const struct entity *entity = catalog_entity(change->req, change->entity);
    change->entity = entity;
    struct cell *old;
    enum api_rc rc = entity_row(change->req, entity, change->id, &old);
    change->old = old;
    if (rc != API_OK)
        return rc;
    if (!old)
        return permit_absent(change->req, entity, ACCESS_UPDATE);
    if (!change->trusted) /* a family's methods have looked, with errors of their own */
        rc = permit_row(change->req, entity, ACCESS_UPDATE, change->old);
    if (rc != API_OK)
        return rc;
    size_t size = entity->field_count * sizeof *change->now;
    change->now = arena_alloc(change->req->arena, size);
    memcpy(change->now, change->old, size);
    return change_run(change);
}

enum api_rc entity_change(struct request *req, const struct entity *entity, int64_t id,
                          const struct value *fields)
{
    struct change change = {
        .req = req, .entity = entity, .id = id, .trusted = true, .given = fields};
    return change_row(&change);
}

enum api_rc entity_apply(struct request *req, const struct entity *entity, int64_t id,
                         const struct value *fields)
{
    struct change change = {.req = req, .entity = entity, .id = id, .given = fields};
    return change_row(&change);
}

enum api_rc entity_update(struct request *req, const struct entity *entity)
{
    int64_t id;
    const struct value *fields;
    enum api_rc rc = entity_named(req, entity, ACCESS_UPDATE, &id);
    if (rc == API_OK)
        rc = fields_param(req, &fields);
    if (rc == API_OK)
        rc = entity_apply(req, entity, id, fields);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

enum api_rc entity_remove(struct request *req, const struct entity *entity, int64_t id)
{
    bool exists = false;
    entity = catalog_entity(req, entity);
    enum api_rc rc = permit_any(req, entity, ACCESS_DELETE);
    if (rc == API_OK)
        rc = entity_hold(req, entity, id, &exists);
    if (rc != API_OK)
        return rc;
    if (!exists)
        return permit_absent(req, entity, ACCESS_DELETE);
    rc = permit_delete(req, entity, id);
    return rc == API_OK ? change_remove(req, entity, id, true) : rc;
}

enum api_rc entity_delete(struct request *req, const struct entity *entity)
{
    int64_t id;
    enum api_rc rc = entity_named(req, entity, ACCESS_DELETE, &id);
    if (rc == API_OK)
        rc = entity_remove(req, entity, id);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}
