/* vat - tax rates, and crm.vat.*.
 *
 * What:    errors here have a sentence where others have a code, and `fields` a form of its own.
 * Pages:   api-reference/crm/outdated/vat/.
 */
#include "crm/vat.h"

#include <string.h>

#include "base/utf8.h"
#include "model/crud.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/shape.h"

#define NAME_CHARS 50

static const struct field vat_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("TIMESTAMP_X", "datetime", "Modification Date", FIELD_DATETIME, "timestamp_x",
              FIELD_READ_ONLY | FIELD_STAMP_UPDATED | FIELD_BY_NAME, NULL),
    FIELD_ROW("ACTIVE", "string", "Activity", FIELD_FLAG, "active", 0, "Y"),
    FIELD_ROW("C_SORT", "integer", "Sorting", FIELD_INT, "c_sort", 0, "100"),
    FIELD_ROW("NAME", "string", "Name", FIELD_TEXT, "name", 0, NULL),
    FIELD_ROW("RATE", "double", "Rate", FIELD_MONEY, "rate", 0, NULL),
};
/* As `fields` tells them, in the same order. */
static const char *const sizes[] = {"11", NULL, "1", "18", "50", "18,2"};

static enum api_rc invalid(struct request *req)
{
    return api_fail(req, API_ERR_INVALID_PARAMETERS, "Invalid parameters were provided.");
}

static enum api_rc vat_check(struct change *change)
{
    const struct cell *name = change_cell(change, "NAME"), *rate = change_cell(change, "RATE");
    bool named = !cell_is_empty(name) && utf8_length(name->text, name->len) <= NAME_CHARS;
    bool rated = rate->null ? !change->is_add || rate->given : rate->real >= 0;
    return named && rated ? API_OK : invalid(change->req);
}

/* Products that had it have none. */
static enum api_rc vat_deleted(struct request *req, int64_t id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE product SET vat_id = NULL WHERE vat_id = $1");
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

#define NO_SUCH                                                                                    \
    {                                                                                              \
        API_ERR_INVALID_IDENTIFIER, "An invalid identifier was provided."                          \
    }

const struct entity vat_entity = {
    .name = "vat",
    .table = "vat",
    .permit = &permit_settings,
    .fields = vat_fields,
    .field_count = sizeof vat_fields / sizeof vat_fields[0],
    .not_found = "VAT rate not found.",
    .missing = {[ACCESS_READ] = {API_ERR_VAT_NOT_FOUND, "VAT rate not found."},
                [ACCESS_UPDATE] = NO_SUCH,
                [ACCESS_DELETE] = NO_SUCH},
    .check = vat_check,
    .before_delete = vat_deleted,
};

ENTITY(vat_entity);

static enum api_rc known_vat(struct change *change, const struct field *field, struct cell *cell,
                             bool *known)
{
    (void)field;
    return entity_exists(change->req, &vat_entity, cell->integer, known);
}

const struct field_codes codes_vat = {.known = known_vat};

/* ---- what differs from the usual six ---- */

static enum api_rc add(struct request *req)
{
    enum api_rc rc = permit_any(req, &vat_entity, ACCESS_ADD);
    if (rc == API_OK && !value_is_array(param_get(req, "fields")))
        return invalid(req);
    return rc == API_OK ? entity_add(req, &vat_entity) : rc;
}

/* Answers the id, where others answer true. */
static enum api_rc update(struct request *req)
{
    int64_t id;
    enum api_rc rc = entity_named(req, &vat_entity, ACCESS_UPDATE, &id);
    const struct value *fields = param_get(req, "fields");
    if (rc == API_OK && (!value_is_array(fields) || value_is_empty(fields)))
        return invalid(req);
    if (rc == API_OK)
        rc = entity_apply(req, &vat_entity, id, fields);
    if (rc == API_OK)
        writer_int(req->out, id);
    return rc;
}

static bool selectable(const struct value *name)
{
    return name->type == VALUE_STRING &&
           (!strcmp(name->string.text, "*") || entity_field(&vat_entity, name->string.text));
}

static enum api_rc list(struct request *req)
{
    const struct value *select = param_get(req, "select");
    enum api_rc rc = permit_any(req, &vat_entity, ACCESS_READ);
    for (size_t i = 0; value_is_array(select) && i < select->array.count && rc == API_OK; i++) {
        if (!selectable(select->array.items[i].value))
            rc = api_fail(req, API_ERR_INADMISSIBLE, NULL);
    }
    return rc == API_OK ? entity_list(req, &vat_entity) : rc;
}

static void write_field(struct writer *out, const struct field *field, const char *size)
{
    writer_keyz(out, field->name);
    writer_begin_object(out);
    writer_keyz(out, "type");
    writer_stringz(out, field->type);
    if (size) {
        writer_keyz(out, "size");
        writer_stringz(out, size);
    }
    writer_keyz(out, "isRequired");
    writer_bool(out, false);
    writer_keyz(out, "isReadOnly");
    writer_bool(out, field->flags & FIELD_READ_ONLY);
    writer_keyz(out, "title");
    writer_stringz(out, field->title);
    writer_end_object(out);
}

static enum api_rc fields(struct request *req)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < vat_entity.field_count; i++)
        write_field(req->out, &vat_fields[i], sizes[i]);
    writer_end_object(req->out);
    return API_OK;
}

static const struct param add_params[] = {
    {"fields", PARAM_FIELDS, true, "NAME, RATE, and ACTIVE, C_SORT.", .of_new = true, .asked = true,
     .entity = &vat_entity},
    {0},
};
static const struct param update_params[] = {
    {"id", PARAM_INT, true, "Identifier, greater than 0.", .asked = true},
    {"fields", PARAM_FIELDS, true, "The values to change.", .asked = true, .entity = &vat_entity},
    {0},
};
static const struct param list_params[] = {
    {"select", PARAM_SELECT, false, "Field names.", .entity = &vat_entity},
    {"filter", PARAM_FILTER, false, "Conditions: operator and field name.", .entity = &vat_entity},
    {"order", PARAM_ORDER, false, "ASC or DESC by field name.", .entity = &vat_entity},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};
static const struct param rows[] = {{"", PARAM_ROW, .entity = &vat_entity}, {0}};

#define PAGE(verb) "api-reference/crm/outdated/vat/crm-vat-" verb

static const struct method methods[] = {
    {.name = "crm.vat.add",
     .summary = "Add a tax rate.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = add},
    {.name = "crm.vat.update",
     .summary = "Change a tax rate; answers its id.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = update_params,
     .result = SHAPE_INT,
     .page = PAGE("update"),
     .handle = update},
    {.name = "crm.vat.list",
     .summary = "Return tax rates by filter, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = list_params,
     .result = SHAPE_LIST,
     .gives = rows,
     .page = PAGE("list"),
     .handle = list},
    {.name = "crm.vat.fields",
     .summary = "Describe the fields of a tax rate.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = PAGE("fields"),
     .handle = fields},
};

static const struct crud crud = {"crm.vat", &vat_entity, CRUD_GET | CRUD_DELETE,
                                 .one = "a tax rate"};

MODULE(crm_vat, .crud = &crud, METHODS(methods));
