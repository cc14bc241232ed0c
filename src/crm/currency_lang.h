/* currency_lang - how amounts of a currency are written, by language: the localizations of crm.currency.
 *
 * What:    the only SQL for the table currency_lang: LANG of a currency, and the fields that a currency shows in the
 *          portal's language.
 * Used by: crm/currency.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_CURRENCY_LANG_H
#define RAPPORT_CRM_CURRENCY_LANG_H

#include "model/relation.h"

/* LANG, and in the portal's language FULL_NAME with its five siblings: one field writes all six. */
extern const struct relation currency_lang_all, currency_lang_own;

/* What a localization is made of. */
extern const struct field currency_lang_fields[];
extern const size_t currency_lang_field_count;

/* Lays `given` (by language) over the localizations of a currency; `code` is its name where none is given.
 * *changed counts those that were given, and are kept. *why: what no localization can be. */
enum api_rc currency_lang_set(struct request *req, int64_t currency_id, const char *code,
                              const struct value *given, int64_t *changed, const char **why);
/* The localization in the portal's language is there, as the defaults have it, if no other is. */
enum api_rc currency_lang_default(struct request *req, int64_t currency_id, const char *code);
/* Those of the languages in `lids`; of all where it is NULL. */
enum api_rc currency_lang_delete(struct request *req, int64_t currency_id, const struct value *lids,
                                 int64_t *deleted);
/* Writes them all, by language. */
enum api_rc currency_lang_write(struct request *req, int64_t currency_id);

#endif
