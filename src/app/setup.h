/* setup - what the first start of a data directory puts into its portal.
 *
 * What:    the demo's data and the administrator's webhook, whose code is shown once.
 * Used by: app/serve.
 * Threads: the program's first; the server may be running already.
 * Errors:  false with a sentence in `why`.
 *
 * A start may be killed anywhere: what is half done is done again by the next one, and a webhook that
 * was made but perhaps not shown is replaced.
 */
#ifndef RAPPORT_APP_SETUP_H
#define RAPPORT_APP_SETUP_H

#include "people/console.h"
#include "portal/portal.h"
#include "portal/request.h"

#define SETUP_CODE_SIZE 129
#define CONSOLE_SIGNIN "/#signin=" /* what of an address stands before the link's code */

/* What a start asks for; all of it is for a new portal, and said to have no effect on another. */
struct setup {
    bool demo;
    const char *code;      /* of the first webhook; NULL: a random one */
    const char *scope;     /* its scope; NULL: all that methods here ask for */
    const char *time_zone; /* portal_open has set it */
};

/* `code` is empty when the webhook was shown by an earlier start. */
bool setup_portal(struct portal *portal, const struct setup *wanted, char code[SETUP_CODE_SIZE],
                  struct buf *why);
/* The demo alone, around the day of portal_now, inside the caller's write transaction. */
enum api_rc setup_demo(struct portal *portal, struct db *db);
/* A link that signs this user in to the console, once; for an hour. */
bool setup_console(struct portal *portal, int64_t user_id, char link[TOKEN_LEN + 1],
                   struct buf *why);
/* After the code stands on stdout: it is never shown again. */
bool setup_shown(struct portal *portal, struct buf *why);

#endif
