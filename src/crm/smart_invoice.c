/* smart_invoice - invoices, in the protocol "new" ones: entityTypeId 31, by crm.item.* alone.
 *
 * Pages: api-reference/crm/universal/invoice, object-fields (Invoice), crm-item-add, -update.
 */
#include "crm/account.h"
#include "crm/item_parent.h"
#include "crm/item_rule.h"
#include "crm/observer.h"
#include "crm/owner_fields.h"
#include "crm/owner_rule.h"
#include "crm/product_owner.h"
#include "crm/stage.h"
#include "crm/stage_step.h"
#include "model/codes.h"
#include "model/dialect.h"
#include "model/item_fields.h"

#define TYPE_ID 31

static const struct stage_first first_stages[] = {
    {"N", "New", "#22B9FF", NULL, true},
    {"S", "Sent to client", "#88B9FF", NULL, false},
    {"P", "Paid", "#00FF00", "S", true},
    {"D", "Not paid", "#FF0000", "F", true},
};

static const struct stages stages = {
    .title = "Invoice stages",
    .field = "STAGE_ID",
    .semantic = "STAGE_SEMANTIC_ID",
    .previous = "PREVIOUS_STAGE_ID",
    .numbered = "SMART_INVOICE_STAGE_{category}",
    .prefix = "DT{type}_{category}",
    .code_max = 50,
    .first = first_stages,
    .first_count = sizeof first_stages / sizeof first_stages[0],
};

static const struct relation contacts = {.kind = &relation_pairs,
                                         .name = "CONTACT_IDS",
                                         .main = "CONTACT_ID",
                                         .table = "smart_invoice_contact",
                                         .own = "invoice_id",
                                         .other = "contact_id",
                                         .to = &contact_entity};
static const struct relation company = {
    .kind = &relation_parent, .main = "COMPANY_ID", .to = &company_entity};
static const struct relation my_company = {
    .kind = &relation_parent, .main = "MYCOMPANY_ID", .to = &company_entity};
static const struct item_parent as_child = {.child_type_id = TYPE_ID};
static const struct relation of_deal = {
    .kind = &relation_item_parent, .name = "PARENT_ID_2", .to = &deal_entity, .with = &as_child};
static const struct relation of_quote = {
    .kind = &relation_item_parent, .name = "PARENT_ID_7", .to = &quote_entity, .with = &as_child};
static const struct relation activities = {
    .kind = &relation_activities,
    .with =
        &(const struct owner_called){.sql = "SELECT t.title FROM smart_invoice t WHERE t.id = $1",
                                     .keys = (const char *const[]){"TITLE", NULL}}};
static const struct relation *const relations[] = {&product_rows, &contacts,   &company,
                                                   &my_company,   &of_deal,    &of_quote,
                                                   &observers,    &activities, NULL};

#define PARENT(NAME, TITLE, RELATION)                                                              \
    {                                                                                              \
        .name = NAME, .type = "crm_entity", .title = TITLE, .kind = FIELD_VIRTUAL,                 \
        .flags = FIELD_IN_GET | FIELD_IN_LIST | FIELD_PARENT, .relation = RELATION                 \
    }

static const struct field fields[] = {
    OWNER_ID,
    OWNER_TEXT("ACCOUNT_NUMBER", "account_number", "Invoice number", FIELD_CODE),
    OWNER_TEXT("XML_ID", "xml_id", "External code", FIELD_CODE),
    OWNER_TEXT("TITLE", "title", "Title", FIELD_KEYED),
    OWNER_AUTHORS,
    OWNER_MOVED_BY,
    OWNER_DATES,
    OWNER_MOVED_TIME,
    {.name = "CATEGORY_ID",
     .type = "crm_category",
     .title = "Funnel",
     .kind = FIELD_INT,
     .column = "category_id",
     .codes = &codes_category},
    OWNER_FLAG("OPENED", "opened", "Available to everyone", 0, "Y"),
    OWNER_STAGE("STAGE_ID", "stage_id", "Stage", NULL),
    OWNER_TEXT("STAGE_SEMANTIC_ID", "stage_semantic_id", "Stage group",
               FIELD_READ_ONLY | FIELD_CODE | FIELD_CLASSIC_ONLY | FIELD_NOT_LISTED),
    {.name = "PREVIOUS_STAGE_ID",
     .type = "crm_status",
     .title = "Previous stage",
     .kind = FIELD_TEXT,
     .column = "previous_stage_id",
     .flags = FIELD_READ_ONLY | FIELD_CODE},
    OWNER_DATE("BEGINDATE", "begindate", "Invoice date"),
    OWNER_DATE("CLOSEDATE", "closedate", "Payment due date"),
    OWNER_INT("COMPANY_ID", "crm_company", "company_id", "Company",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_PARENT),
    OWNER_INT("CONTACT_ID", "crm_contact", "contact_id", "Contact",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO),
    OWNER_LINKS(&contacts, "CONTACT_IDS", "crm_contact", "Contacts"),
    OWNER_MONEY("OPPORTUNITY", "opportunity", "Amount"),
    OWNER_FLAG("IS_MANUAL_OPPORTUNITY", "is_manual_opportunity", "Manual amount", 0, "N"),
    OWNER_MONEY("TAX_VALUE", "tax_value", "Tax"),
    OWNER_CURRENCY,
    ACCOUNT_AMOUNTS,
    OWNER_INT("MYCOMPANY_ID", "crm_company", "mycompany_id", "Your company",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_PARENT),
    OWNER_STATUS("SOURCE_ID", "source_id", "Source", "SOURCE"),
    OWNER_TEXT("SOURCE_DESCRIPTION", "source_description", "Additional information about source",
               FIELD_LONG),
    OWNER_TEXT("COMMENTS", "comments", "Comment", FIELD_LONG),
    {.name = "LOCATION_ID",
     .type = "location",
     .title = "Location",
     .kind = FIELD_TEXT,
     .column = "location_id",
     .flags = FIELD_CODE},
    OWNER_OBSERVERS,
    OWNER_WEBFORM,
    OWNER_ASSIGNED,
    OWNER_LAST_ACTIVITY(FIELD_READ_ONLY),
    OWNER_UTM,
    PARENT("PARENT_ID_2", "Deal", &of_deal),
    PARENT("PARENT_ID_7", "Estimate", &of_quote),
    ITEM_TYPE,
};

/* Has another invoice this number? */
static enum api_rc find_number(struct change *change, const struct cell *number, bool *taken)
{
    struct db_stmt *stmt =
        db_prepare(change->req->db, "SELECT 1 FROM smart_invoice WHERE account_number = $1 AND id "
                                    "<> $2 LIMIT 1");
    db_bind_text(stmt, 1, number->text, number->len);
    db_bind_int(stmt, 2, change->id);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    *taken = rc == DB_ROW;
    return api_db(change->req, rc);
}

/* No two invoices have the same number, nor get it at the same moment. */
static enum api_rc check_number(struct change *change)
{
    struct cell *number = change_cell(change, "ACCOUNT_NUMBER");
    bool given = number->given && !number->null, taken = false;
    enum api_rc rc = API_OK;
    if (number->given || change->is_add)
        rc = api_db(change->req, db_hold_rule(change->req->db, "smart_invoice"));
    if (rc == API_OK && given)
        rc = find_number(change, number, &taken);
    return taken ? codes_refuse(change->req, entity_field(change->entity, "ACCOUNT_NUMBER")) : rc;
}

static enum api_rc check(struct change *change)
{
    enum api_rc rc = check_number(change);
    if (rc == API_OK && change->is_add)
        rc = owner_first_status(change, "SOURCE_ID");
    if (rc == API_OK && change->is_add)
        rc = owner_my_company(change);
    return rc == API_OK ? item_check(change) : rc;
}

/* One without a number has its id for it; where somebody gave that to another, "7-2", "7-3" ... */
static enum api_rc after_write(struct change *change)
{
    enum api_rc rc = item_stored(change);
    struct cell *number = change_cell(change, "ACCOUNT_NUMBER");
    if (rc != API_OK || !number->null)
        return rc;
    bool taken = true;
    for (int64_t turn = 1; taken && rc == API_OK; turn++) {
        long long id = change->id;
        cell_set_text(
            number, turn == 1 ? arena_printf(change->req->arena, "%lld", id)
                              : arena_printf(change->req->arena, "%lld-%lld", id, (long long)turn));
        rc = find_number(change, number, &taken);
    }
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(change->req->db, "UPDATE smart_invoice SET account_number = $1 WHERE id = $2");
    db_bind_text(stmt, 1, number->text, number->len);
    db_bind_int(stmt, 2, change->id);
    return api_db(change->req, db_run(stmt));
}

static struct names_slot names;

const struct entity smart_invoice_entity = {
    .names = &names,
    .name = "invoice",
    .table = "smart_invoice",
    .permit = &permit_assigned,
    .type_id = TYPE_ID,
    .code = "SMART_INVOICE",
    .short_code = "SI",
    .title = "Invoice",
    .event = "DYNAMICITEM",
    .event_by_type = true,
    .category = "CATEGORY_ID",
    .stages = &stages,
    .user_fields = "CRM_SMART_INVOICE",
    .fields = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .relations = relations,
    .not_found = "Not found",
    .history = &stage_history,
    .check = check,
    .after_write = after_write,
};
ENTITY(smart_invoice_entity);
