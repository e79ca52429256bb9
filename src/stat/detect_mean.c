/* detect_mean.c - the mean that charts compare with: log-linear, with season and trend. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/detect_cusum.h"
#include "stat/dist.h"
#include "stat/mat.h"

struct regression {
    size_t n, k;          /* weeks used, coefficients */
    double *y, *x, *mu;   /* x[n * k] */
    double *coef, *hessian, *score;
    double scale;         /* time is divided by it inside */
};

static void fill_row(double *x, double t, const struct detect_mean_options *o, double scale)
{
    size_t at = 0;
    x[at++] = 1;
    if (o->trend)
        x[at++] = t / scale;
    for (size_t s = 1; s <= o->harmonics; s++) {
        double angle = 2 * acos(-1) * (double)s * t / (double)o->season;
        x[at++] = cos(angle);
        x[at++] = sin(angle);
    }
}

static void predict(struct regression *g)
{
    for (size_t i = 0; i < g->n; i++) {
        double eta = 0;
        for (size_t j = 0; j < g->k; j++)
            eta += g->x[i * g->k + j] * g->coef[j];
        g->mu[i] = exp(eta);
    }
}

static double log_likelihood(const struct regression *g, double alpha)
{
    double l = 0;
    for (size_t i = 0; i < g->n; i++)
        l += dist_negbin_log_pmf(g->y[i], g->mu[i], alpha > 0 ? 1 / alpha : INFINITY);
    return l;
}

/* Fisher scoring with halved steps for given alpha: score sum x (y - mu)/(1 + alpha mu), information
 * sum x x' mu/(1 + alpha mu) (Lawless 1987, Can. J. Stat. 15:209). */
static enum stat_reason fit_coefficients(struct regression *g, double alpha)
{
    predict(g);
    double before = log_likelihood(g, alpha), kept[2 + 2 * DETECT_HARMONICS];
    for (int it = 0; it < 100; it++) {
        memset(g->hessian, 0, g->k * g->k * sizeof(double));
        memset(g->score, 0, g->k * sizeof(double));
        for (size_t i = 0; i < g->n; i++) {
            const double *x = g->x + i * g->k;
            double w = g->mu[i] / (1 + alpha * g->mu[i]), s = (g->y[i] - g->mu[i]) / (1 + alpha * g->mu[i]);
            for (size_t j = 0; j < g->k; j++) {
                g->score[j] += s * x[j];
                for (size_t l = 0; l <= j; l++)
                    g->hessian[j * g->k + l] += w * x[j] * x[l];
            }
        }
        if (!mat_cholesky(g->hessian, g->k))
            return STAT_REASON_SINGULAR;
        mat_cholesky_solve(g->hessian, g->k, g->score, false);
        memcpy(kept, g->coef, g->k * sizeof(double));
        double now = -INFINITY, step = 1, largest = 0;
        for (int half = 0; half < 30 && !(now >= before - 1e-12 * fabs(before)); half++, step /= 2) {
            largest = 0;
            for (size_t j = 0; j < g->k; j++) {
                g->coef[j] = kept[j] + step * g->score[j];
                largest = fmax(largest, fabs(step * g->score[j]));
            }
            predict(g);
            now = log_likelihood(g, alpha);
        }
        if (!isfinite(now))
            return STAT_REASON_NOT_CONVERGED;
        before = now;
        if (largest < 1e-10)
            return STAT_REASON_NONE;
    }
    return STAT_REASON_NOT_CONVERGED;
}

/* digamma(theta + y) - digamma(theta), without the loss of digits where theta is large. */
static double digamma_rise(double theta, double y)
{
    double s = 0;
    if (y > 1000)
        return dist_digamma(theta + y) - dist_digamma(theta);
    for (double j = 0; j < y; j++)
        s += 1 / (theta + j);
    return s;
}

/* Derivative of the log likelihood by theta = 1/alpha at the means given. */
static double theta_score(const struct regression *g, double theta)
{
    double s = 0;
    for (size_t i = 0; i < g->n; i++) {
        double y = g->y[i], mu = g->mu[i];
        s += digamma_rise(theta, y) - log1p(mu / theta) + (mu - y) / (mu + theta);
    }
    return s;
}

/* The alpha of largest likelihood at the means given: by halving on log theta. 0 where the likelihood falls
 * from there on: its derivative by alpha is sum ((y - mu)^2 - y)/2. */
static double best_alpha(const struct regression *g)
{
    double low = log(1e-6), high = log(1e6), beyond = 0;
    for (size_t i = 0; i < g->n; i++)
        beyond += (g->y[i] - g->mu[i]) * (g->y[i] - g->mu[i]) - g->y[i];
    if (beyond <= 0 || theta_score(g, exp(high)) >= 0)
        return 0;
    for (int it = 0; it < 200 && high - low > 1e-14 * fmax(1, fabs(low)); it++) {
        double mid = (low + high) / 2;
        if (theta_score(g, exp(mid)) > 0)
            low = mid;
        else
            high = mid;
    }
    return exp(-(low + high) / 2);
}

/* Means and dispersion in turn until neither moves. */
static enum stat_reason fit_both(struct regression *g, double *alpha)
{
    double last = -1;
    enum stat_reason why = fit_coefficients(g, 0);
    *alpha = 0;
    for (int it = 0; it < 200 && why == STAT_REASON_NONE; it++) {
        *alpha = best_alpha(g);
        why = fit_coefficients(g, *alpha);
        if (fabs(*alpha - last) <= 1e-10 * *alpha)
            return why;
        last = *alpha;
    }
    return why == STAT_REASON_NONE ? STAT_REASON_NOT_CONVERGED : why;
}

static struct regression regression_new(struct arena *a, const int64_t *y, size_t first,
                                        const struct detect_mean_options *o)
{
    struct regression g = {.k = 1 + (o->trend ? 1 : 0) + 2 * o->harmonics, .scale = (double)first};
    double sum = 0;
    g.y = arena_array(a, first + 1, sizeof(double));
    g.mu = arena_array(a, first + 1, sizeof(double));
    g.x = arena_array(a, (first + 1) * g.k, sizeof(double));
    g.coef = arena_array(a, g.k, sizeof(double));
    g.score = arena_array(a, g.k, sizeof(double));
    g.hessian = arena_array(a, g.k * g.k, sizeof(double));
    for (size_t t = 0; t < first; t++) {
        if (y[t] < 0)
            continue;
        fill_row(g.x + g.n * g.k, (double)t + 1, o, g.scale);
        g.y[g.n++] = (double)y[t];
        sum += (double)y[t];
    }
    g.coef[0] = log(fmax(sum, 0.5) / fmax((double)g.n, 1));
    return g;
}

struct detect_mean detect_mean_fit(struct arena *a, const int64_t *y, size_t n, size_t first,
                                   const struct detect_mean_options *options)
{
    struct detect_mean m = {.status = STAT_REFUSED, .reason = STAT_REASON_INVALID, .dispersion = NAN};
    struct detect_mean_options o = *options;
    o.season = o.season ? o.season : 52;
    if (first > n || o.harmonics > DETECT_HARMONICS || isnan(o.dispersion))
        return m;
    struct regression g = regression_new(a, y, first, &o);
    double sum = 0;
    for (size_t i = 0; i < g.n; i++)
        sum += g.y[i];
    m.reason = STAT_REASON_FEW_PERIODS;
    if (g.n <= g.k)
        return m;
    m.reason = STAT_REASON_FEW_EVENTS;
    if (!(sum > 0))
        return m;
    if (o.dispersion < 0) {
        m.reason = fit_both(&g, &m.dispersion);
    } else {
        m.dispersion = o.dispersion;
        m.reason = fit_coefficients(&g, o.dispersion);
    }
    if (m.reason != STAT_REASON_NONE) {
        m.dispersion = NAN;
        return m;
    }
    m.mean = arena_array(a, n + 1, sizeof(double));
    for (size_t t = 0; t < n; t++) {
        double eta = 0;
        fill_row(g.x, (double)t + 1, &o, g.scale);
        for (size_t j = 0; j < g.k; j++)
            eta += g.x[j] * g.coef[j];
        m.mean[t] = exp(eta);
    }
    if (o.trend)
        g.coef[1] /= g.scale;
    m.k = g.k;
    m.coef = g.coef;
    m.status = STAT_OK;
    return m;
}
