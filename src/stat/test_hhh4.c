/* test_hhh4.c - the endemic-epidemic model against the reference files of s3 and by simulation. */
#include "stat/hhh4.h"

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/rng.h"
#include "stat/score.h"
#include "stat/test_golden.h"
#include "tap.h"

enum { T = 312, FIRST = 260, AHEAD = 52 };

static void compare_fit(const char *json, const char *model, const struct hhh4_fit *f)
{
    char key[64], name[96];
    double want[32], worst_coef = 0, worst_se = 0, se[32];
    snprintf(key, sizeof key, "%s.loglik", model);
    is_num(f->log_likelihood, golden_one(json, key), 1e-8, key);
    snprintf(key, sizeof key, "%s.AIC", model);
    is_num(f->aic, golden_one(json, key), 1e-8, key);
    snprintf(key, sizeof key, "%s.BIC", model);
    is_num(f->bic, golden_one(json, key), 1e-8, key);
    snprintf(key, sizeof key, "%s.coef.se", model);
    is_int(golden_get(json, key, se, 32), f->n_coef, "as many coefficients");
    snprintf(key, sizeof key, "%s.coef.est", model);
    golden_get(json, key, want, 32);
    for (size_t i = 0; i < f->n_coef; i++) {
        worst_coef = fmax(worst_coef, fabs(f->coef[i] - want[i]) / se[i]);
        worst_se = fmax(worst_se, fabs(f->se[i] / se[i] - 1));
    }
    printf("# %s: coefficients within %.1e standard errors, errors within %.1e, %d steps\n", model,
           worst_coef, worst_se, f->iterations);
    snprintf(name, sizeof name, "%s: coefficients", model);
    ok(worst_coef < 1e-3, name);
    snprintf(name, sizeof name, "%s: standard errors", model);
    ok(worst_se < 1e-3, name);
}

/* R prints the fitted value of the last week. */
static void last_week(struct arena *a, const char *json, const char *model, const struct hhh4_model *m,
                      const struct hhh4_fit *f)
{
    char key[64];
    double mean[2], size[2], want[2];
    snprintf(key, sizeof key, "%s.fitted.lastweek", model);
    int n = golden_get(json, key, want, 2);
    hhh4_predict(a, m, f, T - 1, mean, size, NULL);
    for (int i = 0; i < n; i++)
        is_num(mean[i], want[i], 1e-5, key);
}

static void golden_one_series(struct arena *a, const char *json, const int64_t *men)
{
    const struct hhh4_column one = {0};
    struct hhh4_model m = {.n_units = 1, .n_periods = T, .y = men,
                           .part[HHH4_END] = {3, hhh4_season(a, T, 52, 1, 0), false, NULL, 0}};
    struct hhh4_fit f = hhh4_fit(a, &m, 1, T, NULL, NULL);
    double mean, size;
    compare_fit(json, "men.poisson", &f);
    last_week(a, json, "men.poisson", &m, &f);
    m.family = HHH4_NEGBIN1;
    f = hhh4_fit(a, &m, 1, T, NULL, NULL);
    compare_fit(json, "men.nb", &f);
    last_week(a, json, "men.nb", &m, &f);
    m.part[HHH4_AR] = (struct hhh4_component){1, &one, false, NULL, 0};
    f = hhh4_fit(a, &m, 1, T, NULL, NULL);
    compare_fit(json, "men.nb_ar", &f);
    last_week(a, json, "men.nb_ar", &m, &f);
    double want_mean[AHEAD], want_size[AHEAD], want_pit[10], pit[10], low[AHEAD], high[AHEAD], worst = 0,
                                                                                               worst_pit = 0;
    golden_get(json, "men.nb_ar.rolling.mean", want_mean, AHEAD);
    golden_get(json, "men.nb_ar.rolling.size", want_size, AHEAD);
    golden_get(json, "men.nb_ar.pit10", want_pit, 10);
    struct hhh4_roll roll = hhh4_roll(a, &m, HHH4_ROLLING, 1, FIRST, T, NULL);
    is_int(roll.failed, 0, "every week can be refitted");
    for (size_t i = 0; i < AHEAD; i++) {
        mean = roll.mean[i];
        size = roll.size[i];
        worst = fmax(worst, fabs(mean / want_mean[i] - 1));
        worst = fmax(worst, fabs(size / want_size[i] - 1) / 10);
        double y = (double)men[FIRST + i];
        low[i] = y > 0 ? dist_negbin_cdf(y - 1, mean, size) : 0;
        high[i] = dist_negbin_cdf(y, mean, size);
    }
    printf("# rolling forecasts within %.1e\n", worst);
    ok(worst < 1e-3, "men: a year of one-step forecasts, refitted every week");
    score_pit(AHEAD, low, high, 10, pit);
    for (int k = 0; k < 10; k++)
        worst_pit = fmax(worst_pit, fabs(pit[k] - want_pit[k]));
    ok(worst_pit < 5e-3, "men: their PIT histogram");
}

static void golden_two_series(struct arena *a, const char *json, const int64_t *flu, const int64_t *men)
{
    static int64_t y[2 * T];
    const uint32_t from = 0, to = 1;
    const bool flu_only[2] = {true, false};
    struct hhh4_weights w = {.kind = HHH4_GIVEN};
    memcpy(y, flu, T * sizeof *y);
    memcpy(y + T, men, T * sizeof *y);
    struct hhh4_column *end = hhh4_season(a, T, 52, 3, 0);
    for (int j = 0; j < 7; j++) {
        end[j].own = true;
        end[j].which = j > 2 ? flu_only : NULL; /* one wave for the second series */
    }
    const struct hhh4_column own = {.own = true}, one = {0};
    hhh4_links_new(a, 2, 1, &from, &to, NULL, &w.links);
    struct hhh4_model m = {.n_units = 2, .n_periods = T, .y = y, .family = HHH4_NEGBINM, .weights = &w};
    m.part[HHH4_AR] = (struct hhh4_component){1, &own, false, NULL, 0};
    m.part[HHH4_NE] = (struct hhh4_component){1, &one, false, NULL, 0};
    m.part[HHH4_END] = (struct hhh4_component){7, end, false, NULL, 0};
    struct hhh4_fit f = hhh4_fit(a, &m, 1, T, NULL, NULL);
    compare_fit(json, "bivariate", &f);
    last_week(a, json, "bivariate", &m, &f);
}

/* 12 places in a ring: intervals of the coefficients must cover the truth. */
static void test_simulation(void)
{
    enum { UNITS = 12, WEEKS = 160, RUNS = 2000 };
    static int64_t y[UNITS * WEEKS];
    static double people[UNITS * WEEKS];
    uint32_t from[2 * UNITS], to[2 * UNITS];
    const struct hhh4_column one = {0};
    const double truth[4] = {log(0.35), log(0.2), log(1.2), 0.3};
    int inside[4] = {0}, fitted = 0;
    for (uint32_t i = 0; i < UNITS; i++) {
        from[2 * i] = from[2 * i + 1] = i;
        to[2 * i] = (i + 1) % UNITS;
        to[2 * i + 1] = (i + UNITS - 1) % UNITS;
    }
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        struct hhh4_weights w = {.kind = HHH4_GIVEN, .normalise = true};
        struct rng r = rng_stream(61, "epidemic", k);
        hhh4_links_new(a, UNITS, 2 * UNITS, from, to, NULL, &w.links);
        for (int t = 0; t < WEEKS; t++)
            for (int i = 0; i < UNITS; i++) {
                int c = i * WEEKS + t;
                double mu = 1.2 * (people[c] = 1 + i % 3);
                if (t > 0)
                    mu += 0.35 * (double)y[c - 1] +
                          0.2 * 0.5 * (double)(y[(i + 1) % UNITS * WEEKS + t - 1] +
                                               y[(i + UNITS - 1) % UNITS * WEEKS + t - 1]);
                y[c] = rng_negbin(&r, mu, 1 / 0.3);
            }
        struct hhh4_model m = {.n_units = UNITS, .n_periods = WEEKS, .y = y, .family = HHH4_NEGBIN1, .weights = &w};
        for (int p = 0; p < HHH4_PARTS; p++)
            m.part[p] = (struct hhh4_component){1, &one, false, p == HHH4_END ? people : NULL, 0};
        struct hhh4_fit f = hhh4_fit(a, &m, 1, WEEKS, NULL, NULL);
        fitted += f.status == STAT_OK;
        for (int j = 0; j < 4 && f.status == STAT_OK; j++)
            inside[j] += fabs(f.coef[j] - truth[j]) < 1.96 * f.se[j];
        arena_free(a);
    }
    printf("# fitted %d of %d, covered %d %d %d %d\n", fitted, RUNS, inside[0], inside[1], inside[2],
           inside[3]);
    ok(fitted >= 0.98 * RUNS, "nearly every simulated epidemic can be fitted");
    for (int j = 0; j < 4; j++)
        ok(fabs((double)inside[j] / fitted - 0.95) < 0.015, "95 % intervals cover the truth");
}

static void test_edges(struct arena *a)
{
    int64_t y[20];
    for (int t = 0; t < 20; t++)
        y[t] = 4 + t % 2; /* less spread than chance */
    const struct hhh4_column twice[2] = {{0}, {0}};
    struct hhh4_model m = {.n_units = 1, .n_periods = 20, .y = y, .family = HHH4_NEGBIN1,
                           .part[HHH4_END] = {1, twice, false, NULL, 0}};
    struct hhh4_fit f = hhh4_fit(a, &m, 1, 20, NULL, NULL);
    ok(f.status == STAT_REFUSED || f.coef[1] < 1e-4, "without overdispersion psi goes to its Poisson limit");
    is_int(hhh4_fit(a, &m, 0, 20, NULL, NULL).reason, STAT_REASON_INVALID, "the first period has none before it");
    m.part[HHH4_END].n_columns = 2;
    f = hhh4_fit(a, &m, 1, 20, NULL, NULL);
    ok(f.status == STAT_REFUSED && isnan(f.log_likelihood), "columns that say the same are refused");
    double small[20]; /* a column in tiny units: its coefficient is large, and known */
    for (int t = 0; t < 20; t++) {
        small[t] = 1e-6 * (t % 3);
        y[t] = 4 + 3 * (t % 3);
    }
    struct hhh4_column two[2] = {{0}, {.x = small, .per_period = 1}};
    m.family = HHH4_POISSON;
    m.part[HHH4_END].column = two;
    f = hhh4_fit(a, &m, 1, 20, NULL, NULL);
    ok(f.status == STAT_OK && f.coef[1] > 1e5 && f.se[1] > 1e4, "the units of a covariate do not matter");
    memset(y, 0, sizeof y);
    m.part[HHH4_END].n_columns = 1;
    f = hhh4_fit(a, &m, 1, 20, NULL, NULL);
    ok(f.status == STAT_FLAG && f.unbounded == 1 && f.reason == STAT_REASON_AT_BOUND,
       "a rate of nothing at all runs off, and is told");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_edges(a);
    test_simulation();
    char *json = golden_file("s3_hhh4_influMen_farrington_agona", "expected.json");
    char *csv = golden_file("s3_hhh4_influMen_farrington_agona", "influMen.csv");
    size_t n;
    if (json && csv) {
        int64_t *flu = golden_ids(csv, "influenza", &n), *men = golden_ids(csv, "meningococcus", &n);
        is_int(n, T, "influMen: six years of weeks");
        golden_one_series(a, json, men);
        golden_two_series(a, json, flu, men);
    } else {
        skip("the published influenza and meningococcal series", "../shared/golden is not there");
    }
    arena_free(a);
    return done();
}
