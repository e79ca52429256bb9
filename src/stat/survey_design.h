/* survey_design.h - the inside of a design, for the survey_*.c files only. */
#ifndef STAT_SURVEY_DESIGN_H
#define STAT_SURVEY_DESIGN_H

#include "stat/survey.h"

/* One stage: clusters within strata, strata within a cluster of the stage above. */
struct survey_stage {
    size_t n_clusters, n_strata;
    uint32_t *parent;     /* cluster -> cluster of the stage above */
    uint32_t *stratum;    /* cluster -> stratum of this stage */
    double *sampled;      /* stratum -> clusters in the sample */
    double *population;   /* stratum -> clusters in the population, INFINITY if not given */
    double *above;        /* stratum -> product of sampling fractions of the stages above */
    int64_t *stratum_key; /* stratum -> the caller's id (first stage only) */
    int64_t *cluster_key; /* cluster -> the caller's id (first stage only) */
};

enum survey_calibration_kind {
    SURVEY_POSTSTRATIFIED,
    SURVEY_RAKED,
    SURVEY_RAKED_WEIGHTED,
    SURVEY_CALIBRATED
};

/* The combinations of the cells of several margins that occur: raking works on them, not on the rows. */
struct survey_cells {
    size_t n, n_margins;
    uint32_t *of;  /* row -> combination */
    int32_t *code; /* combination x margin -> cell */
};

struct survey_cells survey_cells_new(struct arena *a, size_t n, size_t n_margins, const struct survey_margin *m);

/* What a calibration explained: taken out of the scores before their variance. */
struct survey_calibration {
    enum survey_calibration_kind kind;
    const struct survey_calibration *before; /* applied first */
    size_t n_margins;
    const int32_t *const *cell; /* margin -> cell of the row */
    struct survey_cells cells;
    const size_t *n_cells;
    const double *weight;       /* after */
    const double *old_weight;   /* before */
    size_t p;                   /* CALIBRATED: columns of x */
    const double *x;            /* n x p */
    const double *inverse;      /* (X' diag(old_weight) X)^-1 */
    struct survey_rake_options rake; /* as it was asked for, so that replicates can do the same */
    struct survey_calibrate_options options;
};

struct survey_design {
    size_t n, n_stages;
    const double *weight;
    uint32_t *unit; /* row -> cluster of the last stage */
    struct survey_stage stage[SURVEY_MAX_STAGES];
    enum survey_lonely lonely;
    bool has_fpc;
    const struct survey_calibration *calibration;
};

/* Sums of scores by stage, with lists of what was touched, so that a small domain costs little. */
struct survey_work {
    const struct survey_design *d;
    double *x[SURVEY_MAX_STAGES], *y[SURVEY_MAX_STAGES]; /* cluster totals of two scores */
    uint8_t *seen[SURVEY_MAX_STAGES];
    uint32_t *touched[SURVEY_MAX_STAGES];
    size_t n_touched[SURVEY_MAX_STAGES];
    struct survey_cell {
        double sx, sy, cxy;
        size_t m;
    } *cell;          /* by stratum, cleared after use */
    uint32_t *strata; /* touched strata */
};

struct survey_work *survey_work_new(struct arena *a, const struct survey_design *d);

/* Adds to the totals of a last-stage unit. */
void survey_work_add(struct survey_work *w, uint32_t unit, double x, double y);

/* The covariance of the two scores added so far; then forgets them. NaN if no stratum tells. psus and
 * strata (may be NULL) become the first-stage clusters and strata touched. */
double survey_work_covariance(struct survey_work *w, size_t *psus, size_t *strata);

/* v[k x k]: covariances of k scores given for every last-stage unit, z[unit * k + j]. seen (NULL: all)
 * marks the units of the domain; psus and strata (may be NULL): those among the first stage. */
void survey_matrix(struct arena *a, const struct survey_design *d, size_t k, const double *z,
                   const uint8_t *seen, double *v, size_t *psus, size_t *strata);

/* Takes out of weighted scores z[n] what the calibrations explain. */
void survey_calibration_residuals(struct arena *a, const struct survey_design *d, double *z);

/* The likelihood interval as R interpolates it; t is the quantile, start the log odds after glm's first
 * step (NaN: of equal weights). False where it has no end. */
bool survey_profile_interval(double p, double se, int64_t n, double t, double start, double *lower,
                             double *upper);

/* One respondent's part in that first step: the working response; w is the weight over the mean weight. */
double survey_profile_start(double w, bool yes, double *information);

enum survey_figure { SURVEY_FIGURE_TOTAL, SURVEY_FIGURE_MEAN, SURVEY_FIGURE_SHARE, SURVEY_FIGURE_RATIO };

/* One figure for every group; keep: with its scores (8 bytes for each last-stage unit and group). */
void survey_figures_by(struct arena *a, const struct survey_design *d, enum survey_figure kind,
                       const double *y, const double *x, const int32_t *group, size_t n_groups,
                       const struct survey_rules *rules, bool keep, struct survey_estimate *out);
void survey_shares_grouped(struct arena *a, const struct survey_design *d, const int32_t *category,
                           size_t k, const int32_t *group, size_t n_groups,
                           const struct survey_rules *rules, bool keep, struct survey_estimate *out);

/* Fills status, reason and the interval from est, se, df, n. is_share: bounded by 0 and 1. start: see
 * survey_profile_interval. */
void survey_judge(struct survey_estimate *e, bool is_share, bool use_cv,
                  const struct survey_rules *rules, double start);

/* survey_share_interval with the start of the likelihood interval. */
void survey_share_ends(enum survey_interval method, double p, double se, int64_t n, double df,
                       double level, double start, double *lower, double *upper);

#endif
