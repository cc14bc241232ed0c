#include "rest/entry.h"

#include "rest/agent_name.h"
#include "rest/cookie.h"
#include "rest/own_page.h"

enum api_rc entry_begin(struct call *call, int64_t user_id, char session[TOKEN_LEN + 1])
{
    char agent[AGENT_NAME_SIZE];
    agent_name(call->user_agent, agent);
    const struct session_place place = {call->client, agent};
    enum db_rc rc = session_begin(call->req.db, call->req.portal, user_id, (int64_t)call->req.now,
                                  &place, session);
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    cookie_set(call, COOKIE_SESSION, session, TOKEN_SESSION_S);
    return own_page_note(call, API_OK, "signed in", user_id, NULL);
}
