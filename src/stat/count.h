/* count.h - counts of events by place: exact intervals, shrunken rates, forecasts of the next
 * period, and the rule that decides whether the data carry a forecast at all.
 *
 * Places and kinds of events only; never persons or ethnic groups. Every forecast comes with its
 * interval and its record in past periods, or is withheld with the reason. */
#ifndef STAT_COUNT_H
#define STAT_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"
#include "stat/score.h"
#include "stat/stat.h"

struct arena;
struct hhh4_links;

/* Exact interval of a Poisson mean from a count y (Garwood 1936, Biometrika 28:437). */
void count_poisson_interval(int64_t y, double level, double *lower, double *upper);

/* One rate, or one against another, exactly. */
struct count_test {
    enum stat_status status; /* REFUSED: INVALID, or EMPTY (no event in either) */
    enum stat_reason reason;
    double estimate, lower, upper; /* of the rate, or of the ratio of the first to the second; may be INFINITY */
    double p;                /* two-sided: all outcomes that are no more likely than this one, as R's poisson.test */
    double p_less, p_greater; /* one-sided: of so few, of so many */
};

/* Is the rate y/exposure another than `rate`? */
struct count_test count_rate_test(int64_t y, double exposure, double rate, double level);

/* Two counts: given their sum, the first is binomial (Przyborowski, Wilenski 1940, Biometrika 31:313);
 * interval of the ratio from that of Clopper, Pearson 1934 (Biometrika 26:404). */
struct count_test count_rate_compare(int64_t y1, double exposure1, int64_t y2, double exposure2, double ratio,
                                     double level);

/* --- empirical Bayes rates ------------------------------------------------------------------------
 * y_i ~ Poisson(e_i theta_i), theta_i ~ Gamma(shape, shape/mean). Start: moments of Marshall 1991 (Applied
 * Statistics 40:283, global). Then maximum likelihood of the marginal negative binomial (Clayton, Kaldor
 * 1987, Biometrics 43:671, section 3). No spread beyond chance: shape INFINITY, everybody gets the mean. With
 * groups (districts) the mean is the group's own, itself shrunken the same way towards the mean of all
 * groups; the shape within groups is one for all. */
struct count_eb {
    enum stat_status status;
    enum stat_reason reason;
    double mean, shape;        /* of all places; shape within groups where there are groups */
    double group_shape;        /* of group means around the mean of all; NAN without groups */
    double log_likelihood;
    double *rate;              /* posterior mean by place */
    double *sd;                /* posterior standard deviation */
    double *post_shape, *post_rate; /* the posterior gamma distribution */
    double *own;               /* share of own data in the estimate, e/(e + shape/mean) */
    const double *prior_mean;  /* by place */
    const double *local_shape; /* by place; NULL: one shape */
};

/* Marshall's global moment estimates alone: mean and shape (INFINITY: no spread above chance). */
void count_eb_moments(size_t n, const double *y, const double *exposure, double *mean, double *shape);

struct count_eb count_eb_fit(struct arena *a, size_t n, const double *y, const double *exposure,
                             const int32_t *group, size_t n_groups);

/* Local: every place is shrunken towards itself and its neighbours, with the moments of those
 * places (Marshall 1991, section 3). Here prior_mean and shape differ by place: the shape is in
 * local_shape; mean and shape of the result are those of all places by moments. A place without neighbours, or
 * whose neighbourhood has no event, keeps the global prior. */
struct count_eb count_eb_local(struct arena *a, size_t n, const double *y, const double *exposure,
                               const struct hhh4_links *neighbours);

/* --- panels --------------------------------------------------------------------------------------- */

/* Counts of n_places over n_periods consecutive periods; y[place * n_periods + period]. */
struct count_panel {
    size_t n_places, n_periods;
    const int64_t *y;
    const double *exposure;      /* population, same layout; > 0 */
    const double *next_exposure; /* by place, of the period to forecast; NULL: as in the last one */
    const int32_t *group;        /* district of every place; NULL: none */
    size_t n_groups;
    const struct hhh4_links *neighbours; /* for the neighbours' term of hhh4; NULL: none */
    double periods_per_year;     /* 4: quarters; 0: not told, no season */
};

enum count_method {
    COUNT_POOLED,  /* baseline: one rate for the region, times population */
    COUNT_OWN,     /* baseline: the place's own mean */
    COUNT_LAST,    /* baseline: the last value */
    COUNT_EB,      /* empirical Bayes, no more variation than Poisson around a place's rate */
    COUNT_EB_OVER, /* empirical Bayes with the region's overdispersion from period to period */
    /* The endemic-epidemic model (stat/hhh4.h), NegBin1, exposure as offset, ar ~ 1: */
    COUNT_HHH4,        /* ne ~ 1 from 12 periods on (neighbours, weights of a source add up to 1), end ~ 1 + random */
    COUNT_HHH4_SEASON, /* and a yearly wave in end */
    COUNT_HHH4_FULL,   /* random intercepts in all three, trend and two waves in end */
    COUNT_METHODS
};
/* "pooled", "own_mean", "last_value", "eb", "eb_overdispersed", "hhh4", "hhh4_season", "hhh4_full". */
const char *count_method_code(enum count_method m);

/* A forecast of every place's next count: negative binomial by mean and size.
 * Predictive variance = mean + mean^2 (1/a + (1 + 1/a)/kappa): a is the shape of the posterior gamma
 * distribution of the rate, kappa the region's size parameter, which maximises the log score of every past
 * period predicted from the others (leave-one-period-out; Stone 1974 JRSS B 36:111). Baselines get the same
 * kappa step, so that they are beaten on their merits; a mean of 0 counts as 0.5 events. */
struct count_forecast {
    double *mean, *size; /* by place */
    double kappa;        /* INFINITY: no overdispersion; of hhh4: 1/psi */
    double *own;         /* share of own data in the rate; NAN by hhh4 */
};
enum stat_reason count_forecast(struct arena *a, const struct count_panel *p, enum count_method m,
                                struct count_forecast *out);

/* Central interval of level: quantiles at (1 - level)/2 and (1 + level)/2. */
void count_forecast_interval(double mean, double size, double level, double *lower, double *upper);

/* How a method did when every period from the first_origin-th on was forecast from those before it. */
struct count_record {
    enum count_method method;
    size_t n;                        /* forecasts scored; 0: the method was not tried */
    size_t origins, fitted;          /* periods forecast; by the method itself, not the one it falls back to */
    double log_score, rps, dss;      /* means */
    double cover50, cover80, cover95; /* shares inside the central intervals */
    struct score_comparison against; /* paired with the chosen method (difference: this - chosen) */
    /* Of hhh4 methods: NONE: the ladder rose to it; FEW_PERIODS, FEW_EVENTS: not tried; NOT_CONVERGED: fewer
     * than two periods could be forecast by it, or not the next one; NOT_BETTER: the step below scores better. */
    enum stat_reason why_not;
};

/* Which step of the ladder the data carry (methods of thin counts). */
enum count_step {
    COUNT_STEP_COUNTS, /* counts and Garwood intervals only */
    COUNT_STEP_EB,     /* empirical Bayes forecast */
    COUNT_STEP_HHH4,   /* the endemic-epidemic model with one random intercept */
    COUNT_STEP_FULL,   /* with all of it */
};
/* "counts", "eb", "hhh4", "full". */
const char *count_step_code(enum count_step s);

/* 0: the default. */
struct count_rules {
    int64_t min_events;  /* 12 in the region */
    size_t min_periods;  /* 4 */
    size_t first_origin; /* periods before the first forecast of the past; 3 */
    double level;        /* of the interval; 0.95 */
    int64_t hhh4_events; /* 100 */
    size_t hhh4_periods; /* 8 */
    size_t full_periods; /* 104 */
    size_t max_origins;  /* the last periods that are scored; 52 */
    bool no_hhh4;        /* stay at empirical Bayes */
    const struct stat_run *run;
};

struct count_place_forecast {
    double mean, size, lower, upper; /* NAN where refused */
    double expected_own;             /* share of own data in the rate; NAN by hhh4 */
};

struct count_ladder {
    enum stat_status status; /* REFUSED: counts only; reason says why */
    enum stat_reason reason;
    enum count_step step;
    enum count_method method;                  /* used, or tried where refused */
    struct count_record record[COUNT_METHODS];
    bool proven;                               /* better than every baseline with an interval excluding 0 */
    double level;
    struct count_place_forecast *place;        /* by place */
    double *count_lower, *count_upper;         /* Garwood intervals of the last period's counts */
    double total_mean, total_lower, total_upper; /* of the region; NAN where refused */
    double kappa;
};

/* Decides by data and backtest alone: counts only below the rules; else empirical Bayes with
 * overdispersion; then, as far as the data reach, the steps of hhh4, each only if its mean log score over
 * the past is better than that of the step below it, with which it falls back where it cannot be fitted (an origin of the
 * past is tried with three quarters of the periods that the step needs). A forecast is given only if the step that
 * stands scores better than every baseline. */
struct count_ladder count_ladder(struct arena *a, const struct count_panel *p,
                                 const struct count_rules *rules);

#endif
