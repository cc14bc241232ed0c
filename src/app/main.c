/* The program: finds the command and runs it. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/args.h"
#include "app/command.h"
#include "app/trail.h"
#include "model/method.h"

static int command_version(int argc, char **argv)
{
    bool json = false, help;
    int count;
    const struct arg args[] = {{"--json", NULL, "print JSON", NULL, &json},
                               {NULL, NULL, NULL, NULL, NULL}};
    if (!args_parse(argc, argv, args, "Usage: rapport version [options]\n\nPrints the version.",
                    &help, NULL, 0, &count))
        return 2;
    if (!help)
        printf(json ? "{\"version\":\"%s\"}\n" : "rapport %s\n", RAPPORT_VERSION);
    return 0;
}

static const struct command {
    const char *name, *help;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"serve", "run the server", command_serve},
    {"config", "show what holds for the server, and who said it", command_config},
    {"webhook", "add, list and revoke incoming webhooks", command_webhook},
    {"console", "make a link that signs in to the console", command_console},
    {"user", "add and list users, set passwords", command_user},
    {"role", "say who may do what", command_role},
    {"field", "add, list and remove custom fields", command_field},
    {"app", "add, list, change and revoke applications", command_app},
    {"hook", "add, list and remove outgoing webhooks", command_hook},
    {"events", "show what is still to be delivered, and what was given up", command_events},
    {"mail", "show e-mails that wait for the relay, and what was given up", command_mail},
    {"token", "issue tokens of an application", command_token},
    {"methods", "list the REST methods", command_methods},
    {"openapi", "describe the REST methods as OpenAPI 3.1", command_openapi},
    {"fault", "let a running server fail on purpose", command_fault},
    {"portal", "close and open the portal", command_portal},
    {"store", "show and change the store of a data directory", command_store},
    {"transcript", "keep what was said in a call", command_transcript},
    {"backup", "write a portal to one file, also while its server runs", command_backup},
    {"restore", "make a portal of a backup", command_restore},
    {"audit", "show who changed rights, credentials and settings", command_audit},
    {"check", "check the integrity of a data directory", command_check},
    {"version", "print the version", command_version},
};

static int run(const struct command *command, int argc, char **argv)
{
    trail_begin(argc, argv);
    int code = command->run(argc - 1, argv + 1);
    trail_end(code);
    return code;
}

static void usage(FILE *out)
{
    fprintf(out,
            "rapport %s - a self-hosted CRM server that speaks the Bitrix24 REST "
            "protocol\n\nUsage: rapport COMMAND [options]\n\nCommands:\n",
            RAPPORT_VERSION);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
    fprintf(out,
            "\nStart with `rapport serve --demo`; `rapport COMMAND --help` tells its options.\n");
}

int main(int argc, char **argv)
{
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
        !strcmp(argv[1], "help")) {
        usage(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    const char *name = !strcmp(argv[1], "--version") ? "version" : argv[1];
    umask(0077); /* what this program writes is its user's alone */
    secret_init();
    method_registry_init();
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (!strcmp(name, commands[i].name))
            return run(&commands[i], argc - 1, argv + 1);
    }
    args_look(argc, argv);
    args_error("there is no command %s; see rapport --help", name);
    return 2;
}
