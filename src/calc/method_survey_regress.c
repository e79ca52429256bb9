/* method_survey_regress.c - regression of a sample, with tests of terms and predictions; replicates as such; change between
 * two waves. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/method_survey.h"
#include "i18n/i18n.h"
#include "stat/survey_regress.h"

/* --- survey.regression ----------------------------------------------------------------------------------- */

static const struct calc_field TEST[] = {
    {"name", CALC_TEXT, "What it is called in the answer", .required = true},
    {"coefficients", CALC_TEXTS, "Names of coefficients that are zero together", .required = true, .least = 1},
    {0},
};

static const struct calc_field AT[] = {
    {"name", CALC_TEXT, "What it is called in the answer", .required = true},
    {"at", CALC_MAP, "Values of the columns by their names; others are 0, (Intercept) is 1", .required = true},
    {0},
};

const struct calc_field survey_fields_regression[] = {
    SURVEY_DESIGN_FIELDS,
    {"family", CALC_CHOICE, "Identity, logit or log link", .required = true, .choices = "gaussian|binomial|poisson"},
    {"y", CALC_COLUMN, "What is explained", .required = true, .missing = true},
    {"x", CALC_TERMS, "What explains it", .missing = true},
    {"intercept", CALC_BOOL, "With a constant", .fallback = "true"},
    {"offset", CALC_COLUMN, "Added to the linear predictor", .missing = true},
    SURVEY_DOMAIN_FIELD,
    SURVEY_LEVEL_FIELD,
    SURVEY_REPLICATES_FIELD,
    {"tests", CALC_OBJECTS, "Wald tests of several coefficients", .fields = TEST},
    {"predict", CALC_OBJECTS, "Means for given values", .fields = AT},
    {"fitted", CALC_BOOL, "Also the fitted mean of every row", .fallback = "false"},
    {"max_iterations", CALC_INT, "Of iterated least squares", .fallback = "50", .min = 1, .max = 10000},
    {"tolerance", CALC_NUM, "Relative change of the deviance at which to stop; the default is that of R, 1e-14 gives all digits", .fallback = "1e-8", .min = 0, .max = 1, .open = true},
    {0},
};

static int put_tests(struct calc *c, const struct calc_values *o, const struct survey_regression *r,
                     const struct calc_columns *x)
{
    size_t n;
    const struct calc_values *const *test = calc_objects(o, "tests", &n);
    struct calc_table *t = n ? calc_put_table(c->result, "tests") : NULL;
    for (size_t i = 0; i < n; i++) {
        size_t k;
        const char *const *name = calc_texts(test[i], "coefficients", &k);
        size_t *term = arena_array(c->arena, k, sizeof *term);
        for (size_t j = 0; j < k; j++) {
            while (term[j] < x->p && !str_eq(x->name[term[j]], name[j]))
                term[j]++;
            if (term[j] == x->p)
                return calc_wrong(c, test[i], "coefficients", N_("There is no coefficient \"%s\"."), name[j]);
        }
        struct survey_test w = survey_regress_wald(c->arena, r, term, k);
        calc_row(t);
        calc_cell_text(t, "name", calc_text(test[i], "name"));
        calc_cell_num(t, "statistic", w.statistic);
        calc_cell_num(t, "df1", w.df1);
        calc_cell_num(t, "df2", w.df2);
        calc_cell_num(t, "p", w.p);
        calc_cell_status(t, w.status, w.reason);
    }
    return OK;
}

static int put_predictions(struct calc *c, const struct calc_values *o, const struct survey_regression *r,
                           enum survey_family family, const struct calc_columns *x)
{
    size_t n;
    const struct calc_values *const *at = calc_objects(o, "predict", &n);
    struct calc_table *t = n ? calc_put_table(c->result, "predictions") : NULL;
    double *v = arena_array(c->arena, x->p + 1, sizeof *v);
    for (size_t i = 0; i < n; i++) {
        const struct calc_map *m = calc_map(at[i], "at");
        for (size_t k = 0; k < m->n; k++) {
            size_t j = 0;
            while (j < x->p && !str_eq(x->name[j], m->key[k]))
                j++;
            if (j == x->p)
                return calc_wrong(c, at[i], "at", N_("There is no coefficient \"%s\"."), m->key[k]);
        }
        for (size_t j = 0; j < x->p; j++) {
            double given = calc_map_at(m, x->name[j]);
            v[j] = !isnan(given) ? given : str_eq(x->name[j], "(Intercept)") ? 1 : 0;
        }
        struct survey_estimate link = survey_regress_predict(r, family, v, calc_num(o, "level"), false);
        struct survey_estimate mean = survey_regress_predict(r, family, v, calc_num(o, "level"), true);
        calc_row(t);
        calc_cell_text(t, "name", calc_text(at[i], "name"));
        calc_cell_num(t, "predictor", link.est);
        calc_cell_num(t, "predictor_se", link.se);
        calc_cell_num(t, "mean", mean.est);
        calc_cell_num(t, "se", mean.se);
        calc_cell_num(t, "lower", mean.lower);
        calc_cell_num(t, "upper", mean.upper);
    }
    return OK;
}

static void put_coefficients(struct calc *c, const struct survey_regression *r, enum survey_family family,
                             const struct calc_columns *x)
{
    struct calc_table *t = calc_put_table(c->result, "coefficients");
    for (size_t j = 0; j < r->p; j++) {
        const struct survey_coefficient *k = &r->coef[j];
        calc_row(t);
        calc_cell_text(t, "name", x->name[j]);
        calc_cell_optional(t, "estimate", k->est);
        calc_cell_optional(t, "se", k->se);
        calc_cell_optional(t, "t", k->t);
        calc_cell_optional(t, "p", k->p);
        calc_cell_optional(t, "lower", k->lower);
        calc_cell_optional(t, "upper", k->upper);
        if (family != SURVEY_GAUSSIAN) {
            calc_cell_optional(t, "ratio", exp(k->est));
            calc_cell_optional(t, "ratio_lower", exp(k->lower));
            calc_cell_optional(t, "ratio_upper", exp(k->upper));
        }
        calc_cell_optional(t, "deff", k->deff);
        calc_cell_status(t, k->left_out ? STAT_REFUSED : STAT_OK, k->left_out ? STAT_REASON_SINGULAR : STAT_REASON_NONE);
    }
    calc_put_num(c->result, "df", r->df);
    calc_put_int(c->result, "n", r->n);
    calc_put_int(c->result, "n_missing", r->n_missing);
    calc_put_int(c->result, "n_psu", (int64_t)r->n_psu);
    calc_put_num(c->result, "weight", r->weight);
    calc_put_int(c->result, "rank", (int64_t)r->rank);
    calc_put_optional(c->result, "residual_sd", family == SURVEY_GAUSSIAN ? r->residual_sd : NAN);
    calc_put_num(c->result, "dispersion", r->dispersion);
    calc_put_num(c->result, "deviance", r->deviance);
    calc_put_int(c->result, "iterations", r->iterations);
}

int survey_run_regression(struct calc *c, const struct calc_values *o)
{
    struct survey_design *d;
    struct survey_replicates *rep;
    bool *domain;
    size_t n = calc_rows(c, NULL), failed = 0;
    const struct calc_columns *x = calc_terms(c, o, "x", calc_bool(o, "intercept"));
    if (!x || x->p == 0)
        return calc_wrong(c, o, "x", N_("A model needs a constant or a term."));
    TRY(survey_read_design(c, o, &d, NULL));
    if (!d)
        return OK;
    TRY(survey_read_domain(c, o, n, &domain));
    TRY(survey_read_replicates(c, o, d, &rep));
    if (calc_object(o, "replicates") && !rep)
        return OK;
    struct survey_regress_spec sp = {.family = (enum survey_family)calc_choice(o, "family"), .y = calc_column(o, "y"), .p = x->p,
                                     .x = x->x, .offset = calc_column(o, "offset"), .domain = domain,
                                     .level = calc_num(o, "level"), .max_iterations = (int)calc_int(o, "max_iterations"),
                                     .tolerance = calc_num(o, "tolerance")};
    struct survey_regression r = rep ? survey_replicate_regress(c->arena, rep, &sp, c->run, &failed)
                                     : survey_regress(c->arena, d, &sp);
    if (r.status == STAT_REFUSED && r.reason == STAT_REASON_INVALID)
        return calc_wrong_row(c, o, "y", r.bad_row, N_("The value does not suit the family."));
    if (r.status == STAT_REFUSED)
        return calc_refuse_all(c, r.reason);
    put_coefficients(c, &r, sp.family, x);
    TRY(put_tests(c, o, &r, x));
    TRY(put_predictions(c, o, &r, sp.family, x));
    calc_put_optional_matrix(c->result, "covariance", r.cov, r.p, r.p); /* a column left out has none */
    calc_put_optional_matrix(c->result, "model_covariance", r.model_cov, r.p, r.p);
    if (rep)
        calc_put_int(c->result, "replicates_failed", (int64_t)failed);
    if (calc_bool(o, "fitted"))
        calc_put_optionals(c->result, "fitted", r.fitted, n);
    return OK;
}

/* --- survey.replicates, survey.hadamard ------------------------------------------------------------------------- */

const struct calc_field survey_fields_replicates[] = {
    SURVEY_DESIGN_FIELDS,
    {"replicates", CALC_OBJECT, "How they are made", .required = true, .fields = survey_replicate_fields},
    {"shown", CALC_INT, "Weights of how many of them are given", .fallback = "10", .min = 0, .max = 100000},
    {0},
};

int survey_run_replicates(struct calc *c, const struct calc_values *o)
{
    struct survey_design *d;
    struct survey_replicates *r;
    size_t n = calc_rows(c, NULL), shown = (size_t)calc_int(o, "shown"), failed = 0;
    TRY(survey_read_design(c, o, &d, NULL));
    if (!d)
        return OK;
    TRY(survey_read_replicates(c, o, d, &r));
    if (!r)
        return OK;
    size_t count = survey_replicates_count(r);
    double *rscale = arena_array(c->arena, count, sizeof *rscale), *w = arena_array(c->arena, n + 1, sizeof *w);
    for (size_t i = 0; i < count; i++)
        rscale[i] = survey_replicates_rscale(r, i);
    calc_put_int(c->result, "replicates", (int64_t)count);
    calc_put_num(c->result, "scale", survey_replicates_scale(r));
    calc_put_nums(c->result, "rscales", rscale, count);
    struct calc_table *t = calc_put_table(c->result, "weights");
    for (size_t i = 0; i < count && i < shown; i++) {
        if (survey_replicates_weights(r, i, w)) {
            failed++;
            continue;
        }
        for (size_t k = 0; k < n; k++) {
            calc_row(t);
            calc_cell_int(t, "replicate", (int64_t)i);
            calc_cell_int(t, "row", (int64_t)k);
            calc_cell_num(t, "weight", w[k]);
        }
    }
    calc_put_int(c->result, "failed", (int64_t)failed);
    return OK;
}

const struct calc_field survey_fields_hadamard[] = {
    {"least", CALC_INT, "Least order", .required = true, .min = 1, .max = 2000},
    {0},
};

int survey_run_hadamard(struct calc *c, const struct calc_values *o)
{
    size_t m = survey_hadamard((size_t)calc_int(o, "least"), NULL);
    signed char *h = arena_array(c->arena, m * m, 1);
    double *v = arena_array(c->arena, m * m, sizeof *v);
    survey_hadamard((size_t)calc_int(o, "least"), h);
    for (size_t i = 0; i < m * m; i++)
        v[i] = h[i];
    calc_put_int(c->result, "order", (int64_t)m);
    calc_put_matrix(c->result, "matrix", v, m, m);
    return OK;
}

/* --- survey.change ------------------------------------------------------------------------------------------------ */

const struct calc_source survey_sources_change[] = {
    {"earlier", "one row a respondent of the first wave", true}, {"later", "one of the second wave", true}, {0}};

#define WAVE_FIELDS(source)                                                                                                 \
    {"strata", CALC_CODES, "Strata", .table = source}, {"cluster", CALC_CODES, "Clusters (PSU)", .table = source},          \
        {"weight", CALC_COLUMN, "Design weights", .min = 0, .max = INFINITY, .table = source},                              \
        {"nest", CALC_BOOL, "Cluster codes repeat from stratum to stratum", .fallback = "false"},                           \
        {"single", CALC_CHOICE, "Strata with one cluster", .fallback = "\"fail\"", .choices = SURVEY_SINGLE},               \
        {"y", CALC_COLUMN, "Values", .required = true, .missing = true, .table = source},                                   \
        {"x", CALC_COLUMN, "ratio: values below the line", .missing = true, .table = source}

static const struct calc_field EARLIER[] = {WAVE_FIELDS("earlier"), {0}}, LATER[] = {WAVE_FIELDS("later"), {0}};

const struct calc_field survey_fields_change[] = {
    {"earlier", CALC_OBJECT, "The first wave", .required = true, .fields = EARLIER},
    {"later", CALC_OBJECT, "The second wave", .required = true, .fields = LATER},
    {"figure", CALC_CHOICE, "What is compared", .fallback = "\"mean\"", .choices = "mean|total|proportion|ratio"},
    SURVEY_LEVEL_FIELD,
    {"interval", CALC_CHOICE, "Kind of interval of the change", .fallback = "\"t\"", .choices = "t|normal"},
    SURVEY_RULES_FIELD,
    {0},
};

/* The numbers of a column's categories: those of `known` where it has them too, else beyond. NULL where the wave has no
 * such column: then rows are clusters of their own, not those of the other wave. */
static int64_t *wave_ids(struct calc *c, const struct calc_codes *mine, const struct calc_codes *known, size_t n, int64_t beyond,
                         bool rows)
{
    int64_t *id = arena_array(c->arena, n + 1, sizeof *id);
    int64_t *to = arena_array(c->arena, (mine ? mine->n : 0) + 1, sizeof *to);
    for (size_t i = 0; mine && i < mine->n; i++) {
        int32_t same = known ? calc_code_of(known, mine->name[i]) : -1;
        to[i] = same >= 0 ? same : beyond + (int64_t)i;
    }
    for (size_t i = 0; i < n; i++)
        id[i] = mine ? to[mine->code[i]] : rows ? beyond + (int64_t)i : 0;
    return id;
}

/* One wave's design and figure; other: the earlier wave where this is the later one. */
static int read_wave(struct calc *c, const struct calc_values *o, const char *name, const char *other, struct survey_design **d,
                     struct survey_estimate *e)
{
    const struct calc_values *w = calc_object(o, name), *v = other ? calc_object(o, other) : NULL;
    const double *y = calc_column(w, "y"), *x = calc_column(w, "x");
    int figure = calc_choice(o, "figure");
    size_t n = calc_rows(c, name), bad = 0;
    int64_t beyond = other ? (int64_t)1 << 40 : 0;
    struct survey_rules none = survey_rules_none();
    none.level = calc_num(o, "level");
    if ((figure == 3) != (x != NULL))
        return calc_wrong(c, w, "x", N_("A ratio needs x, and nothing else does."));
    struct survey_spec sp = {.n = n, .weight = calc_column(w, "weight"), .nest = calc_bool(w, "nest"),
                             .lonely = (enum survey_lonely)calc_choice(w, "single")};
    sp.strata[0] = wave_ids(c, calc_codes(w, "strata"), v ? calc_codes(v, "strata") : NULL, n, beyond, false);
    sp.ids[0] = wave_ids(c, calc_codes(w, "cluster"), v ? calc_codes(v, "cluster") : NULL, n, beyond, true);
    enum stat_reason why = survey_design_new(c->arena, &sp, d, &bad);
    if (why)
        return survey_bad_design(c, w, why, bad);
    *e = figure == 1   ? survey_total(c->arena, *d, y, NULL, &none)
         : figure == 2 ? survey_proportion(c->arena, *d, y, NULL, &none)
         : figure == 3 ? survey_ratio(c->arena, *d, y, x, NULL, &none)
                       : survey_mean(c->arena, *d, y, NULL, &none);
    return OK;
}

int survey_run_change(struct calc *c, const struct calc_values *o)
{
    struct survey_design *earlier = NULL, *later = NULL;
    struct survey_estimate a, b;
    struct survey_rules rules = survey_read_rules(o);
    TRY(read_wave(c, o, "earlier", NULL, &earlier, &a));
    if (!earlier)
        return OK;
    TRY(read_wave(c, o, "later", "earlier", &later, &b));
    if (!later)
        return OK;
    struct survey_estimate change = survey_change(c->arena, earlier, &a, later, &b, &rules);
    struct calc_table *t = calc_put_table(c->result, "estimates");
    static const char *const NAME[] = {"earlier", "later", "change"};
    const struct survey_estimate *e[] = {&a, &b, &change};
    for (int i = 0; i < 3; i++) {
        calc_row(t);
        calc_cell_text(t, "what", NAME[i]);
        survey_put_estimate(t, e[i]);
    }
    double both = a.se * a.se + b.se * b.se;
    calc_put_optional(c->result, "correlation", (both - change.se * change.se) / (2 * a.se * b.se));
    return OK;
}
