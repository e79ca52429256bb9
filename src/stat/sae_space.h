/* sae_space.h - small areas whose neighbours, and whose own past, say something about them: the spatial and
 * the spatio-temporal Fay-Herriot model.
 *
 * y_dt = x_dt' beta + u_d + v_dt + e_dt for areas d and periods t, e_dt ~ (0, D_dt) with D known;
 *   u = rho1 W u + noise of variance sigma1 (SAR(1) over areas, W with rows that add up to 1),
 *   v_dt = rho2 v_d,t-1 + noise of variance sigma2 (stationary AR(1) within an area).
 * One period without v is the spatial model (Petrucci, Salvati 2006, JABES 11:169; Pratesi, Salvati 2008, SMA
 * 17:113); with v that of Marhuenda, Molina, Morales 2013 (CSDA 58:308), "ST" there, "S" with rho2 fixed at
 * 0; with rho1 fixed at 0 that of Rao, Yu 1994. The same figures as R's sae::eblupSFH, mseSFH and eblupSTFH
 * when these have converged. Memory and time: the square and the cube of the number of areas (these are dense
 * models), never of areas x periods. */
#ifndef STAT_SAE_SPACE_H
#define STAT_SAE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"
#include "stat/sae.h"
#include "stat/spatial.h"

enum sae_space_parameter { SAE_SIGMA1, SAE_RHO1, SAE_SIGMA2, SAE_RHO2, SAE_SPACE_PARAMETERS };

struct sae_space_model {
    size_t areas, periods, p;         /* rows: areas x periods, the periods of an area together */
    const struct spatial_weights *w;  /* over areas; NULL: rho1 is 0 */
    const double *y, *x, *variance;   /* rows, rows x p, rows; variance INFINITY: no data of its own */
    bool ml;                          /* ML rather than REML */
    bool time_effects;                /* v_dt is there (needs at least 2 periods) */
    bool autoregressive;              /* and rho2 is estimated */
};

struct sae_space_options {
    double level;                     /* of intervals, 0.95 */
    size_t replicates;                /* of the parametric bootstrap; 0: the analytic MSE alone */
    uint64_t seed;
};

struct sae_space_row {
    enum stat_status status;          /* FLAG: gamma below 0.1 */
    bool synthetic;                   /* no data of its own */
    double estimate, synthetic_part;  /* EBLUP; x' beta */
    double gamma;                     /* weight of the row's own figure in its estimate, given beta */
    double mse;                       /* analytic */
    double mse_boot, mse_boot_corrected; /* NaN without bootstrap */
    double low, high;                 /* by the analytic MSE */
};

struct sae_space_fit {
    enum stat_status status;          /* REFUSED: SINGULAR, INVALID, NOT_CONVERGED, FEW_DF, STOPPED */
    enum stat_reason reason;
    bool used[SAE_SPACE_PARAMETERS];  /* of the model, and not at the border */
    double theta[SAE_SPACE_PARAMETERS], theta_se[SAE_SPACE_PARAMETERS]; /* 0 and NaN where not used */
    double *beta, *beta_se;           /* p */
    double log_likelihood, aic, bic;  /* of ML at the estimates, as sae gives them */
    int iterations;
    struct sae_space_row *row;
    size_t replicates;                /* that could be fitted */
};

/* The estimates by Fisher scoring with step halving from several starts; variances stay at or above 0 and
 * correlations within -/+0.999. MSE: g1 + g2 + 2 g3 - g4, for ML less the bias of the variances (Singh,
 * Shukla, Kundu 2005, Surv. Meth. 31:183; Molina, Salvati, Pratesi 2009, Comput. Stat. 24:441), of all
 * parameters of the model at hand (g4 and the bias together at most half of the rest: the expansion fails
 * where sigma1 is next to 0); and by the parametric bootstrap of Molina et al., plain and corrected for
 * bias. Each replicate has its own stream: threads do not change the result. */
struct sae_space_fit sae_space(struct arena *a, const struct stat_run *run,
                               const struct sae_space_model *model, const struct sae_space_options *options);

#endif
