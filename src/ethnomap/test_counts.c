/* test_counts.c - counts of disputes as they are published: nothing small, nothing that gives a small one away. */
#include "ethnomap/counts.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "stat/rng.h"
#include "tap.h"

enum { UNITS = 17, QUARTERS = 12, THRESHOLD = 10 };

static struct arena *arena;

static const char *quarter_name(int i)
{
    return quarter_text(arena, quarter_add((struct quarter){2023, 1}, i));
}

struct draw {
    struct counts_cell cells[UNITS * QUARTERS * 3];
    size_t n;
    int64_t unit[UNITS][QUARTERS];
};

/* Units of different size; two settlements each and disputes of the unit itself. */
static void draw(struct draw *d, uint64_t seed, double mean)
{
    struct rng r = rng_stream(seed, "counts", 1);
    memset(d, 0, sizeof *d);
    for (int u = 0; u < UNITS; u++) {
        double size = mean * exp(rng_normal(&r));
        for (int q = 0; q < QUARTERS; q++)
            for (int p = 0; p < 3; p++) {
                int64_t v = rng_poisson(&r, size / 3);
                if (!v && q)
                    continue;
                d->cells[d->n++] = (struct counts_cell){quarter_name(q), 100 + u, p ? 1000 + 10 * u + p : 100 + u, v};
                d->unit[u][q] += v;
            }
    }
}

static bool is_small(int64_t v)
{
    return v > 0 && v < THRESHOLD;
}

/* Row reduction of what is published about one unit: is a hidden quarter the only solution? (an attacker who knows
 * nothing but arithmetic; written without the shortest paths that counts.c uses) */
static bool determined(double (*row)[QUARTERS + 1], size_t n, int quarter)
{
    bool used[QUARTERS * 2 + 1] = {false};
    int pivot_of[QUARTERS];
    for (int c = 0; c < QUARTERS; c++)
        pivot_of[c] = -1;
    for (int c = 0; c < QUARTERS; c++) {
        size_t p = SIZE_MAX;
        for (size_t i = 0; i < n && p == SIZE_MAX; i++)
            if (!used[i] && fabs(row[i][c]) > 1e-9)
                p = i;
        if (p == SIZE_MAX)
            continue;
        used[p] = true;
        pivot_of[c] = (int)p;
        for (int k = QUARTERS; k >= c; k--)
            row[p][k] /= row[p][c];
        for (size_t i = 0; i < n; i++) {
            double f = row[i][c];
            for (int k = c; i != p && fabs(f) > 1e-12 && k <= QUARTERS; k++)
                row[i][k] -= f * row[p][k];
        }
    }
    if (pivot_of[quarter] < 0)
        return false;
    for (int c = 0; c < QUARTERS; c++)
        if (c != quarter && fabs(row[pivot_of[quarter]][c]) > 1e-9)
            return false;
    return true;
}

static bool unit_is_safe(const struct counts *c, int u)
{
    for (int target = 0; target < QUARTERS; target++) {
        if (!counts_of(c, 100 + u, (size_t)target).hidden)
            continue;
        double row[QUARTERS * 2][QUARTERS + 1] = {{0}};
        size_t n = 0;
        for (int q = 0; q < QUARTERS; q++) {
            struct protected_count one = counts_of(c, 100 + u, (size_t)q), year = counts_of_year(c, 100 + u, (size_t)q);
            if (!one.hidden) {
                row[n][q] = 1;
                row[n++][QUARTERS] = (double)one.value;
            }
            if (q >= 3 && !year.hidden) {
                for (int k = 0; k < 4; k++)
                    row[n][q - k] = 1;
                row[n++][QUARTERS] = (double)year.value;
            }
        }
        if (determined(row, n, target))
            return false;
    }
    return true;
}

/* In a quarter: what is hidden among the units cannot be the difference of the region and the rest. */
static bool quarter_is_safe(const struct counts *c, size_t q)
{
    int64_t rest = counts_of(c, 0, q).value;
    int hidden = 0;
    for (int u = 0; u < UNITS; u++) {
        struct protected_count v = counts_of(c, 100 + u, q);
        hidden += v.hidden;
        rest -= v.value;
    }
    return counts_of(c, 0, q).hidden || hidden == 0 || (hidden >= 2 && rest - hidden >= THRESHOLD - 1);
}

static bool year_is_safe(const struct counts *c, size_t q)
{
    int64_t rest = counts_of_year(c, 0, q).value;
    int hidden = 0;
    for (int u = 0; u < UNITS; u++) {
        hidden += counts_of_year(c, 100 + u, q).hidden;
        rest -= counts_of_year(c, 100 + u, q).value;
    }
    return counts_of_year(c, 0, q).hidden || hidden == 0 || (hidden >= 2 && rest - hidden >= THRESHOLD - 1);
}

static void test_random_regions(void)
{
    bool small = true, units = true, quarters = true, years = true, wide = true, honest = true;
    int shown = 0, shown_years = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        static struct draw d;
        draw(&d, seed, seed % 3 == 0 ? 2 : seed % 3 == 1 ? 8 : 20);
        struct counts *c = counts_make(arena, d.cells, d.n, THRESHOLD);
        for (int u = 0; u < UNITS; u++) {
            units &= unit_is_safe(c, u);
            for (int q = 0; q < QUARTERS; q++) {
                struct protected_count v = counts_of(c, 100 + u, (size_t)q);
                small &= !(is_small(d.unit[u][q]) && !v.hidden) && !(v.hidden && v.value);
                honest &= v.hidden || v.value == d.unit[u][q];
                shown += !v.hidden && v.value > 0;
                for (int p = 1; p < 3; p++) {
                    struct protected_count place = counts_of(c, 1000 + 10 * u + p, (size_t)q);
                    small &= !(is_small(place.value) && !place.hidden);
                }
                if (q >= 3) {
                    struct protected_count y = counts_of_year(c, 100 + u, (size_t)q);
                    small &= !is_small(y.value);
                    shown_years += !y.hidden && y.value > 0;
                }
            }
        }
        for (size_t q = 0; q < QUARTERS; q++) {
            quarters &= quarter_is_safe(c, q);
            years &= q < 3 || year_is_safe(c, q);
        }
        wide &= counts_narrowest(c) >= THRESHOLD - 1;
    }
    ok(small, "in 60 drawn regions no count from 1 to 9 of a settlement, a unit or a sum of four quarters is shown");
    ok(honest, "what is shown is the count itself");
    ok(quarters, "no hidden unit is the region less the others");
    ok(years, "no hidden sum of four quarters is the region's less the others");
    ok(units, "no hidden quarter follows from sums of four quarters that overlap");
    ok(wide, "nor can one be squeezed below the threshold's width");
    ok(shown > 1000 && shown_years > 500, "much is still shown");
}

static void test_overlapping_sums(void)
{
    /* One unit alone: 12 12 12 12, then 5: the sum up to the fifth quarter less the one before it is 5 - 12. */
    struct counts_cell cells[40];
    size_t n = 0;
    for (int q = 0; q < 5; q++)
        for (int u = 0; u < 3; u++)
            cells[n++] = (struct counts_cell){quarter_name(q), 100 + u, 100 + u, u == 0 && q == 4 ? 5 : u == 1 && q == 4 ? 6 : 12};
    struct counts *c = counts_make(arena, cells, n, THRESHOLD);
    ok(!counts_of_year(c, 100, 3).hidden && counts_of_year(c, 100, 3).value == 48, "four full quarters are shown with their sum");
    ok(counts_of(c, 100, 4).hidden, "a quarter with five disputes is protected");
    ok(counts_of_year(c, 100, 4).hidden, "and so is the sum that, less the one before it, would give it away");
    struct counts *again = counts_make(arena, cells, n - 3, THRESHOLD);
    ok(counts_of_year(again, 100, 3).value == 48 && !counts_of_year(again, 100, 3).hidden, "what was shown does not depend on later quarters");
}

static void test_edges(void)
{
    struct counts *none = counts_make(arena, NULL, 0, THRESHOLD);
    ok(counts_quarters(none) == 0, "without disputes there are no quarters");
    struct counts_cell cells[] = {{"2024-Q1", 7, 7, 30}, {"2024-Q4", 7, 71, 40}, {"nonsense", 7, 7, 3}};
    struct counts *c = counts_make(arena, cells, 3, THRESHOLD);
    is_int(counts_quarters(c), 4, "quarters without a dispute are listed between the others");
    is_str(counts_quarter(c, 1), "2024-Q2", "in their order");
    ok(!counts_of(c, 7, 1).hidden && counts_of(c, 7, 1).value == 0, "and hold a shown zero");
    ok(!counts_of(c, 999, 0).hidden && counts_of(c, 999, 0).value == 0, "a place without a record has none");
    is_int(counts_of_year(c, 7, 3).value, 70, "a sum of four quarters holds the settlements' disputes");
}

int main(void)
{
    arena = arena_new((size_t)1 << 30);
    test_random_regions();
    test_overlapping_sums();
    test_edges();
    arena_free(arena);
    return done();
}
