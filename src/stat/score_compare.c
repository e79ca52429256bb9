/* score_compare.c - which of two methods forecasts better? */
#include <math.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/num.h"
#include "stat/rng.h"
#include "stat/score.h"

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

/* How many exchanges differ at least as much: every one of 2^n (bits of `which`) or drawn ones. */
static size_t count_exchanges(const double *d, size_t n, double observed, size_t exchanges, bool all,
                              uint64_t seed)
{
    size_t above = 0;
    struct rng r = rng_stream(seed, "permute", 0);
    for (size_t e = 0; e < exchanges; e++) {
        uint64_t which = e;
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            if (!all && i % 64 == 0)
                which = rng_u64(&r);
            sum += which >> (i % 64) & 1 ? -d[i] : d[i];
        }
        above += fabs(sum) >= fabs(observed) * (1 - 1e-12);
    }
    return above;
}

struct score_permutation score_permute(struct arena *arena, size_t n, const double *a, const double *b,
                                       const int32_t *period, size_t exchanges, uint64_t seed)
{
    struct score_permutation s = {.status = STAT_REFUSED, .reason = STAT_REASON_FEW_PERIODS};
    double *d = arena_array(arena, n + 1, sizeof *d), square = 0;
    s.n = period_means(n, a, b, period, d);
    s.difference = s.p = s.p_t = NAN;
    if (s.n < 2 || exchanges == 0)
        return s;
    double m = (double)s.n, sum = num_sum_array(d, s.n);
    for (size_t i = 0; i < s.n; i++)
        square += (d[i] - sum / m) * (d[i] - sum / m);
    s.reason = STAT_REASON_INVALID;
    if (!isfinite(square))
        return s;
    s.difference = sum / m;
    s.exact = s.n < 63 && ((uint64_t)1 << s.n) <= exchanges;
    s.exchanges = s.exact ? (size_t)1 << s.n : exchanges;
    size_t above = count_exchanges(d, s.n, sum, s.exchanges, s.exact, seed);
    s.p = s.exact ? (double)above / (double)s.exchanges : (double)(above + 1) / (double)(s.exchanges + 1);
    double se = sqrt(square / (m - 1) / m);
    s.p_t = se > 0 ? 2 * dist_t_cdf(-fabs(s.difference) / se, m - 1) : s.difference == 0 ? 1 : 0;
    s.status = STAT_OK;
    s.reason = STAT_REASON_NONE;
    return s;
}
