/* crm.company.* - companies. The texts for a missing one differ by method, as documented.
 *
 * Used by: the registry.
 * Pages:   api-reference/crm/companies/.
 */
#include "method/crm_owner.h"
#include "model/permit.h"
#include "model/picture.h"

static enum api_rc company_add(struct request *req)
{
    return entity_add(req, &company_entity);
}

static enum api_rc company_update(struct request *req)
{
    return owner_update(req, &company_entity, API_ERR_METHOD, "Company is not found");
}

static enum api_rc company_get(struct request *req)
{
    return owner_get(req, &company_entity);
}

static enum api_rc company_list(struct request *req)
{
    return entity_list(req, &company_entity);
}

static enum api_rc company_delete(struct request *req)
{
    return owner_delete(req, &company_entity, API_ERR_METHOD, "Company is not found");
}

static enum api_rc company_fields(struct request *req)
{
    /* Of the four pages of fields this one alone asks for the right to read. */
    enum api_rc rc = permit_any(req, &company_entity, ACCESS_READ);
    return rc == API_OK ? entity_fields(req, &company_entity) : rc;
}

#define PAGE(verb) "api-reference/crm/companies/crm-company-" verb

static const struct method methods[] = {
    {.name = "crm.company.add",
     .summary = "Add a company.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = company_add,
     .prepare = picture_prepare},
    {.name = "crm.company.update",
     .summary = "Change fields of a company.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = company_update,
     .prepare = picture_prepare},
    {.name = "crm.company.get",
     .summary = "Return one company by its id.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_id_params,
     .result = SHAPE_OBJECT,
     .page = PAGE("get"),
     .handle = company_get},
    {.name = "crm.company.list",
     .summary = "Return companies by filter, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_list_params,
     .result = SHAPE_LIST,
     .page = PAGE("list"),
     .handle = company_list},
    {.name = "crm.company.delete",
     .summary = "Delete a company and what hangs on it alone.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = company_delete},
    {.name = "crm.company.fields",
     .summary = "Describe the fields of a company.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .page = PAGE("fields"),
     .handle = company_fields},
};

METHOD_FAMILY(crm_company, methods);
