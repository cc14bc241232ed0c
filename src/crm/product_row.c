/* product_row - the descriptor of product rows, and the rules of one. */
#include "crm/product_row.h"

#include <math.h>
#include <string.h>

#include "crm/measure.h"
#include "crm/product.h"
#include "crm/product_account.h"
#include "crm/product_price.h"
#include "model/codes.h"
#include "model/dialect.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/row.h"

#define RO FIELD_READ_ONLY
#define QUANTITY_DECIMALS 1e4

static enum api_rc known_product(struct change *change, const struct field *field,
                                 struct cell *cell, bool *known)
{
    (void)field;
    return entity_exists(change->req, &product_entity, cell->integer, known);
}

static const struct field_codes codes_product = {.known = known_product};

#define ROW_PRICE(NAME, COLUMN, TITLE, FLAGS)                                                      \
    FIELD_ROW(NAME, "double", TITLE, FIELD_MONEY, COLUMN, FLAGS, "0")

static const struct field row_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", RO, NULL),
    FIELD_ROW("OWNER_ID", "integer", "Owner ID", FIELD_INT, "owner_id",
              FIELD_REQUIRED | FIELD_IMMUTABLE, NULL),
    FIELD_ROW("OWNER_TYPE", "string", "Owner Type", FIELD_TEXT, "owner_type",
              FIELD_REQUIRED | FIELD_IMMUTABLE | FIELD_CODE, NULL),
    {.name = "PRODUCT_ID",
     .type = "integer",
     .title = "Product",
     .kind = FIELD_INT,
     .column = "product_id",
     .flags = FIELD_REQUIRED,
     .fallback = "0",
     .codes = &codes_product},
    FIELD_ROW("PRODUCT_NAME", "string", "Product Name", FIELD_TEXT, "product_name", 0, ""),
    ROW_PRICE("PRICE", "price", "Price", 0),
    FIELD_PART("PRICE_ACCOUNT", "double", "PRICE_ACCOUNT", RO | FIELD_IN_LIST, &product_account),
    ROW_PRICE("PRICE_EXCLUSIVE", "price_exclusive", "Discounted price excluding tax", RO),
    ROW_PRICE("PRICE_NETTO", "price_netto", "PRICE_NETTO", RO),
    ROW_PRICE("PRICE_BRUTTO", "price_brutto", "PRICE_BRUTTO", RO),
    FIELD_ROW("QUANTITY", "double", "Quantity", FIELD_DOUBLE, "quantity", 0, "1"),
    FIELD_ROW("DISCOUNT_TYPE_ID", "integer", "Discount Type", FIELD_INT, "discount_type_id", 0,
              "2"),
    FIELD_ROW("DISCOUNT_RATE", "double", "Discount Amount", FIELD_DOUBLE, "discount_rate", 0, "0"),
    ROW_PRICE("DISCOUNT_SUM", "discount_sum", "Discount Total", 0),
    FIELD_ROW("TAX_RATE", "double", "Tax", FIELD_DOUBLE, "tax_rate", 0, NULL),
    FIELD_ROW("TAX_INCLUDED", "char", "Tax included in price", FIELD_FLAG, "tax_included", 0, "N"),
    FIELD_ROW("CUSTOMIZED", "char", "Modified", FIELD_FLAG, "customized", 0, "Y"),
    FIELD_ROW("MEASURE_CODE", "integer", "Unit of Measure Code", FIELD_INT, "measure_code", 0, "0"),
    FIELD_ROW("MEASURE_NAME", "string", "Unit of Measure", FIELD_TEXT, "measure_name", 0, ""),
    FIELD_ROW("SORT", "integer", "Sorting", FIELD_INT, "sort", 0, "0"),
    FIELD_ROW("XML_ID", "string", "XML_ID", FIELD_TEXT, "xml_id", FIELD_CODE, ""),
    FIELD_ROW("TYPE", "integer", "TYPE", FIELD_INT, "type", RO, "1"),
    FIELD_PART("STORE_ID", "integer", "STORE_ID", RO, NULL),
};

static enum api_rc wrong(struct change *change, const char *name)
{
    const struct field *field = entity_field(&product_row_entity, name);
    if (dialect_is_item(change->req))
        return change->req->dialect->invalid(change->req, field);
    return api_fail(change->req, API_ERR_METHOD, "The field %s is not defined or invalid", name);
}

/* ---- what the catalog says of it ---- */

static enum api_rc read_product(struct change *change, const char **name, int64_t *code,
                                const char **symbol)
{
    struct request *req = change->req;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT p.name, m.code, COALESCE(m.symbol_rus, m.measure_title) FROM product p "
                 "LEFT JOIN measure m ON m.id = p.measure WHERE p.id = $1");
    db_bind_int(stmt, 1, change_cell(change, "PRODUCT_ID")->integer);
    enum db_rc rc = db_step(stmt);
    *name = *symbol = NULL;
    if (rc == DB_ROW) {
        *name = request_text(req, stmt, 0, NULL);
        *code = db_int(stmt, 1);
        *symbol = db_is_null(stmt, 2) ? NULL : request_text(req, stmt, 2, NULL);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

/* Its name and unit, where the caller gives none. */
static enum api_rc take_product(struct change *change)
{
    struct cell *product = change_cell(change, "PRODUCT_ID");
    struct cell *name = change_cell(change, "PRODUCT_NAME");
    struct cell *code = change_cell(change, "MEASURE_CODE");
    const char *called, *symbol;
    int64_t measure = 0;
    if (!product->given || !product->integer)
        return API_OK;
    enum api_rc rc = read_product(change, &called, &measure, &symbol);
    if (called && !name->given)
        cell_set_text(name, called);
    if (symbol && !code->given) {
        cell_set_int(code, measure);
        cell_set_text(change_cell(change, "MEASURE_NAME"), symbol);
    }
    return rc;
}

/* A unit is known by its code, or told with its name. */
static enum api_rc take_measure(struct change *change)
{
    struct cell *code = change_cell(change, "MEASURE_CODE");
    struct cell *name = change_cell(change, "MEASURE_NAME");
    const char *symbol;
    if (!code->given || (name->given && !cell_is_empty(name)))
        return API_OK;
    if (!code->integer) {
        cell_set_text(name, "");
        return API_OK;
    }
    enum api_rc rc = measure_of_code(change->req, code->integer, &symbol);
    if (rc == API_OK && !symbol)
        return wrong(change, "MEASURE_CODE");
    if (rc == API_OK)
        cell_set_text(name, symbol);
    return rc;
}

/* ---- prices ---- */

/* `kept`: what stands in the row counts as well as what is given. */
static struct price_part part(struct change *change, const char *name, bool kept)
{
    const struct cell *cell = change_cell(change, name);
    return (struct price_part){.value = cell->real, .given = cell->given || kept};
}

static void put(struct change *change, const char *name, double value)
{
    struct cell *cell = change_cell(change, name);
    cell->null = false;
    cell->real = value;
}

/* Does the caller say anything that prices follow from? */
static bool tells_price(struct change *change)
{
    static const char *const names[] = {"PRICE",        "PRICE_EXCLUSIVE",  "PRICE_NETTO",
                                        "PRICE_BRUTTO", "DISCOUNT_TYPE_ID", "DISCOUNT_RATE",
                                        "DISCOUNT_SUM", "TAX_RATE"};
    bool any = change->is_add;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !any; i++)
        any = change_given(change, names[i]);
    return any;
}

static enum api_rc settle_price(struct change *change)
{
    const struct cell *tax = change_cell(change, "TAX_RATE");
    const struct cell *type = change_cell(change, "DISCOUNT_TYPE_ID");
    bool kept = !change->is_add;
    if (!tells_price(change))
        return API_OK;
    struct product_price p = {
        .exclusive = part(change, "PRICE_EXCLUSIVE", false),
        .netto = part(change, "PRICE_NETTO", false),
        .brutto = part(change, "PRICE_BRUTTO", false),
        .rate = part(change, "DISCOUNT_RATE", kept && !change_given(change, "PRICE_NETTO")),
        .sum = part(change, "DISCOUNT_SUM", kept),
        .tax = tax->null ? 0 : tax->real,
        .discount = (int)type->integer,
        .discount_told = type->given && change->is_add,
    };
    p.price =
        part(change, "PRICE", kept && !p.exclusive.given && !p.netto.given && !p.brutto.given);
    const char *why = product_price_settle(&p);
    if (why)
        return api_fail(change->req, API_ERR_CORE, "%s", why);
    put(change, "PRICE", p.price.value);
    put(change, "PRICE_EXCLUSIVE", p.exclusive.value);
    put(change, "PRICE_NETTO", p.netto.value);
    put(change, "PRICE_BRUTTO", p.brutto.value);
    put(change, "DISCOUNT_RATE", p.rate.value);
    put(change, "DISCOUNT_SUM", p.sum.value);
    return API_OK;
}

static enum api_rc check_numbers(struct change *change)
{
    struct cell *quantity = change_cell(change, "QUANTITY");
    struct cell *type = change_cell(change, "DISCOUNT_TYPE_ID");
    const struct cell *rate = change_cell(change, "DISCOUNT_RATE");
    const struct cell *tax = change_cell(change, "TAX_RATE");
    if (!type->integer)
        cell_set_int(type, DISCOUNT_PERCENT);
    quantity->real = round(quantity->real * QUANTITY_DECIMALS) / QUANTITY_DECIMALS;
    if (quantity->real < 0)
        return wrong(change, "QUANTITY");
    if (type->integer != DISCOUNT_MONEY && type->integer != DISCOUNT_PERCENT)
        return wrong(change, "DISCOUNT_TYPE_ID");
    if (rate->real < 0 || rate->real > 100)
        return wrong(change, "DISCOUNT_RATE");
    if (!tax->null && (tax->real < 0 || tax->real > 100))
        return wrong(change, "TAX_RATE");
    return API_OK;
}

static enum api_rc row_check(struct change *change)
{
    enum api_rc rc = check_numbers(change);
    if (rc == API_OK)
        rc = take_product(change);
    if (rc == API_OK)
        rc = take_measure(change);
    return rc == API_OK ? settle_price(change) : rc;
}

/* A row that nothing names is called by its id. */
static enum api_rc row_stored(struct change *change)
{
    struct cell *name = change_cell(change, "PRODUCT_NAME");
    if (!cell_is_empty(name))
        return API_OK;
    cell_set_text(name, arena_printf(change->req->arena, "[%lld]", (long long)change->id));
    struct db_stmt *stmt =
        db_prepare(change->req->db, "UPDATE product_row SET product_name = $1 WHERE id = $2");
    db_bind_textz(stmt, 1, name->text);
    db_bind_int(stmt, 2, change->id);
    return api_db(change->req, db_run(stmt));
}

static struct names_slot row_names;

const struct entity product_row_entity = {
    .names = &row_names,
    .name = "product row",
    .table = "product_row",
    .permit = &permit_everybody, /* of those who may it with the owner: the methods ask */
    .with_owner = true,
    .fields = row_fields,
    .field_count = sizeof row_fields / sizeof row_fields[0],
    .not_found = "Not found",
    .default_order = "SORT",
    .check = row_check,
    .after_write = row_stored,
};
ENTITY(product_row_entity);
