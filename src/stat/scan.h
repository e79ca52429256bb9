/* scan.h - where, and since when, are there more events than expected? Scan statistics over circles
 * (Kulldorff 1997, Comm. Stat. 26:1481) and over cylinders that end now (Kulldorff 2001, JRSS A 164:61).
 *
 * A zone is a place with its nearest neighbours while their population stays within a share of all;
 * a cylinder adds the last 1 .. max_length periods. The largest log-likelihood ratio is judged by
 * Monte Carlo replicates of the whole map. Places only; never a cluster by ethnic group. */
#ifndef STAT_SCAN_H
#define STAT_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

enum scan_model {
    SCAN_POISSON,     /* conditional on the total: c log(c/e) + (C - c) log((C - c)/(C - e)) */
    SCAN_BERNOULLI,   /* cases among persons at risk (population is whole numbers), one period */
    SCAN_EXPECTATION, /* expectation-based (Neill 2009, IJF 25:498): c log(c/e) + e - c */
};

struct scan_map {
    size_t n_places, n_periods;  /* n_periods 1: purely spatial */
    const double *x, *y;         /* positions (Euclidean) */
    const double *population;    /* by place: for the size of zones */
    const int64_t *cases;        /* cases[place * n_periods + period] */
    const double *expected; /* same layout; scaled to the total but for EXPECTATION; NULL: by population */
};

struct scan_options {
    enum scan_model model;
    double max_share;       /* of the population in a zone, inclusive; 0: 0.5 */
    size_t max_places;      /* in a zone; 0: no limit */
    size_t max_length;      /* periods; 0: all */
    int64_t min_cases;      /* 0: 3; fewer are never a cluster */
    int replicates;         /* 0: none (p NaN); 999 is usual */
    uint64_t seed;
    size_t max_clusters;    /* that do not overlap, best first; 0: 1 */
    double period_days;     /* for the recurrence interval; 0: none */
};

struct scan_cluster {
    size_t centre, n_places, length; /* length: periods up to now */
    const uint32_t *place;           /* nearest first */
    double cases, expected,
        ratio; /* ratio: cases/expected inside against outside; to expected for EXPECTATION */
    double llr, p;                   /* p = (1 + replicates at least as large)/(1 + replicates) */
    double p_gumbel;                 /* Abrams, Kulldorff, Kleinman 2010: by moments of the replicates */
    double recurrence_days;          /* period_days/p */
};

struct scan_result {
    enum stat_status status;
    enum stat_reason reason;
    size_t n_clusters;
    struct scan_cluster *cluster;
    double *best_by_centre; /* largest ratio of each centre; 0: none above expectation */
};

struct scan_result scan_map(struct arena *a, const struct scan_map *m, const struct scan_options *o);

#endif
