/* rapport transcript: what was said in a call, from whoever can hear it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crm/transcript.h"

struct transcript_options {
    const char *data, *store, *activity, *file;
    bool json;
};

/* The whole file, or standard input for "-". False when it is unreadable, too long or no text. */
static bool read_text(const char *path, struct buf *text)
{
    char block[65536];
    size_t len;
    FILE *file = strcmp(path, "-") != 0 ? fopen(path, "rb") : stdin;
    if (!file) {
        args_error("cannot read %s", path);
        return false;
    }
    while (text->len <= LIMIT_TEXT_BYTES && (len = fread(block, 1, sizeof block, file)) > 0)
        buf_add(text, block, len);
    bool good = !ferror(file) && text->len && text->len <= LIMIT_TEXT_BYTES &&
                utf8_valid(text->data, text->len);
    if (file != stdin)
        fclose(file);
    if (!good)
        args_error("%s must hold text in UTF-8, at most %lu bytes", path, LIMIT_TEXT_BYTES);
    return good;
}

static int set(struct db *db, int64_t id, const struct transcript_options *o)
{
    struct buf text = {0};
    bool good = read_text(o->file, &text);
    enum db_rc rc = good ? transcript_set(db, id, buf_text(&text)) : DB_OK;
    buf_clear(&text);
    if (!good)
        return 1;
    if (rc == DB_NONE) {
        args_error("there is no call %lld", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot set the transcript");
    printf(o->json ? "{\"activity\":%lld,\"set\":true}\n" : "the transcript of call %lld is set\n",
           (long long)id);
    return 0;
}

static int removed(struct db *db, int64_t id, const struct transcript_options *o)
{
    enum db_rc rc = transcript_remove(db, id);
    if (rc == DB_NONE) {
        args_error("call %lld has no transcript", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot remove the transcript");
    printf(o->json ? "{\"activity\":%lld,\"removed\":true}\n"
                   : "the transcript of call %lld is removed\n",
           (long long)id);
    return 0;
}

int command_transcript(int argc, char **argv)
{
    struct transcript_options o = {.data = DEFAULT_DATA, .file = "-"};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--activity", "ID", "the call", &o.activity, NULL},
        {"--file", "FILE", "set: the text (standard input)", &o.file, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[1] = {NULL};
    bool help;
    int count;
    int64_t id;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport transcript set|remove --activity ID [options]\n\nWhat was said "
                    "in a call, as crm.activity.call.getTranscript answers it. Rapport itself\n"
                    "recognises no speech.",
                    &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    bool is_set = what[0] && !strcmp(what[0], "set");
    if (!is_set && (!what[0] || strcmp(what[0], "remove") != 0))
        return command_usage("transcript set or remove? See rapport transcript --help");
    if (!command_id(o.activity, &id))
        return command_usage("transcript needs --activity ID");
    struct db *db;
    struct portal *portal = command_open(o.data, o.store, DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = is_set ? set(db, id, &o) : removed(db, id, &o);
    db_close(db);
    portal_close(portal);
    return code;
}
