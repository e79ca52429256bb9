/* case_survey_test.c - is an answer of 3 kinds associated with one of 8 groups? Rao-Scott of second order; and a logistic
 * regression with 9 coefficients. 1,000,000 respondents in 20,000 clusters of 2,000 strata. */
#include "bench.h"

#include <math.h>

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/survey_regress.h"
#include "stat/survey_test.h"

const char bench_title[] = "Survey: 1,000,000 respondents; Rao-Scott test of an 8 x 3 table, logistic regression with 9 coefficients";

enum { STRATA = 2000, CLUSTERS = 10, PEOPLE = 50, TERMS = 9 };

void bench_generate(struct bench *b, double size)
{
    FILE *f = bench_create(b, "people");
    int people = (int)fmax(PEOPLE * size, 3);
    fputs("stratum,cluster,weight,group,answer,x,yes\n", f);
    for (int h = 0; h < STRATA; h++)
        for (int c = 0; c < CLUSTERS; c++) {
            struct rng r = rng_stream(2026, "answers", (uint64_t)(h * CLUSTERS + c));
            double alike = 0.5 * rng_normal(&r), base = 20 + 80 * rng_uniform(&r);
            for (int i = 0; i < people; i++) {
                int group = (int)rng_below(&r, 8);
                double x = rng_normal(&r), u = rng_normal(&r) + alike + 0.005 * group;
                int answer = (u > -0.5) + (u > 0.6);
                double p = 1 / (1 + exp(-(0.2 * x + alike + 0.05 * group - 0.3)));
                fprintf(f, "%d,%d,%.6f,%d,%d,%.5f,%d\n", h, h * CLUSTERS + c, base * (0.5 + rng_uniform(&r)), group, answer, x,
                        rng_uniform(&r) < p);
            }
        }
    fclose(f);
}

void bench_run(struct bench *b)
{
    struct bench_column c[] = {{"stratum", BENCH_INT64, NULL}, {"cluster", BENCH_INT64, NULL}, {"weight", BENCH_DOUBLE, NULL},
                               {"group", BENCH_INT32, NULL},   {"answer", BENCH_INT32, NULL},  {"x", BENCH_DOUBLE, NULL},
                               {"yes", BENCH_DOUBLE, NULL}};
    size_t n = bench_read(b, "people", c, 7);
    struct survey_spec spec = {.n = n, .n_stages = 1, .strata = {c[0].data}, .ids = {c[1].data}, .weight = c[2].data};
    struct survey_design *design;
    if (survey_design_new(b->arena, &spec, &design, NULL) != STAT_REASON_NONE)
        bench_die("the design was refused");

    bench_start(b);
    struct survey_test t = survey_test_table(b->arena, design, c[3].data, 8, c[4].data, 3, SURVEY_TEST_F, 0);
    bench_stop(b, "Rao-Scott 8 x 3");
    bench_values(b, "test", (double[]){t.statistic, t.df1, t.df2, t.p}, 4, 1e-8);

    double *x = arena_array(b->arena, n * TERMS, sizeof *x);
    const int32_t *group = c[3].data;
    const double *value = c[5].data;
    struct survey_regress_spec rs = {.family = SURVEY_BINOMIAL, .y = c[6].data, .p = TERMS, .x = x};
    bench_start(b);
    for (size_t i = 0; i < n; i++) {
        x[i * TERMS] = 1;
        x[i * TERMS + 1] = value[i];
        if (group[i] > 0)
            x[i * TERMS + 1 + (size_t)group[i]] = 1;
    }
    struct survey_regression g = survey_regress(b->arena, design, &rs);
    bench_stop(b, "logistic regression");
    double beta[TERMS], se[TERMS];
    for (int j = 0; j < TERMS; j++) {
        beta[j] = g.coef[j].est;
        se[j] = g.coef[j].se;
    }
    bench_values(b, "coefficients", beta, TERMS, 1e-6);
    bench_values(b, "their errors", se, TERMS, 1e-6);
}
