/* rapport methods: what this version can do. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "model/method.h"
#include "portal/known.h"

static const char *const param_types[] = {[PARAM_INT] = "integer",
                                          [PARAM_STRING] = "text",
                                          [PARAM_FLAG] = "flag",
                                          [PARAM_ARRAY] = "array",
                                          [PARAM_ANY] = "any"};

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
    writer_bool(w, true);
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
        writer_text(w, "type", param_types[p->type]);
        writer_keyz(w, "required");
        writer_bool(w, p->required);
        writer_keyz(w, "summary");
        writer_stringz(w, p->summary);
        writer_end_object(w);
    }
    writer_end_list(w);
    writer_end_object(w);
}

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

/* For the reference in docs/methods.md; docs/generate puts the errors of each method behind it. */
static void print_markdown(const struct method *m)
{
    static const char *const shapes[] = {"any value", "integer", "boolean",
                                         "text",      "object",  "list"};
    size_t len = strlen(m->summary);
    len -= len && m->summary[len - 1] == '.';
    printf("\n### %s\n\n%.*s. Scope: %s. %s. Result: %s.\n", m->name, (int)len, m->summary,
           m->scope ? m->scope : "none needed", m->lane == LANE_WRITE ? "Writes" : "Reads",
           shapes[m->result]);
    if (m->page)
        printf("Documentation page: `%s`\n", m->page);
    if (!m->params || m->params->type == PARAM_END)
        return;
    printf("\n| parameter | type | required | what it says |\n|---|---|---|---|\n");
    for (const struct param *p = m->params; p->type != PARAM_END; p++)
        printf("| `%s` | %s | %s | %s |\n", p->name, param_types[p->type],
               p->required ? "yes" : "no", p->summary);
}

int command_methods(int argc, char **argv)
{
    bool json = false, all = false, help, markdown = false;
    const struct arg args[] = {
        {"--json", NULL, "print JSON, with parameters", NULL, &json},
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
            write_method(m, &w);
        else if (markdown)
            print_markdown(m);
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
