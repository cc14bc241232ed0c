/* Sends the same random lists and updates to a portal on SQLite and to one on PostgreSQL and wants the
 * same answers, byte for byte but for the times.
 *
 * usage: property_runner postgresql://... [seed [lists]]
 * Every field of every list is asked for by every operator with values of its kind and of none; then
 * pages are walked: `total` rows, each once. Prints what differs and "N passed, N failed"; the seed is in
 * the first line, and the same seed asks the same. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/demo.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "crm/activity.h"
#include "crm/owner.h"
#include "people/auth.h"
#include "random_value.h"
#include "rest/pipeline.h"
#include "user/user.h"

#define NOW 1768467600.0 /* 2026-01-15T12:00:00+03:00 */
#define TODAY 1768435200
#define UPDATES 600
#define LISTS 3000
#define SHOWN 20 /* failures that are printed whole */

static int passed, failed;
static int refused, empty; /* of those that passed */

static void die(const char *what, const char *why)
{
    fprintf(stderr, "property_runner: %s: %s\n", what, why);
    exit(1);
}

/* ---- two portals with the same rows ---- */

enum { SIDES = 2 };

static struct side {
    const char *name;
    struct portal *portal;
    struct db *db;
} sides[SIDES] = {{.name = "SQLite"}, {.name = "PostgreSQL"}};

/* The administrator, and a person who may see a part. */
static const struct {
    int user;
    const char *code;
} callers[] = {{1, "adminadminadmin1"}, {4, "limitedlimited05"}};

static const char roles[] =
    "DELETE FROM role_member;"
    "INSERT INTO role (name) VALUES ('Sales');"
    "INSERT INTO role_member (role_id, kind, member_id) VALUES (2, 'department', 2);"
    "INSERT INTO role_permission (role_id, entity_type_id, action, level) VALUES "
    "(2, 1, 'read', 2), (2, 2, 'read', 3), (2, 3, 'read', 1), (2, 4, 'read', 1)";

static void fill(const struct side *side)
{
    struct arena arena;
    struct caller caller = {.user_id = 1, .is_admin = true};
    struct buf unused = {0};
    struct writer out;
    int64_t id;
    arena_init(&arena);
    writer_init(&out, &unused);
    struct request req = {.arena = &arena,
                          .db = side->db,
                          .portal = side->portal,
                          .zone = side->portal->zone,
                          .caller = &caller,
                          .params = value_array(&arena),
                          .out = &out,
                          .now = NOW};
    if (db_begin_write(side->db) != DB_OK || demo_fill(&req, TODAY) != API_OK ||
        db_exec(side->db, roles) != DB_OK)
        die(side->name, db_message(side->db));
    for (size_t i = 0; i < sizeof callers / sizeof callers[0]; i++) {
        if (webhook_add(side->db, side->portal, callers[i].user, callers[i].code,
                        "crm,user,department", TODAY, &id) != DB_OK)
            die(side->name, db_message(side->db));
    }
    if (db_commit(side->db) != DB_OK)
        die(side->name, db_message(side->db));
    buf_clear(&unused);
    arena_clear(&arena);
}

static void open_side(struct side *side, const char *folder, const char *store)
{
    struct buf why = {0};
    struct portal_options options = {.data_dir = folder,
                                     .store = store,
                                     .time_zone = "+03:00",
                                     .create = true,
                                     .frozen_at = NOW};
    if (store) { /* a run begins with an empty database */
        struct db *admin = db_open(store, NULL, DB_WRITER, &why);
        if (!admin || db_exec(admin, "DROP SCHEMA IF EXISTS rapport CASCADE;"
                                     "DROP SCHEMA IF EXISTS portal_1 CASCADE") != DB_OK)
            die("dropping schemas", admin ? db_message(admin) : buf_text(&why));
        db_close(admin);
    }
    side->portal = portal_open(&options, &why);
    if (!side->portal)
        die(side->name, buf_text(&why));
    auth_open(side->portal);
    side->db = portal_connect(side->portal, DB_WRITER, &why);
    if (!side->db)
        die(side->name, buf_text(&why));
    buf_clear(&why);
    /* Addresses in answers are signed with it. */
    memset(&side->portal->key, 7, sizeof side->portal->key);
    fill(side);
}

/* ---- one call ---- */

struct answer {
    int status;
    char *text; /* without the times */
};

static struct answer ask(const struct side *side, size_t caller, const char *method,
                         const char *json)
{
    struct call call;
    struct answer answer;
    char path[256];
    call_init(&call);
    format_text(path, sizeof path, "/rest/%d/%s/%s", callers[caller].user, callers[caller].code,
                method);
    call.path = path;
    call.base_url = "http://test";
    call.body = json;
    call.body_len = strlen(json);
    call.content_type = "application/json";
    if (pipeline_prepare(&call, side->portal, side->db) != PIPELINE_ANSWER)
        do
            pipeline_execute(&call, side->db, 0);
        while (call.rc == API_OK && pipeline_more(&call));
    if (call.rc == API_STORE)
        printf("    %s: %s %s\n", side->name, db_state(side->db), db_message(side->db));
    pipeline_answer(&call);
    answer.status = call.status;
    answer.text = strdup(buf_text(&call.answer));
    char *time = strstr(answer.text, ",\"time\":{");
    for (char *later; time && (later = strstr(time + 1, ",\"time\":{"));)
        time = later;
    if (time)
        *time = '\0';
    call_clear(&call);
    return answer;
}

static void complain(const char *what, const char *method, const char *json,
                     const struct answer *answers)
{
    if (failed++ >= SHOWN)
        return;
    printf("FAILED %s: %s %s\n", what, method, json);
    for (size_t i = 0; i < SIDES; i++)
        printf("    %s: %d %.600s\n", sides[i].name, answers[i].status, answers[i].text);
}

/* Asks both. True when they agree; *kept is one answer then, for the caller to free. */
static bool agree(size_t caller, const char *method, const char *json, char **kept)
{
    struct answer answers[SIDES];
    for (size_t i = 0; i < SIDES; i++)
        answers[i] = ask(&sides[i], caller, method, json);
    const char *wrong = answers[0].status >= 500 || answers[1].status >= 500 ? "a server's error"
                        : strcmp(answers[0].text, answers[1].text) != 0      ? "they differ"
                                                                             : NULL;
    if (wrong)
        complain(wrong, method, json, answers);
    else
        passed++;
    refused += !wrong && answers[0].status != 200;
    empty += !wrong && !strncmp(answers[0].text, "{\"result\":[],", 13);
    *kept = wrong ? NULL : strdup(answers[0].text);
    for (size_t i = 0; i < SIDES; i++)
        free(answers[i].text);
    return !wrong;
}

/* ---- what is asked ---- */

/* A list by its names: of an entity's table, or written here where the table is the family's own. */
static const struct list {
    const char *method;
    const struct entity *entity;
    const char *const *names;
    bool flat; /* conditions stand beside the other parameters too */
} lists[] = {
    {"crm.lead.list", &lead_entity, NULL, false},
    {"crm.deal.list", &deal_entity, NULL, false},
    {"crm.contact.list", &contact_entity, NULL, false},
    {"crm.company.list", &company_entity, NULL, false},
    {"crm.activity.list", &activity_entity, NULL, false},
    {"crm.activity.list", &activity_entity, NULL, false},
    {"user.get", &user_entity, NULL, false},
    {"user.search", &user_entity, NULL, false},
    {"crm.status.list", NULL,
     (const char *const[]){"ID", "ENTITY_ID", "STATUS_ID", "NAME", "NAME_INIT", "SORT", "SYSTEM",
                           "CATEGORY_ID", "COLOR", "SEMANTICS", "EXTRA", NULL},
     false},
    {"department.get", NULL, (const char *const[]){"ID", "NAME", "SORT", "PARENT", "UF_HEAD", NULL},
     true},
};
enum { LIST_COUNT = sizeof lists / sizeof lists[0] };

static size_t name_count(const struct list *list)
{
    size_t count = 0;
    if (list->entity)
        return list->entity->field_count;
    while (list->names[count])
        count++;
    return count;
}

static const char *name_at(const struct list *list, size_t at)
{
    return list->entity ? list->entity->fields[at].name : list->names[at];
}

static const char *any_name(const struct list *list)
{
    static const char *const others[] = {"", "NOPE", "id", "*", "UF_CRM_1", "ID; DROP", "Ünï"};
    return random_one_in(25) ? others[random_below(sizeof others / sizeof others[0])]
                             : name_at(list, random_below(name_count(list)));
}

/* ---- values that are there ---- */

static struct arena stored_arena;
static const struct value *stored[LIST_COUNT]; /* rows of each list */

static const struct value *parsed(struct arena *arena, const char *answer)
{
    struct buf whole = {0};
    buf_printf(&whole, "%s}", answer);
    char *copy = arena_strndup(arena, whole.data, whole.len);
    const struct value *tree = json_parse_own(arena, copy, whole.len);
    buf_clear(&whole);
    return tree;
}

static void read_stored(void)
{
    arena_init(&stored_arena);
    for (size_t i = 0; i < LIST_COUNT; i++) {
        char *answer;
        if (!agree(0, lists[i].method, "{\"select\":[\"*\",\"PHONE\",\"EMAIL\",\"CONTACT_IDS\"]}",
                   &answer))
            die(lists[i].method, "the rows differ before any question");
        stored[i] = value_get(parsed(&stored_arena, answer), "result");
        free(answer);
    }
}

static bool in_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* A value that some row has there, or a piece of it; false when that row has none. */
static bool add_stored(struct writer *w, const struct list *list, const char *name)
{
    const struct value *rows = stored[list - lists];
    const struct value *value =
        value_get(rows->array.items[random_below(rows->array.count)].value, name);
    if (!value || value->type == VALUE_ARRAY)
        return false;
    if (value->type != VALUE_STRING || !value->string.len || random_one_in(2)) {
        writer_value(w, value);
        return true;
    }
    const char *text = value->string.text;
    size_t from = random_below(value->string.len),
           to = from + 1 + random_below(value->string.len - from);
    while (from && in_character(text[from]))
        from--;
    while (to < value->string.len && in_character(text[to]))
        to++;
    writer_string(w, text + from, to - from);
    return true;
}

static const struct field_type *kind_of(const struct list *list, const char *name)
{
    const struct field *field = list->entity ? entity_field(list->entity, name) : NULL;
    return field ? field->kind : random_type();
}

static void add_filter(struct writer *w, const struct list *list)
{
    static const char *const prefixes[] = {"",   "=",  "!",  "!=",  "<",   "<=", ">",  ">=", "%",
                                           "!%", "=%", "%=", "!=%", "!%=", "@",  "!@", "><", "~"};
    for (size_t i = random_below(4); i > 0; i--) {
        char key[128];
        const char *name = any_name(list);
        format_text(key, sizeof key, "%s%s",
                    prefixes[random_below(sizeof prefixes / sizeof prefixes[0])], name);
        writer_keyz(w, key);
        if (!random_one_in(2) || !add_stored(w, list, name))
            random_value(w, kind_of(list, name), 0);
    }
}

/* An activity that is bound to several comes once for each: not for a walk. */
static void add_bindings(struct writer *w)
{
    writer_keyz(w, "BINDINGS");
    writer_begin_list(w);
    for (size_t i = random_below(3) + 1; i > 0; i--) {
        writer_begin_object(w);
        if (!random_one_in(3))
            writer_number(w, "OWNER_TYPE_ID", (int64_t)random_below(6));
        writer_keyz(w, "OWNER_ID");
        random_one_in(5) ? random_number(w) : writer_int(w, (int64_t)random_below(60));
        writer_end_object(w);
    }
    writer_end_list(w);
}

static void add_order(struct writer *w, const struct list *list)
{
    static const char *const ways[] = {"ASC", "DESC", "asc", "desc", "", "up", "desc,nulls"};
    for (size_t i = random_below(3); i > 0; i--) {
        writer_keyz(w, any_name(list));
        writer_stringz(w, ways[random_below(sizeof ways / sizeof ways[0])]);
    }
}

static void add_select(struct writer *w, const struct list *list)
{
    writer_begin_list(w);
    for (size_t i = random_below(5); i > 0; i--)
        random_one_in(10) ? random_number(w) : writer_stringz(w, any_name(list));
    writer_end_list(w);
}

static void add_start(struct writer *w)
{
    static const char *const starts[] = {"0",
                                         "50",
                                         "-1",
                                         "1",
                                         "100",
                                         "-50",
                                         "9223372036854775807",
                                         "9223372036854775760",
                                         "\"9223372036854775808\"",
                                         "1e20",
                                         "\"1e3\"",
                                         "-9223372036854775807",
                                         "\"x\"",
                                         "null",
                                         "4611686018427387904",
                                         "[]",
                                         "0.5"};
    const char *start = starts[random_below(sizeof starts / sizeof starts[0])];
    writer_keyz(w, "start");
    writer_raw(w, start, strlen(start));
}

/* The parameters of a list; a walk along its pages brings its own start. */
static char *list_params(const struct list *list, bool walk)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    if (list->flat) {
        add_filter(&w, list);
        writer_keyz(&w, "sort");
        writer_stringz(&w, any_name(list));
    } else {
        writer_keyz(&w, "filter");
        writer_begin_object(&w);
        add_filter(&w, list);
        if (!walk && list->entity == &activity_entity && random_one_in(4))
            add_bindings(&w);
        writer_end_object(&w);
        if (random_one_in(2)) {
            writer_keyz(&w, "order");
            writer_begin_object(&w);
            add_order(&w, list);
            writer_end_object(&w);
        }
        writer_keyz(&w, "select");
        walk ? writer_raw(&w, "[\"ID\"]", 6) : add_select(&w, list);
    }
    if (!walk && random_one_in(2))
        add_start(&w);
    if (!walk)
        writer_end_object(&w);
    return buf_take(&json, NULL);
}

/* ---- the properties ---- */

static void random_lists(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct list *list = &lists[random_below(LIST_COUNT)];
        char *json = list_params(list, false), *answer;
        agree(random_one_in(3), list->method, json, &answer);
        free(json);
        free(answer);
    }
}

/* Counts the rows of a page and marks their ids; false when one was there before. */
static bool mark_rows(struct arena *arena, const struct value *rows, struct value *seen)
{
    for (size_t i = 0; i < rows->array.count; i++) {
        size_t len;
        const char *id = value_to_text(arena, value_get(rows->array.items[i].value, "ID"), &len);
        if (!id || value_get(seen, id))
            return false;
        value_set(arena, seen, id, len, value_bool(arena, true));
    }
    return true;
}

/* All pages of one list: together they have `total` rows, each once. */
static void walk(const struct list *list)
{
    struct arena arena;
    char *base = list_params(list, true), *answer = NULL;
    int64_t start = 0, total = 0;
    const char *wrong = NULL;
    size_t caller = random_one_in(2);
    arena_init(&arena);
    struct value *seen = value_array(&arena);
    for (bool more = true; more && !wrong;) {
        struct buf json = {0};
        buf_printf(&json, "%s,\"start\":%" PRId64 "}", base, start);
        bool same = agree(caller, list->method, buf_text(&json), &answer);
        buf_clear(&json);
        if (!same)
            break;
        if (!strncmp(answer, "{\"error\"", 8))
            break;
        const struct value *tree = parsed(&arena, answer);
        const struct value *next = value_get(tree, "next");
        if (!value_to_int(value_get(tree, "total"), &total) ||
            !mark_rows(&arena, value_get(tree, "result"), seen))
            wrong = "a row stands on two pages";
        more = next && value_to_int(next, &start);
        if (!more && !wrong && (int64_t)seen->array.count != total)
            wrong = "total is not the number of rows";
        if (!wrong && more) {
            free(answer);
            answer = NULL;
        }
    }
    if (wrong) {
        struct answer same[SIDES] = {{200, answer}, {200, answer}};
        complain(wrong, list->method, base, same);
    }
    free(answer);
    free(base);
    arena_clear(&arena);
}

/* {"filter":{KEY:text},"select":["ID"]}; the text with letters of another case, or as it is. */
static char *case_question(const char *key, const struct value *text, bool other)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_keyz(&w, "filter");
    writer_begin_object(&w);
    writer_keyz(&w, key);
    if (other)
        random_case(&w, text->string.text, text->string.len);
    else
        writer_value(&w, text);
    writer_end_object(&w);
    writer_keyz(&w, "select");
    writer_raw(&w, "[\"ID\"]", 6);
    writer_end_object(&w);
    return buf_take(&json, NULL);
}

/* A text that a row has is found by it in any case, and the same rows are. */
static void random_cases(size_t count)
{
    static const char *const prefixes[] = {"", "=", "!", "%", "!%", "@"};
    for (size_t i = 0; i < count;) {
        const struct list *list = &lists[random_below(LIST_COUNT)];
        const char *name = name_at(list, random_below(name_count(list))), *found[2];
        const struct value *rows = stored[list - lists], *text;
        const struct field *field = list->entity ? entity_field(list->entity, name) : NULL;
        text = value_get(rows->array.items[random_below(rows->array.count)].value, name);
        i++; /* of what has no such field */
        if (!field || !field_is_free_text(field) || !text || text->type != VALUE_STRING ||
            !text->string.len)
            continue;
        const char *prefix = prefixes[random_below(sizeof prefixes / sizeof prefixes[0])];
        char key[128];
        format_text(key, sizeof key, "%s%s", prefix, name);
        char *same = case_question(key, text, false), *other = case_question(key, text, true);
        char *answers[2];
        bool agreed = agree(0, list->method, same, &answers[0]);
        agreed = agree(0, list->method, other, &answers[1]) && agreed;
        for (size_t n = 0; n < 2; n++)
            found[n] = answers[n] ? strstr(answers[n], "\"result\":") : NULL;
        if (agreed && strcmp(found[0], found[1]) != 0)
            complain("the case of letters shows", list->method, other,
                     (struct answer[SIDES]){{200, answers[0]}, {200, answers[1]}});
        free(same);
        free(other);
        free(answers[0]);
        free(answers[1]);
    }
}

/* Values of every kind over the demo's rows, so that there is something to find; each answer is compared,
 * and what was refused on one side must be refused on the other. */
static void random_updates(size_t count)
{
    static const char *const methods[] = {"crm.lead.update", "crm.deal.update",
                                          "crm.contact.update", "crm.company.update",
                                          "crm.activity.update"};
    for (size_t i = 0; i < SIDES; i++) {
        if (db_begin_write(sides[i].db) != DB_OK)
            die(sides[i].name, db_message(sides[i].db));
    }
    for (size_t i = 0; i < count; i++) {
        const struct list *list = &lists[random_below(5)];
        const char *method = methods[list - lists];
        struct buf json = {0};
        struct writer w;
        char *answer;
        writer_init(&w, &json);
        writer_begin_object(&w);
        writer_number(&w, "id", (int64_t)random_below(60) + 1);
        writer_keyz(&w, "fields");
        writer_begin_object(&w);
        for (size_t n = 1 + random_below(2); n > 0; n--) {
            const struct field *field =
                &list->entity->fields[random_below(list->entity->field_count)];
            if (field->kind == FIELD_VIRTUAL && strcmp(field->type, "crm_multifield") != 0)
                continue;
            writer_keyz(&w, field->name);
            random_one_in(4) ? random_value(&w, field->kind, 0) : random_scalar(&w, field->kind);
        }
        writer_end_object(&w);
        writer_end_object(&w);
        agree(0, method, buf_text(&json), &answer);
        free(answer);
        buf_clear(&json);
    }
    for (size_t i = 0; i < SIDES; i++) {
        if (db_commit(sides[i].db) != DB_OK)
            die(sides[i].name, db_message(sides[i].db));
    }
}

static void remove_folder(const char *folder)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", folder);
}

int main(int argc, char **argv)
{
    char folders[SIDES][40] = {"/tmp/rapport-property-XXXXXX", "/tmp/rapport-property-XXXXXX"};
    if (argc < 2 || !db_is_postgres(argv[1]) || !mkdtemp(folders[0]) || !mkdtemp(folders[1]))
        die("usage", "property_runner postgresql://... [seed [lists]]");
    random_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 8;
    size_t count = argc > 3 ? strtoul(argv[3], NULL, 10) : LISTS;
    printf("seed %" PRIu64 "\n", random_seed);
    log_set_level(LOG_OFF);
    secret_init();
    method_registry_init();
    open_side(&sides[0], folders[0], NULL);
    open_side(&sides[1], folders[1], argv[1]);
    random_updates(UPDATES);
    read_stored();
    random_lists(count);
    random_cases(count * 2);
    for (size_t i = 0; i < count / 20; i++)
        walk(&lists[random_below(LIST_COUNT)]);
    for (size_t i = 0; i < SIDES; i++) {
        db_close(sides[i].db);
        portal_close(sides[i].portal);
        remove_folder(folders[i]);
    }
    arena_clear(&stored_arena);
    printf("%d refused, %d empty\n", refused, empty);
    printf("%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
