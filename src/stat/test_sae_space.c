/* test_sae_space.c - small areas in space and time against R's sae 1.3, a dense likelihood written out in R,
 * and by simulation. */
#include "stat/sae_space.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "tap.h"

enum { WIDE = 5, MOST = 30, PERIODS = 5 };

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

/* x = ((0:29*7) %% 10)/3, D = 0.05 + 0.03*(0:29 %% 5), y as below, W row-standardised;
 * mseSFH(y ~ x, D, W, method, MAXITER = 1000, PRECISION = 1e-10). */
static void test_spatial(struct arena *a)
{
    static const double want[2][11] = {
        {0.0780373349449, 0.846804205439, 1.640879690134, 0.647832720123, 0.3554136786446, -22.0405350775,
         2.27634221775, 3.49987755501, 0.0394592350398, 0.0630665856604, 0.0848101017664},
        {0.0877096281234, 0.744061925433, 1.668605737343, 0.640708467204, 0.2453402422878, -21.7973736420,
         2.26364599662, 3.47263104058, 0.0400212495444, 0.0644643522922, 0.0870135242002}};
    double x[2 * MOST], y[MOST], d[MOST];
    for (int i = 0; i < MOST; i++) {
        x[2 * i] = 1;
        x[2 * i + 1] = (i * 7 % 10) / 3.0;
        d[i] = 0.05 + 0.03 * (i % 5);
        y[i] = 2 + 0.5 * x[2 * i + 1] + 0.45 * sin(i / 5) + 0.3 * cos(i % 5) + 0.6 * sin(i * i);
    }
    struct spatial_weights w = board(a, MOST);
    struct sae_space_model model = {
        .areas = MOST, .periods = 1, .p = 2, .w = &w, .y = y, .x = x, .variance = d};
    for (int ml = 0; ml < 2; ml++) {
        model.ml = ml;
        struct sae_space_fit f = sae_space(a, NULL, &model, &PLAIN);
        const double got[11] = {f.theta[SAE_SIGMA1], f.theta[SAE_RHO1], f.beta[0], f.beta[1], f.beta_se[0],
                                f.log_likelihood, f.row[0].estimate, f.row[7].estimate, f.row[0].mse,
                                f.row[7].mse, f.row[29].mse};
        double worst = 0;
        for (int k = 0; k < 11; k++)
            worst = fmax(worst, fabs(got[k] / want[ml][k] - 1));
        if (!ok(worst < 2e-8, ml ? "spatial, ML: as R's sae" : "spatial, REML: as R's sae"))
            printf("# %g\n", worst);
    }
    model.w = NULL; /* without neighbours it is the model of sae.h */
    model.ml = false;
    struct sae_space_fit f = sae_space(a, NULL, &model, &PLAIN);
    struct sae_fit g = sae_fay_herriot(a, MOST, 2, y, x, d, SAE_REML, false);
    is_num(f.theta[SAE_SIGMA1] / g.a, 1, 1e-8, "without neighbours: the variance of Fay and Herriot");
    /* The MSE's last term takes REML's own information here, its limit there, as sae does. */
    is_num(f.row[3].mse / g.area[3].mse, 1, 0.01, "and nearly their MSE");
    d[4] = INFINITY;
    y[4] = NAN;
    f = sae_space(a, NULL, &model, &PLAIN);
    g = sae_fay_herriot(a, MOST, 2, y, x, d, SAE_REML, false);
    ok(f.row[4].synthetic && fabs(f.row[4].estimate / g.area[4].estimate - 1) < 1e-8 &&
           fabs(f.row[4].mse / g.area[4].mse - 1) < 1e-8,
       "an area without data: the model's figure and its MSE");
    model.w = &w;
    struct sae_space_fit with = sae_space(a, NULL, &model, &PLAIN);
    ok(with.row[4].synthetic && with.row[4].gamma == 0 && with.row[4].estimate != with.row[4].synthetic_part,
       "with neighbours it borrows from them");
}

/* 30 areas x 5 periods; figures of the likelihood and of the MSE's terms with every matrix of 150 x 150 laid
 * out and differences for derivatives (R 4.2: optim, solve); the "S" model: eblupSTFH(y ~ x, 30, 5, D, W,
 * model = "S", PRECISION = 1e-11). */
static void test_time(struct arena *a)
{
    static const double want[2][12] = {
        {0.31917726976, 0.39183437682, 0.07651825686, -0.05509554669, 2.0195050892, 0.4095238833, 2.381975934,
         1.609548547, 2.654177828, 0.0364374055, 0.0370035772, 0.0529638224},
        {0.31336030571, 0.32589121343, 0.07515500559, -0.05326373235, 2.0205455753, 0.4095358982, 2.380738065,
         1.612723765, 2.657031867, 0.0364625208, 0.0370417056, 0.0529961028}};
    enum { N = MOST * PERIODS };
    static double x[2 * N], y[N], d[N];
    for (int i = 0; i < N; i++) {
        int area = i / PERIODS, t = i % PERIODS;
        x[2 * i] = 1;
        x[2 * i + 1] = (i * 7 % 11) / 3.0;
        d[i] = 0.05 + 0.02 * (i % 7);
        y[i] = 2 + 0.5 * x[2 * i + 1] + 0.5 * sin(area / 5) + 0.3 * cos(area % 5) + 0.7 * sin(area * area) +
               0.5 * sin(area * 5 + t * 1.9) + 0.3 * sin(i * i);
    }
    struct spatial_weights w = board(a, MOST);
    struct sae_space_model model = {.areas = MOST,
                                    .periods = PERIODS,
                                    .p = 2,
                                    .w = &w,
                                    .y = y,
                                    .x = x,
                                    .variance = d,
                                    .time_effects = true,
                                    .autoregressive = true};
    for (int ml = 0; ml < 2; ml++) {
        model.ml = ml;
        struct sae_space_fit f = sae_space(a, NULL, &model, &PLAIN);
        double got[12] = {f.theta[0],          f.theta[1],   f.theta[2],        f.theta[3],
                          f.beta[0],           f.beta[1],    f.row[0].estimate, f.row[77].estimate,
                          f.row[149].estimate, f.row[0].mse, f.row[77].mse,     f.row[149].mse};
        double worst = 0;
        for (int k = 0; k < 12; k++)
            worst = fmax(worst, fabs(got[k] - want[ml][k]));
        if (!ok(worst < 3e-8, ml ? "space and time, ML: as with whole matrices" :
                                   "space and time, REML: as with whole matrices"))
            printf("# %g\n", worst);
    }
    model.ml = model.autoregressive = false;
    struct sae_space_fit f = sae_space(a, NULL, &model, &PLAIN);
    is_num(f.theta[SAE_SIGMA1], 0.3160719446165, 1e-8, "independent periods, as R's sae: variance of areas");
    is_num(f.theta[SAE_RHO1], 0.3951311328846, 1e-8, "correlation of neighbours");
    is_num(f.theta[SAE_SIGMA2], 0.0785926769892, 1e-8, "variance of periods");
    is_num(f.theta_se[SAE_RHO1], 0.2452780424702, 1e-7, "standard error of the correlation");
    is_num(f.log_likelihood, -117.689926842, 1e-10, "log likelihood");
    is_num(f.row[149].estimate, 2.65732859450, 1e-8, "the last estimate");
    struct sae_space_options boot = {.level = 0.95, .replicates = 40, .seed = 3};
    f = sae_space(a, NULL, &model, &boot);
    struct sae_space_fit two = sae_space(a, &(struct stat_run){.threads = 2}, &model, &boot);
    double plain = 0, corrected = 0, analytic = 0;
    bool same = f.replicates == two.replicates;
    for (int i = 0; i < N; i++) {
        plain += f.row[i].mse_boot;
        corrected += f.row[i].mse_boot_corrected;
        analytic += f.row[i].mse;
        same = same && f.row[i].mse_boot == two.row[i].mse_boot;
    }
    if (!ok(fabs(plain / analytic - 1) < 0.1 && fabs(corrected / analytic - 1) < 0.1,
            "bootstrap and analytic MSE agree on average"))
        printf("# %g %g\n", plain / analytic, corrected / analytic);
    ok(same && f.replicates == 40, "two threads give the same bytes");
}

/* 2,000 maps drawn from the model: stated errors are right, intervals cover. */
static void test_simulation(void)
{
    enum { RUNS = 2000, M = 20 };
    struct arena *a = arena_new(0);
    double x[M], d[M], y[M], truth[M], error = 0, told = 0, sigma = 1, rho = 0.5;
    struct spatial_weights w = board(a, M);
    int covered = 0, fitted = 0;
    for (int i = 0; i < M; i++) {
        x[i] = 1;
        d[i] = 0.4 + 0.15 * (i % 5);
    }
    struct sae_space_model model = {.areas = M, .periods = 1, .p = 1, .w = &w, .y = y, .x = x, .variance = d};
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *mine = arena_new(0);
        struct rng r = rng_stream(29, "maps", k);
        double noise[M], next[M];
        for (int i = 0; i < M; i++)
            truth[i] = noise[i] = sqrt(sigma) * rng_normal(&r);
        for (int times = 0; times < 60; times++) { /* (I - rho W)^-1 noise as a series */
            for (size_t i = 0; i < M; i++) {
                next[i] = noise[i];
                for (size_t j = w.start[i]; j < w.start[i + 1]; j++)
                    next[i] += rho * w.weight[j] * truth[w.to[j]];
            }
            memcpy(truth, next, sizeof truth);
        }
        for (int i = 0; i < M; i++)
            y[i] = truth[i] + sqrt(d[i]) * rng_normal(&r);
        struct sae_space_fit f = sae_space(mine, NULL, &model, &PLAIN);
        for (int i = 0; i < M && f.status != STAT_REFUSED; i++) {
            double e = f.row[i].estimate - truth[i];
            error += e * e;
            told += f.row[i].mse;
            covered += f.row[i].low <= truth[i] && truth[i] <= f.row[i].high;
        }
        fitted += f.status != STAT_REFUSED;
        arena_free(mine);
    }
    double share = 100.0 * covered / M / fitted;
    printf("# fitted %d, MSE stated/true %.4f, 95 %% intervals cover %.2f %%\n", fitted, told / error, share);
    ok(fitted >= RUNS * 995 / 1000, "nearly every map can be fitted");
    ok(fabs(told / error - 1) < 0.1, "stated MSE within 10 % of the true one");
    ok(fabs(share - 95) <= 1.5, "95 % intervals cover 95 +- 1.5 %");
    arena_free(a);
}

static bool no_further(void *arg, size_t finished, size_t all)
{
    (void)arg, (void)finished, (void)all;
    return false;
}

static void test_refusals(struct arena *a)
{
    double x[MOST], y[MOST], d[MOST];
    for (int i = 0; i < MOST; i++) {
        x[i] = 1;
        y[i] = 0.01 * (i % 2);
        d[i] = 1;
    }
    struct spatial_weights w = board(a, MOST);
    struct sae_space_model model = {
        .areas = MOST, .periods = 1, .p = 1, .w = &w, .y = y, .x = x, .variance = d};
    struct sae_space_fit f = sae_space(a, NULL, &model, &PLAIN);
    ok(f.status == STAT_OK && f.theta[SAE_SIGMA1] == 0 && f.row[0].gamma == 0,
       "areas that do not differ: variance 0");
    is_int(sae_space(a, &(struct stat_run){.go_on = no_further}, &model, &PLAIN).reason, STAT_REASON_STOPPED,
           "stopped while it climbs: no figures");
    d[2] = 0;
    is_int(sae_space(a, NULL, &model, &PLAIN).reason, STAT_REASON_INVALID, "a variance of 0 is refused");
    d[2] = 1;
    model.time_effects = true;
    is_int(sae_space(a, NULL, &model, &PLAIN).reason, STAT_REASON_INVALID,
           "effects of periods need two periods");
    model.time_effects = false;
    double twice[2 * MOST];
    for (int i = 0; i < 2 * MOST; i++)
        twice[i] = 1;
    model.x = twice;
    model.p = 2;
    is_int(sae_space(a, NULL, &model, &PLAIN).reason, STAT_REASON_SINGULAR,
           "the same column twice is refused");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_spatial(a);
    test_time(a);
    test_refusals(a);
    test_simulation();
    arena_free(a);
    return done();
}
