#include "app/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"

#define NAME 64
#define FILE_BYTES 65536

const char *config_from_name(enum config_from from)
{
    static const char *const names[] = {"default", "file", "environment", "command line"};
    return names[from];
}

/* Options point into it until the program ends. */
struct kept {
    struct kept *next;
    char text[];
};
static struct kept *all_kept;

static char *keep(const char *text, size_t len)
{
    struct kept *kept = xcalloc(sizeof *kept + len + 1, 1);
    memcpy(kept->text, text, len);
    kept->next = all_kept;
    all_kept = kept;
    return kept->text;
}

/* "--tls-cert" -> "RAPPORT_TLS_CERT" */
static void variable_of(const struct arg *arg, char name[NAME])
{
    snprintf(name, NAME, "RAPPORT_%s", arg->name + 2);
    for (char *at = name; *at; at++)
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
}

static bool read_flag(const char *text, bool *flag)
{
    static const char *const words[] = {"no", "yes", "off", "on", "0", "1", "false", "true"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!strcmp(text, words[i])) {
            *flag = i % 2;
            return true;
        }
    }
    return false;
}

/* `where`: as people are told of it. */
static bool set(const struct arg *arg, const char *text, const char *where, struct buf *why)
{
    if (!arg->value && read_flag(text, arg->flag))
        return true;
    if (!arg->value) {
        buf_printf(why, "%s takes yes or no", where);
        return false;
    }
    if (!*text) {
        buf_printf(why, "%s is empty", where);
        return false;
    }
    size_t count = 0;
    while (args_several(arg) && arg->text[count])
        count++;
    if (count == ARG_MOST) {
        buf_printf(why, "%s comes more than %d times", where, ARG_MOST);
        return false;
    }
    arg->text[count] = text;
    return true;
}

/* ---- the environment ---- */

static bool set_from_environment(const struct arg *arg, struct buf *why)
{
    char name[NAME];
    variable_of(arg, name);
    const char *text = getenv(name);
    if (!args_several(arg))
        return set(arg, text, name, why);
    while (*text) {
        size_t len = strcspn(text, ", ");
        if (len && !set(arg, keep(text, len), name, why))
            return false;
        text += len + strspn(text + len, ", ");
    }
    return true;
}

/* ---- the file ---- */

static char *read_file(const char *path, struct buf *why)
{
    static char text[FILE_BYTES + 1]; /* of the last one; what is taken of it is kept apart */
    FILE *file = fopen(path, "r");
    memset(text, 0, sizeof text);
    size_t len = file ? fread(text, 1, FILE_BYTES, file) : 0;
    bool good = file && !ferror(file);
    if (!good)
        buf_printf(why, "cannot read the configuration %s: %s", path, strerror(errno));
    else if (len == FILE_BYTES || strlen(text) != len)
        buf_printf(why, "the configuration %s is larger than 64 KiB, or no text", path);
    if (file)
        fclose(file);
    return good && !why->len ? text : NULL;
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        *--end = '\0';
    return text;
}

static int place_of(const struct arg *args, const char *name)
{
    for (int i = 0; args[i].name; i++) {
        if (!strcmp(args[i].name + 2, name))
            return i;
    }
    return -1;
}

/* One line without its end. */
static bool read_line(const struct arg *args, const char *path, int number, char *line,
                      enum config_from *from, struct buf *why)
{
    char where[512], *name = trim(line), *equals = strchr(name, '=');
    if (!*name || *name == '#')
        return true;
    snprintf(where, sizeof where, "%s, line %d", path, number);
    if (!equals) {
        buf_printf(why, "%s: a line is \"name = value\"", where);
        return false;
    }
    *equals = '\0';
    name = trim(name);
    int at = place_of(args, name);
    if (at < 0 || !strcmp(name, "config")) {
        buf_printf(why, "%s: there is no option %.60s", where, name);
        return false;
    }
    if (from[at] > CONFIG_FILE)
        return true;
    if (from[at] == CONFIG_FILE && !args_several(&args[at])) {
        buf_printf(why, "%s: %s stands there before", where, name);
        return false;
    }
    from[at] = CONFIG_FILE;
    snprintf(where, sizeof where, "%s, line %d: %s", path, number, name);
    char *value = trim(equals + 1);
    return set(&args[at], keep(value, strlen(value)), where, why);
}

static bool fill_from_file(const struct arg *args, const char *path, enum config_from *from,
                           struct buf *why)
{
    char *text = read_file(path, why);
    bool good = text != NULL;
    for (int number = 1; good && *text; number++) {
        size_t len = strcspn(text, "\n");
        char *next = text + len + (text[len] == '\n');
        text[len] = '\0';
        good = read_line(args, path, number, text, from, why);
        text = next;
    }
    return good;
}

bool config_fill(const struct arg *args, const char *path, enum config_from *from, struct buf *why)
{
    char name[NAME];
    for (int i = 0; args[i].name; i++) {
        from[i] = args_given(&args[i]) ? CONFIG_COMMAND : CONFIG_DEFAULT;
        variable_of(&args[i], name);
        const char *text = getenv(name);
        if (from[i] == CONFIG_COMMAND || !text || !strcmp(args[i].name, "--config"))
            continue;
        from[i] = CONFIG_ENVIRONMENT;
        if (!set_from_environment(&args[i], why))
            return false;
    }
    path = path ? path : getenv("RAPPORT_CONFIG");
    return !path || !*path || fill_from_file(args, path, from, why);
}
