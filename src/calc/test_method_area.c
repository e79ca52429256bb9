/* Small areas by document: the reference results of s2 (R's sae on the milk data), both ways. */
#include "calc/test_calc_golden.h"

static void test_estimator(struct calc_test *t, const char *json, const char *key, const char *option)
{
    struct arena *a = t->cx.arena;
    const struct json *r = calc_test_both(t, arena_printf(a,
        "{\"method\": \"area.fay_herriot\", \"data\": \"" GOLDEN_DIR "s2_fh_milk/milk.csv\", \"options\": {\"y\": \"yi\", "
        "\"se\": \"SD\", \"x\": {\"factor\": \"MajorArea\"}, \"estimator\": \"%s\"}}", option), option);
    static const struct {
        const char *key, *path;
        double tolerance;
    } FIGURES[] = {
        {"A", "variance_between", 1e-6},
        {"beta", "coefficients[%d].estimate", 1e-7},
        {"beta.se", "coefficients[%d].se", 1e-7},
        {"eblup", "areas[%d].estimate", 1e-7},
        {"mse", "areas[%d].mse", 1e-6},
    };
    for (size_t k = 0; k < sizeof FIGURES / sizeof *FIGURES; k++)
        calc_test_golden(t, json, arena_printf(a, "%s.%s", key, FIGURES[k].key), r, FIGURES[k].path, FIGURES[k].tolerance);
    double want[3];
    golden_get(json, arena_printf(a, "%s.loglik_AIC_BIC", key), want, 3);
    is_num(calc_test_num(r, "log_likelihood"), want[0], 1e-7, "log likelihood");
    is_num(calc_test_num(r, "aic"), want[1], 1e-7, "AIC");
    is_num(calc_test_num(r, "bic"), want[2], 1e-7, "BIC");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    char *json = golden_file("s2_fh_milk", "expected.json");
    if (!json) {
        skip("the reference results of s2", "../shared/golden is not here");
        return done();
    }
    test_estimator(&t, json, "REML", "reml");
    test_estimator(&t, json, "ML", "ml");
    test_estimator(&t, json, "FH", "moments");
    free(json);
    calc_test_end(&t);
    return done();
}
