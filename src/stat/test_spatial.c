/* test_spatial.c - spatial autocorrelation against the reference files of s4, and by permutation. */
#include "stat/spatial.h"

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
        struct spatial_global g = spatial_moran(a, &w, x, 999, 1);
        double random[] = {g.value, g.expected, g.var_random, g.z_random, g.p_random};
        double normal[] = {g.value, g.expected, g.var_normal, g.z_normal, g.p_normal};
        compare(json, style, "moran.random", random, 5);
        compare(json, style, "moran.normal", normal, 5);
        is_num(g.p_permuted, 0.002, 1e-12, "no permutation of 999 is as clustered");
        struct spatial_local *l = calloc(n, sizeof *l);
        double *v = malloc(n * sizeof *v);
        spatial_lisa(a, &w, x, 0, 1, l);
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
        spatial_lisa(a, &w, x, 9999, 1, l);
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
        found += spatial_moran(mine, &w, x, 0, 0).p_random < 0.05;
        found_geary += spatial_geary(mine, &w, x).p_random < 0.05;
        if (k < 60) {
            struct spatial_local l[N];
            spatial_lisa(mine, &w, x, 199, k, l);
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
    struct spatial_global g = spatial_moran(a, &w, x, 99, 1);
    ok(g.value > 0.95 && g.z_random > 5, "a smooth map is found");
    struct spatial_global c = spatial_geary(a, &w, x);
    ok(c.value < 0.05 && c.z_random < -5, "also by Geary's C");
    ok(spatial_moran(a, &w, x, 99, 1).p_permuted == g.p_permuted, "the same seed gives the same p");
    memset(x, 0, sizeof x);
    is_int(spatial_moran(a, &w, x, 0, 0).status, STAT_REFUSED, "a map of one value has no pattern");
    to[0] = 0;
    is_int(spatial_weights_new(a, N, 2 * N, from, to, true, &w), STAT_REASON_INVALID,
           "nobody is his own neighbour");
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
