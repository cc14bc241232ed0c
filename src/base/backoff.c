#include "base/backoff.h"

#include "base/clock.h"
#include "base/secret.h"

void backoff_init(struct backoff *backoff, const char *what, double first, double most)
{
    *backoff = (struct backoff){.first = first, .most = most};
    backoff->trouble = what ? trouble_new(what) : NULL;
}

void backoff_clear(struct backoff *backoff)
{
    trouble_free(backoff->trouble);
    backoff->trouble = NULL;
}

/* From three quarters to five quarters. */
static double spread(double pause)
{
    unsigned char random;
    secret_random(&random, 1);
    return pause * (0.75 + 0.5 * random / 255);
}

void backoff_failed(struct backoff *backoff, const char *kind, const char *words)
{
    double pause = backoff->pause > 0 ? backoff->pause * 2 : backoff->first;
    backoff->pause = pause < backoff->most ? pause : backoff->most;
    backoff->next = clock_monotonic() + spread(backoff->pause);
    if (backoff->trouble)
        trouble_failed(backoff->trouble, kind, "%s", words);
}

void backoff_rest(struct backoff *backoff, double seconds)
{
    backoff->next = clock_monotonic() + spread(seconds);
}

void backoff_worked(struct backoff *backoff)
{
    backoff->pause = backoff->next = 0;
    trouble_over(backoff->trouble);
}

bool backoff_due(const struct backoff *backoff)
{
    return backoff->next <= 0 || clock_monotonic() >= backoff->next;
}

bool backoff_sleep(const struct backoff *backoff, struct stop *stop)
{
    return stop_sleep(stop, backoff->next);
}
