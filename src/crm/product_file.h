/* product_file - files of products' properties: a value is the id of a row here, which names the content.
 *
 * What:    given as ["name", "Base64"] or {fileData: that}; shown as {id, showUrl, downloadUrl}, signed addresses.
 *          Pages: api-reference/crm/outdated/products/crm-product-update, api-reference/files/how-to-update-files.
 * Used by: crm/property_type, crm/property_value, crm/product, crm/product_property, page/file.
 * Memory:  the request's arena.
 * Threads: the lane's; product_files prepares on the HTTP thread.
 * Errors:  as portal/request.h; the page's: ACCESS_DENIED, NOT_FOUND.
 */
#ifndef RAPPORT_CRM_PRODUCT_FILE_H
#define RAPPORT_CRM_PRODUCT_FILE_H

#include "model/relation.h"

#define PRODUCT_FILE_PATH "/bitrix/tools/crm_show_product_file.php"

extern const struct field_type type_product_file;
/* Of a product, and of a property: files go with it. */
extern const struct relation product_files, property_files;

/* Is it one file rather than a list of them? */
bool product_file_is_one(const struct value *given);
/* Content is stored, and belongs to no product yet. */
enum api_rc product_file_store(struct request *req, int64_t property_id, const struct value *pair,
                               int64_t *id);
/* Belongs to the product from now on those that its values of that property name; the others go. */
enum api_rc product_file_settle(struct request *req, int64_t product_id, int64_t property_id);
/* The page's: fileId. */
enum api_rc product_file_find(struct request *req, const char **hash, const char **name);

#endif
