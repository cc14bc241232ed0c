#include "rest/method.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "rest/scope.h"

#define SLOTS 2048 /* a power of two, several times the number of methods */

static const struct method *slots[SLOTS];

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
        const struct method *method = slots[at % SLOTS];
        if (!method)
            return NULL;
        if (strlen(method->name) == len && !strncasecmp(method->name, name, len))
            return method;
    }
}

void method_registry_init(void)
{
    size_t count = 0;
    memset(slots, 0, sizeof slots);
    for (const struct method_family *const *family = method_families; *family; family++) {
        for (size_t i = 0; i < (*family)->count; i++) {
            const struct method *method = &(*family)->methods[i];
            size_t len = strlen(method->name);
            CHECK(!method_find(method->name, len) && "a method stands twice");
            CHECK(method->handle || method->planned || method->no_batch);
            CHECK(++count < SLOTS / 2);
            uint32_t at = hash_name(method->name, len);
            while (slots[at % SLOTS])
                at++;
            slots[at % SLOTS] = method;
        }
    }
}

bool method_in_scope(const struct method *method, const struct caller *caller)
{
    char name[SCOPE_TEXT];
    if (!method->scope)
        return true;
    for (const char *at = method->scope; *at;) {
        size_t len = strcspn(at, "|");
        snprintf(name, sizeof name, "%.*s", (int)len, at);
        if (scope_listed(caller->scopes, ',', name))
            return true;
        at += len + (at[len] == '|');
    }
    return false;
}
