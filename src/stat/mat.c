/* mat.c - Cholesky and Jacobi for small matrices. */
#include "stat/mat.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

bool mat_cholesky(double *a, size_t k)
{
    for (size_t j = 0; j < k; j++) {
        double d = a[j * k + j], size = fabs(d);
        for (size_t m = 0; m < j; m++)
            d -= a[j * k + m] * a[j * k + m];
        if (!(d > 1e-14 * size) || !isfinite(d))
            return false;
        d = a[j * k + j] = sqrt(d);
        for (size_t i = j + 1; i < k; i++) {
            double s = a[i * k + j];
            for (size_t m = 0; m < j; m++)
                s -= a[i * k + m] * a[j * k + m];
            a[i * k + j] = s / d;
        }
        for (size_t i = 0; i < j; i++)
            a[i * k + j] = 0;
    }
    return true;
}

void mat_cholesky_solve(const double *l, size_t k, double *b, bool forward_only)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t m = 0; m < i; m++)
            b[i] -= l[i * k + m] * b[m];
        b[i] /= l[i * k + i];
    }
    for (size_t i = forward_only ? 0 : k; i-- > 0;) {
        for (size_t m = i + 1; m < k; m++)
            b[i] -= l[m * k + i] * b[m];
        b[i] /= l[i * k + i];
    }
}

double mat_cholesky_logdet(const double *l, size_t k)
{
    double s = 0;
    for (size_t i = 0; i < k; i++)
        s += 2 * log(l[i * k + i]);
    return s;
}

bool mat_invert(struct arena *a, const double *m, size_t k, double *inverse)
{
    double *l = arena_array(a, k * k + 1, sizeof *l), *col = arena_array(a, k + 1, sizeof *col);
    memcpy(l, m, k * k * sizeof *l);
    if (!mat_cholesky(l, k))
        return false;
    for (size_t j = 0; j < k; j++) {
        memset(col, 0, k * sizeof *col);
        col[j] = 1;
        mat_cholesky_solve(l, k, col, false);
        for (size_t i = 0; i < k; i++)
            inverse[i * k + j] = col[i];
    }
    return true;
}

/* One rotation that makes a[p][q] zero. */
static void rotate(double *a, size_t k, size_t p, size_t q)
{
    double theta = (a[q * k + q] - a[p * k + p]) / (2 * a[p * k + q]);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t i = 0; i < k; i++) {
        double x = a[i * k + p], y = a[i * k + q];
        a[i * k + p] = c * x - s * y;
        a[i * k + q] = s * x + c * y;
    }
    for (size_t i = 0; i < k; i++) {
        double x = a[p * k + i], y = a[q * k + i];
        a[p * k + i] = c * x - s * y;
        a[q * k + i] = s * x + c * y;
    }
}

void mat_eigenvalues(double *a, size_t k, double *value)
{
    for (int sweep = 0; sweep < 60; sweep++) {
        double off = 0, all = 0;
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < k; j++) {
                all += a[i * k + j] * a[i * k + j];
                off += i == j ? 0 : a[i * k + j] * a[i * k + j];
            }
        if (off <= 1e-30 * all)
            break;
        for (size_t p = 0; p + 1 < k; p++)
            for (size_t q = p + 1; q < k; q++)
                if (a[p * k + q] != 0)
                    rotate(a, k, p, q);
    }
    for (size_t i = 0; i < k; i++) { /* insertion sort, largest first */
        double v = a[i * k + i];
        size_t j = i;
        for (; j > 0 && value[j - 1] < v; j--)
            value[j] = value[j - 1];
        value[j] = v;
    }
}
