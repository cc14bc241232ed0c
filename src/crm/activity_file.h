/* activity_file - FILES and WEBDAV_ELEMENTS of activities.
 *
 * Used by: crm/activity (its descriptor), page/file (the addresses).
 * Memory:  the request's arena.
 * Threads: what prepares in the slow lane, all else on the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ACTIVITY_FILE_H
#define RAPPORT_CRM_ACTIVITY_FILE_H

#include "model/relation.h"

/* FILES and WEBDAV_ELEMENTS as given: pairs to add, ids to keep; and STORAGE_ELEMENT_IDS. */
extern const struct relation activity_files;

/* The page of FILES, and the file behind an address of it (parameters fileId, ownerId): NOT_FOUND, or
 * ACCESS_DENIED when the caller may not read the activity. */
#define ACTIVITY_FILE_PATH "/bitrix/tools/crm_show_file.php"
enum api_rc activity_file_find(struct request *req, const char **hash, const char **name);

#endif
