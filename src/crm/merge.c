/* merge - crm.entity.mergeBatch: several leads, deals, contacts, companies and so on become one of them (model/merge).
 *
 * Pages: api-reference/crm/duplicates/crm-entity-merge-batch, index.
 */
#include "base/limits.h"
#include "crm/owner.h"

#include "model/catalog.h"
#include "model/merge.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/registry.h"

struct merge {
    const struct entity *entity; /* the portal's variant */
    int64_t *ids;
    struct cell **rows;
    size_t count;
};

static enum api_rc refuse(struct request *req, const char *text)
{
    return api_fail(req, API_ERR_MERGE, "%s", text);
}

static enum api_rc take_entity(struct request *req, const struct value *params, struct merge *merge)
{
    int64_t type_id;
    if (!value_to_int(value_get_nocase(params, "entityTypeId"), &type_id) || !type_id)
        return refuse(req, "The parameter entityTypeId is required.");
    const struct entity *entity = entity_of_type(req, type_id);
    const struct entity *owner = owner_entity(req, type_id);
    if (!owner)
        return api_fail(req, API_ERR_MERGE, "Entity type %s is not supported",
                        entity && entity->code
                            ? entity->code
                            : arena_printf(req->arena, "%lld", (long long)type_id));
    merge->entity = catalog_entity(req, owner);
    return API_OK;
}

static bool is_among(const struct merge *merge, int64_t id)
{
    for (size_t i = 0; i < merge->count; i++) {
        if (merge->ids[i] == id)
            return true;
    }
    return false;
}

/* Each once, in the order given. */
static enum api_rc take_ids(struct request *req, const struct value *params, struct merge *merge)
{
    const struct value *given = value_get_nocase(params, "entityIds");
    size_t count = value_is_array(given) ? given->array.count : 0;
    if (count > LIMIT_PAGE)
        return api_fail(req, API_ERR_MERGE, "The parameter entityIds holds more than %d elements",
                        LIMIT_PAGE);
    merge->ids = arena_alloc(req->arena, (count + 1) * sizeof *merge->ids);
    merge->rows = arena_alloc(req->arena, (count + 1) * sizeof *merge->rows);
    for (size_t i = 0; i < count; i++) {
        int64_t id;
        if (value_to_int(given->array.items[i].value, &id) && id > 0 && !is_among(merge, id))
            merge->ids[merge->count++] = id;
    }
    if (!merge->count)
        return refuse(req, "The parameter entityIds does not contains valid elements.");
    if (merge->count == 1)
        return refuse(req, "The parameter entityIds must contains at least two elements.");
    return API_OK;
}

static enum api_rc denied(struct request *req)
{
    return api_fail(req, API_ERR_ACCESS_DENIED, "Access denied");
}

/* The first is read and changed, the others read and deleted. */
static enum api_rc read_one(struct request *req, struct merge *merge, size_t at)
{
    const struct permit *permit = merge->entity->permit;
    const enum access_action actions[] = {ACCESS_READ, at ? ACCESS_DELETE : ACCESS_UPDATE};
    enum api_rc rc = entity_row(req, merge->entity, merge->ids[at], &merge->rows[at]);
    for (size_t i = 0; i < 2 && rc == API_OK && req->caller->access; i++) {
        enum permit_sight sight = PERMIT_REFUSED;
        rc = permit->sight(req, merge->entity, merge->ids[at], actions[i], &sight);
        if (rc == API_OK && sight == PERMIT_REFUSED)
            return denied(req);
        if (rc == API_OK && sight == PERMIT_MISSING)
            merge->rows[at] = NULL;
    }
    if (rc == API_OK && !merge->rows[at])
        return refuse(req, "Owner was not found");
    return rc;
}

static void answer(struct request *req, const struct merge *merge, bool conflict)
{
    writer_begin_object(req->out);
    writer_text(req->out, "STATUS", conflict ? "CONFLICT" : "SUCCESS");
    writer_keyz(req->out, "ENTITY_IDS");
    writer_begin_list(req->out);
    for (size_t i = 1; i < merge->count && !conflict; i++)
        writer_int(req->out, merge->ids[i]);
    writer_end_list(req->out);
    writer_end_object(req->out);
}

static bool may_any(struct request *req, const struct entity *entity)
{
    const struct permit *permit = entity->permit;
    return !req->caller->access || (permit && permit->any(req->caller, entity, ACCESS_READ) &&
                                    permit->any(req->caller, entity, ACCESS_UPDATE) &&
                                    permit->any(req->caller, entity, ACCESS_DELETE));
}

static enum api_rc merge_batch(struct request *req)
{
    const struct value *params = param_get(req, "params");
    struct merge merge = {0};
    bool conflict = false;
    enum api_rc rc = take_entity(req, params, &merge);
    if (rc == API_OK && !may_any(req, merge.entity))
        rc = denied(req);
    if (rc == API_OK)
        rc = take_ids(req, params, &merge);
    for (size_t i = 0; i < merge.count && rc == API_OK; i++)
        rc = read_one(req, &merge, i);
    if (rc == API_OK)
        rc = merge_rows(req, merge.entity, merge.ids, merge.rows, merge.count, &conflict);
    if (rc == API_OK)
        answer(req, &merge, conflict);
    return rc;
}

static const struct param an_id[] = {{"", PARAM_INT}, {0}};
static const struct param merge_keys[] = {
    {"entityTypeId", PARAM_INT, true, "Of crm.enum.ownertype.", .asked = true},
    {"entityIds", PARAM_LIST, true, "The first stays, the others go.", .keys = an_id,
     .asked = true},
    {0}};
static const struct param merge_params[] = {
    {"params", PARAM_ARRAY, true, "What is merged.", .keys = merge_keys, .asked = true}, {0}};
static const struct param merged_keys[] = {
    {"STATUS", PARAM_STRING, true, "SUCCESS or CONFLICT.", .one_of = "SUCCESS|CONFLICT"},
    {"ENTITY_IDS", PARAM_LIST, true, "The rows that are gone.", .keys = an_id},
    {0}};

static const struct method methods[] = {
    {.name = "crm.entity.mergeBatch",
     .summary = "Merge rows of one entity into the first of them.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = merge_params,
     .result = SHAPE_OBJECT,
     .gives = merged_keys,
     .page = "api-reference/crm/duplicates/crm-entity-merge-batch",
     .handle = merge_batch},
};

MODULE(crm_merge, METHODS(methods));
