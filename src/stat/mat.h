/* mat.h - dense matrices, row by row: the one place where LAPACK is used.
 *
 * An m x n matrix is m * n doubles, element (i, j) at [i * n + j]. Linked with the reference
 * LAPACK and BLAS (Anderson et al. 1999, "LAPACK Users' Guide"), not a tuned one: the same bytes on
 * every machine and for every number of threads. All functions may be called from several threads
 * at once. Nothing here prints, and a singular or indefinite matrix is told by the returned value,
 * never by a figure. Memory grows with the square of the order, as the arguments do. */
#ifndef STAT_MAT_H
#define STAT_MAT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* --- symmetric positive definite ------------------------------------------------------------- */

/* a (symmetric, k x k; only the lower half is read) becomes its lower Cholesky factor with zeros
 * above (dpotrf). False, with a spoilt: not positive definite, or a pivot below 1e-14 of its
 * diagonal element. */
bool mat_cholesky(double *a, size_t k);

/* b[k] becomes the solution of L L' x = b; only the first half (L x = b) with forward_only. */
void mat_cholesky_solve(const double *l, size_t k, double *b, bool forward_only);

/* Log determinant of L L'. */
double mat_cholesky_logdet(const double *l, size_t k);

/* The Cholesky factor l becomes (L L')^-1, both halves (dpotri). */
void mat_cholesky_invert(double *l, size_t k);

/* inverse[k x k] of a symmetric positive definite m (which is kept; inverse may be m). False: it is
 * not. Takes no memory of the arena, which may be NULL. */
bool mat_invert(struct arena *a, const double *m, size_t k, double *inverse);

/* --- symmetric --------------------------------------------------------------------------------- */

/* Eigenvalues of a symmetric matrix (destroyed; the lower half is read), largest first (dsyev).
 * NaN in all of value where the matrix holds what is not a number. */
void mat_eigenvalues(double *a, size_t k, double *value);

/* m = sum_j value[j] v_j v_j' with orthonormal v_j = vector + j * k (a row each), largest value
 * first; m is kept. Of every vector the component of largest size is positive, so that the signs
 * are the same everywhere. False: m holds what is not a number. */
bool mat_eigen(struct arena *a, const double *m, size_t k, double *value, double *vector);

/* --- general square ---------------------------------------------------------------------------- */

/* x[k x r] with m x = b, b being k x r (both kept; x may be b), by LU with partial pivoting (dgesv).
 * False: singular (reciprocal condition below 1e-15). */
bool mat_lu_solve(struct arena *a, const double *m, size_t k, const double *b, size_t r, double *x);

/* inverse[k x k] of a general m (kept; inverse may be m). False: singular, as above. */
bool mat_invert_general(struct arena *a, const double *m, size_t k, double *inverse);

/* log |det m| of a general matrix, sign (NULL allowed) -1, 0 or 1; -INFINITY and 0: singular. */
double mat_logdet(struct arena *a, const double *m, size_t k, int *sign);

/* --- least squares ------------------------------------------------------------------------------ */

struct mat_least_squares {
    size_t rank;
    bool *kept;         /* p: false for a column that is a combination of those before it */
    double *beta;       /* p: NaN where not kept */
    double *covariance; /* p x p: (X'X)^-1 of the kept columns, NaN in rows and columns left out */
    double *residual;   /* n: y - X beta */
    double rss;         /* sum of squared residuals, times weight */
};

/* min sum_i w_i (y_i - x_i' beta)^2, x being n x p (n >= 1), weight NULL for ones, by Householder QR
 * (dgeqrf). Columns are taken from the left; one whose part outside of the columns before it is below
 * tolerance (0: 1e-7, as R's lm) of its length is left out, as R's lm does. Negative or infinite
 * weights and NaN anywhere give rank 0 and NaN. */
struct mat_least_squares mat_least_squares(struct arena *a, size_t n, size_t p, const double *x,
                                           const double *y, const double *weight, double tolerance);

/* --- products (the result may not be one of the factors) ----------------------------------------- */

/* c[m x n] = a[m x k] b[k x n] */
void mat_multiply(size_t m, size_t k, size_t n, const double *a, const double *b, double *c);

/* c[m x n] = a' b, a being k x m and b k x n */
void mat_multiply_left_t(size_t m, size_t k, size_t n, const double *a, const double *b, double *c);

/* c[m x n] = a b', a being m x k and b n x k */
void mat_multiply_right_t(size_t m, size_t k, size_t n, const double *a, const double *b, double *c);

/* out[p x p] = sum_i weight_i x_i x_i', x being n x p; weight NULL: ones. */
void mat_cross(size_t n, size_t p, const double *x, const double *weight, double *out);

/* y[m] = a x, a being m x n; and y[n] = a' x */
void mat_apply(size_t m, size_t n, const double *a, const double *x, double *y);
void mat_apply_t(size_t m, size_t n, const double *a, const double *x, double *y);

/* x' m x, m being k x k */
double mat_quadratic(size_t k, const double *m, const double *x);

#endif
