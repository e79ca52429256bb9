/* test_hhh4_forecast.c - the endemic-epidemic model's derivatives against differences, closed forms,
 * forecasts by simulation with a known truth, threads and interruption. */
#include "base/arena.h"
#include "stat/dist.h"
#include "stat/hhh4.h"
#include "stat/hhh4_inner.h"
#include "stat/rng.h"
#include "tap.h"

#include <math.h>
#include <string.h>

/* --- an epidemic on a ring --- */

struct ring {
    size_t units, weeks;
    double level, ar, ne, psi;
};

static int64_t *simulate(struct arena *a, const struct ring *g, struct rng *r)
{
    size_t n = g->units, w = g->weeks;
    int64_t *y = arena_array(a, n * w, sizeof *y);
    for (size_t t = 0; t < w; t++)
        for (size_t i = 0; i < n; i++) {
            double mu = g->level * (1 + 0.3 * sin(2 * acos(-1) * (double)t / 26));
            if (t)
                mu += g->ar * (double)y[i * w + t - 1] +
                      g->ne / 2 * (double)(y[(i + 1) % n * w + t - 1] + y[(i + n - 1) % n * w + t - 1]);
            y[i * w + t] = rng_negbin(r, mu, g->psi > 0 ? 1 / g->psi : INFINITY);
        }
    return y;
}

static struct hhh4_weights ring_weights(struct arena *a, size_t n, int max_order, bool own)
{
    uint32_t *from = arena_array(a, 2 * n, sizeof *from), *to = arena_array(a, 2 * n, sizeof *to);
    struct hhh4_weights w = {.kind = HHH4_GIVEN, .normalise = true, .from_own = own};
    for (uint32_t i = 0; i < n; i++) {
        from[2 * i] = from[2 * i + 1] = i;
        to[2 * i] = (i + 1) % (uint32_t)n;
        to[2 * i + 1] = (i + (uint32_t)n - 1) % (uint32_t)n;
    }
    if (max_order > 1 || own)
        hhh4_orders(a, n, 2 * n, from, to, max_order, own, &w.links);
    else
        hhh4_links_new(a, n, 2 * n, from, to, NULL, &w.links);
    return w;
}

static const struct hhh4_column ONE = {0};

/* ar ~ 1, ne ~ 1, end ~ 1 + a wave of 26 weeks. */
static struct hhh4_model ring_model(struct arena *a, const struct ring *g, const int64_t *y,
                                    const struct hhh4_weights *w)
{
    struct hhh4_model m = {
        .n_units = g->units, .n_periods = g->weeks, .y = y, .family = HHH4_NEGBIN1, .weights = w};
    m.part[HHH4_AR] = (struct hhh4_component){1, &ONE, false, NULL, 0};
    m.part[HHH4_NE] = (struct hhh4_component){1, &ONE, false, NULL, 0};
    m.part[HHH4_END] = (struct hhh4_component){3, hhh4_season(a, g->weeks, 26, 1, 0), false, NULL, 0};
    return m;
}

/* --- derivatives --- */

/* Gradient and second derivatives at a point against central differences; the largest error relative to 1 +
 * size. */
static double derivative_error(struct arena *a, const struct hhh4_model *m, struct rng *r)
{
    struct hhh4_work w;
    if (hhh4_work_new(a, m, 2, m->n_periods, m->n_periods, NULL, &w))
        return INFINITY;
    size_t n = w.k + m->n_units * w.l;
    double *theta = arena_array(a, n, sizeof *theta), *info = arena_array(a, n * n, sizeof *info);
    double *grad = arena_array(a, n, sizeof *grad), *up = arena_array(a, n, sizeof *up), worst = 0;
    for (size_t j = 0; j < n; j++)
        theta[j] = (j >= w.k && w.pinned[j - w.k] ? 0 : -0.3 + 0.6 * rng_uniform(r));
    hhh4_pass(&w, theta);
    memcpy(grad, w.grad, n * sizeof *grad);
    for (size_t g = 0; g < w.k; g++)
        memcpy(info + g * n, w.shared + g * w.k, w.k * sizeof *info);
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t c = 0; c < w.l; c++) {
            size_t row = w.k + i * w.l + c;
            for (size_t g = 0; g < w.k; g++)
                info[row * n + g] = info[g * n + row] = w.border[(i * w.l + c) * w.k + g];
            for (size_t d = 0; d < w.l; d++)
                info[row * n + w.k + i * w.l + d] = w.own[(i * w.l + c) * w.l + d];
        }
    for (size_t j = 0; j < n; j++) {
        double h = 1e-5, keep = theta[j], high, low;
        if (j >= w.k && w.pinned[j - w.k])
            continue;
        theta[j] = keep + h;
        hhh4_pass(&w, theta);
        high = w.log_likelihood;
        memcpy(up, w.grad, n * sizeof *up);
        theta[j] = keep - h;
        hhh4_pass(&w, theta);
        low = w.log_likelihood;
        theta[j] = keep;
        worst = fmax(worst, fabs((high - low) / (2 * h) - grad[j]) / (1 + fabs(grad[j])));
        for (size_t i = 0; i < n; i++)
            if (i < w.k || !w.pinned[i - w.k])
                worst = fmax(worst, fabs(-(up[i] - w.grad[i]) / (2 * h) - info[i * n + j]) /
                                        (1 + fabs(info[i * n + j])));
    }
    return worst;
}

static void test_derivatives(void)
{
    struct arena *a = arena_new(0);
    struct rng r = rng_stream(71, "derivatives", 0);
    struct ring g = {5, 30, 3, 0.3, 0.2, 0.2};
    const int64_t *y = simulate(a, &g, &r);
    double *x = arena_array(a, g.units * g.weeks, sizeof *x),
           *offset = arena_array(a, g.units * g.weeks, sizeof *offset);
    for (size_t k = 0; k < g.units * g.weeks; k++) {
        x[k] = rng_normal(&r);
        offset[k] = 0.5 + rng_uniform(&r);
    }
    const bool some[5] = {true, false, true, true, false};
    struct hhh4_column *season = hhh4_season(a, g.weeks, 26, 1, 0);
    const struct hhh4_column rich[] = {{0},
                                       {.x = x, .per_unit = g.weeks, .per_period = 1},
                                       {.x = x, .per_unit = 1},
                                       {.x = season[1].x, .per_period = 1, .own = true, .which = some},
                                       season[2]};
    const struct hhh4_column own = {.own = true};
    struct hhh4_weights given = ring_weights(a, 5, 1, false), law = ring_weights(a, 5, 2, false),
                        orders = ring_weights(a, 5, 2, true);
    law.kind = HHH4_POWER_LAW;
    orders.kind = HHH4_ORDERS;
    orders.max_order = 2;
    const struct hhh4_weights *weights[] = {&given, &law, &orders};
    static const char *const names[] = {"given weights", "a power law", "weights by order"};
    for (int k = 0; k < 6; k++) {
        struct hhh4_model m = ring_model(a, &g, y, weights[k % 3]);
        law.normalise = orders.normalise = k < 3;
        m.family = k == 5 ? HHH4_POISSON : k % 2 ? HHH4_NEGBINM : HHH4_NEGBIN1;
        m.part[HHH4_AR] = (struct hhh4_component){1, k % 2 ? &own : &ONE, k == 2, NULL, 2};
        m.part[HHH4_NE] = (struct hhh4_component){2, rich, k == 4, offset, 0};
        m.part[HHH4_END] = (struct hhh4_component){5, rich, k != 3, offset, 0};
        double worst = derivative_error(a, &m, &r);
        printf("# %s: %.1e\n", names[k % 3], worst);
        ok(worst < 1e-5, names[k % 3]);
    }
    arena_free(a);
}

/* --- closed forms --- */

static void test_closed(void)
{
    struct arena *a = arena_new(0);
    const int64_t y[] = {9, 3, 5, 8, 2, 6, 0, 12, 7, 7, 9, 1, 4, 4}; /* two units, 7 periods */
    const struct hhh4_column own = {.own = true};
    struct hhh4_model m = {.n_units = 2, .n_periods = 7, .y = y, .part[HHH4_END] = {1, &own, false, NULL, 0}};
    struct hhh4_fit f = hhh4_fit(a, &m, 1, 7, NULL, NULL);
    is_num(f.coef[0], log(24 / 6.0), 1e-9, "a unit's own intercept is the logarithm of its mean");
    is_num(f.coef[1], log(32 / 6.0), 1e-9, "of the second, too");
    is_num(f.se[0], 1 / sqrt(24), 1e-9, "its error is that of a Poisson sum");
    is_int(f.name[1].unit, 1, "coefficients tell their unit");
    /* y_t | y_t-1 ~ Poisson(l y_t-1 + v): m' = l m + v, var' = m' + l^2 var */
    m.part[HHH4_AR] = (struct hhh4_component){1, &ONE, false, NULL, 0};
    f = hhh4_fit(a, &m, 1, 4, NULL, NULL);
    double mean[6], variance[6], total[3], total_variance[3], l = exp(f.coef[0]), v = exp(f.coef[2]),
                                                              want = 7, var = 0;
    ok(f.status != STAT_REFUSED, "a short series is fitted");
    is_int(hhh4_moments(a, &m, &f, 4, 3, mean, variance, total, total_variance), STAT_REASON_NONE,
           "moments of three steps");
    want = (double)y[7 + 3];
    for (int h = 0; h < 3; h++) {
        want = l * want + v;
        var = want + l * l * var;
        is_num(mean[3 + h], want, 1e-12, "mean of the second unit");
        is_num(variance[3 + h], var, 1e-12, "and variance, in closed form");
    }
    is_num(total[1], mean[1] + mean[4], 1e-12, "means add up");
    is_num(total_variance[2], variance[2] + variance[5], 1e-12, "so do variances of units that do not meet");
    arena_free(a);
}

static void test_moments(void)
{
    struct arena *a = arena_new(0);
    struct rng r = rng_stream(72, "moments", 0);
    struct ring g = {6, 84, 6, 0.35, 0.3, 0.3};
    const int64_t *y = simulate(a, &g, &r);
    struct hhh4_weights w = ring_weights(a, 6, 1, false);
    struct hhh4_model m = ring_model(a, &g, y, &w);
    struct hhh4_fit f = hhh4_fit(a, &m, 1, 80, NULL, NULL);
    enum { PATHS = 40000, H = 4 };
    const double level = 0.5;
    struct hhh4_paths p = hhh4_simulate(a, &m, &f, 80, H, PATHS, 5, 1, &level, NULL);
    double mean[6 * H], variance[6 * H], total[H], total_variance[H], worst = 0, worst_sd = 0;
    hhh4_moments(a, &m, &f, 80, H, mean, variance, total, total_variance);
    for (int k = 0; k < 6 * H; k++) {
        worst = fmax(worst, fabs(p.mean[k] - mean[k]) / sqrt(variance[k] / PATHS));
        worst_sd = fmax(worst_sd, fabs(p.sd[k] / sqrt(variance[k]) - 1));
    }
    for (int h = 0; h < H; h++) {
        worst = fmax(worst, fabs(p.total_mean[h] - total[h]) / sqrt(total_variance[h] / PATHS));
        worst_sd = fmax(worst_sd, fabs(p.total_sd[h] / sqrt(total_variance[h]) - 1));
    }
    printf("# paths: means within %.1f errors, deviations within %.3f\n", worst, worst_sd);
    ok(worst < 4, "forty thousand paths have the exact means");
    ok(worst_sd < 0.03, "and standard deviations, of units and of their sum");
    double one[6], size[6], parts[18];
    hhh4_predict(a, &m, &f, 80, one, size, parts);
    is_num(mean[0], one[0], 1e-13, "one step ahead both say the same");
    is_num(parts[0] + parts[1] + parts[2], one[0], 1e-13, "the components add up");
    is_num(variance[H], one[1] + one[1] * one[1] / size[1], 1e-12,
           "with the variance of the negative binomial");
    arena_free(a);
}

/* --- coverage --- */

static void test_coverage(void)
{
    enum { RUNS = 2000, H = 3, WEEKS = 80, PATHS = 400 };
    struct ring g = {4, WEEKS, 20, 0.3, 0.2, 0.05};
    static const double level[2] = {0.025, 0.975};
    int first = 0, last = 0, n = 0, failed = 0;
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        struct rng r = rng_stream(73, "coverage", k);
        const int64_t *y = simulate(a, &g, &r);
        struct hhh4_weights w = ring_weights(a, 4, 1, false);
        struct hhh4_model m = ring_model(a, &g, y, &w);
        struct hhh4_fit f = hhh4_fit(a, &m, 1, WEEKS - H, NULL, NULL);
        struct hhh4_paths p = hhh4_simulate(a, &m, &f, WEEKS - H, H, PATHS, k, 2, level, NULL);
        double mean[4], size[4];
        failed += p.status == STAT_REFUSED;
        hhh4_predict(a, &m, &f, WEEKS - H, mean, size, NULL);
        for (int i = 0; i < 4 && p.status != STAT_REFUSED; i++) {
            double now = (double)y[i * WEEKS + WEEKS - H], then = (double)y[i * WEEKS + WEEKS - 1];
            const double *q = p.quantile + (i * H + H - 1) * 2;
            first += now >= dist_negbin_quantile(0.025, mean[i], size[i]) &&
                     now <= dist_negbin_quantile(0.975, mean[i], size[i]);
            last += then >= q[0] && then <= q[1];
            n++;
        }
        arena_free(a);
    }
    printf("# 95 %% intervals cover %.4f one step, %.4f three steps ahead; %d of %d not fitted\n",
           (double)first / n, (double)last / n, failed, RUNS);
    ok(failed < RUNS / 100, "nearly all are fitted");
    ok(fabs((double)first / n - 0.95) < 0.015, "95 % intervals cover one step ahead");
    ok(fabs((double)last / n - 0.95) < 0.015, "and three steps ahead, by paths");
}

/* Random intercepts: their variance is found, and the intercepts are closer to the truth than what is known
 * of all. */
static void test_random(void)
{
    enum { RUNS = 100, UNITS = 30, WEEKS = 40 };
    double sum = 0, error = 0, plain = 0;
    int fitted = 0, inside = 0;
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        struct rng r = rng_stream(74, "intercepts", k);
        int64_t *y = arena_array(a, UNITS * WEEKS, sizeof *y);
        double u[UNITS];
        for (int i = 0; i < UNITS; i++) {
            u[i] = 0.6 * rng_normal(&r);
            for (int t = 0; t < WEEKS; t++)
                y[i * WEEKS + t] =
                    rng_negbin(&r, exp(0.5 + u[i]) + (t ? 0.3 * (double)y[i * WEEKS + t - 1] : 0), 5);
        }
        struct hhh4_model m = {.n_units = UNITS, .n_periods = WEEKS, .y = y, .family = HHH4_NEGBIN1};
        m.part[HHH4_AR] = (struct hhh4_component){1, &ONE, false, NULL, 0};
        m.part[HHH4_END] = (struct hhh4_component){1, &ONE, true, NULL, 0};
        struct hhh4_fit f = hhh4_fit(a, &m, 1, WEEKS, NULL, NULL);
        if (f.status != STAT_REFUSED) {
            fitted++;
            sum += f.sigma[0];
            for (int i = 0; i < UNITS; i++) {
                error += pow(f.coef[1] + f.random[i] - 0.5 - u[i], 2);
                plain += u[i] * u[i];
            }
            inside += fabs(f.coef[0] - log(0.3)) < 1.96 * f.se[0];
        }
        arena_free(a);
    }
    printf("# variance %.3f of 0.36; errors of intercepts %.3f of their spread; ar covered %d of %d\n",
           sum / fitted, error / plain, inside, fitted);
    ok(fitted >= 99, "random intercepts are fitted");
    ok(fabs(sum / fitted / 0.36 - 1) < 0.1, "their variance is found within a tenth");
    ok(error < 0.25 * plain, "the intercepts themselves, too");
    ok(inside >= 0.88 * fitted, "coefficients keep their intervals");
}

/* --- threads and interruption --- */

static bool never(void *arg, size_t done, size_t all)
{
    (void)arg;
    (void)done;
    (void)all;
    return false;
}

static void test_threads(void)
{
    struct arena *a = arena_new((size_t)1 << 30);
    struct rng r = rng_stream(75, "threads", 0);
    struct ring g = {80, 212, 4, 0.3, 0.2, 0.1};
    const int64_t *y = simulate(a, &g, &r);
    struct hhh4_weights w = ring_weights(a, 80, 4, false);
    w.kind = HHH4_POWER_LAW;
    struct hhh4_model m = ring_model(a, &g, y, &w);
    m.part[HHH4_END].random = m.part[HHH4_AR].random = true;
    struct stat_run three = {.threads = 3}, stop = {.threads = 2, .go_on = never};
    struct hhh4_fit one = hhh4_fit(a, &m, 1, 210, NULL, NULL), many = hhh4_fit(a, &m, 1, 210, NULL, &three);
    ok(one.status != STAT_REFUSED && memcmp(one.inner, many.inner, one.n_inner * sizeof *one.inner) == 0 &&
           memcmp(one.sigma, many.sigma, sizeof one.sigma) == 0,
       "the same bytes with three threads");
    const double level = 0.9;
    struct hhh4_paths p = hhh4_simulate(a, &m, &one, 210, 2, 300, 9, 1, &level, NULL);
    struct hhh4_paths q = hhh4_simulate(a, &m, &one, 210, 2, 300, 9, 1, &level, &three);
    ok(memcmp(p.path, q.path, 80 * 2 * 300 * sizeof *p.path) == 0, "the same paths");
    m.n_units = 12; /* the ring is open now: quick */
    struct hhh4_weights near = ring_weights(a, 12, 1, false);
    m.weights = &near;
    m.part[HHH4_AR].random = m.part[HHH4_END].random = false;
    struct hhh4_roll s = hhh4_roll(a, &m, HHH4_ROLLING, 1, 200, 210, NULL),
                     t = hhh4_roll(a, &m, HHH4_ROLLING, 1, 200, 210, &three);
    ok(s.failed == 0 && memcmp(s.mean, t.mean, 12 * 10 * sizeof *s.mean) == 0, "the same rolling forecasts");
    struct hhh4_roll fixed = hhh4_roll(a, &m, HHH4_FIRST, 1, 200, 210, NULL);
    ok(fixed.mean[0] == s.mean[0] && fixed.mean[119] != s.mean[119],
       "without refits only the first forecast is the same");
    is_int(hhh4_fit(a, &m, 1, 210, NULL, &stop).reason, STAT_REASON_STOPPED, "a fit can be stopped");
    is_int(hhh4_roll(a, &m, HHH4_ROLLING, 1, 200, 210, &stop).reason, STAT_REASON_STOPPED,
           "rolling refits, too");
    is_int(hhh4_simulate(a, &m, &one, 210, 2, 300, 9, 1, &level, NULL).reason, STAT_REASON_INVALID,
           "a fit of another model is refused");
    arena_free(a);
}

int main(void)
{
    test_derivatives();
    test_closed();
    test_moments();
    test_coverage();
    test_random();
    test_threads();
    return done();
}
