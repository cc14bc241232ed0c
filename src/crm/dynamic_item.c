#include "crm/dynamic_item.h"

#include <stdio.h>
#include <string.h>

#include "crm/account.h"
#include "crm/item_parent.h"
#include "crm/item_rule.h"
#include "crm/owner_fields.h"
#include "crm/product_owner.h"
#include "model/item_fields.h"
#include "model/own_table.h"
#include "portal/portal.h"

/* ---- stages ---- */

static const struct stage_first first_stages[] = {
    {"NEW", "Start", "#22B9FF", NULL, true},
    {"PREPARATION", "Preparation", "#88B9FF", NULL, false},
    {"CLIENT", "Approval", "#10E5FC", NULL, false},
    {"SUCCESS", "Success", "#00FF00", "S", true},
    {"FAIL", "Failure", "#FF0000", "F", true},
};

static const struct stages item_stages = {
    .field = "STAGE_ID",
    .semantic = "STAGE_SEMANTIC_ID",
    .previous = "PREVIOUS_STAGE_ID",
    .numbered = "DYNAMIC_{type}_STAGE_{category}",
    .prefix = "DT{type}_{category}",
    .code_max = 50,
    .first = first_stages,
    .first_count = sizeof first_stages / sizeof first_stages[0],
};

/* ---- fields ---- */

static const struct relation item_company = {
    .kind = &relation_parent, .main = "COMPANY_ID", .to = &company_entity};
static const struct relation item_mycompany = {
    .kind = &relation_parent, .main = "MYCOMPANY_ID", .to = &company_entity};

/* A type's copy names its own tables: dynamic_item_make. */
static const struct relation no_relation = {0};

static const struct field item_fields[] = {
    OWNER_ID,
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
    OWNER_DATE("BEGINDATE", "begindate", "Start date"),
    OWNER_DATE("CLOSEDATE", "closedate", "Completion date"),
    OWNER_INT("COMPANY_ID", "crm_company", "company_id", "Company",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO | FIELD_PARENT),
    OWNER_INT("CONTACT_ID", "crm_contact", "contact_id", "Contact",
              FIELD_NULL_ZERO | FIELD_ITEM_ZERO),
    OWNER_LINKS(&no_relation, "CONTACT_IDS", "crm_contact", "Contacts"),
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
    OWNER_OBSERVERS,
    OWNER_INT("WEBFORM_ID", "integer", "webform_id", "CRM form", FIELD_NULL_ZERO | FIELD_ITEM_ZERO),
    OWNER_ASSIGNED,
    OWNER_LAST_ACTIVITY(FIELD_READ_ONLY),
    OWNER_UTM,
    ITEM_TYPE,
};

#define FIELD_COUNT (sizeof item_fields / sizeof item_fields[0])

/* What must be switched on for a field to be there. */
static const struct {
    const char *name;
    enum feature feature;
} needs[] = {
    {"MOVED_BY_ID", FEATURE_STAGES},
    {"MOVED_TIME", FEATURE_STAGES},
    {"STAGE_ID", FEATURE_STAGES},
    {"PREVIOUS_STAGE_ID", FEATURE_STAGES},
    {"BEGINDATE", FEATURE_DATES},
    {"CLOSEDATE", FEATURE_DATES},
    {"COMPANY_ID", FEATURE_CLIENT},
    {"CONTACT_ID", FEATURE_CLIENT},
    {"CONTACT_IDS", FEATURE_CLIENT},
    {"OPPORTUNITY", FEATURE_PRODUCTS},
    {"IS_MANUAL_OPPORTUNITY", FEATURE_PRODUCTS},
    {"TAX_VALUE", FEATURE_PRODUCTS},
    {"CURRENCY_ID", FEATURE_PRODUCTS},
    {"OPPORTUNITY_ACCOUNT", FEATURE_PRODUCTS},
    {"TAX_VALUE_ACCOUNT", FEATURE_PRODUCTS},
    {"ACCOUNT_CURRENCY_ID", FEATURE_PRODUCTS},
    {"MYCOMPANY_ID", FEATURE_MYCOMPANY},
    {"SOURCE_ID", FEATURE_SOURCE},
    {"SOURCE_DESCRIPTION", FEATURE_SOURCE},
    {"OBSERVERS", FEATURE_OBSERVERS},
};

/* ---- a type's copy ---- */

static void switch_off(struct field *fields, const struct dynamic_type *type)
{
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        for (size_t at = 0; at < FIELD_COUNT && !type->has[needs[i].feature]; at++) {
            if (strcmp(fields[at].name, needs[i].name) != 0)
                continue;
            fields[at].flags &= ~(unsigned)FIELD_ITEM_ONLY;
            fields[at].flags |= FIELD_CLASSIC_ONLY | FIELD_NOT_LISTED | FIELD_READ_ONLY;
        }
    }
}

static const struct relation *make_pairs(struct arena *arena, struct field *fields,
                                         const struct dynamic_type *type, const char *name,
                                         const char *main, const char *what,
                                         const struct entity *to)
{
    struct relation *pairs = arena_zalloc(arena, sizeof *pairs);
    *pairs =
        (struct relation){.kind = &relation_pairs,
                          .name = name,
                          .main = main,
                          .table = arena_printf(arena, "item_%lld_%s", (long long)type->id, what),
                          .own = "item_id",
                          .other = arena_printf(arena, "%s_id", what),
                          .to = to};
    for (size_t at = 0; at < FIELD_COUNT; at++) {
        if (!strcmp(fields[at].name, name))
            fields[at].relation = pairs;
    }
    return pairs;
}

static const struct relation *make_activities(struct arena *arena, const char *table)
{
    static const char *const keys[] = {"TITLE", NULL};
    struct relation *activities = arena_zalloc(arena, sizeof *activities);
    struct owner_called *called = arena_zalloc(arena, sizeof *called);
    called->sql = arena_printf(arena, "SELECT t.title FROM %s t WHERE t.id = $1", table);
    called->keys = keys;
    *activities = (struct relation){.kind = &relation_activities, .with = called};
    return activities;
}

static const struct relation **make_relations(struct arena *arena, struct field *fields,
                                              const struct dynamic_type *type, const char *table)
{
    const struct relation **relations = arena_zalloc(arena, 7 * sizeof *relations);
    const struct relation **next = relations;
    *next++ = &product_rows; /* those from before it was switched off go with their item, too */
    *next++ =
        make_pairs(arena, fields, type, "CONTACT_IDS", "CONTACT_ID", "contact", &contact_entity);
    *next++ = &item_company;
    *next++ = &item_mycompany;
    *next++ = &observers;
    *next++ = make_activities(arena, table);
    return relations;
}

struct entity *dynamic_item_make(struct arena *arena, const struct dynamic_type *type,
                                 struct names_slot *names)
{
    struct field *fields = arena_alloc(arena, sizeof item_fields);
    struct entity *entity = arena_zalloc(arena, sizeof *entity);
    const char *table = arena_printf(arena, "item_%lld", (long long)type->id);
    memcpy(fields, item_fields, sizeof item_fields);
    switch_off(fields, type);
    *entity = (struct entity){
        .name = "item",
        .table = table,
        .type_id = (int)type->type_id,
        .code = arena_printf(arena, "DYNAMIC_%lld", (long long)type->type_id),
        .short_code = arena_printf(arena, "T%llx", (long long)type->type_id),
        .title = type->title,
        .permit = &permit_assigned,
        .event = "DYNAMICITEM",
        .event_by_type = true,
        .category = "CATEGORY_ID",
        .stages = &item_stages,
        .fields = fields,
        .field_count = FIELD_COUNT,
        .relations = make_relations(arena, fields, type, table),
        .not_found = "Not found",
        .user_fields = arena_printf(arena, "CRM_%lld", (long long)type->id),
        .check = item_check,
        .after_write = item_stored,
        .history = &stage_history,
        .names = names,
    };
    return entity;
}

/* ---- parents ---- */

static const struct relation *make_parent(struct arena *arena, const struct entity *child,
                                          const struct entity *parent, struct field *field)
{
    struct relation *relation = arena_zalloc(arena, sizeof *relation);
    struct item_parent *with = arena_zalloc(arena, sizeof *with);
    with->child_type_id = child->type_id;
    *relation = (struct relation){.kind = &relation_item_parent,
                                  .name = arena_printf(arena, "PARENT_ID_%d", parent->type_id),
                                  .to = parent,
                                  .with = with};
    *field = (struct field){.name = relation->name,
                            .type = "crm_entity",
                            .title = parent->title,
                            .kind = FIELD_VIRTUAL,
                            .flags = FIELD_IN_GET | FIELD_IN_LIST | FIELD_PARENT,
                            .relation = relation};
    return relation;
}

const struct entity *dynamic_item_with_parents(struct arena *arena, const struct entity *entity,
                                               const struct entity *const *parents, size_t count,
                                               struct names_slot *names)
{
    size_t own = 0, kept = entity->field_count;
    while (entity->relations && entity->relations[own])
        own++;
    struct entity *made = arena_alloc(arena, sizeof *made);
    struct field *fields = arena_alloc(arena, (kept + count) * sizeof *fields);
    const struct relation **relations = arena_zalloc(arena, (own + count + 1) * sizeof *relations);
    *made = *entity;
    memcpy(fields, entity->fields, kept * sizeof *fields);
    if (own)
        memcpy(relations, entity->relations, own * sizeof *relations);
    for (size_t i = 0; i < count; i++)
        relations[own + i] = make_parent(arena, entity, parents[i], &fields[kept + i]);
    made->fields = fields;
    made->field_count = kept + count;
    made->relations = relations;
    made->names = names;
    made->places = NULL;
    return made;
}

/* ---- tables ---- */

/* With the type's id in the place of each #. */
static enum api_rc run_line(struct request *req, const char *line, int64_t id)
{
    struct buf out = {0};
    for (; *line; line++) {
        if (*line == '#')
            buf_printf(&out, "%lld", (long long)id);
        else
            buf_addc(&out, *line);
    }
    enum api_rc rc = own_table_run(req, "%s", buf_text(&out));
    buf_clear(&out);
    return rc;
}

enum api_rc dynamic_item_make_tables(struct request *req, int64_t id)
{
    static const char *const lines[] = {
        "CREATE TABLE item_# (id {ID}, xml_id {TEXT}, title {TEXT}, title_key {TEXT}, "
        "created_by_id {INT} NOT NULL, modify_by_id {INT} NOT NULL, moved_by_id {INT}, date_create "
        "{INT} NOT NULL, date_modify {INT} NOT NULL, moved_time {INT}, category_id {INT} NOT NULL, "
        "opened {TEXT} NOT NULL, stage_id {TEXT} NOT NULL, stage_semantic_id {TEXT} NOT NULL, "
        "previous_stage_id {TEXT}, begindate {INT}, closedate {INT}, company_id {INT}, contact_id "
        "{INT}, opportunity {REAL} NOT NULL, is_manual_opportunity {TEXT} NOT NULL, tax_value "
        "{REAL} NOT NULL, currency_id {TEXT}, mycompany_id {INT}, source_id {TEXT}, "
        "source_description {TEXT}, webform_id {INT}, assigned_by_id {INT} NOT NULL, "
        "last_activity_time {INT}, last_activity_by {INT}, utm_source {TEXT}, utm_medium {TEXT}, "
        "utm_campaign {TEXT}, utm_content {TEXT}, utm_term {TEXT})",
        "CREATE INDEX item_#_assigned ON item_# (assigned_by_id)",
        "CREATE INDEX item_#_stage ON item_# (stage_id)",
        "CREATE INDEX item_#_category ON item_# (category_id)",
        "CREATE INDEX item_#_title ON item_# (title_key)",
        "CREATE INDEX item_#_company ON item_# (company_id) WHERE company_id IS NOT NULL",
        "CREATE INDEX item_#_main ON item_# (contact_id) WHERE contact_id IS NOT NULL",
        "CREATE TABLE item_#_contact (item_id {INT} NOT NULL, contact_id {INT} NOT NULL, sort "
        "{INT} NOT NULL, role_id {INT} NOT NULL DEFAULT 0, PRIMARY KEY (item_id, contact_id))",
        "CREATE INDEX item_#_contact_contact ON item_#_contact (contact_id)",
    };
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0] && rc == API_OK; i++)
        rc = run_line(req, lines[i], id);
    return rc;
}

enum api_rc dynamic_item_drop_tables(struct request *req, int64_t id)
{
    static const char *const lines[] = {"DROP TABLE item_#_contact", "DROP TABLE item_#"};
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0] && rc == API_OK; i++)
        rc = run_line(req, lines[i], id);
    return rc;
}
