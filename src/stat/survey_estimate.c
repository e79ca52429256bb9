/* survey_estimate.c - totals, means, shares and ratios, in domains and by groups. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/survey_design.h"

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
static double score_rows(struct job *j, struct rows r, enum survey_figure kind, const double *y,
                         const double *x, const struct survey_estimate *e, double mean, double wx)
{
    const double *w = j->d->weight;
    const uint32_t *unit = j->d->unit;
    double scale = kind == SURVEY_FIGURE_TOTAL ? 1 : kind == SURVEY_FIGURE_RATIO ? 1 / wx : 1 / e->weight;
    double centre = kind == SURVEY_FIGURE_TOTAL ? 0 : e->est, ss = 0;
    for (size_t k = 0; k < r.n; k++) {
        size_t i = row_at(r, k);
        double v = y ? y[i] : 1, u = x ? x[i] : 1;
        if (w[i] == 0 || isnan(v) || isnan(u))
            continue;
        double dev = kind == SURVEY_FIGURE_RATIO ? v - e->est * u : v - mean;
        double z = w[i] * (kind == SURVEY_FIGURE_RATIO ? dev : v - centre) * scale;
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

static struct survey_estimate estimate(struct job *j, struct rows r, enum survey_figure kind,
                                       const double *y, const double *x)
{
    struct survey_estimate e = {.status = STAT_REFUSED, .reason = STAT_REASON_EMPTY};
    double wy, wx;
    sum_rows(j, r, y, x, &e, &wy, &wx);
    if (j->z)
        memset(j->z, 0, j->d->n * sizeof *j->z);
    if (e.n > 0)
        e.est = kind == SURVEY_FIGURE_TOTAL ? wy : kind == SURVEY_FIGURE_RATIO ? wy / wx : wy / e.weight;
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
    srs *= kind == SURVEY_FIGURE_TOTAL ? e.weight * e.weight : kind == SURVEY_FIGURE_RATIO ? e.weight / wx * (e.weight / wx) : 1;
    e.deff = srs > 0 ? var / srs : NAN; /* everybody has the same value */
    bool profile = kind == SURVEY_FIGURE_SHARE && j->rules.interval == SURVEY_INTERVAL_LIKELIHOOD && e.n > 0;
    survey_judge(&e, kind == SURVEY_FIGURE_SHARE, true, &j->rules, profile ? profile_start(j, r, y, &e) : NAN);
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

static struct survey_estimate one(struct arena *a, const struct survey_design *d, enum survey_figure kind,
                                  const double *y, const double *x, const bool *domain,
                                  const struct survey_rules *rules)
{
    struct job j = job_new(a, d, rules, true);
    return estimate(&j, domain_rows(a, d, domain), kind, y, x);
}

struct survey_estimate survey_total(struct arena *a, const struct survey_design *d, const double *y,
                                    const bool *domain, const struct survey_rules *rules)
{
    return one(a, d, SURVEY_FIGURE_TOTAL, y, NULL, domain, rules);
}

struct survey_estimate survey_mean(struct arena *a, const struct survey_design *d, const double *y,
                                   const bool *domain, const struct survey_rules *rules)
{
    return one(a, d, SURVEY_FIGURE_MEAN, y, NULL, domain, rules);
}

struct survey_estimate survey_proportion(struct arena *a, const struct survey_design *d,
                                         const double *y, const bool *domain,
                                         const struct survey_rules *rules)
{
    return one(a, d, SURVEY_FIGURE_SHARE, y, NULL, domain, rules);
}

struct survey_estimate survey_ratio(struct arena *a, const struct survey_design *d, const double *y,
                                    const double *x, const bool *domain,
                                    const struct survey_rules *rules)
{
    return one(a, d, SURVEY_FIGURE_RATIO, y, x, domain, rules);
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
        out[c] = estimate(&j, r, SURVEY_FIGURE_SHARE, y, NULL);
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

void survey_figures_by(struct arena *a, const struct survey_design *d, enum survey_figure kind,
                       const double *y, const double *x, const int32_t *group, size_t n_groups,
                       const struct survey_rules *rules, bool keep, struct survey_estimate *out)
{
    struct job j = job_new(a, d, rules, keep);
    struct rows *r = group_rows(a, d, group, n_groups);
    for (size_t g = 0; g < n_groups; g++)
        out[g] = estimate(&j, r[g], kind, y, x);
}

void survey_mean_by(struct arena *a, const struct survey_design *d, const double *y,
                    const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                    struct survey_estimate *out)
{
    survey_figures_by(a, d, SURVEY_FIGURE_MEAN, y, NULL, group, n_groups, rules, false, out);
}

void survey_shares_grouped(struct arena *a, const struct survey_design *d, const int32_t *category,
                           size_t k, const int32_t *group, size_t n_groups,
                           const struct survey_rules *rules, bool keep, struct survey_estimate *out)
{
    struct job j = job_new(a, d, rules, keep);
    struct rows *r = group_rows(a, d, group, n_groups);
    double *y = arena_array(a, d->n + 1, sizeof *y);
    for (size_t c = 0; c < k; c++) {
        indicator(d, category, (int32_t)c, y);
        for (size_t g = 0; g < n_groups; g++)
            out[g * k + c] = estimate(&j, r[g], SURVEY_FIGURE_SHARE, y, NULL);
    }
}

void survey_shares_by(struct arena *a, const struct survey_design *d, const int32_t *category,
                      size_t k, const int32_t *group, size_t n_groups,
                      const struct survey_rules *rules, struct survey_estimate *out)
{
    survey_shares_grouped(a, d, category, k, group, n_groups, rules, false, out);
}
