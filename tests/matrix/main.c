/* usage: matrix sqlite|postgresql://... [--seed N] [--checks N] [--only NAME]
 *
 * Prints a paragraph per failure and "N passed, N failed". A seed makes a world; the next world has the
 * next seed, so the seed of a failure shows it again at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "matrix.h"
#include "rest/auth.h"

#define NOW 1768467600.0 /* 2026-01-15T12:00:00+03:00 */
#define CALLS 300        /* in one world */

struct portal *portal;
struct db *db;

static const struct kind {
    const char *name;
    void (*run)(void);
} kinds[] = {
    {"read_row", read_row},
    {"read_rows", read_rows},
    {"read_act", read_act},
    {"read_acts", read_acts},
    {"read_bindings", read_bindings},
    {"read_file", read_file},
    {"read_reference", read_reference},
    {"write_row", write_row},
    {"write_link", write_link},
    {"write_act", write_act},
    {"write_communications", write_communications},
    {"write_binding", write_binding},
    {"write_todo", write_todo},
    {"read_transcript", read_transcript},
    {"read_narrow", read_narrow},
    {"write_one_communication", write_one_communication},
    {"write_blocks", write_blocks},
    {"write_configurable", write_configurable},
    {"write_people", write_people},
    {"write_rights", write_rights},
};
#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

static const char *only;

void die(const char *what, const char *why)
{
    fprintf(stderr, "matrix: seed %llu: %s: %s\n", (unsigned long long)world.seed, what, why);
    exit(1);
}

static void open_portal(const char *folder, const char *store)
{
    struct buf why = {0};
    struct portal_options options = {.data_dir = folder,
                                     .store = strcmp(store, "sqlite") != 0 ? store : NULL,
                                     .time_zone = "+03:00",
                                     .create = true};
    if (options.store) {
        struct db *server = db_open(store, NULL, DB_WRITER, &why);
        if (!server || db_exec(server, "DROP SCHEMA IF EXISTS rapport CASCADE;"
                                       "DROP SCHEMA IF EXISTS portal_1 CASCADE") != DB_OK)
            die("dropping schemas", server ? db_message(server) : buf_text(&why));
        db_close(server);
    }
    portal = portal_open(&options, &why);
    db = portal ? portal_connect(portal, DB_WRITER, &why) : NULL;
    if (!db)
        die("portal", buf_text(&why));
    buf_clear(&why);
}

/* Nothing is committed: a world is a savepoint, and so is a write in it. */
static void run_world(uint64_t seed)
{
    sql("SAVEPOINT matrix_world");
    credential_cache_clear(portal->credentials);
    world_make(seed);
    for (int i = 0; i < CALLS; i++) {
        const struct kind *kind = &kinds[random_below(KINDS)];
        if (!only || strstr(kind->name, only))
            kind->run();
    }
    sql("ROLLBACK TO SAVEPOINT matrix_world; RELEASE SAVEPOINT matrix_world");
}

static void remove_folder(const char *folder)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", folder);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/rapport-matrix-XXXXXX";
    uint64_t seed = 1;
    long wanted = 20000;
    for (int i = 2; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--seed"))
            seed = strtoull(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--checks"))
            wanted = strtol(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--only"))
            only = argv[i + 1];
        else
            argc = 0;
    }
    if (argc < 2 || argc % 2 || !mkdtemp(folder)) {
        fprintf(stderr, "usage: matrix sqlite|postgresql://... [--seed N] [--checks N] [--only "
                        "NAME]\n");
        return 2;
    }
    log_set_level(LOG_OFF);
    secret_init();
    method_registry_init();
    clock_freeze(NOW);
    open_portal(folder, argv[1]);
    if (db_begin_write(db) != DB_OK)
        die("begin", db_message(db));
    apps_make();
    while (checks < wanted)
        run_world(seed++);
    db_rollback(db);
    db_close(db);
    portal_close(portal);
    remove_folder(folder);
    print_tally();
    printf("%ld passed, %ld failed\n", checks - failures, failures);
    return failures ? 1 : 0;
}
