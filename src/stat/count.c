/* count.c - exact Poisson intervals and the gamma-Poisson model. */
#include "stat/count.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/count_inner.h"
#include "stat/dist.h"
#include "stat/num.h"

void count_poisson_interval(int64_t y, double level, double *lower, double *upper)
{
    double tail = (1 - level) / 2, n = (double)y;
    *lower = y > 0 ? dist_gamma_quantile(tail, n, 1) : 0;
    *upper = dist_gamma_quantile(1 - tail, n + 1, 1);
}

double count_log_negbin(double y, double mean, double size)
{
    if (!(mean > 0))
        return y == 0 ? 0 : -INFINITY;
    if (!isfinite(size))
        return y * log(mean) - mean;
    double v = -(y + size) * log1p(mean / size);
    if (y == 0)
        return v;
    v += y * log(mean);
    if (y > 24)
        return v + dist_lgamma(y + size) - dist_lgamma(size) - y * log(size);
    double product = 1; /* (1 + 0/size)(1 + 1/size) ... */
    for (double j = 1; j < y; j++) {
        product *= 1 + j / size;
        if (product > 1e200) {
            v += log(product);
            product = 1;
        }
    }
    return v + log(product);
}

double count_maximise(double (*f)(double x, void *p), void *p, double from, double to, int steps)
{
    double best = from, top = -INFINITY, step = (to - from) / steps;
    for (int i = 0; i <= steps; i++) {
        double x = from + step * i, v = f(x, p);
        if (v > top) {
            top = v;
            best = x;
        }
    }
    /* Golden section between the neighbours of the best grid point. */
    const double phi = (sqrt(5) - 1) / 2;
    double lo = fmax(best - step, from), hi = fmin(best + step, to);
    double x1 = hi - phi * (hi - lo), x2 = lo + phi * (hi - lo), f1 = f(x1, p), f2 = f(x2, p);
    while (hi - lo > 1e-9 * (1 + fabs(best))) {
        if (f1 > f2) {
            hi = x2;
            x2 = x1;
            f2 = f1;
            f1 = f(x1 = hi - phi * (hi - lo), p);
        } else {
            lo = x1;
            x1 = x2;
            f1 = f2;
            f2 = f(x2 = lo + phi * (hi - lo), p);
        }
    }
    double mid = (lo + hi) / 2;
    return f(mid, p) >= top ? mid : best;
}

struct gamma_poisson {
    size_t n;
    const double *y, *e;
    const double *prior; /* prior means by place; NULL: one mean, estimated */
    double mean;
};

/* The mean that goes best with a shape: sum (y - e m)/(shape + e m) = 0, by repeated weighting. */
static double mean_given(const struct gamma_poisson *g, double shape)
{
    double m = g->mean;
    for (int it = 0; it < 200; it++) {
        double wy = 0, we = 0;
        for (size_t i = 0; i < g->n; i++) {
            double w = 1 / (shape + g->e[i] * m);
            wy += w * g->y[i];
            we += w * g->e[i];
        }
        double next = wy / we;
        bool settled = fabs(next - m) <= 1e-13 * m;
        m = next;
        if (settled)
            break;
    }
    return m;
}

static double likelihood_at(const struct gamma_poisson *g, double shape, double mean)
{
    struct num_sum s = {0, 0};
    for (size_t i = 0; i < g->n; i++)
        num_add(&s, count_log_negbin(g->y[i], g->e[i] * (g->prior ? g->prior[i] : mean), shape));
    return num_total(s);
}

static double profile(double log_shape, void *p)
{
    struct gamma_poisson *g = p;
    double shape = exp(log_shape);
    return likelihood_at(g, shape, g->prior ? 0 : mean_given(g, shape));
}

/* Maximum likelihood shape (and mean, if free). */
static void fit(struct gamma_poisson *g, double *mean, double *shape, double *log_likelihood)
{
    double m0 = 0, s0, poisson = likelihood_at(g, INFINITY, g->mean);
    count_eb_moments(g->n, g->y, g->e, &m0, &s0);
    /* Moments say where to look first; the grid keeps a second peak from being missed. */
    double centre = isfinite(s0) ? log(s0) : log(10);
    double x = count_maximise(profile, g, fmin(centre, 0) - 7, fmax(centre, 5) + 7, 48);
    double top = profile(x, g);
    bool spread = top > poisson + 1e-7;
    *shape = spread ? exp(x) : INFINITY;
    *mean = spread && !g->prior ? mean_given(g, *shape) : g->mean;
    *log_likelihood = spread ? top : poisson;
}

void count_eb_moments(size_t n, const double *y, const double *e, double *mean, double *shape)
{
    double sy = num_sum_array(y, n), se = num_sum_array(e, n), m = sy / se, s2 = 0;
    for (size_t i = 0; i < n; i++)
        s2 += e[i] * (y[i] / e[i] - m) * (y[i] / e[i] - m);
    double a = s2 / se - m / (se / (double)n);
    *mean = m;
    *shape = a > 0 ? m * m / a : INFINITY;
}

/* Group means shrunken towards the mean of all. */
static const double *group_means(struct arena *a, size_t n, const double *y, const double *e,
                                 const int32_t *group, size_t n_groups, struct count_eb *out)
{
    double *gy = arena_array(a, n_groups + 1, sizeof *gy), *ge = arena_array(a, n_groups + 1, sizeof *ge);
    double *prior = arena_array(a, n + 1, sizeof *prior);
    size_t used = 0, *place = arena_array(a, n_groups + 1, sizeof *place);
    for (size_t i = 0; i < n; i++) {
        gy[group[i]] += y[i];
        ge[group[i]] += e[i];
    }
    for (size_t k = 0; k < n_groups; k++) { /* groups without places fall out */
        place[k] = used;
        gy[used] = gy[k];
        ge[used] = ge[k];
        used += ge[k] > 0;
    }
    struct gamma_poisson g = {used, gy, ge, NULL, out->mean};
    double m, s, ll;
    fit(&g, &m, &s, &ll);
    out->group_shape = s;
    for (size_t i = 0; i < n; i++) {
        size_t k = place[group[i]];
        prior[i] = isfinite(s) ? (gy[k] + s) / (ge[k] + s / m) : m;
    }
    return prior;
}

struct count_eb count_eb_fit(struct arena *a, size_t n, const double *y, const double *e,
                             const int32_t *group, size_t n_groups)
{
    struct count_eb out = {.status = STAT_REFUSED, .reason = STAT_REASON_FEW_EVENTS, .mean = NAN,
                           .shape = NAN, .group_shape = NAN};
    for (size_t i = 0; i < n; i++)
        if (!(e[i] > 0) || !(y[i] >= 0) || (group && (group[i] < 0 || (size_t)group[i] >= n_groups))) {
            out.reason = STAT_REASON_INVALID;
            return out;
        }
    double total = num_sum_array(y, n);
    if (n < 2 || !(total > 0))
        return out;
    out.mean = total / num_sum_array(e, n);
    const double *prior = group && n_groups > 2 ? group_means(a, n, y, e, group, n_groups, &out) : NULL;
    struct gamma_poisson g = {n, y, e, prior, out.mean};
    fit(&g, &out.mean, &out.shape, &out.log_likelihood);
    for (size_t i = 0; i < n; i++) /* the part that does not depend on parameters */
        out.log_likelihood -= dist_lgamma(y[i] + 1);
    out.rate = arena_array(a, n, sizeof(double));
    out.sd = arena_array(a, n, sizeof(double));
    out.post_shape = arena_array(a, n, sizeof(double));
    out.post_rate = arena_array(a, n, sizeof(double));
    out.own = arena_array(a, n, sizeof(double));
    double *mine = arena_array(a, n, sizeof *mine);
    for (size_t i = 0; i < n; i++) {
        double m = mine[i] = prior ? prior[i] : out.mean;
        bool spread = isfinite(out.shape);
        out.post_shape[i] = y[i] + out.shape;
        out.post_rate[i] = spread ? e[i] + out.shape / m : INFINITY;
        out.rate[i] = spread ? out.post_shape[i] / out.post_rate[i] : m;
        out.sd[i] = spread ? sqrt(out.post_shape[i]) / out.post_rate[i] : 0;
        out.own[i] = spread ? e[i] / out.post_rate[i] : 0;
    }
    out.prior_mean = mine;
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}
