/* command - what `rapport COMMAND` can do.
 *
 * Used by: app/main.c; the rest is what the commands share. Each takes the arguments after its name and returns the exit code: 0 done, 1
 *          failed (said on stderr), 2 wrong usage.
 */
#ifndef RAPPORT_APP_COMMAND_H
#define RAPPORT_APP_COMMAND_H

#include "base/writer.h"
#include "portal/portal.h"

int command_serve(int argc, char **argv);
int command_config(int argc, char **argv);
int command_webhook(int argc, char **argv);
int command_console(int argc, char **argv);
int command_user(int argc, char **argv);
int command_role(int argc, char **argv);
int command_app(int argc, char **argv);
int command_hook(int argc, char **argv);
int command_events(int argc, char **argv);
int command_mail(int argc, char **argv);
int command_token(int argc, char **argv);
int command_methods(int argc, char **argv);
int command_openapi(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_check(int argc, char **argv);
int command_fault(int argc, char **argv);
int command_portal(int argc, char **argv);
int command_store(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_transcript(int argc, char **argv);
int command_field(int argc, char **argv);

#define DEFAULT_DATA "rapport-data"
#define DEFAULT_LISTEN "127.0.0.1:8024"

/* The options of a command that say which portal it is about. */
#define COMMAND_PLACE(data, store)                                                                 \
    {"--data", "DIR", "the data directory (./" DEFAULT_DATA ")", &(data), NULL},                   \
    {                                                                                              \
        "--store", "URL", "the store, when it is not the data directory's own", &(store), NULL     \
    }

/* Prints "rapport: ..." to stderr and returns 1. */
int command_fail(struct buf *why);
/* Opens the portal of a data directory that exists. With DB_WRITER the command gets an entry of the trail (app/trail). */
struct portal *command_open(const char *data_dir, const char *store, enum db_mode mode,
                            struct db **db);
/* The address of the running (or last) server of this data directory: "http://127.0.0.1:8024". */
void command_address(const struct portal *portal, char *out, size_t size);

/* Prints "rapport: TEXT" to stderr and returns 2: wrong usage. */
int command_usage(const char *text);
/* Prints what could not be done and what the store says; returns 1. */
int command_trouble(struct db *db, const char *what);
/* Prints a line of JSON and empties the buffer. */
void command_print_json(struct buf *json);
/* An id as an option gives it; false when it is absent or none. */
bool command_id(const char *text, int64_t *id);

/* Writes one row: a line to stdout when `w` is NULL, else an object. */
typedef void command_row(const struct portal *portal, struct db_stmt *stmt, struct writer *w);
/* Prints the rows of a statement without parameters, under `header`; returns the exit code. */
int command_print_rows(const struct portal *portal, struct db *db, const char *sql, bool as_json,
                       const char *header, command_row *write);
/* The names of a list's columns, for a person: nothing when stdout is no terminal, or with --json. */
void command_header(bool as_json, const char *header);

#endif
