/* lock - a mutex for sections of a few dozen instructions that every request passes.
 *
 * What:    it spins a little before it asks the kernel to wait: two HTTP threads that meet in such a
 *          section are out of it sooner than a system call takes.
 * Used by: people/auth, portal/operating.
 * Threads: any.
 */
#ifndef RAPPORT_BASE_LOCK_H
#define RAPPORT_BASE_LOCK_H

#include <pthread.h>

static inline void lock_init(pthread_mutex_t *lock)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(lock, &attr);
    pthread_mutexattr_destroy(&attr);
}

#endif
