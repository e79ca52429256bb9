/* method_reconcile.c - forecasts that add up (stat/reconcile.h), for `shanyraq stat`. */
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "calc/method.h"
#include "i18n/i18n.h"
#include "stat/reconcile.h"

#include <math.h>

static const struct calc_field FORECASTS[] = {
    {"series", CALC_LABELS, "Name of each series", .required = true},
    {"parent", CALC_LABELS, "Of a tree: the series that contains it; empty at the top", .missing = true},
    {"base", CALC_COLUMNS, "Base forecasts: one column a horizon, or a draw", .required = true, .least = 1},
    {"whole", CALC_LABELS, "In place of parent, for sums that cross: a series, and", .table = "sums"},
    {"part", CALC_LABELS, "a series of the bottom that it contains", .table = "sums"},
    {"weighting", CALC_CHOICE, "What the errors of base forecasts are like", .fallback = "\"structural\"",
     .choices = "bottom_up|ols|structural|variance|mint"},
    {"errors", CALC_MATRIX,
     .help = "Of variance and mint: a table of past one-step errors, one row a period, one column a series"},
    {"min_past", CALC_INT, "Periods without which mint is refused", .fallback = "40", .min = 2, .max = 1e9},
    {"non_negative", CALC_BOOL, "No reconciled forecast below 0", .fallback = "false"},
    {0},
};
static const struct calc_source SOURCES[] = {{"main", "a series", true},
                                             {"sums", "a series and one that it contains", false},
                                             {"errors", "a past period", false},
                                             {0}};

static struct map *index_series(struct calc *c, const struct calc_values *o, int *rc)
{
    const char *const *name = calc_labels(o, "series");
    struct map *index = map_new(c->arena);
    for (size_t i = 0; i < calc_rows(c, NULL); i++) {
        if (map_has(index, name[i]))
            *rc = calc_wrong_row(c, o, "series", i, N_("Another series has this name."));
        map_set(index, name[i], (void *)&name[i]);
    }
    return index;
}

/* Numbers of the series named in a column; empty gives -1. */
static int find_series(struct calc *c, const struct calc_values *o, const struct map *index,
                       const char *column, size_t n, int32_t *out)
{
    const char *const *of_row = calc_labels(o, column), *const *name = calc_labels(o, "series");
    int rc = OK;
    for (size_t i = 0; i < n; i++) {
        const char *const *found = map_get(index, of_row[i]);
        out[i] = found ? (int32_t)(found - name) : -1;
        if (!found && *of_row[i])
            rc = calc_wrong_row(c, o, column, i, N_("There is no such series."));
    }
    return rc;
}

static int read_structure(struct calc *c, const struct calc_values *o, const struct map *index,
                          struct reconcile_structure *s)
{
    size_t n = calc_rows(c, NULL), k = calc_rows(c, "sums");
    bool tree = calc_has(o, "parent"), sums = calc_has(o, "whole") && calc_has(o, "part");
    if (tree == sums || calc_has(o, "whole") != calc_has(o, "part"))
        return calc_wrong(c, o, "parent", N_("Give parent, or whole and part."));
    int32_t *first = arena_array(c->arena, n + k + 1, sizeof *first),
            *second = arena_array(c->arena, k + 1, sizeof *second);
    if (tree) {
        TRY(find_series(c, o, index, "parent", n, first));
        return reconcile_tree(c->arena, n, first, s) == STAT_REASON_NONE
                   ? OK
                   : calc_wrong(c, o, "parent", N_("A series contains itself."));
    }
    TRY(find_series(c, o, index, "whole", k, first));
    TRY(find_series(c, o, index, "part", k, second));
    return reconcile_sums(c->arena, n, k, first, second, s) == STAT_REASON_NONE
               ? OK
               : calc_wrong(c, o, "part", N_("A part is a whole itself, or comes twice."));
}

/* The errors with their columns in the order of the series; NULL: wrong. */
static const double *read_errors(struct calc *c, const struct calc_values *o, size_t *periods)
{
    const struct calc_matrix *m = calc_matrix(o, "errors");
    const char *const *name = calc_labels(o, "series");
    size_t n = calc_rows(c, NULL);
    if (!m) {
        calc_wrong(c, o, "errors", N_("This weighting needs past errors."));
        return NULL;
    }
    double *e = arena_array(c->arena, m->rows * n + 1, sizeof *e);
    bool good = m->cols == n;
    for (size_t i = 0; i < n && good; i++) {
        size_t at = i;
        for (at = m->name ? 0 : i; m->name && at < m->cols && !str_eq(m->name[at], name[i]);)
            at++;
        if (at == m->cols) {
            calc_wrong(c, o, "errors", N_("There are no errors of the series \"%s\"."), name[i]);
            return NULL;
        }
        for (size_t t = 0; t < m->rows; t++)
            e[t * n + i] = m->value[t * m->cols + at];
    }
    if (!good) {
        calc_wrong(c, o, "errors", N_("%zu columns for %zu series."), m->cols, n);
        return NULL;
    }
    *periods = m->rows;
    return e;
}

static void put_forecasts(struct calc *c, const struct calc_values *o, const struct reconcile_structure *s,
                          const struct calc_columns *base, const struct reconcile_result *r)
{
    const char *const *name = calc_labels(o, "series");
    struct calc_table *t = calc_put_table(c->result, "forecasts");
    for (size_t i = 0; i < s->n; i++) {
        calc_row(t);
        calc_cell_text(t, "series", name[i]);
        calc_cell_bool(t, "bottom", s->bottom[i]);
        for (size_t h = 0; h < base->p; h++)
            calc_cell_num(t, base->name ? base->name[h] : arena_printf(c->arena, "base%zu", h + 1),
                          r->value[i * base->p + h]);
        if (r->se)
            calc_cell_num(t, "se", r->se[i]);
    }
}

static int run_forecasts(struct calc *c, const struct calc_values *o)
{
    struct reconcile_options options = {.method = (enum reconcile_method)calc_choice(o, "weighting"),
                                        .non_negative = calc_bool(o, "non_negative"),
                                        .min_past = (size_t)calc_int(o, "min_past")};
    bool past = options.method == RECONCILE_VARIANCE || options.method == RECONCILE_MINT;
    struct reconcile_structure s;
    int rc = OK;
    struct map *index = index_series(c, o, &rc);
    TRY(rc);
    TRY(read_structure(c, o, index, &s));
    if (past && !(options.error = read_errors(c, o, &options.n_past)))
        return calc_wrong(c, o, "weighting", N_("Its errors are missing or wrong."));
    const struct calc_columns *base = calc_columns(o, "base");
    struct reconcile_result r = reconcile(c->arena, c->run, &s, base->p, base->x, &options);
    if (r.status == STAT_REFUSED)
        return calc_refuse_all(c, r.reason);
    put_forecasts(c, o, &s, base, &r);
    if (options.method == RECONCILE_MINT)
        calc_put_num(c->result, "shrinkage", r.lambda);
    if (options.non_negative)
        calc_put_int(c->result, "at_zero", (int64_t)r.at_zero);
    return OK;
}

const struct calc_method calc_methods_reconcile[] = {
    {"reconcile.forecasts", N_("Forecasts of places, districts and the region that add up"),
     "Wickramasuriya, Athanasopoulos, Hyndman 2019, JASA 114:804; Wickramasuriya, Turlach, Hyndman 2020, "
     "Stat. Comput. 30:1167; "
     "Schaefer, Strimmer 2005, SAGMB 4:32",
     FORECASTS, run_forecasts, .sources = SOURCES, .table = "forecasts"},
    {0},
};
