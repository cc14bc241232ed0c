/* Pages that stand beside methods: an address of a file, by a credential and by its own signature, asks
 * for scope and rights as a method does, and stops when its reader could not call the method any more. */
#include "pipeline_support.h"

#include "base/json.h"
#include "crm/activity_file.h"
#include "people/app.h"
#include "people/role.h"
#include "people/token.h"
#include "rest/page.h"

#define USER 2
#define READER "readerwebhook000"
#define NARROW "narrowwebhook000" /* without the scope */
#define OTHER "otherswebhook000"  /* of user 3 */

static int64_t reader_hook, role, app_id;
static char query[512]; /* of the address that was given out last */
static struct token_pair pair;

static void make_app(void)
{
    struct app_secret secret;
    struct arena arena;
    struct app app = {.name = "a",
                      .redirect_uri = "",
                      .handler = "",
                      .install_url = "",
                      .scope = "crm",
                      .users = "",
                      .installer_id = 1};
    store_must(db, app_add(db, portal, &app, (int64_t)NOW, &secret));
    app_id = secret.id;
    arena_init(&arena);
    assert_int_equal(app_find(db, &arena, app_id, &app), DB_ROW);
    store_must(db, token_issue(db, portal, &app, USER, (int64_t)NOW, 3600, &pair));
    arena_clear(&arena);
}

static int setup(void **state)
{
    int64_t unused;
    method_registry_init();
    pipeline_setup(state);
    store_exec(db, "INSERT INTO member (id, login, date_register, updated) VALUES (2, 'm2', 0, 0), "
                   "(3, 'm3', 0, 0);"
                   "DELETE FROM role_member");
    store_must(db, role_add(db, "tested", &role));
    store_must(db, role_set(db, role, 1, ACCESS_READ, ACCESS_ALL));
    store_must(db, role_give(db, role, ROLE_USER, USER));
    store_must(db, webhook_add(db, portal, USER, READER, "crm", (int64_t)NOW, &reader_hook));
    store_must(db, webhook_add(db, portal, USER, NARROW, "user", (int64_t)NOW, &unused));
    store_must(db, webhook_add(db, portal, 3, OTHER, "crm", (int64_t)NOW, &unused));
    make_app();
    assert_int_equal(ask("crm.lead.add", "fields[TITLE]=x"), 200);
    assert_int_equal(ask("crm.activity.add",
                         "fields[OWNER_TYPE_ID]=1&fields[OWNER_ID]=1&fields[TYPE_ID]=6&fields["
                         "SUBJECT]=x&fields[PROVIDER_ID]=x&fields[RESPONSIBLE_ID]=1&fields[FILES]["
                         "0][fileData][0]=a.txt&"
                         "fields[FILES][0][fileData][1]=aGVsbG8="),
                     200);
    return 0;
}

/* As if the second had passed for which a credential is believed. */
static void forget(void)
{
    credential_cache_clear(portal->credentials);
}

static int open_page(const char *parameters)
{
    if (call.file >= 0)
        close(call.file);
    ask_from("10.0.0.1", ACTIVITY_FILE_PATH, parameters);
    return call.status;
}

static int open_address(void)
{
    return open_page(query);
}

static void expect_file(void)
{
    char text[8] = "";
    assert_int_equal(call.status, 200);
    assert_true(call.file >= 0);
    assert_int_equal(read(call.file, text, sizeof text), 5);
    assert_string_equal(text, "hello");
    assert_string_equal(call.file_name, "a.txt");
}

/* Asks for the file's address with this credential. */
static void get_address(const char *credential)
{
    char parameters[160];
    snprintf(parameters, sizeof parameters, "select[]=FILES&auth=%s", credential);
    forget();
    ask_from("10.0.0.1", "/rest/crm.activity.list", parameters);
    expect_answer("crm_show_file.php?fileId=1&ownerTypeId=6&ownerId=1&auth=");
    const char *at = strchr(buf_text(&call.answer), '?') + 1;
    snprintf(query, sizeof query, "%.*s", (int)strcspn(at, "\""), at);
    assert_int_equal(open_address(), 200);
    expect_file();
}

static void a_credential_opens_it_as_it_calls_the_method(void **state)
{
    (void)state;
    open_page("fileId=1&ownerTypeId=6&ownerId=1&auth=" READER);
    expect_file();
    open_page("fileId=1&ownerId=1&auth=" READER);
    expect_file();
    assert_int_equal(open_page("fileId=1&ownerTypeId=6&ownerId=1&auth=" NARROW), 401);
    expect_answer("insufficient_scope");
    assert_int_equal(open_page("fileId=1&ownerTypeId=6&ownerId=1&auth=" OTHER), 403);
    expect_answer("ACCESS_DENIED");
    assert_int_equal(open_page("fileId=1&ownerTypeId=6&ownerId=1&auth=wrong"), 401);
    assert_int_equal(open_page("fileId=1&ownerTypeId=6&ownerId=1"), 401);
    expect_answer("NO_AUTH_FOUND");
    assert_int_equal(open_page("fileId=1&ownerTypeId=5&ownerId=1&auth=" READER), 404);
    assert_int_equal(open_page("fileId=2&ownerTypeId=6&ownerId=1&auth=" READER), 404);
    assert_int_equal(open_page("fileId=1&ownerTypeId=6&ownerId=2&auth=" CODE), 404);
}

static void a_signature_is_for_one_file(void **state)
{
    (void)state;
    get_address(READER);
    static const char *const changes[][2] = {{"fileId=1", "fileId=2"},
                                             {"ownerId=1", "ownerId=2"},
                                             {"ownerTypeId=6", "ownerTypeId=7"},
                                             {"ownerTypeId=6&", ""},
                                             {".2.", ".1."}};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        char other[512];
        const char *at = strstr(query, changes[i][0]);
        assert_non_null(at);
        snprintf(other, sizeof other, "%.*s%s%s", (int)(at - query), query, changes[i][1],
                 at + strlen(changes[i][0]));
        assert_int_equal(open_page(other), 403);
        expect_answer("ACCESS_DENIED");
    }
    /* In any order, as clients put their parameters. */
    char turned[512];
    snprintf(turned, sizeof turned, "%s&ownerTypeId=6&ownerId=1&fileId=1", strstr(query, "auth="));
    open_page(turned);
    expect_file();
}

static void it_is_good_for_a_day(void **state)
{
    (void)state;
    get_address(READER);
    clock_freeze(&portal->clock, NOW + 86400);
    assert_int_equal(open_address(), 200);
    clock_freeze(&portal->clock, NOW + 86401);
    assert_int_equal(open_address(), 403);
    clock_freeze(&portal->clock, NOW);
}

/* Does `take` end the address, and `give` bring it back? */
static void expect_ended(const char *take, const char *give, int status)
{
    store_exec(db, take);
    forget();
    assert_int_equal(open_address(), status);
    assert_true(call.file < 0);
    store_exec(db, give);
    forget();
    assert_int_equal(open_address(), 200);
}

static void it_ends_with_what_its_reader_may(void **state)
{
    (void)state;
    for (int by_app = 0; by_app < 2; by_app++) {
        get_address(by_app ? pair.access : READER);
        expect_ended("UPDATE member SET active = 'N' WHERE id = 2",
                     "UPDATE member SET active = 'Y' WHERE id = 2", by_app ? 401 : 403);
        expect_ended("UPDATE role_permission SET level = 0", "UPDATE role_permission SET level = 4",
                     403);
        expect_ended("UPDATE activity_binding SET owner_type_id = 2",
                     "UPDATE activity_binding SET owner_type_id = 1", 404);
    }
}

static void it_ends_with_the_webhook_it_was_given_to(void **state)
{
    (void)state;
    get_address(READER);
    expect_ended("UPDATE webhook SET scope = 'user'", "UPDATE webhook SET scope = 'crm'", 401);
    expect_ended("UPDATE webhook SET revoked = 1 WHERE user_id = 2",
                 "UPDATE webhook SET revoked = NULL", 403);
}

static void it_ends_with_the_application_it_was_given_to(void **state)
{
    (void)state;
    get_address(pair.access);
    /* Not with the access token, which is good for an hour. */
    clock_freeze(&portal->clock, NOW + 7200);
    forget();
    assert_int_equal(open_address(), 200);
    clock_freeze(&portal->clock, NOW);
    expect_ended("UPDATE app SET users = '1,3'", "UPDATE app SET users = ''", 403);
    expect_ended("UPDATE oauth_token SET scope = 'user'", "UPDATE oauth_token SET scope = 'crm'",
                 401);
    expect_ended("UPDATE oauth_token SET ended = 1", "UPDATE oauth_token SET ended = NULL", 403);
    store_must(db, app_revoke(db, app_id, (int64_t)NOW));
    forget();
    assert_int_equal(open_address(), 403);
}

static void what_a_signature_says_is_no_credential(void **state)
{
    (void)state;
    char text[64];
    get_address(READER);
    snprintf(text, sizeof text, "auth=signed %lld 2", (long long)reader_hook);
    assert_int_equal(ask_from("10.0.0.1", "/rest/profile", text), 401);
    const char *signature = strstr(query, "auth=");
    assert_int_equal(ask_from("10.0.0.1", "/rest/profile", signature), 401);
}

static void a_closed_portal_shows_no_file(void **state)
{
    (void)state;
    get_address(READER);
    atomic_store(&portal->closed, true);
    assert_int_equal(open_address(), 500);
    expect_answer("PORTAL_DELETED");
    atomic_store(&portal->closed, false);
    portal->require_https = true;
    assert_int_equal(open_address(), 400);
    expect_answer("Https required");
    portal->require_https = false;
    portal->plan.has_rest = false;
    assert_int_equal(open_address(), 403);
    portal->plan.has_rest = true;
    assert_int_equal(open_address(), 200);
}

/* A page beside methods without a scope, or a signature over nothing, would be a hole. */
static void every_page_beside_methods_has_a_scope(void **state)
{
    (void)state;
    int seen = 0;
    for (const struct page_family *const *family = page_families; *family; family++) {
        for (size_t i = 0; i < (*family)->count; i++) {
            const struct page *page = &(*family)->pages[i];
            if (!page_beside_methods(page))
                continue;
            seen++;
            assert_non_null(page->scope);
            if (page->access == PAGE_SIGNED)
                assert_non_null(page->signs);
        }
    }
    assert_true(seen > 0);
}

/* What takes argon2's time and memory is counted, or is for whoever is signed in. */
static bool looks_at_a_password(const char *body)
{
    call_begin("10.0.0.1", "/console/session", "");
    call.is_post = true;
    call.content_type = "application/json";
    call.body = body;
    call.body_len = strlen(body);
    enum pipeline_next next = pipeline_prepare(&call, portal, db);
    bool looked = call.prepared != NULL;
    call_end(next);
    return looked;
}

static void without_a_session_no_password_is_looked_at(void **state)
{
    (void)state;
    assert_true(
        looks_at_a_password("{\"action\":\"signin\",\"login\":\"admin\",\"password\":\"none\"}"));
    assert_int_equal(call.status, 403);
    assert_false(looks_at_a_password("{\"action\":\"password\",\"login\":\"admin\",\"old\":"
                                     "\"none\",\"password\":\"next password\"}"));
    assert_int_equal(call.status, 401);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_credential_opens_it_as_it_calls_the_method),
        cmocka_unit_test(a_signature_is_for_one_file),
        cmocka_unit_test(it_is_good_for_a_day),
        cmocka_unit_test(it_ends_with_what_its_reader_may),
        cmocka_unit_test(it_ends_with_the_webhook_it_was_given_to),
        cmocka_unit_test(what_a_signature_says_is_no_credential),
        cmocka_unit_test(a_closed_portal_shows_no_file),
        cmocka_unit_test(every_page_beside_methods_has_a_scope),
        cmocka_unit_test(it_ends_with_the_application_it_was_given_to),
        cmocka_unit_test(without_a_session_no_password_is_looked_at),
    };
    return cmocka_run_group_tests(tests, setup, pipeline_teardown);
}
