/* Scenarios of crm.currency.*. */
#include "scenario.h"

#define ADD(fields) .call = "crm.currency.add", .json = "{\"fields\":" fields "}"
#define YUAN                                                                                       \
    "{\"CURRENCY\":\"CNY\",\"BASE\":\"N\",\"AMOUNT\":12.2251,\"AMOUNT_CNT\":1,\"SORT\":9000,"      \
    "\"LANG\":{\"ru\":{\"DECIMALS\":2,\"DEC_POINT\":\".\",\"FORMAT_STRING\":\"# CNY\","            \
    "\"FULL_NAME\":\"Юань\",\"HIDE_ZERO\":\"Y\",\"THOUSANDS_VARIANT\":\"B\"},\"en\":{"         \
    "\"DECIMALS\":1,\"DEC_POINT\":\",\",\"FORMAT_STRING\":\"# CNY\",\"FULL_NAME\":\"yuan\","       \
    "\"HIDE_ZERO\":\"Y\",\"THOUSANDS_SEP\":\".\"}}}"
#define UPDATE(code, fields)                                                                       \
    .call = "crm.currency.update", .json = "{\"id\":\"" code "\",\"fields\":" fields "}"
#define SET(code, langs)                                                                           \
    .call = "crm.currency.localizations.set",                                                      \
    .json = "{\"id\":\"" code "\",\"localizations\":" langs "}"
#define NOT_ID .status = 400, .text = "The parameter id is invalid or not defined."
#define DENIED .status = 400, .text = "Access denied."

static const struct scenario scenarios[] = {
    {"what a new portal has", .call = "crm.currency.list",
     .has = {"[{\"CURRENCY\":\"USD\",\"AMOUNT_CNT\":\"1\",\"AMOUNT\":\"1.0000\",\"BASE\":\"Y\","
             "\"SORT\":\"100\",\"DATE_UPDATE\":\"2026-01-01T03:00:00+03:00\",\"LID\":\"en\","
             "\"FULL_NAME\":\"United States Dollar\",\"FORMAT_STRING\":\"$#\",\"DEC_POINT\":\".\","
             "\"THOUSANDS_SEP\":\",\",\"DECIMALS\":\"2\"},{\"CURRENCY\":\"EUR\"",
             "\"GBP\"", "\"CURRENCY\":\"RUB\",\"AMOUNT_CNT\":\"100\",\"AMOUNT\":\"1.2500\""},
     .lacks = {"\"ID\"", "LANG"}},
    {"all of them at once, and no total", .call = "crm.currency.list?order[CURRENCY]=desc",
     .has = {"[{\"CURRENCY\":\"USD\"", "\"total\":0"}, .alone = 1},
    {"by rate", .call = "crm.currency.list?order[AMOUNT]=desc", .has = {"[{\"CURRENCY\":\"GBP\""}},
    {"who asks for a second page has had everything", .call = "crm.currency.list?start=50",
     .result = "[]"},
    {"who reads leads may see them", .as = AS_LIMITED, .call = "crm.currency.list",
     .has = {"\"USD\""}},
    {"who reads nothing may not", .as = AS_ROLELESS, .call = "crm.currency.list", DENIED},

    {"one of them, with all its languages", .call = "crm.currency.get?id=EUR",
     .result = "{\"CURRENCY\":\"EUR\",\"AMOUNT_CNT\":\"1\",\"AMOUNT\":\"1.1500\",\"BASE\":\"N\","
               "\"SORT\":\"200\",\"DATE_UPDATE\":\"2026-01-01T03:00:00+03:00\",\"LID\":\"en\","
               "\"FULL_NAME\":\"Euro\",\"FORMAT_STRING\":\"€#\",\"DEC_POINT\":\".\","
               "\"THOUSANDS_SEP\":\",\",\"DECIMALS\":\"2\",\"LANG\":{\"en\":{\"FULL_NAME\":"
               "\"Euro\",\"FORMAT_STRING\":\"€#\",\"DEC_POINT\":\".\",\"THOUSANDS_VARIANT\":\"C\","
               "\"THOUSANDS_SEP\":\",\",\"DECIMALS\":\"2\",\"HIDE_ZERO\":\"Y\"}}}"},
    {"get as another user", .as = AS_LIMITED, .call = "crm.currency.get?id=USD",
     .has = {"\"BASE\":\"Y\""}},
    {"get without an id", .call = "crm.currency.get", .status = 400, .text = "Not found"},
    {"get of a missing one", .call = "crm.currency.get?id=ZZZ", .status = 400, .text = "Not found"},
    {"get by who reads nothing", .as = AS_ROLELESS, .call = "crm.currency.get?id=USD", DENIED},
    {"he does not hear that there is none", .as = AS_ROLELESS, .call = "crm.currency.get?id=ZZZ",
     DENIED},
    {"the fields", .call = "crm.currency.fields",
     .has = {"{\"CURRENCY\":{\"type\":\"string\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":false,\"title\":"
             "\"Currency\"},\"AMOUNT_CNT\":{\"type\":\"int\"",
             "\"BASE\":{\"type\":\"char\",\"isRequired\":false,\"isReadOnly\":true",
             "\"LANG\":{\"type\":\"currency_localization\",\"isRequired\":false,\"isReadOnly\":"
             "false,\"isImmutable\":false,\"isMultiple\":true"},
     .lacks = {"\"ID\""}},
    {"fields for who reads nothing", .as = AS_ROLELESS, .call = "crm.currency.fields", DENIED},

    {"add", ADD(YUAN), .result = "\"CNY\"", .then = "crm.currency.get?id=CNY",
     .then_has = {"\"AMOUNT\":\"12.2251\",\"BASE\":\"N\",\"SORT\":\"9000\",\"DATE_UPDATE\":"
                  "\"2026-01-15T12:00:00+03:00\",\"LID\":\"en\",\"FULL_NAME\":\"yuan\"",
                  "\"THOUSANDS_VARIANT\":\"\",\"THOUSANDS_SEP\":\".\",\"DECIMALS\":\"1\"",
                  "\"ru\":{\"FULL_NAME\":\"Юань\"", "\"THOUSANDS_SEP\":\"&nbsp;\""}},
    {"a currency can be used as soon as it is there", .before = "crm.currency.add",
     .before_json = "{\"fields\":" YUAN "}",
     .call = "crm.deal.add?fields[CURRENCY_ID]=cny&fields[TITLE]=Tea",
     .then = "crm.deal.list?filter[TITLE]=Tea&select[]=CURRENCY_ID", .then_has = {"\"CNY\""}},
    {"what is not said of a language is the default",
     ADD("{\"CURRENCY\":\"tst\",\"AMOUNT_CNT\":\"10\",\"AMOUNT\":\"1.23456\"}"),
     .result = "\"TST\"", .then = "crm.currency.get?id=TST",
     .then_has = {"\"AMOUNT_CNT\":\"10\",\"AMOUNT\":\"1.2346\",\"BASE\":\"N\",\"SORT\":\"100\"",
                  "\"LANG\":{\"en\":{\"FULL_NAME\":\"TST\",\"FORMAT_STRING\":\"#\",\"DEC_POINT\":"
                  "\".\",\"THOUSANDS_VARIANT\":\"S\",\"THOUSANDS_SEP\":\" \",\"DECIMALS\":\"2\","
                  "\"HIDE_ZERO\":\"N\"}}"}},
    {"a new base takes it from the old one",
     ADD("{\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":5,\"AMOUNT\":7,\"BASE\":\"Y\"}"),
     .then = "crm.currency.list?order[SORT]=asc",
     .then_has =
         {"\"CURRENCY\":\"USD\",\"AMOUNT_CNT\":\"1\",\"AMOUNT\":\"1.0000\",\"BASE\":\"N\"",
          "\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":\"1\",\"AMOUNT\":\"1.0000\",\"BASE\":\"Y\""}},
    {"only an administrator adds", .as = AS_USER, ADD(YUAN), DENIED},
    {"without a code", ADD("{\"AMOUNT_CNT\":1,\"AMOUNT\":1}"), .status = 400, .error = "ERROR_CORE",
     .text = "Undefined array key \\\"CURRENCY\\\""},
    {"without a face value", ADD("{\"CURRENCY\":\"TST\",\"AMOUNT\":1}"), .status = 400,
     .error = "ERROR_CORE", .text = "Undefined array key \\\"AMOUNT_CNT\\\""},
    {"without a rate", ADD("{\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":1}"), .status = 400,
     .error = "ERROR_CORE", .text = "Undefined array key \\\"AMOUNT\\\""},
    {"a code that is none", ADD("{\"CURRENCY\":\"T1T\",\"AMOUNT_CNT\":1,\"AMOUNT\":1}"),
     .status = 400, .error = "ERROR_CORE", .text = "Currency identifier must consist of 3 letters"},
    {"the same code twice", ADD("{\"CURRENCY\":\"usd\",\"AMOUNT_CNT\":1,\"AMOUNT\":1}"),
     .status = 400, .error = "ERROR_CORE", .text = "This currency exists already"},
    {"a rate of nothing", ADD("{\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":1,\"AMOUNT\":0.00001}"),
     .status = 400, .error = "ERROR_CORE", .text = "The field AMOUNT is not defined or invalid"},
    {"a negative face value", ADD("{\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":-1,\"AMOUNT\":1}"),
     .status = 400, .text = "The field AMOUNT_CNT is not defined or invalid"},
    {"a format without a place for the amount",
     ADD("{\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":1,\"AMOUNT\":1,\"LANG\":{\"en\":{\"FORMAT_STRING\":"
         "\"T\"}}}"),
     .status = 400, .error = "ERROR_CORE", .text = "FORMAT_STRING has no # for the amount",
     .then = "crm.currency.list", .then_lacks = {"TST"}},
    {"no separator is a code of its own",
     ADD("{\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":1,\"AMOUNT\":1,\"LANG\":{\"en\":{\"THOUSANDS_SEP\":"
         "\"\"}}}"),
     .status = 400, .error = "ERROR_CORE",
     .text = "THOUSANDS_SEP is empty: that is THOUSANDS_VARIANT \\\"N\\\""},
    {"a language that cannot be one",
     ADD("{\"CURRENCY\":\"TST\",\"AMOUNT_CNT\":1,\"AMOUNT\":1,\"LANG\":{\"english\":{}}}"),
     .status = 400, .error = "ERROR_CORE", .text = "english is no localization by a language"},

    {"update", UPDATE("EUR", "{\"AMOUNT\":2.3456,\"SORT\":998,\"CURRENCY\":\"EUX\"}"),
     .result = "true", .then = "crm.currency.get?id=EUR",
     .then_has = {"\"AMOUNT\":\"2.3456\",\"BASE\":\"N\",\"SORT\":\"998\",\"DATE_UPDATE\":"
                  "\"2026-01-15T12:00:00+03:00\""}},
    {"update of a language leaves the others",
     UPDATE("EUR",
            "{\"LANG\":{\"de\":{\"FULL_NAME\":\"Euro\",\"FORMAT_STRING\":\"# €\","
            "\"DEC_POINT\":\",\",\"THOUSANDS_VARIANT\":\"D\"},\"en\":{\"HIDE_ZERO\":\"N\"}}}"),
     .then = "crm.currency.localizations.get?id=EUR",
     .then_has = {"\"de\":{\"FULL_NAME\":\"Euro\",\"FORMAT_STRING\":\"# €\",\"DEC_POINT\":\",\","
                  "\"THOUSANDS_VARIANT\":\"D\",\"THOUSANDS_SEP\":\".\",\"DECIMALS\":\"2\"",
                  "\"en\":{\"FULL_NAME\":\"Euro\",\"FORMAT_STRING\":\"€#\",\"DEC_POINT\":\".\","
                  "\"THOUSANDS_VARIANT\":\"C\",\"THOUSANDS_SEP\":\",\",\"DECIMALS\":\"2\","
                  "\"HIDE_ZERO\":\"N\"}"}},
    {"the base is worth one", UPDATE("USD", "{\"AMOUNT\":7,\"BASE\":\"N\"}"),
     .then = "crm.currency.get?id=USD", .then_has = {"\"AMOUNT\":\"1.0000\",\"BASE\":\"Y\""}},
    {"a currency becomes the base", UPDATE("EUR", "{\"BASE\":\"Y\"}"),
     .then = "crm.currency.base.get", .then_has = {"\"EUR\""}},
    {"a wrong rate", UPDATE("EUR", "{\"AMOUNT\":-1}"), .status = 400, .error = "ERROR_CODE",
     .text = "The field AMOUNT is not defined or invalid"},
    {"a variant that is none", UPDATE("EUR", "{\"LANG\":{\"en\":{\"THOUSANDS_VARIANT\":\"X\"}}}"),
     .status = 400, .error = "ERROR_CODE", .text = "THOUSANDS_VARIANT is none of N, C, D, S, B"},
    {"LANG that is none", UPDATE("EUR", "{\"LANG\":\"en\"}"), .status = 400, .error = "ERROR_CODE",
     .text = "LANG is no object of localizations by language"},
    {"update of a missing one", UPDATE("ZZZ", "{\"AMOUNT\":1}"), .status = 400,
     .text = "Not found"},
    {"only an administrator updates", .as = AS_USER, UPDATE("EUR", "{\"AMOUNT\":1}"), DENIED},

    {"delete", .call = "crm.currency.delete?id=GBP", .result = "true", .then = "crm.currency.list",
     .then_lacks = {"GBP"}},
    {"what rows name stays valid when a currency goes", .before = "crm.currency.delete?id=RUB",
     .call = "crm.deal.update?id=1&fields[CURRENCY_ID]=RUB&fields[TITLE]=x", .result = "true",
     .sql = "UPDATE deal SET currency_id = 'RUB' WHERE id = 1", .then = "crm.deal.get?id=1",
     .then_has = {"\"CURRENCY_ID\":\"RUB\""}},
    {"its languages go with it", .before = "crm.currency.delete?id=GBP",
     .call = "crm.currency.localizations.get?id=GBP", .result = "[]"},
    {"the base stays", .call = "crm.currency.delete?id=USD", .status = 400,
     .text = "Cannot delete base currency."},
    {"delete of a missing one", .call = "crm.currency.delete?id=dollar", .status = 400,
     .text = "Not found"},
    {"only an administrator deletes", .as = AS_USER, .call = "crm.currency.delete?id=GBP", DENIED},

    {"the base", .as = AS_ROLELESS, .call = "crm.currency.base.get", .result = "\"USD\""},
    {"another base", .call = "crm.currency.base.set?id=EUR", .result = "true",
     .then = "crm.currency.list?order[SORT]=asc",
     .then_has = {"\"USD\",\"AMOUNT_CNT\":\"1\",\"AMOUNT\":\"1.0000\",\"BASE\":\"N\"",
                  "\"EUR\",\"AMOUNT_CNT\":\"1\",\"AMOUNT\":\"1.0000\",\"BASE\":\"Y\""}},
    {"rows without a currency have the base", .before = "crm.currency.base.set?id=EUR",
     .call = "crm.deal.add?fields[TITLE]=Base",
     .then = "crm.deal.list?filter[TITLE]=Base&select[]=CURRENCY_ID", .then_has = {"\"EUR\""}},
    {"the same base", .call = "crm.currency.base.set?id=USD", .result = "true"},
    {"a base that is no currency", .call = "crm.currency.base.set?id=ZZZ", .result = "false",
     .events = "none", .then = "crm.currency.base.get", .then_has = {"\"USD\""}},
    {"only an administrator sets the base", .as = AS_USER, .call = "crm.currency.base.set?id=EUR",
     DENIED},

    {"localizations", .as = AS_LIMITED, .call = "crm.currency.localizations.get?id=USD",
     .result = "{\"en\":{\"FULL_NAME\":\"United States Dollar\",\"FORMAT_STRING\":\"$#\","
               "\"DEC_POINT\":\".\",\"THOUSANDS_VARIANT\":\"C\",\"THOUSANDS_SEP\":\",\","
               "\"DECIMALS\":\"2\",\"HIDE_ZERO\":\"Y\"}}"},
    {"localizations of nothing", .call = "crm.currency.localizations.get", NOT_ID},
    {"localizations for who reads nothing", .as = AS_ROLELESS,
     .call = "crm.currency.localizations.get?id=USD", DENIED},
    {"a new language",
     SET("USD", "{\"nl\":{\"FULL_NAME\":\"Dollar\",\"THOUSANDS_VARIANT\":\"N\"}}"),
     .result = "true", .then = "crm.currency.localizations.get?id=USD",
     .then_has = {"\"en\":{", "\"nl\":{\"FULL_NAME\":\"Dollar\",\"FORMAT_STRING\":\"#\"",
                  "\"THOUSANDS_VARIANT\":\"N\",\"THOUSANDS_SEP\":\"\""}},
    {"what is so already", SET("USD", "{\"en\":{\"FULL_NAME\":\"United States Dollar\"}}"),
     .result = "true"},
    {"no languages at all", SET("USD", "{}"), .result = "false", .events = "none"},
    {"of a currency that is not there", SET("ZZZ", "{\"en\":{}}"), .result = "false",
     .events = "none"},
    {"decimals that cannot be", SET("USD", "{\"en\":{\"DECIMALS\":99}}"), .status = 400,
     .text = "DECIMALS is no number of decimal places"},
    {"decimals that are none", SET("USD", "{\"en\":{\"DECIMALS\":\"two\"}}"), .status = 400,
     .text = "DECIMALS is no value of a localization"},
    {"set without an id", .call = "crm.currency.localizations.set", NOT_ID},
    {"only an administrator sets them", .as = AS_USER, SET("USD", "{\"en\":{}}"), DENIED},
    {"a language goes", .call = "crm.currency.localizations.delete?id=USD&lids[]=en",
     .result = "true", .then = "crm.currency.get?id=USD",
     .then_has = {"\"LID\":null,\"FULL_NAME\":null", "\"LANG\":[]"}},
    {"a language that is not there", .call = "crm.currency.localizations.delete?id=USD&lids[]=th",
     .result = "false", .events = "none"},
    {"none of them", .call = "crm.currency.localizations.delete?id=USD", .result = "false",
     .events = "none"},
    {"delete without an id", .call = "crm.currency.localizations.delete?lids[]=en", NOT_ID},
    {"only an administrator deletes them", .as = AS_USER,
     .call = "crm.currency.localizations.delete?id=USD&lids[]=en", DENIED},
    {"events name it by its code", .as = AS_APP, .alone = 1, .call = "batch",
     .json = "{\"cmd\":[\"event.bind?event=onCrmCurrencyUpdate&event_type=offline\","
             "\"event.bind?event=onCrmCurrencyDelete&event_type=offline\","
             "\"crm.currency.update?id=EUR&fields[SORT]=7\",\"crm.currency.delete?id=GBP\","
             "\"event.offline.list\"]}",
     .events = "ONCRMCURRENCYDELETE ONCRMCURRENCYUPDATE",
     .has =
         {"\"EVENT_NAME\":\"ONCRMCURRENCYUPDATE\",\"EVENT_DATA\":{\"FIELDS\":{\"ID\":\"EUR\"}}",
          "\"EVENT_NAME\":\"ONCRMCURRENCYDELETE\",\"EVENT_DATA\":{\"FIELDS\":{\"ID\":\"GBP\"}}"}},
    {"fields of a localization", .call = "crm.currency.localizations.fields",
     .has = {"{\"FULL_NAME\":{\"type\":\"string\"", "\"DECIMALS\":{\"type\":\"int\"",
             "\"HIDE_ZERO\":{\"type\":\"char\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":false,\"title\":\"Do not "
             "show insignificant zeros\"}"}},
    {"fields of a localization for who reads nothing", .as = AS_ROLELESS,
     .call = "crm.currency.localizations.fields", DENIED},
};

SCENARIOS(crm_currency, scenarios);
