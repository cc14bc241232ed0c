/* product - what is sold, and crm.product.*.
 *
 * Pages: api-reference/crm/outdated/products/.
 */
#include "crm/product.h"

#include <string.h>

#include "crm/currency.h"
#include "crm/measure.h"
#include "crm/product_file.h"
#include "crm/product_catalog.h"
#include "crm/product_code.h"
#include "crm/product_section.h"
#include "crm/vat.h"
#include "model/crud.h"
#include "model/permit.h"
#include "model/picture.h"
#include "model/registry.h"
#include "model/relation.h"

#define PRODUCT_CODED(NAME, TITLE, COLUMN, FLAGS, CODES)                                           \
    {                                                                                              \
        .name = NAME, .type = "integer", .title = TITLE, .kind = FIELD_INT, .column = COLUMN,      \
        .flags = FLAGS, .codes = CODES                                                             \
    }

#define PRODUCT_PICTURE(NAME, TITLE)                                                               \
    {                                                                                              \
        .name = NAME, .type = "product_file", .title = TITLE, .kind = FIELD_VIRTUAL,               \
        .flags = FIELD_IN_GET, .relation = &pictures                                               \
    }

static const struct field product_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    {.name = "CATALOG_ID",
     .type = "integer",
     .title = "Catalog",
     .kind = FIELD_INT,
     .column = "catalog_id",
     .flags = FIELD_IMMUTABLE,
     .fallback = PRODUCT_CATALOG_ID,
     .codes = &codes_product_catalog},
    FIELD_ROW("PRICE", "double", "Price", FIELD_MONEY, "price", 0, NULL),
    {.name = "CURRENCY_ID",
     .type = "string",
     .title = "Currency",
     .kind = FIELD_TEXT,
     .column = "currency_id",
     .codes = &codes_currency},
    FIELD_ROW("NAME", "string", "Name", FIELD_TEXT, "name", FIELD_REQUIRED | FIELD_SEARCH, NULL),
    FIELD_ROW("CODE", "string", "Symbolic code", FIELD_TEXT, "code", FIELD_CODE, NULL),
    FIELD_ROW("DESCRIPTION", "string", "Description", FIELD_TEXT, "description", FIELD_LONG, NULL),
    FIELD_ROW("DESCRIPTION_TYPE", "string", "Description type", FIELD_TEXT, "description_type",
              FIELD_CODE, "text"),
    FIELD_ROW("ACTIVE", "char", "Active", FIELD_FLAG, "active", 0, "Y"),
    PRODUCT_PICTURE("PREVIEW_PICTURE", "Preview image"),
    PRODUCT_PICTURE("DETAIL_PICTURE", "Detail image"),
    PRODUCT_CODED("SECTION_ID", "Section", "section_id", FIELD_NULL_ZERO, &codes_product_section),
    FIELD_ROW("SORT", "integer", "Sorting", FIELD_INT, "sort", 0, "500"),
    PRODUCT_CODED("VAT_ID", "VAT rate", "vat_id", FIELD_NULL_ZERO, &codes_vat),
    FIELD_ROW("VAT_INCLUDED", "char", "VAT included", FIELD_FLAG, "vat_included", 0, "N"),
    PRODUCT_CODED("MEASURE", "Unit of measure", "measure", FIELD_NULL_ZERO, &codes_measure),
    FIELD_ROW("XML_ID", "string", "External code", FIELD_TEXT, "xml_id", FIELD_CODE, NULL),
    FIELD_ROW("DATE_CREATE", "datetime", "Created on", FIELD_DATETIME, "date_create",
              FIELD_READ_ONLY | FIELD_STAMP_CREATED, NULL),
    FIELD_ROW("TIMESTAMP_X", "datetime", "Modified on", FIELD_DATETIME, "timestamp_x",
              FIELD_READ_ONLY | FIELD_STAMP_UPDATED, NULL),
    FIELD_ROW("MODIFIED_BY", "integer", "Modified by", FIELD_INT, "modified_by",
              FIELD_READ_ONLY | FIELD_STAMP_EDITOR, NULL),
    FIELD_ROW("CREATED_BY", "integer", "Created by", FIELD_INT, "created_by",
              FIELD_READ_ONLY | FIELD_STAMP_AUTHOR, NULL),
};

/* A price is in a currency: the base, when none is told. */
static enum api_rc check_price(struct change *change)
{
    struct cell *currency = change_cell(change, "CURRENCY_ID");
    const char *base;
    if (cell_is_empty(currency))
        cell_set_null(currency);
    if (change_cell(change, "PRICE")->null || !currency->null)
        return API_OK;
    enum api_rc rc = currency_base(change->req, &base);
    if (rc == API_OK)
        cell_set_text(currency, base);
    return rc;
}

/* Its values of the portal's own properties, with or without a catalog. */
static const struct relation product_values = {
    .kind = &relation_owned, .table = "product_property_value", .own = "product_id"};
static const struct relation *const product_relations[] = {&product_values, &product_files,
                                                           &pictures, NULL};

static enum api_rc product_check(struct change *change)
{
    static const char *const references[] = {"SECTION_ID", "VAT_ID", "MEASURE"};
    struct cell *type = change_cell(change, "DESCRIPTION_TYPE");
    struct cell *code = change_cell(change, "CODE"), *xml_id = change_cell(change, "XML_ID");
    enum api_rc rc = change_required(change);
    if (rc != API_OK)
        return rc;
    if (strcmp(type->text, "text") != 0 && strcmp(type->text, "html") != 0)
        return api_fail_text(change->req, "The field DESCRIPTION_TYPE is not defined or invalid");
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        struct cell *cell = change_cell(change, references[i]);
        if (!cell->null && !cell->integer)
            cell_set_null(cell);
    }
    if (cell_is_empty(xml_id))
        cell_set_null(xml_id);
    if (change->is_add && cell_is_empty(code))
        cell_set_text(code, product_code_of(change->req->arena, change_cell(change, "NAME")->text));
    return check_price(change);
}

/* A product without an external code has its id for one. */
static enum api_rc product_stored(struct change *change)
{
    if (!change->is_add || !change_cell(change, "XML_ID")->null)
        return API_OK;
    const char *id = arena_printf(change->req->arena, "%lld", (long long)change->id);
    struct db_stmt *stmt =
        db_prepare(change->req->db, "UPDATE product SET xml_id = $1 WHERE id = $2");
    db_bind_textz(stmt, 1, id);
    db_bind_int(stmt, 2, change->id);
    return api_db(change->req, db_run(stmt));
}

const struct entity product_entity = {
    .name = "product",
    .table = "product",
    .permit = &permit_settings,
    .event = "PRODUCT",
    .pictures_as = PICTURE_OF_PRODUCT,
    .fields = product_fields,
    .field_count = sizeof product_fields / sizeof product_fields[0],
    .not_found = "Not found",
    .select_prefix = "PROPERTY_*",
    .relations = product_relations,
    .check = product_check,
    .after_write = product_stored,
};

ENTITY(product_entity);

static const struct crud crud = {"crm.product", &product_entity, ALL_VERBS & ~CRUD_FIELDS,
                                 .of_rows = true};

MODULE(crm_product, .crud = &crud);
