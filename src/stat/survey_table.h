/* survey_table.h - how values scatter, and figures for every group or cell of a table at once. */
#ifndef STAT_SURVEY_TABLE_H
#define STAT_SURVEY_TABLE_H

#include "stat/survey.h"

/* The variance of y among the people: sum w (y - mean)^2 / sum w * n/(n - 1), n counting the rows of the
 * domain, those without an answer as well. Its error is that of a mean of the squared deviations; that
 * the mean is estimated adds nothing in first order (Lumley 2010, "Complex Surveys", section 2.3). As R's
 * svyvar. */
struct survey_estimate survey_variance(struct arena *a, const struct survey_design *d, const double *y,
                                       const bool *domain, const struct survey_rules *rules);

/* The covariance of x and y among the people, in the same way; a row lacking either is missing. */
struct survey_estimate survey_codeviation(struct arena *a, const struct survey_design *d,
                                          const double *x, const double *y, const bool *domain,
                                          const struct survey_rules *rules);

/* For every group 0 .. n_groups-1 (negative: outside), as survey_mean_by; out[n_groups]. */
void survey_total_by(struct arena *a, const struct survey_design *d, const double *y,
                     const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                     struct survey_estimate *out);
void survey_proportion_by(struct arena *a, const struct survey_design *d, const double *y,
                          const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                          struct survey_estimate *out);
void survey_ratio_by(struct arena *a, const struct survey_design *d, const double *y, const double *x,
                     const int32_t *group, size_t n_groups, const struct survey_rules *rules,
                     struct survey_estimate *out);

enum survey_table_kind {
    SURVEY_TABLE_TOTAL,  /* people in the cell */
    SURVEY_TABLE_SHARE,  /* of all that have an answer to both */
    SURVEY_TABLE_ROW,    /* of the row */
    SURVEY_TABLE_COLUMN, /* of the column */
};

/* A two-way table; codes as in survey_test_table, negative: missing. out[rows * cols], row by row, with
 * scores (8 bytes for each last-stage unit and cell), so that cells can be compared. */
void survey_table(struct arena *a, const struct survey_design *d, const int32_t *row, size_t rows,
                  const int32_t *col, size_t cols, enum survey_table_kind kind, const bool *domain,
                  const struct survey_rules *rules, struct survey_estimate *out);

#endif
