/* test_survey_test.c - tests of association against R's svychisq. */
#include "stat/survey_test.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/test_golden.h"
#include "tap.h"

static void golden_yrbs(struct arena *a, const char *json)
{
    size_t n;
    char *csv = golden_file("s1_svy_fpc_hospital_yrbs", "yrbs.csv");
    double *q = golden_column(csv, "qn8", &n), df[2];
    int64_t *psu = golden_ids(csv, "psu", &n), *stratum = golden_ids(csv, "stratum", &n);
    struct survey_spec sp = {.n = n, .strata = {stratum}, .ids = {psu}, .nest = true,
                             .weight = golden_column(csv, "weight", &n)};
    struct survey_design *d;
    survey_design_new(a, &sp, &d, NULL);
    int32_t *row = malloc(n * sizeof *row), *col = malloc(n * sizeof *col);
    for (size_t i = 0; i < n; i++) {
        row[i] = (int32_t)(psu[i] % 3);
        col[i] = isnan(q[i]) ? -1 : q[i] == 1;
    }
    struct survey_test f = survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_F, 5);
    golden_get(json, "yrbs.svychisq.g_qn8.F.df", df, 2);
    is_num(f.statistic, golden_one(json, "yrbs.svychisq.g_qn8.F.stat"), 1e-10, "yrbs: Rao-Scott F");
    is_num(f.df1, df[0], 1e-10, "yrbs: its first degrees of freedom");
    is_num(f.df2, df[1], 1e-10, "yrbs: its second degrees of freedom");
    is_num(f.p, golden_one(json, "yrbs.svychisq.g_qn8.F.p"), 1e-10, "yrbs: its p");
    f = survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_CHISQ, 5);
    is_num(f.statistic, golden_one(json, "yrbs.svychisq.g_qn8.Chisq.stat"), 1e-10,
           "yrbs: Pearson's statistic");
    is_num(f.p, golden_one(json, "yrbs.svychisq.g_qn8.Chisq.p"), 1e-10, "yrbs: first order p");
    f = survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_SADDLEPOINT, 5);
    is_num(f.p, 0.441540549042074, 1e-6, "yrbs: svychisq(~g + qn8, statistic = \"saddlepoint\")");
    f = survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_WALD, 5);
    is_num(f.statistic, golden_one(json, "yrbs.svychisq.g_qn8.Wald.stat"), 1e-10, "yrbs: Wald");
    is_num(f.p, golden_one(json, "yrbs.svychisq.g_qn8.Wald.p"), 1e-10, "yrbs: its p");
    f = survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_ADJWALD, 5);
    is_num(f.statistic, golden_one(json, "yrbs.svychisq.g_qn8.adjWald.stat"), 1e-10, "yrbs: adjusted Wald");
    is_num(f.p, golden_one(json, "yrbs.svychisq.g_qn8.adjWald.p"), 1e-10, "yrbs: its p");
}

/* Clustered answers without association: the corrected test is wrong in 5 of 100, the naive far more. */
static void test_size(void)
{
    enum { STRATA = 15, PER = 4, IN = 12, N = STRATA * PER * IN, RUNS = 600 };
    static int64_t stratum[N], psu[N];
    static int32_t row[N], col[N];
    int wrong = 0, saddle = 0, wald = 0, refused = 0;
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        struct rng r = rng_stream(31, "no association", k);
        for (int i = 0; i < N; i++) {
            static double pr, pc;
            if (i % IN == 0) {
                pr = 0.2 + 0.6 * rng_uniform(&r);
                pc = 0.2 + 0.6 * rng_uniform(&r);
            }
            psu[i] = i / IN;
            stratum[i] = i / (IN * PER);
            row[i] = (rng_uniform(&r) < pr) + (rng_uniform(&r) < 0.3);
            col[i] = rng_uniform(&r) < pc;
        }
        struct survey_spec sp = {.n = N, .strata = {stratum}, .ids = {psu}};
        struct survey_design *d;
        survey_design_new(a, &sp, &d, NULL);
        wrong += survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_F, 5).p < 0.05;
        saddle += survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_SADDLEPOINT, 5).p < 0.05;
        wald += survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_ADJWALD, 5).p < 0.05;
        if (k == 0) {
            for (int i = 0; i < N; i++)
                row[i] = psu[i] < 4 && row[i] == 2 ? 2 : row[i] % 2;
            refused = survey_test_table(a, d, row, 3, col, 2, SURVEY_TEST_F, 5).reason;
        }
        arena_free(a);
    }
    printf("# wrong in %d, %d, %d of %d\n", wrong, saddle, wald, RUNS);
    ok(wrong >= 14 && wrong <= 50, "Rao-Scott F is wrong in about 5 of 100 clustered samples");
    ok(saddle >= 14 && saddle <= 50, "the saddlepoint mixture, too");
    ok(wald >= 14 && wald <= 54, "and the adjusted Wald test");
    is_int(refused, STAT_REASON_FEW_CLUSTERS, "a row from four clusters is not tested");
}

int main(void)
{
    struct arena *a = arena_new((size_t)256 << 20);
    const double even[] = {1, 1, 1, 1}, mixed[] = {2, 1, 0.5};
    is_num(survey_mixture_upper(a, 15, even, 4, INFINITY), 0.00474537194748, 1e-8,
           "equal weights: chi-squared");
    is_num(survey_mixture_upper(a, 12, mixed, 3, INFINITY), 0.0267079721865, 1e-8,
           "a mixture as R's pchisqsum");
    is_num(survey_mixture_upper(a, 12, mixed, 3, 40), 0.0353239562815, 1e-8,
           "the same with 40 degrees of freedom");
    test_size();
    char *json = golden_file("s1_svy_fpc_hospital_yrbs", "expected.json");
    if (json)
        golden_yrbs(a, json);
    else
        skip("the published sample", "../shared/golden is not there");
    arena_free(a);
    return done();
}
