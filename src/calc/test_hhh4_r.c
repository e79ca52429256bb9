/* test_hhh4_r.c - the endemic-epidemic model by documents against R's surveillance 1.20.3 on the example data
 * weeks.csv (figures pasted from R 4.2.2; the calls stand beside them), and what is wrong in a document. */
#include "calc/test_calc.h"
#include <math.h>

/* The number at list[i]field; field "": of the element itself. */
static double at(struct calc_test *t, const struct json *a, const char *list, size_t i, const char *field)
{
    return calc_test_num(a, arena_printf(t->cx.arena, "%s[%zu]%s", list, i, field));
}

/* --- R on weeks.csv ---
 * Y, S: columns of cases and shares, weeks 1 .. 130; A: the neighbours, both ways; A1 <- A/rowSums(A);
 * s <- sts(Y, start = c(2020, 1), frequency = 52, neighbourhood = nbOrder(A, 10)); se <- function(f)
 * addSeason2formula(f, period = 52); with random intercepts set.seed(3) and optimizer = list(stop = list(tol
 * = 1e-7, niter = 200)). Names are R's but for ri(iid), which is 1 here. Where variances are estimated R's
 * rounds stop a little earlier: tolerances of the methods page. */
struct coef {
    const char *name;
    double estimate, se; /* of -log psi for overdisp; 0: not compared */
};
struct model {
    const char *name, *options;
    double log_likelihood, marginal;
    struct coef coef[12];
    double sigma[9];
    int q;
};

#define END_SEASON "\"end\": {\"harmonics\": 1, \"offset\": \"share\""
#define PAIRS "\"from\": \"from\", \"to\": \"to\", \"symmetric\": true"

static const struct model MODELS[] = {
    /* ar ~ -1 + ri(), ne ~ 1 with W_powerlaw(maxlag = 4), end se(~ -1 + ri()), offset S */
    {"power law, random intercepts in ar and end",
     "\"ar\": {\"random\": true}, \"ne\": {}, " END_SEASON
     ", \"random\": true}, \"weights\": {\"kind\": \"power_law\", \"max_order\": 4, " PAIRS "}",
     -4159.48784449,
     -43.47214833,
     {{"ar.1", -1.23881417851, 0.12325362004},
      {"ne.1", -1.15318084929, 0.12370548942},
      {"end.1", 4.35650662349, 0.16218479443},
      {"end.sin(2 * pi * t/52)", 0.52031060854, 0.03511168683},
      {"end.cos(2 * pi * t/52)", 0.22080335004, 0.03819697692},
      {"neweights.d", 1.65704913192, 0.45520548955},
      {"overdisp", 0.04184991295, 0.08393784122}},
     {0.0761235942, 0, 0, 0.1158816285},
     2},
    /* ri() in all three, ne with A1: that of ne runs to the bound of exp(-5) in R too */
    {"random intercepts in all three",
     "\"ar\": {\"random\": true}, \"ne\": {\"random\": true}, " END_SEASON
     ", \"random\": true}, \"weights\": {" PAIRS "}",
     -4164.98699232,
     -44.15256777,
     {{"ar.1", -1.1978230627, 0.11315146063},
      {"ne.1", -1.4982254537, 0.11975222228},
      {"end.1", 4.5711886565, 0.13330685996},
      {"end.sin(2 * pi * t/52)", 0.5269064632, 0.02797476894},
      {"overdisp", 0.0425008759, 0.08339938593}},
     {0.05825613002, 0, 0, 0, 4.539992976e-05, 0, 0, 0, 0.1170625361},
     3},
    /* ri(corr = "all") in ar and end, ne ~ 1 with A1 */
    {"correlated random intercepts",
     "\"correlated\": true, \"ar\": {\"random\": true}, \"ne\": {}, " END_SEASON
     ", \"random\": true}, \"weights\": {" PAIRS "}",
     -4163.92912762,
     -42.55627815,
     {{"ar.1", -1.23280635357, 0.13094327858},
      {"ne.1", -1.52441403774, 0.10360451948},
      {"end.1", 4.59525400974, 0.15549180919},
      {"end.cos(2 * pi * t/52)", 0.18091720792, 0.02581430803},
      {"overdisp", 0.04234764598, 0.08347922978}},
     {0.1023888467, -0.1238846762, -0.1238846762, 0.1956450855},
     2},
    /* ri() in end, NegBinM */
    {"an overdispersion for each unit",
     "\"family\": \"negbinM\", \"ar\": {}, \"ne\": {}, " END_SEASON
     ", \"random\": true}, \"weights\": {" PAIRS "}",
     -4166.03939369,
     -48.09118789,
     {{"ar.1", -1.17739630668, 0.08687945935},
      {"ne.1", -1.52775043734, 0.11125554012},
      {"end.1", 4.57994933531, 0.11838554052},
      {"overdisp.Almaly", 0.04045659704, 0.30582275245},
      {"overdisp.Bulakty", 0.06970227942, 0.22623063649},
      {"overdisp.Zhanatas", 0.04004881065, 0.32025842142}},
     {0.08591480899},
     1},
    /* W_np(maxlag = 3) */
    {"a weight for each order",
     "\"ar\": {}, \"ne\": {}, " END_SEASON "}, \"weights\": {\"kind\": \"orders\", \"max_order\": 3, " PAIRS
     "}",
     -4221.68687055,
     NAN,
     {{"ar.1", -0.92118947995, 0.06429854214},
      {"ne.1", -1.17887248078, 0.06570542519},
      {"end.1", 4.05067869010, 0.07370963407},
      {"neweights.2", -2.75776695372, 2.31950371087},
      {"neweights.3", -0.68469210527, 0.18488462073},
      {"overdisp", 0.05150489228, 0.07636640527}},
     {0},
     0},
    /* no ar; W_np(maxlag = 2, truncate = FALSE, from0 = TRUE) */
    {"orders from the unit itself on, open at the end",
     "\"ne\": {}, " END_SEASON
     "}, \"weights\": {\"kind\": \"orders\", \"max_order\": 2, \"from_own\": true, \"open_end\": true, " PAIRS
     "}",
     -4237.1158075,
     NAN,
     {{"ne.1", -0.31639951700, 0.02876025234},
      {"end.1", 3.96376842712, 0.07785063745},
      {"neweights.1", -1.48109378231, 0.13684368771},
      {"neweights.2", -3.36988915956, 0.26011817471}},
     {0},
     0},
    /* no ar; W_powerlaw(maxlag = 3, normalize = FALSE, from0 = TRUE) */
    {"power law from the unit itself on, as it is",
     "\"ne\": {}, " END_SEASON "}, \"weights\": {\"kind\": \"power_law\", \"max_order\": 3, \"from_own\": "
                               "true, \"normalise\": false, " PAIRS "}",
     -4226.00938241,
     NAN,
     {{"ne.1", -0.92281671188, 0.06307348774},
      {"end.1", 3.99014284001, 0.06647366338},
      {"neweights.d", 2.30911492624, 0.13001545759}},
     {0},
     0},
    /* Poisson, ar and ne with lag = 2, ne ~ dry, end ~ 1 + t + dry, subset = 3:130 */
    {"covariates, trend and a lag of two",
     "\"family\": \"poisson\", \"first\": 3, \"ar\": {\"lag\": 2}, \"ne\": {\"lag\": 2, \"covariates\": "
     "[\"dry\"]}, "
     "\"end\": {\"trend\": true, \"covariates\": [\"dry\"], \"offset\": \"share\"}, \"weights\": {" PAIRS "}",
     -5154.08820134,
     NAN,
     {{"ar.1", -0.655971757957, 0.027280425167},
      {"ne.1", -1.489791168615, 0.048462820057},
      {"ne.dry", -0.015478980071, 0.070133740691},
      {"end.1", 4.019016426473, 0.064321898725},
      {"end.t", -0.000926441156, 0.000635659614},
      {"end.dry", 0.304189652348, 0.059043884747}},
     {0},
     0},
    /* ar ~ -1 + fe(1, unitSpecific = TRUE), addSeason2formula(~ 1, S = 2) */
    {"an intercept for each unit",
     "\"ar\": {\"intercept\": \"unit\"}, \"end\": {\"harmonics\": 2, \"offset\": \"share\"}",
     -4215.85037962,
     NAN,
     {{"ar.1.Almaly", -1.69737974949, 0.23433603927},
      {"ar.1.Sayram", -4.04041062265, 2.49895752513},
      {"end.1", 4.86446802067, 0.04246327535},
      {"end.sin(4 * pi * t/52)", -0.08033509707, 0.01918917433},
      {"end.cos(4 * pi * t/52)", -0.13275643731, 0.01889042758}},
     {0},
     0},
    /* ar ~ 1, end ~ 1 + fe(t, unitSpecific = TRUE) + fe(dry, unitSpecific = TRUE) */
    {"a trend and a covariate for each unit",
     "\"ar\": {}, \"end\": {\"unit_trend\": true, \"unit_covariates\": [\"dry\"], \"offset\": \"share\"}",
     -4363.72258071,
     NAN,
     {{"ar.1", -0.2777199826662, 0.026815200984},
      {"end.t.Almaly", -0.0022556445323, 0.002014020715},
      {"end.dry.Sayram", 0.1939328823064, 0.173736630867},
      {"end.dry.Zhanatas", 0.3731631684239, 0.187495490194},
      {"overdisp", 0.0754755423416, 0.065804753261}},
     {0},
     0},
};

static const char *weeks(struct calc_test *t, const char *method, const char *options)
{
    return arena_printf(
        t->cx.arena,
        "{\"method\": \"%s\", \"data\": {\"main\": \"docs/examples/stat/weeks.csv\", \"neighbours\": "
        "\"docs/examples/stat/neighbours.csv\"}, \"options\": {\"unit\": \"place\", \"period\": \"week\", "
        "\"y\": \"cases\", \"last\": 130, %s}}",
        method, options);
}

static size_t find(const struct calc_test *t, const struct json *a, const char *name)
{
    for (size_t i = 0;; i++) {
        const char *s = calc_test_str(a, arena_printf(t->cx.arena, "coefficients[%zu].name", i));
        if (!s || strcmp(s, name) == 0)
            return i;
    }
}

static void against_r(struct calc_test *t, const struct model *m)
{
    const struct json *got = calc_test_both(t, weeks(t, "hhh4.fit", m->options), m->name);
    double worst = 0, worst_se = 0, worst_sigma = 0;
    is_num(calc_test_num(got, "log_likelihood"), m->log_likelihood, m->q ? 2e-7 : 1e-9,
           "log-likelihood as R's");
    if (m->q)
        ok(fabs(calc_test_num(got, "random.marginal_log_likelihood") - m->marginal) < 1e-3,
           "marginal log-likelihood");
    for (const struct coef *c = m->coef; c->name; c++) {
        size_t i = find(t, got, c->name);
        double se = c->se * (strncmp(c->name, "overdisp", 8) == 0 ? c->estimate : 1);
        worst = fmax(worst, fabs(at(t, got, "coefficients", i, ".estimate") - c->estimate) / se);
        worst_se = fmax(worst_se, fabs(at(t, got, "coefficients", i, ".se") / se - 1));
        if (isnan(at(t, got, "coefficients", i, ".se")))
            worst = INFINITY;
    }
    for (size_t k = 0; k < (size_t)(m->q * m->q); k++) {
        char path[64];
        snprintf(path, sizeof path, "random.sigma[%zu][%zu]", k / (size_t)m->q, k % (size_t)m->q);
        worst_sigma =
            fmax(worst_sigma, fabs(calc_test_num(got, path) - m->sigma[k]) / (fabs(m->sigma[k]) + 1e-9));
    }
    printf("# %s: coefficients within %.1e standard errors, errors %.1e, variances %.1e\n", m->name, worst,
           worst_se, worst_sigma);
    ok(worst < 1e-3, "coefficients");
    ok(worst_se < 1e-3, "standard errors");
    ok(worst_sigma < 2e-3, "variances");
}

/* oneStepAhead(fit, c(117, 129), "rolling"), colMeans(scores(., c("logs", "rps", "dss", "ses"))) of ar ~ 1,
 * ne ~ 1 with A1, end se(~ 1), offset S */
static void scores_of_r(struct calc_test *t)
{
    const struct json *got = calc_test_both(t,
                                            weeks(t, "hhh4.backtest",
                                                  "\"ar\": {}, \"ne\": {}, " END_SEASON
                                                  "}, \"weights\": {" PAIRS "}, \"forecast_from\": 118"),
                                            "backtest");
    is_num(calc_test_num(got, "mean.log_score"), 3.546071915, 1e-7,
           "log score of a quarter of a year as R's");
    is_num(calc_test_num(got, "mean.rps"), 5.180816017, 1e-6, "ranked probability score");
    is_num(calc_test_num(got, "mean.dss"), 5.314171058, 1e-6, "Dawid-Sebastiani score");
    is_num(calc_test_num(got, "mean.squared_error"), 97.510488214, 1e-6, "squared error");
    is_int((int64_t)calc_test_num(got, "failed_periods"), 0, "every week was refitted");
}

/* --- what is wrong, and what is refused --- */

static void wrong(struct calc_test *t, const char *options, const char *expected)
{
    const struct json *a = calc_test_answer(
        t, arena_printf(t->cx.arena, "{\"method\": \"hhh4.fit\", \"options\": {%s}}", options));
    if (!ok(!a && strstr(t->text, expected), expected))
        printf("# got %s\n", a ? "an answer" : t->text);
}

static void test_wrong(struct calc_test *t)
{
    static const char TWO[] = "\"unit\": [\"a\", \"b\", \"a\", \"b\", \"a\", \"b\"], \"period\": [1, 1, 2, "
                              "2, 3, 3], \"y\": [1, 2, 3, 4, 5, 6]";
    struct arena *a = t->cx.arena;
    wrong(t, "\"y\": [1, 2, 3]", "Give unit, period and y, or counts.");
    wrong(t, "\"unit\": [\"a\", \"a\"], \"period\": [1, 1], \"y\": [1, 2]", "twice");
    wrong(t, "\"unit\": [\"a\", \"b\", \"a\"], \"period\": [1, 1, 2], \"y\": [1, 2, 3]",
          "Unit b has no row of period 2.");
    wrong(t, "\"counts\": [[1, 2.5, 3]]", "whole number");
    wrong(t, arena_printf(a, "%s, \"ne\": {}", TWO), "needs weights");
    wrong(t, arena_printf(a, "%s, \"ne\": {}, \"weights\": {\"from\": [\"a\"], \"to\": [\"c\"]}", TWO),
          "There is no unit c.");
    wrong(t,
          arena_printf(a, "%s, \"ne\": {}, \"weights\": {\"from\": [\"a\", \"a\"], \"to\": [\"b\", \"b\"]}",
                       TWO),
          "twice");
    wrong(t, arena_printf(a, "%s, \"ne\": {}, \"weights\": {\"from\": [\"a\"], \"to\": [\"a\"]}", TWO),
          "its own neighbour");
    wrong(t, arena_printf(a, "%s, \"ne\": {}, \"weights\": {\"matrix\": [[0, 1]]}", TWO), "2 units");
    wrong(t, arena_printf(a, "%s, \"ar\": {\"random\": true, \"intercept\": \"none\"}", TWO),
          "shared intercept");
    wrong(t, arena_printf(a, "%s, \"ar\": {\"lag\": 2}", TWO), "within the lag");
    wrong(t, arena_printf(a, "%s, \"last\": 9", TWO), "3 periods only");
    const struct json *j = calc_test_answer(
        t, arena_printf(
               a,
               "{\"method\": \"hhh4.fit\", \"options\": {%s, \"end\": {\"trend\": true, \"covariates\": "
               "[[0, 0, 1, 1, 2, 2]]}}}",
               TWO));
    ok(j && !calc_test_at(j, "coefficients") && strstr(t->text, "\"singular\""),
       "columns that say the same are refused, without figures");
}

int main(void)
{
    struct calc_test t = calc_test_begin();
    for (size_t i = 0; i < sizeof MODELS / sizeof *MODELS; i++)
        against_r(&t, &MODELS[i]);
    scores_of_r(&t);
    test_wrong(&t);
    calc_test_end(&t);
    return done();
}
