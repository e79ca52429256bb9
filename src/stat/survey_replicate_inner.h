/* survey_replicate_inner.h - the inside of a set of replicates, for survey_replicate*.c only. */
#ifndef STAT_SURVEY_REPLICATE_INNER_H
#define STAT_SURVEY_REPLICATE_INNER_H

#include "stat/survey_design.h"
#include "stat/survey_replicate.h"

/* A calibration to be done again, with what it reached. */
struct again {
    const struct survey_calibration *c;
    struct survey_margin *margin;
    double *totals;
};

struct survey_replicates {
    const struct survey_design *d;
    enum survey_replicate_kind kind;
    size_t count;
    double scale, *rscale, df; /* rscale NULL: ones; df: GIVEN */
    bool mse;
    const uint32_t *psu;  /* row -> first-stage cluster */
    const double *base;   /* weights before calibration */
    struct again *again;
    size_t n_again;
    uint32_t *deleted;    /* jackknife: replicate -> cluster left out */
    signed char *sign;    /* BRR: order x order */
    uint8_t *second;      /* BRR: cluster -> the stratum's second? */
    double rho;
    uint64_t seed;        /* BOOTSTRAP */
    const double *given;  /* GIVEN: n x count */
    bool combined;
};

/* The factor of every first-stage cluster in replicate i (not GIVEN). */
void survey_replicates_factors(const struct survey_replicates *r, size_t i, double *factor);

/* value[count x k] -> cov[k x k] around their mean or est. */
enum stat_reason survey_replicates_covariance(struct arena *a, const struct survey_replicates *r, size_t k,
                                              const double *value, const double *est, double *cov,
                                              size_t *failed);

#endif
