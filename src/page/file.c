/* The files of activities, at the address that FILES names. Whoever may read the activity may read them. */
#include "crm/activity.h"
#include "crm/file_store.h"
#include "rest/call.h"
#include "rest/page.h"

static enum api_rc show_file(struct call *call)
{
    const char *hash;
    enum api_rc rc = activity_file_find(&call->req, &hash, &call->file_name);
    if (rc != API_OK)
        return rc;
    call->file = file_open(call->req.portal, hash);
    return call->file >= 0 ? API_OK : api_fail(&call->req, API_ERR_NOT_FOUND, NULL);
}

static const char *const signs[] = {"fileId", "ownerTypeId", "ownerId", NULL};

static const struct page pages[] = {
    {.path = ACTIVITY_FILE_PATH,
     .summary = "a file of an activity",
     .access = PAGE_SIGNED,
     .scope = "crm",
     .signs = signs,
     .handle = show_file},
};

PAGE_FAMILY(file, pages);
