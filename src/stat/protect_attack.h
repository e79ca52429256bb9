/* protect_attack.h - one attacker's linear programme, asked again and again; for protect_*.c only. */
#ifndef STAT_PROTECT_ATTACK_H
#define STAT_PROTECT_ATTACK_H

#include "stat/lp.h"
#include "stat/protect_suppress.h"

/* Moves of all cells from their values: 0 for shown cells, within what is known for hidden ones. */
struct protect_attack {
    const struct protect_system *s;
    struct lp *lp;
    double *dual; /* by cell, after protect_attack_reach() */
};

void protect_attack_open(struct arena *a, const struct protect_system *s, struct protect_attack *out);
void protect_attack_close(struct protect_attack *k);

/* How far the cell can move up and down by what anybody knows. */
double protect_room_up(const struct protect_system *s, size_t cell);
double protect_room_down(const struct protect_system *s, size_t cell);

/* hidden[cell] from 0 (shown) to 1; each move is also at most cap (INFINITY: no cap) times that. */
void protect_attack_pattern(struct protect_attack *k, const double *hidden, double cap);

/* How far the cell can move up (sign 1) or down (-1); NAN: the solver failed. Leaves duals: the reach under any
 * pattern y is at most the sum of weight_i y_i, with protect_attack_weight(). INFINITY leaves none. */
double protect_attack_reach(struct protect_attack *k, size_t cell, int sign);
double protect_attack_weight(const struct protect_attack *k, size_t cell);

#endif
