/* protect_lp.c - the attacker's linear programmes. */
#include "stat/protect_lp.h"

#include <math.h>

#include "stat/lp.h"

static struct lp *problem_new(const struct protect_lp *p)
{
    struct lp *lp = lp_new();
    for (size_t v = 0; v < p->n_vars; v++)
        lp_add_column(lp, p->least[v] - p->truth[v], INFINITY, 0);
    for (size_t e = 0; e < p->n_equations; e++)
        lp_add_row(lp, 0, 0, p->var + p->start[e], p->coef + p->start[e], p->start[e + 1] - p->start[e]);
    return lp;
}

/* The extremes of one unknown, as differences from the truth. */
static bool both(struct lp *lp, const struct protect_lp *p, size_t v, double *low, double *high)
{
    lp_set_cost(lp, v, 1);
    enum lp_status down = lp_solve(lp, false);
    *low = down == LP_UNBOUNDED ? p->least[v] : fmax(p->truth[v] + lp_value(lp, v), p->least[v]);
    enum lp_status up = lp_solve(lp, true);
    *high = up == LP_UNBOUNDED ? INFINITY : p->truth[v] + lp_value(lp, v);
    lp_set_cost(lp, v, 0);
    return (down == LP_OPTIMAL || down == LP_UNBOUNDED) && (up == LP_OPTIMAL || up == LP_UNBOUNDED);
}

bool protect_lp_bounds(const struct protect_lp *p, double *low, double *high)
{
    if (p->n_vars == 0)
        return true;
    struct lp *lp = problem_new(p);
    bool good = true;
    for (size_t v = 0; v < p->n_vars && good; v++)
        good = both(lp, p, v, &low[v], &high[v]);
    lp_free(lp);
    return good;
}

bool protect_lp_bound(const struct protect_lp *p, size_t var, double *low, double *high)
{
    struct lp *lp = problem_new(p);
    bool good = both(lp, p, var, low, high);
    lp_free(lp);
    return good;
}
