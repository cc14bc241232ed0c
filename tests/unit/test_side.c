/* Custom fields of a portal, from their column to the answers: what a row has, keeps, shows and is found by. */
#include "pipeline_support.h"

#include "model/catalog.h"
#include "model/registry.h"
#include "model/side.h"
#include "model/side_keeper.h"
#include "model/user_field.h"

static struct arena arena;

/* As the methods that make fields do it. */
static int64_t field_make(const char *entity, const char *name, const char *type, bool multiple,
                          const char *more)
{
    struct request req = {.arena = &arena, .db = db, .portal = portal};
    store_must(db, db_begin_write(db));
    assert_int_equal(catalog_pin_change(&req), API_OK);
    char sql[1024];
    snprintf(sql, sizeof sql,
             "INSERT INTO user_field (entity_id, field_name, user_type_id, sort, multiple, "
             "mandatory, show_filter, show_in_list, edit_in_list, is_searchable, settings, labels, "
             "created) VALUES ('%s', '%s', '%s', 100, '%s', '%s', '%s', 'Y', 'Y', 'N', '{}', '{}', "
             "1)",
             entity, name, type, multiple ? "Y" : "N", strchr(more, 'M') ? "Y" : "N",
             strchr(more, 'F') ? "E" : "N");
    store_exec(db, sql);
    int64_t id = store_number(db, "SELECT max(id) FROM user_field");
    enum api_rc rc = side_field_added(&req, id);
    if (rc != API_OK)
        fail_msg("%s: %s", req.error.text ? req.error.text : "-", db_message(db));
    store_must(db, db_commit(db));
    catalog_kept(portal, db);
    return id;
}

static void field_remove(int64_t id)
{
    struct request req = {.arena = &arena, .db = db, .portal = portal};
    char sql[128];
    store_must(db, db_begin_write(db));
    assert_int_equal(catalog_pin_change(&req), API_OK);
    snprintf(sql, sizeof sql, "UPDATE user_field SET removed = 1 WHERE id = %lld", (long long)id);
    store_exec(db, sql);
    assert_int_equal(side_field_removed(&req, id), API_OK);
    store_must(db, db_commit(db));
    catalog_kept(portal, db);
}

static void expect(const char *method, const char *query, const char *part)
{
    ask(method, query);
    expect_answer(part);
}

static void lacks(const char *part)
{
    if (strstr(buf_text(&call.answer), part))
        fail_msg("%s in %s", part, buf_text(&call.answer));
}

static int setup(void **state)
{
    arena_init(&arena);
    return pipeline_setup(state);
}

static int teardown(void **state)
{
    int rc = pipeline_teardown(state);
    arena_clear(&arena);
    return rc;
}

/* ---- */

static void a_row_has_them(void **state)
{
    (void)state;
    field_make("CRM_DEAL", "UF_CRM_ORDER", "string", false, "F");
    field_make("CRM_DEAL", "UF_CRM_COUNT", "integer", false, "");
    field_make("CRM_DEAL", "UF_CRM_TAGS", "string", true, "");
    expect(
        "crm.deal.add",
        "fields[TITLE]=one&fields[UF_CRM_ORDER]=A-1&fields[UF_CRM_COUNT]=7&fields[UF_CRM_TAGS][]="
        "red&fields[UF_CRM_TAGS][]=blue",
        "{\"result\":1,");
    expect("crm.deal.add", "fields[TITLE]=two", "{\"result\":2,");
    assert_int_equal(store_number(db, "SELECT count(*) FROM deal_uf"),
                     1); /* the other costs nothing */
    expect("crm.deal.get", "id=1",
           "\"UF_CRM_ORDER\":\"A-1\",\"UF_CRM_COUNT\":\"7\",\"UF_CRM_TAGS\":["
           "\"red\",\"blue\"]}");
    expect("crm.deal.get", "id=2",
           "\"UF_CRM_ORDER\":\"\",\"UF_CRM_COUNT\":null,\"UF_CRM_TAGS\":[]}");
    ask("crm.deal.list", "");
    lacks("UF_CRM");
    expect("crm.deal.list", "select[]=UF_*",
           "{\"result\":[{\"ID\":\"1\",\"UF_CRM_ORDER\":\"A-1\",\"UF_CRM_COUNT\":\"7\",\"UF_CRM_"
           "TAGS\":"
           "[\"red\",\"blue\"]},{\"ID\":\"2\",\"UF_CRM_ORDER\":\"\",\"UF_CRM_COUNT\":null,\"UF_CRM_"
           "TAGS\":[]}]");
    expect("crm.deal.list", "select[]=TITLE&select[]=UF_CRM_COUNT",
           "{\"result\":[{\"TITLE\":\"one\",\"UF_CRM_COUNT\":\"7\"},{\"TITLE\":\"two\",\"UF_CRM_"
           "COUNT\":"
           "null}]");
}

static void a_change_writes_what_differs(void **state)
{
    (void)state;
    field_make("CRM_DEAL", "UF_CRM_ORDER", "string", false, "F");
    field_make("CRM_DEAL", "UF_CRM_TAGS", "integer", true, "");
    ask("crm.deal.add", "fields[TITLE]=one");
    expect("crm.deal.update", "id=1&fields[UF_CRM_ORDER]=B&fields[UF_CRM_TAGS][]=3",
           "{\"result\":true,");
    expect("crm.deal.get", "id=1", "\"UF_CRM_ORDER\":\"B\",\"UF_CRM_TAGS\":[\"3\"]}");
    expect("crm.deal.update", "id=1&fields[UF_CRM_TAGS][]=4&fields[UF_CRM_TAGS][]=5", "true");
    expect("crm.deal.get", "id=1", "\"UF_CRM_ORDER\":\"B\",\"UF_CRM_TAGS\":[\"4\",\"5\"]}");
    assert_int_equal(store_number(db, "SELECT sum(number) FROM uf_list"), 9);
    expect("crm.deal.update", "id=1&fields[UF_CRM_ORDER]=&fields[UF_CRM_TAGS]=", "true");
    expect("crm.deal.get", "id=1", "\"UF_CRM_ORDER\":\"\",\"UF_CRM_TAGS\":[]}");
    ask("crm.deal.delete", "id=1");
    assert_int_equal(store_number(db, "SELECT count(*) FROM deal_uf"), 0);
    assert_int_equal(store_number(db, "SELECT count(*) FROM uf_list"), 0);
}

#define IDS(filter) "select[]=ID&filter" filter

static void a_row_is_found_by_them(void **state)
{
    (void)state;
    field_make("CRM_DEAL", "UF_CRM_ORDER", "string", false, "F");
    field_make("CRM_DEAL", "UF_CRM_COUNT", "integer", false, "F");
    field_make("CRM_DEAL", "UF_CRM_TAGS", "string", true, "");
    ask("crm.deal.add",
        "fields[UF_CRM_ORDER]=Alpha&fields[UF_CRM_COUNT]=1&fields[UF_CRM_TAGS][]=red");
    ask("crm.deal.add",
        "fields[UF_CRM_ORDER]=beta&fields[UF_CRM_COUNT]=3&fields[UF_CRM_TAGS][]=Red&"
        "fields[UF_CRM_TAGS][]=blue");
    ask("crm.deal.add", "fields[TITLE]=none");
    static const struct {
        const char *query, *answer;
    } lists[] = {
        {IDS("[UF_CRM_ORDER]=alpha"), "[{\"ID\":\"1\"}]"},
        {IDS("[!UF_CRM_ORDER]=alpha"), "[{\"ID\":\"2\"},{\"ID\":\"3\"}]"},
        {IDS("[UF_CRM_ORDER]="), "[{\"ID\":\"3\"}]"},
        {IDS("[!UF_CRM_ORDER]="), "[{\"ID\":\"1\"},{\"ID\":\"2\"}]"},
        {IDS("[%UF_CRM_ORDER]=ET"), "[{\"ID\":\"2\"}]"},
        {IDS("[>UF_CRM_COUNT]=1"), "[{\"ID\":\"2\"}]"},
        {IDS("[@UF_CRM_COUNT][]=1&filter[@UF_CRM_COUNT][]=3"), "[{\"ID\":\"1\"},{\"ID\":\"2\"}]"},
        {IDS("[UF_CRM_TAGS]=red"), "[{\"ID\":\"1\"},{\"ID\":\"2\"}]"},
        {IDS("[!UF_CRM_TAGS]=blue"), "[{\"ID\":\"1\"},{\"ID\":\"3\"}]"},
        {IDS("[UF_CRM_TAGS]="), "[{\"ID\":\"3\"}]"},
        {IDS("[%UF_CRM_TAGS]=LU"), "[{\"ID\":\"2\"}]"},
        {IDS("[UF_CRM_TAGS]=red&filter[>UF_CRM_COUNT]=1"), "[{\"ID\":\"2\"}]"},
        {"select[]=ID&order[UF_CRM_ORDER]=desc", "[{\"ID\":\"2\"},{\"ID\":\"1\"},{\"ID\":\"3\"}]"},
        {"select[]=ID&order[UF_CRM_COUNT]=asc", "[{\"ID\":\"3\"},{\"ID\":\"1\"},{\"ID\":\"2\"}]"},
        {"select[]=UF_CRM_COUNT&order[UF_CRM_COUNT]=desc&start=1",
         "[{\"UF_CRM_COUNT\":\"1\"},{\"UF_"
         "CRM_COUNT\":null}]"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        ask("crm.deal.list", lists[i].query);
        if (!strstr(buf_text(&call.answer), lists[i].answer))
            fail_msg("%s: %s", lists[i].query, buf_text(&call.answer));
    }
}

static void what_must_be_filled_in(void **state)
{
    (void)state;
    field_make("CRM_DEAL", "UF_CRM_MUST", "string", false, "M");
    expect("crm.deal.add", "fields[TITLE]=x", "The field UF_CRM_MUST is required.");
    expect("crm.deal.add", "fields[UF_CRM_MUST]=x", "{\"result\":1,");
    expect("crm.deal.update", "id=1&fields[TITLE]=y", "true");
    expect("crm.deal.update", "id=1&fields[UF_CRM_MUST]=", "The field UF_CRM_MUST is required.");
}

/* A removed field's values stay where they are, and nobody gets its column. */
static void a_removed_field(void **state)
{
    (void)state;
    int64_t first = field_make("CRM_DEAL", "UF_CRM_A", "string", false, "");
    ask("crm.deal.add", "fields[UF_CRM_A]=x");
    field_remove(first);
    ask("crm.deal.get", "id=1");
    lacks("UF_CRM_A");
    int64_t second = field_make("CRM_DEAL", "UF_CRM_A", "integer", false, "");
    assert_true(second > first);
    expect("crm.deal.get", "id=1", "\"UF_CRM_A\":null");
    assert_int_equal(store_number(db, "SELECT count(*) FROM deal_uf WHERE f1 = 'x'"), 1);
    expect("crm.deal.update", "id=1&fields[UF_CRM_A]=5", "true");
    expect("crm.deal.get", "id=1", "\"UF_CRM_A\":\"5\"");
}

/* Each connection has the catalog of what it sees; a change that was rolled back was never there. */
static void a_catalog_belongs_to_its_transaction(void **state)
{
    (void)state;
    struct request writer = {.arena = &arena, .db = db, .portal = portal};
    struct request reader = {
        .arena = &arena, .db = portal_store(portal, DB_READER), .portal = portal};
    const struct entity *deal = entity_of_code(NULL, "DEAL");
    store_must(reader.db, db_begin_read(reader.db));
    assert_int_equal(catalog_pin(&reader), API_OK);
    field_make("CRM_DEAL", "UF_CRM_A", "string", false, "");
    assert_int_equal(catalog_pin(&reader), API_OK); /* the same snapshot */
    assert_ptr_equal(catalog_entity(&reader, deal), deal);
    db_refresh(reader.db);
    assert_int_equal(catalog_pin(&reader), API_OK);
    assert_non_null(entity_field(catalog_entity(&reader, deal), "UF_CRM_A"));

    store_must(db, db_begin_write(db));
    assert_int_equal(catalog_pin_change(&writer), API_OK);
    int64_t version = catalog_version(&writer);
    store_exec(db, "UPDATE user_field SET removed = 1");
    assert_int_equal(catalog_changed(&writer), API_OK);
    assert_int_equal(catalog_pin(&writer), API_OK);
    assert_int_equal(catalog_version(&writer), version + 1);
    assert_ptr_equal(catalog_entity(&writer, deal), deal);
    store_must(db, db_rollback(db));
    store_must(db, db_begin_write(db));
    assert_int_equal(catalog_pin(&writer), API_OK);
    assert_non_null(entity_field(catalog_entity(&writer, deal), "UF_CRM_A"));
    store_must(db, db_rollback(db));
    db_refresh(reader.db);
    assert_int_equal(catalog_pin(&reader), API_OK);
    assert_int_equal(catalog_version(&reader), version);
    db_close(reader.db);
}

/* A day later nothing is left of a removed field but its number; a field that is there keeps all. */
static void the_sweep(void **state)
{
    (void)state;
    int64_t goes = field_make("CRM_DEAL", "UF_CRM_GOES", "string", false, "F");
    int64_t list = field_make("CRM_DEAL", "UF_CRM_LIST", "string", true, "");
    field_make("CRM_DEAL", "UF_CRM_STAYS", "string", false, "");
    for (int i = 0; i < 3; i++)
        ask("crm.deal.add", "fields[UF_CRM_GOES]=x&fields[UF_CRM_LIST][]=y&fields[UF_CRM_STAYS]=z");
    field_remove(goes);
    field_remove(list);
    side_sweep(portal, db, 86400);
    assert_int_equal(store_number(db, "SELECT count(f1) + count(f1_key) + count(f2) FROM deal_uf"),
                     9);
    side_sweep(portal, db, 86401);
    assert_int_equal(store_number(db, "SELECT count(f1) + count(f1_key) + count(f2) FROM deal_uf"),
                     0);
    assert_int_equal(store_number(db, "SELECT count(*) FROM uf_list"), 0);
    assert_int_equal(store_number(db, "SELECT count(*) FROM user_field WHERE emptied = 86401"), 2);
    assert_int_equal(
        store_number(db, "SELECT count(*) FROM sqlite_master WHERE name = 'deal_uf_f1'"), 0);
    expect("crm.deal.get", "id=3", "\"UF_CRM_STAYS\":\"z\"");
}

/* Who asks for values of a field without an index gets one made, where there are many rows. */
static void an_index_on_demand(void **state)
{
    (void)state;
    int64_t id = field_make("CRM_DEAL", "UF_CRM_KEY", "string", false, "");
    ask("crm.deal.list", "filter[UF_CRM_KEY]=x");
    assert_int_equal(atomic_load(&portal->index_wanted), id);
    side_make_index(portal, db, id);
    assert_int_equal(store_number(db, "SELECT count(indexed) FROM user_field"),
                     0); /* too few rows */
    store_exec(db, "INSERT INTO deal_uf (id) SELECT key + 1 FROM json_each('[' || "
                   "rtrim(replace(hex(zeroblob(5000)), '00', '1,'), ',') || ']')");
    side_make_index(portal, db, id);
    assert_int_equal(store_number(db, "SELECT count(indexed) FROM user_field"), 1);
    assert_int_equal(
        store_number(
            db, "SELECT count(*) FROM own_table WHERE line LIKE 'CREATE INDEX deal_uf_f1 ON %'"),
        1);
    atomic_store(&portal->index_wanted, 0);
    ask("crm.deal.list", "filter[UF_CRM_KEY]=x");
    assert_int_equal(atomic_load(&portal->index_wanted), 0);
}

/* Pages in the order of a field go over the border between the rows without a value and those with one. */
static void pages_in_their_order(void **state)
{
    (void)state;
    field_make("CRM_DEAL", "UF_CRM_N", "integer", false, "F");
    for (int i = 1; i <= 130; i++) {
        char query[64];
        snprintf(query, sizeof query, i % 2 ? "fields[TITLE]=%d" : "fields[UF_CRM_N]=%d", 1000 - i);
        ask("crm.deal.add", query);
    }
    static const struct {
        const char *query, *answer;
    } pages[] = {
        {"select[]=ID&order[UF_CRM_N]=asc", "{\"result\":[{\"ID\":\"1\"},{\"ID\":\"3\"},"},
        {"select[]=ID&order[UF_CRM_N]=asc&start=50",
         "{\"ID\":\"129\"},{\"ID\":\"130\"},{\"ID\":\"128\"}"},
        {"select[]=ID&order[UF_CRM_N]=asc&start=100",
         "{\"result\":[{\"ID\":\"60\"},{\"ID\":\"58\"},"},
        {"select[]=ID&order[UF_CRM_N]=desc&start=50",
         "{\"ID\":\"130\"},{\"ID\":\"1\"},{\"ID\":\"3\"}"},
        {"select[]=ID&order[UF_CRM_N]=desc&start=100",
         "{\"result\":[{\"ID\":\"71\"},{\"ID\":\"73\"},"},
        {"select[]=ID&order[UF_CRM_N]=desc&start=200", "{\"result\":[],\"total\":130"},
        {"select[]=ID&order[UF_CRM_N]=desc&filter[<ID]=5",
         "[{\"ID\":\"2\"},{\"ID\":\"4\"},{\"ID\":\"1\"},{\"ID\":\"3\"}]"},
    };
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        ask("crm.deal.list", pages[i].query);
        if (!strstr(buf_text(&call.answer), pages[i].answer))
            fail_msg("%s: %s", pages[i].query, buf_text(&call.answer));
    }
}

static void there_is_an_end_to_them(void **state)
{
    (void)state;
    struct request req = {.arena = &arena, .db = db, .portal = portal};
    field_make("CRM_DEAL", "UF_CRM_1", "integer", false, "");
    store_exec(db, "INSERT INTO user_field (entity_id, field_name, user_type_id, sort, multiple, "
                   "mandatory, show_filter, show_in_list, edit_in_list, is_searchable, settings, "
                   "labels, created) SELECT 'CRM_DEAL', 'UF_CRM_X' || key, 'integer', 1, 'N', "
                   "'N', 'N', 'Y', 'Y', 'N', '{}', '{}', 1 FROM json_each('[' || "
                   "rtrim(replace(hex(zeroblob(300)), '00', '1,'), ',') || ']')");
    assert_int_equal(side_field_added(&req, 301), API_FAIL);
    assert_string_equal(req.error.text,
                        "CRM_DEAL has 300 custom fields already, and no room for more");
    store_exec(db, "INSERT INTO user_field (entity_id, field_name, user_type_id, sort, multiple, "
                   "mandatory, show_filter, show_in_list, edit_in_list, is_searchable, settings, "
                   "labels, created) VALUES ('SOMETHING', 'UF_X', 'string', 1, 'N', 'N', 'N', 'Y', "
                   "'Y', 'N', '{}', '{}', 1)");
    assert_int_equal(side_field_added(&req, 302), API_FAIL);
    assert_string_equal(req.error.text, "SOMETHING takes no custom fields");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_row_has_them),
        TEST(a_change_writes_what_differs),
        TEST(a_row_is_found_by_them),
        TEST(what_must_be_filled_in),
        TEST(a_removed_field),
        TEST(a_catalog_belongs_to_its_transaction),
        TEST(the_sweep),
        TEST(an_index_on_demand),
        TEST(pages_in_their_order),
        TEST(there_is_an_end_to_them),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
