/* token - the tokens of OAuth 2.0: codes, pairs of access and refresh token, sessions.
 *
 * What:    makes, exchanges and ends them. Pages: settings/oauth/index, settings/oauth/auto-renewal.
 * Used by: page/oauth, people/auth (looks an access token up), send/ (the auth block), app/ (rapport
 *          token issue).
 * Memory:  the caller's structs; every secret is kept in the store as a keyed hash only.
 * Threads: that of the connection, which must be in a write transaction or able to write.
 * Errors:  enum db_rc; DB_NONE: there is no such code or token in force.
 */
#ifndef RAPPORT_PEOPLE_TOKEN_H
#define RAPPORT_PEOPLE_TOKEN_H

#include "people/app.h"

#define TOKEN_LEN 40             /* of 62 letters and digits: 238 bits */
#define TOKEN_CODE_S 30          /* life of an authorization code */
#define TOKEN_ACCESS_S 3600      /* of an access token */
#define TOKEN_REFRESH_S 15552000 /* of a refresh token: 180 days */
#define TOKEN_SESSION_S 1209600  /* of a session in a browser: 14 days */

struct token_pair {
    char access[TOKEN_LEN + 1], refresh[TOKEN_LEN + 1];
    int64_t user_id, expires, lifetime; /* of the access token: unix time, seconds */
};

/* A pair for this user. `lifetime` of the access token in seconds, negative: it has run out already. */
enum db_rc token_issue(struct db *db, const struct portal *portal, const struct app *app,
                       int64_t user_id, int64_t now, int64_t lifetime, struct token_pair *pair);
/* Exchanges a refresh token for a new pair; the old one is not taken again. */
enum db_rc token_refresh(struct db *db, const struct portal *portal, const struct app *app,
                         const char *refresh, int64_t now, struct token_pair *pair);
/* Makes a code for this user. */
enum db_rc token_code(struct db *db, const struct portal *portal, int64_t app_id, int64_t user_id,
                      int64_t now, char code[TOKEN_LEN + 1]);
/* Exchanges a code, once, for a pair. */
enum db_rc token_redeem(struct db *db, const struct portal *portal, const struct app *app,
                        const char *code, int64_t now, struct token_pair *pair);
/* The answer of the token endpoint, as one JSON object. */
void token_write(struct writer *out, const struct portal *portal, const char *base_url,
                 const struct app *app, const struct token_pair *pair);

/* Where a session is: for its owner to know it by. */
struct session_place {
    const char *address, *agent; /* "Firefox, Linux" */
};

/* A session in a browser. */
enum db_rc session_begin(struct db *db, const struct portal *portal, int64_t user_id, int64_t now,
                         const struct session_place *place, char session[TOKEN_LEN + 1]);
/* DB_ROW with the active user it belongs to. */
enum db_rc session_user(struct db *db, const struct portal *portal, const char *session,
                        int64_t now, int64_t *user_id);
enum db_rc session_end(struct db *db, const struct portal *portal, const char *session);

#endif
