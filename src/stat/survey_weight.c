/* survey_weight.c - post-stratification and raking: weights that add up to known totals. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/survey_design.h"

static enum stat_reason check_margin(const struct survey_design *d, const struct survey_margin *m)
{
    for (size_t i = 0; i < d->n; i++)
        if (m->cell[i] < 0 || (size_t)m->cell[i] >= m->n_cells)
            return STAT_REASON_NO_MARGIN;
    for (size_t c = 0; c < m->n_cells; c++)
        if (!(m->total[c] >= 0) || !isfinite(m->total[c]))
            return STAT_REASON_INVALID;
    return STAT_REASON_NONE;
}

/* One step: weights of each cell of margin k scaled to its total. *miss is the largest relative miss before. */
static enum stat_reason scale_to(double *w, const struct survey_cells *c, size_t k, const struct survey_margin *m,
                                 double *sum, double *miss)
{
    const int32_t *code = c->code + k;
    size_t step = c->n_margins;
    memset(sum, 0, m->n_cells * sizeof *sum);
    for (size_t i = 0; i < c->n; i++)
        sum[code[i * step]] += w[i];
    for (size_t j = 0; j < m->n_cells; j++) {
        if (sum[j] == 0 && m->total[j] > 0)
            return STAT_REASON_NO_MARGIN;
        double off = sum[j] > 0 ? fabs(m->total[j] / sum[j] - 1) : 0;
        if (off > *miss)
            *miss = off;
        sum[j] = sum[j] > 0 ? m->total[j] / sum[j] : 1;
    }
    for (size_t i = 0; i < c->n; i++)
        w[i] *= sum[code[i * step]];
    return STAT_REASON_NONE;
}

/* The sums of the rows' weights by combination. */
static double *sum_weights(struct arena *a, const struct survey_cells *c, const double *weight, size_t n)
{
    double *w = arena_array(a, c->n + 1, sizeof *w);
    for (size_t i = 0; i < n; i++)
        w[c->of[i]] += weight[i];
    return w;
}

/* The rows' weights when those of their combinations have come from `before` to `after`. */
static double *spread_weights(struct arena *a, const struct survey_cells *c, const double *before, double *after,
                              const double *weight, size_t n)
{
    double *w = arena_array(a, n + 1, sizeof *w);
    for (size_t k = 0; k < c->n; k++)
        after[k] = before[k] > 0 ? after[k] / before[k] : 0;
    for (size_t i = 0; i < n; i++)
        w[i] = weight[i] * after[c->of[i]];
    return w;
}

static struct survey_design *calibrated(struct arena *a, const struct survey_design *base,
                                        enum survey_calibration_kind kind, size_t n_margins,
                                        const struct survey_margin *m, struct survey_cells cells,
                                        const double *w)
{
    struct survey_calibration *c = arena_alloc(a, sizeof *c);
    const int32_t **cell = arena_array(a, n_margins + 1, sizeof *cell);
    size_t *n_cells = arena_array(a, n_margins + 1, sizeof *n_cells);
    for (size_t i = 0; i < n_margins; i++) {
        int32_t *copy = arena_array(a, base->n + 1, sizeof *copy);
        memcpy(copy, m[i].cell, base->n * sizeof *copy);
        cell[i] = copy;
        n_cells[i] = m[i].n_cells;
    }
    *c = (struct survey_calibration){.kind = kind, .before = base->calibration, .n_margins = n_margins,
                                     .cell = cell, .cells = cells, .n_cells = n_cells, .weight = w,
                                     .old_weight = base->weight};
    struct survey_design *d = arena_alloc(a, sizeof *d);
    *d = *base;
    d->weight = w;
    d->calibration = c;
    return d;
}

enum stat_reason survey_poststratify(struct arena *a, const struct survey_design *base,
                                     const struct survey_margin *m, struct survey_design **out)
{
    *out = NULL;
    enum stat_reason r = check_margin(base, m);
    if (r)
        return r;
    struct survey_cells cells = survey_cells_new(a, base->n, 1, m);
    double *before = sum_weights(a, &cells, base->weight, base->n), *after = arena_array(a, cells.n + 1, sizeof *after);
    double *sum = arena_array(a, m->n_cells + 1, sizeof *sum), miss = 0;
    memcpy(after, before, cells.n * sizeof *after);
    if ((r = scale_to(after, &cells, 0, m, sum, &miss)))
        return r;
    *out = calibrated(a, base, SURVEY_POSTSTRATIFIED, 1, m, cells,
                      spread_weights(a, &cells, before, after, base->weight, base->n));
    return STAT_REASON_NONE;
}

enum stat_reason survey_rake(struct arena *a, const struct survey_design *base, size_t n_margins,
                             const struct survey_margin *m, const struct survey_rake_options *o,
                             struct survey_design **out)
{
    struct survey_rake_options opt = o ? *o : (struct survey_rake_options){0};
    int most = opt.max_iterations > 0 ? opt.max_iterations : 200;
    double tolerance = opt.tolerance > 0 ? opt.tolerance : 1e-10, first = 0;
    size_t largest = 0;
    *out = NULL;
    if (n_margins == 0)
        return STAT_REASON_INVALID;
    for (size_t i = 0; i < n_margins; i++) {
        enum stat_reason r = check_margin(base, &m[i]);
        if (r)
            return r;
        double total = 0;
        for (size_t c = 0; c < m[i].n_cells; c++)
            total += m[i].total[c];
        if (i == 0)
            first = total;
        if (!(total > 0) || fabs(total - first) > 1e-6 * first)
            return STAT_REASON_INVALID;
        largest = m[i].n_cells > largest ? m[i].n_cells : largest;
    }
    struct survey_cells cells = survey_cells_new(a, base->n, n_margins, m);
    double *before = sum_weights(a, &cells, base->weight, base->n), *after = arena_array(a, cells.n + 1, sizeof *after);
    double *sum = arena_array(a, largest + 1, sizeof *sum);
    memcpy(after, before, cells.n * sizeof *after);
    for (int it = 0; it < most; it++) {
        double miss = 0;
        for (size_t i = 0; i < n_margins; i++) {
            enum stat_reason r = scale_to(after, &cells, i, &m[i], sum, &miss);
            if (r)
                return r;
        }
        if (miss <= tolerance) {
            enum survey_calibration_kind k = opt.weighted ? SURVEY_RAKED_WEIGHTED : SURVEY_RAKED;
            struct survey_design *d = calibrated(a, base, k, n_margins, m, cells,
                                                 spread_weights(a, &cells, before, after, base->weight, base->n));
            ((struct survey_calibration *)d->calibration)->rake = opt;
            *out = d;
            return STAT_REASON_NONE;
        }
    }
    return STAT_REASON_NOT_CONVERGED;
}
