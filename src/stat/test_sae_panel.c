/* test_sae_panel.c - the spatio-temporal small-area model by simulation. */
#include "stat/sae_space.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "tap.h"

enum { WIDE = 5, MOST = 15 };

/* Squares of a board five wide, each the neighbour of those beside it. */
static struct spatial_weights board(struct arena *a, size_t m)
{
    uint32_t from[4 * MOST], to[4 * MOST];
    size_t k = 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            if ((i % WIDE == j % WIDE && (i == j + WIDE || j == i + WIDE)) ||
                (i / WIDE == j / WIDE && (i == j + 1 || j == i + 1))) {
                from[k] = (uint32_t)i;
                to[k++] = (uint32_t)j;
            }
    struct spatial_weights w;
    spatial_weights_new(a, m, k, from, to, true, &w);
    return w;
}

static const struct sae_space_options PLAIN = {.level = 0.95};

/* 2,000 panels drawn from the model with both correlations. */
static void test_panel_simulation(void)
{
    enum { RUNS = 2000, M = MOST, T = 4, N = M * T };
    struct arena *a = arena_new(0);
    double x[N], d[N], y[N], truth[N], error = 0, told = 0, rho1 = 0.4, rho2 = 0.4;
    struct spatial_weights w = board(a, M);
    int covered = 0, fitted = 0;
    for (int i = 0; i < N; i++) {
        x[i] = 1;
        d[i] = 0.3 + 0.1 * (i % 3);
    }
    struct sae_space_model model = {.areas = M, .periods = T, .p = 1, .w = &w, .y = y, .x = x, .variance = d,
                                    .time_effects = true, .autoregressive = true};
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *mine = arena_new(0);
        struct rng r = rng_stream(31, "panels", k);
        double noise[M], u[M], next[M];
        for (int i = 0; i < M; i++)
            u[i] = noise[i] = rng_normal(&r);
        for (int times = 0; times < 40; times++) {
            for (size_t i = 0; i < M; i++) {
                next[i] = noise[i];
                for (size_t j = w.start[i]; j < w.start[i + 1]; j++)
                    next[i] += rho1 * w.weight[j] * u[w.to[j]];
            }
            memcpy(u, next, sizeof u);
        }
        for (int i = 0; i < N; i++) {
            static double v;
            double shock = sqrt(0.5) * rng_normal(&r);
            v = i % T == 0 ? shock / sqrt(1 - rho2 * rho2) : rho2 * v + shock;
            truth[i] = u[i / T] + v;
            y[i] = truth[i] + sqrt(d[i]) * rng_normal(&r);
        }
        struct sae_space_fit f = sae_space(mine, NULL, &model, &PLAIN);
        for (int i = 0; i < N && f.status != STAT_REFUSED; i++) {
            double e = f.row[i].estimate - truth[i];
            error += e * e;
            told += f.row[i].mse;
            covered += f.row[i].low <= truth[i] && truth[i] <= f.row[i].high;
        }
        fitted += f.status != STAT_REFUSED;
        arena_free(mine);
    }
    double share = 100.0 * covered / N / fitted;
    printf("# panels: fitted %d, MSE stated/true %.4f, 95 %% intervals cover %.2f %%\n", fitted, told / error,
           share);
    ok(fitted >= RUNS * 98 / 100, "nearly every panel can be fitted");
    ok(fabs(told / error - 1) < 0.1, "panels: stated MSE within 10 % of the true one");
    ok(fabs(share - 95) <= 1.5, "panels: 95 % intervals cover 95 +- 1.5 %");
    arena_free(a);
}

int main(void)
{
    test_panel_simulation();
    return done();
}
