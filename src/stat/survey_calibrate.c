/* survey_calibrate.c - weights that reproduce known totals of any variables. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/mat.h"
#include "stat/survey_design.h"

struct solver {
    const struct survey_design *d;
    struct survey_calibrate_options o;
    size_t p;
    const double *x, *totals;
    double *lambda, *g, *slope, *miss, *hess;
};

/* g(u) and its derivative. */
static double distance(const struct survey_calibrate_options *o, double u, double *slope)
{
    double l = o->lower, h = o->upper, g;
    switch (o->distance) {
    case SURVEY_RAKING:
        return *slope = exp(u);
    case SURVEY_LOGIT: {
        double e = exp(-(h - l) / ((1 - l) * (h - 1)) * u); /* of the opposite sign: no overflow above */
        g = isfinite(e) ? (l * (h - 1) * e + h * (1 - l)) / ((h - 1) * e + 1 - l) : l;
        *slope = (g - l) * (h - g) / ((1 - l) * (h - 1));
        return g;
    }
    case SURVEY_LINEAR_BOUNDED:
        g = fmin(fmax(1 + u, l), h);
        *slope = g == 1 + u;
        return g;
    default:
        *slope = 1;
        return 1 + u;
    }
}

/* g of every row at lambda, and by how much the totals are missed; the largest relative miss. */
static double evaluate(struct solver *s)
{
    double worst = 0;
    memcpy(s->miss, s->totals, s->p * sizeof *s->miss);
    for (size_t i = 0; i < s->d->n; i++) {
        const double *x = s->x + i * s->p;
        double u = 0;
        for (size_t j = 0; j < s->p; j++)
            u += x[j] * s->lambda[j];
        s->g[i] = distance(&s->o, u, &s->slope[i]);
        for (size_t j = 0; j < s->p; j++)
            s->miss[j] -= s->d->weight[i] * s->g[i] * x[j];
    }
    for (size_t j = 0; j < s->p; j++) {
        double m = fabs(s->miss[j]) / (1 + fabs(s->totals[j]));
        worst = m <= worst ? worst : m; /* a miss that is no number stays */
    }
    return worst;
}

/* X' diag(d by) X; by NULL: 1. */
static void cross_products(const struct solver *s, const double *by, double *out)
{
    memset(out, 0, s->p * s->p * sizeof *out);
    for (size_t i = 0; i < s->d->n; i++) {
        const double *x = s->x + i * s->p;
        double w = s->d->weight[i] * (by ? by[i] : 1);
        for (size_t j = 0; j < s->p; j++)
            for (size_t k = 0; k < s->p; k++)
                out[j * s->p + k] += w * x[j] * x[k];
    }
}

/* Newton's method; a step that leaves the numbers is halved. */
static enum stat_reason solve(struct arena *a, struct solver *s)
{
    double *step = arena_array(a, s->p, sizeof *step), worst = evaluate(s);
    for (int it = 0; it < s->o.max_iterations; it++) {
        if (worst <= s->o.tolerance)
            return STAT_REASON_NONE;
        cross_products(s, s->slope, s->hess);
        if (!mat_cholesky(s->hess, s->p))
            return it == 0 ? STAT_REASON_SINGULAR : STAT_REASON_NOT_CONVERGED;
        memcpy(step, s->miss, s->p * sizeof *step);
        mat_cholesky_solve(s->hess, s->p, step, false);
        for (size_t j = 0; j < s->p; j++)
            s->lambda[j] += step[j];
        worst = evaluate(s);
        for (int half = 0; half < 30 && !isfinite(worst); half++) {
            for (size_t j = 0; j < s->p; j++)
                s->lambda[j] -= step[j] /= 2;
            worst = evaluate(s);
        }
    }
    return worst <= s->o.tolerance ? STAT_REASON_NONE : STAT_REASON_NOT_CONVERGED;
}

enum stat_reason survey_calibrate(struct arena *a, const struct survey_design *base, size_t p,
                                  const double *x, const double *totals,
                                  const struct survey_calibrate_options *options,
                                  struct survey_design **out)
{
    struct solver s = {.d = base, .o = options ? *options : (struct survey_calibrate_options){0},
                       .p = p, .totals = totals};
    bool bounded = s.o.distance == SURVEY_LOGIT || s.o.distance == SURVEY_LINEAR_BOUNDED;
    *out = NULL;
    if (p == 0 || (bounded && !(s.o.lower < 1 && s.o.upper > 1)))
        return STAT_REASON_INVALID;
    for (size_t k = 0; k < base->n * p; k++)
        if (!isfinite(x[k]))
            return STAT_REASON_INVALID;
    s.o.max_iterations = s.o.max_iterations > 0 ? s.o.max_iterations : 100;
    s.o.tolerance = s.o.tolerance > 0 ? s.o.tolerance : 1e-10;
    double *copy = arena_array(a, base->n * p, sizeof *copy),
           *inverse = arena_array(a, p * p, sizeof *inverse);
    double *w = arena_array(a, base->n, sizeof *w);
    memcpy(copy, x, base->n * p * sizeof *copy);
    s.x = copy;
    s.lambda = arena_array(a, p, sizeof *s.lambda);
    s.miss = arena_array(a, p, sizeof *s.miss);
    s.hess = arena_array(a, p * p, sizeof *s.hess);
    s.g = arena_array(a, base->n, sizeof *s.g);
    s.slope = arena_array(a, base->n, sizeof *s.slope);
    enum stat_reason r = solve(a, &s);
    if (r)
        return r;
    cross_products(&s, NULL, s.hess);
    if (!mat_invert(a, s.hess, p, inverse))
        return STAT_REASON_SINGULAR;
    for (size_t i = 0; i < base->n; i++) {
        w[i] = base->weight[i] * s.g[i];
        if (!(w[i] >= 0))
            return STAT_REASON_BAD_WEIGHT;
    }
    struct survey_calibration *c = arena_alloc(a, sizeof *c);
    *c = (struct survey_calibration){.kind = SURVEY_CALIBRATED, .before = base->calibration, .weight = w,
                                     .old_weight = base->weight, .p = p, .x = copy, .inverse = inverse,
                                     .options = s.o};
    struct survey_design *d = arena_alloc(a, sizeof *d);
    *d = *base;
    d->weight = w;
    d->calibration = c;
    *out = d;
    return STAT_REASON_NONE;
}
