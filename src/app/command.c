#include "app/command.h"

#include "app/trail.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/args.h"
#include "app/control_socket.h"
#include "base/clock.h"
#include "base/json.h"

int command_fail(struct buf *why)
{
    args_error("%s", buf_text(why));
    buf_clear(why);
    return 1;
}

/* A server whose clock was set has its commands follow: what they date is read by it. */
static void follow_clock(struct portal *portal, const char *data_dir)
{
    struct buf answer = {0}, why = {0};
    struct arena arena;
    double now, ahead;
    bool frozen;
    arena_init(&arena);
    if (control_socket_ask(data_dir, "clock", "{}", &answer, &why) == CONTROL_DONE) {
        const struct value *clock = json_parse_own(&arena, answer.data, answer.len);
        if (value_to_flag(value_get(clock, "frozen"), &frozen) && frozen &&
            value_to_double(value_get(clock, "now"), &now))
            clock_freeze(&portal->clock, now);
        else if (value_to_double(value_get(clock, "ahead"), &ahead))
            clock_move(&portal->clock, ahead);
    }
    arena_clear(&arena);
    buf_clear(&answer);
    buf_clear(&why);
}

struct portal *command_open(const char *data_dir, const char *store, enum db_mode mode,
                            struct db **db)
{
    struct buf why = {0};
    struct portal_options options = {.data_dir = data_dir, .store = store};
    struct portal *portal = portal_open(&options, &why);
    if (portal && mode == DB_WRITER)
        follow_clock(portal, data_dir);
    *db = portal ? portal_connect(portal, mode, &why) : NULL;
    if (*db && (mode != DB_WRITER || trail_note(portal, data_dir, store, *db, &why)))
        return portal;
    db_close(*db);
    portal_close(portal);
    command_fail(&why);
    return NULL;
}

void command_address(const struct portal *portal, char *out, size_t size)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/address", portal->data_dir);
    FILE *file = fopen(path, "r");
    snprintf(out, size, "http://%s", DEFAULT_LISTEN);
    if (file) {
        if (fgets(out, (int)size, file))
            out[strcspn(out, "\n")] = '\0';
        fclose(file);
    }
}

int command_usage(const char *text)
{
    args_error("%s", text);
    return 2;
}

int command_trouble(struct db *db, const char *what)
{
    args_error("%s: %s", what, db_message(db));
    return 1;
}

void command_print_json(struct buf *json)
{
    printf("%s\n", buf_text(json));
    buf_clear(json);
}

bool command_id(const char *text, int64_t *id)
{
    return text && text_to_int(text, strlen(text), id) && *id > 0;
}

void command_header(bool as_json, const char *header)
{
    if (!as_json && isatty(STDOUT_FILENO))
        printf("%s\n", header);
}

int command_print_rows(const struct portal *portal, struct db *db, const char *sql, bool as_json,
                       const char *header, command_row *write)
{
    struct buf json = {0};
    struct writer w;
    enum db_rc rc;
    writer_init(&w, &json);
    writer_begin_list(&w);
    command_header(as_json, header);
    struct db_stmt *stmt = db_prepare(db, sql);
    while ((rc = db_step(stmt)) == DB_ROW)
        write(portal, stmt, as_json ? &w : NULL);
    db_finish(stmt);
    writer_end_list(&w);
    if (as_json && rc == DB_NONE)
        command_print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : command_trouble(db, "cannot read the store");
}
