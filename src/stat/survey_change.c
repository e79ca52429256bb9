/* survey_change.c - what is derived from estimates: covariances, contrasts, change between waves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/survey_design.h"

double survey_covariance(struct arena *a, const struct survey_design *d,
                         const struct survey_estimate *x, const struct survey_estimate *y)
{
    if (!x->score || !y->score)
        return NAN;
    struct survey_work *w = survey_work_new(a, d);
    size_t units = d->stage[d->n_stages - 1].n_clusters;
    for (size_t u = 0; u < units; u++)
        survey_work_add(w, (uint32_t)u, x->score[u], y->score[u]);
    return survey_work_covariance(w, NULL, NULL);
}

void survey_covariances(struct arena *a, const struct survey_design *d,
                        const struct survey_estimate *e, size_t k, double *out)
{
    struct survey_work *w = survey_work_new(a, d);
    size_t units = d->stage[d->n_stages - 1].n_clusters;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            bool known = e[i].score && e[j].score;
            for (size_t u = 0; known && u < units; u++)
                survey_work_add(w, (uint32_t)u, e[i].score[u], e[j].score[u]);
            out[i * k + j] = out[j * k + i] = known ? survey_work_covariance(w, NULL, NULL) : NAN;
        }
}

/* What a combination takes over from its parts: the weakest of each. */
static bool combine_meta(struct survey_estimate *e, const struct survey_estimate *part, bool first)
{
    e->n = first || part->n < e->n ? part->n : e->n;
    e->df = first || part->df < e->df ? part->df : e->df;
    e->n_psu = first || part->n_psu < e->n_psu ? part->n_psu : e->n_psu;
    e->weight = first || part->weight < e->weight ? part->weight : e->weight;
    e->n_missing += part->n_missing;
    if (part->status != STAT_REFUSED)
        return true;
    e->status = STAT_REFUSED;
    e->reason = part->reason;
    e->est = e->se = e->lower = e->upper = e->cv = e->deff = e->n_eff = NAN;
    return false;
}

struct survey_estimate survey_contrast(struct arena *a, const struct survey_design *d,
                                       const struct survey_estimate *e, const double *coef, size_t k,
                                       const struct survey_rules *rules)
{
    struct survey_rules ru = rules ? *rules : survey_rules_default();
    struct survey_estimate out = {.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY};
    size_t units = d->stage[d->n_stages - 1].n_clusters;
    double *score = arena_array(a, units + 1, sizeof *score);
    for (size_t i = 0; i < k; i++) {
        if (!combine_meta(&out, &e[i], i == 0))
            return out;
        out.est += coef[i] * e[i].est;
        for (size_t u = 0; u < units; u++)
            score[u] += e[i].score ? coef[i] * e[i].score[u] : NAN;
    }
    out.score = score;
    out.se = sqrt(survey_covariance(a, d, &out, &out));
    out.deff = NAN;
    survey_judge(&out, false, false, &ru, NAN);
    return out;
}

/* --- change between two waves ------------------------------------------------------------------- */

struct psu {
    int64_t stratum, id;
    double z;
};

static int psu_order(const void *pa, const void *pb)
{
    const struct psu *a = pa, *b = pb;
    if (a->stratum != b->stratum)
        return a->stratum < b->stratum ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* First-stage totals of a wave's scores, times sign, behind those already in p. */
static size_t put_psus(const struct survey_design *d, const struct survey_estimate *e, double sign,
                       struct psu *p)
{
    const struct survey_stage *st = &d->stage[0];
    for (size_t c = 0; c < st->n_clusters; c++)
        p[c] = (struct psu){st->stratum_key[st->stratum[c]], st->cluster_key[c], 0};
    for (size_t u = 0; u < d->stage[d->n_stages - 1].n_clusters; u++) {
        uint32_t c = (uint32_t)u;
        for (size_t s = d->n_stages - 1; s > 0; s--)
            c = d->stage[s].parent[c];
        p[c].z += sign * e->score[u];
    }
    return st->n_clusters;
}

/* Variance of the sum of the scores over the sorted, merged PSUs. A stratum with one PSU in both waves
 * together is treated as the design says (where it refuses such strata there is none). */
static double merged_variance(const struct psu *p, size_t n, enum survey_lonely lonely)
{
    struct num_sum v = {0, 0};
    double strata = 0, alone = 0;
    for (size_t from = 0, to; from < n; from = to) {
        double sum = 0, ss = 0;
        for (to = from; to < n && p[to].stratum == p[from].stratum; to++)
            sum += p[to].z;
        double m = (double)(to - from);
        for (size_t i = from; i < to; i++)
            ss += (p[i].z - sum / m) * (p[i].z - sum / m);
        strata++;
        alone += m == 1;
        if (m > 1)
            num_add(&v, m / (m - 1) * ss);
        else if (lonely == SURVEY_LONELY_ADJUST)
            num_add(&v, sum * sum);
    }
    if (lonely != SURVEY_LONELY_AVERAGE || alone == 0)
        return num_total(v);
    return alone < strata ? num_total(v) * strata / (strata - alone) : NAN;
}

struct survey_estimate survey_change(struct arena *a, const struct survey_design *d_earlier,
                                     const struct survey_estimate *earlier,
                                     const struct survey_design *d_later,
                                     const struct survey_estimate *later,
                                     const struct survey_rules *rules)
{
    struct survey_rules ru = rules ? *rules : survey_rules_default();
    struct survey_estimate out = {.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY};
    if (!combine_meta(&out, earlier, true) || !combine_meta(&out, later, false))
        return out;
    if (!earlier->score || !later->score) {
        out.reason = STAT_REASON_INVALID;
        out.est = out.se = out.lower = out.upper = NAN;
        return out;
    }
    size_t most = d_earlier->stage[0].n_clusters + d_later->stage[0].n_clusters;
    struct psu *p = arena_array(a, most + 1, sizeof *p);
    size_t n = put_psus(d_earlier, earlier, -1, p);
    n += put_psus(d_later, later, 1, p + n);
    qsort(p, n, sizeof *p, psu_order);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (m > 0 && psu_order(&p[m - 1], &p[i]) == 0)
            p[m - 1].z += p[i].z;
        else
            p[m++] = p[i];
    }
    out.est = later->est - earlier->est;
    out.se = sqrt(merged_variance(p, m, d_later->lonely));
    out.deff = NAN;
    survey_judge(&out, false, false, &ru, NAN);
    return out;
}
