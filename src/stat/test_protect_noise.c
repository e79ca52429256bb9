/* test_protect_noise.c - primary rules, the cell key method and controlled rounding: worked figures, closed
 * forms, the properties that define them, and every rounding of small tables. */
#include "base/arena.h"
#include "stat/protect_key.h"
#include "stat/protect_primary.h"
#include "stat/protect_round.h"
#include "stat/rng.h"
#include "tap.h"

/* --- primary rules -------------------------------------------------------------------------------------- */

static struct protect_primary one(struct arena *a, const double *v, size_t n, struct protect_primary_rules rules)
{
    int32_t cell[16] = {0};
    struct protect_primary out;
    ok(protect_primary(a, n, cell, NULL, v, 1, &rules, &out, NULL) == STAT_REASON_NONE, "the rules are applied");
    return out;
}

static void test_primary(struct arena *a)
{
    /* 100 = 51 + 41 + 4 + 4: the rest beside the two largest is 8 */
    const double v[] = {4, 51, 41, 4};
    struct protect_primary r = one(a, v, 4, (struct protect_primary_rules){.p_percent = 15});
    ok(r.broken == 0 && r.up == 0, "8 beside 51 and 41 is more than 15 % of 51, which is 7.65");
    r = one(a, v, 4, (struct protect_primary_rules){.p_percent = 20});
    ok(r.broken == PROTECT_RULE_P, "but less than 20 %, which is 10.2");
    is_num(r.up, 2.2, 1e-12, "so the upper bound must lie 2.2 above the total");
    ok(r.largest == 51 && r.second == 41 && r.contributors == 4 && r.total == 100, "the largest are found");
    r = one(a, v, 4, (struct protect_primary_rules){.p_percent = 12, .q_percent = 60});
    is_num(r.up, 2.2, 1e-12, "12 % where 60 % were known before is the same as 20 %");
    r = one(a, v, 4, (struct protect_primary_rules){.dominance_n = 1, .dominance_k = 50});
    is_num(r.up, 2, 1e-12, "one makes more than 50 %: 2 x 51 - 100");
    ok(r.broken == PROTECT_RULE_DOMINANCE, "which is dominance");
    r = one(a, v, 4, (struct protect_primary_rules){.dominance_n = 2, .dominance_k = 92});
    ok(r.broken == 0, "two that make exactly 92 % are not more than that");
    r = one(a, v, 4, (struct protect_primary_rules){.threshold = 5, .range_percent = 10, .p_percent = 20});
    ok(r.broken == (PROTECT_RULE_THRESHOLD | PROTECT_RULE_P), "several rules may be broken");
    is_num(r.up, 10, 1e-12, "the larger protection counts");
    const int32_t cell[] = {0, 1, 0, 1, -1, 1};
    const int64_t who[] = {7, 7, 8, 9, 7, 7};
    const double w[] = {1, 2, 3, 4, 5, 6};
    struct protect_primary two[2];
    size_t bad = 0;
    struct protect_primary_rules rules = {.threshold = 3};
    ok(protect_primary(a, 6, cell, who, w, 2, &rules, two, &bad) == STAT_REASON_NONE, "several cells");
    ok(two[1].contributors == 2 && two[1].largest == 8 && two[1].total == 12,
       "two contributions of one contributor count as one");
    const double wrong[] = {1, -2, 3, 4, 5, 6};
    ok(protect_primary(a, 6, cell, who, wrong, 2, &rules, two, &bad) == STAT_REASON_INVALID && bad == 1,
       "a negative contribution is refused, and named");
}

/* --- the cell key method ----------------------------------------------------------------------------------- */

static void test_key_closed_forms(struct arena *a)
{
    struct protect_key_table t = protect_key_table(a, 1, 0.5, 0);
    ok(t.status == STAT_OK && t.n_rows == 2, "changes of one, variance a half");
    is_num(t.row[1].p[0], 0.25, 1e-12, "a quarter goes down");
    is_num(t.row[1].p[1], 0.5, 1e-12, "a half stays");
    t = protect_key_table(a, 2, 1, 0);
    /* p proportional to q^(d^2): 2 q + 8 q^4 = 1 + 2 q + 2 q^4, so q^4 = 1/6 */
    double q = pow(1 / 6.0, 0.25), z = 4 / 3.0 + 2 * q;
    const struct protect_key_row *last = &t.row[t.n_rows - 1];
    ok(last->n == 5, "five changes with D = 2");
    is_num(last->p[2], 1 / z, 1e-12, "variance 1 leaves 1/(4/3 + 2 q) unchanged, q the fourth root of 1/6");
    is_num(last->p[1], q / z, 1e-12, "changes one up or down by q times that");
    is_num(last->p[4], 1 / 6.0 / z, 1e-12, "and two by a sixth of it");
    t = protect_key_table(a, 5, 2, 2);
    ok(t.status == STAT_OK, "D 5, V 2, js 2 exists");
    is_num(t.row[1].p[0], 2 / 3.0, 1e-12, "there a 1 becomes 0 with probability two thirds");
    is_num(t.row[1].p[1], 1 / 3.0, 1e-12, "and 3 with one third: nothing else has mean 1 and variance 2");
    is_num(t.row[2].p[1], 2 / 3.0, 1e-12, "a 2 becomes 3 twice as often as 0");
    t = protect_key_table(a, 5, 1.9, 2);
    ok(t.status == STAT_REFUSED && t.reason == STAT_REASON_INFEASIBLE && t.bad_count == 1,
       "a smaller variance is impossible for 1, and it says so");
    is_num(t.least_variance, 2, 1e-12, "with the least that is possible");
    ok(protect_key_table(a, 2, 1, 4).reason == STAT_REASON_INFEASIBLE, "a 1 that can reach nothing but 0 is refused");
    ok(protect_key_table(a, 0, 1, 0).reason == STAT_REASON_INVALID, "no change at all is no method");
}

/* Moments, forbidden values and the form that only the distribution of largest entropy has. */
static void test_key_rows(struct arena *a)
{
    int wrong_mean = 0, wrong_variance = 0, forbidden = 0, not_one = 0, not_largest = 0, far = 0, rows = 0;
    const struct {
        int64_t d, js;
        double v;
    } set[] = {{5, 2, 3}, {5, 2, 2.5}, {3, 0, 1.08}, {4, 1, 2}, {8, 3, 6}, {2, 0, 1.9}, {10, 4, 9}, {1, 0, 0.1}};
    for (size_t k = 0; k < sizeof set / sizeof *set; k++) {
        struct protect_key_table t = protect_key_table(a, set[k].d, set[k].v, set[k].js);
        if (t.status != STAT_OK)
            printf("# D %lld, js %lld, V %g: row %lld needs %g to %g\n", (long long)set[k].d, (long long)set[k].js,
                   set[k].v, (long long)t.bad_count, t.least_variance, t.most_variance);
        for (size_t i = 1; i < t.n_rows; i++, rows++) {
            const struct protect_key_row *r = &t.row[i];
            double mean = 0, square = 0, sum = 0;
            for (size_t j = 0; j < r->n; j++) {
                double d = (double)r->change[j];
                int64_t to = (int64_t)i + r->change[j];
                mean += r->p[j] * d;
                square += r->p[j] * d * d;
                sum += r->p[j];
                forbidden += to < 0 || (to > 0 && to <= set[k].js);
                far += llabs(r->change[j]) > set[k].d;
            }
            wrong_mean += fabs(mean) > 1e-10;
            wrong_variance += fabs(square - set[k].v) > 1e-10;
            not_one += fabs(sum - 1) > 1e-12;
            /* log p is a quadratic in d: a cubic through four points has no cubic part */
            for (size_t j = 0; j + 3 < r->n; j++) {
                double cubic = 0, size = 0;
                for (size_t x = j; x < j + 4; x++) {
                    double w = 1;
                    for (size_t y = j; y < j + 4; y++)
                        w *= x == y ? 1 : (double)(r->change[x] - r->change[y]);
                    cubic += log(r->p[x]) / w;
                    size += fabs(log(r->p[x]) / w);
                }
                not_largest += fabs(cubic) > 1e-9 * (1 + size);
            }
        }
    }
    ok(rows > 40, "eight tables exist");
    is_int(wrong_mean, 0, "every row has mean 0");
    is_int(wrong_variance, 0, "and its variance");
    is_int(not_one, 0, "and sums to 1");
    is_int(forbidden, 0, "none gives a negative count or one from 1 to js");
    is_int(far, 0, "none changes by more than D");
    is_int(not_largest, 0, "and the logarithms are quadratic: the largest entropy");
}

static void test_key_use(struct arena *a)
{
    enum { N = 3000, ROWS = 6, COLS = 4, CELLS = (ROWS + 1) * (COLS + 1) };
    struct protect_key_table t = protect_key_table(a, 5, 3, 2);
    struct rng r = rng_stream(31, "keys", 0);
    int64_t sum = 0, square = 0, forbidden = 0, zero = 0;
    const int64_t draws = 200000;
    for (int64_t k = 0; k < draws; k++) {
        int64_t i = 1 + k % 12, to = protect_key_count(&t, i, rng_u64(&r));
        sum += to - i;
        square += (to - i) * (to - i);
        forbidden += to < 0 || to == 1 || to == 2;
        zero += protect_key_count(&t, 0, rng_u64(&r)) != 0;
    }
    is_int(forbidden, 0, "of 200,000 changed counts none is negative, 1 or 2");
    is_int(zero, 0, "a zero stays a zero");
    ok(fabs((double)sum / (double)draws) < 4 * sqrt(3.0 / (double)draws), "their mean change is 0");
    is_num((double)square / (double)draws, 3, 0.02, "their variance is 3");
    static int32_t row[N], col[N], back[N], all[N];
    static uint64_t key[N], reversed[N];
    static int32_t row2[N], col2[N];
    for (int i = 0; i < N; i++) {
        row[i] = (int32_t)rng_below(&r, ROWS);
        col[i] = i % 50 == 0 ? -1 : (int32_t)rng_below(&r, COLS);
        key[i] = protect_record_key(99, (uint64_t)i);
        back[i] = col[i] < 0 ? -1 : (int32_t)(COLS - 1 - col[i]);
        all[i] = col[i] < 0 ? -1 : 0;
        reversed[N - 1 - i] = key[i];
        row2[N - 1 - i] = row[i];
        col2[N - 1 - i] = back[i];
    }
    int64_t count[CELLS], shown[CELLS], count2[CELLS], shown2[CELLS], count1[2 * (ROWS + 1)], shown1[2 * (ROWS + 1)];
    protect_key_crosstable(a, &t, N, key, row, ROWS, col, COLS, count, shown);
    protect_key_crosstable(a, &t, N, reversed, row2, ROWS, col2, COLS, count2, shown2);
    protect_key_crosstable(a, &t, N, key, row, ROWS, all, 1, count1, shown1);
    int differ = 0, changed = 0;
    for (int i = 0; i <= ROWS; i++) {
        for (int j = 0; j < COLS; j++) {
            differ += shown[i * (COLS + 1) + j] != shown2[i * (COLS + 1) + COLS - 1 - j];
            changed += shown[i * (COLS + 1) + j] != count[i * (COLS + 1) + j];
        }
        differ += shown[i * (COLS + 1) + COLS] != shown1[i * 2 + 1] || shown1[i * 2] != shown1[i * 2 + 1];
    }
    is_int(differ, 0, "the same records are changed alike in every table, in any order");
    ok(changed > 10, "and most counts are changed");
    ok(protect_record_key(99, 5) == key[5] && protect_record_key(98, 5) != key[5], "keys hang on the secret alone");
}

/* --- rounding ------------------------------------------------------------------------------------------------ */

static void random_table(struct rng *r, size_t rows, size_t cols, int64_t *v)
{
    size_t w = cols + 1;
    memset(v, 0, (rows + 1) * w * sizeof *v);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++) {
            int64_t x = (int64_t)rng_below(r, 30);
            v[i * w + j] = x;
            v[i * w + cols] += x;
            v[rows * w + j] += x;
            v[rows * w + cols] += x;
        }
}

static bool is_rounding(size_t rows, size_t cols, const int64_t *v, const int64_t *x, int64_t base)
{
    size_t w = cols + 1, n = (rows + 1) * w;
    for (size_t c = 0; c < n; c++) {
        int64_t floor = v[c] / base * base;
        if (x[c] != floor && (v[c] == floor || x[c] != floor + base))
            return false;
    }
    for (size_t i = 0; i <= rows; i++) {
        int64_t sum = 0;
        for (size_t j = 0; j < cols; j++)
            sum += x[i * w + j];
        if (sum != x[i * w + cols])
            return false;
    }
    for (size_t j = 0; j <= cols; j++) {
        int64_t sum = 0;
        for (size_t i = 0; i < rows; i++)
            sum += x[i * w + j];
        if (sum != x[rows * w + j])
            return false;
    }
    return true;
}

/* The nearest zero-restricted rounding by trying both neighbours of every inner cell. */
static double nearest_of_all(size_t rows, size_t cols, const int64_t *v, int64_t base)
{
    size_t w = cols + 1, n = rows * cols;
    double best = INFINITY;
    for (uint32_t pattern = 0; pattern < (uint32_t)1 << n; pattern++) {
        int64_t x[16] = {0};
        double distance = 0;
        for (size_t k = 0; k < n; k++) {
            size_t i = k / cols, j = k % cols;
            int64_t y = v[i * w + j] / base * base + (pattern >> k & 1 ? base : 0);
            x[i * w + j] = y;
            x[i * w + cols] += y;
            x[rows * w + j] += y;
            x[rows * w + cols] += y;
        }
        for (size_t c = 0; c < (rows + 1) * w; c++)
            distance += (double)llabs(x[c] - v[c]);
        if (distance < best && is_rounding(rows, cols, v, x, base))
            best = distance;
    }
    return best;
}

static void test_nearest(struct arena *a)
{
    struct rng r = rng_stream(32, "nearest", 0);
    int wrong = 0, farther = 0, not_proven = 0;
    for (int k = 0; k < 300; k++) {
        int64_t v[16], x[16];
        double d[16];
        size_t rows = 2 + k % 2, cols = 3, n = (rows + 1) * (cols + 1);
        int64_t base = 2 + (int64_t)rng_below(&r, 9);
        random_table(&r, rows, cols, v);
        for (size_t c = 0; c < n; c++)
            d[c] = (double)v[c];
        struct arena *mine = arena_new(0);
        struct protect_system s = protect_system_of_table(mine, rows, cols, d);
        struct protect_rounding got = protect_round_nearest(mine, &s, (double)base, 0, 0, NULL);
        for (size_t c = 0; c < n; c++)
            x[c] = (int64_t)got.rounded[c];
        not_proven += got.status != STAT_OK || got.bound != got.distance;
        wrong += !is_rounding(rows, cols, v, x, base);
        farther += fabs(got.distance - nearest_of_all(rows, cols, v, base)) > 1e-6;
        arena_free(mine);
    }
    is_int(not_proven, 0, "every two-way table has its nearest rounding");
    is_int(wrong, 0, "it adds up, multiples stay, the others go to a neighbour");
    is_int(farther, 0, "and trying all roundings finds none that is nearer");
    const double ones[] = {1, 1, 1, 2, 2, 2};
    const size_t start[] = {0, 3, 6, 9};
    const uint32_t cell[] = {0, 1, 3, 1, 2, 4, 0, 2, 5};
    const double coef[] = {1, 1, -1, 1, 1, -1, 1, 1, -1};
    struct protect_system odd = {.n_cells = 6, .value = ones, .n_relations = 3, .start = start, .cell = cell, .coef = coef};
    struct protect_rounding none = protect_round_nearest(a, &odd, 2, 0, 0, NULL);
    ok(none.status == STAT_REFUSED && none.reason == STAT_REASON_INFEASIBLE && isnan(none.rounded[0]),
       "three ones whose pairs each make 2 have no such rounding to 2, and it says so");
    none = protect_round_nearest(a, &odd, 2, 1, 0, NULL);
    ok(none.status == STAT_OK && none.rounded[0] + none.rounded[1] == none.rounded[3],
       "allowed to go one multiple further, it finds one");
    is_num(none.distance, 5, 1e-9, "at the least distance there is: three cells by 1, one sum by 2");
}

static void test_unbiased(struct arena *a)
{
    enum { ROWS = 3, COLS = 4, N = (ROWS + 1) * (COLS + 1), RUNS = 20000 };
    struct rng r = rng_stream(33, "unbiased", 0);
    int64_t v[N], x[N], sum[N] = {0};
    int wrong = 0, off = 0;
    random_table(&r, ROWS, COLS, v);
    for (int k = 0; k < RUNS; k++) {
        struct arena *mine = arena_new(0);
        wrong += protect_round_unbiased(mine, ROWS, COLS, v, 5, &r, x) != STAT_REASON_NONE ||
                 !is_rounding(ROWS, COLS, v, x, 5);
        for (int c = 0; c < N; c++)
            sum[c] += x[c];
        arena_free(mine);
    }
    is_int(wrong, 0, "20,000 random roundings of a table are zero-restricted and add up");
    for (int c = 0; c < N; c++) {
        double p = (double)(v[c] % 5) / 5, se = 5 * sqrt(p * (1 - p) / RUNS);
        off += fabs((double)sum[c] / RUNS - (double)v[c]) > 4.5 * se + 1e-12;
    }
    is_int(off, 0, "and on average every figure is itself");
    int failed = 0;
    for (int k = 0; k < 300; k++) {
        int64_t big[13 * 8], y[13 * 8];
        random_table(&r, 12, 7, big);
        failed += protect_round_unbiased(a, 12, 7, big, 3 + k % 8, &r, y) != STAT_REASON_NONE ||
                  !is_rounding(12, 7, big, y, 3 + k % 8);
    }
    is_int(failed, 0, "larger tables, too");
    v[0]++;
    ok(protect_round_unbiased(a, ROWS, COLS, v, 5, &r, x) == STAT_REASON_INVALID, "what does not add up is refused");
}

int main(void)
{
    struct arena *a = arena_new((size_t)256 << 20);
    test_primary(a);
    test_key_closed_forms(a);
    test_key_rows(a);
    test_key_use(a);
    test_nearest(a);
    test_unbiased(a);
    arena_free(a);
    return done();
}
