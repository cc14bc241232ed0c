/* timeline_file - FILES of comments.
 *
 * Used by: crm/timeline, method/crm_timeline_comment.c, page/file (the addresses).
 * Memory:  the request's arena.
 * Threads: timeline_files_prepare in the slow lane, all else on the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_TIMELINE_FILE_H
#define RAPPORT_CRM_TIMELINE_FILE_H

#include "model/relation.h"

#define TIMELINE_FILE_PATH "/bitrix/tools/crm_show_comment_file.php"

/* The `prepare` hook of methods that take `fields`. */
void timeline_files_prepare(struct request *req);
/* As given: pairs to add, ids to keep; NULL: they stay. Refused when it is anything else. */
enum api_rc timeline_files_check(struct request *req, const struct value *files);
enum api_rc timeline_files_store(struct request *req, int64_t entry_id, const struct value *files);
enum api_rc timeline_files_delete(struct request *req, int64_t entry_id);
/* Of a page of comments; an object by id for each. */
enum api_rc timeline_files_load(struct request *req, const int64_t *ids, size_t count,
                                struct relation_page **page);
void timeline_files_write(struct request *req, struct relation_page *page, int64_t entry_id);
/* Content and name of a file; NOT_FOUND. Who may read the comment is crm/timeline's. */
enum api_rc timeline_file_read(struct request *req, int64_t entry_id, int64_t file_id,
                               const char **hash, const char **name);

#endif
