/* survey_estimate.c - totals, means, shares and ratios, in domains and by groups; what is derived
 * from them: covariances, contrasts, change between waves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/survey_design.h"

enum kind { TOTAL, MEAN, SHARE, RATIO };

/* The rows of a domain; list NULL: all n rows. */
struct rows {
    const uint32_t *list;
    size_t n;
};

struct job {
    struct arena *a;
    const struct survey_design *d;
    struct survey_work *work;
    struct survey_rules rules;
    double *z; /* n scores, where a calibration needs them by row */
    bool keep; /* keep the scores by unit */
};

static struct job job_new(struct arena *a, const struct survey_design *d,
                          const struct survey_rules *rules, bool keep)
{
    struct job j = {a, d, survey_work_new(a, d), rules ? *rules : survey_rules_default(), NULL, keep};
    if (d->calibration)
        j.z = arena_array(a, d->n + 1, sizeof *j.z);
    return j;
}

static inline size_t row_at(struct rows r, size_t i)
{
    return r.list ? r.list[i] : i;
}

/* First pass: sums of w, w y, w x over the rows with an answer. */
static void sum_rows(const struct job *j, struct rows r, const double *y, const double *x,
                     struct survey_estimate *e, double *wy, double *wx)
{
    struct num_sum sw = {0, 0}, sy = {0, 0}, sx = {0, 0};
    const double *w = j->d->weight;
    for (size_t k = 0; k < r.n; k++) {
        size_t i = row_at(r, k);
        double v = y ? y[i] : 1, u = x ? x[i] : 1;
        if (w[i] == 0)
            continue;
        if (isnan(v) || isnan(u)) {
            e->n_missing++;
            continue;
        }
        e->n++;
        num_add(&sw, w[i]);
        num_add(&sy, w[i] * v);
        num_add(&sx, w[i] * u);
    }
    e->weight = num_total(sw);
    *wy = num_total(sy);
    *wx = num_total(sx);
}

/* Second pass: linearised scores to the units; returns the weighted sum of squared deviations. */
static double score_rows(struct job *j, struct rows r, enum kind kind, const double *y,
                         const double *x, const struct survey_estimate *e, double mean, double wx)
{
    const double *w = j->d->weight;
    const uint32_t *unit = j->d->unit;
    double scale = kind == TOTAL ? 1 : kind == RATIO ? 1 / wx : 1 / e->weight;
    double centre = kind == TOTAL ? 0 : e->est, ss = 0;
    for (size_t k = 0; k < r.n; k++) {
        size_t i = row_at(r, k);
        double v = y ? y[i] : 1, u = x ? x[i] : 1;
        if (w[i] == 0 || isnan(v) || isnan(u))
            continue;
        double dev = kind == RATIO ? v - e->est * u : v - mean;
        double z = w[i] * (kind == RATIO ? dev : v - centre) * scale;
        ss += w[i] * dev * dev;
        if (j->z)
            j->z[i] = z;
        survey_work_add(j->work, unit[i], j->z ? 0 : z, j->z ? 0 : z);
    }
    return ss;
}

/* Log odds after the first step of R's glm, from which its likelihood interval takes its scale. */
static double profile_start(const struct job *j, struct rows r, const double *y,
                            const struct survey_estimate *e)
{
    const double *w = j->d->weight;
    double sum = 0, all = 0, info;
    for (size_t k = 0; k < r.n; k++) {
        size_t i = row_at(r, k);
        if (w[i] == 0 || isnan(y[i]))
            continue;
        double x = survey_profile_start(w[i] * (double)e->n / e->weight, y[i] != 0, &info);
        sum += info * x;
        all += info;
    }
    return sum / all;
}

static struct survey_estimate estimate(struct job *j, struct rows r, enum kind kind,
                                       const double *y, const double *x)
{
    struct survey_estimate e = {.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY};
    double wy, wx;
    sum_rows(j, r, y, x, &e, &wy, &wx);
    if (j->z)
        memset(j->z, 0, j->d->n * sizeof *j->z);
    if (e.n > 0)
        e.est = kind == TOTAL ? wy : kind == RATIO ? wy / wx : wy / e.weight;
    double mean = e.n > 0 ? wy / e.weight : 0;
    double ss = e.n > 0 ? score_rows(j, r, kind, y, x, &e, mean, wx) : 0;
    size_t psus = 0, strata = 0, last = j->d->n_stages - 1;
    if (j->z) { /* the sample's extent first; residuals reach beyond the domain */
        survey_work_covariance(j->work, &psus, &strata);
        survey_calibration_residuals(j->a, j->d, j->z);
        for (size_t i = 0; i < j->d->n; i++)
            if (j->z[i] != 0)
                survey_work_add(j->work, j->d->unit[i], j->z[i], j->z[i]);
    }
    if (j->keep) {
        size_t units = j->d->stage[last].n_clusters;
        double *score = arena_array(j->a, units + 1, sizeof *score);
        memcpy(score, j->work->x[last], units * sizeof *score);
        e.score = score;
    }
    double var = survey_work_covariance(j->work, j->z ? NULL : &psus, j->z ? NULL : &strata);
    e.n_psu = psus;
    e.df = (double)psus - (double)strata;
    e.se = sqrt(var);
    double n = (double)e.n, srs = ss / e.weight / (n - 1);
    srs *= kind == TOTAL ? e.weight * e.weight : kind == RATIO ? e.weight / wx * (e.weight / wx) : 1;
    e.deff = var / srs;
    bool profile = kind == SHARE && j->rules.interval == SURVEY_INTERVAL_LIKELIHOOD && e.n > 0;
    survey_judge(&e, kind == SHARE, true, &j->rules, profile ? profile_start(j, r, y, &e) : NAN);
    return e;
}

/* The rows of a domain as a list; everybody needs none. */
static struct rows domain_rows(struct arena *a, const struct survey_design *d, const bool *domain)
{
    struct rows r = {NULL, d->n};
    if (!domain)
        return r;
    uint32_t *list = arena_array(a, d->n + 1, sizeof *list);
    r.n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (domain[i])
            list[r.n++] = (uint32_t)i;
    r.list = list;
    return r;
}

static struct survey_estimate one(struct arena *a, const struct survey_design *d, enum kind kind,
                                  const double *y, const double *x, const bool *domain,
                                  const struct survey_rules *rules)
{
    struct job j = job_new(a, d, rules, true);
    return estimate(&j, domain_rows(a, d, domain), kind, y, x);
}

struct survey_estimate survey_total(struct arena *a, const struct survey_design *d, const double *y,
                                    const bool *domain, const struct survey_rules *rules)
{
    return one(a, d, TOTAL, y, NULL, domain, rules);
}

struct survey_estimate survey_mean(struct arena *a, const struct survey_design *d, const double *y,
                                   const bool *domain, const struct survey_rules *rules)
{
    return one(a, d, MEAN, y, NULL, domain, rules);
}

struct survey_estimate survey_proportion(struct arena *a, const struct survey_design *d,
                                         const double *y, const bool *domain,
                                         const struct survey_rules *rules)
{
    return one(a, d, SHARE, y, NULL, domain, rules);
}

struct survey_estimate survey_ratio(struct arena *a, const struct survey_design *d, const double *y,
                                    const double *x, const bool *domain,
                                    const struct survey_rules *rules)
{
    return one(a, d, RATIO, y, x, domain, rules);
}

static void indicator(const struct survey_design *d, const int32_t *category, int32_t c, double *y)
{
    for (size_t i = 0; i < d->n; i++)
        y[i] = category[i] < 0 ? NAN : category[i] == c;
}

void survey_shares(struct arena *a, const struct survey_design *d, const int32_t *category, size_t k,
                   const bool *domain, const struct survey_rules *rules,
                   struct survey_estimate *out)
{
    struct job j = job_new(a, d, rules, true);
    struct rows r = domain_rows(a, d, domain);
    double *y = arena_array(a, d->n + 1, sizeof *y);
    for (size_t c = 0; c < k; c++) {
        indicator(d, category, (int32_t)c, y);
        out[c] = estimate(&j, r, SHARE, y, NULL);
    }
}

/* The rows of each group, one after the other (counting sort keeps the order of the rows). */
static struct rows *group_rows(struct arena *a, const struct survey_design *d, const int32_t *group,
                               size_t n_groups)
{
    size_t *start = arena_array(a, n_groups + 2, sizeof *start);
    uint32_t *list = arena_array(a, d->n + 1, sizeof *list);
    struct rows *r = arena_array(a, n_groups + 1, sizeof *r);
    for (size_t i = 0; i < d->n; i++)
        if (group[i] >= 0 && (size_t)group[i] < n_groups)
            start[group[i] + 1]++;
    for (size_t g = 0; g < n_groups; g++) {
        start[g + 1] += start[g];
        r[g].list = list + start[g];
    }
    for (size_t i = 0; i < d->n; i++)
        if (group[i] >= 0 && (size_t)group[i] < n_groups)
            list[start[group[i]] + r[group[i]].n++] = (uint32_t)i;
    return r;
}

void survey_mean_by(struct arena *a, const struct survey_design *d, const double *y,
                    const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                    struct survey_estimate *out)
{
    struct job j = job_new(a, d, rules, false);
    struct rows *r = group_rows(a, d, group, n_groups);
    for (size_t g = 0; g < n_groups; g++)
        out[g] = estimate(&j, r[g], MEAN, y, NULL);
}

void survey_shares_by(struct arena *a, const struct survey_design *d, const int32_t *category,
                      size_t k, const int32_t *group, size_t n_groups,
                      const struct survey_rules *rules, struct survey_estimate *out)
{
    struct job j = job_new(a, d, rules, false);
    struct rows *r = group_rows(a, d, group, n_groups);
    double *y = arena_array(a, d->n + 1, sizeof *y);
    for (size_t c = 0; c < k; c++) {
        indicator(d, category, (int32_t)c, y);
        for (size_t g = 0; g < n_groups; g++)
            out[g * k + c] = estimate(&j, r[g], SHARE, y, NULL);
    }
}

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

/* Variance of the sum of the scores over the sorted, merged PSUs. */
static double merged_variance(const struct psu *p, size_t n)
{
    struct num_sum v = {0, 0};
    for (size_t from = 0, to; from < n; from = to) {
        double sum = 0, ss = 0;
        for (to = from; to < n && p[to].stratum == p[from].stratum; to++)
            sum += p[to].z;
        double m = (double)(to - from);
        for (size_t i = from; i < to; i++)
            ss += (p[i].z - sum / m) * (p[i].z - sum / m);
        if (m > 1)
            num_add(&v, m / (m - 1) * ss);
    }
    return num_total(v);
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
    out.se = sqrt(merged_variance(p, m));
    out.deff = NAN;
    survey_judge(&out, false, false, &ru, NAN);
    return out;
}
