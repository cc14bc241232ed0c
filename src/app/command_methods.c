/* rapport methods: what this version can do. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "app/reference.h"
#include "model/method.h"
#include "portal/known.h"

/* A method of the protocol that is not there yet: --all. */
static void tell_missing(const struct known_method *known, bool json, struct writer *w)
{
    if (!json) {
        printf("%-36s (not yet)\n", known->name);
        return;
    }
    writer_begin_object(w);
    writer_keyz(w, "name");
    writer_stringz(w, known->name);
    writer_keyz(w, "scope");
    known->scope[0] ? writer_stringz(w, known->scope) : writer_null(w);
    writer_keyz(w, "implemented");
    writer_bool(w, false);
    writer_keyz(w, "page");
    writer_stringz(w, known->page);
    writer_end_object(w);
}

int command_methods(int argc, char **argv)
{
    bool json = false, all = false, help, markdown = false;
    const struct arg args[] = {
        {"--json", NULL, "print JSON, with schemas of parameters and results", NULL, &json},
        {"--markdown", NULL, "print the reference", NULL, &markdown},
        {"--all", NULL, "also the methods of the protocol that are not there yet", NULL, &all},
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
    command_header(json || markdown, "METHOD                               WHAT IT DOES");
    for (size_t i = 0; i < method_count(); i++) {
        const struct method *m = method_at(i);
        if (json)
            reference_json(&w, m);
        else if (markdown)
            reference_markdown(m);
        else
            printf("%-36s %s\n", m->name, m->summary);
    }
    for (size_t i = 0; all && !markdown && i < known_method_count; i++) {
        const struct known_method *known = &known_methods[i];
        if (!method_find(known->name, strlen(known->name)))
            tell_missing(known, json, &w);
    }
    writer_end_list(&w);
    if (json)
        command_print_json(&out);
    buf_clear(&out);
    return 0;
}
