/* test_scan.c - scan statistics against the reference files of s4 and by simulation. */
#include "stat/scan.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/test_golden.h"
#include "tap.h"

static void golden_lung_cancer(struct arena *a, const char *json, const char *csv)
{
    size_t n;
    struct scan_map m = {.n_periods = 1, .x = golden_column(csv, "x", &n), .y = golden_column(csv, "y", &n)};
    m.population = golden_column(csv, "pop", &n);
    m.cases = golden_ids(csv, "cases", &n);
    m.n_places = n;
    struct scan_options o = {.replicates = 99, .seed = 1};
    struct scan_result r = scan_map(a, &m, &o);
    double want[67], worst = 0;
    is_num(r.cluster[0].llr, golden_one(json, "pennLC.mlc.llr"), 1e-9,
           "lung cancer: Poisson likelihood ratio");
    is_num(r.cluster[0].cases, golden_one(json, "pennLC.mlc.cases"), 0, "lung cancer: cases in the cluster");
    is_num(r.cluster[0].expected, golden_one(json, "pennLC.mlc.expected"), 1e-9, "lung cancer: expected");
    size_t members = (size_t)golden_get(json, "pennLC.mlc.members", want, 67), same = 0;
    for (size_t k = 0; k < members; k++)
        for (size_t j = 0; j < r.cluster[0].n_places; j++)
            same += r.cluster[0].place[j] + 1 == (uint32_t)want[k];
    ok(same == members && members == r.cluster[0].n_places, "lung cancer: the counties of the cluster");
    golden_get(json, "pennLC.best_llr_by_centre", want, 67);
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(r.best_by_centre[i] - want[i]));
    ok(worst < 1e-9, "lung cancer: best ratio of every county");
    is_num(r.cluster[0].p, 0.01, 1e-12, "lung cancer: no replicate is as large");
    ok(r.cluster[0].p_gumbel < 1e-6, "lung cancer: by far");
    o.model = SCAN_BERNOULLI;
    r = scan_map(a, &m, &o);
    is_num(r.cluster[0].llr, golden_one(json, "pennLC.bernoulli.mlc.llr"), 1e-9,
           "lung cancer: Bernoulli likelihood ratio");
    is_num(r.cluster[0].p, 0.01, 1e-12, "lung cancer: no Bernoulli replicate is as large");
}

enum { SIDE = 7, PLACES = SIDE * SIDE, PERIODS = 8 };

/* A grid of places: false alarms must be as rare as their p says, a planted cluster must be found. */
static void test_simulation(void)
{
    static double x[PLACES], y[PLACES], people[PLACES], expected[PLACES * PERIODS];
    static int64_t cases[PLACES * PERIODS];
    struct scan_map m = {PLACES, PERIODS, x, y, people, cases, expected};
    int wrong[3] = {0}, found = 0, right_length = 0, runs = 100;
    for (int i = 0; i < PLACES; i++) {
        x[i] = i % SIDE;
        y[i] = (double)(i / SIDE);
        people[i] = 100 + i % 3 * 50;
        for (int t = 0; t < PERIODS; t++)
            expected[i * PERIODS + t] = people[i] / 150;
    }
    for (uint64_t k = 0; k < (uint64_t)runs; k++) {
        struct rng r = rng_stream(71, "grid", k);
        for (int c = 0; c < PLACES * PERIODS; c++)
            cases[c] = rng_poisson(&r, expected[c]);
        for (int model = SCAN_POISSON; model <= SCAN_EXPECTATION; model += SCAN_EXPECTATION - SCAN_POISSON) {
            struct arena *a = arena_new(0);
            struct scan_options o = {.model = (enum scan_model)model, .max_length = 4, .max_places = 9,
                                     .replicates = 39, .seed = k};
            struct scan_result s = scan_map(a, &m, &o);
            wrong[model] += s.n_clusters && s.cluster[0].p <= 0.05;
            arena_free(a);
        }
        static const int at[] = {24, 23, 25, 17, 31};
        for (int j = 0; j < 5; j++)
            for (int t = PERIODS - 2; t < PERIODS; t++)
                cases[at[j] * PERIODS + t] += rng_poisson(&r, 2.5);
        struct arena *a = arena_new(0);
        struct scan_options o = {
            .max_length = 4, .max_places = 9, .replicates = 39, .seed = k, .period_days = 91};
        struct scan_result s = scan_map(a, &m, &o);
        found += s.cluster[0].p <= 0.05;
        right_length += s.cluster[0].length == 2;
        arena_free(a);
    }
    printf("# wrong %d and %d, found %d, length right %d of %d\n", wrong[0], wrong[2], found, right_length,
           runs);
    ok(wrong[0] <= 13 && wrong[2] <= 13, "maps without a cluster seldom show one");
    ok(found >= 92, "a planted cluster is found");
    ok(right_length >= 75, "mostly with its right duration");
}

/* Cases among persons, no cluster: the Bernoulli model must hold its level, too. */
static void test_bernoulli(void)
{
    static double x[PLACES], y[PLACES], people[PLACES];
    static int64_t cases[PLACES];
    struct scan_map m = {PLACES, 1, x, y, people, cases, NULL};
    int wrong = 0;
    for (uint64_t k = 0; k < 200; k++) {
        struct rng r = rng_stream(72, "persons", k);
        for (int i = 0; i < PLACES; i++) {
            x[i] = i % SIDE;
            y[i] = (double)(i / SIDE);
            people[i] = 4 + i % 5;
            cases[i] = rng_binomial(&r, (int64_t)people[i], 0.4); /* far from rare: Poisson would be wrong */
        }
        struct arena *a = arena_new(0);
        struct scan_options o = {.model = SCAN_BERNOULLI, .replicates = 39, .seed = k};
        struct scan_result s = scan_map(a, &m, &o);
        wrong += s.n_clusters && s.cluster[0].p <= 0.05;
        arena_free(a);
    }
    printf("# wrong %d of 200\n", wrong);
    ok(wrong >= 2 && wrong <= 22, "common events among few persons: false clusters are as rare as said");
}

static void test_edges(void)
{
    struct arena *a = arena_new(0);
    const double x[] = {0, 1, 5}, y[] = {0, 0, 0}, people[] = {10, 10, 30};
    const int64_t cases[] = {2, 0, 0}, more[] = {3, 3, 1};
    struct scan_map m = {3, 1, x, y, people, cases, NULL};
    is_int(scan_map(a, &m, NULL).reason, STAT_REASON_FEW_EVENTS, "two events are no cluster");
    m.cases = more;
    struct scan_options o = {.replicates = 19, .seed = 3, .max_clusters = 5};
    struct scan_result r = scan_map(a, &m, &o), again = scan_map(a, &m, &o);
    is_int(r.cluster[0].n_places, 2, "two neighbours with many events are the cluster");
    double e = 7 * 20.0 / 50;
    is_num(r.cluster[0].llr, 6 * log(6 / e) + log(1 / (7 - e)), 1e-12, "its ratio is the closed form");
    ok(r.cluster[0].p == again.cluster[0].p, "the same seed gives the same p");
    ok(r.n_clusters == 1, "clusters do not overlap");
    o.model = SCAN_EXPECTATION;
    is_int(scan_map(a, &m, &o).status, STAT_REFUSED, "expectation-based needs expectations");
    arena_free(a);
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_edges();
    test_simulation();
    test_bernoulli();
    char *json = golden_file("s4_spatial_afcon_pennLC", "expected.json");
    char *csv = golden_file("s4_spatial_afcon_pennLC", "pennLC.csv");
    if (json && csv)
        golden_lung_cancer(a, json, csv);
    else
        skip("the published lung cancer map", "../shared/golden is not there");
    arena_free(a);
    return done();
}
