/* pipeline_support - whole calls through the real pipeline, on a portal of the test's own.
 *
 * Used by: tests/unit/test_limit.c, test_fault.c.
 * Memory:  what ask returns lives until the next ask.
 */
#ifndef RAPPORT_TESTS_PIPELINE_SUPPORT_H
#define RAPPORT_TESTS_PIPELINE_SUPPORT_H

#include "support.h"

#include "base/clock.h"
#include "people/auth.h"
#include "rest/call_job.h"

#define NOW 1768467600.0 /* a full minute */
#define CODE "pipelinetestcode"

static struct folder folder;
static struct portal *portal;
static struct db *db;
static int64_t hook;
static struct call call;

static inline int pipeline_setup(void **state)
{
    (void)state;
    folder = folder_make();
    portal = portal_make(&folder);
    db = portal_store(portal, DB_WRITER);
    store_must(db, webhook_add(db, portal, 1, CODE, "crm,user", (int64_t)NOW, &hook));
    call_init(&call);
    clock_freeze(&portal->clock, NOW);
    return 0;
}

static inline int pipeline_teardown(void **state)
{
    (void)state;
    call_clear(&call);
    db_close(db);
    portal_close(portal);
    folder_remove(&folder);
    return 0;
}

static inline void call_begin(const char *client, const char *path, const char *query)
{
    call_clear(&call);
    call_init(&call);
    snprintf(call.client, sizeof call.client, "%s", client);
    call.path = path;
    call.query = query;
    call.base_url = "http://test";
}

static inline void call_end(enum pipeline_next next)
{
    if (next == PIPELINE_WRITE)
        store_must(db, db_begin_write(db));
    if (next != PIPELINE_ANSWER)
        do
            pipeline_execute(&call, db, 0);
        while (call.rc == API_OK && pipeline_more(&call));
    if (next == PIPELINE_WRITE)
        store_must(db, db_commit(db));
    pipeline_answer(&call);
}

/* One call from an address; its status. */
static inline int ask_from(const char *client, const char *path, const char *query)
{
    call_begin(client, path, query);
    call_end(pipeline_prepare(&call, portal, db));
    return call.status;
}

static inline int ask(const char *method, const char *query)
{
    char path[128];
    snprintf(path, sizeof path, "/rest/1/" CODE "/%s", method);
    return ask_from("10.0.0.1", path, query);
}

static inline void expect_answer(const char *part)
{
    if (!strstr(buf_text(&call.answer), part))
        fail_msg("no %s in %d %s", part, call.status, buf_text(&call.answer));
}

#define ANSWER(code, text) "{\"error\":\"" code "\",\"error_description\":\"" text "\"}"

#endif
