/* rapport store: which store a data directory belongs to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "portal/data_dir.h"

static void show(const char *store, bool json)
{
    struct buf text = {0}, out = {0};
    struct writer w;
    db_describe(store, &text);
    if (!json) {
        printf("%s\n", buf_text(&text));
    } else {
        writer_init(&w, &out);
        writer_begin_object(&w);
        writer_keyz(&w, "kind");
        writer_stringz(&w, db_is_postgres(store) ? "postgresql" : "sqlite");
        writer_keyz(&w, "store");
        writer_string(&w, text.data, text.len);
        writer_end_object(&w);
        command_print_json(&out);
    }
    buf_clear(&text);
}

/* From standard input, so that a password does not stand in the list of processes. */
static const char *read_line(char *line, size_t size)
{
    if (!fgets(line, (int)size, stdin))
        return "";
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

/* Only a store that can be reached, and holds the portal of this directory's key. */
static bool change(const char *data, const char *store, struct buf *why)
{
    struct portal *portal =
        portal_open(&(struct portal_options){.data_dir = data, .store = store}, why);
    bool good = portal && data_dir_store_set(data, store, why);
    portal_close(portal);
    return good;
}

int command_store(int argc, char **argv)
{
    const char *data = DEFAULT_DATA, *what[2] = {NULL, NULL};
    bool json = false, help;
    int count;
    char line[4096];
    struct buf why = {0};
    const struct arg args[] = {
        {"--data", "DIR", "the data directory (./" DEFAULT_DATA ")", &data, NULL},
        {"--json", NULL, "print JSON", NULL, &json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport store [set URL] [options]\n\nShows which store a data directory "
            "belongs to, or changes it: another address or\npassword of the database, the file "
            "moved elsewhere. `set -` reads the address from\nstandard input. The store must hold "
            "the portal of this directory's key. A running\nserver takes it up when it starts "
            "again.",
            &help, what, 2, &count))
        return 2;
    if (help)
        return 0;
    if (count == 1 || (count && strcmp(what[0], "set") != 0))
        return command_usage("store, or store set URL? See rapport store --help");
    if (!data_dir_open(data, false, &why))
        return command_fail(&why);
    if (count) {
        const char *wanted = strcmp(what[1], "-") != 0 ? what[1] : read_line(line, sizeof line);
        if (!*wanted)
            return command_usage("store set needs an address");
        if (!change(data, wanted, &why))
            return command_fail(&why);
    }
    char *store = data_dir_store(data);
    show(store, json);
    free(store);
    return 0;
}
