/* entry - who has proved who he is gets a session: its cookie, and the place that the list of his sessions shows.
 *
 * Used by: page/console_session, page/oauth.
 * Memory:  the caller's buffer.
 * Threads: the write lane's.
 * Errors:  API_STORE.
 */
#ifndef RAPPORT_REST_ENTRY_H
#define RAPPORT_REST_ENTRY_H

#include "people/token.h"
#include "rest/call.h"

/* session: the new one's secret, for those who go on with it in the same call. */
enum api_rc entry_begin(struct call *call, int64_t user_id, char session[TOKEN_LEN + 1]);

#endif
