/* survey_replicate.c - the factors of the replicates, and the variance of any statistic over them. */
#include "stat/survey_replicate.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/rng.h"
#include "stat/survey_replicate_inner.h"

/* The first-stage cluster of every row. */
static uint32_t *row_clusters(struct arena *a, const struct survey_design *d)
{
    uint32_t *psu = arena_array(a, d->n + 1, sizeof *psu);
    for (size_t i = 0; i < d->n; i++) {
        psu[i] = d->unit[i];
        for (size_t s = d->n_stages - 1; s > 0; s--)
            psu[i] = d->stage[s].parent[psu[i]];
    }
    return psu;
}

/* One margin's totals or the sums of x, as the calibration reached them. */
static double *reached(struct arena *a, const struct survey_calibration *c, size_t n, size_t margin)
{
    bool by_x = c->kind == SURVEY_CALIBRATED;
    size_t k = by_x ? c->p : c->n_cells[margin];
    struct num_sum *s = arena_array(a, k + 1, sizeof *s);
    double *t = arena_array(a, k + 1, sizeof *t);
    for (size_t i = 0; i < n; i++) {
        if (!by_x)
            num_add(&s[c->cell[margin][i]], c->weight[i]);
        for (size_t j = 0; by_x && j < k; j++)
            num_add(&s[j], c->weight[i] * c->x[i * k + j]);
    }
    for (size_t j = 0; j < k; j++)
        t[j] = num_total(s[j]);
    return t;
}

/* The calibrations of the design in their order, with their targets; the weights before them. */
static void keep_calibrations(struct arena *a, struct survey_replicates *r)
{
    const struct survey_calibration *c;
    r->base = r->d->weight;
    for (c = r->d->calibration; c; c = c->before)
        r->n_again++;
    r->again = arena_array(a, r->n_again + 1, sizeof *r->again);
    size_t at = r->n_again;
    for (c = r->d->calibration; c; c = c->before) {
        struct again *g = &r->again[--at];
        g->c = c;
        r->base = c->old_weight;
        if (c->kind == SURVEY_CALIBRATED) {
            g->totals = reached(a, c, r->d->n, 0);
            continue;
        }
        g->margin = arena_array(a, c->n_margins, sizeof *g->margin);
        for (size_t m = 0; m < c->n_margins; m++)
            g->margin[m] = (struct survey_margin){c->cell[m], c->n_cells[m], reached(a, c, r->d->n, m)};
    }
}

static struct survey_replicates *replicates_new(struct arena *a, const struct survey_design *d)
{
    struct survey_replicates *r = arena_alloc(a, sizeof *r);
    r->d = d;
    r->psu = row_clusters(a, d);
    r->scale = 1;
    keep_calibrations(a, r);
    return r;
}

/* --- which replicates there are ------------------------------------------------------------------------ */

static double fraction(const struct survey_stage *st, size_t h)
{
    return st->sampled[h] / st->population[h];
}

/* One replicate a cluster, but for strata taken as a whole; single clusters by the design's policy. */
static enum stat_reason jackknife(struct arena *a, struct survey_replicates *r)
{
    const struct survey_stage *st = &r->d->stage[0];
    double strata = (double)st->n_strata;
    r->deleted = arena_array(a, st->n_clusters + 1, sizeof *r->deleted);
    r->rscale = arena_array(a, st->n_clusters + 1, sizeof *r->rscale);
    for (size_t c = 0; c < st->n_clusters; c++) {
        uint32_t h = st->stratum[c];
        double n = st->sampled[h], f = fraction(st, h), by = (1 - f) * (n - 1) / n;
        if (1 - f < 1e-7)
            continue;
        if (n == 1 && r->d->lonely == SURVEY_LONELY_ADJUST && strata > 1)
            by = (strata - 1) / strata;
        else if (n == 1)
            continue;
        r->deleted[r->count] = (uint32_t)c;
        r->rscale[r->count++] = by;
    }
    if (r->count == 0)
        return STAT_REASON_FEW_DF;
    if (r->d->lonely == SURVEY_LONELY_AVERAGE && r->count < st->n_clusters)
        r->scale = (double)st->n_clusters / (double)r->count;
    return STAT_REASON_NONE;
}

/* BRR and the bootstrap take a stratum with one cluster as certain or leave it out, but cannot adjust for it. */
static bool lonely_allowed(const struct survey_design *d)
{
    bool plain = d->lonely == SURVEY_LONELY_CERTAINTY || d->lonely == SURVEY_LONELY_REMOVE;
    for (size_t h = 0; h < d->stage[0].n_strata && !plain; h++)
        if (d->stage[0].sampled[h] < 2 && 1 - fraction(&d->stage[0], h) >= 1e-7)
            return false;
    return true;
}

static enum stat_reason half_samples(struct arena *a, struct survey_replicates *r, double rho)
{
    const struct survey_stage *st = &r->d->stage[0];
    if (!(rho >= 0 && rho < 1))
        return STAT_REASON_INVALID;
    for (size_t h = 0; h < st->n_strata; h++)
        if (st->sampled[h] > 2)
            return STAT_REASON_NOT_TWO_CLUSTERS;
    r->count = survey_hadamard(st->n_strata + 1, NULL);
    r->sign = arena_array(a, r->count * r->count, 1);
    survey_hadamard(st->n_strata + 1, r->sign);
    r->second = arena_array(a, st->n_clusters + 1, sizeof *r->second);
    uint8_t *seen = arena_array(a, st->n_strata + 1, 1);
    for (size_t c = 0; c < st->n_clusters; c++)
        r->second[c] = seen[st->stratum[c]]++ > 0;
    r->rho = rho;
    r->scale = 1 / ((double)r->count * (1 - rho) * (1 - rho));
    return STAT_REASON_NONE;
}

enum stat_reason survey_replicates_new(struct arena *a, const struct survey_design *d,
                                       const struct survey_replicate_options *o,
                                       struct survey_replicates **out)
{
    struct survey_replicates *r = replicates_new(a, d);
    enum stat_reason why = STAT_REASON_NONE;
    *out = NULL;
    r->kind = o->kind;
    r->mse = o->mse;
    if (o->kind == SURVEY_JK1 && d->stage[0].n_strata > 1)
        return STAT_REASON_INVALID;
    if ((o->kind == SURVEY_BRR || o->kind == SURVEY_BOOTSTRAP) && !lonely_allowed(d))
        return STAT_REASON_SINGLE_PSU;
    switch (o->kind) {
    case SURVEY_JK1:
    case SURVEY_JKN:
        why = jackknife(a, r);
        break;
    case SURVEY_BRR:
        why = half_samples(a, r, o->rho);
        break;
    case SURVEY_BOOTSTRAP:
        r->count = o->replicates ? o->replicates : 500;
        r->seed = o->seed;
        r->scale = 1 / ((double)r->count - 1);
        why = r->count < 2 ? STAT_REASON_INVALID : STAT_REASON_NONE;
        break;
    default:
        why = STAT_REASON_INVALID;
    }
    if (!why)
        *out = r;
    return why;
}

enum stat_reason survey_replicates_given(struct arena *a, const struct survey_design *d,
                                         const double *weight, size_t replicates, bool combined,
                                         double scale, const double *rscale, double df, bool mse,
                                         struct survey_replicates **out)
{
    struct survey_replicates *r = replicates_new(a, d);
    *out = NULL;
    if (replicates < 2 || !(scale > 0) || !isfinite(scale) || d->calibration)
        return STAT_REASON_INVALID;
    for (size_t i = 0; i < d->n * replicates; i++)
        if (!(weight[i] >= 0) || !isfinite(weight[i]))
            return STAT_REASON_BAD_WEIGHT;
    for (size_t i = 0; rscale && i < replicates; i++)
        if (!(rscale[i] >= 0) || !isfinite(rscale[i]))
            return STAT_REASON_INVALID;
    r->kind = SURVEY_GIVEN;
    r->count = replicates;
    r->given = weight;
    r->combined = combined;
    r->scale = scale;
    r->rscale = (double *)rscale;
    r->df = df > 0 ? df : (double)replicates - 1;
    r->mse = mse;
    *out = r;
    return STAT_REASON_NONE;
}

size_t survey_replicates_count(const struct survey_replicates *r) { return r->count; }
double survey_replicates_scale(const struct survey_replicates *r) { return r->scale; }

double survey_replicates_rscale(const struct survey_replicates *r, size_t i)
{
    return r->rscale ? r->rscale[i] : 1;
}

/* --- factors and weights -------------------------------------------------------------------------------- */

/* Of n - 1 draws among a stratum's n clusters, how often each came up, as factors. */
static void draw(const struct survey_replicates *r, size_t i, double *factor)
{
    const struct survey_stage *st = &r->d->stage[0];
    struct rng g = rng_stream(r->seed, "survey bootstrap", i);
    /* Clusters are not in the order of their strata: the k-th draw of stratum h counts for its k-th cluster. */
    size_t clusters = st->n_clusters, strata = st->n_strata;
    struct arena *scratch = arena_new((size_t)1 << 40);
    size_t *start = arena_array(scratch, strata + 2, sizeof *start);
    uint32_t *list = arena_array(scratch, clusters + 1, sizeof *list);
    for (size_t c = 0; c < clusters; c++)
        start[st->stratum[c] + 2]++;
    for (size_t h = 2; h <= strata + 1; h++)
        start[h] += start[h - 1];
    for (size_t c = 0; c < clusters; c++)
        list[start[st->stratum[c] + 1]++] = (uint32_t)c;
    memset(factor, 0, clusters * sizeof *factor);
    for (size_t h = 0; h < strata; h++) {
        size_t n = start[h + 1] - start[h];
        for (size_t k = 1; k < n; k++)
            factor[list[start[h] + rng_below(&g, n)]]++;
        double left = sqrt(fmax(1 - fraction(st, h), 0)), by = n > 1 ? (double)n / ((double)n - 1) : 1;
        for (size_t k = start[h]; k < start[h + 1]; k++)
            factor[list[k]] = n > 1 ? 1 + left * (by * factor[list[k]] - 1) : 1;
    }
    arena_free(scratch);
}

void survey_replicates_factors(const struct survey_replicates *r, size_t i, double *factor)
{
    const struct survey_stage *st = &r->d->stage[0];
    if (r->kind == SURVEY_BOOTSTRAP) {
        draw(r, i, factor);
        return;
    }
    if (r->kind == SURVEY_BRR) {
        for (size_t c = 0; c < st->n_clusters; c++) {
            uint32_t h = st->stratum[c];
            bool in = (r->sign[((size_t)h + 1) * r->count + i] > 0) != r->second[c];
            factor[c] = st->sampled[h] < 2 ? 1 : in ? 2 - r->rho : r->rho;
        }
        return;
    }
    uint32_t out = r->deleted[i], h = st->stratum[out];
    double n = st->sampled[h], strata = (double)st->n_strata;
    for (size_t c = 0; c < st->n_clusters; c++) {
        bool inside = st->stratum[c] == h;
        factor[c] = n == 1 ? (inside ? 0 : strata / (strata - 1)) : inside ? n / (n - 1) : 1;
    }
    factor[out] = 0;
}

static enum stat_reason calibrate_again(const struct survey_replicates *r, struct arena *a, double *weight)
{
    struct survey_design d = *r->d;
    d.calibration = NULL;
    d.weight = weight;
    for (size_t k = 0; k < r->n_again; k++) {
        const struct again *g = &r->again[k];
        struct survey_design *next = NULL;
        enum stat_reason why =
            g->c->kind == SURVEY_CALIBRATED       ? survey_calibrate(a, &d, g->c->p, g->c->x, g->totals, &g->c->options, &next)
            : g->c->kind == SURVEY_POSTSTRATIFIED ? survey_poststratify(a, &d, g->margin, &next)
                                                  : survey_rake(a, &d, g->c->n_margins, g->margin, &g->c->rake, &next);
        if (why)
            return why;
        d.weight = next->weight;
    }
    if (d.weight != weight)
        memcpy(weight, d.weight, d.n * sizeof *weight);
    return STAT_REASON_NONE;
}

enum stat_reason survey_replicates_weights(const struct survey_replicates *r, size_t i, double *weight)
{
    size_t n = r->d->n;
    if (r->kind == SURVEY_GIVEN) {
        for (size_t k = 0; k < n; k++)
            weight[k] = r->given[k * r->count + i] * (r->combined ? 1 : r->d->weight[k]);
        return STAT_REASON_NONE;
    }
    struct arena *scratch = arena_new((size_t)1 << 40);
    double *factor = arena_array(scratch, r->d->stage[0].n_clusters + 1, sizeof *factor);
    survey_replicates_factors(r, i, factor);
    for (size_t k = 0; k < n; k++)
        weight[k] = r->base[k] * factor[r->psu[k]];
    enum stat_reason why = r->n_again ? calibrate_again(r, scratch, weight) : STAT_REASON_NONE;
    arena_free(scratch);
    return why;
}

/* --- the variance ------------------------------------------------------------------------------------------ */

enum stat_reason survey_replicates_covariance(struct arena *a, const struct survey_replicates *r, size_t k,
                                              const double *value, const double *est, double *cov,
                                              size_t *failed)
{
    bool *good = arena_array(a, r->count, sizeof *good);
    double *centre = arena_array(a, k + 1, sizeof *centre), used = 0;
    size_t lost = 0;
    for (size_t i = 0; i < r->count; i++) {
        good[i] = true;
        for (size_t j = 0; j < k; j++)
            good[i] &= isfinite(value[i * k + j]) != 0;
        lost += !good[i];
        used += good[i] && survey_replicates_rscale(r, i) > 0;
    }
    if (failed)
        *failed = lost;
    for (size_t j = 0; j < k; j++) {
        struct num_sum s = {0, 0};
        for (size_t i = 0; i < r->count; i++)
            if (good[i] && survey_replicates_rscale(r, i) > 0)
                num_add(&s, value[i * k + j]);
        centre[j] = r->mse ? est[j] : num_total(s) / used;
    }
    for (size_t p = 0; p < k; p++)
        for (size_t q = 0; q <= p; q++) {
            struct num_sum s = {0, 0};
            for (size_t i = 0; i < r->count; i++)
                if (good[i])
                    num_add(&s, survey_replicates_rscale(r, i) * (value[i * k + p] - centre[p]) *
                                    (value[i * k + q] - centre[q]));
            cov[p * k + q] = cov[q * k + p] = r->scale * num_total(s);
        }
    return used >= 2 ? STAT_REASON_NONE : STAT_REASON_NOT_CONVERGED;
}

struct many {
    const struct survey_replicates *r;
    survey_statistic *statistic;
    void *arg;
    size_t k;
    double *value;
};

static void one_replicate(void *arg, size_t i, unsigned thread)
{
    struct many *m = arg;
    struct arena *scratch = arena_new((size_t)1 << 40);
    double *w = arena_array(scratch, m->r->d->n + 1, sizeof *w), *out = m->value + i * m->k;
    (void)thread;
    if (survey_replicates_weights(m->r, i, w))
        for (size_t j = 0; j < m->k; j++)
            out[j] = NAN;
    else
        m->statistic(m->arg, scratch, w, out);
    arena_free(scratch);
}

enum stat_reason survey_replicate(struct arena *a, const struct survey_replicates *r, size_t k,
                                  survey_statistic *statistic, void *arg, const struct stat_run *run,
                                  double *est, double *cov, double *values, size_t *failed)
{
    struct many m = {r, statistic, arg, k, values ? values : arena_array(a, r->count * k + 1, sizeof(double))};
    statistic(arg, a, r->d->weight, est);
    if (!stat_parallel(run, r->count, one_replicate, &m))
        return STAT_REASON_STOPPED;
    return survey_replicates_covariance(a, r, k, m.value, est, cov, failed);
}
