/* scope - the names of rights, and lists of them.
 *
 * What:    what a credential may call. Page: api-reference/scopes/permissions; portals list some more,
 *          which the live tests of the official SDKs want.
 * Used by: model/method and rest/pipeline (checks), method/system (answers), app/ (new webhooks).
 * Threads: any.
 */
#ifndef RAPPORT_PORTAL_SCOPE_H
#define RAPPORT_PORTAL_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

/* Every scope there is, in order; ends with NULL. */
extern const char *const scope_names[];
/* Does `list`, whose items stand between separators, hold `name`? */
bool scope_listed(const char *list, char separator, const char *name);
bool scope_listed_n(const char *list, char separator, const char *name, size_t len);
/* May a credential with the scopes `list` (comma list) what `wanted` asks for: one of "crm|user", or
 * nothing (NULL)? */
bool scope_allows(const char *list, const char *wanted);
/* A comma list of known scopes; else `bad` names the first that is not. "" is a list of none: it opens
 * the methods that need no scope. */
bool scope_valid(const char *list, char *bad, size_t size);

#endif
