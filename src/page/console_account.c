/* /console/account: what a person looks at and changes of his own sign-in.
 *
 * POST with a JSON body {"action": ...}, with the cookie of a session, as /console/session:
 *   show              {login, has_password, second_factor, recovery_left, sessions: [{key, created, used, address, agent,
 *                     current}]}: the times are seconds since 1970, 0 where that was not kept yet
 *   end {key}         ends a session of the list: true
 *   second_factor_begin    makes a secret, which does not hold yet: {secret, uri}, base32 and otpauth://
 *   second_factor_confirm {code}    a code of it: it holds from now on: {recovery_codes: [ten, each opens once]}
 *   recovery_codes {code}           ten new ones in place of those before
 *   second_factor_remove {code}     true
 *   second_factors         of an administrator: {users: [...]}, the ids of those who have one
 *   second_factor_drop {user_id}    of an administrator: somebody else's goes, who has lost the device: true
 * `code` is one of the device, or but for the confirmation a recovery code. What is refused has a text for people: 400
 * it does not stand so, 401 nobody is signed in, 403 a wrong code, 404 no such session, 429 too many attempts.
 */
#include <string.h>

#include "people/console.h"
#include "people/second_factor.h"
#include "portal/feed.h"
#include "portal/portal.h"
#include "rest/own_page.h"
#include "rest/page.h"
#include "rest/second_step.h"

struct account {
    struct call *call;
    const char *session;
    int64_t user_id;
};

static int64_t now_of(const struct account *account)
{
    return (int64_t)account->call->req.now;
}

static enum api_rc read_login(const struct account *account, const char **login, bool *has_password)
{
    struct request *req = &account->call->req;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT login, password_hash <> '' FROM member WHERE id = $1");
    db_bind_int(stmt, 1, account->user_id);
    enum db_rc rc = db_step(stmt);
    *login = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : "";
    const char *flag = rc == DB_ROW ? db_text(stmt, 1, NULL) : "";
    *has_password = *flag == '1' || *flag == 't';
    db_finish(stmt);
    return api_db(req, rc);
}

static void write_sessions(struct writer *out, const struct session_row *rows, size_t count)
{
    writer_keyz(out, "sessions");
    writer_begin_list(out);
    for (size_t i = 0; i < count; i++) {
        writer_begin_object(out);
        writer_text(out, "key", rows[i].key);
        writer_number(out, "created", rows[i].created);
        writer_number(out, "used", rows[i].used);
        writer_text(out, "address", rows[i].address);
        writer_text(out, "agent", rows[i].agent);
        writer_keyz(out, "current");
        writer_bool(out, rows[i].current);
        writer_end_object(out);
    }
    writer_end_list(out);
}

static enum api_rc show(const struct account *account)
{
    struct request *req = &account->call->req;
    struct writer *out = &account->call->out;
    struct second_factor factor;
    struct session_row *rows = NULL;
    size_t count = 0;
    const char *login;
    bool has_password;
    enum api_rc rc = read_login(account, &login, &has_password);
    if (rc == API_OK)
        rc = api_db(req, second_factor_read(req->db, account->user_id, &factor));
    if (rc == API_OK)
        rc = api_db(req, session_list(req->db, req->portal, req->arena, account->user_id,
                                      account->session, now_of(account), &rows, &count));
    if (rc != API_OK)
        return rc;
    writer_begin_object(out);
    writer_text(out, "login", login);
    writer_keyz(out, "has_password");
    writer_bool(out, has_password);
    writer_keyz(out, "second_factor");
    writer_bool(out, factor.holds);
    writer_number(out, "recovery_left", factor.recovery_left);
    write_sessions(out, rows, count);
    writer_end_object(out);
    return API_OK;
}

static enum api_rc end(const struct account *account)
{
    struct call *call = account->call;
    char hash[SECRET_HASH_HEX];
    enum db_rc rc =
        session_end_key(call->req.db, account->user_id, param_text(&call->req, "key"), hash);
    if (rc == DB_NONE)
        return own_page_refuse(call, 404, "There is no such session.");
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    feed_note_end(call->req.portal->feed, account->user_id, hash);
    call->signs_out = true;
    writer_bool(&call->out, true);
    return API_OK;
}

/* ---- the second factor ---- */

/* otpauth://totp/Rapport:LOGIN?secret=...: what a device's camera takes. */
static const char *uri_of(const struct account *account, const char *login, const char *secret)
{
    struct buf uri = {0};
    const char *domain = strstr(account->call->base_url, "://");
    domain = domain ? domain + 3 : account->call->base_url;
    buf_adds(&uri, "otpauth://totp/Rapport:");
    buf_add_percent(&uri, login, strlen(login));
    buf_printf(&uri, "?secret=%s&issuer=Rapport%%20", secret);
    buf_add_percent(&uri, domain, strlen(domain));
    const char *kept = arena_strdup(&account->call->arena, buf_text(&uri));
    buf_clear(&uri);
    return kept;
}

static enum api_rc factor_begin(const struct account *account)
{
    struct call *call = account->call;
    char secret[TOTP_SECRET_TEXT];
    const char *login;
    bool has_password;
    enum api_rc rc = read_login(account, &login, &has_password);
    if (rc != API_OK)
        return rc;
    enum db_rc begun =
        second_factor_begin(call->req.db, call->req.portal, account->user_id, secret);
    if (begun == DB_CONFLICT)
        return own_page_refuse(call, 400, "There is a second factor. Remove it first.");
    if (begun != DB_OK)
        return api_db(&call->req, begun);
    writer_begin_object(&call->out);
    writer_text(&call->out, "secret", secret);
    writer_text(&call->out, "uri", uri_of(account, login, secret));
    writer_end_object(&call->out);
    return API_OK;
}

/* API_OK: it is right. Else it was refused, and counted. */
static enum api_rc check_code(const struct account *account, bool began)
{
    struct call *call = account->call;
    struct second_factor factor;
    struct second_step step;
    enum api_rc rc =
        api_db(&call->req, second_factor_read(call->req.db, account->user_id, &factor));
    if (rc != API_OK)
        return rc;
    if (began ? !factor.begun : !factor.holds)
        return own_page_refuse(call, 400,
                               began ? "No second factor is waiting for its first code."
                                     : "There is no second factor.");
    rc = second_step_code(call, account->user_id, param_text(&call->req, "code"), began, &step);
    return rc == API_OK && step.refused ? own_page_keep(call, step.status, step.refused) : rc;
}

static enum api_rc give_recovery_codes(const struct account *account)
{
    struct call *call = account->call;
    char codes[RECOVERY_CODES][RECOVERY_LEN + 1];
    enum db_rc rc = recovery_make(call->req.db, call->req.portal, account->user_id, codes);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    writer_begin_object(&call->out);
    writer_keyz(&call->out, "recovery_codes");
    writer_begin_list(&call->out);
    for (int i = 0; i < RECOVERY_CODES; i++)
        writer_stringz(&call->out, codes[i]);
    writer_end_list(&call->out);
    writer_end_object(&call->out);
    return API_OK;
}

static enum api_rc factor_confirm(const struct account *account)
{
    struct request *req = &account->call->req;
    enum api_rc rc = check_code(account, true);
    if (rc == API_OK)
        rc = api_db(req, second_factor_hold(req->db, account->user_id, now_of(account)));
    return rc == API_OK ? give_recovery_codes(account) : rc;
}

static enum api_rc recovery_codes(const struct account *account)
{
    enum api_rc rc = check_code(account, false);
    return rc == API_OK ? give_recovery_codes(account) : rc;
}

static enum api_rc factor_remove(const struct account *account)
{
    struct request *req = &account->call->req;
    enum api_rc rc = check_code(account, false);
    if (rc == API_OK)
        rc = api_db(req, second_factor_remove(req->db, account->user_id));
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* ---- for administrators ---- */

static enum api_rc factors(const struct account *account)
{
    struct writer *out = &account->call->out;
    enum api_rc rc = own_page_admin(account->call, account->user_id);
    enum db_rc step;
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(account->call->req.db, "SELECT user_id FROM second_factor WHERE confirmed IS "
                                          "NOT NULL ORDER BY user_id");
    writer_begin_object(out);
    writer_keyz(out, "users");
    writer_begin_list(out);
    while ((step = db_step(stmt)) == DB_ROW)
        writer_int(out, db_int(stmt, 0));
    writer_end_list(out);
    writer_end_object(out);
    db_finish(stmt);
    return api_db(&account->call->req, step);
}

static enum api_rc factor_drop(const struct account *account)
{
    struct request *req = &account->call->req;
    int64_t user_id = 0;
    enum api_rc rc = own_page_admin(account->call, account->user_id);
    if (rc != API_OK)
        return rc;
    param_int(req, "user_id", &user_id);
    if (user_id == account->user_id)
        return own_page_refuse(account->call, 400, "Your own goes with a code of it.");
    enum db_rc removed = second_factor_remove(req->db, user_id);
    if (removed == DB_NONE)
        return own_page_refuse(account->call, 404, "This user has no second factor.");
    if (removed == DB_OK)
        writer_bool(req->out, true);
    return api_db(req, removed);
}

static enum api_rc account(struct call *call)
{
    static const struct {
        const char *action;
        bool reads;
        enum api_rc (*run)(const struct account *account);
    } actions[] = {
        {"show", true, show},
        {"end", false, end},
        {"second_factor_begin", true, factor_begin}, /* nothing holds until it is confirmed */
        {"second_factor_confirm", false, factor_confirm},
        {"second_factor_remove", false, factor_remove},
        {"recovery_codes", false, recovery_codes},
        {"second_factors", true, factors},
        {"second_factor_drop", false, factor_drop}};
    struct account whose = {.call = call};
    call_reply_header(call, "Cache-Control", "no-store");
    if (!own_page_asks(call))
        return own_page_refuse(call, 403, "Only the console itself may ask this.");
    enum api_rc rc = own_page_session(call, &whose.session, &whose.user_id);
    if (rc != API_OK)
        return rc;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].action, own_page_action(call)) != 0)
            continue;
        rc = actions[i].run(&whose);
        return actions[i].reads
                   ? rc
                   : own_page_note(call, rc, actions[i].action, whose.user_id, call->req.params);
    }
    return own_page_refuse(call, 400, "There is no such action.");
}

static const struct page pages[] = {
    {.path = "/console/account",
     .of_console = true,
     .summary = "a person's own sessions and second factor",
     .lane = LANE_WRITE,
     .handle = account},
};

PAGE_FAMILY(console_account, pages);
