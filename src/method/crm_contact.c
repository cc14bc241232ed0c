/* crm.contact.* - contacts. The texts for a missing one differ by method, as documented.
 *
 * Used by: the registry.
 * Pages:   api-reference/crm/contacts/.
 */
#include "method/crm_owner.h"
#include "model/picture.h"

static enum api_rc contact_add(struct request *req)
{
    return entity_add(req, &contact_entity);
}

static enum api_rc contact_update(struct request *req)
{
    return owner_update(req, &contact_entity, API_ERR_METHOD, "Contact is not found");
}

static enum api_rc contact_get(struct request *req)
{
    return owner_get(req, &contact_entity);
}

static enum api_rc contact_list(struct request *req)
{
    return entity_list(req, &contact_entity);
}

static enum api_rc contact_delete(struct request *req)
{
    return owner_delete(req, &contact_entity, API_ERR_CORE, "Element not found");
}

static enum api_rc contact_fields(struct request *req)
{
    return entity_fields(req, &contact_entity);
}

#define PAGE(verb) "api-reference/crm/contacts/crm-contact-" verb

static const struct method methods[] = {
    {.name = "crm.contact.add",
     .summary = "Add a contact.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = contact_add,
     .prepare = picture_prepare},
    {.name = "crm.contact.update",
     .summary = "Change fields of a contact.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = contact_update,
     .prepare = picture_prepare},
    {.name = "crm.contact.get",
     .summary = "Return one contact by its id.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_id_params,
     .result = SHAPE_OBJECT,
     .page = PAGE("get"),
     .handle = contact_get},
    {.name = "crm.contact.list",
     .summary = "Return contacts by filter, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = owner_list_params,
     .result = SHAPE_LIST,
     .page = PAGE("list"),
     .handle = contact_list},
    {.name = "crm.contact.delete",
     .summary = "Delete a contact and what hangs on it alone.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = owner_id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = contact_delete},
    {.name = "crm.contact.fields",
     .summary = "Describe the fields of a contact.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .page = PAGE("fields"),
     .handle = contact_fields},
};

METHOD_FAMILY(crm_contact, methods);
