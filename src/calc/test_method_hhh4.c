/* The endemic-epidemic model by document: the reference results of s3 (R's hhh4 on meningococcal disease and
 * influenza), both ways. The reference's scores of the rolling forecasts (logs, rps, dss, ses) repeat the counts in
 * place of scores; ours are checked against the definitions below. */
#include "calc/test_calc_golden.h"
#include "base/str.h"

#define S3 GOLDEN_DIR "s3_hhh4_influMen_farrington_agona/"

static void test_fit(struct calc_test *t, const char *json, const char *key, const char *options)
{
    struct arena *a = t->cx.arena;
    const struct json *r = calc_test_both(t, arena_printf(a,
        "{\"method\": \"hhh4.fit\", \"data\": {\"main\": \"" S3 "influMen.csv\"%s}, \"options\": {%s, \"fitted\": true}}",
        strstr(options, "weights") ? ", \"weights\": \"" S3 "bivariate_weights.csv\"" : "", options), key);
    double est[20], se[20], one;
    int n = golden_get(json, arena_printf(a, "%s.coef.est", key), est, 20);
    golden_get(json, arena_printf(a, "%s.coef.se", key), se, 20);
    double worst_est = n > 0 ? 0 : INFINITY, worst_se = 0;
    for (int i = 0; i < n; i++) {
        double e = calc_test_num(r, arena_printf(a, "coefficients[%d].estimate", i));
        double s = calc_test_num(r, arena_printf(a, "coefficients[%d].se", i));
        worst_est = fmax(worst_est, isnan(e) ? INFINITY : fabs(e - est[i]) / se[i]);
        worst_se = fmax(worst_se, isnan(s) ? INFINITY : fabs(s - se[i]) / se[i]);
    }
    ok(worst_est <= 1e-3, arena_printf(a, "%s: %d coefficients within 0.001 of their errors", key, n));
    ok(worst_se <= 1e-3, arena_printf(a, "%s: their errors", key));
    ok(fabs(calc_test_num(r, "log_likelihood") - golden_one(json, arena_printf(a, "%s.loglik", key))) < 1e-5,
       arena_printf(a, "%s: log likelihood", key));
    calc_test_golden(t, json, arena_printf(a, "%s.AIC", key), r, "aic", 1e-7);
    calc_test_golden(t, json, arena_printf(a, "%s.BIC", key), r, "bic", 1e-7);
    golden_get(json, arena_printf(a, "%s.fitted.lastweek", key), &one, 1);
    is_num(calc_test_num(r, "fitted[310].mean"), one, 1e-4, arena_printf(a, "%s: fitted mean of the last week", key));
}

/* The names of the coefficients are R's. */
static void test_names(struct calc_test *t, const char *json, const struct json *r, const char *key)
{
    const struct json *all, *want;
    if (json_parse(&t->cx, json, strlen(json), 0, &all))
        exit(2);
    want = json_get(all, key);
    bool same = want && want->n > 0;
    for (size_t i = 0; same && i < want->n; i++)
        same = str_eq(calc_test_str(r, arena_printf(t->cx.arena, "coefficients[%zu].name", i)), want->items[i].s);
    ok(same, key);
}

#define BIVARIATE                                                                                  \
    "\"counts\": [\"influenza\", \"meningococcus\"], \"family\": \"negbinM\", \"ar\": {\"intercept\": \"unit\"}, \"ne\": {}, " \
    "\"end\": {\"intercept\": \"unit\", \"unit_harmonics\": {\"influenza\": 3, \"meningococcus\": 1}}, "                   \
    "\"weights\": {\"kind\": \"given\", \"matrix\": \"weights\", \"normalise\": false}"

static void test_rolling(struct calc_test *t, const char *json)
{
    const struct json *r = calc_test_both(t, "{\"method\": \"hhh4.backtest\", \"data\": \"" S3 "influMen.csv\", \"options\": {"
        "\"counts\": \"meningococcus\", \"ar\": {}, \"end\": {\"harmonics\": 1}, \"forecast_from\": 261, \"bins\": 10}}", "rolling");
    calc_test_golden(t, json, "men.nb_ar.rolling.mean", r, "forecasts[%d].mean", 1e-5);
    calc_test_golden(t, json, "men.nb_ar.rolling.size", r, "forecasts[%d].size", 1e-4);
    calc_test_golden(t, json, "men.nb_ar.pit10", r, "pit[%d]", 1e-5);
    /* -log of the negative binomial probability, and ((y - mean)/sd)^2 + 2 log sd, of the first forecast */
    double y = calc_test_num(r, "forecasts[0].y"), m = calc_test_num(r, "forecasts[0].mean"), k = calc_test_num(r, "forecasts[0].size");
    double lp = lgamma(y + k) - lgamma(k) - lgamma(y + 1) + k * log(k / (k + m)) + y * log(m / (k + m));
    double v = m + m * m / k;
    is_num(calc_test_num(r, "forecasts[0].log_score"), -lp, 1e-10, "log score by its definition");
    is_num(calc_test_num(r, "forecasts[0].dss"), (y - m) * (y - m) / v + log(v), 1e-10, "Dawid-Sebastiani score by its definition");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    char *json = golden_file("s3_hhh4_influMen_farrington_agona", "expected.json");
    if (!json) {
        skip("the reference results of s3", "../shared/golden is not here");
        return done();
    }
    test_fit(&t, json, "men.poisson", "\"counts\": \"meningococcus\", \"family\": \"poisson\", \"end\": {\"harmonics\": 1}");
    test_fit(&t, json, "men.nb", "\"counts\": \"meningococcus\", \"end\": {\"harmonics\": 1}");
    test_fit(&t, json, "men.nb_ar", "\"counts\": \"meningococcus\", \"ar\": {}, \"end\": {\"harmonics\": 1}");
    test_fit(&t, json, "bivariate", BIVARIATE);
    const struct json *r = calc_test_answer(&t, "{\"method\": \"hhh4.fit\", \"data\": {\"main\": \"" S3 "influMen.csv\", "
        "\"weights\": \"" S3 "bivariate_weights.csv\"}, \"options\": {" BIVARIATE ", \"fitted\": true}}");
    test_names(&t, json, r, "bivariate.coef.names");
    double last[2] = {0};
    golden_get(json, "bivariate.fitted.lastweek", last, 2);
    is_num(calc_test_num(r, "fitted[621].mean"), last[1], 1e-4, "bivariate: fitted mean of the second disease");
    test_rolling(&t, json);
    free(json);
    calc_test_end(&t);
    return done();
}
