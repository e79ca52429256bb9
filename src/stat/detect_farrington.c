/* detect_farrington.c - the regression on earlier years, as of 1996 and as of 2013. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/detect.h"
#include "stat/dist.h"
#include "stat/parallel.h"

/* The regression has one level for each season block and one slope, so the weighted least squares
 * step has a closed form: block means, then the slope within blocks. No matrix is needed. */

struct baseline {
    size_t n, blocks;
    double *y, *t, *offset;         /* counts, time from now, log population */
    double *ylogy, *prior;          /* y log y; prior weights */
    double *eta, *mu, *w, *z;       /* of the fit: linear predictor without offset, mean, working weight */
    uint32_t *block;
    double *sw, *st, *sz;           /* by block: weight, mean time, mean response */
    double stt, slope;              /* time within blocks */
    double spread, phi;             /* Pearson's statistic by degree of freedom; at least 1 */
    double se_spread;               /* the spread behind standard errors */
    double highest, offset_now;
    size_t used;                    /* blocks that occur */
};

static const double ETA_LOW = -36.043653389117154; /* log of the smallest mean, 2.2e-16 */

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
        double inverse = b->sw[g] > 0 ? 1 / b->sw[g] : 1;
        b->used += b->sw[g] > 0;
        b->st[g] *= inverse;
        b->sz[g] *= inverse;
    }
    b->stt = 0;
    for (size_t i = 0; i < b->n && trend; i++) {
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
        double eta = b->eta[i] + b->offset[i];
        d += b->prior[i] * (b->ylogy[i] - b->y[i] * eta - (b->y[i] - b->mu[i]));
    }
    return 2 * d;
}

/* Iterated to a relative change of the deviance of 1e-8 within 25 steps (as R's glm does). The linear
 * predictor is kept beside the mean, so that a step takes one exponential a week and no logarithm. */
static bool fit_poisson(struct baseline *b, bool trend)
{
    for (size_t i = 0; i < b->n; i++) {
        b->mu[i] = b->y[i] + 0.1;
        b->eta[i] = log(b->mu[i]) - b->offset[i];
    }
    double before = deviance(b);
    for (int it = 0; it < 25; it++) {
        for (size_t i = 0; i < b->n; i++) {
            b->w[i] = b->prior[i] * b->mu[i];
            b->z[i] = b->eta[i] + (b->y[i] - b->mu[i]) / b->mu[i];
        }
        if (!least_squares(b, trend))
            return false;
        for (size_t i = 0; i < b->n; i++) {
            uint32_t g = b->block[i];
            double eta = b->sz[g] + b->slope * (b->t[i] - b->st[g]);
            b->eta[i] = eta + b->offset[i] < ETA_LOW ? ETA_LOW - b->offset[i] : eta;
            b->mu[i] = exp(b->eta[i] + b->offset[i]);
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
            b->spread = b->se_spread = x2 / df;
            b->phi = fmax(b->spread, 1);
            return df > 0;
        }
        before = now;
    }
    return false;
}

/* y^(2/3), of small counts from a table. */
static double two_thirds(double y)
{
    static const double small[] = {0, 1, 1.5874010519681994, 2.080083823051904, 2.519842099789746,
                                   2.924017738212866, 3.3019272488946263, 3.659305710022971};
    return y < 8 && y == floor(y) ? small[(int)y] : cbrt(y * y);
}

/* Weeks that look like earlier outbreaks count less (Noufaily et al. 2013, section 3.4). The
 * working weights of the last step give the leverages. */
static void reweight(struct baseline *b, bool trend, double limit)
{
    double sum = 0, n = (double)b->n;
    for (size_t i = 0; i < b->n; i++) {
        uint32_t g = b->block[i];
        double dt = b->t[i] - b->st[g], sixth = exp((b->eta[i] + b->offset[i]) / 6);
        double h = b->w[i] * (1 / b->sw[g] + (trend ? dt * dt / b->stt : 0));
        double s = 1.5 * (two_thirds(b->y[i]) / sixth - sixth * sixth * sixth);
        s /= sqrt(b->phi * (1 - h));
        b->z[i] = s > limit ? 1 / (s * s) : 1;
        sum += b->z[i];
    }
    for (size_t i = 0; i < b->n; i++)
        b->prior[i] = b->z[i] * n / sum;
}

/* R's surveillance stores the prior weights where its summary looks for working weights, so that standard
 * errors come from sum omega ((y - mu)/mu)^2/df. */
static void peculiar_spread(struct baseline *b, bool trend)
{
    double x2 = 0, df = (double)b->n - (double)b->used - (trend ? 1 : 0);
    for (size_t i = 0; i < b->n; i++) {
        double e = (b->y[i] - b->mu[i]) / b->mu[i];
        x2 += b->prior[i] * e * e;
    }
    b->se_spread = x2 / df;
}

static bool fit_reweighted(struct baseline *b, bool trend, const struct detect_farrington *o, bool flexible)
{
    for (size_t i = 0; i < b->n; i++)
        b->prior[i] = 1;
    if (!fit_poisson(b, trend))
        return false;
    if (!o->reweight)
        return true;
    reweight(b, trend, o->weight_limit);
    if (!fit_poisson(b, trend))
        return false;
    if (flexible && !o->pearson_se)
        peculiar_spread(b, trend);
    return true;
}

/* The log mean now: the block of the present week is the last one, time is 0. */
static double eta_now(const struct baseline *b)
{
    size_t g = b->blocks - 1;
    return b->sz[g] - b->slope * b->st[g] + b->offset_now;
}

/* Its standard error, from the spread given. */
static double se_now(const struct baseline *b, bool trend, double spread)
{
    size_t g = b->blocks - 1;
    return sqrt(spread * (1 / b->sw[g] + (trend ? b->st[g] * b->st[g] / b->stt : 0)));
}

static double slope_p(const struct baseline *b)
{
    double df = (double)b->n - (double)b->used - 1;
    return 2 * dist_t_cdf(-fabs(b->slope) / sqrt(b->se_spread / b->stt), df);
}

/* --- baselines -------------------------------------------------------------------------------- */

/* Room for t weeks, without contents. */
static struct baseline baseline_new(struct arena *a, size_t t, size_t blocks)
{
    struct baseline b = {.blocks = blocks};
    double **by_week[] = {&b.y, &b.t, &b.offset, &b.ylogy, &b.prior, &b.eta, &b.mu, &b.w, &b.z};
    double **by_block[] = {&b.sw, &b.st, &b.sz};
    for (size_t k = 0; k < sizeof by_week / sizeof *by_week; k++)
        *by_week[k] = arena_array(a, t + 1, sizeof(double));
    for (size_t k = 0; k < sizeof by_block / sizeof *by_block; k++)
        *by_block[k] = arena_array(a, blocks, sizeof(double));
    b.block = arena_array(a, t + 1, sizeof *b.block);
    return b;
}

static void add_week(struct baseline *b, const int64_t *y, const struct detect_farrington *o, size_t i,
                     size_t t, uint32_t block)
{
    if (y[i] < 0) /* missing */
        return;
    double count = (double)y[i];
    b->y[b->n] = count;
    b->ylogy[b->n] = y[i] > 1 ? count * log(count) : 0;
    b->t[b->n] = (double)i - (double)t;
    b->offset[b->n] = o->population ? log(o->population[i]) : 0;
    b->block[b->n++] = block;
    b->highest = fmax(b->highest, count);
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

static void fill_flexible(struct arena *a, struct baseline *b, const int64_t *y, size_t t,
                          const struct detect_farrington *o)
{
    uint32_t *block = arena_array(a, t + 1, sizeof *block);
    assign_blocks(o, t, block);
    for (size_t i = 0; i + o->skip_weeks < t; i++)
        if (block[i] != UINT32_MAX)
            add_week(b, y, o, i, t, block[i]);
}

static void fill_windows(struct baseline *b, const int64_t *y, size_t t, const struct detect_farrington *o)
{
    for (size_t year = o->years; year > 0; year--)
        for (size_t k = 0; k <= 2 * o->half_window; k++) {
            size_t back = year * o->season + o->half_window - k;
            if (back <= t)
                add_week(b, y, o, t - back, t, 0);
        }
}

/* --- thresholds ------------------------------------------------------------------------------- */

static bool enough_cases(const int64_t *y, size_t t, const struct detect_farrington *o)
{
    int64_t recent = 0;
    for (size_t k = 0; k < o->min_weeks && k <= t; k++)
        recent += y[t - k] > 0 ? y[t - k] : 0;
    return recent >= o->min_cases;
}

/* After the transformation x -> x^power the count is normal around mean^power (Farrington et al. 1996,
 * section 3.6); z: the quantile of the limit. */
static void judge_power(struct detect_result *r, double y, double mean, double se, double phi,
                        enum detect_power power, double z)
{
    double tau = phi + se * se / mean, exponent, sd;
    if (power == DETECT_POWER_2_3) {
        exponent = 2.0 / 3;
        sd = sqrt(4.0 / 9 * cbrt(mean) * tau);
    } else if (power == DETECT_POWER_1_2) {
        exponent = 0.5;
        sd = sqrt(0.25 * tau);
    } else {
        exponent = 1;
        sd = sqrt(mean * tau);
    }
    double centre = pow(mean, exponent);
    r->upper = pow(centre + z * sd, 1 / exponent);
    r->p = dist_normal_upper(pow(y, exponent), centre, sd);
}

static void judge_count(struct detect_result *r, double y, double mean, double phi, double alpha)
{
    double size = phi > 1 ? mean / (phi - 1) : INFINITY;
    r->upper = dist_negbin_quantile(1 - alpha, mean, size);
    r->p = y > 0 ? dist_negbin_upper(y - 1, mean, size) : 1;
}

/* Something to learn from: more weeks than coefficients, some of them at this time of the year. */
static bool enough_weeks(const struct baseline *b)
{
    size_t here = 0;
    for (size_t i = 0; i < b->n; i++)
        here += b->block[i] == b->blocks - 1;
    return here > 0 && b->n >= b->blocks + 2;
}

static struct detect_fit refuse(enum stat_reason why)
{
    return (struct detect_fit){.r = {STAT_REFUSED, why, NAN, NAN, NAN, false}, .phi = NAN, .slope = NAN};
}

/* Fits with a trend, and without it where it is not wanted: not significant, above what was ever seen, of
 * less than three years, or not to be fitted. False: neither fits. */
static bool fit(struct baseline *b, const struct detect_farrington *o, bool flexible, bool *trend)
{
    *trend = o->trend && fit_reweighted(b, true, o, flexible);
    if (*trend)
        *trend = o->years >= 3 && slope_p(b) < o->trend_p && exp(eta_now(b)) <= b->highest;
    return *trend || fit_reweighted(b, false, o, flexible);
}

static struct detect_fit verdict(const struct baseline *b, const int64_t *y, size_t t,
                                 const struct detect_farrington *o, bool flexible, bool trend)
{
    double eta = eta_now(b), mean = exp(eta), now = (double)y[t];
    double se = se_now(b, trend, flexible ? b->se_spread : b->phi);
    struct detect_fit f = refuse(STAT_REASON_FEW_EVENTS);
    f.trend = trend;
    f.slope = trend ? b->slope : NAN;
    f.phi = b->phi;
    if (!enough_cases(y, t, o))
        return f;
    f.r.expected = mean;
    if (!flexible)
        judge_power(&f.r, now, mean, se * mean, b->phi, o->power,
                    dist_normal_quantile(1 - o->alpha / 2, 0, 1));
    else if (o->threshold == DETECT_DELTA)
        judge_power(&f.r, now, mean, se * mean, b->phi, o->power, dist_normal_quantile(1 - o->alpha, 0, 1));
    else if (o->threshold == DETECT_MUAN)
        judge_count(&f.r, now, exp(dist_normal_quantile(1 - o->alpha, eta, se)), b->phi, o->alpha);
    else
        judge_count(&f.r, now, mean, b->phi, o->alpha);
    if (!isfinite(f.r.upper) || isnan(f.r.p)) {
        struct detect_fit none = refuse(STAT_REASON_NOT_CONVERGED);
        none.phi = f.phi;
        return none;
    }
    f.r.status = STAT_OK;
    f.r.reason = STAT_REASON_NONE;
    f.r.alarm = y[t] > 0 && now > f.r.upper;
    return f;
}

struct detect_farrington detect_farrington_default(void)
{
    return (struct detect_farrington){.years = 5,
                                      .half_window = 3,
                                      .n_periods = 10,
                                      .skip_weeks = 26,
                                      .reweight = true,
                                      .weight_limit = 2.58,
                                      .trend = true,
                                      .trend_p = 1,
                                      .threshold = DETECT_NB_PLUGIN,
                                      .power = DETECT_POWER_2_3,
                                      .alpha = 0.01,
                                      .min_cases = 5,
                                      .min_weeks = 4,
                                      .season = 52};
}

struct detect_farrington detect_farrington_1996_default(void)
{
    struct detect_farrington o = detect_farrington_default();
    o.n_periods = 1;
    o.weight_limit = 1;
    o.trend_p = 0.05;
    o.alpha = 0.05;
    return o;
}

static bool sensible(const int64_t *y, size_t n, size_t t, const struct detect_farrington *o)
{
    if (t >= n || o->years == 0 || o->season == 0 || !(o->alpha > 0 && o->alpha < 1) ||
        !(o->weight_limit > 0))
        return false;
    for (size_t i = 0; o->population && i <= t; i++)
        if (y[i] >= 0 && !(o->population[i] > 0))
            return false;
    return true;
}

struct detect_fit detect_farrington(struct arena *a, const int64_t *y, size_t n, size_t t,
                                    const struct detect_farrington *options)
{
    struct detect_farrington o = options ? *options : detect_farrington_default();
    bool trend;
    if (!sensible(y, n, t, &o) || o.n_periods == 0 || t < o.years * o.season + o.half_window ||
        o.season < 2 * o.half_window + o.n_periods || o.skip_weeks < o.half_window)
        return refuse(STAT_REASON_INVALID);
    if (y[t] < 0)
        return refuse(STAT_REASON_EMPTY);
    struct baseline b = baseline_new(a, t, o.n_periods);
    fill_flexible(a, &b, y, t, &o);
    b.offset_now = o.population ? log(o.population[t]) : 0;
    if (!enough_weeks(&b))
        return refuse(STAT_REASON_FEW_PERIODS);
    if (!fit(&b, &o, true, &trend))
        return refuse(STAT_REASON_NOT_CONVERGED);
    return verdict(&b, y, t, &o, true, trend);
}

struct detect_fit detect_farrington_1996(struct arena *a, const int64_t *y, size_t n, size_t t,
                                         const struct detect_farrington *options)
{
    struct detect_farrington o = options ? *options : detect_farrington_1996_default();
    bool trend;
    if (!sensible(y, n, t, &o) || o.half_window >= o.season)
        return refuse(STAT_REASON_INVALID);
    if (y[t] < 0)
        return refuse(STAT_REASON_EMPTY);
    struct baseline b = baseline_new(a, o.years * (2 * o.half_window + 1), 1);
    fill_windows(&b, y, t, &o);
    b.offset_now = o.population ? log(o.population[t]) : 0;
    if (!enough_weeks(&b))
        return refuse(STAT_REASON_FEW_PERIODS);
    if (!fit(&b, &o, false, &trend))
        return refuse(STAT_REASON_NOT_CONVERGED);
    return verdict(&b, y, t, &o, false, trend);
}

/* --- many series ------------------------------------------------------------------------------ */

struct many {
    size_t n, first, n_series;
    const int64_t *y;
    struct detect_farrington o;
    struct detect_fit *out;
};
enum { SERIES_PER_TASK = 32 };

static void judge_some(void *arg, size_t task, unsigned thread)
{
    (void)thread;
    const struct many *m = arg;
    size_t last = (task + 1) * SERIES_PER_TASK < m->n_series ? (task + 1) * SERIES_PER_TASK : m->n_series;
    for (size_t s = task * SERIES_PER_TASK; s < last; s++) {
        struct detect_farrington o = m->o;
        if (o.population)
            o.population += s * m->n;
        for (size_t t = m->first; t < m->n; t++) {
            struct arena *a = arena_new(0);
            m->out[s * (m->n - m->first) + t - m->first] = detect_farrington(a, m->y + s * m->n, m->n, t, &o);
            arena_free(a);
        }
    }
}

enum stat_reason detect_farrington_many(const struct stat_run *run, size_t n_series, size_t n, size_t first,
                                        const int64_t *y, const struct detect_farrington *options,
                                        struct detect_fit *out)
{
    struct many m = {n, first, n_series, y, options ? *options : detect_farrington_default(), out};
    if (first >= n)
        return STAT_REASON_INVALID;
    size_t tasks = (n_series + SERIES_PER_TASK - 1) / SERIES_PER_TASK;
    return stat_parallel(run, tasks, judge_some, &m) ? STAT_REASON_NONE : STAT_REASON_STOPPED;
}
