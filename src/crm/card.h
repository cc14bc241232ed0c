/* card - how the card of a type is arranged: sections, and the fields in them, of one user or of everybody.
 *
 * What:    checks what crm.item.details.configuration.set gives and keeps it, in the table card_configuration.
 * Used by: method/crm_item_details.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  the texts of the pages, with an empty code.
 */
#ifndef RAPPORT_CRM_CARD_H
#define RAPPORT_CRM_CARD_H

#include "portal/request.h"

struct card {
    int64_t type_id, variant; /* a funnel, or the kind of leads */
    int64_t user_id;          /* 0: everybody's */
};

/* *json: NULL when there is none. */
enum api_rc card_find(struct request *req, const struct card *card, const char **json);
enum api_rc card_set(struct request *req, const struct card *card, const struct value *data);
enum api_rc card_reset(struct request *req, const struct card *card);
/* Nobody keeps one of his own. */
enum api_rc card_force_common(struct request *req, const struct card *card);

#endif
