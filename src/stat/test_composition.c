/* test_composition.c - diversity and segregation against the reference files of s5 and closed forms. */
#include "stat/composition.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "stat/test_golden.h"
#include "tap.h"

static void test_closed_forms(struct arena *a)
{
    const double even[] = {25, 25, 25, 25}, lone[] = {80, 0, 0}, few[] = {20, 10}, seen[] = {10, 1, 1, 2, 0};
    struct composition c = composition_of(even, 4, COMPOSITION_MIN_PERSONS);
    is_num(c.fractional, 0.75, 1e-15, "four equal groups: two persons differ in 3 of 4 cases");
    is_num(c.hill1, 4, 1e-14, "and count as four");
    is_num(c.hill2, 4, 1e-14, "by either number");
    is_num(composition_hill(even, 4, 0), 4, 1e-14, "order 0 counts the groups");
    is_num(composition_hill(even, 4, 3), 4, 1e-14, "any order gives four");
    c = composition_of(lone, 3, COMPOSITION_MIN_PERSONS);
    ok(c.fractional == 0 && c.shannon == 0 && c.groups == 1, "one group alone is not mixed");
    ok(composition_of(few, 2, COMPOSITION_MIN_PERSONS).status == STAT_REFUSED, "30 persons are too few");
    is_num(composition_chao1(seen, 5), 4 + 2.0 * 1 / (2 * 2), 1e-14, "Chao's lower bound");
    is_num(composition_rarefied(seen, 5, 14), 4, 1e-12, "all drawn: all groups seen");
    is_num(composition_rarefied(seen, 5, 1), 1, 1e-12, "one drawn: one group seen");
    const double x[] = {10, 0, 5}, y[] = {0, 20, 0}, t[] = {10, 20, 5};
    is_num(segregation_dissimilarity(3, x, y), 1, 1e-15, "groups that never meet are wholly dissimilar");
    is_num(segregation_exposure(3, x, y, t), 0, 0, "and not exposed to each other");
    is_num(segregation_exposure(3, x, x, t), 1, 1e-15, "but isolated");
    enum { UNITS = 400 };
    static double counts[UNITS * 2];
    struct rng r = rng_stream(3, "units", 0);
    for (int u = 0; u < UNITS; u++) {
        int64_t d[2];
        rng_multinomial(&r, 10, (const double[]){0.7, 0.3}, 2, d);
        counts[u * 2] = (double)d[0];
        counts[u * 2 + 1] = (double)d[1];
    }
    struct segregation s = segregation_of(a, UNITS, 2, counts, NULL, 0);
    struct segregation_chance e =
        segregation_by_chance(a, NULL, UNITS, 2, counts, 50, 1, SEGREGATION_SIZES_FIXED);
    ok(s.d > 0.15 && fabs(s.d - e.d) < 0.02, "small units look segregated by chance alone, as expected");
    /* The chance value has a standard deviation of about 0.006 here. */
    ok(fabs(s.h - e.h) < 0.02, "and Theil's H likewise");
    struct segregation_chance again =
        segregation_by_chance(a, NULL, UNITS, 2, counts, 50, 1, SEGREGATION_SIZES_FIXED);
    ok(again.d == e.d && again.m == e.m, "the same seed gives the same numbers");
}

/* vegan 2.6-4: estimateR(x), rarefy(x, c(10, 50), se = TRUE), renyi(x, scales = c(.5, 3), hill = TRUE). */
static void test_vegan(void)
{
    const double x[] = {40, 25, 12, 7, 3, 2, 2, 1, 1, 1, 1, 0}, y[] = {40, 25, 12, 7, 3, 1, 1, 1};
    struct composition_unseen u = composition_unseen(x, 12, 0.95);
    is_num(u.chao1, 13, 1e-14, "Chao's lower bound, as vegan");
    is_num(u.chao1_se, 2.8629672014505, 1e-13, "its standard error");
    ok(u.chao1_low > u.seen && u.chao1_low < u.chao1 && u.chao1_high > u.chao1 + 3,
       "an interval above what was seen");
    is_num(composition_unseen(y, 8, 0.95).chao1_se, 4.4619604333847, 1e-13, "no group seen twice");
    is_num(composition_rarefied(x, 12, 10), 4.3788297860062, 1e-12, "rarefaction to 10");
    is_num(composition_rarefied_se(x, 12, 10), 1.0289056905872, 1e-12, "its standard error");
    is_num(composition_rarefied(x, 12, 50), 8.5551369798697, 1e-12, "to 50");
    is_num(composition_rarefied_se(x, 12, 50), 1.1571041023014, 1e-12, "its standard error");
    is_num(composition_hill(x, 12, 0.5), 7.1129906047535, 1e-13, "Hill number of order 1/2");
    is_num(composition_hill(x, 12, 3), 3.2386209559233, 1e-13, "of order 3");
    is_num(composition_hill(x, 12, INFINITY), 95.0 / 40, 1e-15, "of order infinity: by the largest group");
    is_num(composition_hill(x, 12, 900), pow(95.0 / 40, 900.0 / 899), 1e-13, "of a large order: nearly so");
    is_num(composition_hill(x, 12, 1 + 1e-9), composition_hill(x, 12, 1), 1e-8,
           "next to order 1: next to that of order 1");
    is_num(composition_of(x, 12, 0).shannon, 1.6324479419653, 1e-13, "entropy");
    is_num(composition_of(x, 12, 0).hill2, 3.70028700287, 1e-12, "inverse Simpson");
    /* By hand: 4 seen once, 2 twice, 95 in all. */
    is_num(u.coverage_turing, 1 - 4.0 / 95, 1e-15, "coverage of Good and Turing");
    is_num(u.coverage, 1 - 4.0 / 95 * (94 * 4.0 / (94 * 4 + 4)), 1e-15, "of Chao and Jost");
    double h = 0;
    for (int g = 0; g < 11; g++) {
        double p = (1 - 4.0 / 95) * x[g] / 95;
        h -= p * log(p) / (1 - pow(1 - p, 95));
    }
    is_num(u.shannon, h, 1e-13, "entropy of Chao and Shen");
    ok(u.shannon > composition_of(x, 12, 0).shannon, "which is above that of what was seen");
    is_num(composition_simpson_unbiased((double[]){3, 1}, 2), 0.5, 1e-15,
           "two of 3 + 1 differ in 3 of 6 pairs");
    is_num(composition_rarefied((double[]){3, 1}, 2, 2), 1.5, 1e-14, "and show 1.5 groups on average");
}

/* Every table of the same margins: 2 units of 2, groups of 2 and 2 (6 ways to place, M = log 2 in 2 of them).
 */
static void test_chance(struct arena *a)
{
    const double small[] = {2, 0, 0, 2};
    struct segregation_chance c =
        segregation_by_chance(a, NULL, 2, 2, small, 20000, 4, SEGREGATION_BOTH_FIXED);
    is_num(c.m, log(2) / 3, 0.01, "both margins fixed: M by chance, counted out");
    is_num(c.d, 1.0 / 3, 0.01, "D by chance");
    is_num(c.p[SEGREGATION_D], 1.0 / 3, 0.01, "and how often it is reached");
    is_num(c.relative[SEGREGATION_H], 1, 1e-12, "wholly uneven stays wholly uneven");
    /* Draws of 2 from shares of 1/2 each: the unit is even with chance 1/2; both of one group: nothing. */
    c = segregation_by_chance(a, NULL, 2, 2, small, 20000, 4, SEGREGATION_SIZES_FIXED);
    double mixed = 2 * (1.0 / 16), one_even = 4 * (1.0 / 8);
    double quarter = -(0.25 * log(0.25) + 0.75 * log(0.75)) - 0.5 * log(2);
    is_num(c.m, mixed * log(2) + one_even * quarter, 0.01, "sizes fixed: M by chance, counted out");
    /* Two groups of 2 + 2 in places of 2 + 1 + 1: of the six ways to place them, four put one
       member of x with one of y and the other alone. */
    const double x[] = {2, 0, 0}, y[] = {0, 1, 1}, size[] = {2, 1, 1};
    is_num(segregation_exposure_by_chance(3, x, x, size), (1 + 4 * 0.75 + 1) / 6, 1e-14,
           "isolation by chance, counted out");
    is_num(segregation_exposure_by_chance(3, x, y, size), 4 * 0.25 / 6, 1e-14,
           "exposure by chance, counted out");
    is_num(segregation_correlation_ratio(3, x, size), 1, 1e-15,
           "groups that never meet have a correlation ratio of 1");
    double counts[3 * 40];
    for (size_t u = 0; u < 40; u++)
        for (size_t g = 0; g < 3; g++)
            counts[u * 3 + g] = (double)(5 + (u * (g + 3) * 7) % 9);
    for (int margins = 0; margins < 2; margins++) {
        struct segregation_chance one = segregation_by_chance(a, NULL, 40, 3, counts, 200, 4,
                                                              (enum segregation_margins)margins),
                                  two = segregation_by_chance(a, &(struct stat_run){.threads = 2}, 40, 3,
                                                              counts, 200, 4,
                                                              (enum segregation_margins)margins);
        ok(one.m == two.m && one.sd[SEGREGATION_R] == two.sd[SEGREGATION_R],
           "two threads give the same bytes");
        double total = 0; /* E M is nearly (units - 1)(groups - 1)/(2 persons) (Miller 1955) */
        for (int i = 0; i < 120; i++)
            total += counts[i];
        ok(fabs(one.m / (39 * 2 / (2 * total)) - 1) < 0.06,
           "M by chance is nearly its degrees of freedom by twice the persons");
    }
    counts[0] = 1.5;
    is_int(segregation_by_chance(a, NULL, 40, 3, counts, 9, 4, SEGREGATION_SIZES_FIXED).reason,
           STAT_REASON_INVALID, "half a person cannot be drawn");
}

/* Numbers the districts of the file, which come one after the other. */
static int32_t *districts(const char *csv, size_t n, size_t *count)
{
    int32_t *d = malloc((n + 1) * sizeof *d);
    const char *p = strchr(csv, '\n'), *before = "";
    size_t len = 0, row = 0;
    for (*count = 0; p && p[1] && row < n; p = strchr(p, '\n'), row++) {
        const char *name = strchr(++p, ',') + 1;
        size_t m = strcspn(name, ",");
        if (m != len || strncmp(name, before, m) != 0)
            ++*count;
        before = name;
        len = m;
        d[row] = (int32_t)*count - 1;
    }
    return d;
}

static void golden_schools(struct arena *a, const char *json, const char *csv)
{
    static const char *const names[] = {"asian", "black", "hisp", "white", "native"};
    enum { K = 5 };
    size_t n, n_clusters;
    double *col[K];
    for (int g = 0; g < K; g++)
        col[g] = golden_column(csv, names[g], &n);
    double *counts = malloc(n * K * sizeof *counts), *total = calloc(n, sizeof *total);
    for (size_t u = 0; u < n; u++)
        for (int g = 0; g < K; g++) {
            counts[u * K + (size_t)g] = col[g][u];
            total[u] += col[g][u];
        }
    int32_t *cluster = districts(csv, n, &n_clusters);
    struct segregation s = segregation_of(a, n, K, counts, cluster, n_clusters);
    double v[20], w[20], pair[2];
    is_num(s.entropy, golden_one(json, "entropy_total"), 1e-10, "schools: entropy");
    is_num(s.h, golden_one(json, "theil_H"), 1e-10, "schools: Theil's H");
    is_num(s.m, golden_one(json, "mutual_information_M"), 1e-10, "schools: mutual information");
    is_num(s.d, golden_one(json, "multigroup_D"), 1e-10, "schools: multigroup D");
    is_num(s.interaction, golden_one(json, "interaction_index_I"), 1e-10, "schools: interaction");
    is_num(s.r, golden_one(json, "reardon_R"), 1e-10, "schools: R");
    golden_get(json, "within_district.M_H", pair, 2);
    is_num(s.within_m, pair[0], 1e-10, "schools: M within districts");
    is_num(s.within_h, pair[1], 1e-10, "schools: H within districts");
    golden_get(json, "between_district.M_H", pair, 2);
    is_num(s.between_m, pair[0], 1e-10, "schools: M between districts");
    is_num(s.between_h, pair[1], 1e-10, "schools: H between districts");
    golden_get(json, "local.ls", v, 5);
    golden_get(json, "local.p", w, 5);
    double sum = 0;
    for (int g = 0; g < K; g++) {
        is_num(s.local[g], v[g], 1e-10, "schools: local segregation");
        is_num(s.share[g], w[g], 1e-10, "schools: share");
        sum += s.local[g] * s.share[g];
    }
    is_num(sum, s.m, 1e-12, "schools: local terms add up to M");
    double units = 0, within_m = 0, within_h = 0;
    for (size_t u = 0; u < n; u++)
        units += s.unit_share[u] * s.unit[u];
    for (size_t c = 0; c < n_clusters; c++) {
        within_m += s.cluster_share[c] * s.cluster_m[c];
        if (s.cluster_entropy[c] > 0)
            within_h += s.cluster_share[c] * s.cluster_entropy[c] / s.entropy * s.cluster_h[c];
    }
    is_num(units, s.m, 1e-12, "schools: the units' terms add up to M");
    is_num(within_m, s.within_m, 1e-12, "schools: the districts' M add up to M within");
    is_num(within_h, s.within_h, 1e-12, "schools: the districts' H add up to H within");
    golden_get(json, "elf_first20", v, 20);
    golden_get(json, "shannon_first20", w, 20);
    for (size_t u = 0; u < 20; u++) {
        struct composition c = composition_of(counts + u * K, K, 0);
        is_num(c.fractional, v[u], 1e-10, "schools: fractionalisation of a school");
        is_num(c.shannon, w[u], 1e-10, "schools: entropy of a school");
    }
    is_num(segregation_dissimilarity(n, col[1], col[3]), golden_one(json, "bw.D"), 1e-10,
           "schools: Duncan's D");
    is_num(segregation_exposure(n, col[1], col[1], total), golden_one(json, "bw.isolation_black_allgroups"),
           1e-10, "schools: isolation");
    is_num(segregation_exposure(n, col[1], col[3], total), golden_one(json, "bw.exposure_black_to_white"),
           1e-10, "schools: exposure");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_closed_forms(a);
    test_vegan();
    test_chance(a);
    char *json = golden_file("s5_segregation_schools", "expected.json");
    char *csv = golden_file("s5_segregation_schools", "schools.csv");
    if (json && csv)
        golden_schools(a, json, csv);
    else
        skip("the published schools", "../shared/golden is not there");
    arena_free(a);
    return done();
}
