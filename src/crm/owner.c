#include "crm/owner.h"

static const struct {
    int type_id;
    const char *name;
    const struct entity *entity;
} owners[] = {{OWNER_LEAD, "LEAD", &lead_entity},
              {OWNER_DEAL, "DEAL", &deal_entity},
              {OWNER_CONTACT, "CONTACT", &contact_entity},
              {OWNER_COMPANY, "COMPANY", &company_entity}};

const struct entity *owner_entity(int type_id)
{
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        if (owners[i].type_id == type_id)
            return owners[i].entity;
    }
    return NULL;
}

const char *owner_name(int type_id)
{
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        if (owners[i].type_id == type_id)
            return owners[i].name;
    }
    return NULL;
}
