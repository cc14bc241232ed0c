#include "portal/scope.h"

#include <stdio.h>
#include <string.h>

const char *const scope_names[] = {
    "ai_admin",
    "appform",
    "baas",
    "biconnector",
    "bizproc",
    "booking",
    "calendar",
    "calendarmobile",
    "call",
    "cashbox",
    "catalog",
    "catalogmobile",
    "configuration.import",
    "contact_center",
    "crm",
    "delivery",
    "department",
    "disk",
    "documentgenerator",
    "entity",
    "faceid",
    "forum",
    "humanresources",
    "humanresources.hcmlink",
    "iblock",
    "im",
    "im.import",
    "imbot",
    "imconnector",
    "imopenlines",
    "intranet",
    "landing",
    "landing_cloud",
    "lists",
    "log",
    "mailservice",
    "main",
    "messageservice",
    "mobile",
    "notifications",
    "pay_system",
    "placement",
    "pull",
    "pull_channel",
    "rating",
    "rest",
    "rpa",
    "sale",
    "salescenter",
    "sign.b2e",
    "smile",
    "socialnetwork",
    "sonet_group",
    "task",
    "tasks",
    "tasks_extended",
    "tasksmobile",
    "telephony",
    "timeman",
    "user",
    "user.userfield",
    "user_basic",
    "user_brief",
    "userconsent",
    "userfieldconfig",
    "vote",
    NULL,
};

bool scope_listed_n(const char *list, char separator, const char *name, size_t len)
{
    const char stop[] = {separator, '\0'};
    while (*list) {
        size_t item = strcspn(list, stop);
        if (item == len && !strncmp(list, name, len))
            return true;
        list += item + (list[item] == separator);
    }
    return false;
}

bool scope_listed(const char *list, char separator, const char *name)
{
    return scope_listed_n(list, separator, name, strlen(name));
}

bool scope_allows(const char *list, const char *wanted)
{
    if (!wanted)
        return true;
    while (*wanted) {
        size_t len = strcspn(wanted, "|");
        if (scope_listed_n(list, ',', wanted, len))
            return true;
        wanted += len + (wanted[len] == '|');
    }
    return false;
}

static bool known(const char *name, size_t len)
{
    for (const char *const *scope = scope_names; *scope; scope++) {
        if (strlen(*scope) == len && !strncmp(*scope, name, len))
            return true;
    }
    return false;
}

bool scope_valid(const char *list, char *bad, size_t size)
{
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, ",");
        if (!known(at, len)) {
            snprintf(bad, size, "%.*s", (int)len, at);
            return false;
        }
        at += len + (at[len] == ',');
    }
    return true;
}
