/* hhh4.c - likelihood, derivatives and Newton's method of the endemic-epidemic model. */
#include "stat/hhh4.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/count_inner.h"
#include "stat/dist.h"
#include "stat/mat.h"
#include "stat/num.h"

/* psi below this is the Poisson distribution (its -log psi above POISSON_LIMIT). */
static const double POISSON_LIMIT = 18.4; /* psi = 1e-8 */

enum { PARTS = 3 };

struct work {
    const struct hhh4_model *m;
    size_t from, to, k, n_psi;
    const struct hhh4_component *part[PARTS];
    size_t at[PARTS];          /* first coefficient of a part */
    double *source[PARTS];     /* what a part multiplies: y_t-1, neighbours' sum, offset */
    double *grad, *hess, *row; /* of the log-likelihood; row: derivatives of one mean */
    double log_factorials;     /* sum of log y!, which no coefficient touches */
};

/* sum_j w_ji y_j,t-1 for all i and t, by going through the sources. */
static double *neighbour_sums(struct arena *a, const struct hhh4_model *m)
{
    double *s = arena_array(a, m->n_units * m->n_periods + 1, sizeof *s);
    for (size_t j = 0; j < m->n_units; j++)
        for (size_t e = m->weights->start[j]; e < m->weights->start[j + 1]; e++)
            for (size_t t = 1; t < m->n_periods; t++)
                s[m->weights->to[e] * m->n_periods + t] +=
                    m->weights->weight[e] * (double)m->y[j * m->n_periods + t - 1];
    return s;
}

static struct work work_new(struct arena *a, const struct hhh4_model *m, size_t from, size_t to)
{
    struct work w = {.m = m, .from = from, .to = to, .part = {&m->ar, &m->ne, &m->end}};
    size_t cells = m->n_units * m->n_periods + 1;
    for (int p = 0; p < PARTS; p++) {
        w.at[p] = w.k;
        w.k += w.part[p]->n_columns;
    }
    w.n_psi = m->family == HHH4_POISSON ? 0 : m->family == HHH4_NEGBIN1 ? 1 : m->n_units;
    w.k += w.n_psi;
    w.source[0] = arena_array(a, cells, sizeof(double));
    w.source[2] = arena_array(a, cells, sizeof(double));
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t t = 0; t < m->n_periods; t++) {
            size_t c = i * m->n_periods + t;
            w.source[0][c] = t > 0 ? (double)m->y[c - 1] : 0;
            w.source[2][c] = m->offset ? m->offset[c] : 1;
        }
    w.source[1] = m->ne.n_columns ? neighbour_sums(a, m) : NULL;
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t t = from; t < to; t++)
            w.log_factorials += dist_lgamma((double)m->y[i * m->n_periods + t] + 1);
    w.grad = arena_array(a, w.k + 1, sizeof(double));
    w.hess = arena_array(a, w.k * w.k + 1, sizeof(double));
    w.row = arena_array(a, w.k + 1, sizeof(double));
    return w;
}

/* What each part adds to the mean of cell c. */
static double mean_parts(const struct work *w, const double *b, size_t c, double part[PARTS])
{
    double mean = 0;
    for (int p = 0; p < PARTS; p++) {
        size_t n = w->part[p]->n_columns;
        double eta = 0;
        part[p] = 0;
        if (n == 0)
            continue;
        for (size_t j = 0; j < n; j++)
            eta += w->part[p]->x[c * n + j] * b[w->at[p] + j];
        part[p] = exp(eta) * w->source[p][c];
        mean += part[p];
    }
    return mean;
}

/* Log-likelihood of one count and its derivatives: by the mean (d1, d2), by s = log size (ds, dss),
 * by both (d1s). size INFINITY: Poisson. */
struct derivs {
    double ll, d1, d2, ds, dss, d1s;
};

static struct derivs derive(double y, double mu, double size)
{
    struct derivs d = {0, 0, 0, 0, 0, 0};
    d.ll = count_log_negbin(y, mu, size);
    if (!isfinite(size)) {
        d.d1 = y / mu - 1;
        d.d2 = -y / (mu * mu);
        return d;
    }
    double q = mu + size, l, ll;
    d.d1 = y / mu - (y + size) / q;
    d.d2 = -y / (mu * mu) + (y + size) / (q * q);
    double psi = 0, tri = 0;
    if (y < 40) { /* digamma(y + s) - digamma(s) as a sum keeps the digits for a large size */
        for (double j = 0; j < y; j++) {
            psi += 1 / (size + j);
            tri -= 1 / ((size + j) * (size + j));
        }
    } else {
        psi = dist_digamma(y + size) - dist_digamma(size);
        tri = dist_trigamma(y + size) - dist_trigamma(size);
    }
    l = psi - log1p(mu / size) + (mu - y) / q;
    ll = tri + mu / (size * q) - (mu - y) / (q * q);
    d.ds = size * l;
    d.dss = size * l + size * size * ll;
    d.d1s = size * (y - mu) / (q * q);
    return d;
}

/* Adds one cell to gradient and Hessian. */
static void add_cell(struct work *w, size_t c, size_t psi_at, const double part[PARTS],
                     const struct derivs *d)
{
    size_t betas = w->k - w->n_psi;
    for (int p = 0; p < PARTS; p++) {
        size_t n = w->part[p]->n_columns;
        for (size_t j = 0; j < n; j++)
            w->row[w->at[p] + j] = part[p] * w->part[p]->x[c * n + j];
    }
    for (size_t i = 0; i < betas; i++) {
        w->grad[i] += d->d1 * w->row[i];
        for (size_t j = 0; j <= i; j++)
            w->hess[i * w->k + j] += d->d2 * w->row[i] * w->row[j];
    }
    for (int p = 0; p < PARTS; p++) {
        size_t n = w->part[p]->n_columns;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++)
                w->hess[(w->at[p] + i) * w->k + w->at[p] + j] +=
                    d->d1 * w->row[w->at[p] + i] * w->part[p]->x[c * n + j];
    }
    if (psi_at == SIZE_MAX)
        return;
    w->grad[psi_at] += d->ds;
    w->hess[psi_at * w->k + psi_at] += d->dss;
    for (size_t j = 0; j < betas; j++)
        w->hess[psi_at * w->k + j] += d->d1s * w->row[j];
}

/* Log-likelihood at b; with derivatives if asked. -INFINITY where a mean is impossible. */
static double likelihood(struct work *w, const double *b, bool derivatives)
{
    const struct hhh4_model *m = w->m;
    struct num_sum ll = {0, 0};
    size_t first_psi = w->k - w->n_psi;
    if (derivatives) {
        memset(w->grad, 0, w->k * sizeof *w->grad);
        memset(w->hess, 0, w->k * w->k * sizeof *w->hess);
    }
    for (size_t i = 0; i < m->n_units; i++) {
        size_t psi_at = w->n_psi == 0 ? SIZE_MAX : first_psi + (w->n_psi > 1 ? i : 0);
        double size = psi_at == SIZE_MAX || b[psi_at] > POISSON_LIMIT ? INFINITY : exp(b[psi_at]);
        for (size_t t = w->from; t < w->to; t++) {
            size_t c = i * m->n_periods + t;
            double part[PARTS], y = (double)m->y[c], mu = mean_parts(w, b, c, part);
            if (!isfinite(mu) || (mu <= 0 && y > 0))
                return -INFINITY;
            if (mu <= 0)
                continue;
            if (!derivatives) {
                num_add(&ll, count_log_negbin(y, mu, size));
                continue;
            }
            struct derivs d = derive(y, mu, size);
            num_add(&ll, d.ll);
            add_cell(w, c, psi_at, part, &d);
        }
    }
    for (size_t i = 0; derivatives && i < w->k; i++)
        for (size_t j = i + 1; j < w->k; j++)
            w->hess[i * w->k + j] = w->hess[j * w->k + i];
    return num_total(ll) - w->log_factorials;
}

/* Coefficients that bring each part's log factor near a usual value, whatever its columns are. */
static bool start_values(struct arena *a, const struct work *w, double *b)
{
    const struct hhh4_model *m = w->m;
    double sy = 0, se = 0;
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t t = w->from; t < w->to; t++) {
            sy += (double)m->y[i * m->n_periods + t];
            se += w->source[2][i * m->n_periods + t];
        }
    const double want[PARTS] = {-1, -3, log((sy + 0.5) / se) - 0.3};
    for (int p = 0; p < PARTS; p++) {
        size_t n = w->part[p]->n_columns;
        double *xx = arena_array(a, n * n + 1, sizeof *xx);
        for (size_t i = 0; n && i < m->n_units; i++)
            for (size_t t = w->from; t < w->to; t++) {
                const double *x = w->part[p]->x + (i * m->n_periods + t) * n;
                for (size_t j = 0; j < n; j++) {
                    b[w->at[p] + j] += x[j] * want[p];
                    for (size_t k = 0; k < n; k++)
                        xx[j * n + k] += x[j] * x[k];
                }
            }
        if (n && !mat_cholesky(xx, n))
            return false;
        mat_cholesky_solve(xx, n, b + w->at[p], false);
    }
    for (size_t i = w->k - w->n_psi; i < w->k; i++)
        b[i] = 1; /* size e */
    return true;
}

/* The Newton step: (-H + ridge)^-1 g; the ridge grows until the matrix is positive definite. */
static bool newton_step(struct arena *a, const struct work *w, double *step)
{
    double *l = arena_array(a, w->k * w->k + 1, sizeof *l), ridge = 0;
    for (int attempt = 0; attempt < 40; attempt++) {
        for (size_t i = 0; i < w->k * w->k; i++)
            l[i] = -w->hess[i];
        for (size_t i = 0; i < w->k; i++)
            l[i * w->k + i] += ridge * (fabs(w->hess[i * w->k + i]) + 1e-6);
        memcpy(step, w->grad, w->k * sizeof *step);
        if (mat_cholesky(l, w->k)) {
            mat_cholesky_solve(l, w->k, step, false);
            return true;
        }
        ridge = ridge > 0 ? ridge * 4 : 1e-4;
    }
    return false;
}

/* Climbs from b; false if it does not settle. */
static bool maximise(struct arena *a, struct work *w, double *b, double *ll, int *iterations)
{
    double *step = arena_array(a, w->k + 1, sizeof *step), *next = arena_array(a, w->k + 1, sizeof *next);
    *ll = likelihood(w, b, true);
    for (int it = 1; it <= 200 && isfinite(*ll); it++) {
        *iterations = it;
        if (!newton_step(a, w, step))
            return false;
        double gain = 0, largest = 0, scale = 1, now = -INFINITY;
        for (size_t i = 0; i < w->k; i++) {
            gain += step[i] * w->grad[i];
            largest = fmax(largest, fabs(step[i]));
        }
        if (gain < 1e-12) /* twice what the log-likelihood could still gain */
            return true;
        scale = fmin(1, 3 / largest); /* exponents: no leap */
        for (int half = 0; half < 40; half++, scale /= 2) {
            for (size_t i = 0; i < w->k; i++)
                next[i] = b[i] + scale * step[i];
            now = likelihood(w, next, false);
            if (now >= *ll + 1e-4 * scale * gain || (gain < 1e-8 && now >= *ll - 1e-9))
                break;
        }
        if (!(now >= *ll - 1e-9))
            return false;
        memcpy(b, next, w->k * sizeof *b);
        *ll = likelihood(w, b, true);
    }
    return false;
}

static bool is_valid(const struct hhh4_model *m, size_t from, size_t to)
{
    bool parts = m->ar.n_columns + m->ne.n_columns + m->end.n_columns > 0;
    if (!m->n_units || from < 1 || to <= from || to > m->n_periods || !parts ||
        (m->ne.n_columns && !m->weights))
        return false;
    for (size_t i = 0; i < m->n_units; i++)
        for (size_t t = from - 1; t < to; t++)
            if (m->y[i * m->n_periods + t] < 0 || (m->offset && !(m->offset[i * m->n_periods + t] >= 0)))
                return false;
    return true;
}

struct hhh4_fit hhh4_fit(struct arena *a, const struct hhh4_model *m, size_t from, size_t to,
                         const double *start)
{
    struct hhh4_fit f = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID,
                         .log_likelihood = NAN, .aic = NAN, .bic = NAN};
    if (!is_valid(m, from, to))
        return f;
    struct work w = work_new(a, m, from, to);
    double *b = arena_array(a, w.k + 1, sizeof *b), ll;
    f.n_coef = w.k;
    f.reason = STAT_REASON_SINGULAR;
    if (start)
        memcpy(b, start, w.k * sizeof *b);
    else if (!start_values(a, &w, b))
        return f;
    f.reason = STAT_REASON_NOT_CONVERGED;
    if (!maximise(a, &w, b, &ll, &f.iterations))
        return f;
    /* A psi at the Poisson limit has no information: its row is taken out of the covariance. */
    for (size_t i = 0; i < w.k; i++)
        if (i >= w.k - w.n_psi && b[i] > POISSON_LIMIT)
            w.hess[i * w.k + i] = -1;
    for (size_t i = 0; i < w.k * w.k; i++)
        w.hess[i] = -w.hess[i];
    f.covariance = arena_array(a, w.k * w.k + 1, sizeof(double));
    f.reason = STAT_REASON_SINGULAR;
    if (!mat_invert(a, w.hess, w.k, f.covariance))
        return f;
    f.inner = b;
    f.coef = arena_array(a, w.k + 1, sizeof(double));
    f.se = arena_array(a, w.k + 1, sizeof(double));
    for (size_t i = 0; i < w.k; i++) {
        bool is_psi = i >= w.k - w.n_psi, limit = is_psi && b[i] > POISSON_LIMIT;
        f.coef[i] = limit ? 0 : is_psi ? exp(-b[i]) : b[i];
        f.se[i] = limit ? NAN : sqrt(f.covariance[i * w.k + i]) * (is_psi ? f.coef[i] : 1);
    }
    f.n_obs = m->n_units * (to - from);
    f.log_likelihood = ll;
    f.aic = -2 * ll + 2 * (double)w.k;
    f.bic = -2 * ll + log((double)f.n_obs) * (double)w.k;
    f.status = STAT_OK;
    f.reason = STAT_REASON_NONE;
    return f;
}

void hhh4_predict(struct arena *a, const struct hhh4_model *m, const struct hhh4_fit *f, size_t t,
                  double *mean, double *size)
{
    struct work w = work_new(a, m, 1, m->n_periods);
    for (size_t i = 0; i < m->n_units; i++) {
        double part[PARTS];
        mean[i] = f->status == STAT_REFUSED ? NAN : mean_parts(&w, f->inner, i * m->n_periods + t, part);
        size[i] = INFINITY;
        if (w.n_psi && f->status != STAT_REFUSED) {
            double psi = f->coef[w.k - w.n_psi + (w.n_psi > 1 ? i : 0)];
            size[i] = psi > 0 ? 1 / psi : INFINITY;
        }
    }
}

void hhh4_season(size_t n_units, size_t n_periods, double period, int harmonics, double t0, double *x)
{
    for (size_t i = 0; i < n_units; i++)
        for (size_t t = 0; t < n_periods; t++) {
            *x++ = 1;
            for (int s = 1; s <= harmonics; s++) {
                double angle = 2 * acos(-1) * s * ((double)t + t0) / period;
                *x++ = sin(angle);
                *x++ = cos(angle);
            }
        }
}
