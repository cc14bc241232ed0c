/* activity_parts - an activity's numbers and names, and its parts in other tables.
 *
 * What:    bindings (which owners it shows at) and communications (whom it was with): how they are read
 *          from a change, stored, and shown (crm/activity_shown).
 * Used by: crm/activity*, method/crm_activity*.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ACTIVITY_PARTS_H
#define RAPPORT_CRM_ACTIVITY_PARTS_H

#include "model/relation.h"

#define ACTIVITY_TYPE 6 /* its own number in crm.enum.ownertype */

/* Providers of what applications make: their activities are theirs to change. */
#define PROVIDER_APP "REST_APP"
#define PROVIDER_CONFIGURABLE "CONFIGURABLE_REST_APP"

enum activity_type {
    TYPE_MEETING = 1,
    TYPE_CALL,
    TYPE_TASK,
    TYPE_EMAIL,
    TYPE_ACTIVITY,
    TYPE_PROVIDER
};

/* One communication, resolved. */
struct communication {
    struct communication *next;
    const char *type, *value, *settings; /* settings: JSON */
    int64_t entity_id;
    int entity_type_id;
    bool readable; /* the caller may read that entity, or there is none */
    bool unseen;   /* it stands in the row, and stays whatever is written */
};

/* Is this the adding of an e-mail that is to be sent, with a relay or without one? Then a communication may
 * come without a value: mail_queue says what is missing in its own words. */
bool mail_wanted(struct change *change);
/* The relations' functions for a change. COMMUNICATIONS as given, resolved; fails as the page says. Bindings are the
 * owner's, and those of the communications in place of the earlier ones. */
enum api_rc communications_check(struct change *change, const struct relation *relation,
                                 void **slot);
enum api_rc communications_store(struct change *change, const struct relation *relation,
                                 void *slot);
enum api_rc bindings_store(struct change *change, const struct relation *relation, void *slot);
/* What communications_check found; NULL: none. */
const struct communication *communications_of(const struct change *change);

enum api_rc bindings_add(struct request *req, int64_t activity_id, int64_t owner_type_id,
                         int64_t owner_id);

enum api_rc binding_remove(struct request *req, int64_t activity_id, int64_t owner_type_id,
                           int64_t owner_id);
/* The first binding that is not the given one: DB_ROW with it, or DB_NONE. */
enum db_rc binding_other(struct request *req, int64_t id, int type_id, int64_t owner_id,
                         int64_t *next_type, int64_t *next_id);

/* crm/activity_shown */
extern const struct relation communications, bindings;

#endif
