/* spatial_rates.h - rates of places of different size: shrunk towards the region or the neighbourhood, and
 * whether they cluster.
 *
 * The figures of R's spdep 1.2: EBest, EBlocal, EBImoran. For predictions and intervals of counts see
 * stat/count.h; here is the description of a map. */
#ifndef STAT_SPATIAL_RATES_H
#define STAT_SPATIAL_RATES_H

#include "stat/spatial.h"

struct spatial_rate {
    double raw;            /* events/population */
    double smoothed;       /* mean + weight (raw - mean) */
    double weight;         /* of the place's own rate, between/(between + mean/population) */
    double mean, between; /* of the reference: all places or the neighbourhood; between 0: the rates differ by
                             chance alone */
};

/* Marshall 1991 (Appl. Stat. 40:283), moment estimates over all places; out[n]. INVALID: a population that
 * is not positive, a negative number of events; EMPTY: no place. */
enum stat_reason spatial_rates_global(size_t n, const double *events, const double *population,
                                      struct spatial_rate *out);

/* The same over each place and its neighbours (the weights do not matter). own_means: each rate's distance is
 * that from the mean of its own neighbourhood rather than from the mean of the place's at hand (what EBlocal
 * does unless geoda = TRUE; not Marshall's definition). */
enum stat_reason spatial_rates_local(struct arena *a, const struct spatial_weights *w, const double *events,
                                     const double *population, bool own_means, struct spatial_rate *out);

/* Assuncao, Reis 1999 (Stat. Med. 18:2147): Moran's I of deviations in units of their own spread,
 * z_i = (raw - mean)/sqrt(between + mean/population), which a rate of few people does not drive. Places
 * without neighbours are left out of n, as in spatial_moran() (EBImoran counts them). z[n] may go into
 * spatial_lisa(). */
struct spatial_global spatial_rates_moran(struct arena *a, const struct stat_run *run,
                                          const struct spatial_weights *w, const double *events,
                                          const double *population, int permutations, uint64_t seed,
                                          double *z);

#endif
