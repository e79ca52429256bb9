/* test_sae.c - the Fay-Herriot model against the reference files of s2 and by simulation. */
#include "stat/sae.h"
#include "stat/sae_scale.h"

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

/* 2,000 draws of 40 areas with known truth: stated MSE right on average, intervals cover, EBLUP better than
 * the areas' own figures. */
static void test_simulation(enum sae_method method, const char *name)
{
    enum { M = 40, RUNS = 2000 };
    static double y[M], x[M * 2], d[M];
    double direct = 0, eblup = 0, told = 0, low, high;
    char text[96];
    int covered = 0;
    for (uint64_t k = 0; k < RUNS; k++) {
        struct rng r = rng_stream(41, "areas", k);
        struct arena *a = arena_new(0);
        double truth[M];
        for (int i = 0; i < M; i++) {
            d[i] = 0.5 + 0.5 * (double)(i % 4);
            x[i * 2] = 1;
            x[i * 2 + 1] = (double)(i % 7);
            truth[i] = 3 + 0.5 * x[i * 2 + 1] + rng_normal(&r);
            y[i] = truth[i] + sqrt(d[i]) * rng_normal(&r);
        }
        struct sae_fit f = sae_fay_herriot(a, M, 2, y, x, d, method, false);
        for (int i = 0; i < M; i++) {
            double e = f.area[i].estimate - truth[i];
            sae_interval(f.area[i].estimate, f.area[i].mse, 0.95, &low, &high);
            covered += low <= truth[i] && truth[i] <= high;
            eblup += e * e;
            told += f.area[i].mse;
            direct += (y[i] - truth[i]) * (y[i] - truth[i]);
        }
        arena_free(a);
    }
    double share = 100.0 * covered / M / RUNS;
    printf("# %s: MSE stated/true %.4f, intervals cover %.2f %%, EBLUP/direct error %.3f\n", name,
           told / eblup, share, eblup / direct);
    snprintf(text, sizeof text, "%s: the stated MSE is right on average within 10 %%", name);
    ok(fabs(told / eblup - 1) < 0.1, text);
    snprintf(text, sizeof text, "%s: 95 %% intervals cover 95 +- 1.5 %%", name);
    ok(fabs(share - 95) <= 1.5, text);
    ok(eblup < 0.6 * direct, "borrowing strength nearly halves the error");
}

static void test_simulations(void)
{
    test_simulation(SAE_REML, "REML");
    test_simulation(SAE_ML, "ML");
    test_simulation(SAE_MOMENTS, "moments");
    test_simulation(SAE_REML_ADJUSTED, "REML adjusted by Yoshimori and Lahiri");
    test_simulation(SAE_REML_LI_LAHIRI, "REML adjusted by Li and Lahiri");
    test_simulation(SAE_ML_ADJUSTED, "ML adjusted by Yoshimori and Lahiri");
    test_simulation(SAE_ML_LI_LAHIRI, "ML adjusted by Li and Lahiri");
}

/* 40 shares whose areas follow the model on the scale. */
static void test_scale_simulation(enum sae_scale scale, const char *name, size_t replicates, int runs)
{
    enum { M = 40 };
    double y[M], x[M], d[M], truth[M], error = 0, told = 0, bias = 0, naive = 0;
    char text[96];
    int covered = 0, fitted = 0;
    for (uint64_t k = 0; k < (uint64_t)runs; k++) {
        struct rng r = rng_stream(43, name, k);
        struct arena *a = arena_new(0);
        for (int i = 0; i < M; i++) {
            double n = 40 + 20 * (i % 4), centre = scale == SAE_SCALE_LOG     ? 1
                                                   : scale == SAE_SCALE_LOGIT ? -1
                                                                              : 0.5;
            double wide = scale == SAE_SCALE_ARCSINE ? 0.12 : 0.4, z = centre + wide * rng_normal(&r), own;
            x[i] = 1;
            d[i] = n;
            own = z + rng_normal(&r) * (scale == SAE_SCALE_ARCSINE ? 0.5 / sqrt(n) : 3 / sqrt(n));
            truth[i] = scale == SAE_SCALE_LOG     ? exp(z)
                       : scale == SAE_SCALE_LOGIT ? 1 / (1 + exp(-z))
                                                  : pow(sin(fmax(z, 0)), 2);
            y[i] = scale == SAE_SCALE_LOG ? exp(own) : scale == SAE_SCALE_LOGIT ? 1 / (1 + exp(-own)) :
                                                                                   pow(sin(fmax(own, 0)), 2);
            if (scale == SAE_SCALE_LOG) /* the variance of y that makes that of its logarithm 9/n */
                d[i] = 9 / n * y[i] * y[i];
            if (scale == SAE_SCALE_LOGIT) /* likewise */
                d[i] = 9 / n * pow(y[i] * (1 - y[i]), 2);
        }
        struct sae_scale_options o = {.scale = scale, .method = SAE_REML, .adjust_zero = true, .level = 0.95,
                                      .replicates = replicates, .seed = k};
        bool effective = scale == SAE_SCALE_ARCSINE;
        struct sae_scaled_fit f =
            sae_scaled(a, NULL, M, 1, y, x, effective ? NULL : d, effective ? d : NULL, &o);
        for (int i = 0; i < M && f.status == STAT_OK; i++) {
            double e = f.area[i].estimate - truth[i];
            error += e * e;
            bias += e;
            naive += f.area[i].naive - truth[i];
            told += f.area[i].mse;
            covered += f.area[i].low <= truth[i] && truth[i] <= f.area[i].high;
        }
        fitted += f.status == STAT_OK;
        arena_free(a);
    }
    double share = 100.0 * covered / M / fitted, count = (double)M * fitted;
    printf("# %s, %d replicates: MSE stated/true %.4f, intervals cover %.2f %%, bias %.5f, without "
           "correction %.5f\n",
           name, (int)replicates, told / error, share, bias / count, naive / count);
    snprintf(text, sizeof text, "%s: the stated MSE is within 10 %%", name);
    ok(fitted == runs && fabs(told / error - 1) < 0.1, text);
    if (replicates)
        return;
    snprintf(text, sizeof text, "%s: 95 %% intervals cover 95 +- 1.5 %%", name);
    ok(fabs(share - 95) <= 1.5, text);
    snprintf(text, sizeof text, "%s: carrying back adds no bias, where the naive one would", name);
    ok(fabs(bias) < 0.25 * fabs(naive), text);
}

static void test_scale_edges(struct arena *a)
{
    double y[12], x[12], n[12], v[12];
    for (int i = 0; i < 12; i++) {
        y[i] = 0.1 + 0.05 * (i * 7 % 12);
        x[i] = 1;
        n[i] = 50;
        v[i] = y[i] * (1 - y[i]) / 50;
    }
    struct sae_scale_options o = {.scale = SAE_SCALE_LOGIT, .method = SAE_REML, .level = 0.9};
    struct sae_scaled_fit f = sae_scaled(a, NULL, 12, 1, y, x, v, NULL, &o),
                          g = sae_scaled(a, NULL, 12, 1, y, x, NULL, n, &o);
    is_num(f.variance[3], 1 / (50 * y[3] * (1 - y[3])), 1e-14, "logit: the variance of its scale");
    ok(fabs(f.area[3].estimate - g.area[3].estimate) < 1e-12, "the same from the effective number");
    struct sae_scale_options arc = {.scale = SAE_SCALE_ARCSINE, .method = SAE_REML, .level = 0.9};
    f = sae_scaled(a, NULL, 12, 1, y, x, NULL, n, &arc);
    double t = f.area[2].scale_estimate, g1 = f.area[2].gamma / 200, half = 0;
    for (int k = -4000; k <= 4000; k++) { /* the mean of sin^2 over the normal distribution, summed out */
        double u = k * 0.002;
        half += 0.002 * exp(-u * u / 2) / sqrt(2 * acos(-1)) * pow(sin(t + sqrt(g1) * u), 2);
    }
    is_num(f.area[2].estimate, half, 1e-12, "arcsine: the mean over theta's distribution");
    y[0] = 0;
    n[1] = 0;
    y[1] = NAN;
    f = sae_scaled(a, NULL, 12, 1, y, x, NULL, n, &arc);
    ok(f.status == STAT_OK && f.area[0].estimate > 0 && f.area[0].low >= 0 && f.area[1].synthetic,
       "a share of 0 has a place with its number, an area without respondents gets the model's figure");
    v[1] = INFINITY;
    is_int(sae_scaled(a, NULL, 12, 1, y, x, v, NULL, &o).reason, STAT_REASON_INVALID,
           "without the number a share of 0 has no logit");
    o.replicates = 40;
    struct sae_scaled_fit one = sae_scaled(a, NULL, 12, 1, y, x, NULL, n, &o),
                          two = sae_scaled(a, &(struct stat_run){.threads = 2}, 12, 1, y, x, NULL, n, &o);
    ok(one.status == STAT_OK && one.area[5].mse == two.area[5].mse, "threads do not change the bootstrap");
}

static void test_augmented(struct arena *a)
{
    enum { N = 20 };
    double y[N], x[2 * N], d[N], w[N], direct = 0, eblup = 0;
    for (int i = 0; i < N; i++) {
        y[i] = 4 + sin(3 * i);
        d[i] = 0.1 + 0.08 * (i % 5);
        w[i] = 0.02 + 0.006 * (i % 7);
        x[2 * i] = 1;
        x[2 * i + 1] = w[i] * d[i];
    }
    struct sae_fit f = sae_fay_herriot(a, N, 2, y, x, d, SAE_REML, false);
    for (int i = 0; i < N; i++) {
        direct += w[i] * y[i];
        eblup += w[i] * f.area[i].estimate;
    }
    is_num(eblup, direct, 1e-13, "with a column weight x variance the estimates add up by themselves");
}

/* The likelihoods written out for a constant alone, and their highest point by trying. */
static double written_out(enum sae_method method, size_t n, const double *y, const double *d, double A)
{
    double w = 0, wy = 0, log_v = 0, rest = 0, g = 0, l;
    for (size_t i = 0; i < n; i++) {
        w += 1 / (A + d[i]);
        wy += y[i] / (A + d[i]);
        log_v += log(A + d[i]);
        g += A / (A + d[i]);
    }
    for (size_t i = 0; i < n; i++)
        rest += (y[i] - wy / w) * (y[i] - wy / w) / (A + d[i]);
    l = -0.5 * (log_v + rest);
    if (method == SAE_REML || method == SAE_REML_ADJUSTED || method == SAE_REML_LI_LAHIRI)
        l -= 0.5 * log(w);
    if (method == SAE_REML_ADJUSTED || method == SAE_ML_ADJUSTED)
        l += log(atan(g)) / (double)n;
    if (method == SAE_REML_LI_LAHIRI || method == SAE_ML_LI_LAHIRI)
        l += log(A);
    return l;
}

static void test_likelihoods(struct arena *a)
{
    static const enum sae_method METHODS[] = {SAE_REML,           SAE_ML,          SAE_REML_ADJUSTED,
                                              SAE_REML_LI_LAHIRI, SAE_ML_ADJUSTED, SAE_ML_LI_LAHIRI};
    enum { N = 15 };
    double y[N], x[N], d[N];
    for (int i = 0; i < N; i++) {
        y[i] = 4 + sin(3 * i) + 0.4 * cos(i * i);
        d[i] = 0.1 + 0.08 * (i % 5);
        x[i] = 1;
    }
    for (size_t m = 0; m < sizeof METHODS / sizeof *METHODS; m++) {
        double low = 1e-9, high = 20;
        for (int k = 0; k < 200; k++) { /* thirds: each likelihood has one hill here */
            double p = low + (high - low) / 3, q = high - (high - low) / 3;
            if (written_out(METHODS[m], N, y, d, p) < written_out(METHODS[m], N, y, d, q))
                low = p;
            else
                high = q;
        }
        struct sae_fit f = sae_fay_herriot(a, N, 1, y, x, d, METHODS[m], false);
        is_num(f.a, low, 1e-6, "the highest point of the likelihood as its paper writes it");
    }
}

static void test_gvf(struct arena *a)
{
    double v[8], z[16];
    for (int i = 0; i < 8; i++) {
        z[2 * i] = 1;
        z[2 * i + 1] = log(10 + 5 * i);
        v[i] = 3 * pow(10 + 5 * i, -1.2);
    }
    v[6] = NAN;
    v[7] = 0;
    struct sae_gvf g = sae_gvf(a, 8, 2, v, z, NULL);
    is_num(g.coefficient[1], -1.2, 1e-12, "an exact variance function is found");
    is_num(g.factor, 1, 1e-12, "and needs no correction");
    is_num(g.smooth[7], 3 * pow(45, -1.2), 1e-12, "an area with a variance of 0 gets the function's");
    for (int i = 0; i < 6; i++)
        v[i] *= i % 2 ? 1.5 : 0.5;
    g = sae_gvf(a, 8, 2, v, z, NULL);
    double sum = 0, smooth = 0;
    for (int i = 0; i < 6; i++) {
        sum += v[i];
        smooth += g.smooth[i];
    }
    is_num(smooth, sum, 1e-14, "the sum of the variances is kept");
    is_int(sae_gvf(a, 2, 2, v, z, NULL).reason, STAT_REASON_FEW_DF,
           "two variances do not make a function of two");
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
    test_gvf(a);
    test_likelihoods(a);
    test_augmented(a);
    test_scale_edges(a);
    test_simulations();
    test_scale_simulation(SAE_SCALE_ARCSINE, "arcsine", 0, 2000);
    test_scale_simulation(SAE_SCALE_LOGIT, "logit", 0, 2000);
    test_scale_simulation(SAE_SCALE_LOG, "logarithm", 0, 2000);
    test_scale_simulation(SAE_SCALE_LOGIT, "logit", 20, 100);
    char *json = golden_file("s2_fh_milk", "expected.json"), *csv = golden_file("s2_fh_milk", "milk.csv");
    if (json && csv)
        golden_milk(a, json, csv);
    else
        skip("the published milk expenditure", "../shared/golden is not there");
    arena_free(a);
    return done();
}
