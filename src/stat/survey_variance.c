/* survey_variance.c - the covariance of two linearised scores under the design, stage by stage. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/survey_design.h"

struct survey_work *survey_work_new(struct arena *a, const struct survey_design *d)
{
    struct survey_work *w = arena_alloc(a, sizeof *w);
    size_t most = 0;
    w->d = d;
    for (size_t s = 0; s < d->n_stages; s++) {
        size_t n = d->stage[s].n_clusters + 1;
        w->x[s] = arena_array(a, n, sizeof(double));
        w->y[s] = arena_array(a, n, sizeof(double));
        w->seen[s] = arena_array(a, n, 1);
        w->touched[s] = arena_array(a, n, sizeof(uint32_t));
        if (d->stage[s].n_strata > most)
            most = d->stage[s].n_strata;
    }
    w->cell = arena_array(a, most + 1, sizeof *w->cell);
    w->strata = arena_array(a, most + 1, sizeof *w->strata);
    return w;
}

static void add_at(struct survey_work *w, size_t s, uint32_t c, double x, double y)
{
    if (!w->seen[s][c]) {
        w->seen[s][c] = 1;
        w->touched[s][w->n_touched[s]++] = c;
    }
    w->x[s][c] += x;
    w->y[s][c] += y;
}

void survey_work_add(struct survey_work *w, uint32_t unit, double x, double y)
{
    add_at(w, w->d->n_stages - 1, unit, x, y);
}

/* Sums and then squared deviations by stratum: two passes keep the digits. */
static size_t gather_strata(struct survey_work *w, size_t s)
{
    const struct survey_stage *st = &w->d->stage[s];
    size_t n_strata = 0;
    for (size_t i = 0; i < w->n_touched[s]; i++) {
        uint32_t c = w->touched[s][i], h = st->stratum[c];
        struct survey_cell *cell = &w->cell[h];
        if (cell->m++ == 0)
            w->strata[n_strata++] = h;
        cell->sx += w->x[s][c];
        cell->sy += w->y[s][c];
    }
    for (size_t i = 0; i < w->n_touched[s]; i++) {
        uint32_t c = w->touched[s][i], h = st->stratum[c];
        struct survey_cell *cell = &w->cell[h];
        double n = st->sampled[h];
        cell->cxy += (w->x[s][c] - cell->sx / n) * (w->y[s][c] - cell->sy / n);
    }
    return n_strata;
}

/* One stage's term; clears the strata. */
static double stage_term(struct survey_work *w, size_t s, size_t n_strata)
{
    const struct survey_stage *st = &w->d->stage[s];
    struct num_sum v = {0, 0};
    size_t lonely = 0;
    for (size_t i = 0; i < n_strata; i++) {
        uint32_t h = w->strata[i];
        struct survey_cell c = w->cell[h];
        w->cell[h] = (struct survey_cell){0};
        double n = st->sampled[h], f = n / st->population[h], left = 1 - f;
        if (left < 1e-7)
            continue;
        if (n > 1) { /* clusters that were not touched have score 0 */
            double cxy = c.cxy + (n - (double)c.m) * (c.sx / n) * (c.sy / n);
            num_add(&v, st->above[h] * left * n / (n - 1) * cxy);
        } else if (w->d->lonely == SURVEY_LONELY_ADJUST) {
            num_add(&v, st->above[h] * left * c.sx * c.sy);
        } else if (w->d->lonely == SURVEY_LONELY_AVERAGE) {
            lonely++;
        }
    }
    if (lonely == 0)
        return num_total(v);
    return lonely < n_strata ? num_total(v) * (double)n_strata / (double)(n_strata - lonely) : NAN;
}

double survey_work_covariance(struct survey_work *w, size_t *psus, size_t *strata)
{
    const struct survey_design *d = w->d;
    double v = 0;
    for (size_t s = d->n_stages; s-- > 0;) {
        /* Without population sizes the first stage holds all variance. */
        if (s == 0 || d->has_fpc) {
            size_t n_strata = gather_strata(w, s);
            v += stage_term(w, s, n_strata);
            if (s == 0 && strata)
                *strata = n_strata;
        }
        if (s == 0 && psus)
            *psus = w->n_touched[0];
        for (size_t i = 0; i < w->n_touched[s]; i++) {
            uint32_t c = w->touched[s][i];
            if (s > 0)
                add_at(w, s - 1, d->stage[s].parent[c], w->x[s][c], w->y[s][c]);
            w->x[s][c] = w->y[s][c] = 0;
            w->seen[s][c] = 0;
        }
        w->n_touched[s] = 0;
    }
    return v;
}

/* z -= weight * (mean of z/weight in the cell), means weighted by `by` (NULL: equally). */
static void remove_cell_means(double *z, const double *weight, const double *by,
                              const int32_t *cell, size_t n, double *sum, double *count,
                              size_t n_cells)
{
    memset(sum, 0, n_cells * sizeof *sum);
    memset(count, 0, n_cells * sizeof *count);
    for (size_t i = 0; i < n; i++) {
        double b = by ? by[i] : 1;
        if (weight[i] > 0)
            sum[cell[i]] += z[i] / weight[i] * b;
        count[cell[i]] += b;
    }
    for (size_t i = 0; i < n; i++)
        if (count[cell[i]] > 0)
            z[i] -= weight[i] * (sum[cell[i]] / count[cell[i]]);
}

/* z/g less its regression on x with weights d, times g: g is the ratio of the weights. */
static void remove_regression(struct arena *a, const struct survey_calibration *c, size_t n, double *z)
{
    double *xz = arena_array(a, c->p, sizeof *xz), *b = arena_array(a, c->p, sizeof *b);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; z[i] != 0 && c->weight[i] > 0 && j < c->p; j++)
            xz[j] += c->x[i * c->p + j] * z[i] * c->old_weight[i] / c->weight[i];
    for (size_t j = 0; j < c->p; j++)
        for (size_t k = 0; k < c->p; k++)
            b[j] += c->inverse[j * c->p + k] * xz[k];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < c->p; j++)
            z[i] -= c->weight[i] * c->x[i * c->p + j] * b[j];
}

/* Takes the effects of several margins out of z/weight: ten rounds of projection on one margin after the other, as R
 * does; they converge fast. What a row loses depends on its combination of cells only. */
static void remove_margins(struct arena *a, const struct survey_calibration *c, size_t n, double *z, double *sum,
                           double *count)
{
    const struct survey_cells *k = &c->cells;
    bool weighted = c->kind == SURVEY_RAKED_WEIGHTED;
    double *e = arena_array(a, k->n + 1, sizeof *e), *rows = arena_array(a, k->n + 1, sizeof *rows);
    double *loss = arena_array(a, k->n + 1, sizeof *loss);
    for (size_t i = 0; i < n; i++) {
        uint32_t j = k->of[i];
        rows[j] += weighted ? c->weight[i] : 1;
        if (c->weight[i] > 0)
            e[j] += weighted ? z[i] : z[i] / c->weight[i];
    }
    for (int round = 0; round < 10; round++)
        for (size_t m = 0; m < k->n_margins; m++) {
            const int32_t *code = k->code + m;
            memset(sum, 0, c->n_cells[m] * sizeof *sum);
            memset(count, 0, c->n_cells[m] * sizeof *count);
            for (size_t j = 0; j < k->n; j++) {
                sum[code[j * k->n_margins]] += e[j];
                count[code[j * k->n_margins]] += rows[j];
            }
            for (size_t j = 0; j < k->n; j++) {
                int32_t cell = code[j * k->n_margins];
                double mean = count[cell] > 0 ? sum[cell] / count[cell] : 0;
                e[j] -= rows[j] * mean;
                loss[j] += mean;
            }
        }
    for (size_t i = 0; i < n; i++)
        z[i] -= c->weight[i] * loss[k->of[i]];
}

static void residuals(struct arena *a, const struct survey_calibration *c, size_t n, double *z)
{
    if (c->before)
        residuals(a, c->before, n, z);
    if (c->kind == SURVEY_CALIBRATED) {
        remove_regression(a, c, n, z);
        return;
    }
    size_t most = 0;
    for (size_t m = 0; m < c->n_margins; m++)
        most = c->n_cells[m] > most ? c->n_cells[m] : most;
    double *sum = arena_array(a, most + 1, sizeof *sum), *count = arena_array(a, most + 1, sizeof *count);
    if (c->kind == SURVEY_POSTSTRATIFIED) {
        remove_cell_means(z, c->weight, c->old_weight, c->cell[0], n, sum, count, c->n_cells[0]);
        return;
    }
    remove_margins(a, c, n, z, sum, count);
}

void survey_calibration_residuals(struct arena *a, const struct survey_design *d, double *z)
{
    if (d->calibration)
        residuals(a, d->calibration, d->n, z);
}
