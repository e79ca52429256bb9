/* hhh4_arrow.c - the arrowhead matrix: blocks of units, each bordered by the shared unknowns, and nothing
 * between two units. Solved block by block (Golub, Van Loan 2013, section 4.5); time and memory
 * grow with units, not with their square. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/hhh4_inner.h"
#include "stat/mat.h"
#include "stat/num.h"

void hhh4_arrow_new(struct arena *a, const struct hhh4_work *w, struct hhh4_arrow *f)
{
    *f = (struct hhh4_arrow){.n = w->l ? w->m->n_units : 0, .k = w->k, .l = w->l, .q = w->q};
    f->own = arena_array(a, f->n * f->l * f->l + 1, sizeof(double));
    f->cross = arena_array(a, f->n * f->l * f->k + 1, sizeof(double));
    f->schur = arena_array(a, f->k * f->k + 1, sizeof(double));
}

/* x = (L L')^-1 x for the few unknowns of a unit, a right side in each of `cols` columns. */
static void solve_block(const double *c, size_t l, double *x, size_t cols)
{
    for (size_t i = 0; i < l; i++) {
        for (size_t j = 0; j < i; j++)
            for (size_t g = 0; g < cols; g++)
                x[i * cols + g] -= c[i * l + j] * x[j * cols + g];
        for (size_t g = 0; g < cols; g++)
            x[i * cols + g] /= c[i * l + i];
    }
    for (size_t i = l; i-- > 0;) {
        for (size_t j = i + 1; j < l; j++)
            for (size_t g = 0; g < cols; g++)
                x[i * cols + g] -= c[j * l + i] * x[j * cols + g];
        for (size_t g = 0; g < cols; g++)
            x[i * cols + g] /= c[i * l + i];
    }
}

bool hhh4_arrow_factor(const struct hhh4_work *w, const double *penalty, double ridge, struct hhh4_arrow *f)
{
    size_t k = f->k, l = f->l, q = f->q;
    struct num_sum det = {0, 0};
    memcpy(f->schur, w->shared, k * k * sizeof(double));
    for (size_t g = 0; g < k; g++)
        f->schur[g * k + g] += ridge * (fabs(w->shared[g * k + g]) + 1e-6 * w->reach[g] * w->reach[g]);
    for (size_t i = 0; i < f->n; i++) {
        double *c = f->own + i * l * l, *x = f->cross + i * l * k;
        const double *border = w->border + i * l * k;
        memcpy(c, w->own + i * l * l, l * l * sizeof *c);
        for (size_t r = 0; r < l; r++)
            c[r * l + r] += ridge * (fabs(c[r * l + r]) + 1e-6 * w->reach[k + r] * w->reach[k + r]);
        for (size_t r = 0; penalty && r < q; r++)
            for (size_t s = 0; s < q; s++)
                c[r * l + s] += penalty[r * q + s];
        if (!mat_cholesky(c, l))
            return false;
        for (size_t r = 0; r < l; r++)
            num_add(&det, 2 * log(c[r * l + r]));
        memcpy(x, border, l * k * sizeof *x);
        solve_block(c, l, x, k);
        for (size_t r = 0; r < l; r++)
            for (size_t g = 0; g < k; g++)
                for (size_t h = 0; h <= g; h++)
                    f->schur[g * k + h] -= border[r * k + g] * x[r * k + h];
    }
    if (k && !mat_cholesky(f->schur, k))
        return false;
    for (size_t g = 0; g < k; g++)
        num_add(&det, 2 * log(f->schur[g * k + g]));
    f->log_det = num_total(det);
    return true;
}

void hhh4_arrow_solve(const struct hhh4_arrow *f, double *x)
{
    size_t k = f->k, l = f->l;
    for (size_t i = 0; i < f->n; i++)
        for (size_t r = 0; r < l; r++)
            for (size_t g = 0; g < k; g++)
                x[g] -= f->cross[(i * l + r) * k + g] * x[k + i * l + r];
    if (k)
        mat_cholesky_solve(f->schur, k, x, false);
    for (size_t i = 0; i < f->n; i++) {
        double *own = x + k + i * l;
        solve_block(f->own + i * l * l, l, own, 1);
        for (size_t r = 0; r < l; r++)
            for (size_t g = 0; g < k; g++)
                own[r] -= f->cross[(i * l + r) * k + g] * x[g];
    }
}

void hhh4_arrow_shared(const struct hhh4_arrow *f, double *inverse)
{
    memcpy(inverse, f->schur, f->k * f->k * sizeof *inverse);
    if (f->k)
        mat_cholesky_invert(inverse, f->k);
}

void hhh4_arrow_block(const struct hhh4_arrow *f, const double *shared_inverse, size_t unit, double *block)
{
    size_t k = f->k, l = f->l;
    const double *x = f->cross + unit * l * k;
    memset(block, 0, l * l * sizeof *block);
    for (size_t r = 0; r < l; r++)
        block[r * l + r] = 1;
    solve_block(f->own + unit * l * l, l, block, l);
    for (size_t r = 0; r < l; r++)
        for (size_t g = 0; g < k; g++) {
            double v = 0;
            for (size_t h = 0; h < k; h++)
                v += shared_inverse[g * k + h] * x[r * k + h];
            for (size_t s = 0; s <= r; s++)
                block[r * l + s] += v * x[s * k + g];
        }
    for (size_t r = 0; r < l; r++)
        for (size_t s = 0; s < r; s++)
            block[s * l + r] = block[r * l + s];
}
