/* rapport config: what holds for a server that is started so, and who said it. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "app/config.h"
#include "app/serve_options.h"
#include "base/limits.h"

struct row {
    const char *name;
    char value[2048];
    const char *from;
};

/* What is between "//" and "@" of an address, and codes, are nobody's to read in a terminal. */
static void show(const struct arg *arg, const char *text, char *out, size_t size)
{
    const char *host = strstr(text, "://"), *at = host ? strchr(host, '@') : NULL;
    if (!strcmp(arg->name, "--webhook-code"))
        snprintf(out, size, "(kept secret)");
    else if (at && !memchr(host + 3, '/', (size_t)(at - host - 3)))
        snprintf(out, size, "%.*s***%s", (int)(host + 3 - text), text, at);
    else
        snprintf(out, size, "%s", text);
}

static void read_value(const struct arg *arg, struct row *row)
{
    struct buf shown = {0};
    char one[1024];
    size_t len = arg->value ? strlen(arg->value) : 0;
    bool several = len > 3 && !strcmp(arg->value + len - 3, "...");
    if (!arg->value)
        buf_adds(&shown, *arg->flag ? "yes" : "no");
    for (size_t i = 0; arg->value && arg->text[i] && (several || !i); i++) {
        show(arg, arg->text[i], one, sizeof one);
        buf_printf(&shown, i ? ", %s" : "%s", one);
    }
    snprintf(row->value, sizeof row->value, "%s", buf_text(&shown));
    buf_clear(&shown);
}

static void print_rows(const struct row *rows, size_t count, bool json)
{
    struct buf out = {0};
    struct writer w;
    if (!json) {
        for (size_t i = 0; i < count; i++)
            printf("%-20s %-40s %s\n", rows[i].name, rows[i].value[0] ? rows[i].value : "-",
                   rows[i].from);
        return;
    }
    writer_init(&w, &out);
    writer_begin_object(&w);
    for (size_t i = 0; i < count; i++) {
        writer_keyz(&w, rows[i].name);
        writer_begin_object(&w);
        writer_text(&w, "value", rows[i].value);
        writer_text(&w, "from", rows[i].from);
        writer_end_object(&w);
    }
    writer_end_object(&w);
    command_print_json(&out);
    buf_clear(&out);
}

int command_config(int argc, char **argv)
{
    struct serve_options o;
    struct arg args[SERVE_ARGS], all[SERVE_ARGS + 1];
    enum config_from from[SERVE_ARGS];
    struct row rows[SERVE_ARGS];
    struct server_options server = {0};
    struct limit_plan plan;
    struct buf why = {0};
    char host[80];
    bool help, json = false;
    int rest;
    size_t count = 0;
    serve_options_init(&o, args);
    all[0] = (struct arg){"--json", NULL, "print JSON", NULL, &json};
    memcpy(all + 1, args, sizeof args);
    if (!args_parse(
            argc, argv, all,
            "Usage: rapport config [options]\n\nShows what would hold for `rapport serve` "
            "with the same options, and where it was said:\nthe command line, RAPPORT_NAME of "
            "the environment, the file of --config, the default.",
            &help, NULL, 0, &rest))
        return 2;
    if (help)
        return 0;
    bool good = config_fill(args, o.config, from, &why) &&
                serve_options_check(&o, &server, &plan, host, &why);
    net_ranges_clear(&server.trusted);
    if (!good) {
        command_fail(&why);
        return 2;
    }
    for (const struct arg *arg = args; arg->name; arg++, count++) {
        rows[count].name = arg->name + 2;
        rows[count].from = config_from_name(from[count]);
        read_value(arg, &rows[count]);
    }
    print_rows(rows, count, json);
    return 0;
}
