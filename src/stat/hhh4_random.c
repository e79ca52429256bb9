/* hhh4_random.c - the variances of random intercepts by the marginal likelihood (Paul, Held 2011,
 * section 3.2).
 *
 * Given coefficients and intercepts u, with F the unpenalised information there, Laplace's approximation of
 * the likelihood of Sigma is  -n/2 log|Sigma| - 1/2 sum u_i' Sigma^-1 u_i - 1/2 log|F + blockdiag(Sigma^-1)|.
 * The fit is the point where coefficients maximise the penalised likelihood given Sigma and Sigma this one
 * given the coefficients, as in R's hhh4; the way there is shortened by mixing the last rounds (Anderson
 * 1965, J. ACM 12:547). Standard deviations stay between exp(-5) and exp(5), as in R. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/hhh4_inner.h"
#include "stat/mat.h"

enum { MOST_ROUNDS = 200, MOST_SETBACKS = 3, MIX = 3 };
static const double BOUND = 5, REACH = 0.5;

/* Sigma = L L' from the parameters, and its inverse. */
static void cholesky_of(const struct hhh4_work *w, const struct hhh4_spread *v, double l[9])
{
    size_t q = w->q, at = q;
    memset(l, 0, 9 * sizeof *l);
    for (size_t r = 0; r < q; r++)
        l[r * q + r] = exp(v->s[r]);
    for (size_t r = 1; v->n > q && r < q; r++)
        for (size_t c = 0; c < r; c++)
            l[r * q + c] = v->s[at++];
}

void hhh4_spread_set(const struct hhh4_work *w, struct hhh4_spread *v)
{
    size_t q = w->q;
    double l[9];
    cholesky_of(w, v, l);
    memset(v->sigma, 0, sizeof v->sigma);
    for (size_t r = 0; r < q; r++)
        for (size_t c = 0; c < q; c++)
            for (size_t k = 0; k <= (r < c ? r : c); k++)
                v->sigma[r * q + c] += l[r * q + k] * l[c * q + k];
    mat_invert(NULL, v->sigma, q, v->inverse);
}

/* The marginal log-likelihood at v, and its gradient by the parameters (NULL allowed). shared: room for k x
 * k. */
static bool marginal(const struct hhh4_work *w, struct hhh4_arrow *f, const double *theta,
                     struct hhh4_spread *v, double *shared, double *block, double *score)
{
    size_t q = w->q, n = w->m->n_units;
    double e[9] = {0}, l[9], g[9] = {0};
    hhh4_spread_set(w, v);
    if (!hhh4_arrow_factor(w, v->inverse, 0, f))
        return false;
    v->log_marginal = hhh4_penalty(w, theta, v->inverse) - 0.5 * f->log_det;
    for (size_t r = 0; r < q; r++)
        v->log_marginal -= (double)n * v->s[r];
    if (!score)
        return true;
    hhh4_arrow_shared(f, shared);
    for (size_t i = 0; i < n; i++) { /* what Sigma would have to be n times: sum of u u' and its variance */
        const double *u = theta + w->k + i * w->l;
        hhh4_arrow_block(f, shared, i, block);
        for (size_t r = 0; r < q; r++)
            for (size_t c = 0; c < q; c++)
                e[r * q + c] += u[r] * u[c] + block[r * w->l + c];
    }
    for (size_t r = 0; r < q; r++)
        for (size_t c = 0; c < q; c++)
            e[r * q + c] -= (double)n * v->sigma[r * q + c];
    /* derivative by L: inverse (e) inverse L */
    cholesky_of(w, v, l);
    double m1[9] = {0}, m2[9] = {0};
    for (size_t r = 0; r < q; r++)
        for (size_t c = 0; c < q; c++)
            for (size_t k = 0; k < q; k++)
                m1[r * q + c] += v->inverse[r * q + k] * e[k * q + c];
    for (size_t r = 0; r < q; r++)
        for (size_t c = 0; c < q; c++)
            for (size_t k = 0; k < q; k++)
                m2[r * q + c] += m1[r * q + k] * v->inverse[k * q + c];
    for (size_t r = 0; r < q; r++)
        for (size_t c = 0; c < q; c++)
            for (size_t k = 0; k < q; k++)
                g[r * q + c] += m2[r * q + k] * l[k * q + c];
    size_t at = q;
    for (size_t r = 0; r < q; r++)
        score[r] = g[r * q + r] * l[r * q + r];
    for (size_t r = 1; v->n > q && r < q; r++)
        for (size_t c = 0; c < r; c++)
            score[at++] = g[r * q + c];
    return true;
}

struct room {
    double *shared, *block;
};

/* Minus the second derivatives, from differences of the score; a parameter held at its bound gets 1. */
static bool curvature(const struct hhh4_work *w, struct hhh4_arrow *f, const double *theta,
                      const struct hhh4_spread *v, const struct room *x, const bool *held, double h[36])
{
    size_t n = v->n;
    for (size_t j = 0; j < n; j++) {
        struct hhh4_spread up = *v, down = *v;
        double a[6], b[6], step = 1e-4;
        up.s[j] += step;
        down.s[j] -= step;
        if (!marginal(w, f, theta, &up, x->shared, x->block, a) ||
            !marginal(w, f, theta, &down, x->shared, x->block, b))
            return false;
        for (size_t i = 0; i < n; i++)
            h[i * n + j] = -(a[i] - b[i]) / (2 * step);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            h[i * n + j] = h[j * n + i] = held[i] || held[j] ? 0 : (h[i * n + j] + h[j * n + i]) / 2;
    for (size_t i = 0; i < n; i++)
        if (held[i])
            h[i * n + i] = 1;
    return true;
}

static void hold(const struct hhh4_work *w, const struct hhh4_spread *v, const double *score, bool *held)
{
    for (size_t i = 0; i < v->n; i++)
        held[i] = i < w->q && ((v->s[i] <= -BOUND && score[i] <= 0) || (v->s[i] >= BOUND && score[i] >= 0));
}

static void clamp(const struct hhh4_work *w, double *s)
{
    for (size_t i = 0; i < w->q; i++)
        s[i] = fmin(fmax(s[i], -BOUND), BOUND);
}

/* Newton's step for the parameters, damped where the matrix is not positive definite. */
static void variance_step(const struct hhh4_spread *v, const double *h, const double *score, const bool *held,
                          double *step)
{
    size_t n = v->n;
    double ridge = 0;
    for (int attempt = 0; attempt < 60; attempt++) {
        double l[36];
        memcpy(l, h, n * n * sizeof *l);
        for (size_t i = 0; i < n; i++) {
            l[i * n + i] += ridge * (fabs(h[i * n + i]) + 1e-3);
            step[i] = held[i] ? 0 : score[i];
        }
        if (mat_cholesky(l, n)) {
            mat_cholesky_solve(l, n, step, false);
            return;
        }
        ridge = ridge > 0 ? ridge * 3 : 1e-2;
    }
    memset(step, 0, n * sizeof *step);
}

/* Sigma given the coefficients: Newton's method in the few parameters. Away from the fit the observed
 * information may become singular for a larger Sigma, where the approximation rises without end: a round
 * moves no parameter by more than REACH. */
static bool climb_variances(const struct hhh4_work *w, struct hhh4_arrow *f, const double *theta,
                            struct hhh4_spread *v, const struct room *x)
{
    double score[6], h[36], step[6];
    bool held[6];
    const struct hhh4_spread start = *v;
    for (int it = 0; it < 30; it++) {
        if (!marginal(w, f, theta, v, x->shared, x->block, score))
            return false;
        double here = v->log_marginal, gain = 0, largest = 0, scale;
        hold(w, v, score, held);
        if (!curvature(w, f, theta, v, x, held, h))
            return it > 0;
        variance_step(v, h, score, held, step);
        for (size_t i = 0; i < v->n; i++) {
            gain += held[i] ? 0 : step[i] * score[i];
            largest = fmax(largest, fabs(step[i]));
        }
        if (gain < 1e-12)
            return true;
        scale = fmin(1, 1 / largest);
        struct hhh4_spread next = *v;
        bool better = false;
        for (int half = 0; half < 30 && !better; half++, scale /= 2) {
            for (size_t i = 0; i < v->n; i++)
                next.s[i] = fmin(fmax(v->s[i] + scale * step[i], start.s[i] - REACH), start.s[i] + REACH);
            clamp(w, next.s);
            better =
                marginal(w, f, theta, &next, x->shared, x->block, NULL) && next.log_marginal >= here - 1e-10;
        }
        if (!better)
            return true; /* nothing more to gain in double precision */
        double moved = 0;
        for (size_t i = 0; i < v->n; i++)
            moved = fmax(moved, fabs(next.s[i] - v->s[i]));
        memcpy(v->s, next.s, sizeof v->s);
        if (moved < 1e-9)
            return true;
    }
    return true; /* the next round goes on */
}

/* --- both in turn --- */

struct history {
    size_t n, used;
    double x[MIX + 1][6], r[MIX + 1][6]; /* where it stood and how far the round moved it; newest last */
};

/* The next place to stand from those before: the combination whose move would be smallest. */
static void mix(struct history *h, double *next)
{
    size_t n = h->n, m = h->used - 1;
    const double *x = h->x[m], *r = h->r[m];
    m = m > n ? n : m;
    for (size_t i = 0; i < n; i++)
        next[i] = x[i] + r[i];
    if (m == 0)
        return;
    double a[MIX * MIX], b[MIX], dr[MIX][6], dx[MIX][6];
    for (size_t j = 0; j < m; j++)
        for (size_t i = 0; i < n; i++) {
            dr[j][i] = r[i] - h->r[h->used - 2 - j][i];
            dx[j][i] = x[i] - h->x[h->used - 2 - j][i];
        }
    for (size_t j = 0; j < m; j++) {
        b[j] = 0;
        for (size_t i = 0; i < n; i++)
            b[j] += dr[j][i] * r[i];
        for (size_t k = 0; k < m; k++) {
            a[j * m + k] = 0;
            for (size_t i = 0; i < n; i++)
                a[j * m + k] += dr[j][i] * dr[k][i];
        }
    }
    for (size_t j = 0; j < m; j++)
        a[j * m + j] = a[j * m + j] * (1 + 1e-10) + 1e-30;
    if (!mat_cholesky(a, m))
        return;
    mat_cholesky_solve(a, m, b, false);
    for (size_t i = 0; i < n; i++) {
        double change = r[i];
        for (size_t j = 0; j < m; j++)
            change -= b[j] * (dx[j][i] + dr[j][i]);
        next[i] = x[i] + fmin(fmax(change, -1), 1);
    }
}

static void remember(struct history *h, const double *x, const double *r)
{
    if (h->used == MIX + 1) {
        memmove(h->x[0], h->x[1], sizeof h->x - sizeof h->x[0]);
        memmove(h->r[0], h->r[1], sizeof h->r - sizeof h->r[0]);
        h->used--;
    }
    memcpy(h->x[h->used], x, h->n * sizeof *x);
    memcpy(h->r[h->used++], r, h->n * sizeof *r);
}

/* What is said about the variances in the end: errors of the logarithms of standard deviations (given the
 * coefficients, as R's), bounds. */
static bool finish(const struct hhh4_work *w, struct hhh4_arrow *f, const double *theta,
                   struct hhh4_spread *v, const struct room *x)
{
    double score[6], h[36];
    bool held[6];
    if (!marginal(w, f, theta, v, x->shared, x->block, score))
        return false;
    hold(w, v, score, held);
    for (size_t r = 0; r < w->q; r++) {
        v->at_bound = v->at_bound || held[r] || v->s[r] <= -BOUND + 1e-6;
        v->se[r] = NAN;
    }
    if (v->n == w->q && curvature(w, f, theta, v, x, held, h) && mat_invert(NULL, h, v->n, h))
        for (size_t r = 0; r < w->q; r++)
            v->se[r] = held[r] ? NAN : sqrt(h[r * v->n + r]);
    return marginal(w, f, theta, v, x->shared, x->block, NULL); /* leaves the factor at the fit */
}

enum stat_reason hhh4_climb_both(struct arena *a, struct hhh4_work *w, struct hhh4_arrow *f,
                                 struct hhh4_spread *v, double *theta, int *iterations)
{
    struct room x = {arena_array(a, w->k * w->k + 1, sizeof(double)),
                     arena_array(a, w->l * w->l + 1, sizeof(double))};
    struct history h = {.n = v->n};
    double worst_before = INFINITY;
    int setbacks = 0;
    clamp(w, v->s);
    for (v->rounds = 1; v->rounds <= MOST_ROUNDS; v->rounds++) {
        if (!stat_go_on(w->watch, (size_t)v->rounds, MOST_ROUNDS))
            return STAT_REASON_STOPPED;
        hhh4_spread_set(w, v);
        enum stat_reason r = hhh4_climb(a, w, f, v->inverse, theta, iterations);
        if (r)
            return r;
        struct hhh4_spread to = *v;
        if (!marginal(w, f, theta, v, x.shared, x.block, NULL) || !climb_variances(w, f, theta, &to, &x) ||
            !marginal(w, f, theta, &to, x.shared, x.block, NULL))
            return STAT_REASON_NOT_CONVERGED;
        double move[6], worst = 0;
        for (size_t i = 0; i < v->n; i++) {
            move[i] = to.s[i] - v->s[i];
            worst = fmax(worst, fabs(move[i]));
        }
        /* Or nothing is gained by moving: the data say nothing of a variance. */
        if (worst < 1e-6 || to.log_marginal - v->log_marginal < 1e-11)
            return finish(w, f, theta, v, &x) ? STAT_REASON_NONE : STAT_REASON_SINGULAR;
        setbacks += worst > 2 * worst_before;
        /* Mixing runs in circles where a variance hardly matters: plain rounds do not. */
        if (worst > 2 * worst_before || setbacks >= MOST_SETBACKS)
            h.used = 0;
        worst_before = worst;
        remember(&h, v->s, move);
        mix(&h, v->s);
        clamp(w, v->s);
    }
    return STAT_REASON_NOT_CONVERGED;
}
