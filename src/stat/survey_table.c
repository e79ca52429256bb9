/* survey_table.c - element variances, figures by group and two-way tables. */
#include "stat/survey_table.h"

#include <math.h>

#include "base/arena.h"
#include "stat/survey_design.h"

/* (x - mean)(y - mean) n/(n - 1) of every row of the domain with both answers, else NaN. */
struct survey_estimate survey_codeviation(struct arena *a, const struct survey_design *d,
                                          const double *x, const double *y, const bool *domain,
                                          const struct survey_rules *rules)
{
    struct survey_rules none = survey_rules_none();
    double *v = arena_array(a, d->n + 1, sizeof *v), *u = arena_array(a, d->n + 1, sizeof *u), n = 0;
    for (size_t i = 0; i < d->n; i++) {
        bool known = !isnan(x[i]) && !isnan(y[i]);
        u[i] = known ? x[i] : NAN;
        v[i] = known ? y[i] : NAN;
        n += (!domain || domain[i]) && d->weight[i] > 0;
    }
    /* From one direction only: the covariance of y with itself is its variance to the last bit. */
    double mx = survey_mean(a, d, u, domain, &none).est, my = survey_mean(a, d, v, domain, &none).est;
    for (size_t i = 0; i < d->n; i++)
        v[i] = (u[i] - mx) * (v[i] - my) * (n / (n - 1));
    return survey_mean(a, d, v, domain, rules);
}

struct survey_estimate survey_variance(struct arena *a, const struct survey_design *d, const double *y,
                                       const bool *domain, const struct survey_rules *rules)
{
    return survey_codeviation(a, d, y, y, domain, rules);
}

void survey_total_by(struct arena *a, const struct survey_design *d, const double *y,
                     const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                     struct survey_estimate *out)
{
    survey_figures_by(a, d, SURVEY_FIGURE_TOTAL, y, NULL, group, n_groups, rules, false, out);
}

void survey_proportion_by(struct arena *a, const struct survey_design *d, const double *y,
                          const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                          struct survey_estimate *out)
{
    survey_figures_by(a, d, SURVEY_FIGURE_SHARE, y, NULL, group, n_groups, rules, false, out);
}

void survey_ratio_by(struct arena *a, const struct survey_design *d, const double *y, const double *x,
                     const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                     struct survey_estimate *out)
{
    survey_figures_by(a, d, SURVEY_FIGURE_RATIO, y, x, group, n_groups, rules, false, out);
}

/* The codes of a line of the table, -1 outside of the domain or where the other answer is missing. */
static int32_t *codes_in(struct arena *a, const struct survey_design *d, const int32_t *of,
                         size_t n_of, const int32_t *other, size_t n_other, const bool *domain)
{
    int32_t *code = arena_array(a, d->n + 1, sizeof *code);
    for (size_t i = 0; i < d->n; i++) {
        bool in = (!domain || domain[i]) && of[i] >= 0 && (size_t)of[i] < n_of && other[i] >= 0 &&
                  (size_t)other[i] < n_other;
        code[i] = in ? of[i] : -1;
    }
    return code;
}

void survey_table(struct arena *a, const struct survey_design *d, const int32_t *row, size_t rows,
                  const int32_t *col, size_t cols, enum survey_table_kind kind, const bool *domain,
                  const struct survey_rules *rules, struct survey_estimate *out)
{
    int32_t *r = codes_in(a, d, row, rows, col, cols, domain);
    int32_t *c = codes_in(a, d, col, cols, row, rows, domain);
    if (kind == SURVEY_TABLE_ROW) {
        survey_shares_grouped(a, d, c, cols, r, rows, rules, true, out);
        return;
    }
    if (kind == SURVEY_TABLE_COLUMN) {
        struct survey_estimate *turned = arena_array(a, rows * cols + 1, sizeof *turned);
        survey_shares_grouped(a, d, r, rows, c, cols, rules, true, turned);
        for (size_t k = 0; k < rows * cols; k++)
            out[k] = turned[k % cols * rows + k / cols];
        return;
    }
    for (size_t i = 0; i < d->n; i++)
        r[i] = r[i] < 0 ? -1 : r[i] * (int32_t)cols + c[i];
    if (kind == SURVEY_TABLE_TOTAL)
        survey_figures_by(a, d, SURVEY_FIGURE_TOTAL, NULL, NULL, r, rows * cols, rules, true, out);
    else
        survey_shares(a, d, r, rows * cols, domain, rules, out);
}
