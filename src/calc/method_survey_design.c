/* method_survey_design.c - the sample of a document: strata, clusters, weights, what is cut and calibrated. */
#include "base/arena.h"
#include "base/str.h"
#include "calc/method_survey.h"
#include "i18n/i18n.h"
#include "stat/num.h"

#include <string.h>

const struct calc_field survey_stage_fields[] = {
    {"cluster", CALC_CODES, "Clusters of this stage within one above; absent in the last stage: every row is one",
     .required = false},
    {"strata", CALC_CODES, "Strata within a cluster above", .required = false},
    {"fpc", CALC_COLUMN, "As fpc, of this stage", .min = 0, .max = INFINITY, .open = true},
    {0},
};

const struct calc_field survey_trim_fields[] = {
    {"lower", CALC_NUM, "Least weight", .fallback = "0", .min = 0, .max = INFINITY},
    {"upper", CALC_NUM, "Largest weight; 0: none", .fallback = "0", .min = 0, .max = INFINITY},
    {"upper_medians", CALC_NUM, "Largest weight in medians (of the cell); 0: none", .fallback = "0", .min = 0, .max = INFINITY},
    {"spread", CALC_CHOICE, "What was cut goes to the others in equal parts, in proportion, or nowhere",
     .fallback = "\"equal\"", .choices = "equal|proportional|none"},
    {"strict", CALC_BOOL, "Again until all weights are inside", .fallback = "false"},
    {"cells", CALC_CODES, "Spread within these cells only", .required = false},
    {0},
};

static const struct calc_field MARGIN[] = {
    {"column", CALC_CODES, "The cell of every row", .required = true},
    {"totals", CALC_MAP, "The population of every cell", .required = true, .min = 0, .max = INFINITY},
    {0},
};

const struct calc_field survey_calibration_fields[] = {
    {"kind", CALC_CHOICE, "poststratify: one margin. rake: several. The others: totals of terms, by distance",
     .required = true, .choices = "poststratify|rake|linear|raking|logit|bounded"},
    {"margins", CALC_OBJECTS, "poststratify, rake: known populations", .fields = MARGIN},
    {"terms", CALC_TERMS, "The others: variables with known totals", .required = false},
    {"intercept", CALC_BOOL, "The first total is the number of people", .fallback = "true"},
    {"totals", CALC_NUMS, "The known totals, in the order of the terms' columns", .required = false},
    {"lower", CALC_NUM, "logit, bounded: least ratio of new to old weight", .fallback = "0.5", .min = -INFINITY, .max = 1},
    {"upper", CALC_NUM, "logit, bounded: largest ratio", .fallback = "2", .min = 1, .max = INFINITY},
    {"weighted", CALC_BOOL, "rake: residuals for the errors from weighted cell means (false: as R)", .fallback = "false"},
    {"max_iterations", CALC_INT, "0: 200 for rake, else 100", .fallback = "0", .min = 0, .max = 100000},
    {"tolerance", CALC_NUM, "Largest relative miss of a total", .fallback = "1e-10", .min = 0, .max = 1, .open = true},
    {0},
};

const struct calc_field survey_domain_fields[] = {
    {"column", CALC_CODES, "A column of categories", .required = true, .missing = true},
    {"in", CALC_TEXTS, "The categories that belong to it", .required = true, .least = 1},
    {0},
};

static const int64_t *ids_of(struct calc *c, const struct calc_values *o, const char *name, size_t n)
{
    const struct calc_codes *k = calc_codes(o, name);
    if (!k)
        return NULL;
    int64_t *id = arena_array(c->arena, n + 1, sizeof *id);
    for (size_t i = 0; i < n; i++)
        id[i] = k->code[i];
    return id;
}

/* What the core says of a row, as a fault of the option it comes from. */
int survey_bad_design(struct calc *c, const struct calc_values *o, enum stat_reason why, size_t row)
{
    switch (why) {
    case STAT_REASON_BAD_WEIGHT:
        return calc_has(o, "weight") ? calc_wrong_row(c, o, "weight", row, N_("The weight is negative or not a number."))
                                     : calc_refuse_all(c, why);
    case STAT_REASON_BAD_FPC:
        return calc_wrong(c, o, "fpc", N_("A population size is smaller than its sample or not the same within a stratum."));
    case STAT_REASON_NOT_NESTED:
        return calc_wrong_row(c, o, "cluster", row, N_("The cluster lies in two strata: give other codes, or \"nest\": true."));
    case STAT_REASON_INVALID:
        return calc_wrong(c, o, "cluster", N_("Only the last stage may be without clusters."));
    default:
        return calc_refuse_all(c, why);
    }
}

static int trim(struct calc *c, const struct calc_values *o, struct survey_design **d, struct survey_trimmed *told)
{
    const struct calc_values *t = calc_object(o, "trim");
    if (!t)
        return OK;
    const struct calc_codes *cells = calc_codes(t, "cells");
    struct survey_trim_options to = {.lower = calc_num(t, "lower"), .upper = calc_num(t, "upper"),
                                     .upper_medians = calc_num(t, "upper_medians"), .strict = calc_bool(t, "strict"),
                                     .spread = (enum survey_redistribute)calc_choice(t, "spread"),
                                     .cell = cells ? cells->code : NULL, .n_cells = cells ? cells->n : 0};
    struct survey_design *out;
    enum stat_reason why = survey_trim(c->arena, *d, &to, &out, told);
    if (why == STAT_REASON_INVALID)
        return calc_wrong(c, t, "lower", N_("The lower bound is above the upper one."));
    if (why)
        return calc_refuse_all(c, why);
    *d = out;
    return OK;
}

/* The margins of a calibration as the core wants them. */
static int margins_of(struct calc *c, const struct calc_values *k, struct survey_margin **out, size_t *n)
{
    const struct calc_values *const *given = calc_objects(k, "margins", n);
    if (*n == 0)
        return calc_wrong(c, k, "margins", N_("Margins are needed here."));
    *out = arena_array(c->arena, *n, sizeof **out);
    for (size_t m = 0; m < *n; m++) {
        const struct calc_codes *codes = calc_codes(given[m], "column");
        const struct calc_map *totals = calc_map(given[m], "totals");
        double *t = arena_array(c->arena, codes->n + 1, sizeof *t);
        for (size_t i = 0; i < codes->n; i++) {
            t[i] = calc_map_at(totals, codes->name[i]);
            if (isnan(t[i]))
                return calc_wrong(c, given[m], "totals", N_("There is no total for \"%s\"."), codes->name[i]);
        }
        for (size_t i = 0; i < totals->n; i++)
            if (calc_code_of(codes, totals->key[i]) < 0 && totals->value[i] > 0)
                return calc_wrong(c, given[m], "totals", N_("No row belongs to the cell \"%s\"."), totals->key[i]);
        (*out)[m] = (struct survey_margin){codes->code, codes->n, t};
    }
    return OK;
}

static int by_margins(struct calc *c, const struct calc_values *k, bool rake, struct survey_design **d)
{
    struct survey_margin *m = NULL;
    size_t n;
    struct survey_rake_options ro = {(int)calc_int(k, "max_iterations"), calc_num(k, "tolerance"), calc_bool(k, "weighted")};
    struct survey_design *out;
    TRY(margins_of(c, k, &m, &n));
    if (!rake && n != 1)
        return calc_wrong(c, k, "margins", N_("Post-stratification has one margin."));
    enum stat_reason why = rake ? survey_rake(c->arena, *d, n, m, &ro, &out) : survey_poststratify(c->arena, *d, m, &out);
    if (why == STAT_REASON_INVALID)
        return calc_wrong(c, k, "margins", N_("The totals of all margins must have the same sum."));
    if (why)
        return calc_refuse_all(c, why);
    *d = out;
    return OK;
}

static int by_terms(struct calc *c, const struct calc_values *k, enum survey_distance distance, struct survey_design **d)
{
    size_t n;
    const double *totals = calc_nums(k, "totals", &n);
    const struct calc_columns *x = calc_terms(c, k, "terms", calc_bool(k, "intercept"));
    if (!x || !totals)
        return calc_wrong(c, k, "terms", N_("Terms and totals are needed here."));
    if (n != x->p)
        return calc_wrong(c, k, "totals", N_("The terms make %zu columns: give as many totals."), x->p);
    struct survey_calibrate_options co = {distance, calc_num(k, "lower"), calc_num(k, "upper"),
                                          (int)calc_int(k, "max_iterations"), calc_num(k, "tolerance")};
    struct survey_design *out;
    enum stat_reason why = survey_calibrate(c->arena, *d, x->p, x->x, totals, &co, &out);
    if (why == STAT_REASON_INVALID)
        return calc_wrong(c, k, "lower", N_("Bounds must have 1 between them."));
    if (why)
        return calc_refuse_all(c, why);
    *d = out;
    return OK;
}

static int calibrate(struct calc *c, const struct calc_values *o, struct survey_design **d)
{
    size_t n;
    const struct calc_values *const *k = calc_objects(o, "calibrate", &n);
    for (size_t i = 0; i < n && *d; i++) {
        struct survey_design *before = *d;
        int kind = calc_choice(k[i], "kind");
        TRY(kind < 2 ? by_margins(c, k[i], kind == 1, d) : by_terms(c, k[i], (enum survey_distance)(kind - 2), d));
        if (*d == before) { /* refused */
            *d = NULL;
            return OK;
        }
    }
    return OK;
}

int survey_read_design(struct calc *c, const struct calc_values *o, struct survey_design **out,
                       struct survey_trimmed *told)
{
    size_t n = calc_rows(c, NULL), more, bad = 0;
    const struct calc_values *const *stage = calc_objects(o, "stages", &more);
    struct survey_spec sp = {.n = n, .n_stages = more + 1, .strata = {ids_of(c, o, "strata", n)},
                             .ids = {ids_of(c, o, "cluster", n)}, .fpc = {calc_column(o, "fpc")},
                             .weight = calc_column(o, "weight"), .nest = calc_bool(o, "nest"),
                             .lonely = (enum survey_lonely)calc_choice(o, "single")};
    for (size_t s = 0; s < more; s++) {
        sp.strata[s + 1] = ids_of(c, stage[s], "strata", n);
        sp.ids[s + 1] = ids_of(c, stage[s], "cluster", n);
        sp.fpc[s + 1] = calc_column(stage[s], "fpc");
    }
    *out = NULL;
    struct survey_design *d;
    enum stat_reason why = survey_design_new(c->arena, &sp, &d, &bad);
    if (why)
        return survey_bad_design(c, o, why, bad);
    struct survey_design *whole = d;
    TRY(trim(c, o, &d, told));
    if (calc_object(o, "trim") && d == whole)
        return OK; /* refused */
    TRY(calibrate(c, o, &d));
    *out = d;
    return OK;
}

int survey_read_domain(struct calc *c, const struct calc_values *o, size_t n, bool **out)
{
    const struct calc_values *d = calc_object(o, "domain");
    *out = NULL;
    if (!d)
        return OK;
    size_t wanted;
    const struct calc_codes *k = calc_codes(d, "column");
    const char *const *in = calc_texts(d, "in", &wanted);
    bool *yes = arena_array(c->arena, k->n + 1, sizeof *yes);
    for (size_t i = 0; i < wanted; i++) {
        int32_t code = calc_code_of(k, in[i]);
        if (code < 0)
            return calc_wrong(c, d, "in", N_("No row has the category \"%s\"."), in[i]);
        yes[code] = true;
    }
    *out = arena_array(c->arena, n + 1, sizeof **out);
    for (size_t i = 0; i < n; i++)
        (*out)[i] = k->code[i] >= 0 && yes[k->code[i]];
    return OK;
}

/* --- survey.design, survey.weights ----------------------------------------------------------------------- */

const struct calc_field survey_fields_design[] = {SURVEY_DESIGN_FIELDS, {0}};

static void put_weights_summary(struct calc_node *at, const double *w, size_t n)
{
    double least = INFINITY, most = 0;
    struct num_sum s = {0, 0}, q = {0, 0};
    for (size_t i = 0; i < n; i++) {
        num_add(&s, w[i]);
        num_add(&q, w[i] * w[i]);
        least = fmin(least, w[i]);
        most = fmax(most, w[i]);
    }
    double sum = num_total(s), squares = num_total(q);
    calc_put_num(at, "sum", sum);
    calc_put_num(at, "sum_of_squares", squares);
    calc_put_num(at, "least", least);
    calc_put_num(at, "most", most);
    calc_put_optional(at, "kish_deff", (double)n * squares / (sum * sum));
}

int survey_run_design(struct calc *c, const struct calc_values *o)
{
    struct survey_design *d;
    TRY(survey_read_design(c, o, &d, NULL));
    if (!d)
        return OK;
    calc_put_int(c->result, "n", (int64_t)calc_rows(c, NULL));
    calc_put_int(c->result, "strata", (int64_t)survey_strata(d));
    calc_put_int(c->result, "psus", (int64_t)survey_psus(d));
    calc_put_num(c->result, "df", survey_df(d));
    put_weights_summary(calc_put_object(c->result, "weights"), survey_weights(d), calc_rows(c, NULL));
    return OK;
}

const struct calc_field survey_fields_weights[] = {
    SURVEY_DESIGN_FIELDS,
    {"name", CALC_LABELS, .help = "Name of each row, repeated in the answer"},
    {0},
};

int survey_run_weights(struct calc *c, const struct calc_values *o)
{
    struct survey_design *d;
    struct survey_trimmed told = {0};
    TRY(survey_read_design(c, o, &d, &told));
    if (!d)
        return OK;
    size_t n = calc_rows(c, NULL);
    const double *w = survey_weights(d), *before = calc_column(o, "weight");
    const char *const *name = calc_labels(o, "name");
    put_weights_summary(calc_put_object(c->result, "weights"), w, n);
    if (calc_object(o, "trim")) {
        struct calc_node *t = calc_put_object(c->result, "trimmed");
        calc_put_int(t, "cut", told.cut);
        calc_put_int(t, "raised", told.raised);
        calc_put_num(t, "moved", told.moved);
        calc_put_num(t, "cv_before", told.cv_before);
        calc_put_num(t, "cv_after", told.cv_after);
        calc_put_int(t, "rounds", told.rounds);
    }
    struct calc_table *t = calc_put_table(c->result, "rows");
    for (size_t i = 0; i < n; i++) {
        calc_row(t);
        if (name)
            calc_cell_text(t, "name", name[i]);
        calc_cell_num(t, "weight", w[i]);
        if (before)
            calc_cell_optional(t, "ratio", before[i] > 0 ? w[i] / before[i] : NAN);
    }
    return OK;
}
