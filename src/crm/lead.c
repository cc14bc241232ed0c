/* lead - a request of somebody who may become a client.
 *
 * Pages: api-reference/crm/leads/crm-lead-add, -update, -get, -list, -delete, -fields.
 */
#include "crm/account.h"
#include "crm/owner_fields.h"
#include "crm/owner_rule.h"
#include "crm/product_owner.h"
#include "model/dialect.h"
#include "model/item_fields.h"
#include "model/crud.h"
#include "model/links.h"

#define LEAD_NAME FIELD_SEARCH /* in the table's trigram index */

static const struct relation lead_company = {
    .kind = &relation_parent, .main = "COMPANY_ID", .to = &company_entity};
static const struct relation lead_contacts = {.kind = &relation_pairs,
                                              .name = "CONTACT_IDS",
                                              .main = "CONTACT_ID",
                                              .table = "lead_contact",
                                              .rows = "contacts",
                                              .own = "lead_id",
                                              .other = "contact_id",
                                              .to = &contact_entity};
static const struct relation lead_activities = {
    .kind = &relation_activities,
    .with = &(const struct owner_called){.sql = "SELECT t.honorific, t.name, t.second_name, "
                                                "t.last_name, t.title FROM lead t WHERE t.id = $1",
                                         .keys = (const char *const[]){"HONORIFIC", "NAME",
                                                                       "SECOND_NAME", "LAST_NAME",
                                                                       "LEAD_TITLE", NULL}}};
static const struct relation *const lead_relations[] = {
    &product_rows, &multifields, &lead_contacts, &lead_company, &lead_activities, &observers, NULL};

static const struct field lead_fields[] = {
    OWNER_ID,
    OWNER_TEXT("TITLE", "title", "Lead Title", LEAD_NAME | FIELD_KEYED),
    OWNER_STATUS("HONORIFIC", "honorific", "Salutation", "HONORIFIC"),
    OWNER_TEXT("NAME", "name", "First Name", LEAD_NAME),
    OWNER_TEXT("SECOND_NAME", "second_name", "Middle Name", LEAD_NAME),
    OWNER_TEXT("LAST_NAME", "last_name", "Last Name", LEAD_NAME | FIELD_KEYED),
    OWNER_DATE("BIRTHDATE", "birthdate", "Birthdate"),
    OWNER_TEXT("COMPANY_TITLE", "company_title", "Company Name", LEAD_NAME),
    OWNER_STATUS("SOURCE_ID", "source_id", "Source", "SOURCE"),
    OWNER_TEXT("SOURCE_DESCRIPTION", "source_description", "Source Description", FIELD_LONG),
    {.name = "STATUS_ID",
     .type = "crm_status",
     .title = "Stage",
     .kind = FIELD_TEXT,
     .column = "status_id",
     .status_type = "STATUS",
     .codes = &codes_stage,
     .item_name = "STAGE_ID"},
    OWNER_TEXT("STATUS_DESCRIPTION", "status_description", "Stage Description", FIELD_LONG),
    {.name = "STATUS_SEMANTIC_ID",
     .type = "string",
     .title = "Status Semantic",
     .kind = FIELD_TEXT,
     .column = "status_semantic_id",
     .flags = FIELD_READ_ONLY | FIELD_CODE,
     .item_name = "STAGE_SEMANTIC_ID"},
    OWNER_TEXT("POST", "post", "Position", 0),
    OWNER_ADDRESS("", "", "Address"),
    OWNER_CURRENCY,
    OWNER_MONEY("OPPORTUNITY", "opportunity", "Amount"),
    OWNER_FLAG("IS_MANUAL_OPPORTUNITY", "is_manual_opportunity", "IS_MANUAL_OPPORTUNITY", 0, "N"),
    ACCOUNT_AMOUNTS,
    OWNER_FLAG("OPENED", "opened", "Available to All", 0, "Y"),
    OWNER_TEXT("COMMENTS", "comments", "Comments", FIELD_LONG),
    OWNER_HAS,
    OWNER_ASSIGNED,
    OWNER_AUTHORS,
    OWNER_MOVED_BY,
    OWNER_DATES,
    OWNER_MOVED_TIME,
    OWNER_INT("COMPANY_ID", "crm_company", "company_id", "Company",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_PARENT),
    OWNER_INT("CONTACT_ID", "crm_contact", "contact_id", "Contact",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_DEPRECATED),
    OWNER_LINKS(&lead_contacts, "CONTACT_IDS", "crm_contact", "CONTACT_IDS"),
    OWNER_FLAG("IS_RETURN_CUSTOMER", "is_return_customer", "Returning Lead", FIELD_READ_ONLY, "N"),
    OWNER_TIME("DATE_CLOSED", "date_closed", "Closing Date", FIELD_READ_ONLY),
    OWNER_ORIGIN,
    OWNER_UTM,
    OWNER_LAST_ACTIVITY(FIELD_READ_ONLY),
    OWNER_MULTIFIELDS(&multifields),
    OWNER_WEBFORM,
    OWNER_FM,
    OWNER_OBSERVERS,
    ITEM_NULLS("dateCreateShort dateModifyShort isConvert productId shortName address login "
               "searchContent skype icq"),
    ITEM_TYPE,
};

static const struct stages lead_stages = {
    .title = "Lead stages",
    .field = "STATUS_ID",
    .semantic = "STATUS_SEMANTIC_ID",
    .directory = "STATUS",
    .start = "NEW",
    .success = "CONVERTED",
    .failure = "JUNK",
    .code_max = 21,
};

/* A lead closes in a final stage, whether it went well or not, and opens again outside of one. */
static enum api_rc check_stage(struct change *change)
{
    bool moved;
    char semantics;
    enum api_rc rc = stage_settle(change, &moved, &semantics);
    if (rc != API_OK || !moved)
        return rc;
    struct cell *closed = change_cell(change, "DATE_CLOSED");
    if (semantics == 'P')
        cell_set_null(closed);
    else if (closed->null)
        cell_set_int(closed, (int64_t)change->req->now);
    return API_OK;
}

static enum api_rc lead_check(struct change *change)
{
    enum api_rc rc = owner_check(change);
    if (rc == API_OK)
        rc = check_stage(change);
    return rc == API_OK ? owner_title(change, "Lead") : rc;
}

/* Who comes from a company or a contact that is known came before. */
static enum api_rc lead_settle(struct change *change)
{
    const struct cell *company = change_cell(change, "COMPANY_ID");
    const struct cell *contact = change_cell(change, "CONTACT_ID");
    bool known = (!company->null && company->integer) || (!contact->null && contact->integer);
    cell_set_text(change_cell(change, "IS_RETURN_CUSTOMER"), known ? "Y" : "N");
    return API_OK;
}

static enum api_rc lead_stored(struct change *change)
{
    return owner_title(change, "Lead");
}

static struct names_slot lead_names;

const struct entity lead_entity = {
    .names = &lead_names,
    .name = "lead",
    .table = "lead",
    .permit = &permit_assigned,
    .type_id = OWNER_LEAD,
    .code = "LEAD",
    .short_code = "L",
    .title = "Lead",
    .event = "LEAD",
    .user_fields = "CRM_LEAD",
    .stages = &lead_stages,
    .fields = lead_fields,
    .field_count = sizeof lead_fields / sizeof lead_fields[0],
    .not_found = "Not found",
    .relations = lead_relations,
    .history = &stage_history,
    .check = lead_check,
    .settle = lead_settle,
    .after_write = lead_stored,
};
ENTITY(lead_entity);

static const struct crud crud = {"crm.lead", &lead_entity, ALL_VERBS | CRUD_USER_FIELDS,
                                 .bad_id = CRUD_BAD_ID, .options = true};

static const struct links links = {"crm.lead.contact", &lead_entity, &lead_contacts, "CONTACT_ID",
                                   .missing = API_ERR_ITEM_NOT_FOUND};

MODULE(crm_lead, .crud = &crud, .links = &links);
