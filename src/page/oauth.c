/* OAuth 2.0: /oauth/authorize/ for people, /oauth/token/ for applications.
 *
 * Pages: settings/oauth/index, settings/oauth/auto-renewal, settings/oauth/error-codes. As documented
 * what goes wrong in /oauth/authorize/ is shown to the person; the application hears of success only.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "people/signin.h"
#include "people/token.h"
#include "portal/kept_table.h"
#include "portal/scope.h"
#include "rest/call.h"
#include "rest/cookie.h"
#include "rest/entry.h"
#include "rest/html.h"
#include "rest/own_page.h"
#include "rest/page.h"
#include "rest/second_step.h"

KEPT_TABLE(app_consent);

#define COOKIE_BROWSER "rapport_browser" /* what a form's signature is bound to */

static int64_t now_of(const struct call *call)
{
    return (int64_t)call->req.now;
}

/* ---- cookies and the signature of forms ---- */

static void form_signature(struct call *call, const char *browser, char hex[SECRET_HASH_HEX])
{
    struct buf text = {0};
    buf_printf(&text, "form %s %s", browser, cookie_of(call, COOKIE_SESSION));
    secret_hash(&call->req.portal->key, buf_text(&text), text.len, hex);
    buf_clear(&text);
}

/* The hidden fields of every form: the request it belongs to, and the signature. */
static void form_begin(struct call *call)
{
    char signature[SECRET_HASH_HEX], fresh[SECRET_CODE_LEN + 1];
    const char *browser = cookie_of(call, COOKIE_BROWSER);
    if (strlen(browser) != SECRET_CODE_LEN) {
        secret_code(fresh, SECRET_CODE_LEN);
        browser = fresh;
        cookie_set(call, COOKIE_BROWSER, fresh, TOKEN_SESSION_S);
    }
    form_signature(call, browser, signature);
    html_markup(call, "<form method=\"post\" action=\"/oauth/authorize/\">");
    html_hidden(call, "client_id", param_text(&call->req, "client_id"));
    if (value_get(call->req.params, "state"))
        html_hidden(call, "state", param_text(&call->req, "state"));
    html_hidden(call, "signature", signature);
}

static bool form_is_ours(struct call *call)
{
    char signature[SECRET_HASH_HEX];
    const char *browser = cookie_of(call, COOKIE_BROWSER);
    form_signature(call, browser, signature);
    return *browser && secret_equal(signature, param_text(&call->req, "signature"));
}

/* ---- /oauth/authorize/ ---- */

static enum api_rc go_to(struct call *call, const char *address)
{
    call->answer.len = 0;
    call->reply.status = 303;
    call->reply.type = "text/plain; charset=utf-8";
    call_reply_header(call, "Location", address);
    call_reply_header(call, "Cache-Control", "no-store");
    return API_OK;
}

/* Back to the form's own address, now by GET. */
static enum api_rc go_back(struct call *call)
{
    struct buf address = {0};
    const char *client = param_text(&call->req, "client_id"),
               *state = param_text(&call->req, "state");
    buf_adds(&address, "/oauth/authorize/?client_id=");
    buf_add_percent(&address, client, strlen(client));
    if (value_get(call->req.params, "state")) {
        buf_adds(&address, "&state=");
        buf_add_percent(&address, state, strlen(state));
    }
    const char *kept = arena_strdup(&call->arena, buf_text(&address));
    buf_clear(&address);
    return go_to(call, kept);
}

/* To the registered address and no other, with a fresh code. */
static enum api_rc go_to_app(struct call *call, const struct app *app, int64_t user_id)
{
    char code[TOKEN_LEN + 1], member[APP_MARK_SIZE];
    const char *domain = base_url_domain(call->base_url);
    enum db_rc rc =
        token_code(call->req.db, call->req.portal, app->id, user_id, now_of(call), code);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    portal_member_id(call->req.portal, member);
    const struct {
        const char *key, *text;
    } parts[] = {
        {"code", code},
        {"state", value_get(call->req.params, "state") ? param_text(&call->req, "state") : NULL},
        {"domain", domain},
        {"member_id", member},
        {"scope", app->scope},
        {"server_domain", domain}};
    struct buf address = {0};
    buf_adds(&address, app->redirect_uri);
    char separator = strchr(app->redirect_uri, '?') ? '&' : '?';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!parts[i].text)
            continue;
        buf_addc(&address, separator);
        buf_adds(&address, parts[i].key);
        buf_addc(&address, '=');
        buf_add_percent(&address, parts[i].text, strlen(parts[i].text));
        separator = '&';
    }
    const char *kept = arena_strdup(&call->arena, buf_text(&address));
    buf_clear(&address);
    return go_to(call, kept);
}

static enum api_rc show_signin(struct call *call, const struct app *app, int status,
                               const char *wrong)
{
    html_begin(call, status, "Sign in");
    html_markup(call, "<p>");
    html_text(call, app->name);
    html_markup(call, " asks for access in your name.</p>");
    if (wrong) {
        html_markup(call, "<p class=\"wrong\" role=\"alert\">");
        html_text(call, wrong);
        html_markup(call, "</p>");
    }
    form_begin(call);
    html_markup(call,
                "<label>Login<input name=\"login\" autocomplete=\"username\" required autofocus>"
                "</label><label>Password<input name=\"password\" type=\"password\" "
                "autocomplete=\"current-password\" required></label>"
                "<button name=\"action\" value=\"signin\">Sign in</button></form>");
    html_end(call);
    return API_OK;
}

/* What comes behind the password of who has a second factor. */
static enum api_rc show_code(struct call *call, int status, const char *ticket, const char *wrong)
{
    html_begin(call, status, "Sign in");
    html_markup(call,
                "<p>Enter the code that your device shows, or one of your recovery codes.</p>");
    if (wrong) {
        html_markup(call, "<p class=\"wrong\" role=\"alert\">");
        html_text(call, wrong);
        html_markup(call, "</p>");
    }
    form_begin(call);
    html_hidden(call, "ticket", ticket);
    html_markup(call,
                "<label>Code<input name=\"code\" autocomplete=\"one-time-code\" required "
                "autofocus></label><button name=\"action\" value=\"code\">Sign in</button></form>");
    html_end(call);
    return API_OK;
}

static enum api_rc show_consent(struct call *call, const struct app *app, const char *login)
{
    html_begin(call, 200, "Allow access");
    html_markup(call, "<p><b>");
    html_text(call, app->name);
    html_markup(call, "</b> wants to act in the name of <b>");
    html_text(call, login);
    html_markup(call, "</b> with these rights:</p><p>");
    html_text(call, app->scope);
    html_markup(call, "</p>");
    form_begin(call);
    html_markup(call, "<button name=\"action\" value=\"allow\">Allow</button>"
                      "<button class=\"plain\" name=\"action\" value=\"deny\">Deny</button>"
                      "<button class=\"plain\" name=\"action\" value=\"signout\">"
                      "Sign in as somebody else</button></form>");
    html_end(call);
    return API_OK;
}

/* The consent of a user to an application's scope: asked, or given. */
static enum db_rc consent_stands(struct call *call, const struct app *app, int64_t user_id)
{
    struct db_stmt *stmt =
        db_prepare(call->req.db, "SELECT 1 FROM app_consent WHERE app_id = $1 AND user_id = $2 AND "
                                 "scope = $3");
    db_bind_int(stmt, 1, app->id);
    db_bind_int(stmt, 2, user_id);
    db_bind_textz(stmt, 3, app->scope);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc;
}

static enum db_rc consent_give(struct call *call, const struct app *app, int64_t user_id)
{
    struct db_stmt *stmt = db_prepare(
        call->req.db, "INSERT INTO app_consent (app_id, user_id, scope, created) VALUES ($1, $2, "
                      "$3, $4) ON CONFLICT (app_id, user_id) DO UPDATE SET scope = EXCLUDED.scope, "
                      "created = EXCLUDED.created");
    db_bind_int(stmt, 1, app->id);
    db_bind_int(stmt, 2, user_id);
    db_bind_textz(stmt, 3, app->scope);
    db_bind_int(stmt, 4, now_of(call));
    return db_run(stmt);
}

/* On the HTTP thread: looking at a password takes its time. */
static void prepare_signin(struct call *call)
{
    if (!call->is_post || strcmp(param_text(&call->req, "action"), "signin") != 0 ||
        !form_is_ours(call))
        return;
    struct signin_attempt *attempt = arena_alloc(&call->arena, sizeof *attempt);
    const char *password = param_text(&call->req, "password");
    *attempt =
        (struct signin_attempt){.login = param_text(&call->req, "login"), .address = call->client};
    if (strlen(password) > PASSWORD_MAX)
        password = "";
    if (signin_check(call->req.db, password, (int64_t)portal_now(call->req.portal), attempt) ==
        DB_OK)
        call->prepared = attempt;
}

static enum api_rc enter(struct call *call, int64_t user_id)
{
    char session[TOKEN_LEN + 1];
    enum api_rc rc = entry_begin(call, user_id, session);
    return rc == API_OK ? go_back(call) : rc;
}

static enum api_rc sign_in_code(struct call *call)
{
    const char *ticket = param_text(&call->req, "ticket");
    struct second_step step;
    enum api_rc rc = second_step_take(call, ticket, param_text(&call->req, "code"), &step);
    if (rc == API_OK && step.refused)
        return show_code(call, step.status, ticket, step.refused);
    return rc == API_OK ? enter(call, step.user_id) : rc;
}

static enum api_rc sign_in(struct call *call, const struct app *app)
{
    struct signin_attempt *attempt = call->prepared;
    const char *ticket;
    char wait[96];
    if (!attempt)
        return api_db(&call->req, DB_ERROR);
    enum db_rc rc = signin_record(call->req.db, now_of(call), attempt);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    if (attempt->result == SIGNIN_WAIT) {
        snprintf(wait, sizeof wait, "Too many attempts. Try again in %lld seconds.",
                 (long long)attempt->wait);
        return show_signin(call, app, 429, wait);
    }
    if (attempt->result != SIGNIN_OK)
        return show_signin(call, app, 403, "Login or password is wrong.");
    enum api_rc asked = second_step_ticket(call, attempt->user_id, &ticket);
    if (asked != API_OK)
        return asked;
    return ticket ? show_code(call, 200, ticket, NULL) : enter(call, attempt->user_id);
}

/* What a signed-in person chose, or nothing yet. */
static enum api_rc decide(struct call *call, const struct app *app, int64_t user_id,
                          const char *action)
{
    enum db_rc rc = consent_stands(call, app, user_id);
    if (rc != DB_ROW && rc != DB_NONE)
        return api_db(&call->req, rc);
    if (!strcmp(action, "deny"))
        return html_message(call, 200, "Not allowed",
                            "The application got no access. You can close this page.");
    if (!strcmp(action, "allow")) {
        enum api_rc given = api_db(&call->req, consent_give(call, app, user_id));
        given = own_page_note(
            call, given, arena_printf(&call->arena, "allowed application %lld", (long long)app->id),
            user_id, NULL);
        return given == API_OK ? go_to_app(call, app, user_id) : given;
    }
    if (rc == DB_ROW)
        return go_to_app(call, app, user_id);
    struct db_stmt *stmt = db_prepare(call->req.db, "SELECT login FROM member WHERE id = $1");
    db_bind_int(stmt, 1, user_id);
    rc = db_step(stmt);
    const char *login = rc == DB_ROW ? request_text(&call->req, stmt, 0, NULL) : "";
    db_finish(stmt);
    return rc == DB_ROW ? show_consent(call, app, login) : api_db(&call->req, rc);
}

/* NULL: the application may ask; else what the person is told. */
static const char *app_refused(struct call *call, enum db_rc found, const struct app *app)
{
    const char *address = param_text(&call->req, "redirect_uri");
    const char *kind = param_text(&call->req, "response_type");
    if (found != DB_ROW || app->revoked)
        return "No such application is installed here. Check client_id.";
    if (!*app->redirect_uri)
        return "This application has no redirect address; register it with one.";
    if (*address && strcmp(address, app->redirect_uri) != 0)
        return "The redirect_uri of the request is not the registered one.";
    if (*kind && strcmp(kind, "code") != 0)
        return "Only response_type=code is supported.";
    return NULL;
}

static enum api_rc authorize(struct call *call)
{
    struct app app;
    int64_t user_id = 0;
    const char *action = call->is_post ? param_text(&call->req, "action") : "";
    const char *session = cookie_of(call, COOKIE_SESSION);
    enum db_rc rc =
        app_find_client(call->req.db, &call->arena, param_text(&call->req, "client_id"), &app);
    if (rc != DB_ROW && rc != DB_NONE)
        return api_db(&call->req, rc);
    const char *refused = app_refused(call, rc, &app);
    if (refused)
        return html_message(call, rc == DB_NONE ? 404 : 400, "Not possible", refused);
    if (call->is_post && !form_is_ours(call))
        return html_message(call, 403, "Not possible",
                            "This form is too old or came from another page. Go back and reload.");
    if (!strcmp(action, "signin"))
        return sign_in(call, &app);
    if (!strcmp(action, "code"))
        return sign_in_code(call);
    if (!strcmp(action, "signout")) {
        rc = session_end(call->req.db, call->req.portal, session);
        cookie_set(call, COOKIE_SESSION, "", 0);
        return rc == DB_OK ? go_back(call) : api_db(&call->req, rc);
    }
    if (*session) {
        rc = session_user(call->req.db, call->req.portal, session, now_of(call), &user_id);
        if (rc != DB_ROW && rc != DB_NONE)
            return api_db(&call->req, rc);
    }
    if (!user_id)
        return show_signin(call, &app, 200, NULL);
    if (!app_allows(app.users, user_id))
        return html_message(call, 403, "Not possible", "This application is not open to you.");
    return decide(call, &app, user_id, action);
}

/* ---- /oauth/token/ ---- */

/* Every item of the comma or space list `wanted` must be in the application's scope. */
static bool scope_within(const char *wanted, const char *scope)
{
    while (*wanted) {
        size_t len = strcspn(wanted, ", ");
        if (len && !scope_listed_n(scope, ',', wanted, len))
            return false;
        wanted += len + strspn(wanted + len, ", ");
    }
    return true;
}

/* *known: there is such an application. */
static enum api_rc check_client(struct call *call, struct app *app, bool *known)
{
    const char *client = param_text(&call->req, "client_id"),
               *secret = param_text(&call->req, "client_secret");
    bool right = false;
    if (!*client || !*secret)
        return api_fail(&call->req, API_ERR_OAUTH_REQUEST,
                        "client_id and client_secret are required");
    enum db_rc rc = app_find_client(call->req.db, &call->arena, client, app);
    if (rc == DB_ROW)
        rc = app_check_secret(call->req.db, call->req.portal, app->id, secret, &right);
    if (rc != DB_ROW && rc != DB_NONE)
        return api_db(&call->req, rc);
    *known = rc == DB_ROW && !app->revoked;
    if (*known && !right)
        return api_fail(&call->req, API_ERR_OAUTH_CLIENT, NULL);
    if (!*known)
        return API_OK;
    if (app->payment_expired)
        return api_fail(&call->req, API_ERR_PAYMENT_REQUIRED, NULL);
    return API_OK;
}

/* What the authorization server says to a client_id it does not know: with 200, and without a text. */
static enum api_rc say_wrong_client(struct call *call)
{
    writer_begin_object(&call->out);
    writer_keyz(&call->out, "error");
    writer_stringz(&call->out, "wrong_client");
    writer_end_object(&call->out);
    return API_OK;
}

static enum api_rc token(struct call *call)
{
    const char *kind = param_text(&call->req, "grant_type"), *code = param_text(&call->req, "code"),
               *refresh = param_text(&call->req, "refresh_token");
    bool redeem = !strcmp(kind, "authorization_code");
    struct app app;
    struct token_pair pair;
    call_reply_header(call, "Cache-Control", "no-store");
    if (!redeem && strcmp(kind, "refresh_token") != 0)
        return api_fail(&call->req, API_ERR_OAUTH_REQUEST,
                        "grant_type must be authorization_code or refresh_token");
    if (redeem ? !*code : !*refresh)
        return api_fail(&call->req, API_ERR_OAUTH_REQUEST, "%s is required",
                        redeem ? "code" : "refresh_token");
    bool known = false;
    enum api_rc rc = check_client(call, &app, &known);
    if (rc != API_OK)
        return rc;
    if (!known)
        return say_wrong_client(call);
    if (!scope_within(param_text(&call->req, "scope"), app.scope))
        return api_fail(&call->req, API_ERR_OAUTH_SCOPE, NULL);
    enum db_rc found =
        redeem ? token_redeem(call->req.db, call->req.portal, &app, code, now_of(call), &pair)
               : token_refresh(call->req.db, call->req.portal, &app, refresh, now_of(call), &pair);
    if (found == DB_NONE)
        return api_fail(&call->req, API_ERR_OAUTH_GRANT, NULL);
    if (found != DB_OK)
        return api_db(&call->req, found);
    token_write(&call->out, call->req.portal, call->base_url, &app, &pair);
    /* A pair that takes the place of another is no new credential. */
    return !redeem ? API_OK
                   : own_page_note(call, API_OK,
                                   arena_printf(&call->arena, "gave application %lld its tokens",
                                                (long long)app.id),
                                   pair.user_id, NULL);
}

static const struct page pages[] = {
    {.path = "/oauth/authorize/",
     .summary = "a person lets an application act for him",
     .lane = LANE_WRITE,
     .handle = authorize,
     .prepare = prepare_signin},
    {.path = "/oauth/token/",
     .summary = "a code or a refresh token for a pair of tokens",
     .lane = LANE_WRITE,
     .handle = token},
};

PAGE_FAMILY(oauth, pages);
