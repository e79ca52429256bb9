/* hhh4.h - the endemic-epidemic model of counts in several units over time (Held, Hoehle, Hofmann
 * 2005, Stat. Modelling 5:187; Paul, Held, Toschke 2008, Stat. Med. 27:6250; Paul, Held 2011, Stat. Med.
 * 30:1118; Meyer, Held 2014, AOAS 8:1612; Meyer, Held, Hoehle 2017, JSS 77(11), eqs. 1-4):
 *
 *   mean_it = a_it exp(eta_ar) y_i,t-1 + n_it exp(eta_ne) sum_j w_ji y_j,t-1 + e_it exp(eta_end),
 *   variance = mean + psi mean^2  (one psi: NegBin1; one a unit: NegBinM; none: Poisson).
 *
 * Every eta is a sum of columns with coefficients, of all units together or of each unit alone, and may hold
 * a random intercept of the unit. Without random intercepts: maximum likelihood by Newton's method with the
 * analytic gradient and Hessian. With them: the penalised likelihood for coefficients and intercepts, the
 * marginal likelihood by Laplace's approximation for their variances, in turn until both stand still (Paul,
 * Held 2011, section 3.2). What belongs to one unit meets only the shared coefficients in the Hessian (an
 * arrowhead), so a step costs units x periods and memory never grows with the square of units.
 * Standard errors from the observed (penalised) information. A fit that has not converged holds no figures.
 */
#ifndef STAT_HHH4_H
#define STAT_HHH4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"
#include "stat/stat.h"

struct arena;

enum hhh4_family { HHH4_POISSON, HHH4_NEGBIN1, HHH4_NEGBINM };
enum hhh4_part { HHH4_AR, HHH4_NE, HHH4_END, HHH4_PARTS };

/* One column of a component: its value is x[unit * per_unit + period * per_period] (strides 0 allowed). */
struct hhh4_column {
    const double *x; /* NULL: 1 everywhere, an intercept */
    size_t per_unit, per_period;
    bool own;          /* a coefficient of its own for every unit */
    const bool *which; /* of own: the units that have it; NULL: all */
};

/* One component; without columns it is left out. A random intercept has mean 0: give it an intercept, too. */
struct hhh4_component {
    size_t n_columns;
    const struct hhh4_column *column;
    bool random;          /* a random intercept, normal, independent between units */
    const double *offset; /* a, n, e: [unit * n_periods + period], >= 0; NULL: 1 */
    size_t lag;           /* of ar and ne: periods back; 0 counts as 1 */
};

/* Lists of pairs: unit j acts on units to[start[j]] .. to[start[j + 1] - 1], each with a value. */
struct hhh4_links {
    const size_t *start;
    const uint32_t *to;
    const double *value;
};

/* How w_ji comes from the value of the pair (j, i). */
enum hhh4_weighting {
    HHH4_GIVEN,     /* w = value */
    HHH4_POWER_LAW, /* value is an order o (or a distance): w = o^-d, d estimated (Meyer, Held 2014, eq. 2.5)
                     */
    HHH4_ORDERS,    /* a weight for each order: 1 for order 1, exp(coefficient) for 2 .. max_order */
};
struct hhh4_weights {
    enum hhh4_weighting kind;
    struct hhh4_links links;
    bool normalise; /* sum_i w_ji = 1 for every source j */
    int max_order;  /* pairs farther apart have no weight; 0: no limit (power law) */
    bool open_end;  /* orders: pairs beyond max_order have its weight */
    /* The unit itself is a pair of order 0: power law with o + 1; orders with 1 for order 0 and a
     * coefficient for 1 .. max_order. */
    bool from_own;
};

struct hhh4_model {
    size_t n_units, n_periods;
    const int64_t *y; /* y[unit * n_periods + period]; periods to be forecast may hold anything */
    enum hhh4_family family;
    struct hhh4_component part[HHH4_PARTS];
    const struct hhh4_weights *weights; /* of ne */
    bool correlated;                    /* random intercepts of one unit are correlated */
};

/* What a coefficient belongs to. */
enum hhh4_kind { HHH4_COLUMN, HHH4_WEIGHT, HHH4_OVERDISPERSION };
struct hhh4_name {
    enum hhh4_kind kind;
    enum hhh4_part part;
    size_t column; /* of the component, or of the weights' coefficients */
    int64_t unit;  /* -1: of all units */
};

struct hhh4_fit {
    enum stat_status status; /* REFUSED: NOT_CONVERGED, SINGULAR, INVALID, STOPPED */
    enum stat_reason reason;
    size_t n_coef; /* ar, ne, end, weights, psi; an own column has one a unit */
    struct hhh4_name *name;
    double *coef, *se;     /* psi itself, not its logarithm; psi 0: the Poisson limit, its se is NAN */
    size_t n_shared;       /* coefficients of all units together */
    double *covariance;    /* n_shared x n_shared, in the order of coef; of -log psi in place of psi */
    double log_likelihood; /* penalised where there are random intercepts */
    size_t unbounded;      /* coefficients that ran off: the data say nothing of them (FLAG) */
    double aic, bic;       /* NAN with random intercepts */
    size_t n_obs;
    int iterations; /* Newton steps */
    /* random intercepts */
    size_t n_random; /* 0 .. 3 a unit, in the order ar, ne, end */
    enum hhh4_part random_part[HHH4_PARTS];
    double *random, *random_se; /* [unit * n_random + which] */
    double sigma[9];            /* n_random x n_random covariance matrix */
    double sd_se[3];            /* standard errors of log standard deviations; NAN at a bound */
    double log_marginal;        /* of the variances, without the data's log-likelihood (as R states it) */
    bool at_bound;              /* a standard deviation ran into exp(-5) */
    int rounds;                 /* between coefficients and variances */
    double *inner, spread[6];   /* all unknowns as optimised, for a warm start */
    size_t n_inner;
};

/* Fits rows from .. to-1 (each needs the rows its lags reach back to). start: NULL or a former fit of the
 * same model, whatever its rows. */
struct hhh4_fit hhh4_fit(struct arena *a, const struct hhh4_model *m, size_t from, size_t to,
                         const struct hhh4_fit *start, const struct stat_run *run);

/* --- forecasts (hhh4_forecast.c) --- */

/* Mean and size of every unit in period t, given the counts before; size INFINITY: Poisson. parts (NULL
 * allowed): what ar, ne and end add to the mean, [unit * 3 + part]. */
void hhh4_predict(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f, size_t t,
                  double *mean, double *size, double *parts);

/* The same for periods from .. to-1 at once: mean[unit * (to - from) + t - from]; size by unit. */
void hhh4_fitted(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f, size_t from,
                 size_t to, double *mean, double *size, double *parts);

/* Several periods ahead by simulated paths: periods origin .. origin + horizon - 1 (below n_periods:
 * columns and offsets must be there), given the counts before origin. Path p draws from the stream
 * ("hhh4 path", p): the same figures for every number of threads. Memory: paths x units x horizon x 4 bytes.
 */
struct hhh4_paths {
    enum stat_status status;
    enum stat_reason reason;
    size_t n_paths, horizon, n_levels;
    double *mean, *sd;                              /* [unit * horizon + h] */
    double *quantile;                               /* [(unit * horizon + h) * n_levels + level] */
    double *total_mean, *total_sd, *total_quantile; /* of the sum of units: [h], [h * n_levels + level] */
    int32_t *path; /* [(unit * horizon + h) * n_paths + path], sorted within (unit, h) */
};
struct hhh4_paths hhh4_simulate(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f,
                                size_t origin, size_t horizon, size_t n_paths, uint64_t seed, size_t n_levels,
                                const double *level, const struct stat_run *run);

/* The exact mean and variance of the same forecast, [unit * horizon + h], by the recursion of the first two
 * moments (Held, Meyer, Bracher 2017, Stat. Med. 36:3443, appendix). Memory and time grow with
 * the square of units: the covariance matrix between units carries the variance forward. */
enum stat_reason hhh4_moments(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f,
                              size_t origin, size_t horizon, double *mean, double *variance,
                              double *total_mean, double *total_variance);

/* One-step forecasts of periods first .. last-1. Every fit starts from the fit at `first`, so that
 * origins do not depend on one another. A period whose fit failed holds NAN and its reason. */
enum hhh4_refit {
    HHH4_ROLLING, /* refitted to rows from .. t-1 for every t */
    HHH4_FIRST,   /* the fit to rows from .. first-1 for all */
    HHH4_FINAL,   /* the fit to rows from .. last-1 for all: not a forecast, a check */
};
struct hhh4_roll {
    enum stat_status status; /* REFUSED: the first fit failed, or STOPPED */
    enum stat_reason reason;
    size_t n;               /* periods */
    double *mean, *size;    /* [t * n_units + unit], t counted from first */
    enum stat_reason *why;  /* by period */
    double *log_likelihood; /* by period */
    size_t failed;
};
struct hhh4_roll hhh4_roll(struct arena *a, const struct hhh4_model *m, enum hhh4_refit refit, size_t from,
                           size_t first, size_t last, const struct stat_run *run);

/* --- columns and orders (hhh4_links.c) --- */

/* A column sin or cos(2 pi s (t + t0)/period) of n_periods values, into x. */
void hhh4_wave(size_t n_periods, double period, int harmonic, bool cosine, double t0, double *x);

/* Columns 1, sin, cos, ... for S harmonics (1 + 2 S of them), t counted from t0 at period 0. */
struct hhh4_column *hhh4_season(struct arena *a, size_t n_periods, double period, int harmonics, double t0);

/* Pairs with their neighbourhood order up to max_order (1: neighbours), by breadth-first search over the
 * first-order pairs; with own, the unit itself with order 0. Memory grows with the pairs found: with
 * the square of units if max_order reaches everybody. INVALID: a unit beyond n. */
enum stat_reason hhh4_orders(struct arena *a, size_t n, size_t pairs, const uint32_t *from,
                             const uint32_t *to, int max_order, bool own, struct hhh4_links *out);

/* Pairs as they are given. INVALID: a unit beyond n, or a value that is negative or not a number. */
enum stat_reason hhh4_links_new(struct arena *a, size_t n, size_t pairs, const uint32_t *from,
                                const uint32_t *to, const double *value, struct hhh4_links *out);

/* The weights w_ji at given coefficients (of kinds with coefficients), in the order of links. */
void hhh4_weights_at(const struct hhh4_weights *w, size_t n, const double *coef, double *weight);

#endif
