/* spatial.c - spatial autocorrelation, global and local. */
#include "stat/spatial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/rng.h"

enum stat_reason spatial_weights_new(struct arena *a, size_t n, size_t m, const uint32_t *from,
                                     const uint32_t *to, bool row_standardised,
                                     struct spatial_weights *out)
{
    size_t *start = arena_array(a, n + 2, sizeof *start), *seen = arena_array(a, n + 1, sizeof *seen);
    uint32_t *list = arena_array(a, m + 1, sizeof *list);
    double *w = arena_array(a, m + 1, sizeof *w);
    for (size_t k = 0; k < m; k++) {
        if (from[k] >= n || to[k] >= n || from[k] == to[k])
            return STAT_REASON_INVALID;
        start[from[k] + 2]++;
    }
    for (size_t i = 0; i < n; i++)
        start[i + 2] += start[i + 1];
    for (size_t k = 0; k < m; k++)
        list[start[from[k] + 1]++] = to[k];
    for (size_t i = 0; i < n; i++)
        for (size_t k = start[i]; k < start[i + 1]; k++) {
            if (seen[list[k]] == i + 1)
                return STAT_REASON_INVALID;
            seen[list[k]] = i + 1;
            w[k] = row_standardised ? 1 / (double)(start[i + 1] - start[i]) : 1;
        }
    *out = (struct spatial_weights){n, start, list, w};
    return STAT_REASON_NONE;
}

struct ranked {
    double p;
    size_t i;
};

static int by_p(const void *pa, const void *pb)
{
    const struct ranked *a = pa, *b = pb;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return (a->i > b->i) - (a->i < b->i);
}

void spatial_fdr(struct arena *a, size_t n, const double *p, double *adjusted)
{
    struct ranked *r = arena_array(a, n + 1, sizeof *r);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = NAN;
        if (!isnan(p[i]))
            r[m++] = (struct ranked){p[i], i};
    }
    qsort(r, m, sizeof *r, by_p);
    double least = 1;
    for (size_t k = m; k-- > 0;) {
        least = fmin(least, r[k].p * (double)m / (double)(k + 1));
        adjusted[r[k].i] = least;
    }
}

/* The sums over the weights that the variances need. */
struct sums {
    double n, s0, s1, s2;
};

/* w_ji, 0 if i is not a neighbour of j. */
static double weight_back(const struct spatial_weights *w, size_t i, size_t j)
{
    for (size_t k = w->start[j]; k < w->start[j + 1]; k++)
        if (w->to[k] == i)
            return w->weight[k];
    return 0;
}

static struct sums weight_sums(struct arena *a, const struct spatial_weights *w)
{
    struct sums s = {0, 0, 0, 0};
    double *in = arena_array(a, w->n + 1, sizeof *in), *out = arena_array(a, w->n + 1, sizeof *out);
    for (size_t i = 0; i < w->n; i++) {
        s.n += w->start[i + 1] > w->start[i];
        for (size_t k = w->start[i]; k < w->start[i + 1]; k++) {
            double v = w->weight[k], back = weight_back(w, i, w->to[k]);
            out[i] += v;
            in[w->to[k]] += v;
            s.s0 += v;
            /* s1 = half the sum over ordered pairs of (w_ij + w_ji)^2; a one-way pair counts twice */
            s.s1 += (back != 0 ? 0.5 : 1) * (v + back) * (v + back);
        }
    }
    for (size_t i = 0; i < w->n; i++)
        s.s2 += (in[i] + out[i]) * (in[i] + out[i]);
    return s;
}

/* Deviations from the mean of the places that have neighbours. */
static double *centre(struct arena *a, const struct spatial_weights *w, const double *x, double *m2,
                      double *m4)
{
    double *z = arena_array(a, w->n + 1, sizeof *z);
    struct num_sum s = {0, 0}, q = {0, 0}, f = {0, 0};
    double n = (double)w->n;
    for (size_t i = 0; i < w->n; i++)
        num_add(&s, x[i]);
    double mean = num_total(s) / n;
    for (size_t i = 0; i < w->n; i++) {
        z[i] = x[i] - mean;
        num_add(&q, z[i] * z[i]);
        num_add(&f, z[i] * z[i] * z[i] * z[i]);
    }
    *m2 = num_total(q);
    *m4 = num_total(f);
    return z;
}

static double lag(const struct spatial_weights *w, const double *z, size_t i)
{
    double s = 0;
    for (size_t k = w->start[i]; k < w->start[i + 1]; k++)
        s += w->weight[k] * z[w->to[k]];
    return s;
}

static double cross(const struct spatial_weights *w, const double *z)
{
    struct num_sum s = {0, 0};
    for (size_t i = 0; i < w->n; i++)
        num_add(&s, z[i] * lag(w, z, i));
    return num_total(s);
}

static double two_sided(double z)
{
    return 2 * dist_normal_cdf(-fabs(z), 0, 1);
}

static void finish(struct spatial_global *g)
{
    g->z_random = (g->value - g->expected) / sqrt(g->var_random);
    g->z_normal = (g->value - g->expected) / sqrt(g->var_normal);
    g->p_random = two_sided(g->z_random);
    g->p_normal = two_sided(g->z_normal);
    g->status = STAT_OK;
    g->reason = STAT_REASON_NONE;
}

static bool usable(const struct spatial_weights *w, const struct sums *s, double m2)
{
    return w->n > 3 && s->n > 3 && s->s0 > 0 && m2 > 0 && isfinite(m2);
}

/* Share of permutations at least as far on the nearer side, both sides counted. */
static double folded(int low, int high, int permutations)
{
    int side = low < high ? low : high;
    return fmin(1, 2 * (double)(side + 1) / (permutations + 1));
}

struct spatial_global spatial_moran(struct arena *a, const struct spatial_weights *w, const double *x,
                                    int permutations, uint64_t seed)
{
    struct spatial_global g = {.status = STAT_REFUSED, .reason = STAT_REASON_SINGULAR,
                               .p_permuted = NAN};
    double m2, m4, *z = centre(a, w, x, &m2, &m4);
    struct sums s = weight_sums(a, w);
    if (!usable(w, &s, m2)) {
        g.value = g.z_random = g.z_normal = g.p_random = g.p_normal = NAN;
        return g;
    }
    double n = s.n, n2 = n * n, s02 = s.s0 * s.s0, b2 = (double)w->n * m4 / (m2 * m2), e = -1 / (n - 1);
    g.value = n / s.s0 * cross(w, z) / m2;
    g.expected = e;
    g.var_normal = (n2 * s.s1 - n * s.s2 + 3 * s02) / (s02 * (n2 - 1)) - e * e;
    double first = n * (s.s1 * (n2 - 3 * n + 3) - n * s.s2 + 3 * s02);
    double second = b2 * (s.s1 * (n2 - n) - 2 * n * s.s2 + 6 * s02);
    g.var_random = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s02) - e * e;
    finish(&g);
    if (permutations > 0) {
        size_t *order = arena_array(a, w->n + 1, sizeof *order);
        double *y = arena_array(a, w->n + 1, sizeof *y), seen = cross(w, z);
        int low = 0, high = 0;
        for (size_t i = 0; i < w->n; i++)
            order[i] = i;
        for (int rep = 0; rep < permutations; rep++) {
            struct rng r = rng_stream(seed, "moran", (uint64_t)rep);
            rng_shuffle(&r, order, w->n);
            for (size_t i = 0; i < w->n; i++)
                y[i] = z[order[i]];
            double c = cross(w, y);
            low += c <= seen;
            high += c >= seen;
        }
        g.p_permuted = folded(low, high, permutations);
    }
    return g;
}

struct spatial_global spatial_geary(struct arena *a, const struct spatial_weights *w, const double *x)
{
    struct spatial_global g = {.status = STAT_REFUSED, .reason = STAT_REASON_SINGULAR,
                               .p_permuted = NAN};
    double m2, m4, *z = centre(a, w, x, &m2, &m4);
    struct sums s = weight_sums(a, w);
    if (!usable(w, &s, m2)) {
        g.value = g.z_random = g.z_normal = g.p_random = g.p_normal = NAN;
        return g;
    }
    double n = s.n, n2 = n * n, s02 = s.s0 * s.s0, b2 = (double)w->n * m4 / (m2 * m2);
    struct num_sum c = {0, 0};
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = w->start[i]; k < w->start[i + 1]; k++)
            num_add(&c, w->weight[k] * (z[i] - z[w->to[k]]) * (z[i] - z[w->to[k]]));
    g.value = (n - 1) / (2 * s.s0) * num_total(c) / m2;
    g.expected = 1;
    g.var_normal = ((2 * s.s1 + s.s2) * (n - 1) - 4 * s02) / (2 * (n + 1) * s02);
    double v = (n - 1) * s.s1 * (n2 - 3 * n + 3 - (n - 1) * b2);
    v -= 0.25 * (n - 1) * s.s2 * (n2 + 3 * n - 6 - (n2 - n + 2) * b2);
    v += s02 * (n2 - 3 - (n - 1) * (n - 1) * b2);
    g.var_random = v / (n * (n - 2) * (n - 3) * s02);
    finish(&g);
    return g;
}

/* Draws neighbours for place i out of the others and counts how its lag compares. */
static double permute_place(const struct spatial_weights *w, const double *z, uint32_t *pool, size_t i,
                            int permutations, uint64_t seed)
{
    struct rng r = rng_stream(seed, "lisa", i);
    size_t from = w->start[i], k = w->start[i + 1] - from, n = w->n - 1;
    double seen = lag(w, z, i);
    int low = 0, high = 0;
    for (int rep = 0; rep < permutations; rep++) {
        double s = 0;
        for (size_t j = 0; j < k; j++) { /* the pool holds 0 .. n-1 in some order; i is skipped by shifting */
            size_t pick = j + (size_t)rng_below(&r, n - j);
            uint32_t t = pool[pick];
            pool[pick] = pool[j];
            pool[j] = t;
            s += w->weight[from + j] * z[t + (t >= i)];
        }
        low += s <= seen;
        high += s >= seen;
    }
    return folded(low, high, permutations);
}

enum stat_reason spatial_lisa(struct arena *a, const struct spatial_weights *w, const double *x,
                              int permutations, uint64_t seed, struct spatial_local *out)
{
    double sum2, sum4, *z = centre(a, w, x, &sum2, &sum4), n = (double)w->n;
    if (w->n < 4 || !(sum2 > 0) || !isfinite(sum2))
        return STAT_REASON_SINGULAR;
    double m2 = sum2 / n, b2 = sum4 / n / (m2 * m2);
    double *p = arena_array(a, w->n + 1, sizeof *p), *fdr = arena_array(a, w->n + 1, sizeof *fdr);
    uint32_t *pool = arena_array(a, w->n + 1, sizeof *pool);
    double mean_lag = 0;
    for (size_t i = 0; i < w->n; i++)
        mean_lag += lag(w, x, i) / n;
    for (size_t i = 0; i < w->n; i++) {
        struct spatial_local *l = &out[i];
        double wi = 0, wi2 = 0, li = lag(w, z, i), z2 = z[i] * z[i];
        for (size_t k = w->start[i]; k < w->start[i + 1]; k++) {
            wi += w->weight[k];
            wi2 += w->weight[k] * w->weight[k];
        }
        l->value = z[i] / m2 * li;
        l->expected = -(z2 * wi) / ((n - 1) * m2);
        l->variance = z2 / (m2 * m2) * (n / (n - 2)) * (wi2 - wi * wi / (n - 1)) * (m2 - z2 / (n - 1));
        l->z = (l->value - l->expected) / sqrt(l->variance);
        l->p = two_sided(l->z);
        l->expected_total = -wi / (n - 1);
        l->variance_total = (n - b2) / (n - 1) * wi2 +
                            (2 * b2 - n) / ((n - 1) * (n - 2)) * (wi * wi - wi2) -
                            wi * wi / ((n - 1) * (n - 1));
        l->quadrant = (enum spatial_quadrant)((z[i] > 0 ? 2 : 0) + (lag(w, x, i) > mean_lag ? 1 : 0));
        l->p_permuted = NAN;
        if (permutations > 0 && wi > 0) {
            for (size_t k = 0; k < w->n; k++)
                pool[k] = (uint32_t)k;
            l->p_permuted = permute_place(w, z, pool, i, permutations, seed);
        }
        p[i] = permutations > 0 ? l->p_permuted : l->p;
    }
    spatial_fdr(a, w->n, p, fdr);
    for (size_t i = 0; i < w->n; i++)
        out[i].fdr = fdr[i];
    return STAT_REASON_NONE;
}
