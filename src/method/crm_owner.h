/* crm_owner - the parameters that the methods of leads, deals, contacts and companies share.
 *
 * Used by: method/crm_lead.c, crm_deal.c, crm_contact.c, crm_company.c.
 */
#ifndef RAPPORT_METHOD_CRM_OWNER_H
#define RAPPORT_METHOD_CRM_OWNER_H

#include "crm/owner_rule.h"
#include "model/method.h"

static const struct param owner_id_params[] = {
    {"id", PARAM_INT, true, "Identifier, greater than 0."},
    {0},
};
static const struct param owner_add_params[] = {
    {"fields", PARAM_ARRAY, false, "Values by field name; unknown names: `--unknown-fields`."},
    {"params", PARAM_ARRAY, false, "Options: REGISTER_SONET_EVENT, and IMPORT where documented."},
    {0},
};
static const struct param owner_update_params[] = {
    {"id", PARAM_INT, true, "Identifier, greater than 0."},
    {"fields", PARAM_ARRAY, false, "The values to change, by field name."},
    {"params", PARAM_ARRAY, false, "Options: REGISTER_SONET_EVENT, REGISTER_HISTORY_EVENT."},
    {0},
};
static const struct param owner_list_params[] = {
    {"select", PARAM_ANY, false, "Field names; \"*\" is all but the multiple ones."},
    {"filter", PARAM_ARRAY, false, "Conditions, all of which must hold: operator and field name."},
    {"order", PARAM_ARRAY, false, "ASC or DESC by field name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

#endif
