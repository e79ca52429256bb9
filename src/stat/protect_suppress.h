/* protect_suppress.h - which cells to hide in any system of sums: linked tables, hierarchies, many ways.
 *
 * The table is a list of cells and of relations between them (a total less its parts is 0). Some cells are
 * hidden by a primary rule; each states how far from its value an attacker's interval must reach. An attacker
 * knows every shown cell, the relations, and bounds that anybody knows (a count is not negative); what he
 * can say of a hidden cell are two linear programmes (Fischetti, Salazar 2001, Mathematical Programming
 * 90:283; Hundepool et al. 2012, "Statistical Disclosure Control", ch. 4).
 *
 * The cheapest pattern is a 0-1 programme whose rows are made as they are broken: the duals of an attack that
 * succeeds say which sets of cells must not all be shown (capacity inequalities, op. cit. section 3). It is solved first with
 * fractions, then by branch and bound; its bound tells how far any pattern is from the best. Larger tables
 * get a pattern by one linear programme for each cell (after Kelly, Golden, Assad 1992, Networks 22:397), from which
 * what is not needed is then shown again. Either way the result is audited cell by cell before it is given. */
#ifndef STAT_PROTECT_SUPPRESS_H
#define STAT_PROTECT_SUPPRESS_H

#include "stat/parallel.h"
#include "stat/protect.h"
#include "stat/stat.h"

/* Relation r: the sum of coef[k] value[cell[k]], k from start[r] to start[r + 1], is 0. */
struct protect_system {
    size_t n_cells;
    const double *value;
    const double *least, *most; /* known to everybody of a hidden cell; NULL: 0, INFINITY */
    size_t n_relations;
    const size_t *start;
    const uint32_t *cell;
    const double *coef;
};

struct protect_suppress_spec {
    const uint8_t *primary;   /* 1: must be hidden */
    const double *up, *down;  /* by cell: the attacker's upper bound >= value + up, lower <= value - down; NULL: 0 */
    const double *width;      /* by cell: upper - lower >= width; NULL: 0 */
    double secondary_width;   /* the same for cells that are hidden to hide others; 0: no demand */
    const double *cost;       /* of hiding, >= 0; NULL: 1 + |value| */
    const uint8_t *fixed;     /* 1: must be shown (even where primary: then it is out of the game); NULL: none */
    const uint8_t *start;     /* a pattern that may be good (enum protect_cell): used if cheaper; NULL */
    size_t exact_cells;       /* cells up to which the 0-1 programme is solved; 0: 1,000 */
    size_t max_nodes;         /* of its search; 0: 20,000 */
    const struct stat_run *run;
};

struct protect_suppression {
    enum stat_status status;
    enum stat_reason reason;
    uint8_t *cell;                 /* enum protect_cell; where refused, all that may be hidden is */
    struct protect_bounds *bounds; /* what the attacker can say of each cell */
    size_t n_primary, n_secondary;
    double cost;                   /* of the secondary cells */
    double bound;                  /* no pattern costs less; NAN: not computed */
    double gap;                    /* (cost - bound)/cost, 0 without cost; NAN: not computed */
    bool optimal;
    size_t cuts, rounds, nodes;    /* of the 0-1 programme */
    double narrowest;              /* width of the tightest interval around a hidden cell */
};

/* INVALID: a relation does not hold, or a value is outside its bounds. NOT_PROTECTED: what must be shown gives a
 * hidden cell away. STOPPED. NOT_CONVERGED: the solver failed. */
struct protect_suppression protect_suppress(struct arena *a, const struct protect_system *s,
                                            const struct protect_suppress_spec *spec);

/* The attacker alone: his bounds of every cell under a pattern (anything but PROTECT_SHOWN is hidden). False: the
 * solver failed or was stopped. */
bool protect_attack_all(const struct protect_system *s, const uint8_t *cell, const struct stat_run *run,
                        struct protect_bounds *bounds);

/* The relations of a two-way table with margins (as in struct protect_table): rows, then columns. */
struct protect_system protect_system_of_table(struct arena *a, size_t rows, size_t cols, const double *value);

/* Overlapping publications: sums over sets of the same units (as in protect_differencing) are all shown. Units
 * that lie in the same sets are one atom. For every atom with a small count (from 1 to
 * threshold - 1): can an attacker squeeze it into fewer than width + 1 values from all sums together?
 * exposed[n_units] gets 1 for the units of such atoms. The number of such atoms; SIZE_MAX: the solver failed. */
size_t protect_overlap(struct arena *a, const int64_t *unit_value, size_t n_units, const size_t *start,
                       const uint32_t *members, size_t n_sets, int64_t threshold, double width,
                       uint8_t *exposed);

#endif
