/* company - an organization.
 *
 * Pages: api-reference/crm/companies/crm-company-add, -update, -get, -list, -delete, -fields.
 */
#include "crm/owner_fields.h"
#include "crm/owner_rule.h"
#include "model/dialect.h"
#include "model/item_fields.h"
#include "model/crud.h"
#include "model/links.h"

/* The contacts' own lists, from the other side. */
static const struct relation company_contacts = {.kind = &relation_pairs,
                                                 .name = "CONTACT_ID",
                                                 .table = "contact_company",
                                                 .rows = "contacts",
                                                 .own = "company_id",
                                                 .other = "contact_id",
                                                 .to = &contact_entity,
                                                 .inverse = &contact_companies,
                                                 .with = "company_main"};
static const struct relation company_activities = {
    .kind = &relation_activities,
    .with = &(const struct owner_called){.sql = "SELECT t.title FROM company t WHERE t.id = $1",
                                         .keys = (const char *const[]){"COMPANY_TITLE", NULL}}};
static const struct relation company_lead = {
    .kind = &relation_parent, .main = "LEAD_ID", .to = &lead_entity};
static const struct relation *const company_relations[] = {&multifields_of_organization,
                                                           &pictures,
                                                           &company_contacts,
                                                           &company_activities,
                                                           &company_lead,
                                                           &observers,
                                                           NULL};

static const struct field company_fields[] = {
    OWNER_ID,
    OWNER_TEXT("TITLE", "title", "Company Name", FIELD_REQUIRED | FIELD_SEARCH | FIELD_KEYED),
    {.name = "COMPANY_TYPE",
     .type = "crm_status",
     .title = "Company Type",
     .kind = FIELD_TEXT,
     .column = "company_type",
     .status_type = "COMPANY_TYPE",
     .codes = &codes_status,
     .item_name = "TYPE_ID"},
    OWNER_PICTURE("LOGO", "Logo"),
    OWNER_ADDRESS("", "", "Physical Address"),
    OWNER_TEXT("ADDRESS_LEGAL", "address_legal", "Legal Address", 0),
    OWNER_ADDRESS("REG_", "reg_", "Legal Address"),
    OWNER_TEXT("BANKING_DETAILS", "banking_details", "Banking Details", FIELD_LONG),
    OWNER_STATUS("INDUSTRY", "industry", "Industry", "INDUSTRY"),
    OWNER_STATUS("EMPLOYEES", "employees", "Number of Employees", "EMPLOYEES"),
    OWNER_CURRENCY,
    {.name = "REVENUE",
     .type = "double",
     .title = "Annual Revenue",
     .kind = FIELD_MONEY,
     .column = "revenue",
     .flags = FIELD_PLAIN,
     .fallback = "0"},
    OWNER_FLAG("OPENED", "opened", "Available to Everyone", 0, "Y"),
    OWNER_TEXT("COMMENTS", "comments", "Comment", FIELD_LONG),
    OWNER_HAS,
    OWNER_FLAG("IS_MY_COMPANY", "is_my_company", "My Company", 0, "N"),
    OWNER_ASSIGNED,
    OWNER_AUTHORS,
    OWNER_DATES,
    {.name = "CONTACT_ID",
     .type = "crm_contact",
     .title = "Contact",
     .kind = FIELD_VIRTUAL,
     .flags = FIELD_MULTIPLE,
     .relation = &company_contacts,
     .item_name = "CONTACT_IDS"},
    OWNER_INT("LEAD_ID", "crm_lead", "lead_id", "Lead",
              FIELD_READ_ONLY | FIELD_ITEM_TAKEN | FIELD_NULL_ZERO | FIELD_PARENT),
    OWNER_ORIGIN,
    OWNER_ORIGIN_VERSION,
    OWNER_UTM,
    OWNER_LAST_ACTIVITY(0),
    OWNER_TEXT("LAST_COMMUNICATION_TIME", "last_communication_time", "Last Communication Date",
               FIELD_READ_ONLY | FIELD_CLASSIC_ONLY),
    OWNER_MULTIFIELDS(&multifields_of_organization),
    OWNER_WEBFORM,
    OWNER_FM,
    OWNER_OBSERVERS,
    ITEM_NULLS("address searchContent ufLogo ufStamp ufDirectorSign ufAccountantSign"),
    ITEM_TYPE,
};

static enum api_rc company_check(struct change *change)
{
    /* crm.item.add gives it one: "Company #13". */
    if (!dialect_is_item(change->req) && cell_is_empty(change_cell(change, "TITLE")))
        return api_fail_text(change->req, "The required field 'Company Name' is missing.<br />");
    if (change_cell(change, "TITLE")->null)
        cell_set_text(change_cell(change, "TITLE"), "");
    enum api_rc rc = owner_check(change);
    if (rc == API_OK)
        rc = owner_first_status(change, "COMPANY_TYPE");
    if (rc == API_OK)
        rc = owner_first_status(change, "INDUSTRY");
    if (rc == API_OK)
        rc = owner_first_status(change, "EMPLOYEES");
    return rc == API_OK ? owner_title(change, "Company") : rc;
}

static enum api_rc company_stored(struct change *change)
{
    return owner_title(change, "Company");
}

static struct names_slot company_names;

const struct entity company_entity = {
    .names = &company_names,
    .name = "company",
    .table = "company",
    .permit = &permit_assigned,
    .type_id = OWNER_COMPANY,
    .code = "COMPANY",
    .short_code = "CO",
    .title = "Company",
    .event = "COMPANY",
    .user_fields = "CRM_COMPANY",
    .fields = company_fields,
    .field_count = sizeof company_fields / sizeof company_fields[0],
    .not_found = "Not found",
    .relations = company_relations,
    .missing = {[ACCESS_UPDATE] = {API_ERR_METHOD, "Company is not found"},
                [ACCESS_DELETE] = {API_ERR_METHOD, "Company is not found"}},
    .import = IMPORT_TAKEN,
    .check = company_check,
    .after_write = company_stored,
};
ENTITY(company_entity);

static const struct crud crud = {
    "crm.company",         &company_entity, ALL_VERBS | CRUD_USER_FIELDS, .many = "companies",
    .bad_id = CRUD_BAD_ID, .options = true, .fields_by_right = true};

static const struct links links = {"crm.company.contact", &company_entity,    &company_contacts,
                                   "CONTACT_ID",          .keeps_sort = true, .gets_missing = true};

MODULE(crm_company, .crud = &crud, .links = &links);
