/* composition.c - diversity of one place and segregation over many. */
#include "stat/composition.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/rng.h"

struct composition composition_of(const double *count, size_t k, double min_persons)
{
    struct composition c = {.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY};
    struct num_sum h = {0, 0}, s = {0, 0};
    c.persons = num_sum_array(count, k);
    c.fractional = c.simpson = c.shannon = c.hill1 = c.hill2 = NAN;
    for (size_t g = 0; g < k; g++) {
        if (!(count[g] >= 0)) {
            c.reason = STAT_REASON_INVALID;
            return c;
        }
        double p = count[g] / c.persons;
        c.groups += count[g] > 0;
        num_add(&h, -num_xlogx(p));
        num_add(&s, p * p);
    }
    if (!(c.persons > 0))
        return c;
    c.reason = STAT_REASON_FEW_RESPONDENTS;
    if (c.persons < min_persons)
        return c;
    c.status = STAT_OK;
    c.reason = STAT_REASON_NONE;
    c.simpson = num_total(s);
    c.fractional = 1 - c.simpson;
    c.shannon = num_total(h);
    c.hill1 = exp(c.shannon);
    c.hill2 = 1 / c.simpson;
    return c;
}

double composition_hill(const double *count, size_t k, double q)
{
    struct composition c = composition_of(count, k, 0);
    if (c.status == STAT_REFUSED)
        return NAN;
    if (q == 1)
        return c.hill1;
    struct num_sum s = {0, 0};
    for (size_t g = 0; g < k; g++)
        if (count[g] > 0)
            num_add(&s, pow(count[g] / c.persons, q));
    return pow(num_total(s), 1 / (1 - q));
}

double composition_chao1(const double *count, size_t k)
{
    double seen = 0, once = 0, twice = 0;
    for (size_t g = 0; g < k; g++) {
        seen += count[g] > 0;
        once += count[g] == 1;
        twice += count[g] == 2;
    }
    return seen + once * (once - 1) / (2 * (twice + 1));
}

static double log_choose(double n, double m)
{
    return dist_lgamma(n + 1) - dist_lgamma(m + 1) - dist_lgamma(n - m + 1);
}

double composition_rarefied(const double *count, size_t k, double m)
{
    double n = num_sum_array(count, k), all = 0;
    if (!(m >= 0) || m > n)
        return NAN;
    double whole = log_choose(n, m);
    for (size_t g = 0; g < k; g++)
        if (count[g] > 0)
            all += n - count[g] < m ? 1 : -expm1(log_choose(n - count[g], m) - whole);
    return all;
}

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

struct segregation segregation_of(struct arena *a, size_t n, size_t k, const double *counts,
                                  const int32_t *cluster, size_t n_clusters)
{
    struct segregation s = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID};
    double *group = arena_array(a, k + 1, sizeof *group);
    s.entropy = s.m = s.h = s.d = s.interaction = s.r = NAN;
    s.between_m = s.between_h = s.within_m = s.within_h = NAN;
    s.local = arena_array(a, k + 1, sizeof(double));
    s.share = arena_array(a, k + 1, sizeof(double));
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
    if (cluster) {
        double *sums = arena_array(a, n_clusters * k + 1, sizeof *sums);
        for (size_t u = 0; u < n; u++)
            for (size_t g = 0; g < k; g++)
                sums[(size_t)cluster[u] * k + g] += counts[u * k + g];
        s.between_m = mutual(n_clusters, k, sums, group, total);
        s.between_h = s.between_m / e;
        s.within_m = s.m - s.between_m;
        s.within_h = s.within_m / e;
    }
    s.status = STAT_OK;
    s.reason = STAT_REASON_NONE;
    return s;
}

struct segregation_chance segregation_by_chance(struct arena *a, size_t n, size_t k,
                                                const double *counts, int replicates, uint64_t seed)
{
    double *draw = arena_array(a, n * k + 1, sizeof *draw), *group = arena_array(a, k + 1, sizeof *group);
    int64_t *one = arena_array(a, k + 1, sizeof *one);
    struct segregation_chance mean = {0, 0, 0};
    if (replicates < 1 || !group_totals(n, k, counts, group))
        return (struct segregation_chance){NAN, NAN, NAN};
    for (int rep = 0; rep < replicates; rep++) {
        struct rng r = rng_stream(seed, "segregation by chance", (uint64_t)rep);
        for (size_t u = 0; u < n; u++) {
            rng_multinomial(&r, (int64_t)floor(num_sum_array(counts + u * k, k) + 0.5), group, k, one);
            for (size_t g = 0; g < k; g++)
                draw[u * k + g] = (double)one[g];
        }
        struct segregation s = segregation_of(a, n, k, draw, NULL, 0);
        mean.m += s.m / replicates;
        mean.h += s.h / replicates;
        mean.d += s.d / replicates;
    }
    return mean;
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
