#include "app/trail.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "portal/audit.h"

static struct {
    int argc;
    char **argv;
    const char *data, *store;
    int64_t id; /* of its entry; 0: there is none */
} running;

void trail_begin(int argc, char **argv)
{
    running.argc = argc;
    running.argv = argv;
}

/* "rapport role set": the words before the options. */
static void name_action(struct buf *action)
{
    buf_adds(action, "rapport");
    for (int i = 0; i < running.argc && running.argv[i][0] != '-'; i++)
        buf_printf(action, " %s", running.argv[i]);
}

/* Where the portal is, and how it is told, is no part of what was done. */
static bool says_where(const char *option, size_t len)
{
    static const char *const names[] = {"--data", "--store"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == len && !strncmp(names[i], option, len))
            return true;
    }
    return false;
}

static void write_options(struct writer *w)
{
    writer_begin_list(w);
    for (int i = 0; i < running.argc; i++) {
        const char *text = running.argv[i];
        size_t len = strcspn(text, "=");
        if (says_where(text, len)) {
            i += !text[len];
            continue;
        }
        if (utf8_valid(text, strlen(text)))
            writer_stringz(w, text);
    }
    writer_end_list(w);
}

bool trail_note(const struct portal *portal, const char *data, const char *store, struct db *db,
                struct buf *why)
{
    char client[40];
    struct buf action = {0}, what = {0};
    struct writer w;
    snprintf(client, sizeof client, "uid %ld", (long)getuid());
    name_action(&action);
    writer_init(&w, &what);
    write_options(&w);
    const struct audit_entry entry = {.made = (int64_t)portal_now(portal),
                                      .action = buf_text(&action),
                                      .client = client,
                                      .what = buf_text(&what)};
    running.data = data;
    running.store = store;
    bool good = audit_add(db, &entry, &running.id) == DB_OK;
    if (!good)
        buf_printf(why, "the trail cannot be written: %s", db_message(db));
    buf_clear(&action);
    buf_clear(&what);
    return good;
}

void trail_end(int code)
{
    struct buf why = {0};
    const struct portal_options options = {.data_dir = running.data, .store = running.store};
    struct portal *portal = code && running.id ? portal_open(&options, &why) : NULL;
    struct db *db = portal ? portal_connect(portal, DB_WRITER, &why) : NULL;
    if (db && audit_failed(db, running.id) != DB_OK)
        buf_adds(&why, db_message(db));
    if (why.len)
        log_warn("the trail does not tell that the command failed: %s", buf_text(&why));
    db_close(db);
    portal_close(portal);
    buf_clear(&why);
    running.id = 0;
}
