/* test_scan.c - scan statistics against the reference files of s4 and by simulation. */
#include "stat/scan.h"

#include "base/arena.h"
#include "stat/parallel.h"
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
    struct scan_result r = scan_map(a, NULL, &m, &o);
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
    r = scan_map(a, NULL, &m, &o);
    is_num(r.cluster[0].llr, golden_one(json, "pennLC.bernoulli.mlc.llr"), 1e-9,
           "lung cancer: Bernoulli likelihood ratio");
    is_num(r.cluster[0].p, 0.01, 1e-12, "lung cancer: no Bernoulli replicate is as large");
}

enum { SIDE = 5, PLACES = SIDE * SIDE, PERIODS = 6, RUNS = 2000 };

static double x[PLACES], y[PLACES], people[PLACES], expected[PLACES * PERIODS], persons[PLACES * PERIODS];
static int64_t cases[PLACES * PERIODS];
static struct scan_map grid = {PLACES, PERIODS, .x = x, .y = y, .population = people, .cases = cases,
                               .expected = expected, .persons = persons};
static const char *const model_name[] = {"Poisson", "Bernoulli", "expectation-based", "permutation"};

static void fill_grid(uint64_t seed, enum scan_model model)
{
    struct rng r = rng_stream(71, model_name[model], seed);
    for (int i = 0; i < PLACES; i++) {
        x[i] = i % SIDE;
        y[i] = (double)(i / SIDE);
        people[i] = 100 + i % 3 * 50;
        for (int t = 0; t < PERIODS; t++) {
            int c = i * PERIODS + t;
            expected[c] = people[i] / 150;
            persons[c] = 4 + i % 5;
            cases[c] = model == SCAN_BERNOULLI /* far from rare: Poisson would be wrong */
                           ? rng_binomial(&r, (int64_t)persons[c], 0.4)
                           : rng_poisson(&r, expected[c]);
        }
    }
}

/* Maps without a cluster: false alarms must be as rare as their p says, under every model. */
static void test_level(enum scan_model model)
{
    int wrong = 0, gumbel = 0;
    struct scan_options o = {.model = model, .max_length = 3, .max_places = 6, .replicates = 19};
    for (uint64_t k = 0; k < RUNS; k++) {
        struct arena *a = arena_new(0);
        fill_grid(k, model);
        o.seed = k;
        struct scan_result s = scan_map(a, NULL, &grid, &o);
        wrong += s.n_clusters && s.cluster[0].p <= 0.05;
        gumbel += s.n_clusters && s.cluster[0].p_gumbel <= 0.05;
        arena_free(a);
    }
    printf("# %s: %d and by Gumbel %d of %d\n", model_name[model], wrong, gumbel, RUNS);
    ok(wrong >= RUNS * 0.035 && wrong <= RUNS * 0.065, "false clusters come in 5 of 100 maps, as said");
    ok(gumbel >= RUNS * 0.035 && gumbel <= RUNS * 0.09,
       "by Gumbel's approximation from 19 replicates nearly so");
}

/* The short cuts of the replicates lose nothing, threads change nothing. */
static void test_same(enum scan_model model, size_t max_places, int64_t more)
{
    struct arena *a = arena_new(0);
    struct stat_run two = {.threads = 2};
    fill_grid(3, model);
    for (int c = 0; c < PLACES * PERIODS && model != SCAN_BERNOULLI; c++)
        cases[c] += more;
    struct scan_options o = {.model = model,
                             .max_length = 4,
                             .max_places = max_places,
                             .replicates = 99,
                             .seed = 8,
                             .max_clusters = 3};
    struct scan_result quick = scan_map(a, NULL, &grid, &o), threads = scan_map(a, &two, &grid, &o);
    o.one_by_one = true;
    struct scan_result plain = scan_map(a, NULL, &grid, &o);
    is_int(memcmp(quick.replicate, threads.replicate, 99 * sizeof(double)), 0, model_name[model]);
    is_int(memcmp(quick.replicate, plain.replicate, 99 * sizeof(double)), 0,
           "searched together or one by one");
    ok(quick.cluster[0].p == plain.cluster[0].p, "the same p");
    arena_free(a);
}

static double ratio_by_hand(enum scan_model model, double c, double e, double all, double n)
{
    if (model == SCAN_BERNOULLI) {
        double p = c / e, q = (all - c) / (n - e), r = all / n;
        return p <= q ? 0
                      : c * log(p) + (e > c ? (e - c) * log(1 - p) : 0) + (all > c ? (all - c) * log(q) : 0) +
                            (n - e - all + c) * log(1 - q) - all * log(r) - (n - all) * log(1 - r);
    }
    if (c <= e)
        return 0;
    return model == SCAN_EXPECTATION ? c * log(c / e) + e - c
                                     : c * log(c / e) + (all - c) * log((all - c) / (all - e));
}

/* Every circle and length of a small map, with nothing in common but the formulas. */
static void test_by_hand(enum scan_model model)
{
    struct arena *a = arena_new(0);
    double all = 0, n = 0, sum = 0, best = 0, of_place[PLACES] = {0}, of_period[PERIODS] = {0};
    fill_grid(5, model);
    for (int c = 0; c < PLACES * PERIODS; c++) {
        all += (double)cases[c];
        n += persons[c];
        sum += expected[c];
        of_place[c / PERIODS] += (double)cases[c];
        of_period[c % PERIODS] += (double)cases[c];
    }
    for (int centre = 0; centre < PLACES; centre++)
        for (int far = 0; far < PLACES; far++)
            for (int length = 1; length <= 4; length++) {
                double c = 0, e = 0, inside = 0;
                for (int i = 0; i < PLACES; i++) {
                    double di = hypot(x[i] - x[centre], y[i] - y[centre]);
                    double df = hypot(x[far] - x[centre], y[far] - y[centre]);
                    if (di > df || (di == df && i > far))
                        continue;
                    inside += people[i];
                    for (int t = PERIODS - length; t < PERIODS; t++) {
                        int at = i * PERIODS + t;
                        c += (double)cases[at];
                        e += model == SCAN_BERNOULLI     ? persons[at]
                             : model == SCAN_PERMUTATION ? of_place[i] * of_period[t] / all
                             : model == SCAN_POISSON     ? expected[at] * all / sum
                                                         : expected[at];
                    }
                }
                if (inside <= 0.3 * 3700 && c >= 3)
                    best = fmax(best, ratio_by_hand(model, c, e, all, n));
            }
    struct scan_options o = {.model = model, .max_length = 4, .max_share = 0.3};
    is_num(scan_map(a, NULL, &grid, &o).cluster[0].llr, best, 1e-10, model_name[model]);
    arena_free(a);
}

/* A planted cluster must be found, with its duration. */
static void test_found(void)
{
    int found = 0, right_length = 0, runs = 200;
    for (uint64_t k = 0; k < (uint64_t)runs; k++) {
        struct arena *a = arena_new(0);
        struct rng r = rng_stream(73, "planted", k);
        static const int at[] = {12, 11, 13, 7, 17};
        fill_grid(k, SCAN_POISSON);
        for (int j = 0; j < 5; j++)
            for (int t = PERIODS - 2; t < PERIODS; t++)
                cases[at[j] * PERIODS + t] += rng_poisson(&r, 2.5);
        struct scan_options o = {
            .max_length = 4, .max_places = 9, .replicates = 39, .seed = k, .period_days = 91};
        struct scan_result s = scan_map(a, NULL, &grid, &o);
        found += s.cluster[0].p <= 0.05;
        right_length += s.cluster[0].length == 2;
        if (k == 0) {
            is_num(s.cluster[0].recurrence_days, 91 / s.cluster[0].p, 1e-12, "recurrence interval");
            is_num(s.cluster[0].recurrence_gumbel, 91 / s.cluster[0].p_gumbel, 1e-12, "also by Gumbel");
        }
        arena_free(a);
    }
    printf("# found %d, length right %d of %d\n", found, right_length, runs);
    ok(found >= 0.9 * runs, "a planted cluster is found");
    ok(right_length >= 0.75 * runs, "mostly with its right duration");
}

static bool stop_soon(void *arg, size_t done, size_t all)
{
    (void)arg;
    (void)all;
    return done < 2;
}

static void test_sphere(void)
{
    struct arena *a = arena_new(0);
    /* Three places on one meridian and parallel: in degrees the second is nearer, in km the third. */
    const double lon[] = {69, 69, 70.2, 80}, lat[] = {60, 61, 60, 40}, number[] = {10, 10, 10, 40};
    const int64_t many[] = {9, 1, 9, 3};
    struct scan_map m = {4, 1, .x = lon, .y = lat, .sphere = true, .population = number, .cases = many};
    struct scan_result r = scan_map(a, NULL, &m, NULL);
    ok(r.cluster[0].n_places == 2 && r.cluster[0].place[0] + r.cluster[0].place[1] == 2,
       "neighbours over the globe");
    is_num(r.cluster[0].radius, 66.71, 1e-3, "a degree of longitude is half a degree at 60 north");
    m.sphere = false;
    r = scan_map(a, NULL, &m, NULL);
    is_num(r.cluster[0].radius, 1.2, 1e-12, "in the plane it is what the numbers say");
    arena_free(a);
}

static void test_edges(void)
{
    struct arena *a = arena_new(0);
    const double px[] = {0, 1, 5}, py[] = {0, 0, 0}, number[] = {10, 10, 30};
    const int64_t few[] = {2, 0, 0}, more[] = {3, 3, 1};
    struct scan_map m = {3, 1, .x = px, .y = py, .population = number, .cases = few};
    is_int(scan_map(a, NULL, &m, NULL).reason, STAT_REASON_FEW_EVENTS, "two events are no cluster");
    m.cases = more;
    struct scan_options o = {.replicates = 19, .seed = 3, .max_clusters = 5};
    struct scan_result r = scan_map(a, NULL, &m, &o), again = scan_map(a, NULL, &m, &o);
    is_int(r.cluster[0].n_places, 2, "two neighbours with many events are the cluster");
    double e = 7 * 20.0 / 50;
    is_num(r.cluster[0].llr, 6 * log(6 / e) + log(1 / (7 - e)), 1e-12, "its ratio is the closed form");
    ok(r.cluster[0].p == again.cluster[0].p, "the same seed gives the same p");
    ok(r.n_clusters == 1, "clusters do not overlap");
    o.model = SCAN_EXPECTATION;
    is_int(scan_map(a, NULL, &m, &o).status, STAT_REFUSED, "expectation-based needs expectations");
    fill_grid(1, SCAN_POISSON);
    struct stat_run stopping = {.go_on = stop_soon};
    o = (struct scan_options){.replicates = 999};
    is_int(scan_map(a, &stopping, &grid, &o).reason, STAT_REASON_STOPPED, "a long scan can be stopped");
    cases[0] = 3;
    expected[0] = 0;
    is_int(scan_map(a, NULL, &grid, &o).reason, STAT_REASON_INVALID, "cases where none can be");
    o.model = SCAN_BERNOULLI;
    persons[7] = 0.5;
    is_int(scan_map(a, NULL, &grid, &o).reason, STAT_REASON_INVALID, "half a person");
    arena_free(a);
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_edges();
    for (enum scan_model k = SCAN_POISSON; k <= SCAN_PERMUTATION; k++) {
        test_by_hand(k);
        test_same(k, 6, 0);
        test_same(k, 0, 0);
        test_level(k);
    }
    test_same(SCAN_POISSON, 0, 400); /* counts beyond 16 bits */
    test_same(SCAN_EXPECTATION, 0, 400);
    test_found();
    test_sphere();
    char *json = golden_file("s4_spatial_afcon_pennLC", "expected.json");
    char *csv = golden_file("s4_spatial_afcon_pennLC", "pennLC.csv");
    if (json && csv)
        golden_lung_cancer(a, json, csv);
    else
        skip("the published lung cancer map", "../shared/golden is not there");
    arena_free(a);
    return done();
}
