/* mat.h - small dense matrices, row by row: what estimation with a few unknowns needs.
 * Golub, Van Loan 2013, "Matrix Computations": Cholesky 4.2, Jacobi 8.5. */
#ifndef STAT_MAT_H
#define STAT_MAT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* a (symmetric, k x k) becomes its lower Cholesky factor. False: not positive definite. */
bool mat_cholesky(double *a, size_t k);

/* b[k] becomes the solution of L L' x = b; only the first half (L x = b) with forward_only. */
void mat_cholesky_solve(const double *l, size_t k, double *b, bool forward_only);

/* Log determinant of L L'. */
double mat_cholesky_logdet(const double *l, size_t k);

/* inverse[k x k] of a symmetric positive definite a (which is kept). False: it is not. */
bool mat_invert(struct arena *a, const double *m, size_t k, double *inverse);

/* Eigenvalues of a symmetric matrix (destroyed), largest first, by Jacobi rotations. */
void mat_eigenvalues(double *a, size_t k, double *value);

#endif
