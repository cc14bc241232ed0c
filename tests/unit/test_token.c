/* Codes, pairs of tokens and sessions: their lives, and that the store keeps none of them. */
#include "support.h"

#include "people/signin.h"
#include "people/token.h"

#define NOW 1768467600

static struct folder folder;
static struct portal *portal;
static struct db *db;
static struct app app, other;
static struct token_pair pair, next;
static char code[TOKEN_LEN + 1];

static void add(struct app *made)
{
    struct app_secret secret;
    *made = (struct app){.name = "One",
                         .redirect_uri = "http://127.0.0.1/",
                         .handler = "",
                         .install_url = "",
                         .scope = "crm",
                         .users = "",
                         .installer_id = 1};
    store_must(db, app_add(db, portal, made, NOW, &secret));
    made->id = secret.id;
}

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    portal = portal_make(&folder);
    db = portal_store(portal, DB_WRITER);
    add(&app);
    add(&other);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    portal_close(portal);
    folder_remove(&folder);
    return 0;
}

static void a_code_lives_thirty_seconds_and_once(void **state)
{
    (void)state;
    store_must(db, token_code(db, portal, app.id, 1, NOW, code));
    assert_int_equal(token_redeem(db, portal, &other, code, NOW, &pair), DB_NONE);
    assert_int_equal(token_redeem(db, portal, &app, code, NOW + 29, &pair), DB_OK);
    assert_int_equal(pair.user_id, 1);
    assert_int_equal(pair.expires, NOW + 29 + 3600);
    assert_int_equal(token_redeem(db, portal, &app, code, NOW + 29, &pair), DB_NONE);
    store_must(db, token_code(db, portal, app.id, 1, NOW, code));
    assert_int_equal(token_redeem(db, portal, &app, code, NOW + 30, &pair), DB_NONE);
}

static void a_refresh_token_lives_180_days_and_once(void **state)
{
    (void)state;
    store_must(db, token_issue(db, portal, &app, 1, NOW, TOKEN_ACCESS_S, &pair));
    assert_int_equal(token_refresh(db, portal, &other, pair.refresh, NOW, &next), DB_NONE);
    assert_int_equal(token_refresh(db, portal, &app, pair.access, NOW, &next), DB_NONE);
    assert_int_equal(
        token_refresh(db, portal, &app, pair.refresh, NOW + TOKEN_REFRESH_S - 1, &next), DB_OK);
    assert_int_equal(token_refresh(db, portal, &app, pair.refresh, NOW, &next), DB_NONE);
    store_must(db, token_issue(db, portal, &app, 1, NOW, TOKEN_ACCESS_S, &pair));
    assert_int_equal(token_refresh(db, portal, &app, pair.refresh, NOW + TOKEN_REFRESH_S, &next),
                     DB_NONE);
}

static void a_dismissed_user_gets_nothing(void **state)
{
    (void)state;
    store_must(db, token_issue(db, portal, &app, 1, NOW, TOKEN_ACCESS_S, &pair));
    store_exec(db, "UPDATE member SET active = 'N' WHERE id = 1");
    assert_int_equal(token_refresh(db, portal, &app, pair.refresh, NOW, &next), DB_NONE);
    assert_int_equal(token_issue(db, portal, &app, 1, NOW, 60, &pair), DB_NONE);
    assert_int_equal(token_issue(db, portal, &app, 77, NOW, 60, &pair), DB_NONE);
}

static void revoking_ends_all_of_an_application(void **state)
{
    (void)state;
    store_must(db, token_issue(db, portal, &app, 1, NOW, TOKEN_ACCESS_S, &pair));
    store_must(db, token_code(db, portal, app.id, 1, NOW, code));
    struct buf sql = {0};
    buf_printf(&sql,
               "INSERT INTO activity_block (activity_id, app_id, layout) VALUES (1, %lld, '{}')",
               (long long)app.id);
    store_exec(db, buf_text(&sql));
    buf_clear(&sql);
    store_must(db, app_revoke(db, app.id, NOW));
    struct db_stmt *stmt = db_prepare(db, "SELECT 1 FROM activity_block");
    assert_int_equal(db_step(stmt), DB_NONE);
    db_finish(stmt);
    assert_int_equal(app_revoke(db, app.id, NOW), DB_NONE);
    assert_int_equal(token_refresh(db, portal, &app, pair.refresh, NOW, &next), DB_NONE);
    assert_int_equal(token_redeem(db, portal, &app, code, NOW, &next), DB_NONE);
}

static void a_session_ends_by_time_and_by_hand(void **state)
{
    (void)state;
    char session[TOKEN_LEN + 1];
    int64_t user = 0;
    store_must(
        db, session_begin(db, portal, 1, NOW, &(struct session_place){"192.0.2.1", ""}, session));
    assert_int_equal(session_user(db, portal, session, NOW + TOKEN_SESSION_S - 1, &user), DB_ROW);
    assert_int_equal(user, 1);
    assert_int_equal(session_user(db, portal, session, NOW + TOKEN_SESSION_S, &user), DB_NONE);
    store_must(db, session_end(db, portal, session));
    assert_int_equal(session_user(db, portal, session, NOW, &user), DB_NONE);
}

static void attempts_wait_longer_and_longer(void **state)
{
    (void)state;
    static const int64_t waits[] = {0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
    struct signin_attempt attempt = {.login = "admin", .address = "127.0.0.1"};
    int64_t now = NOW;
    store_must(db, password_set(db, 1, "right right"));
    assert_int_equal(password_set(db, 99, "right right"), DB_NONE);
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        store_must(db, signin_check(db, "wrong", now, &attempt));
        assert_int_equal(attempt.wait, waits[i]);
        assert_int_equal(attempt.result, waits[i] ? SIGNIN_WAIT : SIGNIN_WRONG);
        store_must(db, signin_record(db, now, &attempt)); /* a wait is not counted */
        attempt.result = SIGNIN_WRONG;
        now += waits[i];
        if (waits[i])
            store_must(db, signin_record(db, now, &attempt));
    }
    store_must(db, signin_check(db, "right right", now, &attempt));
    assert_int_equal(attempt.result, SIGNIN_WAIT);
    store_must(db, signin_check(db, "right right", now + 900, &attempt));
    assert_int_equal(attempt.result, SIGNIN_OK);
    assert_int_equal(attempt.user_id, 1);
    store_must(db, signin_record(db, now + 900, &attempt));
    store_must(db, signin_check(db, "wrong", now + 900, &attempt));
    assert_int_equal(attempt.result, SIGNIN_WRONG);
}

/* Ten at the same time: all are looked at before the first is counted. */
static void attempts_at_once_are_no_more_than_one_by_one(void **state)
{
    (void)state;
    struct signin_attempt attempts[10];
    int right = 0, wrong = 0;
    store_must(db, password_set(db, 1, "right right"));
    for (int i = 0; i < 10; i++) {
        attempts[i] = (struct signin_attempt){.login = "admin", .address = "127.0.0.9"};
        store_must(db,
                   signin_check(db, i == 9 ? "right right" : "wrong", NOW + 9000, &attempts[i]));
    }
    assert_int_equal(attempts[9].result, SIGNIN_OK);
    for (int i = 0; i < 10; i++) {
        store_must(db, signin_record(db, NOW + 9000, &attempts[i]));
        right += attempts[i].result == SIGNIN_OK;
        wrong += attempts[i].result == SIGNIN_WRONG;
    }
    assert_int_equal(right, 0);
    assert_int_equal(wrong, 5);
}

/* Every text of a table, in one. */
static void expect_not_kept(const char *sql, const char *secret)
{
    struct db_stmt *stmt = db_prepare(db, sql);
    int rows = 0;
    while (db_step(stmt) == DB_ROW) {
        assert_null(strstr(db_text(stmt, 0, NULL), secret));
        rows++;
    }
    db_finish(stmt);
    assert_true(rows > 0);
}

static void the_store_keeps_no_secret(void **state)
{
    (void)state;
    struct app_secret secret;
    char session[TOKEN_LEN + 1];
    bool right;
    store_must(db, app_add(db, portal, &app, NOW, &secret));
    store_must(db, token_issue(db, portal, &app, 1, NOW, TOKEN_ACCESS_S, &pair));
    store_must(db, token_code(db, portal, app.id, 1, NOW, code));
    store_must(
        db, session_begin(db, portal, 1, NOW, &(struct session_place){"192.0.2.1", ""}, session));
    store_must(db, password_set(db, 1, "right right"));
    expect_not_kept("SELECT secret_hash FROM app", secret.client_secret);
    expect_not_kept("SELECT access_hash || refresh_hash FROM oauth_token", pair.access);
    expect_not_kept("SELECT access_hash || refresh_hash FROM oauth_token", pair.refresh);
    expect_not_kept("SELECT code_hash FROM oauth_code", code);
    expect_not_kept("SELECT session_hash FROM session", session);
    expect_not_kept("SELECT password_hash FROM member", "right right");
    assert_int_equal(app_check_secret(db, portal, secret.id, secret.client_secret, &right), DB_ROW);
    assert_true(right);
    assert_int_equal(app_check_secret(db, portal, secret.id, "x", &right), DB_ROW);
    assert_false(right);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_lives_thirty_seconds_and_once),
        TEST(a_refresh_token_lives_180_days_and_once),
        TEST(a_dismissed_user_gets_nothing),
        TEST(revoking_ends_all_of_an_application),
        TEST(a_session_ends_by_time_and_by_hand),
        TEST(attempts_wait_longer_and_longer),
        TEST(attempts_at_once_are_no_more_than_one_by_one),
        TEST(the_store_keeps_no_secret),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
