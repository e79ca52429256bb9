/* count_forecast.c - forecasts of the next period's counts by the simple methods. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/count.h"
#include "stat/count_inner.h"
#include "stat/dist.h"

static const char *const method_codes[COUNT_METHODS] = {
    [COUNT_POOLED] = "pooled", [COUNT_OWN] = "own_mean", [COUNT_LAST] = "last_value",
    [COUNT_EB] = "eb", [COUNT_EB_OVER] = "eb_overdispersed", [COUNT_HHH4] = "hhh4",
    [COUNT_HHH4_SEASON] = "hhh4_season", [COUNT_HHH4_FULL] = "hhh4_full",
};

const char *count_method_code(enum count_method m)
{
    return (unsigned)m < COUNT_METHODS ? method_codes[m] : "unknown";
}

double count_view_y(const struct count_view *v, size_t i, size_t t)
{
    return (double)v->p->y[i * v->p->n_periods + t];
}

double count_view_exposure(const struct count_view *v, size_t i, size_t t)
{
    const struct count_panel *p = v->p;
    if (t < p->n_periods)
        return p->exposure[i * p->n_periods + t];
    return p->next_exposure ? p->next_exposure[i] : p->exposure[i * p->n_periods + t - 1];
}

struct count_view count_view_new(struct arena *a, const struct count_panel *p)
{
    size_t n = p->n_places + 1, cells = p->n_places * p->n_periods + 1;
    struct count_view v = {.a = a, .p = p};
    v.y = arena_array(a, n, sizeof(double));
    v.e = arena_array(a, n, sizeof(double));
    v.mean = arena_array(a, cells, sizeof(double));
    v.inv = arena_array(a, cells, sizeof(double));
    v.next = arena_array(a, n, sizeof(double));
    v.next_inv = arena_array(a, n, sizeof(double));
    v.next_e = arena_array(a, n, sizeof(double));
    v.own = arena_array(a, n, sizeof(double));
    return v;
}

static void view_sums(struct count_view *v, size_t used)
{
    v->used = used;
    for (size_t i = 0; i < v->p->n_places; i++) {
        v->y[i] = v->e[i] = 0;
        for (size_t t = 0; t < used; t++) {
            v->y[i] += count_view_y(v, i, t);
            v->e[i] += count_view_exposure(v, i, t);
        }
        v->next_e[i] = count_view_exposure(v, i, used);
        v->own[i] = 1;
    }
}

/* Half an event in place of none: a forecast that calls an event impossible has no score. */
static double at_least_half(double y)
{
    return y > 0 ? y : 0.5;
}

static void predict_baseline(struct count_view *v, enum count_method m)
{
    double sy = 0, se = 0;
    for (size_t i = 0; i < v->p->n_places; i++) {
        sy += v->y[i];
        se += v->e[i];
    }
    double pooled = at_least_half(sy) / se;
    for (size_t i = 0; i < v->p->n_places; i++) {
        double *mean = v->mean + i * v->used;
        size_t last = v->used - 1;
        for (size_t t = 0; t < v->used; t++) {
            double e = count_view_exposure(v, i, t), rest = v->e[i] - e;
            if (m == COUNT_POOLED)
                mean[t] = e * pooled;
            else if (m == COUNT_OWN)
                mean[t] = v->used > 1 ? e * at_least_half(v->y[i] - count_view_y(v, i, t)) / rest : NAN;
            else
                mean[t] = t ? e * at_least_half(count_view_y(v, i, t - 1)) / count_view_exposure(v, i, t - 1) : NAN;
        }
        v->next[i] = v->next_e[i] * (m == COUNT_POOLED ? pooled
                                     : m == COUNT_OWN  ? at_least_half(v->y[i]) / v->e[i]
                                                       : at_least_half(count_view_y(v, i, last)) /
                                                             count_view_exposure(v, i, last));
        v->next_inv[i] = 0;
    }
    memset(v->inv, 0, v->p->n_places * v->used * sizeof *v->inv);
}

static enum stat_reason predict_eb(struct count_view *v)
{
    const struct count_panel *p = v->p;
    struct count_eb eb = count_eb_fit(v->a, p->n_places, v->y, v->e, p->group, p->n_groups);
    if (eb.status == STAT_REFUSED)
        return eb.reason;
    bool spread = isfinite(eb.shape);
    for (size_t i = 0; i < p->n_places; i++) {
        double m = eb.prior_mean[i];
        for (size_t t = 0; t < v->used; t++) {
            double e = count_view_exposure(v, i, t), shape = v->y[i] - count_view_y(v, i, t) + eb.shape;
            v->mean[i * v->used + t] = e * (spread ? shape / (v->e[i] - e + eb.shape / m) : m);
            v->inv[i * v->used + t] = spread ? 1 / shape : 0;
        }
        v->next[i] = v->next_e[i] * eb.rate[i];
        v->next_inv[i] = spread ? 1 / eb.post_shape[i] : 0;
        v->own[i] = eb.own[i];
    }
    return STAT_REASON_NONE;
}

/* Log score of the past cells if 1/kappa = c. */
static double past_score(double c, const struct count_view *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->p->n_places; i++)
        for (size_t t = 0; t < v->used; t++) {
            size_t k = i * v->used + t;
            if (isnan(v->mean[k]))
                continue;
            double inv = v->inv[k] + (1 + v->inv[k]) * c;
            sum += count_log_negbin(count_view_y(v, i, t), v->mean[k], inv > 0 ? 1 / inv : INFINITY);
        }
    return sum;
}

static double past_score_log(double log_c, void *v)
{
    return past_score(exp(log_c), v);
}

static double fit_inverse_kappa(struct count_view *v)
{
    double x = count_maximise(past_score_log, v, log(1e-4), log(50), 24);
    return past_score_log(x, v) > past_score(0, v) + 1e-7 ? exp(x) : 0;
}

/* The forecast of period `used` from those before it. */
enum stat_reason count_forecast_from(struct count_view *v, size_t used, enum count_method m,
                                      struct count_forecast *out)
{
    if (m >= COUNT_HHH4)
        return count_hhh4_from(v, used, m, out);
    view_sums(v, used);
    if (m == COUNT_EB || m == COUNT_EB_OVER) {
        enum stat_reason r = predict_eb(v);
        if (r)
            return r;
    } else {
        predict_baseline(v, m);
    }
    double c = m == COUNT_EB ? 0 : fit_inverse_kappa(v);
    out->kappa = c > 0 ? 1 / c : INFINITY;
    for (size_t i = 0; i < v->p->n_places; i++) {
        double inv = v->next_inv[i] + (1 + v->next_inv[i]) * c;
        out->mean[i] = v->next[i];
        out->own[i] = v->own[i];
        out->size[i] = inv > 0 ? 1 / inv : INFINITY;
    }
    return STAT_REASON_NONE;
}

enum stat_reason count_panel_check(const struct count_panel *p)
{
    if (p->n_places == 0 || p->n_periods == 0)
        return STAT_REASON_EMPTY;
    for (size_t k = 0; k < p->n_places * p->n_periods; k++)
        if (p->y[k] < 0 || !(p->exposure[k] > 0) || !isfinite(p->exposure[k]))
            return STAT_REASON_INVALID;
    for (size_t i = 0; i < p->n_places; i++)
        if ((p->next_exposure && !(p->next_exposure[i] > 0)) ||
            (p->group && (p->group[i] < 0 || (size_t)p->group[i] >= p->n_groups)))
            return STAT_REASON_INVALID;
    return STAT_REASON_NONE;
}

struct count_forecast count_forecast_new(struct arena *a, size_t n)
{
    return (struct count_forecast){arena_array(a, n + 1, sizeof(double)),
                                   arena_array(a, n + 1, sizeof(double)), NAN,
                                   arena_array(a, n + 1, sizeof(double))};
}

enum stat_reason count_forecast(struct arena *a, const struct count_panel *p, enum count_method m,
                                struct count_forecast *out)
{
    enum stat_reason r = count_panel_check(p);
    if (r)
        return r;
    struct count_view v = count_view_new(a, p);
    *out = count_forecast_new(a, p->n_places);
    return count_forecast_from(&v, p->n_periods, m, out);
}

void count_forecast_interval(double mean, double size, double level, double *lower, double *upper)
{
    *lower = dist_negbin_quantile((1 - level) / 2, mean, size);
    *upper = dist_negbin_quantile((1 + level) / 2, mean, size);
}

