/* case_scores.c - proper scores of many forecasts of counts: 1,000,000 negative binomial forecasts. */
#include "bench.h"

#include "base/arena.h"
#include "stat/parallel.h"
#include "stat/rng.h"
#include "stat/score.h"

const char bench_title[] =
    "Scores: log score, RPS, Dawid-Sebastiani and squared error of 1,000,000 negative binomial forecasts";

void bench_generate(struct bench *b, double size)
{
    FILE *f = bench_create(b, "forecasts");
    struct rng r = rng_stream(2026, "forecasts", 0);
    fputs("y,mean,size\n", f);
    for (int i = 0; i < 1000000 * size; i++) {
        double mean = rng_gamma(&r, 2, 0.4), dispersion = 1 + 4 * rng_uniform(&r);
        fprintf(f, "%lld,%.6f,%.6f\n", (long long)rng_negbin(&r, mean, dispersion), mean, dispersion);
    }
    fclose(f);
}

void bench_run(struct bench *b)
{
    struct bench_column c[] = {
        {"y", BENCH_DOUBLE, NULL}, {"mean", BENCH_DOUBLE, NULL}, {"size", BENCH_DOUBLE, NULL}};
    size_t n = bench_read(b, "forecasts", c, 3);
    struct score_count *s = arena_array(b->arena, n, sizeof *s);
    struct stat_run run = {.threads = (unsigned)b->threads};

    bench_start(b);
    if (score_negbin_many(&run, n, c[0].data, c[1].data, c[2].data, s) != STAT_REASON_NONE)
        bench_die("the scores were refused");
    bench_stop(b, "scores");

    size_t some = n < 20000 ? n : 20000;
    double *v = arena_array(b->arena, some, sizeof *v);
    static const char *const names[] = {"log score", "RPS", "Dawid-Sebastiani", "squared error"};
    for (int k = 0; k < 4; k++) {
        for (size_t i = 0; i < some; i++)
            v[i] = k == 0 ? s[i].log : k == 1 ? s[i].rps : k == 2 ? s[i].dss : s[i].squared;
        bench_values(b, names[k], v, some, 1e-9);
    }
}
