/* Scenarios of product rows: crm.lead|deal.productrows.*, crm.productrow.*, crm.item.productrow.*. Deal 1 is of user 2
 * or another; who may do what with rows is who may do it with their owner. */
#include "scenario.h"

#define SET(rows) .call = "crm.deal.productrows.set", .json = "{\"id\":1,\"rows\":" rows "}"
#define AND_SHOW .then = "crm.deal.productrows.get?id=1"
#define ADD(fields)                                                                                \
    .call = "crm.item.productrow.add",                                                             \
    .json = "{\"fields\":{\"ownerId\":1,\"ownerType\":\"D\"," fields "}}"
#define UPDATE(fields)                                                                             \
    .call = "crm.item.productrow.update", .json = "{\"id\":7,\"fields\":" fields "}"
/* Row 7 of deal 1: two of 100.00 each. Product 9 is a rope, by the metre. */
#define ROW_OF(type, owner)                                                                        \
    "INSERT INTO product_row (id, owner_type, owner_id, product_id, product_name, price, "         \
    "price_exclusive, price_netto, price_brutto, quantity, discount_type_id, discount_rate, "      \
    "discount_sum, tax_included, customized, measure_code, measure_name, sort, xml_id, type) "     \
    "VALUES (7, '" type "', " #owner ", 0, 'Chair', 100, 100, 100, 100, 2, 2, 0, 0, 'N', 'Y', "    \
    "796, 'pcs', 10, '', 1)"
#define ROW .sql = ROW_OF("D", 1)
#define ROPE                                                                                       \
    .sql = "INSERT INTO product (id, catalog_id, price, currency_id, name, description, "          \
           "description_type, active, sort, vat_included, measure, date_create, timestamp_x, "     \
           "modified_by, created_by) VALUES (9, 1, 49, 'USD', 'Rope', 'Strong', 'text', 'Y', "     \
           "500, 'N', 1, 1, 1, 2, 2)"
#define LEADS                                                                                      \
    "INSERT INTO lead (id, title, status_id, status_semantic_id, is_manual_opportunity, opened, "  \
    "has_phone, has_email, has_imol, assigned_by_id, created_by_id, modify_by_id, date_create, "   \
    "date_modify, is_return_customer, opportunity) VALUES (901, 'L', 'NEW', 'P', 'N', 'Y', 'N', "  \
    "'N', 'N', 1, 1, 1, 0, 0, 'N', 0), (902, 'L', 'NEW', 'P', 'N', 'Y', 'N', 'N', 'N', 1, 1, 1, "  \
    "0, 0, 'N', 0)"
#define MERGED "{\"params\":{\"entityTypeId\":1,\"entityIds\":[901,902]}}"
#define QUOTE                                                                                      \
    "INSERT INTO quote (id, title, status_id, status_semantic_id, is_manual_opportunity, opened, " \
    "closed, assigned_by_id, created_by_id, modify_by_id, date_create, date_modify, opportunity) " \
    "VALUES (901, 'Q', 'DRAFT', 'P', 'N', 'Y', 'N', 1, 1, 1, 0, 0, 0)"
#define TOLD .events = "ONCRMDEALUPDATE"
#define CORE .status = 400, .error = "ERROR_CORE"
#define DENIED .status = 400, .text = "Access denied."
#define ITEM_DENIED .status = 400, .error = "ACCESS_DENIED", .text = "Access denied"
#define NO_OWNER .status = 400, .error = "OWNER_NOT_FOUND", .text = "Owner was not found"
#define NO_ROW .status = 400, .error = "NOT_FOUND", .text = "Item not found"

static const struct scenario scenarios[] = {
    /* as of old */
    {"rows of a deal, and its amount",
     SET("[{\"PRODUCT_NAME\":\"Chair\",\"PRICE\":\"899.10\",\"DISCOUNT_TYPE_ID\":2,"
         "\"DISCOUNT_RATE\":10,\"TAX_INCLUDED\":\"Y\",\"MEASURE_CODE\":796,\"SORT\":20},{"
         "\"PRODUCT_NAME\":\"Table\",\"PRICE\":100,\"QUANTITY\":2,\"SORT\":10}]"),
     .result = "true", TOLD, AND_SHOW,
     .then_has =
         {"\"OWNER_ID\":\"1\",\"OWNER_TYPE\":\"D\",\"PRODUCT_ID\":0,\"PRODUCT_NAME\":"
          "\"Table\",\"ORIGINAL_PRODUCT_NAME\":null,\"PRODUCT_DESCRIPTION\":null,\"PRICE\":"
          "100,\"PRICE_EXCLUSIVE\":100,\"PRICE_NETTO\":100,\"PRICE_BRUTTO\":100,"
          "\"PRICE_ACCOUNT\":\"",
          "\"QUANTITY\":2,\"DISCOUNT_TYPE_ID\":2,\"DISCOUNT_RATE\":0,\"DISCOUNT_SUM\":0,"
          "\"TAX_RATE\":null,\"TAX_INCLUDED\":\"N\",\"CUSTOMIZED\":\"Y\",\"MEASURE_CODE\":0,"
          "\"MEASURE_NAME\":\"\",\"SORT\":10,\"XML_ID\":\"\",\"TYPE\":1,\"STORE_ID\":null,"
          "\"RESERVE_ID\":null,\"DATE_RESERVE_END\":null,\"RESERVE_QUANTITY\":null},{",
          "\"PRODUCT_NAME\":\"Chair\"",
          "\"PRICE\":899.1,\"PRICE_EXCLUSIVE\":899.1,\"PRICE_NETTO\":999,\"PRICE_BRUTTO\":"
          "999",
          "\"DISCOUNT_RATE\":10,\"DISCOUNT_SUM\":99.9",
          "\"MEASURE_CODE\":796,\"MEASURE_NAME\":\"pcs\",\"SORT\":20"}},
    {"the amount follows",
     SET("[{\"PRODUCT_NAME\":\"a\",\"PRICE\":\"10.55\",\"QUANTITY\":3},{"
         "\"PRODUCT_NAME\":\"b\",\"PRICE\":12,\"TAX_RATE\":20}]"),
     TOLD, .then = "crm.deal.get?id=1",
     .then_has = {"\"OPPORTUNITY\":\"43.65\"", "\"TAX_VALUE\":\"2.00\""}},
    {"an amount that is kept by hand does not",
     .before = "crm.deal.update?id=1&fields[OPPORTUNITY]=5&fields[IS_MANUAL_OPPORTUNITY]=Y",
     SET("[{\"PRODUCT_NAME\":\"a\",\"PRICE\":10}]"), TOLD, .then = "crm.deal.get?id=1",
     .then_has = {"\"OPPORTUNITY\":\"5.00\""}},
    {"an amount beside rows gives way to them", .before = "crm.deal.productrows.set",
     .before_json = "{\"id\":1,\"rows\":[{\"PRICE\":30}]}",
     .call = "crm.deal.update?id=1&fields[OPPORTUNITY]=5", .then = "crm.deal.get?id=1",
     .then_has = {"\"OPPORTUNITY\":\"30.00\"", "\"IS_MANUAL_OPPORTUNITY\":\"N\""}},
    {"unless it says that it is kept by hand", .before = "crm.deal.productrows.set",
     .before_json = "{\"id\":1,\"rows\":[{\"PRICE\":30}]}",
     .call = "crm.deal.update?id=1&fields[OPPORTUNITY]=5&fields[IS_MANUAL_OPPORTUNITY]=Y",
     .then = "crm.deal.get?id=1", .then_has = {"\"OPPORTUNITY\":\"5.00\""}},
    {"it follows again", .before = "crm.deal.productrows.set",
     .before_json = "{\"id\":1,\"rows\":[{\"PRICE\":30}]}",
     .sql = "UPDATE deal SET is_manual_opportunity = 'Y', opportunity = 5 WHERE id = 1",
     .call = "crm.deal.update?id=1&fields[IS_MANUAL_OPPORTUNITY]=N", .then = "crm.deal.get?id=1",
     .then_has = {"\"OPPORTUNITY\":\"30.00\""}},
    {"a row with an id is changed, the others go", ROW,
     SET("[{\"ID\":7,\"QUANTITY\":5},{\"PRODUCT_NAME\":\"New\",\"PRICE\":1}]"), TOLD, AND_SHOW,
     .then_has = {"\"ID\":\"7\"", "\"PRODUCT_NAME\":\"Chair\"", "\"QUANTITY\":5",
                  "\"PRODUCT_NAME\":\"New\""}},
    {"no rows any more", ROW, SET("[]"), .result = "true", TOLD, AND_SHOW,
     .then_has = {"\"result\":[]"}},
    {"a row of another owner is not meant", .sql = ROW_OF("D", 2),
     SET("[{\"ID\":7,\"PRODUCT_NAME\":\"Mine\"}]"), TOLD, .then = "crm.deal.productrows.get?id=2",
     .then_has = {"\"PRODUCT_NAME\":\"Chair\""}},
    {"a product gives its name and unit", ROPE, SET("[{\"PRODUCT_ID\":9,\"PRICE\":2}]"), TOLD,
     AND_SHOW,
     .then_has = {"\"PRODUCT_ID\":9,\"PRODUCT_NAME\":\"Rope\",\"ORIGINAL_PRODUCT_NAME\":\"Rope\","
                  "\"PRODUCT_DESCRIPTION\":\"Strong\"",
                  "\"MEASURE_CODE\":6,\"MEASURE_NAME\":\"m\""}},
    {"or is called otherwise", ROPE,
     SET("[{\"PRODUCT_ID\":9,\"PRODUCT_NAME\":\"Cord\",\"MEASURE_CODE\":163}]"), TOLD, AND_SHOW,
     .then_has = {"\"PRODUCT_NAME\":\"Cord\",\"ORIGINAL_PRODUCT_NAME\":\"Rope\"",
                  "\"MEASURE_CODE\":163,\"MEASURE_NAME\":\"g\""}},
    {"a row without a name is called by its id", SET("[{\"PRICE\":1}]"), TOLD, AND_SHOW,
     .then_has = {"\"PRODUCT_NAME\":\"["}},
    {"a product that is not there", SET("[{\"PRODUCT_ID\":99}]"), .status = 400,
     .text = "Invalid value for the \\\"Product\\\" field"},
    {"a unit that is not there", SET("[{\"MEASURE_CODE\":99}]"), .status = 400,
     .text = "The field MEASURE_CODE is not defined or invalid"},
    {"a unit of one's own", SET("[{\"MEASURE_CODE\":99,\"MEASURE_NAME\":\"bag\"}]"), TOLD, AND_SHOW,
     .then_has = {"\"MEASURE_CODE\":99,\"MEASURE_NAME\":\"bag\""}},
    {"a discount in money",
     SET("[{\"PRICE\":1000,\"DISCOUNT_TYPE_ID\":1,\"DISCOUNT_SUM\":\"500.12\"}]"), TOLD, AND_SHOW,
     .then_has = {"\"PRICE\":1000,\"PRICE_EXCLUSIVE\":1000,\"PRICE_NETTO\":1500.12",
                  "\"DISCOUNT_TYPE_ID\":1,\"DISCOUNT_RATE\":33.34,\"DISCOUNT_SUM\":500.12"}},
    {"prices without the one that is paid",
     SET("[{\"PRICE_NETTO\":100,\"DISCOUNT_RATE\":10,\"TAX_RATE\":20}]"), TOLD, AND_SHOW,
     .then_has = {"\"PRICE\":108,\"PRICE_EXCLUSIVE\":90,\"PRICE_NETTO\":100,\"PRICE_BRUTTO\":120",
                  "\"DISCOUNT_SUM\":10"}},
    {"a discount follows from two prices", SET("[{\"PRICE\":\"899.1\",\"PRICE_NETTO\":999}]"), TOLD,
     AND_SHOW, .then_has = {"\"DISCOUNT_RATE\":10,\"DISCOUNT_SUM\":99.9"}},
    {"all of it off", SET("[{\"DISCOUNT_TYPE_ID\":2,\"DISCOUNT_RATE\":100,\"DISCOUNT_SUM\":50}]"),
     TOLD, AND_SHOW,
     .then_has = {"\"PRICE\":0,\"PRICE_EXCLUSIVE\":0,\"PRICE_NETTO\":50",
                  "\"DISCOUNT_RATE\":100,\"DISCOUNT_SUM\":50"}},
    {"all of it off what", SET("[{\"DISCOUNT_TYPE_ID\":2,\"DISCOUNT_RATE\":100}]"), CORE,
     .text = "Discount Sum (DISCOUNT_SUM) is required if Percentage Discount Type "
             "(DISCOUNT_TYPE_ID) is defined and Discount Rate (DISCOUNT_RATE) is 100%<br>"},
    {"a percentage of how many percent", SET("[{\"DISCOUNT_TYPE_ID\":2,\"PRICE\":1}]"), CORE,
     .text = "Discount Rate (DISCOUNT_RATE) is required if Percentage Discount Type "
             "(DISCOUNT_TYPE_ID) is defined<br>"},
    {"a discount of how much", SET("[{\"DISCOUNT_TYPE_ID\":1,\"PRICE\":1}]"), CORE,
     .text = "Discount Sum (DISCOUNT_SUM) is required if Monetary Discount Type "
             "(DISCOUNT_TYPE_ID) is defined<br>"},
    {"of a kind that there is not", SET("[{\"DISCOUNT_TYPE_ID\":3}]"), .status = 400,
     .text = "The field DISCOUNT_TYPE_ID is not defined or invalid"},
    {"more than all of it", SET("[{\"DISCOUNT_RATE\":101}]"), .status = 400,
     .text = "The field DISCOUNT_RATE is not defined or invalid"},
    {"less than nothing", SET("[{\"QUANTITY\":-1}]"), .status = 400,
     .text = "The field QUANTITY is not defined or invalid"},
    {"a tax of more than all", SET("[{\"TAX_RATE\":101}]"), .status = 400,
     .text = "The field TAX_RATE is not defined or invalid"},
    {"rows that are none", SET("[7]"), .status = 400,
     .text = "A product row is no object of fields"},
    {"rows that are no list", .call = "crm.deal.productrows.set?id=1&rows=x", .status = 400,
     .text = "The parameter rows must be array."},
    {"what is refused changes nothing", ROW, SET("[{\"PRICE\":1},{\"TAX_RATE\":101}]"),
     .status = 400, .text = "The field TAX_RATE is not defined or invalid", AND_SHOW,
     .then_has = {"\"ID\":\"7\""}},
    {"prices are told in the base currency too", .before = "crm.deal.productrows.set",
     .before_json = "{\"id\":1,\"rows\":[{\"PRICE\":200}]}",
     .call = "crm.deal.update?id=1&fields[CURRENCY_ID]=RUB", AND_SHOW,
     .then_has = {"\"PRICE\":200,", "\"PRICE_ACCOUNT\":\"2.50\""}},
    {"without an id", .call = "crm.deal.productrows.get", .status = 400,
     .text = "The parameter id is invalid or not defined."},
    {"set without an id", .call = "crm.deal.productrows.set", .status = 400,
     .text = "The parameter id is invalid or not defined."},
    {"of a deal that is not there", .call = "crm.deal.productrows.get?id=99999", .status = 400,
     .text = "Not found"},
    {"set of a deal that is not there", .call = "crm.deal.productrows.set?id=99999", .status = 400,
     .text = "Not found"},
    {"who may not read the deal", .as = AS_LIMITED, .sql = "UPDATE deal SET assigned_by_id = 1",
     .call = "crm.deal.productrows.get?id=1", DENIED},
    {"who may read it", .as = AS_LIMITED, .sql = "UPDATE deal SET assigned_by_id = 2",
     .call = "crm.deal.productrows.get?id=1", .result = "[]"},
    {"who may not change the deal", .as = AS_LIMITED, .sql = "UPDATE deal SET assigned_by_id = 1",
     SET("[]"), DENIED},
    {"who may read nothing", .as = AS_ROLELESS, .call = "crm.deal.productrows.get?id=1", DENIED},
    {"who may change nothing", .as = AS_ROLELESS, SET("[]"), DENIED},
    {"rows of a lead", .call = "crm.lead.productrows.set",
     .json = "{\"id\":1,\"rows\":[{\"PRODUCT_NAME\":\"Chair\",\"PRICE\":10,\"QUANTITY\":\"1.5\"}]}",
     .result = "true", .events = "ONCRMLEADUPDATE", .then = "crm.lead.productrows.get?id=1",
     .then_has = {"\"OWNER_TYPE\":\"L\"", "\"QUANTITY\":1.5"}},
    {"the amount of a lead", .call = "crm.lead.productrows.set",
     .json = "{\"id\":1,\"rows\":[{\"PRODUCT_NAME\":\"Chair\",\"PRICE\":10,\"QUANTITY\":\"1.5\"}]}",
     .events = "ONCRMLEADUPDATE", .then = "crm.lead.get?id=1",
     .then_has = {"\"OPPORTUNITY\":\"15.00\""}},
    {"a lead without rows", .call = "crm.lead.productrows.get?id=1", .result = "[]"},
    {"rows of no lead", .call = "crm.lead.productrows.get", .status = 400,
     .text = "The parameter id is invalid or not defined."},
    {"all of it off a lead", .call = "crm.lead.productrows.set",
     .json = "{\"id\":1,\"rows\":[{\"DISCOUNT_TYPE_ID\":2,\"DISCOUNT_RATE\":100}]}", CORE,
     .text = "Discount Sum (DISCOUNT_SUM) is required if Percentage Discount Type "
             "(DISCOUNT_TYPE_ID) is defined and Discount Rate (DISCOUNT_RATE) is 100%<br>"},
    {"rows go with the deal", .before = "crm.deal.add?fields[TITLE]=x", .sql = ROW_OF("D", 1),
     .call = "crm.deal.delete?id=1", .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE",
     .then = "crm.item.productrow.get?id=7", .then_has = {"Item not found"}},

    {"a merged lead takes the rows of the other, if it has none",
     .sql = LEADS "; " ROW_OF("L", 902), .call = "crm.entity.mergeBatch", .json = MERGED,
     .events = "ONCRMLEADDELETE ONCRMLEADUPDATE", .then = "crm.lead.productrows.get?id=901",
     .then_has = {"\"ID\":\"7\""}},
    {"and their sum", .sql = LEADS "; " ROW_OF("L", 902), .call = "crm.entity.mergeBatch",
     .json = MERGED, .events = "ONCRMLEADDELETE ONCRMLEADUPDATE", .then = "crm.lead.get?id=901",
     .then_has = {"\"OPPORTUNITY\":\"200.00\""}},
    {"its own stay", .sql = LEADS "; " ROW_OF("L", 901), .call = "crm.entity.mergeBatch",
     .json = MERGED, .events = "ONCRMLEADDELETE ONCRMLEADUPDATE",
     .then = "crm.lead.productrows.get?id=901", .then_has = {"\"ID\":\"7\""}},

    {"rows of a quote", .sql = QUOTE, .call = "crm.quote.productrows.set",
     .json = "{\"id\":901,\"rows\":[{\"PRODUCT_NAME\":\"Chair\",\"PRICE\":10,\"QUANTITY\":3}]}",
     .result = "true", .events = "ONCRMQUOTEUPDATE", .then = "crm.quote.productrows.get?id=901",
     .then_has = {"\"OWNER_TYPE\":\"Q\"", "\"QUANTITY\":3"}},
    {"the amount of a quote", .sql = QUOTE, .call = "crm.quote.productrows.set",
     .json = "{\"id\":901,\"rows\":[{\"PRICE\":12,\"TAX_RATE\":20}]}", .events = "ONCRMQUOTEUPDATE",
     .then = "crm.quote.get?id=901",
     .then_has = {"\"OPPORTUNITY\":\"12.00\"", "\"TAX_VALUE\":\"2.00\""}},
    {"a quote without an id", .call = "crm.quote.productrows.get", .status = 400,
     .text = "The parameter id is invalid or not defined."},
    {"set of a quote without an id", .call = "crm.quote.productrows.set", .status = 400,
     .text = "The parameter id is invalid or not defined."},
    {"rows of a quote that are no list", .sql = QUOTE,
     .call = "crm.quote.productrows.set?id=901&rows=x", .status = 400,
     .text = "The parameter rows must be array."},
    {"rows of a quote that is not there", .call = "crm.quote.productrows.set?id=99999",
     .status = 400, .text = "Not found."},
    {"who may read no quotes", .as = AS_ROLELESS, .sql = QUOTE,
     .call = "crm.quote.productrows.get?id=901", DENIED},
    {"who may change no quotes", .as = AS_ROLELESS, .sql = QUOTE,
     .call = "crm.quote.productrows.set?id=901", DENIED},

    /* crm.productrow */
    {"rows by filter", ROW,
     .call = "crm.productrow.list?filter[OWNER_TYPE]=D&filter[OWNER_ID]=1&filter[>PRICE]=50&"
             "select[]=ID&select[]=PRODUCT_NAME&select[]=PRICE",
     .result = "[{\"ID\":\"7\",\"PRODUCT_NAME\":\"Chair\",\"PRICE\":\"100.00\"}]"},
    {"none of that price", ROW,
     .call = "crm.productrow.list?filter[OWNER_TYPE]=D&filter[OWNER_ID]=1&filter[<PRICE]=50",
     .result = "[]"},
    {"of no owner", .call = "crm.productrow.list?filter[OWNER_TYPE]=D", .status = 400,
     .text = "The filter must name one owner by OWNER_TYPE and OWNER_ID."},
    {"of what can have none", .call = "crm.productrow.list?filter[OWNER_TYPE]=C&filter[OWNER_ID]=1",
     .status = 400, .text = "The filter must name one owner by OWNER_TYPE and OWNER_ID."},
    {"of two owners",
     .call = "crm.productrow.list?filter[OWNER_TYPE]=D&filter[OWNER_ID][]=1&filter[OWNER_ID][]=2",
     .status = 400, .text = "The filter must name one owner by OWNER_TYPE and OWNER_ID."},
    {"of a deal that may not be read", .as = AS_LIMITED,
     .sql = "UPDATE deal SET assigned_by_id = 1",
     .call = "crm.productrow.list?filter[OWNER_TYPE]=D&filter[OWNER_ID]=1", DENIED},
    {"fields as of old", .call = "crm.productrow.fields",
     .has = {"\"PRODUCT_NAME\":{\"type\":\"string\"", "\"PRICE_NETTO\":{\"type\":\"double\","
                                                      "\"isRequired\":false,\"isReadOnly\":true"}},

    /* crm.item.productrow */
    {"a row as the page shows it",
     ADD("\"price\":80000,\"quantity\":2,\"discountTypeId\":2,\"discountRate\":20,\"taxRate\":20,"
         "\"taxIncluded\":\"Y\",\"measureCode\":796,\"sort\":10,\"productName\":\"iphone 14\""),
     TOLD,
     .has = {"{\"productRow\":{\"id\":",
             "\"ownerId\":1,\"ownerType\":\"D\",\"productId\":0,"
             "\"productName\":\"iphone 14\",\"price\":80000,\"priceAccount\":",
             "\"priceExclusive\":66666.67,\"priceNetto\":83333.34,\"priceBrutto\":100000.01,"
             "\"quantity\":2,\"discountTypeId\":2,\"discountRate\":20,\"discountSum\":16666.67,"
             "\"taxRate\":20,\"taxIncluded\":\"Y\",\"customized\":\"Y\",\"measureCode\":796,"
             "\"measureName\":\"pcs\",\"sort\":10,\"xmlId\":\"\",\"type\":1}"},
     .then = "crm.deal.get?id=1",
     .then_has = {"\"OPPORTUNITY\":\"160000.00\"", "\"TAX_VALUE\":\"26666.66\""}},
    {"one more row", ROW, ADD("\"productName\":\"Table\",\"price\":1"), TOLD,
     .then = "crm.deal.get?id=1", .then_has = {"\"OPPORTUNITY\":\"201.00\""}},
    {"a row of a product", ROPE, ADD("\"productId\":9,\"price\":3"), TOLD,
     .has = {"\"productId\":9,\"productName\":\"Rope\"",
             "\"measureCode\":6,\"measureName\":\"m\""}},
    {"a row of no product that there is", ADD("\"productId\":99"), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID"},
    {"a price that is none", ADD("\"price\":\"much\""), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID"},
    {"a row of nobody", .call = "crm.item.productrow.add",
     .json = "{\"fields\":{\"ownerType\":\"D\"}}", .status = 400, .error = "100",
     .text = "Could not find value for parameter {ownerId}"},
    {"a row of no type", .call = "crm.item.productrow.add", .json = "{\"fields\":{\"ownerId\":1}}",
     .status = 400, .error = "100", .text = "Could not find value for parameter {ownerType}"},
    {"a row of nothing at all", .call = "crm.item.productrow.add", .status = 400, .error = "100",
     .text = "Could not find value for parameter {fields}"},
    {"a row of a contact", .call = "crm.item.productrow.add",
     .json = "{\"fields\":{\"ownerId\":1,\"ownerType\":\"C\"}}", .status = 400,
     .error = "ENTITY_TYPE_NOT_SUPPORTED", .text = "Entity type is not supported"},
    {"a row of a deal that is not there", .call = "crm.item.productrow.add",
     .json = "{\"fields\":{\"ownerId\":99999,\"ownerType\":\"D\"}}", NO_OWNER},
    {"a row of a deal that may not be changed", .as = AS_LIMITED,
     .sql = "UPDATE deal SET assigned_by_id = 1", ADD("\"price\":1"), ITEM_DENIED},
    {"a row by who may nothing", .as = AS_ROLELESS, ADD("\"price\":1"), ITEM_DENIED},
    {"get", ROW, .call = "crm.item.productrow.get?id=7",
     .has = {"{\"productRow\":{\"id\":7,\"ownerId\":1,\"ownerType\":\"D\",\"productId\":0,"
             "\"productName\":\"Chair\",\"price\":100,\"priceAccount\":",
             "\"taxRate\":null,\"taxIncluded\":\"N\""}},
    {"no such row", .call = "crm.item.productrow.get?id=99", NO_ROW},
    {"get without an id", .call = "crm.item.productrow.get", .status = 400, .error = "100",
     .text = "Could not find value for parameter {id}"},
    {"a row of a deal that may not be read", .as = AS_LIMITED,
     .sql = ROW_OF("D", 1) "; UPDATE deal SET assigned_by_id = 1",
     .call = "crm.item.productrow.get?id=7", ITEM_DENIED},
    {"update", ROW, UPDATE("{\"price\":90000,\"quantity\":3,\"discountRate\":10,\"taxRate\":10}"),
     TOLD,
     .has = {"\"price\":90000",
             "\"priceExclusive\":81818.18,\"priceNetto\":90909.09,"
             "\"priceBrutto\":100000,\"quantity\":3,\"discountTypeId\":2,\"discountRate\":10,"
             "\"discountSum\":9090.91,\"taxRate\":10"},
     .then = "crm.deal.get?id=1", .then_has = {"\"OPPORTUNITY\":\"270000.00\""}},
    {"update of one thing alone", ROW, UPDATE("{\"productName\":\"Stool\"}"), TOLD,
     .has = {"\"productName\":\"Stool\",\"price\":100", "\"quantity\":2",
             "\"measureName\":\"pcs\""}},
    {"another discount", ROW, UPDATE("{\"discountTypeId\":1,\"discountSum\":25}"), TOLD,
     .has = {"\"price\":100", "\"priceNetto\":125", "\"discountTypeId\":1,\"discountRate\":20"}},
    {"a field that is unknown", ROW, UPDATE("{\"colour\":1}"), .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Field 'colour' is unknown or not available for update"},
    {"an owner stays", ROW, UPDATE("{\"ownerId\":2}"), .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "Field 'ownerId' is unknown or not available for update"},
    {"update of no row", UPDATE("{\"price\":1}"), NO_ROW},
    {"update of nothing", ROW, .call = "crm.item.productrow.update?id=7", .status = 400,
     .error = "100", .text = "Could not find value for parameter {fields}"},
    {"update by who may not", .as = AS_LIMITED,
     .sql = ROW_OF("D", 1) "; UPDATE deal SET assigned_by_id = 1", UPDATE("{\"price\":1}"),
     ITEM_DENIED},
    {"delete", ROW, .call = "crm.item.productrow.delete?id=7", .result = "null", TOLD,
     .then = "crm.deal.get?id=1", .then_has = {"\"OPPORTUNITY\":\"0.00\""}},
    {"delete of no row", .call = "crm.item.productrow.delete?id=99", NO_ROW},
    {"delete by who may not", .as = AS_LIMITED,
     .sql = ROW_OF("D", 1) "; UPDATE deal SET assigned_by_id = 1",
     .call = "crm.item.productrow.delete?id=7", ITEM_DENIED},
    {"list", ROW,
     .call =
         "crm.item.productrow.list?filter[%3DownerType]=D&filter[%3DownerId]=1&filter[>price]=50&"
         "order[id]=desc",
     .alone = 1, .has = {"{\"productRows\":[{\"id\":7,\"ownerId\":1", "\"total\":1"}},
    {"a list by names in UPPER_CASE", ROW,
     .call =
         "crm.item.productrow.list?filter[%3DownerType]=D&filter[%3DownerId]=1&filter[>PRICE]=50&"
         "order[ID]=desc",
     .alone = 1, .has = {"{\"productRows\":[{\"id\":7,\"ownerId\":1", "\"total\":1"}},
    {"a list of no owner", .call = "crm.item.productrow.list?filter[%3DownerType]=D", .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Filter must have =ownerType and =ownerId, of one owner"},
    {"a list without a filter", .call = "crm.item.productrow.list", .status = 400, .error = "100",
     .text = "Could not find value for parameter {filter}"},
    {"a list by what there is not", ROW,
     .call =
         "crm.item.productrow.list?filter[%3DownerType]=D&filter[%3DownerId]=1&filter[colour]=1",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"a list of a deal that may not be read", .as = AS_LIMITED,
     .sql = "UPDATE deal SET assigned_by_id = 1",
     .call = "crm.item.productrow.list?filter[%3DownerType]=D&filter[%3DownerId]=1", ITEM_DENIED},
    {"set", ROW, .call = "crm.item.productrow.set",
     .json = "{\"ownerId\":1,\"ownerType\":\"D\",\"productRows\":[{\"productName\":\"a\","
             "\"price\":99999.99},{\"productName\":\"b\",\"price\":15900,\"quantity\":2}]}",
     TOLD,
     .has = {"{\"productRows\":[{\"id\":", "\"productName\":\"a\",\"price\":99999.99",
             "\"productName\":\"b\",\"price\":15900"},
     .lacks = {"Chair"}, .then = "crm.deal.get?id=1",
     .then_has = {"\"OPPORTUNITY\":\"131799.99\""}},
    {"set of no rows", .call = "crm.item.productrow.set?ownerId=1&ownerType=D", .status = 400,
     .error = "100", .text = "Could not find value for parameter {productRows}"},
    {"set of rows that are none",
     .call = "crm.item.productrow.set?ownerId=1&ownerType=D&productRows[]=x", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "A product row must be an object"},
    {"set of no owner", .call = "crm.item.productrow.set?ownerId=99999&ownerType=D&productRows[]=x",
     NO_OWNER},
    {"set by who may not", .as = AS_LIMITED, .sql = "UPDATE deal SET assigned_by_id = 1",
     .call = "crm.item.productrow.set?ownerId=1&ownerType=D&productRows[]=x", ITEM_DENIED},
    {"nothing is paid here", ROW,
     .call = "crm.item.productrow.getAvailableForPayment?ownerId=1&ownerType=D",
     .has = {"{\"productRows\":[{\"id\":7"}},
    {"payable of who may not read", .as = AS_LIMITED, .sql = "UPDATE deal SET assigned_by_id = 1",
     .call = "crm.item.productrow.getAvailableForPayment?ownerId=1&ownerType=D", ITEM_DENIED},
    {"payable of nothing", .call = "crm.item.productrow.getAvailableForPayment", .status = 400,
     .error = "100", .text = "Could not find value for parameter {ownerId}"},
    {"fields", .call = "crm.item.productrow.fields",
     .has = {"{\"fields\":{\"id\":{\"type\":\"integer\",\"isRequired\":false,\"isReadOnly\":true",
             "\"ownerType\":{\"type\":\"string\",\"isRequired\":true,\"isReadOnly\":false,"
             "\"isImmutable\":true",
             "\"priceBrutto\":{\"type\":\"double\",\"isRequired\":false,\"isReadOnly\":true",
             "\"taxIncluded\":{\"type\":\"char\"", "\"storeId\":{\"type\":\"integer\""},
     .lacks = {"priceAccount", "xmlId"}},
};

SCENARIOS(crm_productrow, scenarios);
