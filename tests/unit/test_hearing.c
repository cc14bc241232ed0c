/* Who hears of a change: handlers bound for a user hear of what this user may read, others of all. */
#include "pipeline_support.h"

#include "people/access.h"
#include "people/app.h"
#include "people/role.h"
#include "people/token.h"
#include "portal/feed.h"

#define USER 2
#define HIS "handler=http://127.0.0.1:9/his"
#define ALL "handler=http://127.0.0.1:9/all"
#define ADMINS "handler=http://127.0.0.1:9/admins"

static struct token_pair his, admins;
static int64_t role;

static void as(const struct token_pair *pair, const char *method, const char *query)
{
    char path[64], parameters[512];
    snprintf(path, sizeof path, "/rest/%s", method);
    snprintf(parameters, sizeof parameters, "%s&auth=%s", query, pair->access);
    ask_from("10.0.0.1", path, parameters);
    if (call.status != 200)
        fail_msg("%s?%s: %s", method, query, buf_text(&call.answer));
}

static void bind_all(const struct token_pair *pair, const char *handler)
{
    static const char *const events[] = {"ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE",
                                         "ONCRMACTIVITYADD", "ONCRMACTIVITYDELETE"};
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        char query[160];
        snprintf(query, sizeof query, "event=%s&%s", events[i], handler);
        as(pair, "event.bind", query);
    }
}

static int setup(void **state)
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
    method_registry_init();
    pipeline_setup(state);
    store_exec(db, "INSERT INTO member (id, login, date_register, updated) VALUES (2, 'm2', 0, 0), "
                   "(3, 'm3', 0, 0);"
                   "DELETE FROM role_member");
    store_must(db, role_add(db, "tested", &role));
    store_must(db, role_set(db, role, 1, ACCESS_READ, ACCESS_OWN));
    store_must(db, role_give(db, role, ROLE_USER, USER));
    store_must(db, app_add(db, portal, &app, (int64_t)NOW, &secret));
    arena_init(&arena);
    assert_int_equal(app_find(db, &arena, secret.id, &app), DB_ROW);
    store_must(db, token_issue(db, portal, &app, USER, (int64_t)NOW, 3600, &his));
    store_must(db, token_issue(db, portal, &app, 1, (int64_t)NOW, 3600, &admins));
    arena_clear(&arena);
    bind_all(&his, HIS);
    bind_all(&admins, ALL);
    bind_all(&admins, ADMINS "&auth_type=1");
    return 0;
}

/* The administrator calls; the handlers hear of it so many times each. */
static void expect_heard(const char *method, const char *query, int by_him)
{
    store_exec(db, "DELETE FROM event_outbox");
    portal->subscribed.known = false;
    assert_int_equal(ask(method, query), 200);
#define HEARD(who)                                                                                 \
    store_number(db, "SELECT count(*) FROM event_outbox o JOIN event_target t ON t.id = "          \
                     "o.target_id WHERE t.handler = 'http://127.0.0.1:9/" who "'")
    assert_int_equal(HEARD("his"), by_him);
    assert_true(HEARD("all") > 0);
    assert_int_equal(HEARD("all"), HEARD("admins"));
}

static void he_hears_of_rows_that_he_may_read(void **state)
{
    (void)state;
    expect_heard("crm.lead.add", "fields[TITLE]=1&fields[ASSIGNED_BY_ID]=2", 1);
    expect_heard("crm.lead.add", "fields[TITLE]=2&fields[ASSIGNED_BY_ID]=3", 0);
    expect_heard("crm.lead.update", "id=1&fields[TITLE]=x", 1);
    expect_heard("crm.lead.update", "id=2&fields[TITLE]=x", 0);
}

static void handing_over_counts_as_it_is_then(void **state)
{
    (void)state;
    expect_heard("crm.lead.update", "id=1&fields[ASSIGNED_BY_ID]=3", 0);
    expect_heard("crm.lead.update", "id=1&fields[ASSIGNED_BY_ID]=2", 1);
}

static void activities_count_by_their_bindings(void **state)
{
    (void)state;
#define ACTIVITY                                                                                   \
    "fields[TYPE_ID]=6&fields[PROVIDER_ID]=OWN&fields[SUBJECT]=x&fields[OWNER_TYPE_ID]=1&"
    expect_heard("crm.activity.add", ACTIVITY "fields[OWNER_ID]=1&fields[RESPONSIBLE_ID]=3", 1);
    expect_heard("crm.activity.add", ACTIVITY "fields[OWNER_ID]=2&fields[RESPONSIBLE_ID]=3", 0);
    expect_heard("crm.activity.add", ACTIVITY "fields[OWNER_ID]=2&fields[RESPONSIBLE_ID]=2", 1);
    expect_heard("crm.activity.delete", "id=1", 1);
    expect_heard("crm.activity.delete", "id=2", 0);
}

/* Of the lead that is not his, and of its activity, which he is responsible for. */
static void what_goes_counts_as_it_was(void **state)
{
    (void)state;
    expect_heard("crm.lead.delete", "id=2", 1);
    assert_int_equal(store_number(db, "SELECT count(*) FROM event_outbox WHERE event = "
                                      "'ONCRMACTIVITYDELETE'"),
                     3);
    expect_heard("crm.lead.delete", "id=1", 1);
}

static void an_administrator_and_a_dismissed_one(void **state)
{
    (void)state;
    store_exec(db, "UPDATE member SET is_admin = 'Y' WHERE id = 2");
    expect_heard("crm.lead.add", "fields[TITLE]=3&fields[ASSIGNED_BY_ID]=3", 1);
    store_exec(db, "UPDATE member SET active = 'N' WHERE id = 2");
    expect_heard("crm.lead.add", "fields[TITLE]=4&fields[ASSIGNED_BY_ID]=3", 0);
}

/* ---- pages that follow ---- */

static void nothing(void *context)
{
    (void)context;
}

/* The administrator calls; what the page of user 2 is told then, each event by its data. */
static void expect_followed(struct follower *follower, const char *method, const char *query,
                            const char *told)
{
    char text[4096], found[1024] = "";
    long len;
    feed_group_begins(portal->feed);
    ask(method, query);
    feed_group_kept(portal->feed);
    len = feed_take(follower, text, sizeof text - 1, nothing, nothing, follower);
    text[len] = '\0';
    for (char *at = strstr(text, "\"entity\""); at; at = strstr(at + 1, "\"entity\""))
        snprintf(found + strlen(found), sizeof found - strlen(found), "%.*s;",
                 (int)strcspn(at + 9, "}"), at + 9);
    assert_string_equal(found, told);
}

#define ANEW(what, id, kind) "\"" what "\",\"id\":" id ",\"kind\":\"" kind "\";"

static void a_page_follows_what_its_user_reads_or_could_read(void **state)
{
    (void)state;
    char text[100];
    store_exec(db, "UPDATE member SET active = 'Y', is_admin = 'N' WHERE id = 2; DELETE FROM "
                   "event_handler");
    store_must(db, role_set(db, role, 2, ACCESS_READ, ACCESS_OWN));
    feed_open(portal);
    struct follower *page = feed_follow(portal, USER, "a", false, clock_monotonic() + 100);
    feed_take(page, text, sizeof text, nothing, nothing, page);
    expect_followed(page, "crm.deal.add", "fields[TITLE]=1&fields[ASSIGNED_BY_ID]=2",
                    ANEW("deal", "1", "add"));
    expect_followed(page, "crm.deal.add", "fields[TITLE]=2&fields[ASSIGNED_BY_ID]=3", "");
    expect_followed(page, "crm.deal.update", "id=1&fields[TITLE]=x", ANEW("deal", "1", "update"));
    expect_followed(page, "crm.deal.update", "id=2&fields[TITLE]=x", "");
    /* It goes out of his sight, and comes back. */
    expect_followed(page, "crm.deal.update", "id=1&fields[ASSIGNED_BY_ID]=3",
                    ANEW("deal", "1", "update"));
    expect_followed(page, "crm.deal.update", "id=1&fields[TITLE]=y", "");
    expect_followed(page, "crm.deal.update", "id=1&fields[ASSIGNED_BY_ID]=2",
                    ANEW("deal", "1", "update"));
    expect_followed(page, "crm.activity.add",
                    "fields[TYPE_ID]=6&fields[PROVIDER_ID]=OWN&fields[SUBJECT]=x&fields[OWNER_TYPE_"
                    "ID]=2&fields[OWNER_ID]=1&fields[RESPONSIBLE_ID]=3",
                    ANEW("activity", "4", "add"));
    expect_followed(page, "crm.timeline.comment.add",
                    "fields[ENTITY_TYPE]=deal&fields[ENTITY_ID]=1&fields[COMMENT]=x",
                    ANEW("deal", "1", "update"));
    expect_followed(page, "crm.timeline.comment.update", "id=1&fields[COMMENT]=y",
                    ANEW("deal", "1", "update"));
    expect_followed(page, "crm.timeline.comment.delete", "id=1", ANEW("deal", "1", "update"));
    expect_followed(page, "crm.deal.productrows.set",
                    "id=1&rows[0][PRODUCT_NAME]=x&rows[0][PRICE]=5", ANEW("deal", "1", "update"));
    expect_followed(page, "crm.deal.productrows.set",
                    "id=2&rows[0][PRODUCT_NAME]=x&rows[0][PRICE]=5", "");
    /* What is refused after all was not done. */
    expect_followed(page, "batch",
                    "cmd[a]=crm.deal.update%3Fid%3D1%26fields[TITLE]%3Dz&cmd[b]=crm.deal.update"
                    "%3Fid%3D77%26fields[TITLE]%3Dz",
                    ANEW("deal", "1", "update"));
    expect_followed(page, "crm.deal.delete", "id=2", "");
    expect_followed(page, "crm.deal.delete", "id=1",
                    ANEW("deal", "1", "delete") ANEW("activity", "4", "delete"));
    feed_leave(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(he_hears_of_rows_that_he_may_read),
        cmocka_unit_test(handing_over_counts_as_it_is_then),
        cmocka_unit_test(activities_count_by_their_bindings),
        cmocka_unit_test(what_goes_counts_as_it_was),
        cmocka_unit_test(an_administrator_and_a_dismissed_one),
        cmocka_unit_test(a_page_follows_what_its_user_reads_or_could_read),
    };
    return cmocka_run_group_tests(tests, setup, pipeline_teardown);
}
