/* survey_quantile.c - weighted quantiles with Woodruff intervals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/survey_design.h"

struct weighted {
    double y, w;
};

static int by_value(const void *pa, const void *pb)
{
    const struct weighted *a = pa, *b = pb;
    return (a->y > b->y) - (a->y < b->y);
}

/* The smallest value at which the cumulated weight reaches p; NAN outside 0 .. 1. */
static double at_share(const struct weighted *v, size_t n, double total, double p)
{
    double sum = 0;
    if (!(p >= 0 && p <= 1))
        return NAN;
    for (size_t i = 0; i < n; i++) {
        sum += v[i].w;
        if (sum >= p * total * (1 - 1e-14))
            return v[i].y;
    }
    return n ? v[n - 1].y : NAN;
}

struct survey_estimate survey_quantile(struct arena *a, const struct survey_design *d, const double *y,
                                       double p, const bool *domain, const struct survey_rules *rules)
{
    struct survey_rules r = rules ? *rules : survey_rules_default();
    struct weighted *v = arena_array(a, d->n + 1, sizeof *v);
    double *below = arena_array(a, d->n + 1, sizeof *below), total = 0;
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        if ((!domain || domain[i]) && !isnan(y[i]) && d->weight[i] > 0) {
            v[n++] = (struct weighted){y[i], d->weight[i]};
            total += d->weight[i];
        }
    qsort(v, n, sizeof *v, by_value);
    double q = at_share(v, n, total, p);
    for (size_t i = 0; i < d->n; i++)
        below[i] = isnan(y[i]) ? NAN : y[i] <= q;
    r.flag_cv = r.max_cv = INFINITY; /* a quantile may be zero */
    struct survey_estimate e = survey_proportion(a, d, below, domain, &r);
    if (e.status == STAT_REFUSED)
        return e;
    e.interval = r.interval == SURVEY_INTERVAL_AUTO ? SURVEY_INTERVAL_T : r.interval;
    double lo, hi;
    survey_share_interval(e.interval, e.est, e.se, e.n, e.df, r.level, &lo, &hi);
    e.est = q;
    e.lower = at_share(v, n, total, lo);
    e.upper = at_share(v, n, total, hi);
    e.se = (e.upper - e.lower) / (2 * dist_t_quantile(0.5 + r.level / 2, e.df));
    e.cv = e.se / fabs(q);
    e.deff = e.n_eff = NAN;
    e.score = NULL;
    return e;
}
