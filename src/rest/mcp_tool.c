#include "rest/mcp_tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "model/catalog.h"
#include "model/dialect.h"
#include "model/method.h"
#include "model/registry.h"
#include "model/schema.h"
#include "model/user_field.h"
#include "portal/known.h"
#include "portal/scope.h"
#include "rest/admit.h"
#include "rest/call_log.h"

#define FOUND_MOST 30
#define WORDS_MOST 12 /* to find methods by; each is looked for in each method */
#define WORD_SIZE 40
#define WORD_ENDS " .,:;!?()/\"'\t\n"
#define CALLS_MOST 20
#define DIRECTORY_MOST 2000
#define USERS_MOST 200
#define DELIVERIES_MOST 50

/* ---- which there are ---- */

struct tool {
    const char *name, *title, *about;
    const char *schema; /* of its arguments */
    bool reads, destroys;
};

#define CALL_SCHEMA                                                                                \
    "{\"type\":\"object\",\"properties\":{\"method\":{\"type\":\"string\",\"description\":\"For "  \
    "example crm.deal.list\"},\"params\":{\"type\":\"object\",\"description\":\"As "               \
    "describe_method "                                                                             \
    "tells them\"}},\"required\":[\"method\"]}"

#define DRY_RUN                                                                                    \
    "\"dryRun\":{\"type\":\"boolean\",\"description\":\"true: nothing stays; would_tell says "     \
    "what handlers of events would hear\"}"

#define WRITE_SCHEMA                                                                               \
    "{\"type\":\"object\",\"properties\":{\"method\":{\"type\":\"string\",\"description\":\"For "  \
    "example crm.deal.update\"},\"params\":{\"type\":\"object\",\"description\":\"As "             \
    "describe_method "                                                                             \
    "tells them\"}," DRY_RUN "},\"required\":[\"method\"]}"

static const struct tool tools[] = {
    {"find_methods", "Find methods",
     "Find REST methods by words of their name or purpose. Begin here when you do not know the "
     "method.",
     "{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\",\"description\":\"Words, "
     "for "
     "example: deal add\"}},\"required\":[\"query\"]}",
     true, false},
    {"describe_method", "Describe a method",
     "Parameters, answer, errors and documentation page of one method, as JSON Schema.",
     "{\"type\":\"object\",\"properties\":{\"method\":{\"type\":\"string\"}},\"required\":["
     "\"method\"]}",
     true, false},
    {"describe_portal", "Describe the portal",
     "What this portal has: types of objects with their numbers, custom fields, funnels and "
     "stages, users. "
     "Needs a credential.",
     "{\"type\":\"object\",\"properties\":{}}", true, false},
    {"read", "Call a method that reads",
     "Call a REST method that changes nothing. Needs a credential.", CALL_SCHEMA, true, false},
    {"write", "Call a method that writes",
     "Call a REST method that adds, changes or removes something. With dryRun it answers what it "
     "would, and "
     "nothing of it stays. Needs a credential.",
     WRITE_SCHEMA, false, true},
    {"batch", "Call several methods",
     "Run up to 50 commands in one call; $result[name] in one stands for the answer of another. "
     "With dryRun nothing of it stays. Needs a credential.",
     "{\"type\":\"object\",\"properties\":{\"cmd\":{\"type\":\"object\",\"description\":\"Queries "
     "by name: "
     "{\\\"deal\\\":\\\"crm.deal.get?id=1\\\"}\"},\"halt\":{\"type\":\"integer\",\"description\":"
     "\"1: stop at "
     "the first error\"}," DRY_RUN "},\"required\":[\"cmd\"]}",
     false, true},
    {"last_calls", "Show the last calls",
     "The last calls this server received, with what was asked, what was left out of it as "
     "unknown, and what "
     "was answered. For administrators, where the server keeps them (--control).",
     "{\"type\":\"object\",\"properties\":{\"method\":{\"type\":\"string\",\"description\":\"Of "
     "this method "
     "alone\"}}}",
     true, false},
    {"deliveries", "Show deliveries of events",
     "Events that wait for their handlers or were given up: address, event, attempts, the last "
     "trouble. For "
     "administrators.",
     "{\"type\":\"object\",\"properties\":{}}", true, false},
    {"control", "Control the server under test",
     "Faults, the clock, and resets, where the server runs with --control: action faults (without "
     "params: those there "
     "are; with method and error: one more), faults/clear, clock, clock/freeze (at), clock/move "
     "(by), clock/resume, "
     "calls/clear, reset (to: demo or empty). For administrators.",
     "{\"type\":\"object\",\"properties\":{\"action\":{\"type\":\"string\",\"enum\":[\"faults\","
     "\"faults/clear\",\"clock\",\"clock/freeze\",\"clock/move\",\"clock/resume\",\"calls/"
     "clear\",\"reset\"]},"
     "\"params\":{\"type\":\"object\"}},\"required\":[\"action\"]}",
     false, true},
};
#define TOOLS (sizeof tools / sizeof tools[0])

void mcp_tools_write(struct writer *out)
{
    writer_begin_list(out);
    for (size_t i = 0; i < TOOLS; i++) {
        writer_begin_object(out);
        writer_text(out, "name", tools[i].name);
        writer_text(out, "title", tools[i].title);
        writer_text(out, "description", tools[i].about);
        writer_keyz(out, "inputSchema");
        writer_raw(out, tools[i].schema, strlen(tools[i].schema));
        writer_keyz(out, "annotations");
        writer_begin_object(out);
        writer_keyz(out, "readOnlyHint");
        writer_bool(out, tools[i].reads);
        writer_keyz(out, "destructiveHint");
        writer_bool(out, tools[i].destroys);
        writer_keyz(out, "openWorldHint");
        writer_bool(out, false);
        writer_end_object(out);
        writer_end_object(out);
    }
    writer_end_list(out);
}

static const char *text_of(struct call *call, const struct value *args, const char *name)
{
    size_t len;
    const struct value *value = value_get(args, name);
    const char *text = value ? value_to_text(&call->arena, value, &len) : NULL;
    return text ? text : "";
}

static void fail(struct writer *out, const char *code, const char *text)
{
    writer_begin_object(out);
    writer_text(out, "error", code);
    writer_text(out, "error_description", text);
    writer_end_object(out);
}

/* ---- methods ---- */

static void write_method(struct writer *out, const struct method *method)
{
    writer_begin_object(out);
    writer_text(out, "method", method->name);
    writer_text(out, "summary", method->summary);
    writer_text(out, "scope", method->scope ? method->scope : "");
    writer_keyz(out, "writes");
    writer_bool(out, method->lane == LANE_WRITE);
    writer_end_object(out);
}

/* What is looked for: words as a sentence has them ("Add a to-do to the deals"), without those that say nothing here. */
struct words {
    char list[WORDS_MOST][WORD_SIZE];
    int count;
};

/* As methods are named: "to-do" is "todo", "deals" deal, and who creates adds. */
static void read_word(struct words *words, const char *text, size_t len)
{
    static const char *const silent[] = {"the", "and", "for", "with", "from", "into", "all",
                                         "new", "how", "its", "our",  "this", "that"};
    static const char *const same[][2] = {
        {"create", "add"},  {"make", "add"},      {"change", "update"},
        {"edit", "update"}, {"modify", "update"}, {"remove", "delete"},
        {"find", "list"},   {"search", "list"},   {"client", "contact"}};
    char *word = words->list[words->count];
    size_t size = 0;
    for (size_t i = 0; i < len && size < WORD_SIZE - 1; i++) {
        if (text[i] != '-')
            word[size++] = text[i];
    }
    word[size] = '\0';
    if (size > 5 && !strcasecmp(word + size - 3, "ies"))
        size -= 3; /* company, companies */
    else if (size > 4 && !strcasecmp(word + size - 1, "s") &&
             strcasecmp(word + size - 2, "ss") != 0)
        size--;
    word[size] = '\0';
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        if (!strcasecmp(word, silent[i]))
            return;
    }
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        if (!strcasecmp(word, same[i][0]))
            snprintf(word, WORD_SIZE, "%s", same[i][1]);
    }
    words->count += size > 2;
}

static void read_words(struct words *words, const char *query)
{
    words->count = 0;
    for (const char *at = query + strspn(query, WORD_ENDS); *at && words->count < WORDS_MOST;) {
        size_t len = strcspn(at, WORD_ENDS);
        read_word(words, at, len);
        at += len;
        at += strspn(at, WORD_ENDS);
    }
}

/* How many of the words stand in its name or summary. Of as many, how many letters of the name are its own decides the order. */
static int count_words(const struct method *method, const struct words *words, int *rank)
{
    int found = 0;
    *rank = (int)strlen(method->name);
    for (int i = 0; i < words->count; i++) {
        bool named = strcasestr(method->name, words->list[i]);
        found += named || strcasestr(method->summary, words->list[i]);
        *rank -= named ? 10 : 0;
    }
    return found;
}

struct hit {
    const struct method *method;
    int found, rank;
};

static int by_rank(const void *a, const void *b)
{
    const struct hit *one = a, *other = b;
    return one->rank != other->rank ? one->rank - other->rank
                                    : strcmp(one->method->name, other->method->name);
}

static void find_methods(struct call *call, const struct value *args, struct writer *out)
{
    struct words words;
    struct hit *hits = arena_alloc(&call->arena, (method_count() + 1) * sizeof *hits);
    size_t count = 0;
    int best = 0;
    read_words(&words, text_of(call, args, "query"));
    for (size_t i = 0; i < method_count(); i++) {
        struct hit hit = {.method = method_at(i)};
        hit.found = count_words(hit.method, &words, &hit.rank);
        if (hit.found < best || (!hit.found && words.count))
            continue;
        if (hit.found > best)
            count = 0;
        best = hit.found;
        hits[count++] = hit;
    }
    qsort(hits, count, sizeof *hits, by_rank);
    writer_begin_object(out);
    writer_number(out, "found", (int64_t)count);
    if (best < words.count) /* none has all of them */
        writer_number(out, "words_not_found", words.count - best);
    writer_keyz(out, "methods");
    writer_begin_list(out);
    for (size_t i = 0; i < count && i < FOUND_MOST; i++)
        write_method(out, hits[i].method);
    writer_end_list(out);
    writer_end_object(out);
}

static void write_errors(struct writer *out, const struct method *method)
{
    writer_keyz(out, "errors");
    writer_begin_list(out);
    for (size_t i = 0; i < known_text_count; i++) {
        if (strcmp(known_texts[i].method, method->name) != 0)
            continue;
        writer_begin_object(out);
        writer_number(out, "status", known_texts[i].status);
        writer_text(out, "code", known_texts[i].code);
        writer_text(out, "text", known_texts[i].text);
        writer_end_object(out);
    }
    writer_end_list(out);
}

static bool describe_method(struct call *call, const struct value *args, struct writer *out)
{
    const char *name = text_of(call, args, "method");
    const struct method *method = method_find(name, strlen(name));
    if (!method) {
        bool known = known_find(name, strlen(name));
        fail(out, "ERROR_METHOD_NOT_FOUND",
             known ? "The protocol has this method, this server has it not yet."
                   : "There is no such method. find_methods finds some.");
        return false;
    }
    writer_begin_object(out);
    writer_text(out, "method", method->name);
    writer_text(out, "summary", method->summary);
    writer_text(out, "scope", method->scope ? method->scope : "");
    writer_keyz(out, "writes");
    writer_bool(out, method->lane == LANE_WRITE);
    writer_text(out, "page", method->page ? method->page : "");
    writer_keyz(out, "params");
    schema_params(out, method);
    writer_keyz(out, "result");
    schema_result(out, method);
    write_errors(out, method);
    writer_end_object(out);
    return true;
}

/* ---- the portal ---- */

static void write_custom(struct writer *out, const struct entity *entity)
{
    writer_keyz(out, "customFields");
    writer_begin_list(out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct user_field *custom = entity->fields[i].custom;
        if (!custom)
            continue;
        writer_begin_object(out);
        writer_text(out, "name", entity->fields[i].name);
        writer_text(out, "type", custom->type_id);
        writer_text(out, "label", custom->label[USER_LABEL_FORM]);
        writer_keyz(out, "multiple");
        writer_bool(out, custom->multiple);
        writer_end_object(out);
    }
    writer_end_list(out);
}

static void write_types(struct request *req, struct writer *out)
{
    writer_keyz(out, "types");
    writer_begin_list(out);
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (!(*e)->names || !(*e)->type_id || !access_any(req->caller, (*e)->type_id, ACCESS_READ))
            continue;
        writer_begin_object(out);
        writer_number(out, "entityTypeId", (*e)->type_id);
        writer_text(out, "code", (*e)->code);
        writer_text(out, "title", (*e)->title);
        write_custom(out, *e);
        writer_end_object(out);
    }
    writer_end_list(out);
}

/* Rows of texts, at most `most`; `sql` gives one more if there are more, and then KEYMore says so. `keys` ends with NULL. */
static enum api_rc write_rows(struct request *req, struct writer *out, const char *key,
                              const char *sql, size_t most, const char *const *keys)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    enum db_rc rc;
    size_t count = 0;
    db_bind_int(stmt, 1, (int64_t)most + 1);
    writer_keyz(out, key);
    writer_begin_list(out);
    while ((rc = db_step(stmt)) == DB_ROW && count++ < most) {
        writer_begin_object(out);
        for (int i = 0; keys[i]; i++) {
            size_t len;
            const char *text = db_text(stmt, i, &len);
            writer_keyz(out, keys[i]);
            writer_string(out, text ? text : "", text ? len : 0);
        }
        writer_end_object(out);
    }
    writer_end_list(out);
    db_finish(stmt);
    if (rc == DB_ROW) {
        writer_keyz(out, arena_printf(req->arena, "%sMore", key));
        writer_bool(out, true);
    }
    return api_db(req, rc);
}

/* A tool that asks who calls, as a method of this scope would. */
static enum api_rc admit(struct call *call, const char *scope, bool admin)
{
    enum api_rc rc = admit_as_method(call, scope);
    if (rc == API_OK &&
        (admin ? !admit_is_administrator(call) : !access_some(&call->caller, ACCESS_READ)))
        rc = api_fail(&call->req, API_ERR_ACCESS_DENIED,
                      admin ? "The credential of an administrator is needed." : NULL);
    return rc;
}

/* What such a tool came to; a refusal is its text. */
static bool settle(struct call *call, struct writer *out, enum api_rc rc)
{
    struct request *req = &call->req;
    if (rc != API_OK) {
        if (rc == API_STORE)
            api_fail(req, API_ERR_INTERNAL, NULL);
        out->buf->len = 0;
        writer_init(out, out->buf);
        error_write(out, &req->error);
    }
    req->error = (struct api_error){0};
    return rc == API_OK;
}

static enum api_rc write_directories(struct request *req, struct writer *out)
{
    static const char *const keys[] = {"directory", "code", "name", "semantics", NULL};
    return write_rows(req, out, "directories",
                      "SELECT entity_id, status_id, name, coalesce(semantics, '') FROM crm_status "
                      "ORDER BY entity_id, sort, id LIMIT $1",
                      DIRECTORY_MOST, keys);
}

static enum api_rc write_users(struct request *req, struct writer *out)
{
    static const char *const keys[] = {"id", "name", "lastName", NULL};
    if (!scope_allows(req->caller->scopes, "user|user_basic|user_brief"))
        return API_OK;
    return write_rows(req, out, "users",
                      "SELECT id, coalesce(name, ''), coalesce(last_name, '') FROM member WHERE "
                      "active = 'Y' ORDER BY id LIMIT $1",
                      USERS_MOST, keys);
}

static bool describe_portal(struct call *call, struct writer *out)
{
    enum api_rc rc = admit(call, "crm", false);
    if (rc == API_OK) {
        writer_begin_object(out);
        write_types(&call->req, out);
        rc = write_directories(&call->req, out);
    }
    if (rc == API_OK)
        rc = write_users(&call->req, out);
    if (rc == API_OK)
        writer_end_object(out);
    return settle(call, out, rc);
}

/* ---- what was asked lately ---- */

static bool last_calls(struct call *call, const struct value *args, struct writer *out)
{
    struct call_log *log = call->req.portal->calls;
    enum api_rc rc = admit(call, "crm", true);
    if (rc == API_OK && !log)
        rc = api_fail(&call->req, API_ERR_NOT_FOUND,
                      "This server keeps no calls: start it with --control.");
    if (rc == API_OK) {
        writer_begin_object(out);
        writer_keyz(out, "calls");
        call_log_write(log, out, 0, text_of(call, args, "method"), false, CALLS_MOST);
        writer_end_object(out);
    }
    return settle(call, out, rc);
}

/* ---- events on their way ---- */

static bool deliveries(struct call *call, struct writer *out)
{
    static const char *const keys[] = {"id",       "event",    "handler",   "data",
                                       "attempts", "gaveUpAt", "lastError", NULL};
    enum api_rc rc = admit(call, "crm", true);
    if (rc == API_OK) {
        writer_begin_object(out);
        rc = write_rows(
            &call->req, out, "deliveries",
            "SELECT o.id, o.event, t.handler, o.data, o.attempts, coalesce(o.gave_up, 0), "
            "o.last_error FROM event_outbox o JOIN event_target t ON t.id = o.target_id "
            "ORDER BY o.id DESC LIMIT $1",
            DELIVERIES_MOST, keys);
    }
    if (rc == API_OK)
        writer_end_object(out);
    return settle(call, out, rc);
}

static bool has_type(const struct value *value, const char *type)
{
    bool flag;
    int64_t number;
    size_t len;
    struct arena scratch;
    if (!strcmp(type, "object"))
        return value_is_array(value);
    if (!strcmp(type, "boolean"))
        return value_to_flag(value, &flag);
    if (!strcmp(type, "integer"))
        return value_to_int(value, &number);
    arena_init(&scratch);
    bool good = value_to_text(&scratch, value, &len) != NULL;
    arena_clear(&scratch);
    return good;
}

static const struct tool *find_tool(const char *name)
{
    for (size_t i = 0; i < TOOLS; i++) {
        if (!strcmp(tools[i].name, name))
            return &tools[i];
    }
    return NULL;
}

const char *mcp_tool_misused(struct call *call, const char *name, const struct value *args)
{
    const struct tool *tool = find_tool(name);
    if (!tool || value_is_empty(args))
        return NULL;
    const struct value *schema = json_parse_own(&call->arena, tool->schema, strlen(tool->schema));
    const struct value *known = value_get(schema, "properties");
    if (!value_is_array(args))
        return "The arguments are an object.";
    for (size_t i = 0; i < args->array.count; i++) {
        const struct value_item *item = &args->array.items[i];
        const struct value *property = value_get(known, item->key);
        size_t len;
        if (!property)
            return arena_printf(&call->arena, "%s has no argument %.60s; nothing was done.", name,
                                item->key);
        const char *type = value_to_text(&call->arena, value_get(property, "type"), &len);
        if (item->value->type != VALUE_NULL && !has_type(item->value, type))
            return arena_printf(&call->arena,
                                "The argument %.60s of %s is of type %s; nothing "
                                "was done.",
                                item->key, name, type);
    }
    return NULL;
}

bool mcp_tool(struct call *call, const char *name, const struct value *args, struct buf *text,
              bool *failed)
{
    struct writer out;
    bool good = true;
    writer_init(&out, text);
    if (!strcmp(name, "find_methods"))
        find_methods(call, args, &out);
    else if (!strcmp(name, "describe_method"))
        good = describe_method(call, args, &out);
    else if (!strcmp(name, "describe_portal"))
        good = describe_portal(call, &out);
    else if (!strcmp(name, "last_calls"))
        good = last_calls(call, args, &out);
    else if (!strcmp(name, "deliveries"))
        good = deliveries(call, &out);
    else
        return false;
    *failed = !good;
    return true;
}
