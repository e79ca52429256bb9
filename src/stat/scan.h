/* scan.h - where, and since when, are there more events than expected? Scan statistics over circles
 * (Kulldorff 1997, Comm. Stat. 26:1481) and over cylinders that end now (Kulldorff 2001, JRSS A 164:61).
 *
 * A zone is a place with its nearest neighbours while their population stays within a share of all;
 * a cylinder adds the last 1 .. max_length periods. The largest log-likelihood ratio is judged by
 * Monte Carlo replicates of the whole map. Places only; never a cluster by ethnic group. */
#ifndef STAT_SCAN_H
#define STAT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;
struct stat_run;

enum scan_model {
    SCAN_POISSON,     /* conditional on the total: c log(c/e) + (C - c) log((C - c)/(C - e)) */
    SCAN_BERNOULLI,   /* cases among persons (whole numbers), conditional on the total of both */
    SCAN_EXPECTATION, /* expectation-based (Neill 2009, IJF 25:498): c log(c/e) + e - c */
    SCAN_PERMUTATION, /* space-time permutation (Kulldorff et al. 2005, PLoS Med. 2:e59): Poisson ratio with
                         e = cases of the place x cases of the period / all; replicates shuffle the periods */
};

struct scan_map {
    size_t n_places, n_periods;  /* n_periods 1: purely spatial */
    const double *x, *y;         /* positions */
    bool sphere;                 /* x, y are longitude and latitude in degrees: great circle, in km */
    const double *population;    /* by place: for the size of zones */
    const int64_t *cases;        /* cases[place * n_periods + period] */
    const double *expected; /* same layout; scaled to the total for POISSON; NULL: by population */
    const double *persons;  /* BERNOULLI: same layout; NULL: the population of the place in every period */
};

struct scan_options {
    enum scan_model model;
    double max_share;       /* of the population in a zone, inclusive; 0: 0.5 */
    size_t max_places;      /* in a zone; 0: no limit */
    size_t max_length;      /* periods; 0: all (half of them for PERMUTATION) */
    int64_t min_cases;      /* 0: 3; fewer are never a cluster */
    int replicates;         /* 0: none (p NaN); 999 is usual */
    uint64_t seed;
    size_t max_clusters;    /* that do not overlap, best first; 0: 1 */
    double period_days;     /* for the recurrence interval; 0: none */
    bool one_by_one;        /* search replicates without the short cuts: slow, the same figures; a check */
};

struct scan_cluster {
    size_t centre, n_places, length; /* length: periods up to now */
    const uint32_t *place;           /* nearest first */
    double radius;                   /* distance of the farthest */
    double cases, expected,
        ratio; /* ratio: cases/expected inside against outside; to expected for EXPECTATION */
    double llr, p;                   /* p = (1 + replicates at least as large)/(1 + replicates) */
    double p_gumbel;                 /* Abrams, Kulldorff, Kleinman 2010: by moments of the replicates */
    double recurrence_days;          /* period_days/p */
    double recurrence_gumbel;        /* period_days/p_gumbel */
};

struct scan_result {
    enum stat_status status; /* REFUSED: INVALID, FEW_EVENTS, STOPPED */
    enum stat_reason reason;
    double total_cases;
    size_t n_zones;          /* circles looked at, times lengths */
    size_t n_clusters;
    struct scan_cluster *cluster;
    double *best_by_centre; /* largest ratio of each centre; 0: none above expectation */
    double *replicate;      /* largest ratio of each replicate, NULL without */
    double gumbel_location, gumbel_scale; /* of the replicates */
};

/* Memory: 4 bytes for every place of every circle, which without max_places grows with the square of the number of
 * places; with PERMUTATION 4 bytes a case and thread. At most 2e9 cases (INVALID). The same figures for any number of
 * threads. run NULL: one thread. */
struct scan_result scan_map(struct arena *a, const struct stat_run *run, const struct scan_map *m,
                            const struct scan_options *o);

#endif
