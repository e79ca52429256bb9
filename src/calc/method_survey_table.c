/* method_survey_table.c - shares of categories, two-way tables and their tests; single intervals and mixtures. */
#include "base/arena.h"
#include "calc/method_survey.h"
#include "i18n/i18n.h"
#include "stat/survey_table.h"
#include "stat/survey_test.h"

const struct calc_source survey_sources_none[] = {{0}};

/* --- survey.shares --------------------------------------------------------------------------------------- */

const struct calc_field survey_fields_shares[] = {
    SURVEY_DESIGN_FIELDS,
    {"category", CALC_CODES, "The answer; empty: none", .required = true, .missing = true},
    {"by", CALC_CODES, "For every category of this column", .missing = true},
    SURVEY_DOMAIN_FIELD,
    SURVEY_LEVEL_FIELD,
    {"interval", CALC_CHOICE, "Kind of interval; auto: beta for small or extreme shares, else logit", .fallback = "\"auto\"",
     .choices = SURVEY_INTERVALS},
    SURVEY_RULES_FIELD,
    {"covariance", CALC_BOOL, "Also the covariances of all shares (without by)", .fallback = "false"},
    {0},
};

int survey_run_shares(struct calc *c, const struct calc_values *o)
{
    struct survey_design *d;
    bool *domain;
    size_t n = calc_rows(c, NULL);
    TRY(survey_read_design(c, o, &d, NULL));
    TRY(survey_read_domain(c, o, n, &domain));
    if (!d)
        return OK;
    const struct calc_codes *category = calc_codes(o, "category"), *by = calc_codes(o, "by");
    struct survey_rules rules = survey_read_rules(o);
    size_t k = category->n, groups = by ? by->n : 1;
    struct survey_estimate *e = arena_array(c->arena, k * groups + 1, sizeof *e);
    if (by) {
        int32_t *group = arena_array(c->arena, n + 1, sizeof *group);
        for (size_t i = 0; i < n; i++)
            group[i] = !domain || domain[i] ? by->code[i] : -1;
        survey_shares_by(c->arena, d, category->code, k, group, groups, &rules, e);
    } else {
        survey_shares(c->arena, d, category->code, k, domain, &rules, e);
    }
    struct calc_table *t = calc_put_table(c->result, "estimates");
    for (size_t g = 0; g < groups; g++)
        for (size_t j = 0; j < k; j++) {
            calc_row(t);
            if (by)
                calc_cell_text(t, "group", by->name[g]);
            calc_cell_text(t, "category", category->name[j]);
            survey_put_estimate(t, &e[g * k + j]);
        }
    if (calc_bool(o, "covariance")) {
        if (by)
            return calc_wrong(c, o, "covariance", N_("Covariances are given without groups only."));
        double *v = arena_array(c->arena, k * k + 1, sizeof *v);
        survey_covariances(c->arena, d, e, k, v);
        calc_put_matrix(c->result, "covariance", v, k, k);
    }
    return OK;
}

/* --- survey.table, survey.test ------------------------------------------------------------------------------ */

const struct calc_field survey_fields_table[] = {
    SURVEY_DESIGN_FIELDS,
    {"row", CALC_CODES, "Rows of the table; empty: no answer", .required = true, .missing = true},
    {"column", CALC_CODES, "Columns of the table; empty: no answer", .required = true, .missing = true},
    {"kind", CALC_CHOICE, "People, or shares of all, of the row, of the column", .fallback = "\"share\"",
     .choices = "total|share|row|column"},
    SURVEY_DOMAIN_FIELD,
    SURVEY_LEVEL_FIELD,
    {"interval", CALC_CHOICE, "Kind of interval (of shares)", .fallback = "\"auto\"", .choices = SURVEY_INTERVALS},
    SURVEY_RULES_FIELD,
    {0},
};

int survey_run_table(struct calc *c, const struct calc_values *o)
{
    struct survey_design *d;
    bool *domain;
    TRY(survey_read_design(c, o, &d, NULL));
    TRY(survey_read_domain(c, o, calc_rows(c, NULL), &domain));
    if (!d)
        return OK;
    const struct calc_codes *row = calc_codes(o, "row"), *col = calc_codes(o, "column");
    struct survey_rules rules = survey_read_rules(o);
    struct survey_estimate *e = arena_array(c->arena, row->n * col->n + 1, sizeof *e);
    survey_table(c->arena, d, row->code, row->n, col->code, col->n, (enum survey_table_kind)calc_choice(o, "kind"), domain, &rules,
                 e);
    struct calc_table *t = calc_put_table(c->result, "cells");
    for (size_t i = 0; i < row->n; i++)
        for (size_t j = 0; j < col->n; j++) {
            calc_row(t);
            calc_cell_text(t, "row", row->name[i]);
            calc_cell_text(t, "column", col->name[j]);
            survey_put_estimate(t, &e[i * col->n + j]);
        }
    return OK;
}

const struct calc_field survey_fields_test[] = {
    SURVEY_DESIGN_FIELDS,
    {"row", CALC_CODES, "Rows of the table; empty: no answer", .required = true, .missing = true},
    {"column", CALC_CODES, "Columns of the table; empty: no answer", .required = true, .missing = true},
    {"kind", CALC_CHOICE, "Rao-Scott of second order, of first order, by the mixture itself; Wald, Wald corrected for the "
     "degrees of freedom", .fallback = "\"f\"", .choices = "f|chisq|saddlepoint|wald|adjusted_wald"},
    {"min_psus", CALC_INT, "Fewer clusters behind a row or column: no test", .fallback = "5", .min = 0, .max = 1e9},
    {0},
};

static void put_test(struct calc *c, struct calc_node *at, const char *what, const struct survey_test *t)
{
    calc_put_optional(at, "statistic", t->statistic);
    calc_put_optional(at, "df1", t->df1);
    calc_put_optional(at, "df2", t->df2);
    calc_put_optional(at, "p", t->p);
    if (t->status == STAT_REFUSED)
        calc_refuse(c, what, t->reason);
}

int survey_run_test(struct calc *c, const struct calc_values *o)
{
    struct survey_design *d;
    TRY(survey_read_design(c, o, &d, NULL));
    if (!d)
        return OK;
    const struct calc_codes *row = calc_codes(o, "row"), *col = calc_codes(o, "column");
    if (row->n < 2 || col->n < 2)
        return calc_wrong(c, o, row->n < 2 ? "row" : "column", N_("A table has two rows and two columns at least."));
    struct survey_test t = survey_test_table(c->arena, d, row->code, row->n, col->code, col->n,
                                             (enum survey_test_kind)calc_choice(o, "kind"), (size_t)calc_int(o, "min_psus"));
    put_test(c, c->result, "p", &t);
    calc_put_optional(c->result, "pearson", t.pearson);
    calc_put_optional(c->result, "mean_deff", t.mean_deff);
    calc_put_int(c->result, "fewest_psus", (int64_t)t.fewest_psus);
    return OK;
}

/* --- survey.mixture, survey.interval -------------------------------------------------------------------------- */

const struct calc_field survey_fields_mixture[] = {
    {"x", CALC_NUM, "The statistic", .required = true, .min = 0, .max = INFINITY, .open = true},
    {"weights", CALC_NUMS, "Weights of the chi-squared variables", .required = true, .least = 1, .min = 0, .max = INFINITY,
     .open = true},
    {"df", CALC_NUM, "Degrees of freedom of the design", .fallback = "\"Infinity\"", .min = 0, .max = INFINITY, .open = false,
     .infinite = true},
    {0},
};

int survey_run_mixture(struct calc *c, const struct calc_values *o)
{
    size_t k;
    const double *w = calc_nums(o, "weights", &k);
    double df = calc_num(o, "df");
    if (!(df >= 1))
        return calc_wrong(c, o, "df", N_("One degree of freedom is needed at least."));
    double p = survey_mixture_upper(c->arena, calc_num(o, "x"), w, k, df);
    calc_put_optional(c->result, "p", p);
    if (isnan(p))
        calc_refuse(c, "p", STAT_REASON_NOT_CONVERGED);
    return OK;
}

const struct calc_field survey_fields_interval[] = {
    {"p", CALC_NUM, "The estimated share", .required = true, .min = 0, .max = 1},
    {"se", CALC_NUM, "Its standard error", .required = true, .min = 0, .max = 1},
    {"n", CALC_INT, "Respondents", .required = true, .min = 1, .max = 1e12},
    {"df", CALC_NUM, "Degrees of freedom", .required = true, .min = 0, .max = INFINITY, .open = true, .infinite = true},
    SURVEY_LEVEL_FIELD,
    {"interval", CALC_CHOICE, "Kind; likelihood: as R with equal weights", .fallback = "\"auto\"", .choices = SURVEY_INTERVALS},
    {0},
};

int survey_run_interval(struct calc *c, const struct calc_values *o)
{
    double lower, upper;
    survey_share_interval((enum survey_interval)calc_choice(o, "interval"), calc_num(o, "p"), calc_num(o, "se"), calc_int(o, "n"),
                          calc_num(o, "df"), calc_num(o, "level"), &lower, &upper);
    calc_put_num(c->result, "lower", lower);
    calc_put_num(c->result, "upper", upper);
    return OK;
}
