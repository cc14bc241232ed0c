/* webhook, user, methods: the small commands. */
#include "app/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/args.h"
#include "app/control_socket.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/writer.h"
#include "crm/member.h"
#include "rest/auth.h"
#include "rest/method.h"
#include "rest/scope.h"
#include "rest/signin.h"

int command_fail(struct buf *why)
{
    fprintf(stderr, "rapport: %s\n", buf_text(why));
    buf_clear(why);
    return 1;
}

/* A server whose clock was set has its commands follow: what they date is read by it. */
static void follow_clock(const char *data_dir)
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
            clock_freeze(now);
        else if (value_to_double(value_get(clock, "ahead"), &ahead))
            clock_move(ahead);
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
        follow_clock(data_dir);
    *db = portal ? portal_connect(portal, mode, &why) : NULL;
    if (*db)
        return portal;
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

static void print_json(struct buf *json)
{
    printf("%s\n", buf_text(json));
    buf_clear(json);
}

static int db_trouble(struct db *db, const char *what)
{
    fprintf(stderr, "rapport: %s: %s\n", what, db_message(db));
    return 1;
}

/* ---- webhook ---- */

struct webhook_options {
    const char *data, *store, *user, *scope, *id, *code;
    bool json;
};

static int webhook_make(struct portal *portal, struct db *db, const struct webhook_options *o)
{
    char code[129], bad[80], address[256];
    int64_t user, id;
    if (!o->user || !text_to_int(o->user, strlen(o->user), &user) || user < 1) {
        fprintf(stderr, "rapport: webhook add needs --user ID\n");
        return 2;
    }
    if (!scope_valid(o->scope, bad, sizeof bad) || strlen(o->scope) > SCOPE_TEXT - 3) {
        fprintf(stderr, "rapport: unknown scope %s; scopes are a list as crm,user\n", bad);
        return 2;
    }
    secret_code(code, SECRET_CODE_LEN);
    enum db_rc rc = webhook_add(db, portal, user, code, o->scope, (int64_t)clock_now(), &id);
    if (rc == DB_NONE) {
        fprintf(stderr, "rapport: there is no active user %lld; see rapport user list\n",
                (long long)user);
        return 1;
    }
    if (rc != DB_OK)
        return db_trouble(db, "cannot add the webhook");
    command_address(portal, address, sizeof address);
    if (!o->json) {
        printf("webhook %lld for user %lld, scope %s; the address is shown this once:\n"
               "%s/rest/%lld/%s/\n",
               (long long)id, (long long)user, o->scope, address, (long long)user, code);
        return 0;
    }
    struct buf json = {0};
    struct writer w;
    char url[512];
    snprintf(url, sizeof url, "%s/rest/%lld/%s/", address, (long long)user, code);
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_keyz(&w, "id");
    writer_int(&w, id);
    writer_keyz(&w, "user");
    writer_int(&w, user);
    writer_keyz(&w, "scope");
    writer_stringz(&w, o->scope);
    writer_keyz(&w, "code");
    writer_stringz(&w, code);
    writer_keyz(&w, "url");
    writer_stringz(&w, url);
    writer_end_object(&w);
    print_json(&json);
    return 0;
}

static void write_webhook(struct portal *portal, struct db_stmt *stmt, struct writer *w)
{
    char created[DATETIME_SIZE];
    datetime_format(portal->zone, db_int(stmt, 3), created);
    if (!w) {
        printf("%6lld  user %-6lld %-24s %s%s\n", (long long)db_int(stmt, 0),
               (long long)db_int(stmt, 1), db_text(stmt, 2, NULL), created,
               db_is_null(stmt, 4) ? "" : "  revoked");
        return;
    }
    writer_begin_object(w);
    writer_keyz(w, "id");
    writer_int(w, db_int(stmt, 0));
    writer_keyz(w, "user");
    writer_int(w, db_int(stmt, 1));
    writer_keyz(w, "scope");
    writer_stringz(w, db_text(stmt, 2, NULL));
    writer_keyz(w, "created");
    writer_stringz(w, created);
    writer_keyz(w, "revoked");
    writer_bool(w, !db_is_null(stmt, 4));
    writer_end_object(w);
}

static int webhook_print(struct portal *portal, struct db *db, const struct webhook_options *o)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_list(&w);
    struct db_stmt *stmt =
        db_prepare(db, "SELECT id, user_id, scope, created, revoked FROM webhook ORDER BY id");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        write_webhook(portal, stmt, o->json ? &w : NULL);
    db_finish(stmt);
    writer_end_list(&w);
    if (o->json && rc == DB_NONE)
        print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : db_trouble(db, "cannot list the webhooks");
}

static int webhook_end(struct db *db, const struct webhook_options *o)
{
    int64_t id;
    if (!o->id || !text_to_int(o->id, strlen(o->id), &id)) {
        fprintf(stderr, "rapport: webhook revoke needs --id ID; see rapport webhook list\n");
        return 2;
    }
    enum db_rc rc = webhook_revoke(db, id, (int64_t)clock_now());
    if (rc == DB_NONE) {
        fprintf(stderr, "rapport: there is no webhook %lld in force\n", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return db_trouble(db, "cannot revoke the webhook");
    printf(o->json ? "{\"id\":%lld,\"revoked\":true}\n"
                   : "webhook %lld is revoked; a running server stops taking it within a second\n",
           (long long)id);
    return 0;
}

int command_webhook(int argc, char **argv)
{
    struct webhook_options o = {.data = DEFAULT_DATA, .scope = "crm,user,basic"};
    const struct arg args[] = {
        {"--data", "DIR", "the data directory (./" DEFAULT_DATA ")", &o.data, NULL},
        {"--store", "URL", "the store, when it is not the data directory's own", &o.store, NULL},
        {"--user", "ID", "add: whose rights it has", &o.user, NULL},
        {"--scope", "LIST", "add: what it may call, as crm,user (crm,user,basic)", &o.scope, NULL},
        {"--id", "ID", "revoke: which one", &o.id, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[2] = {NULL, NULL};
    bool help;
    int count;
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport webhook add|list|revoke [options]\n\nIncoming webhooks of a data "
            "directory, also while its server runs. The code is shown\nonce, by add; only a "
            "hash of it is kept.",
            &help, what, 2, &count))
        return 2;
    if (help)
        return 0;
    if (count == 2 && !o.id)
        o.id = what[1];
    bool add = what[0] && !strcmp(what[0], "add"), list = what[0] && !strcmp(what[0], "list");
    if (!add && !list && (!what[0] || strcmp(what[0], "revoke") != 0)) {
        fprintf(stderr, "rapport: webhook add, list or revoke? See rapport webhook --help\n");
        return 2;
    }
    struct db *db;
    struct portal *portal = command_open(o.data, o.store, list ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = add    ? webhook_make(portal, db, &o)
               : list ? webhook_print(portal, db, &o)
                      : webhook_end(db, &o);
    db_close(db);
    portal_close(portal);
    return code;
}

/* ---- user ---- */

struct user_options {
    const char *data, *store, *login, *email, *name, *last_name, *id;
    bool json, admin;
};

static int user_make(struct portal *portal, struct db *db, const struct user_options *o)
{
    int64_t id;
    if (!o->login || !*o->login) {
        fprintf(stderr, "rapport: user add needs --login NAME\n");
        return 2;
    }
    struct member_new member = {.login = o->login,
                                .email = o->email ? o->email : "",
                                .name = o->name ? o->name : o->login,
                                .last_name = o->last_name ? o->last_name : "",
                                .is_admin = o->admin};
    enum db_rc rc = member_insert(db, portal->zone, (int64_t)clock_now(), &member, &id);
    if (rc == DB_CONFLICT) {
        fprintf(stderr, "rapport: the login %s is taken\n", o->login);
        return 1;
    }
    if (rc != DB_OK && rc != DB_ROW)
        return db_trouble(db, "cannot add the user");
    printf(o->json ? "{\"id\":%lld}\n" : "user %lld is added\n", (long long)id);
    return 0;
}

static int user_print(struct db *db, const struct user_options *o)
{
    static const char *const keys[] = {"id",    "login",  "name", "last_name",
                                       "email", "active", "admin"};
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_list(&w);
    struct db_stmt *stmt = db_prepare(db, "SELECT id, login, name, last_name, email, active, "
                                          "is_admin FROM member ORDER BY id");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (!o->json) {
            printf("%6lld  %-20s %s %s%s%s\n", (long long)db_int(stmt, 0), db_text(stmt, 1, NULL),
                   db_text(stmt, 2, NULL), db_text(stmt, 3, NULL),
                   db_text(stmt, 6, NULL)[0] == 'Y' ? "  administrator" : "",
                   db_text(stmt, 5, NULL)[0] == 'Y' ? "" : "  dismissed");
            continue;
        }
        writer_begin_object(&w);
        for (int i = 0; i < 7; i++) {
            writer_keyz(&w, keys[i]);
            if (i == 0)
                writer_int(&w, db_int(stmt, 0));
            else if (i >= 5)
                writer_bool(&w, db_text(stmt, i, NULL)[0] == 'Y');
            else
                writer_stringz(&w, db_text(stmt, i, NULL));
        }
        writer_end_object(&w);
    }
    db_finish(stmt);
    writer_end_list(&w);
    if (o->json && rc == DB_NONE)
        print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : db_trouble(db, "cannot list the users");
}

/* One line of stdin; at a terminal it is asked for and not shown. */
static bool read_password(char *out, size_t size)
{
    struct termios shown, hidden;
    bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        fprintf(stderr, "new password: ");
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    bool good = fgets(out, (int)size, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fprintf(stderr, "\n");
    }
    if (good)
        out[strcspn(out, "\r\n")] = '\0';
    return good;
}

static int user_password(struct db *db, const struct user_options *o)
{
    char password[PASSWORD_MAX + 2] = "";
    int64_t id;
    if (!o->id || !text_to_int(o->id, strlen(o->id), &id) || id < 1) {
        fprintf(stderr, "rapport: user password needs --id ID; see rapport user list\n");
        return 2;
    }
    if (!read_password(password, sizeof password) || strlen(password) < PASSWORD_MIN ||
        strlen(password) > PASSWORD_MAX) {
        fprintf(stderr, "rapport: a password has %d to %d bytes; it is read from stdin\n",
                PASSWORD_MIN, PASSWORD_MAX);
        return 2;
    }
    enum db_rc rc = password_set(db, id, password);
    if (rc == DB_NONE) {
        fprintf(stderr, "rapport: there is no user %lld; see rapport user list\n", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return db_trouble(db, "cannot set the password");
    printf(o->json ? "{\"id\":%lld}\n" : "user %lld can sign in with it\n", (long long)id);
    return 0;
}

int command_user(int argc, char **argv)
{
    struct user_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        {"--data", "DIR", "the data directory (./" DEFAULT_DATA ")", &o.data, NULL},
        {"--store", "URL", "the store, when it is not the data directory's own", &o.store, NULL},
        {"--login", "NAME", "add: the unique login", &o.login, NULL},
        {"--email", "ADDRESS", "add: the e-mail address", &o.email, NULL},
        {"--name", "TEXT", "add: first name", &o.name, NULL},
        {"--last-name", "TEXT", "add: last name", &o.last_name, NULL},
        {"--admin", NULL, "add: an administrator", NULL, &o.admin},
        {"--id", "ID", "password: whose", &o.id, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[1] = {NULL};
    bool help;
    int count;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport user add|list|password [options]\n\nThe users of a data "
                    "directory's portal, also while its server runs. `password` reads the\nnew "
                    "password from stdin: with it the user signs in when an application asks for "
                    "access.",
                    &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    bool add = what[0] && !strcmp(what[0], "add"), list = what[0] && !strcmp(what[0], "list");
    if (!add && !list && (!what[0] || strcmp(what[0], "password") != 0)) {
        fprintf(stderr, "rapport: user add, list or password? See rapport user --help\n");
        return 2;
    }
    struct db *db;
    struct portal *portal = command_open(o.data, o.store, list ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = add ? user_make(portal, db, &o) : list ? user_print(db, &o) : user_password(db, &o);
    db_close(db);
    portal_close(portal);
    return code;
}

/* ---- methods ---- */

static void write_method(const struct method *m, struct writer *w)
{
    static const char *const shapes[] = {"any", "integer", "boolean", "string", "object", "list"};
    writer_begin_object(w);
    writer_keyz(w, "name");
    writer_stringz(w, m->name);
    writer_keyz(w, "summary");
    writer_stringz(w, m->summary);
    writer_keyz(w, "scope");
    m->scope ? writer_stringz(w, m->scope) : writer_null(w);
    writer_keyz(w, "writes");
    writer_bool(w, m->lane == LANE_WRITE);
    writer_keyz(w, "implemented");
    writer_bool(w, !m->planned);
    writer_keyz(w, "result");
    writer_stringz(w, shapes[m->result]);
    writer_keyz(w, "page");
    writer_stringz(w, m->page ? m->page : "");
    writer_keyz(w, "params");
    writer_begin_list(w);
    for (const struct param *p = m->params; p && p->type != PARAM_END; p++) {
        writer_begin_object(w);
        writer_keyz(w, "name");
        writer_stringz(w, p->name);
        writer_keyz(w, "required");
        writer_bool(w, p->required);
        writer_keyz(w, "summary");
        writer_stringz(w, p->summary);
        writer_end_object(w);
    }
    writer_end_list(w);
    writer_end_object(w);
}

/* For the reference in docs/methods.md. */
static void print_markdown(const struct method *m)
{
    static const char *const shapes[] = {"any value", "integer", "boolean",
                                         "text",      "object",  "list"};
    printf("\n### %s\n\n%s. Scope: %s. %s. Result: %s.\n", m->name, m->summary,
           m->scope ? m->scope : "none needed", m->lane == LANE_WRITE ? "Writes" : "Reads",
           shapes[m->result]);
    if (m->params && m->params->type != PARAM_END)
        printf("\n");
    for (const struct param *p = m->params; p && p->type != PARAM_END; p++)
        printf("- `%s`%s: %s\n", p->name, p->required ? " (required)" : "", p->summary);
    if (m->page)
        printf("\nDocumentation page: `%s`\n", m->page);
}

int command_methods(int argc, char **argv)
{
    bool json = false, all = false, help, markdown = false;
    const struct arg args[] = {
        {"--json", NULL, "print JSON, with parameters", NULL, &json},
        {"--markdown", NULL, "print the reference", NULL, &markdown},
        {"--all", NULL, "also methods that are known but not implemented (501)", NULL, &all},
        {NULL, NULL, NULL, NULL, NULL},
    };
    int count;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport methods [options]\n\nThe REST methods of this version.", &help,
                    NULL, 0, &count))
        return 2;
    if (help)
        return 0;
    struct buf out = {0};
    struct writer w;
    writer_init(&w, &out);
    writer_begin_list(&w);
    for (const struct method_family *const *f = method_families; *f; f++) {
        for (size_t i = 0; i < (*f)->count; i++) {
            const struct method *m = &(*f)->methods[i];
            if (json)
                write_method(m, &w);
            else if (markdown && !m->planned)
                print_markdown(m);
            else if (!markdown && (!m->planned || all))
                printf("%-36s %s%s\n", m->name, m->planned ? "(not yet) " : "", m->summary);
        }
    }
    writer_end_list(&w);
    if (json)
        print_json(&out);
    buf_clear(&out);
    return 0;
}
