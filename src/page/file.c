/* The files of activities, at the address that FILES names. Whoever may read the activity may read
 * them: a caller by the credential, or anyone by the address's own signature. */
#include <string.h>

#include "crm/activity.h"
#include "crm/file_store.h"
#include "rest/call.h"
#include "rest/page.h"
#include "rest/pipeline.h"

/* A webhook code or a token has no dot; the signature of an address has two. */
static bool has_credential(struct call *call)
{
    const char *code = call_credential(call);
    return code && !strchr(code, '.');
}

static enum api_rc show_file(struct call *call)
{
    const char *hash;
    enum api_rc rc = has_credential(call) ? call_authenticate(call) : API_OK;
    if (rc == API_OK)
        rc = activity_file_find(&call->req, &hash, &call->file_name);
    if (rc != API_OK)
        return rc;
    call->file = file_open(call->req.portal, hash);
    return call->file >= 0 ? API_OK : api_fail(&call->req, API_ERR_NOT_FOUND, NULL);
}

static const struct page pages[] = {
    {"/bitrix/tools/crm_show_file.php", "a file of an activity", LANE_READ, PAGE_ANYONE, show_file,
     NULL},
};

PAGE_FAMILY(file, pages);
