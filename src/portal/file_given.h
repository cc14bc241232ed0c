/* file_given - a file inside of a call: ["name", "Base64"], as FILES, PHOTO or ICON_FILE have it.
 *
 * What:    finds it, decodes it, keeps it in the file store. Page: api-reference/files/how-to-upload-files.
 * Used by: crm/activity_file, model/picture, method/crm_activity_type.
 * Memory:  the request's arena.
 * Threads: file_given_prepare on the HTTP thread, all else on the lane's.
 * Errors:  file_given_store: the store's; what is no Base64 is for file_given_good to find before.
 */
#ifndef RAPPORT_PORTAL_FILE_GIVEN_H
#define RAPPORT_PORTAL_FILE_GIVEN_H

#include "portal/file_store.h"

struct file_given {
    const char *name;
    size_t size;
    char content[FILE_HASH_HEX];
};

/* The pair of {fileData: pair} or a bare one; NULL when it is none. */
const struct value *file_given_pair(const struct value *item);
/* Does its text decode, and to something? PHP's base64_decode with its strict mode. */
bool file_given_good(const struct request *req, const struct value *pair);
/* Decoding and syncing a large file takes long: the other writes need not wait for it. What cannot be
 * stored now is tried again, and its error told, by the handler. */
void file_given_prepare(struct request *req, const struct value *pair);
/* `place`: where a row is about to name it. One that the sweep does not know would lose it an hour later: a bug. */
enum api_rc file_given_store(struct request *req, const struct file_reference *place,
                             const struct value *pair, struct file_given *file);

#endif
