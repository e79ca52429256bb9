/* count_rate.c - exact tests of rates from counts, and rates shrunken towards their neighbourhood. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/count.h"
#include "stat/dist.h"
#include "stat/hhh4.h"
#include "stat/num.h"

/* --- exact tests --- */

/* A distribution of a count with one peak. */
struct law {
    double n, p; /* binomial */
    double mean; /* Poisson, where n is negative */
};

static double law_log_pmf(const struct law *l, double x)
{
    return l->n < 0 ? dist_poisson_log_pmf(x, l->mean) : dist_binomial_log_pmf(x, l->n, l->p);
}

static double law_cdf(const struct law *l, double x)
{
    if (x < 0)
        return 0;
    return l->n < 0 ? dist_poisson_cdf(x, l->mean) : dist_binomial_cdf(x, l->n, l->p);
}

/* P(X >= x): by the beta and gamma distributions, so that a small tail keeps its digits. */
static double law_upper(const struct law *l, double x)
{
    if (x <= 0)
        return 1;
    if (l->n < 0)
        return dist_gamma_cdf(l->mean, x, 1);
    return x > l->n ? 0 : dist_beta_cdf(l->p, x, l->n - x + 1);
}

/* The values on the other side of the peak that are no more likely than y: their nearest one, by halving. */
static double other_side(const struct law *l, double y, double mode)
{
    double limit = law_log_pmf(l, y) + 1e-7; /* R's allowance for rounding */
    bool up = y < mode;
    double in = mode, out;
    if (up) {
        for (out = mode + 1; law_log_pmf(l, out) > limit; out = mode + 2 * (out - mode))
            in = out;
    } else {
        out = -1;
    }
    while (fabs(out - in) > 1) {
        double mid = floor((in + out) / 2);
        if (law_log_pmf(l, mid) > limit)
            in = mid;
        else
            out = mid;
    }
    return out;
}

static void p_values(const struct law *l, double y, double mean, struct count_test *t)
{
    t->p_less = law_cdf(l, y);
    t->p_greater = law_upper(l, y);
    if (y == mean || (l->n >= 0 && (l->p <= 0 || l->p >= 1))) {
        t->p = 1;
        return;
    }
    double mode = y < mean ? ceil(mean) : floor(mean), far;
    if (law_log_pmf(l, mode) <= law_log_pmf(l, y) + 1e-7)
        far = mode; /* y stands at the peak itself */
    else
        far = other_side(l, y, mode);
    t->p = y < mean ? t->p_less + law_upper(l, far) : t->p_greater + law_cdf(l, far);
    t->p = fmin(t->p, 1);
}

struct count_test count_rate_test(int64_t y, double exposure, double rate, double level)
{
    struct count_test t = {.status = STAT_REFUSED,
                           .reason = STAT_REASON_INVALID,
                           .estimate = NAN,
                           .lower = NAN,
                           .upper = NAN,
                           .p = NAN,
                           .p_less = NAN,
                           .p_greater = NAN};
    if (y < 0 || !(exposure > 0) || !(rate > 0) || !(level > 0 && level < 1) || !(exposure * rate < 0x1p52))
        return t;
    struct law l = {-1, 0, exposure * rate};
    count_poisson_interval(y, level, &t.lower, &t.upper);
    t.lower /= exposure;
    t.upper /= exposure;
    t.estimate = (double)y / exposure;
    p_values(&l, (double)y, l.mean, &t);
    t.status = STAT_OK;
    t.reason = STAT_REASON_NONE;
    return t;
}

struct count_test count_rate_compare(int64_t y1, double exposure1, int64_t y2, double exposure2, double ratio,
                                     double level)
{
    struct count_test t = {.status = STAT_REFUSED,
                           .reason = STAT_REASON_INVALID,
                           .estimate = NAN,
                           .lower = NAN,
                           .upper = NAN,
                           .p = NAN,
                           .p_less = NAN,
                           .p_greater = NAN};
    if (y1 < 0 || y2 < 0 || !(exposure1 > 0) || !(exposure2 > 0) || !(ratio > 0) || !(level > 0 && level < 1))
        return t;
    t.reason = STAT_REASON_EMPTY;
    if (y1 + y2 == 0)
        return t;
    double a = (double)y1, n = (double)(y1 + y2), tail = (1 - level) / 2;
    struct law l = {n, exposure1 * ratio / (exposure1 * ratio + exposure2), 0};
    double low = y1 > 0 ? dist_beta_quantile(tail, a, n - a + 1) : 0;
    double high = y2 > 0 ? dist_beta_quantile(1 - tail, a + 1, n - a) : 1;
    t.estimate = a / exposure1 / ((double)y2 / exposure2);
    t.lower = low / (1 - low) * exposure2 / exposure1;
    t.upper = high < 1 ? high / (1 - high) * exposure2 / exposure1 : INFINITY;
    p_values(&l, a, n * l.p, &t);
    t.status = STAT_OK;
    t.reason = STAT_REASON_NONE;
    return t;
}

/* --- towards the neighbourhood --- */

struct sums {
    double y, e, square; /* square: sum of y^2/e, for the spread of rates */
    size_t n;
};

static void add_place(struct sums *s, double y, double e)
{
    s->y += y;
    s->e += e;
    s->square += y * y / e;
    s->n++;
}

/* Mean and shape by moments; shape INFINITY: no spread beyond chance. */
static void moments(const struct sums *s, double *mean, double *shape)
{
    double m = s->y / s->e, spread = (s->square - s->y * m) / s->e, a = spread - m * (double)s->n / s->e;
    *mean = m;
    *shape = a > 0 ? m * m / a : INFINITY;
}

struct count_eb count_eb_local(struct arena *a, size_t n, const double *y, const double *e,
                               const struct hhh4_links *near)
{
    struct count_eb out = {.status = STAT_REFUSED,
                           .reason = STAT_REASON_INVALID,
                           .mean = NAN,
                           .shape = NAN,
                           .group_shape = NAN,
                           .log_likelihood = NAN};
    struct sums all = {0};
    for (size_t i = 0; i < n; i++) {
        if (!(e[i] > 0) || !(y[i] >= 0) || isinf(y[i]) || isinf(e[i]))
            return out;
        add_place(&all, y[i], e[i]);
    }
    out.reason = STAT_REASON_FEW_EVENTS;
    if (n < 2 || !(all.y > 0))
        return out;
    moments(&all, &out.mean, &out.shape);
    double **each[] = {&out.rate, &out.sd, &out.post_shape, &out.post_rate, &out.own};
    for (size_t k = 0; k < sizeof each / sizeof *each; k++)
        *each[k] = arena_array(a, n, sizeof(double));
    double *prior = arena_array(a, n, sizeof *prior), *shape = arena_array(a, n, sizeof *shape);
    for (size_t i = 0; i < n; i++) {
        struct sums s = {0};
        bool alone = near->start[i] == near->start[i + 1];
        add_place(&s, y[i], e[i]);
        for (size_t k = near->start[i]; k < near->start[i + 1]; k++)
            if (near->to[k] != i)
                add_place(&s, y[near->to[k]], e[near->to[k]]);
        if (alone || !(s.y > 0))
            s = all;
        moments(&s, &prior[i], &shape[i]);
        bool spread = isfinite(shape[i]);
        out.post_shape[i] = y[i] + shape[i];
        out.post_rate[i] = spread ? e[i] + shape[i] / prior[i] : INFINITY;
        out.rate[i] = spread ? out.post_shape[i] / out.post_rate[i] : prior[i];
        out.sd[i] = spread ? sqrt(out.post_shape[i]) / out.post_rate[i] : 0;
        out.own[i] = spread ? e[i] / out.post_rate[i] : 0;
    }
    out.prior_mean = prior;
    out.local_shape = shape;
    out.status = STAT_OK;
    out.reason = STAT_REASON_NONE;
    return out;
}
