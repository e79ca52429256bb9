/* score.c - scores of samples, intervals and normal forecasts; calibration. */
#include "stat/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/parallel.h"

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

/* Mean distance between two draws of a sorted sample, times m^2/2: each value counts by its rank. */
double score_crps_sample_fair(struct arena *a, double y, const double *x, size_t m)
{
    if (m < 2)
        return NAN;
    double *s = arena_array(a, m, sizeof *s), n = (double)m;
    struct num_sum near = {0, 0}, spread = {0, 0};
    memcpy(s, x, m * sizeof *s);
    qsort(s, m, sizeof *s, by_value);
    for (size_t i = 0; i < m; i++) {
        num_add(&near, fabs(s[i] - y));
        num_add(&spread, s[i] * (2 * (double)i - n + 1));
    }
    return num_total(near) / n - num_total(spread) / (n * (n - 1));
}

double score_dss_sample(double y, const double *x, size_t m)
{
    double mean = num_sum_array(x, m) / (double)m;
    struct num_sum square = {0, 0};
    for (size_t i = 0; i < m; i++)
        num_add(&square, (x[i] - mean) * (x[i] - mean));
    double var = num_total(square) / (double)m;
    return var > 0 ? (y - mean) * (y - mean) / var + log(var) : NAN;
}

double score_crps_normal(double y, double mean, double sd)
{
    double z = (y - mean) / sd;
    return sd * (z * (2 * dist_normal_cdf(z, 0, 1) - 1) + 2 * exp(dist_normal_log_pdf(z, 0, 1)) -
                 1 / sqrt(acos(-1)));
}

struct score_normal score_normal(double y, double mean, double sd)
{
    if (!isfinite(y) || !isfinite(mean) || !(sd > 0) || !isfinite(sd))
        return (struct score_normal){NAN, NAN, NAN, NAN};
    double dev = y - mean;
    return (struct score_normal){.log = -dist_normal_log_pdf(y, mean, sd),
                                 .crps = score_crps_normal(y, mean, sd),
                                 .dss = dev / sd * (dev / sd) + 2 * log(sd),
                                 .squared = dev * dev};
}

/* --- vectors ---------------------------------------------------------------------------------- */

static double distance(const double *p, const double *q, size_t d)
{
    double s = 0;
    for (size_t j = 0; j < d; j++)
        s += (p[j] - q[j]) * (p[j] - q[j]);
    return sqrt(s);
}

struct energy {
    size_t d, m;
    const double *x, *y;
    double *near, *spread; /* by task */
};
enum { DRAWS_PER_TASK = 64 };

static void energy_some(void *arg, size_t task, unsigned thread)
{
    (void)thread;
    const struct energy *e = arg;
    struct num_sum near = {0, 0}, spread = {0, 0};
    for (size_t i = task * DRAWS_PER_TASK; i < e->m && i < (task + 1) * DRAWS_PER_TASK; i++) {
        num_add(&near, distance(e->x + i * e->d, e->y, e->d));
        for (size_t j = 0; j < i; j++)
            num_add(&spread, distance(e->x + i * e->d, e->x + j * e->d, e->d));
    }
    e->near[task] = num_total(near);
    e->spread[task] = num_total(spread);
}

enum stat_reason score_energy(struct arena *a, const struct stat_run *run, const double *y, size_t d,
                              const double *x, size_t m, double *score)
{
    size_t tasks = (m + DRAWS_PER_TASK - 1) / DRAWS_PER_TASK;
    struct energy e = {
        d, m, x, y, arena_array(a, tasks + 1, sizeof(double)), arena_array(a, tasks + 1, sizeof(double))};
    *score = NAN;
    if (m == 0 || d == 0)
        return STAT_REASON_EMPTY;
    if (!stat_parallel(run, tasks, energy_some, &e))
        return STAT_REASON_STOPPED;
    double n = (double)m;
    *score = num_sum_array(e.near, tasks) / n - num_sum_array(e.spread, tasks) / (n * n);
    return STAT_REASON_NONE;
}

/* --- intervals -------------------------------------------------------------------------------- */

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

struct score_weighted score_weighted_parts(double y, double median, size_t k, const double *level,
                                           const double *lower, const double *upper)
{
    struct score_weighted s = {0, 0, 0, 0};
    double weights = (double)k + 0.5;
    s.under = 0.5 * fmax(0, y - median);
    s.over = 0.5 * fmax(0, median - y);
    for (size_t i = 0; i < k; i++) {
        s.spread += (1 - level[i]) / 2 * (upper[i] - lower[i]);
        s.under += fmax(0, y - upper[i]);
        s.over += fmax(0, lower[i] - y);
    }
    s.spread /= weights;
    s.under /= weights;
    s.over /= weights;
    s.score = score_weighted_interval(y, median, k, level, lower, upper);
    return s;
}

double score_quantile(double y, double q, double p)
{
    return 2 * ((y <= q ? 1 : 0) - p) * (q - y);
}

size_t score_pit_continuous(size_t n, const double *value, size_t bins, double *density)
{
    size_t without = 0;
    memset(density, 0, bins * sizeof *density);
    for (size_t i = 0; i < n; i++) {
        if (!(value[i] >= 0 && value[i] <= 1)) {
            without++;
            continue;
        }
        size_t bin = (size_t)(value[i] * (double)bins);
        density[bin < bins ? bin : bins - 1] += 1;
    }
    for (size_t j = 0; j < bins; j++)
        density[j] *= (double)bins / (double)(n - without);
    return without;
}

void score_pit_negbin(size_t n, const double *y, const double *mean, const double *size, double *low,
                      double *high)
{
    for (size_t i = 0; i < n; i++) {
        double s = size ? size[i] : INFINITY;
        low[i] = y[i] > 0 ? dist_negbin_cdf(y[i] - 1, mean[i], s) : 0;
        high[i] = dist_negbin_cdf(y[i], mean[i], s);
    }
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
