/* case_survey_means.c - a large survey: its design, and a mean with its standard error for each district.
 *
 * 1,000,000 respondents in 20,000 clusters of 2,000 strata, 200 districts that cut across the strata;
 * uneven weights, answers that are alike within a cluster. */
#include "bench.h"

#include <math.h>

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/survey.h"

const char bench_title[] = "Survey: 1,000,000 respondents, 2,000 strata, 20,000 clusters; means of 200 districts";

enum { STRATA = 2000, CLUSTERS = 10, PEOPLE = 50, DISTRICTS = 200 };

void bench_generate(struct bench *b, double size)
{
    FILE *f = bench_create(b, "people");
    int people = (int)fmax(PEOPLE * size, 2);
    fputs("stratum,cluster,weight,district,y\n", f);
    for (int h = 0; h < STRATA; h++)
        for (int c = 0; c < CLUSTERS; c++) {
            struct rng r = rng_stream(2026, "people", (uint64_t)(h * CLUSTERS + c));
            double alike = 3 * rng_normal(&r), base = 20 + 80 * rng_uniform(&r);
            for (int i = 0; i < people; i++) {
                int district = (int)(((uint64_t)h / 10 + rng_below(&r, 3)) % DISTRICTS);
                double y = 50 + 0.05 * district + alike + 10 * rng_normal(&r);
                fprintf(f, "%d,%d,%.6f,%d,%.4f\n", h, h * CLUSTERS + c, base * (0.5 + rng_uniform(&r)), district, y);
            }
        }
    fclose(f);
}

void bench_run(struct bench *b)
{
    struct bench_column c[] = {{"stratum", BENCH_INT64, NULL}, {"cluster", BENCH_INT64, NULL},
                               {"weight", BENCH_DOUBLE, NULL}, {"district", BENCH_INT32, NULL},
                               {"y", BENCH_DOUBLE, NULL}};
    size_t n = bench_read(b, "people", c, 5);
    struct survey_spec spec = {.n = n, .n_stages = 1, .strata = {c[0].data}, .ids = {c[1].data}, .weight = c[2].data};
    struct survey_design *design;
    size_t row;

    bench_start(b);
    if (survey_design_new(b->arena, &spec, &design, &row) != STAT_REASON_NONE)
        bench_die("the design was refused");
    bench_stop(b, "design");

    struct survey_estimate *e = arena_array(b->arena, DISTRICTS, sizeof *e);
    struct survey_rules rules = survey_rules_none();
    bench_start(b);
    survey_mean_by(b->arena, design, c[4].data, c[3].data, DISTRICTS, &rules, e);
    bench_stop(b, "means of 200 districts");

    double mean[DISTRICTS], se[DISTRICTS];
    for (int i = 0; i < DISTRICTS; i++) {
        mean[i] = e[i].est;
        se[i] = e[i].se;
    }
    bench_values(b, "mean", mean, DISTRICTS, 1e-10);
    bench_values(b, "standard error", se, DISTRICTS, 1e-10);
}
