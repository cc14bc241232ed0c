/* Scenarios of PHOTO, LOGO, PERSONAL_PHOTO and WORK_LOGO. What stands at their addresses is in
 * tests/wire/picture.test.mjs. */
#include "scenario.h"

#define FILE "{\"fileData\":[\"a.png\",\"aGVsbG8=\"]}"
#define SET(method, field, value)                                                                  \
    .call = method, .json = "{\"id\":1,\"fields\":{\"" field "\":" value "}}"
#define PERSON(field, value) .call = "user.update", .json = "{\"ID\":2,\"" field "\":" value "}"
#define WITH_PHOTO                                                                                 \
    .before = "crm.contact.update", .before_json = "{\"id\":1,\"fields\":{\"PHOTO\":" FILE "}}"
#define SHOWN "\":{\"id\":"
#define AT(type) "http://test/bitrix/tools/crm_show_picture.php?fileId=", "&ownerTypeId=" type
#define PERSON_SHOWN "\":\"http://test/bitrix/tools/user_show_picture.php?fileId="

#define PRODUCT                                                                                    \
    "INSERT INTO product (id, catalog_id, name, description_type, active, sort, vat_included, "    \
    "date_create, timestamp_x, modified_by, created_by) VALUES (77, 1, 'Chair', 'text', 'Y', "     \
    "500, 'N', 1, 1, 2, 2);"

static const struct scenario scenarios[] = {
    {"a contact's photo is kept", SET("crm.contact.update", "PHOTO", FILE), .result = "true",
     .then = "crm.contact.get?id=1",
     .then_has = {"\"PHOTO" SHOWN, "\"showUrl\":\"" AT("3&ownerId=1&auth="),
                  "\"downloadUrl\":\"http://test/bitrix/"}},
    {"a company's logo is kept", SET("crm.company.update", "LOGO", FILE), .result = "true",
     .then = "crm.company.get?id=1", .then_has = {"\"LOGO" SHOWN, AT("4&ownerId=1&auth=")}},
    {"a product's pictures are kept", .sql = PRODUCT, .call = "crm.product.update",
     .json = "{\"id\":77,\"fields\":{\"PREVIEW_PICTURE\":" FILE ",\"DETAIL_PICTURE\":" FILE "}}",
     .result = "true", .then = "crm.product.get?id=77",
     .then_has = {"\"PREVIEW_PICTURE" SHOWN, "\"DETAIL_PICTURE" SHOWN,
                  "\"showUrl\":\"" AT("-1&ownerId=77&auth=")}},
    {"a list of products shows them by name", .sql = PRODUCT, .before = "crm.product.update",
     .before_json = "{\"id\":77,\"fields\":{\"PREVIEW_PICTURE\":" FILE "}}",
     .call = "crm.product.list?filter[ID]=77&select[]=PREVIEW_PICTURE&select[]=DETAIL_PICTURE",
     .has = {"[{\"PREVIEW_PICTURE" SHOWN, "\"DETAIL_PICTURE\":null}]"}},
    {"and takes them along when it goes", .sql = PRODUCT, .before = "crm.product.update",
     .before_json = "{\"id\":77,\"fields\":{\"PREVIEW_PICTURE\":" FILE "}}",
     .call = "crm.product.delete?id=77", .result = "true"},
    {"what it is", .call = "crm.product.fields",
     .has = {"\"PREVIEW_PICTURE\":{\"type\":\"product_file\"",
             "\"DETAIL_PICTURE\":{\"type\":\"product_file\""}},
    {"a product's picture that is none", .sql = PRODUCT, .call = "crm.product.update",
     .json = "{\"id\":77,\"fields\":{\"PREVIEW_PICTURE\":\"a.png\"}}", .status = 400,
     .text = "The field PREVIEW_PICTURE is not defined or invalid"},
    {"a list shows it by name", SET("crm.contact.update", "PHOTO", FILE),
     .then = "crm.contact.list?filter[<ID]=3&select[]=ID&select[]=PHOTO",
     .then_has = {"[{\"ID\":\"1\",\"PHOTO" SHOWN, "{\"ID\":\"2\",\"PHOTO\":null}]"}},
    {"on add too", .call = "crm.contact.add",
     .json = "{\"fields\":{\"NAME\":\"Photographed\",\"PHOTO\":[\"a.png\",\"aGVsbG8=\"]}}",
     .then = "crm.contact.list?filter[NAME]=Photographed&select[]=PHOTO",
     .then_has = {"[{\"PHOTO" SHOWN}},
    {"a text without a name is a file",
     SET("crm.contact.update", "PHOTO", "{\"fileData\":\"aGk=\"}"), .then = "crm.contact.get?id=1",
     .then_has = {"\"PHOTO" SHOWN}},
    {"a new one replaces it", WITH_PHOTO, SET("crm.contact.update", "PHOTO", FILE),
     .then = "crm.contact.get?id=1", .then_has = {"\"PHOTO" SHOWN}},
    {"remove takes it away", WITH_PHOTO, SET("crm.contact.update", "PHOTO", "{\"remove\":\"Y\"}"),
     .then = "crm.contact.get?id=1", .then_has = {"\"PHOTO\":null"}},
    {"so does an empty text", WITH_PHOTO, SET("crm.contact.update", "PHOTO", "\"\""),
     .then = "crm.contact.get?id=1", .then_has = {"\"PHOTO\":null"}},
    {"what was shown stays", WITH_PHOTO,
     SET("crm.contact.update", "PHOTO", "{\"id\":1,\"showUrl\":\"http://x/\"}"),
     .then = "crm.contact.get?id=1", .then_has = {"\"PHOTO" SHOWN}},
    {"an update of other fields leaves it", WITH_PHOTO,
     SET("crm.contact.update", "NAME", "\"Other\""), .then = "crm.contact.get?id=1",
     .then_has = {"\"PHOTO" SHOWN}},
    {"no Base64", SET("crm.contact.update", "PHOTO", "{\"fileData\":[\"a.png\",\"no Base64!\"]}"),
     .status = 400, .text = "The field PHOTO is not defined or invalid"},
    {"no file", SET("crm.company.update", "LOGO", "\"a.png\""), .status = 400,
     .text = "The field LOGO is not defined or invalid"},
    {"neither file nor wish", SET("crm.company.update", "LOGO", "{\"remove\":\"N\"}"),
     .status = 400, .text = "The field LOGO is not defined or invalid"},

    {"a person's photo is an address", PERSON("PERSONAL_PHOTO", "[\"a.png\",\"aGVsbG8=\"]"),
     .result = "true", .then = "user.get?ID=2", .then_has = {"\"PERSONAL_PHOTO" PERSON_SHOWN}},
    {"a logo too", PERSON("WORK_LOGO", "[\"a.png\",\"aGVsbG8=\"]"), .then = "user.get?ID=2",
     .then_has = {"\"WORK_LOGO" PERSON_SHOWN}},
    {"with a new person", .call = "user.add",
     .json = "{\"EMAIL\":\"p@example.com\",\"UF_DEPARTMENT\":[1],\"PERSONAL_PHOTO\":[\"a.png\","
             "\"aGVsbG8=\"]}",
     .then = "user.get?EMAIL=p@example.com", .then_has = {"\"PERSONAL_PHOTO\":\"http"}},
    {"none is not told", PERSON("PERSONAL_PHOTO", "\"\""), .result = "true",
     .then = "user.get?ID=2", .then_lacks = {"PERSONAL_PHOTO", "WORK_LOGO"}},
    {"profile shows one's own", PERSON("PERSONAL_PHOTO", "[\"a.png\",\"aGVsbG8=\"]"),
     .then_as = AS_USER, .then = "profile", .then_has = {"\"PERSONAL_PHOTO" PERSON_SHOWN}},
    {"a person's photo that is no Base64", PERSON("PERSONAL_PHOTO", "[\"a.png\",\"=\"]"),
     .status = 400, .text = "The field PERSONAL_PHOTO is not defined or invalid"},
};

SCENARIOS(picture, scenarios);
