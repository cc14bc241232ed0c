#include "rest/call.h"

#include <string.h>

void call_init(struct call *call)
{
    memset(call, 0, sizeof *call);
    arena_init(&call->arena);
    call->file = -1;
}

void call_release(struct call *call)
{
    call->arena.budget = call->answer.budget = NULL;
    budget_end(&call->budget);
}

uint64_t call_client(const struct call *call)
{
    uint64_t hash = 1469598103934665603u ^ (uint64_t)call->caller.credential_id;
    for (const char *c = call->client; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return hash ^ hash >> 32;
}

void call_clear(struct call *call)
{
    call_release(call);
    batch_clear(&call->batch);
    arena_clear(&call->arena);
    buf_clear(&call->answer);
}

void call_reply_header(struct call *call, const char *name, const char *value)
{
    struct reply_header *header = arena_alloc(&call->arena, sizeof *header);
    *header = (struct reply_header){call->reply.headers, name, value};
    call->reply.headers = header;
}

bool call_of_console(const struct call *call)
{
    return call->caller.is_console || (call->page && call->page->of_console);
}
