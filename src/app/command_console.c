/* rapport console: a link that signs somebody in to the page for people, once. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "app/setup.h"
#include "page/console.h"

int command_console(int argc, char **argv)
{
    const char *data = DEFAULT_DATA, *store = NULL, *user = "1";
    char address[512], link[TOKEN_LEN + 1];
    bool help, json = false;
    int count;
    int64_t user_id;
    const struct arg args[] = {
        COMMAND_PLACE(data, store),
        {"--user", "ID", "who is signed in (1, the administrator)", &user, NULL},
        {"--json", NULL, "print JSON", NULL, &json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport console [options]\n\nPrints an address of the console that signs "
            "a user in, once, within an hour. The server\nmay be running.",
            &help, NULL, 0, &count))
        return 2;
    if (help)
        return 0;
    if (!console_files[0].path)
        return command_usage("this rapport was built without its console");
    if (!text_to_int(user, strlen(user), &user_id))
        return command_usage("--user takes the id of a user; see rapport user list");
    struct db *db;
    struct buf why = {0};
    struct portal *portal = command_open(data, store, DB_WRITER, &db); /* a credential is made */
    if (!portal)
        return 1;
    db_close(db);
    command_address(portal, address, sizeof address);
    bool good = setup_console(portal, user_id, link, &why);
    portal_close(portal);
    if (!good)
        return command_fail(&why);
    if (json)
        printf("{\"user\":%lld,\"address\":\"%s" CONSOLE_SIGNIN "%s\"}\n", (long long)user_id,
               address, link);
    else
        printf("%s" CONSOLE_SIGNIN "%s\n", address, link);
    return 0;
}
