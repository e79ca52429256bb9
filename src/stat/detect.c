/* detect.c - Farrington-Flexible, EARS and CUSUM. */
#include "stat/detect.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"

/* --- Farrington-Flexible --------------------------------------------------------------------------
 * The regression has one level for each season block and one slope, so the weighted least squares
 * step has a closed form: block means, then the slope within blocks. No matrix is needed. */

struct baseline {
    size_t n, blocks;
    double *y, *t, *prior, *mu, *w, *z; /* counts, time from now, prior weights; of the fit */
    uint32_t *block;
    double *sw, *st, *sz;               /* by block: weight, mean time, mean response */
    double stt, slope;                  /* time within blocks */
    double phi, highest;
    size_t used;                        /* blocks that occur */
};

/* One step of weighted least squares; false if a trend cannot be told from the blocks. */
static bool least_squares(struct baseline *b, bool trend)
{
    double stz = 0;
    memset(b->sw, 0, b->blocks * sizeof *b->sw);
    memset(b->st, 0, b->blocks * sizeof *b->st);
    memset(b->sz, 0, b->blocks * sizeof *b->sz);
    for (size_t i = 0; i < b->n; i++) {
        uint32_t g = b->block[i];
        b->sw[g] += b->w[i];
        b->st[g] += b->w[i] * b->t[i];
        b->sz[g] += b->w[i] * b->z[i];
    }
    b->used = 0;
    for (size_t g = 0; g < b->blocks; g++) {
        b->used += b->sw[g] > 0;
        b->st[g] /= b->sw[g] > 0 ? b->sw[g] : 1;
        b->sz[g] /= b->sw[g] > 0 ? b->sw[g] : 1;
    }
    b->stt = 0;
    for (size_t i = 0; i < b->n; i++) {
        uint32_t g = b->block[i];
        double dt = b->t[i] - b->st[g];
        b->stt += b->w[i] * dt * dt;
        stz += b->w[i] * dt * (b->z[i] - b->sz[g]);
    }
    b->slope = trend ? stz / b->stt : 0;
    return !trend || (b->stt > 0 && isfinite(b->slope));
}

static double deviance(const struct baseline *b)
{
    double d = 0;
    for (size_t i = 0; i < b->n; i++) {
        double y = b->y[i], mu = b->mu[i];
        d += 2 * b->prior[i] * ((y > 0 ? y * log(y / mu) : 0) - (y - mu));
    }
    return d;
}

/* Iterated to a relative change of the deviance of 1e-8 within 25 steps (as R's glm does). */
static bool fit_poisson(struct baseline *b, bool trend)
{
    for (size_t i = 0; i < b->n; i++)
        b->mu[i] = b->y[i] + 0.1;
    double before = deviance(b);
    for (int it = 0; it < 25; it++) {
        for (size_t i = 0; i < b->n; i++) {
            b->w[i] = b->prior[i] * b->mu[i];
            b->z[i] = log(b->mu[i]) + (b->y[i] - b->mu[i]) / b->mu[i];
        }
        if (!least_squares(b, trend))
            return false;
        for (size_t i = 0; i < b->n; i++) {
            uint32_t g = b->block[i];
            b->mu[i] = fmax(exp(b->sz[g] + b->slope * (b->t[i] - b->st[g])), 2.2e-16);
        }
        double now = deviance(b);
        if (!isfinite(now))
            return false;
        if (fabs(now - before) / (fabs(now) + 0.1) < 1e-8) {
            double x2 = 0, df = (double)b->n - (double)b->used - (trend ? 1 : 0);
            for (size_t i = 0; i < b->n; i++) { /* Pearson residuals with the last working weights */
                double e = (b->y[i] - b->mu[i]) / b->mu[i];
                x2 += b->w[i] * e * e;
            }
            b->phi = df > 0 ? fmax(x2 / df, 1) : NAN;
            return df > 0;
        }
        before = now;
    }
    return false;
}

/* Weeks that look like earlier outbreaks count less (Noufaily et al. 2013, section 3.4). The
 * working weights of the last step give the leverages. */
static void reweight(struct baseline *b, bool trend, double limit)
{
    double sum = 0, n = (double)b->n;
    for (size_t i = 0; i < b->n; i++) {
        uint32_t g = b->block[i];
        double mu = b->mu[i], dt = b->t[i] - b->st[g];
        double h = b->w[i] * (1 / b->sw[g] + (trend ? dt * dt / b->stt : 0));
        double s = 1.5 * (cbrt(b->y[i] * b->y[i]) * pow(mu, -1.0 / 6) - sqrt(mu));
        s /= sqrt(b->phi * (1 - h));
        b->z[i] = s > limit ? 1 / (s * s) : 1;
        sum += b->z[i];
    }
    for (size_t i = 0; i < b->n; i++)
        b->prior[i] = b->z[i] * n / sum;
}

static bool fit_reweighted(struct baseline *b, bool trend, double limit)
{
    for (size_t i = 0; i < b->n; i++)
        b->prior[i] = 1;
    if (!fit_poisson(b, trend))
        return false;
    reweight(b, trend, limit);
    return fit_poisson(b, trend);
}

/* The mean now: the block of the present week is the last one, time is 0. */
static double mean_now(const struct baseline *b)
{
    size_t g = b->blocks - 1;
    return exp(b->sz[g] - b->slope * b->st[g]);
}

static double slope_p(const struct baseline *b)
{
    double df = (double)b->n - (double)b->used - 1;
    return 2 * dist_t_cdf(-fabs(b->slope) / sqrt(b->phi / b->stt), df);
}

/* Gives the weeks of the baseline their blocks: windows around this week in every year are the last
 * block, the weeks between them are cut into n_periods - 1. */
static void assign_blocks(const struct detect_farrington *o, size_t t, uint32_t *block)
{
    size_t p = o->n_periods, w = o->half_window;
    for (size_t i = 0; i <= t; i++)
        block[i] = UINT32_MAX;
    for (size_t k = t - w; k <= t; k++)
        block[k] = (uint32_t)p - 1;
    for (size_t year = 1; year <= o->years; year++) {
        size_t mid = t - year * o->season, gap = o->season - 2 * w - 1;
        for (size_t k = mid - w; k <= mid + w; k++)
            block[k] = (uint32_t)p - 1;
        if (p == 1)
            continue;
        size_t length = gap / (p - 1), rest = gap % (p - 1), at = mid + w + 1;
        for (size_t j = 0; j + 1 < p; j++)
            for (size_t k = 0; k < length + (j < rest); k++)
                block[at++] = (uint32_t)j;
    }
}

static struct baseline baseline_new(struct arena *a, const int64_t *y, size_t t,
                                    const struct detect_farrington *o)
{
    struct baseline b = {.blocks = o->n_periods};
    uint32_t *block = arena_array(a, t + 1, sizeof *block);
    double **arrays[] = {&b.y, &b.t, &b.prior, &b.mu, &b.w, &b.z};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        *arrays[k] = arena_array(a, t + 1, sizeof(double));
    b.block = arena_array(a, t + 1, sizeof *b.block);
    b.sw = arena_array(a, b.blocks, sizeof(double));
    b.st = arena_array(a, b.blocks, sizeof(double));
    b.sz = arena_array(a, b.blocks, sizeof(double));
    assign_blocks(o, t, block);
    for (size_t i = 0; i + o->skip_weeks < t; i++) {
        if (block[i] == UINT32_MAX)
            continue;
        b.y[b.n] = (double)y[i];
        b.t[b.n] = (double)i - (double)t;
        b.block[b.n++] = block[i];
        b.highest = fmax(b.highest, (double)y[i]);
    }
    return b;
}

static void set_default(size_t *v, size_t value)
{
    *v = *v ? *v : value;
}

struct detect_fit detect_farrington(struct arena *a, const int64_t *y, size_t n, size_t t,
                                    const struct detect_farrington *options)
{
    struct detect_farrington o = options ? *options : (struct detect_farrington){0};
    struct detect_fit f = {.r = {STAT_REFUSED, STAT_REASON_INVALID, NAN, NAN, NAN, false}, .phi = NAN};
    set_default(&o.years, 5);
    set_default(&o.half_window, 3);
    set_default(&o.n_periods, 10);
    set_default(&o.skip_weeks, 26);
    set_default(&o.min_weeks, 4);
    set_default(&o.season, 52);
    o.weight_limit = o.weight_limit > 0 ? o.weight_limit : 2.58;
    o.alpha = o.alpha > 0 ? o.alpha : 0.01;
    o.trend_p = o.trend_p > 0 ? o.trend_p : 1;
    o.min_cases = o.min_cases ? o.min_cases : 5;
    if (t >= n || t < o.years * o.season + o.half_window || o.season < 2 * o.half_window + o.n_periods)
        return f;
    int64_t recent = 0;
    for (size_t k = 0; k < o.min_weeks && k <= t; k++)
        recent += y[t - k];
    struct baseline b = baseline_new(a, y, t, &o);
    bool trend = !o.no_trend && fit_reweighted(&b, true, o.weight_limit);
    if (trend)
        trend = o.years >= 3 && slope_p(&b) < o.trend_p && mean_now(&b) <= b.highest;
    f.r.reason = STAT_REASON_NOT_CONVERGED;
    if (!trend && !fit_reweighted(&b, false, o.weight_limit))
        return f;
    f.trend = trend;
    f.phi = b.phi;
    f.r.reason = STAT_REASON_FEW_EVENTS;
    if (!o.any_count && recent < o.min_cases)
        return f;
    double mean = mean_now(&b), size = b.phi > 1 ? mean / (b.phi - 1) : INFINITY;
    f.r = (struct detect_result){STAT_OK, STAT_REASON_NONE, NAN, mean, NAN, false};
    f.r.upper = dist_negbin_quantile(1 - o.alpha, mean, size);
    f.r.p = y[t] > 0 ? 1 - dist_negbin_cdf((double)y[t] - 1, mean, size) : 1;
    f.r.alarm = y[t] > 0 && (double)y[t] > f.r.upper;
    return f;
}

/* --- EARS ----------------------------------------------------------------------------------------- */

/* Mean and standard deviation of the weeks t - lag - baseline + 1 .. t - lag. */
static void window(const int64_t *y, size_t t, size_t lag, size_t baseline, double *mean, double *sd)
{
    double n = (double)baseline, s = 0, q = 0;
    for (size_t k = 0; k < baseline; k++)
        s += (double)y[t - lag - k];
    for (size_t k = 0; k < baseline; k++)
        q += ((double)y[t - lag - k] - s / n) * ((double)y[t - lag - k] - s / n);
    *mean = s / n;
    *sd = sqrt(q / (n - 1));
}

struct detect_result detect_ears(const int64_t *y, size_t n, size_t t, enum detect_ears kind,
                                 size_t baseline, double alpha)
{
    struct detect_result r = {STAT_REFUSED, STAT_REASON_INVALID, NAN, NAN, NAN, false};
    size_t lag = kind == DETECT_C1 ? 1 : 3, need = baseline + (kind == DETECT_C1   ? 0
                                                               : kind == DETECT_C2 ? 2
                                                                                   : 4);
    if (baseline < 3 || t >= n || t < need)
        return r;
    double mean, sd, z = dist_normal_quantile(1 - alpha, 0, 1), now = (double)y[t];
    window(y, t, lag, baseline, &mean, &sd);
    r.expected = mean;
    r.upper = mean + z * sd;
    if (kind == DETECT_C3) {
        double before = 0;
        for (size_t k = 1; k <= 2; k++) {
            double m, s;
            window(y, t - k, lag, baseline, &m, &s);
            before += fmax(0, ((double)y[t - k] - m) / s - 1);
        }
        r.upper = fmax(0, now + sd * (z - before));
    }
    r.reason = STAT_REASON_SINGULAR; /* a baseline without any spread says nothing in C3 */
    if (isnan(r.upper))
        return r;
    r.status = STAT_OK;
    r.reason = STAT_REASON_NONE;
    r.p = sd > 0 ? dist_normal_upper((now - mean) / sd, 0, 1) : now > mean ? 0 : 1;
    r.alarm = now > r.upper;
    return r;
}

/* --- CUSUM ---------------------------------------------------------------------------------------- */

enum stat_reason detect_cusum(const int64_t *y, size_t n, size_t from, double k, double h, double m,
                              enum detect_transform transform, double *statistic, bool *alarm)
{
    double s = 0;
    if (!(m > 0) || from >= n)
        return STAT_REASON_INVALID;
    for (size_t t = from; t < n; t++) {
        double x = (double)y[t];
        double std = transform == DETECT_ROSSI ? (x - 3 * m + 2 * sqrt(x * m)) / (2 * sqrt(m))
                                               : (x - m) / sqrt(m);
        s = fmax(0, s + std - k);
        statistic[t - from] = s;
        if (alarm)
            alarm[t - from] = s >= h;
    }
    return STAT_REASON_NONE;
}

double detect_false_alarms(const struct detect_result *r, size_t n, double alpha)
{
    double given = 0;
    for (size_t i = 0; i < n; i++)
        given += r[i].status != STAT_REFUSED;
    return given * alpha;
}
