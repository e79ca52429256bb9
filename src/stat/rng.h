/* rng.h - random numbers that are the same on every machine and for every number of threads.
 *
 * Philox4x64-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11):
 * the n-th number is a function of key and counter alone. The key is made of seed and stream name, the
 * counter holds the index and the position; so adding a use of random numbers somewhere does not change
 * those of another, and a task may be done by any thread: rng_stream(seed, "moran", place).
 * Draws use only +, *, sqrt, log, exp of the C library in double precision. */
#ifndef STAT_RNG_H
#define STAT_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t key[2], counter[4];
    uint64_t block[4]; /* made of one counter; `left` of them are still to be given */
    unsigned left;
};

/* The generator of the named stream; index tells apart streams of one name (a replicate, a place). */
struct rng rng_stream(uint64_t seed, const char *name, uint64_t index);

uint64_t rng_u64(struct rng *r);

/* The next n outputs at once: the same numbers as n calls of rng_u64(), in a third of the time. */
void rng_fill(struct rng *r, uint64_t *out, size_t n);

/* Uniform on [0, 1) with 53 bits; rng_open never gives 0. */
double rng_uniform(struct rng *r);
double rng_open(struct rng *r);

/* Uniform on 0 .. n-1 without bias (Lemire 2019, ACM TOMACS 29:3); n > 0. */
uint64_t rng_below(struct rng *r, uint64_t n);

double rng_normal(struct rng *r);                      /* Marsaglia, Bray 1964 (polar method) */
double rng_gamma(struct rng *r, double shape, double rate); /* Marsaglia, Tsang 2000, TOMS 26:363 */
int64_t rng_poisson(struct rng *r, double mean);       /* Hoermann 1993 (PTRS) from mean 10 on */
int64_t rng_binomial(struct rng *r, int64_t n, double p); /* inversion or beta splitting (Relles 1972) */
int64_t rng_negbin(struct rng *r, double mean, double size); /* gamma mixture of Poissons */

/* counts[k] of n draws over k categories with probabilities proportional to p. */
void rng_multinomial(struct rng *r, int64_t n, const double *p, size_t k, int64_t *counts);

/* A uniformly random order of 0 .. n-1 in place (Fisher, Yates; Durstenfeld 1964). */
void rng_shuffle(struct rng *r, size_t *x, size_t n);

#endif
