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

/* One step: weights of each cell scaled to its total. *miss is the largest relative miss before. */
static enum stat_reason scale_to(double *w, size_t n, const struct survey_margin *m, double *sum,
                                 double *miss)
{
    memset(sum, 0, m->n_cells * sizeof *sum);
    for (size_t i = 0; i < n; i++)
        sum[m->cell[i]] += w[i];
    for (size_t c = 0; c < m->n_cells; c++) {
        if (sum[c] == 0 && m->total[c] > 0)
            return STAT_REASON_NO_MARGIN;
        double off = sum[c] > 0 ? fabs(m->total[c] / sum[c] - 1) : 0;
        if (off > *miss)
            *miss = off;
        sum[c] = sum[c] > 0 ? m->total[c] / sum[c] : 1;
    }
    for (size_t i = 0; i < n; i++)
        w[i] *= sum[m->cell[i]];
    return STAT_REASON_NONE;
}

static struct survey_design *calibrated(struct arena *a, const struct survey_design *base,
                                        enum survey_calibration_kind kind, size_t n_margins,
                                        const struct survey_margin *m, const double *w)
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
                                     .cell = cell, .n_cells = n_cells, .weight = w,
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
    double *w = arena_array(a, base->n + 1, sizeof *w), *sum = arena_array(a, m->n_cells + 1, sizeof *sum);
    double miss = 0;
    memcpy(w, base->weight, base->n * sizeof *w);
    if ((r = scale_to(w, base->n, m, sum, &miss)))
        return r;
    *out = calibrated(a, base, SURVEY_POSTSTRATIFIED, 1, m, w);
    return STAT_REASON_NONE;
}

enum stat_reason survey_rake(struct arena *a, const struct survey_design *base, size_t n_margins,
                             const struct survey_margin *m, const struct survey_rake_options *o,
                             struct survey_design **out)
{
    struct survey_rake_options opt = o ? *o : (struct survey_rake_options){0};
    int most = opt.max_iterations > 0 ? opt.max_iterations : 200;
    double tolerance = opt.tolerance > 0 ? opt.tolerance : 1e-10, first = 0;
    size_t cells = 0;
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
        cells = m[i].n_cells > cells ? m[i].n_cells : cells;
    }
    double *w = arena_array(a, base->n + 1, sizeof *w), *sum = arena_array(a, cells + 1, sizeof *sum);
    memcpy(w, base->weight, base->n * sizeof *w);
    for (int it = 0; it < most; it++) {
        double miss = 0;
        for (size_t i = 0; i < n_margins; i++) {
            enum stat_reason r = scale_to(w, base->n, &m[i], sum, &miss);
            if (r)
                return r;
        }
        if (miss <= tolerance) {
            enum survey_calibration_kind k = opt.weighted ? SURVEY_RAKED_WEIGHTED : SURVEY_RAKED;
            struct survey_design *d = calibrated(a, base, k, n_margins, m, w);
            ((struct survey_calibration *)d->calibration)->rake = opt;
            *out = d;
            return STAT_REASON_NONE;
        }
    }
    return STAT_REASON_NOT_CONVERGED;
}
