/* /console/session: a person signs in, out, and gets the token that the page calls with.
 *
 * POST with a JSON body {"action": ...}:
 *   signin {login, password}, link {code}: begins a session;  token: the next token of the session;
 *   signout; signout_all: all sessions of the user but this one;  password {old, password}: sets a new one.
 * The first three answer {token, expires_in, user_id, is_admin, portal}. Only pages of this host are answered: the
 * body must be JSON, which a form of another page cannot send, and an Origin that comes must be ours.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "people/console.h"
#include "people/signin.h"
#include "portal/feed.h"
#include "portal/portal.h"
#include "rest/call.h"
#include "rest/cookie.h"
#include "rest/page.h"

static int64_t now_of(const struct call *call)
{
    return (int64_t)call->req.now;
}

static const char *action_of(const struct call *call)
{
    return param_text(&call->req, "action");
}

static bool is_ours(const struct call *call)
{
    static const char json[] = "application/json";
    return call->is_post && call->content_type &&
           !strncasecmp(call->content_type, json, strlen(json)) &&
           (!call->origin || !strcmp(call->origin, call->base_url));
}

/* Looking at a password takes its time. */
static void prepare(struct call *call)
{
    bool signs_in = !strcmp(action_of(call), "signin");
    if (!is_ours(call) || (!signs_in && strcmp(action_of(call), "password") != 0))
        return;
    struct signin_attempt *attempt = arena_alloc(&call->arena, sizeof *attempt);
    const char *password = param_text(&call->req, signs_in ? "password" : "old");
    *attempt =
        (struct signin_attempt){.login = param_text(&call->req, "login"), .address = call->client};
    if (strlen(password) > PASSWORD_MAX)
        password = "";
    if (signin_check(call->req.db, password, (int64_t)portal_now(call->req.portal), attempt) ==
        DB_OK)
        call->prepared = attempt;
}

static enum api_rc refuse(struct call *call, int status, const char *text)
{
    enum api_rc rc = api_fail(&call->req, API_ERR_ACCESS_DENIED, "%s", text);
    call->req.error.status = status;
    return rc;
}

/* What a tried password came to; *user_id: whose it is. */
static enum api_rc attempted(struct call *call, int64_t *user_id)
{
    const struct signin_attempt *attempt = call->prepared;
    char wait[96];
    if (!attempt)
        return api_db(&call->req, DB_ERROR);
    enum db_rc rc = signin_record(call->req.db, now_of(call), attempt);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    snprintf(wait, sizeof wait, "Too many attempts. Try again in %lld seconds.",
             (long long)attempt->wait);
    enum api_rc refused = attempt->result == SIGNIN_WAIT ? refuse(call, 429, wait)
                          : attempt->result != SIGNIN_OK
                              ? refuse(call, 403, "Login or password is wrong.")
                              : API_OK;
    /* The failure stays counted. */
    *user_id = attempt->user_id;
    return refused == API_FAIL ? API_KEPT : refused;
}

static enum api_rc answer_token(struct call *call, const char *session, int64_t user_id)
{
    char token[CONSOLE_CODE_LEN + 1];
    bool is_admin = false;
    struct db_stmt *stmt = db_prepare(call->req.db, "SELECT is_admin FROM member WHERE id = $1");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_step(stmt);
    is_admin = rc == DB_ROW && *db_text(stmt, 0, NULL) == 'Y';
    db_finish(stmt);
    if (rc == DB_ROW)
        rc = console_token(call->req.db, call->req.portal, session, user_id, now_of(call), token);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    struct writer *out = &call->out;
    writer_begin_object(out);
    writer_keyz(out, "token");
    writer_stringz(out, token);
    writer_keyz(out, "expires_in");
    writer_int(out, CONSOLE_TOKEN_S);
    writer_keyz(out, "user_id");
    writer_int(out, user_id);
    writer_keyz(out, "is_admin");
    writer_bool(out, is_admin);
    writer_keyz(out, "control");
    writer_bool(out, call->req.portal->control);
    writer_end_object(out);
    return API_OK;
}

static enum api_rc begin(struct call *call, int64_t user_id)
{
    char session[TOKEN_LEN + 1];
    enum db_rc rc = session_begin(call->req.db, call->req.portal, user_id, now_of(call), session);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    cookie_set(call, COOKIE_SESSION, session, TOKEN_SESSION_S);
    return answer_token(call, session, user_id);
}

static enum api_rc by_password(struct call *call)
{
    int64_t user_id;
    enum api_rc rc = attempted(call, &user_id);
    return rc == API_OK ? begin(call, user_id) : rc;
}

static enum api_rc by_link(struct call *call)
{
    int64_t user_id;
    enum db_rc rc = console_link_use(call->req.db, call->req.portal, param_text(&call->req, "code"),
                                     now_of(call), &user_id);
    if (rc == DB_NONE)
        return refuse(call, 403,
                      "This link was used, or is too old. `rapport console` makes another.");
    return rc == DB_ROW ? begin(call, user_id) : api_db(&call->req, rc);
}

/* ---- of a session ---- */

static enum api_rc next_token(struct call *call, const char *session, int64_t user_id)
{
    return answer_token(call, session, user_id);
}

static enum api_rc done(struct call *call, enum db_rc rc)
{
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    call->signs_out = true;
    writer_bool(&call->out, true);
    return API_OK;
}

static enum api_rc sign_out(struct call *call, const char *session, int64_t user_id)
{
    char hash[SECRET_HASH_HEX];
    console_session_hash(call->req.portal, session, hash);
    feed_note_end(call->req.portal->feed, user_id, hash);
    cookie_set(call, COOKIE_SESSION, "", 0);
    return done(call, session_end(call->req.db, call->req.portal, session));
}

static enum api_rc sign_out_all(struct call *call, const char *session, int64_t user_id)
{
    feed_note_end(call->req.portal->feed, user_id, NULL);
    return done(call, console_end_all(call->req.db, call->req.portal, user_id, session));
}

static enum api_rc new_password(struct call *call, const char *session, int64_t user_id)
{
    const char *password = param_text(&call->req, "password");
    int64_t whose;
    enum api_rc rc = attempted(call, &whose);
    if (rc != API_OK)
        return rc;
    if (whose != user_id)
        return refuse(call, 403, "Login or password is wrong.");
    if (strlen(password) < PASSWORD_MIN || strlen(password) > PASSWORD_MAX)
        return refuse(call, 400, "A password has 8 to 256 characters.");
    enum db_rc set = password_set(call->req.db, user_id, password);
    if (set == DB_OK)
        set = console_end_all(call->req.db, call->req.portal, user_id, session);
    return done(call, set);
}

static enum api_rc session(struct call *call)
{
    static const struct {
        const char *action;
        enum api_rc (*begin)(struct call *call);
        enum api_rc (*go_on)(struct call *call, const char *session, int64_t user_id);
    } actions[] = {{"signin", by_password, NULL},       {"link", by_link, NULL},
                   {"token", NULL, next_token},         {"signout", NULL, sign_out},
                   {"signout_all", NULL, sign_out_all}, {"password", NULL, new_password}};
    const char *cookie = cookie_of(call, COOKIE_SESSION);
    int64_t user_id;
    call_reply_header(call, "Cache-Control", "no-store");
    if (!is_ours(call))
        return refuse(call, 403, "Only the console itself may ask this.");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].action, action_of(call)) != 0)
            continue;
        if (actions[i].begin)
            return actions[i].begin(call);
        enum db_rc rc =
            session_user(call->req.db, call->req.portal, cookie, now_of(call), &user_id);
        if (rc == DB_NONE)
            return refuse(call, 401, "Nobody is signed in.");
        return rc == DB_ROW ? actions[i].go_on(call, cookie, user_id) : api_db(&call->req, rc);
    }
    return refuse(call, 400, "There is no such action.");
}

static const struct page pages[] = {
    {.path = "/console/session",
     .summary = "a person signs in to the console, and out",
     .lane = LANE_WRITE,
     .handle = session,
     .prepare = prepare},
};

PAGE_FAMILY(console_session, pages);
