/* method_survey_figures.c - totals, means, shares, ratios, quantiles, variances: by group, in a domain, with errors by
 * linearisation or from replicates, their covariances and contrasts. */
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "calc/method_survey.h"
#include "i18n/i18n.h"
#include "stat/survey_table.h"

const struct calc_field survey_rules_fields[] = {
    {"min_respondents", CALC_INT, "Fewer: refused", .fallback = "0", .min = 0, .max = 1e9},
    {"min_df", CALC_NUM, "Fewer degrees of freedom: refused", .fallback = "0", .min = 0, .max = 1e9},
    {"flag_cv", CALC_NUM, "Coefficient of variation from which a figure is flagged", .fallback = "\"Infinity\"", .min = 0,
     .max = INFINITY, .infinite = true},
    {"max_cv", CALC_NUM, "Coefficient of variation above which it is refused", .fallback = "\"Infinity\"", .min = 0,
     .max = INFINITY, .infinite = true},
    {0},
};

const struct calc_field survey_replicate_fields[] = {
    {"kind", CALC_CHOICE, "Jackknife without or with strata, balanced half samples, bootstrap, given weights",
     .required = true, .choices = "jk1|jkn|brr|bootstrap|given"},
    {"rho", CALC_NUM, "brr: Fay's", .fallback = "0", .min = 0, .max = 0.99},
    {"count", CALC_INT, "bootstrap: how many", .fallback = "500", .min = 2, .max = 100000},
    {"mse", CALC_BOOL, "Around the full sample's estimate, not the replicates' mean", .fallback = "false"},
    {"weights", CALC_COLUMNS, "given: a column for each replicate", .min = 0, .max = INFINITY},
    {"combined", CALC_BOOL, "given: weights themselves, not factors of the weights", .fallback = "true"},
    {"scale", CALC_NUM, "given: factor of the sum of squares", .fallback = "1", .min = 0, .max = INFINITY, .open = true},
    {"rscales", CALC_NUMS, "given: factors of each square", .min = 0, .max = INFINITY},
    {"df", CALC_NUM, "given: degrees of freedom; 0: replicates - 1", .fallback = "0", .min = 0, .max = INFINITY},
    {0},
};

#define FIGURE_FIELDS                                                                                                  \
    {"by", CALC_CODES, "For every category of this column", .missing = true}, SURVEY_DOMAIN_FIELD, SURVEY_LEVEL_FIELD, \
        SURVEY_RULES_FIELD, SURVEY_REPLICATES_FIELD,                                                                   \
        {"covariance", CALC_BOOL, "Also the covariances of all figures", .fallback = "false"},                         \
        {"contrasts", CALC_OBJECTS, "Sums of the figures with coefficients", .fields = CONTRAST}
#define MEAN_INTERVAL {"interval", CALC_CHOICE, "Kind of interval", .fallback = "\"t\"", .choices = "t|normal"}
#define SHARE_INTERVAL                                                                                                   \
    {"interval", CALC_CHOICE, "Kind of interval; auto: beta for small or extreme shares, else logit",                    \
     .fallback = "\"auto\"", .choices = SURVEY_INTERVALS}

static const struct calc_field CONTRAST[] = {
    {"name", CALC_TEXT, "What it is called in the answer", .required = true},
    {"coef", CALC_NUMS, "A coefficient for every row of estimates, in their order", .required = true, .least = 1},
    {0},
};

const struct calc_field survey_fields_total[] = {
    SURVEY_DESIGN_FIELDS,
    {"y", CALC_COLUMNS, "Values; absent: people are counted", .missing = true},
    FIGURE_FIELDS,
    MEAN_INTERVAL,
    {0},
};

const struct calc_field survey_fields_mean[] = {
    SURVEY_DESIGN_FIELDS, {"y", CALC_COLUMNS, "Values", .required = true, .missing = true}, FIGURE_FIELDS, MEAN_INTERVAL, {0},
};

const struct calc_field survey_fields_proportion[] = {
    SURVEY_DESIGN_FIELDS,
    {"y", CALC_COLUMNS, "Values from 0 to 1: who has the property", .required = true, .missing = true, .min = 0, .max = 1},
    FIGURE_FIELDS,
    SHARE_INTERVAL,
    {0},
};

const struct calc_field survey_fields_ratio[] = {
    SURVEY_DESIGN_FIELDS,
    {"y", CALC_COLUMN, "Values above the line", .required = true, .missing = true},
    {"x", CALC_COLUMN, "Values below it", .required = true, .missing = true},
    FIGURE_FIELDS,
    MEAN_INTERVAL,
    {0},
};

const struct calc_field survey_fields_quantile[] = {
    SURVEY_DESIGN_FIELDS,
    {"y", CALC_COLUMNS, "Values", .required = true, .missing = true},
    {"p", CALC_NUMS, "Which quantiles", .fallback = "[0.5]", .min = 0, .max = 1, .least = 1},
    {"by", CALC_CODES, "For every category of this column", .missing = true},
    SURVEY_DOMAIN_FIELD,
    SURVEY_LEVEL_FIELD,
    SURVEY_RULES_FIELD,
    SURVEY_REPLICATES_FIELD,
    {"interval", CALC_CHOICE, "Of the share below, which Woodruff's interval turns back; auto is t", .fallback = "\"auto\"",
     .choices = SURVEY_INTERVALS},
    {0},
};

const struct calc_field survey_fields_variance[] = {
    SURVEY_DESIGN_FIELDS, {"y", CALC_COLUMNS, "Values", .required = true, .missing = true}, FIGURE_FIELDS, MEAN_INTERVAL, {0},
};

const struct calc_field survey_fields_covariance[] = {
    SURVEY_DESIGN_FIELDS,
    {"y", CALC_COLUMN, "First value", .required = true, .missing = true},
    {"x", CALC_COLUMN, "Second value", .required = true, .missing = true},
    {"by", CALC_CODES, "For every category of this column", .missing = true},
    SURVEY_DOMAIN_FIELD,
    SURVEY_LEVEL_FIELD,
    SURVEY_RULES_FIELD,
    MEAN_INTERVAL,
    {0},
};

/* --- what the methods share ---------------------------------------------------------------------------------- */

static enum survey_interval interval_of(const char *name)
{
    static const char *const NAMES[] = {"auto", "t", "logit", "beta", "wilson", "arcsine", "likelihood", "normal",
                                        "likelihood_exact"};
    size_t i = 0;
    while (!str_eq(NAMES[i], name))
        i++;
    return (enum survey_interval)i;
}

struct survey_rules survey_read_rules(const struct calc_values *o)
{
    struct survey_rules r = survey_rules_none();
    const struct calc_values *given = calc_object(o, "rules");
    r.level = calc_num(o, "level");
    r.interval = interval_of(calc_text(o, "interval"));
    if (given) {
        r.min_respondents = calc_int(given, "min_respondents");
        r.min_df = calc_num(given, "min_df");
        r.flag_cv = calc_num(given, "flag_cv");
        r.max_cv = calc_num(given, "max_cv");
    }
    return r;
}

int survey_read_replicates(struct calc *c, const struct calc_values *o, const struct survey_design *d,
                           struct survey_replicates **out)
{
    const struct calc_values *k = calc_object(o, "replicates");
    *out = NULL;
    if (!k)
        return OK;
    struct survey_replicate_options ro = {.kind = (enum survey_replicate_kind)calc_choice(k, "kind"), .rho = calc_num(k, "rho"),
                                          .replicates = (size_t)calc_int(k, "count"), .seed = c->seed,
                                          .mse = calc_bool(k, "mse")};
    enum stat_reason why;
    if (ro.kind == SURVEY_GIVEN) {
        const struct calc_columns *w = calc_columns(k, "weights");
        size_t n = 0;
        const double *rscale = calc_nums(k, "rscales", &n);
        if (!w || w->p < 2)
            return calc_wrong(c, k, "weights", N_("Two columns of replicate weights are needed at least."));
        if (rscale && n != w->p)
            return calc_wrong(c, k, "rscales", N_("There are %zu replicates: give as many factors."), w->p);
        why = survey_replicates_given(c->arena, d, w->x, w->p, calc_bool(k, "combined"), calc_num(k, "scale"), rscale,
                                      calc_num(k, "df"), ro.mse, out);
        if (why == STAT_REASON_INVALID)
            return calc_wrong(c, k, "weights", N_("Given replicates are calibrated by whoever gives them."));
    } else {
        why = survey_replicates_new(c->arena, d, &ro, out);
        if (why == STAT_REASON_INVALID)
            return calc_wrong(c, k, "kind", N_("jk1 is for samples without strata: take jkn."));
    }
    return why ? calc_refuse_all(c, why) : OK;
}

void survey_put_estimate(struct calc_table *t, const struct survey_estimate *e)
{
    static const char *const KIND[] = {"auto", "t", "logit", "beta", "wilson", "arcsine", "likelihood", "normal",
                                       "likelihood_exact"};
    calc_cell_optional(t, "estimate", e->est);
    calc_cell_optional(t, "se", e->se);
    calc_cell_optional(t, "lower", e->lower);
    calc_cell_optional(t, "upper", e->upper);
    calc_cell_text(t, "interval", e->status == STAT_REFUSED ? NULL : KIND[e->interval]);
    calc_cell_optional(t, "cv", e->cv);
    calc_cell_optional(t, "deff", e->deff);
    calc_cell_optional(t, "n_eff", e->n_eff);
    calc_cell_num(t, "df", e->df);
    calc_cell_int(t, "n", e->n);
    calc_cell_int(t, "n_missing", e->n_missing);
    calc_cell_int(t, "n_psu", (int64_t)e->n_psu);
    calc_cell_num(t, "weight", e->weight);
    calc_cell_status(t, e->status, e->reason);
}

bool *survey_group_domain(struct calc *c, const bool *domain, const int32_t *group, int32_t g, size_t n)
{
    bool *in = arena_array(c->arena, n + 1, sizeof *in);
    for (size_t i = 0; i < n; i++)
        in[i] = (!domain || domain[i]) && group[i] == g;
    return in;
}

/* --- one run of figures ------------------------------------------------------------------------------------------ */

enum figure { TOTAL, MEAN, PROPORTION, RATIO, QUANTILE, VARIANCE, COVARIANCE };

struct run {
    struct calc *c;
    enum figure figure;
    size_t n;
    struct survey_design *d;
    struct survey_rules rules;
    struct survey_replicates *rep;
    bool *domain;
    const struct calc_codes *by;
    int32_t *group; /* of every row, -1 outside of the domain */
    bool keep;      /* scores are needed */
    size_t failed;
    struct calc_table *table;
    VEC(struct survey_estimate) all;
};

static struct survey_estimate one_figure(struct run *r, const double *y, const double *x, double p, const bool *domain)
{
    struct arena *a = r->c->arena;
    if (r->rep) {
        static const enum survey_replicate_figure KIND[] = {SURVEY_REPLICATE_TOTAL, SURVEY_REPLICATE_MEAN, SURVEY_REPLICATE_SHARE,
                                                            SURVEY_REPLICATE_RATIO, SURVEY_REPLICATE_QUANTILE,
                                                            SURVEY_REPLICATE_VARIANCE};
        size_t failed = 0;
        struct survey_replicate_want w = {KIND[r->figure], y, x, p, domain};
        struct survey_estimate e = survey_replicate_estimate(a, r->rep, &w, &r->rules, r->c->run, &failed);
        r->failed = failed > r->failed ? failed : r->failed;
        return e;
    }
    switch (r->figure) {
    case TOTAL: return survey_total(a, r->d, y, domain, &r->rules);
    case PROPORTION: return survey_proportion(a, r->d, y, domain, &r->rules);
    case RATIO: return survey_ratio(a, r->d, y, x, domain, &r->rules);
    case QUANTILE: return survey_quantile(a, r->d, y, p, domain, &r->rules);
    case VARIANCE: return survey_variance(a, r->d, y, domain, &r->rules);
    case COVARIANCE: return survey_codeviation(a, r->d, x, y, domain, &r->rules);
    default: return survey_mean(a, r->d, y, domain, &r->rules);
    }
}

/* All groups of one variable: at once where the core can. */
static struct survey_estimate *group_figures(struct run *r, const double *y, const double *x, double p)
{
    struct arena *a = r->c->arena;
    size_t k = r->by->n;
    struct survey_estimate *e = arena_array(a, k + 1, sizeof *e);
    if (!r->rep && !r->keep && r->figure <= RATIO) {
        if (r->figure == TOTAL)
            survey_total_by(a, r->d, y, r->group, k, &r->rules, e);
        else if (r->figure == RATIO)
            survey_ratio_by(a, r->d, y, x, r->group, k, &r->rules, e);
        else
            (r->figure == MEAN ? survey_mean_by : survey_proportion_by)(a, r->d, y, r->group, k, &r->rules, e);
        return e;
    }
    for (size_t g = 0; g < k; g++)
        e[g] = one_figure(r, y, x, p, survey_group_domain(r->c, r->domain, r->by->code, (int32_t)g, r->n));
    return e;
}

static void put_row(struct run *r, const char *name, double p, const char *group, const struct survey_estimate *e)
{
    calc_row(r->table);
    if (name)
        calc_cell_text(r->table, "variable", name);
    if (!isnan(p))
        calc_cell_num(r->table, "p", p);
    if (group)
        calc_cell_text(r->table, "group", group);
    survey_put_estimate(r->table, e);
    vec_push(r->c->arena, &r->all, *e);
}

static void one_variable(struct run *r, const char *name, const double *y, const double *x, double p)
{
    double shown = r->figure == QUANTILE ? p : NAN;
    if (!r->by) {
        struct survey_estimate e = one_figure(r, y, x, p, r->domain);
        put_row(r, name, shown, NULL, &e);
        return;
    }
    struct survey_estimate *e = group_figures(r, y, x, p);
    for (size_t g = 0; g < r->by->n; g++)
        put_row(r, name, shown, r->by->name[g], &e[g]);
}

/* Covariances and contrasts of all figures of the table. */
static int combine(struct run *r, const struct calc_values *o)
{
    struct calc *c = r->c;
    size_t n, k = r->all.n;
    const struct calc_values *const *contrast = calc_objects(o, "contrasts", &n);
    if (calc_bool(o, "covariance")) {
        double *v = arena_array(c->arena, k * k + 1, sizeof *v);
        survey_covariances(c->arena, r->d, r->all.rows, k, v);
        calc_put_matrix(c->result, "covariance", v, k, k);
    }
    if (n == 0)
        return OK;
    struct calc_table *t = calc_put_table(c->result, "contrasts");
    for (size_t i = 0; i < n; i++) {
        size_t given;
        const double *coef = calc_nums(contrast[i], "coef", &given);
        if (given != k)
            return calc_wrong(c, contrast[i], "coef", N_("There are %zu figures: give as many coefficients."), k);
        struct survey_estimate e = survey_contrast(c->arena, r->d, r->all.rows, coef, k, &r->rules);
        calc_row(t);
        calc_cell_text(t, "name", calc_text(contrast[i], "name"));
        survey_put_estimate(t, &e);
    }
    return OK;
}

static int start(struct run *r, const struct calc_values *o, bool combines)
{
    struct calc *c = r->c;
    r->n = calc_rows(c, NULL);
    TRY(survey_read_design(c, o, &r->d, NULL));
    if (!r->d)
        return OK;
    r->rules = survey_read_rules(o);
    TRY(survey_read_domain(c, o, r->n, &r->domain));
    r->by = calc_codes(o, "by");
    if (r->figure != COVARIANCE) {
        TRY(survey_read_replicates(c, o, r->d, &r->rep));
        if (calc_object(o, "replicates") && !r->rep) {
            r->d = NULL; /* refused */
            return OK;
        }
    }
    size_t n = 0;
    if (combines)
        calc_objects(o, "contrasts", &n);
    r->keep = combines && (n > 0 || calc_bool(o, "covariance"));
    if (r->keep && r->rep)
        return calc_wrong(c, o, "replicates", N_("Covariances and contrasts are made by linearisation only."));
    if (r->by) {
        r->group = arena_array(c->arena, r->n + 1, sizeof *r->group);
        for (size_t i = 0; i < r->n; i++)
            r->group[i] = !r->domain || r->domain[i] ? r->by->code[i] : -1;
    }
    r->table = calc_put_table(c->result, "estimates");
    return OK;
}

static int finish(struct run *r, const struct calc_values *o, bool combines)
{
    if (r->rep) {
        calc_put_int(r->c->result, "replicates", (int64_t)survey_replicates_count(r->rep));
        calc_put_int(r->c->result, "replicates_failed", (int64_t)r->failed);
        if (r->failed)
            calc_warn(r->c, N_("%zu replicates gave no figure and were left out."), r->failed);
    }
    return combines ? combine(r, o) : OK;
}

static int run_list(struct calc *c, const struct calc_values *o, enum figure figure)
{
    struct run r = {.c = c, .figure = figure};
    bool combines = figure != QUANTILE;
    const struct calc_columns *y = calc_columns(o, "y");
    TRY(start(&r, o, combines));
    if (!r.d)
        return OK;
    size_t n_p = 1;
    const double half = 0.5, *p = figure == QUANTILE ? calc_nums(o, "p", &n_p) : &half;
    double *one = arena_array(c->arena, r.n + 1, sizeof *one);
    for (size_t j = 0; j < (y ? y->p : 1); j++) {
        for (size_t i = 0; y && i < r.n; i++)
            one[i] = y->x[i * y->p + j];
        for (size_t k = 0; k < n_p; k++)
            one_variable(&r, y ? y->name[j] : NULL, y ? one : NULL, NULL, p[k]);
    }
    return finish(&r, o, combines);
}

static int run_pair(struct calc *c, const struct calc_values *o, enum figure figure)
{
    struct run r = {.c = c, .figure = figure};
    TRY(start(&r, o, figure == RATIO));
    if (!r.d)
        return OK;
    one_variable(&r, NULL, calc_column(o, "y"), calc_column(o, "x"), 0.5);
    return finish(&r, o, figure == RATIO);
}

int survey_run_total(struct calc *c, const struct calc_values *o) { return run_list(c, o, TOTAL); }
int survey_run_mean(struct calc *c, const struct calc_values *o) { return run_list(c, o, MEAN); }
int survey_run_proportion(struct calc *c, const struct calc_values *o) { return run_list(c, o, PROPORTION); }
int survey_run_quantile(struct calc *c, const struct calc_values *o) { return run_list(c, o, QUANTILE); }
int survey_run_variance(struct calc *c, const struct calc_values *o) { return run_list(c, o, VARIANCE); }
int survey_run_ratio(struct calc *c, const struct calc_values *o) { return run_pair(c, o, RATIO); }
int survey_run_covariance(struct calc *c, const struct calc_values *o) { return run_pair(c, o, COVARIANCE); }
