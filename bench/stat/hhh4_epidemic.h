/* hhh4_epidemic.h - what the cases hhh4_fixed and hhh4_random share: 200 units on a ring with shortcuts, 520
 * weeks, autoregression, neighbours, season, a negative binomial, units that differ. RANDOM: random
 * intercepts are fitted. */
#ifndef BENCH_STAT_HHH4_EPIDEMIC_H
#define BENCH_STAT_HHH4_EPIDEMIC_H

#include "bench.h"

#include <math.h>

#include "base/arena.h"
#include "stat/hhh4.h"
#include "stat/rng.h"

enum { UNITS = 200, WEEKS = 520, NEAR = 6 };

static uint32_t neighbour(uint32_t i, int k)
{
    static const int step[NEAR] = {1, UNITS - 1, 2, UNITS - 2, 14, UNITS - 14};
    return (i + (uint32_t)step[k]) % UNITS;
}

void bench_generate(struct bench *b, double size)
{
    static double y[UNITS][WEEKS];
    int weeks = (int)fmin(fmax(WEEKS * size, 60), WEEKS);
    double level[UNITS], own[UNITS], near[UNITS], people[UNITS], all = 0;
    struct rng r = rng_stream(2026, "epidemic", 0);
    for (int i = 0; i < UNITS; i++) {
        all += people[i] = 0.5 + rng_uniform(&r);
        level[i] = 0.6 * rng_normal(&r);
        own[i] = 0.3 * rng_normal(&r);
        near[i] = 0.4 * rng_normal(&r);
    }
    for (int t = 0; t < weeks; t++)
        for (uint32_t i = 0; i < UNITS; i++) {
            double mu = people[i] / all * 400 *
                        exp(level[i] + 0.5 * sin(2 * acos(-1) * t / 52) + 0.3 * cos(2 * acos(-1) * t / 52));
            if (t)
                mu += 0.3 * exp(own[i]) * y[i][t - 1];
            for (int k = 0; t && k < NEAR; k++)
                mu += 0.25 / NEAR * exp(near[i]) * y[neighbour(i, k)][t - 1];
            y[i][t] = (double)rng_negbin(&r, mu, 4);
        }
    FILE *f = bench_create(b, "counts");
    fputs("unit,week,y,share\n", f);
    for (int i = 0; i < UNITS; i++)
        for (int t = 0; t < weeks; t++)
            fprintf(f, "%d,%d,%.0f,%.9f\n", i + 1, t + 1, y[i][t], people[i] / all);
    fclose(f);
    f = bench_create(b, "pairs");
    fputs("from,to\n", f);
    for (uint32_t i = 0; i < UNITS; i++)
        for (int k = 0; k < NEAR; k++)
            fprintf(f, "%u,%u\n", i + 1, neighbour(i, k) + 1);
    fclose(f);
}

void bench_run(struct bench *b)
{
    struct bench_column c[] = {
        {"unit", BENCH_INT64, NULL}, {"y", BENCH_INT64, NULL}, {"share", BENCH_DOUBLE, NULL}};
    struct bench_column p[] = {{"from", BENCH_INT32, NULL}, {"to", BENCH_INT32, NULL}};
    size_t n = bench_read(b, "counts", c, 3), pairs = bench_read(b, "pairs", p, 2), weeks = n / UNITS;
    uint32_t *from = arena_array(b->arena, pairs, sizeof *from),
             *to = arena_array(b->arena, pairs, sizeof *to);
    for (size_t e = 0; e < pairs; e++) {
        from[e] = (uint32_t)((int32_t *)p[0].data)[e] - 1;
        to[e] = (uint32_t)((int32_t *)p[1].data)[e] - 1;
    }
    struct stat_run run = {.threads = (unsigned)b->threads};

    bench_start(b);
    struct hhh4_weights w = {.kind = HHH4_GIVEN, .normalise = true};
    if (hhh4_links_new(b->arena, UNITS, pairs, from, to, NULL, &w.links))
        bench_die("the pairs were refused");
    const struct hhh4_column one = {0};
    struct hhh4_model m = {
        .n_units = UNITS, .n_periods = weeks, .y = c[1].data, .family = HHH4_NEGBIN1, .weights = &w};
    m.part[HHH4_AR] = (struct hhh4_component){1, &one, RANDOM, NULL, 0};
    m.part[HHH4_NE] = (struct hhh4_component){1, &one, RANDOM, NULL, 0};
    m.part[HHH4_END] =
        (struct hhh4_component){3, hhh4_season(b->arena, weeks, 52, 1, 0), RANDOM, c[2].data, 0};
    struct hhh4_fit f = hhh4_fit(b->arena, &m, 1, weeks, NULL, &run);
    if (f.status == STAT_REFUSED)
        bench_die("the model did not converge");
    bench_stop(b, "fit");

    bench_values(b, "log-likelihood", &f.log_likelihood, 1, 1e-6);
    bench_values(b, "coefficients", f.coef, f.n_coef, RANDOM ? 1e-3 : 1e-4);
    if (RANDOM) {
        double variance[3] = {f.sigma[0], f.sigma[4], f.sigma[8]};
        bench_values(b, "variances", variance, 3, 0.02);
    }
}

#endif
