/* audit_note - an entry of the trail (portal/audit) for what a request changed.
 *
 * What:    rest/dispatch notes each call of a method that sets the portal up (method_sets_up); pages note what they did, by themselves.
 *          Changes of rows (deals, activities ...) are noted where the portal wants them (--audit-rows).
 * Used by: rest/dispatch, rest/own_page, rest/control.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h: what cannot be noted is not done.
 */
#ifndef RAPPORT_REST_AUDIT_NOTE_H
#define RAPPORT_REST_AUDIT_NOTE_H

#include "model/method.h"

/* What the caller of req->method did, if such calls are noted. */
enum api_rc audit_call(struct request *req);
/* What this user did by `action`; `params` without what is secret (rest/shown); NULL: nothing of them is told. */
enum api_rc audit_note(struct request *req, const char *action, int64_t user_id,
                       const struct value *params);

#endif
