/* scan_inner.h - shared by the scan*.c files only. */
#ifndef STAT_SCAN_INNER_H
#define STAT_SCAN_INNER_H

#include <math.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/scan.h"

struct scan {
    const struct scan_map *m;
    struct scan_options o;
    size_t n, length;
    size_t *start;      /* zone of centre i: near[start[i]] .. near[start[i + 1] - 1] */
    uint32_t *near;
    double *expected;   /* by place and length - 1: of the last periods (persons for BERNOULLI) */
    double *count;      /* the same of cases */
    double *cell;       /* expected of every cell, scaled (persons for BERNOULLI) */
    double total;       /* cases */
    double persons;     /* BERNOULLI: of all cells */
    double window;      /* sum of cell over the last `length` periods */
};

/* Fills start and near. */
void scan_find_zones(struct arena *a, struct scan *s);

double scan_distance(const struct scan_map *m, size_t i, size_t j);

/* Sums over the last 1 .. length periods of each place. */
void scan_last_sums(const struct scan *s, const double *cell, double *out);

struct scan_best {
    double llr;
    size_t centre, places, length;
};

/* The best zone and length of count (layout of s->count); by_centre and taken may be NULL; sum[2 * length] is
 * scratch. */
struct scan_best scan_find_best(const struct scan *s, const double *count, double *by_centre, double *sum,
                                const uint8_t *taken);

/* The largest ratios of the replicates into out[replicates]; false: stopped. */
bool scan_replicates(struct arena *a, const struct stat_run *run, const struct scan *s, double *out);

/* c: cases inside; e: expected (persons for BERNOULLI). 0 unless there are more than expected. Rises with c,
 * falls with e. */
static inline double scan_ratio(const struct scan *s, double c, double e)
{
    double C = s->total, N = s->persons;
    if (s->o.model == SCAN_BERNOULLI) {
        if (c * (N - e) <= (C - c) * e)
            return 0;
        double in = num_xlogx(c / e) * e + num_xlogx(1 - c / e) * e;
        double out =
            N > e ? num_xlogx((C - c) / (N - e)) * (N - e) + num_xlogx(1 - (C - c) / (N - e)) * (N - e) : 0;
        return in + out - N * (num_xlogx(C / N) + num_xlogx(1 - C / N));
    }
    if (c <= e)
        return 0;
    if (s->o.model == SCAN_EXPECTATION)
        return c * log1p((c - e) / e) + e - c;
    /* log1p: the two terms nearly cancel where c is near e. */
    return c * log1p((c - e) / e) + (C > c ? (C - c) * log1p((e - c) / (C - e)) : 0);
}

#endif
