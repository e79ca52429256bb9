/* spatial_inner.h - what the files of spatial.h share. */
#ifndef STAT_SPATIAL_INNER_H
#define STAT_SPATIAL_INNER_H

#include "stat/spatial.h"

/* Deviations from the mean of all places; sums of their squares and fourth powers. */
double *spatial_centre(struct arena *a, const struct spatial_weights *w, const double *x, double *m2,
                       double *m4);

/* Weighted sum of the neighbours' values. */
double spatial_lag(const struct spatial_weights *w, const double *z, size_t i);

double spatial_two_sided(double z);

/* Share of permutations at least as far on the nearer side, both sides counted. */
double spatial_folded(int64_t low, int64_t high, int permutations);

/* How many threads stat_parallel() may use: so many scratch areas are needed. */
static inline size_t spatial_threads(const struct stat_run *run)
{
    size_t t = run && run->threads ? run->threads : 1;
    return t > STAT_MAX_THREADS ? STAT_MAX_THREADS : t;
}

#endif
