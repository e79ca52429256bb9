/* test_protect.c - disclosure control against an attacker who tries every table that agrees with
 * what is shown. The tables are random but seeded; the attacker shares no code with the protection. */
#include "stat/protect.h"

#include "base/arena.h"
#include "base/fields.h"
#include "stat/rng.h"
#include "tap.h"

/* --- lists --------------------------------------------------------------------------------------- */

/* Bounds of each hidden count by trying all values: sum of the hidden is known, each is >= least. */
static bool list_is_safe(const int64_t *v, const struct protected_count *c, size_t n, int64_t width)
{
    int64_t sum = 0, m = 0, least = 1;
    for (size_t i = 0; i < n; i++)
        if (c[i].hidden) {
            sum += v[i];
            m++;
            least = v[i] == 0 ? 0 : least;
        }
    if (m == 0)
        return true;
    int64_t low = -1, high = -1;
    for (int64_t x = least; x <= sum; x++) {
        bool possible = m > 1 ? sum - x >= least * (m - 1) : x == sum;
        if (possible && low < 0)
            low = x;
        if (possible)
            high = x;
    }
    return high - low >= width;
}

static void test_lists(struct arena *a)
{
    struct protected_count out[8];
    const int64_t plain[] = {3, 20, 0, 45};
    ok(protect_counts(a, plain, 4, false, 10, out), "a list without its sum needs no more than the rule");
    ok(out[0].hidden && out[0].value == 0, "a small count is hidden and its value is gone");
    ok(!out[1].hidden && !out[2].hidden && out[2].value == 0, "a zero and a large count are shown");
    ok(protect_counts(a, plain, 4, true, 10, out), "with its sum a second count can be hidden");
    ok(out[0].hidden && out[1].hidden && !out[3].hidden, "it is the smallest of the others");
    const int64_t pair[] = {4, 5, 0};
    ok(!protect_counts(a, pair, 3, true, 10, out), "a small sum must not be shown");
    const int64_t fives[] = {5, 5, 0, 0};
    ok(protect_counts(a, fives, 4, true, 10, out), "two fives and their sum");
    ok(out[2].hidden, "need the zeros hidden, too: 1 to 9 would be too narrow");
    struct rng r = rng_stream(11, "lists", 0);
    int unsafe = 0, wrong = 0, refused = 0, hidden = 0;
    for (int k = 0; k < 20000; k++) {
        int64_t v[8], total = 0;
        size_t n = 1 + (size_t)rng_below(&r, 8);
        for (size_t i = 0; i < n; i++) {
            v[i] = (int64_t)(rng_below(&r, 3) == 0 ? 0 : rng_below(&r, 40));
            total += v[i];
        }
        if (!protect_counts(a, v, n, true, 10, out)) {
            refused++;
            for (size_t i = 0; i < n; i++)
                wrong += !out[i].hidden;
            continue;
        }
        unsafe += !list_is_safe(v, out, n, 9);
        for (size_t i = 0; i < n; i++) {
            wrong += v[i] > 0 && v[i] < 10 && !out[i].hidden;
            wrong += !out[i].hidden && out[i].value != v[i];
            hidden += out[i].hidden;
        }
    }
    is_int(unsafe, 0, "no hidden count of 20,000 lists can be worked out or squeezed");
    is_int(wrong, 0, "no small count is shown, and shown ones are true");
    ok(hidden > 10000 && refused > 100, "the lists did try the rules");
}

/* --- tables -------------------------------------------------------------------------------------- */

enum { ROWS = 3, COLS = 3, WIDE = COLS + 1, CELLS = (ROWS + 1) * (COLS + 1), CAP = 14 };

struct attack {
    size_t rows, cols;
    const int64_t *v;
    const uint8_t *cell;
    int64_t least, x[CELLS], low[CELLS], high[CELLS];
    int64_t cells[CELLS];
    size_t n;
    int64_t tried;
};

static bool seen(const struct attack *k, size_t c) { return k->cell[c] == PROTECT_SHOWN; }

/* All sums that readers see must come out; records the values of the hidden cells. */
static void try_table(struct attack *k)
{
    size_t w = k->cols + 1, last = k->rows * w;
    int64_t full[CELLS];
    memcpy(full, k->x, sizeof full);
    for (size_t i = 0; i <= k->rows; i++)
        full[i * w + k->cols] = 0;
    for (size_t j = 0; j < k->cols; j++)
        full[last + j] = 0;
    for (size_t i = 0; i < k->rows; i++)
        for (size_t j = 0; j < k->cols; j++) {
            full[i * w + k->cols] += full[i * w + j];
            full[last + j] += full[i * w + j];
            full[last + k->cols] += full[i * w + j];
        }
    for (size_t c = 0; c <= last + k->cols; c++)
        if (seen(k, c) ? full[c] != k->v[c] : k->cell[c] != PROTECT_ABSENT && full[c] < k->least)
            return;
    k->tried++;
    for (size_t c = 0; c <= last + k->cols; c++) {
        k->low[c] = full[c] < k->low[c] ? full[c] : k->low[c];
        k->high[c] = full[c] > k->high[c] ? full[c] : k->high[c];
    }
}

static void attack_from(struct attack *k, size_t at)
{
    if (at == k->n) {
        try_table(k);
        return;
    }
    size_t w = k->cols + 1, c = (size_t)k->cells[at], i = c / w;
    int64_t most = CAP, row = 0;
    if (seen(k, i * w + k->cols)) {
        for (size_t j = 0; j < k->cols; j++)
            row += j == c % w || (!seen(k, i * w + j) && i * w + j > c) ? 0 : k->x[i * w + j];
        most = k->v[i * w + k->cols] - row;
    }
    if (seen(k, k->rows * w + c % w) && k->v[k->rows * w + c % w] < most)
        most = k->v[k->rows * w + c % w];
    for (int64_t x = k->cell[c] == PROTECT_ABSENT ? 0 : k->least; x <= most; x++) {
        k->x[c] = x;
        attack_from(k, at + 1);
    }
    k->x[c] = 0;
}

/* The narrowest interval an attacker gets by trying all tables; -1: too many to try. */
static int64_t brute_force(size_t rows, size_t cols, const int64_t *v, const uint8_t *cell,
                           int64_t least)
{
    struct attack k = {.rows = rows, .cols = cols, .v = v, .cell = cell, .least = least};
    size_t w = cols + 1, n = (rows + 1) * w;
    for (size_t c = 0; c < n; c++) {
        k.x[c] = seen(&k, c) ? v[c] : 0;
        k.low[c] = INT64_MAX;
        k.high[c] = INT64_MIN;
        if ((cell[c] == PROTECT_PRIMARY || cell[c] == PROTECT_SECONDARY) && v[c] == 0)
            k.least = 0;
        if (c / w < rows && c % w < cols && !seen(&k, c))
            k.cells[k.n++] = (int64_t)c;
    }
    if (k.n > 5)
        return -1;
    attack_from(&k, 0);
    int64_t narrow = INT64_MAX;
    for (size_t c = 0; c < n; c++)
        if (cell[c] == PROTECT_PRIMARY || cell[c] == PROTECT_SECONDARY)
            narrow = k.high[c] - k.low[c] < narrow ? k.high[c] - k.low[c] : narrow;
    return k.tried ? narrow : 0;
}

static void random_table(struct rng *r, size_t rows, size_t cols, int64_t most, int64_t *v)
{
    size_t w = cols + 1;
    memset(v, 0, (rows + 1) * w * sizeof *v);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) {
            int64_t x = rng_below(r, 4) == 0 ? 0 : (int64_t)rng_below(r, (uint64_t)most);
            v[i * w + j] = x;
            v[i * w + cols] += x;
            v[rows * w + j] += x;
            v[rows * w + cols] += x;
        }
}

static void test_small_tables(struct arena *a)
{
    struct rng r = rng_stream(12, "tables", 0);
    struct protect_rules rules = {.threshold = 4, .min_width = 3};
    int unsafe = 0, tried = 0, shown_small = 0, not_safe = 0, narrower_than_told = 0, shown = 0, dearer = 0, optimal = 0;
    for (int k = 0; k < 3000; k++) {
        int64_t v[CELLS];
        size_t rows = 1 + (size_t)rng_below(&r, ROWS), cols = 1 + (size_t)rng_below(&r, COLS);
        size_t n = (rows + 1) * (cols + 1);
        random_table(&r, rows, cols, 10, v);
        uint8_t absent[CELLS] = {0};
        if (k % 4 == 3) /* row totals are not published */
            for (size_t i = 0; i < rows; i++)
                absent[i * (cols + 1) + cols] = 1;
        rules.hide_zeros = k % 5 == 4;
        struct arena *mine = arena_new(0);
        struct protect_table t = {rows, cols, v, absent, NULL};
        rules.cheapest = k % 2;
        struct protect_result res = protect_table(mine, &t, &rules);
        if (rules.cheapest) {
            struct protect_rules plain = rules;
            plain.cheapest = false;
            dearer += res.cost > protect_table(mine, &t, &plain).cost + 1e-6 || (res.optimal && res.cost != res.bound);
            optimal += res.optimal;
        }
        not_safe += !res.safe || !res.audited;
        for (size_t c = 0; c < n; c++) {
            shown_small += res.cell[c] == PROTECT_SHOWN && v[c] > 0 && v[c] < 4;
            shown += res.cell[c] == PROTECT_SHOWN;
        }
        int64_t narrow = brute_force(rows, cols, v, res.cell, rules.hide_zeros ? 0 : 1);
        if (narrow >= 0 && narrow != INT64_MAX) {
            tried++;
            unsafe += narrow < 3;
            /* an unbounded cell ends at the attacker's cap */
            narrower_than_told += (double)narrow < res.narrowest && res.narrowest < CAP;
        }
        arena_free(mine);
    }
    (void)a;
    is_int(not_safe, 0, "every small table gets an audited pattern");
    is_int(shown_small, 0, "no small count is shown");
    is_int(unsafe, 0, "trying all tables squeezes no hidden cell below the setting");
    is_int(narrower_than_told, 0, "the audit's intervals are the true ones");
    is_int(dearer, 0, "the cheapest pattern never costs more than that of rectangles, and meets its bound");
    ok(optimal > 1200, "and is nearly always found");
    ok(tried > 600, "the attacker tried many tables");
    ok(shown > 8000, "and much is still shown");
    printf("# attacked %d tables, %d cells shown\n", tried, shown);
}

static void test_known_table(struct arena *a)
{
    /* one small cell: three more corners of a rectangle must go */
    const int64_t v[] = {3,  20, 50, 73,
                         30, 15, 60, 105,
                         40, 70, 80, 190,
                         73, 105, 190, 368};
    struct protect_table t = {3, 3, v, NULL, NULL};
    struct protect_result r = protect_table(a, &t, NULL);
    ok(r.safe && r.audited, "a table with one small cell is protected");
    is_int(r.n_primary, 1, "one cell is small");
    is_int(r.n_secondary, 3, "three more are hidden");
    ok(r.cell[0] == PROTECT_PRIMARY && r.cell[1] && r.cell[4] && r.cell[5], "the cheapest rectangle");
    struct protect_bounds b[16];
    ok(protect_audit(a, &t, r.cell, 0, b), "the attacker's programme is solved");
    is_num(b[0].low, 0, 1e-6, "the small cell may be 0 for all he knows");
    is_num(b[0].high, 23, 1e-6, "or as much as its row leaves, 23");
    uint8_t fixed[16];
    memset(fixed, 1, sizeof fixed);
    fixed[0] = 0;
    t.fixed = fixed;
    r = protect_table(a, &t, NULL);
    ok(!r.safe, "what was published before may give a cell away: then nothing is safe");
    const int64_t wrong[] = {1, 2, 4, 3, 4, 7, 4, 6, 10};
    t = (struct protect_table){2, 2, wrong, NULL, NULL};
    r = protect_table(a, &t, NULL);
    ok(!r.safe && r.cell[8] != PROTECT_SHOWN, "totals that do not add up show nothing");
    const int64_t clean[] = {10, 20, 30, 0, 40, 40, 10, 60, 70};
    t.values = clean;
    r = protect_table(a, &t, NULL);
    ok(r.safe && r.n_primary + r.n_secondary == 0, "a table without small cells is shown whole");
}

static void test_large_table(void)
{
    enum { R = 62, C = 9 };
    struct rng r = rng_stream(13, "large", 0);
    int64_t *v = calloc((R + 1) * (C + 1), sizeof *v);
    random_table(&r, R, C, 60, v);
    struct protect_table t = {R, C, v, NULL, NULL};
    struct arena *a = arena_new((size_t)1 << 30);
    struct protect_rules by_rectangles = {.lp_cells = 1};
    struct protect_result x = protect_table(a, &t, &by_rectangles);
    ok(x.safe && !x.audited, "a large table is protected by rectangles alone");
    struct protect_bounds *b = calloc((R + 1) * (C + 1), sizeof *b);
    ok(protect_audit(a, &t, x.cell, 1, b), "the attacker's programme is solved for all of it");
    double narrow = INFINITY;
    for (size_t c = 0; c < (R + 1) * (C + 1); c++)
        if (x.cell[c])
            narrow = fmin(narrow, b[c].high - b[c].low);
    ok(narrow >= 9 - 1e-6, "and he squeezes nothing below the setting");
    struct protect_result y = protect_table(a, &t, &by_rectangles);
    ok(memcmp(x.cell, y.cell, (R + 1) * (C + 1)) == 0, "the same table gives the same pattern");
    free(b);
    free(v);
    arena_free(a);
}

/* --- trees --------------------------------------------------------------------------------------- */

enum { NODES = 13 };
static const int32_t parent_of[NODES] = {-1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3};

struct tree_attack {
    const int64_t *v;
    const uint8_t *cell;
    int64_t x[NODES], low[NODES], high[NODES];
};

static void attack_tree(struct tree_attack *k, int at)
{
    if (at == NODES) {
        for (int i = 0; i < 4; i++)
            k->x[i] = 0;
        for (int i = NODES - 1; i > 0; i--)
            k->x[parent_of[i]] += k->x[i];
        for (int i = 0; i < NODES; i++)
            if (k->cell[i] == PROTECT_SHOWN && k->x[i] != k->v[i])
                return;
        for (int i = 0; i < NODES; i++) {
            k->low[i] = k->x[i] < k->low[i] ? k->x[i] : k->low[i];
            k->high[i] = k->x[i] > k->high[i] ? k->x[i] : k->high[i];
        }
        return;
    }
    if (k->cell[at] == PROTECT_SHOWN) {
        k->x[at] = k->v[at];
        attack_tree(k, at + 1);
        return;
    }
    for (int64_t x = 1; x <= 9; x++) {
        k->x[at] = x;
        attack_tree(k, at + 1);
    }
}

static void test_trees(struct arena *a)
{
    struct rng r = rng_stream(14, "trees", 0);
    struct protect_rules rules = {.threshold = 3, .min_width = 2};
    int unsafe = 0, shown_small = 0, tried = 0, refused = 0;
    for (int k = 0; k < 1500; k++) {
        int64_t v[NODES] = {0};
        for (int i = NODES - 1; i > 0; i--) {
            if (i >= 4)
                v[i] = rng_below(&r, 3) == 0 ? 0 : (int64_t)rng_below(&r, 7);
            v[parent_of[i]] += v[i];
        }
        uint8_t cell[NODES];
        refused += !protect_tree(a, v, parent_of, NODES, &rules, cell);
        struct tree_attack t = {.v = v, .cell = cell};
        int hidden = 0;
        for (int i = 0; i < NODES; i++) {
            t.low[i] = INT64_MAX;
            t.high[i] = INT64_MIN;
            shown_small += cell[i] == PROTECT_SHOWN && v[i] > 0 && v[i] < 3;
            hidden += i >= 4 && cell[i] != PROTECT_SHOWN;
        }
        if (hidden == 0 || hidden > 6)
            continue;
        attack_tree(&t, 4);
        tried++;
        for (int i = 0; i < NODES; i++)
            unsafe += cell[i] != PROTECT_SHOWN && t.high[i] - t.low[i] < 2;
    }
    is_int(refused, 0, "every hierarchy gets a pattern");
    is_int(shown_small, 0, "no small count of a hierarchy is shown");
    is_int(unsafe, 0, "trying all hierarchies squeezes no hidden count below the setting");
    ok(tried > 500, "the attacker tried many hierarchies");
}

static void test_differencing(struct arena *a)
{
    const uint32_t members[] = {0, 1, 2, 3, 0, 1, 2, 0, 1, 3};
    const size_t start[] = {0, 4, 7, 9, 10};
    const int64_t close[] = {100, 97, 60, 40}, far[] = {100, 60, 40, 40}, third[] = {100, 80, 55, 40};
    size_t s = 9, t = 9;
    ok(protect_differencing(a, close, start, members, 4, 10, &s, &t), "100 less 97 gives 3 away");
    ok(s == 0 && t == 1, "and the pair is named");
    ok(!protect_differencing(a, far, start, members, 4, 10, NULL, NULL), "100 less 60 is large enough");
    ok(protect_differencing(a, third, start, members, 4, 10, NULL, NULL),
       "100 less 55 less 40 gives 5 away");
}

int main(void)
{
    struct arena *a = arena_new((size_t)256 << 20);
    test_lists(a);
    test_known_table(a);
    test_small_tables(a);
    test_large_table();
    test_trees(a);
    test_differencing(a);
    arena_free(a);
    struct protect_band b = protect_band(9, 10), c = protect_band(10, 10), z = protect_band(0, 10);
    ok(b.low == 0 && b.high == 9 && z.low == 0 && z.high == 9, "a small count and none lie in the same band");
    ok(c.low == 10 && c.high == 19 && protect_band(47, 5).low == 45, "bands are as wide as the threshold");
    return done();
}
