/* method_table - all methods of all modules, found by name. */
#include "model/links.h"
#include "model/permit.h"
#include "model/user_field_verbs.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "portal/known.h"
#include "portal/scope.h"

/* Of all modules: their own, and those of their cruds. */
static const struct method **all;
static size_t all_count;
/* By name; a power of two, several times the number of methods. */
static const struct method **slots;
static size_t slot_count;

size_t method_count(void)
{
    return all_count;
}

const struct method *method_at(size_t i)
{
    return all[i];
}

static uint32_t hash_name(const char *name, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint32_t)tolower((unsigned char)name[i])) * 16777619u;
    return hash ^ hash >> 13;
}

const struct method *method_find(const char *name, size_t len)
{
    for (uint32_t at = hash_name(name, len);; at++) {
        const struct method *method = slots[at % slot_count];
        if (!method)
            return NULL;
        if (strlen(method->name) == len && !strncasecmp(method->name, name, len))
            return method;
    }
}

static void collect(const struct module *module)
{
    size_t usual = module->crud ? crud_count(module->crud) : 0;
    size_t custom = module->crud ? user_field_verb_count(module->crud) : 0;
    size_t made = usual + custom + (module->links ? links_count() : 0);
    struct method *methods = made ? xcalloc(made, sizeof *methods) : NULL;
    all = xrealloc(all, (all_count + made + module->method_count) * sizeof *all);
    if (module->crud) {
        crud_methods(module->crud, methods);
        user_field_verbs(module->crud, methods + usual);
    }
    if (module->links)
        links_methods(module->links, methods + usual + custom);
    for (size_t i = 0; i < made; i++)
        all[all_count++] = &methods[i];
    for (size_t i = 0; i < module->method_count; i++)
        all[all_count++] = &module->methods[i];
}

static void place(const struct method *method)
{
    size_t len = strlen(method->name);
    CHECK(!method_find(method->name, len) && "a method stands twice");
    CHECK(method->handle || method->no_batch);
    uint32_t at = hash_name(method->name, len);
    while (slots[at % slot_count])
        at++;
    slots[at % slot_count] = method;
}

void method_registry_init(void)
{
    if (slots) /* a test's, again */
        return;
    for (const struct module *const *module = modules; *module; module++)
        collect(*module);
    for (slot_count = 64; slot_count < 4 * all_count;)
        slot_count *= 2;
    slots = xcalloc(slot_count, sizeof *slots);
    for (size_t i = 0; i < all_count; i++)
        place(all[i]);
}

/* What an entity's permit says of who owns its rows says it of the trail, too. */
static bool of_settings(const struct entity *entity)
{
    return !entity->permit || entity->permit == &permit_settings ||
           entity->permit == &permit_everybody;
}

bool method_sets_up(const struct method *method)
{
    if (method->lane != LANE_WRITE || method->of_rows)
        return false;
    if (method->schema || method->admin_only)
        return true;
    return !method->links &&
           (!method->crud || (!method->crud->of_rows && of_settings(method->crud->entity)));
}

enum api_rc method_missing(struct request *req, const char *name, size_t len)
{
    const struct known_method *known = known_find(name, len);
    if (!known)
        return api_fail(req, API_ERR_METHOD_NOT_FOUND, NULL);
    return api_fail(req, API_ERR_METHOD_NOT_FOUND,
                    "Method not found! %s is known, but not there yet.", known->name);
}

/* Of "user|user_basic" the first: it opens most. */
static bool asked_for(const char *scope)
{
    size_t len = strlen(scope);
    for (size_t i = 0; i < all_count; i++) {
        const char *wanted = all[i]->scope;
        if (wanted && strcspn(wanted, "|") == len && !strncmp(wanted, scope, len))
            return true;
    }
    return false;
}

void method_scopes(struct buf *list)
{
    for (const char *const *scope = scope_names; *scope; scope++) {
        if (asked_for(*scope))
            buf_printf(list, "%s%s", list->len ? "," : "", *scope);
    }
}

bool method_in_scope(const struct method *method, const struct caller *caller)
{
    return scope_allows(caller->scopes, method->scope);
}
