/* crm.lead.productrows.*, crm.deal.productrows.*, crm.productrow.* - product rows, as programs of old write them.
 *
 * What:    who may read or change an owner may do so with its rows.
 * Used by: the registry.
 * Pages:   api-reference/crm/leads/crm-lead-productrows-get and -set, those of deals and quotes,
 *          api-reference/crm/outdated/productrow-old/.
 */
#include <string.h>

#include "crm/product_owner.h"
#include "crm/product_row.h"
#include "crm/product_row_all.h"
#include "model/method.h"
#include "model/registry.h"
#include "model/shape.h"

/* Fails unless the caller may do that with the rows of an owner that there is. */
static enum api_rc owner_look(struct request *req, const struct entity *owner, int64_t id,
                              enum access_action action)
{
    enum permit_sight sight = PERMIT_MISSING;
    enum api_rc rc = permit_any(req, owner, action);
    if (rc == API_OK)
        rc = product_owner_sight(req, owner, id, action, &sight);
    if (rc != API_OK || sight == PERMIT_FREE)
        return rc;
    return sight == PERMIT_REFUSED ? permit_denied(req) : permit_missing(req, owner, ACCESS_READ);
}

/* "crm.deal.productrows.get" is about deals. */
static const struct entity *method_owner(struct request *req)
{
    const char *code = strchr(req->method->name, '.') + 1;
    return entity_of_code(req, arena_strndup(req->arena, code, strcspn(code, ".")));
}

static enum api_rc begin(struct request *req, enum access_action action,
                         const struct entity **owner, int64_t *id)
{
    *owner = method_owner(req);
    if (!param_int(req, "id", id) || *id <= 0)
        return api_fail_text(req, "The parameter id is invalid or not defined.");
    return owner_look(req, *owner, *id, action);
}

static enum api_rc get(struct request *req)
{
    const struct entity *owner;
    int64_t id;
    enum api_rc rc = begin(req, ACCESS_READ, &owner, &id);
    return rc == API_OK ? product_row_write(req, owner, id) : rc;
}

static enum api_rc set(struct request *req)
{
    const struct entity *owner;
    int64_t id;
    const struct value *rows = param_get(req, "rows");
    enum api_rc rc = begin(req, ACCESS_UPDATE, &owner, &id);
    if (rc == API_OK && !value_is_empty(rows) && !value_is_array(rows))
        return api_fail_text(req, "The parameter rows must be array.");
    if (rc == API_OK)
        rc = product_row_set(req, owner, id, rows);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* ---- crm.productrow ---- */

static enum api_rc fields(struct request *req)
{
    return entity_fields(req, &product_row_entity);
}

/* The value of an equality in the filter. */
static const struct value *wanted(const struct request *req, const char *name)
{
    const struct value *filter = param_get(req, "filter");
    for (size_t i = 0; value_is_array(filter) && i < filter->array.count; i++) {
        const struct value_item *item = &filter->array.items[i];
        if (!strcmp(item->key + (item->key[0] == '='), name))
            return item->value;
    }
    return NULL;
}

static enum api_rc list(struct request *req)
{
    size_t len;
    int64_t id = 0;
    const struct value *type = wanted(req, "OWNER_TYPE");
    const char *code = type ? value_to_text(req->arena, type, &len) : NULL;
    const struct entity *owner = code ? product_owner(req, code) : NULL;
    if (!owner || !value_to_int(wanted(req, "OWNER_ID"), &id) || id <= 0)
        return api_fail_text(req, "The filter must name one owner by OWNER_TYPE and OWNER_ID.");
    enum api_rc rc = owner_look(req, owner, id, ACCESS_READ);
    return rc == API_OK ? entity_list(req, &product_row_entity) : rc;
}

static const struct param get_params[] = {
    {"id", PARAM_INT, true, "Identifier of the owner, greater than 0.", .asked = true},
    {0},
};
static const struct param set_params[] = {
    {"id", PARAM_INT, true, "Identifier of the owner, greater than 0.", .asked = true},
    {"rows", PARAM_ANY, false, "The rows, each an object; one with the ID of a row changes it."},
    {0},
};
static const struct param list_params[] = {
    {"select", PARAM_SELECT, false, "Field names.", .entity = &product_row_entity},
    {"filter", PARAM_FILTER, true, "OWNER_TYPE (D, L ...), OWNER_ID, and further conditions.",
     .asked = true, .entity = &product_row_entity},
    {"order", PARAM_ORDER, false, "ASC or DESC by field name.", .entity = &product_row_entity},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

static const struct param row[] = {{"", PARAM_ROW, .entity = &product_row_entity}, {0}};

static const struct param shown[] = {{"ID", PARAM_STRING, true},
                                     {"OWNER_ID", PARAM_STRING, true},
                                     {"OWNER_TYPE", PARAM_STRING, true},
                                     {"PRODUCT_ID", PARAM_INT, true},
                                     {"PRODUCT_NAME", PARAM_STRING, true, .null = true},
                                     {"ORIGINAL_PRODUCT_NAME", PARAM_STRING, true, .null = true},
                                     {"PRODUCT_DESCRIPTION", PARAM_STRING, true, .null = true},
                                     {"PRICE", PARAM_NUMBER, true},
                                     {"PRICE_EXCLUSIVE", PARAM_NUMBER, true},
                                     {"PRICE_NETTO", PARAM_NUMBER, true},
                                     {"PRICE_BRUTTO", PARAM_NUMBER, true},
                                     {"PRICE_ACCOUNT", PARAM_STRING, true},
                                     {"QUANTITY", PARAM_NUMBER, true},
                                     {"DISCOUNT_TYPE_ID", PARAM_INT, true},
                                     {"DISCOUNT_RATE", PARAM_NUMBER, true},
                                     {"DISCOUNT_SUM", PARAM_NUMBER, true},
                                     {"TAX_RATE", PARAM_NUMBER, true, .null = true},
                                     {"TAX_INCLUDED", PARAM_FLAG, true},
                                     {"CUSTOMIZED", PARAM_FLAG, true},
                                     {"MEASURE_CODE", PARAM_INT, true},
                                     {"MEASURE_NAME", PARAM_STRING, true},
                                     {"SORT", PARAM_INT, true},
                                     {"XML_ID", PARAM_STRING, true, .null = true},
                                     {"TYPE", PARAM_INT, true},
                                     {"STORE_ID", PARAM_INT, true, .null = true},
                                     {"RESERVE_ID", PARAM_INT, true, .null = true},
                                     {"DATE_RESERVE_END", PARAM_STRING, true, .null = true},
                                     {"RESERVE_QUANTITY", PARAM_NUMBER, true, .null = true},
                                     {0}};

#define PAGE(name) "api-reference/crm/" name
#define GET(code, where)                                                                           \
    {                                                                                              \
        .name = "crm." code ".productrows.get",                                                    \
        .summary = "Return the product rows of a " code ".", .scope = "crm", .lane = LANE_READ,    \
        .params = get_params, .result = SHAPE_LIST, .gives = shown, .page = PAGE(where),           \
        .handle = get                                                                              \
    }
#define SET(code, where)                                                                           \
    {                                                                                              \
        .name = "crm." code ".productrows.set",                                                    \
        .summary = "Replace the product rows of a " code ".", .scope = "crm", .lane = LANE_WRITE,  \
        .of_rows = true, .params = set_params, .result = SHAPE_BOOL, .page = PAGE(where),          \
        .handle = set                                                                              \
    }

static const struct method methods[] = {
    GET("lead", "leads/crm-lead-productrows-get"),
    SET("lead", "leads/crm-lead-productrows-set"),
    GET("deal", "deals/crm-deal-productrows-get"),
    SET("deal", "deals/crm-deal-productrows-set"),
    GET("quote", "quote/crm-quote-product-rows-get"),
    SET("quote", "quote/crm-quote-product-rows-set"),
    {.name = "crm.productrow.list",
     .summary = "Return product rows of one owner by filter, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = list_params,
     .result = SHAPE_LIST,
     .gives = row,
     .page = PAGE("outdated/productrow-old/crm-productrow-list"),
     .handle = list},
    {.name = "crm.productrow.fields",
     .summary = "Describe the fields of a product row.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = PAGE("outdated/productrow-old/crm-productrow-fields"),
     .handle = fields},
};

MODULE(crm_productrow, METHODS(methods));
