/* userfieldconfig.* - custom fields of any object of CRM, by names in camelCase.
 *
 * What:    the same fields as those of crm.deal.userfield.*, named by moduleId and entityId. Whoever may read an
 *          object may read what fields it has; administrators change them.
 * Used by: the registry.
 * Pages:   api-reference/crm/universal/userfieldconfig/.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/limits.h"
#include "model/arg.h"
#include "model/dialect.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/unknown.h"
#include "model/user_field_show.h"
#include "model/user_field_write.h"
#include "portal/scope.h"

/* ---- who may ---- */

static enum api_rc module_known(struct request *req)
{
    const char *module;
    if (arg_text(req, "moduleId", &module) != API_OK)
        return API_FAIL;
    if (strcasecmp(module, "crm") != 0)
        return api_fail_text(req, "No settings for UserFieldAccess");
    if (!scope_allows(req->caller->scopes, "crm"))
        return api_fail_text(req, "The current method required more scopes. (crm)");
    return API_OK;
}

static const struct entity *entity_with(const struct request *req, const char *entity_id)
{
    const struct entity *const *all = entity_all(req);
    while (*all && (!(*all)->user_fields || strcmp((*all)->user_fields, entity_id) != 0))
        all++;
    return *all;
}

static bool may_read(struct request *req, const char *entity_id)
{
    const struct entity *entity = entity_with(req, entity_id);
    return entity && !strncmp(entity_id, "CRM_", 4) &&
           permit_any(req, entity, ACCESS_READ) == API_OK;
}

static enum api_rc no_sight(struct request *req)
{
    return api_fail_text(req, "You do not have permission to view user field settings");
}

/* ---- names: "fieldName" of FIELD_NAME, "enum" of LIST ---- */

static const char *to_upper(struct request *req, const char *name)
{
    struct buf out = {0};
    const char *letters = name + strspn(name, "!<>=%@");
    if (!strcmp(letters, "enum")) {
        buf_add(&out, name, (size_t)(letters - name));
        buf_adds(&out, "LIST");
    } else {
        for (const char *at = name; *at; at++) {
            if (isupper((unsigned char)*at))
                buf_addc(&out, '_');
            buf_addc(&out, (char)toupper((unsigned char)*at));
        }
    }
    const char *upper = arena_strndup(req->arena, out.data, out.len);
    buf_clear(&out);
    return upper;
}

static void set(struct request *req, struct value *array, const char *key, struct value *value)
{
    value_set(req->arena, array, key, strlen(key), value);
}

static struct value *upper_keys(struct request *req, const struct value *given)
{
    struct value *made = value_array(req->arena);
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++)
        set(req, made, to_upper(req, given->array.items[i].key), given->array.items[i].value);
    return made;
}

/* Items of a list have keys of their own. */
static struct value *upper_items(struct request *req, const struct value *given)
{
    struct value *made = value_array(req->arena);
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++)
        value_push(req->arena, made, upper_keys(req, given->array.items[i].value));
    return made;
}

/* The parameter `field` by the other methods' names: those of the page alone. */
static enum api_rc take_field(struct request *req, const char *const *known, struct value **fields)
{
    const struct value *given = param_get(req, "field");
    *fields = value_array(req->arena);
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++) {
        const char *key = given->array.items[i].key;
        struct value *value = given->array.items[i].value;
        const char *const *name = known;
        while (*name && strcmp(*name, key) != 0)
            name++;
        if (*name)
            set(req, *fields, to_upper(req, key),
                strcmp(key, "enum") != 0 ? value : upper_items(req, value));
        else if (unknown_name(req, IN_FIELDS, key) != API_OK)
            return API_FAIL;
    }
    return API_OK;
}

/* ---- what is shown ---- */

static void write_members(struct request *req, const struct user_field *field, const bool *chosen)
{
    struct buf json = {0};
    struct writer w;
    char camel[32];
    writer_init(&w, &json);
    writer_begin_object(&w);
    user_field_write_members(&w, field);
    writer_end_object(&w);
    const struct value *members = json_parse_own(req->arena, json.data, json.len);
    buf_clear(&json);
    for (size_t i = 0; i < members->array.count; i++) {
        if (chosen && !chosen[i])
            continue;
        name_to_camel(members->array.items[i].key, camel);
        writer_keyz(req->out, camel);
        writer_value(req->out, members->array.items[i].value);
    }
}

/* Languages that somebody gave a text for; all of them where one text is for all. */
static size_t languages_of(struct request *req, const struct user_field *field,
                           const char **languages)
{
    size_t count = 0;
    for (const char *const *language = user_languages; *language; language++) {
        for (size_t i = 0; i < USER_LABEL_COUNT; i++) {
            if (*user_label(req->arena, field, i, *language)) {
                languages[count++] = *language;
                break;
            }
        }
    }
    if (!count)
        languages[count++] = USER_LANGUAGE;
    return count;
}

static void write_text(struct writer *out, const char *key, const char *text)
{
    writer_keyz(out, key);
    if (*text)
        writer_stringz(out, text);
    else
        writer_null(out);
}

static void write_labels(struct request *req, const struct user_field *field,
                         const char *const *languages, size_t count)
{
    char camel[32];
    writer_keyz(req->out, "languageId");
    writer_begin_object(req->out);
    for (size_t k = 0; k < count; k++)
        writer_text(req->out, languages[k], languages[k]);
    writer_end_object(req->out);
    for (size_t i = 0; i < USER_LABEL_COUNT; i++) {
        name_to_camel(user_label_names[i], camel);
        writer_keyz(req->out, camel);
        writer_begin_object(req->out);
        for (size_t k = 0; k < count; k++)
            write_text(req->out, languages[k], user_label(req->arena, field, i, languages[k]));
        writer_end_object(req->out);
    }
}

static void write_number(struct writer *out, const char *key, int64_t number)
{
    writer_keyz(out, key);
    writer_int_string(out, number);
}

static void write_enum(struct request *req, const struct user_field *field)
{
    if (!field->type->listed)
        return;
    writer_keyz(req->out, "enum");
    writer_begin_list(req->out);
    for (size_t i = 0; i < field->item_count; i++) {
        const struct user_field_item *item = &field->items[i];
        writer_begin_object(req->out);
        write_number(req->out, "id", item->id);
        write_number(req->out, "userFieldId", field->id);
        writer_text(req->out, "value", item->value);
        writer_text(req->out, "def", item->def ? "Y" : "N");
        write_number(req->out, "sort", item->sort);
        writer_text(req->out, "xmlId", item->xml_id);
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
}

static void write_whole(struct request *req, const struct user_field *field)
{
    const char *languages[64];
    writer_begin_object(req->out);
    writer_keyz(req->out, "field");
    writer_begin_object(req->out);
    write_members(req, field, NULL);
    write_labels(req, field, languages, languages_of(req, field, languages));
    write_enum(req, field);
    writer_end_object(req->out);
    writer_end_object(req->out);
}

/* As it is now, in this transaction: the catalog is the one of before. */
static enum api_rc answer_changed(struct request *req, int64_t id)
{
    struct user_fields list;
    enum api_rc rc = api_db(req, user_field_load(req->db, req->arena, &list));
    for (size_t i = 0; rc == API_OK && i < list.count; i++) {
        if (list.fields[i].id == id)
            write_whole(req, &list.fields[i]);
    }
    return rc;
}

/* ---- methods ---- */

static enum api_rc add(struct request *req)
{
    static const char *const known[] = {
        "entityId", "fieldName",     "userTypeId",  "xmlId",      "sort",
        "multiple", "mandatory",     "showFilter",  "editInList", "isSearchable",
        "settings", "editFormLabel", "helpMessage", "enum",       NULL};
    struct value *fields;
    int64_t id;
    enum api_rc rc = module_known(req);
    if (rc == API_OK && !req->caller->is_admin)
        rc = api_fail_text(req, "Access denied");
    if (rc == API_OK)
        rc = take_field(req, known, &fields);
    if (rc != API_OK)
        return rc;
    size_t len;
    const char *entity_id = value_to_text(req->arena, value_get(fields, "ENTITY_ID"), &len);
    const char *name = value_to_text(req->arena, value_get(fields, "FIELD_NAME"), &len);
    struct user_field_owner owner = user_field_owner(req->arena, entity_id ? entity_id : "");
    bool named = name && *name,
         strange = named && strncasecmp(name, owner.prefix, strlen(owner.prefix)) != 0;
    if (!entity_id || !entity_with(req, entity_id) || strncmp(entity_id, "CRM_", 4) != 0 || strange)
        return api_fail_text(req, "You cannot create custom fields");
    rc = user_field_add(req, &owner, fields, &id);
    return rc == API_OK ? answer_changed(req, id) : rc;
}

/* The field of the parameter id, if it is one of CRM's. */
static const struct user_field *named(struct request *req)
{
    int64_t id;
    const struct user_field *field = param_int(req, "id", &id) ? user_field_find(req, id) : NULL;
    return field && !strncmp(field->entity_id, "CRM_", 4) ? field : NULL;
}

static enum api_rc update(struct request *req)
{
    static const char *const known[] = {
        "xmlId",    "sort",          "mandatory",   "showFilter", "editInList", "isSearchable",
        "settings", "editFormLabel", "helpMessage", "enum",       "userTypeId", NULL};
    struct value *fields;
    const struct user_field *field = named(req);
    enum api_rc rc = module_known(req);
    if (rc == API_OK && (!req->caller->is_admin || !field))
        rc = api_fail_text(req, "You cannot change the settings of the user field");
    if (rc == API_OK)
        rc = take_field(req, known, &fields);
    if (rc != API_OK)
        return rc;
    struct user_field_owner owner = user_field_owner(req->arena, field->entity_id);
    rc = user_field_update(req, &owner, field, fields);
    return rc == API_OK ? answer_changed(req, field->id) : rc;
}

static enum api_rc remove_field(struct request *req)
{
    const struct user_field *field = named(req);
    enum api_rc rc = module_known(req);
    if (rc == API_OK && (!req->caller->is_admin || !field))
        rc = api_fail_text(req, "You cannot delete the user field");
    if (rc != API_OK)
        return rc;
    struct user_field_owner owner = user_field_owner(req->arena, field->entity_id);
    rc = user_field_remove(req, &owner, field);
    if (rc == API_OK)
        writer_null(req->out);
    return rc;
}

static enum api_rc get(struct request *req)
{
    const struct user_field *field = named(req);
    enum api_rc rc = module_known(req);
    if (rc == API_OK && (!field || !may_read(req, field->entity_id)))
        rc = no_sight(req);
    if (rc == API_OK)
        write_whole(req, field);
    return rc;
}

/* What a list shows: the members by their places, labels in one language, the items. */
struct choice {
    bool members[32];
    const char *language;
    bool items;
};

static enum api_rc choose(struct request *req, struct choice *choice)
{
    const struct value *select = param_get(req, "select");
    bool any = false;
    for (size_t i = 0; value_is_array(select) && i < select->array.count; i++) {
        const struct value_item *item = &select->array.items[i];
        size_t len;
        const char *text = value_to_text(req->arena, item->value, &len);
        if (!text)
            continue;
        if (!strcmp(item->key, "language") || !strcmp(item->key, "languageId")) {
            choice->language = text;
            continue;
        }
        if (!strcmp(text, "enum")) {
            choice->items = any = true;
            continue;
        }
        const char *upper = to_upper(req, text);
        const struct field *field = entity_field(&user_field_entity, upper);
        bool all = !strcmp(text, "*"), settings = !strcmp(upper, "SETTINGS");
        if (!all && !field && !settings && unknown_name(req, IN_SELECT, text) != API_OK)
            return API_FAIL;
        for (size_t at = 0; all && at <= user_field_entity.field_count; at++)
            choice->members[at] = true;
        if (field)
            choice->members[field - user_field_entity.fields] = true;
        if (settings)
            choice->members[user_field_entity.field_count] = true;
        any = any || all || field || settings;
    }
    for (size_t at = 0; !any && at <= user_field_entity.field_count; at++)
        choice->members[at] = true;
    return API_OK;
}

/* Who is no administrator names an object that he may read. */
static enum api_rc may_list(struct request *req, const struct value *filter)
{
    size_t len;
    const struct value *given = value_get(filter, "ENTITY_ID");
    given = given ? given : value_get(filter, "=ENTITY_ID");
    const char *entity_id = given ? value_to_text(req->arena, given, &len) : NULL;
    if (req->caller->is_admin || (entity_id && may_read(req, entity_id)))
        return API_OK;
    return no_sight(req);
}

static enum api_rc list(struct request *req)
{
    struct choice choice = {.language = NULL};
    struct user_field_page page = {.filter = upper_keys(req, param_get(req, "filter")),
                                   .order = upper_keys(req, param_get(req, "order")),
                                   .start = param_start(req),
                                   .limit = LIMIT_PAGE};
    enum api_rc rc = module_known(req);
    if (rc == API_OK)
        rc = may_list(req, page.filter);
    if (rc == API_OK)
        rc = choose(req, &choice);
    if (rc == API_OK)
        rc = user_field_search(req, &page);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "fields");
    writer_begin_list(req->out);
    for (size_t i = 0; i < page.count; i++) {
        const struct user_field *field = user_field_find(req, page.ids[i]);
        if (!field)
            continue;
        writer_begin_object(req->out);
        write_members(req, field, choice.members);
        if (choice.language)
            write_labels(req, field, &choice.language, 1);
        if (choice.items)
            write_enum(req, field);
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    writer_end_object(req->out);
    req->total = page.start < 0 ? 0 : page.total;
    if (page.start >= 0 && page.start + LIMIT_PAGE < page.total)
        req->next = page.start + LIMIT_PAGE;
    return API_OK;
}

static void write_type(struct writer *out, const char *id, const char *description)
{
    writer_keyz(out, id);
    writer_begin_object(out);
    writer_text(out, "userTypeId", id);
    writer_text(out, "description", description);
    writer_end_object(out);
}

static enum api_rc write_app_types(struct request *req)
{
    enum db_rc rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT app_id, type_id, title FROM user_field_type ORDER BY id");
    while ((rc = db_step(stmt)) == DB_ROW) {
        const char *id = arena_printf(req->arena, "rest_%lld_%s", (long long)db_int(stmt, 0),
                                      db_text(stmt, 1, NULL));
        write_type(req->out, id, db_text(stmt, 2, NULL));
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc get_types(struct request *req)
{
    enum api_rc rc = module_known(req);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "types");
    writer_begin_object(req->out);
    for (size_t i = 0; user_types[i]; i++) {
        if (user_types[i]->place)
            write_type(req->out, user_types[i]->id, user_types[i]->description);
    }
    rc = write_app_types(req);
    writer_end_object(req->out);
    writer_end_object(req->out);
    return rc;
}

/* ---- specs ---- */

#define MODULE_ID                                                                                  \
    {                                                                                              \
        "moduleId", PARAM_STRING, true, "crm."                                                     \
    }
#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the custom field."                                   \
    }
static const struct param module_params[] = {MODULE_ID, {0}};
static const struct param id_params[] = {MODULE_ID, ID, {0}};
static const struct param add_params[] = {
    MODULE_ID,
    {"field", PARAM_ARRAY, true, "entityId, fieldName, userTypeId, settings, enum ..."},
    {0}};
static const struct param update_params[] = {
    MODULE_ID, ID, {"field", PARAM_ARRAY, false, "What changes."}, {0}};
static const struct param list_params[] = {
    MODULE_ID,
    {"select", PARAM_ARRAY, false, "Names of attributes, \"*\"; language adds labels."},
    {"order", PARAM_ORDER, false, "ASC or DESC by attribute."},
    {"filter", PARAM_FILTER, false, "Conditions, all of which must hold."},
    {"start", PARAM_INT, false, "Rows to skip."},
    {0}};
static const struct param choice_keys[] = {{"id", PARAM_STRING, true},
                                           {"userFieldId", PARAM_STRING, true},
                                           {"value", PARAM_STRING, true},
                                           {"def", PARAM_FLAG, true},
                                           {"sort", PARAM_STRING, true},
                                           {"xmlId", PARAM_STRING, true},
                                           {0}};
static const struct param settings_keys[] = {{"*", PARAM_ANY, .summary = "As its type has them"},
                                             {0}};
static const struct param by_language[] = {{"*", PARAM_STRING, .null = true}, {0}};
static const struct param shown_keys[] = {{"id", PARAM_STRING},
                                          {"entityId", PARAM_STRING},
                                          {"fieldName", PARAM_STRING},
                                          {"userTypeId", PARAM_STRING},
                                          {"xmlId", PARAM_STRING, .null = true},
                                          {"sort", PARAM_STRING},
                                          {"multiple", PARAM_FLAG},
                                          {"mandatory", PARAM_FLAG},
                                          {"showFilter", PARAM_STRING},
                                          {"showInList", PARAM_FLAG},
                                          {"editInList", PARAM_FLAG},
                                          {"isSearchable", PARAM_FLAG},
                                          {"settings", PARAM_ARRAY, .keys = settings_keys},
                                          {"languageId", PARAM_ARRAY, .keys = by_language},
                                          {"editFormLabel", PARAM_ARRAY, .keys = by_language},
                                          {"listColumnLabel", PARAM_ARRAY, .keys = by_language},
                                          {"listFilterLabel", PARAM_ARRAY, .keys = by_language},
                                          {"errorMessage", PARAM_ARRAY, .keys = by_language},
                                          {"helpMessage", PARAM_ARRAY, .keys = by_language},
                                          {"enum", PARAM_LIST, .keys = choice_keys},
                                          {0}};
static const struct param field_key[] = {{"field", PARAM_ARRAY, true, .keys = shown_keys}, {0}};
static const struct param fields_key[] = {{"fields", PARAM_LIST, true, .keys = shown_keys}, {0}};
static const struct param kind_keys[] = {
    {"userTypeId", PARAM_STRING, true}, {"description", PARAM_STRING, true}, {0}};
static const struct param kinds[] = {
    {"*", PARAM_ARRAY, .summary = "By the type", .keys = kind_keys}, {0}};
static const struct param types_key[] = {{"types", PARAM_ARRAY, true, .keys = kinds}, {0}};

#define PAGE(name) "api-reference/crm/universal/userfieldconfig/userfieldconfig-" name
static const struct method methods[] = {
    {.name = "userfieldconfig.add",
     .summary = "Add a custom field of an object.",
     .scope = "userfieldconfig",
     .lane = LANE_WRITE,
     .schema = true,
     .binds = true,
     .params = add_params,
     .result = SHAPE_OBJECT,
     .gives = field_key,
     .page = PAGE("add"),
     .handle = add},
    {.name = "userfieldconfig.update",
     .summary = "Change a custom field of an object.",
     .scope = "userfieldconfig",
     .lane = LANE_WRITE,
     .schema = true,
     .binds = true,
     .params = update_params,
     .result = SHAPE_OBJECT,
     .gives = field_key,
     .page = PAGE("update"),
     .handle = update},
    {.name = "userfieldconfig.get",
     .summary = "Return a custom field of an object.",
     .scope = "userfieldconfig",
     .lane = LANE_READ,
     .binds = true,
     .params = id_params,
     .result = SHAPE_OBJECT,
     .gives = field_key,
     .page = PAGE("get"),
     .handle = get},
    {.name = "userfieldconfig.list",
     .summary = "Return custom fields by filter, 50 a page.",
     .scope = "userfieldconfig",
     .lane = LANE_READ,
     .binds = true,
     .params = list_params,
     .result = SHAPE_OBJECT,
     .gives = fields_key,
     .page = PAGE("list"),
     .handle = list},
    {.name = "userfieldconfig.delete",
     .summary = "Remove a custom field of an object.",
     .scope = "userfieldconfig",
     .lane = LANE_WRITE,
     .schema = true,
     .binds = true,
     .params = id_params,
     .result = SHAPE_NULL,
     .page = PAGE("delete"),
     .handle = remove_field},
    {.name = "userfieldconfig.getTypes",
     .summary = "Return the types that a custom field can have.",
     .scope = "userfieldconfig",
     .lane = LANE_READ,
     .binds = true,
     .params = module_params,
     .result = SHAPE_OBJECT,
     .gives = types_key,
     .page = PAGE("get-types"),
     .handle = get_types},
};

MODULE(userfieldconfig, METHODS(methods));
