/* survey_regress.h - linear, logistic and Poisson regression of a complex sample.
 *
 * Coefficients solve the weighted score equations sum w_i x_i (y_i - mu_i) = 0 of the canonical links
 * (identity, logit, log); their covariance is the sandwich of Binder 1983 (Int. Stat. Rev. 51:279,
 * eq. 3.3-3.5): the design's covariance of the scores A^-1 w_i x_i (y_i - mu_i), A = sum w v x x'. The
 * t distribution has PSU - strata + 1 - rank degrees of freedom. Same figures as R's svyglm. Weights
 * may be calibrated: residuals are taken out of the scores. */
#ifndef STAT_SURVEY_REGRESS_H
#define STAT_SURVEY_REGRESS_H

#include "stat/survey.h"
#include "stat/survey_test.h"

enum survey_family { SURVEY_GAUSSIAN, SURVEY_BINOMIAL, SURVEY_POISSON };

/* Arrays have n rows, as the design, and stay the caller's. */
struct survey_regress_spec {
    enum survey_family family;
    const double *y;      /* NaN: missing. BINOMIAL: 0 .. 1, POISSON: not negative */
    size_t p;
    const double *x;      /* n x p row by row, with a column of ones for an intercept; NaN: missing */
    const double *offset; /* added to the linear predictor; NULL: none */
    const bool *domain;   /* NULL: everybody */
    double level;         /* of the intervals; 0: 0.95 */
    int max_iterations;   /* 0: 50 */
    double tolerance;     /* relative change of the deviance; 0: 1e-8, as R; 1e-14 gives all digits of the errors */
};

struct survey_coefficient {
    bool left_out; /* a combination of the columns before it: its figures are NaN */
    double est, se, t, p, lower, upper;
    double deff; /* variance over that of the model with independent rows */
};

struct survey_regression {
    enum stat_status status; /* FLAG with SINGULAR: columns were left out. REFUSED: INVALID (*bad_row),
                              * EMPTY, FEW_DF, NOT_CONVERGED (as when the groups separate perfectly) */
    enum stat_reason reason;
    size_t bad_row; /* of INVALID: the first row whose y does not suit the family */
    size_t p, rank;
    struct survey_coefficient *coef; /* p */
    double *cov;                     /* p x p by the design; NaN in left out rows and columns */
    double *model_cov;               /* p x p of the model, weights scaled to mean 1 */
    double df, weight;
    int64_t n, n_missing;
    size_t n_psu;
    double residual_sd; /* GAUSSIAN: sqrt(sum w r^2/(n - rank)), weights scaled to mean 1; else 1 */
    double dispersion;  /* variance of the Pearson residuals among the people, as R's summary prints */
    double deviance;    /* weights scaled to mean 1 */
    int iterations;
    double *fitted; /* n: means; NaN outside of the domain or where missing */
};

struct survey_regression survey_regress(struct arena *a, const struct survey_design *d,
                                        const struct survey_regress_spec *spec);

/* Only the coefficients, beta[p] (NaN where left out): for replicates. */
enum stat_reason survey_regress_coefficients(struct arena *a, const struct survey_design *d,
                                             const struct survey_regress_spec *spec, double *beta);

/* The figures of the coefficients from beta and a covariance of r->cov (errors, tests on r->df, intervals). */
void survey_regress_finish(struct survey_regression *r, double level);

/* Are the k named coefficients all zero? F = b' V^-1 b/k on k and df (R's regTermTest, Wald). */
struct survey_test survey_regress_wald(struct arena *a, const struct survey_regression *r,
                                       const size_t *term, size_t k);

/* sum_j at[j] b_j with its interval, on the scale of the linear predictor; through the inverse of the
 * link with response (the error by the delta method, the ends transformed). */
struct survey_estimate survey_regress_predict(const struct survey_regression *r,
                                              enum survey_family family, const double *at, double level,
                                              bool response);

#endif
