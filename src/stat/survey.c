/* survey.c - indexes a sample design: every stage's clusters and strata become small numbers. */
#include "stat/survey.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/survey_design.h"
#include "stat/survey_index.h"

/* An upper bound of distinct values without another pass over a table: runs of equal keys. */
static size_t count_runs(const int64_t *v, const uint32_t *above, size_t n)
{
    size_t runs = n > 0;
    for (size_t i = 1; i < n; i++)
        runs += (v && v[i] != v[i - 1]) || (above && above[i] != above[i - 1]);
    return runs;
}

/* Gives every row its stratum and cluster at stage s; above[] is its cluster one stage up. */
static enum stat_reason index_stage(struct arena *a, struct survey_design *d,
                                    const struct survey_spec *sp, size_t s, const uint32_t *above,
                                    uint32_t *row, uint32_t *row_stratum, size_t *bad_row)
{
    struct survey_stage *st = &d->stage[s];
    const int64_t *strata = sp->strata[s], *ids = sp->ids[s];
    size_t n = sp->n, stratum_runs = count_runs(strata, above, n);
    struct survey_index *hs = survey_index_new(a, stratum_runs);
    size_t most = ids ? count_runs(ids, above, n) + stratum_runs : n;
    struct survey_index *hc = ids ? survey_index_new(a, most) : NULL;
    st->parent = arena_array(a, most + 1, sizeof *st->parent);
    st->stratum = arena_array(a, most + 1, sizeof *st->stratum);
    bool nest = s > 0 || sp->nest;
    for (size_t i = 0; i < n; i++) {
        uint32_t up = above ? above[i] : 0, h, c;
        bool same = i > 0 && (!above || up == above[i - 1]) && (!strata || strata[i] == strata[i - 1]);
        h = same ? row_stratum[i - 1] : survey_index_get(hs, up, strata ? strata[i] : 0);
        row_stratum[i] = h;
        if (!ids) {
            c = (uint32_t)i;
        } else if (same && ids[i] == ids[i - 1]) {
            row[i] = row[i - 1];
            continue;
        } else {
            size_t before = hc->n;
            c = survey_index_get(hc, nest ? h : 0, ids[i]);
            if (c < before && st->stratum[c] != h) {
                *bad_row = i;
                return STAT_REASON_NOT_NESTED;
            }
        }
        row[i] = c;
        st->stratum[c] = h;
        st->parent[c] = up;
    }
    st->n_strata = hs->n;
    st->n_clusters = ids ? hc->n : n;
    if (s == 0) {
        st->stratum_key = arena_array(a, st->n_strata + 1, sizeof *st->stratum_key);
        st->cluster_key = arena_array(a, st->n_clusters + 1, sizeof *st->cluster_key);
        for (size_t h = 0; h < st->n_strata; h++)
            st->stratum_key[h] = hs->key[h].id;
        for (size_t c = 0; c < st->n_clusters; c++)
            st->cluster_key[c] = ids ? hc->key[c].id : (int64_t)c;
    }
    return STAT_REASON_NONE;
}

/* Population sizes of the strata of a stage, and what lies above them. */
static enum stat_reason size_stage(struct arena *a, struct survey_design *d,
                                   const struct survey_spec *sp, size_t s,
                                   const uint32_t *row_stratum, size_t *bad_row)
{
    struct survey_stage *st = &d->stage[s];
    const double *fpc = sp->fpc[s];
    st->sampled = arena_array(a, st->n_strata + 1, sizeof(double));
    st->population = arena_array(a, st->n_strata + 1, sizeof(double));
    st->above = arena_array(a, st->n_strata + 1, sizeof(double));
    for (size_t c = 0; c < st->n_clusters; c++) {
        uint32_t h = st->stratum[c];
        st->sampled[h]++;
        st->above[h] = 1;
        if (s > 0) {
            const struct survey_stage *up = &d->stage[s - 1];
            uint32_t uh = up->stratum[st->parent[c]];
            st->above[h] = up->above[uh] * up->sampled[uh] / up->population[uh];
        }
    }
    bool fraction = true;
    for (size_t i = 0; fpc && i < sp->n && fraction; i++)
        fraction = fpc[i] <= 1;
    for (size_t h = 0; h < st->n_strata; h++)
        st->population[h] = fpc ? NAN : INFINITY;
    for (size_t i = 0; fpc && i < sp->n; i++) {
        uint32_t h = row_stratum[i];
        double size = fraction ? st->sampled[h] / fpc[i] : fpc[i];
        *bad_row = i;
        if (!(size >= st->sampled[h] * (1 - 1e-12)))
            return STAT_REASON_BAD_FPC;
        if (!isnan(st->population[h]) && st->population[h] != size)
            return STAT_REASON_BAD_FPC;
        st->population[h] = size;
    }
    return STAT_REASON_NONE;
}

/* A stratum with one sampled cluster out of more than one is a gap in the design. */
static bool has_lonely(const struct survey_design *d)
{
    for (size_t s = 0; s < (d->has_fpc ? d->n_stages : 1); s++)
        for (size_t h = 0; h < d->stage[s].n_strata; h++)
            if (d->stage[s].sampled[h] == 1 && 1 - 1 / d->stage[s].population[h] >= 1e-7 &&
                d->stage[s].above[h] > 0)
                return true;
    return false;
}

static enum stat_reason set_weights(struct arena *a, struct survey_design *d,
                                    const struct survey_spec *sp, uint32_t *const *row_stratum,
                                    size_t *bad_row)
{
    double *w = arena_array(a, sp->n + 1, sizeof *w);
    d->weight = w;
    for (size_t i = 0; i < sp->n; i++) {
        w[i] = sp->weight ? sp->weight[i] : 1;
        for (size_t s = 0; !sp->weight && s < d->n_stages; s++) {
            const struct survey_stage *st = &d->stage[s];
            double size = st->population[row_stratum[s][i]];
            if (isfinite(size))
                w[i] *= size / st->sampled[row_stratum[s][i]];
        }
        if (!(w[i] >= 0) || !isfinite(w[i])) {
            *bad_row = i;
            return STAT_REASON_BAD_WEIGHT;
        }
    }
    return STAT_REASON_NONE;
}

enum stat_reason survey_design_new(struct arena *a, const struct survey_spec *sp,
                                   struct survey_design **out, size_t *bad_row)
{
    size_t ignored;
    if (!bad_row)
        bad_row = &ignored;
    *out = NULL;
    *bad_row = 0;
    size_t stages = sp->n_stages ? sp->n_stages : 1;
    if (sp->n == 0)
        return STAT_REASON_EMPTY;
    if (sp->n > UINT32_MAX / 2 || stages > SURVEY_MAX_STAGES)
        return STAT_REASON_INVALID;
    struct survey_design *d = arena_alloc(a, sizeof *d);
    d->n = sp->n;
    d->n_stages = stages;
    d->lonely = sp->lonely;
    d->has_fpc = sp->fpc[0] != NULL;
    uint32_t *row[SURVEY_MAX_STAGES], *row_stratum[SURVEY_MAX_STAGES];
    for (size_t s = 0; s < stages; s++) {
        if (!sp->ids[s] && s + 1 < stages)
            return STAT_REASON_INVALID;
        row[s] = arena_array(a, sp->n + 1, sizeof **row);
        row_stratum[s] = arena_array(a, sp->n + 1, sizeof **row_stratum);
        enum stat_reason r =
            index_stage(a, d, sp, s, s ? row[s - 1] : NULL, row[s], row_stratum[s], bad_row);
        if (!r)
            r = size_stage(a, d, sp, s, row_stratum[s], bad_row);
        if (r)
            return r;
    }
    d->unit = row[stages - 1];
    if (d->lonely == SURVEY_LONELY_FAIL && has_lonely(d))
        return STAT_REASON_SINGLE_PSU;
    enum stat_reason r = set_weights(a, d, sp, row_stratum, bad_row);
    if (!r)
        *out = d;
    return r;
}

size_t survey_strata(const struct survey_design *d) { return d->stage[0].n_strata; }
size_t survey_psus(const struct survey_design *d) { return d->stage[0].n_clusters; }
const double *survey_weights(const struct survey_design *d) { return d->weight; }

double survey_df(const struct survey_design *d)
{
    return (double)survey_psus(d) - (double)survey_strata(d);
}
