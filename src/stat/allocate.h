/* allocate.h - which places get which kind of visit, and how surely one place stands before another.
 *
 * Places only: never persons, never ethnic groups. The gain of a visit is an expected reduction of need, for
 * instance from empirical Bayes rates (count.h); what comes out is a proposal with its bound, which people decide about.
 *
 * The plan is a 0-1 programme, solved exactly by branch and bound (Martello, Toth 1990, "Knapsack Problems", ch. 1 and 5, for
 * its bounds): the largest gain under a budget, capacities of kinds, a least and a most number of visits in each
 * district, places that are due and places that rest. A share of all visits is drawn by lot among the places that
 * could be visited, before the programme fills the rest: a list chosen by past figures alone would prove itself. */
#ifndef STAT_ALLOCATE_H
#define STAT_ALLOCATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"
#include "stat/stat.h"

struct arena;

#define ALLOCATE_RANDOM_SHARE 0.15 /* usual; a project rule, not a theorem */

struct allocate_spec {
    size_t n_places, n_kinds;
    const double *gain;      /* by place and kind (row by row), >= 0; NAN: no such visit to this place */
    const double *cost;      /* the same layout, >= 0; NULL: 0 */
    double budget;           /* of all costs; INFINITY: no limit */
    const int64_t *capacity; /* visits by kind, at most; negative: no limit; NULL: none */
    int64_t max_visits;      /* of all kinds; negative: no limit */
    size_t n_districts;
    const int32_t *district; /* of every place; negative: none; NULL: none */
    const int64_t *least;    /* visits by district, at least; NULL: 0 */
    const int64_t *most;     /* at most; negative: no limit; NULL: none */
    const uint8_t *due;      /* 1: must be visited now (rotation); NULL: none */
    const uint8_t *rest;     /* 1: visited lately, not now; NULL: none */
    double random_share;     /* of all visits, at least; 0: none by lot */
    uint64_t seed;           /* of the lots (stream "allocate") */
    size_t max_nodes;        /* of the search; 0: 100,000 */
    const struct stat_run *run;
};

struct allocate_plan {
    enum stat_status status; /* FLAG, NOT_CONVERGED: a plan, but the search was cut short: see bound */
    enum stat_reason reason; /* INVALID, INFEASIBLE, STOPPED: refused, everything empty */
    int32_t *kind;           /* of the visit to every place; -1: none */
    uint8_t *drawn;          /* 1: by lot */
    size_t n_visits, n_drawn;
    double gain, cost;
    double bound;            /* no plan with these lots gains more */
    double gap;              /* (bound - gain)/bound */
    double gain_without_lots; /* of the best plan without any: what the lots cost */
    double share;            /* n_drawn/n_visits; below the wish only where no further place could be drawn */
    size_t nodes;
};

struct allocate_plan allocate_visits(struct arena *a, const struct allocate_spec *spec);

/* How a plan hangs on its gains: in each of n_runs runs the gain of every place is changed by a factor drawn from
 * 1 - spread .. 1 + spread, the lots of the plan kept. chosen[n_places]: share of runs in which the place is visited.
 * STOPPED, INFEASIBLE or NONE. Runs are tasks of spec->run. */
enum stat_reason allocate_stability(struct arena *a, const struct allocate_spec *spec, const struct allocate_plan *plan,
                                    size_t n_runs, double spread, double *chosen);

/* --- ranks ------------------------------------------------------------------------------------------------ */

/* Independent posterior distributions of the places' need: gamma by shape and rate, or (shape NULL) normal. An infinite
 * shape (count_eb without spread) and an sd of 0 are certainty. */
struct allocate_posterior {
    size_t n;
    const double *shape, *rate;
    const double *mean, *sd; /* with an infinite shape, mean counts */
};

struct allocate_rank {
    double expected;     /* 1: the largest need. 1 + sum of P(another is larger); ties count half */
    double lower, upper; /* of the rank, at the level */
    size_t position;     /* order of the expected ranks, 1 first; equal ones by their number */
    double top;          /* probability to be among the first `top` */
    size_t band;         /* 1, 2, ...: the intervals of one band hang together, one overlapping the next */
    double estimate;     /* of need, by the rule of the three goals; NAN if not asked for */
};

struct allocate_rank_options {
    double level;    /* 0: 0.9 */
    size_t top;      /* 0: a tenth of the places, at least 1 */
    size_t draws;    /* 0: 4,000 */
    uint64_t seed;   /* stream "ranks" */
    bool estimates;
    const struct stat_run *run;
};

/* Expected ranks (Laird, Louis 1989, J. Educational Statistics 14:29) in closed form: P(X > Y) of two gamma variables is
 * a beta probability, of two normal ones a normal. Intervals and P(top) from draws. estimate: the ensemble whose
 * distribution is that of all places together, in the order of the expected ranks (Shen, Louis 1998, JRSS B 60:455).
 * Time grows with the square of n, memory with n x draws. NOT_DISTINGUISHED (figures are there): no
 * interval lies wholly before another. INVALID, STOPPED. */
enum stat_reason allocate_ranks(struct arena *a, const struct allocate_posterior *p,
                                const struct allocate_rank_options *o, struct allocate_rank *out);

#endif
