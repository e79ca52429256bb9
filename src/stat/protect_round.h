/* protect_round.h - controlled rounding: every figure a multiple of the base, and the table still adds up.
 *
 * Zero-restricted: a figure that is a multiple already stays, every other becomes one of its two neighbours (Cox 1987, JASA
 * 82:520; Hundepool et al. 2012, section 5.4.3). In two-way tables this is always possible. Two ways to choose:
 * the nearest table, a linear 0-1 programme; or at random such that every figure keeps its expectation. */
#ifndef STAT_PROTECT_ROUND_H
#define STAT_PROTECT_ROUND_H

#include "stat/protect_suppress.h"
#include "stat/rng.h"

struct protect_rounding {
    enum stat_status status; /* FLAG, NOT_CONVERGED: a rounding, but not proven to be the nearest */
    enum stat_reason reason; /* INVALID; INFEASIBLE: no such rounding (three ways or more: try further > 0); STOPPED */
    double *rounded;         /* by cell */
    double distance;         /* sum of |rounded - value| */
    double bound;            /* no rounding is nearer */
    size_t nodes;
};

/* The nearest rounding of a system of sums (values >= 0). further: multiples that a figure may go beyond its two
 * neighbours; 0: zero-restricted. */
struct protect_rounding protect_round_nearest(struct arena *a, const struct protect_system *s, double base,
                                              unsigned further, size_t max_nodes, const struct stat_run *run);

/* An unbiased rounding of a two-way table with margins, whole numbers (Cox 1987, section 3): as long as a
 * figure is no multiple, it lies on a loop of such figures; going around it up and down leaves all sums as they are, and the
 * direction is drawn so that nothing moves on average. rounded has (rows + 1) x (cols + 1) elements, as values.
 * INVALID: sums do not add up, base < 1. */
enum stat_reason protect_round_unbiased(struct arena *a, size_t rows, size_t cols, const int64_t *values,
                                        int64_t base, struct rng *r, int64_t *rounded);

#endif
