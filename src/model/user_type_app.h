/* user_type_app - the types of custom fields that applications made (userfieldtype.*).
 *
 * What:    an application's "color" is a field's "rest_5_color": a text that the application means something by, and
 *          shows in a frame of its own.
 * Used by: model/user_field_write, method/userfieldtype, method/userfieldconfig.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  the store's.
 */
#ifndef RAPPORT_MODEL_USER_TYPE_APP_H
#define RAPPORT_MODEL_USER_TYPE_APP_H

#include "model/user_type.h"

/* By USER_TYPE_ID; NULL when the program has no such type and no application made it. */
enum api_rc user_type_of(struct request *req, const char *id, const struct user_type **type);
/* "rest_5_color" -> 5 and "color"; false when it is no such text. */
bool user_type_app_id(const char *id, int64_t *app_id, const char **type_id);

#endif
