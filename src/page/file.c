/* Files of activities and pictures, at the addresses that answers name. Whoever may read the activity, the
 * contact, the company or the person may read them. */
#include "crm/activity_file.h"
#include "crm/product_file.h"
#include "crm/timeline.h"
#include "crm/timeline_file.h"
#include "crm/timeline_image.h"
#include "model/picture.h"
#include "model/user_file.h"
#include "portal/file_store.h"
#include "rest/call.h"
#include "rest/page.h"

static enum api_rc send(struct call *call,
                        enum api_rc find(struct request *, const char **, const char **))
{
    const char *hash;
    enum api_rc rc = find(&call->req, &hash, &call->file_name);
    if (rc != API_OK)
        return rc;
    call->file = file_open(call->req.portal, hash);
    return call->file >= 0 ? API_OK : api_fail(&call->req, API_ERR_NOT_FOUND, NULL);
}

static enum api_rc show_file(struct call *call)
{
    return send(call, activity_file_find);
}

static enum api_rc show_comment(struct call *call)
{
    return send(call, timeline_file_find);
}

static enum api_rc show_image(struct call *call)
{
    return send(call, timeline_image_find);
}

static enum api_rc show_picture(struct call *call)
{
    return send(call, picture_find);
}

static enum api_rc show_person(struct call *call)
{
    return send(call, picture_find_person);
}

static enum api_rc show_user_file(struct call *call)
{
    return send(call, user_file_find);
}

static enum api_rc show_product_file(struct call *call)
{
    return send(call, product_file_find);
}

static const char *const user_file_signs[] = {"fileId", NULL};
static const char *const image_signs[] = {"fileId", NULL};
static const char *const person_signs[] = {"fileId", "ownerId", NULL};
static const char *const signs[] = {"fileId", "ownerTypeId", "ownerId", NULL};

static const struct page pages[] = {
    {.path = ACTIVITY_FILE_PATH,
     .summary = "a file of an activity",
     .access = PAGE_SIGNED,
     .scope = "crm",
     .signs = signs,
     .handle = show_file},
    {.path = TIMELINE_FILE_PATH,
     .summary = "a file of a comment",
     .access = PAGE_SIGNED,
     .scope = "crm",
     .signs = person_signs,
     .handle = show_comment},
    {.path = TIMELINE_IMAGE_PATH,
     .summary = "an icon or logo of the timeline",
     .access = PAGE_SIGNED,
     .scope = "crm",
     .signs = image_signs,
     .handle = show_image},
    {.path = PICTURE_PATH,
     .summary = "the photo of a contact, the logo of a company",
     .access = PAGE_SIGNED,
     .scope = "crm",
     .signs = signs,
     .handle = show_picture},
    {.path = USER_FILE_PATH,
     .summary = "a file of a custom field",
     .access = PAGE_SIGNED,
     .scope = "crm",
     .signs = user_file_signs,
     .handle = show_user_file},
    {.path = PRODUCT_FILE_PATH,
     .summary = "a file of a product's property",
     .access = PAGE_SIGNED,
     .scope = "crm",
     .signs = user_file_signs,
     .handle = show_product_file},
    {.path = PERSON_PICTURE_PATH,
     .summary = "the photo or logo of a person",
     .access = PAGE_SIGNED,
     .scope = PERSON_PICTURE_SCOPE,
     .signs = person_signs,
     .handle = show_person},
};

PAGE_FAMILY(file, pages);
