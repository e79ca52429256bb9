/* sae.h - figures for areas with few respondents, by borrowing strength: the area-level model of
 * Fay, Herriot 1979 (JASA 74:269).
 *
 * y_i = x_i' beta + v_i + e_i, v_i ~ (0, A), e_i ~ (0, D_i) with D_i known (smooth them first: sae_smooth).
 * EBLUP_i = gamma_i y_i + (1 - gamma_i) x_i' beta, gamma_i = A/(A + D_i) (Rao, Molina 2015, eq. 6.1.2).
 * Always show gamma_i beside the figure: it is the share of the area's own data. An area without
 * respondents (D_i = INFINITY) gets a synthetic figure, marked so, and must not be ranked.
 * The same figures as R's sae::mseFH when that has converged. */
#ifndef STAT_SAE_H
#define STAT_SAE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

enum sae_method {
    SAE_REML,          /* MSE: g1 + g2 + 2 g3 (Prasad, Rao 1990; Datta, Lahiri 2000) */
    SAE_ML,            /* MSE with the bias correction of ML (Rao, Molina 2015, eq. 6.2.7) */
    SAE_MOMENTS,       /* Fay-Herriot's moment equation (eq. 6.1.12), MSE of Datta, Rao, Smith 2005 */
    /* Never A = 0: the residual or the profile likelihood times a factor that is 0 there. MSE with the
     * bias of each (the same papers). */
    SAE_REML_ADJUSTED,  /* REML x arctan(sum gamma)^(1/m) (Yoshimori, Lahiri 2014, JMVA 124:281) */
    SAE_REML_LI_LAHIRI, /* REML x A (Li, Lahiri 2010, JMVA 101:882): A too large where m is small */
    SAE_ML_ADJUSTED,    /* ML x arctan(sum gamma)^(1/m) */
    SAE_ML_LI_LAHIRI,   /* ML x A */
};

struct sae_area {
    enum stat_status status; /* FLAG: gamma below 0.1, the figure is the model's rather than the area's */
    bool synthetic;          /* no data of its own */
    double estimate, mse, gamma, synthetic_part; /* x' beta */
};

struct sae_fit {
    enum stat_status status; /* REFUSED: SINGULAR, INVALID, NOT_CONVERGED, FEW_DF (m <= p + 2) */
    enum stat_reason reason;
    enum sae_method method;  /* used: REML with A = 0 becomes REML_ADJUSTED if asked for */
    double a;                /* variance between areas */
    bool a_zero;             /* REML, ML or moments gave 0 */
    double *beta, *beta_se;  /* p values */
    double log_likelihood, aic, bic;
    struct sae_area *area;   /* n */
};

/* x is n x p, row by row, with a column of ones where an intercept is wanted. adjust_zero: where A
 * comes out as 0, use SAE_REML_ADJUSTED in its place. */
struct sae_fit sae_fay_herriot(struct arena *a, size_t n, size_t p, const double *y, const double *x,
                               const double *variance, enum sae_method method, bool adjust_zero);

/* estimate -/+ quantile of the normal distribution x sqrt(mse). */
void sae_interval(double estimate, double mse, double level, double *low, double *high);

/* --- sampling variances, smoothed: the model takes them as known ---------------------------------- */

/* The pooled unit variance over n_i, exp of the weighted regression of log(n D) on a constant,
 * bias-corrected (a generalised variance function of one parameter; Wolter 2007, ch. 7). INFINITY
 * where there are no respondents. */
void sae_smooth(size_t n, const double *variance, const int64_t *respondents, double *smooth);

struct sae_gvf {
    enum stat_status status; /* REFUSED: SINGULAR, FEW_DF (variances <= q), INVALID */
    enum stat_reason reason;
    double *coefficient;     /* q */
    double factor;           /* makes up for the curvature of exp */
    double r_squared;        /* of the logarithms */
    double *smooth;          /* n */
};
/* log D_i = z_i' c by least squares over the areas with D_i > 0 (weight NULL: ones; usually respondents
 * less one), smooth_i = factor x exp(z_i' c) with factor = sum D / sum exp(z' c), so that the sum over
 * those areas is kept (Hidiroglou, Beaumont, Yung 2019, Surv. Meth. 45:101). z is n x q; an area
 * whose z is not finite gets INFINITY. */
struct sae_gvf sae_gvf(struct arena *a, size_t n, size_t q, const double *variance, const double *z,
                       const double *weight);

/* --- benchmarking ------------------------------------------------------------------------------------ */

enum sae_benchmark {
    SAE_BENCHMARK_RATIO,      /* estimate x target / sum */
    SAE_BENCHMARK_DIFFERENCE, /* estimate + (target - sum)/sum of weights */
    SAE_BENCHMARK_WFQ,        /* Wang, Fuller, Qu 2008 (Surv. Meth. 34:29, eq. 8): more where mse is larger */
};

/* Makes sum weight_i out_i = target (the direct estimate of the region); false: it cannot. mse belongs to the
 * estimates before. Where every area has data, a column weight_i D_i in x does the same within the model, MSE
 * and all: sum weight_i EBLUP_i = sum weight_i y_i (the augmented model of Wang, Fuller, Qu 2008). */
bool sae_benchmark(size_t n, const double *estimate, const double *mse, const double *weight,
                   double target, enum sae_benchmark kind, double *out);

#endif
