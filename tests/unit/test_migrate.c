/* Migrations: what is missing is run once; what fails leaves the old state. */
#include "support.h"

#include "portal/migrate.h"

#define NOW 1768467600

static struct folder folder;
static struct db *db;
static struct buf why;
static int ran;

static const struct migration first_two[] = {
    {"001_one", "-- A comment; with a semicolon.\nCREATE TABLE one (id {ID}, name {TEXT});\n"
                "\nINSERT INTO one (name) VALUES ('a;b'), ('-- no comment');\n"},
    {"002_two", "CREATE TABLE two (\n  id {ID},\n-- inside\n  size {INT} NOT NULL,\n"
                "  price {REAL}\n);\n@search one name\n"},
    {NULL, NULL},
};

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    why.len = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    folder_remove(&folder);
    buf_clear(&why);
    return 0;
}

static void must_run(const struct migration *list, int wanted)
{
    ran = -1;
    if (!migrate_run(db, list, NOW, &ran, &why))
        fail_msg("%s", buf_text(&why));
    assert_int_equal(ran, wanted);
    assert_false(db_in_transaction(db));
}

static void must_fail(const struct migration *list, const char *part)
{
    why.len = 0;
    assert_false(migrate_run(db, list, NOW, &ran, &why));
    if (!strstr(buf_text(&why), part))
        fail_msg("%s", buf_text(&why));
    assert_false(db_in_transaction(db));
}

static int64_t tables(const char *name)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM sqlite_master WHERE name = '%s'", name);
    return store_number(db, sql);
}

static void steps_run_once_and_in_order(void **state)
{
    (void)state;
    must_run(first_two, 2);
    assert_int_equal(store_number(db, "SELECT count(*) FROM one"), 2);
    assert_int_equal(store_number(db, "SELECT count(*) FROM one WHERE name = 'a;b'"), 1);
    assert_int_equal(tables("two"), 1);
    assert_int_equal(store_number(db, "SELECT count(*) FROM migration"), 2);
    assert_int_equal(store_number(db, "SELECT min(ran) FROM migration"), NOW);
    must_run(first_two, 0);
    assert_int_equal(store_number(db, "SELECT count(*) FROM one"), 2);
}

static void a_list_that_grew_runs_its_rest(void **state)
{
    (void)state;
    const struct migration one[] = {first_two[0], {NULL, NULL}};
    must_run(one, 1);
    assert_int_equal(tables("two"), 0);
    store_exec(db, "INSERT INTO one (name) VALUES ('kept')");
    must_run(first_two, 1);
    assert_int_equal(tables("two"), 1);
    assert_int_equal(store_number(db, "SELECT count(*) FROM one"), 3);
}

static void an_empty_list_makes_the_table_alone(void **state)
{
    (void)state;
    const struct migration none[] = {{NULL, NULL}};
    must_run(none, 0);
    assert_int_equal(tables("migration"), 1);
}

static void a_newer_database_is_refused_untouched(void **state)
{
    (void)state;
    const struct migration older[] = {first_two[0], {NULL, NULL}};
    const struct migration other[] = {
        {"000_before", "CREATE TABLE before (a {INT});\n"}, first_two[0], {NULL, NULL}};
    must_run(first_two, 2);
    must_fail(older, "newer Rapport (it has the step 002_two)");
    must_fail(other, "002_two");
    assert_int_equal(tables("before"), 0);
    must_run(first_two, 0);
}

static void a_broken_step_leaves_the_old_state(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "CREATE TABLE half (id {ID});\nINSERT INTO half (id) VALUES (1);\nNONSENSE;\n",
        "CREATE TABLE half (id {ID});\nINSERT INTO missing VALUES (1);\n",
        "DROP TABLE one;\nCREATE TABLE half (id {ID});\nCREATE TABLE half (id {ID});\n",
        "CREATE TABLE half (id {ID});\nINSERT INTO half (id) VALUES (1), (1);\n",
        "UPDATE one SET name = 'changed';\n@search missing name\n",
    };
    must_run(first_two, 2);
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        const struct migration list[] = {first_two[0],
                                         first_two[1],
                                         {"003_good", "CREATE TABLE good (id {ID});\n"},
                                         {"004_broken", broken[i]},
                                         {"005_after", "CREATE TABLE after (id {ID});\n"},
                                         {NULL, NULL}};
        must_fail(list, "004_broken: ");
        assert_int_equal(ran, i ? 0 : 1); /* the good step before it stays */
        assert_int_equal(tables("good"), 1);
        assert_int_equal(tables("half"), 0);
        assert_int_equal(tables("after"), 0);
        assert_int_equal(store_number(db, "SELECT count(*) FROM one WHERE name = 'a;b'"), 1);
        assert_int_equal(store_number(db, "SELECT count(*) FROM migration"), 3);
    }
    const struct migration mended[] = {first_two[0],
                                       first_two[1],
                                       {"003_good", "CREATE TABLE good (id {ID});\n"},
                                       {"004_broken", "CREATE TABLE half (id {ID});\n"},
                                       {NULL, NULL}};
    must_run(mended, 1);
    assert_int_equal(tables("half"), 1);
}

static void a_token_that_no_store_knows_is_named(void **state)
{
    (void)state;
    const struct migration list[] = {
        first_two[0],
        {"002_token", "CREATE TABLE three (id {ID}, made {DATE}, text {TEXT} DEFAULT '{}');\n"},
        {NULL, NULL}};
    must_fail(list, "there is no {DATE};");
    assert_int_equal(tables("three"), 0);
}

static void a_new_portal_is_made_whole_or_not_at_all(void **state)
{
    (void)state;
    const struct migration list[] = {first_two[0], {"002_broken", "NONSENSE;\n"}, {NULL, NULL}};
    must_fail(list, "002_broken: ");
    assert_int_equal(ran, 0);
    assert_int_equal(tables("one"), 0);
    assert_int_equal(store_number(db, "SELECT count(*) FROM migration"), 0);
    must_run(first_two, 2);
}

/* As after a kill in the middle of a step: its transaction has no end. */
static void an_interrupted_step_runs_again(void **state)
{
    (void)state;
    const struct migration one[] = {first_two[0], {NULL, NULL}};
    must_run(one, 1);
    store_must(db, db_begin_write(db));
    store_exec(db, "CREATE TABLE two (id INTEGER)");
    store_exec(db, "INSERT INTO migration (name, ran) VALUES ('002_two', 1)");
    db_close(db);
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    assert_int_equal(tables("two"), 0);
    must_run(first_two, 1);
    assert_int_equal(store_number(db, "SELECT ran FROM migration WHERE name = '002_two'"), NOW);
}

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    struct db *writer = db;
    must_run(first_two, 2);
    db = store_open(folder_file(&folder, "test.db"), DB_READER);
    const struct migration more[] = {
        first_two[0], first_two[1], {"003_three", "CREATE TABLE three (id {ID});\n"}, {NULL, NULL}};
    must_fail(more, "003_three: ");
    db_close(db);
    db = writer;
    assert_int_equal(tables("three"), 0);
}

/* Every token became a type of the store, and every step of the program itself runs. */
static void the_schema_itself_runs(void **state)
{
    (void)state;
    int count = 0;
    const char *before = "";
    for (const struct migration *m = schema_migrations; m->name; m++, count++) {
        assert_true(strcmp(before, m->name) < 0);
        assert_true(strlen(m->name) > 4 && m->name[3] == '_');
        before = m->name;
    }
    assert_true(count >= 3);
    must_run(schema_migrations, count);
    must_run(schema_migrations, 0);
    assert_int_equal(tables("activity"), 1);
    assert_int_equal(tables("activity_search"), 1);
    assert_int_equal(
        store_number(db, "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%{%' AND type <> 'x'"),
        0);
    struct buf problems = {0};
    assert_int_equal(db_check(db, &problems), DB_OK);
    assert_int_equal(problems.len, 0);
    buf_clear(&problems);
}

/* `basic` is no scope: the one word goes, wherever it stands, and no other. */
static void an_old_credential_loses_the_scope_basic(void **state)
{
    (void)state;
    static const char *const scopes[][2] = {{"crm,user,basic", "crm,user"},
                                            {"basic", ""},
                                            {"basic,crm", "crm"},
                                            {"crm,basic,user_basic", "crm,user_basic"},
                                            {"crm,user_basic", "crm,user_basic"}};
    struct migration old[16] = {{0}};
    int count = 0;
    for (const struct migration *m = schema_migrations; strcmp(m->name, "013") < 0; m++) {
        assert_true(count < 15);
        old[count++] = *m;
    }
    must_run(old, count);
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        struct buf sql = {0};
        buf_printf(&sql,
                   "INSERT INTO webhook (user_id, code_hash, scope, created) VALUES (1, '%zu', "
                   "'%s', 0);"
                   "INSERT INTO app (client_id, secret_hash, name, redirect_uri, handler, "
                   "install_url, scope, server_side, installer_id, created) VALUES ('%zu', '', '', "
                   "'', '', '', '%s', 'N', 1, 0);"
                   "INSERT INTO app_consent (app_id, user_id, scope, created) VALUES (%zu, 1, "
                   "'%s', 0);"
                   "INSERT INTO oauth_token (app_id, user_id, scope, access_hash, access_expires, "
                   "refresh_hash, refresh_expires) VALUES (%zu, 1, '%s', '%zu', 0, '%zu', 0)",
                   i, scopes[i][0], i, scopes[i][0], i, scopes[i][0], i, scopes[i][0], i, i);
        store_exec(db, buf_text(&sql));
        buf_clear(&sql);
    }
    for (count = 0; schema_migrations[count].name;)
        count++;
    must_run(schema_migrations, count - (int)store_number(db, "SELECT count(*) FROM migration"));
    static const char *const tables[] = {"webhook", "app", "app_consent", "oauth_token"};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        struct buf sql = {0};
        buf_printf(&sql, "SELECT scope FROM %s ORDER BY rowid", tables[t]);
        struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
        for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
            assert_int_equal(db_step(stmt), DB_ROW);
            assert_string_equal(db_text(stmt, 0, NULL), scopes[i][1]);
        }
        db_finish(stmt);
        buf_clear(&sql);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static int64_t times_ten_thousand(const char *code, const char *column)
{
    struct buf sql = {0};
    buf_printf(&sql,
               "SELECT CAST(ROUND(%s * 10000) AS INTEGER) FROM currency WHERE currency = '%s'",
               column, code);
    int64_t number = store_number(db, buf_text(&sql));
    buf_clear(&sql);
    return number;
}

/* What rows name becomes a currency; the setting that told the base becomes the base, and rates are to it. */
static void an_old_portal_keeps_its_currencies(void **state)
{
    (void)state;
    struct migration old[64] = {{0}};
    int count = 0;
    for (const struct migration *m = schema_migrations; strcmp(m->name, "050") < 0; m++) {
        assert_true(count < 63);
        old[count++] = *m;
    }
    must_run(old, count);
    store_exec(db,
               "INSERT INTO setting (name, value) VALUES ('currency', 'EUR');"
               "INSERT INTO lead (status_id, status_semantic_id, is_manual_opportunity, opened, "
               "has_phone, has_email, has_imol, assigned_by_id, created_by_id, modify_by_id, "
               "date_create, date_modify, is_return_customer, currency_id) VALUES ('NEW', 'P', "
               "'N', 'Y', 'N', 'N', 'N', 1, 1, 1, 0, 0, 'N', 'CHF'), ('NEW', 'P', 'N', 'Y', "
               "'N', 'N', 'N', 1, 1, 1, 0, 0, 'N', 'CHF'), ('NEW', 'P', 'N', 'Y', 'N', 'N', "
               "'N', 1, 1, 1, 0, 0, 'N', 'EUR'), ('NEW', 'P', 'N', 'Y', 'N', 'N', 'N', 1, 1, 1, "
               "0, 0, 'N', NULL)");
    for (count = 0; schema_migrations[count].name;)
        count++;
    must_run(schema_migrations, count - (int)store_number(db, "SELECT count(*) FROM migration"));
    assert_int_equal(store_number(db, "SELECT count(*) FROM currency"), 5);
    assert_int_equal(store_number(db, "SELECT count(*) FROM currency WHERE base = 'Y' AND currency "
                                      "= 'EUR' AND amount = 1 AND amount_cnt = 1"),
                     1);
    assert_int_equal(times_ten_thousand("USD", "amount"), 8696); /* 1 / 1.15 */
    assert_int_equal(times_ten_thousand("CHF", "amount_cnt"), 10000);
    assert_int_equal(store_number(db, "SELECT count(*) FROM currency_lang WHERE lid = 'en'"), 5);
    assert_int_equal(store_number(db, "SELECT count(*) FROM setting WHERE name = 'currency'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(steps_run_once_and_in_order),
        TEST(a_list_that_grew_runs_its_rest),
        TEST(an_empty_list_makes_the_table_alone),
        TEST(a_newer_database_is_refused_untouched),
        TEST(a_broken_step_leaves_the_old_state),
        TEST(a_token_that_no_store_knows_is_named),
        TEST(a_new_portal_is_made_whole_or_not_at_all),
        TEST(an_interrupted_step_runs_again),
        TEST(what_cannot_be_written_is_told),
        TEST(the_schema_itself_runs),
        TEST(an_old_credential_loses_the_scope_basic),
        TEST(an_old_portal_keeps_its_currencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
