/* composition_segregation.c - how unevenly groups are spread over units. */
#include <math.h>
#include <stdbool.h>

#include "base/arena.h"
#include "stat/composition.h"
#include "stat/num.h"

/* Mutual information of units and groups, from unnormalised counts. */
static double mutual(size_t n, size_t k, const double *counts, const double *group, double total)
{
    struct num_sum m = {0, 0};
    for (size_t u = 0; u < n; u++) {
        double size = num_sum_array(counts + u * k, k);
        for (size_t g = 0; g < k; g++) {
            double c = counts[u * k + g];
            if (c > 0)
                num_add(&m, c / total * log(c / size / (group[g] / total)));
        }
    }
    return num_total(m);
}

/* Sums by group; false if a count is negative or not a number. */
static bool group_totals(size_t n, size_t k, const double *counts, double *group)
{
    for (size_t g = 0; g < k; g++) {
        struct num_sum s = {0, 0};
        for (size_t u = 0; u < n; u++) {
            if (!(counts[u * k + g] >= 0))
                return false;
            num_add(&s, counts[u * k + g]);
        }
        group[g] = num_total(s);
    }
    return true;
}

/* Multigroup D and R, which need each unit's shares. */
static void add_unit_indices(size_t n, size_t k, const double *counts, const double *group,
                             double total, struct segregation *s)
{
    struct num_sum d = {0, 0}, r = {0, 0};
    for (size_t u = 0; u < n; u++) {
        double size = num_sum_array(counts + u * k, k), mix = 0, apart = 0;
        if (!(size > 0))
            continue;
        for (size_t g = 0; g < k; g++) {
            double p = counts[u * k + g] / size;
            mix += p * (1 - p);
            apart += fabs(p - group[g] / total);
        }
        num_add(&d, size * apart);
        num_add(&r, size * (s->interaction - mix));
    }
    s->d = num_total(d) / (2 * total * s->interaction);
    s->r = num_total(r) / (total * s->interaction);
}

static void add_local(size_t n, size_t k, const double *counts, const double *group, double total,
                      struct segregation *s)
{
    for (size_t g = 0; g < k; g++) {
        struct num_sum l = {0, 0};
        for (size_t u = 0; u < n; u++) {
            double c = counts[u * k + g], size = c > 0 ? num_sum_array(counts + u * k, k) : 0;
            if (c > 0)
                num_add(&l, c / group[g] * log(c / group[g] / (size / total)));
        }
        s->local[g] = num_total(l);
        s->share[g] = group[g] / total;
    }
}

/* By unit: how far its shares are from those of all. */
static void add_units(size_t n, size_t k, const double *counts, const double *group, double total,
                      struct segregation *s)
{
    for (size_t u = 0; u < n; u++) {
        double size = num_sum_array(counts + u * k, k);
        struct num_sum l = {0, 0};
        for (size_t g = 0; g < k && size > 0; g++)
            if (counts[u * k + g] > 0)
                num_add(&l, counts[u * k + g] / size * log(counts[u * k + g] / size / (group[g] / total)));
        s->unit[u] = size > 0 ? num_total(l) : NAN;
        s->unit_share[u] = size / total;
    }
}

/* Between and within: M of the clusters' sums, and the rest, which is the mean of the clusters' own M. */
static void add_clusters(struct arena *a, size_t n, size_t k, const double *counts, const double *group,
                         double total, const int32_t *cluster, size_t n_clusters, struct segregation *s)
{
    double *sums = arena_array(a, n_clusters * k + 1, sizeof *sums);
    double **each[] = {&s->cluster_m, &s->cluster_h, &s->cluster_share, &s->cluster_entropy};
    for (size_t i = 0; i < 4; i++)
        *each[i] = arena_array(a, n_clusters + 1, sizeof(double));
    for (size_t u = 0; u < n; u++)
        for (size_t g = 0; g < k; g++)
            sums[(size_t)cluster[u] * k + g] += counts[u * k + g];
    for (size_t u = 0; u < n; u++) { /* each unit against its cluster */
        size_t c = (size_t)cluster[u];
        double size = num_sum_array(counts + u * k, k), whole = num_sum_array(sums + c * k, k);
        for (size_t g = 0; g < k; g++)
            if (counts[u * k + g] > 0)
                s->cluster_m[c] +=
                    counts[u * k + g] / whole * log(counts[u * k + g] / size / (sums[c * k + g] / whole));
    }
    for (size_t c = 0; c < n_clusters; c++) {
        double whole = num_sum_array(sums + c * k, k), e = 0;
        for (size_t g = 0; g < k && whole > 0; g++)
            e -= num_xlogx(sums[c * k + g] / whole);
        s->cluster_share[c] = whole / total;
        s->cluster_entropy[c] = whole > 0 ? e : NAN;
        s->cluster_m[c] = whole > 0 ? s->cluster_m[c] : NAN;
        s->cluster_h[c] = e > 0 ? s->cluster_m[c] / e : NAN;
    }
    s->between_m = mutual(n_clusters, k, sums, group, total);
    s->between_h = s->between_m / s->entropy;
    s->within_m = s->m - s->between_m;
    s->within_h = s->within_m / s->entropy;
}

struct segregation segregation_of(struct arena *a, size_t n, size_t k, const double *counts,
                                  const int32_t *cluster, size_t n_clusters)
{
    struct segregation s = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID};
    double *group = arena_array(a, k + 1, sizeof *group);
    s.entropy = s.m = s.h = s.d = s.interaction = s.r = NAN;
    s.between_m = s.between_h = s.within_m = s.within_h = NAN;
    s.local = arena_array(a, k + 1, sizeof(double));
    s.share = arena_array(a, k + 1, sizeof(double));
    s.unit = arena_array(a, n + 1, sizeof(double));
    s.unit_share = arena_array(a, n + 1, sizeof(double));
    if (!group_totals(n, k, counts, group))
        return s;
    double total = num_sum_array(group, k), e = 0, mix = 0;
    for (size_t g = 0; g < k; g++) {
        e -= num_xlogx(group[g] / total);
        mix += group[g] / total * (1 - group[g] / total);
    }
    s.reason = STAT_REASON_EMPTY;
    if (!(total > 0) || !(e > 0)) /* nobody, or one group alone: nothing to be uneven */
        return s;
    s.entropy = e;
    s.interaction = mix;
    s.m = mutual(n, k, counts, group, total);
    s.h = s.m / e;
    add_unit_indices(n, k, counts, group, total, &s);
    add_local(n, k, counts, group, total, &s);
    add_units(n, k, counts, group, total, &s);
    if (cluster)
        add_clusters(a, n, k, counts, group, total, cluster, n_clusters, &s);
    s.status = STAT_OK;
    s.reason = STAT_REASON_NONE;
    return s;
}

double segregation_dissimilarity(size_t n, const double *x, const double *y)
{
    double sx = num_sum_array(x, n), sy = num_sum_array(y, n);
    struct num_sum d = {0, 0};
    if (!(sx > 0) || !(sy > 0))
        return NAN;
    for (size_t u = 0; u < n; u++)
        num_add(&d, fabs(x[u] / sx - y[u] / sy));
    return num_total(d) / 2;
}

double segregation_exposure(size_t n, const double *x, const double *y, const double *total)
{
    double sx = num_sum_array(x, n);
    struct num_sum s = {0, 0};
    if (!(sx > 0))
        return NAN;
    for (size_t u = 0; u < n; u++)
        if (total[u] > 0)
            num_add(&s, x[u] / sx * (y[u] / total[u]));
    return num_total(s);
}

double segregation_exposure_by_chance(size_t n, const double *x, const double *y, const double *total)
{
    double sx = num_sum_array(x, n), sy = num_sum_array(y, n), all = num_sum_array(total, n), units = 0;
    for (size_t u = 0; u < n; u++)
        units += total[u] > 0;
    if (!(sx > 0) || !(all > 1))
        return NAN;
    double others = (all - units) / (all * (all - 1));
    return x == y ? units / all + (sx - 1) * others : sy * others;
}

double segregation_correlation_ratio(size_t n, const double *x, const double *total)
{
    double p = num_sum_array(x, n) / num_sum_array(total, n);
    return (segregation_exposure(n, x, x, total) - p) / (1 - p);
}
