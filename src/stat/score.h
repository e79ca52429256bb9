/* score.h - how good probabilistic forecasts were. All scores: smaller is better.
 *
 * A forecast of a count is a negative binomial distribution by mean and size (size INFINITY:
 * Poisson) or a sample. Proper scoring rules after Gneiting, Raftery 2007 (JASA 102:359) and Czado, Gneiting,
 * Held 2009 (Biometrics 65:1254); never compare methods by anything else. */
#ifndef STAT_SCORE_H
#define STAT_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;
struct stat_run;

/* --- counts ----------------------------------------------------------------------------------- */

struct score_count {
    double log;     /* -log P(y) */
    double rps;     /* sum over k of (P(X <= k) - [y <= k])^2 (Epstein 1969); for counts this is the CRPS */
    double dss;     /* ((y - mean)/sd)^2 + 2 log sd (Dawid, Sebastiani 1999) */
    double squared; /* (y - mean)^2 */
};

/* NAN for a y that is no count, a negative mean, a size that is not positive. */
struct score_count score_negbin(double y, double mean, double size);

/* n forecasts at once, out[n]. size NULL: Poisson. STOPPED: by run. */
enum stat_reason score_negbin_many(const struct stat_run *run, size_t n, const double *y, const double *mean,
                                   const double *size, struct score_count *out);

/* The CRPS in closed form (Wei, Held 2014, TEST 23:787, section 2; Jordan, Krueger, Lerch 2019, JSS 90(12)):
 * Poisson by Bessel functions, negative binomial by a hypergeometric function. Loses digits like mean/sd. */
double score_crps_poisson(double y, double mean);
double score_crps_negbin(double y, double mean, double size);

/* Mean and variance of the scores if the forecast is true. */
struct score_moments {
    double log_mean, log_var, rps_mean, rps_var, dss_mean, dss_var;
};
struct score_moments score_negbin_moments(double mean, double size);

/* Are counts as their forecasts say? Wei, Held 2014, unconditional tests: standard normal z of the scores'
 * departure from what true forecasts would get. JOINT: sum of departures over the root of summed variances;
 * EACH: mean of standardised departures times root n (R's calibrationTest, methods 1 and 2). */
enum score_kind { SCORE_LOG, SCORE_RPS, SCORE_DSS };
enum score_calibration_method { SCORE_JOINT = 1, SCORE_EACH = 2 };
struct score_calibration {
    enum stat_status status; /* REFUSED: EMPTY, INVALID, STOPPED */
    enum stat_reason reason;
    size_t n;
    double score, expected;  /* means */
    double z, p;             /* two-sided; z > 0: worse than said */
};
struct score_calibration score_calibration(struct arena *a, const struct stat_run *run, size_t n,
                                           const double *y, const double *mean, const double *size,
                                           enum score_kind kind, enum score_calibration_method method);

/* --- continuous values, samples and intervals ------------------------------------------------- */

/* Of a normal forecast: log score, CRPS (Gneiting et al. 2005, MWR 133:1098, eq. 5), Dawid-Sebastiani. */
struct score_normal {
    double log, crps, dss, squared;
};
struct score_normal score_normal(double y, double mean, double sd);
double score_crps_normal(double y, double mean, double sd);

/* CRPS of a sample (Gneiting, Raftery 2007, eq. 21 with the empirical distribution), O(m log m). */
double score_crps_sample(struct arena *a, double y, const double *x, size_t m);
/* The same without the bias of a small sample: 1/(2 m (m - 1)) for the spread (Ferro 2014); m >= 2. */
double score_crps_sample_fair(struct arena *a, double y, const double *x, size_t m);
/* Dawid-Sebastiani by mean and variance (1/m) of a sample; NAN without spread. */
double score_dss_sample(double y, const double *x, size_t m);

/* Energy score of m draws x[draw * d + j] of a vector y[d] (Gneiting, Raftery 2007, eq. 22): mean
 * distance to y less half the mean distance between draws. m^2 distances; the same figures for any
 * number of threads. */
enum stat_reason score_energy(struct arena *a, const struct stat_run *run, const double *y, size_t d,
                              const double *x, size_t m, double *score);

/* Interval score of a central level interval (Gneiting, Raftery 2007, eq. 43), e.g. level 0.95. */
double score_interval(double y, double lower, double upper, double level);

/* Weighted interval score (Bracher, Ray, Gneiting, Reich 2021 PLoS Comp. Biol. 17:e1008618, eq. 1):
 * median and k central intervals, with weights 1/2 and alpha/2. */
double score_weighted_interval(double y, double median, size_t k, const double *level,
                               const double *lower, const double *upper);
/* The same, and its parts: spread + under + over = score; under: y above the intervals. */
struct score_weighted {
    double score, spread, under, over;
};
struct score_weighted score_weighted_parts(double y, double median, size_t k, const double *level,
                                           const double *lower, const double *upper);
/* Quantile score of one quantile, 2 ([y <= q] - p)(q - y) (Gneiting, Raftery 2007, eq. 40). */
double score_quantile(double y, double q, double p);

/* --- calibration ------------------------------------------------------------------------------ */

/* Non-randomised PIT histogram for counts (Czado, Gneiting, Held 2009, eq. 2): density[bins], 1 each
 * if the forecasts are calibrated. low = P(X <= y - 1), high = P(X <= y) of every forecast. Forecasts
 * that held y impossible (high == low) have no PIT; their number is returned. */
size_t score_pit(size_t n, const double *low, const double *high, size_t bins, double *density);

/* Of continuous forecasts: value[n] = P(X <= y). A value outside 0 .. 1 has no PIT; their number is
 * returned. */
size_t score_pit_continuous(size_t n, const double *value, size_t bins, double *density);

/* low and high of negative binomial forecasts. size NULL: Poisson. */
void score_pit_negbin(size_t n, const double *y, const double *mean, const double *size, double *low,
                      double *high);

/* Which share of y lies in its interval, and the exact binomial (Clopper-Pearson) 95 % interval of it. */
struct score_coverage {
    size_t n, inside;
    double share, lower, upper;
};
struct score_coverage score_coverage(size_t n, const double *y, const double *lower,
                                     const double *upper);

/* --- comparison ------------------------------------------------------------------------------- */

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

/* The same question by permutation (Paul, Held 2011, Stat. Med. 30:1118, section 3.3): were a's and
 * b's scores of a period as well exchanged? p = (1 + exchanges with at least this difference)/(1 +
 * exchanges); with at most `exchanges` possible ones all are counted, p = their share, and exact is
 * true. REFUSED with fewer than 2 periods. */
struct score_permutation {
    enum stat_status status;
    enum stat_reason reason;
    size_t n, exchanges;
    double difference, p, p_t; /* p_t: the paired t test */
    bool exact;
};
struct score_permutation score_permute(struct arena *a, size_t n, const double *score_a,
                                       const double *score_b, const int32_t *period, size_t exchanges,
                                       uint64_t seed);

#endif
