/* allocate_rank.c - ranks of places by need, with the doubt that belongs to them. */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "stat/allocate.h"
#include "stat/dist.h"
#include "stat/rng.h"

enum { DRAWS = 4000, CHUNK = 100, GRID = 256 };

static bool certain(const struct allocate_posterior *p, size_t i)
{
    return p->shape ? isinf(p->shape[i]) : p->sd[i] == 0;
}

static double middle(const struct allocate_posterior *p, size_t i)
{
    return p->shape && !certain(p, i) ? p->shape[i] / p->rate[i] : p->mean[i];
}

static double cdf(const struct allocate_posterior *p, size_t i, double t)
{
    if (certain(p, i))
        return t >= p->mean[i];
    return p->shape ? dist_gamma_cdf(t, p->shape[i], p->rate[i]) : dist_normal_cdf(t, p->mean[i], p->sd[i]);
}

/* P(place j has the larger need), half of a tie. */
static double exceeds(const struct allocate_posterior *p, size_t j, size_t i)
{
    if (certain(p, j) && certain(p, i))
        return p->mean[j] > p->mean[i] ? 1 : p->mean[j] == p->mean[i] ? 0.5 : 0;
    if (certain(p, j))
        return cdf(p, i, p->mean[j]);
    if (certain(p, i))
        return 1 - cdf(p, j, p->mean[i]);
    if (p->shape) { /* X r/(X r + Y s) of two gamma variables is beta */
        double x = p->rate[j] / (p->rate[j] + p->rate[i]);
        return 1 - dist_beta_cdf(x, p->shape[j], p->shape[i]);
    }
    return dist_normal_cdf(p->mean[j] - p->mean[i], 0, hypot(p->sd[i], p->sd[j]));
}

/* --- expected ranks and draws, as tasks --------------------------------------------------------------------- */

struct job {
    const struct allocate_posterior *p;
    uint64_t seed;
    size_t draws, chunks;
    uint32_t *rank;  /* by place and draw */
    double *expected;
    struct scratch {
        double need;
        uint64_t lot; /* parts those whose need is certain and the same */
        uint32_t place;
    } *scratch[STAT_MAX_THREADS];
    const double *grid, *total; /* points, and the mean of all distributions there */
    double *quantile;
};

static void expect(void *arg, size_t i, unsigned thread)
{
    struct job *job = arg;
    double sum = 1;
    (void)thread;
    for (size_t j = 0; j < job->p->n; j++)
        sum += j == i ? 0 : exceeds(job->p, j, i);
    job->expected[i] = sum;
}

static int larger_first(const void *a, const void *b)
{
    const struct scratch *x = a, *y = b;
    if (x->need != y->need)
        return x->need > y->need ? -1 : 1;
    if (x->lot != y->lot)
        return x->lot < y->lot ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static double draw_one(const struct allocate_posterior *p, size_t i, struct rng *r)
{
    if (certain(p, i))
        return p->mean[i];
    return p->shape ? rng_gamma(r, p->shape[i], p->rate[i]) : p->mean[i] + p->sd[i] * rng_normal(r);
}

static void draw_chunk(void *arg, size_t chunk, unsigned thread)
{
    struct job *job = arg;
    struct scratch *s = job->scratch[thread];
    size_t n = job->p->n, end = (chunk + 1) * CHUNK < job->draws ? (chunk + 1) * CHUNK : job->draws;
    for (size_t d = chunk * CHUNK; d < end; d++) {
        struct rng r = rng_stream(job->seed, "ranks", d);
        for (size_t i = 0; i < n; i++)
            s[i] = (struct scratch){draw_one(job->p, i, &r), certain(job->p, i) ? rng_u64(&r) : 0, (uint32_t)i};
        qsort(s, n, sizeof *s, larger_first);
        for (size_t k = 0; k < n; k++)
            job->rank[s[k].place * job->draws + d] = (uint32_t)k + 1;
    }
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* --- the three goals ------------------------------------------------------------------------------------------ */

static double together(const struct allocate_posterior *p, double t)
{
    double sum = 0;
    for (size_t i = 0; i < p->n; i++)
        sum += cdf(p, i, t);
    return sum / (double)p->n;
}

/* Quantile (2 k + 1)/(2 n) of all distributions together, by bisection between two points of the grid. */
static void find_quantile(void *arg, size_t k, unsigned thread)
{
    struct job *job = arg;
    double goal = (2 * (double)k + 1) / (2 * (double)job->p->n);
    size_t g = 0;
    (void)thread;
    while (g + 2 < GRID && job->total[g + 1] < goal)
        g++;
    double low = job->grid[g], high = job->grid[g + 1];
    for (int step = 0; step < 60 && high - low > 1e-13 * (fabs(low) + fabs(high)); step++) {
        double mid = low + (high - low) / 2;
        if (together(job->p, mid) < goal)
            low = mid;
        else
            high = mid;
    }
    job->quantile[k] = high;
}

static bool three_goals(struct arena *a, struct job *job, const struct stat_run *run)
{
    size_t n = job->p->n;
    double *grid = arena_array(a, GRID, sizeof *grid), *total = arena_array(a, GRID, sizeof *total);
    double low = INFINITY, high = -INFINITY, least = 0.25 / (double)n;
    for (size_t i = 0; i < n; i++) {
        double m = middle(job->p, i), sd = certain(job->p, i) ? 0
                   : job->p->shape ? sqrt(job->p->shape[i]) / job->p->rate[i] : job->p->sd[i];
        low = fmin(low, m - sd);
        high = fmax(high, m + sd);
    }
    for (double step = fmax(high - low, 1e-9 * (1 + fabs(high))); together(job->p, low) > least && step < INFINITY; step *= 2)
        low = job->p->shape && low - step < 0 ? 0 : low - step;
    for (double step = fmax(high - low, 1e-9 * (1 + fabs(high))); together(job->p, high) < 1 - least; step *= 2)
        high += step;
    for (size_t g = 0; g < GRID; g++) {
        grid[g] = low + (high - low) * (double)g / (GRID - 1);
        total[g] = together(job->p, grid[g]);
    }
    job->grid = grid;
    job->total = total;
    job->quantile = arena_array(a, n + 1, sizeof *job->quantile);
    return stat_parallel(run, n, find_quantile, job);
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

static bool makes_sense(const struct allocate_posterior *p, double level)
{
    for (size_t i = 0; i < p->n; i++) {
        bool sure = certain(p, i);
        if (p->shape && !(p->shape[i] > 0 && (sure || (p->rate[i] > 0 && isfinite(p->rate[i])))))
            return false;
        if ((sure || !p->shape) && !(p->mean && isfinite(p->mean[i])))
            return false;
        if (!p->shape && !(p->sd[i] >= 0 && isfinite(p->sd[i])))
            return false;
    }
    return p->n > 0 && level > 0 && level < 1;
}

struct order {
    double expected;
    size_t place;
};

static int by_expected(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    if (x->expected != y->expected)
        return x->expected < y->expected ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* Positions by expected rank; a new band where nobody so far may rank as low as the next may rank high. */
static void order_places(struct arena *a, struct job *job, struct allocate_rank *out)
{
    size_t n = job->p->n, band = 1;
    struct order *order = arena_array(a, n + 1, sizeof *order);
    double reach = 0;
    for (size_t i = 0; i < n; i++)
        order[i] = (struct order){job->expected[i], i};
    qsort(order, n, sizeof *order, by_expected);
    for (size_t k = 0; k < n; k++) {
        struct allocate_rank *r = &out[order[k].place];
        double first = INFINITY; /* the best rank anybody from here on may have */
        for (size_t l = k; l < n; l++)
            first = fmin(first, out[order[l].place].lower);
        band += k > 0 && first > reach;
        reach = fmax(reach, r->upper);
        r->position = k + 1;
        r->band = band;
        r->estimate = job->quantile ? job->quantile[n - 1 - k] : NAN;
    }
}

/* Does some place stand before another, whatever the doubt? */
static bool distinguished(const struct allocate_rank *r, size_t n)
{
    double last = 0, first = INFINITY;
    for (size_t i = 0; i < n; i++) {
        last = fmax(last, r[i].lower);
        first = fmin(first, r[i].upper);
    }
    return n == 1 || last > first;
}

enum stat_reason allocate_ranks(struct arena *a, const struct allocate_posterior *p,
                                const struct allocate_rank_options *o, struct allocate_rank *out)
{
    struct allocate_rank_options none = {0};
    o = o ? o : &none;
    double level = o->level > 0 ? o->level : 0.9;
    struct job job = {.p = p, .seed = o->seed, .draws = o->draws ? o->draws : DRAWS};
    if (!makes_sense(p, level))
        return STAT_REASON_INVALID;
    size_t top = o->top ? o->top : p->n >= 10 ? p->n / 10 : 1;
    unsigned threads = o->run && o->run->threads > 1 ? o->run->threads : 1;
    threads = threads > STAT_MAX_THREADS ? STAT_MAX_THREADS : threads;
    job.chunks = (job.draws + CHUNK - 1) / CHUNK;
    job.rank = arena_array(a, p->n * job.draws, sizeof *job.rank);
    job.expected = arena_array(a, p->n, sizeof *job.expected);
    for (unsigned t = 0; t < threads; t++)
        job.scratch[t] = arena_array(a, p->n, sizeof *job.scratch[t]);
    if (!stat_parallel(o->run, p->n, expect, &job) || !stat_parallel(o->run, job.chunks, draw_chunk, &job))
        return STAT_REASON_STOPPED;
    if (o->estimates && !three_goals(a, &job, o->run))
        return STAT_REASON_STOPPED;
    for (size_t i = 0; i < p->n; i++) {
        uint32_t *r = job.rank + i * job.draws;
        size_t low = (size_t)floor((1 - level) / 2 * (double)job.draws), among = 0;
        qsort(r, job.draws, sizeof *r, by_value);
        while (among < job.draws && r[among] <= top)
            among++;
        out[i] = (struct allocate_rank){.expected = job.expected[i], .lower = r[low],
                                        .upper = r[job.draws - 1 - low],
                                        .top = (double)among / (double)job.draws};
    }
    order_places(a, &job, out);
    return distinguished(out, p->n) ? STAT_REASON_NONE : STAT_REASON_NOT_DISTINGUISHED;
}
