/* survey_regress.c - weighted regression by least squares, repeated for the logit and log links. */
#include "stat/survey_regress.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "stat/dist.h"
#include "stat/mat.h"
#include "stat/num.h"
#include "stat/survey_design.h"

/* The rows that count, packed. */
struct fit {
    struct arena *a;
    const struct survey_design *d;
    const struct survey_regress_spec *sp;
    size_t m, p;
    uint32_t *row;
    double *x, *y, *w, *offset, *eta, *mu; /* w scaled to mean 1 */
    double *weight;                        /* of the last least squares: those of the means before it */
    double scale;                          /* mean of the weights */
    struct mat_least_squares ls;
    double deviance;
    int iterations;
};

static bool suits(enum survey_family f, double y)
{
    return f == SURVEY_GAUSSIAN || (y >= 0 && (f == SURVEY_POISSON || y <= 1));
}

static bool row_known(const struct survey_regress_spec *sp, size_t i)
{
    bool known = isfinite(sp->y[i]) && (!sp->offset || isfinite(sp->offset[i]));
    for (size_t j = 0; known && j < sp->p; j++)
        known = isfinite(sp->x[i * sp->p + j]);
    return known;
}

static enum stat_reason pack(struct fit *f, struct survey_regression *out)
{
    const struct survey_regress_spec *sp = f->sp;
    size_t n = f->d->n;
    f->row = arena_array(f->a, n + 1, sizeof *f->row);
    for (size_t i = 0; i < n; i++) {
        if ((sp->domain && !sp->domain[i]) || !(f->d->weight[i] > 0))
            continue;
        if (!row_known(sp, i)) {
            out->n_missing++;
            continue;
        }
        out->bad_row = i;
        if (!suits(sp->family, sp->y[i]))
            return STAT_REASON_INVALID;
        f->row[f->m++] = (uint32_t)i;
    }
    if (f->m == 0)
        return STAT_REASON_EMPTY;
    f->x = arena_array(f->a, f->m * f->p, sizeof *f->x);
    double **column[] = {&f->y, &f->w, &f->offset, &f->eta, &f->mu};
    for (size_t k = 0; k < sizeof column / sizeof *column; k++)
        *column[k] = arena_array(f->a, f->m, sizeof(double));
    struct num_sum all = {0, 0};
    for (size_t k = 0; k < f->m; k++) {
        size_t i = f->row[k];
        memcpy(f->x + k * f->p, sp->x + i * f->p, f->p * sizeof *f->x);
        f->y[k] = sp->y[i];
        f->offset[k] = sp->offset ? sp->offset[i] : 0;
        f->w[k] = f->d->weight[i];
        num_add(&all, f->w[k]);
    }
    out->n = (int64_t)f->m;
    out->weight = num_total(all);
    f->scale = out->weight / (double)f->m;
    for (size_t k = 0; k < f->m; k++)
        f->w[k] /= f->scale;
    return STAT_REASON_NONE;
}

/* The mean at a linear predictor and the variance of one observation with that mean. */
static inline double mean_of(enum survey_family f, double eta, double *variance)
{
    if (f == SURVEY_GAUSSIAN)
        return *variance = 1, eta;
    if (f == SURVEY_POISSON)
        return *variance = exp(eta);
    double e = exp(-fabs(eta)), q = 1 / (1 + e);
    *variance = e * q * q;
    return eta > 0 ? q : e * q;
}

static double unit_deviance(enum survey_family f, double y, double mu)
{
    if (f == SURVEY_GAUSSIAN)
        return (y - mu) * (y - mu);
    double d = y > 0 ? y * log(y / mu) : 0;
    if (f == SURVEY_POISSON)
        return 2 * (d - (y - mu));
    return 2 * (d + (y < 1 ? (1 - y) * log((1 - y) / (1 - mu)) : 0));
}

static double deviance(const struct fit *f)
{
    struct num_sum s = {0, 0};
    for (size_t k = 0; k < f->m; k++)
        num_add(&s, f->w[k] * unit_deviance(f->sp->family, f->y[k], f->mu[k]));
    return num_total(s);
}

/* The usual first guess: means drawn towards the middle (McCullagh, Nelder 1989, section 2.5). */
static void first_guess(struct fit *f)
{
    for (size_t k = 0; k < f->m; k++) {
        double v, mu = f->sp->family == SURVEY_BINOMIAL ? (f->w[k] * f->y[k] + 0.5) / (f->w[k] + 1)
                                                        : f->y[k] + 0.1;
        f->eta[k] = f->sp->family == SURVEY_BINOMIAL ? log(mu / (1 - mu)) : log(mu);
        f->mu[k] = mean_of(f->sp->family, f->eta[k], &v);
    }
}

/* beta by the normal equations: an eighth of the work of an orthogonal decomposition, with half of its digits. False: too
 * few are left. */
static bool coarse_step(const struct fit *f, const double *z, const double *weight, double *a, double *beta)
{
    size_t p = f->p;
    memset(a, 0, p * p * sizeof *a);
    memset(beta, 0, p * sizeof *beta);
    for (size_t k = 0; k < f->m; k++) {
        const double *x = f->x + k * p;
        for (size_t i = 0; i < p; i++) {
            double wx = weight[k] * x[i];
            beta[i] += wx * z[k];
            for (size_t j = 0; j <= i; j++)
                a[i * p + j] += wx * x[j];
        }
    }
    double *diagonal = arena_array(f->a, p, sizeof *diagonal);
    for (size_t i = 0; i < p; i++)
        diagonal[i] = a[i * p + i];
    if (!mat_cholesky(a, p))
        return false;
    for (size_t i = 0; i < p; i++)
        if (a[i * p + i] * a[i * p + i] < 1e-6 * diagonal[i])
            return false;
    mat_cholesky_solve(a, p, beta, false);
    return true;
}

/* One weighted least squares; the new linear predictors without offset take the place of z. */
static bool fine_step(struct fit *f, double *z, const double *weight)
{
    struct arena *scratch = arena_new((size_t)1 << 40);
    struct mat_least_squares ls = mat_least_squares(scratch, f->m, f->p, f->x, z, weight, 1e-11);
    f->ls.rank = ls.rank;
    memcpy(f->ls.kept, ls.kept, f->p * sizeof *ls.kept);
    memcpy(f->ls.beta, ls.beta, f->p * sizeof *ls.beta);
    memcpy(f->ls.covariance, ls.covariance, f->p * f->p * sizeof *ls.covariance);
    for (size_t k = 0; k < f->m && ls.rank > 0; k++)
        z[k] -= ls.residual[k];
    arena_free(scratch);
    return f->ls.rank > 0;
}

/* Takes the new linear predictors (without offset) over; how far one of them moved at most. */
static double take_over(struct fit *f, const double *linear)
{
    double moved = 0, v;
    for (size_t k = 0; k < f->m; k++) {
        double eta = linear[k] + f->offset[k];
        moved = fmax(moved, fabs(eta - f->eta[k]));
        f->eta[k] = eta;
        f->mu[k] = mean_of(f->sp->family, eta, &v);
    }
    return moved;
}

/* Iteratively reweighted least squares as R's glm does it, stopped by the relative change of the deviance. In groups that
 * separate perfectly the deviance settles, but linear predictors go on by about 1 each time: that is no estimate. Many
 * rows are brought there by coarse steps; the last step is a fine one always. */
static enum stat_reason iterate(struct fit *f, int most, double tolerance)
{
    enum survey_family family = f->sp->family;
    double *z = arena_array(f->a, f->m, sizeof *z), *linear = arena_array(f->a, f->m, sizeof *linear);
    double *before = arena_array(f->a, f->m, sizeof *before);
    double *a = arena_array(f->a, f->p * f->p, sizeof *a), *beta = arena_array(f->a, f->p, sizeof *beta);
    bool coarse = f->m > 2000;
    f->weight = arena_array(f->a, f->m, sizeof *f->weight);
    first_guess(f);
    f->deviance = deviance(f);
    for (f->iterations = 1; f->iterations <= most; f->iterations++) {
        for (size_t k = 0; k < f->m; k++) {
            double v;
            mean_of(family, f->eta[k], &v);
            z[k] = f->eta[k] - f->offset[k] + (v > 0 ? (f->y[k] - f->mu[k]) / v : 0);
            f->weight[k] = f->w[k] * v;
        }
        memcpy(before, f->eta, f->m * sizeof *before);
        coarse = coarse && coarse_step(f, z, f->weight, a, beta);
        if (coarse)
            mat_apply(f->m, f->p, f->x, beta, linear);
        else if (!fine_step(f, z, f->weight))
            return STAT_REASON_NOT_CONVERGED;
        double moved = take_over(f, coarse ? linear : z), now = deviance(f);
        bool settled = fabs(now - f->deviance) / (fabs(now) + 0.1) < tolerance && moved < 0.1;
        f->deviance = now;
        if (!isfinite(now))
            return STAT_REASON_NOT_CONVERGED;
        if (!settled)
            continue;
        if (coarse) { /* the same step again */
            memcpy(f->eta, before, f->m * sizeof *before);
            if (!fine_step(f, z, f->weight))
                return STAT_REASON_NOT_CONVERGED;
            take_over(f, z);
            f->deviance = deviance(f);
        }
        return STAT_REASON_NONE;
    }
    return STAT_REASON_NOT_CONVERGED;
}

static enum stat_reason linear(struct fit *f)
{
    for (size_t k = 0; k < f->m; k++)
        f->mu[k] = f->y[k] - f->offset[k];
    f->ls = mat_least_squares(f->a, f->m, f->p, f->x, f->mu, f->w, 1e-11);
    for (size_t k = 0; k < f->m && f->ls.rank > 0; k++)
        f->mu[k] = f->y[k] - f->ls.residual[k];
    f->deviance = f->ls.rss;
    f->iterations = 1;
    return f->ls.rank > 0 ? STAT_REASON_NONE : STAT_REASON_SINGULAR;
}

/* Row k's score of every coefficient: w (y - mu) A^-1 x; A and w have the variances of the step before the last, as in R. */
static void row_score(const struct fit *f, size_t k, double *z)
{
    double r = f->w[k] * (f->y[k] - f->mu[k]), v;
    if (f->weight) {
        mean_of(f->sp->family, f->eta[k], &v);
        r = v > 0 ? f->weight[k] * (f->y[k] - f->mu[k]) / v : 0;
    }
    const double *x = f->x + k * f->p;
    for (size_t j = 0; j < f->p; j++) {
        double s = 0;
        for (size_t q = 0; f->ls.kept[j] && q < f->p; q++)
            s += f->ls.kept[q] ? f->ls.covariance[j * f->p + q] * x[q] : 0;
        z[j] = r * s;
    }
}

/* The design's covariance of the coefficients, and how far the sample reaches. */
static void sandwich(const struct fit *f, double *cov, size_t *psus, size_t *strata)
{
    const struct survey_design *d = f->d;
    size_t units = d->stage[d->n_stages - 1].n_clusters, p = f->p;
    double *z = arena_array(f->a, units * p + 1, sizeof *z), *one = arena_array(f->a, p, sizeof *one);
    uint8_t *seen = arena_array(f->a, units + 1, 1);
    for (size_t k = 0; k < f->m; k++) {
        uint32_t u = d->unit[f->row[k]];
        seen[u] = 1;
        row_score(f, k, one);
        for (size_t j = 0; j < p; j++)
            z[u * p + j] += one[j];
    }
    survey_matrix(f->a, d, p, z, seen, cov, psus, strata);
    if (!d->calibration)
        return;
    double *by_row = arena_array(f->a, d->n, sizeof *by_row);
    memset(z, 0, units * p * sizeof *z);
    for (size_t j = 0; j < p; j++) {
        memset(by_row, 0, d->n * sizeof *by_row);
        for (size_t k = 0; k < f->m; k++) {
            row_score(f, k, one);
            by_row[f->row[k]] = one[j];
        }
        survey_calibration_residuals(f->a, d, by_row);
        for (size_t i = 0; i < d->n; i++)
            z[d->unit[i] * p + j] += by_row[i];
    }
    survey_matrix(f->a, d, p, z, NULL, cov, NULL, NULL);
}

/* Variance among the people of the Pearson residuals; the classical residual deviation. */
static void scatter(const struct fit *f, struct survey_regression *out)
{
    struct num_sum mean = {0, 0}, ss = {0, 0};
    double m = (double)f->m;
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < f->m; k++) {
            double v = 1;
            if (f->sp->family != SURVEY_GAUSSIAN)
                mean_of(f->sp->family, f->eta[k], &v);
            double r = (f->y[k] - f->mu[k]) / sqrt(v);
            if (pass == 0)
                num_add(&mean, f->w[k] * r / m);
            else
                num_add(&ss, f->w[k] * (r - num_total(mean)) * (r - num_total(mean)));
        }
    out->dispersion = num_total(ss) / (m - 1);
    out->residual_sd = f->sp->family == SURVEY_GAUSSIAN ? sqrt(f->deviance / (m - (double)f->ls.rank)) : 1;
}

void survey_regress_finish(struct survey_regression *r, double level)
{
    double t = r->df > 0 ? dist_t_quantile(0.5 + level / 2, r->df) : NAN;
    for (size_t j = 0; j < r->p; j++) {
        struct survey_coefficient *c = &r->coef[j];
        c->se = sqrt(r->cov[j * r->p + j]);
        c->t = c->est / c->se;
        c->p = r->df > 0 ? 2 * dist_t_cdf(-fabs(c->t), r->df) : NAN;
        c->lower = c->est - t * c->se;
        c->upper = c->est + t * c->se;
        c->deff = r->cov[j * r->p + j] / r->model_cov[j * r->p + j];
    }
}

static void coefficients(const struct fit *f, double level, struct survey_regression *out)
{
    size_t p = f->p;
    double s2 = out->residual_sd * out->residual_sd;
    out->coef = arena_array(f->a, p, sizeof *out->coef);
    out->model_cov = arena_array(f->a, p * p, sizeof(double));
    for (size_t j = 0; j < p; j++) {
        out->coef[j] = (struct survey_coefficient){.left_out = !f->ls.kept[j], .est = f->ls.beta[j]};
        for (size_t k = 0; k < p; k++) {
            bool kept = f->ls.kept[j] && f->ls.kept[k];
            out->model_cov[j * p + k] = kept ? s2 * f->ls.covariance[j * p + k] : NAN;
            if (!kept)
                out->cov[j * p + k] = NAN;
        }
    }
    survey_regress_finish(out, level);
}

static struct survey_regression refused(struct survey_regression r, enum stat_reason why)
{
    r.status = STAT_REFUSED;
    r.reason = why;
    r.coef = NULL;
    r.cov = r.model_cov = r.fitted = NULL;
    r.residual_sd = r.dispersion = r.deviance = NAN;
    return r;
}

static enum stat_reason solve(struct fit *f, struct survey_regression *out)
{
    const struct survey_regress_spec *sp = f->sp;
    if (sp->p == 0)
        return STAT_REASON_INVALID;
    enum stat_reason why = pack(f, out);
    if (why)
        return why;
    f->ls.kept = arena_array(f->a, f->p, sizeof *f->ls.kept);
    f->ls.beta = arena_array(f->a, f->p, sizeof *f->ls.beta);
    f->ls.covariance = arena_array(f->a, f->p * f->p, sizeof *f->ls.covariance);
    if (sp->family == SURVEY_GAUSSIAN)
        return linear(f);
    return iterate(f, sp->max_iterations > 0 ? sp->max_iterations : 50, sp->tolerance > 0 ? sp->tolerance : 1e-8);
}

enum stat_reason survey_regress_coefficients(struct arena *a, const struct survey_design *d,
                                             const struct survey_regress_spec *sp, double *beta)
{
    struct survey_regression out = {.p = sp->p};
    struct fit f = {.a = a, .d = d, .sp = sp, .p = sp->p};
    enum stat_reason why = solve(&f, &out);
    if (!why)
        memcpy(beta, f.ls.beta, f.p * sizeof *beta);
    return why;
}

struct survey_regression survey_regress(struct arena *a, const struct survey_design *d,
                                        const struct survey_regress_spec *sp)
{
    struct survey_regression out = {.p = sp->p};
    struct fit f = {.a = a, .d = d, .sp = sp, .p = sp->p};
    enum stat_reason why = solve(&f, &out);
    if (why)
        return refused(out, why);
    size_t strata = 0;
    out.cov = arena_array(a, f.p * f.p, sizeof *out.cov);
    sandwich(&f, out.cov, &out.n_psu, &strata);
    out.rank = f.ls.rank;
    out.df = (double)out.n_psu - (double)strata + 1 - (double)out.rank;
    out.deviance = f.deviance;
    out.iterations = f.iterations;
    scatter(&f, &out);
    if (!(out.df > 0))
        return refused(out, STAT_REASON_FEW_DF);
    for (size_t j = 0; j < f.p; j++)
        if (f.ls.kept[j] && !(isfinite(f.ls.beta[j]) && isfinite(out.cov[j * f.p + j]) && isfinite(f.ls.covariance[j * f.p + j])))
            return refused(out, STAT_REASON_SINGULAR); /* numbers beyond what can be squared */
    coefficients(&f, sp->level > 0 ? sp->level : 0.95, &out);
    out.fitted = arena_array(a, d->n, sizeof *out.fitted);
    for (size_t i = 0; i < d->n; i++)
        out.fitted[i] = NAN;
    for (size_t k = 0; k < f.m; k++)
        out.fitted[f.row[k]] = f.mu[k];
    if (out.rank < out.p) {
        out.status = STAT_FLAG;
        out.reason = STAT_REASON_SINGULAR;
    }
    return out;
}

struct survey_test survey_regress_wald(struct arena *a, const struct survey_regression *r,
                                       const size_t *term, size_t k)
{
    struct survey_test o = {.status = STAT_OK, .df1 = (double)k, .df2 = r->df, .pearson = NAN, .mean_deff = NAN};
    double *v = arena_array(a, k * k + 1, sizeof *v), *b = arena_array(a, k + 1, sizeof *b), q = 0;
    bool good = r->status != STAT_REFUSED && k > 0;
    for (size_t i = 0; i < k && good; i++) {
        good = term[i] < r->p && !r->coef[term[i]].left_out;
        for (size_t j = 0; j < k && good; j++)
            v[i * k + j] = r->cov[term[i] * r->p + term[j]];
        b[i] = good ? r->coef[term[i]].est : 0;
    }
    o.fewest_psus = r->n_psu;
    if (!good || !mat_cholesky(v, k)) {
        o.status = STAT_REFUSED;
        o.reason = good ? STAT_REASON_SINGULAR : STAT_REASON_INVALID;
        o.statistic = o.p = NAN;
        return o;
    }
    mat_cholesky_solve(v, k, b, true);
    for (size_t i = 0; i < k; i++)
        q += b[i] * b[i];
    o.statistic = q / (double)k;
    o.p = dist_f_upper(o.statistic, o.df1, o.df2);
    return o;
}

struct survey_estimate survey_regress_predict(const struct survey_regression *r,
                                              enum survey_family family, const double *at, double level,
                                              bool response)
{
    struct survey_estimate e = {.status = r->status, .reason = r->reason, .est = NAN, .se = NAN,
                                .lower = NAN, .upper = NAN, .level = level, .cv = NAN, .deff = NAN,
                                .n_eff = NAN, .df = r->df, .n = r->n, .n_missing = r->n_missing,
                                .n_psu = r->n_psu, .weight = r->weight, .interval = SURVEY_INTERVAL_T};
    if (r->status == STAT_REFUSED)
        return e;
    double eta = 0, var = 0, slope = 1;
    for (size_t j = 0; j < r->p; j++) {
        if (r->coef[j].left_out)
            continue;
        eta += at[j] * r->coef[j].est;
        for (size_t k = 0; k < r->p; k++)
            var += r->coef[k].left_out ? 0 : at[j] * at[k] * r->cov[j * r->p + k];
    }
    double half = dist_t_quantile(0.5 + level / 2, r->df) * sqrt(var), ignored;
    e.est = response ? mean_of(family, eta, &slope) : eta;
    e.se = slope * sqrt(var);
    e.lower = response ? mean_of(family, eta - half, &ignored) : eta - half;
    e.upper = response ? mean_of(family, eta + half, &ignored) : eta + half;
    e.cv = e.se / fabs(e.est);
    return e;
}
