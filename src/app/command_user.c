/* rapport user: the people of the portal. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/args.h"
#include "app/command.h"
#include "base/clock.h"
#include "base/mail_address.h"
#include "people/second_factor.h"
#include "user/user.h"

struct user_options {
    const char *data, *store, *login, *email, *name, *last_name, *id, *departments;
    bool json, admin, no_factor;
};

#define DEPARTMENTS_MOST 20

/* "2,5": each must exist. */
static bool read_departments(struct db *db, const char *list, int64_t *ids, size_t *count)
{
    for (*count = 0; list && *list; list += list[strcspn(list, ",")] == ',') {
        size_t len = strcspn(list, ",");
        struct db_stmt *stmt = db_prepare(db, "SELECT 1 FROM department WHERE id = $1");
        bool good = *count < DEPARTMENTS_MOST && text_to_int(list, len, &ids[*count]);
        db_bind_int(stmt, 1, good ? ids[*count] : 0);
        good = db_step(stmt) == DB_ROW;
        db_finish(stmt);
        if (!good) {
            args_error("there is no department %.*s", (int)len, list);
            return false;
        }
        ++*count;
        list += len;
    }
    return true;
}

static int user_make(struct portal *portal, struct db *db, const struct user_options *o)
{
    int64_t id;
    if (!o->login || !*o->login) {
        args_error("user add needs --login NAME");
        return 2;
    }
    if (o->email && !mail_address_fits(o->email, strlen(o->email))) {
        args_error("%s is no e-mail address", o->email);
        return 2;
    }
    int64_t departments[DEPARTMENTS_MOST];
    size_t department_count = 0;
    if (!read_departments(db, o->departments, departments, &department_count))
        return 2;
    struct user_new user = {.login = o->login,
                            .email = o->email ? o->email : "",
                            .name = o->name ? o->name : o->login,
                            .last_name = o->last_name ? o->last_name : "",
                            .is_admin = o->admin,
                            .departments = departments,
                            .department_count = department_count};
    enum db_rc rc = user_insert(db, portal->zone, (int64_t)portal_now(portal), &user, &id);
    if (rc == DB_CONFLICT) {
        args_error("the login %s is taken", o->login);
        return 1;
    }
    if (rc != DB_OK && rc != DB_ROW)
        return command_trouble(db, "cannot add the user");
    printf(o->json ? "{\"id\":%lld}\n" : "user %lld is added\n", (long long)id);
    return 0;
}

static void write_user(const struct portal *portal, struct db_stmt *stmt, struct writer *w)
{
    static const char *const keys[] = {"id",    "login",  "name", "last_name",
                                       "email", "active", "admin"};
    (void)portal;
    if (!w) {
        printf("%6lld  %-20s %s %s%s%s\n", (long long)db_int(stmt, 0), db_text(stmt, 1, NULL),
               db_text(stmt, 2, NULL), db_text(stmt, 3, NULL),
               db_text(stmt, 6, NULL)[0] == 'Y' ? "  administrator" : "",
               db_text(stmt, 5, NULL)[0] == 'Y' ? "" : "  dismissed");
        return;
    }
    writer_begin_object(w);
    writer_number(w, keys[0], db_int(stmt, 0));
    for (int i = 1; i < 5; i++)
        writer_text(w, keys[i], db_text(stmt, i, NULL));
    for (int i = 5; i < 7; i++) {
        writer_keyz(w, keys[i]);
        writer_bool(w, db_text(stmt, i, NULL)[0] == 'Y');
    }
    writer_end_object(w);
}

static const char users_sql[] =
    "SELECT id, login, name, last_name, email, active, is_admin FROM member ORDER BY id";

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
        args_error("user password needs --id ID; see rapport user list");
        return 2;
    }
    if (!read_password(password, sizeof password) || strlen(password) < PASSWORD_MIN ||
        strlen(password) > PASSWORD_MAX) {
        args_error("a password has %d to %d bytes; it is read from stdin", PASSWORD_MIN,
                   PASSWORD_MAX);
        return 2;
    }
    enum db_rc rc = password_set(db, id, password);
    if (rc == DB_NONE) {
        args_error("there is no user %lld; see rapport user list", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot set the password");
    printf(o->json ? "{\"id\":%lld}\n" : "user %lld can sign in with it\n", (long long)id);
    return 0;
}

/* Who has lost his device and his recovery codes signs in by the password alone. */
static int user_set(struct db *db, const struct user_options *o)
{
    int64_t id;
    if (!o->id || !text_to_int(o->id, strlen(o->id), &id) || id < 1 || !o->no_factor) {
        args_error("user set needs --id ID and --no-second-factor; see rapport user list");
        return 2;
    }
    enum db_rc rc = second_factor_remove(db, id);
    if (rc == DB_NONE) {
        args_error("user %lld has no second factor", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot remove the second factor");
    printf(o->json ? "{\"id\":%lld}\n" : "user %lld signs in by the password alone\n",
           (long long)id);
    return 0;
}

int command_user(int argc, char **argv)
{
    struct user_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--login", "NAME", "add: the unique login", &o.login, NULL},
        {"--email", "ADDRESS", "add: the e-mail address", &o.email, NULL},
        {"--name", "TEXT", "add: first name", &o.name, NULL},
        {"--last-name", "TEXT", "add: last name", &o.last_name, NULL},
        {"--department", "LIST", "add: ids, as 2,5 (the root department)", &o.departments, NULL},
        {"--admin", NULL, "add: an administrator", NULL, &o.admin},
        {"--id", "ID", "password, set: whose", &o.id, NULL},
        {"--no-second-factor", NULL, "set: remove it, for who has lost the device", NULL,
         &o.no_factor},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[1] = {NULL};
    bool help;
    int count;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport user add|list|password|set [options]\n\nThe users of a data "
                    "directory's portal, also while its server runs. `password` reads the\nnew "
                    "password from stdin: with it the user signs in when an application asks for "
                    "access.",
                    &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    bool add = what[0] && !strcmp(what[0], "add"), list = what[0] && !strcmp(what[0], "list");
    bool set = what[0] && !strcmp(what[0], "set");
    if (!add && !list && !set && (!what[0] || strcmp(what[0], "password") != 0)) {
        args_error("user add, list, password or set? See rapport user --help");
        return 2;
    }
    struct db *db;
    struct portal *portal = command_open(o.data, o.store, list ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = add    ? user_make(portal, db, &o)
               : list ? command_print_rows(portal, db, users_sql, o.json,
                                           "    ID  LOGIN                NAME", write_user)
               : set  ? user_set(db, &o)
                      : user_password(db, &o);
    db_close(db);
    portal_close(portal);
    return code;
}
