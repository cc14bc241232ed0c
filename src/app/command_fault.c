/* rapport fault, rapport portal: what is said to a running server. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "app/control_socket.h"
#include "base/json.h"
#include "base/writer.h"

/* ---- fault ---- */

struct fault_options {
    const char *data, *method, *error, *kind, *text, *status, *count, *every, *delay, *credential,
        *id;
    bool json;
};

/* Texts all: the server reads numbers and times from them, and knows what is allowed. */
static void write_params(struct buf *out, const struct fault_options *o)
{
    const char *const keys[] = {"method", "error", "kind",  "text",       "status",
                                "count",  "every", "delay", "credential", "id"};
    const char *const values[] = {o->method, o->error, o->kind,  o->text,       o->status,
                                  o->count,  o->every, o->delay, o->credential, o->id};
    struct writer w;
    writer_init(&w, out);
    writer_begin_object(&w);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!values[i])
            continue;
        writer_keyz(&w, keys[i]);
        writer_stringz(&w, values[i]);
    }
    writer_end_object(&w);
}

static const char *text_of(struct arena *arena, const struct value *row, const char *key)
{
    const struct value *value = value_get(row, key);
    size_t len;
    const char *text = value ? value_to_text(arena, value, &len) : "";
    return text ? text : "";
}

static void print_fault(struct arena *arena, const struct value *fault)
{
    const char *error = text_of(arena, fault, "error"), *delay = text_of(arena, fault, "delay");
    const char *credential = text_of(arena, fault, "credential");
    const char *count = text_of(arena, fault, "count"), *every = text_of(arena, fault, "every");
    printf("%6s  %-28s %s", text_of(arena, fault, "id"), text_of(arena, fault, "method"),
           text_of(arena, fault, "kind"));
    if (value_get(fault, "error"))
        printf(" %s %s", error[0] ? error : "\"\"", text_of(arena, fault, "status"));
    if (strcmp(delay, "0") != 0)
        printf(", after %s s", delay);
    if (strcmp(every, "1") != 0)
        printf(", every %s calls", every);
    if (credential[0])
        printf(", credential %s", credential);
    printf(", %s%s%s of %s calls\n", text_of(arena, fault, "hits"), count[0] ? "/" : "", count,
           text_of(arena, fault, "seen"));
}

static void print_answer(const struct buf *answer, const char *what)
{
    struct arena arena;
    arena_init(&arena);
    const struct value *value = json_parse_own(&arena, answer->data, answer->len);
    if (!strcmp(what, "faults/add"))
        print_fault(&arena, value);
    else if (!strcmp(what, "faults/clear"))
        printf("%s cleared\n", text_of(&arena, value, "cleared"));
    else
        command_header(false, "    ID  METHOD                       FAULT");
    if (!strcmp(what, "faults"))
        for (size_t i = 0; value_is_array(value) && i < value->array.count; i++)
            print_fault(&arena, value->array.items[i].value);
    arena_clear(&arena);
}

static int ask(const struct fault_options *o, const char *what)
{
    struct buf params = {0}, answer = {0}, why = {0};
    write_params(&params, o);
    enum control_asked asked = control_socket_ask(o->data, what, buf_text(&params), &answer, &why);
    if (asked == CONTROL_DONE && o->json)
        printf("%s\n", buf_text(&answer));
    else if (asked == CONTROL_DONE)
        print_answer(&answer, what);
    int code = asked == CONTROL_DONE ? 0 : command_fail(&why);
    buf_clear(&params);
    buf_clear(&answer);
    buf_clear(&why);
    return asked == CONTROL_REFUSED ? 2 : code;
}

int command_fault(int argc, char **argv)
{
    struct fault_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        {"--data", "DIR", "the data directory (./" DEFAULT_DATA ")", &o.data, NULL},
        {"--method", "NAME", "add: of this method only, or of all in crm.activity.*", &o.method,
         NULL},
        {"--error", "CODE", "add: answer this error; an unknown code lists them", &o.error, NULL},
        {"--text", "TEXT", "add: its error_description instead of the usual one", &o.text, NULL},
        {"--status", "N", "add: its HTTP status instead of the usual one", &o.status, NULL},
        {"--kind", "KIND", "add: instead of an error: delay, drop, lost, html, truncate, drip",
         &o.kind, NULL},
        {"--count", "N", "add: so often, then no more (always)", &o.count, NULL},
        {"--every", "N", "add: at every N-th call (at each)", &o.every, NULL},
        {"--delay", "TIME", "add: wait before, as 800ms or 2s", &o.delay, NULL},
        {"--credential", "ID", "add: for calls with this webhook only", &o.credential, NULL},
        {"--id", "ID", "clear: this one only", &o.id, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[2] = {NULL, NULL};
    bool help;
    int count;
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport fault add|list|clear [options]\n\nWhat goes wrong on purpose in "
            "the running server of a data directory, from the moment\nthe command has "
            "returned until it is cleared, used up or the server stops.\n\nKinds: delay "
            "(late, otherwise good), drop (connection ends, nothing done), lost (done and\n"
            "kept, but no answer), html (the 502 page of a proxy, nothing done), truncate "
            "(done, half\nan answer), drip (done, the answer comes byte by byte).",
            &help, what, 2, &count))
        return 2;
    if (help)
        return 0;
    if (count == 2 && !o.id)
        o.id = what[1];
    if (what[0] && !strcmp(what[0], "add") && count == 1)
        return ask(&o, "faults/add");
    if (what[0] && !strcmp(what[0], "list") && count == 1)
        return ask(&o, "faults");
    if (what[0] && !strcmp(what[0], "clear"))
        return ask(&o, "faults/clear");
    args_error("fault add, list or clear? See rapport fault --help");
    return 2;
}

/* ---- portal ---- */

struct portal_options_here {
    const char *data, *store;
    bool json;
};

static bool set_closed(const struct portal_options_here *o, bool closed)
{
    struct db *db;
    struct portal *portal = command_open(o->data, o->store, DB_WRITER, &db);
    if (!portal)
        return false;
    enum db_rc rc = portal_setting_set(db, "closed", closed ? "Y" : "N");
    if (rc != DB_OK)
        args_error("cannot change the portal: %s", db_message(db));
    db_close(db);
    portal_close(portal);
    return rc == DB_OK;
}

static int show_closed(const struct portal_options_here *o)
{
    struct db *db;
    struct portal *portal = command_open(o->data, o->store, DB_READER, &db);
    if (!portal)
        return 1;
    bool closed = portal->closed;
    db_close(db);
    portal_close(portal);
    if (o->json)
        printf("{\"closed\":%s}\n", closed ? "true" : "false");
    else
        printf("%s\n", closed ? "closed: every call is answered PORTAL_DELETED" : "open");
    return 0;
}

int command_portal(int argc, char **argv)
{
    struct portal_options_here o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[1] = {NULL};
    bool help;
    int count;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport portal close|open|status [options]\n\nCloses the portal for "
                    "maintenance: every call is answered PORTAL_DELETED, by a running\nserver at "
                    "once and after a restart too, until it is opened again.",
                    &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    bool close_it = what[0] && !strcmp(what[0], "close");
    if (!close_it && (!what[0] || (strcmp(what[0], "open") && strcmp(what[0], "status")))) {
        args_error("portal close, open or status? See rapport portal --help");
        return 2;
    }
    if (strcmp(what[0], "status") != 0) {
        struct buf answer = {0}, why = {0};
        if (!set_closed(&o, close_it))
            return 1;
        enum control_asked asked = control_socket_ask(o.data, "portal", "{}", &answer, &why);
        buf_clear(&answer);
        if (asked != CONTROL_DONE && asked != CONTROL_NO_SERVER)
            return command_fail(&why);
        buf_clear(&why);
    }
    return show_closed(&o);
}
