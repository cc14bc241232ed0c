/* user_filter - the conditions of user.get and user.search.
 *
 * What:    brings the caller's filter into the form of model/query, and the conditions that are no
 *          plain column: departments, who is online, words of a name.
 * Used by: user/user only.
 * Memory:  values live in the request's arena.
 * Threads: the lane's.
 * Errors:  as model/query.h.
 */
#ifndef RAPPORT_USER_USER_FILTER_H
#define RAPPORT_USER_USER_FILTER_H

#include "model/query.h"
#include "model/relation.h"

/* So long after the last call a user still counts as online. */
#define USER_ONLINE_SECONDS 120

extern const struct relation user_online_filter, user_department_filter,
    user_department_name_filter, user_words_filter;

/* A field's name as the table has it, in the arena: names come in any case. */
const char *user_key(struct arena *arena, const char *name);
/* The caller's conditions under their table names, from `filter` or from beside it; never NULL. */
struct value *user_filter_value(struct request *req, const struct entity *entity, bool search);
/* Adds them to the query, and that mail users stay out unless asked for. */
enum api_rc user_filter(struct query *query, const struct value *filter);

#endif
