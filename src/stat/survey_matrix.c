/* survey_matrix.c - the covariance matrix of many scores at once, stage by stage as
 * survey_variance.c does for one pair. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/survey_design.h"

struct level {
    double *z;     /* cluster x k */
    uint8_t *seen; /* cluster */
};

/* What a stage adds to v: deviations from the stratum's mean, clusters outside counting as zero. */
static void add_stage(struct arena *a, const struct survey_design *d, size_t s, const struct level *l,
                      size_t k, double *v, size_t *strata_seen)
{
    const struct survey_stage *st = &d->stage[s];
    double *sum = arena_array(a, st->n_strata * k + 1, sizeof *sum);
    double *m = arena_array(a, st->n_strata + 1, sizeof *m), *dev = arena_array(a, k + 1, sizeof *dev);
    double *term = arena_array(a, k * k + 1, sizeof *term);
    for (size_t c = 0; c < st->n_clusters; c++) {
        if (!l->seen[c])
            continue;
        m[st->stratum[c]]++;
        for (size_t j = 0; j < k; j++)
            sum[st->stratum[c] * k + j] += l->z[c * k + j];
    }
    for (size_t c = 0; c < st->n_clusters; c++) {
        uint32_t h = st->stratum[c];
        double n = st->sampled[h], left = 1 - n / st->population[h];
        if (!l->seen[c] || n < 2 || left < 1e-7)
            continue;
        double by = st->above[h] * left * n / (n - 1);
        for (size_t j = 0; j < k; j++)
            dev[j] = l->z[c * k + j] - sum[h * k + j] / n;
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j <= i; j++)
                term[i * k + j] += by * dev[i] * dev[j];
    }
    double lonely = 0, all = 0;
    for (size_t h = 0; h < st->n_strata; h++) {
        double n = st->sampled[h], left = 1 - n / st->population[h];
        const double *t = sum + h * k;
        all += m[h] > 0;
        if (m[h] == 0 || left < 1e-7)
            continue;
        lonely += n < 2;
        double by = n >= 2 ? st->above[h] * left * n / (n - 1) * (n - m[h]) / (n * n)
                    : d->lonely == SURVEY_LONELY_ADJUST ? st->above[h] * left : 0;
        for (size_t i = 0; by != 0 && i < k; i++)
            for (size_t j = 0; j <= i; j++)
                term[i * k + j] += by * t[i] * t[j];
    }
    double scale = d->lonely == SURVEY_LONELY_AVERAGE && lonely > 0 ? all / (all - lonely) : 1;
    if (!isfinite(scale))
        scale = NAN; /* no stratum tells */
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++)
            v[i * k + j] += scale * term[i * k + j];
    *strata_seen = (size_t)all;
}

void survey_matrix(struct arena *a, const struct survey_design *d, size_t k, const double *z,
                   const uint8_t *seen, double *v, size_t *psus, size_t *strata)
{
    size_t last = d->n_stages - 1, units = d->stage[last].n_clusters, strata_seen = 0, psus_seen = 0;
    struct level l = {(double *)z, (uint8_t *)seen};
    if (!seen) {
        l.seen = arena_array(a, units + 1, 1);
        memset(l.seen, 1, units);
    }
    memset(v, 0, k * k * sizeof *v);
    for (size_t s = d->n_stages; s-- > 0;) {
        if (s == 0 || d->has_fpc)
            add_stage(a, d, s, &l, k, v, &strata_seen);
        if (s == 0)
            break;
        size_t above = d->stage[s - 1].n_clusters;
        struct level up = {arena_array(a, above * k + 1, sizeof(double)), arena_array(a, above + 1, 1)};
        for (size_t c = 0; c < d->stage[s].n_clusters; c++) {
            uint32_t parent = d->stage[s].parent[c];
            up.seen[parent] |= l.seen[c];
            for (size_t j = 0; l.seen[c] && j < k; j++)
                up.z[parent * k + j] += l.z[c * k + j];
        }
        l = up;
    }
    for (size_t c = 0; c < d->stage[0].n_clusters; c++)
        psus_seen += l.seen[c];
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < i; j++)
            v[j * k + i] = v[i * k + j];
    if (psus)
        *psus = psus_seen;
    if (strata)
        *strata = strata_seen;
}
