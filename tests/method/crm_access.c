/* Scenarios of permissions: what a caller with a role, and one without any, may do. The texts are those
 * of the error tables of crm.deal.*, crm.lead.*, crm.contact.*, crm.company.* and crm.activity.*. */
#include "scenario.h"

/* On some pages with a dot, on others without. */
#define DENIED_SHORT .status = 400, .error = "", .text = "Access denied"
#define DENIED .status = 400, .error = "", .text = "Access denied."
#define CODED .status = 400, .error = "ACCESS_DENIED"
#define NO_OWNER .status = 400, .error = "OWNER_NOT_FOUND"
#define ID(n) "{\"ID\":\"" #n "\"}"
#define LIMITED .as = AS_LIMITED
#define ROLELESS .as = AS_ROLELESS
#define ACTIVITY(owner)                                                                            \
    "{\"fields\":{\"TYPE_ID\":1,\"SUBJECT\":\"Visit\",\"RESPONSIBLE_ID\":4," owner                 \
    ",\"COMMUNICATIONS\":[{\"VALUE\":\"x\"}]}}"
/* Deal 3 is in a funnel that his role closes, deal 8 in one that it opens. */
#define FUNNELS                                                                                    \
    .sql =                                                                                         \
        "INSERT INTO category (id, entity_type_id, name, sort, is_default, is_system, "            \
        "is_locked, code, origin_id, originator_id, directory) VALUES (900, 2, 'Shut', 1, 'N', "   \
        "'N', 'N', '', '', '', 'DEAL_STAGE_900'), (901, 2, 'Open', 1, 'N', 'N', 'N', '', '', "     \
        "'', 'DEAL_STAGE_901');"                                                                   \
        "UPDATE deal SET category_id = 900 WHERE id = 3;"                                          \
        "UPDATE deal SET category_id = 901 WHERE id = 8;"                                          \
        "UPDATE activity_binding SET category_id = 900 WHERE owner_type_id = 2 AND owner_id = "    \
        "3; UPDATE activity_binding SET category_id = 901 WHERE owner_type_id = 2 AND "            \
        "owner_id = 8"
#define OWNER(type, id) "\"OWNER_TYPE_ID\":" #type ",\"OWNER_ID\":" #id

static const struct scenario scenarios[] = {
    /* get: own, department, subtree, none */
    {"own: his contact", LIMITED, .call = "crm.contact.get?id=12", .has = {"\"ID\":\"12\""}},
    {"own: a colleague's contact", LIMITED, .call = "crm.contact.get?id=1", DENIED},
    {"department: a colleague's lead", LIMITED, .call = "crm.lead.get?id=4",
     .has = {"\"ASSIGNED_BY_ID\":\"2\"", "\"PHONE\":"}},
    {"department: a lead of the department below", LIMITED, .call = "crm.lead.get?id=3",
     DENIED_SHORT},
    {"subtree: a deal of the department below", LIMITED, .call = "crm.deal.get?id=3",
     .has = {"\"ASSIGNED_BY_ID\":\"3\""}},
    {"subtree: a deal of the department above", LIMITED, .call = "crm.deal.get?id=2", DENIED_SHORT},
    {"subtree: a deal of another department", LIMITED, .call = "crm.deal.get?id=8", DENIED_SHORT},
    /* funnels */
    {"a funnel that is closed to him", FUNNELS, LIMITED, .call = "crm.deal.get?id=3", DENIED_SHORT},
    {"a funnel that is open to him", FUNNELS, LIMITED, .call = "crm.deal.get?id=8",
     .has = {"\"CATEGORY_ID\":\"901\""}},
    {"lists know of both", FUNNELS, LIMITED,
     .call = "crm.deal.list?filter[@ID][]=3&filter[@ID][]=8&select[]=ID", .result = "[" ID(8) "]"},
    {"so does crm.item", FUNNELS, LIMITED, .call = "crm.item.list",
     .json = "{\"entityTypeId\":2,\"filter\":{\"@id\":[3,8]},\"select\":[\"id\"]}",
     .result = "{\"items\":[{\"id\":8}]}"},
    {"a change in the closed one", FUNNELS, LIMITED, .call = "crm.deal.update?id=3&fields[TITLE]=x",
     DENIED_SHORT},
    {"a change in the open one", FUNNELS, LIMITED, .call = "crm.deal.update?id=8&fields[TITLE]=x",
     .result = "true"},
    {"a new deal in the closed one", FUNNELS, LIMITED,
     .call = "crm.deal.add?fields[TITLE]=x&fields[CATEGORY_ID]=900&fields[ASSIGNED_BY_ID]=4",
     DENIED_SHORT},
    {"funnels that he may read", FUNNELS, LIMITED, .call = "crm.category.list?entityTypeId=2",
     .has = {"\"id\":0", "\"id\":901"}, .lacks = {"\"id\":900"}},
    {"a closed funnel", FUNNELS, LIMITED, .call = "crm.category.get?entityTypeId=2&id=900",
     .status = 400, .error = "ACCESS_DENIED", .text = "Access denied"},
    {"funnels of deals that he may read", FUNNELS, LIMITED, .call = "crm.dealcategory.list",
     .has = {"\"ID\":\"901\""}, .lacks = {"\"ID\":\"900\""}},
    {"activities of the closed one", FUNNELS, LIMITED,
     .call = "crm.activity.list?filter[OWNER_TYPE_ID]=2&filter[OWNER_ID]=3&filter[!RESPONSIBLE_ID]="
             "4&select[]=ID",
     .result = "[]"},
    {"activities of the open one", FUNNELS, LIMITED,
     .call = "crm.activity.list?filter[OWNER_TYPE_ID]=2&filter[OWNER_ID]=8&select[]=OWNER_ID",
     .has = {"{\"OWNER_ID\":\"8\"}"}},
    {"none: a company", LIMITED, .call = "crm.company.get?id=1", DENIED_SHORT},
    {"none does not tell what exists", LIMITED, .call = "crm.company.get?id=99999", DENIED_SHORT},
    {"a bad id comes before permissions", ROLELESS, .call = "crm.deal.get?id=x", .status = 400,
     .text = "ID is not defined or invalid"},
    {"with a level the missing is missing", LIMITED, .call = "crm.deal.get?id=99999", .status = 400,
     .text = "Not found"},
    {"without a role: a deal of his own", ROLELESS, .call = "crm.deal.get?id=8", DENIED_SHORT},
    {"with a role that gives everything", .as = AS_USER, .call = "crm.deal.get?id=8",
     .has = {"\"ID\":\"8\""}},
    {"fields need no permission", ROLELESS, .call = "crm.deal.fields", .has = {"\"TITLE\":"}},

    /* list */
    {"list: own", LIMITED, .call = "crm.contact.list?select[]=ID",
     .result = "[" ID(12) "," ID(22) "]"},
    {"list: own, the total", LIMITED, .call = "crm.contact.list?select[]=ID", .alone = 1,
     .has = {"\"total\":2,"}},
    {"list: a department", LIMITED, .call = "crm.lead.list?select[]=ID",
     .has = {ID(4), ID(6), ID(23), ID(33)}, .lacks = {ID(3), ID(9), ID(7), ID(8)}},
    {"list: a department, the total", LIMITED, .call = "crm.lead.list?select[]=ID", .alone = 1,
     .has = {"\"total\":12,"}},
    {"list: a subtree", LIMITED, .call = "crm.deal.list?select[]=ID&order[ID]=DESC",
     .has = {ID(3), ID(6), ID(1), ID(12)}, .lacks = {ID(2), ID(8), ID(4)}},
    {"list: a subtree, the total", LIMITED, .call = "crm.deal.list?select[]=ID", .alone = 1,
     .has = {"\"total\":26,"}},
    {"list: a filter is joined by AND", LIMITED,
     .call = "crm.deal.list?select[]=ID&filter[ASSIGNED_BY_ID]=4",
     .result = "[" ID(12) "," ID(22) "]"},
    {"list: a filter cannot widen it", LIMITED,
     .call = "crm.deal.list?select[]=ID&filter[ASSIGNED_BY_ID][]=5&filter[ASSIGNED_BY_ID][]=4",
     .result = "[" ID(12) "," ID(22) "]"},
    {"list: an offset behind what is readable", LIMITED,
     .call = "crm.contact.list?select[]=ID&start=50", .alone = 1,
     .has = {"\"result\":[]", "\"total\":2,"}},
    {"list: none", LIMITED, .call = "crm.company.list", DENIED},
    {"list: without a role, leads", ROLELESS, .call = "crm.lead.list", DENIED},
    {"list: without a role, deals", ROLELESS, .call = "crm.deal.list", DENIED},
    {"list: without a role, contacts", ROLELESS, .call = "crm.contact.list", DENIED},

    /* update */
    {"update: his lead", LIMITED, .call = "crm.lead.update?id=23&fields[TITLE]=Mine",
     .result = "true", .then = "crm.lead.get?id=23", .then_has = {"\"TITLE\":\"Mine\""}},
    {"update: a lead he may only read", LIMITED, .call = "crm.lead.update?id=4&fields[TITLE]=Mine",
     DENIED_SHORT, .then = "crm.lead.get?id=4", .then_lacks = {"\"Mine\""}},
    {"update: a deal of the department below", LIMITED,
     .call = "crm.deal.update?id=3&fields[TITLE]=Ours", .result = "true"},
    {"update: somebody else's deal", LIMITED, .call = "crm.deal.update?id=8&fields[TITLE]=Ours",
     DENIED_SHORT},
    {"update: somebody else's contact", LIMITED, .call = "crm.contact.update?id=1&fields[NAME]=A",
     DENIED_SHORT},
    {"update: none", LIMITED, .call = "crm.company.update?id=12&fields[TITLE]=A", DENIED_SHORT},
    {"update: a missing contact has its own text", LIMITED,
     .call = "crm.contact.update?id=99999&fields[NAME]=A", .status = 400,
     .text = "Contact is not found"},
    {"update: handing over is allowed and final", LIMITED,
     .call = "crm.contact.update?id=12&fields[ASSIGNED_BY_ID]=5", .result = "true",
     .then = "crm.contact.get?id=12", .then_has = {"\"ASSIGNED_BY_ID\":\"5\""}},

    /* add */
    {"add: for himself", LIMITED, .call = "crm.deal.add?fields[TITLE]=Mine",
     .then = "crm.deal.list?filter[TITLE]=Mine&select[]=ASSIGNED_BY_ID",
     .then_has = {"\"ASSIGNED_BY_ID\":\"4\""}},
    {"add: for a colleague with the level own", LIMITED,
     .call = "crm.deal.add?fields[TITLE]=His&fields[ASSIGNED_BY_ID]=2", DENIED_SHORT,
     .then = "crm.deal.list?filter[TITLE]=His", .then_has = {"\"result\":[]"}},
    {"add: for a colleague with the level department", LIMITED,
     .call = "crm.lead.add?fields[TITLE]=His&fields[ASSIGNED_BY_ID]=2",
     .then = "crm.lead.list?filter[TITLE]=His&select[]=ASSIGNED_BY_ID",
     .then_has = {"\"ASSIGNED_BY_ID\":\"2\""}},
    {"add: none", LIMITED, .call = "crm.company.add?fields[TITLE]=A", DENIED_SHORT},
    {"add: without a role", ROLELESS, .call = "crm.lead.add?fields[TITLE]=A", DENIED},

    /* delete */
    {"delete: his deal", LIMITED, .call = "crm.deal.delete?id=12", .result = "true",
     .then = "crm.deal.get?id=12", .then_has = {"Not found"}},
    {"delete: a deal he may update", LIMITED, .call = "crm.deal.delete?id=3", DENIED,
     .then = "crm.deal.get?id=3", .then_has = {"\"ID\":\"3\""}},
    {"delete: none", LIMITED, .call = "crm.lead.delete?id=23", DENIED},
    {"delete: somebody else's contact", LIMITED, .call = "crm.contact.delete?id=1", DENIED_SHORT},
    {"delete: none, a company", LIMITED, .call = "crm.company.delete?id=12", DENIED},

    /* activities: by their bindings, and by their responsible person */
    {"activity: at a colleague's deal", LIMITED, .call = "crm.activity.get?id=11",
     .has = {"\"ID\":\"11\"", "\"RESPONSIBLE_ID\":\"3\""}},
    {"activity: at a colleague's lead", LIMITED, .call = "crm.activity.get?id=10",
     .has = {"\"ID\":\"10\""}},
    {"activity: at nothing he may read", LIMITED, .call = "crm.activity.get?id=1", DENIED},
    {"activity: at a contact of somebody else", LIMITED, .call = "crm.activity.get?id=2", DENIED},
    {"activity: missing", LIMITED, .call = "crm.activity.get?id=99999", .status = 400,
     .text = "Activity is not found"},
    {"activity: its responsible person reads it", ROLELESS, .call = "crm.activity.get?id=1",
     .has = {"\"RESPONSIBLE_ID\":\"5\""}},
    {"activity: and changes it", ROLELESS, .call = "crm.activity.update?id=1&fields[COMPLETED]=Y",
     .result = "true", .then = "crm.activity.get?id=1", .then_has = {"\"COMPLETED\":\"Y\""}},
    {"activity: but does not delete it", ROLELESS, .call = "crm.activity.delete?id=1", DENIED,
     .then = "crm.activity.get?id=1", .then_has = {"\"ID\":\"1\""}},
    {"activity: update with the right to update the owner", LIMITED,
     .call = "crm.activity.update?id=11&fields[SUBJECT]=Ours", .result = "true"},
    {"activity: update with the right to read the owner only", LIMITED,
     .call = "crm.activity.update?id=10&fields[SUBJECT]=Ours", DENIED,
     .then = "crm.activity.get?id=10", .then_lacks = {"\"Ours\""}},
    {"activity: update without a right", LIMITED,
     .call = "crm.activity.update?id=2&fields[SUBJECT]=Ours", DENIED},
    {"activity: update needs no fields to be refused", LIMITED, .call = "crm.activity.update?id=2",
     DENIED},
    {"activity: delete with the right to update the owner", LIMITED,
     .call = "crm.activity.delete?id=11", .result = "true"},
    {"activity: delete without it", LIMITED, .call = "crm.activity.delete?id=10", DENIED},
    {"activity: add to his contact", LIMITED, .call = "crm.activity.add",
     .json = ACTIVITY(OWNER(3, 12)), .then = "crm.activity.list?filter[SUBJECT]=Visit&select[]=*",
     .then_has = {"\"AUTHOR_ID\":\"4\""}},
    {"activity: add to somebody else's deal", LIMITED, .call = "crm.activity.add",
     .json = ACTIVITY(OWNER(2, 8)), .status = 400, .text = "Could not find 'DEAL' with ID: 8",
     .then = "crm.activity.list?filter[SUBJECT]=Visit", .then_has = {"\"result\":[]"}},
    {"activity: add to a lead he may only read", LIMITED, .call = "crm.activity.add",
     .json = ACTIVITY(OWNER(1, 4)), DENIED},

    {"activity list: bindings and responsible person", LIMITED,
     .call = "crm.activity.list?select[]=ID&order[ID]=ASC",
     .has = {ID(4), ID(10), ID(11), ID(14), ID(19), ID(55)}, .lacks = {ID(1), ID(2), ID(3), ID(9)}},
    {"activity list: the total", LIMITED, .call = "crm.activity.list?select[]=ID&order[ID]=ASC",
     .alone = 1, .has = {"\"next\":50,\"total\":95,"}},
    {"activity list: the second page", LIMITED,
     .call = "crm.activity.list?select[]=ID&order[ID]=ASC&start=50", .alone = 1,
     .has = {"\"total\":95,"}, .lacks = {"\"next\"", ID(4)}},
    {"activity list: in the default order", LIMITED, .call = "crm.activity.list?select[]=ID",
     .alone = 1, .has = {"\"total\":95,"}},
    {"activity list: pages by >ID", LIMITED,
     .call = "crm.activity.list?select[]=ID&order[ID]=ASC&filter[>ID]=4&filter[<ID]=20&start=-1",
     .result = "[" ID(10) "," ID(11) "," ID(14) "," ID(19) "]"},
    {"activity list: from the end", LIMITED,
     .call = "crm.activity.list?select[]=ID&order[ID]=DESC&filter[<ID]=17&start=-1",
     .result = "[" ID(14) "," ID(11) "," ID(10) "," ID(4) "]"},
    {"activity list: an owner he may not read", LIMITED,
     .call = "crm.activity.list?filter[OWNER_TYPE_ID]=2&filter[OWNER_ID]=8", .result = "[]"},
    {"activity list: the bindings of an owner he may not read", LIMITED,
     .call =
         "crm.activity.list?filter[BINDINGS][0][OWNER_TYPE_ID]=2&filter[BINDINGS][0][OWNER_ID]=8",
     .result = "[]"},
    {"activity list: the bindings of an owner he may read", LIMITED,
     .call =
         "crm.activity.list?filter[BINDINGS][0][OWNER_TYPE_ID]=2&filter[BINDINGS][0][OWNER_ID]=6"
         "&select[]=ID",
     .has = {ID(11)}},
    {"activity list: a text that stands in what he may not read", LIMITED,
     .call = "crm.activity.list?filter[ID][]=1&filter[ID][]=2&filter[ID][]=11&select[]=ID",
     .result = "[" ID(11) "]"},
    {"activity list: an owner he may read", LIMITED,
     .call = "crm.activity.list?filter[OWNER_TYPE_ID]=2&filter[OWNER_ID]=6&select[]=OWNER_ID",
     .has = {"\"OWNER_ID\":\"6\""}},
    {"activity list: without a role, what he is responsible for", ROLELESS,
     .call = "crm.activity.list?select[]=RESPONSIBLE_ID&order[ID]=ASC", .alone = 1,
     .has = {"\"RESPONSIBLE_ID\":\"5\"", "\"total\":49,"},
     .lacks = {"\"RESPONSIBLE_ID\":\"1\"", "\"RESPONSIBLE_ID\":\"2\""}},
    {"activity list: follows an owner that is handed over",
     .events = "ONCRMACTIVITYUPDATE ONCRMCONTACTUPDATE ONCRMDEALUPDATE:2", LIMITED, .alone = 1,
     .call = "batch",
     .json = "{\"halt\":1,\"cmd\":{\"a\":\"crm.activity.list?filter[ID]=105&select[]=SUBJECT\","
             "\"deal\":\"crm.deal.update?id=22&fields[ASSIGNED_BY_ID]=2\","
             "\"mine\":\"crm.activity.get?id=14\",\"b\":\"crm.activity.get?id=105\","
             "\"contact\":\"crm.contact.update?id=22&fields[ASSIGNED_BY_ID]=1\","
             "\"far\":\"crm.deal.update?id=22&fields[ASSIGNED_BY_ID]=1\","
             "\"his\":\"crm.activity.update?id=105&fields[RESPONSIBLE_ID]=1\","
             "\"gone\":\"crm.activity.list?filter[ID]=105\","
             "\"denied\":\"crm.activity.get?id=105\"}}",
     .has = {"\"a\":[{\"SUBJECT\":", "\"gone\":[]",
             "\"denied\":{\"error\":\"\",\"error_description\":\"Access denied.\"}"}},

    /* directories: for whoever may read anything of the CRM */
    {"directory: an entry", LIMITED, .call = "crm.status.get?id=7", .has = {"\"ID\":\"7\""}},
    {"directory: an entry, without a role", ROLELESS, .call = "crm.status.get?id=7", DENIED},
    {"directory: the list, without a role", ROLELESS, .call = "crm.status.list", DENIED},
    {"directory: its items, without a role", ROLELESS,
     .call = "crm.status.entity.items?entityId=SOURCE", DENIED},
    {"directory: its items, for whoever may read something", LIMITED,
     .call = "crm.status.entity.items?entityId=SOURCE", .has = {"\"STATUS_ID\":\"CALL\""}},
    {"fields of companies, without the right to read them", LIMITED, .call = "crm.company.fields",
     DENIED},
    {"fields of companies, with it", .as = AS_USER, .call = "crm.company.fields",
     .has = {"\"TITLE\":"}},
    {"directory: the types are for everybody", ROLELESS, .call = "crm.status.entity.types",
     .has = {"\"ID\":\"STATUS\""}},

    /* the activity's family: the code ACCESS_DENIED */
    {"binding: to his deal, of an activity he may not change", LIMITED,
     .call = "crm.activity.binding.add?activityId=1&entityTypeId=2&entityId=12", CODED},
    {"binding: of his activity, to somebody else's deal", LIMITED,
     .call = "crm.activity.binding.add?activityId=14&entityTypeId=2&entityId=8", NO_OWNER},
    {"binding: of his activity, to a lead he may only read", LIMITED,
     .call = "crm.activity.binding.add?activityId=14&entityTypeId=1&entityId=4", CODED},
    {"binding: of his activity, to his deal", LIMITED,
     .call = "crm.activity.binding.add?activityId=14&entityTypeId=2&entityId=12", .result = "true"},
    {"binding: list of an activity he may not read", LIMITED,
     .call = "crm.activity.binding.list?activityId=1", CODED},
    {"binding: list of an activity he may read", LIMITED,
     .call = "crm.activity.binding.list?activityId=11", .has = {"\"entityId\":6"}},
    {"to-do: at his deal", LIMITED,
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=12&deadline=2026-02-01T10:00:00",
     .has = {"\"id\":"}},
    {"to-do: at somebody else's deal", LIMITED,
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=8&deadline=2026-02-01T10:00:00",
     NO_OWNER},
    {"to-do: at a lead he may only read", LIMITED,
     .call = "crm.activity.todo.add?ownerTypeId=1&ownerId=4&deadline=2026-02-01T10:00:00", CODED},
};

SCENARIOS(crm_access, scenarios);
