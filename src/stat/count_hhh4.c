/* count_hhh4.c - the steps of the ladder that are endemic-epidemic models (stat/hhh4.h). */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/count_inner.h"
#include "stat/hhh4.h"

enum { NE_PERIODS = 12, COLUMNS = 6 };

/* The panel as the model wants it: one period more, to be forecast, and exposures around 1. */
static void read_panel(struct arena *a, const struct count_view *v, size_t used, struct hhh4_model *m,
                       double **offset)
{
    const struct count_panel *p = v->p;
    size_t n = p->n_places, periods = used + 1;
    int64_t *y = arena_array(a, n * periods, sizeof *y);
    double *e = arena_array(a, n * periods, sizeof *e), mean = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; t < periods; t++) {
            y[i * periods + t] = t < used ? p->y[i * p->n_periods + t] : 0;
            e[i * periods + t] = count_view_exposure(v, i, t);
            mean += e[i * periods + t] / (double)(n * periods);
        }
    for (size_t k = 0; k < n * periods; k++)
        e[k] /= mean;
    *m = (struct hhh4_model){.n_units = n, .n_periods = periods, .y = y, .family = HHH4_NEGBIN1};
    *offset = e;
}

/* Columns of the endemic part: intercept, trend, waves. */
static size_t endemic_columns(struct arena *a, const struct count_panel *p, size_t periods,
                              enum count_method method, struct hhh4_column *column)
{
    size_t n = 1;
    int waves = method == COUNT_HHH4_SEASON ? 1 : method == COUNT_HHH4_FULL ? 2 : 0;
    if (!(p->periods_per_year >= 3))
        waves = 0;
    else if (p->periods_per_year < 5 && waves > 1)
        waves = 1; /* the second one of a year of four seasons says what the first does */
    column[0] = (struct hhh4_column){0};
    if (method == COUNT_HHH4_FULL) {
        double *x = arena_array(a, periods, sizeof *x);
        for (size_t t = 0; t < periods; t++)
            x[t] = ((double)t - (double)periods / 2) / (double)periods;
        column[n++] = (struct hhh4_column){.x = x, .per_period = 1};
    }
    const struct hhh4_column *season =
        hhh4_season(a, periods, p->periods_per_year > 0 ? p->periods_per_year : 1, waves, 0);
    for (int k = 1; k <= 2 * waves; k++)
        column[n++] = season[k];
    return n;
}

static enum stat_reason fit_and_predict(struct arena *a, const struct count_view *v, size_t used,
                                        enum count_method method, struct count_forecast *out)
{
    struct hhh4_model m;
    double *offset;
    read_panel(a, v, used, &m, &offset);
    const struct hhh4_column one = {0};
    struct hhh4_column end[COLUMNS];
    bool all = method == COUNT_HHH4_FULL && m.n_units > 1;
    size_t n = endemic_columns(a, v->p, m.n_periods, method, end);
    m.part[HHH4_AR] = (struct hhh4_component){1, &one, all, NULL, 0};
    m.part[HHH4_END] = (struct hhh4_component){n, end, m.n_units > 1, offset, 0};
    struct hhh4_weights w = {.kind = HHH4_GIVEN, .normalise = true};
    if (v->p->neighbours && used >= NE_PERIODS && v->p->neighbours->start[m.n_units] > 0) {
        w.links = *v->p->neighbours;
        m.weights = &w;
        m.part[HHH4_NE] = (struct hhh4_component){1, &one, all, NULL, 0};
    }
    if (used < 2)
        return STAT_REASON_FEW_PERIODS;
    struct hhh4_fit f = hhh4_fit(a, &m, 1, used, NULL, NULL);
    if (f.status == STAT_REFUSED)
        return f.reason;
    hhh4_predict(a, &m, &f, used, out->mean, out->size, NULL);
    for (size_t i = 0; i < m.n_units; i++) {
        if (!(out->mean[i] > 0) || !isfinite(out->mean[i]))
            return STAT_REASON_NOT_CONVERGED; /* a count that is called impossible is no forecast */
        out->own[i] = NAN;
    }
    out->kappa = m.n_units ? out->size[0] : NAN;
    return STAT_REASON_NONE;
}

enum stat_reason count_hhh4_from(const struct count_view *v, size_t used, enum count_method method,
                                 struct count_forecast *out)
{
    struct arena *a = arena_new((size_t)2 << 30);
    enum stat_reason r = fit_and_predict(a, v, used, method, out);
    arena_free(a);
    return r;
}
