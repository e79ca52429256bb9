/* hhh4.h - the endemic-epidemic model of counts in several units over time (Held, Hoehle, Hofmann
 * 2005, Stat. Modelling 5:187; Paul, Held 2011, Stat. Med. 30:1118; Meyer, Held, Hoehle 2017, JSS 77(11),
 * eqs. 1-4):
 *
 *   mean_it = exp(x_ar b_ar) y_i,t-1 + exp(x_ne b_ne) sum_j w_ji y_j,t-1 + e_it exp(x_end b_end),
 *   variance = mean + psi mean^2  (one psi: NegBin1; one a unit: NegBinM; none: Poisson).
 *
 * Fixed effects only so far; unit intercepts are columns of x. Newton's method with the analytic
 * gradient and Hessian; standard errors from the observed information. Same figures as R's hhh4.
 * A fit that has not converged holds no figures. */
#ifndef STAT_HHH4_H
#define STAT_HHH4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/spatial.h"
#include "stat/stat.h"

struct arena;

enum hhh4_family { HHH4_POISSON, HHH4_NEGBIN1, HHH4_NEGBINM };

/* One component: n_columns 0 leaves it out. x[(unit * n_periods + period) * n_columns + column]. */
struct hhh4_component {
    size_t n_columns;
    const double *x;
};

struct hhh4_model {
    size_t n_units, n_periods;
    const int64_t *y;      /* y[unit * n_periods + period]; periods to be forecast may hold anything */
    enum hhh4_family family;
    struct hhh4_component ar, ne, end;
    const double *offset;  /* e, same layout as y; NULL: 1 */
    const struct spatial_weights
        *weights; /* ne: place j's list are the units i it acts on, w_ji; given values */
};

struct hhh4_fit {
    enum stat_status status; /* REFUSED: NOT_CONVERGED, SINGULAR, INVALID */
    enum stat_reason reason;
    size_t n_coef;           /* ar, ne, end columns, then psi (1 or one a unit) */
    double *coef, *se;       /* psi itself, not its logarithm; psi 0: the Poisson limit */
    double *covariance;      /* n_coef x n_coef, of -log psi in the last places */
    double log_likelihood, aic, bic;
    size_t n_obs;
    int iterations;
    double *inner;           /* coefficients as optimised, for a warm start */
};

/* Fits rows from .. to-1 (each needs the row before it: from >= 1). start: NULL or `inner` of a
 * former fit of the same model. */
struct hhh4_fit hhh4_fit(struct arena *a, const struct hhh4_model *m, size_t from, size_t to,
                         const double *start);

/* Mean and size of every unit in period t, given the counts of t - 1; size INFINITY: Poisson. */
void hhh4_predict(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f, size_t t,
                  double *mean, double *size);

/* Columns 1, sin(2 pi t/period), cos(...), ... for S harmonics into x (1 + 2 S columns of all
 * units), t counted from t0 at period 0. */
void hhh4_season(size_t n_units, size_t n_periods, double period, int harmonics, double t0, double *x);

#endif
