#include "model/codes.h"

#include "model/dialect.h"
#include "model/row.h"

enum api_rc codes_refuse(struct request *req, const struct field *field)
{
    if (req->dialect)
        return req->dialect->invalid(req, field);
    return api_fail(req, API_ERR_METHOD, "Invalid value for the \"%s\" field", field->title);
}

/* 0 is nobody, no funnel ...: what that means is for the entity's check. */
static bool says_nothing(const struct field *field, const struct cell *cell)
{
    return cell->null || (field->kind->storage == STORE_INT ? !cell->integer : cell_is_empty(cell));
}

enum api_rc codes_check(struct change *change)
{
    const struct entity *entity = change->entity;
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < entity->field_count && rc == API_OK; i++) {
        const struct field *field = &entity->fields[i];
        struct cell *cell = &change->now[i];
        bool known = false;
        if (!field->codes || !cell->given || says_nothing(field, cell) ||
            (change->old && cell_equal(field->kind, cell, &change->old[i])))
            continue;
        rc = field->codes->known(change, field, cell, &known);
        if (rc == API_OK && !known)
            rc = codes_refuse(change->req, field);
    }
    return rc;
}
