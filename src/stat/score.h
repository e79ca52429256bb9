/* score.h - how good probabilistic forecasts were. All scores: smaller is better.
 *
 * A forecast of a count is a negative binomial distribution by mean and size (size INFINITY:
 * Poisson) or a sample. Proper scoring rules after Gneiting, Raftery 2007 (JASA 102:359) and Czado, Gneiting,
 * Held 2009 (Biometrics 65:1254); never compare methods by anything else. */
#ifndef STAT_SCORE_H
#define STAT_SCORE_H

#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

struct score_count {
    double log;     /* -log P(y) */
    double rps;     /* sum over k of (P(X <= k) - [y <= k])^2 (Epstein 1969) */
    double dss;     /* ((y - mean)/sd)^2 + 2 log sd (Dawid, Sebastiani 1999) */
    double squared; /* (y - mean)^2 */
};

struct score_count score_negbin(double y, double mean, double size);

/* n forecasts at once; any of the output arrays may be NULL. */
void score_negbin_many(size_t n, const double *y, const double *mean, const double *size, double *log_score,
                       double *rps, double *dss);

/* CRPS of a sample (Gneiting, Raftery 2007, eq. 21 with the empirical distribution), O(m log m). */
double score_crps_sample(struct arena *a, double y, const double *x, size_t m);

/* Of a normal forecast (Gneiting et al. 2005, eq. 5). */
double score_crps_normal(double y, double mean, double sd);

/* Interval score of a central level interval (Gneiting, Raftery 2007, eq. 43), e.g. level 0.95. */
double score_interval(double y, double lower, double upper, double level);

/* Weighted interval score (Bracher, Ray, Gneiting, Reich 2021 PLoS Comp. Biol. 17:e1008618, eq. 1):
 * median and k central intervals, with weights 1/2 and alpha/2. */
double score_weighted_interval(double y, double median, size_t k, const double *level,
                               const double *lower, const double *upper);

/* Non-randomised PIT histogram for counts (Czado, Gneiting, Held 2009, eq. 2): density[bins], 1 each
 * if the forecasts are calibrated. low = P(X <= y - 1), high = P(X <= y) of every forecast. Forecasts
 * that held y impossible (high == low) have no PIT; their number is returned. */
size_t score_pit(size_t n, const double *low, const double *high, size_t bins, double *density);

/* Which share of y lies in its interval, and the exact binomial (Clopper-Pearson) 95 % interval of it. */
struct score_coverage {
    size_t n, inside;
    double share, lower, upper;
};
struct score_coverage score_coverage(size_t n, const double *y, const double *lower,
                                     const double *upper);

/* Two methods on the same cases: mean of a - b (negative: a is better) with its interval. Diebold,
 * Mariano 1995 (JBES 13:253) with the long-run variance up to lag h - 1 and the correction of Harvey,
 * Leybourne, Newbold 1997 (IJF 13:281, eq. 9), t with n - 1 df. Cases of one period belong together: give the
 * period of each case (ascending, 0 ..), means by period are compared; NULL: each case is one. better only if
 * the interval excludes 0. */
struct score_comparison {
    enum stat_status status; /* REFUSED with fewer than 4 periods or no spread */
    enum stat_reason reason;
    size_t n;                /* periods compared */
    double mean_a, mean_b, difference, se, lower, upper, p;
    int better;              /* -1: a, 1: b, 0: cannot tell */
};
struct score_comparison score_compare(struct arena *a, size_t n, const double *score_a,
                                      const double *score_b, const int32_t *period, int horizon,
                                      double level);

#endif
