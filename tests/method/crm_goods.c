/* Scenarios of crm.measure.*, crm.vat.*, crm.catalog.*, crm.productsection.* and crm.product.*. */
#include "scenario.h"

#define ADD(method, fields) .call = method ".add", .json = "{\"fields\":" fields "}"
#define UPDATE(method, id, fields)                                                                 \
    .call = method ".update", .json = "{\"id\":" #id ",\"fields\":" fields "}"
#define PRODUCT                                                                                    \
    "INSERT INTO product (id, catalog_id, price, currency_id, name, description_type, active, "    \
    "sort, vat_included, date_create, timestamp_x, modified_by, created_by) VALUES (7, 1, 49, "    \
    "'USD', 'Chair', 'text', 'Y', 500, 'N', 1, 1, 2, 2)"
#define DENIED .status = 400, .text = "Access denied."
#define MISSING .status = 400, .text = "Not found"
#define NO_VAT .status = 400, .error = "VAT rate not found.", .text = "VAT rate not found."
#define BAD_ID                                                                                     \
    .status = 400, .error = "Invalid identifier.", .text = "An invalid identifier was provided."
#define BAD_PARAMS                                                                                 \
    .status = 400, .error = "Invalid parameters.", .text = "Invalid parameters were provided."

static const struct scenario scenarios[] = {
    /* crm.measure */
    {"the units a portal begins with", .call = "crm.measure.list?order[CODE]=asc",
     .has = {"[{\"ID\":\"1\",\"CODE\":\"6\",\"MEASURE_TITLE\":\"Meter\",\"SYMBOL_RUS\":\"m\","
             "\"SYMBOL_INTL\":\"m\",\"SYMBOL_LETTER_INTL\":\"MTR\",\"IS_DEFAULT\":\"N\"}",
             "\"CODE\":\"796\"", "\"IS_DEFAULT\":\"Y\""}},
    {"a unit", .as = AS_LIMITED, .call = "crm.measure.get?id=5",
     .has = {"\"CODE\":\"796\",\"MEASURE_TITLE\":\"Piece\",\"SYMBOL_RUS\":\"pcs\""}},
    {"no such unit", .call = "crm.measure.get?id=99", MISSING},
    {"a unit for who reads nothing", .as = AS_ROLELESS, .call = "crm.measure.get?id=5", DENIED},
    {"units for who reads nothing", .as = AS_ROLELESS, .call = "crm.measure.list", DENIED},
    {"a new unit",
     ADD("crm.measure", "{\"CODE\":\"736\",\"MEASURE_TITLE\":\"Roll\",\"IS_DEFAULT\":"
                        "\"Y\"}"),
     .then = "crm.measure.list?filter[IS_DEFAULT]=Y",
     .then_has = {"\"CODE\":\"736\",\"MEASURE_TITLE\":\"Roll\",\"SYMBOL_RUS\":null",
                  "\"total\":1"}},
    {"a unit without a code", ADD("crm.measure", "{\"MEASURE_TITLE\":\"Roll\"}"), .status = 400,
     .text = "The field CODE is required."},
    {"a unit without a name", ADD("crm.measure", "{\"CODE\":736}"), .status = 400,
     .text = "The field MEASURE_TITLE is required."},
    {"a code twice", ADD("crm.measure", "{\"CODE\":6,\"MEASURE_TITLE\":\"Roll\"}"), .status = 400,
     .text = "A measure with the code 6 exists already"},
    {"only an administrator adds units", .as = AS_USER,
     ADD("crm.measure", "{\"CODE\":736,\"MEASURE_TITLE\":\"Roll\"}"), DENIED},
    {"another name for a unit", UPDATE("crm.measure", 1, "{\"MEASURE_TITLE\":\"Metre\"}"),
     .result = "true", .then = "crm.measure.get?id=1",
     .then_has = {"\"MEASURE_TITLE\":\"Metre\"", "\"CODE\":\"6\""}},
    {"the code of another unit", UPDATE("crm.measure", 1, "{\"CODE\":112}"), .status = 400,
     .text = "A measure with the code 112 exists already"},
    {"update of no unit", UPDATE("crm.measure", 99, "{\"CODE\":1}"), MISSING},
    {"a unit goes, and its products have none",
     .before = "crm.product.add?fields[NAME]=Rope&fields[MEASURE]=1",
     .call = "crm.measure.delete?id=1", .result = "true",
     .then = "crm.product.list?filter[NAME]=Rope&select[]=MEASURE",
     .then_has = {"[{\"MEASURE\":null}]"}},
    {"delete of no unit", .call = "crm.measure.delete?id=99", MISSING},
    {"only an administrator deletes units", .as = AS_USER, .call = "crm.measure.delete?id=1",
     DENIED},
    {"fields of a unit", .call = "crm.measure.fields",
     .has = {"\"CODE\":{\"type\":\"integer\",\"isRequired\":true", "\"SYMBOL_LETTER_INTL\""}},

    /* crm.vat */
    {"tax rates", .call = "crm.vat.list?order[C_SORT]=asc&select[]=ID&select[]=NAME&select[]=RATE",
     .result = "[{\"ID\":\"1\",\"NAME\":\"No VAT\",\"RATE\":null},{\"ID\":\"2\",\"NAME\":\"VAT "
               "20%\",\"RATE\":\"20.00\"}]"},
    {"by their rate", .as = AS_LIMITED, .call = "crm.vat.list?filter[RATE]=20",
     .has = {"[{\"ID\":\"2\",\"ACTIVE\":\"Y\",\"C_SORT\":\"200\"", "\"total\":1"}, .alone = 1},
    {"a field that they do not have", .call = "crm.vat.list?select[]=ID&select[]=PERCENT",
     .status = 400, .error = "Inadmissible fields for selection",
     .text = "Invalid fields were provided for selection."},
    {"tax rates for who reads nothing", .as = AS_ROLELESS, .call = "crm.vat.list", DENIED},
    {"a tax rate", .call = "crm.vat.get?id=2",
     .result = "{\"ID\":\"2\",\"ACTIVE\":\"Y\",\"C_SORT\":\"200\",\"NAME\":\"VAT 20%\",\"RATE\":"
               "\"20.00\"}"},
    {"no such tax rate", .call = "crm.vat.get?id=99", NO_VAT},
    {"a tax rate without an id", .call = "crm.vat.get", NO_VAT},
    {"a tax rate for who reads nothing", .as = AS_ROLELESS, .call = "crm.vat.get?id=2", DENIED},
    {"a new tax rate", ADD("crm.vat", "{\"NAME\":\"VAT 7%\",\"RATE\":\"7\"}"),
     .then = "crm.vat.list?filter[NAME]=VAT 7%25&select[]=*&select[]=TIMESTAMP_X",
     .then_has =
         {"\"TIMESTAMP_X\":\"2026-01-15T12:00:00+03:00\",\"ACTIVE\":\"Y\",\"C_SORT\":\"100\","
          "\"NAME\":\"VAT 7%\",\"RATE\":\"7.00\"}]"}},
    {"a rate without a number is no tax", ADD("crm.vat", "{\"NAME\":\"Free\",\"RATE\":null}"),
     .then = "crm.vat.list?filter[NAME]=Free", .then_has = {"\"RATE\":null"}},
    {"a tax rate without a name", ADD("crm.vat", "{\"RATE\":7}"), BAD_PARAMS},
    {"a tax rate without a rate", ADD("crm.vat", "{\"NAME\":\"VAT\"}"), BAD_PARAMS},
    {"a negative tax", ADD("crm.vat", "{\"NAME\":\"VAT\",\"RATE\":-1}"), BAD_PARAMS},
    {"a name of more than 50 letters",
     ADD("crm.vat",
         "{\"NAME\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"RATE\":1}"),
     BAD_PARAMS},
    {"no fields of a tax rate", .call = "crm.vat.add", BAD_PARAMS},
    {"only an administrator adds tax rates", .as = AS_USER,
     ADD("crm.vat", "{\"NAME\":\"VAT\",\"RATE\":1}"), DENIED},
    {"a tax rate is changed, and its id answered", UPDATE("crm.vat", 2, "{\"RATE\":21.5}"),
     .result = "2", .then = "crm.vat.get?id=2", .then_has = {"\"RATE\":\"21.50\""}},
    {"nothing to change", UPDATE("crm.vat", 2, "{}"), BAD_PARAMS},
    {"a tax rate loses its name", UPDATE("crm.vat", 2, "{\"NAME\":\"\"}"), BAD_PARAMS},
    {"update of no tax rate", UPDATE("crm.vat", 99, "{\"RATE\":1}"), BAD_ID},
    {"update without an id", .call = "crm.vat.update?fields[RATE]=1", BAD_ID},
    {"only an administrator changes tax rates", .as = AS_USER, UPDATE("crm.vat", 2, "{\"RATE\":1}"),
     DENIED},
    {"a tax rate goes, and its products have none",
     .before = "crm.product.add?fields[NAME]=Rope&fields[VAT_ID]=2", .call = "crm.vat.delete?id=2",
     .result = "true", .then = "crm.product.list?filter[NAME]=Rope&select[]=VAT_ID",
     .then_has = {"[{\"VAT_ID\":null}]"}},
    {"delete of no tax rate", .call = "crm.vat.delete?id=99", BAD_ID},
    {"delete without an id", .call = "crm.vat.delete?id=x", BAD_ID},
    {"only an administrator deletes tax rates", .as = AS_USER, .call = "crm.vat.delete?id=1",
     DENIED},
    {"fields of a tax rate", .call = "crm.vat.fields",
     .result =
         "{\"ID\":{\"type\":\"integer\",\"size\":\"11\",\"isRequired\":false,\"isReadOnly\":"
         "true,\"title\":\"ID\"},\"TIMESTAMP_X\":{\"type\":\"datetime\",\"isRequired\":false,"
         "\"isReadOnly\":true,\"title\":\"Modification Date\"},\"ACTIVE\":{\"type\":"
         "\"string\",\"size\":\"1\",\"isRequired\":false,\"isReadOnly\":false,\"title\":"
         "\"Activity\"},\"C_SORT\":{\"type\":\"integer\",\"size\":\"18\",\"isRequired\":false,"
         "\"isReadOnly\":false,\"title\":\"Sorting\"},\"NAME\":{\"type\":\"string\",\"size\":"
         "\"50\",\"isRequired\":false,\"isReadOnly\":false,\"title\":\"Name\"},\"RATE\":{"
         "\"type\":\"double\",\"size\":\"18,2\",\"isRequired\":false,\"isReadOnly\":false,"
         "\"title\":\"Rate\"}}"},

    /* crm.catalog */
    {"the catalog, as programs look for it",
     .call = "crm.catalog.list?filter[ORIGINATOR_ID]=&filter[ORIGIN_ID]=",
     .has = {"[{\"ID\":\"1\",\"NAME\":\"CRM product catalog\",\"ORIGINATOR_ID\":null,"
             "\"ORIGIN_ID\":null,\"XML_ID\":null}]",
             "\"total\":1"},
     .alone = 1},
    {"the catalog", .as = AS_LIMITED, .call = "crm.catalog.get?id=1", .has = {"\"ID\":\"1\""}},
    {"no other catalog", .call = "crm.catalog.get?id=2", MISSING},
    {"the catalog for who reads nothing", .as = AS_ROLELESS, .call = "crm.catalog.get?id=1",
     DENIED},
    {"fields of a catalog", .call = "crm.catalog.fields",
     .has = {"\"ORIGINATOR_ID\":{\"type\":\"string\""}},

    /* crm.productsection */
    {"a section", ADD("crm.productsection", "{\"NAME\":\"Chairs\",\"XML_ID\":\"c1\"}"),
     .then = "crm.productsection.list?filter[XML_ID]=c1",
     .then_has =
         {"\"CATALOG_ID\":\"1\",\"SECTION_ID\":null,\"NAME\":\"Chairs\",\"XML_ID\":\"c1\"}]",
          "\"total\":1"}},
    {"a section in a section", .before = "crm.productsection.add?fields[NAME]=Outer",
     .call = "crm.productsection.add?fields[NAME]=Inner&fields[SECTION_ID]=1",
     .then = "crm.productsection.list?filter[SECTION_ID]=1&select[]=NAME",
     .then_has = {"[{\"NAME\":\"Inner\"}]"}},
    {"a section without a name", ADD("crm.productsection", "{}"), .status = 400,
     .text = "The field NAME is required."},
    {"a section in one that is not there",
     ADD("crm.productsection", "{\"NAME\":\"x\",\"SECTION_ID\":99}"), .status = 400,
     .text = "Invalid value for the \\\"Section\\\" field"},
    {"a section of another catalog", ADD("crm.productsection", "{\"NAME\":\"x\",\"CATALOG_ID\":2}"),
     .status = 400, .text = "Invalid value for the \\\"Catalog\\\" field"},
    {"only an administrator adds sections", .as = AS_USER,
     ADD("crm.productsection", "{\"NAME\":\"x\"}"), DENIED},
    {"a section is called otherwise", .before = "crm.productsection.add?fields[NAME]=Outer",
     UPDATE("crm.productsection", 1, "{\"NAME\":\"Inner\"}"), .result = "true",
     .then = "crm.productsection.get?id=1", .then_has = {"\"NAME\":\"Inner\""}},
    {"a section cannot be in itself", .before = "crm.productsection.add?fields[NAME]=Outer",
     UPDATE("crm.productsection", 1, "{\"SECTION_ID\":1}"), .status = 400,
     .text = "A section cannot be in itself"},
    {"nor in one that is in it",
     .sql =
         "INSERT INTO product_section (id, catalog_id, section_id, name) VALUES (1, 1, NULL, 'a'), "
         "(2, 1, 1, 'b'), (3, 1, 2, 'c')",
     UPDATE("crm.productsection", 1, "{\"SECTION_ID\":3}"), .status = 400,
     .text = "A section cannot be in itself"},
    {"out of a section again",
     .sql =
         "INSERT INTO product_section (id, catalog_id, section_id, name) VALUES (1, 1, NULL, 'a'), "
         "(2, 1, 1, 'b')",
     UPDATE("crm.productsection", 2, "{\"SECTION_ID\":0}"), .result = "true",
     .then = "crm.productsection.get?id=2", .then_has = {"\"SECTION_ID\":null"}},
    {"update of no section", UPDATE("crm.productsection", 99, "{\"NAME\":\"x\"}"), MISSING},
    {"an empty section goes", .before = "crm.productsection.add?fields[NAME]=Outer",
     .call = "crm.productsection.delete?id=1", .result = "true", .then = "crm.productsection.list",
     .then_lacks = {"Outer"}},
    {"one with a product stays",
     .sql = "INSERT INTO product_section (id, catalog_id, name) VALUES (1, 1, 'a')",
     .before = "crm.product.add?fields[NAME]=Rope&fields[SECTION_ID]=1",
     .call = "crm.productsection.delete?id=1", .status = 400, .text = "The section is not empty"},
    {"delete of no section", .call = "crm.productsection.delete?id=99", MISSING},
    {"no such section", .call = "crm.productsection.get?id=99", MISSING},
    {"sections for who reads nothing", .as = AS_ROLELESS, .call = "crm.productsection.list",
     DENIED},
    {"fields of a section", .call = "crm.productsection.fields",
     .has = {"\"NAME\":{\"type\":\"string\",\"isRequired\":true",
             "\"CATALOG_ID\":{\"type\":\"integer\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":true"}},

    /* crm.product */
    {"a product",
     ADD("crm.product", "{\"NAME\":\"Plastic Chair\",\"CURRENCY_ID\":\"USD\",\"PRICE\":4900,"
                        "\"SORT\":300,\"VAT_ID\":2,\"VAT_INCLUDED\":\"Y\",\"MEASURE\":5}"),
     .then = "crm.product.list?filter[%25NAME]=plastic&select[]=*",
     .then_has = {"\"CATALOG_ID\":\"1\",\"PRICE\":\"4900.00\",\"CURRENCY_ID\":\"USD\",\"NAME\":"
                  "\"Plastic Chair\",\"CODE\":\"plastic_chair\",\"DESCRIPTION\":null,"
                  "\"DESCRIPTION_TYPE\":\"text\",\"ACTIVE\":\"Y\",\"SECTION_ID\":null,\"SORT\":"
                  "\"300\",\"VAT_ID\":\"2\",\"VAT_INCLUDED\":\"Y\",\"MEASURE\":\"5\",\"XML_ID\":\"",
                  "\"DATE_CREATE\":\"2026-01-15T12:00:00+03:00\",\"TIMESTAMP_X\":"
                  "\"2026-01-15T12:00:00+03:00\",\"MODIFIED_BY\":\"1\",\"CREATED_BY\":\"1\"",
                  "\"total\":1"}},
    {"the code of a Cyrillic name", ADD("crm.product", "{\"NAME\":\" Щётка «Ёж», 2 шт. \"}"),
     .then = "crm.product.list?filter[CODE]=shchetka_ezh_2_sht&select[]=CODE",
     .then_has = {"[{\"CODE\":\"shchetka_ezh_2_sht\"}]"}},
    {"a price is in the base currency unless another is told",
     ADD("crm.product", "{\"NAME\":\"Rope\",\"PRICE\":\"1.005\"}"),
     .then = "crm.product.list?filter[NAME]=Rope&select[]=PRICE&select[]=CURRENCY_ID",
     .then_has = {"[{\"PRICE\":\"1.01\",\"CURRENCY_ID\":\"USD\"}]"}},
    {"a product may have no price", ADD("crm.product", "{\"NAME\":\"Rope\"}"),
     .then = "crm.product.list?filter[NAME]=Rope&select[]=PRICE&select[]=CURRENCY_ID",
     .then_has = {"[{\"PRICE\":null,\"CURRENCY_ID\":null}]"}},
    {"a product without a name", ADD("crm.product", "{\"PRICE\":1}"), .status = 400,
     .text = "The field NAME is required."},
    {"in a currency that is not there",
     ADD("crm.product", "{\"NAME\":\"x\",\"PRICE\":1,\"CURRENCY_ID\":\"ZZZ\"}"), .status = 400,
     .text = "Invalid value for the \\\"Currency\\\" field"},
    {"in a section that is not there", ADD("crm.product", "{\"NAME\":\"x\",\"SECTION_ID\":99}"),
     .status = 400, .text = "Invalid value for the \\\"Section\\\" field"},
    {"by a unit that is not there", ADD("crm.product", "{\"NAME\":\"x\",\"MEASURE\":99}"),
     .status = 400, .text = "Invalid value for the \\\"Unit of measure\\\" field"},
    {"with a tax that is not there", ADD("crm.product", "{\"NAME\":\"x\",\"VAT_ID\":99}"),
     .status = 400, .text = "Invalid value for the \\\"VAT rate\\\" field"},
    {"a description of no known type",
     ADD("crm.product", "{\"NAME\":\"x\",\"DESCRIPTION_TYPE\":\"bbcode\"}"), .status = 400,
     .text = "The field DESCRIPTION_TYPE is not defined or invalid"},
    {"only an administrator adds products", .as = AS_USER, ADD("crm.product", "{\"NAME\":\"x\"}"),
     DENIED},
    {"a product by its external code", .sql = "DELETE FROM product",
     .before = "crm.product.add?fields[NAME]=Rope&fields[XML_ID]=r1&fields[PRICE]=1",
     .call = "crm.product.list?filter[XML_ID]=r1&select[]=ID", .has = {"\"ID\":\""}},
    {"another price", .sql = PRODUCT,
     UPDATE("crm.product", 7, "{\"CURRENCY_ID\":\"EUR\",\"PRICE\":5000}"), .result = "true",
     .then = "crm.product.get?id=7",
     .then_has = {"\"PRICE\":\"5000.00\",\"CURRENCY_ID\":\"EUR\"", "\"NAME\":\"Chair\""}},
    {"who changed it", .sql = PRODUCT,
     UPDATE("crm.product", 7, "{\"ACTIVE\":\"N\",\"DATE_CREATE\":\"2020-01-01\"}"),
     .then = "crm.product.get?id=7",
     .then_has = {"\"ACTIVE\":\"N\"", "\"DATE_CREATE\":\"1970-01-01T03:00:01+03:00\"",
                  "\"TIMESTAMP_X\":\"2026-01-15T12:00:00+03:00\",\"MODIFIED_BY\":\"1\""}},
    {"a product keeps a name", .sql = PRODUCT, UPDATE("crm.product", 7, "{\"NAME\":\"\"}"),
     .status = 400, .text = "The field NAME is required."},
    {"update of no product", UPDATE("crm.product", 99, "{\"NAME\":\"x\"}"), MISSING},
    {"only an administrator changes products", .as = AS_USER, .sql = PRODUCT,
     UPDATE("crm.product", 7, "{\"NAME\":\"x\"}"), DENIED},
    {"a product goes", .sql = PRODUCT, .call = "crm.product.delete?id=7", .result = "true",
     .then = "crm.product.list?filter[NAME]=Chair", .then_has = {"\"result\":[]"}},
    {"delete of no product", .call = "crm.product.delete?id=99", MISSING},
    {"only an administrator deletes products", .as = AS_USER, .sql = PRODUCT,
     .call = "crm.product.delete?id=7", DENIED},
    {"a product for who reads leads", .as = AS_LIMITED, .sql = PRODUCT,
     .call = "crm.product.get?id=7", .has = {"\"NAME\":\"Chair\""}},
    {"products for who reads nothing", .as = AS_ROLELESS, .call = "crm.product.list", DENIED},
    {"no such product", .call = "crm.product.get?id=99", MISSING},
    {"products by price", .sql = PRODUCT,
     .call = "crm.product.list?filter[>PRICE]=10&filter[CATALOG_ID]=1&order[NAME]=asc&select[]=ID&"
             "select[]=NAME",
     .has = {"{\"ID\":\"7\",\"NAME\":\"Chair\"}"}},
    {"fields of a product", .call = "crm.product.fields",
     .has = {"\"NAME\":{\"type\":\"string\",\"isRequired\":true",
             "\"TIMESTAMP_X\":{\"type\":\"datetime\",\"isRequired\":false,\"isReadOnly\":true"}},
};

SCENARIOS(crm_goods, scenarios);
