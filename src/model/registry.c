#include "model/registry.h"

#include <strings.h>

const struct entity *entity_of_type(const struct request *req, int64_t type_id)
{
    const struct entity *const *entity = entity_all(req);
    while (*entity && (!(*entity)->type_id || (*entity)->type_id != type_id))
        entity++;
    return *entity;
}

const struct entity *entity_of_code(const struct request *req, const char *code)
{
    const struct entity *const *entity = entity_all(req);
    while (*entity && (!(*entity)->code || strcasecmp((*entity)->code, code) != 0))
        entity++;
    return *entity;
}

const struct entity *const *entity_all(const struct request *req)
{
    (void)req;
    return entities;
}
