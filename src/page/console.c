/* / and /console/: the page for people; /api/v1/: the library for pages of applications.
 *
 * Its files are embedded, gzipped, each under a name that holds its hash: a browser asks for one once. `/` itself
 * is asked for every time and has an ETag. Nothing but files of this host is let run or loaded in it, and nobody may
 * put it in a frame.
 */
#include "page/console.h"

#include <string.h>

#include "base/pack.h"
#include "rest/call.h"
#include "rest/html.h"
#include "rest/page.h"

#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "        \
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; "           \
    "base-uri 'none'"

static const struct console_file *find(const char *path)
{
    for (const struct console_file *file = console_files; file->path; file++) {
        if (!strcmp(file->path, path))
            return file;
    }
    return NULL;
}

static void headers(struct call *call, const struct console_file *file)
{
    bool is_page = !strcmp(file->path, "/"), named = strstr(file->path, "-") != NULL;
    /* Of both forms, the packed one and the other: so it is weak. */
    call_reply_header(call, "ETag", arena_printf(&call->arena, "W/%s", file->tag));
    call->reply.varies = true;
    call_reply_header(call, "Cache-Control",
                      named ? "public, max-age=31536000, immutable" : "no-cache");
    call_reply_header(call, "X-Content-Type-Options", "nosniff");
    if (!is_page)
        return;
    call_reply_header(call, "Content-Security-Policy", POLICY);
    call_reply_header(call, "X-Frame-Options", "DENY");
    call_reply_header(call, "Referrer-Policy", "no-referrer");
}

const char *console_file_named(const char *start, const char *end)
{
    for (const struct console_file *file = console_files; file->path; file++) {
        size_t len = strlen(file->path), tail = strlen(end);
        if (!strncmp(file->path, start, strlen(start)) && len > tail &&
            !strcmp(file->path + len - tail, end))
            return file->path;
    }
    return NULL;
}

static enum api_rc send(struct call *call, const struct console_file *file)
{
    headers(call, file);
    call->reply.type = file->type;
    if (call->if_none_match && strstr(call->if_none_match, file->tag)) {
        call->reply.status = 304;
        return API_OK;
    }
    call->reply.packed = call->takes_gzip;
    if (call->takes_gzip)
        buf_add(&call->answer, file->data, file->len);
    else
        unpack(&call->answer, file->data, file->len, file->plain_len);
    return API_OK;
}

/* What pages of applications load: from any host. */
static enum api_rc library(struct call *call)
{
    const struct console_file *file = find("/api/v1/");
    return file
               ? send(call, file)
               : html_message(call, 404, "Not found", "This server was built without its console.");
}

static enum api_rc console(struct call *call)
{
    const struct console_file *file =
        find(strspn(call->path, "/") == strlen(call->path) ? "/" : call->path);
    if (file)
        return send(call, file);
    if (console_files[0].path)
        return html_message(call, 404, "Not found", "There is no such page here.");
    return html_message(call, 200, "Rapport",
                        "This server was built without its console (-DRAPPORT_CONSOLE=OFF, or no "
                        "Node.js when it was built). Its REST interface is at /rest/.");
}

static const struct page pages[] = {
    {.path = "/",
     .of_console = true,
     .summary = "the console",
     .lane = LANE_READ,
     .handle = console},
    {.path = "/api/v1/",
     .of_console = true,
     .summary = "the library for pages of applications",
     .lane = LANE_READ,
     .handle = library},
    {.path = "/console/",
     .of_console = true,
     .below = true,
     .summary = "files of the console",
     .lane = LANE_READ,
     .handle = console},
};

PAGE_FAMILY(console, pages);
