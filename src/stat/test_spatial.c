/* test_spatial.c - spatial autocorrelation against the reference files of s4, and by permutation. */
#include "stat/spatial.h"
#include "stat/spatial_rates.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/test_golden.h"
#include "tap.h"

static void compare(const char *json, const char *style, const char *what, const double *got, size_t n)
{
    char key[64], name[96];
    double *want = malloc(n * sizeof *want), worst = 0;
    snprintf(key, sizeof key, "afcon.%s.%s", style, what);
    snprintf(name, sizeof name, "Africa, weights %s: %s of all places", style, what);
    if (golden_get(json, key, want, (int)n) != (int)n)
        worst = INFINITY;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(got[i] - want[i]) / fmax(1, fabs(want[i])));
    ok(worst <= 1e-9, name);
    free(want);
}

static void compare_quadrants(const char *json, const char *style, const struct spatial_local *l, size_t n)
{
    static const char *const names[] = {"\"Low-Low\"", "\"Low-High\"", "\"High-Low\"", "\"High-High\""};
    char key[64];
    snprintf(key, sizeof key, "\"afcon.%s.lisa.quadrant\"", style);
    const char *p = strstr(json, key);
    size_t same = 0;
    p += strlen(key);
    for (size_t i = 0; i < n; i++) {
        p = strchr(p, '"');
        same += strncmp(p, names[l[i].quadrant], strlen(names[l[i].quadrant])) == 0;
        p = strchr(p + 1, '"') + 1;
    }
    is_int(same, n, "Africa: quadrants of all places");
}

static void golden_africa(struct arena *a, const char *json, const char *csv, const char *pairs)
{
    size_t n, m;
    double *x = golden_column(csv, "totcon", &n);
    int64_t *f = golden_ids(pairs, "from", &m), *t = golden_ids(pairs, "to", &m);
    uint32_t *from = malloc(m * sizeof *from), *to = malloc(m * sizeof *to);
    for (size_t k = 0; k < m; k++) {
        from[k] = (uint32_t)f[k] - 1;
        to[k] = (uint32_t)t[k] - 1;
    }
    for (int s = 0; s < 2; s++) {
        const char *style = s == 0 ? "W" : "B";
        struct spatial_weights w;
        is_int(spatial_weights_new(a, n, m, from, to, s == 0, &w), STAT_REASON_NONE, "neighbours are taken");
        struct spatial_global g = spatial_moran(a, NULL, &w, x, 999, 1);
        double random[] = {g.value, g.expected, g.var_random, g.z_random, g.p_random};
        double normal[] = {g.value, g.expected, g.var_normal, g.z_normal, g.p_normal};
        compare(json, style, "moran.random", random, 5);
        compare(json, style, "moran.normal", normal, 5);
        is_num(g.p_permuted, 0.002, 1e-12, "no permutation of 999 is as clustered");
        struct spatial_local *l = calloc(n, sizeof *l);
        double *v = malloc(n * sizeof *v);
        spatial_lisa(a, NULL, &w, x, 0, 1, SPATIAL_P_CONDITIONAL, l);
#define FIELD(name, key)                                                                           \
    do {                                                                                           \
        for (size_t i = 0; i < n; i++)                                                             \
            v[i] = l[i].name;                                                                      \
        compare(json, style, key, v, n);                                                           \
    } while (0)
        FIELD(value, "lisa.Ii");
        FIELD(expected, "lisa.E");
        FIELD(variance, "lisa.Var");
        FIELD(z, "lisa.Z");
        FIELD(p, "lisa.p");
        FIELD(variance_total, "lisa_total.Var");
        compare_quadrants(json, style, l, n);
        double normal_p = l[4].p;
        spatial_lisa(a, NULL, &w, x, 9999, 1, SPATIAL_P_PERMUTED, l);
        ok(l[4].p_permuted < 0.02 && normal_p < 0.02, "permutation and normal p agree on a clear place");
    }
}

/* A ring of places: random values must be found random, a gradient must not. */
static void test_ring(struct arena *a)
{
    enum { N = 60 };
    uint32_t from[2 * N], to[2 * N];
    double x[N];
    for (uint32_t i = 0; i < N; i++) {
        from[2 * i] = from[2 * i + 1] = i;
        to[2 * i] = (i + 1) % N;
        to[2 * i + 1] = (i + N - 1) % N;
    }
    struct spatial_weights w;
    spatial_weights_new(a, N, 2 * N, from, to, true, &w);
    int found = 0, found_geary = 0, listed = 0;
    for (uint64_t k = 0; k < 400; k++) {
        struct arena *mine = arena_new(0);
        struct rng r = rng_stream(7, "ring", k);
        for (int i = 0; i < N; i++)
            x[i] = rng_normal(&r);
        found += spatial_moran(mine, NULL, &w, x, 0, 0).p_random < 0.05;
        found_geary += spatial_geary(mine, NULL, &w, x, 0, 0).p_random < 0.05;
        if (k < 60) {
            struct spatial_local l[N];
            spatial_lisa(mine, NULL, &w, x, 199, k, SPATIAL_P_PERMUTED, l);
            for (int i = 0; i < N; i++)
                listed += l[i].fdr < 0.05;
        }
        arena_free(mine);
    }
    ok(found >= 8 && found <= 34, "Moran's test is wrong in about 5 of 100 random maps");
    ok(found_geary >= 8 && found_geary <= 34, "Geary's test, too");
    ok(listed <= 4, "under the false discovery rate random maps list next to nothing");
    for (int i = 0; i < N; i++)
        x[i] = sin(i * 2 * acos(-1) / N);
    struct spatial_global g = spatial_moran(a, NULL, &w, x, 99, 1);
    ok(g.value > 0.95 && g.z_random > 5, "a smooth map is found");
    struct spatial_global c = spatial_geary(a, NULL, &w, x, 0, 0);
    ok(c.value < 0.05 && c.z_random < -5, "also by Geary's C");
    ok(spatial_moran(a, NULL, &w, x, 99, 1).p_permuted == g.p_permuted, "the same seed gives the same p");
    memset(x, 0, sizeof x);
    is_int(spatial_moran(a, NULL, &w, x, 0, 0).status, STAT_REFUSED, "a map of one value has no pattern");
    to[0] = 0;
    is_int(spatial_weights_new(a, N, 2 * N, from, to, true, &w), STAT_REASON_INVALID,
           "nobody is his own neighbour");
}

/* A board of 6 x 5, its last place with or without neighbours, x = 10 + 5 sin(i) + (7 i mod 11), in R 4.2
 * with spdep 1.2-7 (zero.policy = TRUE): moran.test, geary.test, globalG.test, localG, EBest, EBlocal,
 * EBImoran.mc. */
static struct spatial_weights board(struct arena *a, uint32_t places, bool row_standardised)
{
    uint32_t from[120], to[120];
    size_t m = 0;
    for (uint32_t i = 0; i < places; i++)
        for (uint32_t j = 0; j < places; j++)
            if ((i % 5 == j % 5 && (i == j + 5 || j == i + 5)) ||
                (i / 5 == j / 5 && (i == j + 1 || j == i + 1))) {
                from[m] = i;
                to[m++] = j;
            }
    struct spatial_weights w;
    spatial_weights_new(a, 30, m, from, to, row_standardised, &w);
    return w;
}

static void is_all(const double *got, const double *want, size_t n, const char *name)
{
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, isnan(got[i]) ? INFINITY : fabs(got[i] - want[i]) / fmax(fabs(want[i]), 1e-3));
    if (!ok(worst < 1e-9, name))
        printf("# worst %g\n", worst);
}

static void test_board(struct arena *a)
{
    double x[30], events[30], population[30], z[30], few[30];
    for (int i = 0; i < 30; i++) {
        x[i] = 10 + 5 * sin(i) + i * 7 % 11;
        events[i] = i * 13 % 17;
        population[i] = 500 + i * 37 % 400;
        few[i] = i % 3;
    }
    struct spatial_weights w = board(a, 29, true), b = board(a, 29, false), whole = board(a, 30, true),
                           ones = board(a, 30, false);
    struct spatial_global g = spatial_moran(a, NULL, &w, x, 0, 0);
    is_all((double[]){g.value, g.expected, g.var_random, g.var_normal},
           (double[]){0.2516001025966, -0.03571428571429, 0.02011615972285, 0.01959374266948}, 4,
           "Moran's I with an island, as spdep");
    g = spatial_geary(a, NULL, &w, x, 0,
                      0); /* spdep's variances take n with the island here, without it there */
    is_num(g.value, 0.6929055724713, 1e-12, "Geary's C with an island, as spdep");
    g = spatial_geary(a, NULL, &whole, x, 0, 0);
    is_all((double[]){g.value, g.var_random, g.var_normal},
           (double[]){0.7307174691243, 0.01828998251242, 0.01797391477499}, 3, "Geary's C, as spdep");
    g = spatial_geary(a, NULL, &ones, x, 1999, 1);
    is_all((double[]){g.value, g.var_random, g.var_normal},
           (double[]){0.711043845697, 0.01902839376425, 0.01964235332053}, 3, "with weights of 0 and 1");
    if (!ok(fabs(g.p_permuted - g.p_random) < 0.02, "and its permutations agree with the variance"))
        printf("# %g %g\n", g.p_permuted, g.p_random);
    g = spatial_general_g(a, NULL, &b, x, 0, 1);
    is_all((double[]){g.value, g.expected, g.var_random},
           (double[]){0.116660470475, 0.115763546798, 1.259296042257e-05}, 3, "general G, as spdep");
    g = spatial_general_g(a, NULL, &ones, x, 1999, 1);
    if (!ok(isnan(g.z_normal) && fabs(g.p_permuted - g.p_random) < 0.05, "its permutations agree, too"))
        printf("# %g %g\n", g.p_permuted, g.p_random);
    struct spatial_hot h[30];
    spatial_getis(a, NULL, &w, x, false, 999, 1, h);
    is_all((double[]){h[0].value, h[7].value, h[28].value, h[0].variance, h[7].variance, h[28].variance,
                      h[0].z, h[7].z, h[28].z, h[0].p, h[0].expected},
           (double[]){0.03168656329344, 0.03716198281739, 0.0337348518591, 5.671678145212e-05,
                      2.802945891766e-05, 5.961725166869e-05, -0.371288687108, 0.5060596370388,
                      -0.09686379583269, 0.7104225231134, 0.03448275862069},
           11, "local G, as spdep");
    ok(isnan(h[29].z) && isnan(h[29].fdr), "a place without neighbours has no local G");
    struct spatial_local l[30];
    spatial_lisa(a, NULL, &w, x, 999, 1, SPATIAL_P_TOTAL, l);
    is_all((double[]){l[0].z_total, l[7].z_total, l[0].p_total, l[7].p_total},
           (double[]){0.3996233328263, 0.3670186154986, 0.6894339682195, 0.7136051323642}, 4,
           "local I over all orders, as spdep");
    is_all((double[]){l[0].z, l[7].z, l[0].variance},
           (double[]){0.371288687108, 0.5060596370388, 0.5598282680229}, 3,
           "local I given the place's value, as spdep");
    spatial_getis(a, NULL, &w, x, true, 0, 1, h);
    is_all((double[]){h[0].value, h[7].value, h[0].variance, h[7].variance, h[0].z, h[7].z, h[28].z},
           (double[]){0.027936102164, 0.03652231724354, 3.518641215267e-05, 1.954800675148e-05,
                      -0.9098787599294, 0.7212753461637, 0.4991516792253},
           7, "local G*, as spdep");
    struct spatial_rate r[30];
    spatial_rates_global(30, events, population, r);
    is_all((double[]){r[0].smoothed, r[7].smoothed, r[29].smoothed, r[0].between, r[0].mean},
           (double[]){0.003972462406978, 0.008820979442192, 0.005815566069387, 4.292846384353e-05,
                      0.01143138704114},
           5, "rates shrunk to the region, as spdep");
    spatial_rates_local(a, &w, events, population, true, r);
    is_all((double[]){r[0].smoothed, r[7].smoothed, r[29].smoothed, r[0].between, r[7].between},
           (double[]){0.003664595791938, 0.008315390576535, 0.003880983182406, 0.0001028141214161,
                      1.478896976917e-05}, 5, "rates shrunk to the neighbourhood, as spdep");
    spatial_rates_local(a, &whole, events, population, false, r);
    is_all((double[]){r[0].smoothed, r[7].smoothed, r[29].smoothed, r[0].between, r[7].between},
           (double[]){0.004590113431756, 0.008371922715566, 0.007629947544111, 7.576043612316e-05,
                      1.158788232763e-05}, 5, "by Marshall's definition, as spdep with geoda = TRUE");
    g = spatial_rates_moran(a, NULL, &whole, events, population, 199, 1, z);
    is_num(g.value, -0.1018763208421, 1e-12, "Moran's I of empirical Bayes rates, as spdep");
    g = spatial_rates_moran(a, NULL, &whole, few, population, 0, 1, z);
    is_num(g.value, -0.4991297064357, 1e-12, "also where the rates differ less than by chance");
    population[3] = 0;
    is_int(spatial_rates_global(30, events, population, r), STAT_REASON_INVALID, "no rate without people");
}

/* Two threads, many neighbours, stopping, given weights. */
static bool stop(void *arg, size_t done, size_t all)
{
    (void)arg, (void)all;
    return done == 0;
}

static void test_permutations(struct arena *a)
{
    enum { N = 300 };
    static uint32_t from[N * N], to[N * N];
    static double x[N], weight[N * N];
    struct rng r = rng_stream(5, "values", 0);
    size_t m = 0;
    for (uint32_t i = 0; i < N; i++) {
        x[i] = rng_normal(&r) + (i < 100);
        for (uint32_t j = 0; j < N; j++)
            if (j != i && (i - j + N) % N <= (i < 10 ? 100 : 5)) {
                from[m] = i;
                to[m] = j;
                weight[m++] = 1.0 / (1 + (i - j + N) % N);
            }
    }
    struct spatial_weights w;
    is_int(spatial_weights_given(a, N, m, from, to, weight, true, &w), STAT_REASON_NONE, "given weights");
    struct spatial_local one[N], two[N];
    spatial_lisa(a, NULL, &w, x, 999, 7, SPATIAL_P_PERMUTED, one);
    spatial_lisa(a, &(struct stat_run){.threads = 3}, &w, x, 999, 7, SPATIAL_P_PERMUTED, two);
    double far = 0;
    bool same = true;
    for (int i = 0; i < N; i++) {
        same = same && one[i].p_permuted == two[i].p_permuted && one[i].fdr == two[i].fdr;
        far += fabs(one[i].p_permuted - one[i].p) / N;
    }
    ok(same, "three threads give the same bytes");
    if (!ok(far < 0.03,
            "conditional permutation agrees with the conditional variance, few neighbours or many"))
        printf("# %g\n", far);
    struct spatial_global g = spatial_moran(a, NULL, &w, x, 999, 7),
                          h = spatial_moran(a, &(struct stat_run){.threads = 2}, &w, x, 999, 7);
    ok(g.p_permuted == h.p_permuted && g.p_permuted == 0.002, "the whole map, too");
    struct stat_run run = {.go_on = stop};
    is_int(spatial_moran(a, &run, &w, x, 999, 7).reason, STAT_REASON_STOPPED, "stopped: no figures");
    is_int(spatial_lisa(a, &run, &w, x, 999, 7, SPATIAL_P_PERMUTED, one), STAT_REASON_STOPPED,
           "nor local ones");
    weight[5] = -1;
    is_int(spatial_weights_given(a, N, m, from, to, weight, true, &w), STAT_REASON_INVALID,
           "no negative weights");
}

/* Values drawn from the places' own permutation: with 4 other places and 1 neighbour the p is a share of 4.
 */
static void test_exact(struct arena *a)
{
    const uint32_t from[] = {0}, to[] = {1};
    const double x[] = {5, 9, 1, 2, 3};
    struct spatial_weights w;
    struct spatial_local l[5];
    spatial_weights_new(a, 5, 1, from, to, true, &w);
    spatial_lisa(a, NULL, &w, x, 99999, 2, SPATIAL_P_PERMUTED, l);
    is_num(l[0].p_permuted, 0.5, 0.01, "the largest of four neighbours that could be: p is 2 x 1/4");
    ok(isnan(l[1].p_permuted), "no neighbours, no p");
}

static void test_fdr(struct arena *a)
{
    const double p[] = {0.01, 0.04, 0.03, NAN, 0.005};
    double q[5];
    spatial_fdr(a, 5, p, q);
    is_num(q[4], 0.02, 1e-15, "Benjamini and Hochberg, smallest");
    is_num(q[0], 0.02, 1e-15, "second");
    is_num(q[2], 0.04, 1e-15, "third");
    ok(isnan(q[3]), "no p, no rate");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_ring(a);
    test_fdr(a);
    test_board(a);
    test_permutations(a);
    test_exact(a);
    char *json = golden_file("s4_spatial_afcon_pennLC", "expected.json");
    char *csv = golden_file("s4_spatial_afcon_pennLC", "afcon.csv");
    char *pairs = golden_file("s4_spatial_afcon_pennLC", "afcon_neighbours.csv");
    if (json && csv && pairs)
        golden_africa(a, json, csv, pairs);
    else
        skip("the published map of Africa", "../shared/golden is not there");
    arena_free(a);
    return done();
}
