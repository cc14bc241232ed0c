/* activity_file - FILES and WEBDAV_ELEMENTS of activities.
 *
 * Used by: crm/activity, method/crm_activity (prepare), page/file (the addresses).
 * Memory:  the request's arena.
 * Threads: activity_files_prepare on the HTTP thread, all else on the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ACTIVITY_FILE_H
#define RAPPORT_CRM_ACTIVITY_FILE_H

#include "model/entity.h"

/* The prepare hook of add and update: stores the files given before the call comes to its lane. */
void activity_files_prepare(struct request *req);

/* FILES and WEBDAV_ELEMENTS as given: pairs to add, ids to keep. NULL-free after the check. */
enum api_rc files_check(struct change *change);
enum api_rc files_store(struct change *change);
enum api_rc files_delete(struct request *req, int64_t activity_id);

extern const struct field_virtual files_virtual, storage_virtual;

/* The page of FILES, and the file behind an address of it (parameters fileId, ownerId): NOT_FOUND, or
 * ACCESS_DENIED when the caller may not read the activity. */
#define ACTIVITY_FILE_PATH "/bitrix/tools/crm_show_file.php"
enum api_rc activity_file_find(struct request *req, const char **hash, const char **name);

#endif
