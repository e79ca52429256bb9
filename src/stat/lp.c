/* lp.c - linear and 0-1 programmes by GLPK; the only file that knows it. */
#include "stat/lp.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

struct lp {
    glp_prob *problem;
    int *index; /* scratch of a row, counted from 1 */
    double *value;
    size_t room;
};

/* The library keeps an environment for each thread; a thread that ends would leave it behind, and giving it
 * back takes every programme of the thread with it. */
static _Thread_local size_t alive;

struct lp *lp_new(void)
{
    struct lp *p = calloc(1, sizeof *p);
    if (!p)
        die("out of memory for a linear programme");
    glp_term_out(GLP_OFF);
    p->problem = glp_create_prob();
    alive++;
    return p;
}

void lp_free(struct lp *p)
{
    if (!p)
        return;
    glp_delete_prob(p->problem);
    if (--alive == 0)
        glp_free_env();
    free(p->index);
    free(p->value);
    free(p);
}

static int kind_of(double low, double high)
{
    if (isfinite(low) && isfinite(high))
        return low == high ? GLP_FX : GLP_DB;
    return isfinite(low) ? GLP_LO : isfinite(high) ? GLP_UP : GLP_FR;
}

void lp_set_column(struct lp *p, size_t column, double low, double high)
{
    glp_set_col_bnds(p->problem, (int)column + 1, kind_of(low, high), low, high);
}

void lp_set_cost(struct lp *p, size_t column, double cost)
{
    glp_set_obj_coef(p->problem, (int)column + 1, cost);
}

size_t lp_add_column(struct lp *p, double low, double high, double cost)
{
    size_t column = (size_t)glp_add_cols(p->problem, 1) - 1;
    lp_set_column(p, column, low, high);
    lp_set_cost(p, column, cost);
    return column;
}

void lp_binary(struct lp *p, size_t column)
{
    glp_set_col_kind(p->problem, (int)column + 1, GLP_BV);
}

void lp_whole(struct lp *p, size_t column)
{
    glp_set_col_kind(p->problem, (int)column + 1, GLP_IV);
}

static void make_room(struct lp *p, size_t n)
{
    if (n <= p->room)
        return;
    p->room = n + p->room;
    p->index = realloc(p->index, (p->room + 1) * sizeof *p->index);
    p->value = realloc(p->value, (p->room + 1) * sizeof *p->value);
    if (!p->index || !p->value)
        die("out of memory for a linear programme");
}

size_t lp_add_row(struct lp *p, double low, double high, const uint32_t *column, const double *coef, size_t n)
{
    int row = glp_add_rows(p->problem, 1), terms = 0;
    make_room(p, n);
    for (size_t i = 0; i < n; i++)
        if (coef[i] != 0) {
            p->index[++terms] = (int)column[i] + 1;
            p->value[terms] = coef[i];
        }
    if (terms)
        glp_set_mat_row(p->problem, row, terms, p->index, p->value);
    glp_set_row_bnds(p->problem, row, kind_of(low, high), low, high);
    return (size_t)row - 1;
}

static enum lp_status simplex(struct lp *p, int method)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.tol_bnd = parm.tol_dj = 1e-7;
    parm.meth = method;
    if (glp_simplex(p->problem, &parm) != 0)
        return LP_FAILED;
    switch (glp_get_status(p->problem)) {
    case GLP_OPT: return LP_OPTIMAL;
    case GLP_NOFEAS: return LP_INFEASIBLE;
    case GLP_UNBND: return LP_UNBOUNDED;
    default: return LP_FAILED;
    }
}

enum lp_status lp_solve(struct lp *p, bool maximise)
{
    glp_set_obj_dir(p->problem, maximise ? GLP_MAX : GLP_MIN);
    enum lp_status s = simplex(p, GLP_PRIMAL);
    if (s == LP_FAILED) { /* once more, from the beginning */
        glp_std_basis(p->problem);
        s = simplex(p, GLP_DUALP);
    }
    return s;
}

double lp_objective(const struct lp *p)
{
    return glp_get_obj_val(p->problem);
}

double lp_value(const struct lp *p, size_t column)
{
    return glp_get_col_prim(p->problem, (int)column + 1);
}

double lp_row_dual(const struct lp *p, size_t row)
{
    return glp_get_row_dual(p->problem, (int)row + 1);
}

/* --- branch and bound -------------------------------------------------------------------------------- */

struct watch {
    const struct lp_limits *limits;
    size_t max_nodes, nodes;
    double bound;
    bool stopped;
};

static void look(glp_tree *tree, void *arg)
{
    struct watch *w = arg;
    if (glp_ios_reason(tree) != GLP_ISELECT)
        return;
    int active, now, all, best = glp_ios_best_node(tree);
    glp_ios_tree_size(tree, &active, &now, &all);
    w->nodes = (size_t)all;
    if (best)
        w->bound = glp_ios_node_bound(tree, best);
    bool too_many = w->nodes >= w->max_nodes;
    if (!too_many && stat_go_on(w->limits->run, w->nodes, w->max_nodes))
        return;
    w->stopped = true;
    glp_ios_terminate(tree);
}

struct lp_integer lp_solve_integer(struct lp *p, bool maximise, const struct lp_limits *limits)
{
    struct lp_limits none = {0};
    struct watch w = {.limits = limits ? limits : &none, .bound = maximise ? INFINITY : -INFINITY};
    struct lp_integer out = {.objective = NAN, .bound = NAN};
    w.max_nodes = w.limits->max_nodes ? w.limits->max_nodes : 100000;
    if (glp_get_num_cols(p->problem) == 0) /* with nothing to choose the solver would end the process */
        lp_add_column(p, 0, 0, 0);
    out.status = lp_solve(p, maximise);
    if (out.status != LP_OPTIMAL)
        return out;
    w.bound = lp_objective(p);
    glp_iocp parm;
    glp_init_iocp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.mip_gap = w.limits->gap;
    parm.br_tech = GLP_BR_DTH;
    parm.bt_tech = GLP_BT_BLB;
    parm.gmi_cuts = parm.mir_cuts = parm.cov_cuts = GLP_ON;
    parm.cb_func = look;
    parm.cb_info = &w;
    int rc = glp_intopt(p->problem, &parm), status = glp_mip_status(p->problem);
    out.nodes = w.nodes;
    out.bound = w.bound;
    if (rc != 0 && rc != GLP_ESTOP && rc != GLP_EMIPGAP)
        out.status = LP_FAILED;
    else if (status == GLP_NOFEAS)
        out.status = LP_INFEASIBLE;
    else if (status == GLP_UNDEF)
        out.status = LP_STOPPED;
    else
        out.status = status == GLP_OPT && rc == 0 ? LP_OPTIMAL : LP_FEASIBLE;
    if (out.status == LP_OPTIMAL || out.status == LP_FEASIBLE)
        out.objective = glp_mip_obj_val(p->problem);
    if (out.status == LP_OPTIMAL)
        out.bound = out.objective;
    return out;
}

double lp_integer_value(const struct lp *p, size_t column)
{
    return round(glp_mip_col_val(p->problem, (int)column + 1));
}
