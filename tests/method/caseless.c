/* Filters by text: equal without regard to case in every script, and what is to the letter all the same. The rules of
 * the comparison itself: tests/unit/test_fold.c. */
#include "scenario.h"

#define LEAD(title)                                                                                \
    .before = "crm.lead.add",                                                                      \
    .before_json = "{\"fields\":{\"TITLE\":\"" title "\",\"ORIGIN_ID\":\"" title "\"}}"
#define FOUND(filter)                                                                              \
    .call = "crm.lead.list", .json = "{\"filter\":{" filter "},\"select\":[\"ID\"]}"
#define ONE .has = {"[{\"ID\":"}
#define NONE .result = "[]"
#define CONTACT                                                                                    \
    .before = "crm.contact.add",                                                                   \
    .before_json =                                                                                 \
        "{\"fields\":{\"NAME\":\"Case\",\"PHONE\":[{\"VALUE\":\"8 (495) 555-00-11 Доб. "        \
        "7\"}],\"EMAIL\":[{\"VALUE\":\"Case.Test@Example.COM\"}],\"WEB\":[{\"VALUE\":"             \
        "\"https://EXAMPLE.com/Ü\"}]}}"
#define WHO(filter)                                                                                \
    CONTACT, .call = "crm.contact.list", .json = "{\"filter\":{" filter "},\"select\":[\"ID\"]}"

static const struct scenario scenarios[] = {
    {"Cyrillic", LEAD("ЁЛКА в лесу"), FOUND("\"TITLE\":\"ёлка В ЛЕСУ\""), ONE},
    {"an accent counts", LEAD("ЁЛКА"), FOUND("\"TITLE\":\"елка\""), NONE},
    {"so does one that is a letter of its own", LEAD("Café"), FOUND("\"TITLE\":\"Cafe\u0301\""),
     NONE},
    {"Greek, with the sigma at a word's end", LEAD("ΟΔΟΣ"), FOUND("\"=TITLE\":\"οδος\""), ONE},
    {"the German sharp s", LEAD("STRAẞE 1"), FOUND("\"=TITLE\":\"straße 1\""), ONE},
    {"is no double s", LEAD("Straße 1"), FOUND("\"=TITLE\":\"strasse 1\""), NONE},
    {"the Turkish dotted I", LEAD("İSTANBUL"), FOUND("\"=TITLE\":\"istanbul\""), ONE},
    {"in a part of a text, too", LEAD("İSTANBUL"), FOUND("\"%TITLE\":\"istan\""), ONE},
    {"the dotless one is another", LEAD("ısı"), FOUND("\"=TITLE\":\"isi\""), NONE},
    {"a space at the end counts", LEAD("Trailing"), FOUND("\"TITLE\":\"trailing \""), NONE},
    {"IN", LEAD("Первый"), FOUND("\"@TITLE\":[\"нет\",\"ПЕРВЫЙ\"]"), ONE},
    {"NOT IN", LEAD("Первый"), FOUND("\"!@TITLE\":[\"нет\",\"ПЕРВЫЙ\"],\"TITLE\":\"первый\""),
     NONE},
    {"not equal", LEAD("Первый"), FOUND("\"!TITLE\":\"ПЕРВЫЙ\",\"=TITLE\":\"первый\""), NONE},
    {"above and below are by bytes", LEAD("Zulu"),
     FOUND("\">TITLE\":\"alpha\",\"=TITLE\":\"zulu\""), NONE},
    {"an external id", LEAD("0F2A-Ж"), FOUND("\"ORIGIN_ID\":\"0f2a-ж\""), ONE},
    {"among several", LEAD("0F2A-Ж"), FOUND("\"@ORIGIN_ID\":[\"0f2a-ж\",\"1\"]"), ONE},
    {"that is changed", LEAD("before"), .call = "crm.lead.list",
     .json = "{\"filter\":{\"ORIGIN_ID\":\"BEFORE\"},\"select\":[\"ORIGIN_ID\"]}",
     .has = {"\"ORIGIN_ID\":\"before\""}},
    {"an update changes what is found", .before = "crm.lead.update",
     .before_json = "{\"id\":1,\"fields\":{\"ORIGIN_ID\":\"After\"}}",
     FOUND("\"ORIGIN_ID\":\"aFTER\""), .result = "[{\"ID\":\"1\"}]"},
    {"and what is not filled in is not found", .before = "crm.lead.update",
     .before_json = "{\"id\":1,\"fields\":{\"ORIGIN_ID\":\"\"}}",
     FOUND("\"!ORIGIN_ID\":\"\",\"ID\":1"), NONE},
    {"a code is to the letter", .call = "crm.lead.list",
     .json = "{\"filter\":{\"SOURCE_ID\":\"call\"}}", NONE},
    {"a stage's, too", .call = "crm.deal.list", .json = "{\"filter\":{\"@STAGE_ID\":[\"new\"]}}",
     NONE},
    {"a provider's", .call = "crm.activity.list?filter[PROVIDER_ID]=crm_todo", NONE},

    {"an address", WHO("\"EMAIL\":\"case.test@example.com\""), ONE},
    {"a site", WHO("\"WEB\":\"HTTPS://example.com/ü\""), ONE},
    {"a phone is its text", WHO("\"PHONE\":\"8 (495) 555-00-11 доб. 7\""), ONE},
    {"and not its number", WHO("\"PHONE\":\"+74955550011\""), NONE},
    {"one of several", WHO("\"@PHONE\":[\"1\",\"8 (495) 555-00-11 ДОБ. 7\"]"), ONE},
    {"a phone that somebody has not",
     WHO("\"!PHONE\":\"8 (495) 555-00-11 ДОБ. 7\",\"NAME\":\"case\""), NONE},

    {"a custom field", .before = "batch",
     .before_json =
         "{\"cmd\":{\"f\":\"crm.lead.userfield.add?fields[FIELD_NAME]=CITY&fields[USER_TYPE_ID]="
         "string\",\"a\":\"crm.lead.add?fields[TITLE]=x&fields[UF_CRM_CITY]=Ёбург\"}}",
     FOUND("\"UF_CRM_CITY\":\"ёБУРГ\""), ONE},
    {"of several values", .before = "batch",
     .before_json =
         "{\"cmd\":{\"f\":\"crm.lead.userfield.add?fields[FIELD_NAME]=CITY&fields[USER_TYPE_ID]="
         "string&fields[MULTIPLE]=Y\",\"a\":\"crm.lead.add?fields[TITLE]=x&fields[UF_CRM_CITY]"
         "[]=Ёбург&fields[UF_CRM_CITY][]=Z\"}}",
     FOUND("\"UF_CRM_CITY\":\"ёБУРГ\""), ONE},
    {"a person's address", .call = "user.get?EMAIL=M.Ivanova@MERIDIAN.example",
     .has = {"\"ID\":\"2\""}},
    {"a person's name", .call = "user.get?filter[LAST_NAME]=none such", NONE},
    {"a directory's name", .call = "crm.status.list?filter[NAME]=cALL",
     .has = {"\"STATUS_ID\":\"CALL\""}},
};

SCENARIOS(caseless, scenarios);
