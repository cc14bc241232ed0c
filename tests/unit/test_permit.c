/* Access is closed by default: an entity that names no permit is an administrator's alone. */
#include "support.h"

#include "model/permit.h"

static const struct field fields[] = {
    FIELD_ROW("ID", "integer", "", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("TITLE", "string", "", FIELD_TEXT, "title", 0, NULL),
};

#define THING                                                                                      \
    .name = "thing", .table = "thing", .fields = fields, .field_count = 2, .not_found = "Not found"

/* Nobody follows it. */
static struct portal nowhere;

static const struct entity silent = {THING}, open_to_all = {THING, .permit = &permit_everybody};

static struct folder folder;
static struct db *db;
static struct zone *zone;

static int setup(void **state)
{
    static const char *const lines[] = {"CREATE TABLE thing (id {ID}, title {TEXT});", NULL};
    (void)state;
    folder = folder_make();
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    store_ddl(db, lines);
    zone = zone_load("UTC");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zone_free(zone);
    db_close(db);
    folder_remove(&folder);
    return 0;
}

/* What one of the engine's methods answers to this caller: "" or the error's text. */
static const char *ask(enum api_rc (*handle)(struct request *req, const struct entity *entity),
                       const struct entity *entity, const struct caller *caller)
{
    static char text[256];
    struct arena arena;
    struct buf out = {0};
    struct writer writer;
    arena_init(&arena);
    writer_init(&writer, &out);
    struct request req = {.arena = &arena,
                          .portal = &nowhere,
                          .db = db,
                          .zone = zone,
                          .caller = caller,
                          .out = &writer,
                          .params = json_value(&arena, "{\"id\":1,\"fields\":{\"TITLE\":\"x\"}}")};
    enum api_rc rc = handle(&req, entity);
    snprintf(text, sizeof text, "%s", rc == API_OK ? "" : req.error.text ? req.error.text : "?");
    buf_clear(&out);
    arena_clear(&arena);
    return text;
}

static enum api_rc (*const handlers[])(struct request *req, const struct entity *entity) = {
    entity_get, entity_list, entity_update, entity_add, entity_delete};

static void expect_all(const struct entity *entity, const struct caller *caller,
                       const char *expected)
{
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
        store_exec(db, "DELETE FROM thing; INSERT INTO thing (id, title) VALUES (1, 'a')");
        assert_string_equal(ask(handlers[i], entity, caller), expected);
    }
}

/* Who may everything by his roles is no administrator. */
static struct access nothing;
static const struct caller admin = {.user_id = 1, .is_admin = true}, user = {.user_id = 2},
                           restricted = {.user_id = 3, .access = &nothing};

static void without_a_permit_it_is_an_administrators(void **state)
{
    (void)state;
    expect_all(&silent, &admin, "");
    expect_all(&silent, &user, "Access denied.");
    expect_all(&silent, &restricted, "Access denied.");
}

static void what_is_everybodys_says_so(void **state)
{
    (void)state;
    expect_all(&open_to_all, &admin, "");
    expect_all(&open_to_all, &user, "");
    expect_all(&open_to_all, &restricted, "");
}

/* Not by way of a look at a row, or of a list whose method forgot to ask. */
static void nor_can_it_be_looked_at(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct request req = {
        .arena = &arena, .portal = &nowhere, .db = db, .zone = zone, .caller = &user};
    bool may = true;
    int64_t total;
    assert_int_equal(permit_reads(&req, &silent, 1, &may), API_OK);
    assert_false(may);
    struct query query;
    query_init(&query, &req, &silent);
    permit_list(&query);
    assert_int_equal(query_count(&query, &total), API_OK);
    assert_int_equal(total, 0);
    query_clear(&query);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_permit_it_is_an_administrators),
        cmocka_unit_test(what_is_everybodys_says_so),
        cmocka_unit_test(nor_can_it_be_looked_at),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
