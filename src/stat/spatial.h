/* spatial.h - are neighbouring places alike? Moran's I, Geary's C, Getis and Ord's G, and local indicators.
 *
 * The same figures as R's spdep 1.2 (moran.test, geary.test, globalG.test, localmoran, localG). A p by
 * permutation is two-sided: twice the share of permutations at least as far on the nearer side, the map
 * itself counted among them. Replicates and places have their own streams of random numbers: threads do
 * not change the result. */
#ifndef STAT_SPATIAL_H
#define STAT_SPATIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"
#include "stat/stat.h"

struct arena;

/* Neighbours of place i: to[start[i]] .. to[start[i + 1] - 1], with weights. */
struct spatial_weights {
    size_t n;
    const size_t *start;
    const uint32_t *to;
    const double *weight;
    bool row_standardised; /* the weights of a place add up to 1 */
};

/* From m directed pairs; row_standardised: weights of a place add up to 1, else each is 1. A pair
 * twice, a place beyond n or its own neighbour: INVALID. */
enum stat_reason spatial_weights_new(struct arena *a, size_t n, size_t m, const uint32_t *from,
                                     const uint32_t *to, bool row_standardised,
                                     struct spatial_weights *out);

/* The same with a weight (> 0) for each pair; row_standardised divides by the sum of a place's weights. */
enum stat_reason spatial_weights_given(struct arena *a, size_t n, size_t m, const uint32_t *from,
                                       const uint32_t *to, const double *weight, bool row_standardised,
                                       struct spatial_weights *out);

/* Benjamini, Hochberg 1995 (JRSS B 57:289): smallest false discovery rate at which each is listed. */
void spatial_fdr(struct arena *a, size_t n, const double *p, double *adjusted);

struct spatial_global {
    enum stat_status status;
    enum stat_reason reason;
    double value, expected; /* of Moran's I: -1/(n - 1); of Geary's C: 1; of G: S0/(n (n - 1)) */
    double var_random, z_random, p_random; /* randomisation (Cliff, Ord 1981, eqs. 2.37, 2.38), p two-sided */
    double var_normal, z_normal, p_normal; /* normality (eqs. 2.35, 2.36); NaN for G */
    double p_permuted;                     /* two-sided, NaN without permutations */
};
/* Places without neighbours are left out of n (as spdep does). permutations may be 0; the longest run
 * of them may be stopped (REFUSED, STOPPED). z of Geary's C has the sign of C - 1. */
struct spatial_global spatial_moran(struct arena *a, const struct stat_run *run,
                                    const struct spatial_weights *w, const double *x, int permutations,
                                    uint64_t seed);
struct spatial_global spatial_geary(struct arena *a, const struct stat_run *run,
                                    const struct spatial_weights *w, const double *x, int permutations,
                                    uint64_t seed);
/* The general G of Getis, Ord 1992 (Geogr. Anal. 24:189): are large values beside large ones? x >= 0, not
 * all 0. Weights of 0 and 1 are usual. */
struct spatial_global spatial_general_g(struct arena *a, const struct stat_run *run,
                                        const struct spatial_weights *w, const double *x, int permutations,
                                        uint64_t seed);

enum spatial_quadrant { SPATIAL_LOW_LOW, SPATIAL_LOW_HIGH, SPATIAL_HIGH_LOW, SPATIAL_HIGH_HIGH };

/* Which p the false discovery rate is taken of. */
enum spatial_p { SPATIAL_P_CONDITIONAL, SPATIAL_P_TOTAL, SPATIAL_P_PERMUTED };

struct spatial_local {
    double value;                          /* I_i (Anselin 1995, eq. 12, with the variance by n) */
    double expected, variance, z, p;       /* given the place's own value (Sokal, Oden, Thomson 1998) */
    double expected_total, variance_total; /* over all orders of values (Anselin 1995, eqs. 13, 14) */
    double z_total, p_total;
    double p_permuted;                     /* conditional permutation, two-sided; NaN without */
    double fdr;                            /* Caldas de Castro, Singer 2006 */
    enum spatial_quadrant quadrant;        /* value against the mean, lag against the mean lag (as spdep) */
};
/* out[n]. A place without neighbours has NaN for z and p and is not counted by the false discovery rate.
 * SPATIAL_P_PERMUTED needs permutations. */
enum stat_reason spatial_lisa(struct arena *a, const struct stat_run *run, const struct spatial_weights *w,
                              const double *x, int permutations, uint64_t seed, enum spatial_p of,
                              struct spatial_local *out);

struct spatial_hot {
    double value, expected,
        variance; /* share of all values (G: of the others') that lies in the neighbourhood */
    double z, p;                      /* Ord, Getis 1995 (Geogr. Anal. 27:286) */
    double p_permuted;                /* conditional permutation, two-sided; NaN without */
    double fdr;                       /* of p_permuted, else of p */
};
/* Local G (the place itself left out) or, star, G* (the place is its own neighbour, with the mean of its
 * other weights; row-standardised ones then add up to 1 again). value needs a sum that is not 0, else NaN; z
 * does not. out[n]. */
enum stat_reason spatial_getis(struct arena *a, const struct stat_run *run, const struct spatial_weights *w,
                               const double *x, bool star, int permutations, uint64_t seed,
                               struct spatial_hot *out);

#endif
