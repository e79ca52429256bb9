/* spatial.h - are neighbouring places alike? Moran's I, Geary's C and local indicators. */
#ifndef STAT_SPATIAL_H
#define STAT_SPATIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

/* Neighbours of place i: to[start[i]] .. to[start[i + 1] - 1], with weights. */
struct spatial_weights {
    size_t n;
    const size_t *start;
    const uint32_t *to;
    const double *weight;
};

/* From m directed pairs; row_standardised: weights of a place add up to 1, else each is 1. A pair
 * twice, a place beyond n or its own neighbour: INVALID. */
enum stat_reason spatial_weights_new(struct arena *a, size_t n, size_t m, const uint32_t *from,
                                     const uint32_t *to, bool row_standardised,
                                     struct spatial_weights *out);

/* Benjamini, Hochberg 1995 (JRSS B 57:289): smallest false discovery rate at which each is listed. */
void spatial_fdr(struct arena *a, size_t n, const double *p, double *adjusted);

struct spatial_global {
    enum stat_status status;
    enum stat_reason reason;
    double value, expected; /* of Moran's I: -1/(n - 1); of Geary's C: 1 */
    double var_random, z_random, p_random; /* randomisation (Cliff, Ord 1981, eqs. 2.37, 2.38), p two-sided */
    double var_normal, z_normal, p_normal; /* normality (eqs. 2.35, 2.36) */
    double p_permuted;                     /* two-sided, NaN without permutations */
};
/* Places without neighbours are left out of n (as spdep does). permutations may be 0. */
struct spatial_global spatial_moran(struct arena *a, const struct spatial_weights *w, const double *x,
                                    int permutations, uint64_t seed);
struct spatial_global spatial_geary(struct arena *a, const struct spatial_weights *w, const double *x);

enum spatial_quadrant { SPATIAL_LOW_LOW, SPATIAL_LOW_HIGH, SPATIAL_HIGH_LOW, SPATIAL_HIGH_HIGH };

struct spatial_local {
    double value;                          /* I_i (Anselin 1995, eq. 12, with the variance by n) */
    double expected, variance, z, p;       /* given the place's own value (Sokal, Oden, Thomson 1998) */
    double expected_total, variance_total; /* over all orders of values (Anselin 1995, eqs. 13, 14) */
    double p_permuted;                     /* conditional permutation, two-sided; NaN without */
    double fdr;                            /* of p_permuted, else of p (Caldas de Castro, Singer 2006) */
    enum spatial_quadrant quadrant;        /* value against the mean, lag against the mean lag (as spdep) */
};
/* out[n]. Each place has its own stream of random numbers: threads do not change the result. */
enum stat_reason spatial_lisa(struct arena *a, const struct spatial_weights *w, const double *x,
                              int permutations, uint64_t seed, struct spatial_local *out);

#endif
