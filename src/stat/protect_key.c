/* protect_key.c - the table of probabilities of the cell key method, and its use. */
#include "stat/protect_key.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/rng.h"

/* --- the distribution of largest entropy ------------------------------------------------------------- */

struct moments {
    double log_z, mean, square, cube, fourth; /* of exp(b d + c d^2) */
};

/* p[n] by the two multipliers. */
static struct moments weigh(const int64_t *d, size_t n, double b, double c, double *p)
{
    struct moments m = {0};
    double top = -INFINITY, z = 0;
    for (size_t i = 0; i < n; i++) {
        double x = (double)d[i];
        p[i] = b * x + c * x * x;
        top = fmax(top, p[i]);
    }
    for (size_t i = 0; i < n; i++)
        z += p[i] = exp(p[i] - top);
    m.log_z = top + log(z);
    for (size_t i = 0; i < n; i++) {
        double x = (double)d[i], x2 = x * x;
        p[i] /= z;
        m.mean += p[i] * x;
        m.square += p[i] * x2;
        m.cube += p[i] * x2 * x;
        m.fourth += p[i] * x2 * x2;
    }
    return m;
}

/* Newton steps on log z - c v, halved until it falls; it is convex, and its minimum exists for v strictly
 * between its bounds. */
static bool largest_entropy(const int64_t *d, size_t n, double v, double *p)
{
    double b = 0, c = 0;
    struct moments m = weigh(d, n, b, c, p);
    for (int k = 0; k < 500; k++) {
        double g1 = m.mean, g2 = m.square - v, scale = 1 + v;
        if (fabs(g1) < 1e-14 * scale && fabs(g2) < 1e-14 * scale)
            return true;
        double h11 = m.square - m.mean * m.mean, h12 = m.cube - m.mean * m.square,
               h22 = m.fourth - m.square * m.square, det = h11 * h22 - h12 * h12;
        if (!(det > 1e-300))
            break;
        double db = -(h22 * g1 - h12 * g2) / det, dc = -(h11 * g2 - h12 * g1) / det, t = 1, old = m.log_z - c * v;
        double slope = g1 * db + g2 * dc;
        for (; t > 1e-12; t /= 2) {
            m = weigh(d, n, b + t * db, c + t * dc, p);
            if (m.log_z - (c + t * dc) * v <= old + 1e-4 * t * slope + 1e-15 * fabs(old))
                break;
        }
        b += t * db;
        c += t * dc;
        if (t <= 1e-12)
            break;
    }
    return fabs(m.mean) < 1e-11 && fabs(m.square - v) < 1e-11 * (1 + v);
}

/* Bounds of the variance of distributions on d with mean 0: the hull of the points (d, d^2) above 0. between
 * gets the neighbours of 0 on either side. False: the mean cannot be 0. */
static bool variance_bounds(const int64_t *d, size_t n, int64_t between[2], double *least, double *most)
{
    int64_t low = INT64_MIN, high = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        if (d[i] <= 0)
            low = d[i];
        if (d[i] >= 0 && high == INT64_MAX)
            high = d[i];
    }
    if (n == 0 || low == INT64_MIN || high == INT64_MAX)
        return false;
    between[0] = low;
    between[1] = high;
    *least = fabs((double)low * (double)high);
    *most = -(double)d[0] * (double)d[n - 1];
    return true;
}

/* At a bound of the variance only two changes are left. */
static void two_changes(const int64_t *d, size_t n, int64_t low, int64_t high, double *p)
{
    for (size_t i = 0; i < n; i++)
        p[i] = d[i] == low    ? (double)high / (double)(high - low)
               : d[i] == high ? -(double)low / (double)(high - low)
                              : 0;
}

static bool make_row(struct arena *a, struct protect_key_table *t, int64_t count, struct protect_key_row *out)
{
    int64_t *change = arena_array(a, (size_t)(2 * t->d + 1), sizeof *change), between[2];
    size_t n = 0;
    for (int64_t to = count - t->d; to <= count + t->d; to++)
        if (to == 0 || to > t->js)
            change[n++] = to - count;
    double *p = arena_array(a, n + 1, sizeof *p);
    uint64_t *below = arena_array(a, n + 1, sizeof *below);
    double least = NAN, most = NAN, dust = 1e-12 * (1 + t->v);
    bool good = variance_bounds(change, n, between, &least, &most);
    if (good && fabs(t->v - least) <= dust && least > 0)
        two_changes(change, n, between[0], between[1], p);
    else if (good && fabs(t->v - most) <= dust)
        two_changes(change, n, change[0], change[n - 1], p);
    else
        good = good && t->v > least && t->v < most && largest_entropy(change, n, t->v, p);
    if (!good) {
        t->bad_count = count;
        t->least_variance = least;
        t->most_variance = most;
        return false;
    }
    struct num_sum sum = {0, 0}, entropy = {0, 0};
    for (size_t i = 0; i < n; i++) {
        num_add(&sum, p[i]);
        num_add(&entropy, -num_xlogx(p[i]));
        long double share = (long double)num_total(sum) * 18446744073709551616.0L;
        below[i] = share >= 18446744073709551615.0L ? UINT64_MAX : (uint64_t)share;
    }
    *out = (struct protect_key_row){count, n, change, p, below, num_total(entropy)};
    return true;
}

struct protect_key_table protect_key_table(struct arena *a, int64_t d, double v, int64_t js)
{
    struct protect_key_table t = {.bad_count = -1, .least_variance = NAN, .most_variance = NAN,
                                  .d = d, .js = js, .v = v};
    if (d < 1 || d > 1000 || js < 0 || js > 1000 || !(v > 0 && isfinite(v))) {
        t.status = STAT_REFUSED;
        t.reason = STAT_REASON_INVALID;
        return t;
    }
    t.n_rows = (size_t)(js > 0 ? d + js + 1 : d) + 1;
    struct protect_key_row *row = arena_array(a, t.n_rows, sizeof *row);
    static const int64_t stay[] = {0};
    static const double certain[] = {1};
    static const uint64_t all[] = {UINT64_MAX};
    row[0] = (struct protect_key_row){0, 1, stay, certain, all, 0};
    for (size_t i = 1; i < t.n_rows; i++)
        if (!make_row(a, &t, (int64_t)i, &row[i])) {
            t.status = STAT_REFUSED;
            t.reason = STAT_REASON_INFEASIBLE;
            t.n_rows = 0;
            return t;
        }
    t.row = row;
    return t;
}

/* --- use ----------------------------------------------------------------------------------------------- */

uint64_t protect_record_key(uint64_t secret, uint64_t record)
{
    struct rng r = rng_stream(secret, "record key", record);
    return rng_u64(&r);
}

int64_t protect_key_count(const struct protect_key_table *t, int64_t count, uint64_t cell_key)
{
    if (count <= 0 || t->n_rows == 0)
        return 0;
    size_t i = (uint64_t)count < t->n_rows ? (size_t)count : t->n_rows - 1;
    const struct protect_key_row *row = &t->row[i];
    size_t k = 0;
    while (k + 1 < row->n && cell_key >= row->below[k])
        k++;
    while (k > 0 && row->p[k] == 0) /* the rest of a sum that came short of 1 belongs to the last that can be */
        k--;
    return count + row->change[k];
}

void protect_key_crosstable(struct arena *a, const struct protect_key_table *t, size_t n, const uint64_t *key,
                            const int32_t *row, size_t rows, const int32_t *col, size_t cols, int64_t *count,
                            int64_t *shown)
{
    size_t width = cols + 1, cells = (rows + 1) * width;
    uint64_t *sum = arena_array(a, cells, sizeof *sum);
    memset(count, 0, cells * sizeof *count);
    for (size_t i = 0; i < n; i++) {
        if (row[i] < 0 || col[i] < 0)
            continue;
        size_t r = (size_t)row[i], c = (size_t)col[i];
        const size_t in[4] = {r * width + c, r * width + cols, rows * width + c, rows * width + cols};
        for (int k = 0; k < 4; k++) {
            count[in[k]]++;
            sum[in[k]] += key[i];
        }
    }
    for (size_t c = 0; c < cells; c++)
        shown[c] = protect_key_count(t, count[c], sum[c]);
}
