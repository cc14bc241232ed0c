/* second_step - what follows a right password where its user has a second factor: a ticket, and a code with it.
 *
 * What:    the ticket says whose password was right a moment ago; it opens nothing without a code, and none once the
 *          password is another one.
 * Used by: page/console_session, page/oauth.
 * Memory:  the call's arena.
 * Threads: the write lane's.
 * Errors:  API_STORE; what a person is told is in the step.
 */
#ifndef RAPPORT_REST_SECOND_STEP_H
#define RAPPORT_REST_SECOND_STEP_H

#include "rest/call.h"

#define SECOND_STEP_S 300 /* for a code, after the password */

struct second_step {
    int64_t user_id;     /* whose */
    int status;          /* of the refusal */
    const char *refused; /* NULL: it was right */
};

/* *ticket is NULL where the user has no second factor: the password is enough. */
enum api_rc second_step_ticket(struct call *call, int64_t user_id, const char **ticket);
/* By a ticket and a code. */
enum api_rc second_step_take(struct call *call, const char *ticket, const char *code,
                             struct second_step *step);
/* Of who is signed in. `began`: a code of the secret that does not hold yet. */
enum api_rc second_step_code(struct call *call, int64_t user_id, const char *code, bool began,
                             struct second_step *step);

#endif
