#include "http/stream.h"

#include "portal/feed.h"

#define BLOCK 4096

static void sleep_on(void *context)
{
    struct exchange *x = context;
    MHD_suspend_connection(x->connection);
}

static void wake_up(void *context)
{
    struct exchange *x = context;
    MHD_resume_connection(x->connection);
}

static ssize_t next_part(void *context, uint64_t at, char *out, size_t size)
{
    struct exchange *x = context;
    (void)at;
    long taken = size ? feed_take(x->call.follows, out, size, sleep_on, wake_up, x) : 0;
    return taken < 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)taken;
}

struct MHD_Response *stream_response(struct exchange *x)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, next_part, x, NULL);
    if (response)
        MHD_add_response_header(response, "Content-Type", "text/event-stream");
    return response;
}
