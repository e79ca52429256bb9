/* parallel.h - long computations: several threads, and a caller who may watch and stop them.
 *
 * Work is cut into numbered tasks whose number depends on the data alone, never on the threads; a task
 * writes to its own place and draws from its own stream (stat/rng.h), and the caller puts the results
 * together in the order of the numbers. So any number of threads gives the same bytes. */
#ifndef STAT_PARALLEL_H
#define STAT_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

enum { STAT_MAX_THREADS = 64 };

/* How a long computation is to run; NULL: one thread, nobody watches. */
struct stat_run {
    unsigned threads; /* 0 counts as 1 */
    /* Called on the caller's thread now and then with the tasks done; false stops the computation, which then
     * gives STAT_REASON_STOPPED and no figures. NULL: nobody watches. */
    bool (*go_on)(void *arg, size_t done, size_t all);
    void *arg;
};

/* Runs task(arg, i, thread) for every i below n; thread < max(1, run->threads) names the thread's own
 * scratch. Tasks must not use an arena that others use. False: stopped by go_on; some tasks were not run. */
bool stat_parallel(const struct stat_run *run, size_t n, void (*task)(void *arg, size_t i, unsigned thread),
                   void *arg);

/* For a loop without tasks: asks go_on (NULL run allowed). */
bool stat_go_on(const struct stat_run *run, size_t done, size_t all);

#endif
