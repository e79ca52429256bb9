/* spatial_local.c - local indicators: which places stand out together with their neighbours. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/rng.h"
#include "stat/spatial_inner.h"

/* --- conditional permutation ------------------------------------------------------------------------------
 * The place keeps its value, its neighbours' values are drawn from all others. Both I_i and G_i rise and fall
 * with the lag, so that the lag alone is compared. */

enum { CHUNK = 64 /* places of one task */ };

struct draw {
    const struct spatial_weights *w;
    const double *z;
    double largest; /* |z| */
    int permutations;
    uint64_t seed;
    const char *name;
    uint32_t **mark; /* by thread: n; in which draw a place was last taken */
    uint32_t *turn;  /* by thread: number of the draw */
    double *p;       /* n */
};

/* Numbers below n out of 16 or 32 random bits each, without bias (Lemire 2019), made in batches. */
enum { BATCH = 128 /* outputs of the generator */ };
struct picker {
    struct rng r;
    uint64_t n, threshold;
    bool narrow;         /* 16 bits: a number is thrown away in 1 of 4 cases at most */
    size_t at, count;
    uint32_t number[4 * BATCH + 1];
};

static void picker_start(struct picker *p, struct rng r, uint64_t n)
{
    p->r = r;
    p->n = n;
    p->narrow = n <= 1 << 14;
    p->threshold = ((uint64_t)1 << (p->narrow ? 16 : 32)) % n;
    p->at = p->count = 0;
}

static void picker_fill(struct picker *p)
{
    uint64_t n = p->n, threshold = p->threshold, bits[BATCH];
    size_t c = 0;
    rng_fill(&p->r, bits, BATCH);
    for (int k = 0; k < BATCH && p->narrow; k++)
        for (int piece = 0; piece < 4; piece++, bits[k] >>= 16) {
            uint32_t m = (uint32_t)(bits[k] & 0xffff) * (uint32_t)n;
            p->number[c] = m >> 16;
            c += (m & 0xffff) >= threshold;
        }
    for (int k = 0; k < BATCH && !p->narrow; k++)
        for (int piece = 0; piece < 2; piece++, bits[k] >>= 32) {
            uint64_t m = (bits[k] & 0xffffffff) * n;
            p->number[c] = (uint32_t)(m >> 32);
            c += (m & 0xffffffff) >= threshold;
        }
    p->at = 0;
    p->count = c;
}

/* Few neighbours among many places: a place that was taken already is drawn again. */
static double lag_drawn(const struct spatial_weights *w, const double *z, struct picker *p, uint32_t *mark,
                        uint32_t turn, size_t i)
{
    size_t from = w->start[i], to = w->start[i + 1];
    const double *weight = w->weight;
    const uint32_t *next = p->number + p->at, *end = p->number + p->count;
    double s = 0;
    mark[i] = turn;
    for (size_t k = from; k < to;) {
        if (next == end) {
            picker_fill(p);
            next = p->number;
            end = p->number + p->count;
            continue;
        }
        uint32_t t = *next++;
        if (mark[t] == turn)
            continue;
        mark[t] = turn;
        s += weight[k++] * z[t];
    }
    p->at = (size_t)(next - p->number);
    return s;
}

/* Many neighbours: a beginning of a random order of all places; mark holds an order, in any state. */
static double lag_shuffled(const struct draw *d, struct picker *p, uint32_t *order, size_t i)
{
    double s = 0;
    size_t n = d->w->n, at = 0;
    for (size_t k = d->w->start[i]; k < d->w->start[i + 1]; k++, at++) {
        size_t from;
        do
            from = at + (size_t)rng_below(&p->r, n - at);
        while (order[from] == i);
        uint32_t t = order[from];
        order[from] = order[at];
        order[at] = t;
        s += d->w->weight[k] * d->z[t];
    }
    return s;
}

static void permute_place(const struct draw *d, uint32_t *mark, uint32_t *turn, size_t i)
{
    size_t n = d->w->n, k = d->w->start[i + 1] - d->w->start[i];
    bool many = k > n / 4;
    struct picker p;
    picker_start(&p, rng_stream(d->seed, d->name, i), n);
    double seen = spatial_lag(d->w, d->z, i), sum = 0;
    int64_t low = 0, high = 0;
    for (size_t j = d->w->start[i]; j < d->w->start[i + 1]; j++)
        sum += d->w->weight[j];
    double near = 1e-13 * sum * d->largest; /* sums of the same values in another order are equal */
    if (many || *turn > UINT32_MAX - (uint32_t)d->permutations - 1) {
        for (size_t j = 0; j < n; j++)
            mark[j] = many ? (uint32_t)j : 0;
        *turn = 0;
    }
    for (int rep = 0; rep < d->permutations; rep++) {
        double s = many ? lag_shuffled(d, &p, mark, i) : lag_drawn(d->w, d->z, &p, mark, ++*turn, i);
        low += s <= seen + near;
        high += s >= seen - near;
    }
    if (many) { /* leave marks that no draw has */
        memset(mark, 0, n * sizeof *mark);
        *turn = 0;
    }
    d->p[i] = spatial_folded(low, high, d->permutations);
}

static void permute_chunk(void *arg, size_t chunk, unsigned thread)
{
    struct draw *d = arg;
    for (size_t i = chunk * CHUNK; i < (chunk + 1) * CHUNK && i < d->w->n; i++) {
        d->p[i] = NAN;
        if (d->w->start[i + 1] > d->w->start[i])
            permute_place(d, d->mark[thread], &d->turn[thread], i);
    }
}

/* p of every place, NaN without permutations; false: stopped. */
static bool conditional(struct arena *a, const struct stat_run *run, const struct spatial_weights *w,
                        const double *z, int permutations, uint64_t seed, const char *name, double *p)
{
    size_t threads = spatial_threads(run);
    struct draw d = {.w = w, .z = z, .permutations = permutations, .seed = seed, .name = name, .p = p};
    for (size_t i = 0; i < w->n; i++) {
        p[i] = NAN;
        d.largest = fmax(d.largest, fabs(z[i]));
    }
    if (permutations <= 0)
        return true;
    d.mark = arena_array(a, threads, sizeof *d.mark);
    d.turn = arena_array(a, threads, sizeof *d.turn);
    for (size_t t = 0; t < threads; t++)
        d.mark[t] = arena_array(a, w->n + 1, sizeof **d.mark);
    return stat_parallel(run, (w->n + CHUNK - 1) / CHUNK, permute_chunk, &d);
}

/* --- Moran ------------------------------------------------------------------------------------------- */

static void local_moran(const struct spatial_weights *w, const double *z, double m2, double b2, size_t i,
                        struct spatial_local *l)
{
    double wi = 0, wi2 = 0, n = (double)w->n, z2 = z[i] * z[i];
    for (size_t k = w->start[i]; k < w->start[i + 1]; k++) {
        wi += w->weight[k];
        wi2 += w->weight[k] * w->weight[k];
    }
    l->value = z[i] / m2 * spatial_lag(w, z, i);
    l->expected = -(z2 * wi) / ((n - 1) * m2);
    l->variance = z2 / (m2 * m2) * (n / (n - 2)) * (wi2 - wi * wi / (n - 1)) * (m2 - z2 / (n - 1));
    l->z = (l->value - l->expected) / sqrt(l->variance);
    l->p = spatial_two_sided(l->z);
    l->expected_total = -wi / (n - 1);
    l->variance_total = (n - b2) / (n - 1) * wi2 + (2 * b2 - n) / ((n - 1) * (n - 2)) * (wi * wi - wi2) -
                        wi * wi / ((n - 1) * (n - 1));
    l->z_total = (l->value - l->expected_total) / sqrt(l->variance_total);
    l->p_total = spatial_two_sided(l->z_total);
}

enum stat_reason spatial_lisa(struct arena *a, const struct stat_run *run, const struct spatial_weights *w,
                              const double *x, int permutations, uint64_t seed, enum spatial_p of,
                              struct spatial_local *out)
{
    double sum2, sum4, *z = spatial_centre(a, w, x, &sum2, &sum4), n = (double)w->n;
    if (w->n < 4 || !(sum2 > 0) || !isfinite(sum2))
        return STAT_REASON_SINGULAR;
    if (of == SPATIAL_P_PERMUTED && permutations <= 0)
        return STAT_REASON_INVALID;
    double m2 = sum2 / n, b2 = sum4 / n / (m2 * m2), mean_lag = 0;
    double *p = arena_array(a, w->n + 1, sizeof *p), *fdr = arena_array(a, w->n + 1, sizeof *fdr);
    if (!conditional(a, run, w, z, permutations, seed, "lisa", p))
        return STAT_REASON_STOPPED;
    for (size_t i = 0; i < w->n; i++)
        mean_lag += spatial_lag(w, x, i) / n;
    for (size_t i = 0; i < w->n; i++) {
        struct spatial_local *l = &out[i];
        local_moran(w, z, m2, b2, i, l);
        l->quadrant = (enum spatial_quadrant)((z[i] > 0 ? 2 : 0) + (spatial_lag(w, x, i) > mean_lag ? 1 : 0));
        l->p_permuted = p[i];
        p[i] = of == SPATIAL_P_PERMUTED ? p[i] : of == SPATIAL_P_TOTAL ? l->p_total : l->p;
    }
    spatial_fdr(a, w->n, p, fdr);
    for (size_t i = 0; i < w->n; i++)
        out[i].fdr = fdr[i];
    return STAT_REASON_NONE;
}

/* --- Getis and Ord
 * ------------------------------------------------------------------------------------------ */

enum stat_reason spatial_getis(struct arena *a, const struct stat_run *run, const struct spatial_weights *w,
                               const double *x, bool star, int permutations, uint64_t seed,
                               struct spatial_hot *out)
{
    double unused, sum2, *z = spatial_centre(a, w, x, &sum2, &unused), n = (double)w->n;
    if (w->n < 4 || !(sum2 > 0) || !isfinite(sum2))
        return STAT_REASON_SINGULAR;
    double *p = arena_array(a, w->n + 1, sizeof *p), *fdr = arena_array(a, w->n + 1, sizeof *fdr);
    double sum = num_sum_array(x, w->n);
    if (!conditional(a, run, w, z, permutations, seed, star ? "local g star" : "local g", p))
        return STAT_REASON_STOPPED;
    for (size_t i = 0; i < w->n; i++) {
        struct spatial_hot *h = &out[i];
        double wi = 0, wi2 = 0, lag = spatial_lag(w, z, i), others = star ? sum : sum - x[i];
        size_t k = w->start[i + 1] - w->start[i];
        for (size_t j = w->start[i]; j < w->start[i + 1]; j++) {
            wi += w->weight[j];
            wi2 += w->weight[j] * w->weight[j];
        }
        double own = star && k ? wi / (double)k : 0;
        lag += own * z[i];
        wi2 += own * own;
        wi += own;
        if (own > 0 && w->row_standardised) {
            lag /= wi;
            wi2 /= wi * wi;
            wi = 1;
        }
        /* Mean and variance of the values that the neighbours are drawn from, about the whole mean. */
        double mean = star ? 0 : -z[i] / (n - 1),
               var = star ? sum2 / n : (sum2 - z[i] * z[i]) / (n - 1) - mean * mean;
        double spread = star ? (n * wi2 - wi * wi) / (n - 1) : ((n - 1) * wi2 - wi * wi) / (n - 2);
        h->z = (lag - wi * mean) / sqrt(var * spread);
        h->p = spatial_two_sided(h->z);
        h->expected = others != 0 ? wi * (others / (star ? n : n - 1)) / others : NAN;
        h->value = others != 0 ? (lag + wi * sum / n) / others : NAN;
        h->variance = others != 0 ? var * spread / (others * others) : NAN;
        h->p_permuted = p[i];
        p[i] = permutations > 0 ? p[i] : h->p;
    }
    spatial_fdr(a, w->n, p, fdr);
    for (size_t i = 0; i < w->n; i++)
        out[i].fdr = fdr[i];
    return STAT_REASON_NONE;
}
