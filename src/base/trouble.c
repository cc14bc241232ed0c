#include "base/trouble.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

#define KINDS 8    /* at a time */
#define AGAIN_S 60 /* between two lines of one kind */
#define CALM_S 5   /* without a failure: it is over */

struct kind {
    char name[64];
    double said; /* 0: a free place */
    unsigned long since;
};

struct trouble {
    const char *what;
    pthread_mutex_t lock;
    _Atomic bool failing;
    double began, last;
    unsigned long count;
    struct kind kinds[KINDS];
};

struct trouble *trouble_new(const char *what)
{
    struct trouble *trouble = xcalloc(1, sizeof *trouble);
    trouble->what = what;
    pthread_mutex_init(&trouble->lock, NULL);
    return trouble;
}

void trouble_free(struct trouble *trouble)
{
    if (!trouble)
        return;
    pthread_mutex_destroy(&trouble->lock);
    free(trouble);
}

/* That kind's place; a new one takes the place of what was said longest ago. */
static struct kind *kind_of(struct trouble *trouble, const char *name)
{
    struct kind *oldest = &trouble->kinds[0];
    for (int i = 0; i < KINDS; i++) {
        struct kind *kind = &trouble->kinds[i];
        if (!strncmp(kind->name, name, sizeof kind->name - 1))
            return kind;
        if (kind->said < oldest->said)
            oldest = kind;
    }
    *oldest = (struct kind){0};
    snprintf(oldest->name, sizeof oldest->name, "%s", name);
    return oldest;
}

static bool is_news(struct trouble *trouble, const char *name, unsigned long *more)
{
    double now = clock_monotonic();
    pthread_mutex_lock(&trouble->lock);
    if (!atomic_load(&trouble->failing))
        trouble->began = now;
    atomic_store(&trouble->failing, true);
    trouble->last = now;
    trouble->count++;
    struct kind *kind = kind_of(trouble, name);
    bool news = kind->said <= 0 || now - kind->said > AGAIN_S;
    *more = kind->since;
    kind->since = news ? 0 : kind->since + 1;
    if (news)
        kind->said = now;
    pthread_mutex_unlock(&trouble->lock);
    return news;
}

bool trouble_failed(struct trouble *trouble, const char *kind, const char *format, ...)
{
    char text[512];
    unsigned long more = 0;
    if (trouble && !is_news(trouble, kind, &more))
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (more)
        log_error("%s%s%s; %lu more since it was said last", trouble->what, ": ", text, more);
    else
        log_error("%s%s%s", trouble ? trouble->what : "", trouble ? ": " : "", text);
    return true;
}

void trouble_over(struct trouble *trouble)
{
    if (!trouble || !atomic_load_explicit(&trouble->failing, memory_order_relaxed))
        return;
    double now = clock_monotonic(), lasted = 0;
    unsigned long count = 0;
    pthread_mutex_lock(&trouble->lock);
    bool calm = atomic_load(&trouble->failing) && now - trouble->last > CALM_S;
    if (calm) {
        lasted = trouble->last - trouble->began;
        count = trouble->count;
        trouble->count = 0;
        memset(trouble->kinds, 0, sizeof trouble->kinds);
        atomic_store(&trouble->failing, false);
    }
    pthread_mutex_unlock(&trouble->lock);
    if (calm)
        log_warn("%s: well again, after %.0f s and %lu failure%s", trouble->what, lasted, count,
                 count == 1 ? "" : "s");
}
