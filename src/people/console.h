/* console - how a person's page is signed in: links that sign in once, and the tokens of a session.
 *
 * What:    a session (people/token) is a cookie, which no REST call takes; the page asks with it for a token that
 *          lives for minutes, and calls with that. A token opens as long as its session stands and its user is
 *          active. CONSOLE_MARK begins it, so that it is told from others without a look-up.
 * Used by: page/console_session, people/auth, app/ (rapport console, the first start).
 * Memory:  the caller's; secrets are kept in the store as keyed hashes only.
 * Threads: that of the connection, which must be able to write.
 * Errors:  enum db_rc; DB_NONE: there is no such link in force.
 */
#ifndef RAPPORT_PEOPLE_CONSOLE_H
#define RAPPORT_PEOPLE_CONSOLE_H

#include "people/token.h"

#define CONSOLE_MARK "console_"
#define CONSOLE_TOKEN_S 900 /* life of a token; the page asks for the next one before */
#define CONSOLE_LINK_S 3600 /* of a link */
#define CONSOLE_CODE_LEN (sizeof CONSOLE_MARK - 1 + TOKEN_LEN)

bool console_is_token(const char *code);
/* How a session is kept: what `session_hash` of the tables holds. */
void console_session_hash(const struct portal *portal, const char *session,
                          char hash[SECRET_HASH_HEX]);
/* DB_ROW with the hash of the session that a token belongs to, when that opens at this moment: nothing is believed
 * from before. */
enum db_rc console_token_session(struct db *db, const struct portal *portal, const char *token,
                                 int64_t now, char hash[SECRET_HASH_HEX]);
enum db_rc console_token(struct db *db, const struct portal *portal, const char *session,
                         int64_t user_id, int64_t now, char token[CONSOLE_CODE_LEN + 1]);
enum db_rc console_link(struct db *db, const struct portal *portal, int64_t user_id, int64_t now,
                        char link[TOKEN_LEN + 1]);
/* DB_ROW with whom it signs in; it is used up. */
enum db_rc console_link_use(struct db *db, const struct portal *portal, const char *link,
                            int64_t now, int64_t *user_id);
/* Of all sessions of a user, but for `kept` ("": none), with their tokens. */
enum db_rc console_end_all(struct db *db, const struct portal *portal, int64_t user_id,
                           const char *kept);

#endif
