/* test_sae.c - the Fay-Herriot model against the reference files of s2 and by simulation. */
#include "stat/sae.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/test_golden.h"
#include "tap.h"

static void compare(const char *json, const char *key, const double *got, size_t n, double tol)
{
    double want[64], worst = 0;
    char name[96];
    if (golden_get(json, key, want, 64) != (int)n)
        worst = INFINITY;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(got[i] - want[i]) / fmax(fabs(want[i]), 1e-3));
    snprintf(name, sizeof name, "milk: %s", key);
    if (!ok(worst <= tol, name))
        printf("#   worst relative difference %g\n", worst);
}

static void golden_milk(struct arena *a, const char *json, const char *csv)
{
    static const struct {
        enum sae_method method;
        const char *name;
    } methods[] = {{SAE_REML, "REML"}, {SAE_ML, "ML"}, {SAE_MOMENTS, "FH"}};
    size_t n;
    double *y = golden_column(csv, "yi", &n), *sd = golden_column(csv, "SD", &n),
           *x = calloc(n * 4, sizeof *x);
    int64_t *major = golden_ids(csv, "MajorArea", &n);
    for (size_t i = 0; i < n; i++) {
        sd[i] *= sd[i];
        x[i * 4] = 1;
        if (major[i] > 1)
            x[i * 4 + (size_t)major[i] - 1] = 1;
    }
    for (size_t m = 0; m < 3; m++) {
        char key[64];
        struct sae_fit f = sae_fay_herriot(a, n, 4, y, x, sd, methods[m].method, false);
        double est[64], mse[64], fit[3] = {f.log_likelihood, f.aic, f.bic};
        for (size_t i = 0; i < n; i++) {
            est[i] = f.area[i].estimate;
            mse[i] = f.area[i].mse;
        }
#define KEY(what) (snprintf(key, sizeof key, "%s.%s", methods[m].name, what), key)
        compare(json, KEY("A"), &f.a, 1, 1e-6);
        compare(json, KEY("beta"), f.beta, 4, 1e-6);
        compare(json, KEY("beta.se"), f.beta_se, 4, 1e-6);
        compare(json, KEY("loglik_AIC_BIC"), fit, 3, 1e-7);
        compare(json, KEY("eblup"), est, n, 1e-7);
        compare(json, KEY("mse"), mse, n, 1e-6);
    }
}

/* 40 areas with known truth: MSE estimates must be right on average, EBLUP better than direct. */
static void test_simulation(void)
{
    enum { M = 40, RUNS = 3000 };
    static double y[M], x[M * 2], d[M], error[M], told[M];
    double direct = 0, eblup = 0;
    struct rng r = rng_stream(41, "areas", 0);
    for (int k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        double truth[M];
        for (int i = 0; i < M; i++) {
            d[i] = 0.5 + (double)(i % 4);
            x[i * 2] = 1;
            x[i * 2 + 1] = (double)(i % 7);
            truth[i] = 3 + 0.5 * x[i * 2 + 1] + rng_normal(&r);
            y[i] = truth[i] + sqrt(d[i]) * rng_normal(&r);
        }
        struct sae_fit f = sae_fay_herriot(a, M, 2, y, x, d, SAE_REML, false);
        for (int i = 0; i < M; i++) {
            double e = f.area[i].estimate - truth[i];
            error[i] += e * e / RUNS;
            told[i] += f.area[i].mse / RUNS;
            eblup += e * e;
            direct += (y[i] - truth[i]) * (y[i] - truth[i]);
        }
        arena_free(a);
    }
    double bias = 0;
    for (int i = 0; i < M; i++)
        bias += (told[i] / error[i] - 1) / M;
    printf("# relative bias of the MSE %.4f, EBLUP/direct error %.3f\n", bias, eblup / direct);
    ok(fabs(bias) < 0.05, "the stated MSE is right on average within 5 %");
    ok(eblup < 0.6 * direct, "borrowing strength nearly halves the error");
}

static void test_edges(struct arena *a)
{
    double y[12], x[12], d[12];
    for (int i = 0; i < 12; i++) {
        y[i] = 5 + 0.1 * (i % 2);
        x[i] = 1;
        d[i] = 4;
    }
    struct sae_fit f = sae_fay_herriot(a, 12, 1, y, x, d, SAE_REML, false);
    ok(f.a == 0 && f.a_zero, "areas that differ less than chance have A = 0");
    f = sae_fay_herriot(a, 12, 1, y, x, d, SAE_REML, true);
    ok(f.a > 0 && f.method == SAE_REML_ADJUSTED && f.a_zero,
       "the adjusted likelihood keeps it above 0, and says so");
    ok(f.area[0].gamma > 0 && f.area[0].gamma < 0.5, "with little weight on the area's own data");
    y[11] = NAN;
    d[11] = INFINITY;
    for (int i = 0; i < 11; i++)
        y[i] = i;
    f = sae_fay_herriot(a, 12, 1, y, x, d, SAE_REML, true);
    ok(f.status == STAT_OK && f.area[11].synthetic, "an area without respondents is marked synthetic");
    ok(f.area[11].gamma == 0 && fabs(f.area[11].estimate - f.beta[0]) < 1e-12, "its figure is the model's");
    double e[12], mse[12], w[12], out[12];
    for (int i = 0; i < 12; i++) {
        e[i] = f.area[i].estimate;
        mse[i] = f.area[i].mse;
        w[i] = 1.0 / 12;
    }
    for (int k = SAE_BENCHMARK_RATIO; k <= SAE_BENCHMARK_WFQ; k++) {
        double sum = 0;
        ok(sae_benchmark(12, e, mse, w, 6.5, (enum sae_benchmark)k, out), "benchmarking works");
        for (int i = 0; i < 12; i++)
            sum += w[i] * out[i];
        is_num(sum, 6.5, 1e-13, "and meets the region's figure");
    }
    ok(out[11] - e[11] > out[0] - e[0], "the least certain area moves most");
    is_int(sae_fay_herriot(a, 3, 1, y, x, d, SAE_REML, false).reason, STAT_REASON_FEW_DF,
           "three areas are too few");
    int64_t k[3] = {10, 40, 0};
    double v[3] = {0.1, 0.025, NAN}, s[3];
    sae_smooth(3, v, k, s);
    ok(fabs(s[0] / s[1] - 4) < 1e-12 && isinf(s[2]), "smoothed variances fall with the respondents");
    d[0] = 0;
    is_int(sae_fay_herriot(a, 12, 1, y, x, d, SAE_REML, false).reason, STAT_REASON_INVALID,
           "a variance of 0 is refused");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_edges(a);
    test_simulation();
    char *json = golden_file("s2_fh_milk", "expected.json"), *csv = golden_file("s2_fh_milk", "milk.csv");
    if (json && csv)
        golden_milk(a, json, csv);
    else
        skip("the published milk expenditure", "../shared/golden is not there");
    arena_free(a);
    return done();
}
