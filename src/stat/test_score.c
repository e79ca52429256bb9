/* test_score.c - scores against R's distribution functions summed term by term, and closed forms. */
#include "stat/score.h"

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/rng.h"
#include "tap.h"

static void test_counts(void)
{
    is_num(score_negbin(3, 5.5, 1.7).rps, 1.16990222081292, 1e-12, "RPS of a negative binomial forecast");
    is_num(score_negbin(0, 0.3, 0.8).rps, 0.0539107637152904, 1e-12,
           "RPS of a rare event that did not happen");
    is_num(score_negbin(900, 800, 20).rps, 68.9124090950802, 1e-12, "RPS of a large count");
    is_num(score_negbin(6, 4, INFINITY).rps, 1.2805720623276804, 1e-12, "RPS of a Poisson forecast");
    is_num(score_negbin(1400, 1500, INFINITY).rps, 78.257954464082005, 1e-12,
           "RPS where the chance of 0 is below what a number holds");
    is_num(score_negbin(3, 5.5, 1.7).log, 2.2214151442879, 1e-13, "log score");
    is_num(score_negbin(900, 800, 20).log, 6.37957363442647, 1e-13, "log score of a large count");
    double v = 5.5 + 5.5 * 5.5 / 1.7;
    is_num(score_negbin(3, 5.5, 1.7).dss, 6.25 / v + log(v), 1e-14, "Dawid-Sebastiani score");
    const double y[2] = {3, 0}, m[2] = {5.5, 0.3}, s[2] = {1.7, 0.8};
    double l[2], r[2];
    score_negbin_many(2, y, m, s, l, r, NULL);
    is_num(r[1], 0.0539107637152904, 1e-12, "many at once give the same");
    is_num(l[0], 2.2214151442879, 1e-13, "also the log score");
}

static void test_intervals(struct arena *a)
{
    const double x[] = {1.2, 3.4, 2.2, 5.9, 0.4};
    is_num(score_crps_sample(a, 2.5, x, 5), 0.544, 1e-14, "CRPS of a sample");
    is_num(score_crps_normal(1, 1, 2), 2 * (2 / sqrt(2 * acos(-1)) - 1 / sqrt(acos(-1))), 1e-14,
           "CRPS of a normal forecast at its centre");
    is_num(score_interval(12, 3, 10, 0.95), 7 + 40 * 2, 1e-10, "a miss costs 2/alpha times its distance");
    is_num(score_interval(5, 3, 10, 0.95), 7, 0, "a hit costs the width");
    const double level[] = {0.5, 0.9}, lo[] = {4, 2}, hi[] = {6, 9};
    is_num(score_weighted_interval(7, 5, 2, level, lo, hi),
           (0.5 * 2 + 0.25 * (2 + 4 * 1) + 0.05 * 7) / 2.5, 1e-14, "weighted interval score");
    /* Many central intervals make it the quantile form of the CRPS. */
    enum { K = 2000 };
    static double lv[K], l[K], u[K];
    for (int k = 0; k < K; k++) {
        lv[k] = 1 - 2 * (k + 0.5) / (2 * K + 1) - 1.0 / (2 * K + 1);
        l[k] = dist_normal_quantile((1 - lv[k]) / 2, 0, 1);
        u[k] = -l[k];
    }
    is_num(score_weighted_interval(0.7, 0, K, lv, l, u), score_crps_normal(0.7, 0, 1), 2e-3,
           "with many intervals it tends to the CRPS");
}

static void test_calibration(struct arena *a)
{
    enum { N = 20000 };
    static double low[N], high[N], y[N], lo[N], hi[N], sa[N], sb[N];
    static int32_t period[N];
    struct rng r = rng_stream(5, "pit", 0);
    for (int i = 0; i < N; i++) {
        double mean = 0.5 + 5 * rng_uniform(&r);
        y[i] = (double)rng_negbin(&r, mean, 2);
        low[i] = y[i] > 0 ? dist_negbin_cdf(y[i] - 1, mean, 2) : 0;
        high[i] = dist_negbin_cdf(y[i], mean, 2);
        lo[i] = dist_negbin_quantile(0.1, mean, 2);
        hi[i] = dist_negbin_quantile(0.9, mean, 2);
        sa[i] = score_negbin(y[i], mean, 2).log;
        sb[i] = score_negbin(y[i], mean, INFINITY).log;
        period[i] = i / 500;
    }
    double bin[10], sum = 0, worst = 0;
    is_int(score_pit(N, low, high, 10, bin), 0, "no forecast held its outcome impossible");
    for (int j = 0; j < 10; j++) {
        sum += bin[j];
        worst = fmax(worst, fabs(bin[j] - 1));
    }
    is_num(sum, 10, 1e-10, "PIT densities have mean one");
    ok(worst < 0.08, "true forecasts have a flat PIT");
    struct score_coverage c = score_coverage(N, y, lo, hi);
    ok(c.lower >= 0.8 - 0.01 && c.share < 1, "80 % intervals of counts cover at least 80 %");
    struct score_comparison d = score_compare(a, N, sa, sb, period, 1, 0.95);
    is_int(d.n, 40, "cases of one period count as one");
    is_int(d.better, -1, "the true distribution beats the Poisson");
    const double x[] = {.2, -.1, .4, .3, .1, .25, -.05, .3}, zero[8] = {0};
    d = score_compare(a, 8, x, zero, NULL, 1, 0.95);
    is_num(d.lower, 0.026789331447925460, 1e-12, "one step ahead the comparison is the paired t interval");
    is_num(d.p, 0.026829732501933691, 1e-10, "with its p value");
    is_int(score_compare(a, 3, x, zero, NULL, 1, 0.95).status, STAT_REFUSED, "three periods compare nothing");
    is_int(score_compare(a, 8, zero, zero, NULL, 1, 0.95).reason, STAT_REASON_SINGULAR,
           "equal scores compare nothing");
    low[0] = high[0] = 0;
    is_int(score_pit(N, low, high, 10, bin), 1, "an impossible outcome is reported, not hidden");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_counts();
    test_intervals(a);
    test_calibration(a);
    arena_free(a);
    return done();
}
