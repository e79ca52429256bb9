/* mat.c - our row-major matrices in LAPACK's column-major terms.
 *
 * A row-major matrix is the transpose of the column-major matrix in the same place: a symmetric one
 * is itself with the halves exchanged, so that nothing is copied; the general ones are told so ('T').
 * The _work forms are called: they take no memory of their own in column order and do not search
 * for NaN, which the functions here do where it matters. */
#include "stat/mat.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"

/* Below this share of its diagonal element a pivot is rounding. */
static const double PIVOT = 1e-14;
/* Below this reciprocal condition a solution has no right digit. */
static const double CONDITION = 1e-15;
static const double LM_TOLERANCE = 1e-7;
enum { SMALL = 40 * 40 * 40 }; /* multiplications */

static bool all_finite(const double *x, size_t n)
{
    double s = 0;
    for (size_t i = 0; i < n; i++)
        s += x[i] * 0; /* infinity and NaN give NaN */
    return s == 0;
}

bool mat_cholesky(double *a, size_t k)
{
    if (k == 0)
        return true;
    /* Our lower half is the column-major upper half: a = U'U with U = L'. */
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (int)k, a, (int)k) != 0)
        return false;
    for (size_t i = 0; i < k; i++) {
        double size = 0, pivot = a[i * k + i] * a[i * k + i];
        for (size_t j = 0; j <= i; j++)
            size += a[i * k + j] * a[i * k + j]; /* the diagonal element that was */
        if (!(pivot > PIVOT * size) || !isfinite(size))
            return false;
        for (size_t j = i + 1; j < k; j++)
            a[i * k + j] = 0;
    }
    return true;
}

void mat_cholesky_solve(const double *l, size_t k, double *b, bool forward_only)
{
    if (k == 0)
        return;
    cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, (int)k, l, (int)k, b, 1);
    if (!forward_only)
        cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, (int)k, l, (int)k, b, 1);
}

double mat_cholesky_logdet(const double *l, size_t k)
{
    double s = 0;
    for (size_t i = 0; i < k; i++)
        s += 2 * log(l[i * k + i]);
    return s;
}

void mat_cholesky_invert(double *l, size_t k)
{
    if (k == 0)
        return;
    LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'U', (int)k, l, (int)k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = i + 1; j < k; j++)
            l[i * k + j] = l[j * k + i];
}

bool mat_invert(struct arena *a, const double *m, size_t k, double *inverse)
{
    (void)a;
    if (m != inverse)
        memcpy(inverse, m, k * k * sizeof *m);
    if (!mat_cholesky(inverse, k))
        return false;
    mat_cholesky_invert(inverse, k);
    return true;
}

static void reverse(double *x, size_t k)
{
    for (size_t i = 0; i < k / 2; i++) {
        double t = x[i];
        x[i] = x[k - 1 - i];
        x[k - 1 - i] = t;
    }
}

void mat_eigenvalues(double *a, size_t k, double *value)
{
    bool good = all_finite(a, k * k) && k > 0;
    /* LAPACKE_dsyev takes its own small work space and gives it back. */
    if (good && LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'U', (int)k, a, (int)k, value) == 0)
        reverse(value, k);
    else
        for (size_t i = 0; i < k; i++)
            value[i] = NAN;
}

bool mat_eigen(struct arena *a, const double *m, size_t k, double *value, double *vector)
{
    double *v = arena_array(a, k * k + 1, sizeof *v);
    if (!all_finite(m, k * k))
        return false;
    memcpy(v, m, k * k * sizeof *v);
    if (k && LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', (int)k, v, (int)k, value) != 0)
        return false;
    reverse(value, k);
    for (size_t j = 0; j < k; j++) { /* column j of LAPACK's is row j in the same place */
        double *to = vector + j * k, *from = v + (k - 1 - j) * k;
        size_t top = 0;
        for (size_t i = 1; i < k; i++)
            if (fabs(from[i]) > fabs(from[top]) * (1 + 1e-9))
                top = i;
        for (size_t i = 0; i < k; i++)
            to[i] = from[top] < 0 ? -from[i] : from[i];
    }
    return true;
}

/* LU of a copy of m; NULL: singular. transposed in column-major terms. */
static double *factor(struct arena *a, const double *m, size_t k, lapack_int *pivot)
{
    double *lu = arena_array(a, k * k + 1, sizeof *lu), *work = arena_array(a, 4 * k + 1, sizeof *work);
    lapack_int *iwork = arena_array(a, k + 1, sizeof *iwork), n = (lapack_int)k;
    double norm = 0, rcond = 0;
    if (!all_finite(m, k * k))
        return NULL;
    memcpy(lu, m, k * k * sizeof *lu);
    for (size_t i = 0; i < k; i++)
        norm = fmax(norm, cblas_dasum(n, m + i * k, 1));
    if (k && LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, n, n, lu, n, pivot) != 0)
        return NULL;
    if (k && LAPACKE_dgecon_work(LAPACK_COL_MAJOR, '1', n, lu, n, norm, &rcond, work, iwork) != 0)
        return NULL;
    return k == 0 || rcond > CONDITION ? lu : NULL;
}

bool mat_lu_solve(struct arena *a, const double *m, size_t k, const double *b, size_t r, double *x)
{
    lapack_int *pivot = arena_array(a, k + 1, sizeof *pivot);
    double *lu = factor(a, m, k, pivot), *col = arena_array(a, k + 1, sizeof *col);
    if (!lu)
        return false;
    for (size_t j = 0; j < r && k; j++) {
        for (size_t i = 0; i < k; i++)
            col[i] = b[i * r + j];
        LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, 'T', (lapack_int)k, 1, lu, (lapack_int)k, pivot, col,
                            (lapack_int)k);
        for (size_t i = 0; i < k; i++)
            x[i * r + j] = col[i];
    }
    return true;
}

bool mat_invert_general(struct arena *a, const double *m, size_t k, double *inverse)
{
    lapack_int *pivot = arena_array(a, k + 1, sizeof *pivot), n = (lapack_int)k;
    double *lu = factor(a, m, k, pivot), *work = arena_array(a, 64 * k + 1, sizeof *work);
    if (!lu)
        return false;
    if (k && LAPACKE_dgetri_work(LAPACK_COL_MAJOR, n, lu, n, pivot, work, 64 * n) != 0)
        return false;
    memcpy(inverse, lu, k * k * sizeof *lu); /* the inverse of the transpose, transposed */
    return true;
}

double mat_logdet(struct arena *a, const double *m, size_t k, int *sign)
{
    lapack_int *pivot = arena_array(a, k + 1, sizeof *pivot), n = (lapack_int)k;
    double *lu = arena_array(a, k * k + 1, sizeof *lu), s = 0;
    int way = 1;
    memcpy(lu, m, k * k * sizeof *lu);
    if (!all_finite(m, k * k) || (k && LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, n, n, lu, n, pivot) != 0))
        way = 0;
    for (size_t i = 0; i < k && way; i++) {
        s += log(fabs(lu[i * k + i]));
        way *= (lu[i * k + i] < 0) != (pivot[i] != (lapack_int)i + 1) ? -1 : 1;
    }
    if (sign)
        *sign = way;
    return way ? s : -INFINITY;
}

/* --- least squares ---------------------------------------------------------------------------- */

/* QR of the kept columns of sqrt(w) (x | y) in column-major q (n x (r + 1)), y last; the number of
 * the first kept column that depends on those before it, r if none does. */
static size_t decompose(struct arena *a, size_t n, size_t p, const double *x, const double *y,
                        const double *weight, const bool *kept, double tolerance, double *q)
{
    double *length = arena_array(a, p + 1, sizeof *length);
    size_t r = 0;
    for (size_t j = 0; j < p; j++) {
        if (!kept[j])
            continue;
        for (size_t i = 0; i < n; i++)
            q[r * n + i] = (weight ? sqrt(weight[i]) : 1) * x[i * p + j];
        length[r] = cblas_dnrm2((int)n, q + r * n, 1);
        r++;
    }
    for (size_t i = 0; i < n; i++)
        q[r * n + i] = (weight ? sqrt(weight[i]) : 1) * y[i];
    double *tau = arena_array(a, r + 2, sizeof *tau), *work = arena_array(a, 64 * (r + 1), sizeof *work);
    LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, (int)n, (int)(r + 1), q, (int)n, tau, work, 64 * (int)(r + 1));
    for (size_t j = 0; j < r; j++)
        if (j >= n || !(fabs(q[j * n + j]) > tolerance * length[j]))
            return j;
    return r;
}

static void fit_kept(struct arena *a, size_t n, size_t p, const double *q,
                     struct mat_least_squares *out)
{
    size_t r = out->rank, *at = arena_array(a, p + 1, sizeof *at), c = 0;
    double *b = arena_array(a, r + 1, sizeof *b), *inv = arena_array(a, r * r + 1, sizeof *inv);
    for (size_t j = 0; j < p; j++)
        if (out->kept[j])
            at[c++] = j;
    memcpy(b, q + r * n, r * sizeof *b);
    for (size_t j = 0; j < r; j++)
        memcpy(inv + j * r, q + j * n, (j + 1) * sizeof *inv);
    if (r) {
        cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, (int)r, inv, (int)r, b, 1);
        LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'U', (int)r, inv, (int)r);
    }
    for (size_t j = 0; j < r; j++) {
        out->beta[at[j]] = b[j];
        for (size_t i = 0; i <= j; i++)
            out->covariance[at[i] * p + at[j]] = out->covariance[at[j] * p + at[i]] = inv[j * r + i];
    }
}

struct mat_least_squares mat_least_squares(struct arena *a, size_t n, size_t p, const double *x,
                                           const double *y, const double *weight, double tolerance)
{
    struct mat_least_squares out = {.rss = NAN};
    double *q = arena_array(a, n * (p + 1) + 1, sizeof *q);
    bool good = n > 0 && all_finite(x, n * p) && all_finite(y, n);
    out.kept = arena_array(a, p + 1, sizeof *out.kept);
    out.beta = arena_array(a, p + 1, sizeof *out.beta);
    out.residual = arena_array(a, n + 1, sizeof *out.residual);
    out.covariance = arena_array(a, p * p + 1, sizeof *out.covariance);
    for (size_t i = 0; i < p * p; i++)
        out.covariance[i] = NAN;
    for (size_t i = 0; i < n; i++) {
        out.residual[i] = NAN;
        good = good && (!weight || (weight[i] >= 0 && isfinite(weight[i])));
    }
    for (size_t j = 0; j < p; j++) {
        out.beta[j] = NAN;
        out.kept[j] = good;
    }
    if (!good)
        return out;
    for (out.rank = p;;) { /* once more without the column that depends on others: it is rare */
        size_t bad = decompose(a, n, p, x, y, weight, out.kept, tolerance > 0 ? tolerance : LM_TOLERANCE, q);
        if (bad == out.rank)
            break;
        size_t j = 0;
        for (size_t seen = 0; seen < bad || !out.kept[j]; j++)
            seen += out.kept[j];
        out.kept[j] = false;
        out.rank--;
    }
    fit_kept(a, n, p, q, &out);
    struct num_sum rss = {0, 0};
    for (size_t i = 0; i < n; i++) {
        double e = y[i];
        for (size_t j = 0; j < p; j++)
            e -= out.kept[j] ? x[i * p + j] * out.beta[j] : 0;
        out.residual[i] = e;
        num_add(&rss, (weight ? weight[i] : 1) * e * e);
    }
    out.rss = num_total(rss);
    return out;
}

/* --- products ----------------------------------------------------------------------------------- */

static void product(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, size_t m, size_t k, size_t n,
                    const double *a, size_t lda, const double *b, size_t ldb, double *c)
{
    if (k == 0)
        memset(c, 0, m * n * sizeof *c);
    else if (m && n) /* c' = b' a' in column order */
        cblas_dgemm(CblasColMajor, tb, ta, (int)n, (int)m, (int)k, 1, b, (int)ldb, a, (int)lda, 0, c,
                    (int)n);
}

void mat_multiply(size_t m, size_t k, size_t n, const double *a, const double *b, double *c)
{
    if (m * k * n <= SMALL) { /* what dgemm does, without its way there */
        memset(c, 0, m * n * sizeof *c);
        for (size_t i = 0; i < m; i++)
            for (size_t h = 0; h < k; h++)
                for (size_t j = 0; j < n; j++)
                    c[i * n + j] += a[i * k + h] * b[h * n + j];
        return;
    }
    product(CblasNoTrans, CblasNoTrans, m, k, n, a, k, b, n, c);
}

void mat_multiply_left_t(size_t m, size_t k, size_t n, const double *a, const double *b, double *c)
{
    if (m * k * n <= SMALL) {
        memset(c, 0, m * n * sizeof *c);
        for (size_t h = 0; h < k; h++)
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < n; j++)
                    c[i * n + j] += a[h * m + i] * b[h * n + j];
        return;
    }
    product(CblasTrans, CblasNoTrans, m, k, n, a, m, b, n, c);
}

void mat_multiply_right_t(size_t m, size_t k, size_t n, const double *a, const double *b, double *c)
{
    product(CblasNoTrans, CblasTrans, m, k, n, a, k, b, k, c);
}

void mat_cross(size_t n, size_t p, const double *x, const double *weight, double *out)
{
    memset(out, 0, p * p * sizeof *out);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p; j++) {
            double t = (weight ? weight[i] : 1) * x[i * p + j];
            for (size_t k = 0; k <= j; k++)
                out[j * p + k] += t * x[i * p + k];
        }
    for (size_t j = 0; j < p; j++)
        for (size_t k = j + 1; k < p; k++)
            out[j * p + k] = out[k * p + j];
}

void mat_apply(size_t m, size_t n, const double *a, const double *x, double *y)
{
    for (size_t i = 0; i < m; i++) {
        double s = 0;
        for (size_t j = 0; j < n; j++)
            s += a[i * n + j] * x[j];
        y[i] = s;
    }
}

void mat_apply_t(size_t m, size_t n, const double *a, const double *x, double *y)
{
    memset(y, 0, n * sizeof *y);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            y[j] += a[i * n + j] * x[i];
}

double mat_quadratic(size_t k, const double *m, const double *x)
{
    double s = 0;
    for (size_t i = 0; i < k; i++) {
        double t = 0;
        for (size_t j = 0; j < k; j++)
            t += m[i * k + j] * x[j];
        s += x[i] * t;
    }
    return s;
}
