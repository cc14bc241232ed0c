#include "model/change.h"

#include <string.h>

#include "model/codes.h"
#include "model/dialect.h"
#include "model/hearing.h"
#include "model/import.h"
#include "model/registry.h"
#include "model/row.h"
#include "model/side.h"
#include "model/unknown.h"
#include "model/user_field.h"
#include "portal/event.h"

/* ---- take ---- */

static bool may_be_given(const struct change *change, const struct field *field)
{
    if ((dialect_is_item(change->req) && field->flags & FIELD_ITEM_TAKEN) ||
        (change->imports && field->flags & FIELD_IMPORTED))
        return true;
    if (field->flags & FIELD_READ_ONLY)
        return field->flags & FIELD_TAKEN;
    return change->is_add || !(field->flags & FIELD_IMMUTABLE);
}

static const struct value *fallback_of(struct request *req, const struct field *field)
{
    if (field->custom)
        return user_field_fallback(req, field);
    return field->fallback ? value_string(req->arena, field->fallback, strlen(field->fallback))
                           : NULL;
}

static void take_fallbacks(struct change *change)
{
    for (size_t i = 0; i < change->entity->field_count; i++) {
        const struct field *field = &change->entity->fields[i];
        struct cell *cell = &change->now[i];
        const struct value *value = fallback_of(change->req, field);
        cell->null = true;
        if (field->kind == FIELD_VIRTUAL || !value)
            continue;
        cell->null = !cell_from_value(change->req, field, value, cell) || cell->null;
        cell->given = false;
    }
}

/* Lays the caller's values over `now`. Read-only and (on update) immutable fields are left alone without an
 * error, as the documentation of `fields` says; unknown ones by model/unknown. */
static enum api_rc take_given(struct change *change)
{
    const struct entity *entity = change->entity;
    const struct value_array *given = &change->given->array;
    for (size_t i = 0; i < given->count; i++) {
        const struct field *field = entity_field(entity, given->items[i].key);
        if (field && !dialect_has(change->req, field))
            field = NULL;
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

static enum api_rc take(struct change *change)
{
    if (change->is_add)
        take_fallbacks(change);
    return take_given(change);
}

/* ---- defaults, stamp ---- */

/* A column that cannot be null keeps its fallback when the caller empties the field. */
static enum api_rc defaults(struct change *change)
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
    return API_OK;
}

static enum api_rc stamp(struct change *change)
{
    enum api_rc rc = change->imports ? import_times(change) : API_OK;
    for (size_t i = 0; i < change->entity->field_count; i++) {
        const struct field *field = &change->entity->fields[i];
        struct cell *cell = &change->now[i];
        if (change->imports && field->flags & FIELD_IMPORTED && !cell->null)
            continue;
        if (field->flags & FIELD_STAMP_UPDATED ||
            (field->flags & FIELD_STAMP_CREATED && change->is_add && cell->null))
            cell_set_int(cell, (int64_t)change->req->now);
        if (field->flags & FIELD_STAMP_EDITOR ||
            (field->flags & FIELD_STAMP_AUTHOR && change->is_add && cell->null))
            cell_set_int(cell, change->req->caller->user_id);
    }
    return rc;
}

/* ---- row ---- */

/* Has it a column of the entity's own table? */
static bool in_row(const struct field *field)
{
    return field->kind != FIELD_VIRTUAL && !(field->flags & FIELD_SIDE);
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
        if (!in_row(&entity->fields[i]))
            continue;
        at = add_columns(&sql, &values, at, &entity->fields[i]);
    }
    buf_printf(&sql, ") VALUES (%s) RETURNING id", buf_text(&values));
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    buf_clear(&values);
    at = 1;
    for (size_t i = 1; i < entity->field_count; i++) {
        if (in_row(&entity->fields[i]))
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
        if (!in_row(field))
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
        if (in_row(&entity->fields[i]) && change->now[i].changed)
            at = field_bind(change->req, stmt, at, &entity->fields[i], &change->now[i]);
    }
    db_bind_int(stmt, at, change->id);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc row(struct change *change)
{
    enum api_rc rc = change->is_add ? insert_row(change) : update_row(change);
    return rc == API_OK && change->entity->after_write ? change->entity->after_write(change) : rc;
}

/* ---- relations ---- */

static enum api_rc relations(struct change *change)
{
    const struct relation *const *all = change->entity->relations;
    enum api_rc rc = API_OK;
    size_t count = 0;
    while (all && all[count])
        count++;
    change->slots = arena_zalloc(change->req->arena, (count + 1) * sizeof *change->slots);
    for (size_t i = 0; i < count && rc == API_OK; i++) {
        if (all[i]->kind->parse)
            rc = all[i]->kind->parse(change, all[i], &change->slots[i]);
    }
    for (size_t i = 0; i < count && rc == API_OK; i++) {
        if (all[i]->kind->check)
            rc = all[i]->kind->check(change, all[i], &change->slots[i]);
    }
    return rc;
}

static enum api_rc parts(struct change *change)
{
    const struct relation *const *all = change->entity->relations;
    enum api_rc rc = API_OK;
    for (size_t i = 0; all && all[i] && rc == API_OK; i++) {
        if (all[i]->kind->store)
            rc = all[i]->kind->store(change, all[i], change->slots[i]);
    }
    return rc;
}

/* ---- what the descriptor names ---- */

static enum api_rc hook(enum api_rc (*named)(struct change *change), struct change *change)
{
    return named ? named(change) : API_OK;
}

static enum api_rc check(struct change *change)
{
    return hook(change->entity->check, change);
}

static enum api_rc settle(struct change *change)
{
    return hook(change->entity->settle, change);
}

static enum api_rc part_store(const struct change_part *part, struct change *change)
{
    return part ? hook(part->store, change) : API_OK;
}

static enum api_rc history(struct change *change)
{
    return part_store(change->entity->history, change);
}

static enum api_rc duplicates(struct change *change)
{
    return part_store(change->entity->duplicates, change);
}

static enum api_rc timeline(struct change *change)
{
    return part_store(change->entity->timeline, change);
}

static enum api_rc tell(struct change *change)
{
    struct request *req = change->req;
    const char *event = change->entity->event, *what = change->is_add ? "ADD" : "UPDATE";
    struct event_deaf deaf;
    enum api_rc rc =
        change->is_add ? hearing_follow(req, change->entity, "add", change->id, NULL)
                       : hearing_after(req, change->entity, change->id, change->now, change->noted);
    if (rc != API_OK || !event)
        return rc;
    rc = hearing_deaf(req, change->entity, what, change->id, &deaf);
    return rc == API_OK ? event_raise(req, event, what, change->id, &deaf) : rc;
}

/* ---- the steps ---- */

static enum api_rc hear(struct change *change)
{
    if (change->is_add)
        return API_OK;
    return hearing_before(change->req, change->entity, change->id, change->old, &change->noted);
}

enum api_rc change_run(struct change *change)
{
    static const struct step {
        enum api_rc (*run)(struct change *change);
    } steps[] = {
        {hear},        /* who followed the row as it was */
        {take},        /* what the caller gave, over what is there */
        {defaults},    /* of what is empty */
        {stamp},       /* when, and by whom */
        {side_check},  /* are the portal's own fields filled in that must be? */
        {codes_check}, /* of directories, currencies, users: are they there? */
        {check},       /* the entity's own rules */
        {relations},   /* what belongs to the row and lives elsewhere */
        {settle},      /* what follows from all that */
        {row},         /* itself */
        {side_store},  /* the portal's own fields */
        {parts},       /* the relations' tables */
        {history},     /* which stages it was in */
        {duplicates},  /* the index they are found by */
        {timeline},    /* what its card tells of it */
        {tell},        /* whoever subscribed, or follows */
    };
    enum api_rc kept = API_OK;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        enum api_rc rc = steps[i].run(change);
        if (!api_stays(rc))
            return rc;
        kept = rc == API_KEPT ? rc : kept;
    }
    return kept;
}

/* ---- a row goes ---- */

static enum api_rc remove_parts(struct request *req, const struct entity *entity, int64_t id)
{
    enum api_rc rc = API_OK;
    for (const struct relation *const *r = entity->relations; r && *r && rc == API_OK; r++) {
        if ((*r)->kind->remove)
            rc = (*r)->kind->remove(req, entity, *r, id);
    }
    return rc;
}

/* Whoever names it. */
static enum api_rc tell_others(struct request *req, const struct entity *gone, int64_t id)
{
    enum api_rc rc = API_OK;
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        for (const struct relation *const *r = (*e)->relations; r && *r && rc == API_OK; r++) {
            if ((*r)->kind->other_gone && (*r)->to && (*r)->to->type_id == gone->type_id)
                rc = (*r)->kind->other_gone(req, *e, *r, id);
        }
    }
    return rc;
}

static enum api_rc remove_named(struct request *req, const struct entity *entity, int64_t id)
{
    const struct change_part *const named[] = {entity->history, entity->duplicates,
                                               entity->timeline};
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < sizeof named / sizeof named[0] && rc == API_OK; i++) {
        if (named[i] && named[i]->remove)
            rc = named[i]->remove(req, entity, id);
    }
    return rc;
}

static enum api_rc remove_row(struct request *req, const struct entity *entity, int64_t id)
{
    struct buf sql = {0};
    buf_printf(&sql, "DELETE FROM %s WHERE id = $1", entity->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

/* Who hears of it is found out while there is something to ask about. */
enum api_rc change_remove(struct request *req, const struct entity *entity, int64_t id,
                          bool by_caller)
{
    static enum api_rc (*const steps[])(struct request *, const struct entity *, int64_t) = {
        remove_parts, tell_others, remove_named, side_remove, remove_row};
    struct event_deaf deaf;
    enum api_rc rc = hearing_follow(req, entity, "delete", id, NULL);
    if (rc == API_OK && entity->event)
        rc = hearing_deaf(req, entity, "DELETE", id, &deaf);
    if (rc == API_OK && by_caller && entity->before_delete)
        rc = entity->before_delete(req, id);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && rc == API_OK; i++)
        rc = steps[i](req, entity, id);
    return rc == API_OK && entity->event ? event_raise(req, entity->event, "DELETE", id, &deaf)
                                         : rc;
}
