/* case_survey_rake.c - raking to four known margins (200 districts, 12 ages, 8 and 3 groups), and a mean whose standard
 * error takes out what the margins explain. 1,000,000 respondents in 20,000 clusters of 2,000 strata. */
#include "bench.h"

#include <math.h>

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/survey.h"

const char bench_title[] = "Survey: 1,000,000 respondents raked to 200 + 12 + 8 + 3 known totals; a mean with its standard error";

enum { STRATA = 2000, CLUSTERS = 10, PEOPLE = 50, MARGINS = 4, MOST = 200 };
static const int CELLS[MARGINS] = {200, 12, 8, 3};
static const char *const NAME[MARGINS] = {"district", "age", "group", "kind"};

/* The known totals: those of the weights, moved by up to a tenth and brought to one sum. */
static void write_totals(struct bench *b, double sum[MARGINS][MOST])
{
    double all = 0;
    for (int m = 0; m < MARGINS; m++) {
        struct rng r = rng_stream(2026, "totals", (uint64_t)m);
        double now = 0, total[MOST];
        FILE *f = bench_create(b, NAME[m]);
        for (int c = 0; c < CELLS[m]; c++) {
            total[c] = sum[m][c] * (0.9 + 0.2 * rng_uniform(&r));
            now += total[c];
        }
        all = m == 0 ? now : all;
        fprintf(f, "%s,Freq\n", NAME[m]);
        for (int c = 0; c < CELLS[m]; c++)
            fprintf(f, "%d,%.17g\n", c, total[c] * all / now);
        fclose(f);
    }
}

void bench_generate(struct bench *b, double size)
{
    static double sum[MARGINS][MOST];
    FILE *f = bench_create(b, "people");
    int people = (int)fmax(PEOPLE * size, 3);
    fputs("stratum,cluster,weight,district,age,group,kind,y\n", f);
    for (int h = 0; h < STRATA; h++)
        for (int c = 0; c < CLUSTERS; c++) {
            struct rng r = rng_stream(2026, "margins", (uint64_t)(h * CLUSTERS + c));
            double alike = 3 * rng_normal(&r), base = 20 + 80 * rng_uniform(&r);
            for (int i = 0; i < people; i++) {
                int cell[MARGINS] = {(int)(((uint64_t)h / 10 + rng_below(&r, 3)) % 200), (int)rng_below(&r, 12),
                                     (int)rng_below(&r, 8), (int)rng_below(&r, 3)};
                double weight = round(base * (0.5 + rng_uniform(&r)) * 1e6) / 1e6;
                for (int m = 0; m < MARGINS; m++)
                    sum[m][cell[m]] += weight;
                fprintf(f, "%d,%d,%.6f,%d,%d,%d,%d,%.4f\n", h, h * CLUSTERS + c, weight, cell[0], cell[1], cell[2], cell[3],
                        50 + 0.05 * cell[0] + cell[1] + alike + 10 * rng_normal(&r));
            }
        }
    fclose(f);
    write_totals(b, sum);
}

void bench_run(struct bench *b)
{
    struct bench_column c[] = {{"stratum", BENCH_INT64, NULL},  {"cluster", BENCH_INT64, NULL}, {"weight", BENCH_DOUBLE, NULL},
                               {"district", BENCH_INT32, NULL}, {"age", BENCH_INT32, NULL},     {"group", BENCH_INT32, NULL},
                               {"kind", BENCH_INT32, NULL},     {"y", BENCH_DOUBLE, NULL}};
    size_t n = bench_read(b, "people", c, 8);
    struct survey_margin m[MARGINS];
    for (int k = 0; k < MARGINS; k++) {
        struct bench_column t = {"Freq", BENCH_DOUBLE, NULL};
        bench_read(b, NAME[k], &t, 1);
        m[k] = (struct survey_margin){c[3 + k].data, (size_t)CELLS[k], t.data};
    }
    struct survey_spec spec = {.n = n, .n_stages = 1, .strata = {c[0].data}, .ids = {c[1].data}, .weight = c[2].data};
    struct survey_design *design, *raked;
    if (survey_design_new(b->arena, &spec, &design, NULL) != STAT_REASON_NONE)
        bench_die("the design was refused");
    struct survey_rules rules = survey_rules_none();

    bench_start(b);
    if (survey_rake(b->arena, design, MARGINS, m, NULL, &raked) != STAT_REASON_NONE)
        bench_die("raking did not settle");
    bench_stop(b, "raking to 4 margins");
    bench_start(b);
    struct survey_estimate e = survey_mean(b->arena, raked, c[7].data, NULL, &rules);
    bench_stop(b, "mean with its error");
    bench_values(b, "weights", survey_weights(raked), 1000, 1e-7);
    bench_values(b, "mean", &e.est, 1, 1e-8);
    bench_values(b, "standard error", &e.se, 1, 1e-6);
}
