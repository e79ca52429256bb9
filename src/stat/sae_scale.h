/* sae_scale.h - the Fay-Herriot model on another scale: shares and skewed figures.
 *
 * z_i = h(y_i) follows the model of sae.h; the estimate is E h^-1(theta) with theta normal about its EBLUP
 * with variance g1, so that the curvature of h^-1 adds no bias (Slud, Maiti 2006, JRSS B 68:239, for the
 * logarithm; Casas-Cordero, Encina, Lahiri 2016 and Hadam, Wuerz, Kreutzmann 2020 for the arcsine). Ends of
 * an interval are those of the scale carried back, so that a share stays between 0 and 1. */
#ifndef STAT_SAE_SCALE_H
#define STAT_SAE_SCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"
#include "stat/sae.h"

enum sae_scale {
    SAE_SCALE_ARCSINE, /* asin sqrt share, sampling variance 1/(4 n_eff) */
    SAE_SCALE_LOGIT,   /* log(share/(1 - share)), 1/(n_eff share (1 - share)) */
    SAE_SCALE_LOG,     /* log y for y > 0, variance/y^2 */
};

struct sae_scaled {
    enum stat_status status;      /* of the area, as in sae.h */
    bool synthetic;
    double estimate;              /* without the bias of carrying back */
    double naive;                 /* h^-1 of the EBLUP on the scale */
    double low, high;
    double mse; /* by the bootstrap; without one: slope of h^-1 squared x mse on the scale */
    double gamma;
    double scale_estimate, scale_mse;
};

struct sae_scaled_fit {
    enum stat_status status; /* REFUSED also for values that have no place on the scale (INVALID), STOPPED */
    enum stat_reason reason;
    struct sae_fit fit;           /* on the scale */
    double *variance;             /* n: sampling variances on the scale */
    struct sae_scaled *area;      /* n */
    size_t replicates;            /* of the bootstrap that could be fitted */
};

struct sae_scale_options {
    enum sae_scale scale;
    enum sae_method method;
    bool adjust_zero;
    double level;                 /* 0.95 */
    size_t replicates;            /* of the parametric bootstrap of the MSE; 0: none */
    uint64_t seed;
};

/* y[n] with either variance[n] (of y; INFINITY: no respondents) or effective[n] (shares only: respondents
 * divided by the design effect; 0: none), the other NULL. A share of exactly 0 or 1 has a place on the
 * logit scale only with effective: (n_eff y + 1/2)/(n_eff + 1); on the arcsine scale likewise only with
 * effective has it a variance. MSE by the parametric bootstrap of Gonzalez-Manteiga et al. 2008
 * (JSCS 78:443). x is n x p. */
struct sae_scaled_fit sae_scaled(struct arena *a, const struct stat_run *run, size_t n, size_t p,
                                 const double *y, const double *x, const double *variance,
                                 const double *effective, const struct sae_scale_options *options);

#endif
