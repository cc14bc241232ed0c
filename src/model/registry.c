#include "model/registry.h"

#include <strings.h>

#include "model/catalog.h"
#include "model/catalog_part.h"

const struct entity *entity_of_type(const struct request *req, int64_t type_id)
{
    if (req && req->catalog)
        return type_id ? catalog_of_type(req->catalog, type_id) : NULL;
    const struct entity *const *entity = program_entities;
    while (*entity && (!type_id || (*entity)->type_id != type_id))
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
    return req && req->catalog ? catalog_entities(req->catalog) : program_entities;
}
