/* survey_replicate_estimate.c - figures and regressions with the replicates' errors. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/num.h"
#include "stat/survey_replicate_inner.h"
#include "stat/survey_table.h"

struct job {
    const struct survey_replicates *r;
    const struct survey_replicate_want *want;
    const struct survey_regress_spec *spec;
};

/* The design with other weights and without calibration: for a point estimate only. */
static struct survey_design reweighted(const struct survey_replicates *r, const double *weight)
{
    struct survey_design d = *r->d;
    d.weight = weight;
    d.calibration = NULL;
    return d;
}

static struct survey_estimate figure(struct arena *a, const struct survey_design *d,
                                     const struct survey_replicate_want *w, const struct survey_rules *rules)
{
    switch (w->figure) {
    case SURVEY_REPLICATE_TOTAL:
        return survey_total(a, d, w->y, w->domain, rules);
    case SURVEY_REPLICATE_SHARE:
        return survey_proportion(a, d, w->y, w->domain, rules);
    case SURVEY_REPLICATE_RATIO:
        return survey_ratio(a, d, w->y, w->x, w->domain, rules);
    case SURVEY_REPLICATE_QUANTILE:
        return survey_quantile(a, d, w->y, w->p, w->domain, rules);
    case SURVEY_REPLICATE_VARIANCE:
        return survey_variance(a, d, w->y, w->domain, rules);
    default:
        return survey_mean(a, d, w->y, w->domain, rules);
    }
}

static double rows_of(const double *weight, const bool *domain, size_t n)
{
    double rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += weight[i] > 0 && (!domain || domain[i]);
    return rows;
}

static void point(void *arg, struct arena *scratch, const double *weight, double *out)
{
    struct job *j = arg;
    struct survey_rules none = survey_rules_none();
    struct survey_design d = reweighted(j->r, weight);
    *out = figure(scratch, &d, j->want, &none).est;
    if (j->want->figure == SURVEY_REPLICATE_VARIANCE) { /* n/(n - 1) of the full sample, as R */
        double all = rows_of(j->r->d->weight, j->want->domain, d.n), some = rows_of(weight, j->want->domain, d.n);
        *out *= all / (all - 1) * (some - 1) / some;
    }
}

/* --- figures that are functions of totals: no need for the rows again ---------------------------------------- */

static bool of_totals(const struct survey_replicates *r, const struct survey_replicate_want *w)
{
    return r->n_again == 0 && r->kind != SURVEY_GIVEN && w->figure <= SURVEY_REPLICATE_RATIO;
}

struct sums {
    double y, x; /* weighted y and (RATIO) x or 1, by cluster or stratum */
};

static struct sums *cluster_sums(struct arena *a, const struct survey_replicates *r,
                                 const struct survey_replicate_want *w)
{
    struct sums *t = arena_array(a, r->d->stage[0].n_clusters + 1, sizeof *t);
    for (size_t i = 0; i < r->d->n; i++) {
        double y = w->y ? w->y[i] : 1, x = w->figure == SURVEY_REPLICATE_RATIO ? w->x[i] : 1, by = r->d->weight[i];
        if ((w->domain && !w->domain[i]) || isnan(y) || isnan(x))
            continue;
        t[r->psu[i]].y += by * y;
        t[r->psu[i]].x += by * x;
    }
    return t;
}

static double value_of(const struct survey_replicate_want *w, struct sums t)
{
    return w->figure == SURVEY_REPLICATE_TOTAL ? t.y : t.y / t.x;
}

static void from_totals(struct arena *a, const struct survey_replicates *r,
                        const struct survey_replicate_want *w, double *value)
{
    const struct survey_stage *st = &r->d->stage[0];
    struct sums *t = cluster_sums(a, r, w), all = {0, 0};
    struct sums *of = arena_array(a, st->n_strata + 1, sizeof *of);
    double *factor = r->deleted ? NULL : arena_array(a, st->n_clusters + 1, sizeof *factor);
    for (size_t c = 0; c < st->n_clusters; c++) {
        of[st->stratum[c]].y += t[c].y;
        of[st->stratum[c]].x += t[c].x;
        all.y += t[c].y;
        all.x += t[c].x;
    }
    for (size_t i = 0; i < r->count; i++) {
        struct sums s = {0, 0};
        if (r->deleted) { /* only one stratum changes */
            uint32_t c = r->deleted[i], h = st->stratum[c];
            double n = st->sampled[h], strata = (double)st->n_strata;
            double in = n > 1 ? n / (n - 1) : 0, rest = n > 1 ? 1 : strata / (strata - 1);
            s.y = (all.y - of[h].y) * rest + (of[h].y - t[c].y) * in;
            s.x = (all.x - of[h].x) * rest + (of[h].x - t[c].x) * in;
        } else {
            survey_replicates_factors(r, i, factor);
            for (size_t c = 0; c < st->n_clusters; c++) {
                s.y += factor[c] * t[c].y;
                s.x += factor[c] * t[c].x;
            }
        }
        value[i] = value_of(w, s);
    }
}

struct survey_estimate survey_replicate_estimate(struct arena *a, const struct survey_replicates *r,
                                                 const struct survey_replicate_want *want,
                                                 const struct survey_rules *rules,
                                                 const struct stat_run *run, size_t *failed)
{
    struct survey_rules ru = rules ? *rules : survey_rules_default(), none = survey_rules_none();
    struct survey_design plain = reweighted(r, r->d->weight);
    struct survey_estimate e = figure(a, &plain, want, &none);
    struct job j = {r, want, NULL};
    double var = NAN, est;
    enum stat_reason why = STAT_REASON_NONE;
    if (e.status == STAT_REFUSED && e.reason == STAT_REASON_EMPTY)
        return e;
    if (of_totals(r, want)) {
        double *value = arena_array(a, r->count + 1, sizeof *value);
        from_totals(a, r, want, value);
        why = survey_replicates_covariance(a, r, 1, value, &e.est, &var, failed);
    } else {
        why = survey_replicate(a, r, 1, point, &j, run, &est, &var, NULL, failed);
    }
    bool is_share = want->figure == SURVEY_REPLICATE_SHARE, plain_figure = want->figure <= SURVEY_REPLICATE_RATIO;
    e.deff = plain_figure ? e.deff * var / (e.se * e.se) : NAN;
    e.se = sqrt(var);
    e.score = NULL; /* its errors are those of linearisation */
    if (r->kind == SURVEY_GIVEN)
        e.df = r->df;
    e.status = STAT_OK;
    e.reason = STAT_REASON_NONE;
    survey_judge(&e, is_share, want->figure != SURVEY_REPLICATE_QUANTILE, &ru, NAN);
    if (why) {
        e.status = STAT_REFUSED;
        e.reason = why;
        e.est = e.se = e.lower = e.upper = e.cv = e.deff = e.n_eff = NAN;
    }
    return e;
}

/* --- regression ------------------------------------------------------------------------------------------------ */

static void beta_of(void *arg, struct arena *scratch, const double *weight, double *out)
{
    struct job *j = arg;
    struct survey_design d = reweighted(j->r, weight);
    if (survey_regress_coefficients(scratch, &d, j->spec, out))
        for (size_t k = 0; k < j->spec->p; k++)
            out[k] = NAN;
}

struct survey_regression survey_replicate_regress(struct arena *a, const struct survey_replicates *r,
                                                  const struct survey_regress_spec *spec,
                                                  const struct stat_run *run, size_t *failed)
{
    struct survey_design plain = reweighted(r, r->d->weight);
    struct survey_regression g = survey_regress(a, &plain, spec);
    struct job j = {r, NULL, spec};
    if (failed)
        *failed = 0;
    if (g.status == STAT_REFUSED)
        return g;
    if (g.rank < g.p) { /* which columns are left out must not change from replicate to replicate */
        g.status = STAT_REFUSED;
        g.reason = STAT_REASON_SINGULAR;
        return g;
    }
    double *est = arena_array(a, g.p, sizeof *est);
    enum stat_reason why = survey_replicate(a, r, g.p, beta_of, &j, run, est, g.cov, NULL, failed);
    if (why) {
        g.status = STAT_REFUSED;
        g.reason = why;
        return g;
    }
    if (r->kind == SURVEY_GIVEN)
        g.df = r->df + 1 - (double)g.rank;
    survey_regress_finish(&g, spec->level > 0 ? spec->level : 0.95);
    return g;
}
