/* crm.deal.* - deals.
 *
 * Used by: the registry.
 * Pages:   api-reference/crm/deals/.
 */
#include "method/crm_owner.h"

static enum api_rc deal_add(struct request *req)
{
    return entity_add(req, &deal_entity);
}

static enum api_rc deal_update(struct request *req)
{
    return owner_update(req, &deal_entity, API_ERR_METHOD, "Not found");
}

static enum api_rc deal_get(struct request *req)
{
    return owner_get(req, &deal_entity);
}

static enum api_rc deal_list(struct request *req)
{
    return entity_list(req, &deal_entity);
}

static enum api_rc deal_delete(struct request *req)
{
    return owner_delete(req, &deal_entity, API_ERR_METHOD, "Not found");
}

static enum api_rc deal_fields(struct request *req)
{
    return entity_fields(req, &deal_entity);
}

#define PAGE(verb) "api-reference/crm/deals/crm-deal-" verb

static const struct method methods[] = {
    {.name = "crm.deal.add",
     .summary = "Add a deal.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = deal_add},
    {.name = "crm.deal.update",
     .summary = "Change fields of a deal.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = deal_update},
    {.name = "crm.deal.get",
     .summary = "Return one deal by its id.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_id_params,
     .result = SHAPE_OBJECT,
     .page = PAGE("get"),
     .handle = deal_get},
    {.name = "crm.deal.list",
     .summary = "Return deals by filter, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_list_params,
     .result = SHAPE_LIST,
     .page = PAGE("list"),
     .handle = deal_list},
    {.name = "crm.deal.delete",
     .summary = "Delete a deal and what hangs on it alone.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = deal_delete},
    {.name = "crm.deal.fields",
     .summary = "Describe the fields of a deal.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .page = PAGE("fields"),
     .handle = deal_fields},
};

METHOD_FAMILY(crm_deal, methods);
