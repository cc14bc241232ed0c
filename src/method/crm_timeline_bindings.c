/* crm.timeline.bindings.* - the cards at which an entry of the timeline shows.
 * Pages: api-reference/crm/timeline/bindings. */
#include "crm/owner.h"
#include "crm/timeline.h"
#include "model/method.h"
#include "model/shape.h"
#include "model/unknown.h"

#define PAGE(name) "api-reference/crm/timeline/" name

static const struct field binding_fields[] = {
    FIELD_ROW("OWNER_ID", "integer", "Timeline record ID", FIELD_INT, NULL,
              FIELD_REQUIRED | FIELD_IMMUTABLE, NULL),
    FIELD_ROW("ENTITY_ID", "integer", "Element ID", FIELD_INT, NULL,
              FIELD_REQUIRED | FIELD_IMMUTABLE, NULL),
    FIELD_ROW("ENTITY_TYPE", "string", "Element type", FIELD_TEXT, NULL,
              FIELD_REQUIRED | FIELD_IMMUTABLE, NULL),
};

static enum api_rc bindings_fields(struct request *req)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < sizeof binding_fields / sizeof binding_fields[0]; i++)
        field_describe(req, &binding_fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

struct binding {
    struct timeline_entry entry;
    const struct entity *owner;
    int64_t owner_id;
};

static enum api_rc undefined(struct request *req, const char *name)
{
    return api_fail_text(req, arena_printf(req->arena, "%s is not defined or invalid.", name));
}

/* The three fields; an entry that the caller does not see is none. */
static enum api_rc take_binding(struct request *req, struct binding *binding)
{
    static const char *const known[] = {"OWNER_ID", "ENTITY_ID", "ENTITY_TYPE", NULL};
    const struct value *fields = param_get(req, "fields");
    const struct value *type = value_get(fields, "ENTITY_TYPE");
    size_t len;
    int64_t id;
    bool found = false;
    enum api_rc rc = unknown_keys(req, IN_FIELDS, fields, known);
    if (rc == API_OK && (!value_to_int(value_get(fields, "OWNER_ID"), &id) || id <= 0))
        return undefined(req, "OWNER_ID");
    if (rc == API_OK)
        rc = timeline_read(req, NULL, id, &binding->entry, &found);
    if (rc == API_OK && (!found || !binding->entry.owner))
        return undefined(req, "OWNER_ID");
    if (rc == API_OK && (!value_to_int(value_get(fields, "ENTITY_ID"), &binding->owner_id) ||
                         binding->owner_id <= 0))
        return undefined(req, "ENTITY_ID");
    const char *code = type && rc == API_OK ? value_to_text(req->arena, type, &len) : NULL;
    binding->owner = code ? timeline_owner(req, code) : NULL;
    return rc == API_OK && !binding->owner ? undefined(req, "ENTITY_TYPE") : rc;
}

/* Both the entry and the row must be his to change. A row that is not there is an invalid one. */
static enum api_rc check_binding(struct request *req, const struct binding *binding)
{
    enum permit_sight sight;
    bool exists = false;
    enum api_rc rc = timeline_sight(req, binding->entry.id, ACCESS_UPDATE, &sight);
    if (rc == API_OK && sight != PERMIT_FREE)
        return permit_denied(req);
    if (rc == API_OK && req->caller->access)
        rc = binding->owner->permit->sight(req, binding->owner, binding->owner_id, ACCESS_UPDATE,
                                           &sight);
    if (rc == API_OK && sight != PERMIT_FREE)
        return permit_denied(req);
    if (rc == API_OK)
        rc = entity_exists(req, binding->owner, binding->owner_id, &exists);
    return rc == API_OK && !exists ? undefined(req, "ENTITY_ID") : rc;
}

static enum api_rc bindings_bind(struct request *req)
{
    struct binding binding;
    bool bound = false;
    enum api_rc rc = take_binding(req, &binding);
    if (rc == API_OK)
        rc = check_binding(req, &binding);
    if (rc == API_OK)
        rc = timeline_is_bound(req, binding.entry.id, binding.owner, binding.owner_id, &bound);
    if (rc == API_OK && !bound)
        rc = timeline_bind(req, &binding.entry, binding.owner, binding.owner_id);
    if (rc == API_OK)
        writer_bool(req->out, !bound);
    return rc;
}

/* From the last row it is not taken: nobody would find it any more. */
static enum api_rc bindings_unbind(struct request *req)
{
    struct binding binding;
    bool bound = false;
    enum api_rc rc = take_binding(req, &binding);
    if (rc == API_OK)
        rc = timeline_is_bound(req, binding.entry.id, binding.owner, binding.owner_id, &bound);
    if (rc == API_OK && !bound)
        rc = api_fail_text(req, "Not found.");
    if (rc == API_OK)
        rc = check_binding(req, &binding);
    if (rc == API_OK && binding.entry.bindings > 1)
        rc = timeline_unbind(req, binding.entry.id, binding.owner, binding.owner_id);
    if (rc == API_OK)
        writer_bool(req->out, binding.entry.bindings > 1);
    return rc;
}

static enum api_rc write_binding(struct request *req, int64_t id, const struct entity *owner,
                                 int64_t owner_id)
{
    bool may = false;
    enum api_rc rc = owner ? permit_reads(req, owner, owner_id, &may) : API_OK;
    if (rc != API_OK || !may)
        return rc;
    req->total++;
    writer_begin_object(req->out);
    writer_keyz(req->out, "OWNER_ID");
    writer_int_string(req->out, id);
    writer_keyz(req->out, "ENTITY_ID");
    writer_int_string(req->out, owner_id);
    writer_text(req->out, "ENTITY_TYPE", timeline_owner_code(req, owner));
    writer_end_object(req->out);
    return API_OK;
}

struct bond {
    struct bond *next;
    int64_t type_id, id;
};

static enum api_rc bindings_list(struct request *req)
{
    static const char *const known[] = {"OWNER_ID", "ENTITY_ID", "ENTITY_TYPE", NULL};
    const struct value *filter = param_get(req, "filter");
    const struct value *type = value_get(filter, "ENTITY_TYPE");
    struct bond *bonds = NULL, **link = &bonds;
    size_t len;
    int64_t id, only_id = 0;
    bool has_id = value_to_int(value_get(filter, "ENTITY_ID"), &only_id);
    const char *code = type ? value_to_text(req->arena, type, &len) : NULL;
    enum db_rc step;
    enum api_rc rc = unknown_keys(req, IN_FILTER, filter, known);
    if (rc == API_OK && (!value_to_int(value_get(filter, "OWNER_ID"), &id) || id <= 0))
        return undefined(req, "OWNER_ID");
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT owner_type_id, owner_id FROM timeline_binding WHERE entry_id = "
                            "$1 ORDER BY owner_type_id, owner_id");
    db_bind_int(stmt, 1, id);
    while ((step = db_step(stmt)) == DB_ROW) {
        *link = arena_zalloc(req->arena, sizeof **link);
        (*link)->type_id = db_int(stmt, 0);
        (*link)->id = db_int(stmt, 1);
        link = &(*link)->next;
    }
    db_finish(stmt);
    rc = api_db(req, step);
    req->total = 0;
    writer_begin_list(req->out);
    for (; bonds && rc == API_OK; bonds = bonds->next) {
        const struct entity *owner = owner_entity(req, bonds->type_id);
        if ((!has_id || bonds->id == only_id) && (!code || owner == timeline_owner(req, code)))
            rc = write_binding(req, id, owner, bonds->id);
    }
    writer_end_list(req->out);
    return rc;
}

static const struct param binding_keys[] = {
    {"OWNER_ID", PARAM_INT, true, "Id of the entry."},
    {"ENTITY_ID", PARAM_INT, true, "Id of the row."},
    {"ENTITY_TYPE", PARAM_STRING, true, "lead, deal, contact ..."},
    {0},
};
static const struct param bind_params[] = {
    {"fields", PARAM_ARRAY, true, "The binding.", .keys = binding_keys, .asked = true}, {0}};
static const struct param bindings_params[] = {
    {"filter", PARAM_FILTER, true, "OWNER_ID, the entry; ENTITY_ID, ENTITY_TYPE.", .asked = true},
    {0}};
static const struct param binding_shown[] = {
    {"OWNER_ID", PARAM_STRING, true},
    {"ENTITY_ID", PARAM_STRING, true},
    {"ENTITY_TYPE", PARAM_STRING, true},
    {0},
};

#define METHOD(method, about, where, returns, call)                                                \
    .name = "crm.timeline." method, .summary = about, .scope = "crm", .lane = where,               \
    .of_rows = true, .result = returns, .handle = call

static const struct method methods[] = {
    {METHOD("bindings.bind", "Show an entry at one more card.", LANE_WRITE, SHAPE_BOOL,
            bindings_bind),
     .params = bind_params, .page = PAGE("bindings/crm-timeline-bindings-bind")},
    {METHOD("bindings.unbind", "Take an entry away from a card.", LANE_WRITE, SHAPE_BOOL,
            bindings_unbind),
     .params = bind_params, .page = PAGE("bindings/crm-timeline-bindings-unbind")},
    {METHOD("bindings.list", "List the cards at which an entry shows.", LANE_READ, SHAPE_LIST,
            bindings_list),
     .params = bindings_params, .gives = binding_shown,
     .page = PAGE("bindings/crm-timeline-bindings-list")},
    {METHOD("bindings.fields", "Describe the fields of a binding.", LANE_READ, SHAPE_OBJECT,
            bindings_fields),
     .gives = shape_fields, .page = PAGE("bindings/crm-timeline-bindings-fields")},
};

MODULE(crm_timeline_bindings, METHODS(methods));
