/* test_score.c - scores against R's distribution functions summed term by term, and closed forms. */
#include "stat/score.h"

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/parallel.h"
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
    is_num(score_negbin(2, 0, 3).rps, 2, 0, "a forecast of nothing misses by the count");
    ok(isnan(score_negbin(1.5, 2, 3).log) && isnan(score_negbin(-1, 2, 3).rps) &&
           isnan(score_negbin(1, 2, 0).dss),
       "what is no count or no distribution has no score");
}

/* scores() of R's surveillance 1.20.3: logs, rps, dss; then the same as Poisson. */
enum { TEN = 10 };
static const double ten_y[TEN] = {0, 3, 7, 2, 12, 5, 0, 1, 30, 4},
                    ten_mean[TEN] = {.3, 5.5, 4, 2.5, 8, 5, 1.2, .8, 22, 6},
                    ten_size[TEN] = {.8, 1.7, 10, 3, 2, 5, .5, 4, 6, 2.5};

static void peer_scores(void)
{
    static const double want[6][TEN] = {
        {0.254762984894828, 2.2214151442879, 2.78919188074592, 1.60356266221143, 3.33164908317718,
         2.09518989864798, 0.611887715811058, 1.13475133528398, 3.78708443811465, 2.25283999709188},
        {0.0539107637152904, 1.16990222081292, 2.0416480643752, 0.452836533288439, 3.07187482664904,
         0.733050490905858, 0.3270233191769, 0.275293101998032, 5.40936324559856, 1.08236499756765},
        {-0.667337255025583, 3.41650894800635, 3.32990945488396, 1.57697198998993, 4.08887945411394,
         2.30258509299405, 1.75903816488666, 0.000844672146411485, 5.25486411768209, 3.21161333222272},
        {0.3, 2.17751519251278, 2.82110083322618, 1.36056571681164, 3.03391599550386, 1.74030218061154, 1.2,
         1.02314355131421, 3.92696274808069, 2.01101595343573},
        {0.0685525132135752, 1.43022084143989, 2.05922410552253, 0.369982288730412, 2.67650135767705,
         0.509193604939086, 0.617875905904204, 0.240790338124332, 5.57999405832939, 1.09866228619155},
        {-0.903972804325936, 2.84111172860206, 3.63629436111989, 1.01629073187416, 4.07944154167984,
         1.6094379124341, 1.38232155679395, -0.17314355131421, 6.00013336244923, 2.45842613589472}};
    struct score_count nb[TEN], poisson[TEN];
    double worst = 0, closed = 0;
    score_negbin_many(NULL, TEN, ten_y, ten_mean, ten_size, nb);
    score_negbin_many(NULL, TEN, ten_y, ten_mean, NULL, poisson);
    for (int i = 0; i < TEN; i++) {
        double got[6] = {nb[i].log, nb[i].rps, nb[i].dss, poisson[i].log, poisson[i].rps, poisson[i].dss};
        for (int k = 0; k < 6; k++)
            worst = fmax(worst, fabs(got[k] - want[k][i]));
        closed = fmax(closed, fabs(score_crps_negbin(ten_y[i], ten_mean[i], ten_size[i]) - nb[i].rps));
        closed = fmax(closed, fabs(score_crps_poisson(ten_y[i], ten_mean[i]) - poisson[i].rps));
    }
    printf("# largest differences %g, closed forms %g\n", worst, closed);
    ok(worst < 1e-13, "scores of ten forecasts");
    ok(closed < 1e-12, "closed forms give the same");
}

/* Over the whole range of forecasts the sum, the closed form and the distribution function agree. */
static void test_range(void)
{
    struct rng r = rng_stream(6, "range", 0);
    double worst = 0, worst_log = 0;
    for (int i = 0; i < 4000; i++) {
        double mean = exp(-4 + 12 * rng_uniform(&r)), size = exp(-2 + 12 * rng_uniform(&r));
        double y = (double)rng_negbin(&r, mean, size) + (i % 7 == 0 ? floor(mean) : 0);
        struct score_count s = score_negbin(y, mean, size);
        worst = fmax(worst, fabs(s.rps - score_crps_negbin(y, mean, size)) / fmax(s.rps, 1e-3 * mean));
        worst_log = fmax(worst_log, fabs(s.log + dist_negbin_log_pmf(y, mean, size)) / fmax(1, s.log));
    }
    printf("# RPS against closed form %g, log score %g\n", worst, worst_log);
    ok(worst < 1e-10, "4,000 forecasts: sum and closed form of the RPS");
    ok(worst_log < 1e-11, "their log scores");
    is_num(score_crps_poisson(1000100, 1e6), score_crps_negbin(1000100, 1e6, 1e11), 1e-4,
           "Poisson is the limit");
    is_num(score_crps_poisson(1000100, 1e6), score_crps_normal(1000100.5, 1e6 + 0.5, 1000), 1e-3,
           "large counts are nearly normal");
}

static void test_threads(void)
{
    enum { N = 20000 };
    static double y[N], mean[N], size[N];
    static struct score_count one[N], two[N];
    struct rng r = rng_stream(7, "threads", 0);
    struct stat_run run = {.threads = 2};
    for (int i = 0; i < N; i++) {
        mean[i] = 10 * rng_uniform(&r);
        size[i] = 0.5 + rng_uniform(&r);
        y[i] = (double)rng_negbin(&r, mean[i], size[i]);
    }
    score_negbin_many(NULL, N, y, mean, size, one);
    score_negbin_many(&run, N, y, mean, size, two);
    is_int(memcmp(one, two, sizeof one), 0, "two threads give the same bytes");
}

/* calibrationTest() of surveillance, tolerance 1e-11 of its sums (its default is 1e-4; ours are to 1e-15). */
static void peer_calibration(struct arena *a)
{
    static const struct {
        enum score_kind kind;
        enum score_calibration_method method;
        double z, p, poisson_z, poisson_p;
    } want[] = {
        {SCORE_DSS, SCORE_JOINT, -0.811647894045155, 0.41699370099849, 0.118273293591956, 0.905851117478714},
        {SCORE_DSS, SCORE_EACH, -0.844319034691243, 0.398491152255135, 0.238320240746025, 0.811632723706567},
        {SCORE_LOG, SCORE_JOINT, -0.872146062601171, 0.383128699968971, 0.105720666028822, 0.915803983120168},
        {SCORE_LOG, SCORE_EACH, -0.757579130513694, 0.448702977647961, 0.102787729113271, 0.918131444425947},
        {SCORE_RPS, SCORE_JOINT, -0.727203954838879, 0.467101023869729, 1.06290434756631, 0.28782533123401},
        {SCORE_RPS, SCORE_EACH, -0.993979931310568, 0.320232637890716, 0.319407390560622, 0.749417607260238}};
    double worst = 0;
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        struct score_calibration nb = score_calibration(a, NULL, TEN, ten_y, ten_mean, ten_size, want[k].kind,
                                                        want[k].method);
        struct score_calibration poisson =
            score_calibration(a, NULL, TEN, ten_y, ten_mean, NULL, want[k].kind, want[k].method);
        worst = fmax(worst, fmax(fabs(nb.z - want[k].z), fabs(nb.p - want[k].p)));
        worst = fmax(worst, fmax(fabs(poisson.z - want[k].poisson_z), fabs(poisson.p - want[k].poisson_p)));
    }
    printf("# largest difference %g\n", worst);
    ok(worst < 1e-8, "calibration tests");
    struct score_moments m = score_negbin_moments(5.5, 1.7);
    is_num(m.log_mean, 2.75170560836402, 1e-9, "expected log score");
    is_num(m.log_var, 0.688626688927412, 1e-8, "its variance");
    is_num(m.rps_mean, 2.52261039563535, 1e-9, "expected RPS");
    is_num(m.rps_var, 6.32140932841786, 1e-8, "its variance");
    is_num(m.dss_var, 5.57234105763518, 1e-12, "variance of the Dawid-Sebastiani score");
    m = score_negbin_moments(2000, INFINITY);
    is_num(m.log_mean, 0.5 + 0.5 * log(2 * acos(-1) * 2000) - 1.0 / 24000 - 1.0 / 24 / 4e6, 1e-9,
           "expected log score of a large count (asymptotic series)");
    is_num(m.rps_mean, 2000 * (dist_bessel_i_scaled(4000, 0) + dist_bessel_i_scaled(4000, 1)), 1e-10,
           "expected RPS of a large count (Bessel functions)");
}

/* The tests reject 5 of 100 sets of true forecasts, and nearly all that are too sure of themselves. */
static void test_calibration_level(void)
{
    enum { N = 60, RUNS = 2000 };
    double y[N], mean[N], size[N];
    int wrong[3] = {0}, found = 0;
    for (uint64_t k = 0; k < RUNS; k++) {
        struct rng r = rng_stream(8, "true", k);
        struct arena *a = arena_new(0);
        for (int i = 0; i < N; i++) {
            mean[i] = 1 + i % 6;
            size[i] = 2;
            y[i] = (double)rng_negbin(&r, mean[i], size[i]);
        }
        for (int kind = SCORE_LOG; kind <= SCORE_DSS; kind++)
            wrong[kind] +=
                score_calibration(a, NULL, N, y, mean, size, (enum score_kind)kind, SCORE_EACH).p < 0.05;
        if (k < 200)
            found += score_calibration(a, NULL, N, y, mean, NULL, SCORE_LOG, SCORE_EACH).p < 0.05;
        arena_free(a);
    }
    printf("# rejected log %d, RPS %d, DSS %d of %d; %d of 200 wrong ones\n", wrong[0], wrong[1], wrong[2],
           RUNS, found);
    ok(wrong[0] >= 70 && wrong[0] <= 130 && wrong[1] >= 70 && wrong[1] <= 130,
       "true forecasts are seldom rejected");
    ok(wrong[2] >= 40 && wrong[2] <= 160, "also by the score with the longest tail");
    ok(found >= 180, "too narrow ones are");
}

/* The interval of a comparison covers the true difference in 95 of 100 cases, one step ahead and, from more
 * periods, three steps ahead, where errors of neighbouring periods have a common part; p values are even. */
static void test_compare_level(void)
{
    enum { RUNS = 2000, SHORT = 24, LONG = 200 };
    int inside[2] = {0}, small = 0;
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        struct rng r = rng_stream(10, "compare", k);
        double e[LONG + 2], x[LONG], zero[LONG] = {0};
        for (int t = 0; t < LONG + 2; t++)
            e[t] = rng_normal(&r);
        for (int t = 0; t < SHORT; t++)
            x[t] = 0.3 + e[t];
        struct score_comparison c = score_compare(a, SHORT, x, zero, NULL, 1, 0.95);
        inside[0] += c.lower <= 0.3 && c.upper >= 0.3;
        small += score_permute(a, SHORT, e, zero, NULL, 199, k).p <= 0.05;
        for (int t = 0; t < LONG; t++)
            x[t] = 0.3 + e[t] + 0.6 * e[t + 1] + 0.3 * e[t + 2];
        c = score_compare(a, LONG, x, zero, NULL, 3, 0.95);
        inside[1] += c.lower <= 0.3 && c.upper >= 0.3;
        arena_free(a);
    }
    printf("# covered %d and, three steps ahead, %d of %d; %d p values up to 0.05\n", inside[0], inside[1],
           RUNS, small);
    ok(fabs(inside[0] / (double)RUNS - 0.95) < 0.015, "intervals of a comparison cover 95 of 100");
    ok(fabs(inside[1] / (double)RUNS - 0.95) < 0.015, "also three steps ahead");
    ok(fabs(small / (double)RUNS - 0.05) < 0.015, "p values of the permutation test are even");
}

static void test_intervals(struct arena *a)
{
    const double x[] = {1.2, 3.4, 2.2, 5.9, 0.4};
    is_num(score_crps_sample(a, 2.5, x, 5), 0.544, 1e-14, "CRPS of a sample");
    is_num(score_crps_normal(1, 1, 2), 2 * (2 / sqrt(2 * acos(-1)) - 1 / sqrt(acos(-1))), 1e-14,
           "CRPS of a normal forecast at its centre");
    const double pair[] = {1, 4};
    is_num(score_crps_sample(a, 2, pair, 2), 1.5 - 0.75, 1e-14, "CRPS of two draws: 3/2 - 3/4");
    is_num(score_crps_sample_fair(a, 2, pair, 2), 0, 1e-14, "without the bias of the small sample 3/2 - 3/2");
    is_num(score_dss_sample(2, pair, 2), 0.25 / 2.25 + log(2.25), 1e-14, "Dawid-Sebastiani of a sample");
    struct score_normal g = score_normal(3, 1, 2);
    is_num(g.log, 0.5 + log(2) + 0.5 * log(2 * acos(-1)), 1e-14, "log score of a normal forecast");
    is_num(g.dss, 1 + 2 * log(2), 1e-14, "its Dawid-Sebastiani score");
    is_num(g.crps, score_crps_normal(3, 1, 2), 0, "its CRPS");
    const double v[2] = {1, 2}, cloud[3 * 2] = {1, 2, 4, 6, 1, 5};
    double energy, again;
    score_energy(a, NULL, v, 2, cloud, 3, &energy);
    is_num(energy, (0 + 5 + 3) / 3.0 - (5 + 3 + sqrt(10)) / 9.0, 1e-14, "energy score of three points");
    score_energy(a, NULL, (const double[]){2.5}, 1, x, 5, &energy);
    is_num(energy, 0.544, 1e-14, "of numbers it is the CRPS");
    static double many[300 * 2];
    struct rng r = rng_stream(9, "cloud", 0);
    for (int i = 0; i < 600; i++)
        many[i] = rng_normal(&r);
    struct stat_run two = {.threads = 2};
    score_energy(a, NULL, v, 2, many, 300, &energy);
    score_energy(a, &two, v, 2, many, 300, &again);
    ok(energy == again, "any number of threads gives the same energy score");
    is_num(score_interval(12, 3, 10, 0.95), 7 + 40 * 2, 1e-10, "a miss costs 2/alpha times its distance");
    is_num(score_interval(5, 3, 10, 0.95), 7, 0, "a hit costs the width");
    const double level[] = {0.5, 0.9}, lo[] = {4, 2}, hi[] = {6, 9};
    is_num(score_weighted_interval(7, 5, 2, level, lo, hi),
           (0.5 * 2 + 0.25 * (2 + 4 * 1) + 0.05 * 7) / 2.5, 1e-14, "weighted interval score");
    struct score_weighted w = score_weighted_parts(7, 5, 2, level, lo, hi);
    is_num(w.spread + w.under + w.over, w.score, 1e-14, "its parts make the whole");
    is_num(w.score, score_weighted_interval(7, 5, 2, level, lo, hi), 0, "the same whole");
    ok(w.over == 0 && w.under > 0, "too low a forecast is said to be so");
    is_num(score_quantile(7, 5, 0.9), 2 * 0.9 * 2, 1e-14, "quantile score");
    double quantiles = score_quantile(7, 5, 0.5);
    for (int k = 0; k < 2; k++)
        quantiles +=
            score_quantile(7, lo[k], (1 - level[k]) / 2) + score_quantile(7, hi[k], (1 + level[k]) / 2);
    is_num(quantiles / 5, w.score, 1e-14, "the mean quantile score is the weighted interval score");
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
    static double low[N], high[N], y[N], lo[N], hi[N], sa[N], sb[N], means[N];
    static int32_t period[N];
    struct rng r = rng_stream(5, "pit", 0);
    for (int i = 0; i < N; i++) {
        double mean = means[i] = 0.5 + 5 * rng_uniform(&r);
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
    double five[5], density[] = {0.31340646896784, 1.04086756017337, 1.62224191667394, 1.18246034437776,
                                 0.841023709807086};
    score_pit_negbin(TEN, ten_y, ten_mean, ten_size, low, high);
    score_pit(TEN, low, high, 5, five); /* pit() of surveillance, J = 5 */
    for (int j = 0; j < 5; j++)
        is_num(five[j], density[j], 1e-12, "PIT histogram of ten forecasts");
    const double pv[] = {0, 0.19, 0.5, 1, NAN};
    is_int(score_pit_continuous(5, pv, 5, five), 1, "a value that is none has no PIT");
    ok(five[0] == 2.5 && five[2] == 1.25 && five[4] == 1.25, "histogram of continuous PIT values");
    for (int i = 0; i < TEN; i++) {
        low[i] = y[i] > 0 ? dist_negbin_cdf(y[i] - 1, means[i], 2) : 0;
        high[i] = dist_negbin_cdf(y[i], means[i], 2);
    }
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
    d = score_compare(a, 8, x, zero, NULL, 2, 0.95);
    is_num(d.se, 0.02112885636821289, 1e-13, "two steps ahead it counts the covariance of neighbours");
    is_num(d.p, 7.298423239189414e-05, 1e-12, "with its p value");
    struct score_permutation e = score_permute(a, 8, x, zero, NULL, 9999, 1);
    is_int(e.exact, 1, "256 exchanges are counted one by one");
    is_num(e.p, 12 / 256.0, 1e-15, "permutation test");
    is_num(e.p_t, 0.026829732501933691, 1e-10, "and the paired t test");
    struct score_permutation drawn = score_permute(a, 8, x, zero, NULL, 255, 1);
    ok(!drawn.exact && fabs(drawn.p - e.p) < 0.04, "drawn exchanges come near");
    is_int(score_permute(a, 1, x, zero, NULL, 99, 1).status, STAT_REFUSED, "one period exchanges nothing");
    low[0] = high[0] = 0;
    is_int(score_pit(N, low, high, 10, bin), 1, "an impossible outcome is reported, not hidden");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_counts();
    peer_scores();
    test_range();
    test_threads();
    peer_calibration(a);
    test_calibration_level();
    test_compare_level();
    test_intervals(a);
    test_calibration(a);
    arena_free(a);
    return done();
}
