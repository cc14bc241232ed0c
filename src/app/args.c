#include "app/args.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "base/utf8.h"
#include "base/writer.h"

static void print_help(const struct arg *args, const char *usage)
{
    printf("%s\n", usage);
    if (args->name)
        printf("\nOptions:\n");
    for (const struct arg *a = args; a->name; a++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", a->name, a->value ? " " : "",
                 a->value ? a->value : "");
        printf("  %-26s %s\n", left, a->help);
    }
}

/* What the last line had, by name. */
static const char *given[4 * ARG_MOST];
static size_t given_count;

bool args_given(const struct arg *arg)
{
    for (size_t i = 0; i < given_count; i++) {
        if (!strcmp(given[i], arg->name))
            return true;
    }
    return false;
}

static void note_given(const struct arg *arg)
{
    if (!args_given(arg) && given_count < sizeof given / sizeof given[0])
        given[given_count++] = arg->name;
}

/* Looked for in the whole line: a mistake may stand before it. */
static bool wants_json;

void args_error(const char *format, ...)
{
    struct buf json = {0};
    struct writer w;
    char text[1 << 15]; /* the longest: all errors of the protocol that a fault may answer */
    va_list list;
    va_start(list, format);
    format_list(text, sizeof text, format, list);
    va_end(list);
    fprintf(stderr, "rapport: %s\n", text);
    if (!wants_json)
        return;
    /* What was typed may be anything. */
    for (char *at = text; !utf8_valid(text, strlen(text)) && *at; at++)
        *at = (unsigned char)*at < 0x80 ? *at : '?';
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_text(&w, "error", text);
    writer_end_object(&w);
    printf("%s\n", buf_text(&json));
    buf_clear(&json);
}

static const struct arg *find(const struct arg *args, const char *text, size_t len)
{
    for (const struct arg *a = args; a->name; a++) {
        if (strlen(a->name) == len && !strncmp(a->name, text, len))
            return a;
    }
    return NULL;
}

bool args_several(const struct arg *arg)
{
    size_t len = arg->value ? strlen(arg->value) : 0;
    return len > 3 && !strcmp(arg->value + len - 3, "...");
}

static bool take(const struct arg *a, const char *value)
{
    const char **to = a->text;
    size_t count = 0;
    while (args_several(a) && *to && count < ARG_MOST) {
        to++;
        count++;
    }
    if (count == ARG_MOST)
        args_error("option %s comes more than %d times", a->name, ARG_MOST);
    else
        *to = value;
    return count < ARG_MOST;
}

void args_look(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        wants_json |= !strcmp(argv[i], "--json");
}

static void take_place(const struct arg *args)
{
    static const char *const places[][2] = {{"--data", "RAPPORT_DATA"},
                                            {"--store", "RAPPORT_STORE"}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct arg *a = find(args, places[i][0], strlen(places[i][0]));
        const char *said = getenv(places[i][1]);
        if (a && a->value && !args_given(a) && said && *said)
            *a->text = said;
    }
}

bool args_parse(int argc, char **argv, const struct arg *args, const char *usage, bool *help,
                const char **rest, int rest_size, int *rest_count)
{
    *help = false;
    *rest_count = 0;
    given_count = 0;
    args_look(argc, argv);
    for (int i = 0; i < argc; i++) {
        const char *text = argv[i];
        if (!strcmp(text, "--help") || !strcmp(text, "-h")) {
            print_help(args, usage);
            *help = true;
            return true;
        }
        if (text[0] != '-' || !text[1]) {
            if (*rest_count == rest_size) {
                args_error("unexpected argument %s; see --help", text);
                return false;
            }
            rest[(*rest_count)++] = text;
            continue;
        }
        size_t len = strcspn(text, "=");
        const struct arg *a = find(args, text, len);
        if (!a || (!a->value && text[len])) {
            args_error("unknown option %s; see --help", text);
            return false;
        }
        note_given(a);
        if (!a->value) {
            *a->flag = true;
        } else if (text[len] || i + 1 < argc) {
            if (!take(a, text[len] ? text + len + 1 : argv[++i]))
                return false;
        } else {
            args_error("option %s needs a value: %s", a->name, a->value);
            return false;
        }
    }
    take_place(args);
    return true;
}
