/* contact - a person.
 *
 * Pages: api-reference/crm/contacts/crm-contact-add, -update, -get, -list, -delete, -fields.
 */
#include "crm/owner_fields.h"
#include "crm/owner_rule.h"
#include "model/dialect.h"
#include "model/item_fields.h"
#include "model/crud.h"
#include "model/links.h"

#define CONTACT_NAME (FIELD_REQUIRED | FIELD_SEARCH)

const struct relation contact_companies = {.kind = &relation_pairs,
                                           .name = "COMPANY_IDS",
                                           .main = "COMPANY_ID",
                                           .table = "contact_company",
                                           .rows = "companies",
                                           .own = "contact_id",
                                           .other = "company_id",
                                           .to = &company_entity};
static const struct relation contact_activities = {
    .kind = &relation_activities,
    .with = &(const struct owner_called){
        .sql = "SELECT t.honorific, t.name, t.second_name, t.last_name, c.title, t.company_id FROM "
               "contact t "
               "LEFT JOIN company c ON c.id = t.company_id WHERE t.id = $1",
        .keys = (const char *const[]){"HONORIFIC", "NAME", "SECOND_NAME", "LAST_NAME",
                                      "COMPANY_TITLE", "COMPANY_ID", NULL}}};
static const struct relation contact_lead = {
    .kind = &relation_parent, .main = "LEAD_ID", .to = &lead_entity};
static const struct relation *const contact_relations[] = {
    &multifields, &pictures, &contact_companies, &contact_activities, &contact_lead,
    &observers,   NULL};

static const struct field contact_fields[] = {
    OWNER_ID,
    OWNER_STATUS("HONORIFIC", "honorific", "Salutation", "HONORIFIC"),
    OWNER_TEXT("NAME", "name", "First Name", CONTACT_NAME),
    OWNER_TEXT("SECOND_NAME", "second_name", "Middle Name", CONTACT_NAME),
    OWNER_TEXT("LAST_NAME", "last_name", "Last Name", CONTACT_NAME | FIELD_KEYED),
    OWNER_PICTURE("PHOTO", "Photo"),
    OWNER_DATE("BIRTHDATE", "birthdate", "Birthdate"),
    OWNER_STATUS("TYPE_ID", "type_id", "Contact Type", "CONTACT_TYPE"),
    OWNER_STATUS("SOURCE_ID", "source_id", "Source", "SOURCE"),
    OWNER_TEXT("SOURCE_DESCRIPTION", "source_description", "Additional Source Information",
               FIELD_LONG),
    OWNER_TEXT("POST", "post", "Position", 0),
    OWNER_ADDRESS("", "", "Address"),
    OWNER_TEXT("COMMENTS", "comments", "Comment", FIELD_LONG),
    OWNER_FLAG("OPENED", "opened", "Available to All", 0, "Y"),
    OWNER_FLAG("EXPORT", "export", "Participates in Contact Export", 0, "Y"),
    OWNER_HAS,
    OWNER_ASSIGNED,
    OWNER_AUTHORS,
    OWNER_DATES,
    OWNER_INT("COMPANY_ID", "crm_company", "company_id", "Company",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_DEPRECATED),
    OWNER_LINKS(&contact_companies, "COMPANY_IDS", "crm_company", "COMPANY_IDS"),
    OWNER_INT("LEAD_ID", "crm_lead", "lead_id", "Lead",
              FIELD_READ_ONLY | FIELD_ITEM_TAKEN | FIELD_NULL_ZERO | FIELD_PARENT),
    OWNER_ORIGIN,
    OWNER_ORIGIN_VERSION,
    OWNER_INT("FACE_ID", "integer", "face_id", "FACE_ID", FIELD_NULL_ZERO | FIELD_CLASSIC_ONLY),
    OWNER_UTM,
    OWNER_LAST_ACTIVITY(FIELD_READ_ONLY),
    OWNER_MULTIFIELDS(&multifields),
    OWNER_WEBFORM,
    OWNER_FM,
    OWNER_OBSERVERS,
    ITEM_NULLS("shortName address login searchContent"),
    ITEM_TYPE,
};

static enum api_rc contact_check(struct change *change)
{
    const struct cell *name = change_cell(change, "NAME");
    const struct cell *last_name = change_cell(change, "LAST_NAME");
    bool asked = change->is_add || (name->given && last_name->given);
    if (asked && !dialect_is_item(change->req) && cell_is_empty(name) && cell_is_empty(last_name))
        return api_fail_text(change->req,
                             "The required field 'First Name' or 'Last Name' is missing.<br />");
    enum api_rc rc = owner_check(change);
    if (rc == API_OK)
        rc = owner_first_status(change, "HONORIFIC");
    if (rc == API_OK)
        rc = owner_first_status(change, "TYPE_ID");
    return rc == API_OK ? owner_first_status(change, "SOURCE_ID") : rc;
}

static struct names_slot contact_names;

const struct entity contact_entity = {
    .names = &contact_names,
    .name = "contact",
    .table = "contact",
    .permit = &permit_assigned,
    .type_id = OWNER_CONTACT,
    .code = "CONTACT",
    .short_code = "C",
    .title = "Contact",
    .event = "CONTACT",
    .user_fields = "CRM_CONTACT",
    .fields = contact_fields,
    .field_count = sizeof contact_fields / sizeof contact_fields[0],
    .not_found = "Not found",
    .relations = contact_relations,
    .missing = {[ACCESS_UPDATE] = {API_ERR_METHOD, "Contact is not found"},
                [ACCESS_DELETE] = {API_ERR_CORE, "Element not found"}},
    .import = IMPORT_IN_ORDER,
    .check = contact_check,
};
ENTITY(contact_entity);

static const struct crud crud = {"crm.contact", &contact_entity, ALL_VERBS | CRUD_USER_FIELDS,
                                 .bad_id = CRUD_BAD_ID, .options = true};

static const struct links links = {"crm.contact.company", &contact_entity,   &contact_companies,
                                   "COMPANY_ID",          .given = "fields", .keeps_sort = true,
                                   .gets_missing = true};

MODULE(crm_contact, .crud = &crud, .links = &links);
