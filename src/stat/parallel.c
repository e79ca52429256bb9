/* parallel.c - numbered tasks on a few threads. */
#include "stat/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

struct crew {
    atomic_size_t next; /* the first task nobody has taken */
    atomic_bool stop;
    size_t n;
    void (*task)(void *arg, size_t i, unsigned thread);
    void *arg;
};

struct worker {
    struct crew *crew;
    unsigned number;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct crew *c = w->crew;
    while (!atomic_load_explicit(&c->stop, memory_order_relaxed)) {
        size_t i = atomic_fetch_add_explicit(&c->next, 1, memory_order_relaxed);
        if (i >= c->n)
            break;
        c->task(c->arg, i, w->number);
    }
    return NULL;
}

bool stat_go_on(const struct stat_run *run, size_t done, size_t all)
{
    return !run || !run->go_on || run->go_on(run->arg, done, all);
}

bool stat_parallel(const struct stat_run *run, size_t n, void (*task)(void *arg, size_t i, unsigned thread),
                   void *arg)
{
    unsigned threads = run && run->threads ? run->threads : 1;
    if (threads > STAT_MAX_THREADS)
        threads = STAT_MAX_THREADS;
    if (threads > n)
        threads = n ? (unsigned)n : 1;
    struct crew crew = {.n = n, .task = task, .arg = arg};
    struct worker workers[STAT_MAX_THREADS];
    pthread_t id[STAT_MAX_THREADS];
    unsigned started = 0;
    /* A thread that cannot be had is no error: the others do its share. */
    for (unsigned t = 1; t < threads; t++) {
        workers[t] = (struct worker){&crew, started + 1};
        if (pthread_create(&id[started], NULL, work, &workers[t]) == 0)
            started++;
    }
    /* The caller's thread works too, and asks between its tasks whether to go on. */
    for (;;) {
        size_t i = atomic_fetch_add_explicit(&crew.next, 1, memory_order_relaxed);
        if (i >= n)
            break;
        if (!stat_go_on(run, i, n)) {
            atomic_store_explicit(&crew.stop, true, memory_order_relaxed);
            break;
        }
        task(arg, i, 0);
    }
    for (unsigned t = 0; t < started; t++)
        pthread_join(id[t], NULL);
    return !atomic_load_explicit(&crew.stop, memory_order_relaxed);
}
