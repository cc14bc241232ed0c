/* crm.lead.* - leads.
 *
 * Used by: the registry.
 * Pages:   api-reference/crm/leads/.
 */
#include "method/crm_owner.h"

static enum api_rc lead_add(struct request *req)
{
    return entity_add(req, &lead_entity);
}

static enum api_rc lead_update(struct request *req)
{
    return owner_update(req, &lead_entity, API_ERR_METHOD, "Not found");
}

static enum api_rc lead_get(struct request *req)
{
    return owner_get(req, &lead_entity);
}

static enum api_rc lead_list(struct request *req)
{
    return entity_list(req, &lead_entity);
}

static enum api_rc lead_delete(struct request *req)
{
    return owner_delete(req, &lead_entity, API_ERR_METHOD, "Not found");
}

static enum api_rc lead_fields(struct request *req)
{
    return entity_fields(req, &lead_entity);
}

#define PAGE(verb) "api-reference/crm/leads/crm-lead-" verb

static const struct method methods[] = {
    {.name = "crm.lead.add",
     .summary = "Add a lead.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = lead_add},
    {.name = "crm.lead.update",
     .summary = "Change fields of a lead.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = lead_update},
    {.name = "crm.lead.get",
     .summary = "Return one lead by its id.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_id_params,
     .result = SHAPE_OBJECT,
     .page = PAGE("get"),
     .handle = lead_get},
    {.name = "crm.lead.list",
     .summary = "Return leads by filter, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_list_params,
     .result = SHAPE_LIST,
     .page = PAGE("list"),
     .handle = lead_list},
    {.name = "crm.lead.delete",
     .summary = "Delete a lead and what hangs on it alone.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = lead_delete},
    {.name = "crm.lead.fields",
     .summary = "Describe the fields of a lead.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .page = PAGE("fields"),
     .handle = lead_fields},
};

METHOD_FAMILY(crm_lead, methods);
