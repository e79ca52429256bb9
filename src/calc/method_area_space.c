/* method_area_space.c - small areas in space and time (stat/sae_space.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "calc/calc.h"
#include "calc/method_area.h"
#include "calc/neighbours.h"
#include "i18n/i18n.h"
#include "stat/sae_space.h"

#include <math.h>

#define SPACE_COMMON                                                                               \
    {"y", CALC_COLUMN, "Direct estimates; missing only where there are no respondents", .required = true, .missing = true}, \
    CALC_AREA_VARIANCE, CALC_AREA_TERMS, CALC_NEIGHBOUR_FIELDS,                                     \
    {"estimator", CALC_CHOICE, "Of the variances and correlations", .fallback = "\"reml\"", .choices = "reml|ml"}, \
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true}, \
    {"replicates", CALC_INT, "Of the parametric bootstrap of the MSE; 0: the analytic one alone", .fallback = "0", \
     .min = 0, .max = 1e6}

static const struct calc_field SPATIAL[] = {
    {"area", CALC_CODES, "Area of the row", .required = true},
    SPACE_COMMON,
    {0},
};
static const struct calc_field SPACE_TIME[] = {
    {"area", CALC_CODES, "Area of the row", .required = true},
    {"period", CALC_CODES, "Period of the row; every area has every period once", .required = true},
    SPACE_COMMON,
    {"autoregressive", CALC_BOOL, "Is an area's effect of one period like that of the last", .fallback = "true"},
    {0},
};
static const struct calc_source SOURCES[] = {
    {"main", "one row an area, or an area and period", false}, CALC_NEIGHBOUR_SOURCE, {0}};

/* Where the model has each row of the data: area by area as they first appear, the periods of an area together.
 * name[] becomes the areas in that order. */
static int place_rows(struct calc *c, const struct calc_values *o, const struct calc_codes *period, size_t *at, const char **name)
{
    const struct calc_codes *area = calc_codes(o, "area");
    size_t n = calc_rows(c, NULL), periods = period ? period->n : 1, found = 0;
    size_t *place = arena_array(c->arena, area->n, sizeof *place); /* from 1; 0: not yet */
    if (n % periods || n / periods != area->n)
        return calc_wrong(c, o, "area", N_("Every area needs a row for every period."));
    bool *taken = arena_array(c->arena, n, sizeof *taken);
    for (size_t i = 0; i < n; i++) {
        int32_t code = area->code[i];
        if (!place[code]) {
            name[found++] = area->name[code];
            place[code] = found;
        }
        at[i] = (place[code] - 1) * periods + (period ? (size_t)period->code[i] : 0);
        if (taken[at[i]])
            return calc_wrong_row(c, o, "area", i, N_("This area has a second row for the same period."));
        taken[at[i]] = true;
    }
    return OK;
}

static void put_parameters(struct calc *c, const struct sae_space_fit *f)
{
    static const char *const NAMES[] = {"sigma1", "rho1", "sigma2", "rho2"};
    struct calc_table *t = calc_put_table(c->result, "parameters");
    for (int k = 0; k < SAE_SPACE_PARAMETERS; k++) {
        calc_row(t);
        calc_cell_text(t, "parameter", NAMES[k]);
        calc_cell_bool(t, "estimated", f->used[k]);
        calc_cell_num(t, "estimate", f->theta[k]);
        calc_cell_optional(t, "se", f->theta_se[k]);
        if (!f->used[k] && f->theta[k] != 0)
            calc_warn(c, "%s: %s", NAMES[k], T(c->cx, stat_reason_text(STAT_REASON_AT_BOUND)));
    }
    calc_put_optional(c->result, "log_likelihood", f->log_likelihood);
    calc_put_optional(c->result, "aic", f->aic);
    calc_put_optional(c->result, "bic", f->bic);
    calc_put_int(c->result, "iterations", f->iterations);
    calc_put_int(c->result, "replicates", (int64_t)f->replicates);
}

static void put_rows(struct calc *c, const struct calc_values *o, const struct calc_codes *period,
                     const struct sae_space_fit *f, const size_t *at, const double *y)
{
    const struct calc_codes *area = calc_codes(o, "area");
    struct calc_table *t = calc_put_table(c->result, "areas");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        const struct sae_space_row *r = &f->row[at[i]];
        calc_row(t);
        calc_cell_text(t, "area", area->name[area->code[i]]);
        if (period)
            calc_cell_text(t, "period", period->name[period->code[i]]);
        calc_cell_optional(t, "direct", y[i]);
        calc_cell_num(t, "estimate", r->estimate);
        calc_cell_num(t, "mse", r->mse);
        calc_cell_optional(t, "mse_bootstrap", r->mse_boot);
        calc_cell_optional(t, "mse_bootstrap_corrected", r->mse_boot_corrected);
        calc_cell_num(t, "lower", r->low);
        calc_cell_num(t, "upper", r->high);
        calc_cell_num(t, "gamma", r->gamma);
        calc_cell_num(t, "synthetic", r->synthetic_part);
        calc_cell_bool(t, "is_synthetic", r->synthetic);
        calc_cell_status(t, r->status, STAT_REASON_MODEL);
    }
}

/* The data in the order of the model. */
static struct sae_space_model arrange(struct calc *c, const size_t *at, size_t areas, const double *y,
                                      const double *variance, const struct calc_columns *x)
{
    size_t n = calc_rows(c, NULL), p = x->p;
    double *ys = arena_array(c->arena, n, sizeof *ys), *vs = arena_array(c->arena, n, sizeof *vs);
    double *xs = arena_array(c->arena, n * p, sizeof *xs);
    for (size_t i = 0; i < n; i++) {
        ys[at[i]] = y[i];
        vs[at[i]] = variance[i];
        for (size_t j = 0; j < p; j++)
            xs[at[i] * p + j] = x->x[i * p + j];
    }
    return (struct sae_space_model){.areas = areas, .periods = n / areas, .p = p, .y = ys, .x = xs, .variance = vs};
}

static int check_direct(struct calc *c, const struct calc_values *o, const double *y, const double *variance)
{
    int rc = OK;
    for (size_t i = 0; i < calc_rows(c, NULL); i++)
        if (isnan(y[i]) && isfinite(variance[i]))
            rc = calc_wrong_row(c, o, "y", i, N_("The estimate is missing, but its variance is given."));
    return rc;
}

static int run_model(struct calc *c, const struct calc_values *o, const struct calc_codes *period, bool autoregressive)
{
    const struct calc_codes *area = calc_codes(o, "area");
    const double *y = calc_column(o, "y"), *variance = calc_area_variance(c, o);
    if (!calc_column(o, "variance") == !calc_column(o, "se"))
        return calc_wrong(c, o, "variance", N_("Give either variance or se."));
    TRY(check_direct(c, o, y, variance));
    size_t *at = arena_array(c->arena, calc_rows(c, NULL), sizeof *at);
    const char **name = arena_array(c->arena, area->n, sizeof *name);
    TRY(place_rows(c, o, period, at, name));
    struct spatial_weights w;
    TRY(calc_neighbours(c, o, area->n, name, &w));
    const struct calc_columns *x = calc_terms(c, o, "x", calc_bool(o, "intercept"));
    struct sae_space_model m = arrange(c, at, area->n, y, variance, x);
    m.w = &w;
    m.ml = calc_choice(o, "estimator") == 1;
    m.time_effects = period != NULL;
    m.autoregressive = autoregressive;
    struct sae_space_options so = {calc_num(o, "level"), (size_t)calc_int(o, "replicates"), c->seed};
    struct sae_space_fit f = sae_space(c->arena, c->run, &m, &so);
    if (f.status == STAT_REFUSED)
        return calc_refuse_all(c, f.reason);
    calc_area_coefficients(c, x->name, f.beta, f.beta_se, x->p);
    put_parameters(c, &f);
    put_rows(c, o, period, &f, at, y);
    return OK;
}

static int run_spatial(struct calc *c, const struct calc_values *o)
{
    return run_model(c, o, NULL, false);
}

static int run_space_time(struct calc *c, const struct calc_values *o)
{
    return run_model(c, o, calc_codes(o, "period"), calc_bool(o, "autoregressive"));
}

const struct calc_method calc_methods_area_space[] = {
    {"area.spatial", N_("The Fay-Herriot model with neighbours that are alike"),
     "Petrucci, Salvati 2006, JABES 11:169; Pratesi, Salvati 2008, SMA 17:113", SPATIAL, run_spatial, SOURCES, true, .table = "areas"},
    {"area.space_time", N_("The Fay-Herriot model with neighbours, and periods that are alike"),
     "Marhuenda, Molina, Morales 2013, CSDA 58:308", SPACE_TIME, run_space_time, SOURCES, true, .table = "areas"},
    {0},
};
