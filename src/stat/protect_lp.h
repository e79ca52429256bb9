/* protect_lp.h - bounds of unknowns under linear equations: what an attacker can say. */
#ifndef STAT_PROTECT_LP_H
#define STAT_PROTECT_LP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Unknowns x >= least[x] that satisfy equations whose terms lie in start[e] .. start[e + 1]. The true
 * values are a solution; the solver works with differences from them. */
struct protect_lp {
    size_t n_vars, n_equations;
    const double *truth;
    const double *least;
    const size_t *start;
    const uint32_t *var;
    const double *coef;
};

/* Smallest and largest possible value of every unknown (INFINITY: no upper bound). Each is solved
 * exactly by the simplex method (tolerance 1e-7). False: the solver failed on some. */
bool protect_lp_bounds(const struct protect_lp *p, double *low, double *high);

/* The same for one unknown. */
bool protect_lp_bound(const struct protect_lp *p, size_t var, double *low, double *high);

#endif
