/* case_lisa.c - local Moran's I of 6,300 places with 8 neighbours each, 999 conditional permutations.
 *
 * Places at random on a square, the eight nearest as neighbours (not mutual), values that drift over
 * the square with noise. The p of permutation is random on both sides: only its mean and the share of
 * small ones are compared. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/spatial.h"

const char bench_title[] = "LISA: 6,300 places, 8 nearest neighbours, 999 conditional permutations";

enum { PLACES = 6300, NEAREST = 8, PERMUTATIONS = 999 };

struct near {
    double distance;
    int place;
};

static int by_distance(const void *a, const void *b)
{
    double x = ((const struct near *)a)->distance, y = ((const struct near *)b)->distance;
    return (x > y) - (x < y);
}

void bench_generate(struct bench *b, double size)
{
    int n = (int)fmax(PLACES * size, 50);
    double *x = arena_array(b->arena, (size_t)n, sizeof *x), *y = arena_array(b->arena, (size_t)n, sizeof *y);
    struct near *near = arena_array(b->arena, (size_t)n, sizeof *near);
    struct rng r = rng_stream(2026, "lisa", 0);
    FILE *places = bench_create(b, "places"), *links = bench_create(b, "links");
    fputs("place,value\n", places);
    fputs("from,to\n", links);
    for (int i = 0; i < n; i++) {
        x[i] = rng_uniform(&r);
        y[i] = rng_uniform(&r);
        fprintf(places, "%d,%.6f\n", i, sin(6 * x[i]) + cos(5 * y[i]) + 1.5 * rng_normal(&r));
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            near[j] = (struct near){j == i ? 9 : hypot(x[i] - x[j], y[i] - y[j]), j};
        qsort(near, (size_t)n, sizeof *near, by_distance);
        for (int k = 0; k < NEAREST; k++)
            fprintf(links, "%d,%d\n", i, near[k].place);
    }
    fclose(places);
    fclose(links);
}

void bench_run(struct bench *b)
{
    struct bench_column value = {"value", BENCH_DOUBLE, NULL};
    struct bench_column pair[] = {{"from", BENCH_INT64, NULL}, {"to", BENCH_INT64, NULL}};
    size_t n = bench_read(b, "places", &value, 1), m = bench_read(b, "links", pair, 2);
    uint32_t *from = arena_array(b->arena, m, sizeof *from), *to = arena_array(b->arena, m, sizeof *to);
    for (size_t k = 0; k < m; k++) {
        from[k] = (uint32_t)((int64_t *)pair[0].data)[k];
        to[k] = (uint32_t)((int64_t *)pair[1].data)[k];
    }
    struct spatial_weights w;
    if (spatial_weights_new(b->arena, n, m, from, to, true, &w))
        bench_die("the neighbours were refused");
    struct spatial_local *l = arena_array(b->arena, n, sizeof *l);
    struct stat_run run = {.threads = (unsigned)b->threads};

    bench_start(b);
    if (spatial_lisa(b->arena, &run, &w, value.data, 0, 1, SPATIAL_P_CONDITIONAL, l))
        bench_die("the map was refused");
    bench_stop(b, "local Moran's I");
    double *v = arena_array(b->arena, n, sizeof *v), *z = arena_array(b->arena, n, sizeof *z);
    for (size_t i = 0; i < n; i++) {
        v[i] = l[i].value;
        z[i] = l[i].z;
    }
    bench_values(b, "I", v, n, 1e-9);
    bench_values(b, "z given the place's value", z, n, 1e-9);

    bench_start(b);
    if (spatial_lisa(b->arena, &run, &w, value.data, PERMUTATIONS, 1, SPATIAL_P_PERMUTED, l))
        bench_die("the map was refused");
    bench_stop(b, "with 999 conditional permutations");
    double mean = 0, small = 0;
    for (size_t i = 0; i < n; i++) {
        mean += l[i].p_permuted / (double)n;
        small += (l[i].p_permuted <= 0.1) / (double)n;
    }
    bench_values(b, "mean p of permutation", &mean, 1, 0.01);
    bench_values(b, "share of places with p up to 0.1", &small, 1, 0.03);

    bench_start(b);
    struct spatial_global g = spatial_moran(b->arena, &run, &w, value.data, PERMUTATIONS, 1);
    bench_stop(b, "Moran's I with 999 permutations");
    bench_values(b, "Moran's I", &g.value, 1, 1e-9);
    bench_values(b, "its variance", &g.var_random, 1, 1e-9);
}
