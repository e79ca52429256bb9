/* method_area.c - small areas (stat/sae.h, stat/sae_scale.h), for `shanyraq stat`. */
#include "calc/method_area.h"

#include "base/arena.h"
#include "i18n/i18n.h"
#include "stat/sae_scale.h"

#include <math.h>

/* --- what the methods share ------------------------------------------------------------------------ */

#define AREA {"area", CALC_LABELS, .help = "Name of each area, repeated in the answer"}
#define LEVEL {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true}
#define ESTIMATOR                                                                                  \
    {"estimator", CALC_CHOICE, "Of the variance between areas", .fallback = "\"reml\"",            \
     .choices = CALC_AREA_ESTIMATORS},                                                             \
    {"adjust_zero", CALC_BOOL, "Where that variance comes out as 0, use reml_adjusted",            \
     .fallback = "false"}

const double *calc_area_variance(const struct calc *c, const struct calc_values *o)
{
    const double *v = calc_column(o, "variance"), *se = calc_column(o, "se");
    size_t n = calc_rows(c, NULL);
    if (!v && !se)
        return NULL;
    double *out = arena_array(c->arena, n, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        double d = v ? v[i] : se[i] * se[i];
        out[i] = isnan(d) ? INFINITY : d;
    }
    return out;
}

void calc_area_coefficients(struct calc *c, const char *const *name, const double *beta, const double *se, size_t p)
{
    struct calc_table *t = calc_put_table(c->result, "coefficients");
    for (size_t j = 0; j < p; j++) {
        calc_row(t);
        calc_cell_text(t, "term", name[j]);
        calc_cell_num(t, "estimate", beta[j]);
        calc_cell_num(t, "se", se[j]);
    }
}

static void put_fit(struct calc *c, const struct sae_fit *f, const struct calc_columns *x)
{
    static const char *const NAMES[] = CALC_AREA_ESTIMATOR_NAMES;
    calc_put_text(c->result, "estimator", NAMES[f->method]);
    calc_put_num(c->result, "variance_between", f->a);
    calc_put_bool(c->result, "variance_is_zero", f->a_zero);
    calc_put_optional(c->result, "log_likelihood", f->log_likelihood);
    calc_put_optional(c->result, "aic", f->aic);
    calc_put_optional(c->result, "bic", f->bic);
    calc_area_coefficients(c, x->name, f->beta, f->beta_se, x->p);
}

/* What has no value of y must be without respondents: its variance says so. */
static int check_direct(struct calc *c, const struct calc_values *o, const double *y, const double *variance)
{
    int rc = OK;
    for (size_t i = 0; i < calc_rows(c, NULL); i++)
        if (isnan(y[i]) && isfinite(variance[i]))
            rc = calc_wrong_row(c, o, "y", i, N_("The estimate is missing, but its variance is given."));
    return rc;
}

/* --- area.fay_herriot ------------------------------------------------------------------------------ */

static const struct calc_field FAY_HERRIOT[] = {
    AREA,
    {"y", CALC_COLUMN, "Direct estimates; missing only where there are no respondents", .required = true, .missing = true},
    CALC_AREA_VARIANCE,
    CALC_AREA_TERMS,
    ESTIMATOR,
    LEVEL,
    {0},
};

static int run_fay_herriot(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const double *y = calc_column(o, "y"), *variance = calc_area_variance(c, o);
    const struct calc_columns *x = calc_terms(c, o, "x", calc_bool(o, "intercept"));
    if (!calc_column(o, "variance") == !calc_column(o, "se"))
        return calc_wrong(c, o, "variance", N_("Give either variance or se."));
    TRY(check_direct(c, o, y, variance));
    struct sae_fit f = sae_fay_herriot(c->arena, n, x->p, y, x->x, variance, (enum sae_method)calc_choice(o, "estimator"),
                                       calc_bool(o, "adjust_zero"));
    if (f.status == STAT_REFUSED)
        return calc_refuse_all(c, f.reason);
    put_fit(c, &f, x);
    struct calc_table *t = calc_put_table(c->result, "areas");
    const char *const *area = calc_labels(o, "area");
    for (size_t i = 0; i < n; i++) {
        const struct sae_area *r = &f.area[i];
        double lower, upper;
        sae_interval(r->estimate, r->mse, calc_num(o, "level"), &lower, &upper);
        calc_row(t);
        if (area)
            calc_cell_text(t, "area", area[i]);
        calc_cell_optional(t, "direct", y[i]);
        calc_cell_num(t, "estimate", r->estimate);
        calc_cell_num(t, "mse", r->mse);
        calc_cell_num(t, "lower", lower);
        calc_cell_num(t, "upper", upper);
        calc_cell_num(t, "gamma", r->gamma);
        calc_cell_num(t, "synthetic", r->synthetic_part);
        calc_cell_bool(t, "is_synthetic", r->synthetic);
        calc_cell_status(t, r->status, STAT_REASON_MODEL);
    }
    return OK;
}

/* --- area.transformed ------------------------------------------------------------------------------ */

static const struct calc_field TRANSFORMED[] = {
    AREA,
    {"y", CALC_COLUMN, "Direct estimates; missing only where there are no respondents", .required = true, .missing = true},
    {"scale", CALC_CHOICE, "arcsine and logit: shares; log: figures above 0", .required = true,
     .choices = "arcsine|logit|log"},
    CALC_AREA_VARIANCE,
    {"effective", CALC_COLUMN, "In its place, of shares: respondents divided by the design effect; 0: none", .min = 0,
     .max = INFINITY},
    CALC_AREA_TERMS,
    ESTIMATOR,
    LEVEL,
    {"replicates", CALC_INT, "Of the parametric bootstrap of the MSE; 0: by the slope of the scale", .fallback = "0",
     .min = 0, .max = 1e6},
    {0},
};

static void put_scaled(struct calc *c, const struct calc_values *o, const struct sae_scaled_fit *f, const double *y)
{
    const char *const *area = calc_labels(o, "area");
    struct calc_table *t = calc_put_table(c->result, "areas");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        const struct sae_scaled *r = &f->area[i];
        calc_row(t);
        if (area)
            calc_cell_text(t, "area", area[i]);
        calc_cell_optional(t, "direct", y[i]);
        calc_cell_num(t, "estimate", r->estimate);
        calc_cell_num(t, "naive", r->naive);
        calc_cell_num(t, "mse", r->mse);
        calc_cell_num(t, "lower", r->low);
        calc_cell_num(t, "upper", r->high);
        calc_cell_num(t, "gamma", r->gamma);
        calc_cell_num(t, "scale_estimate", r->scale_estimate);
        calc_cell_num(t, "scale_mse", r->scale_mse);
        calc_cell_num(t, "scale_variance", f->variance[i]);
        calc_cell_bool(t, "is_synthetic", r->synthetic);
        calc_cell_status(t, r->status, STAT_REASON_MODEL);
    }
}

static int run_transformed(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const double *y = calc_column(o, "y"), *variance = calc_area_variance(c, o);
    const double *effective = calc_column(o, "effective");
    if (!calc_column(o, "variance") + !calc_column(o, "se") + !effective != 2)
        return calc_wrong(c, o, "variance", N_("Give one of variance, se and effective."));
    if (effective && calc_choice(o, "scale") == SAE_SCALE_LOG)
        return calc_wrong(c, o, "effective", N_("Only shares have an effective number of respondents."));
    if (variance)
        TRY(check_direct(c, o, y, variance));
    const struct calc_columns *x = calc_terms(c, o, "x", calc_bool(o, "intercept"));
    struct sae_scale_options so = {(enum sae_scale)calc_choice(o, "scale"), (enum sae_method)calc_choice(o, "estimator"),
                                   calc_bool(o, "adjust_zero"), calc_num(o, "level"), (size_t)calc_int(o, "replicates"),
                                   c->seed};
    struct sae_scaled_fit f = sae_scaled(c->arena, c->run, n, x->p, y, x->x, variance, effective, &so);
    if (f.status == STAT_REFUSED)
        return calc_refuse_all(c, f.reason);
    put_fit(c, &f.fit, x);
    calc_put_int(c->result, "replicates", (int64_t)f.replicates);
    put_scaled(c, o, &f, y);
    return OK;
}

/* --- area.smooth, area.variance_function ------------------------------------------------------------ */

static const struct calc_field SMOOTH[] = {
    AREA,
    {"variance", CALC_COLUMN, "Direct sampling variances", .required = true, .missing = true, .min = 0, .max = INFINITY},
    {"respondents", CALC_WHOLES, "Respondents of each area", .required = true, .min = 0, .max = 1e15},
    {0},
};

static void put_smooth(struct calc *c, const struct calc_values *o, const double *variance, const double *smooth)
{
    const char *const *area = calc_labels(o, "area");
    struct calc_table *t = calc_put_table(c->result, "areas");
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        calc_row(t);
        if (area)
            calc_cell_text(t, "area", area[i]);
        calc_cell_optional(t, "variance", variance[i]);
        calc_cell_num(t, "smooth", smooth[i]);
    }
}

static int run_smooth(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    double *smooth = arena_array(c->arena, n, sizeof *smooth);
    sae_smooth(n, calc_column(o, "variance"), calc_wholes(o, "respondents"), smooth);
    put_smooth(c, o, calc_column(o, "variance"), smooth);
    return OK;
}

static const struct calc_field VARIANCE_FUNCTION[] = {
    AREA,
    {"variance", CALC_COLUMN, "Direct sampling variances", .required = true, .missing = true, .min = 0, .max = INFINITY},
    CALC_AREA_TERMS,
    {"weight", CALC_COLUMN, "Of the regression, usually the respondents less one; without it 1", .min = 0, .max = INFINITY},
    {0},
};

static int run_variance_function(struct calc *c, const struct calc_values *o)
{
    const struct calc_columns *z = calc_terms(c, o, "x", calc_bool(o, "intercept"));
    struct sae_gvf g = sae_gvf(c->arena, calc_rows(c, NULL), z->p, calc_column(o, "variance"), z->x, calc_column(o, "weight"));
    if (g.status == STAT_REFUSED)
        return calc_refuse_all(c, g.reason);
    struct calc_table *t = calc_put_table(c->result, "coefficients");
    for (size_t j = 0; j < z->p; j++) {
        calc_row(t);
        calc_cell_text(t, "term", z->name[j]);
        calc_cell_num(t, "estimate", g.coefficient[j]);
    }
    calc_put_num(c->result, "factor", g.factor);
    calc_put_num(c->result, "r_squared", g.r_squared);
    put_smooth(c, o, calc_column(o, "variance"), g.smooth);
    return OK;
}

/* --- area.benchmark --------------------------------------------------------------------------------- */

static const struct calc_field BENCHMARK[] = {
    AREA,
    {"y", CALC_COLUMN, "Estimates of the areas", .required = true},
    {"weight", CALC_COLUMN, "Share of each area in the whole: sum of weight x estimate is compared", .required = true,
     .min = 0, .max = INFINITY},
    {"mse", CALC_COLUMN, "Mean squared errors, for wfq", .min = 0, .max = INFINITY},
    {"target", CALC_NUM, .help = "What the sum has to be: the direct estimate of the whole", .required = true},
    {"kind", CALC_CHOICE, "Ratio, difference, or Wang-Fuller-Qu: more where the mse is larger", .fallback = "\"ratio\"",
     .choices = "ratio|difference|wfq"},
    {0},
};

static int run_benchmark(struct calc *c, const struct calc_values *o)
{
    size_t n = calc_rows(c, NULL);
    const double *y = calc_column(o, "y"), *mse = calc_column(o, "mse");
    enum sae_benchmark kind = (enum sae_benchmark)calc_choice(o, "kind");
    if (kind == SAE_BENCHMARK_WFQ && !mse)
        return calc_wrong(c, o, "mse", N_("This option is needed."));
    double *out = arena_array(c->arena, n, sizeof *out);
    if (!sae_benchmark(n, y, mse, calc_column(o, "weight"), calc_num(o, "target"), kind, out))
        return calc_refuse_all(c, STAT_REASON_SINGULAR);
    const char *const *area = calc_labels(o, "area");
    struct calc_table *t = calc_put_table(c->result, "areas");
    for (size_t i = 0; i < n; i++) {
        calc_row(t);
        if (area)
            calc_cell_text(t, "area", area[i]);
        calc_cell_num(t, "before", y[i]);
        calc_cell_num(t, "estimate", out[i]);
    }
    return OK;
}

const struct calc_method calc_methods_area[] = {
    {"area.fay_herriot", N_("Small areas by the Fay-Herriot model: EBLUP with its mean squared error"),
     "Fay, Herriot 1979, JASA 74:269; Prasad, Rao 1990, JASA 85:163; Rao, Molina 2015, Small Area Estimation, ch. 6",
     FAY_HERRIOT, run_fay_herriot, .table = "areas"},
    {"area.transformed", N_("The same on the arcsine, logit or logarithmic scale, carried back without bias"),
     "Slud, Maiti 2006, JRSS B 68:239; Hadam, Wuerz, Kreutzmann 2020; Gonzalez-Manteiga et al. 2008, JSCS 78:443",
     TRANSFORMED, run_transformed, .seeded = true, .table = "areas"},
    {"area.smooth", N_("Sampling variances smoothed by one pooled unit variance"), "Wolter 2007, Introduction to Variance Estimation, ch. 7",
     SMOOTH, run_smooth, .table = "areas"},
    {"area.variance_function", N_("Sampling variances smoothed by a regression of their logarithms"),
     "Hidiroglou, Beaumont, Yung 2019, Surv. Meth. 45:101", VARIANCE_FUNCTION, run_variance_function, .table = "areas"},
    {"area.benchmark", N_("Estimates of areas made to agree with that of the whole"), "Wang, Fuller, Qu 2008, Surv. Meth. 34:29",
     BENCHMARK, run_benchmark, .table = "areas"},
    {0},
};
