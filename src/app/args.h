/* args - options of the command line, for people and for programs.
 *
 * What:    `--name value`, `--name=value` and flags, checked against a table that also prints the
 *          help. Where the portal is (--data, --store) RAPPORT_DATA and RAPPORT_STORE say to every command whose line does not.
 * Used by: src/app/ only.
 * Memory:  texts point into argv.
 * Errors:  args_parse prints what is wrong and returns false; the program then ends with 2.
 */
#ifndef RAPPORT_APP_ARGS_H
#define RAPPORT_APP_ARGS_H

#include <stdbool.h>

#define ARG_MOST 64

struct arg {
    const char *name;  /* "--data" */
    const char *value; /* what help calls the value; NULL: a flag; "X...": may come several times */
    const char *help;
    const char *
        *text;  /* where the value goes; of several, an array of ARG_MOST + 1, ended by NULL */
    bool *flag; /* where a flag goes */
};

/* `args` ends with a NULL name. *help is set for --help, which is then printed. Anything that is no
 * option goes to `rest` (at most `rest_size`), in order. */
bool args_parse(int argc, char **argv, const struct arg *args, const char *usage, bool *help,
                const char **rest, int rest_size, int *rest_count);

/* May it come several times? */
bool args_several(const struct arg *arg);

/* Did the line of the last args_parse have it? `arg`: of the same table. */
bool args_given(const struct arg *arg);

/* Is --json in the line? args_parse looks itself. */
void args_look(int argc, char **argv);

/* What is wrong, as "rapport: TEXT" on stderr. Who asked for --json gets {"error": TEXT} on stdout as well:
 * stdout then is JSON whatever happens. */
void args_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
