/* score_count.c - scores of negative binomial and Poisson forecasts of counts. */
#include <math.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/parallel.h"
#include "stat/score.h"

static const double SIZE_POISSON = 1e12; /* from here on the distribution is Poisson to the last digit */

/* --- closed forms ----------------------------------------------------------------------------- */

double score_crps_poisson(double y, double mean)
{
    if (!(mean > 0))
        return mean == 0 ? fabs(y) : NAN;
    double f = exp(dist_poisson_log_pmf(floor(y), mean)), upto = dist_poisson_cdf(y, mean);
    double half = mean * (dist_bessel_i_scaled(2 * mean, 0) + dist_bessel_i_scaled(2 * mean, 1));
    return (y - mean) * (2 * upto - 1) + 2 * mean * f - half;
}

/* Half the mean distance of two independent draws, mean (1 + m) 2F1(1 + size, 1/2; 2; -z), m =
 * mean/size, z = 4 m (1 + m). Euler's integral with t = sin^2 is (4/pi) of the integral over a
 * quarter turn of cos^2/(1 + z sin^2)^(1 + size): periodic and smooth, so that the trapezoid rule
 * gains digits with every point. */
static double half_distance_negbin(double mean, double size)
{
    double m = mean / size, z = 4 * m * (1 + m), sum = 0;
    /* Poles of the integrand lie asinh(1/sqrt z) off the axis; large powers narrow the peak instead. */
    double width = fmin(asinh(1 / sqrt(z)), 6 / sqrt(1 + z * (1 + size)));
    int n = (int)ceil(fmin(fmax(20 / width, 16), 1e6));
    for (int i = 0; i < n; i++) {
        double s = sin(acos(-1) * (i + 0.5) / (2 * n)), s2 = s * s;
        sum += (1 - s2) * exp(-(1 + size) * log1p(z * s2));
    }
    return mean * (1 + m) * 2 * sum / n;
}

double score_crps_negbin(double y, double mean, double size)
{
    if (size >= SIZE_POISSON || mean == 0)
        return score_crps_poisson(y, mean);
    if (!(mean > 0) || !(size > 0))
        return NAN;
    double upto = dist_negbin_cdf(y, mean, size);
    double before = y > 0 ? dist_negbin_cdf(y - 1, mean + mean / size, size + 1) : 0;
    return y * (2 * upto - 1) - mean * (2 * before - 1) - half_distance_negbin(mean, size);
}

/* --- one walk over the probabilities -------------------------------------------------------------
 * p(k + 1)/p(k) = (size + k)/(k + 1) * mean/(size + mean): from P(0) upwards this gives P(y), for the log score,
 * and every P(X <= k), for the RPS. The sum stops where the rest of the tail is nothing: its terms fall at least
 * as 1e-24. */

enum { WALK_MOST = 20000 };

static double rps_walk(double y, double mean, double size, double p0, double *p_y)
{
    bool poisson = size >= SIZE_POISSON;
    double q = poisson ? mean : mean / (size + mean), f = 0, p = p0, s = 0, k = 0;
    for (; k < y; k++) {
        f += p;
        s += f * f;
        p *= (poisson ? 1 : size + k) * q / (k + 1);
    }
    *p_y = p;
    for (double d = 1; k < mean || (d > 1e-12 && p > 1e-18); k++) {
        f += p;
        d = 1 - f;
        s += d * d;
        p *= (poisson ? 1 : size + k) * q / (k + 1);
    }
    return s;
}

struct score_count score_negbin(double y, double mean, double size)
{
    if (!(y >= 0) || y != floor(y) || !isfinite(y) || !(mean >= 0) || !isfinite(mean) || !(size > 0))
        return (struct score_count){NAN, NAN, NAN, NAN};
    double var = mean + mean * (mean / size), dev = y - mean, p_y = 0;
    struct score_count c = {.squared = dev * dev};
    if (mean == 0) {
        c.log = y > 0 ? INFINITY : 0;
        c.dss = y > 0 ? INFINITY : -INFINITY;
        c.rps = y;
        return c;
    }
    double log_p0 = size >= SIZE_POISSON ? -mean : -size * log1p(mean / size);
    if (log_p0 > -600 && y < WALK_MOST && mean + 12 * sqrt(var) < WALK_MOST)
        c.rps = rps_walk(y, mean, size, exp(log_p0), &p_y);
    else
        c.rps = score_crps_negbin(y, mean, size);
    c.log = p_y > 1e-280 ? -log(p_y) : -dist_negbin_log_pmf(y, mean, size);
    c.dss = dev * dev / var + log(var);
    return c;
}

struct many {
    size_t n;
    const double *y, *mean, *size;
    struct score_count *out;
    struct score_moments *moments;
};
enum { FORECASTS_PER_TASK = 4096 };

static void score_some(void *arg, size_t task, unsigned thread)
{
    (void)thread;
    const struct many *m = arg;
    for (size_t i = task * FORECASTS_PER_TASK; i < m->n && i < (task + 1) * FORECASTS_PER_TASK; i++) {
        double size = m->size ? m->size[i] : INFINITY;
        m->out[i] = score_negbin(m->y[i], m->mean[i], size);
        if (m->moments)
            m->moments[i] = score_negbin_moments(m->mean[i], size);
    }
}

static enum stat_reason score_all(const struct stat_run *run, struct many *m)
{
    size_t tasks = (m->n + FORECASTS_PER_TASK - 1) / FORECASTS_PER_TASK;
    return stat_parallel(run, tasks, score_some, m) ? STAT_REASON_NONE : STAT_REASON_STOPPED;
}

enum stat_reason score_negbin_many(const struct stat_run *run, size_t n, const double *y, const double *mean,
                                   const double *size, struct score_count *out)
{
    struct many m = {n, y, mean, size, out, NULL};
    return score_all(run, &m);
}

/* --- are the scores those of true forecasts? -------------------------------------------------- */

/* Sums over the range that holds all but 1e-20 of the probability. psi(k) = E|X - k| rises by 2 F(k) - 1. */
struct score_moments score_negbin_moments(double mean, double size)
{
    struct score_moments m = {NAN, NAN, NAN, NAN, NAN, NAN};
    if (!(mean > 0) || !isfinite(mean) || !(size > 0))
        return m;
    bool poisson = size >= SIZE_POISSON;
    double var = mean + mean * (mean / size), q = poisson ? mean : mean / (size + mean);
    double k = mean > 500 ? dist_negbin_quantile(1e-20, mean, size) : 0;
    double log_p = dist_negbin_log_pmf(k, mean, size), p = exp(log_p), f = 0, psi = mean - k;
    struct num_sum l1 = {0, 0}, l2 = {0, 0}, r1 = {0, 0}, r2 = {0, 0};
    for (; k < mean || p > 1e-24; k++) {
        f += p;
        num_add(&l1, -p * log_p);
        num_add(&l2, p * log_p * log_p);
        num_add(&r1, p * psi);
        num_add(&r2, p * psi * psi);
        psi += 2 * fmin(f, 1) - 1;
        double ratio = (poisson ? 1 : size + k) * q / (k + 1);
        p *= ratio;
        log_p += log(ratio);
    }
    m.log_mean = num_total(l1);
    m.log_var = num_total(l2) - m.log_mean * m.log_mean;
    m.rps_mean = num_total(r1) / 2;
    m.rps_var = num_total(r2) - 4 * m.rps_mean * m.rps_mean;
    m.dss_mean = 1 + log(var);
    m.dss_var = 2 + 6 / size + 1 / var;
    return m;
}

struct score_calibration score_calibration(struct arena *a, const struct stat_run *run, size_t n,
                                           const double *y, const double *mean, const double *size,
                                           enum score_kind kind, enum score_calibration_method method)
{
    struct score_calibration c = {.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY, .n = n, .score = NAN,
                                  .expected = NAN, .z = NAN, .p = NAN};
    if (n == 0)
        return c;
    struct many m = {n, y, mean, size, arena_array(a, n, sizeof(struct score_count)),
                     arena_array(a, n, sizeof(struct score_moments))};
    c.reason = score_all(run, &m);
    if (c.reason != STAT_REASON_NONE)
        return c;
    struct num_sum score = {0, 0}, expected = {0, 0}, away = {0, 0}, var = {0, 0}, each = {0, 0};
    for (size_t i = 0; i < n; i++) {
        const struct score_moments *e = &m.moments[i];
        const struct score_count *s = &m.out[i];
        double got = kind == SCORE_LOG ? s->log : kind == SCORE_RPS ? s->rps : s->dss;
        double want = kind == SCORE_LOG ? e->log_mean : kind == SCORE_RPS ? e->rps_mean : e->dss_mean;
        double v = kind == SCORE_LOG ? e->log_var : kind == SCORE_RPS ? e->rps_var : e->dss_var;
        num_add(&score, got);
        num_add(&expected, want);
        num_add(&away, got - want);
        num_add(&var, v);
        num_add(&each, (got - want) / sqrt(v));
    }
    double z =
        method == SCORE_JOINT ? num_total(away) / sqrt(num_total(var)) : num_total(each) / sqrt((double)n);
    c.reason = STAT_REASON_INVALID;
    if (!isfinite(z))
        return c;
    c.score = num_total(score) / (double)n;
    c.expected = num_total(expected) / (double)n;
    c.z = z;
    c.p = 2 * dist_normal_cdf(-fabs(z), 0, 1);
    c.status = STAT_OK;
    c.reason = STAT_REASON_NONE;
    return c;
}
