/* Scenarios of the values of custom fields: written, shown, found, sorted, in both dialects. */
#include "scenario.h"

#define OF(name, type, rest)                                                                       \
    "{\"method\":\"crm.deal.userfield.add\",\"params\":{\"fields\":{\"FIELD_NAME\":\"" name        \
    "\",\"USER_TYPE_ID\":\"" type "\"" rest "}}}"
#define OF_S OF("S", "string", ",\"SETTINGS\":{\"DEFAULT_VALUE\":\"def\"}")
#define OF_I OF("I", "integer", ",\"SETTINGS\":{\"MIN_VALUE\":-5,\"MAX_VALUE\":100}")
#define OF_D OF("D", "double", ",\"SETTINGS\":{\"PRECISION\":1}")
#define OF_B OF("B", "boolean", "")
#define OF_E                                                                                       \
    OF("E", "enumeration", ",\"LIST\":[{\"VALUE\":\"one\"},{\"VALUE\":\"two\",\"DEF\":\"Y\"}]")
#define OF_DA OF("DA", "date", "")
#define OF_DT OF("DT", "datetime", "")
#define OF_MO OF("MO", "money", "")
#define OF_U OF("U", "url", "")
#define OF_A OF("A", "address", "")
#define OF_F OF("F", "file", ",\"SETTINGS\":{\"EXTENSIONS\":[\"txt\"],\"MAX_ALLOWED_SIZE\":10}")
#define OF_EMP OF("EMP", "employee", "")
#define OF_C OF("C", "crm", ",\"SETTINGS\":{\"LEAD\":\"Y\",\"CONTACT\":\"Y\"}")
#define OF_ST OF("ST", "crm_status", ",\"SETTINGS\":{\"ENTITY_TYPE\":\"SOURCE\"}")
#define OF_IB OF("IB", "iblock_element", "")
#define OF_M OF("M", "string", ",\"MULTIPLE\":\"Y\"")
#define OF_EM                                                                                      \
    OF("EM", "enumeration", ",\"MULTIPLE\":\"Y\",\"LIST\":[{\"VALUE\":\"a\"},{\"VALUE\":\"b\"}]")
#define OF_FM OF("FM", "file", ",\"MULTIPLE\":\"Y\"")
#define OF_IM OF("IM", "integer", ",\"MULTIPLE\":\"Y\"")
/* One field of each type, ~1 to ~15; then multiple ones. Items of E are ~1 and ~2, of EM ~3 and ~4. */
#define ALL_FIELDS                                                                                 \
    "{\"halt\":1,\"cmd\":[" OF_S "," OF_I "," OF_D "," OF_B "," OF_E "," OF_DA "," OF_DT "," OF_MO \
    "," OF_U "," OF_A "," OF_F "," OF_EMP "," OF_C "," OF_ST "," OF_IB "," OF_M "," OF_EM          \
    "," OF_FM "," OF_IM "]}"
#define FIELDS .before = "batch", .before_as_admin = 1, .before_json = ALL_FIELDS
#define MUST                                                                                       \
    .before = "crm.deal.userfield.add?fields[FIELD_NAME]=S&fields[USER_TYPE_ID]=string&fields["    \
              "MANDATORY]=Y"
#define SET(fields) .call = "crm.deal.update", .json = "{\"id\":1,\"fields\":" fields "}"
#define SHOWN .result = "true", .then = "crm.deal.get?id=1"
#define REFUSED(name) .status = 400, .text = "The field UF_CRM_" name " is not defined or invalid"
#define LIST(filter) .call = "crm.deal.list", .json = "{\"select\":[\"ID\"],\"filter\":" filter "}"
#define UPDATE(id, fields)                                                                         \
    "{\"method\":\"crm.deal.update\",\"params\":{\"id\":" id ",\"fields\":{" fields "}}}"
#define BEFORE(commands) .before = "batch", .before_json = "{\"halt\":1,\"cmd\":[" commands "]}"
/* Deals 1, 2 and 3 have values; the others have none. */
#define WITH_S OF("S", "string", ",\"SHOW_FILTER\":\"Y\"")
#define WITH_I OF("I", "integer", ",\"SHOW_FILTER\":\"Y\"")
#define ONE_HAS                                                                                    \
    UPDATE("1", "\"UF_CRM_S\":\"Alpha\",\"UF_CRM_I\":0,\"UF_CRM_D\":1.5,\"UF_CRM_B\":1,\"UF_CRM_"  \
                "DA\":\"2026-01-01\",\"UF_CRM_M\":[\"x\",\"Y\"],\"UF_CRM_IM\":[1,2]")
#define TWO_HAS                                                                                    \
    UPDATE("2", "\"UF_CRM_S\":\"beta\",\"UF_CRM_I\":7,\"UF_CRM_D\":-2,\"UF_CRM_B\":0,\"UF_CRM_"    \
                "DA\":\"2026-02-01\",\"UF_CRM_M\":[\"y\"],\"UF_CRM_IM\":[3]")
#define THREE_HAS UPDATE("3", "\"UF_CRM_S\":\"gamma\",\"UF_CRM_I\":-3")
#define PLAIN_D OF("D", "double", "")
#define PLAIN_S OF("S", "string", "")
#define PLAIN_F OF("F", "file", "")
#define FILES_F OF("F", "file", ",\"MULTIPLE\":\"Y\"")
#define TWO_FILES UPDATE("1", "\"UF_CRM_F\":[[\"a.txt\",\"YWJj\"],[\"b.txt\",\"ZGVm\"]]")
#define ONE_FILE UPDATE("1", "\"UF_CRM_F\":[\"a.txt\",\"YWJj\"]")
#define ITS_FILE UPDATE("2", "\"UF_CRM_F\":[\"a.txt\",\"YWJj\"]")
#define S_IS_X UPDATE("1", "\"UF_CRM_S\":\"x\"")
#define VALUES                                                                                     \
    BEFORE(WITH_S "," WITH_I "," PLAIN_D "," OF_B "," OF_DA "," OF_M "," OF_IM "," ONE_HAS         \
                  "," TWO_HAS "," THREE_HAS)
#define FOUND(filter, ids) LIST(filter), VALUES, .result = ids
#define ONE "[{\"ID\":\"1\"}]"
#define TWO "[{\"ID\":\"2\"}]"
#define THREE "[{\"ID\":\"3\"}]"

static const struct scenario scenarios[] = {
    {"a row that is added has the defaults", FIELDS, .call = "batch",
     .json =
         "{\"cmd\":{\"a\":\"crm.deal.add?fields[TITLE]=x\",\"b\":\"crm.deal.get?id=$result[a]\"}"
         "}",
     .has = {"\"UF_CRM_S\":\"def\"", "\"UF_CRM_I\":null", "\"UF_CRM_D\":null", "\"UF_CRM_B\":\"0\"",
             "\"UF_CRM_E\":\"~2\"", "\"UF_CRM_DA\":\"\"", "\"UF_CRM_F\":null", "\"UF_CRM_M\":[]",
             "\"UF_CRM_C\":\"\""},
     .alone = 1, .events = "ONCRMDEALADD"},
    {"a row from before the field has nothing", FIELDS, .call = "crm.deal.get?id=1",
     .has = {"\"UF_CRM_S\":\"\"", "\"UF_CRM_B\":null", "\"UF_CRM_E\":null", "\"UF_CRM_DT\":\"\"",
             "\"UF_CRM_MO\":\"\"", "\"UF_CRM_EM\":[]"}},
    {"values of all types", FIELDS,
     SET("{\"UF_CRM_S\":\"text\",\"UF_CRM_I\":\"-5\",\"UF_CRM_D\":\"2.25\",\"UF_CRM_B\":\"Y\","
         "\"UF_CRM_E\":~1,\"UF_CRM_DA\":\"2026-03-04\",\"UF_CRM_DT\":\"2026-03-04T05:06:07+03:"
         "00\","
         "\"UF_CRM_MO\":\"100|USD\",\"UF_CRM_U\":\"https://a/b\",\"UF_CRM_A\":\"Street 1|52;13|\","
         "\"UF_CRM_EMP\":2,\"UF_CRM_C\":\"C_1\",\"UF_CRM_ST\":\"CALL\",\"UF_CRM_IB\":17}"),
     SHOWN,
     .then_has = {"\"UF_CRM_S\":\"text\",\"UF_CRM_I\":\"-5\",\"UF_CRM_D\":\"2.3\",\"UF_CRM_B\":"
                  "\"1\",\"UF_CRM_E\":\"~1\",\"UF_CRM_DA\":\"2026-03-04T03:00:00+03:00\","
                  "\"UF_CRM_DT\":\"2026-03-04T05:06:07+03:00\",\"UF_CRM_MO\":\"100|USD\","
                  "\"UF_CRM_U\":\"https://a/b\",\"UF_CRM_A\":\"Street 1|52;13|\",\"UF_CRM_F\":null,"
                  "\"UF_CRM_EMP\":\"2\",\"UF_CRM_C\":\"C_1\",\"UF_CRM_ST\":\"CALL\",\"UF_CRM_IB\":"
                  "\"17\""}},
    {"and of several", FIELDS,
     SET("{\"UF_CRM_M\":[\"a\",\"\",\"b\"],\"UF_CRM_EM\":[~3,~4],\"UF_CRM_IM\":7}"), SHOWN,
     .then_has = {"\"UF_CRM_M\":[\"a\",\"b\"],\"UF_CRM_EM\":[\"~3\",\"~4\"],\"UF_CRM_FM\":[],"
                  "\"UF_CRM_IM\":[\"7\"]"}},
    {"values are emptied",
     BEFORE(PLAIN_S "," OF_M "," UPDATE("1", "\"UF_CRM_S\":\"x\",\"UF_CRM_M\":[\"y\"]")),
     SET("{\"UF_CRM_S\":\"\",\"UF_CRM_M\":[]}"), SHOWN,
     .then_has = {"\"UF_CRM_S\":\"\",\"UF_CRM_M\":[]"}},
    {"in list they stand by name", VALUES,
     .call = "crm.deal.list?filter[ID]=1&select[]=ID&select[]=UF_CRM_I&select[]=UF_CRM_M",
     .result = "[{\"ID\":\"1\",\"UF_CRM_I\":\"0\",\"UF_CRM_M\":[\"x\",\"Y\"]}]"},
    {"all of them by a mask", VALUES, .call = "crm.deal.list?filter[ID]=3&select[]=UF_*",
     .result = "[{\"ID\":\"3\",\"UF_CRM_S\":\"gamma\",\"UF_CRM_I\":\"-3\",\"UF_CRM_D\":null,"
               "\"UF_CRM_B\":null,\"UF_CRM_DA\":\"\",\"UF_CRM_M\":[],\"UF_CRM_IM\":[]}]"},
    {"and not by the other one", VALUES, .call = "crm.deal.list?filter[ID]=3&select[]=*",
     .has = {"\"TITLE\""}, .lacks = {"UF_CRM_"}},
    {"fields tells of them", FIELDS, .call = "crm.deal.fields",
     .has =
         {"\"UF_CRM_E\":{\"type\":\"enumeration\",\"isRequired\":false,\"isReadOnly\":false,"
          "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":true,\"items\":[{\"ID\":"
          "\"~1\",\"VALUE\":\"one\"},{\"ID\":\"~2\",\"VALUE\":\"two\"}],\"title\":"
          "\"UF_CRM_E\",\"listLabel\":\"\",\"formLabel\":\"\",\"filterLabel\":\"\",\"settings\":{"
          "\"DISPLAY\":\"LIST\"",
          "\"UF_CRM_IM\":{\"type\":\"integer\",\"isRequired\":false,\"isReadOnly\":false,"
          "\"isImmutable\":false,\"isMultiple\":true,\"isDynamic\":true"}},
    {"a batch makes a field and uses it", .call = "batch",
     .json =
         "{\"halt\":1,\"cmd\":{\"f\":" PLAIN_S ",\"u\":" S_IS_X ",\"g\":\"crm.deal.get?id=1\"}}",
     .has = {"\"UF_CRM_S\":\"x\""}, .alone = 1, .events = "ONCRMDEALUPDATE ONCRMDEALUSERFIELDADD"},
    {"a field that was removed is there no more",
     BEFORE(PLAIN_S "," S_IS_X ",\"crm.deal.userfield.delete?id=~1\""), .call = "crm.deal.get?id=1",
     .lacks = {"UF_CRM_S"}},
    {"nor are its values by another of the name",
     BEFORE(PLAIN_S "," S_IS_X ",\"crm.deal.userfield.delete?id=~1\"," PLAIN_S),
     .call = "crm.deal.get?id=1", .has = {"\"UF_CRM_S\":\"\""}},

    {"a mandatory one is missing", MUST, .call = "crm.deal.add?fields[TITLE]=x", .status = 400,
     .text = "The field UF_CRM_S is required."},
    {"it is given", MUST, .call = "crm.deal.add?fields[TITLE]=x&fields[UF_CRM_S]=y"},
    {"rows from before stay valid", MUST, .call = "crm.deal.update?id=1&fields[TITLE]=y",
     .result = "true"},
    {"but it is not emptied", MUST, .call = "crm.deal.update?id=1&fields[UF_CRM_S]=", .status = 400,
     .text = "The field UF_CRM_S is required."},

    {"a list for one value", FIELDS, SET("{\"UF_CRM_S\":[\"x\"]}"), REFUSED("S")},
    {"no number", FIELDS, SET("{\"UF_CRM_I\":\"x\"}"), REFUSED("I")},
    {"below the least", FIELDS, SET("{\"UF_CRM_I\":-6}"), REFUSED("I")},
    {"above the most", FIELDS, SET("{\"UF_CRM_I\":101}"), REFUSED("I")},
    {"no yes or no", FIELDS, SET("{\"UF_CRM_B\":\"perhaps\"}"), REFUSED("B")},
    {"no item of its list", FIELDS, SET("{\"UF_CRM_E\":~3}"), REFUSED("E")},
    {"one of several that is none", FIELDS, SET("{\"UF_CRM_EM\":[~3,~1]}"), REFUSED("EM")},
    {"no date", FIELDS, SET("{\"UF_CRM_DA\":\"x\"}"), REFUSED("DA")},
    {"no currency", FIELDS, SET("{\"UF_CRM_MO\":\"1|ZZZ\"}"), REFUSED("MO")},
    {"no sum", FIELDS, SET("{\"UF_CRM_MO\":\"x|USD\"}"), REFUSED("MO")},
    {"the base currency is meant without one", FIELDS, SET("{\"UF_CRM_MO\":\"5\"}"), SHOWN,
     .then_has = {"\"UF_CRM_MO\":\"5|USD\""}},
    {"no user", FIELDS, SET("{\"UF_CRM_EMP\":999}"), REFUSED("EMP")},
    {"an object of a type that is not allowed", FIELDS, SET("{\"UF_CRM_C\":\"CO_1\"}"),
     REFUSED("C")},
    {"without a type where there are several", FIELDS, SET("{\"UF_CRM_C\":\"1\"}"), REFUSED("C")},
    {"an object that is not there", FIELDS, SET("{\"UF_CRM_C\":\"L_999\"}"), REFUSED("C")},
    {"one that he may not read", .as = AS_LIMITED, FIELDS,
     .call = "crm.deal.add?fields[TITLE]=x&fields[UF_CRM_C]=C_1", REFUSED("C")},
    {"no code of the directory", FIELDS, SET("{\"UF_CRM_ST\":\"NOPE\"}"), REFUSED("ST")},

    {"a file, and its addresses", FIELDS, SET("{\"UF_CRM_F\":{\"fileData\":[\"a.txt\",\"YWJj\"]}}"),
     SHOWN,
     .then_has = {"\"UF_CRM_F\":{\"id\":~1,\"showUrl\":\"http://test/bitrix/tools/"
                  "crm_show_field_file.php?fileId=~1&",
                  "\"downloadUrl\":"}},
    {"a bare pair, and of several", FIELDS,
     SET("{\"UF_CRM_FM\":[[\"a.txt\",\"YWJj\"],{\"fileData\":[\"b.bin\",\"ZGVm\"]}]}"), SHOWN,
     .then_has = {"\"UF_CRM_FM\":[{\"id\":~1", "{\"id\":~2"}},
    {"a new file replaces the old one", BEFORE(PLAIN_F "," ONE_FILE),
     SET("{\"UF_CRM_F\":[\"b.txt\",\"ZGVm\"]}"), SHOWN, .then_has = {"\"UF_CRM_F\":{\"id\":~2"}},
    {"what is named stays, the rest goes", BEFORE(FILES_F "," TWO_FILES),
     SET("{\"UF_CRM_F\":[{\"id\":~2},[\"c.txt\",\"Z2hp\"]]}"), SHOWN,
     .then_has = {"\"UF_CRM_F\":[{\"id\":~2", "{\"id\":~3"}, .then_lacks = {"\"id\":~1"}},
    {"by the ids alone", BEFORE(FILES_F "," TWO_FILES), SET("{\"UF_CRM_F\":[\"~2\",\"~1\"]}"),
     SHOWN, .then_has = {"\"UF_CRM_F\":[{\"id\":~2"}},
    {"a file is taken away", BEFORE(PLAIN_F "," ONE_FILE),
     SET("{\"UF_CRM_F\":{\"id\":~1,\"remove\":\"Y\"}}"), SHOWN, .then_has = {"\"UF_CRM_F\":null"}},
    {"another row's file", BEFORE(PLAIN_F "," ITS_FILE), SET("{\"UF_CRM_F\":~1}"), REFUSED("F")},
    {"a file of other kinds than the field takes", FIELDS,
     SET("{\"UF_CRM_F\":[\"a.exe\",\"YWJj\"]}"), REFUSED("F")},
    {"a file that is too large", FIELDS, SET("{\"UF_CRM_F\":[\"a.txt\",\"YWJjYWJjYWJjYWJj\"]}"),
     REFUSED("F")},
    {"no Base64", FIELDS, SET("{\"UF_CRM_F\":[\"a.txt\",\"?\"]}"), REFUSED("F")},

    {"equal, whatever the case", FOUND("{\"UF_CRM_S\":\"ALPHA\"}", ONE)},
    {"not equal holds for rows without a value too", VALUES, .call = "crm.deal.list",
     .json = "{\"select\":[\"ID\"],\"filter\":{\"!UF_CRM_S\":[\"alpha\",\"beta\"],\"<=ID\":4}}",
     .result = "[{\"ID\":\"3\"},{\"ID\":\"4\"}]"},
    {"one of several values",
     FOUND("{\"@UF_CRM_S\":[\"alpha\",\"gamma\"]}", "[{\"ID\":\"1\"},{\"ID\":\"3\"}]")},
    {"a part", FOUND("{\"%UF_CRM_S\":\"AMM\"}", THREE)},
    {"a pattern", FOUND("{\"=%UF_CRM_S\":\"b%\"}", TWO)},
    {"no part", FOUND("{\"!%UF_CRM_S\":\"a\",\"<=ID\":4}", "[{\"ID\":\"4\"}]")},
    {"filled in", FOUND("{\"!UF_CRM_S\":\"\"}", "[{\"ID\":\"1\"},{\"ID\":\"2\"},{\"ID\":\"3\"}]")},
    {"not filled in", FOUND("{\"UF_CRM_S\":\"\",\"<=ID\":5}", "[{\"ID\":\"4\"},{\"ID\":\"5\"}]")},
    {"zero is a number", FOUND("{\"UF_CRM_I\":0}", ONE)},
    {"greater", FOUND("{\">UF_CRM_I\":0}", TWO)},
    {"less", FOUND("{\"<UF_CRM_I\":\"0\"}", THREE)},
    {"a range", FOUND("{\">=UF_CRM_I\":-3,\"<UF_CRM_I\":7}", "[{\"ID\":\"1\"},{\"ID\":\"3\"}]")},
    {"a number among them", FOUND("{\"UF_CRM_I\":[7,9]}", TWO)},
    {"a fraction", FOUND("{\"UF_CRM_D\":1.5}", ONE)},
    {"yes", FOUND("{\"UF_CRM_B\":1}", ONE)},
    {"no, or nothing", FOUND("{\"UF_CRM_B\":0,\"<=ID\":3}", "[{\"ID\":\"2\"},{\"ID\":\"3\"}]")},
    {"a day", FOUND("{\"UF_CRM_DA\":\"2026-01-01\"}", ONE)},
    {"days from one on", FOUND("{\">UF_CRM_DA\":\"2026-01-15\"}", TWO)},
    {"one of several of the row", FOUND("{\"UF_CRM_M\":\"X\"}", ONE)},
    {"which two rows have", FOUND("{\"UF_CRM_M\":\"y\"}", "[{\"ID\":\"1\"},{\"ID\":\"2\"}]")},
    {"none of them is it",
     FOUND("{\"!UF_CRM_M\":\"x\",\"<=ID\":3}", "[{\"ID\":\"2\"},{\"ID\":\"3\"}]")},
    {"a number of several", FOUND("{\">UF_CRM_IM\":1}", "[{\"ID\":\"1\"},{\"ID\":\"2\"}]")},
    {"no value at all", FOUND("{\"UF_CRM_IM\":\"\",\"<=ID\":3}", THREE)},
    {"a value that cannot be compared", LIST("{\"UF_CRM_I\":\"x\"}"), VALUES, .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Filter by UF_CRM_I: the value is no number"},
    {"sorted by one", VALUES,
     .call = "crm.deal.list?order[UF_CRM_I]=ASC&select[]=ID&filter[!UF_CRM_I]=",
     .result = "[{\"ID\":\"3\"},{\"ID\":\"1\"},{\"ID\":\"2\"}]"},
    {"backwards, rows without a value last", VALUES,
     .call = "crm.deal.list?order[UF_CRM_I]=DESC&select[]=ID&filter[<ID]=5",
     .result = "[{\"ID\":\"2\"},{\"ID\":\"1\"},{\"ID\":\"3\"},{\"ID\":\"4\"}]"},
    {"counted", VALUES, .call = "crm.deal.list?filter[!UF_CRM_S]=&select[]=ID",
     .has = {"\"total\":3"}, .alone = 1},

    {"who reads a row reads its values", .as = AS_USER, .before_as_admin = 1,
     .before = "crm.deal.userfield.add?fields[FIELD_NAME]=S&fields[USER_TYPE_ID]=string",
     .call = "crm.deal.get?id=1", .has = {"UF_CRM_S"}},
};

SCENARIOS(userfield_value, scenarios);
