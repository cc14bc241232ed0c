/* product_catalog - the catalog of products, and crm.catalog.*: there is one.
 *
 * Pages: api-reference/crm/outdated/catalog/.
 */
#include "crm/product_catalog.h"

#include "model/crud.h"
#include "model/permit.h"
#include "model/registry.h"

static const struct field catalog_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("NAME", "string", "Name", FIELD_TEXT, "name", FIELD_REQUIRED, NULL),
    FIELD_ROW("ORIGINATOR_ID", "string", "External source", FIELD_TEXT, "originator_id", 0, NULL),
    FIELD_ROW("ORIGIN_ID", "string", "Item in the external source", FIELD_TEXT, "origin_id", 0,
              NULL),
    FIELD_ROW("XML_ID", "string", "External code", FIELD_TEXT, "xml_id", FIELD_READ_ONLY, NULL),
};

const struct entity product_catalog_entity = {
    .name = "product catalog",
    .table = "product_catalog",
    .permit = &permit_settings,
    .fields = catalog_fields,
    .field_count = sizeof catalog_fields / sizeof catalog_fields[0],
    .not_found = "Not found",
    .stays = true,
};

ENTITY(product_catalog_entity);

static enum api_rc known_catalog(struct change *change, const struct field *field,
                                 struct cell *cell, bool *known)
{
    (void)field;
    return entity_exists(change->req, &product_catalog_entity, cell->integer, known);
}

const struct field_codes codes_product_catalog = {.known = known_catalog};

static const struct crud crud = {"crm.catalog", &product_catalog_entity,
                                 CRUD_GET | CRUD_LIST | CRUD_FIELDS};

MODULE(crm_catalog, .crud = &crud);
