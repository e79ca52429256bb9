/* hhh4_forecast.c - forecasts of the endemic-epidemic model: one step ahead, several steps by simulated paths
 * or by their first two moments, and one-step forecasts of the past, refitted every period. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/hhh4_inner.h"
#include "stat/rng.h"

/* --- one step --- */

static double unit_size(const struct hhh4_work *w, const double *theta, size_t unit)
{
    if (w->psi == SIZE_MAX)
        return INFINITY;
    double b = theta[w->psi < w->k ? w->psi : unit * w->l + w->psi];
    return b > HHH4_POISSON_LIMIT ? INFINITY : exp(b);
}

void hhh4_fitted(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f, size_t from,
                 size_t to, double *mean, double *size, double *parts)
{
    struct hhh4_work w;
    size_t rows = to > from ? to - from : 0;
    bool good = rows && f->status != STAT_REFUSED && !hhh4_work_new(a, m, from, to, to - 1, NULL, &w) &&
                f->n_inner == w.k + m->n_units * w.l;
    if (good)
        hhh4_prepare(&w, f->inner);
    for (size_t i = 0; i < m->n_units; i++) {
        struct hhh4_scratch *s = good ? &w.scratch[0] : NULL;
        if (good)
            hhh4_parts(&w, f->inner, i, from, to, s);
        size[i] = good ? unit_size(&w, f->inner, i) : NAN;
        for (size_t t = 0; t < rows; t++) {
            mean[i * rows + t] = good ? s->part[0][t] + s->part[1][t] + s->part[2][t] : NAN;
            for (int p = 0; parts && p < HHH4_PARTS; p++)
                parts[(i * rows + t) * HHH4_PARTS + (size_t)p] = good ? s->part[p][t] : NAN;
        }
    }
}

void hhh4_predict(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f, size_t t,
                  double *mean, double *size, double *parts)
{
    hhh4_fitted(a, m, f, t, t + 1, mean, size, parts);
}

/* --- several steps: what they share --- */

/* Everything that does not depend on counts: factors of the parts and weights. */
struct ahead {
    const struct hhh4_model *m;
    struct hhh4_work w;
    size_t origin, horizon, lag; /* lag: the longest */
    double *factor;              /* [(unit * horizon + h) * 3 + part] */
    double *weight;              /* of w.in */
    double *size;
};

static enum stat_reason ahead_new(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f,
                                  size_t origin, size_t horizon, struct ahead *x)
{
    *x = (struct ahead){.m = m, .origin = origin, .horizon = horizon, .lag = 1};
    if (f->status == STAT_REFUSED)
        return f->reason;
    if (!horizon)
        return STAT_REASON_INVALID;
    enum stat_reason r = hhh4_work_new(a, m, origin, origin + horizon, origin, NULL, &x->w);
    if (r || f->n_inner != x->w.k + m->n_units * x->w.l)
        return r ? r : STAT_REASON_INVALID;
    hhh4_prepare(&x->w, f->inner);
    x->factor = arena_array(a, m->n_units * horizon * HHH4_PARTS + 1, sizeof(double));
    x->size = arena_array(a, m->n_units + 1, sizeof(double));
    double *one = arena_array(a, horizon, sizeof *one);
    for (size_t i = 0; i < m->n_units; i++) {
        x->size[i] = unit_size(&x->w, f->inner, i);
        for (int p = 0; p < HHH4_PARTS; p++) {
            hhh4_factor(&x->w, f->inner, p, i, origin, origin + horizon, one);
            for (size_t h = 0; h < horizon; h++)
                x->factor[(i * horizon + h) * HHH4_PARTS + (size_t)p] = one[h];
        }
    }
    for (int p = 0; p < HHH4_END; p++)
        x->lag = x->w.lag[p] > x->lag ? x->w.lag[p] : x->lag;
    if (!x->w.in.start) { /* no ne: lists without anything */
        x->w.in.start = arena_array(a, m->n_units + 2, sizeof(size_t));
        return STAT_REASON_NONE;
    }
    size_t nd = x->w.nd, pairs = x->w.in.start[m->n_units];
    double *d = arena_array(a, nd + nd * (nd + 1) / 2 + 2, sizeof *d);
    x->weight = arena_array(a, pairs + 1, sizeof *x->weight);
    for (size_t e = 0; e < pairs; e++)
        hhh4_source_weight(&x->w, f->inner + x->w.d_at, e, &x->weight[e], d, d + nd);
    return STAT_REASON_NONE;
}

/* Mean of a unit h periods after the origin, from counts laid out [(lag + h) * units + unit]. */
static double mean_after(const struct ahead *x, size_t i, size_t h, const double *y)
{
    const double *f = x->factor + (i * x->horizon + h) * HHH4_PARTS;
    size_t n = x->m->n_units, now = x->lag + h;
    const double *back = y + (now - x->w.lag[HHH4_NE]) * n;
    double sum = 0;
    for (size_t e = x->w.in.start[i]; e < x->w.in.start[i + 1]; e++)
        sum += x->weight[e] * back[x->w.in.from[e]];
    return f[HHH4_AR] * y[(now - x->w.lag[HHH4_AR]) * n + i] + f[HHH4_NE] * sum + f[HHH4_END];
}

static void last_counts(const struct ahead *x, double *y)
{
    for (size_t back = 0; back < x->lag; back++)
        for (size_t i = 0; i < x->m->n_units; i++)
            y[back * x->m->n_units + i] = (double)x->m->y[i * x->m->n_periods + x->origin - x->lag + back];
}

/* --- paths --- */

enum { PATHS_A_TASK = 64 };

struct simulation {
    struct ahead x;
    struct hhh4_paths *out;
    uint64_t seed;
    const double *level;
    double **y;     /* by thread */
    int64_t *total; /* [h * n_paths + path] */
};

static void simulate_task(void *arg, size_t at, unsigned thread)
{
    struct simulation *s = arg;
    size_t n = s->x.m->n_units, paths = s->out->n_paths, horizon = s->x.horizon;
    double *y = s->y[thread];
    for (size_t p = at * PATHS_A_TASK; p < (at + 1) * PATHS_A_TASK && p < paths; p++) {
        struct rng r = rng_stream(s->seed, "hhh4 path", p);
        last_counts(&s->x, y);
        for (size_t h = 0; h < horizon; h++)
            for (size_t i = 0; i < n; i++) {
                double mean = fmin(mean_after(&s->x, i, h, y), 1e8);
                int64_t v = mean > 0 ? rng_negbin(&r, mean, s->x.size[i]) : 0;
                v = v > INT32_MAX ? INT32_MAX : v;
                y[(s->x.lag + h) * n + i] = (double)v;
                s->out->path[(i * horizon + h) * paths + p] = (int32_t)v;
                s->total[h * paths + p] += v;
            }
    }
}

static int compare32(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int compare64(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The smallest value with at least a share p of the paths at or below it. */
static size_t quantile_at(size_t n, double p)
{
    double k = ceil(p * (double)n * (1 - 1e-12));
    return k < 1 ? 0 : k > (double)n ? n - 1 : (size_t)k - 1;
}

static void moments_of(size_t n, const int32_t *x32, const int64_t *x64, double *mean, double *sd)
{
    double sum = 0, square = 0;
    for (size_t k = 0; k < n; k++)
        sum += x32 ? (double)x32[k] : (double)x64[k];
    *mean = sum / (double)n;
    for (size_t k = 0; k < n; k++) {
        double d = (x32 ? (double)x32[k] : (double)x64[k]) - *mean;
        square += d * d;
    }
    *sd = n > 1 ? sqrt(square / (double)(n - 1)) : NAN;
}

static void summary_task(void *arg, size_t i, unsigned thread)
{
    struct simulation *s = arg;
    struct hhh4_paths *o = s->out;
    (void)thread;
    for (size_t h = 0; h < o->horizon; h++) {
        size_t cell = i * o->horizon + h;
        int32_t *x = o->path + cell * o->n_paths;
        qsort(x, o->n_paths, sizeof *x, compare32);
        moments_of(o->n_paths, x, NULL, &o->mean[cell], &o->sd[cell]);
        for (size_t k = 0; k < o->n_levels; k++)
            o->quantile[cell * o->n_levels + k] = x[quantile_at(o->n_paths, s->level[k])];
    }
}

static void paths_room(struct arena *a, struct simulation *s, unsigned threads)
{
    struct hhh4_paths *o = s->out;
    size_t n = s->x.m->n_units, cells = n * o->horizon, h = o->horizon;
    o->mean = arena_array(a, cells, sizeof(double));
    o->sd = arena_array(a, cells, sizeof(double));
    o->quantile = arena_array(a, cells * o->n_levels + 1, sizeof(double));
    o->total_mean = arena_array(a, h, sizeof(double));
    o->total_sd = arena_array(a, h, sizeof(double));
    o->total_quantile = arena_array(a, h * o->n_levels + 1, sizeof(double));
    o->path = arena_array(a, cells * o->n_paths, sizeof(int32_t));
    s->total = arena_array(a, h * o->n_paths, sizeof(int64_t));
    s->y = arena_array(a, threads, sizeof *s->y);
    for (unsigned t = 0; t < threads; t++)
        s->y[t] = arena_array(a, (s->x.lag + h) * n, sizeof(double));
}

struct hhh4_paths hhh4_simulate(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f,
                                size_t origin, size_t horizon, size_t n_paths, uint64_t seed, size_t n_levels,
                                const double *level, const struct stat_run *run)
{
    struct hhh4_paths out = {.status = STAT_REFUSED,
                             .reason = STAT_REASON_INVALID,
                             .n_paths = n_paths,
                             .horizon = horizon,
                             .n_levels = n_levels};
    struct simulation s = {.out = &out, .seed = seed, .level = level};
    if (!n_paths)
        return out;
    out.reason = ahead_new(a, m, f, origin, horizon, &s.x);
    if (out.reason)
        return out;
    unsigned threads = run && run->threads > 1 ? run->threads : 1;
    paths_room(a, &s, threads > STAT_MAX_THREADS ? STAT_MAX_THREADS : threads);
    if (!stat_parallel(run, (n_paths + PATHS_A_TASK - 1) / PATHS_A_TASK, simulate_task, &s) ||
        !stat_parallel(run, m->n_units, summary_task, &s))
        return (struct hhh4_paths){.status = STAT_REFUSED, .reason = STAT_REASON_STOPPED};
    for (size_t h = 0; h < horizon; h++) {
        int64_t *x = s.total + h * n_paths;
        qsort(x, n_paths, sizeof *x, compare64);
        moments_of(n_paths, NULL, x, &out.total_mean[h], &out.total_sd[h]);
        for (size_t k = 0; k < n_levels; k++)
            out.total_quantile[h * n_levels + k] = (double)x[quantile_at(n_paths, level[k])];
    }
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}

/* --- moments --- */

/* out = Lambda v for the h-th step: each unit's row from its own past and its sources'. */
static void apply(const struct ahead *x, size_t h, const double *v, size_t cols, double *out)
{
    for (size_t i = 0; i < x->m->n_units; i++) {
        const double *f = x->factor + (i * x->horizon + h) * HHH4_PARTS;
        double *row = out + i * cols;
        for (size_t c = 0; c < cols; c++)
            row[c] = f[HHH4_AR] * v[i * cols + c];
        for (size_t e = x->w.in.start[i]; e < x->w.in.start[i + 1]; e++) {
            double g = f[HHH4_NE] * x->weight[e];
            const double *from = v + x->w.in.from[e] * cols;
            for (size_t c = 0; c < cols; c++)
                row[c] += g * from[c];
        }
    }
}

static void transpose(double *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double x = v[i * n + j];
            v[i * n + j] = v[j * n + i];
            v[j * n + i] = x;
        }
}

enum stat_reason hhh4_moments(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f,
                              size_t origin, size_t horizon, double *mean, double *variance,
                              double *total_mean, double *total_variance)
{
    struct ahead x;
    enum stat_reason r = ahead_new(a, m, f, origin, horizon, &x);
    if (r || x.lag > 1)
        return r ? r : STAT_REASON_INVALID;
    size_t n = m->n_units;
    double *y = arena_array(a, n, sizeof *y), *next = arena_array(a, n, sizeof *next);
    double *v = arena_array(a, n * n, sizeof *v), *work = arena_array(a, n * n, sizeof *work);
    last_counts(&x, y);
    for (size_t h = 0; h < horizon; h++) {
        apply(&x, h, y, 1, next);
        apply(&x, h, v, n, work); /* Lambda V, then Lambda (Lambda V)' = Lambda V Lambda' */
        transpose(work, n);
        apply(&x, h, work, n, v);
        total_mean[h] = total_variance[h] = 0;
        for (size_t i = 0; i < n; i++) {
            y[i] = next[i] + x.factor[(i * horizon + h) * HHH4_PARTS + HHH4_END];
            double of_mean = v[i * n + i], psi = isfinite(x.size[i]) ? 1 / x.size[i] : 0;
            v[i * n + i] = of_mean + y[i] + psi * (y[i] * y[i] + of_mean);
            mean[i * horizon + h] = y[i];
            variance[i * horizon + h] = v[i * n + i];
            total_mean[h] += y[i];
        }
        for (size_t k = 0; k < n * n; k++)
            total_variance[h] += v[k];
    }
    return STAT_REASON_NONE;
}

/* --- the past --- */

struct rolling {
    const struct hhh4_model *m;
    const struct hhh4_fit *start;
    struct hhh4_roll *out;
    size_t from, first;
    bool refit;
};

static void roll_task(void *arg, size_t at, unsigned thread)
{
    struct rolling *x = arg;
    struct arena *a = arena_new((size_t)4 << 30);
    size_t n = x->m->n_units, t = x->first + at;
    double *size = x->out->size + at * n;
    (void)thread;
    struct hhh4_fit f = *x->start;
    if (x->refit && at > 0)
        f = hhh4_fit(a, x->m, x->from, t, x->start, NULL);
    hhh4_predict(a, x->m, &f, t, x->out->mean + at * n, size, NULL);
    x->out->why[at] = f.status == STAT_REFUSED ? f.reason : STAT_REASON_NONE;
    x->out->log_likelihood[at] = f.log_likelihood;
    arena_free(a);
}

struct hhh4_roll hhh4_roll(struct arena *a, const struct hhh4_model *m, enum hhh4_refit refit, size_t from,
                           size_t first, size_t last, const struct stat_run *run)
{
    struct hhh4_roll out = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID};
    if (last <= first || last > m->n_periods || first <= from)
        return out;
    struct hhh4_fit start = hhh4_fit(a, m, from, refit == HHH4_FINAL ? last : first, NULL, run);
    out.reason = start.reason;
    if (start.status == STAT_REFUSED)
        return out;
    out.n = last - first;
    out.mean = arena_array(a, out.n * m->n_units, sizeof(double));
    out.size = arena_array(a, out.n * m->n_units, sizeof(double));
    out.why = arena_array(a, out.n, sizeof *out.why);
    out.log_likelihood = arena_array(a, out.n, sizeof(double));
    struct rolling x = {m, &start, &out, from, first, refit == HHH4_ROLLING};
    if (!stat_parallel(run, out.n, roll_task, &x))
        return (struct hhh4_roll){.status = STAT_REFUSED, .reason = STAT_REASON_STOPPED};
    for (size_t t = 0; t < out.n; t++)
        out.failed += out.why[t] != STAT_REASON_NONE;
    out.status = out.failed ? STAT_FLAG : STAT_OK;
    out.reason = out.failed ? STAT_REASON_NOT_CONVERGED : STAT_REASON_NONE;
    return out;
}
