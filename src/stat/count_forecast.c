/* count_forecast.c - forecasts of the next period's counts, their past record, and the ladder. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/count.h"
#include "stat/count_inner.h"
#include "stat/dist.h"

static const char *const method_codes[COUNT_METHODS] = {
    [COUNT_POOLED] = "pooled", [COUNT_OWN] = "own_mean", [COUNT_LAST] = "last_value",
    [COUNT_EB] = "eb", [COUNT_EB_OVER] = "eb_overdispersed",
};

const char *count_method_code(enum count_method m)
{
    return (unsigned)m < COUNT_METHODS ? method_codes[m] : "unknown";
}

/* The first `used` periods of a panel, and room to work on them. */
struct view {
    struct arena *a;
    const struct count_panel *p;
    size_t used;
    double *y, *e;         /* sums by place */
    double *mean, *inv;    /* of every past cell, predicted from the other periods; NAN: none */
    double *next, *next_inv, *next_e; /* of the period to forecast: mean and 1/a */
    double *own;
};

static double count_at(const struct view *v, size_t i, size_t t)
{
    return (double)v->p->y[i * v->p->n_periods + t];
}

static double exposure_at(const struct view *v, size_t i, size_t t)
{
    const struct count_panel *p = v->p;
    if (t < p->n_periods)
        return p->exposure[i * p->n_periods + t];
    return p->next_exposure ? p->next_exposure[i] : p->exposure[i * p->n_periods + t - 1];
}

static struct view view_new(struct arena *a, const struct count_panel *p)
{
    size_t n = p->n_places + 1, cells = p->n_places * p->n_periods + 1;
    struct view v = {.a = a, .p = p};
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

static void view_sums(struct view *v, size_t used)
{
    v->used = used;
    for (size_t i = 0; i < v->p->n_places; i++) {
        v->y[i] = v->e[i] = 0;
        for (size_t t = 0; t < used; t++) {
            v->y[i] += count_at(v, i, t);
            v->e[i] += exposure_at(v, i, t);
        }
        v->next_e[i] = exposure_at(v, i, used);
        v->own[i] = 1;
    }
}

/* Half an event in place of none: a forecast that calls an event impossible has no score. */
static double at_least_half(double y)
{
    return y > 0 ? y : 0.5;
}

static void predict_baseline(struct view *v, enum count_method m)
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
            double e = exposure_at(v, i, t), rest = v->e[i] - e;
            if (m == COUNT_POOLED)
                mean[t] = e * pooled;
            else if (m == COUNT_OWN)
                mean[t] = v->used > 1 ? e * at_least_half(v->y[i] - count_at(v, i, t)) / rest : NAN;
            else
                mean[t] = t ? e * at_least_half(count_at(v, i, t - 1)) / exposure_at(v, i, t - 1) : NAN;
        }
        v->next[i] = v->next_e[i] * (m == COUNT_POOLED ? pooled
                                     : m == COUNT_OWN  ? at_least_half(v->y[i]) / v->e[i]
                                                       : at_least_half(count_at(v, i, last)) /
                                                             exposure_at(v, i, last));
        v->next_inv[i] = 0;
    }
    memset(v->inv, 0, v->p->n_places * v->used * sizeof *v->inv);
}

static enum stat_reason predict_eb(struct view *v)
{
    const struct count_panel *p = v->p;
    struct count_eb eb = count_eb_fit(v->a, p->n_places, v->y, v->e, p->group, p->n_groups);
    if (eb.status == STAT_REFUSED)
        return eb.reason;
    bool spread = isfinite(eb.shape);
    for (size_t i = 0; i < p->n_places; i++) {
        double m = eb.prior_mean[i];
        for (size_t t = 0; t < v->used; t++) {
            double e = exposure_at(v, i, t), shape = v->y[i] - count_at(v, i, t) + eb.shape;
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
static double past_score(double c, const struct view *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->p->n_places; i++)
        for (size_t t = 0; t < v->used; t++) {
            size_t k = i * v->used + t;
            if (isnan(v->mean[k]))
                continue;
            double inv = v->inv[k] + (1 + v->inv[k]) * c;
            sum += count_log_negbin(count_at(v, i, t), v->mean[k], inv > 0 ? 1 / inv : INFINITY);
        }
    return sum;
}

static double past_score_log(double log_c, void *v)
{
    return past_score(exp(log_c), v);
}

static double fit_inverse_kappa(struct view *v)
{
    double x = count_maximise(past_score_log, v, log(1e-4), log(50), 24);
    return past_score_log(x, v) > past_score(0, v) + 1e-7 ? exp(x) : 0;
}

/* The forecast of period `used` from those before it. */
static enum stat_reason forecast_from(struct view *v, size_t used, enum count_method m,
                                      struct count_forecast *out)
{
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
        out->size[i] = inv > 0 ? 1 / inv : INFINITY;
    }
    return STAT_REASON_NONE;
}

static enum stat_reason check(const struct count_panel *p)
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

static struct count_forecast forecast_new(struct arena *a, size_t n)
{
    return (struct count_forecast){arena_array(a, n + 1, sizeof(double)),
                                   arena_array(a, n + 1, sizeof(double)), NAN};
}

enum stat_reason count_forecast(struct arena *a, const struct count_panel *p, enum count_method m,
                                struct count_forecast *out)
{
    enum stat_reason r = check(p);
    if (r)
        return r;
    struct view v = view_new(a, p);
    *out = forecast_new(a, p->n_places);
    return forecast_from(&v, p->n_periods, m, out);
}

void count_forecast_interval(double mean, double size, double level, double *lower, double *upper)
{
    *lower = dist_negbin_quantile((1 - level) / 2, mean, size);
    *upper = dist_negbin_quantile((1 + level) / 2, mean, size);
}

/* --- the past ------------------------------------------------------------------------------------- */

struct past {
    size_t n;
    double *log_score[COUNT_METHODS];
    int32_t *period;
};

static void score_forecast(const struct view *v, size_t t, const struct count_forecast *f,
                           struct count_record *rec, double *log_score)
{
    static const double level[3] = {0.5, 0.8, 0.95};
    for (size_t i = 0; i < v->p->n_places; i++) {
        double y = count_at(v, i, t);
        struct score_count s = score_negbin(y, f->mean[i], f->size[i]);
        double *cover[3] = {&rec->cover50, &rec->cover80, &rec->cover95};
        for (int k = 0; k < 3; k++) {
            double lo, hi;
            count_forecast_interval(f->mean[i], f->size[i], level[k], &lo, &hi);
            *cover[k] += y >= lo && y <= hi;
        }
        rec->log_score += s.log;
        rec->rps += s.rps;
        rec->dss += s.dss;
        log_score[i] = s.log;
        rec->n++;
    }
}

static void score_past(struct view *v, size_t first, struct past *past, struct count_record *rec)
{
    struct count_forecast f = forecast_new(v->a, v->p->n_places);
    size_t n = v->p->n_places;
    for (size_t t = first; t < v->p->n_periods; t++) {
        enum stat_reason failed = STAT_REASON_NONE;
        struct count_record before[COUNT_METHODS];
        memcpy(before, rec, sizeof before);
        for (int m = 0; m < COUNT_METHODS && !failed; m++) {
            failed = forecast_from(v, t, (enum count_method)m, &f);
            if (!failed)
                score_forecast(v, t, &f, &rec[m], past->log_score[m] + past->n);
        }
        if (failed) { /* an origin counts only if every method made a forecast: the pairs must be fair */
            memcpy(rec, before, sizeof before);
            continue;
        }
        for (size_t i = 0; i < n; i++)
            past->period[past->n + i] = (int32_t)t;
        past->n += n;
    }
}

static void finish_records(struct arena *a, const struct past *past, double level, struct count_ladder *out)
{
    out->proven = true;
    for (int m = 0; m < COUNT_METHODS; m++) {
        struct count_record *r = &out->record[m];
        double n = (double)r->n;
        r->method = (enum count_method)m;
        r->log_score /= n;
        r->rps /= n;
        r->dss /= n;
        r->cover50 /= n;
        r->cover80 /= n;
        r->cover95 /= n;
        r->against = score_compare(a, past->n, past->log_score[m], past->log_score[out->method],
                                   past->period, 1, level);
        if (m <= COUNT_LAST && r->against.better != 1)
            out->proven = false;
    }
}

static void counts_only(struct arena *a, const struct count_panel *p, struct count_ladder *out)
{
    size_t n = p->n_places;
    out->count_lower = arena_array(a, n + 1, sizeof(double));
    out->count_upper = arena_array(a, n + 1, sizeof(double));
    out->place = arena_array(a, n + 1, sizeof *out->place);
    for (size_t i = 0; i < n; i++) {
        count_poisson_interval(p->y[i * p->n_periods + p->n_periods - 1], out->level,
                               &out->count_lower[i], &out->count_upper[i]);
        out->place[i] = (struct count_place_forecast){NAN, NAN, NAN, NAN, NAN};
    }
    out->total_mean = out->total_lower = out->total_upper = out->kappa = NAN;
}

static void fill_forecast(struct view *v, struct count_ladder *out)
{
    struct count_forecast f = forecast_new(v->a, v->p->n_places);
    out->reason = forecast_from(v, v->p->n_periods, out->method, &f);
    if (out->reason)
        return;
    double mean = 0, var = 0;
    for (size_t i = 0; i < v->p->n_places; i++) {
        struct count_place_forecast *pf = &out->place[i];
        *pf = (struct count_place_forecast){.mean = f.mean[i], .size = f.size[i], .expected_own = v->own[i]};
        count_forecast_interval(pf->mean, pf->size, out->level, &pf->lower, &pf->upper);
        mean += pf->mean;
        var += pf->mean + pf->mean * (pf->mean / pf->size);
    }
    /* The sum of the places, independent given their rates, by its first two moments. */
    double size = var > mean * (1 + 1e-12) ? mean * mean / (var - mean) : INFINITY;
    out->total_mean = mean;
    count_forecast_interval(mean, size, out->level, &out->total_lower, &out->total_upper);
    out->kappa = f.kappa;
    out->status = STAT_OK;
    out->step = COUNT_STEP_EB;
}

struct count_ladder count_ladder(struct arena *a, const struct count_panel *p,
                                 const struct count_rules *rules)
{
    struct count_rules r = rules ? *rules : (struct count_rules){0};
    r.min_events = r.min_events ? r.min_events : 12;
    r.min_periods = r.min_periods ? r.min_periods : 4;
    r.first_origin = r.first_origin ? r.first_origin : 3;
    struct count_ladder out = {.status = STAT_REFUSED, .method = COUNT_EB_OVER,
                               .level = r.level > 0 ? r.level : 0.95};
    int64_t events = 0;
    out.reason = check(p);
    if (out.reason)
        return out;
    for (size_t k = 0; k < p->n_places * p->n_periods; k++)
        events += p->y[k];
    counts_only(a, p, &out);
    if (p->n_periods < r.min_periods || p->n_periods <= r.first_origin) {
        out.reason = STAT_REASON_FEW_PERIODS;
        return out;
    }
    if (events < r.min_events) {
        out.reason = STAT_REASON_FEW_EVENTS;
        return out;
    }
    struct view v = view_new(a, p);
    size_t most = p->n_places * (p->n_periods - r.first_origin) + 1;
    struct past past = {.period = arena_array(a, most, sizeof(int32_t))};
    for (int m = 0; m < COUNT_METHODS; m++)
        past.log_score[m] = arena_array(a, most, sizeof(double));
    score_past(&v, r.first_origin, &past, out.record);
    if (past.n == 0) {
        out.reason = STAT_REASON_FEW_EVENTS;
        return out;
    }
    finish_records(a, &past, out.level, &out);
    for (int m = 0; m <= COUNT_LAST; m++)
        if (!(out.record[out.method].log_score < out.record[m].log_score)) {
            out.reason = STAT_REASON_NOT_BETTER;
            return out;
        }
    fill_forecast(&v, &out);
    return out;
}
