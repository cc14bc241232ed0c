#include "rest/slow.h"

#include <string.h>
#include <strings.h>

#include "base/format.h"
#include "base/log.h"
#include "portal/portal.h"

#define ASKED 600 /* bytes of the names */

struct asked {
    char text[ASKED + 4];
    size_t len;
    bool full; /* the rest is told by "..." */
};

static void add_name(struct asked *asked, const char *outer, const char *name)
{
    char one[ASKED];
    size_t len = outer
                     ? format_text(one, sizeof one, "%s%s[%s]", asked->len ? " " : "", outer, name)
                     : format_text(one, sizeof one, "%s%s", asked->len ? " " : "", name);
    if (asked->full)
        return;
    asked->full = asked->len + len > ASKED;
    memcpy(asked->text + asked->len, asked->full ? "..." : one, asked->full ? 4 : len + 1);
    asked->len += asked->full ? 0 : len;
}

static void add_names(struct asked *out, const struct value *params)
{
    for (size_t i = 0; value_is_array(params) && i < params->array.count; i++) {
        const struct value_item *item = &params->array.items[i];
        bool inner =
            value_is_array(item->value) && item->value->array.count && !value_is_list(item->value);
        if (!strcasecmp(item->key, "auth"))
            continue;
        if (!inner)
            add_name(out, NULL, item->key);
        for (size_t j = 0; inner && j < item->value->array.count; j++)
            add_name(out, item->key, item->value->array.items[j].key);
    }
}

static void add_commands(struct asked *out, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        add_name(out, NULL, batch->commands[i].method ? batch->commands[i].method->name : "?");
}

void slow_tell(const struct call *call, double seconds)
{
    struct asked asked = {.len = 0};
    double bound = call->req.portal->slow_request;
    if (bound <= 0 || seconds < bound || !call->method_len)
        return;
    if (call->is_batch)
        add_commands(&asked, &call->batch);
    else if (!call->page)
        add_names(&asked, call->req.params);
    log_warn(
        "slow: %.*s %.0f ms, %.0f ms of it at work in %d run%s, %llu statements; asked: %s id=%s",
        (int)call->method_len, call->method_name, seconds * 1e3, call->work.seconds * 1e3,
        call->work.runs, call->work.runs == 1 ? "" : "s", (unsigned long long)call->work.statements,
        asked.text, call->request_id);
}
