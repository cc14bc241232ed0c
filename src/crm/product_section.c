/* product_section - the folders of the product catalog, and crm.productsection.*.
 *
 * What:    a section may be in another one, and in none of its own. One with something in it stays.
 * Pages:   api-reference/crm/outdated/product-section/.
 */
#include "crm/product_section.h"

#include "crm/product_catalog.h"
#include "model/crud.h"
#include "model/permit.h"
#include "model/registry.h"

static const struct field section_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    {.name = "CATALOG_ID",
     .type = "integer",
     .title = "Catalog",
     .kind = FIELD_INT,
     .column = "catalog_id",
     .flags = FIELD_IMMUTABLE,
     .fallback = PRODUCT_CATALOG_ID,
     .codes = &codes_product_catalog},
    {.name = "SECTION_ID",
     .type = "integer",
     .title = "Section",
     .kind = FIELD_INT,
     .column = "section_id",
     .flags = FIELD_NULL_ZERO,
     .codes = &codes_product_section},
    FIELD_ROW("NAME", "string", "Name", FIELD_TEXT, "name", FIELD_REQUIRED, NULL),
    FIELD_ROW("XML_ID", "string", "External code", FIELD_TEXT, "xml_id", FIELD_CODE, NULL),
};

static enum api_rc parent_of(struct request *req, int64_t id, int64_t *parent)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT section_id FROM product_section WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *parent = rc == DB_ROW && !db_is_null(stmt, 0) ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

/* Upwards from where it is put: it is not met there. */
static enum api_rc check_circle(struct change *change)
{
    const struct cell *section = change_cell(change, "SECTION_ID");
    int64_t above = section->null ? 0 : section->integer;
    enum api_rc rc = API_OK;
    while (above && above != change->id && rc == API_OK)
        rc = parent_of(change->req, above, &above);
    if (rc == API_OK && above)
        return api_fail_text(change->req, "A section cannot be in itself");
    return rc;
}

static enum api_rc section_check(struct change *change)
{
    struct cell *section = change_cell(change, "SECTION_ID");
    enum api_rc rc = change_required(change);
    if (!section->null && !section->integer)
        cell_set_null(section);
    if (rc != API_OK || change->is_add || !section->given)
        return rc;
    rc = api_db(change->req, db_hold_rule(change->req->db, "product_section"));
    return rc == API_OK ? check_circle(change) : rc;
}

static enum api_rc section_deleted(struct request *req, int64_t id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT 1 FROM product_section WHERE section_id = $1 UNION ALL SELECT 1 FROM "
                 "product WHERE section_id = $2 LIMIT 1");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, id);
    enum db_rc rc = db_step(stmt);
    bool used = rc == DB_ROW;
    db_finish(stmt);
    return used ? api_fail_text(req, "The section is not empty") : api_db(req, rc);
}

const struct entity product_section_entity = {
    .name = "product section",
    .table = "product_section",
    .permit = &permit_settings,
    .event = "PRODUCTSECTION",
    .fields = section_fields,
    .field_count = sizeof section_fields / sizeof section_fields[0],
    .not_found = "Not found",
    .check = section_check,
    .before_delete = section_deleted,
};

ENTITY(product_section_entity);

static enum api_rc known_section(struct change *change, const struct field *field,
                                 struct cell *cell, bool *known)
{
    (void)field;
    return entity_exists(change->req, &product_section_entity, cell->integer, known);
}

const struct field_codes codes_product_section = {.known = known_section};

static const struct crud crud = {"crm.productsection", &product_section_entity, ALL_VERBS,
                                 .of_rows = true};

MODULE(crm_productsection, .crud = &crud);
