/* detect.h - is this week's count of events unusual for this place? Aberration detection in one series, or
 * in many. Alarms are questions for a person, never findings: every list must show how many false alarms to
 * expect (detect_false_alarms) or control the false discovery rate (detect_fdr).
 *
 * Counts are y[n] in order of time; a negative count is a missing one. */
#ifndef STAT_DETECT_H
#define STAT_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;
struct stat_run;

struct detect_result {
    enum stat_status status; /* REFUSED: no verdict (too few events, no convergence) */
    enum stat_reason reason;
    double upper;            /* alarm if the count is above; NAN where refused */
    double expected;         /* mean without an aberration */
    double p;                /* P(count >= observed) without one */
    bool alarm;
};

/* --- Farrington ----------------------------------------------------------------------------------
 * Quasi-Poisson regression on comparable weeks of earlier years, in which weeks that look like earlier
 * outbreaks count less, and a threshold for the present week. */
enum detect_threshold {
    DETECT_NB_PLUGIN, /* 1 - alpha quantile of a negative binomial of the fitted mean and variance phi mean */
    DETECT_MUAN,      /* the same at the upper 1 - alpha limit of the mean */
    DETECT_DELTA,     /* normal after a power transformation, with the error of the mean (delta method) */
};
enum detect_power { DETECT_POWER_2_3, DETECT_POWER_1_2, DETECT_POWER_1 };

/* Defaults: those of Noufaily et al. (see detect_farrington_default). */
struct detect_farrington {
    size_t years;         /* of reference, b: 5 */
    size_t half_window;   /* w: 3 */
    size_t n_periods;     /* levels of the season: 10; 1: the windows alone are the baseline */
    size_t skip_weeks;    /* last weeks left out of the baseline: 26 */
    bool reweight;        /* true */
    double weight_limit;  /* Anscombe residuals above are down-weighted: 2.58 */
    bool trend;           /* true: a trend may be kept ... */
    double trend_p;       /* ... if its p is below: 1 (always) */
    enum detect_threshold threshold; /* DETECT_NB_PLUGIN */
    enum detect_power power;         /* of DETECT_DELTA: 2/3 */
    double alpha;         /* 0.01 */
    int64_t min_cases;    /* abstains below these in the last min_weeks: 5; 0: never abstains */
    size_t min_weeks;     /* 4 */
    size_t season;        /* weeks of a year: 52 */
    const double *population; /* [n], offset; NULL: none */
    bool pearson_se; /* standard errors after reweighting from Pearson's statistic; false: as R's surveillance
                        1.20 has them, sum omega ((y - mu)/mu)^2/df. Of DELTA, MUAN and trend_p < 1 only. */
};
struct detect_farrington detect_farrington_default(void);

struct detect_fit {
    struct detect_result r;
    double phi;   /* overdispersion, >= 1 */
    double slope; /* of the log mean by week; NAN without trend */
    bool trend;   /* was kept */
};

/* Farrington-Flexible (Noufaily et al. 2013, Stat. Med. 32:1206: a level for each of n_periods
 * parts of the year, reweighting above 2.58): the verdict on week t (0-based) from the weeks before
 * it. INVALID: not enough of them; EMPTY: no count this week. options NULL: the default. */
struct detect_fit detect_farrington(struct arena *a, const int64_t *y, size_t n, size_t t,
                                    const struct detect_farrington *options);

/* The weeks first .. n-1 of many series of the same weeks, y[series * n + week], out[series * (n - first) +
 * week - first]. options->population has the layout of y. STOPPED: by run->go_on. */
enum stat_reason detect_farrington_many(const struct stat_run *run, size_t n_series, size_t n, size_t first,
                                        const int64_t *y, const struct detect_farrington *options,
                                        struct detect_fit *out);

/* The original (Farrington et al. 1996, JRSS A 159:547): windows of the same weeks in earlier years
 * (those before the series starts are left out), trend kept if its p < 0.05, two-sided limits. Uses
 * of options: years, half_window, reweight, weight_limit, trend, trend_p, power, alpha, min_cases,
 * min_weeks, season, population. */
struct detect_farrington detect_farrington_1996_default(void);
struct detect_fit detect_farrington_1996(struct arena *a, const int64_t *y, size_t n, size_t t,
                                         const struct detect_farrington *options);

/* --- EARS ----------------------------------------------------------------------------------------
 * Hutwagner et al. 2003 (J. Urban Health 80:i89): mean and standard deviation (at least min_sd) of a short
 * baseline. C1: the weeks just before; C2: two weeks earlier; C3: adds what the two last C2 statistics were
 * above 1. */
enum detect_ears { DETECT_C1, DETECT_C2, DETECT_C3 };
struct detect_result detect_ears(const int64_t *y, size_t n, size_t t, enum detect_ears kind,
                                 size_t baseline, double alpha, double min_sd);

/* --- lists of verdicts ------------------------------------------------------------------------ */

/* How many of the verdicts given are alarms by chance alone: their number times alpha. */
double detect_false_alarms(const struct detect_result *r, size_t n, double alpha);

/* Benjamini, Hochberg 1995 (JRSS B 57:289) over the verdicts given: adjusted p of each (NAN where refused);
 * returns how many are at most `rate`. */
size_t detect_fdr(struct arena *a, const struct detect_result *r, size_t n, double rate, double *adjusted);

#endif
