/* protect_primary.h - which cells of a table give a contributor away: the primary rules.
 *
 * A cell is a sum of contributions (people: each 1; enterprises: their turnover). It is sensitive if
 *   threshold   fewer than so many contributors;
 *   p %, p/q    the total less the two largest is below p/q of the largest: the second could estimate the first
 *               within p %, when everybody knew each other's contribution within q % before (q 100: p % rule);
 *   (n, k)      the n largest make more than k % of the total.
 * up is how far the attacker's upper bound must lie above the total so that he learns no more than the rule allows:
 * p/q x1 - (X - x1 - x2), or 100/k (x1 + .. + xn) - X (Hundepool et al. 2012, "Statistical Disclosure
 * Control", sections 4.2.2 and 4.3.1; Cox 1981, JSPI 5:153); for the threshold, range_percent of the total. */
#ifndef STAT_PROTECT_PRIMARY_H
#define STAT_PROTECT_PRIMARY_H

#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

struct protect_primary_rules {
    int64_t threshold;    /* 0: no rule */
    double p_percent;     /* 0: no rule */
    double q_percent;     /* 0: 100 */
    size_t dominance_n;   /* 0: no rule */
    double dominance_k;   /* percent */
    double range_percent; /* for the threshold rule; 0: 20 */
};

enum { PROTECT_RULE_THRESHOLD = 1, PROTECT_RULE_P = 2, PROTECT_RULE_DOMINANCE = 4 };

struct protect_primary {
    int64_t contributors; /* with a positive contribution */
    double total, largest, second;
    unsigned broken;      /* PROTECT_RULE_...; 0: may be shown */
    double up;            /* protection needed above the total; 0 where nothing is broken */
};

/* Contributions value[n] to cell[n] (negative: none) by contributor[n] (NULL: everybody contributes once);
 * several of one contributor to one cell count as one. out[n_cells]. INVALID: a contribution is negative or
 * not a number (*bad, NULL allowed, tells which), a rule makes no sense. */
enum stat_reason protect_primary(struct arena *a, size_t n, const int32_t *cell, const int64_t *contributor,
                                 const double *value, size_t n_cells, const struct protect_primary_rules *rules,
                                 struct protect_primary *out, size_t *bad);

#endif
