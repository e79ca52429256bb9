/* hhh4_fit.c - Newton's method on the (penalised) likelihood, and what is said about the result. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/hhh4_inner.h"
#include "stat/num.h"

enum { MOST_STEPS = 200 };

/* A log factor with a larger standard error has run off to nothing or without end: where Newton's steps stay at 1
 * they end with an information of 1e-11. */
static const double UNBOUNDED = 1e5;

double hhh4_penalty(const struct hhh4_work *w, const double *theta, const double *penalty)
{
    struct num_sum s = {0, 0};
    for (size_t i = 0; penalty && i < w->m->n_units; i++) {
        const double *u = theta + w->k + i * w->l;
        for (size_t r = 0; r < w->q; r++)
            for (size_t c = 0; c < w->q; c++)
                num_add(&s, -0.5 * u[r] * penalty[r * w->q + c] * u[c]);
    }
    return num_total(s);
}

/* The gradient of the penalised likelihood. */
static void penalised_gradient(const struct hhh4_work *w, const double *theta, const double *penalty,
                               double *g)
{
    memcpy(g, w->grad, (w->k + w->m->n_units * w->l) * sizeof *g);
    for (size_t i = 0; penalty && i < w->m->n_units; i++) {
        size_t at = w->k + i * w->l;
        for (size_t r = 0; r < w->q; r++)
            for (size_t c = 0; c < w->q; c++)
                g[at + r] -= penalty[r * w->q + c] * theta[at + c];
    }
}

/* The Newton step; the ridge grows until the matrix is positive definite. False: it never is. */
static bool newton_step(const struct hhh4_work *w, struct hhh4_arrow *f, const double *penalty,
                        const double *g, double *step, double *ridge)
{
    size_t n = w->k + w->m->n_units * w->l;
    *ridge = 0;
    for (int attempt = 0; attempt < 40; attempt++) {
        if (hhh4_arrow_factor(w, penalty, *ridge, f)) {
            memcpy(step, g, n * sizeof *step);
            hhh4_arrow_solve(f, step);
            return true;
        }
        *ridge = *ridge > 0 ? *ridge * 4 : 1e-4;
    }
    return false;
}

/* Along the step, halved until the likelihood rises enough; the pass stands at theta afterwards. */
static bool advance(struct hhh4_work *w, const double *penalty, const double *step, double gain, double *ll,
                    double *theta, double *next)
{
    size_t n = w->k + w->m->n_units * w->l;
    double rounding = 1e-13 * fabs(*ll);
    double scale = fmin(1, HHH4_LEAP / hhh4_change(w, step)); /* exponents: no leap */
    for (int half = 0; half < 40; half++, scale /= 2) {
        for (size_t i = 0; i < n; i++)
            next[i] = theta[i] + scale * step[i];
        if (!hhh4_pass(w, next))
            continue;
        double now = w->log_likelihood + hhh4_penalty(w, next, penalty);
        if (now >= *ll + 1e-4 * scale * gain - rounding || (gain < 1e-8 && now >= *ll - 1e-9 - rounding)) {
            memcpy(theta, next, n * sizeof *theta);
            *ll = now;
            return true;
        }
    }
    return false;
}

enum stat_reason hhh4_climb(struct arena *a, struct hhh4_work *w, struct hhh4_arrow *f, const double *penalty,
                            double *theta, int *iterations)
{
    size_t n = w->k + w->m->n_units * w->l;
    double *g = arena_array(a, n + 1, sizeof *g), *step = arena_array(a, n + 1, sizeof *step);
    double *next = arena_array(a, n + 1, sizeof *next), ridge = 0;
    bool singular = false;
    if (!hhh4_pass(w, theta))
        return STAT_REASON_NOT_CONVERGED;
    double ll = w->log_likelihood + hhh4_penalty(w, theta, penalty);
    for (int it = 0; it < MOST_STEPS; it++) {
        if (!stat_go_on(w->watch, (size_t)it, MOST_STEPS))
            return STAT_REASON_STOPPED;
        penalised_gradient(w, theta, penalty, g);
        if (!newton_step(w, f, penalty, g, step, &ridge))
            return STAT_REASON_SINGULAR;
        double gain = 0;
        for (size_t i = 0; i < n; i++)
            gain += step[i] * g[i];
        singular = ridge > 0;
        if (gain < 1e-11) /* twice what the log-likelihood could still gain */
            return singular ? STAT_REASON_SINGULAR : STAT_REASON_NONE;
        ++*iterations;
        if (!advance(w, penalty, step, gain, &ll, theta, next))
            return singular ? STAT_REASON_SINGULAR : STAT_REASON_NOT_CONVERGED;
    }
    return singular ? STAT_REASON_SINGULAR : STAT_REASON_NOT_CONVERGED;
}

/* --- where to start --- */

/* Intercepts that bring each part near a usual share of the counts; everything else at nothing. */
static void start_values(const struct hhh4_work *w, double *theta)
{
    const struct hhh4_model *m = w->m;
    double sy = 0, se = 0;
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t t = w->from; t < w->to; t++) {
            sy += w->y[i * m->n_periods + t];
            se += m->part[HHH4_END].offset ? m->part[HHH4_END].offset[i * m->n_periods + t] : 1;
        }
    const double want[HHH4_PARTS] = {-1, -3, log((sy + 0.5) / (se + 1e-300)) - 0.3};
    for (int p = 0; p < HHH4_PARTS; p++)
        for (size_t j = 0; j < m->part[p].n_columns; j++) {
            size_t at = w->target[p][j];
            if (m->part[p].column[j].x)
                continue;
            if (at < w->k)
                theta[at] = want[p];
            for (size_t i = 0; at >= w->k && i < m->n_units; i++)
                if (!w->pinned[i * w->l + at - w->k])
                    theta[i * w->l + at] = want[p];
            break;
        }
    for (size_t k = 0; k < w->nd; k++)
        theta[w->d_at + k] = m->weights->kind == HHH4_POWER_LAW ? 1 : -log((double)k + 2);
    if (w->psi == SIZE_MAX)
        return;
    if (w->psi < w->k)
        theta[w->psi] = 1; /* size e */
    for (size_t i = 0; w->psi >= w->k && i < m->n_units; i++)
        theta[i * w->l + w->psi] = 1;
}

/* --- the result --- */

struct writer {
    const struct hhh4_work *w;
    struct hhh4_fit *f;
    const double *theta, *shared_inverse, *own_variance; /* variances of the units' unknowns */
    size_t *order;                                       /* shared unknown of the n-th shared coefficient */
};

static void put_one(struct writer *x, struct hhh4_name name, size_t unit, size_t target)
{
    const struct hhh4_work *w = x->w;
    bool shared = target < w->k, psi = name.kind == HHH4_OVERDISPERSION;
    size_t own = unit * w->l + target - w->k;
    if (!shared && w->pinned[own])
        return;
    double v = shared ? x->theta[target] : x->theta[w->k + own];
    double variance = shared ? x->shared_inverse[target * w->k + target] : x->own_variance[own];
    bool limit = psi && v > HHH4_POISSON_LIMIT;
    size_t at = x->f->n_coef++;
    name.unit = shared ? -1 : (int64_t)unit;
    x->f->name[at] = name;
    x->f->coef[at] = limit ? 0 : psi ? exp(-v) : v;
    x->f->unbounded += !limit && !(sqrt(variance) * w->reach[target] < UNBOUNDED);
    x->f->se[at] = limit ? NAN : sqrt(variance) * (psi ? x->f->coef[at] : 1);
    if (shared)
        x->order[x->f->n_shared++] = target;
}

static void put_coefficients(struct arena *a, struct writer *x)
{
    const struct hhh4_work *w = x->w;
    size_t n = w->k + w->m->n_units * w->l, units = w->m->n_units;
    x->f->name = arena_array(a, n + 1, sizeof *x->f->name);
    x->f->coef = arena_array(a, n + 1, sizeof(double));
    x->f->se = arena_array(a, n + 1, sizeof(double));
    x->order = arena_array(a, w->k + 1, sizeof *x->order);
    for (int p = 0; p < HHH4_PARTS; p++)
        for (size_t j = 0; j < w->m->part[p].n_columns; j++)
            for (size_t i = 0; i < (w->target[p][j] < w->k ? 1 : units); i++)
                put_one(x, (struct hhh4_name){HHH4_COLUMN, (enum hhh4_part)p, j, 0}, i, w->target[p][j]);
    for (size_t k = 0; k < w->nd; k++)
        put_one(x, (struct hhh4_name){HHH4_WEIGHT, HHH4_NE, k, 0}, 0, w->d_at + k);
    for (size_t i = 0; w->psi != SIZE_MAX && i < (w->psi < w->k ? 1 : units); i++)
        put_one(x, (struct hhh4_name){HHH4_OVERDISPERSION, HHH4_END, 0, 0}, i, w->psi);
    size_t k = x->f->n_shared;
    x->f->covariance = arena_array(a, k * k + 1, sizeof(double));
    for (size_t g = 0; g < k; g++)
        for (size_t h = 0; h < k; h++)
            x->f->covariance[g * k + h] = x->shared_inverse[x->order[g] * w->k + x->order[h]];
}

static void put_random(struct arena *a, const struct writer *x, const struct hhh4_spread *v)
{
    const struct hhh4_work *w = x->w;
    struct hhh4_fit *f = x->f;
    size_t units = w->m->n_units, q = w->q;
    f->n_random = q;
    f->random = arena_array(a, units * q + 1, sizeof(double));
    f->random_se = arena_array(a, units * q + 1, sizeof(double));
    for (int p = 0, r = 0; p < HHH4_PARTS; p++)
        if (w->random[p] != SIZE_MAX)
            f->random_part[r++] = (enum hhh4_part)p;
    for (size_t i = 0; i < units; i++)
        for (size_t r = 0; r < q; r++) {
            f->random[i * q + r] = x->theta[w->k + i * w->l + r];
            f->random_se[i * q + r] = sqrt(x->own_variance[i * w->l + r]);
        }
    if (!q)
        return;
    memcpy(f->sigma, v->sigma, sizeof f->sigma);
    memcpy(f->sd_se, v->se, sizeof f->sd_se);
    f->log_marginal = v->log_marginal;
    f->at_bound = v->at_bound;
    f->rounds = v->rounds;
}

static void put_result(struct arena *a, struct hhh4_work *w, struct hhh4_arrow *arrow,
                       const struct hhh4_spread *v, double *theta, struct hhh4_fit *f)
{
    size_t units = w->m->n_units, l = w->l;
    double *inverse = arena_array(a, w->k * w->k + 1, sizeof *inverse);
    double *variance = arena_array(a, units * l + 1, sizeof *variance);
    double *block = arena_array(a, l * l + 1, sizeof *block);
    hhh4_arrow_shared(arrow, inverse);
    for (size_t i = 0; l && i < units; i++) {
        hhh4_arrow_block(arrow, inverse, i, block);
        for (size_t r = 0; r < l; r++)
            variance[i * l + r] = block[r * l + r];
    }
    struct writer x = {w, f, theta, inverse, variance, NULL};
    put_coefficients(a, &x);
    put_random(a, &x, v);
    f->log_likelihood = w->log_likelihood + hhh4_penalty(w, theta, w->q ? v->inverse : NULL);
    f->n_obs = units * w->rows;
    if (!w->q) {
        f->aic = -2 * f->log_likelihood + 2 * (double)f->n_coef;
        f->bic = -2 * f->log_likelihood + log((double)f->n_obs) * (double)f->n_coef;
    }
    f->inner = theta;
    f->n_inner = w->k + units * l;
    bool flag = f->at_bound || f->unbounded;
    f->status = flag ? STAT_FLAG : STAT_OK;
    f->reason = flag ? STAT_REASON_AT_BOUND : STAT_REASON_NONE;
}

struct hhh4_fit hhh4_fit(struct arena *a, const struct hhh4_model *m, size_t from, size_t to,
                         const struct hhh4_fit *start, const struct stat_run *run)
{
    struct hhh4_fit f = {
        .status = STAT_REFUSED, .log_likelihood = NAN, .aic = NAN, .bic = NAN, .log_marginal = NAN};
    struct hhh4_work w;
    f.reason = hhh4_work_new(a, m, from, to, to, run, &w);
    if (f.reason)
        return f;
    size_t n = w.k + m->n_units * w.l;
    double *theta = arena_array(a, n + 1, sizeof *theta);
    struct hhh4_arrow arrow;
    struct hhh4_spread v = {.n = w.q ? (m->correlated ? w.q * (w.q + 1) / 2 : w.q) : 0};
    for (size_t r = 0; r < w.q; r++)
        v.s[r] = -0.5;
    bool warm = start && start->inner && start->n_inner == n && start->n_random == w.q;
    if (warm)
        memcpy(theta, start->inner, n * sizeof *theta);
    else
        start_values(&w, theta);
    if (warm && w.q)
        memcpy(v.s, start->spread, sizeof v.s);
    hhh4_arrow_new(a, &w, &arrow);
    f.reason = w.q ? hhh4_climb_both(a, &w, &arrow, &v, theta, &f.iterations)
                   : hhh4_climb(a, &w, &arrow, NULL, theta, &f.iterations);
    if (!f.reason)
        put_result(a, &w, &arrow, &v, theta, &f);
    if (f.status != STAT_REFUSED)
        memcpy(f.spread, v.s, sizeof f.spread);
    return f;
}
