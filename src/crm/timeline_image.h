/* timeline_image - icons and logos for entries of the timeline, by their codes.
 *
 * What:    those that somebody added; the product's own codes need no picture here, and are not listed.
 * Used by: method/crm_timeline_image.c, page/file (the addresses).
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_TIMELINE_IMAGE_H
#define RAPPORT_CRM_TIMELINE_IMAGE_H

#include "portal/request.h"

#define TIMELINE_IMAGE_PATH "/bitrix/tools/crm_show_timeline_image.php"

struct timeline_image_kind {
    const char *kind;  /* "icon": as stored, and as answers call one */
    const char *many;  /* "icons" */
    const char *title; /* "Icon" */
};

/* `content` is Base64 of a PNG: INVALID_ARG_VALUE. One of that code is replaced. */
enum api_rc timeline_image_put(struct request *req, const struct timeline_image_kind *kind,
                               const char *code, const struct value *content);
/* Writes {"icon": {...}}; NOT_FOUND. */
enum api_rc timeline_image_show(struct request *req, const struct timeline_image_kind *kind,
                                const char *code);
enum api_rc timeline_image_list(struct request *req, const struct timeline_image_kind *kind);
enum api_rc timeline_image_delete(struct request *req, const struct timeline_image_kind *kind,
                                  const char *code);
/* The file behind an address (fileId): NOT_FOUND. */
enum api_rc timeline_image_find(struct request *req, const char **hash, const char **name);

#endif
