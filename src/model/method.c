#include "model/method.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "portal/known.h"
#include "portal/scope.h"

/* A power of two, several times the number of methods. */
static const struct method **slots;
static size_t slot_count;

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

void method_registry_init(void)
{
    size_t count = 0;
    for (const struct method_family *const *family = method_families; *family; family++)
        count += (*family)->count;
    for (slot_count = 64; slot_count < 4 * count;)
        slot_count *= 2;
    free(slots);
    slots = xcalloc(slot_count, sizeof *slots);
    for (const struct method_family *const *family = method_families; *family; family++) {
        for (size_t i = 0; i < (*family)->count; i++) {
            const struct method *method = &(*family)->methods[i];
            size_t len = strlen(method->name);
            CHECK(!method_find(method->name, len) && "a method stands twice");
            CHECK(method->handle || method->no_batch);
            uint32_t at = hash_name(method->name, len);
            while (slots[at % slot_count])
                at++;
            slots[at % slot_count] = method;
        }
    }
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
    for (const struct method_family *const *f = method_families; *f; f++) {
        for (size_t i = 0; i < (*f)->count; i++) {
            const char *wanted = (*f)->methods[i].scope;
            if (wanted && strcspn(wanted, "|") == len && !strncmp(wanted, scope, len))
                return true;
        }
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
