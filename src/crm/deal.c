/* deal - a sale on its way through the stages of the funnel.
 *
 * CATEGORY_ID is its funnel, and is given when the deal is made; crm.item.update moves it to another.
 * Pages: api-reference/crm/deals/crm-deal-add, -update, -get, -list, -delete, -fields.
 */
#include "crm/account.h"
#include "crm/owner_fields.h"
#include "crm/owner_rule.h"
#include "crm/product_owner.h"
#include "crm/status_code.h"
#include "model/dialect.h"
#include "model/item_fields.h"
#include "model/crud.h"
#include "model/links.h"

#include <string.h>

#define CLOSE_DAYS 7 /* a deal is expected to close this long after it began */

static const struct relation deal_company = {
    .kind = &relation_parent, .main = "COMPANY_ID", .to = &company_entity};
static const struct relation deal_contacts = {.kind = &relation_pairs,
                                              .name = "CONTACT_IDS",
                                              .main = "CONTACT_ID",
                                              .table = "deal_contact",
                                              .rows = "contacts",
                                              .own = "deal_id",
                                              .other = "contact_id",
                                              .to = &contact_entity};
static const struct relation deal_activities = {
    .kind = &relation_activities,
    .with = &(const struct owner_called){.sql = "SELECT t.title FROM deal t WHERE t.id = $1",
                                         .keys = (const char *const[]){"DEAL_TITLE", NULL}}};
static const struct relation deal_lead = {
    .kind = &relation_parent, .main = "LEAD_ID", .to = &lead_entity};
static const struct relation deal_quote = {
    .kind = &relation_parent, .main = "QUOTE_ID", .to = &quote_entity};
static const struct relation *const deal_relations[] = {
    &product_rows, &deal_contacts, &deal_company, &deal_activities,
    &deal_lead,    &deal_quote,    &observers,    NULL};

static const struct field deal_fields[] = {
    OWNER_ID,
    OWNER_TEXT("TITLE", "title", "Title", FIELD_SEARCH | FIELD_KEYED),
    OWNER_STATUS("TYPE_ID", "type_id", "Type", "DEAL_TYPE"),
    {.name = "CATEGORY_ID",
     .type = "crm_category",
     .title = "Sales Funnel",
     .kind = FIELD_INT,
     .column = "category_id",
     .flags = FIELD_IMMUTABLE | FIELD_ITEM_TAKEN,
     .fallback = "0",
     .codes = &codes_category},
    OWNER_STAGE("STAGE_ID", "stage_id", "Deal Stage", "DEAL_STAGE"),
    OWNER_TEXT("STAGE_SEMANTIC_ID", "stage_semantic_id", "Stage Group",
               FIELD_READ_ONLY | FIELD_CODE),
    OWNER_FLAG("IS_NEW", "is_new", "New Deal", FIELD_READ_ONLY, "N"),
    OWNER_FLAG("IS_RECURRING", "is_recurring", "Recurring Deal", 0, "N"),
    OWNER_FLAG("IS_RETURN_CUSTOMER", "is_return_customer", "Repeat Deal", 0, "N"),
    OWNER_FLAG("IS_REPEATED_APPROACH", "is_repeated_approach", "Repeated Approach", 0, "N"),
    OWNER_INT("PROBABILITY", "integer", "probability", "Probability", 0),
    OWNER_CURRENCY,
    OWNER_MONEY("OPPORTUNITY", "opportunity", "Amount"),
    OWNER_FLAG("IS_MANUAL_OPPORTUNITY", "is_manual_opportunity", "IS_MANUAL_OPPORTUNITY", 0, "N"),
    OWNER_MONEY("TAX_VALUE", "tax_value", "Tax Rate"),
    ACCOUNT_AMOUNTS,
    OWNER_INT("COMPANY_ID", "crm_company", "company_id", "Company",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_PARENT),
    OWNER_INT("CONTACT_ID", "crm_contact", "contact_id", "Contact",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_DEPRECATED),
    OWNER_LINKS(&deal_contacts, "CONTACT_IDS", "crm_contact", "Contacts"),
    OWNER_INT("QUOTE_ID", "crm_quote", "quote_id", "Estimate",
              FIELD_READ_ONLY | FIELD_NULL_ZERO | FIELD_PARENT),
    OWNER_DATE("BEGINDATE", "begindate", "Start Date"),
    OWNER_DATE("CLOSEDATE", "closedate", "Close Date"),
    OWNER_FLAG("OPENED", "opened", "Available to All", 0, "Y"),
    OWNER_FLAG("CLOSED", "closed", "Closed", 0, "N"),
    OWNER_TEXT("COMMENTS", "comments", "Comment", FIELD_LONG),
    OWNER_ASSIGNED,
    OWNER_AUTHORS,
    OWNER_MOVED_BY,
    OWNER_DATES,
    OWNER_MOVED_TIME,
    OWNER_STATUS("SOURCE_ID", "source_id", "Source", "SOURCE"),
    OWNER_TEXT("SOURCE_DESCRIPTION", "source_description", "Additional Info about Source",
               FIELD_LONG),
    OWNER_INT("LEAD_ID", "crm_lead", "lead_id", "Lead",
              FIELD_READ_ONLY | FIELD_ITEM_TAKEN | FIELD_NULL_ZERO | FIELD_PARENT),
    OWNER_TEXT("ADDITIONAL_INFO", "additional_info", "Additional Information", 0),
    {.name = "LOCATION_ID",
     .type = "location",
     .title = "Location",
     .kind = FIELD_TEXT,
     .column = "location_id",
     .flags = FIELD_CODE},
    OWNER_ORIGIN,
    OWNER_UTM,
    OWNER_LAST_ACTIVITY(FIELD_READ_ONLY),
    OWNER_WEBFORM,
    OWNER_OBSERVERS,
    ITEM_NULLS(
        "dateCreateShort dateModifyShort productId begindateShort closedateShort eventDate "
        "eventDateShort eventId eventDescription searchContent orderStage isWork isWon isLose "
        "receivedAmount lostAmount hasProducts"),
    ITEM_TYPE,
};

/* What a new funnel begins with. */
static const struct stage_first first_stages[] = {
    {"NEW", "New", "#39A8EF", NULL, true},
    {"PREPARATION", "Document preparation", "#2FC6F6", NULL, false},
    {"PREPAYMENT_INVOICE", "Prepayment invoice", "#55D0E0", NULL, false},
    {"EXECUTING", "In progress", "#47E4C2", NULL, false},
    {"FINAL_INVOICE", "Final invoice", "#FFA900", NULL, false},
    {"WON", "Deal successful", "#7BD500", "S", true},
    {"LOSE", "Deal failed", "#FF5752", "F", true},
    {"APOLOGY", "Failure reason analysis", "#FF5752", "F", false},
};

EVENT_KIND(moved_event, "ONCRMDEALMOVETOCATEGORY", "crm");

static const struct stages deal_stages = {
    .title = "Deal stages",
    .field = "STAGE_ID",
    .semantic = "STAGE_SEMANTIC_ID",
    .directory = "DEAL_STAGE",
    .numbered = "DEAL_STAGE_{category}",
    .prefix = "C{category}",
    .start = "NEW",
    .success = "WON",
    .failure = "LOSE",
    .code_max = 22,
    .moved = &moved_event,
    .first = first_stages,
    .first_count = sizeof first_stages / sizeof first_stages[0],
};

static void default_dates(struct change *change)
{
    struct cell *begin = change_cell(change, "BEGINDATE");
    struct cell *close = change_cell(change, "CLOSEDATE");
    int64_t today = day_of(change->req->zone, (int64_t)change->req->now);
    if (begin->null)
        cell_set_int(begin, today);
    if (close->null)
        cell_set_int(close, today + CLOSE_DAYS);
}

/* A final stage closes the deal, on this day unless another is given. */
static enum api_rc check_stage(struct change *change)
{
    bool moved;
    char semantics;
    bool is_first;
    enum api_rc rc = stage_settle(change, &moved, &semantics);
    if (rc != API_OK || !moved)
        return rc;
    struct cell *close = change_cell(change, "CLOSEDATE");
    struct cell *closed = change_cell(change, "CLOSED");
    bool was_closed = change->old && change->old[closed - change->now].text[0] == 'Y';
    if (semantics != 'P') {
        cell_set_text(closed, "Y");
        if (!close->given && !was_closed)
            cell_set_int(close, day_of(change->req->zone, (int64_t)change->req->now));
    } else if (!closed->given) {
        cell_set_text(closed, "N");
    }
    rc = stage_is_first(change, &is_first);
    cell_set_text(change_cell(change, "IS_NEW"), is_first ? "Y" : "N");
    return rc;
}

static enum api_rc deal_check(struct change *change)
{
    enum api_rc rc = owner_check(change);
    const struct cell *probability = change_cell(change, "PROBABILITY");
    if (probability->given && (probability->integer < 0 || probability->integer > 100))
        return api_fail_text(change->req, "The field PROBABILITY is not defined or invalid");
    if (change->is_add)
        default_dates(change);
    if (rc == API_OK)
        rc = check_stage(change);
    if (rc == API_OK)
        rc = owner_first_status(change, "TYPE_ID");
    if (rc == API_OK)
        rc = owner_first_status(change, "SOURCE_ID");
    return rc == API_OK ? owner_title(change, "Deal") : rc;
}

static enum api_rc deal_stored(struct change *change)
{
    return owner_title(change, "Deal");
}

static struct names_slot deal_names;

const struct entity deal_entity = {
    .names = &deal_names,
    .name = "deal",
    .table = "deal",
    .permit = &permit_assigned,
    .type_id = OWNER_DEAL,
    .code = "DEAL",
    .short_code = "D",
    .title = "Deal",
    .event = "DEAL",
    .user_fields = "CRM_DEAL",
    .category = "CATEGORY_ID",
    .stages = &deal_stages,
    .fields = deal_fields,
    .field_count = sizeof deal_fields / sizeof deal_fields[0],
    .not_found = "Not found",
    .relations = deal_relations,
    .history = &stage_history,
    .check = deal_check,
    .after_write = deal_stored,
};
ENTITY(deal_entity);

static const struct crud crud = {"crm.deal", &deal_entity, ALL_VERBS | CRUD_USER_FIELDS,
                                 .bad_id = CRUD_BAD_ID, .options = true};

static const struct links links = {"crm.deal.contact", &deal_entity, &deal_contacts, "CONTACT_ID",
                                   .closed_plainly = true};

MODULE(crm_deal, .crud = &crud, .links = &links);
