/* Scenarios of crm.product.property.*, and of the values PROPERTY_n of products. */
#include "scenario.h"

#define ADD(fields) .call = "crm.product.property.add", .json = "{\"fields\":" fields "}"
/* The catalogs of scenarios that are rolled back are kept by their versions: these have their own.
 * Property 5: a text; 6: numbers, several; 7: a list of 70 and 71, which is its default; 8: a date. */
#define PROPERTY(id, name, type, user, multiple, required)                                         \
    "INSERT INTO product_property (id, iblock_id, name, active, sort, property_type, row_count, "  \
    "col_count, list_type, multiple, is_required, user_type, timestamp_x) VALUES (" #id            \
    ", 1, '" name "', 'Y', 10, '" type "', 1, 30, 'L', '" multiple "', '" required "', " user      \
    ", 0);"
#define PROPERTIES                                                                                 \
    PROPERTY(5, "Colour", "S", "NULL", "N", "N")                                                   \
    PROPERTY(6, "Sizes", "N", "NULL", "Y", "N")                                                    \
    PROPERTY(7, "Kind", "L", "NULL", "N", "N")                                                     \
    PROPERTY(8, "Since", "S", "'Date'", "N", "N")                                                  \
    PROPERTY(9, "Text", "S", "'HTML'", "N", "N")                                                   \
    PROPERTY(10, "With", "E", "NULL", "Y", "N")                                                    \
    PROPERTY(11, "Deposit", "S", "'Money'", "Y", "N")                                              \
    PROPERTY(12, "Sheet", "F", "NULL", "N", "N")                                                   \
    PROPERTY(13, "Photos", "F", "NULL", "Y", "N")                                                  \
    "INSERT INTO product_property_enum (id, property_id, value, def, sort) "                       \
    "VALUES (70, 7, 'one', "                                                                       \
    "'N', 1), (71, 7, 'two', 'Y', 2);"                                                             \
    "UPDATE catalog SET version = version + 1000;"
#define CHAIR                                                                                      \
    "INSERT INTO product (id, catalog_id, name, description_type, active, sort, vat_included, "    \
    "date_create, timestamp_x, modified_by, created_by) VALUES (7, 1, 'Chair', 'text', 'Y', 500, " \
    "'N', 1, 1, 2, 2);"
#define VALUED                                                                                     \
    PROPERTIES CHAIR "INSERT INTO product_property_value (id, product_id, property_id, value, "    \
                     "number, sort) VALUES (50, 7, 5, 'red', NULL, 0), (60, 7, 6, '1.5', 1.5, "    \
                     "0), (61, 7, 6, '20', 20, 1), (80, 7, 8, '20468', 20468, 0);"
/* The texts 1, 2 and 3 in files, the first of property 12. */
#define FILED                                                                                      \
    VALUED "INSERT INTO product_file (id, property_id, product_id, name, size, content) VALUES "   \
           "(120, 12, 7, 'one.txt', 1, 'c1'), (130, 13, 7, 'two.txt', 1, 'c2'), (131, 13, 7, "     \
           "'three.txt', 1, 'c3'), (132, 13, NULL, 'lost.txt', 1, 'c4');"                          \
           "INSERT INTO product_property_value (id, product_id, property_id, value, number, "      \
           "sort) VALUES (90, 7, 12, '120', 120, 0), (91, 7, 13, '130', 130, 0), (92, 7, 13, "     \
           "'131', 131, 1);"
#define FILE_OF(value, id)                                                                         \
    "{\"valueId\":\"" value "\",\"value\":{\"id\":" id                                             \
    ",\"showUrl\":\"http://test/bitrix/tools/crm_show_product_file.php?fileId=" id "&auth="
/* Chair: red, 1.5 and 20, 2026-01-15; Stool: none, 3; Table: blue. */
#define ORDERED                                                                                    \
    VALUED "INSERT INTO product (id, catalog_id, name, description_type, active, sort, "           \
           "vat_included, date_create, timestamp_x, modified_by, created_by) VALUES (8, 1, "       \
           "'Stool', 'text', 'Y', 500, 'N', 1, 1, 2, 2), (9, 1, 'Table', 'text', 'Y', 500, 'N', "  \
           "1, 1, 2, 2);"                                                                          \
           "INSERT INTO product_property_value (id, product_id, property_id, value, number, "      \
           "sort) VALUES (62, 8, 6, '3', 3, 0), (51, 9, 5, 'blue', NULL, 0);"
#define NOT_A_FILE .status = 400, .text = "The field PROPERTY_12 is not defined or invalid"
#define UPDATE(fields) .call = "crm.product.update", .json = "{\"id\":7,\"fields\":" fields "}"
#define SHOW .then = "crm.product.get?id=7"
#define DENIED .status = 400, .text = "Access denied."
#define MISSING .status = 400, .text = "Not found"

static const struct scenario scenarios[] = {
    {"a sum with its currency", .sql = VALUED, UPDATE("{\"PROPERTY_11\":[\"10|EUR\",\"20.5\"]}"),
     SHOW,
     .then_has = {"\"PROPERTY_11\":[{\"valueId\":\"", "\"value\":\"10|EUR\"}",
                  "\"value\":\"20.5|USD\"}]"}},
    {"in a currency that is not there", .sql = VALUED, UPDATE("{\"PROPERTY_11\":\"10|ZZZ\"}"),
     .status = 400, .text = "The field PROPERTY_11 is not defined or invalid"},
    {"by a sum", .sql = VALUED, .before = "crm.product.update",
     .before_json = "{\"id\":7,\"fields\":{\"PROPERTY_11\":\"10|EUR\"}}",
     .call = "crm.product.list",
     .json = "{\"filter\":{\"PROPERTY_11\":\"10|EUR\"},\"select\":[\"ID\"]}",
     .result = "[{\"ID\":\"7\"}]"},
    {"a property of money",
     ADD("{\"NAME\":\"Deposit\",\"PROPERTY_TYPE\":\"S\",\"USER_TYPE\":\"Money\"}"),
     .then = "crm.product.property.list?filter[NAME]=Deposit",
     .then_has = {"\"PROPERTY_TYPE\":\"S\"", "\"USER_TYPE\":\"Money\""}},
    {"a property of one line of text",
     ADD("{\"NAME\":\"Colour\",\"PROPERTY_TYPE\":\"S\",\"SORT\":10,\"DEFAULT_VALUE\":\"white\"}"),
     .then = "crm.product.property.list?filter[NAME]=Colour",
     .then_has =
         {"\"IBLOCK_ID\":\"1\",\"NAME\":\"Colour\",\"ACTIVE\":\"Y\",\"SORT\":\"10\",\"CODE\":"
          "null,\"DEFAULT_VALUE\":\"white\",\"PROPERTY_TYPE\":\"S\",\"ROW_COUNT\":\"1\","
          "\"COL_COUNT\":\"30\",\"LIST_TYPE\":\"L\",\"MULTIPLE\":\"N\",\"XML_ID\":null,"
          "\"IS_REQUIRED\":\"N\",\"USER_TYPE\":null,\"USER_TYPE_SETTINGS\":[]"}},
    {"of a text with its type, as the page has it",
     ADD("{\"ACTIVE\":\"Y\",\"IBLOCK_ID\":1,\"NAME\":\"About\",\"SORT\":500,\"DEFAULT_VALUE\":{"
         "\"TYPE\":\"html\",\"TEXT\":\"<b>Tasty</b>\"},\"USER_TYPE_SETTINGS\":{\"HEIGHT\":300},"
         "\"USER_TYPE\":\"HTML\",\"PROPERTY_TYPE\":\"S\"}"),
     .then = "crm.product.property.list?filter[USER_TYPE]=HTML",
     .then_has = {"\"DEFAULT_VALUE\":{\"TYPE\":\"html\",\"TEXT\":\"<b>Tasty</b>\"}",
                  "\"USER_TYPE_SETTINGS\":{\"HEIGHT\":300}"}},
    {"a list, and what it may hold", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"p\":\"crm.product.property.add?fields[NAME]=Kind&fields[PROPERTY_TYPE]=L&"
             "fields[VALUES][n0][VALUE]=one&fields[VALUES][n1][VALUE]=two&fields[VALUES][n1][DEF]=Y"
             "\",\"g\":\"crm.product.property.get?id=$result[p]\",\"a\":\"crm.product.add?"
             "fields[NAME]=Rope\",\"r\":\"crm.product.get?id=$result[a]\",\"f\":"
             "\"crm.product.fields\"}}",
     .events = "ONCRMPRODUCTADD ONCRMPRODUCTPROPERTYADD",
     .has = {"\"VALUE\":\"one\",\"XML_ID\":\"\",\"SORT\":\"500\",\"DEF\":\"N\"}",
             "\"VALUE\":\"two\",\"XML_ID\":\"\",\"SORT\":\"500\",\"DEF\":\"Y\"}", "\"PROPERTY_",
             "\":{\"type\":\"product_property\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":true,\"title\":\"Kind\","
             "\"propertyType\":\"L\",\"userType\":\"\",\"values\":{",
             ":{\"valueId\":"}},
    {"of no type", ADD("{\"NAME\":\"x\"}"), .status = 400,
     .text = "The field PROPERTY_TYPE is required."},
    {"of no name", ADD("{\"PROPERTY_TYPE\":\"S\"}"), .status = 400,
     .text = "The field NAME is required."},
    {"of a type that is not here", ADD("{\"NAME\":\"x\",\"PROPERTY_TYPE\":\"X\"}"), .status = 400,
     .text = "There is no type of properties X: here: crm.product.property.types"},
    {"an item without a value is none",
     ADD("{\"NAME\":\"x\",\"PROPERTY_TYPE\":\"L\",\"VALUES\":[{\"SORT\":1}]}"),
     .then = "crm.product.property.list?filter[NAME]=x", .then_has = {"\"NAME\":\"x\""}},
    {"items that are none", ADD("{\"NAME\":\"x\",\"PROPERTY_TYPE\":\"L\",\"VALUES\":[\"one\"]}"),
     .status = 400, .text = "The field VALUES is not defined or invalid"},
    {"only an administrator adds properties", .as = AS_USER,
     ADD("{\"NAME\":\"x\",\"PROPERTY_TYPE\":\"S\"}"), DENIED},
    {"a property is called otherwise", .sql = PROPERTIES,
     .call = "crm.product.property.update?id=5&fields[NAME]=Hue&fields[PROPERTY_TYPE]=N",
     .result = "true", .then = "crm.product.property.get?id=5",
     .then_has = {"\"NAME\":\"Hue\"", "\"PROPERTY_TYPE\":\"S\"", "\"VALUES\":[]"}},
    {"an item more, one other, and one less", .sql = VALUED,
     .before = "crm.product.update?id=7&fields[PROPERTY_7]=71",
     .call = "crm.product.property.update",
     .json = "{\"id\":7,\"fields\":{\"VALUES\":{\"70\":{\"ID\":70,\"VALUE\":\"first\"},\"71\":{"
             "\"ID\":71,\"VALUE\":\"\"},\"n0\":{\"VALUE\":\"third\"}}}}",
     SHOW, .then_has = {"\"PROPERTY_7\":null"}},
    {"several values stay several", .sql = PROPERTIES,
     .call = "crm.product.property.update?id=6&fields[MULTIPLE]=N", .status = 400,
     .text = "A property of several values cannot have one only"},
    {"update of no property", .call = "crm.product.property.update?id=99&fields[NAME]=x", MISSING},
    {"only an administrator changes properties", .as = AS_USER, .sql = PROPERTIES,
     .call = "crm.product.property.update?id=5&fields[NAME]=x", DENIED},
    {"a property goes, and its values", .sql = VALUED, .call = "crm.product.property.delete?id=5",
     .result = "true", SHOW, .then_has = {"\"PROPERTY_6\""}, .then_lacks = {"PROPERTY_5"}},
    {"delete of no property", .call = "crm.product.property.delete?id=99", MISSING},
    {"only an administrator deletes properties", .as = AS_USER, .sql = PROPERTIES,
     .call = "crm.product.property.delete?id=5", DENIED},
    {"no such property", .call = "crm.product.property.get?id=99", MISSING},
    {"properties for who reads nothing", .as = AS_ROLELESS, .call = "crm.product.property.list",
     DENIED},
    {"fields of a property", .call = "crm.product.property.fields",
     .has = {"\"PROPERTY_TYPE\":{\"type\":\"string\",\"isRequired\":true,\"isReadOnly\":false,"
             "\"isImmutable\":true"}},
    {"types of properties", .call = "crm.product.property.types",
     .has = {"[{\"PROPERTY_TYPE\":\"S\",\"USER_TYPE\":\"\",\"DESCRIPTION\":\"String\"}",
             "{\"PROPERTY_TYPE\":\"S\",\"USER_TYPE\":\"HTML\""}},
    {"fields of an item", .call = "crm.product.property.enumeration.fields",
     .has = {"\"VALUE\":{\"type\":\"string\",\"isRequired\":true", "\"DEF\":{\"type\":\"char\""}},
    {"settings of a text with its type",
     .call = "crm.product.property.settings.fields?propertyType=S&userType=HTML",
     .has = {"{\"HEIGHT\":{\"type\":\"integer\""}},
    {"settings of a number", .call = "crm.product.property.settings.fields?propertyType=N",
     .result = "[]"},
    {"settings of nothing", .call = "crm.product.property.settings.fields", .status = 400,
     .text = "There is no type of properties : here"},

    /* values */
    {"values", .sql = VALUED, .call = "crm.product.get?id=7",
     .has = {"\"PROPERTY_5\":{\"valueId\":\"50\",\"value\":\"red\"},\"PROPERTY_6\":[{\"valueId\":"
             "\"60\",\"value\":\"1.5\"},{\"valueId\":\"61\",\"value\":\"20\"}],\"PROPERTY_7\":null,"
             "\"PROPERTY_8\":{\"valueId\":\"80\",\"value\":\"2026-01-15",
             "\"PROPERTY_9\":null"}},
    {"values in a list, when they are asked for", .sql = VALUED,
     .call = "crm.product.list?select[]=NAME&select[]=PROPERTY_*",
     .has = {"[{\"ID\":\"7\",\"NAME\":\"Chair\",\"PROPERTY_5\":{\"valueId\":\"50\""},
     .lacks = {"\"SORT\""}},
    {"not unasked", .sql = VALUED, .call = "crm.product.list", .lacks = {"PROPERTY"}},
    {"one of them", .sql = VALUED, .call = "crm.product.list?select[]=PROPERTY_5",
     .result = "[{\"PROPERTY_5\":{\"valueId\":\"50\",\"value\":\"red\"}}]"},
    {"none there are", .call = "crm.product.list?select[]=NAME&select[]=PROPERTY_*",
     .result = "[]"},
    {"a value, as it is or with its id", .sql = VALUED,
     UPDATE("{\"PROPERTY_5\":\"blue\",\"PROPERTY_6\":[{\"valueId\":61,\"value\":\"21\"},7],"
            "\"PROPERTY_8\":{\"value\":\"2026-02-01\"},\"PROPERTY_9\":\"<i>x</i>\"}"),
     SHOW,
     .then_has = {"\"value\":\"blue\"",
                  "\"PROPERTY_6\":[{\"valueId\":\"61\",\"value\":\"21\"},{\"valueId\":\"",
                  "\"value\":\"7\"}],\"PROPERTY_7\"", "\"value\":\"2026-02-01",
                  "\"value\":{\"TYPE\":\"HTML\",\"TEXT\":\"<i>x</i>\"}"}},
    {"no value any more", .sql = VALUED,
     UPDATE("{\"PROPERTY_5\":\"\",\"PROPERTY_6\":[{\"valueId\":60,\"value\":{\"remove\":\"Y\"}},{"
            "\"valueId\":61,\"value\":20}]}"),
     SHOW,
     .then_has = {"\"PROPERTY_5\":null,\"PROPERTY_6\":[{\"valueId\":\"61\",\"value\":\"20\"}]"}},
    {"what is not named stays", .sql = VALUED, UPDATE("{\"NAME\":\"Stool\"}"), SHOW,
     .then_has = {"\"NAME\":\"Stool\"", "\"value\":\"red\"", "\"value\":\"20\""}},
    {"an id of another value is not taken", .sql = VALUED,
     UPDATE("{\"PROPERTY_5\":{\"valueId\":61,\"value\":\"blue\"}}"), SHOW,
     .then_has = {"\"value\":\"blue\"", "{\"valueId\":\"61\",\"value\":\"20\"}"}},
    {"a number that is none", .sql = VALUED, UPDATE("{\"PROPERTY_6\":[\"much\"]}"), .status = 400,
     .text = "The field PROPERTY_6 is not defined or invalid"},
    {"an item that is not of the list", .sql = VALUED, UPDATE("{\"PROPERTY_7\":72}"), .status = 400,
     .text = "The field PROPERTY_7 is not defined or invalid"},
    {"a product that is not there", .sql = VALUED, UPDATE("{\"PROPERTY_10\":[99]}"), .status = 400,
     .text = "The field PROPERTY_10 is not defined or invalid"},
    {"a product that is", .sql = VALUED, UPDATE("{\"PROPERTY_10\":[7]}"), SHOW,
     .then_has = {"\"PROPERTY_10\":[{\"valueId\":\"", "\"value\":\"7\"}]"}},
    {"what must be there",
     .sql =
         PROPERTY(5, "Colour", "S", "NULL", "N", "Y") "UPDATE catalog SET version = version + 2000",
     .call = "crm.product.add?fields[NAME]=Rope", .status = 400,
     .text = "The field PROPERTY_5 is required."},
    {"and stay there",
     .sql = PROPERTY(5, "Colour", "S", "NULL", "N", "Y") CHAIR
     "UPDATE catalog SET version = version + 2000",
     UPDATE("{\"PROPERTY_5\":\"\"}"), .status = 400, .text = "The field PROPERTY_5 is required."},
    {"by a text, in any case", .sql = VALUED,
     .call = "crm.product.list?filter[PROPERTY_5]=RED&select[]=ID", .result = "[{\"ID\":\"7\"}]"},
    {"by a part of it", .sql = VALUED,
     .call = "crm.product.list?filter[%25PROPERTY_5]=e&select[]=ID", .result = "[{\"ID\":\"7\"}]"},
    {"by a number", .sql = VALUED, .call = "crm.product.list?filter[>PROPERTY_6]=19.5&select[]=ID",
     .result = "[{\"ID\":\"7\"}]"},
    {"by one of several", .sql = VALUED,
     .call = "crm.product.list?filter[PROPERTY_6][]=1.5&filter[PROPERTY_6][]=3&select[]=ID",
     .result = "[{\"ID\":\"7\"}]"},
    {"by none of them", .sql = VALUED,
     .call = "crm.product.list?filter[!PROPERTY_6]=1.5&select[]=ID", .result = "[]"},
    {"by a date", .sql = VALUED,
     .call = "crm.product.list?filter[>=PROPERTY_8]=2026-01-15&filter[<PROPERTY_8]=2026-01-16&"
             "select[]=ID",
     .result = "[{\"ID\":\"7\"}]"},
    {"by what has no value", .sql = VALUED,
     .call = "crm.product.list?filter[PROPERTY_7]=&select[]=ID", .result = "[{\"ID\":\"7\"}]"},
    {"by a text with its type it cannot be", .sql = VALUED,
     .call = "crm.product.list?filter[PROPERTY_9]=x", .status = 400, .error = "INVALID_ARG_VALUE"},
    {"values go with their product", .sql = VALUED, .before = "crm.product.delete?id=7",
     .call = "crm.product.list?filter[PROPERTY_5]=red", .result = "[]"},
    {"a file", .sql = FILED, .call = "crm.product.get?id=7",
     .has = {"\"PROPERTY_12\":" FILE_OF("90", "120"), "\"PROPERTY_13\":[" FILE_OF("91", "130"),
             FILE_OF("92", "131")}},
    {"a file in place of another", .sql = FILED,
     UPDATE("{\"PROPERTY_12\":{\"fileData\":[\"new.txt\",\"bmV3\"]}}"), SHOW,
     .then_has = {"\"PROPERTY_12\":{\"valueId\":\""}, .then_lacks = {"fileId=120&"}},
    {"as one of one", .sql = FILED,
     UPDATE("{\"PROPERTY_12\":[{\"value\":{\"fileData\":[\"new.txt\",\"bmV3\"]}}]}"), NOT_A_FILE},
    {"a bare pair", .sql = FILED, UPDATE("{\"PROPERTY_12\":[\"new.txt\",\"bmV3\"]}"), SHOW,
     .then_has = {"\"PROPERTY_12\":{\"valueId\":\""}, .then_lacks = {"fileId=120&"}},
    {"one more, and one less", .sql = FILED,
     UPDATE("{\"PROPERTY_13\":[{\"value\":{\"fileData\":[\"new.txt\",\"bmV3\"]}},{\"valueId\":91,"
            "\"value\":{\"remove\":\"Y\"}}]}"),
     SHOW, .then_has = {"\"PROPERTY_13\":[" FILE_OF("92", "131"), "&auth=", "},{\"valueId\":\""},
     .then_lacks = {"fileId=130&"}},
    {"one of them is another", .sql = FILED,
     UPDATE("{\"PROPERTY_13\":[{\"valueId\":91,\"value\":{\"fileData\":[\"new.txt\",\"bmV3\"]}}]}"),
     SHOW, .then_has = {FILE_OF("92", "131"), "{\"valueId\":\"91\""},
     .then_lacks = {"fileId=130&"}},
    {"what is shown may be given again", .sql = FILED,
     UPDATE("{\"PROPERTY_12\":{\"valueId\":\"90\",\"value\":{\"id\":120,\"showUrl\":\"x\"}},"
            "\"PROPERTY_13\":[{\"valueId\":\"91\",\"value\":{\"id\":130}}]}"),
     SHOW, .then_has = {FILE_OF("90", "120"), FILE_OF("91", "130"), FILE_OF("92", "131")}},
    {"a file is removed", .sql = FILED, UPDATE("{\"PROPERTY_12\":{\"remove\":\"Y\"}}"), SHOW,
     .then_has = {"\"PROPERTY_12\":null"}},
    {"not by the id of another's value", .sql = FILED,
     UPDATE("{\"PROPERTY_12\":{\"valueId\":91,\"value\":{\"remove\":\"Y\"}}}"), SHOW,
     .then_has = {FILE_OF("90", "120"), FILE_OF("91", "130")}},
    {"nothing is none of them", .sql = FILED, UPDATE("{\"PROPERTY_12\":\"\",\"PROPERTY_13\":[]}"),
     SHOW, .then_has = {"\"PROPERTY_12\":null", "\"PROPERTY_13\":null"}},
    {"what is no Base64", .sql = FILED,
     UPDATE("{\"PROPERTY_12\":{\"fileData\":[\"new.txt\",\"?\"]}}"), NOT_A_FILE},
    {"a text where a file belongs", .sql = FILED, UPDATE("{\"PROPERTY_12\":\"new.txt\"}"),
     NOT_A_FILE},
    {"a new product with its files", .sql = PROPERTIES, .call = "crm.product.add",
     .json =
         "{\"fields\":{\"NAME\":\"Desk\",\"PROPERTY_12\":{\"fileData\":[\"a.txt\",\"YQ==\"]},"
         "\"PROPERTY_13\":[{\"value\":{\"fileData\":[\"b.txt\",\"Yg==\"]}},[\"c.txt\",\"Yw==\"]]}}",
     .then = "crm.product.list?filter[NAME]=Desk&select[]=PROPERTY_*",
     .then_has = {"\"PROPERTY_12\":{\"valueId\":\"", "\"PROPERTY_13\":[{\"valueId\":\"",
                  "},{\"valueId\""}},
    {"a file that is needed",
     .sql = FILED "UPDATE product_property SET is_required = 'Y' WHERE id = 12; UPDATE catalog SET "
                  "version = version + 3000",
     UPDATE("{\"PROPERTY_12\":{\"remove\":\"Y\"}}"), .status = 400,
     .text = "The field PROPERTY_12 is required."},
    {"by a file it cannot be", .sql = FILED, .call = "crm.product.list?filter[PROPERTY_12]=120",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"a property of files", ADD("{\"NAME\":\"Manual\",\"PROPERTY_TYPE\":\"F\",\"MULTIPLE\":\"Y\"}"),
     .then = "crm.product.property.list?filter[NAME]=Manual",
     .then_has = {"\"PROPERTY_TYPE\":\"F\",", "\"MULTIPLE\":\"Y\""}},
    {"in the order of a text", .sql = ORDERED,
     .call = "crm.product.list?order[PROPERTY_5]=desc&select[]=ID",
     .result = "[{\"ID\":\"7\"},{\"ID\":\"9\"},{\"ID\":\"8\"}]"},
    {"in the order of the first of several numbers", .sql = ORDERED,
     .call = "crm.product.list?order[PROPERTY_6]=asc&select[]=ID",
     .result = "[{\"ID\":\"9\"},{\"ID\":\"7\"},{\"ID\":\"8\"}]"},
    {"in the order of two of them", .sql = ORDERED,
     .call = "crm.product.list?order[PROPERTY_8]=desc&order[PROPERTY_6]=desc&select[]=ID",
     .result = "[{\"ID\":\"7\"},{\"ID\":\"8\"},{\"ID\":\"9\"}]"},
    {"there is no order of files, or of texts with a type", .sql = ORDERED,
     .call =
         "crm.product.list?order[PROPERTY_12]=asc&order[PROPERTY_9]=asc&order[ID]=desc&select[]=ID",
     .result = "[{\"ID\":\"9\"},{\"ID\":\"8\"},{\"ID\":\"7\"}]"},
};

SCENARIOS(crm_product_property, scenarios);
