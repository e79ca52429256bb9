/* survey_replicate.h - variances by estimating again with parts of the sample left out or drawn again.
 *
 * Replicate r multiplies the weights of every first-stage cluster by a factor; the variance is
 * scale * sum_r rscale_r (theta_r - centre)^2 (Wolter 2007, "Introduction to Variance Estimation", chapters 3-5):
 *   JK1        one cluster left out at a time, no strata                      factor n/(n-1)
 *   JKN        the same within strata                                         factor n_h/(n_h-1)
 *   BRR        balanced half samples by a Hadamard matrix; 2 clusters in every stratum (McCarthy 1969, Rev. Int.
 *              Stat. Inst. 37:239); with rho in 0 .. 1 factors 2 - rho and rho (Fay; Judkins 1990, J. Off. Stat. 6:223)
 *   BOOTSTRAP  n_h - 1 clusters drawn with replacement (Rao, Wu 1988 JASA 83:231; Rao, Wu, Yue 1992 Surv. Meth. 18:209)
 *   GIVEN      the caller's columns
 * Factors follow R's as.svrepdesign (JK1, JKn, BRR, Fay, subbootstrap). A calibrated design is calibrated again in
 * every replicate, from its weights before. Only the first stage's population correction counts (JK1, JKN: by rscale;
 * BOOTSTRAP: by drawing the factors towards 1; BRR: none). A replicate that cannot be calibrated or estimated is left
 * out and counted. Memory: BRR the square of (strata + 4) bytes; others the rows and replicates added. */
#ifndef STAT_SURVEY_REPLICATE_H
#define STAT_SURVEY_REPLICATE_H

#include "stat/parallel.h"
#include "stat/survey.h"
#include "stat/survey_regress.h"

enum survey_replicate_kind { SURVEY_JK1, SURVEY_JKN, SURVEY_BRR, SURVEY_BOOTSTRAP, SURVEY_GIVEN };

struct survey_replicate_options {
    enum survey_replicate_kind kind;
    double rho;        /* BRR: Fay's, 0 <= rho < 1 */
    size_t replicates; /* BOOTSTRAP: 0: 500 */
    uint64_t seed;     /* BOOTSTRAP */
    bool mse;          /* centre: the full sample's estimate; false: the replicates' mean, as R */
};

struct survey_replicates;

/* INVALID: JK1 of a stratified design, rho outside. NOT_TWO_CLUSTERS: BRR. SINGLE_PSU: a stratum with one cluster under
 * ADJUST or AVERAGE with BRR or BOOTSTRAP (JKN follows the policy as R does). */
enum stat_reason survey_replicates_new(struct arena *a, const struct survey_design *d,
                                       const struct survey_replicate_options *o,
                                       struct survey_replicates **out);

/* The caller's replicate weights, n x replicates row by row (kept by address): combined: weights themselves, else factors
 * of the design's weights. rscale (NULL: ones) by replicate; df 0: replicates - 1. */
enum stat_reason survey_replicates_given(struct arena *a, const struct survey_design *d,
                                         const double *weight, size_t replicates, bool combined,
                                         double scale, const double *rscale, double df, bool mse,
                                         struct survey_replicates **out);

size_t survey_replicates_count(const struct survey_replicates *r);
double survey_replicates_scale(const struct survey_replicates *r);
double survey_replicates_rscale(const struct survey_replicates *r, size_t i);

/* The n weights of replicate i, calibrated where the design is. The reason why there are none. */
enum stat_reason survey_replicates_weights(const struct survey_replicates *r, size_t i, double *weight);

/* A statistic of the n weights, k numbers (NaN: none); scratch ends with the replicate. */
typedef void survey_statistic(void *arg, struct arena *scratch, const double *weight, double *out);

/* The statistic of the full sample (est[k]), its covariance over the replicates (cov[k x k]) and, if not NULL, all
 * replicates' values (values[replicates x k]). *failed (NULL allowed): replicates left out. STOPPED; NOT_CONVERGED: fewer
 * than two replicates have a value. */
enum stat_reason survey_replicate(struct arena *a, const struct survey_replicates *r, size_t k,
                                  survey_statistic *statistic, void *arg, const struct stat_run *run,
                                  double *est, double *cov, double *values, size_t *failed);

enum survey_replicate_figure {
    SURVEY_REPLICATE_TOTAL,
    SURVEY_REPLICATE_MEAN,
    SURVEY_REPLICATE_SHARE,
    SURVEY_REPLICATE_RATIO,
    SURVEY_REPLICATE_QUANTILE,
    SURVEY_REPLICATE_VARIANCE,
};

struct survey_replicate_want {
    enum survey_replicate_figure figure;
    const double *y, *x; /* x: RATIO; y NULL: TOTAL of people */
    double p;            /* QUANTILE */
    const bool *domain;
};

/* One figure, as survey_total() and the others give it (NULL rules: the default), its error from the replicates. */
struct survey_estimate survey_replicate_estimate(struct arena *a, const struct survey_replicates *r,
                                                 const struct survey_replicate_want *want,
                                                 const struct survey_rules *rules,
                                                 const struct stat_run *run, size_t *failed);

/* survey_regress() with the replicates' covariance. */
struct survey_regression survey_replicate_regress(struct arena *a, const struct survey_replicates *r,
                                                  const struct survey_regress_spec *spec,
                                                  const struct stat_run *run, size_t *failed);

/* The smallest order >= least of which a Hadamard matrix can be made here (Sylvester 1867; Paley 1933, J. Math.
 * Phys. 12:311), at most 4 least; written to out (order x order of 1 and -1, first row all 1) if not NULL. */
size_t survey_hadamard(size_t least, signed char *out);

#endif
