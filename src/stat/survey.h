/* survey.h - estimates from a complex sample: strata, clusters, weights; honest standard errors.
 *
 * Estimators are Horvitz-Thompson totals and functions of them (means, shares, ratios); variances are
 * Taylor linearisation with the stratified multistage formula (Saerndal, Swensson, Wretman 1992,
 * "Model Assisted Survey Sampling", results 2.9.1 and 4.3.1, section 5.5; Lumley 2010, "Complex
 * Surveys", appendix C). For stage 1
 *     v = sum_h (1 - f_h) n_h/(n_h - 1) sum_i (z_hi - mean_h)^2,   z_hi = sum of w * score in PSU i,
 * and each further stage adds its own such term times the sampling fraction of the stages above it
 * (only where population sizes are given; without them the first stage is all: "ultimate cluster").
 * A domain keeps every stratum and PSU: scores outside it are zero. Same figures as R's survey 4.1.
 *
 * Missing values are NaN in y (or a negative code): the row leaves the domain and is counted. */
#ifndef STAT_SURVEY_H
#define STAT_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

enum { SURVEY_MAX_STAGES = 4 };

/* A stratum in which one cluster was sampled has no variance of its own. */
enum survey_lonely {
    SURVEY_LONELY_FAIL,      /* refuse the design (default) */
    SURVEY_LONELY_ADJUST,    /* its deviation from zero (the centre of all scores) counts: cautious */
    SURVEY_LONELY_AVERAGE,   /* it counts as the mean of the other strata */
    SURVEY_LONELY_CERTAINTY, /* it was certain to be in the sample: adds nothing */
    SURVEY_LONELY_REMOVE,    /* adds nothing */
};

/* What the sample was like; arrays have n elements and stay the caller's. */
struct survey_spec {
    size_t n;                                 /* respondents */
    size_t n_stages;                          /* 0 counts as 1 */
    const int64_t *strata[SURVEY_MAX_STAGES]; /* NULL: one stratum */
    const int64_t *ids[SURVEY_MAX_STAGES];    /* clusters; NULL (last stage only): every respondent */
    const double *fpc[SURVEY_MAX_STAGES];     /* NULL: none. All < 1: sampling fractions; else
                                               * population numbers of clusters in the stratum */
    const double *weight;                     /* NULL: from fpc, else 1 */
    bool nest;                                /* first-stage ids repeat from stratum to stratum */
    enum survey_lonely lonely;
};

struct survey_design;

/* Indexes a design. On refusal *out is NULL and *bad_row (may be NULL) is the first row at fault. */
enum stat_reason survey_design_new(struct arena *a, const struct survey_spec *spec,
                                   struct survey_design **out, size_t *bad_row);

size_t survey_strata(const struct survey_design *d);
size_t survey_psus(const struct survey_design *d);
double survey_df(const struct survey_design *d);             /* PSU - strata with weight */
const double *survey_weights(const struct survey_design *d); /* n values, after calibration */

/* One margin known for the population: the cell (0 .. n_cells-1) of every respondent, cell totals. */
struct survey_margin {
    const int32_t *cell;
    size_t n_cells;
    const double *total;
};

/* Post-stratification (one margin, closed form). Variances of *out use residuals from the cell means
 * (Saerndal, Swensson, Wretman 1992, eq. 7.6.6; same as R's postStratify). */
enum stat_reason survey_poststratify(struct arena *a, const struct survey_design *base,
                                     const struct survey_margin *m, struct survey_design **out);

struct survey_rake_options {
    int max_iterations; /* 0: 200 */
    double tolerance;   /* largest relative miss of a cell total; 0: 1e-10 */
    bool weighted;      /* residuals from weighted cell means; false: unweighted, as R's rake */
};

/* Raking (Deming, Stephan 1940; Deville, Saerndal, Sautory 1993 JASA 88:1013) to several margins, whose
 * totals must add up to the same number. NOT_CONVERGED gives no design. */
enum stat_reason survey_rake(struct arena *a, const struct survey_design *base, size_t n_margins,
                             const struct survey_margin *m, const struct survey_rake_options *o,
                             struct survey_design **out);

/* Calibration to totals of p variables x (n x p, row by row; a column of ones for the size). Distances of
 * Deville, Saerndal 1992 (JASA 87:376, table 1): weights d g(x' lambda) with g = 1 + u (GREG), exp(u), or
 * bounded by lower < 1 < upper. Variances use residuals of the regression on x weighted by d, as R's
 * calibrate. */
enum survey_distance { SURVEY_LINEAR, SURVEY_RAKING, SURVEY_LOGIT, SURVEY_LINEAR_BOUNDED };

struct survey_calibrate_options {
    enum survey_distance distance;
    double lower, upper; /* of g, LOGIT and LINEAR_BOUNDED */
    int max_iterations;  /* 0: 100 */
    double tolerance;    /* largest |miss|/(1 + |total|); 0: 1e-10 */
};

/* NOT_CONVERGED: no weights within the bounds meet the totals; SINGULAR: columns of x depend on each
 * other. BAD_WEIGHT: LINEAR gave a negative weight; use another distance. */
enum stat_reason survey_calibrate(struct arena *a, const struct survey_design *base, size_t p,
                                  const double *x, const double *totals,
                                  const struct survey_calibrate_options *o, struct survey_design **out);

enum survey_interval {
    SURVEY_INTERVAL_AUTO,    /* means: t. Shares: beta if n_eff min(p, 1-p) < 10 or p is 0 or 1, else logit */
    SURVEY_INTERVAL_T,       /* est -+ t_df se */
    SURVEY_INTERVAL_LOGIT,   /* t on the logit scale */
    SURVEY_INTERVAL_BETA,    /* Korn, Graubard 1998 Surv. Meth. 24:193 */
    SURVEY_INTERVAL_WILSON,  /* Wilson 1927 score interval at the same effective size, normal quantile */
    SURVEY_INTERVAL_ARCSINE, /* t on the arcsine square root scale */
    SURVEY_INTERVAL_LIKELIHOOD, /* Rao-Scott scaled binomial likelihood ratio, interpolated as in R */
    SURVEY_INTERVAL_NORMAL,     /* est -+ z se */
    SURVEY_INTERVAL_LIKELIHOOD_EXACT, /* the same likelihood ratio, its equation solved */
};

/* When a figure is refused or flagged; project rules, shown to the reader. */
struct survey_rules {
    double level;            /* of the interval */
    enum survey_interval interval;
    int64_t min_respondents; /* fewer: refused; 0: no rule */
    double min_df;           /* fewer: refused; 0: only without any */
    double flag_cv, max_cv;  /* standard error / estimate; INFINITY: no rule (scales with negative values) */
};

/* 95 %, 30 respondents, 8 df, 16.5 % and 30 %. survey_rules_none(): 95 %, nothing refused. */
struct survey_rules survey_rules_default(void);
struct survey_rules survey_rules_none(void);

struct survey_estimate {
    enum stat_status status;
    enum stat_reason reason;
    double est, se, lower, upper, level;
    double cv;            /* se / |est| */
    double deff;          /* against simple random sampling with replacement of n */
    double n_eff;         /* n / deff */
    double df;            /* PSU - strata, where the domain has weight */
    int64_t n;            /* respondents in the domain with an answer */
    int64_t n_missing;    /* in the domain without one */
    size_t n_psu;         /* PSUs they come from: for disclosure rules */
    double weight;        /* sum of weights */
    enum survey_interval interval; /* which was used */
    const double *score;  /* linearised scores by last-stage unit, for covariances; NULL from _by */
};

/* y NULL: the number of people. domain NULL: everybody; rules NULL: the default. */
struct survey_estimate survey_total(struct arena *a, const struct survey_design *d, const double *y,
                                    const bool *domain, const struct survey_rules *rules);
struct survey_estimate survey_mean(struct arena *a, const struct survey_design *d, const double *y,
                                   const bool *domain, const struct survey_rules *rules);
/* y is 0 or 1: a mean with the intervals of a share. */
struct survey_estimate survey_proportion(struct arena *a, const struct survey_design *d,
                                         const double *y, const bool *domain,
                                         const struct survey_rules *rules);
/* total of y / total of x; scores (y - R x)/X. A row lacking either is missing. */
struct survey_estimate survey_ratio(struct arena *a, const struct survey_design *d, const double *y,
                                    const double *x, const bool *domain,
                                    const struct survey_rules *rules);

/* The share of every category 0 .. k-1 (negative: missing); out[k]. */
void survey_shares(struct arena *a, const struct survey_design *d, const int32_t *category, size_t k,
                   const bool *domain, const struct survey_rules *rules,
                   struct survey_estimate *out);

/* The p-quantile: the smallest value whose cumulated weight reaches p of the total, with the interval of
 * Woodruff 1952 (JASA 47:635): the interval of the share below it, turned back (AUTO: t). An end outside
 * the scale is NAN: open. No scores; the CV rules do not apply. Same as R's svyquantile ("math"). */
struct survey_estimate survey_quantile(struct arena *a, const struct survey_design *d, const double *y,
                                       double p, const bool *domain, const struct survey_rules *rules);

/* Means (or shares) for every group 0 .. n_groups-1 at once; a negative group is outside. Without
 * calibration the work is proportional to the rows, not to rows x groups. out[n_groups], or out[g * k +
 * category]. */
void survey_mean_by(struct arena *a, const struct survey_design *d, const double *y,
                    const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                    struct survey_estimate *out);
void survey_shares_by(struct arena *a, const struct survey_design *d, const int32_t *category,
                      size_t k, const int32_t *group, size_t n_groups,
                      const struct survey_rules *rules, struct survey_estimate *out);

/* Covariance of two estimates of the same design (NaN where one has no scores). */
double survey_covariance(struct arena *a, const struct survey_design *d,
                         const struct survey_estimate *x, const struct survey_estimate *y);

/* out[k x k]: the covariances of k estimates of the same design. */
void survey_covariances(struct arena *a, const struct survey_design *d,
                        const struct survey_estimate *e, size_t k, double *out);

/* sum coef[i] est[i] of estimates of one design, with their covariances. The CV rule does not apply
 * (a difference may be near zero); refused if a part was refused. */
struct survey_estimate survey_contrast(struct arena *a, const struct survey_design *d,
                                       const struct survey_estimate *e, const double *coef, size_t k,
                                       const struct survey_rules *rules);

/* later - earlier between two waves. PSUs with the same stratum and id in both are one PSU, so their
 * covariance counts (Kish 1965, section 12.4; Tam 1984): first stage only, without population correction. */
struct survey_estimate survey_change(struct arena *a, const struct survey_design *d_earlier,
                                     const struct survey_estimate *earlier,
                                     const struct survey_design *d_later,
                                     const struct survey_estimate *later,
                                     const struct survey_rules *rules);

/* Interval of a share p with standard error se from n respondents with df degrees of freedom. */
void survey_share_interval(enum survey_interval method, double p, double se, int64_t n, double df,
                           double level, double *lower, double *upper);

#endif
