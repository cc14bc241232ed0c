/* Webhooks: from a code to the caller, what is remembered, and what is refused. */
#include "support.h"

#include <pthread.h>
#include <sched.h>

#include "base/clock.h"
#include "model/method.h"
#include "people/auth.h"
#include "people/token.h"
#include "portal/scope.h"

#define NOW 1768467600
#define CODE "abcdefghijklmnopqrstuvwx"

static struct folder folder;
static struct portal *portal;
static struct db *db, *reader;
static struct arena arena;
static struct request req;
static struct caller caller;
static int64_t hook; /* of user 1, with the code above */

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    portal = portal_make(&folder);
    db = portal_store(portal, DB_WRITER);
    reader = portal_store(portal, DB_READER);
    arena_init(&arena);
    req = (struct request){.arena = &arena, .db = reader, .portal = portal};
    memset(&caller, 0, sizeof caller);
    store_exec(db, "INSERT INTO member (login, date_register, updated) VALUES ('two', 0, 0);"
                   "INSERT INTO member (login, active, date_register, updated) "
                   "VALUES ('gone', 'N', 0, 0)");
    store_must(db, webhook_add(db, portal, 1, CODE, "crm,user", NOW, &hook));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    db_close(reader);
    portal_close(portal);
    arena_clear(&arena);
    folder_remove(&folder);
    return 0;
}

/* As if the time for which a credential is believed had passed. */
static void forget(void)
{
    credential_cache_clear(portal->credentials);
}

static enum api_rc ask(int64_t user, const char *code)
{
    memset(&caller, 0, sizeof caller);
    return auth_caller(&req, user, code, &caller);
}

static void expect_refused(int64_t user, const char *code, enum api_code error)
{
    assert_int_equal(ask(user, code), API_FAIL);
    assert_int_equal(req.error.code, error);
}

static void a_code_becomes_its_caller(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(ask(1, CODE), API_OK);
        assert_int_equal(caller.user_id, 1);
        assert_int_equal(caller.credential_id, hook);
        assert_true(caller.is_admin);
        assert_string_equal(caller.scopes, "crm,user");
    }
    assert_int_equal(ask(0, CODE), API_OK);
    assert_int_equal(caller.user_id, 1);
}

static void without_a_code_there_is_no_caller(void **state)
{
    (void)state;
    expect_refused(0, NULL, API_ERR_NO_AUTH_FOUND);
    expect_refused(1, "", API_ERR_NO_AUTH_FOUND);
}

static void a_wrong_code_is_refused(void **state)
{
    (void)state;
    expect_refused(1, "wrong", API_ERR_INVALID_CREDENTIALS);
    expect_refused(1, CODE "x", API_ERR_INVALID_CREDENTIALS);
    expect_refused(1, "ABCDEFGHIJKLMNOPQRSTUVWX", API_ERR_INVALID_CREDENTIALS);
    assert_int_equal(ask(1, CODE), API_OK);
    expect_refused(1, "wrong", API_ERR_INVALID_CREDENTIALS);
}

static void the_user_in_the_address_must_be_the_owner(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) { /* from the store, then from memory */
        expect_refused(2, CODE, API_ERR_INVALID_CREDENTIALS);
        expect_refused(3, CODE, API_ERR_INVALID_CREDENTIALS);
        expect_refused(INT64_MAX, CODE, API_ERR_INVALID_CREDENTIALS);
    }
    assert_int_equal(ask(1, CODE), API_OK);
}

static void sql_in_a_code_is_just_a_wrong_code(void **state)
{
    (void)state;
    static const char *const codes[] = {
        "' OR '1'='1", "'; DROP TABLE webhook; --",     "%", "_", "\\", "$1", "\"", "x' --",
        "ж",           "%' OR 1=1 OR code_hash LIKE '%"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        expect_refused(0, codes[i], API_ERR_INVALID_TOKEN);
    assert_int_equal(store_number(db, "SELECT count(*) FROM webhook"), 1);
    int64_t id;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        store_must(db, webhook_add(db, portal, 2, codes[i], "crm'; DROP TABLE webhook", NOW, &id));
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_int_equal(ask(2, codes[i]), API_OK);
        assert_int_equal(caller.user_id, 2);
        assert_false(caller.is_admin);
        assert_string_equal(caller.scopes, "crm'; DROP TABLE webhook");
    }
}

static void the_hash_of_a_code_is_no_code(void **state)
{
    (void)state;
    char hash[SECRET_HASH_HEX];
    struct db_stmt *stmt = db_prepare(db, "SELECT code_hash FROM webhook");
    assert_int_equal(db_step(stmt), DB_ROW);
    snprintf(hash, sizeof hash, "%s", db_text(stmt, 0, NULL));
    db_finish(stmt);
    assert_int_equal(strlen(hash), SECRET_HASH_HEX - 1);
    assert_null(strstr(hash, CODE));
    expect_refused(1, hash, API_ERR_INVALID_CREDENTIALS);
}

static void a_new_webhook_works_at_once(void **state)
{
    (void)state;
    int64_t id;
    expect_refused(2, "second", API_ERR_INVALID_CREDENTIALS);
    store_must(db, webhook_add(db, portal, 2, "second", "crm", NOW, &id));
    assert_true(id != hook);
    assert_int_equal(ask(2, "second"), API_OK);
    assert_int_equal(caller.credential_id, id);
    assert_int_equal(db_begin_read(reader), DB_OK); /* an old snapshot of the reader hides none */
    assert_int_equal(store_number(reader, "SELECT count(*) FROM webhook"), 2);
    store_must(db, webhook_add(db, portal, 2, "third", "crm", NOW, &id));
    assert_int_equal(ask(2, "third"), API_OK);
    if (db_in_transaction(reader))
        store_must(reader, db_rollback(reader));
}

static void a_revoked_one_is_refused(void **state)
{
    (void)state;
    assert_int_equal(ask(1, CODE), API_OK);
    store_must(db, webhook_revoke(db, hook, NOW));
    forget();
    expect_refused(1, CODE, API_ERR_INVALID_CREDENTIALS);
    assert_int_equal(webhook_revoke(db, hook, NOW), DB_NONE);
    assert_int_equal(webhook_revoke(db, 999, NOW), DB_NONE);
    assert_int_equal(store_number(db, "SELECT revoked FROM webhook"), NOW);
}

/* Asked again within a second the store is not asked; after that it is. Both by the clock the
 * program itself reads, so that a slow machine changes nothing. */
static void what_is_remembered_is_forgotten(void **state)
{
    (void)state;
    double before;
    enum api_rc rc;
    do {
        store_exec(db, "UPDATE webhook SET revoked = NULL");
        forget();
        before = clock_monotonic();
        assert_int_equal(ask(1, CODE), API_OK);
        store_must(db, webhook_revoke(db, hook, NOW));
        rc = ask(1, CODE);
    } while (clock_monotonic() - before >= 1);
    assert_int_equal(rc, API_OK);
    assert_int_equal(caller.credential_id, hook);
    while (ask(1, CODE) == API_OK) {
        assert_true(clock_monotonic() - before < 60);
        sched_yield();
    }
    assert_int_equal(req.error.code, API_ERR_INVALID_CREDENTIALS);
    assert_true(clock_monotonic() - before >= 1);
}

static void a_dismissed_user_has_no_credential(void **state)
{
    (void)state;
    int64_t id = 77;
    assert_int_equal(webhook_add(db, portal, 3, "third", "crm", NOW, &id), DB_NONE);
    assert_int_equal(webhook_add(db, portal, 99, "third", "crm", NOW, &id), DB_NONE);
    assert_int_equal(id, 77);
    store_exec(db, "UPDATE member SET active = 'N' WHERE id = 1");
    expect_refused(1, CODE, API_ERR_INVALID_CREDENTIALS);
    store_exec(db, "UPDATE member SET active = 'Y', is_admin = 'N' WHERE id = 1");
    assert_int_equal(ask(1, CODE), API_OK);
    assert_false(caller.is_admin);
}

static void a_code_belongs_to_one(void **state)
{
    (void)state;
    int64_t id;
    assert_int_equal(webhook_add(db, portal, 2, CODE, "crm", NOW, &id), DB_CONFLICT);
    assert_int_equal(ask(1, CODE), API_OK);
}

static void trouble_of_the_store_is_no_refusal(void **state)
{
    (void)state;
    store_exec(db, "ALTER TABLE webhook RENAME TO elsewhere");
    assert_int_equal(ask(1, CODE), API_STORE);
    assert_int_equal(req.store, DB_ERROR);
    store_exec(db, "ALTER TABLE elsewhere RENAME TO webhook");
    assert_int_equal(ask(1, CODE), API_OK);
}

static void another_portal_has_other_hashes(void **state)
{
    (void)state;
    assert_int_equal(ask(1, CODE), API_OK);
    forget();
    portal->key.bytes[0] ^= 1;
    expect_refused(1, CODE, API_ERR_INVALID_CREDENTIALS);
    portal->key.bytes[0] ^= 1;
    assert_int_equal(ask(1, CODE), API_OK);
}

/* ---- threads ---- */

#define CODES 8

static void *ask_often(void *context)
{
    struct db *own = context;
    struct arena memory;
    int64_t wrong = 0;
    arena_init(&memory);
    struct request mine = {.arena = &memory, .db = own, .portal = portal};
    for (int i = 0; i < 400; i++) {
        struct caller found;
        char code[16];
        snprintf(code, sizeof code, "code%d", i % CODES);
        if (auth_caller(&mine, 2, code, &found) != API_OK || found.user_id != 2 ||
            found.credential_id != hook + 1 + i % CODES)
            wrong++;
    }
    arena_clear(&memory);
    return (void *)(intptr_t)wrong;
}

static void threads_get_their_own_callers(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct db *stores[4];
    for (int i = 0; i < CODES; i++) {
        int64_t id;
        char code[16];
        snprintf(code, sizeof code, "code%d", i);
        store_must(db, webhook_add(db, portal, 2, code, "crm", NOW, &id));
        assert_int_equal(id, hook + 1 + i);
    }
    for (int i = 0; i < 4; i++) {
        stores[i] = portal_store(portal, DB_READER);
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, stores[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        db_close(stores[i]);
        assert_null(wrong);
    }
}

/* ---- tokens ---- */

/* What is known of a token that opens nothing is told; what is not known is not. */
static void a_token_that_is_not_good_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum api_code error;
    } cases[] = {
        {"UPDATE app SET users = '7'", API_ERR_USER_ACCESS},
        {"UPDATE member SET active = 'N' WHERE id = 2", API_ERR_AUTHORIZATION},
        {"UPDATE app SET payment_expired = 'Y'", API_ERR_SUBSCRIPTION},
        {NULL, API_ERR_APPLICATION_NOT_FOUND},
        {"DELETE FROM oauth_token", API_ERR_INVALID_TOKEN},
    };
    struct app app = {.name = "One",
                      .redirect_uri = "",
                      .handler = "",
                      .install_url = "",
                      .scope = "crm",
                      .users = "",
                      .installer_id = 1};
    struct app_secret secret;
    struct token_pair pair;
    store_must(db, app_add(db, portal, &app, NOW, &secret));
    app.id = secret.id;
    store_must(db, token_issue(db, portal, &app, 2, (int64_t)portal_now(portal), 3600, &pair));
    assert_int_equal(ask(0, pair.access), API_OK);
    assert_int_equal(caller.app_id, app.id);
    assert_int_equal(caller.user_id, 2);
    assert_string_equal(caller.scopes, "crm");
    expect_refused(2, pair.access, API_ERR_INVALID_CREDENTIALS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cases[i].sql)
            store_exec(db, cases[i].sql);
        else
            store_must(db, app_revoke(db, app.id, (int64_t)portal_now(portal)));
        forget();
        expect_refused(0, pair.access, cases[i].error);
        expect_refused(2, pair.access, API_ERR_INVALID_CREDENTIALS);
    }
}

static void a_list_of_scopes_has_no_bound(void **state)
{
    (void)state;
    struct buf list = {0};
    int64_t id;
    for (const char *const *name = scope_names; *name; name++)
        buf_printf(&list, "%s%s", list.len ? "," : "", *name);
    for (int i = 0; i < 1000; i++)
        buf_printf(&list, ",scope%d", i);
    store_must(db, webhook_add(db, portal, 2, "wide", buf_text(&list), NOW, &id));
    for (int again = 0; again < 2; again++) {
        assert_int_equal(ask(2, "wide"), API_OK);
        assert_string_equal(caller.scopes, buf_text(&list));
    }
    const struct method method = {.name = "x", .scope = "none|scope999"};
    assert_true(method_in_scope(&method, &caller));
    buf_clear(&list);
}

/* ---- scopes ---- */

static void scopes_are_checked_one_by_one(void **state)
{
    (void)state;
    static const struct {
        const char *list, *bad; /* NULL: all are good */
    } cases[] = {{"crm", NULL},
                 {"crm,user,user_basic", NULL},
                 {"user.userfield,sonet_group", NULL},
                 {"", NULL},
                 {"crm,basic", "basic"},
                 {"crm,", NULL},
                 {",crm", ""},
                 {"crm,,user", ""},
                 {"nothing", "nothing"},
                 {"crm,nothing,user", "nothing"},
                 {"CRM", "CRM"},
                 {"cr", "cr"},
                 {"crm user", "crm user"},
                 {"crm,user ", "user "}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char bad[32];
        bool good = scope_valid(cases[i].list, bad, sizeof bad);
        assert_int_equal(good, !cases[i].bad);
        if (cases[i].bad)
            assert_string_equal(bad, cases[i].bad);
    }
}

static void a_scope_in_a_list_is_a_whole_item(void **state)
{
    (void)state;
    assert_true(scope_listed("crm,user", ',', "crm"));
    assert_true(scope_listed("crm,user", ',', "user"));
    assert_true(scope_listed(",crm,", ',', "crm"));
    assert_true(scope_listed("crm|user", '|', "user"));
    assert_false(scope_listed("crm,user_basic", ',', "user"));
    assert_false(scope_listed("crm,user", ',', "use"));
    assert_false(scope_listed("crm,user", ',', "crm,user"));
    assert_false(scope_listed("", ',', "crm"));
    char bad[32];
    for (const char *const *name = scope_names; *name; name++)
        assert_true(scope_valid(*name, bad, sizeof bad));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_becomes_its_caller),
        TEST(without_a_code_there_is_no_caller),
        TEST(a_wrong_code_is_refused),
        TEST(the_user_in_the_address_must_be_the_owner),
        TEST(sql_in_a_code_is_just_a_wrong_code),
        TEST(the_hash_of_a_code_is_no_code),
        TEST(a_new_webhook_works_at_once),
        TEST(a_revoked_one_is_refused),
        TEST(what_is_remembered_is_forgotten),
        TEST(a_dismissed_user_has_no_credential),
        TEST(a_code_belongs_to_one),
        TEST(trouble_of_the_store_is_no_refusal),
        TEST(another_portal_has_other_hashes),
        TEST(threads_get_their_own_callers),
        TEST(a_token_that_is_not_good_says_why),
        TEST(a_list_of_scopes_has_no_bound),
        cmocka_unit_test(scopes_are_checked_one_by_one),
        cmocka_unit_test(a_scope_in_a_list_is_a_whole_item),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
