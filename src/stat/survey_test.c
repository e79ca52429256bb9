/* survey_test.c - Rao-Scott and Wald tests of a two-way table. */
#include "stat/survey_test.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/mat.h"
#include "stat/survey_design.h"

struct table {
    struct arena *a;
    const struct survey_design *d;
    size_t r, c, cells, units;
    double n;      /* all rows, missing ones as well (as R) */
    double *sum;   /* weights by unit and cell, calibration residuals where there are any */
    double *share; /* of cells */
    double total;
};

static size_t cell_of(const struct table *t, const int32_t *row, const int32_t *col, size_t i)
{
    bool in = row[i] >= 0 && (size_t)row[i] < t->r && col[i] >= 0 && (size_t)col[i] < t->c;
    return in ? (size_t)row[i] * t->c + (size_t)col[i] : SIZE_MAX;
}

/* One pass: weights of every cell by unit. With calibration the scores need a pass a cell. */
static void gather(struct table *t, const int32_t *row, const int32_t *col)
{
    const double *w = t->d->weight;
    for (size_t i = 0; i < t->d->n; i++) {
        size_t k = cell_of(t, row, col, i);
        if (k == SIZE_MAX)
            continue;
        t->share[k] += w[i];
        t->sum[(size_t)t->d->unit[i] * t->cells + k] += w[i];
    }
    for (size_t k = 0; k < t->cells; k++)
        t->total += t->share[k];
    if (t->d->calibration) {
        double *z = arena_array(t->a, t->d->n + 1, sizeof *z);
        memset(t->sum, 0, t->units * t->cells * sizeof *t->sum);
        for (size_t k = 0; k < t->cells; k++) {
            for (size_t i = 0; i < t->d->n; i++)
                z[i] = cell_of(t, row, col, i) == k ? w[i] : 0;
            survey_calibration_residuals(t->a, t->d, z);
            for (size_t i = 0; i < t->d->n; i++)
                t->sum[(size_t)t->d->unit[i] * t->cells + k] += z[i];
        }
    }
    for (size_t k = 0; k < t->cells; k++)
        t->share[k] /= t->total;
}

/* The fewest PSUs with weight behind a row or column; 0 where one is empty. */
static size_t fewest_psus(const struct table *t, const int32_t *row, const int32_t *col)
{
    size_t lines = t->r + t->c, psus = t->d->stage[0].n_clusters, fewest = SIZE_MAX;
    uint8_t *seen = arena_array(t->a, psus * lines + 1, 1);
    size_t *count = arena_array(t->a, lines, sizeof *count);
    for (size_t i = 0; i < t->d->n; i++) {
        if (cell_of(t, row, col, i) == SIZE_MAX || t->d->weight[i] == 0)
            continue;
        uint32_t u = t->d->unit[i];
        for (size_t s = t->d->n_stages - 1; s > 0; s--)
            u = t->d->stage[s].parent[u];
        seen[(size_t)row[i] * psus + u] = 1;
        seen[(t->r + (size_t)col[i]) * psus + u] = 1;
    }
    for (size_t l = 0; l < lines; l++) {
        for (size_t u = 0; u < psus; u++)
            count[l] += seen[l * psus + u];
        fewest = count[l] < fewest ? count[l] : fewest;
    }
    return fewest;
}

/* v[k x k]: covariances of k scores given by unit (z[unit * k + j]). */
static void covariances(const struct table *t, const double *z, size_t k, double *v)
{
    struct survey_work *w = survey_work_new(t->a, t->d);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            for (size_t u = 0; u < t->units; u++)
                survey_work_add(w, (uint32_t)u, z[u * k + i], z[u * k + j]);
            v[i * k + j] = v[j * k + i] = survey_work_covariance(w, NULL, NULL);
        }
}

/* Cells and signs of contrast (i, j): cell (i, j) and the last one, less (i, last) and (last, j). */
static void contrast_cells(const struct table *t, size_t k, size_t cell[4])
{
    size_t i = k / (t->c - 1), j = k % (t->c - 1);
    cell[0] = i * t->c + j;
    cell[1] = t->cells - 1;
    cell[2] = i * t->c + t->c - 1;
    cell[3] = (t->r - 1) * t->c + j;
}

static const double SIGN[4] = {1, 1, -1, -1};

/* Eigenvalues of Delta. False: singular. */
static bool design_effects(const struct table *t, double *value)
{
    size_t k = (t->r - 1) * (t->c - 1);
    double *z = arena_array(t->a, t->units * k + 1, sizeof *z), *v = arena_array(t->a, k * k, sizeof *v);
    double *den = arena_array(t->a, k * k, sizeof *den), *col = arena_array(t->a, k, sizeof *col);
    for (size_t m = 0; m < k; m++) {
        size_t cm[4], cq[4];
        contrast_cells(t, m, cm);
        for (size_t u = 0; u < t->units; u++) {
            const double *s = t->sum + u * t->cells;
            double all = 0;
            for (size_t q = 0; q < t->cells; q++)
                all += s[q];
            for (int e = 0; e < 4; e++)
                if (t->share[cm[e]] > 0)
                    z[u * k + m] += SIGN[e] / t->share[cm[e]] * (s[cm[e]] - t->share[cm[e]] * all) / t->total;
        }
        for (size_t q = 0; q < k; q++) {
            contrast_cells(t, q, cq);
            for (int e = 0; e < 4; e++)
                for (int f = 0; f < 4; f++)
                    if (cm[e] == cq[f] && t->share[cm[e]] > 0)
                        den[m * k + q] += SIGN[e] * SIGN[f] / t->share[cm[e]] / t->n;
        }
    }
    covariances(t, z, k, v);
    if (!mat_cholesky(den, k))
        return false;
    for (int side = 0; side < 2; side++) /* L^-1 V L^-T, columns twice */
        for (size_t j = 0; j < k; j++) {
            for (size_t i = 0; i < k; i++)
                col[i] = side ? v[j * k + i] : v[i * k + j];
            mat_cholesky_solve(den, k, col, true);
            for (size_t i = 0; i < k; i++)
                *(side ? &v[j * k + i] : &v[i * k + j]) = col[i];
        }
    mat_eigenvalues(v, k, value);
    return true;
}

static double pearson(const struct table *t, const double *row, const double *col)
{
    double x = 0;
    for (size_t k = 0; k < t->cells; k++) {
        double e = row[k / t->c] * col[k % t->c];
        x += t->n * (t->share[k] - e) * (t->share[k] - e) / e;
    }
    return x;
}

/* Y' V^-1 Y of the departures of cell totals from independence, without the first row and column. */
static double wald(const struct table *t, const double *row, const double *col)
{
    size_t k = (t->r - 1) * (t->c - 1), at = 0;
    double *z = arena_array(t->a, t->units * k + 1, sizeof *z), *v = arena_array(t->a, k * k, sizeof *v);
    double *y = arena_array(t->a, k, sizeof *y), stat = 0;
    for (size_t i = 1; i < t->r; i++)
        for (size_t j = 1; j < t->c; j++, at++) {
            y[at] = t->total * (t->share[i * t->c + j] - row[i] * col[j]);
            for (size_t u = 0; u < t->units; u++) {
                const double *s = t->sum + u * t->cells;
                double in_row = 0, in_col = 0, all = 0;
                for (size_t q = 0; q < t->cells; q++) {
                    in_row += q / t->c == i ? s[q] : 0;
                    in_col += q % t->c == j ? s[q] : 0;
                    all += s[q];
                }
                z[u * k + at] = s[i * t->c + j] - col[j] * in_row - row[i] * in_col + row[i] * col[j] * all;
            }
        }
    covariances(t, z, k, v);
    if (!mat_cholesky(v, k))
        return NAN;
    mat_cholesky_solve(v, k, y, true);
    for (size_t i = 0; i < k; i++)
        stat += y[i] * y[i];
    return stat;
}

static void refuse(struct survey_test *o, enum stat_reason r)
{
    o->status = STAT_REFUSED;
    o->reason = r;
    o->statistic = o->df1 = o->df2 = o->p = o->mean_deff = NAN;
}

/* Statistic, degrees of freedom and p from the generalised design effects. */
static void rao_scott(struct table *t, enum survey_test_kind kind, double nu, struct survey_test *o)
{
    size_t k = (t->r - 1) * (t->c - 1);
    double *value = arena_array(t->a, k, sizeof *value), tr = 0, tr2 = 0;
    if (!design_effects(t, value)) {
        refuse(o, STAT_REASON_SINGULAR);
        return;
    }
    for (size_t i = 0; i < k; i++) {
        tr += value[i];
        tr2 += value[i] * value[i];
    }
    double d0 = tr * tr / tr2;
    o->mean_deff = tr / (double)k;
    o->statistic = o->pearson;
    if (kind == SURVEY_TEST_CHISQ) {
        o->df1 = (double)k;
        o->df2 = NAN;
        o->p = dist_chisq_upper(o->pearson / o->mean_deff, o->df1);
        return;
    }
    o->df1 = d0;
    o->df2 = d0 * nu;
    o->p = dist_f_upper(o->pearson / tr, d0, d0 * nu);
    if (kind == SURVEY_TEST_SADDLEPOINT) {
        double p = survey_mixture_upper(t->a, o->pearson, value, k, d0 * nu);
        o->p = isnan(p) ? o->p : p;
        o->df1 = o->df2 = NAN;
    } else {
        o->statistic = o->pearson / tr;
    }
}

struct survey_test survey_test_table(struct arena *a, const struct survey_design *d,
                                     const int32_t *row, size_t rows, const int32_t *col, size_t cols,
                                     enum survey_test_kind kind, size_t min_psus)
{
    struct survey_test o = {.status = STAT_OK};
    if (rows < 2 || cols < 2) {
        refuse(&o, STAT_REASON_INVALID);
        return o;
    }
    struct table t = {.a = a, .d = d, .r = rows, .c = cols, .cells = rows * cols,
                      .units = d->stage[d->n_stages - 1].n_clusters, .n = (double)d->n};
    t.sum = arena_array(a, t.units * t.cells + 1, sizeof *t.sum);
    t.share = arena_array(a, t.cells, sizeof *t.share);
    gather(&t, row, col);
    o.fewest_psus = fewest_psus(&t, row, col);
    double nu = survey_df(d), k = (double)((rows - 1) * (cols - 1));
    enum stat_reason why = !(t.total > 0) || o.fewest_psus == 0 ? STAT_REASON_EMPTY
                           : o.fewest_psus < min_psus           ? STAT_REASON_FEW_CLUSTERS
                           : nu <= 0                            ? STAT_REASON_FEW_DF
                                                                : STAT_REASON_NONE;
    if (why) {
        refuse(&o, why);
        return o;
    }
    double *of_row = arena_array(a, rows, sizeof *of_row), *of_col = arena_array(a, cols, sizeof *of_col);
    for (size_t q = 0; q < t.cells; q++) {
        of_row[q / cols] += t.share[q];
        of_col[q % cols] += t.share[q];
    }
    o.pearson = pearson(&t, of_row, of_col);
    if (kind != SURVEY_TEST_WALD && kind != SURVEY_TEST_ADJWALD) {
        rao_scott(&t, kind, nu, &o);
        return o;
    }
    double w = wald(&t, of_row, of_col);
    o.df1 = k;
    o.df2 = kind == SURVEY_TEST_WALD ? nu : nu - k + 1;
    o.statistic = kind == SURVEY_TEST_WALD ? w / k : w * o.df2 / (k * nu);
    o.p = o.df2 > 0 ? dist_f_upper(o.statistic, k, o.df2) : NAN;
    o.mean_deff = NAN;
    if (isnan(o.statistic) || isnan(o.p))
        refuse(&o, isnan(o.statistic) ? STAT_REASON_SINGULAR : STAT_REASON_FEW_DF);
    return o;
}

/* --- mixtures of chi-squared variables ------------------------------------------------------------ */

struct mixture {
    const double *l, *times;
    size_t k;
};

/* Cumulant generating function and its first two derivatives at s. */
static void cumulants(const struct mixture *m, double s, double *k0, double *k1, double *k2)
{
    *k0 = *k1 = *k2 = 0;
    for (size_t i = 0; i < m->k; i++) {
        double q = 1 - 2 * s * m->l[i];
        *k0 -= m->times[i] * log(q) / 2;
        *k1 += m->times[i] * m->l[i] / q;
        *k2 += m->times[i] * 2 * m->l[i] * m->l[i] / (q * q);
    }
}

double survey_mixture_upper(struct arena *a, double x, const double *weight, size_t k, double ddf)
{
    double *l = arena_array(a, k + 2, sizeof *l), *times = arena_array(a, k + 2, sizeof *times), d = 0;
    struct mixture m = {l, times, k};
    for (size_t i = 0; i < k; i++) {
        l[i] = weight[i];
        times[i] = 1;
        d = fmax(d, weight[i]);
    }
    if (isfinite(ddf)) { /* P(sum a chi2 - x/ddf chi2_ddf > 0); whole degrees of freedom, as R takes them */
        l[k] = -x / ddf;
        times[k] = floor(ddf);
        m.k++;
        x = 0;
    }
    double sum = 0, low = -INFINITY, high = 0.5 * 0.99999;
    for (size_t i = 0; i < m.k; i++) {
        l[i] /= d;
        sum += l[i];
        if (l[i] < 0)
            low = fmax(low, 0.99999 / (2 * l[i]));
    }
    x /= d;
    if (!isfinite(low))
        low = x > sum ? -0.01 : -(double)m.k / (2 * x);
    double k0, k1, k2;
    for (int it = 0; it < 200; it++) {
        double mid = (low + high) / 2;
        cumulants(&m, mid, &k0, &k1, &k2);
        if (k1 < x)
            low = mid;
        else
            high = mid;
    }
    double s = (low + high) / 2;
    cumulants(&m, s, &k0, &k1, &k2);
    if (fabs(s) < 1e-4)
        return NAN;
    double w = (s > 0 ? 1 : -1) * sqrt(2 * (s * x - k0)), v = s * sqrt(k2);
    return dist_normal_upper(w + log(v / w) / w, 0, 1);
}
