/* lp.h - linear and whole-number programmes; the only door to the solver (GLPK).
 *
 * A programme is min or max of sum cost x with rows low <= sum coef x <= high and columns low <= x <= high
 * (ends may be -INFINITY, INFINITY; low = high: fixed). The same programme gives the same solution on
 * every machine: limits count nodes of the search, never seconds. Tolerance of bounds and duals 1e-7. */
#ifndef STAT_LP_H
#define STAT_LP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"

struct lp;

enum lp_status {
    LP_OPTIMAL,
    LP_FEASIBLE,   /* integer only: a solution, not proven best; the bound says how far off it may be */
    LP_INFEASIBLE,
    LP_UNBOUNDED,
    LP_STOPPED,    /* by limits or the caller, without a solution */
    LP_FAILED,     /* the solver gave up */
};

/* A programme without rows and columns; give back with lp_free(). Used by one thread. */
struct lp *lp_new(void);
void lp_free(struct lp *p);

/* The number of the new column, the new row: 0, 1, ... */
size_t lp_add_column(struct lp *p, double low, double high, double cost);
size_t lp_add_row(struct lp *p, double low, double high, const uint32_t *column, const double *coef, size_t n);

/* Only 0 or 1 (low, high become 0, 1). */
void lp_binary(struct lp *p, size_t column);
/* Only whole numbers between its bounds. */
void lp_whole(struct lp *p, size_t column);
void lp_set_column(struct lp *p, size_t column, double low, double high);
void lp_set_cost(struct lp *p, size_t column, double cost);

/* By the simplex method; integer columns count as continuous. Starts from the basis of the last call. */
enum lp_status lp_solve(struct lp *p, bool maximise);
double lp_objective(const struct lp *p);
double lp_value(const struct lp *p, size_t column);
double lp_row_dual(const struct lp *p, size_t row);

struct lp_limits {
    size_t max_nodes;           /* of the search; 0: 100,000 */
    double gap;                 /* stop at a solution this close to the bound (relative); 0: exact */
    const struct stat_run *run; /* may be NULL */
};

struct lp_integer {
    enum lp_status status;
    double objective, bound; /* NAN without a solution; bound: no solution can be better */
    size_t nodes;
};

/* By branch and bound over the columns made lp_binary() or lp_whole(); then lp_integer_value(). */
struct lp_integer lp_solve_integer(struct lp *p, bool maximise, const struct lp_limits *limits);
double lp_integer_value(const struct lp *p, size_t column);

#endif
