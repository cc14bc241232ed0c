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
#include "people/auth.h"

#define NOW 1768467600.0 /* 2026-01-15T12:00:00+03:00 */
#define CALLS 600        /* in one world */
#define ENOUGH 8000      /* checks, for each method to be done and refused */

struct portal *portal;
struct db *db;

static const struct kind {
    const char *name;
    void (*run)(void);
    int weight;
} kinds[] = {
    {"read_row", read_row, 1},           {"read_rows", read_rows, 1},
    {"read_act", read_act, 1},           {"read_acts", read_acts, 1},
    {"read_bindings", read_bindings, 1}, {"read_file", read_file, 1},
    {"read_picture", read_picture, 1},   {"read_reference", read_reference, 1},
    {"write_row", write_row, 3},         {"write_link", write_link, 2},
    {"write_act", write_act, 3},         {"write_communications", write_communications, 2},
    {"write_binding", write_binding, 3}, {"write_wide", write_wide, 1},
    {"write_todo", write_todo, 3},       {"read_transcript", read_transcript, 1},
    {"read_narrow", read_narrow, 1},     {"write_one_communication", write_one_communication, 1},
    {"write_blocks", write_blocks, 1},   {"write_configurable", write_configurable, 2},
    {"write_people", write_people, 1},   {"read_phone", read_phone, 1},
    {"write_merge", write_merge, 1},     {"write_products", write_products, 2},
    {"write_fields", write_fields, 1},   {"read_custom_file", read_custom_file, 1},
    {"write_rights", write_rights, 1},   {"read_item", read_item, 3},
    {"write_item", write_item, 4},
};
#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

static const char *only;

static const struct kind *any_kind(void)
{
    int sum = 0;
    for (int i = 0; i < KINDS; i++)
        sum += kinds[i].weight;
    int at = random_below(sum);
    const struct kind *kind = kinds;
    while (at >= kind->weight)
        at -= (kind++)->weight;
    return kind;
}

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
                                     .create = true,
                                     .frozen_at = NOW};
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
    auth_open(portal);
    buf_clear(&why);
}

/* Nothing is committed: a world is a savepoint, and so is a write in it. */
static void run_world(uint64_t seed)
{
    sql("SAVEPOINT matrix_world");
    credential_cache_clear(portal->credentials);
    world_make(seed);
    for (int i = 0; i < CALLS; i++) {
        const struct kind *kind = any_kind();
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
    long wanted = 10000;
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
    if (argc < 2 || argc % 2 || (strcmp(argv[1], "sqlite") != 0 && !db_is_postgres(argv[1])) ||
        !mkdtemp(folder)) {
        fprintf(stderr, "usage: matrix sqlite|postgresql://... [--seed N] [--checks N] [--only "
                        "NAME]\n");
        return 2;
    }
    log_set_level(LOG_OFF);
    secret_init();
    method_registry_init();
    open_portal(folder, argv[1]);
    if (db_begin_write(db) != DB_OK)
        die("begin", db_message(db));
    apps_make();
    fields_make();
    items_types_make();
    while (checks < wanted)
        run_world(seed++);
    if (!only && wanted >= ENOUGH)
        check_methods(wanted >= 20 * ENOUGH);
    db_rollback(db);
    db_close(db);
    portal_close(portal);
    remove_folder(folder);
    print_tally();
    printf("%ld passed, %ld failed\n", checks > failures ? checks - failures : 0, failures);
    return failures ? 1 : 0;
}
