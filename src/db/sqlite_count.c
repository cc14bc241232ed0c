/* sqlite_count - count_ids(id): how many different ids there are.
 *
 * SQLite itself puts each into a B-tree to count them, which takes ten times as long as reading them from
 * an index. Ids are dense, so a bit for each is small: 300 KB for 2.4 million. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "db/sqlite.h"

#define CHUNK_BITS 65536
#define CHUNKS_MOST (1 << 22) /* ids up to 2.7e11 */

struct id_set {
    unsigned char **chunks; /* NULL where there is no id */
    size_t chunk_count;
    int64_t count;
};

/* False without memory. */
static bool make_room(struct id_set *set, size_t chunk)
{
    if (chunk >= set->chunk_count) {
        size_t count = chunk + 1 + chunk / 2;
        unsigned char **more = realloc(set->chunks, count * sizeof *more);
        if (!more)
            return false;
        memset(more + set->chunk_count, 0, (count - set->chunk_count) * sizeof *more);
        set->chunks = more;
        set->chunk_count = count;
    }
    if (!set->chunks[chunk])
        set->chunks[chunk] = calloc(1, CHUNK_BITS / 8);
    return set->chunks[chunk] != NULL;
}

static void step(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct id_set *set = sqlite3_aggregate_context(context, sizeof *set);
    int64_t id = sqlite3_value_int64(values[0]);
    (void)count;
    if (!set || sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    if (id < 0 || id / CHUNK_BITS >= CHUNKS_MOST) {
        sqlite3_result_error(context, "count_ids: no id", -1);
        return;
    }
    size_t chunk = (size_t)(id / CHUNK_BITS), bit = (size_t)(id % CHUNK_BITS);
    if ((chunk >= set->chunk_count || !set->chunks[chunk]) && !make_room(set, chunk)) {
        sqlite3_result_error_nomem(context);
        return;
    }
    unsigned char *byte = &set->chunks[chunk][bit / 8], mask = (unsigned char)(1u << bit % 8);
    set->count += !(*byte & mask);
    *byte |= mask;
}

/* Called whenever a step was, also after an error. */
static void final(sqlite3_context *context)
{
    struct id_set *set = sqlite3_aggregate_context(context, 0);
    for (size_t i = 0; set && i < set->chunk_count; i++)
        free(set->chunks[i]);
    if (set)
        free(set->chunks);
    sqlite3_result_int64(context, set ? set->count : 0);
}

int sqlite_count_register(struct sqlite3 *handle)
{
    return sqlite3_create_function(handle, "count_ids", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                   NULL, step, final);
}
