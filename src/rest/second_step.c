#include "rest/second_step.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "people/second_factor.h"

static int64_t now_of(const struct call *call)
{
    return (int64_t)call->req.now;
}

/* Signed with what the password is kept as, so that it ends with it. DB_NONE: there is no such active user. */
static enum db_rc sign(struct call *call, int64_t user_id, int64_t until, char hex[SECRET_HASH_HEX])
{
    struct buf text = {0};
    struct db_stmt *stmt =
        db_prepare(call->req.db, "SELECT password_hash FROM member WHERE id = $1 AND active = 'Y'");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_step(stmt);
    buf_printf(&text, "second step %" PRId64 " %" PRId64 " %s", user_id, until,
               rc == DB_ROW ? db_text(stmt, 0, NULL) : "");
    db_finish(stmt);
    secret_hash(&call->req.portal->key, text.data, text.len, hex);
    buf_clear(&text);
    return rc;
}

enum api_rc second_step_ticket(struct call *call, int64_t user_id, const char **ticket)
{
    struct second_factor factor;
    char hex[SECRET_HASH_HEX];
    int64_t until = now_of(call) + SECOND_STEP_S;
    *ticket = NULL;
    enum db_rc rc = second_factor_read(call->req.db, user_id, &factor);
    if (rc != DB_OK || !factor.holds)
        return api_db(&call->req, rc);
    rc = sign(call, user_id, until, hex);
    if (rc == DB_ROW)
        *ticket = arena_printf(&call->arena, "%" PRId64 "-%" PRId64 "-%s", user_id, until, hex);
    return rc == DB_ROW ? API_OK : api_db(&call->req, rc == DB_NONE ? DB_ERROR : rc);
}

/* Whose ticket it is; 0: nobody's, or of a while ago. */
static enum api_rc owner_of(struct call *call, const char *ticket, int64_t *user_id)
{
    char *end, hex[SECRET_HASH_HEX];
    int64_t whose = strtoll(ticket, &end, 10);
    int64_t until = *end == '-' ? strtoll(end + 1, &end, 10) : 0;
    *user_id = 0;
    if (whose <= 0 || *end != '-' || until <= now_of(call))
        return API_OK;
    enum db_rc rc = sign(call, whose, until, hex);
    if (rc == DB_ROW && secret_equal(hex, end + 1))
        *user_id = whose;
    return api_db(&call->req, rc);
}

static void judge(struct call *call, const struct signin_attempt *attempt, struct second_step *step)
{
    switch (attempt->result) {
    case SIGNIN_OK:
        return;
    case SIGNIN_WAIT:
        step->status = 429;
        step->refused = arena_printf(
            &call->arena, "Too many attempts. Try again in %" PRId64 " seconds.", attempt->wait);
        return;
    default:
        step->status = 403;
        step->refused = "The code is wrong, or was used already.";
    }
}

enum api_rc second_step_code(struct call *call, int64_t user_id, const char *code, bool began,
                             struct second_step *step)
{
    struct signin_attempt attempt = {.address = call->client};
    *step = (struct second_step){.user_id = user_id};
    enum db_rc rc = second_factor_check(call->req.db, call->req.portal, user_id, code, began,
                                        now_of(call), &attempt);
    if (rc == DB_OK)
        judge(call, &attempt, step);
    return api_db(&call->req, rc);
}

enum api_rc second_step_take(struct call *call, const char *ticket, const char *code,
                             struct second_step *step)
{
    int64_t user_id;
    enum api_rc rc = owner_of(call, ticket, &user_id);
    if (rc != API_OK)
        return rc;
    if (user_id)
        return second_step_code(call, user_id, code, false, step);
    *step = (struct second_step){.status = 403,
                                 .refused = "That took too long. Sign in with the password again."};
    return API_OK;
}
