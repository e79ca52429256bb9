/* num.h - sums that do not lose digits.
 *
 * Compensated summation after Neumaier (1974, ZAMM 54:39): the error of a sum of n terms does not
 * grow with n. Needs -ffp-contract=off and no -ffast-math, as the whole program is built. */
#ifndef STAT_NUM_H
#define STAT_NUM_H

#include <math.h>
#include <stddef.h>

struct num_sum {
    double sum, comp;
};

static inline void num_add(struct num_sum *s, double x)
{
    double t = s->sum + x;
    /* Without a branch on the data the loop stays fast: Knuth's two-sum. */
    double b = t - s->sum;
    s->comp += (s->sum - (t - b)) + (x - b);
    s->sum = t;
}

static inline double num_total(struct num_sum s)
{
    return s.sum + s.comp;
}

static inline double num_sum_array(const double *x, size_t n)
{
    struct num_sum s = {0, 0};
    for (size_t i = 0; i < n; i++)
        num_add(&s, x[i]);
    return num_total(s);
}

/* x log x, 0 at 0. */
static inline double num_xlogx(double x)
{
    return x > 0 ? x * log(x) : 0;
}

#endif
