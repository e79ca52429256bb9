/* score.c - proper scores, calibration and paired comparison of forecasts. */
#include "stat/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"

/* Sum over k of (F(k) - [y <= k])^2, walking the probabilities up from P(0) by their ratio:
 * p(k + 1)/p(k) = (size + k)/(k + 1) * mean/(size + mean). */
static double rps_walk(double y, double mean, double size, double p0)
{
    double q = isfinite(size) ? mean / (size + mean) : 0, f = 0, p = p0;
    struct num_sum s = {0, 0};
    for (double k = 0; k < y || f < 1 - 1e-15; k++) {
        f += p;
        if (k > mean && k >= y && (p < 1e-18 || f >= 1)) /* the rest of the tail is nothing */
            break;
        double d = k < y ? f : 1 - f;
        num_add(&s, d * d);
        p *= isfinite(size) ? (size + k) / (k + 1) * q : mean / (k + 1);
    }
    return num_total(s);
}

/* The same by distribution function, where P(0) is below what a double holds. */
static double rps_by_cdf(double y, double mean, double size)
{
    double sd = sqrt(mean + mean * (mean / size));
    double from = floor(fmax(0, mean - 40 * sd)), to = ceil(fmax(mean + 40 * sd, y));
    struct num_sum s = {0, 0};
    if (y < from)
        num_add(&s, from - y);
    for (double k = from; k <= to; k++) {
        double f = dist_negbin_cdf(k, mean, size), d = k < y ? f : 1 - f;
        num_add(&s, d * d);
        if (k >= y && d < 1e-15)
            break;
    }
    return num_total(s);
}

static double rps(double y, double mean, double size)
{
    if (mean == 0)
        return y;
    double log_p0 = dist_negbin_log_pmf(0, mean, size);
    return log_p0 > -600 ? rps_walk(y, mean, size, exp(log_p0)) : rps_by_cdf(y, mean, size);
}

struct score_count score_negbin(double y, double mean, double size)
{
    double var = mean + mean * (mean / size), dev = y - mean;
    return (struct score_count){
        .log = -dist_negbin_log_pmf(y, mean, size),
        .rps = rps(y, mean, size),
        .dss = dev * dev / var + log(var),
        .squared = dev * dev,
    };
}

void score_negbin_many(size_t n, const double *y, const double *mean, const double *size, double *log_score,
                       double *rps_out, double *dss)
{
    for (size_t i = 0; i < n; i++) {
        double var = mean[i] + mean[i] * (mean[i] / size[i]);
        if (log_score)
            log_score[i] = -dist_negbin_log_pmf(y[i], mean[i], size[i]);
        if (rps_out)
            rps_out[i] = rps(y[i], mean[i], size[i]);
        if (dss)
            dss[i] = (y[i] - mean[i]) * (y[i] - mean[i]) / var + log(var);
    }
}

static int by_value(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

double score_crps_sample(struct arena *a, double y, const double *x, size_t m)
{
    if (m == 0)
        return NAN;
    double *s = arena_array(a, m, sizeof *s), n = (double)m;
    struct num_sum sum = {0, 0};
    memcpy(s, x, m * sizeof *s);
    qsort(s, m, sizeof *s, by_value);
    for (size_t i = 0; i < m; i++)
        num_add(&sum, (s[i] - y) * ((y < s[i] ? n : 0) - (double)i - 0.5));
    return 2 / (n * n) * num_total(sum);
}

double score_crps_normal(double y, double mean, double sd)
{
    double z = (y - mean) / sd;
    return sd * (z * (2 * dist_normal_cdf(z, 0, 1) - 1) + 2 * exp(dist_normal_log_pdf(z, 0, 1)) -
                 1 / sqrt(acos(-1)));
}

double score_interval(double y, double lower, double upper, double level)
{
    double alpha = 1 - level, miss = y < lower ? lower - y : y > upper ? y - upper : 0;
    return upper - lower + 2 / alpha * miss;
}

double score_weighted_interval(double y, double median, size_t k, const double *level,
                               const double *lower, const double *upper)
{
    double sum = 0.5 * fabs(y - median);
    for (size_t i = 0; i < k; i++)
        sum += (1 - level[i]) / 2 * score_interval(y, lower[i], upper[i], level[i]);
    return sum / ((double)k + 0.5);
}

size_t score_pit(size_t n, const double *low, const double *high, size_t bins, double *density)
{
    size_t impossible = 0;
    memset(density, 0, bins * sizeof *density);
    for (size_t i = 0; i < n; i++) {
        if (!(high[i] > low[i])) {
            impossible++;
            continue;
        }
        /* Mean over forecasts of the PIT's distribution function, differenced at the bin ends. */
        double before = 0;
        for (size_t j = 1; j <= bins; j++) {
            double u = (double)j / (double)bins;
            double f = u <= low[i] ? 0 : u >= high[i] ? 1 : (u - low[i]) / (high[i] - low[i]);
            density[j - 1] += f - before;
            before = f;
        }
    }
    for (size_t j = 0; j < bins; j++)
        density[j] *= (double)bins / (double)(n - impossible);
    return impossible;
}

struct score_coverage score_coverage(size_t n, const double *y, const double *lower,
                                     const double *upper)
{
    struct score_coverage c = {.n = n};
    for (size_t i = 0; i < n; i++)
        c.inside += y[i] >= lower[i] && y[i] <= upper[i];
    double k = (double)c.inside, m = (double)n;
    c.share = n ? k / m : NAN;
    c.lower = k > 0 ? dist_beta_quantile(0.025, k, m - k + 1) : 0;
    c.upper = k < m ? dist_beta_quantile(0.975, k + 1, m - k) : 1;
    return c;
}

/* Mean differences by period into d; their number. */
static size_t period_means(size_t n, const double *a, const double *b, const int32_t *period, double *d)
{
    size_t m = 0;
    for (size_t from = 0, to; from < n; from = to) {
        double sum = 0;
        for (to = from; to < n && (to == from || (period && period[to] == period[from])); to++)
            sum += a[to] - b[to];
        d[m++] = sum / (double)(to - from);
    }
    return m;
}

struct score_comparison score_compare(struct arena *arena, size_t n, const double *a, const double *b,
                                      const int32_t *period, int horizon, double level)
{
    struct score_comparison c = {.status = STAT_REFUSED, .reason = STAT_REASON_FEW_PERIODS};
    double *d = arena_array(arena, n + 1, sizeof *d);
    c.mean_a = num_sum_array(a, n) / (double)n;
    c.mean_b = num_sum_array(b, n) / (double)n;
    c.n = period_means(n, a, b, period, d);
    c.se = c.lower = c.upper = c.p = NAN;
    double m = (double)c.n, h = horizon > 1 ? horizon : 1;
    c.difference = c.n ? num_sum_array(d, c.n) / m : NAN;
    if (c.n < 4)
        return c;
    double v = 0;
    for (size_t lag = 0; lag < (size_t)h && lag < c.n; lag++) {
        double g = 0;
        for (size_t t = lag; t < c.n; t++)
            g += (d[t] - c.difference) * (d[t - lag] - c.difference);
        v += (lag ? 2 : 1) * g / m;
    }
    double correction = (m + 1 - 2 * h + h * (h - 1) / m) / m;
    c.reason = STAT_REASON_SINGULAR;
    if (!(v > 0) || !(correction > 0))
        return c;
    c.se = sqrt(v / m / correction);
    double t = dist_t_quantile(0.5 + level / 2, m - 1);
    c.lower = c.difference - t * c.se;
    c.upper = c.difference + t * c.se;
    c.p = 2 * dist_t_cdf(-fabs(c.difference / c.se), m - 1);
    c.better = c.upper < 0 ? -1 : c.lower > 0 ? 1 : 0;
    c.status = STAT_OK;
    c.reason = STAT_REASON_NONE;
    return c;
}
