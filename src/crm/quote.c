/* quote - what is offered to a client, and at what price.
 *
 * Pages: api-reference/crm/quote/crm-quote-add, -update, -get, -list, -delete, -fields; of crm.item: universal.
 */
#include "base/utf8.h"
#include "crm/owner_fields.h"
#include "crm/owner_rule.h"
#include "crm/product_owner.h"
#include "crm/stage.h"
#include "crm/stage_step.h"
#include "model/crud.h"
#include "model/dialect.h"
#include "model/item_fields.h"
#include "model/links.h"

/* Known of it, and told by no method. */
#define KEPT (FIELD_READ_ONLY | FIELD_HIDDEN | FIELD_NOT_LISTED | FIELD_CLASSIC_ONLY)

#define VALID_DAYS 7    /* it is open, and holds, this long unless told otherwise */
#define SHORT_CHARS 255 /* longer ones are cut, as the page says */

static const struct relation quote_contacts = {.kind = &relation_pairs,
                                               .name = "CONTACT_IDS",
                                               .main = "CONTACT_ID",
                                               .table = "quote_contact",
                                               .own = "quote_id",
                                               .other = "contact_id",
                                               .to = &contact_entity};
static const struct relation quote_company = {
    .kind = &relation_parent, .main = "COMPANY_ID", .to = &company_entity};
static const struct relation quote_my_company = {
    .kind = &relation_parent, .main = "MYCOMPANY_ID", .to = &company_entity};
static const struct relation quote_lead = {
    .kind = &relation_parent, .main = "LEAD_ID", .to = &lead_entity};
static const struct relation quote_deal = {
    .kind = &relation_parent, .main = "DEAL_ID", .to = &deal_entity};
static const struct relation quote_activities = {
    .kind = &relation_activities,
    .with = &(const struct owner_called){.sql = "SELECT t.title FROM quote t WHERE t.id = $1",
                                         .keys = (const char *const[]){"QUOTE_TITLE", NULL}}};
static const struct relation *const relations[] = {
    &product_rows, &quote_contacts, &quote_company,    &quote_my_company,
    &quote_lead,   &quote_deal,     &quote_activities, NULL};

static const struct field fields[] = {
    OWNER_ID,
    OWNER_TEXT("QUOTE_NUMBER", "quote_number", "Estimate Number", FIELD_READ_ONLY | FIELD_CODE),
    OWNER_TEXT("TITLE", "title", "Subject", FIELD_REQUIRED | FIELD_SEARCH),
    {.name = "STATUS_ID",
     .type = "crm_status",
     .title = "Estimate Stage",
     .kind = FIELD_TEXT,
     .column = "status_id",
     .status_type = "QUOTE_STATUS",
     .codes = &codes_stage,
     .item_name = "STAGE_ID"},
    OWNER_TEXT("STATUS_SEMANTIC_ID", "status_semantic_id", "Stage Group", KEPT | FIELD_CODE),
    OWNER_INT("MOVED_BY_ID", "user", "moved_by_id", "MOVED_BY_ID", KEPT),
    OWNER_TIME("MOVED_TIME", "moved_time", "MOVED_TIME", KEPT),
    OWNER_CURRENCY,
    OWNER_MONEY("OPPORTUNITY", "opportunity", "Amount"),
    OWNER_FLAG("IS_MANUAL_OPPORTUNITY", "is_manual_opportunity", "IS_MANUAL_OPPORTUNITY",
               FIELD_ITEM_ONLY, "N"),
    OWNER_MONEY("TAX_VALUE", "tax_value", "Tax Rate"),
    OWNER_INT("COMPANY_ID", "crm_company", "company_id", "Company",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO),
    OWNER_INT("MYCOMPANY_ID", "crm_company", "mycompany_id", "Your Company Details",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO),
    OWNER_INT("CONTACT_ID", "crm_contact", "contact_id", "Contact",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_DEPRECATED),
    OWNER_LINKS(&quote_contacts, "CONTACT_IDS", "crm_contact", "CONTACT_IDS"),
    OWNER_DATE("BEGINDATE", "begindate", "Issue Date"),
    OWNER_DATE("CLOSEDATE", "closedate", "Deadline"),
    OWNER_DATE("ACTUAL_DATE", "actual_date", "ACTUAL_DATE"),
    OWNER_FLAG("OPENED", "opened", "Available to Everyone", 0, "Y"),
    OWNER_FLAG("CLOSED", "closed", "Closed", 0, "N"),
    OWNER_TEXT("COMMENTS", "comments", "Comment", FIELD_LONG),
    OWNER_TEXT("CONTENT", "content_text", "Content", FIELD_LONG),
    OWNER_TEXT("TERMS", "terms", "Terms", FIELD_LONG),
    OWNER_TEXT("CLIENT_TITLE", "client_title", "Client", 0),
    OWNER_TEXT("CLIENT_ADDR", "client_addr", "Address", 0),
    OWNER_TEXT("CLIENT_CONTACT", "client_contact", "Contact Person", 0),
    OWNER_TEXT("CLIENT_EMAIL", "client_email", "E-mail", 0),
    OWNER_TEXT("CLIENT_PHONE", "client_phone", "Phone", 0),
    OWNER_TEXT("CLIENT_TP_ID", "client_tp_id", "Tax ID", 0),
    OWNER_TEXT("CLIENT_TPA_ID", "client_tpa_id", "KPP", 0),
    OWNER_ASSIGNED,
    OWNER_AUTHORS,
    OWNER_DATES,
    OWNER_INT("LEAD_ID", "crm_lead", "lead_id", "Lead", FIELD_NULL_ZERO),
    OWNER_INT("DEAL_ID", "crm_deal", "deal_id", "Deal", FIELD_NULL_ZERO),
    OWNER_INT("PERSON_TYPE_ID", "integer", "person_type_id", "Client Type", FIELD_NULL_ZERO),
    {.name = "LOCATION_ID",
     .type = "location",
     .title = "Location",
     .kind = FIELD_TEXT,
     .column = "location_id",
     .flags = FIELD_CODE},
    OWNER_UTM,
    OWNER_LAST_ACTIVITY(FIELD_READ_ONLY),
    OWNER_TEXT("LAST_COMMUNICATION_TIME", "last_communication_time", "LAST_COMMUNICATION_TIME",
               FIELD_READ_ONLY),
    ITEM_NULLS("dateCreateShort dateModifyShort begindateShort closedateShort searchContent "
               "hasProducts"),
    ITEM_TYPE,
};

static void cut_texts(struct change *change)
{
    static const char *const names[] = {"TITLE", "CLIENT_TITLE", "CLIENT_ADDR", "CLIENT_EMAIL",
                                        "CLIENT_PHONE"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct cell *cell = change_cell(change, names[i]);
        if (cell->given && !cell->null)
            cell->len = utf8_prefix(cell->text, cell->len, SHORT_CHARS);
    }
}

static void default_dates(struct change *change)
{
    static const char *const names[] = {"BEGINDATE", "CLOSEDATE", "ACTUAL_DATE"};
    int64_t today = day_of(change->req->zone, (int64_t)change->req->now);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct cell *cell = change_cell(change, names[i]);
        if (cell->null)
            cell_set_int(cell, i ? today + VALID_DAYS : today);
    }
}

/* A final stage closes it. */
static enum api_rc check_stage(struct change *change)
{
    bool moved;
    char semantics;
    struct cell *closed = change_cell(change, "CLOSED");
    enum api_rc rc = stage_settle(change, &moved, &semantics);
    if (rc != API_OK || !moved)
        return rc;
    if (semantics != 'P')
        cell_set_text(closed, "Y");
    else if (!closed->given)
        cell_set_text(closed, "N");
    return API_OK;
}

static enum api_rc check(struct change *change)
{
    enum api_rc rc = owner_check(change);
    cut_texts(change);
    if (change->is_add)
        default_dates(change);
    if (rc == API_OK && change->is_add)
        rc = owner_my_company(change);
    if (rc == API_OK)
        rc = check_stage(change);
    return rc == API_OK ? owner_title(change, "Estimate") : rc;
}

/* A quote is numbered by its id. */
static enum api_rc after_write(struct change *change)
{
    enum api_rc rc = owner_title(change, "Estimate");
    if (rc != API_OK || !change->is_add)
        return rc;
    struct cell *number = change_cell(change, "QUOTE_NUMBER");
    cell_set_text(number, arena_printf(change->req->arena, "%lld", (long long)change->id));
    struct db_stmt *stmt =
        db_prepare(change->req->db, "UPDATE quote SET quote_number = $1 WHERE id = $2");
    db_bind_text(stmt, 1, number->text, number->len);
    db_bind_int(stmt, 2, change->id);
    return api_db(change->req, db_run(stmt));
}

static const struct stages stages = {
    .title = "Quote stages",
    .field = "STATUS_ID",
    .semantic = "STATUS_SEMANTIC_ID",
    .directory = "QUOTE_STATUS",
    .start = "DRAFT",
    .success = "APPROVED",
    .failure = "DECLAINED",
    .code_max = 22,
};

static struct names_slot names;

const struct entity quote_entity = {
    .names = &names,
    .name = "quote",
    .table = "quote",
    .permit = &permit_assigned,
    .type_id = 7,
    .code = "QUOTE",
    .short_code = "Q",
    .title = "Quote",
    .event = "QUOTE",
    .user_fields = "CRM_QUOTE",
    .stages = &stages,
    .fields = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .not_found = "Not found",
    .missing = {[ACCESS_UPDATE] = {API_ERR_METHOD, "Quote is not found"},
                [ACCESS_DELETE] = {API_ERR_CORE, "Element not found"}},
    .import = IMPORT_TAKEN,
    .relations = relations,
    .history = &stage_history,
    .check = check,
    .after_write = after_write,
};
ENTITY(quote_entity);

static const struct crud crud = {"crm.quote", &quote_entity, ALL_VERBS | CRUD_USER_FIELDS,
                                 .bad_id = CRUD_BAD_ID, .options = true};

static const struct links links = {"crm.quote.contact", &quote_entity,        &quote_contacts,
                                   "CONTACT_ID",        .denied_status = 403, .gets_missing = true};

MODULE(crm_quote, .crud = &crud, .links = &links);
