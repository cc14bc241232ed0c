/* activity_app - activities that belong to an application: whose an activity is.
 *
 * Used by: method/crm_activity_configurable.c, crm/activity, crm/configurable.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ACTIVITY_APP_H
#define RAPPORT_CRM_ACTIVITY_APP_H

#include "model/relation.h"

/* Whose it is: an activity that is added for PROVIDER_APP is the calling application's. */
extern const struct relation activity_apps;

/* *app_id is 0 when it belongs to none. */
enum api_rc activity_app_of(struct request *req, int64_t activity_id, int64_t *app_id);
/* Writes down that it is the calling application's. */
enum api_rc activity_app_claim(struct request *req, int64_t activity_id);
/* crm.activity.get and delete: an activity of this provider is for the application that made it. */
enum api_rc activity_app_only(struct request *req, int64_t activity_id, const char *provider);

#endif
