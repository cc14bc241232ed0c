#include "crm/directory.h"

#include <string.h>

#include "model/registry.h"

/* Those that are no stages. */
static const struct {
    const char *id, *name;
} plain[] = {
    {"SOURCE", "Sources"},
    {"CONTACT_TYPE", "Contact type"},
    {"COMPANY_TYPE", "Company type"},
    {"EMPLOYEES", "Number of employees"},
    {"INDUSTRY", "Industry"},
    {"DEAL_TYPE", "Deal type"},
    {"HONORIFIC", "Salutations"},
    {"CALL_LIST", "Call statuses"},
};

#define PLAIN_COUNT (sizeof plain / sizeof plain[0])
#define PLAIN_CODE_MAX 50

static void plain_directory(size_t i, struct directory *directory)
{
    *directory = (struct directory){
        .id = plain[i].id, .name = plain[i].name, .code_max = PLAIN_CODE_MAX, .prefix = ""};
}

/* ---- stages ---- */

static const char *with_prefix(struct request *req, const char *prefix, const char *code)
{
    return code && *prefix ? arena_printf(req->arena, "%s:%s", prefix, code) : code;
}

/* `funnel`: NULL for a type that has none. */
static void stage_directory_of(struct request *req, const struct entity *entity,
                               const struct category *funnel, struct directory *directory)
{
    const struct stages *stages = entity->stages;
    int64_t number = funnel ? funnel->id : 0;
    *directory = (struct directory){.id = funnel ? funnel->directory : stages->directory,
                                    .name = stages->title ? stages->title : entity->title,
                                    .code_max = stages->code_max,
                                    .entity = entity,
                                    .prefix = stage_prefix(req, entity, number),
                                    .has_funnel = funnel != NULL};
    if (funnel)
        directory->funnel = *funnel;
    if (funnel && *directory->prefix)
        directory->name = arena_printf(req->arena, "%s (%s)", directory->name, funnel->name);
    directory->start = with_prefix(req, directory->prefix, stages->start);
    directory->success = with_prefix(req, directory->prefix, stages->success);
    directory->failure = with_prefix(req, directory->prefix, stages->failure);
}

/* Has one directory of stages, without funnels. */
static bool has_one(const struct entity *entity)
{
    return entity->stages && !entity->category;
}

enum api_rc directory_find(struct request *req, const char *id, struct directory *directory,
                           bool *found)
{
    struct category funnel;
    *found = true;
    for (size_t i = 0; i < PLAIN_COUNT; i++) {
        if (!strcmp(plain[i].id, id)) {
            plain_directory(i, directory);
            return API_OK;
        }
    }
    for (const struct entity *const *at = entity_all(req); *at; at++) {
        if (has_one(*at) && !strcmp((*at)->stages->directory, id)) {
            stage_directory_of(req, *at, NULL, directory);
            return API_OK;
        }
    }
    enum api_rc rc = category_of_directory(req, id, &funnel, found);
    const struct entity *entity =
        rc == API_OK && *found ? entity_of_type(req, funnel.type_id) : NULL;
    *found = entity && entity->stages;
    if (*found)
        stage_directory_of(req, entity, &funnel, directory);
    return rc;
}

enum api_rc directory_list(struct request *req, struct directory **list, size_t *count)
{
    struct category *funnels;
    size_t funnel_count, ones = 0;
    enum api_rc rc = category_list(req, 0, &funnels, &funnel_count);
    if (rc != API_OK)
        return rc;
    for (const struct entity *const *at = entity_all(req); *at; at++)
        ones += has_one(*at);
    *list = arena_alloc(req->arena, (ones + PLAIN_COUNT + funnel_count) * sizeof **list);
    *count = 0;
    for (const struct entity *const *at = entity_all(req); *at; at++) {
        if (has_one(*at))
            stage_directory_of(req, *at, NULL, &(*list)[(*count)++]);
    }
    for (size_t i = 0; i < PLAIN_COUNT; i++)
        plain_directory(i, &(*list)[(*count)++]);
    for (size_t i = 0; i < funnel_count; i++) {
        const struct entity *entity = entity_of_type(req, funnels[i].type_id);
        if (entity && entity->stages)
            stage_directory_of(req, entity, &funnels[i], &(*list)[(*count)++]);
    }
    return API_OK;
}
