/* /console/session: a person signs in, out, and gets the token that the page calls with.
 *
 * POST with a JSON body {"action": ...}:
 *   signin {login, password}, link {code}, code {ticket, code}: begins a session;  token: the next token of the session.
 *     They answer {token, expires_in, user_id, is_admin, control}. Where the user has a second factor, signin answers
 *     {second_factor: true, ticket, expires_in} instead, and begins nothing: `code` does, with that ticket and a code of
 *     the device or one of the recovery codes. A link needs no code: whoever makes one sits at the server.
 *   signout;  signout_all: all sessions of the user but this one;  signout_everywhere: this one, too;
 *   password {login, old, password}: sets a new one, and ends the other sessions. They answer true.
 * What is refused has a text for people in error_description: 401 nobody is signed in, 403 wrong, 429 too many attempts.
 * See page/console_account for what a person looks at and changes of his own.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "people/console.h"
#include "people/signin.h"
#include "people/token.h"
#include "portal/feed.h"
#include "portal/portal.h"
#include "rest/cookie.h"
#include "rest/entry.h"
#include "rest/own_page.h"
#include "rest/page.h"
#include "rest/second_step.h"

static int64_t now_of(const struct call *call)
{
    return (int64_t)call->req.now;
}

static bool is_signed_in(struct call *call)
{
    int64_t user_id;
    return session_user(call->req.db, call->req.portal, cookie_of(call, COOKIE_SESSION),
                        (int64_t)portal_now(call->req.portal), &user_id) == DB_ROW;
}

/* Looking at a password takes its time, so nobody may have it done without being counted: who is not signed in is refused
 * before that. */
static void prepare(struct call *call)
{
    bool signs_in = !strcmp(own_page_action(call), "signin");
    if (!own_page_asks(call) || (!signs_in && strcmp(own_page_action(call), "password") != 0) ||
        (!signs_in && !is_signed_in(call)))
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

/* What a tried password came to; *user_id: whose it is. */
static enum api_rc attempted(struct call *call, int64_t *user_id)
{
    struct signin_attempt *attempt = call->prepared;
    char wait[96];
    if (!attempt)
        return api_db(&call->req, DB_ERROR);
    enum db_rc rc = signin_record(call->req.db, now_of(call), attempt);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    snprintf(wait, sizeof wait, "Too many attempts. Try again in %lld seconds.",
             (long long)attempt->wait);
    *user_id = attempt->user_id;
    if (attempt->result == SIGNIN_OK)
        return API_OK;
    return attempt->result == SIGNIN_WAIT ? own_page_keep(call, 429, wait)
                                          : own_page_keep(call, 403, "Login or password is wrong.");
}

static enum api_rc answer_token(struct call *call, const char *session, int64_t user_id)
{
    char token[CONSOLE_CODE_LEN + 1];
    bool is_admin = false;
    enum api_rc rc = own_page_is_admin(call, user_id, &is_admin);
    if (rc == API_OK)
        rc = api_db(&call->req, console_token(call->req.db, call->req.portal, session, user_id,
                                              now_of(call), token));
    if (rc != API_OK)
        return rc;
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
    enum api_rc rc = entry_begin(call, user_id, session);
    return rc == API_OK ? answer_token(call, session, user_id) : rc;
}

static enum api_rc ask_for_code(struct call *call, const char *ticket)
{
    struct writer *out = &call->out;
    writer_begin_object(out);
    writer_keyz(out, "second_factor");
    writer_bool(out, true);
    writer_text(out, "ticket", ticket);
    writer_number(out, "expires_in", SECOND_STEP_S);
    writer_end_object(out);
    return API_OK;
}

static enum api_rc by_password(struct call *call)
{
    int64_t user_id;
    const char *ticket = NULL;
    enum api_rc rc = attempted(call, &user_id);
    if (rc == API_OK)
        rc = second_step_ticket(call, user_id, &ticket);
    if (rc != API_OK)
        return rc;
    return ticket ? ask_for_code(call, ticket) : begin(call, user_id);
}

static enum api_rc by_code(struct call *call)
{
    struct second_step step;
    enum api_rc rc = second_step_take(call, param_text(&call->req, "ticket"),
                                      param_text(&call->req, "code"), &step);
    if (rc == API_OK && step.refused)
        return own_page_keep(call, step.status, step.refused);
    return rc == API_OK ? begin(call, step.user_id) : rc;
}

static enum api_rc by_link(struct call *call)
{
    int64_t user_id;
    enum db_rc rc = console_link_use(call->req.db, call->req.portal, param_text(&call->req, "code"),
                                     now_of(call), &user_id);
    if (rc == DB_NONE)
        return own_page_refuse(
            call, 403, "This link was used, or is too old. `rapport console` makes another.");
    return rc == DB_ROW ? begin(call, user_id) : api_db(&call->req, rc);
}

/* ---- of a session ---- */

static enum api_rc next_token(struct call *call, const char *session, int64_t user_id)
{
    enum db_rc rc =
        session_used(call->req.db, call->req.portal, session, now_of(call), call->client);
    return rc == DB_OK ? answer_token(call, session, user_id) : api_db(&call->req, rc);
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

static enum api_rc sign_out_everywhere(struct call *call, const char *session, int64_t user_id)
{
    (void)session;
    feed_note_end(call->req.portal->feed, user_id, NULL);
    cookie_set(call, COOKIE_SESSION, "", 0);
    return done(call, console_end_all(call->req.db, call->req.portal, user_id, ""));
}

static enum api_rc new_password(struct call *call, const char *session, int64_t user_id)
{
    const char *password = param_text(&call->req, "password");
    int64_t whose;
    enum api_rc rc = attempted(call, &whose);
    if (rc != API_OK)
        return rc;
    if (whose != user_id)
        return own_page_refuse(call, 403, "Login or password is wrong.");
    if (strlen(password) < PASSWORD_MIN || strlen(password) > PASSWORD_MAX)
        return own_page_refuse(call, 400, "A password has 8 to 256 characters.");
    feed_note_end(call->req.portal->feed, user_id, NULL); /* this page's begins again */
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
        bool quiet; /* not for the trail; of who signs in rest/entry tells */
    } actions[] = {{"signin", by_password, NULL, true},
                   {"code", by_code, NULL, true},
                   {"link", by_link, NULL, true},
                   {"token", NULL, next_token, true},
                   {"signout", NULL, sign_out, true},
                   {"signout_all", NULL, sign_out_all, false},
                   {"signout_everywhere", NULL, sign_out_everywhere, false},
                   {"password", NULL, new_password, false}};
    const char *cookie;
    int64_t user_id;
    call_reply_header(call, "Cache-Control", "no-store");
    if (!own_page_asks(call))
        return own_page_refuse(call, 403, "Only the console itself may ask this.");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].action, own_page_action(call)) != 0)
            continue;
        if (actions[i].begin)
            return actions[i].begin(call);
        enum api_rc rc = own_page_session(call, &cookie, &user_id);
        if (rc == API_OK)
            rc = actions[i].go_on(call, cookie, user_id);
        return actions[i].quiet ? rc : own_page_note(call, rc, actions[i].action, user_id, NULL);
    }
    return own_page_refuse(call, 400, "There is no such action.");
}

static const struct page pages[] = {
    {.path = "/console/session",
     .of_console = true,
     .summary = "a person signs in to the console, and out",
     .lane = LANE_WRITE,
     .handle = session,
     .prepare = prepare},
};

PAGE_FAMILY(console_session, pages);
