#include "rest/call_job.h"

#include "model/catalog.h"
#include "people/auth.h"
#include "portal/file_store.h"

static enum db_rc run(void *subject, struct db *db, double patience, bool *slow)
{
    struct call *call = subject;
    enum api_rc rc = pipeline_execute(call, db, patience);
    *slow = call->is_slow;
    return rc == API_STORE ? call->req.store : DB_OK;
}

static void begins(void *subject)
{
    ((struct call *)subject)->rc = API_OK;
}

static void kept(void *subject, struct db *db)
{
    struct call *call = subject;
    struct request *req = &call->req;
    if (call->signs_out)
        credential_cache_clear(req->portal->credentials);
    catalog_kept(req->portal, db);
    file_drops_run(req->portal, db, req->drops);
    file_ready_run(req->portal, db, req->ready);
}

static bool more(void *subject)
{
    return pipeline_more(subject);
}

static void failed(void *subject, enum db_rc rc)
{
    pipeline_failed(subject, rc);
}

static void refused(void *subject)
{
    struct call *call = subject;
    call->rc = api_fail(&call->req, API_ERR_OVERLOAD_LIMIT, NULL);
}

static void name(const void *subject, struct job_name *name)
{
    const struct call *call = subject;
    if (call->method_name)
        *name = (struct job_name){
            .name = call->method_name, .name_len = (int)call->method_len, .id = ""};
    name->id = call->request_id;
}

static const struct runner runner = {.run = run,
                                     .begins = begins,
                                     .kept = kept,
                                     .more = more,
                                     .failed = failed,
                                     .refused = refused,
                                     .name = name};

struct job call_job(struct call *call, void (*done)(struct job *job), void *context)
{
    return (struct job){.runner = &runner,
                        .subject = call,
                        .portal = call->req.portal,
                        .client = call_client(call),
                        .alone = pipeline_alone(call),
                        .done = done,
                        .context = context};
}
