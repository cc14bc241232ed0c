/* signature - addresses that a browser opens without a credential.
 *
 * What:    an answer may name an address of a page (PAGE_SIGNED): it ends with `auth`, a signature over
 *          the page, its parameters, the caller's credential and user, and the time until which it is
 *          good. Whoever opens it acts as that caller, with what he may do then: it stops when his
 *          credential is revoked, he is dismissed, or he lost the right.
 * Used by: crm/activity_file (writes them), rest/pipeline (takes them).
 * Memory:  the request's arena.
 * Threads: any.
 * Errors:  ACCESS_DENIED for a signature that is not good, or no longer.
 */
#ifndef RAPPORT_PEOPLE_SIGNATURE_H
#define RAPPORT_PEOPLE_SIGNATURE_H

#include "portal/request.h"

struct signed_param {
    const char *name; /* NULL ends the list */
    int64_t value;
};

/* "http://host/path?name=value&...&auth=..." for the caller of `req`. */
const char *signature_address(struct request *req, const char *path,
                              const struct signed_param *params);
/* Has this `auth` the form of a signature, rather than that of a credential? */
bool signature_is(const char *auth);
/* Who opens the page. `names`: the parameters that are signed, ended by NULL. */
enum api_rc signature_caller(struct request *req, const char *path, const char *const *names,
                             const char *auth, struct caller *caller);

#endif
