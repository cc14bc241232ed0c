/* Types of custom fields that only CRM knows: money, a code of a directory, other objects of CRM. */
#include <string.h>

#include "base/format.h"
#include "base/limits.h"
#include "crm/currency.h"
#include "crm/status_code.h"
#include "crm/sum.h"
#include "model/reference.h"
#include "model/registry.h"
#include "model/type/custom.h"

static void set_text(struct cell *cell, const char *text)
{
    cell->text = text;
    cell->len = strlen(text);
}

/* ---- money: "100|USD" ---- */

/* Without a currency it is the base one. */
static bool take_money(struct request *req, const struct field *field, const struct value *value,
                       struct cell *cell)
{
    size_t len;
    double amount;
    bool known = false;
    const char *text = value_to_text(req->arena, value, &len), *code;
    (void)field;
    if (!text)
        return false;
    const char *bar = strchr(text, '|');
    size_t digits = bar ? (size_t)(bar - text) : len;
    cell->null = !digits;
    set_text(cell, "");
    if (!digits)
        return true;
    struct value *number =
        value_string(req->arena, arena_strndup(req->arena, text, digits), digits);
    if (!value_to_double(number, &amount) || amount >= LIMIT_MONEY || amount <= -LIMIT_MONEY)
        return false;
    code = bar ? bar + 1 : "";
    enum api_rc rc = *code ? currency_known(req, code, &known) : currency_base(req, &code);
    if (rc != API_OK || !code || (bar && bar[1] && !known))
        return false;
    set_text(cell, arena_printf(req->arena, "%s|%s", number->string.text, code));
    return true;
}

const struct field_type type_sum = {
    .name = "custom money",
    .storage = STORE_TEXT,
    .orders = true,
    .classic = {type_write_text, type_none_text, "{\"type\":\"string\"}"},
    .item = {type_write_text, type_none_text, "{\"type\":\"string\"}"},
    .take = take_money,
    .most = custom_most,
    .asks_empty = type_asks_empty,
    .empty = "''",
    .bind = type_bind_text};

static const struct user_setting money_settings[] = {
    {"DEFAULT_VALUE", SETTING_TEXT, "\"\"", 0, NULL, "string", "Default Value"},
    {.form = SETTING_END}};

const struct user_type user_type_money = {.id = "money",
                                          .title = "Money",
                                          .description = "Money",
                                          .place = 8,
                                          .kind = &type_sum,
                                          .settings = money_settings};
USER_TYPE(user_type_money);

/* ---- crm_status: a code of the directory ENTITY_TYPE ---- */

static bool take_status(struct request *req, const struct field *field, const struct value *value,
                        struct cell *cell)
{
    char semantics = 0;
    cell->text = value_to_text(req->arena, value, &cell->len);
    if (!cell->text)
        return false;
    cell->null = !cell->len;
    if (cell->null)
        return true;
    return status_semantics(req, custom_text(field, "ENTITY_TYPE"), cell->text, &semantics) ==
               API_OK &&
           semantics;
}

static const struct field_type status_kind = {
    .name = "custom crm_status",
    .storage = STORE_TEXT,
    .orders = true,
    .classic = {type_write_text, type_none_text, "{\"type\":\"string\"}"},
    .item = {type_write_text, type_none_text, "{\"type\":\"string\"}"},
    .take = take_status,
    .most = custom_most,
    .asks_empty = type_asks_empty,
    .empty = "''",
    .bind = type_bind_text};

static const struct user_setting status_settings[] = {
    {"ENTITY_TYPE", SETTING_TEXT, "\"\"", 0, NULL, "string", "Directory"}, {.form = SETTING_END}};

const struct user_type user_type_crm_status = {.id = "crm_status",
                                               .title = "Binding to CRM Directories",
                                               .description = "Linked to CRM directories",
                                               .place = 13,
                                               .kind = &status_kind,
                                               .settings = status_settings};
USER_TYPE(user_type_crm_status);

/* ---- crm: "D_15", an object of the types that the settings name ---- */

/* Of the types that are allowed the one with this prefix; without a prefix the only one. */
static const struct entity *allowed(struct request *req, const struct field *field,
                                    const char *prefix, size_t len)
{
    const struct entity *found = NULL;
    for (const struct entity *const *at = entity_all(req); *at; at++) {
        const struct entity *entity = *at;
        if (!entity->short_code || !entity->code || !custom_flag(field, entity->code))
            continue;
        bool same = strlen(entity->short_code) == len && !strncmp(entity->short_code, prefix, len);
        if (len ? same : found != NULL)
            return len ? entity : NULL;
        found = len ? found : entity;
    }
    return found;
}

static bool take_crm(struct request *req, const struct field *field, const struct value *value,
                     struct cell *cell)
{
    size_t len;
    int64_t id;
    enum reference reference = REFERENCE_MISSING;
    const char *text = value_to_text(req->arena, value, &len);
    if (!text)
        return false;
    cell->null = !len || type_asks_zero(value);
    set_text(cell, "");
    if (cell->null)
        return true;
    const char *bar = strchr(text, '_');
    const struct entity *entity = allowed(req, field, text, bar ? (size_t)(bar - text) : 0);
    const char *number = bar ? bar + 1 : text;
    if (!entity || !text_to_int(number, strlen(number), &id) || id <= 0 ||
        reference_find(req, entity, id, &reference) != API_OK || reference == REFERENCE_MISSING)
        return false;
    set_text(cell, arena_printf(req->arena, "%s_%lld", entity->short_code, (long long)id));
    return true;
}

/* Without any type leads are meant. */
static enum api_rc check_crm(struct request *req, struct value *settings)
{
    for (size_t i = 0; i < settings->array.count; i++) {
        bool flag;
        if (value_to_flag(settings->array.items[i].value, &flag) && flag)
            return API_OK;
    }
    value_set(req->arena, settings, "LEAD", 4, value_string(req->arena, "Y", 1));
    return API_OK;
}

static const struct field_type crm_kind = {
    .name = "custom crm",
    .storage = STORE_TEXT,
    .orders = true,
    .classic = {type_write_text, type_none_text, "{\"type\":\"string\"}"},
    .item = {type_write_text, type_none_text, "{\"type\":\"string\"}"},
    .take = take_crm,
    .most = custom_most,
    .asks_empty = type_asks_empty,
    .empty = "''",
    .bind = type_bind_text};

static const struct user_setting crm_settings[] = {
    {"LEAD", SETTING_FLAG, NULL, 0, NULL, "char", "Leads"},
    {"CONTACT", SETTING_FLAG, NULL, 0, NULL, "char", "Contacts"},
    {"COMPANY", SETTING_FLAG, NULL, 0, NULL, "char", "Companies"},
    {"DEAL", SETTING_FLAG, NULL, 0, NULL, "char", "Deals"},
    {"QUOTE", SETTING_FLAG, NULL, 0, NULL, NULL, NULL},
    {"ORDER", SETTING_FLAG, NULL, 0, NULL, NULL, NULL},
    {"SMART_INVOICE", SETTING_FLAG, NULL, 0, NULL, NULL, NULL},
    {"DYNAMIC_*", SETTING_FLAG, NULL, 0, NULL, NULL, NULL},
    {.form = SETTING_END}};

const struct user_type user_type_crm = {.id = "crm",
                                        .title = "Binding to CRM Entities",
                                        .description = "Linked to CRM entities",
                                        .place = 16,
                                        .kind = &crm_kind,
                                        .settings = crm_settings,
                                        .check = check_crm};
USER_TYPE(user_type_crm);
