/* case_scan.c - the prospective space-time scan: 6,300 places, 50 nearest, up to 8 of 52 weeks, 999
 * replicates. */
#include "bench.h"

#include <math.h>

#include "base/arena.h"
#include "stat/parallel.h"
#include "stat/rng.h"
#include "stat/scan.h"

const char bench_title[] =
    "Space-time scan: 6,300 places, circles of up to 50, up to 8 of 52 weeks; 999 replicates";

enum { PLACES = 6300, WEEKS = 52, REPLICATES = 999 };

/* The number of places is in the size, too: SIZE=0.1 has 630 of them and 99 replicates. */
void bench_generate(struct bench *b, double size)
{
    FILE *places = bench_create(b, "places"), *counts = bench_create(b, "counts");
    fputs("x,y,population\n", places);
    fputs("cases\n", counts);
    for (int i = 0; i < PLACES * size; i++) {
        struct rng r = rng_stream(2026, "places", (uint64_t)i);
        double x = rng_uniform(&r), y = rng_uniform(&r), people = 500 + 5000 * rng_gamma(&r, 1, 1);
        fprintf(places, "%.9f,%.9f,%.0f\n", x, y, people);
        for (int t = 0; t < WEEKS; t++)
            fprintf(counts, "%lld\n", (long long)rng_poisson(&r, people / 11000));
    }
    fclose(places);
    fclose(counts);
}

void bench_run(struct bench *b)
{
    struct bench_column c[] = {
        {"x", BENCH_DOUBLE, NULL}, {"y", BENCH_DOUBLE, NULL}, {"population", BENCH_DOUBLE, NULL}};
    struct bench_column cases[] = {{"cases", BENCH_INT64, NULL}};
    size_t n = bench_read(b, "places", c, 3);
    bench_read(b, "counts", cases, 1);
    struct scan_map m = {.n_places = n,
                         .n_periods = WEEKS,
                         .x = c[0].data,
                         .y = c[1].data,
                         .population = c[2].data,
                         .cases = cases[0].data};
    struct scan_options o = {.max_places = 50, .max_length = 8, .min_cases = 1, .seed = 1,
                             .replicates = (int)(REPLICATES * (n / (double)PLACES))};
    struct stat_run run = {.threads = (unsigned)b->threads};

    bench_start(b);
    struct scan_result r = scan_map(b->arena, &run, &m, &o);
    bench_stop(b, "scan with replicates");
    if (r.status != STAT_OK)
        bench_die("the scan was refused");
    bench_values(b, "largest ratio of each centre", r.best_by_centre, n, 1e-9);
    double mean = 0;
    for (int i = 0; i < o.replicates; i++)
        mean += r.replicate[i] / o.replicates;
    /* The random maps are others: their means agree within the Monte Carlo error,
     * 0.13/sqrt(replicates) each; four times that of the difference. */
    bench_values(b, "mean of the replicates' largest", &mean, 1, 0.75 / sqrt(o.replicates));
}
