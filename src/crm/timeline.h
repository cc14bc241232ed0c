/* timeline - what stands on the card of a lead, a deal ... beside its activities: comments and log messages.
 *
 * What:    entries, and their bindings to the rows at whose cards they show. Who may read or change one of those may
 *          read or change the entry. With its last row an entry goes, with its files and notes.
 * Used by: method/crm_timeline*, crm/activity (a row goes), crm/activity_move.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_TIMELINE_H
#define RAPPORT_CRM_TIMELINE_H

#include "model/permit.h"

#define TIMELINE_COMMENT "comment"
#define TIMELINE_LOG "log"

struct timeline_entry {
    int64_t id, created, author_id, app_id;
    const char *kind, *title, *text, *icon; /* "" where there is none */
    /* The first of its rows that the caller may read; NULL: there is none such. */
    const struct entity *owner;
    int64_t owner_id;
    size_t bindings;
};

/* Adds it, bound to `owner`; sets id, created, author_id and app_id. */
enum api_rc timeline_add(struct request *req, const struct entity *owner, int64_t owner_id,
                         struct timeline_entry *entry);
/* An entry of that kind (NULL: of any) with its first readable row, held in a write. */
enum api_rc timeline_read(struct request *req, const char *kind, int64_t id,
                          struct timeline_entry *entry, bool *found);
/* What it is to the caller: of updating, whether he may update one of its rows. */
enum api_rc timeline_sight(struct request *req, int64_t id, enum access_action action,
                           enum permit_sight *sight);
enum api_rc timeline_is_bound(struct request *req, int64_t id, const struct entity *owner,
                              int64_t owner_id, bool *bound);
enum api_rc timeline_bind(struct request *req, const struct timeline_entry *entry,
                          const struct entity *owner, int64_t owner_id);
/* With what the row has of it: notes, a pin. */
enum api_rc timeline_unbind(struct request *req, int64_t id, const struct entity *owner,
                            int64_t owner_id);
/* The entry itself, with all that is its. Tells of a comment. */
enum api_rc timeline_remove(struct request *req, const char *kind, int64_t id);
/* A row goes: its entries do that show nowhere else, and its notes. */
enum api_rc timeline_owner_gone(struct request *req, const struct entity *owner, int64_t owner_id);
/* What shows at `from` shows at `into`. */
enum api_rc timeline_owner_moved(struct request *req, const struct entity *owner, int64_t from,
                                 int64_t into);
/* An activity goes: the notes on it do. */
enum api_rc timeline_notes_gone(struct request *req, int item_type, int64_t item_id);

/* "ADD", "UPDATE", "DELETE" of a comment: ONCRMTIMELINECOMMENTADD ... with data[ID]. */
enum api_rc timeline_tell(struct request *req, const char *what, int64_t id);
/* A comment was changed: that is told, and so is every card that it stands at to pages that follow. */
enum api_rc timeline_changed(struct request *req, int64_t id);
/* Something of the timeline of this card was changed: pages that follow the changes are told of the card. */
enum api_rc timeline_follow(struct request *req, const struct entity *owner, int64_t owner_id);

/* The file behind an address (fileId, ownerId): ACCESS_DENIED, NOT_FOUND. */
enum api_rc timeline_file_find(struct request *req, const char **hash, const char **name);

/* "deal", as comments name the type of a row. NULL: no entity that has a card. */
const struct entity *timeline_owner(const struct request *req, const char *code);
const char *timeline_owner_code(struct request *req, const struct entity *owner);

#define TIMELINE_ITEM_ENTRY 1
#define TIMELINE_ITEM_ACTIVITY 2

#endif
