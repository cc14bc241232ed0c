#include "model/merge.h"

#include <string.h>

#include "base/fold.h"
#include "base/json.h"
#include "model/change.h"
#include "model/registry.h"
#include "model/row.h"

#define OF_EACH_ROW                                                                                \
    (FIELD_STAMP_CREATED | FIELD_STAMP_UPDATED | FIELD_STAMP_AUTHOR | FIELD_STAMP_EDITOR)

/* ---- fields ---- */

/* The first of a list that its relation puts together. */
static bool is_of_list(const struct entity *entity, const struct field *field)
{
    for (const struct relation *const *r = entity->relations; r && *r; r++) {
        if ((*r)->kind->move && (*r)->main && !strcmp((*r)->main, field->name))
            return true;
    }
    return false;
}

/* Has a row its value of this field by what people wrote? */
static bool is_compared(const struct entity *entity, const struct field *field)
{
    if (field == entity->fields || field->kind->storage == STORE_NONE ||
        field->kind == FIELD_FLAG || field->flags & OF_EACH_ROW)
        return false;
    return !(field->flags & FIELD_READ_ONLY && !(field->flags & FIELD_PARENT)) &&
           !is_of_list(entity, field);
}

/* "0" of an amount says as little as nothing. A funnel 0 is one, and can be changed no more. */
static bool is_unfilled(const struct field *field, const struct cell *cell)
{
    if (cell->null)
        return true;
    if (field->kind->storage == STORE_TEXT)
        return !cell->len;
    if (field->flags & FIELD_IMMUTABLE)
        return false;
    return field->kind->storage == STORE_REAL ? cell->real == 0
                                              : field->kind->empty && !cell->integer;
}

static bool is_same(const struct field *field, const struct cell *a, const struct cell *b)
{
    if (!a->null && !b->null && field_is_free_text(field))
        return !fold_compare(a->text, a->len, b->text, b->len);
    return cell_equal(field->kind, a, b);
}

/* The value as a caller would give it. */
static struct value *as_given(struct request *req, const struct field *field,
                              const struct cell *cell)
{
    struct buf json = {0};
    struct writer w, *out = req->out;
    writer_init(&w, &json);
    req->out = &w;
    cell_write(req, field, cell);
    req->out = out;
    struct value *value =
        json_parse_own(req->arena, arena_strndup(req->arena, json.data, json.len), json.len);
    buf_clear(&json);
    return value;
}

/* Sets in *taken what the first lacks and another one has. True: two have different values. */
static bool compare(struct request *req, const struct entity *entity, struct cell *const *rows,
                    size_t count, struct value *taken)
{
    for (size_t f = 0; f < entity->field_count; f++) {
        const struct field *field = &entity->fields[f];
        const struct cell *merged = &rows[0][f];
        if (!is_compared(entity, field))
            continue;
        for (size_t i = 1; i < count; i++) {
            const struct cell *cell = &rows[i][f];
            if (is_unfilled(field, cell) || is_same(field, merged, cell))
                continue;
            if (!is_unfilled(field, merged) || field->kind->settle) /* a file cannot change hands */
                return true;
            merged = cell;
        }
        if (merged != &rows[0][f])
            value_set(req->arena, taken, field->name, strlen(field->name),
                      as_given(req, field, merged));
    }
    return false;
}

/* ---- relations ---- */

static enum api_rc disagree(struct request *req, const struct entity *entity, const int64_t *ids,
                            size_t count, bool *conflict)
{
    enum api_rc rc = API_OK;
    for (const struct relation *const *r = entity->relations; r && *r && rc == API_OK; r++) {
        for (size_t i = 1; (*r)->kind->disagree && i < count; i++) {
            for (size_t j = 0; j < i && rc == API_OK && !*conflict; j++)
                rc = (*r)->kind->disagree(req, entity, *r, ids[i], ids[j], conflict);
        }
    }
    return rc;
}

static enum api_rc move_own(struct request *req, const struct entity *entity, int64_t from,
                            int64_t into)
{
    enum api_rc rc = API_OK;
    for (const struct relation *const *r = entity->relations; r && *r && rc == API_OK; r++) {
        if ((*r)->kind->move)
            rc = (*r)->kind->move(req, entity, *r, from, into);
    }
    return rc;
}

/* Whoever names it. */
static enum api_rc move_others(struct request *req, const struct entity *entity, int64_t from,
                               int64_t into)
{
    enum api_rc rc = API_OK;
    for (const struct entity *const *e = entity_all(req); *e && rc == API_OK; e++) {
        for (const struct relation *const *r = (*e)->relations; r && *r && rc == API_OK; r++) {
            if ((*r)->kind->other_moved && (*r)->to && (*r)->to->type_id == entity->type_id)
                rc = (*r)->kind->other_moved(req, *e, *r, from, into);
        }
    }
    return rc;
}

enum api_rc merge_rows(struct request *req, const struct entity *entity, const int64_t *ids,
                       struct cell *const *rows, size_t count, bool *conflict)
{
    struct value *taken = value_array(req->arena);
    *conflict = compare(req, entity, rows, count, taken);
    enum api_rc rc = *conflict ? API_OK : disagree(req, entity, ids, count, conflict);
    if (rc != API_OK || *conflict)
        return rc;
    for (size_t i = 1; i < count && rc == API_OK; i++) {
        rc = move_own(req, entity, ids[i], ids[0]);
        if (rc == API_OK)
            rc = move_others(req, entity, ids[i], ids[0]);
    }
    if (rc == API_OK)
        rc = entity_change(req, entity, ids[0], taken);
    for (size_t i = 1; i < count && rc == API_OK; i++)
        rc = change_remove(req, entity, ids[i], true);
    return rc;
}
