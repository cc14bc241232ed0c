/* second_factor - a code beside the password: from a device (base/totp), or one of ten that stand on paper.
 *
 * What:    the secret is made here, and holds once a code was shown; a code opens once, and a recovery code too. Wrong
 *          ones are counted and slowed down as passwords are (people/signin), by user and by address.
 * Used by: rest/second_step, page/console_session, app/ (rapport user set).
 * Memory:  the caller's. The secret is kept sealed with the portal's key, recovery codes as keyed hashes.
 * Threads: that of the connection, which must be in a write transaction or able to write.
 * Errors:  enum db_rc; DB_NONE: the user has none.
 */
#ifndef RAPPORT_PEOPLE_SECOND_FACTOR_H
#define RAPPORT_PEOPLE_SECOND_FACTOR_H

#include "base/totp.h"
#include "people/signin.h"
#include "portal/portal.h"

#define RECOVERY_CODES 10
#define RECOVERY_LEN 11 /* "k3mqz-7xw2p" */

struct second_factor {
    bool holds; /* it is asked for */
    bool begun; /* a secret was made, and no code of it shown yet */
    int64_t recovery_left;
};

enum db_rc second_factor_read(struct db *db, int64_t user_id, struct second_factor *factor);
/* A secret in place of one that does not hold. DB_CONFLICT: one holds. */
enum db_rc second_factor_begin(struct db *db, const struct portal *portal, int64_t user_id,
                               char secret[TOTP_SECRET_TEXT]);
/* It holds from now on. DB_NONE: none is waiting for that. */
enum db_rc second_factor_hold(struct db *db, int64_t user_id, int64_t now);
/* Ends it, with its recovery codes. DB_NONE: there was none. */
enum db_rc second_factor_remove(struct db *db, int64_t user_id);
/* Ten new ones; those from before are none any more. */
enum db_rc recovery_make(struct db *db, const struct portal *portal, int64_t user_id,
                         char codes[RECOVERY_CODES][RECOVERY_LEN + 1]);

/* Is it right, at this moment and for the first time? `began`: of the secret that does not hold yet, and no recovery
 * code. attempt->address is the caller's; the rest is set here, and recorded: attempt->result says how it went. */
enum db_rc second_factor_check(struct db *db, const struct portal *portal, int64_t user_id,
                               const char *code, bool began, int64_t now,
                               struct signin_attempt *attempt);

#endif
