/* Every field of every entity in a filter. */
#include "support.h"

#include "crm/activity.h"
#include "crm/owner.h"
#include "crm/status.h"
#include "model/query.h"
#include "user/user.h"

/* A known field is a condition or a refusal, whatever operator and value: one that is left out finds
 * everything. */
static void no_field_is_left_out(void **state)
{
    (void)state;
    static const char *const prefixes[] = {
        "", "=", "@", "!", "!=", "!@", "<", "<=", ">", ">=", "%", "!%", "=%", "%=", "!=%", "!%="};
    static const char *const values[] = {
        "1",   "0",   "\"x\"", "\"\"",  "\"Y\"",        "\"2026-01-15\"",
        "[1]", "[]",  "null",  "false", "[\"\",\"x\"]", "{\"OWNER_TYPE_ID\":1}",
        "1.5", "true"};
    const struct entity *const entities[] = {&lead_entity,    &deal_entity,     &contact_entity,
                                             &company_entity, &activity_entity, &status_entity,
                                             &user_entity};
    const struct caller caller = {.user_id = 1, .is_admin = true};
    struct folder folder = folder_make();
    struct db *db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    struct zone *zone = zone_load("+03:00");
    struct arena arena;
    struct request req;
    struct query query;
    int conditions = 0, refusals = 0;
    arena_init(&arena);
    for (size_t e = 0; e < sizeof entities / sizeof *entities; e++) {
        for (size_t at = 0; at < entities[e]->field_count * 16 * 14; at++) {
            const char *name = entities[e]->fields[at / (16 * 14)].name;
            if (entities[e]->fields[at / (16 * 14)].flags & FIELD_ITEM_ONLY)
                continue;
            const char *key = arena_printf(&arena, "%s%s", prefixes[at / 14 % 16], name);
            struct value *given = value_array(&arena);
            value_set(&arena, given, key, strlen(key), json_value(&arena, values[at % 14]));
            req = (struct request){.arena = &arena, .db = db, .zone = zone, .caller = &caller};
            query_init(&query, &req, entities[e]);
            bool condition = query_filter(&query, given) == API_OK;
            if (condition && !query.where.len)
                fail_msg("%s: %s %s is left out", entities[e]->name, key, values[at % 14]);
            *(condition ? &conditions : &refusals) += 1;
            query_clear(&query);
        }
    }
    db_close(db);
    folder_remove(&folder);
    zone_free(zone);
    arena_clear(&arena);
    assert_true(conditions > 20000 && refusals > 5000);
}

/* What would be a condition elsewhere in the protocol. */
static void what_cannot_be_kept_is_named(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"><ID\":[1,2]}", "Filter by ID: there is no such operator"},
        {"{\"?TITLE\":\"x\"}", "Filter by TITLE: there is no such operator"},
        {"{\"==ID\":2}", "Filter by ID: there is no such operator"},
        {"{\" ID\":2}", "Filter by ID: there is no such operator"},
        {"{\"LOGIC\":\"OR\",\"0\":{\"!TITLE\":\"x\"}}",
         "Filter by 0: conditions cannot be grouped here"},
        {"[{\"NOTHING\":[{\"?UF_NO\":1}]}]", "Filter by 0: conditions cannot be grouped here"},
        {"{\"PHOTO\":1}", "Filter by PHOTO: this field cannot be filtered by"},
        {"{\"!%PHOTO\":\"x\"}", "Filter by PHOTO: this field cannot be filtered by"},
    };
    struct arena arena;
    struct query query;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request req = {.arena = &arena};
        query_init(&query, &req, strstr(cases[i][0], "TITLE") ? &deal_entity : &contact_entity);
        assert_int_equal(query_filter(&query, json_value(&arena, cases[i][0])), API_FAIL);
        assert_int_equal(req.error.code, API_ERR_INVALID_ARG_VALUE);
        assert_string_equal(req.error.text, cases[i][1]);
        query_clear(&query);
    }
    arena_clear(&arena);
}

/* ---- keys ---- */

static void every_prefix_has_its_operator(void **state)
{
    (void)state;
    static const struct {
        const char *prefix;
        enum filter_op op;
    } prefixes[] = {{"", OP_EQ},
                    {"=", OP_EQ},
                    {"@", OP_EQ},
                    {"!", OP_NE},
                    {"!=", OP_NE},
                    {"!@", OP_NE},
                    {"<", OP_LT},
                    {"<=", OP_LE},
                    {">", OP_GT},
                    {">=", OP_GE},
                    {"%", OP_LIKE},
                    {"!%", OP_NOT_LIKE},
                    {"=%", OP_LIKE_PATTERN},
                    {"%=", OP_LIKE_PATTERN},
                    {"!=%", OP_NOT_LIKE_PATTERN},
                    {"!%=", OP_NOT_LIKE_PATTERN}};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        char key[32];
        const char *name;
        snprintf(key, sizeof key, "%sTITLE", prefixes[i].prefix);
        assert_int_equal(filter_key(key, &name), prefixes[i].op);
        assert_string_equal(name, "TITLE");
        assert_int_equal(filter_key(prefixes[i].prefix, &name), prefixes[i].op);
        assert_string_equal(name, "");
    }
    const char *name;
    filter_key(">>ID", &name);
    assert_string_equal(name, ">ID");
    filter_key(" =ID", &name);
    assert_string_equal(name, " =ID");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix_has_its_operator),
        cmocka_unit_test(no_field_is_left_out),
        cmocka_unit_test(what_cannot_be_kept_is_named),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
