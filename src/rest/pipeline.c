/* The way of every request, in order. Each step either lets the call on or refuses it; a refused
 * call goes straight to pipeline_answer. Scope, access and parameter checks are not here: they are
 * part of dispatch, so that a command of a batch passes through the same. */
#include "rest/pipeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/params.h"
#include "base/xml.h"
#include "model/catalog.h"
#include "model/unknown.h"
#include "people/app.h"
#include "portal/chain.h"
#include "portal/metrics.h"
#include "rest/admit.h"
#include "rest/call_log.h"
#include "rest/rehearse.h"
#include "rest/slow.h"

#define RETRY_AFTER "1" /* seconds, when too much is in flight */
#define HELD_UP 4       /* times its patience a thread waits when it does not get on */
#define LAST_SECOND 1.0 /* for a call whose time went by in a queue */

typedef enum api_rc step(struct call *call);

static step route, refuse_loop, read_params, unwrap, find_method, meet_faults, prepare;

static step *const steps[] = {
    route,        /* address -> user, code, method name, format */
    refuse_loop,  /* an event that this portal sent to itself */
    admit_call,   /* https; a portal closed for maintenance answers nothing */
    read_params,  /* query and body -> one value tree */
    unwrap,       /* a message in another envelope -> the call that it is */
    admit_caller, /* credential -> caller */
    admit_rate,   /* the plan, and how often this address calls */
    find_method,  /* name -> method, or the commands of a batch */
    meet_faults,  /* what somebody asked to go wrong */
    prepare,      /* slow work that needs no transaction */
};

static void begin_answer(struct call *call)
{
    call->answer.len = 0;
    memset(&call->reply, 0, sizeof call->reply);
    writer_init(&call->out, &call->answer);
    if (!call->page)
        buf_adds(&call->answer, "{\"result\":");
}

/* Where every call begins to be a request: also a refused one needs a zone and a writer. */
static void begin(struct call *call, struct portal *portal)
{
    struct request *req = &call->req;
    req->arena = &call->arena;
    req->portal = portal;
    req->zone = portal->zone;
    req->caller = &call->caller;
    req->out = &call->out;
    req->base_url = call->base_url;
    req->client = call->client;
    req->request_id = call->request_id;
    req->total = req->next = -1;
    req->params = value_array(&call->arena);
    call->wrap = NULL;
    call->envelope = NULL;
    call->rehearses = false;
    call->started = portal_now(portal);
    call->clock = clock_monotonic();
    memset(&call->work, 0, sizeof call->work);
    begin_answer(call);
}

/* ---- route ---- */

static const char *next_part(const char **at, size_t *len)
{
    while (**at == '/')
        ++*at;
    const char *part = *at;
    *len = strcspn(part, "/");
    *at += *len;
    return part;
}

static bool strip_suffix(const char *name, size_t *len, const char *suffix)
{
    size_t size = strlen(suffix);
    if (*len <= size || strncasecmp(name + *len - size, suffix, size) != 0)
        return false;
    *len -= size;
    return true;
}

/* /rest/METHOD or /rest/USER/CODE/METHOD; any case, doubled and trailing slashes, .json, .xml. */
static enum api_rc route(struct call *call)
{
    const char *at = call->path, *parts[4];
    size_t lens[4], count = 0;
    call->page = page_find(call->path);
    if (call->page && call->page->access == PAGE_CONTROL && !call->req.portal->control)
        return api_fail(&call->req, API_ERR_NOT_FOUND, NULL);
    if (call->page) {
        call->method_name = call->page->path;
        call->method_len = strlen(call->method_name);
        return API_OK;
    }
    while (count < 4) {
        parts[count] = next_part(&at, &lens[count]);
        if (!lens[count])
            break;
        count++;
    }
    if (count == 3 && text_to_int(parts[1], lens[1], &call->path_user)) {
        /* /rest/1/CODE: a webhook's address without a method. */
        parts[3] = "";
        lens[3] = 0;
        count = 4;
    }
    if (!count || lens[0] != 4 || strncasecmp(parts[0], "rest", 4) != 0 || count == 1 ||
        (count == 4 && !text_to_int(parts[1], lens[1], &call->path_user)) || count == 3)
        return api_fail(&call->req, API_ERR_METHOD_NOT_FOUND, NULL);
    if (count == 4) {
        if (call->path_user <= 0)
            return api_fail(&call->req, API_ERR_INVALID_CREDENTIALS, NULL);
        call->path_code = arena_strndup(&call->arena, parts[2], lens[2]);
    }
    call->method_name = parts[count - 1];
    call->method_len = lens[count - 1];
    if (strip_suffix(call->method_name, &call->method_len, ".xml"))
        call->format = CALL_XML;
    else
        strip_suffix(call->method_name, &call->method_len, ".json");
    return API_OK;
}

/* ---- events that portals deliver ---- */

static enum api_rc refuse_loop(struct call *call)
{
    char own[APP_MARK_SIZE];
    int64_t depth;
    if (!call->event || call->page)
        return API_OK;
    size_t len = strcspn(call->event, " ");
    portal_member_id(call->req.portal, own);
    if (len == strlen(own) && !memcmp(call->event, own, len))
        return api_fail(&call->req, API_ERR_EVENT_LOOP, NULL);
    /* Another portal's: it need not be a loop, but it may be a part of one. */
    if (call->event[len] &&
        text_to_int(call->event + len + 1, strlen(call->event + len + 1), &depth))
        call->req.depth = depth < 0 ? 0 : depth < CHAIN_FOREIGN ? depth : CHAIN_FOREIGN;
    return API_OK;
}

/* ---- parameters ---- */

static enum api_rc read_params(struct call *call)
{
    struct value *params = value_array(&call->arena);
    const char *why = NULL;
    /* A message stands in the body alone. */
    bool takes_query = call->query && !(call->page && call->page->unwrap);
    if (takes_query &&
        !params_from_form(&call->arena, call->query, strlen(call->query), params, &why))
        return api_fail(&call->req, API_ERR_INVALID_REQUEST, "%s", why);
    if (call->body_len && !params_from_body(&call->arena, call->content_type, call->body,
                                            call->body_len, params, &why))
        return api_fail(&call->req, API_ERR_INVALID_REQUEST, "%s", why);
    call->req.params = params;
    return API_OK;
}

/* What comes out of the envelope meets what it would have met at its own address. */
static enum api_rc unwrap(struct call *call)
{
    const struct page *page = call->page;
    if (!page || !page->unwrap)
        return API_OK;
    page->unwrap(call);
    if (call->page == page)
        return API_OK;
    enum api_rc rc = refuse_loop(call);
    return rc == API_OK ? admit_call(call) : rc;
}

/* ---- method ---- */

static enum api_rc find_method(struct call *call)
{
    if (call->page)
        return API_OK;
    call->req.method = method_find(call->method_name, call->method_len);
    call->is_batch = call->method_len == 5 && !strncasecmp(call->method_name, "batch", 5);
    if (call->is_batch)
        return batch_parse(&call->req, &call->batch);
    if (!call->req.method)
        return method_missing(&call->req, call->method_name, call->method_len);
    return API_OK;
}

/* Once per request, here, whatever is run again later. */
static enum api_rc meet_faults(struct call *call)
{
    struct request *req = &call->req;
    if ((call->page && call->page->access == PAGE_CONTROL) || call_of_console(call))
        return API_OK;
    call->fault = fault_meet(req->portal->faults, &call->arena, call->method_name, call->method_len,
                             call->caller.credential_id, false);
    if (call->fault)
        call->delay = call->fault->delay;
    if (call->is_batch)
        call->delay += batch_meet_faults(req, &call->batch, &call->fault);
    if (call->fault && call->fault->kind == FAULT_ERROR)
        return fault_fail(req, call->fault);
    return API_OK;
}

static enum api_rc prepare(struct call *call)
{
    const struct method *method = call->req.method;
    call->postponed = false;
    call->req.postponed = call->hurried ? &call->postponed : NULL;
    if (call->is_batch)
        batch_prepare(&call->req, &call->batch);
    else if (method && method->prepare && method_in_scope(method, &call->caller))
        method->prepare(&call->req);
    else if (call->page && call->page->prepare)
        call->page->prepare(call);
    return API_OK;
}

enum pipeline_look pipeline_look(struct call *call, struct portal *portal, struct db *db)
{
    static step *const looks[] = {route, admit_call, read_params};
    begin(call, portal);
    call->req.db = db;
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        call->rc = looks[i](call);
        if (call->rc != API_OK)
            return LOOK_REFUSED;
    }
    if (!call_credential(call) || (call->page && call->page->access == PAGE_ANYONE))
        return LOOK_UNKNOWN;
    call->rc = admit_caller(call);
    return call->rc == API_OK ? LOOK_KNOWN : LOOK_REFUSED;
}

bool pipeline_takes_long(const struct call *call)
{
    if (call->body_len > LIMIT_INLINE_BYTES)
        return true;
    if (!strncmp(call->path, "/rest/", 6))
        return false;
    const struct page *page = page_find(call->path);
    return page && page->prepare;
}

static enum pipeline_next lane_of(const struct call *call)
{
    if (call->page)
        return call->page->lane == LANE_WRITE ? PIPELINE_WRITE : PIPELINE_READ;
    bool writes =
        call->is_batch ? batch_writes(&call->batch) : call->req.method->lane == LANE_WRITE;
    return writes ? PIPELINE_WRITE : PIPELINE_READ;
}

enum pipeline_next pipeline_prepare(struct call *call, struct portal *portal, struct db *db)
{
    begin(call, portal);
    call->req.db = db;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        call->rc = steps[i](call);
        if (call->rc != API_OK)
            return PIPELINE_ANSWER;
    }
    return call->postponed ? PIPELINE_PREPARE : lane_of(call);
}

enum pipeline_next pipeline_prepare_files(struct call *call, struct db *db)
{
    call->hurried = false;
    call->req.db = db;
    prepare(call);
    return lane_of(call);
}

/* ---- on the lane ---- */

static enum api_rc run_batch(struct call *call)
{
    struct request *req = &call->req;
    req->now = call->started;
    double began = clock_monotonic();
    enum api_rc rc = unknown_params(req);
    if (rc == API_OK)
        rc = batch_run(req, &call->batch);
    call->timing.start = call->started;
    call->timing.processing += clock_monotonic() - began;
    /* Not accumulated: the commands are. Clients want a number above 0 here too. */
    call->timing.operating.seconds = call->timing.processing;
    return rc;
}

/* A page that writes has a savepoint, as a method has: what it refuses leaves nothing behind. */
static enum api_rc run_page(struct call *call)
{
    struct request *req = &call->req;
    bool writes = call->page->lane == LANE_WRITE;
    req->now = portal_now(req->portal);
    enum api_rc rc = writes ? api_db(req, db_savepoint(req->db)) : API_OK;
    if (rc != API_OK)
        return rc;
    rc = api_settle(req, call->page->handle(call));
    if (!writes || rc == API_STORE)
        return rc;
    enum api_rc ended = api_db(req, api_stays(rc) ? db_release(req->db) : db_rollback_to(req->db));
    return ended == API_OK ? rc : ended;
}

/* A call without an address, as tests of the lanes make them, has no bounds. */
static void begin_budget(struct call *call)
{
    struct portal *portal = call->req.portal;
    bool xml = call->format == CALL_XML;
    call_release(call);
    call->req.budget = NULL;
    if (!call->path)
        return;
    budget_begin(&call->budget, &portal->memory, call_client(call),
                 xml ? portal->max_xml : portal->max_answer);
    call->req.too_large = xml ? portal->xml_text : portal->answer_text;
    call->req.budget = call->arena.budget = call->answer.budget = &call->budget;
}

/* A call that is run again begins anew. */
static void begin_run(struct call *call, struct db *db)
{
    bool goes_on = call->is_batch && call->batch.from; /* earlier parts of it are kept */
    if (call->mark.block)
        arena_rewind(&call->arena, call->mark);
    call->mark = arena_mark(&call->arena);
    if (!goes_on) {
        begin_budget(call);
        call->timing.processing = 0;
    }
    begin_answer(call);
    call->req.left_out = call->req.portal->calls ? value_array(&call->arena) : NULL;
    call->req.db = db;
    call->req.drops = NULL;
}

/* When a call must be done. `patience` is its thread's; who waited long for a turn still gets a second
 * of its own limit. */
static void set_deadline(struct call *call, struct db *db, double patience)
{
    double limit = call->path ? call->req.portal->plan.time : 0, end = 0;
    call->is_slow = false;
    db_deadline(db, 0);
    if (limit <= 0 && patience <= 0)
        return;
    double now = clock_monotonic();
    if (limit > 0) {
        double least = now + (limit < LAST_SECOND ? limit : LAST_SECOND);
        end = call->clock + limit > least ? call->clock + limit : least;
    }
    call->is_slow = patience > 0 && (end <= 0 || now + patience < end);
    db_deadline(db, call->is_slow && db_reads_inline(db) ? now + patience * HELD_UP : end);
    if (call->is_slow)
        db_patience(db, now, patience);
}

/* What is run next. */
static bool changes_schema(const struct call *call)
{
    return call->is_batch ? batch_part_changes(&call->batch)
                          : call->req.method && call->req.method->schema;
}

bool pipeline_alone(const struct call *call)
{
    return call->is_batch ? batch_cuts(&call->batch) : changes_schema(call);
}

bool pipeline_more(struct call *call)
{
    bool more = call->is_batch && batch_more(&call->batch);
    call->mark.block = NULL; /* what it took so far stays */
    return more;
}

static enum api_code store_code(enum db_rc rc)
{
    return rc == DB_UNKNOWN   ? API_ERR_UNKNOWN_OUTCOME
           : rc == DB_TIMEOUT ? API_ERR_TIME_LIMIT
                              : API_ERR_INTERNAL;
}

void pipeline_failed(struct call *call, enum db_rc rc)
{
    /* A call that was refused anyway keeps its own answer: it changed nothing. */
    if (call->rc == API_FAIL)
        return;
    begin_answer(call);
    call->req.store = rc;
    if (!call->is_batch || !batch_give_up(&call->req, &call->batch, store_code(rc), &call->rc))
        call->rc = API_STORE;
}

static enum api_rc run_method(struct call *call)
{
    return call->is_batch ? run_batch(call) : dispatch(&call->req, false, &call->timing);
}

static enum api_rc run(struct call *call)
{
    if (call->page)
        return run_page(call);
    return call->rehearses && lane_of(call) == PIPELINE_WRITE ? rehearse(call, run_method)
                                                              : run_method(call);
}

enum api_rc pipeline_execute(struct call *call, struct db *db, double patience)
{
    const double began = clock_monotonic();
    const uint64_t statements = db_statements(db);
    begin_run(call, db);
    set_deadline(call, db, 0);
    db_budget(db, call->req.budget);
    call->rc = changes_schema(call) ? catalog_pin_change(&call->req) : catalog_pin(&call->req);
    if (patience > 0)
        set_deadline(call, db, patience);
    if (call->rc == API_OK)
        call->rc = run(call);
    if (call->rc == API_STORE && call->req.store == DB_ERROR && catalog_outdated(&call->req))
        call->req.store = DB_RETRY;
    db_deadline(db, 0); /* the commit, and what the lane does after it, has all the time */
    db_budget(db, NULL);
    call->work.seconds += clock_monotonic() - began;
    call->work.statements += db_statements(db) - statements;
    call->work.runs++;
    call->is_slow = call->is_slow && call->rc == API_STORE && call->req.store == DB_TIMEOUT;
    return call->rc;
}

/* ---- the answer ---- */

static struct value *take_tree(struct call *call)
{
    size_t len;
    char *json = buf_take(&call->answer, &len);
    struct value *tree = json_parse_own(&call->arena, json, len);
    free(json);
    return tree;
}

static void to_xml(struct call *call)
{
    struct value *tree = take_tree(call);
    if (!tree) {
        struct writer out;
        log_error("an answer is no JSON: method=%.*s id=%s", (int)call->method_len,
                  call->method_name ? call->method_name : "", call->request_id);
        call->status = api_errors[API_ERR_INTERNAL].status;
        writer_init(&out, &call->answer);
        error_write(&out, &(struct api_error){.code = API_ERR_INTERNAL});
        tree = take_tree(call);
        CHECK(tree && "an error is JSON");
    }
    xml_from_value(&call->answer, tree);
}

/* By what is the program's own: a name or a code that a client made up would be a line of its own for ever. */
static void count_call(const struct call *call, double seconds)
{
    const struct request *req = &call->req;
    const char *name = call->page       ? call->page->path
                       : call->is_batch ? "batch"
                       : req->method    ? req->method->name
                                        : NULL;
    const char *code = call->rc == API_OK ? ""
                       : req->error.other
                           ? "other"
                           : api_error_code(&(struct api_error){.code = req->error.code});
    metrics_call(req->portal->metrics, name, code, seconds);
    if (call->fault)
        metrics_fault(req->portal->metrics);
}

static void log_object(const struct call *call, enum log_level level, const char *name, int len,
                       double ms)
{
    char method[300], words[360];
    format_text(method, sizeof method, "%.*s", len, name);
    format_text(words, sizeof words, "%d %s %.1f ms", call->status, method, ms);
    const struct log_field fields[] = {{"method", method, 0},
                                       {"status", NULL, call->status},
                                       {"duration_ms", NULL, round(ms * 1e3) / 1e3},
                                       {"user", NULL, (double)call->caller.user_id},
                                       {"client", call->client, 0},
                                       {"id", call->request_id, 0}};
    log_fields(level, fields, sizeof fields / sizeof fields[0], words);
}

static void log_call(const struct call *call, double seconds)
{
    /* An address that is no method's is not logged: it may hold a webhook's code. */
    bool named = call->method_name && call->method_len;
    struct call_log *calls = call->req.portal->calls;
    if (calls && !(call->page && call->page->access == PAGE_CONTROL))
        call_log_add(calls, call);
    slow_tell(call, seconds);
    enum log_level level = call->page && call->page->quiet ? LOG_DEBUG : LOG_INFO;
    if (log_level() > level)
        return;
    const char *name = named ? call->method_name : "-";
    int len = named ? (int)call->method_len : 1;
    double ms = seconds * 1000;
    if (log_is_json())
        log_object(call, level, name, len, ms);
    else
        log_line(level, "%d %.*s %.1f ms user=%lld client=%s id=%s", call->status, len, name, ms,
                 (long long)call->caller.user_id, call->client, call->request_id);
}

static void store_failed(struct call *call)
{
    call->req.error.code = store_code(call->req.store);
    call->req.error.text = NULL;
    call->req.error.status = 0;
}

void pipeline_answer(struct call *call)
{
    struct request *req = &call->req;
    call->answer.budget = NULL; /* what is added now must not be dropped */
    if (call->rc == API_STORE)
        store_failed(call);
    if (call->rc != API_OK) {
        begin_answer(call);
        if (req->error.code == API_ERR_OVERLOAD_LIMIT)
            call_reply_header(call, "Retry-After", RETRY_AFTER);
        call->answer.len = 0;
        error_write(&call->out, &req->error);
        call->status = req->error.status ? req->error.status : api_errors[req->error.code].status;
    } else if (call->page) {
        call->status = call->reply.status ? call->reply.status : 200;
    } else {
        struct writer *out = &call->out;
        call->status = 200;
        out->comma = true;
        if (req->next >= 0) {
            writer_keyz(out, "next");
            writer_int(out, req->next);
        }
        if (req->total >= 0) {
            writer_keyz(out, "total");
            writer_int(out, req->total);
        }
        call->timing.start = call->started;
        call->timing.finish = call->started + (clock_monotonic() - call->clock);
        writer_keyz(out, "time");
        timing_write(req, &call->timing);
        buf_addc(&call->answer, '}');
    }
    if (call->format == CALL_XML)
        to_xml(call);
    if (call->wrap)
        call->wrap(call);
    const double seconds = clock_monotonic() - call->clock;
    log_call(call, seconds);
    count_call(call, seconds);
}

void pipeline_refuse(struct call *call, struct portal *portal, enum api_code code, const char *text)
{
    begin(call, portal);
    call->rc = text ? api_fail(&call->req, code, "%s", text) : api_fail(&call->req, code, NULL);
    pipeline_answer(call);
}
