#include "crm/placement.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "model/catalog.h"
#include "model/registry.h"

/* Of what has cards and lists: CRM_<code>_<place>. */
static const struct {
    const char *place;
    bool timeline; /* contacts and companies have no menu there */
} of_entities[] = {
    {"DETAIL_TAB", false},
    {"DETAIL_ACTIVITY", false},
    {"DETAIL_TOOLBAR", false},
    {"LIST_MENU", false},
    {"LIST_TOOLBAR", false},
    {"DOCUMENTGENERATOR_BUTTON", false},
    {"FUNNELS_TOOLBAR", true},
    {"ROBOT_DESIGNER_TOOLBAR", true},
    {"ACTIVITY_TIMELINE_MENU", true},
};

static const struct placement others[] = {
    {"BI_ANALYTICS_MENU"},
    {"CALENDAR_GRIDVIEW", "calendar"},
    {"CALL_CARD", "telephony"},
    {"CONTACT_CENTER", "contact_center"},
    {"CRM_ACTIVITY_LIST_MENU", "crm"},
    {"CRM_ACTIVITY_LIST_TOOLBAR", "crm"},
    {"CRM_ANALYTICS_MENU", "crm"},
    {"CRM_ANALYTICS_TOOLBAR", "crm"},
    {"CRM_BANK_DETAIL_AUTOCOMPLETE", "crm"},
    {"CRM_DETAIL_SEARCH", "crm"},
    {"CRM_FUNNELS_TOOLBAR", "crm"},
    {"CRM_REQUISITE_AUTOCOMPLETE", "crm"},
    {"IMMOBILE_CONTEXT_MENU", "im"},
    {"IM_CONTEXT_MENU", "im"},
    {"IM_NAVIGATION", "im", "iconName"},
    {"IM_SIDEBAR", "im", "iconName"},
    {"IM_SMILES_SELECTOR", "im"},
    {"IM_TEXTAREA", "im", "iconName"},
    {"LANDING_SETTINGS", "landing"},
    {"LEFT_MENU"},
    {"PAGE_BACKGROUND_WORKER", NULL, "errorHandlerUrl", .once = true, .personal = true},
    {"REST_APP_URI", .once = true},
    {"SETTING_CONNECTOR", "imopenlines"},
    {"SONET_GROUP_DETAIL_TAB", "sonet_group"},
    {"SONET_GROUP_ROBOT_DESIGNER_TOOLBAR", "sonet_group"},
    {"SONET_GROUP_TOOLBAR", "sonet_group"},
    {"TASK_GROUP_LIST_TOOLBAR", "task"},
    {"TASK_LIST_CONTEXT_MENU", "task"},
    {"TASK_ROBOT_DESIGNER_TOOLBAR", "task"},
    {"TASK_USER_LIST_TOOLBAR", "task"},
    {"TASK_VIEW_SIDEBAR", "task"},
    {"TASK_VIEW_TAB", "task"},
    {"TASK_VIEW_TOP_PANEL", "task"},
    {"TELEPHONY_ANALYTICS_MENU", "telephony"},
    {"USERFIELD_TYPE"},
    {"USER_PROFILE_MENU", "user"},
    {"USER_PROFILE_TOOLBAR", "user"},
};

typedef bool take(struct request *req, const struct placement *place, void *with);

static bool has_card(const struct entity *entity)
{
    return entity->type_id && entity->code && entity->names;
}

/* Until one is taken. */
static bool walk(struct request *req, take *taken, void *with)
{
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        for (size_t i = 0; has_card(*e) && i < sizeof of_entities / sizeof of_entities[0]; i++) {
            if (of_entities[i].timeline && !(*e)->stages)
                continue;
            struct placement place = {
                .code = arena_printf(req->arena, "CRM_%s_%s", (*e)->code, of_entities[i].place),
                .scope = "crm"};
            if (taken(req, &place, with))
                return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (taken(req, &others[i], with))
            return true;
    }
    return false;
}

struct wanted {
    const char *code;
    struct placement *found;
};

static bool is_wanted(struct request *req, const struct placement *place, void *with)
{
    struct wanted *wanted = with;
    (void)req;
    if (strcasecmp(place->code, wanted->code) != 0)
        return false;
    *wanted->found = *place;
    return true;
}

bool placement_find(struct request *req, const char *code, struct placement *found)
{
    struct wanted wanted = {code, found};
    return walk(req, is_wanted, &wanted);
}

struct visit {
    void (*each)(struct request *req, const struct placement *place);
};

static bool pass(struct request *req, const struct placement *place, void *with)
{
    ((const struct visit *)with)->each(req, place);
    return false;
}

void placement_each(struct request *req,
                    void (*each)(struct request *req, const struct placement *place))
{
    struct visit visit = {each};
    walk(req, pass, &visit);
}
