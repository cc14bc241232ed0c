/* crm.item.details.configuration.* - how the card of a type is arranged.
 * Pages: api-reference/crm/universal/item-details-configuration. */
#include <string.h>
#include <strings.h>

#include "crm/card.h"
#include "crm/owner.h"
#include "model/method.h"
#include "model/registry.h"
#include "user/user.h"

#define PAGE(name)                                                                                 \
    "api-reference/crm/universal/item-details-configuration/crm-item-details-configuration-" name

/* ---- parameters ---- */

/* Leads, deals and types with funnels have a card for each kind, or funnel. */
static int64_t variant_of(const struct request *req, int64_t type_id)
{
    const struct value *extras = param_get(req, "extras");
    const char *name = type_id == OWNER_LEAD   ? "leadCustomerType"
                       : type_id == OWNER_DEAL ? "dealCategoryId"
                                               : "categoryId";
    int64_t variant = type_id == OWNER_LEAD ? 1 : 0;
    value_to_int(value_get(extras, name), &variant);
    return variant;
}

static enum api_rc read_type(struct request *req, struct card *card)
{
    const struct entity *entity;
    *card = (struct card){0};
    if (!param_int(req, "entityTypeId", &card->type_id))
        return api_fail_text(req, "Parameter 'entityTypeId' is not defined");
    entity = entity_of_type(req, card->type_id);
    if (!entity || !entity->names)
        return api_fail(
            req, API_ERR_METHOD, "The entity type '%s' is not supported in current context.",
            entity && entity->code ? entity->code
                                   : arena_printf(req->arena, "%lld", (long long)card->type_id));
    card->variant = variant_of(req, card->type_id);
    return API_OK;
}

/* Everybody's is an administrator's to change; so is another's, which others do not see either. */
static enum api_rc read_card(struct request *req, bool changes, struct card *card)
{
    bool exists = true;
    enum api_rc rc = read_type(req, card);
    bool common = !strcasecmp(param_text(req, "scope"), "C");
    if (rc != API_OK)
        return rc;
    card->user_id = req->caller->user_id;
    if (!common)
        param_int(req, "userId", &card->user_id);
    bool foreign = card->user_id != req->caller->user_id || (common && changes);
    if (foreign && !req->caller->is_admin)
        return api_fail_text(req, "Access denied.");
    if (common)
        card->user_id = 0;
    else if (foreign)
        rc = user_exists(req, card->user_id, &exists);
    if (rc == API_OK && !exists)
        rc = api_fail_text(req, "The user is not found.");
    return rc;
}

/* ---- handlers ---- */

static enum api_rc configuration_get(struct request *req)
{
    struct card card;
    const char *json = NULL;
    enum api_rc rc = read_card(req, false, &card);
    if (rc == API_OK)
        rc = card_find(req, &card, &json);
    if (rc != API_OK)
        return rc;
    if (json)
        writer_raw(req->out, json, strlen(json));
    else
        writer_null(req->out);
    return API_OK;
}

static enum api_rc done(struct request *req, enum api_rc rc)
{
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc configuration_set(struct request *req)
{
    struct card card;
    enum api_rc rc = read_card(req, true, &card);
    return done(req, rc == API_OK ? card_set(req, &card, param_get(req, "data")) : rc);
}

static enum api_rc configuration_reset(struct request *req)
{
    struct card card;
    enum api_rc rc = read_card(req, true, &card);
    return done(req, rc == API_OK ? card_reset(req, &card) : rc);
}

static enum api_rc configuration_force(struct request *req)
{
    struct card card;
    enum api_rc rc = read_type(req, &card);
    if (rc == API_OK && !req->caller->is_admin)
        rc = api_fail_text(req, "Access denied.");
    return done(req, rc == API_OK ? card_force_common(req, &card) : rc);
}

/* ---- table ---- */

#define TYPE                                                                                       \
    {                                                                                              \
        "entityTypeId", PARAM_INT, true, "Type of the items: `crm.enum.ownertype`."                \
    }
#define WHOSE                                                                                      \
    {"userId", PARAM_INT, false, "Whose card; another's is an administrator's."},                  \
    {                                                                                              \
        "scope", PARAM_STRING, false, "P: of one user; C: everybody's."                            \
    }
#define EXTRAS                                                                                     \
    {                                                                                              \
        "extras", PARAM_ARRAY, false, "categoryId, dealCategoryId or leadCustomerType."            \
    }

static const struct param whose_params[] = {TYPE, WHOSE, EXTRAS, {0}};
static const struct param set_params[] = {
    TYPE, {"data", PARAM_ANY, true, "Sections: name, title, type, elements."}, WHOSE, EXTRAS, {0},
};
static const struct param force_params[] = {TYPE, EXTRAS, {0}};

static const struct param arranged[] = {
    {"", PARAM_ANY, .summary = "A list of sections as they were set; null: nobody arranged it"},
    {0}};

static const struct method methods[] = {
    {.name = "crm.item.details.configuration.get",
     .summary = "Return how the card of a type is arranged.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = whose_params,
     .result = SHAPE_ANY,
     .gives = arranged,
     .page = PAGE("get"),
     .handle = configuration_get},
    {.name = "crm.item.details.configuration.set",
     .summary = "Arrange the card of a type.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = set_params,
     .result = SHAPE_BOOL,
     .page = PAGE("set"),
     .handle = configuration_set},
    {.name = "crm.item.details.configuration.reset",
     .summary = "Forget how a card was arranged.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = whose_params,
     .result = SHAPE_BOOL,
     .page = PAGE("reset"),
     .handle = configuration_reset},
    {.name = "crm.item.details.configuration.forceCommonScopeForAll",
     .summary = "Let everybody have the common card.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = force_params,
     .result = SHAPE_BOOL,
     .page = PAGE("forceCommonScopeForAll"),
     .handle = configuration_force},
};

MODULE(crm_item_details, METHODS(methods));
