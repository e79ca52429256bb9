/* case_farrington.c - the list of alarms of a week: 6,300 series of weeks by Farrington-Flexible. */
#include "bench.h"

#include <math.h>

#include "base/arena.h"
#include "stat/detect.h"
#include "stat/parallel.h"
#include "stat/rng.h"

const char bench_title[] = "Farrington-Flexible: one week of 6,300 series from five years before it";

enum { SERIES = 6300, WEEKS = 5 * 52 + 3 + 1 };

void bench_generate(struct bench *b, double size)
{
    FILE *f = bench_create(b, "weeks");
    fputs("y\n", f);
    for (int s = 0; s < SERIES * size; s++) {
        struct rng r = rng_stream(2026, "weeks", (uint64_t)s);
        double level = exp(1 + 0.8 * rng_normal(&r)), season = 0.6 * rng_uniform(&r),
               trend = 0.002 * rng_normal(&r);
        for (int t = 0; t < WEEKS; t++) {
            double mean = level * exp(season * cos(2 * acos(-1) * t / 52) + trend * t);
            fprintf(f, "%lld\n", (long long)rng_negbin(&r, mean, 4));
        }
    }
    fclose(f);
}

void bench_run(struct bench *b)
{
    struct bench_column c[] = {{"y", BENCH_INT64, NULL}};
    size_t n = bench_read(b, "weeks", c, 1) / WEEKS;
    struct detect_fit *fit = arena_array(b->arena, n, sizeof *fit);
    double *v = arena_array(b->arena, n, sizeof *v);
    struct stat_run run = {.threads = (unsigned)b->threads};
    struct detect_farrington o = detect_farrington_default();
    o.min_cases = 0;

    bench_start(b);
    if (detect_farrington_many(&run, n, WEEKS, WEEKS - 1, c[0].data, &o, fit) != STAT_REASON_NONE)
        bench_die("the series were refused");
    bench_stop(b, "verdicts");

    for (size_t i = 0; i < n; i++)
        v[i] = fit[i].r.upper;
    bench_values(b, "threshold", v, n, 0);
    for (size_t i = 0; i < n; i++)
        v[i] = fit[i].r.expected;
    bench_values(b, "mean", v, n, 1e-7);
    for (size_t i = 0; i < n; i++)
        v[i] = fit[i].phi;
    bench_values(b, "overdispersion", v, n, 1e-7);
}
