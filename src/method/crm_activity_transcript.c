/* crm.activity.call.getTranscript - what was said in a call.
 * Page: api-reference/crm/timeline/activities/activity-base/crm-activity-call-get-transcript. */
#include "crm/activity_family.h"
#include "crm/transcript.h"
#include "model/method.h"
#include "people/access.h"

struct transcript_args {
    int64_t id;
};

/* Null where there is none; an activity that is no call never has one. */
static enum api_rc get_transcript(struct request *req)
{
    const struct transcript_args *args = req->args;
    int64_t id = args->id;
    struct activity_head head;
    const char *text = NULL;
    enum api_rc rc = activity_find(req, id, ACCESS_READ, &head, "Element not found");
    if (rc == API_FAIL && req->error.code == API_ERR_ITEM_DENIED)
        return api_fail(req, API_ERR_ACCESS_DENIED, "Access denied"); /* 403 on this page */
    if (rc == API_OK)
        rc = transcript_read(req, id, &text);
    if (rc != API_OK)
        return rc;
    if (!text) {
        writer_null(req->out);
        return API_OK;
    }
    writer_begin_object(req->out);
    writer_keyz(req->out, "transcription");
    writer_stringz(req->out, text);
    writer_end_object(req->out);
    return API_OK;
}

static const struct param params[] = {
    {"activityId", PARAM_INT, true, "Id of the call", BIND(struct transcript_args, id)},
    {0},
};
static const struct param gives[] = {{"transcription", PARAM_STRING, true, "What was said"}, {0}};

static const struct method methods[] = {
    {.name = "crm.activity.call.getTranscript",
     .summary = "Return what was said in a call, or null.",
     .scope = "crm",
     .binds = true,
     TAKES(struct transcript_args, params),
     .result = SHAPE_OBJECT,
     .result_null = true,
     .gives = gives,
     .page = "api-reference/crm/timeline/activities/activity-base/crm-activity-call-get-transcript",
     .handle = get_transcript},
};

MODULE(crm_activity_transcript, METHODS(methods));
