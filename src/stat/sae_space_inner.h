/* sae_space_inner.h - what the two halves of sae_space share: one evaluation of the model.
 *
 * V = Z U Z' + B with U = sigma1 C^-1, C = (I - rho1 W)'(I - rho1 W), Z the places of an area's rows and
 * B a block for each area (its AR(1) and sampling variances). So V^-1 = B^-1 - B^-1 Z H Z'B^-1 with
 * H = sigma1 (C + sigma1 G)^-1, G = Z'B^-1 Z diagonal; V itself is never laid out. A row without data
 * has rows and columns of 0 in B^-1, which leaves it out of every product. */
#ifndef STAT_SAE_SPACE_INNER_H
#define STAT_SAE_SPACE_INNER_H

#include "stat/sae_space.h"

struct space {
    const struct sae_space_model *model;
    size_t m, t, n, p, observed;
    const double *y;                       /* of this fit (a replicate has its own) */
    const struct stat_run *run;            /* asked while climbing; NULL in replicates */
    bool stopped;
    bool used[SAE_SPACE_PARAMETERS];
    double theta[SAE_SPACE_PARAMETERS];
    double *sum_w, *cross_w;               /* W + W', W'W: m x m */
    double *c_inv, *d_rho, *h;             /* C^-1, dU/drho1 (after the score), H: m x m */
    double *omega, *d_omega;               /* t x t: AR(1) with unit noise, and by rho2 (times sigma2) */
    double *b_inv, *bz, *g;                /* n x t blocks, n: B^-1 z, m: z'B^-1 z */
    double *vx, *q, *beta, *vr;            /* V^-1 X, (X'V^-1 X)^-1, beta, V^-1 (y - X beta) */
    double log_v, log_xvx, quadratic;      /* log determinants, y'Py */
    double *work_n, *work_m, *work_mm[3];  /* scratch */
    double score[SAE_SPACE_PARAMETERS], info[SAE_SPACE_PARAMETERS * SAE_SPACE_PARAMETERS];
    double bend[SAE_SPACE_PARAMETERS];     /* tr(Q X'V^-1 V_k V^-1 X) */
    double *vk[SAE_SPACE_PARAMETERS];      /* V_k V^-1 X: n x p */
};

void sae_space_init(struct arena *a, struct space *s, const struct sae_space_model *model);

/* Everything at s->theta but score and info; false: it has no figures there. */
bool sae_space_evaluate(struct space *s);

/* score, info (of REML's likelihood or of ML's), bend and d_rho at the evaluated theta. */
void sae_space_score(struct space *s, bool residual_info);

/* Climbs from s->theta; iterations, 0: it did not settle. */
int sae_space_climb(struct space *s);

/* out[n] = V^-1 in; out = V_k in. in and out differ; both use work_m. */
void sae_space_solve(struct space *s, const double *in, double *out);
void sae_space_derivative(struct space *s, enum sae_space_parameter k, const double *in, double *out);

/* Log likelihood as maximised, without its constant. */
double sae_space_objective(const struct space *s);

/* Estimates, MSE and, with replicates, the bootstrap. */
enum stat_reason sae_space_rows(struct arena *a, const struct stat_run *run, struct space *s,
                                const struct sae_space_options *options, struct sae_space_fit *out);

#endif
