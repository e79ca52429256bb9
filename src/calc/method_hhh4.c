/* method_hhh4.c - the endemic-epidemic model (stat/hhh4.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "calc/hhh4_read.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/dist.h"
#include "stat/score.h"

#include <math.h>
#include <string.h>

static const char REFERENCE[] =
    "Held, Hoehle, Hofmann 2005, Stat. Modelling 5:187; Paul, Held 2011, Stat. Med. 30:1118; "
    "Meyer, Held, Hoehle 2017, JSS 77(11)";
static const char *const PART[] = {"ar", "ne", "end"};

/* --- the fit in the answer --- */

static void put_coefficients(struct calc *c, const struct hhh4_document *d, const struct hhh4_fit *f,
                             double level)
{
    struct calc_table *t = calc_put_table(c->result, "coefficients");
    double z = dist_normal_quantile((1 + level) / 2, 0, 1);
    for (size_t k = 0; k < f->n_coef; k++) {
        calc_row(t);
        calc_cell_text(t, "name", hhh4_coef_name(c->arena, d, &f->name[k]));
        calc_cell_num(t, "estimate", f->coef[k]);
        calc_cell_optional(t, "se", f->se[k]);
        calc_cell_optional(t, "lower", f->coef[k] - z * f->se[k]);
        calc_cell_optional(t, "upper", f->coef[k] + z * f->se[k]);
    }
    if (f->unbounded)
        calc_warn(c, N_("%zu coefficients ran off: the data say nothing of them."), f->unbounded);
    if (f->at_bound)
        calc_warn(c, N_("A standard deviation of random intercepts stands at the end of its range."));
}

static void put_random(struct calc *c, const struct hhh4_document *d, const struct hhh4_fit *f)
{
    if (!f->n_random)
        return;
    size_t q = f->n_random;
    const char **name = arena_array(c->arena, q, sizeof *name);
    struct calc_node *r = calc_put_object(c->result, "random");
    double *kept = arena_array(c->arena, 15, sizeof *kept), *sd = kept + 9, *sd_se = kept + 12;
    memcpy(kept, f->sigma, sizeof f->sigma); /* the answer keeps addresses */
    memcpy(sd_se, f->sd_se, sizeof f->sd_se);
    for (size_t k = 0; k < q; k++) {
        name[k] = PART[f->random_part[k]];
        sd[k] = sqrt(f->sigma[k * q + k]);
    }
    calc_put_texts(r, "parts", name, q);
    calc_put_matrix(r, "sigma", kept, q, q);
    calc_put_nums(r, "sd", sd, q);
    calc_put_optionals(r, "log_sd_se", sd_se, q);
    calc_put_num(r, "marginal_log_likelihood", f->log_marginal);
    calc_put_int(r, "rounds", f->rounds);
    struct calc_table *t = calc_put_table(c->result, "random_intercepts");
    for (size_t i = 0; i < d->m.n_units; i++)
        for (size_t k = 0; k < q; k++) {
            calc_row(t);
            calc_cell_text(t, "unit", d->unit[i]);
            calc_cell_text(t, "part", name[k]);
            calc_cell_num(t, "estimate", f->random[i * q + k]);
            calc_cell_num(t, "se", f->random_se[i * q + k]);
        }
}

static void put_fit(struct calc *c, const struct hhh4_document *d, const struct hhh4_fit *f)
{
    calc_put_num(c->result, "log_likelihood", f->log_likelihood);
    calc_put_optional(c->result, "aic", f->aic);
    calc_put_optional(c->result, "bic", f->bic);
    calc_put_int(c->result, "n", (int64_t)f->n_obs);
    calc_put_int(c->result, "units", (int64_t)d->m.n_units);
    calc_put_int(c->result, "first", (int64_t)d->from + 1);
    calc_put_int(c->result, "last", (int64_t)d->to);
    calc_put_int(c->result, "steps", f->iterations);
}

/* --- hhh4.fit --- */

static const struct calc_field FIT[] = {
    HHH4_MODEL_FIELDS,
    {"level", CALC_NUM, "Level of the coefficients' intervals", .fallback = "0.95", .min = 0, .max = 1,
     .open = true},
    {"fitted", CALC_BOOL, "Fitted means too, with what each component adds", .fallback = "false"},
    {"show_weights", CALC_BOOL, "The neighbours' weights too", .fallback = "false"},
    {"covariance", CALC_BOOL, "The covariance matrix of shared coefficients too (-log psi in place of psi)",
     .fallback = "false"},
    {0},
};

static void put_fitted(struct calc *c, const struct hhh4_document *d, const struct hhh4_fit *f)
{
    size_t n = d->m.n_units, rows = d->to - d->from;
    double *mean = arena_array(c->arena, n * rows, sizeof *mean),
           *size = arena_array(c->arena, n, sizeof *size);
    double *parts = arena_array(c->arena, n * rows * HHH4_PARTS, sizeof *parts);
    hhh4_fitted(c->arena, &d->m, f, d->from, d->to, mean, size, parts);
    struct calc_table *t = calc_put_table(c->result, "fitted");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rows; k++) {
            calc_row(t);
            calc_cell_text(t, "unit", d->unit[i]);
            calc_cell_int(t, "period", d->first_period + (int64_t)(d->from + k));
            calc_cell_int(t, "y", d->m.y[i * d->m.n_periods + d->from + k]);
            calc_cell_num(t, "mean", mean[i * rows + k]);
            for (int p = 0; p < HHH4_PARTS; p++)
                calc_cell_num(t, PART[p], parts[(i * rows + k) * HHH4_PARTS + (size_t)p]);
        }
}

static void put_weights(struct calc *c, const struct hhh4_document *d, const struct hhh4_fit *f)
{
    if (!d->m.weights)
        return;
    const struct hhh4_links *l = &d->weights.links;
    size_t pairs = l->start[d->m.n_units], n_coef = 0;
    double *w = arena_array(c->arena, pairs + 1, sizeof *w), coef[32] = {0};
    for (size_t k = 0; k < f->n_coef; k++)
        if (f->name[k].kind == HHH4_WEIGHT && n_coef < 32)
            coef[n_coef++] = f->coef[k];
    hhh4_weights_at(&d->weights, d->m.n_units, coef, w);
    struct calc_table *t = calc_put_table(c->result, "weights");
    for (size_t j = 0; j < d->m.n_units; j++)
        for (size_t e = l->start[j]; e < l->start[j + 1]; e++) {
            calc_row(t);
            calc_cell_text(t, "from", d->unit[j]);
            calc_cell_text(t, "to", d->unit[l->to[e]]);
            calc_cell_num(t, "value", l->value[e]);
            calc_cell_num(t, "weight", w[e]);
        }
}

static int run_fit(struct calc *c, const struct calc_values *o)
{
    struct hhh4_document d;
    TRY(hhh4_read(c, o, 0, &d));
    struct hhh4_fit f = hhh4_fit(c->arena, &d.m, d.from, d.to, NULL, c->run);
    if (f.status == STAT_REFUSED)
        return calc_refuse_all(c, f.reason);
    put_coefficients(c, &d, &f, calc_num(o, "level"));
    put_fit(c, &d, &f);
    put_random(c, &d, &f);
    if (calc_bool(o, "covariance"))
        calc_put_matrix(c->result, "covariance", f.covariance, f.n_shared, f.n_shared);
    if (calc_bool(o, "fitted"))
        put_fitted(c, &d, &f);
    if (calc_bool(o, "show_weights"))
        put_weights(c, &d, &f);
    return OK;
}

/* --- hhh4.forecast --- */

static const struct calc_field FORECAST[] = {
    HHH4_MODEL_FIELDS,
    {"horizon", CALC_INT, "Periods ahead of the last row of the fit", .fallback = "1", .min = 1,
     .max = 10000},
    {"paths", CALC_INT, "Simulated paths", .fallback = "1000", .min = 100, .max = 1000000},
    {"levels", CALC_NUMS, "Levels of the central intervals", .fallback = "[0.5, 0.8, 0.95]", .min = 0,
     .max = 1, .open = true, .least = 1, .most = 20},
    {"moments", CALC_BOOL, "Exact mean and variance too: memory grows with the square of units",
     .fallback = "true"},
    {0},
};

struct ahead {
    const struct hhh4_paths *p;
    const double *level;
    size_t n_levels, horizon;
    const double *mean, *variance, *total_mean, *total_variance; /* NULL: not asked for */
};

static void put_intervals(struct calc *c, struct calc_table *t, const struct ahead *x, const double *quantile)
{
    calc_cell_num(t, "median", quantile[2 * x->n_levels]);
    for (size_t k = 0; k < x->n_levels; k++) {
        calc_cell_num(t, arena_printf(c->arena, "lower_%g", x->level[k]), quantile[2 * k]);
        calc_cell_num(t, arena_printf(c->arena, "upper_%g", x->level[k]), quantile[2 * k + 1]);
    }
}

static void put_ahead(struct calc *c, const struct hhh4_document *d, const struct ahead *x)
{
    size_t n_q = 2 * x->n_levels + 1;
    struct calc_table *t = calc_put_table(c->result, "forecasts");
    for (size_t i = 0; i < d->m.n_units; i++)
        for (size_t h = 0; h < x->horizon; h++) {
            size_t at = i * x->horizon + h;
            calc_row(t);
            calc_cell_text(t, "unit", d->unit[i]);
            calc_cell_int(t, "period", d->first_period + (int64_t)(d->to + h));
            calc_cell_int(t, "ahead", (int64_t)h + 1);
            calc_cell_num(t, "mean", x->mean ? x->mean[at] : x->p->mean[at]);
            calc_cell_num(t, "sd", x->mean ? sqrt(x->variance[at]) : x->p->sd[at]);
            put_intervals(c, t, x, x->p->quantile + at * n_q);
        }
    t = calc_put_table(c->result, "total");
    for (size_t h = 0; h < x->horizon; h++) {
        calc_row(t);
        calc_cell_int(t, "period", d->first_period + (int64_t)(d->to + h));
        calc_cell_int(t, "ahead", (int64_t)h + 1);
        calc_cell_num(t, "mean", x->mean ? x->total_mean[h] : x->p->total_mean[h]);
        calc_cell_num(t, "sd", x->mean ? sqrt(x->total_variance[h]) : x->p->total_sd[h]);
        put_intervals(c, t, x, x->p->total_quantile + h * n_q);
    }
}

static int run_forecast(struct calc *c, const struct calc_values *o)
{
    struct hhh4_document d;
    struct ahead x = {.horizon = (size_t)calc_int(o, "horizon")};
    TRY(hhh4_read(c, o, x.horizon, &d));
    struct hhh4_fit f = hhh4_fit(c->arena, &d.m, d.from, d.to, NULL, c->run);
    if (f.status == STAT_REFUSED)
        return calc_refuse_all(c, f.reason);
    x.level = calc_nums(o, "levels", &x.n_levels);
    double *q = arena_array(c->arena, 2 * x.n_levels + 1, sizeof *q);
    for (size_t k = 0; k < x.n_levels; k++) {
        q[2 * k] = (1 - x.level[k]) / 2;
        q[2 * k + 1] = (1 + x.level[k]) / 2;
    }
    q[2 * x.n_levels] = 0.5;
    struct hhh4_paths p = hhh4_simulate(c->arena, &d.m, &f, d.to, x.horizon, (size_t)calc_int(o, "paths"),
                                        c->seed, 2 * x.n_levels + 1, q, c->run);
    if (p.status == STAT_REFUSED)
        return calc_refuse_all(c, p.reason);
    x.p = &p;
    if (calc_bool(o, "moments")) {
        size_t cells = d.m.n_units * x.horizon;
        double *v = arena_array(c->arena, 2 * cells + 2 * x.horizon, sizeof *v);
        enum stat_reason r = hhh4_moments(c->arena, &d.m, &f, d.to, x.horizon, v, v + cells, v + 2 * cells,
                                          v + 2 * cells + x.horizon);
        if (r)
            calc_warn(
                c, N_("Mean and standard deviation are those of the paths: the exact ones need a lag of 1."));
        else
            x.mean = v, x.variance = v + cells, x.total_mean = v + 2 * cells,
            x.total_variance = v + 2 * cells + x.horizon;
    }
    put_ahead(c, &d, &x);
    put_coefficients(c, &d, &f, 0.95);
    put_fit(c, &d, &f);
    return OK;
}

/* --- hhh4.backtest --- */

static const struct calc_field BACKTEST[] = {
    HHH4_MODEL_FIELDS,
    {"forecast_from", CALC_INT, "First row (period) that is forecast from those before it, counted from 1",
     .required = true, .min = 3, .max = 1e9},
    {"refit", CALC_CHOICE, "For every period; once, before the first; once, with all (no forecast, a check)",
     .fallback = "\"rolling\"", .choices = "rolling|first|final"},
    {"bins", CALC_INT, "Bins of the PIT histogram", .fallback = "10", .min = 2, .max = 100},
    {0},
};

static int run_backtest(struct calc *c, const struct calc_values *o)
{
    struct hhh4_document d;
    TRY(hhh4_read(c, o, 0, &d));
    size_t first = (size_t)calc_int(o, "forecast_from") - 1, n = d.m.n_units, used = 0;
    if (first <= d.from || first >= d.to)
        return calc_wrong(c, o, "forecast_from", N_("The first forecast lies outside the rows with counts."));
    struct hhh4_roll r =
        hhh4_roll(c->arena, &d.m, (enum hhh4_refit)calc_choice(o, "refit"), d.from, first, d.to, c->run);
    if (r.status == STAT_REFUSED)
        return calc_refuse_all(c, r.reason);
    struct calc_table *t = calc_put_table(c->result, "forecasts");
    double *low = arena_array(c->arena, r.n * n, sizeof *low),
           *high = arena_array(c->arena, r.n * n, sizeof *high);
    double sum[4] = {0};
    for (size_t k = 0; k < r.n; k++)
        for (size_t i = 0; i < n; i++) {
            double y = (double)d.m.y[i * d.m.n_periods + first + k], mean = r.mean[k * n + i],
                   size = r.size[k * n + i];
            calc_row(t);
            calc_cell_int(t, "period", d.first_period + (int64_t)(first + k));
            calc_cell_text(t, "unit", d.unit[i]);
            calc_cell_int(t, "y", (int64_t)y);
            calc_cell_status(t, r.why[k] ? STAT_REFUSED : STAT_OK, r.why[k]);
            calc_cell_optional(t, "mean", mean);
            calc_cell_optional(t, "size", size);
            struct score_count s = {NAN, NAN, NAN, NAN};
            if (!r.why[k]) {
                s = score_negbin(y, mean, size);
                low[used] = y > 0 ? dist_negbin_cdf(y - 1, mean, size) : 0;
                high[used++] = dist_negbin_cdf(y, mean, size);
                sum[0] += s.log, sum[1] += s.rps, sum[2] += s.dss, sum[3] += s.squared;
            }
            calc_cell_optional(t, "log_score", s.log);
            calc_cell_optional(t, "rps", s.rps);
            calc_cell_optional(t, "dss", s.dss);
            calc_cell_optional(t, "squared_error", s.squared);
        }
    if (!used)
        return calc_refuse_all(c, STAT_REASON_NOT_CONVERGED);
    static const char *const SCORE[] = {"log_score", "rps", "dss", "squared_error"};
    struct calc_node *mean = calc_put_object(c->result, "mean");
    for (int k = 0; k < 4; k++)
        calc_put_num(mean, SCORE[k], sum[k] / (double)used);
    calc_put_int(c->result, "n", (int64_t)used);
    calc_put_int(c->result, "failed_periods", (int64_t)r.failed);
    size_t bins = (size_t)calc_int(o, "bins");
    double *pit = arena_array(c->arena, bins, sizeof *pit);
    calc_put_int(c->result, "without_pit", (int64_t)score_pit(used, low, high, bins, pit));
    calc_put_optionals(c->result, "pit", pit, bins);
    return OK;
}

const struct calc_method calc_methods_hhh4[] = {
    {"hhh4.fit", N_("The endemic-epidemic model of counts in several units over time"), REFERENCE, FIT, run_fit,
     .sources = hhh4_sources, .table = "coefficients"},
    {"hhh4.forecast", N_("Forecasts of the endemic-epidemic model, several periods ahead, by simulated paths"),
     "Held, Meyer, Bracher 2017, Stat. Med. 36:3443", FORECAST, run_forecast, .sources = hhh4_sources,
     .seeded = true, .table = "forecasts"},
    {"hhh4.backtest",
     N_("One-step forecasts of the past by the endemic-epidemic model, refitted every period, with their scores"),
     "Paul, Held 2011, Stat. Med. 30:1118; Czado, Gneiting, Held 2009, Biometrics 65:1254", BACKTEST,
     run_backtest, .sources = hhh4_sources, .table = "forecasts"},
    {0},
};
