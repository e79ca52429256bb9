/* protect_lp.c - the attacker's linear programmes, solved by GLPK; the only file that knows it. */
#include "stat/protect_lp.h"

#include <glpk.h>
#include <math.h>

#include "base/arena.h"

static glp_prob *problem_new(struct arena *a, const struct protect_lp *p)
{
    size_t terms = p->start[p->n_equations];
    int *row = arena_array(a, terms + 1, sizeof *row), *col = arena_array(a, terms + 1, sizeof *col);
    double *val = arena_array(a, terms + 1, sizeof *val);
    int n = 0;
    for (size_t e = 0; e < p->n_equations; e++)
        for (size_t k = p->start[e]; k < p->start[e + 1]; k++) {
            n++;
            row[n] = (int)e + 1;
            col[n] = (int)p->var[k] + 1;
            val[n] = p->coef[k];
        }
    glp_term_out(GLP_OFF);
    glp_prob *lp = glp_create_prob();
    if (p->n_equations)
        glp_add_rows(lp, (int)p->n_equations);
    for (int e = 1; e <= (int)p->n_equations; e++)
        glp_set_row_bnds(lp, e, GLP_FX, 0, 0);
    glp_add_cols(lp, (int)p->n_vars);
    for (int v = 1; v <= (int)p->n_vars; v++)
        glp_set_col_bnds(lp, v, GLP_LO, p->least[v - 1] - p->truth[v - 1], 0);
    glp_load_matrix(lp, n, row, col, val);
    return lp;
}

/* The extreme of one unknown in one direction, as a difference from the truth. */
/* The library keeps an environment for each thread; a thread that ends would leave it behind. */
static void problem_free(glp_prob *lp)
{
    glp_delete_prob(lp);
    glp_free_env();
}

static bool extreme(glp_prob *lp, int var, int direction, double *out)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.tol_bnd = parm.tol_dj = 1e-7;
    glp_set_obj_dir(lp, direction);
    glp_set_obj_coef(lp, var, 1);
    int rc = glp_simplex(lp, &parm);
    int status = rc == 0 ? glp_get_status(lp) : GLP_UNDEF;
    if (status != GLP_OPT && status != GLP_UNBND) { /* once more, from the beginning */
        glp_std_basis(lp);
        parm.meth = GLP_DUALP;
        rc = glp_simplex(lp, &parm);
        status = rc == 0 ? glp_get_status(lp) : GLP_UNDEF;
    }
    glp_set_obj_coef(lp, var, 0);
    if (status == GLP_UNBND) {
        *out = direction == GLP_MAX ? INFINITY : -INFINITY;
        return true;
    }
    *out = glp_get_col_prim(lp, var);
    return status == GLP_OPT;
}

static bool both(glp_prob *lp, const struct protect_lp *p, size_t v, double *low, double *high)
{
    double down, up;
    if (!extreme(lp, (int)v + 1, GLP_MIN, &down) || !extreme(lp, (int)v + 1, GLP_MAX, &up))
        return false;
    *low = fmax(p->truth[v] + down, p->least[v]);
    *high = p->truth[v] + up;
    return true;
}

bool protect_lp_bounds(struct arena *a, const struct protect_lp *p, double *low, double *high)
{
    if (p->n_vars == 0)
        return true;
    glp_prob *lp = problem_new(a, p);
    bool good = true;
    for (size_t v = 0; v < p->n_vars && good; v++)
        good = both(lp, p, v, &low[v], &high[v]);
    problem_free(lp);
    return good;
}

bool protect_lp_bound(struct arena *a, const struct protect_lp *p, size_t var, double *low,
                      double *high)
{
    glp_prob *lp = problem_new(a, p);
    bool good = both(lp, p, var, low, high);
    problem_free(lp);
    return good;
}
