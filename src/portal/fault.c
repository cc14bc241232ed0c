#include "portal/fault.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"

const char *const fault_kinds[FAULT_KINDS] = {"error", "delay",    "drop", "lost",
                                              "html",  "truncate", "drip"};

struct fault_table {
    _Atomic size_t count;
    pthread_mutex_t lock;
    size_t room;
    int64_t last_id;
    struct fault *list;
};

struct fault_table *fault_table_new(void)
{
    struct fault_table *table = xcalloc(1, sizeof *table);
    pthread_mutex_init(&table->lock, NULL);
    return table;
}

void fault_table_free(struct fault_table *table)
{
    if (!table)
        return;
    pthread_mutex_destroy(&table->lock);
    free(table->list);
    free(table);
}

int64_t fault_add(struct fault_table *table, const struct fault *fault)
{
    int64_t id = 0;
    pthread_mutex_lock(&table->lock);
    size_t count = table->count;
    if (count < FAULT_LIMIT) {
        if (count == table->room) {
            table->room = table->room ? table->room * 2 : 8;
            table->list = xrealloc(table->list, table->room * sizeof *table->list);
        }
        id = ++table->last_id;
        table->list[count] = *fault;
        table->list[count].id = id;
        table->list[count].seen = table->list[count].hits = 0;
        table->count = count + 1;
    }
    pthread_mutex_unlock(&table->lock);
    return id;
}

size_t fault_list(struct fault_table *table, struct arena *arena, struct fault **list)
{
    pthread_mutex_lock(&table->lock);
    size_t count = table->count;
    *list = arena_alloc(arena, (count + 1) * sizeof **list);
    if (count)
        memcpy(*list, table->list, count * sizeof **list);
    pthread_mutex_unlock(&table->lock);
    return count;
}

size_t fault_clear(struct fault_table *table, int64_t id)
{
    pthread_mutex_lock(&table->lock);
    size_t before = table->count, kept = 0;
    for (size_t i = 0; i < before; i++) {
        if (id && table->list[i].id != id)
            table->list[kept++] = table->list[i];
    }
    table->count = kept;
    pthread_mutex_unlock(&table->lock);
    return before - kept;
}

/* ---- meeting ---- */

static bool is_for(const struct fault *fault, const char *method, size_t len, int64_t credential,
                   bool in_batch)
{
    size_t wanted = strlen(fault->method);
    if (fault->credential && fault->credential != credential)
        return false;
    if (!wanted)
        return !in_batch;
    if (fault->method[wanted - 1] == '*')
        return len >= wanted - 1 && !strncasecmp(fault->method, method, wanted - 1);
    return len == wanted && !strncasecmp(fault->method, method, len);
}

/* Counts a matching call; true when the fault fires. */
static bool fires(struct fault *fault)
{
    if (fault->count && fault->hits >= fault->count)
        return false;
    fault->seen++;
    if (fault->every > 1 && fault->seen % fault->every != 0)
        return false;
    fault->hits++;
    return true;
}

const struct fault_hit *fault_meet(struct fault_table *table, struct arena *arena,
                                   const char *method, size_t len, int64_t credential,
                                   bool in_batch)
{
    struct fault_hit *hit = NULL;
    if (!atomic_load_explicit(&table->count, memory_order_relaxed))
        return NULL;
    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->count && !hit; i++) {
        struct fault *fault = &table->list[i];
        if (!is_for(fault, method, len, credential, in_batch) || !fires(fault))
            continue;
        hit = arena_alloc(arena, sizeof *hit);
        *hit = (struct fault_hit){.kind = fault->kind,
                                  .code = fault->code,
                                  .known = fault->known,
                                  .status = fault->status,
                                  .text = fault->text[0] ? arena_strdup(arena, fault->text) : NULL,
                                  .delay = fault->delay};
    }
    pthread_mutex_unlock(&table->lock);
    return hit;
}

enum api_rc fault_fail(struct request *req, const struct fault_hit *hit)
{
    enum api_rc rc = api_fail(req, hit->code, NULL);
    req->error.text = hit->text;
    req->error.status = hit->status;
    if (hit->known) {
        req->error.other = hit->known->code;
        req->error.text = hit->text ? hit->text : hit->known->text;
        req->error.status = hit->status ? hit->status : hit->known->status;
    }
    return rc;
}
