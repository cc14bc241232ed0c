/* own_page - what pages ask that belong to this host: JSON by POST, and nothing that another page could send.
 *
 * What:    a body that is JSON is sent by no form, and by no page of another host without being asked first (CORS); an Origin
 *          that comes must be ours. They carry the cookie of a session.
 * Used by: page/console_session, page/console_account, page/app_frame, rest/admin_page; own_page_note: rest/entry, page/oauth, too.
 * Memory:  the call's.
 * Threads: any; the write lane's where a session is looked up.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_REST_OWN_PAGE_H
#define RAPPORT_REST_OWN_PAGE_H

#include "rest/call.h"

bool own_page_asks(const struct call *call);
/* The parameter `action`. */
const char *own_page_action(const struct call *call);
/* Refuses with a text for people. own_page_keep: what was done so far stays (a failure that was counted). */
enum api_rc own_page_refuse(struct call *call, int status, const char *text);
enum api_rc own_page_keep(struct call *call, int status, const char *text);
/* Whose session the cookie is; refuses with 401 where it is nobody's. */
enum api_rc own_page_session(struct call *call, const char **session, int64_t *user_id);
/* Notes in the trail what this user did at this page ("role_add"), if `rc` says it is done; `params` without what is secret; NULL: nothing of them
 * is told. Returns `rc`, or the store's trouble. */
enum api_rc own_page_note(struct call *call, enum api_rc rc, const char *did, int64_t user_id,
                          const struct value *params);
/* Is the user an administrator now? own_page_admin: refuses with 403 whoever is none. */
enum api_rc own_page_is_admin(struct call *call, int64_t user_id, bool *is_admin);
enum api_rc own_page_admin(struct call *call, int64_t user_id);

#endif
