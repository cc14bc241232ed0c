#include "crm/owner.h"

#include "model/registry.h"

const struct entity *owner_entity(const struct request *req, int64_t type_id)
{
    const struct entity *entity = entity_of_type(req, type_id);
    return entity && relation_of_kind(entity, &relation_activities) ? entity : NULL;
}

const struct owner_called *owner_called(const struct entity *entity)
{
    return relation_of_kind(entity, &relation_activities)->with;
}
