/* activity - the activity: a call, a meeting, an e-mail in the timeline of its owners.
 *
 * What:    the descriptor, its rules, and its parts in other tables: bindings (which owners it
 *          shows at), communications (whom it was with), files.
 *          Pages: api-reference/crm/timeline/activities/activity-base.
 * Used by: method/crm_activity, the owners' delete, app/demo, http/ (files).
 * Memory:  the request's arena.
 * Threads: the lane's.
 */
#ifndef RAPPORT_CRM_ACTIVITY_H
#define RAPPORT_CRM_ACTIVITY_H

#include "crm/entity.h"

extern const struct entity activity_entity;
/* The description of a communication's fields, for crm.activity.communication.fields. */
extern const struct field activity_communication_fields[];
extern const size_t activity_communication_field_count;

/* An owner is about to go: activities that were bound to it alone go too, the others lose it. */
enum api_rc activity_owner_deleted(struct request *req, int owner_type_id, int64_t owner_id);

/* The prepare hook of add and update: stores the files given before the call comes to its lane. */
void activity_files_prepare(struct request *req);

/* ---- between the files of the activity ---- */

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

/* Reads COMMUNICATIONS of a change. *given: whether it was there. Fails as the page says. */
enum api_rc communications_read(struct change *change, bool *given, struct communication **list);
/* Is this the adding of an e-mail that is to be sent, with a relay or without one? Then a communication may
 * come without a value: mail_queue says what is missing in its own words. */
bool mail_wanted(struct change *change);
/* The activity goes: its e-mail, if it still waits, is not sent. */
enum api_rc mail_withdraw(struct request *req, int64_t activity_id);
/* Queues the e-mail of an activity that was just added, when it is to be sent. API_KEPT: it cannot be; the
 * activity stays. */
enum api_rc mail_queue(struct change *change, const struct communication *list);
enum api_rc communications_store(struct request *req, int64_t activity_id,
                                 const struct communication *list);
/* Makes the bindings: the owner's, and those of the communications in place of the earlier ones. */
enum api_rc bindings_store(struct change *change, const struct communication *list);
enum api_rc bindings_add(struct request *req, int64_t activity_id, int64_t owner_type_id,
                         int64_t owner_id);

enum api_rc binding_remove(struct request *req, int64_t activity_id, int64_t owner_type_id,
                           int64_t owner_id);
/* The first binding that is not the given one: DB_ROW with it, or DB_NONE. */
enum db_rc binding_other(struct request *req, int64_t id, int type_id, int64_t owner_id,
                         int64_t *next_type, int64_t *next_id);

/* FILES and WEBDAV_ELEMENTS as given: pairs to add, ids to keep. NULL-free after the check. */
enum api_rc files_check(struct change *change);
enum api_rc files_store(struct change *change);
enum api_rc files_delete(struct request *req, int64_t activity_id);

extern const struct field_virtual communications_virtual, bindings_virtual, files_virtual,
    storage_virtual;

/* The owner entity (lead, deal, contact, company), NULL for others. */
const struct entity *activity_owner_entity(int64_t type_id);

/* The page of FILES, and the file behind an address of it (parameters fileId, ownerId): NOT_FOUND, or
 * ACCESS_DENIED when the caller may not read the activity. */
#define ACTIVITY_FILE_PATH "/bitrix/tools/crm_show_file.php"
enum api_rc activity_file_find(struct request *req, const char **hash, const char **name);

#endif
