/* detect_cusum.h - charts that add up evidence week by week: a small lasting rise shows long before a single
 * week stands out. CUSUM of standardised counts, and likelihood-ratio CUSUM for Poisson and negative binomial
 * counts with a known or an unknown rise. Both need the mean that is expected without one: detect_mean_fit
 * estimates it from the weeks before. */
#ifndef STAT_DETECT_CUSUM_H
#define STAT_DETECT_CUSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;
struct stat_run;

/* --- the expected mean ---------------------------------------------------------------------------
 * log mean = intercept (+ slope t) + sum over s = 1 .. harmonics of cos, sin(2 pi s t/season), t = 1 .. n,
 * by maximum likelihood from the first `first` weeks (missing ones left out). */
struct detect_mean {
    enum stat_status status; /* REFUSED: INVALID, FEW_PERIODS, SINGULAR, NOT_CONVERGED */
    enum stat_reason reason;
    size_t k;
    double *coef;            /* intercept, slope if there is one, then cos and sin by s */
    double dispersion;       /* alpha: variance mean + alpha mean^2; 0: Poisson */
    double *mean;            /* of all n weeks */
};
enum { DETECT_HARMONICS = 8 };
struct detect_mean_options {
    size_t season;      /* weeks of a year; 0: 52 */
    size_t harmonics;   /* up to DETECT_HARMONICS */
    bool trend;
    double dispersion; /* given alpha, 0: Poisson; negative: estimated by maximum likelihood (Lawless 1987) */
};
struct detect_mean detect_mean_fit(struct arena *a, const int64_t *y, size_t n, size_t first,
                                   const struct detect_mean_options *o);

/* --- CUSUM of standardised counts ----------------------------------------------------------------
 * S = max(0, S + x - k), alarm from h on; x is a transformation of the count with its mean m (Rossi, Lampugnani,
 * Marchi 1999, Stat. Med. 18:2111, compare the first four). The chart goes on after an alarm. */
enum detect_transform {
    DETECT_ROSSI,       /* (y - 3 m + 2 sqrt(y m))/(2 sqrt(m)) */
    DETECT_STANDARD,    /* (y - m)/sqrt(m) */
    DETECT_ANSCOMBE,    /* 3/2 (y^(2/3) - m^(2/3))/m^(1/6) */
    DETECT_ANSCOMBE_2,  /* the same with its second-order mean m^(2/3) - m^(-1/3)/9 */
    DETECT_PEARSON_NB,  /* (y - m)/sqrt(m + alpha m^2) */
    DETECT_ANSCOMBE_NB, /* integral from m to y of (t + alpha t^2)^(-1/3), over (m + alpha m^2)^(1/6) */
    DETECT_PLAIN,       /* y */
};
struct detect_cusum {
    double k, h;        /* 1.04 and 2.26 are usual */
    enum detect_transform transform;
    double dispersion;  /* alpha of the negative binomial */
};
/* statistic, upper and alarm [n]; upper (NULL allowed): the count, a real number, with which S would reach h;
 * a missing week leaves S as it is. INVALID: m not positive (but for PLAIN), k, h or alpha without sense. */
enum stat_reason detect_cusum(size_t n, const int64_t *y, const double *m, const struct detect_cusum *o,
                              double *statistic, double *upper, bool *alarm);

/* --- likelihood-ratio CUSUM ----------------------------------------------------------------------
 * Hoehle, Paul 2008 (CSDA 52:4357). In control the count of week t is negative binomial with mean m_t. With a
 * known shift kappa (eq. 4): S = max(0, S + log f(y; m e^kappa)/f(y; m)). Without: S_n = max over onsets k of
 * sup over kappa of the log likelihood ratio of the weeks k .. n (eqs. 5, 6). After an alarm the chart starts
 * anew, as in R's glrnb; k is n - window .. n - min_length + 1. */
enum detect_change {
    DETECT_INTERCEPT, /* m e^kappa */
    DETECT_EPIDEMIC,  /* m + lambda y(t - 1), lambda > 0: cases infect (Held et al. 2005); unknown only */
};
struct detect_lr {
    double threshold;    /* 5 in R */
    double dispersion;   /* alpha; 0: Poisson */
    double shift;        /* kappa = log of the ratio to be found; 0: unknown */
    enum detect_change change;
    bool decrease;       /* look for a fall (unknown shift) */
    size_t min_length;   /* weeks needed to estimate the shift; 0: 1 */
    size_t window;       /* weeks looked back; 0: all */
    int64_t before;      /* EPIDEMIC: count of the week before the first one */
};
/* upper (NULL allowed, costs time): the smallest count (for a fall the largest) with which the week
 * would give an alarm; with a known shift the real number where S reaches the threshold. NAN where
 * there is none. STOPPED: by run. */
enum stat_reason detect_lr(const struct stat_run *run, size_t n, const int64_t *y, const double *m, const struct detect_lr *o,
                           double *statistic, double *upper, bool *alarm);

#endif
