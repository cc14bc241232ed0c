/* rapport config: what holds for a server that is started so, and who said it. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "app/config.h"
#include "app/serve_options.h"
#include "base/limits.h"
#include "db/db.h"

/* Passwords and codes are nobody's to read in a terminal: of the store's address what db_describe tells, of others nothing that stands
 * before the last "@", wherever the password of one who did not encode it ends. */
static void show(const struct arg *arg, const char *text, struct buf *out)
{
    const char *scheme = strstr(text, "://"), *at = scheme ? strrchr(scheme, '@') : NULL;
    if (!strcmp(arg->name, "--webhook-code"))
        buf_adds(out, "(kept secret)");
    else if (!strcmp(arg->name, "--store"))
        db_describe(text, out);
    else if (at)
        buf_printf(out, "%.*s***%s", (int)(scheme + 3 - text), text, at);
    else
        buf_adds(out, text);
}

static void read_value(const struct arg *arg, struct buf *shown)
{
    bool several = args_several(arg);
    if (!arg->value)
        buf_adds(shown, *arg->flag ? "yes" : "no");
    for (size_t i = 0; arg->value && arg->text[i] && (several || !i); i++) {
        if (i)
            buf_adds(shown, ", ");
        show(arg, arg->text[i], shown);
    }
}

static void print_text(const struct arg *args, const enum config_from *from)
{
    struct buf shown = {0};
    for (size_t i = 0; args[i].name; i++) {
        read_value(&args[i], &shown);
        printf("%-20s %-40s %s\n", args[i].name + 2, shown.len ? buf_text(&shown) : "-",
               config_from_name(from[i]));
        buf_clear(&shown);
    }
}

static void print_json(const struct arg *args, const enum config_from *from)
{
    struct buf out = {0}, shown = {0};
    struct writer w;
    writer_init(&w, &out);
    writer_begin_object(&w);
    for (size_t i = 0; args[i].name; i++) {
        read_value(&args[i], &shown);
        writer_keyz(&w, args[i].name + 2);
        writer_begin_object(&w);
        writer_text(&w, "value", buf_text(&shown));
        writer_text(&w, "from", config_from_name(from[i]));
        writer_end_object(&w);
        buf_clear(&shown);
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
    struct server_options server = {0};
    struct limit_plan plan;
    struct buf why = {0};
    char host[80];
    bool help, json = false;
    int rest;
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
    json ? print_json(args, from) : print_text(args, from);
    return 0;
}
