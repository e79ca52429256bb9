/* detect.h - is this week's count of events unusual for this place? Aberration detection in one
 * series. Alarms are questions for a person, never findings: every list must show how many false
 * alarms to expect (detect_false_alarms) or control the false discovery rate (spatial_fdr on p). */
#ifndef STAT_DETECT_H
#define STAT_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

struct detect_result {
    enum stat_status status; /* REFUSED: no verdict (too few events, no convergence) */
    enum stat_reason reason;
    double upper;            /* alarm if the count is above; NAN where refused */
    double expected;         /* mean without an aberration */
    double p;                /* P(count >= observed) without one */
    bool alarm;
};

/* Farrington-Flexible: quasi-Poisson regression on comparable weeks of earlier years (Farrington et
 * al. 1996, JRSS A 159:547; Noufaily et al. 2013, Stat. Med. 32:1206: trend, zero-order spline of
 * n_periods levels for the season, reweighting by Anscombe residuals). The threshold is the 1 - alpha
 * quantile of a negative binomial with the fitted mean and variance phi mean ("nbPlugin"). */
struct detect_farrington {
    size_t years;         /* of reference, b; 0: 5 */
    size_t half_window;   /* w; 0: 3 */
    size_t n_periods;     /* levels of the season; 0: 10 */
    size_t skip_weeks;    /* last weeks left out of the baseline; 0: 26 */
    double weight_limit;  /* residuals above are down-weighted; 0: 2.58 */
    double alpha;         /* 0: 0.01 */
    double trend_p;       /* a trend is kept if its p is below; 0: 1 (always) */
    bool no_trend;
    bool any_count;       /* do not abstain where fewer than min_cases in min_weeks */
    int64_t min_cases;    /* 0: 5 */
    size_t min_weeks;     /* 0: 4 */
    size_t season;        /* weeks of a year; 0: 52 */
};
struct detect_fit {
    struct detect_result r;
    double phi;   /* overdispersion, >= 1 */
    bool trend;   /* was kept */
};
/* The verdict on week t (0-based) of y[n], from the weeks before it. INVALID: not enough of them. */
struct detect_fit detect_farrington(struct arena *a, const int64_t *y, size_t n, size_t t,
                                    const struct detect_farrington *o);

/* EARS (Hutwagner et al. 2003, J. Urban Health 80:i89): mean and standard deviation of a short baseline. C1:
 * the weeks just before; C2: two weeks earlier; C3: adds what the two last C2 statistics were above 1. */
enum detect_ears { DETECT_C1, DETECT_C2, DETECT_C3 };
struct detect_result detect_ears(const int64_t *y, size_t n, size_t t, enum detect_ears kind,
                                 size_t baseline, double alpha);

/* CUSUM of standardised counts (Rossi, Lampugnani, Marchi 1999, Stat. Med. 18:2111): S = max(0, S + x - k),
 * alarm from h on. m: the expected count. statistic[n - from] for the weeks from .. n-1. */
enum detect_transform { DETECT_ROSSI, DETECT_STANDARD };
enum stat_reason detect_cusum(const int64_t *y, size_t n, size_t from, double k, double h, double m,
                              enum detect_transform transform, double *statistic, bool *alarm);

/* How many of the verdicts given are alarms by chance alone: their number times alpha. */
double detect_false_alarms(const struct detect_result *r, size_t n, double alpha);

#endif
