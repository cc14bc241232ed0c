/* user_file - files of custom fields.
 *
 * What:    a value of the type file is the id of a row of user_field_file, which names the content. Given as
 *          ["name", "Base64"] or {fileData: that}; an id, or {id}, is one that the row has already and keeps; what a
 *          new value does not name goes. Answered with signed addresses.
 *          Page: api-reference/files/how-to-update-files.
 * Used by: model/type/custom_file, model/crud (prepare), page/file.
 * Memory:  the request's arena.
 * Threads: user_file_prepare on the HTTP thread, all else on the lane's.
 * Errors:  as portal/request.h; the pages': ACCESS_DENIED, NOT_FOUND.
 */
#ifndef RAPPORT_MODEL_USER_FILE_H
#define RAPPORT_MODEL_USER_FILE_H

#include "model/user_field.h"

#define USER_FILE_PATH "/bitrix/tools/crm_show_field_file.php"

enum user_file_wish {
    USER_FILE_WRONG,
    USER_FILE_NONE, /* nothing, or {remove: "Y"} */
    USER_FILE_KEPT, /* *id */
    USER_FILE_NEW   /* *pair */
};

enum user_file_wish user_file_wish(const struct value *given, int64_t *id,
                                   const struct value **pair);
/* Stores content, for a row that has no id yet perhaps. */
enum api_rc user_file_store(struct request *req, const struct field *field,
                            const struct value *pair, int64_t *id);
/* The row has these files in that field, and no others. */
enum api_rc user_file_settle(struct request *req, const struct field *field, int64_t row_id,
                             const struct cell *cells, size_t count);
/* Content of `fields` whose names look like custom ones, before the lane. */
void user_file_prepare(struct request *req);
const char *user_file_address(struct request *req, int64_t id);
/* What stands at the address: fileId. */
enum api_rc user_file_find(struct request *req, const char **hash, const char **name);

#endif
