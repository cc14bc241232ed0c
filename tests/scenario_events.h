/* scenario_events - which events a scenario's call tells, where it does not say so itself.
 *
 * Used by: tests/scenario_runner.c alone.
 */
#ifndef RAPPORT_TESTS_SCENARIO_EVENTS_H
#define RAPPORT_TESTS_SCENARIO_EVENTS_H

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "base/format.h"
#include "method/scenario.h"
#include "model/crud.h"
#include "model/links.h"

/* What a call tells that is not refused, beside those of an entity's usual methods; other calls tell nothing. */
static const struct usual {
    const char *call, *event;
} usual[] = {
    {"crm.currency.base.set", "ONCRMCURRENCYUPDATE"},
    {"crm.product.property.add", "ONCRMPRODUCTPROPERTYADD"},
    {"crm.product.property.update", "ONCRMPRODUCTPROPERTYUPDATE"},
    {"crm.product.property.delete", "ONCRMPRODUCTPROPERTYDELETE"},
    {"crm.currency.localizations.set", "ONCRMCURRENCYUPDATE"},
    {"crm.currency.localizations.delete", "ONCRMCURRENCYUPDATE"},
    {"crm.activity.todo.add", "ONCRMACTIVITYADD"},
    {"crm.activity.todo.update*", "ONCRMACTIVITYUPDATE"},
    {"crm.activity.configurable.add", "ONCRMACTIVITYADD"},
    {"crm.activity.configurable.update", "ONCRMACTIVITYUPDATE"},
    {"crm.activity.binding.add", "ONCRMACTIVITYUPDATE"},
    {"crm.activity.binding.delete", "ONCRMACTIVITYUPDATE"},
    {"crm.activity.binding.move", "ONCRMACTIVITYUPDATE"},
    {"user.add", "ONUSERADD"},
};

/* crm.lead.add -> ONCRMLEADADD, crm.lead.userfield.add -> ONCRMLEADUSERFIELDADD, by the descriptor. */
static const char *event_of(const struct method *method)
{
    static char event[80];
    const struct entity *entity = method && method->crud ? method->crud->entity : NULL;
    if (method && method->links && method->lane == LANE_WRITE)
        return format_text(event, sizeof event, "ONCRM%sUPDATE", method->links->entity->event),
               event;
    if (!entity || !entity->event || method->lane != LANE_WRITE)
        return NULL;
    size_t len = format_text(event, sizeof event, "ONCRM%s", entity->event);
    for (const char *at = method->name + strlen(method->crud->name); *at; at++) {
        if (*at != '.' && len + 1 < sizeof event)
            event[len++] = (char)toupper((unsigned char)*at);
    }
    event[len] = '\0';
    return event;
}

static const char *wanted_events(const struct scenario *s)
{
    char name[64];
    if (s->events)
        return s->events;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(s->call, "?"), s->call);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0] && !s->error && !s->text; i++) {
        if (!fnmatch(usual[i].call, name, FNM_CASEFOLD))
            return usual[i].event;
    }
    const struct method *method = method_find(name, strlen(name));
    const char *event = !s->error && !s->text ? event_of(method) : NULL;
    return event ? event : "none";
}

#endif
