#include "model/unknown.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "model/method.h"
#include "people/auth.h"

static const char *const places[] = {[IN_FIELDS] = "fields",
                                     [IN_FILTER] = "filter",
                                     [IN_ORDER] = "order",
                                     [IN_SELECT] = "select",
                                     [IN_PARAMETERS] = "parameters"};

bool unknown_mode_find(const char *name, enum unknown_mode *mode)
{
    static const char *const names[] = {"portal", "ignore", "refuse"};
    for (int i = 0; i < 3; i++) {
        if (!strcmp(names[i], name)) {
            *mode = (enum unknown_mode)i;
            return true;
        }
    }
    return false;
}

bool unknown_is_custom(const char *name)
{
    return !strncasecmp(name, "UF_", 3) || !strncmp(name, "ufCrm", 5);
}

void unknown_note(struct request *req, enum name_place place, const char *name)
{
    if (!req->left_out) /* nobody looks */
        return;
    char *text = arena_printf(req->arena, "%s.%.200s", places[place], name);
    utf8_mend(text);
    value_push(req->arena, req->left_out, value_string(req->arena, text, strlen(text)));
}

/* "crm.deal.list" -> "crm.deal.userfield.add", when there is such a thing in the protocol. */
static const char *maker(const struct request *req)
{
    static const char *const makers[] = {"crm.lead.",    "crm.deal.",  "crm.contact.",
                                         "crm.company.", "crm.quote.", "user."};
    for (size_t i = 0; req->method && i < sizeof makers / sizeof makers[0]; i++) {
        if (!strncmp(req->method->name, makers[i], strlen(makers[i])))
            return arena_printf(req->arena, "%suserfield.add", makers[i]);
    }
    return NULL;
}

static enum api_rc refuse_custom(struct request *req, enum name_place place, const char *name)
{
    const char *method = maker(req);
    if (!method)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        "There is no custom field %.100s (in %s), and none can be made for %s",
                        name, places[place], req->method ? req->method->name : "this");
    return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                    "There is no custom field %.100s (in %s). %s makes one%s; serve with "
                    "--unknown-fields ignore to leave such names out",
                    name, places[place], method,
                    method_find(method, strlen(method)) ? "" : " in a later version of Rapport");
}

enum api_rc unknown_name(struct request *req, enum name_place place, const char *name)
{
    enum unknown_mode mode = req->portal ? req->portal->unknown : UNKNOWN_IGNORE;
    if (mode == UNKNOWN_PORTAL && unknown_is_custom(name) && place != IN_SELECT)
        return refuse_custom(req, place, name);
    if (mode == UNKNOWN_REFUSE)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        place == IN_PARAMETERS ? "Unknown parameter: %.100s"
                                               : "Unknown field: %.100s (in %s)",
                        name, places[place]);
    unknown_note(req, place, name);
    return API_OK;
}

enum api_rc unknown_value(struct request *req, enum name_place place, const char *name,
                          const char *why)
{
    if (req->portal && req->portal->unknown == UNKNOWN_REFUSE)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "%.100s (in %s): %s", name, places[place],
                        why);
    unknown_note(req, place, name);
    return API_OK;
}

enum api_rc unknown_condition(struct request *req, const char *name, const char *why)
{
    if (!req->portal || req->portal->unknown != UNKNOWN_IGNORE)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "Filter by %.100s: %s", name, why);
    unknown_note(req, IN_FILTER, name);
    return API_OK;
}

enum api_rc unknown_keys(struct request *req, enum name_place place, const struct value *given,
                         const char *const *known)
{
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++) {
        const char *const *name = known;
        while (*name && strcmp(*name, given->array.items[i].key) != 0)
            name++;
        enum api_rc rc = *name ? API_OK : unknown_name(req, place, given->array.items[i].key);
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}

static const struct param *param_of(const struct request *req, const char *name)
{
    for (const struct param *p = req->method->params; p && p->type != PARAM_END; p++) {
        if (!strcasecmp(p->name, name))
            return p;
    }
    return NULL;
}

bool unknown_is_param(const struct request *req, const char *name)
{
    if (param_of(req, name) || credential_param(name))
        return true;
    /* Request ids and versions of SDKs; "__order" of fast_bitrix24. */
    return !strncmp(name, "bx24_", 5) || !strncmp(name, "__", 2);
}

/* Of the parameter `params` that methods of crm have: the options that its method's table names. */
static enum api_rc unknown_options(struct request *req, const struct param *options,
                                   const struct value *given)
{
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++) {
        const char *name = given->array.items[i].key;
        const struct param *p = options;
        while (p && p->type != PARAM_END && strcasecmp(p->name, name) != 0)
            p++;
        enum api_rc rc =
            p && p->type != PARAM_END
                ? API_OK
                : unknown_name(req, IN_PARAMETERS, arena_printf(req->arena, "params.%.100s", name));
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}

enum api_rc unknown_params(struct request *req)
{
    /* By far most calls have none, and nobody who wants to know. */
    bool wanted = req->left_out || req->portal->unknown == UNKNOWN_REFUSE;
    const struct value_array *params = &req->params->array;
    if (req->method->names_beside)
        return API_OK;
    for (size_t i = 0; i < params->count; i++) {
        const char *name = params->items[i].key;
        bool known = unknown_is_param(req, name);
        if ((!wanted && !unknown_is_custom(name)) || (known && strcasecmp(name, "params") != 0))
            continue;
        const struct param *options = known ? param_of(req, name) : NULL;
        enum api_rc rc =
            known ? unknown_options(req, options ? options->keys : NULL, params->items[i].value)
                  : unknown_name(req, IN_PARAMETERS, name);
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}
