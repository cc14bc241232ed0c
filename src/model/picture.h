/* picture - PHOTO of contacts, LOGO of companies, PREVIEW_PICTURE and DETAIL_PICTURE of products, PERSONAL_PHOTO and
 * WORK_LOGO of people.
 *
 * What:    one file for each field of an owner, in the file store. Given as {fileData: ["name", "Base64"]},
 *          a bare pair, or {fileData: "Base64"}; a new one replaces the old, {remove: "Y"} or an empty value
 *          removes it, and what an answer showed ({id: ...}, the address) stays. Answered as {id, showUrl,
 *          downloadUrl}, of people as an address, both signed (people/signature).
 *          Pages: api-reference/files/how-to-update-files, user/user-add, crm/contacts/crm-contact-add.
 * Used by: descriptors (crm/contact, crm/company, crm/product), user/user*, page/file.
 * Memory:  the request's arena.
 * Threads: what prepares in the slow lane, all else on the lane's.
 * Errors:  "The field X is not defined or invalid"; the pages': ACCESS_DENIED, NOT_FOUND.
 */
#ifndef RAPPORT_MODEL_PICTURE_H
#define RAPPORT_MODEL_PICTURE_H

#include "model/relation.h"

/* Beside the types of crm.enum.ownertype. */
#define PICTURE_OF_PERSON 0
#define PICTURE_OF_PRODUCT (-1)

#define PICTURE_PATH "/bitrix/tools/crm_show_picture.php"
#define PERSON_PICTURE_PATH "/bitrix/tools/user_show_picture.php"
#define PERSON_PICTURE_SCOPE "user|user_basic|user_brief" /* as of user.get */

/* ---- entities: the fields whose relation this is ---- */

extern const struct relation pictures;
/* What its pictures are kept under. */
int picture_kept_as(const struct entity *entity);

/* ---- people ---- */

/* The `prepare` hook of user.add and user.update. */
void picture_prepare_person(struct request *req);
/* `given` NULL: nothing is. */
enum api_rc picture_check_person(struct request *req, const char *field, const struct value *given);
enum api_rc picture_store_person(struct request *req, int64_t user_id, const char *field,
                                 const struct value *given);
const char *picture_address(struct request *req, int64_t user_id, int64_t picture_id);
/* 0: none, or none that the caller could open. */
enum api_rc picture_of_person(struct request *req, int64_t user_id, const char *field,
                              int64_t *picture_id);

/* ---- what stands at the addresses: fileId, ownerId and, of CRM, ownerTypeId ---- */

enum api_rc picture_find(struct request *req, const char **hash, const char **name);
enum api_rc picture_find_person(struct request *req, const char **hash, const char **name);

#endif
