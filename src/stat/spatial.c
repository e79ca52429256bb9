/* spatial.c - weights, and spatial autocorrelation of a whole map. */
#include "stat/spatial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/rng.h"
#include "stat/spatial_inner.h"

enum stat_reason spatial_weights_new(struct arena *a, size_t n, size_t m, const uint32_t *from,
                                     const uint32_t *to, bool row_standardised,
                                     struct spatial_weights *out)
{
    return spatial_weights_given(a, n, m, from, to, NULL, row_standardised, out);
}

enum stat_reason spatial_weights_given(struct arena *a, size_t n, size_t m, const uint32_t *from,
                                       const uint32_t *to, const double *weight, bool row_standardised,
                                       struct spatial_weights *out)
{
    size_t *start = arena_array(a, n + 2, sizeof *start), *seen = arena_array(a, n + 1, sizeof *seen);
    uint32_t *list = arena_array(a, m + 1, sizeof *list);
    double *w = arena_array(a, m + 1, sizeof *w);
    for (size_t k = 0; k < m; k++) {
        if (from[k] >= n || to[k] >= n || from[k] == to[k] ||
            (weight && !(weight[k] > 0 && isfinite(weight[k]))))
            return STAT_REASON_INVALID;
        start[from[k] + 2]++;
    }
    for (size_t i = 0; i < n; i++)
        start[i + 2] += start[i + 1];
    for (size_t k = 0; k < m; k++) {
        size_t at = start[from[k] + 1]++;
        list[at] = to[k];
        w[at] = weight ? weight[k] : 1;
    }
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = start[i]; k < start[i + 1]; k++) {
            if (seen[list[k]] == i + 1)
                return STAT_REASON_INVALID;
            seen[list[k]] = i + 1;
            sum += w[k];
        }
        for (size_t k = start[i]; k < start[i + 1] && row_standardised; k++)
            w[k] /= sum;
    }
    *out = (struct spatial_weights){n, start, list, w, row_standardised};
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

double *spatial_centre(struct arena *a, const struct spatial_weights *w, const double *x, double *m2,
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

double spatial_lag(const struct spatial_weights *w, const double *z, size_t i)
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
        num_add(&s, z[i] * spatial_lag(w, z, i));
    return num_total(s);
}

double spatial_two_sided(double z)
{
    return 2 * dist_normal_cdf(-fabs(z), 0, 1);
}

static void finish(struct spatial_global *g)
{
    g->z_random = (g->value - g->expected) / sqrt(g->var_random);
    g->z_normal = (g->value - g->expected) / sqrt(g->var_normal);
    g->p_random = spatial_two_sided(g->z_random);
    g->p_normal = spatial_two_sided(g->z_normal);
    g->status = STAT_OK;
    g->reason = STAT_REASON_NONE;
}

static bool usable(const struct spatial_weights *w, const struct sums *s, double m2)
{
    return w->n > 3 && s->n > 3 && s->s0 > 0 && m2 > 0 && isfinite(m2);
}

double spatial_folded(int64_t low, int64_t high, int permutations)
{
    int64_t side = low < high ? low : high;
    return fmin(1, 2 * (double)(side + 1) / (permutations + 1));
}

/* --- permutations of the whole map -------------------------------------------------------------------- */

enum { CHUNK = 32 /* permutations of one task */ };

struct shuffle {
    const struct spatial_weights *w;
    const double *x;
    double (*statistic)(const struct spatial_weights *w, const double *x);
    const char *name;
    uint64_t seed;
    int permutations;
    double seen, near; /* what counts as equal */
    size_t **order;    /* by thread: n */
    double **y;
    int64_t *low, *high; /* by chunk */
};

static void shuffle_chunk(void *arg, size_t chunk, unsigned thread)
{
    struct shuffle *s = arg;
    size_t n = s->w->n, *order = s->order[thread];
    double *y = s->y[thread];
    for (int rep = (int)chunk * CHUNK; rep < (int)(chunk + 1) * CHUNK && rep < s->permutations; rep++) {
        struct rng r = rng_stream(s->seed, s->name, (uint64_t)rep);
        for (size_t i = 0; i < n; i++)
            order[i] = i;
        rng_shuffle(&r, order, n);
        for (size_t i = 0; i < n; i++)
            y[i] = s->x[order[i]];
        double v = s->statistic(s->w, y);
        s->low[chunk] += v <= s->seen + s->near;
        s->high[chunk] += v >= s->seen - s->near;
    }
}

/* Sets p_permuted; false: stopped. */
static bool permute(struct arena *a, const struct stat_run *run, struct shuffle *s, struct spatial_global *g)
{
    size_t chunks = ((size_t)s->permutations + CHUNK - 1) / CHUNK, threads = spatial_threads(run);
    int64_t low = 0, high = 0;
    g->p_permuted = NAN;
    if (s->permutations <= 0)
        return true;
    s->order = arena_array(a, threads, sizeof *s->order);
    s->y = arena_array(a, threads, sizeof *s->y);
    for (size_t t = 0; t < threads; t++) {
        s->order[t] = arena_array(a, s->w->n + 1, sizeof **s->order);
        s->y[t] = arena_array(a, s->w->n + 1, sizeof **s->y);
    }
    s->low = arena_array(a, chunks, sizeof *s->low);
    s->high = arena_array(a, chunks, sizeof *s->high);
    s->seen = s->statistic(s->w, s->x);
    s->near = 1e-12 * fabs(s->seen);
    if (!stat_parallel(run, chunks, shuffle_chunk, s))
        return false;
    for (size_t c = 0; c < chunks; c++) {
        low += s->low[c];
        high += s->high[c];
    }
    g->p_permuted = spatial_folded(low, high, s->permutations);
    return true;
}

static struct spatial_global refused(enum stat_reason why)
{
    return (struct spatial_global){.status = STAT_REFUSED, .reason = why, .value = NAN, .expected = NAN,
                                   .var_random = NAN, .z_random = NAN, .p_random = NAN, .var_normal = NAN,
                                   .z_normal = NAN, .p_normal = NAN, .p_permuted = NAN};
}

/* --- Moran, Geary, G ------------------------------------------------------------------------------------ */

struct spatial_global spatial_moran(struct arena *a, const struct stat_run *run,
                                    const struct spatial_weights *w, const double *x, int permutations,
                                    uint64_t seed)
{
    struct spatial_global g = {0};
    double m2, m4, *z = spatial_centre(a, w, x, &m2, &m4);
    struct sums s = weight_sums(a, w);
    if (!usable(w, &s, m2))
        return refused(STAT_REASON_SINGULAR);
    double n = s.n, n2 = n * n, s02 = s.s0 * s.s0, b2 = (double)w->n * m4 / (m2 * m2), e = -1 / (n - 1);
    g.value = n / s.s0 * cross(w, z) / m2;
    g.expected = e;
    g.var_normal = (n2 * s.s1 - n * s.s2 + 3 * s02) / (s02 * (n2 - 1)) - e * e;
    double first = n * (s.s1 * (n2 - 3 * n + 3) - n * s.s2 + 3 * s02);
    double second = b2 * (s.s1 * (n2 - n) - 2 * n * s.s2 + 6 * s02);
    g.var_random = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s02) - e * e;
    finish(&g);
    struct shuffle t = {.w = w, .x = z, .statistic = cross, .name = "moran", .seed = seed,
                        .permutations = permutations};
    return permute(a, run, &t, &g) ? g : refused(STAT_REASON_STOPPED);
}

static double squared_differences(const struct spatial_weights *w, const double *z)
{
    struct num_sum c = {0, 0};
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = w->start[i]; k < w->start[i + 1]; k++)
            num_add(&c, w->weight[k] * (z[i] - z[w->to[k]]) * (z[i] - z[w->to[k]]));
    return num_total(c);
}

struct spatial_global spatial_geary(struct arena *a, const struct stat_run *run,
                                    const struct spatial_weights *w, const double *x, int permutations,
                                    uint64_t seed)
{
    struct spatial_global g = {0};
    double m2, m4, *z = spatial_centre(a, w, x, &m2, &m4);
    struct sums s = weight_sums(a, w);
    if (!usable(w, &s, m2))
        return refused(STAT_REASON_SINGULAR);
    double n = s.n, n2 = n * n, s02 = s.s0 * s.s0, b2 = (double)w->n * m4 / (m2 * m2);
    g.value = (n - 1) / (2 * s.s0) * squared_differences(w, z) / m2;
    g.expected = 1;
    g.var_normal = ((2 * s.s1 + s.s2) * (n - 1) - 4 * s02) / (2 * (n + 1) * s02);
    double v = (n - 1) * s.s1 * (n2 - 3 * n + 3 - (n - 1) * b2);
    v -= 0.25 * (n - 1) * s.s2 * (n2 + 3 * n - 6 - (n2 - n + 2) * b2);
    v += s02 * (n2 - 3 - (n - 1) * (n - 1) * b2);
    g.var_random = v / (n * (n - 2) * (n - 3) * s02);
    finish(&g);
    struct shuffle t = {.w = w, .x = z, .statistic = squared_differences, .name = "geary", .seed = seed,
                        .permutations = permutations};
    return permute(a, run, &t, &g) ? g : refused(STAT_REASON_STOPPED);
}

struct spatial_global spatial_general_g(struct arena *a, const struct stat_run *run,
                                        const struct spatial_weights *w, const double *x, int permutations,
                                        uint64_t seed)
{
    struct spatial_global g = {0};
    struct sums s = weight_sums(a, w);
    struct num_sum sum[4] = {{0, 0}};
    for (size_t i = 0; i < w->n; i++) {
        if (!(x[i] >= 0) || !isfinite(x[i]))
            return refused(STAT_REASON_INVALID);
        double power = x[i];
        for (int k = 0; k < 4 && w->start[i + 1] > w->start[i]; k++, power *= x[i])
            num_add(&sum[k], power);
    }
    double x1 = num_total(sum[0]), x2 = num_total(sum[1]), x3 = num_total(sum[2]), x4 = num_total(sum[3]);
    double n = s.n, nn = n * n, s02 = s.s0 * s.s0, pairs = x1 * x1 - x2;
    if (!usable(w, &s, 1) || !(pairs > 0))
        return refused(STAT_REASON_SINGULAR);
    g.value = cross(w, x) / pairs;
    g.expected = s.s0 / (n * (n - 1));
    double b0 = (nn - 3 * n + 3) * s.s1 - n * s.s2 + 3 * s02,
           b1 = -((nn - n) * s.s1 - 2 * n * s.s2 + 6 * s02);
    double b2 = -(2 * n * s.s1 - (n + 3) * s.s2 + 6 * s02), b4 = s.s1 - s.s2 + s02;
    double b3 = 4 * (n - 1) * s.s1 - 2 * (n + 1) * s.s2 + 8 * s02;
    double top = b0 * x2 * x2 + b1 * x4 + b2 * x1 * x1 * x2 + b3 * x1 * x3 + b4 * x1 * x1 * x1 * x1;
    g.var_random = top / (pairs * pairs * n * (n - 1) * (n - 2) * (n - 3)) - g.expected * g.expected;
    g.var_normal = NAN;
    finish(&g);
    struct shuffle t = {.w = w, .x = x, .statistic = cross, .name = "general g", .seed = seed,
                        .permutations = permutations};
    return permute(a, run, &t, &g) ? g : refused(STAT_REASON_STOPPED);
}
