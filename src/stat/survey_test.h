/* survey_test.h - is there an association in a table from a complex sample?
 *
 * Pearson's statistic of weighted shares with the corrections of Rao, Scott 1984 (Ann. Stat. 12:46): Delta,
 * the generalised design effects, is (C' D^-1 C/N)^-1 (C' D^-1 V D^-1 C) with contrasts C without main
 * effects. Second order F: X^2/tr(Delta) on d0 = tr(Delta)^2/tr(Delta^2) and d0 (PSU - strata) degrees of
 * freedom (Thomas, Rao 1987 JASA 82:630). Same figures as R's svychisq: missing answers are a domain. */
#ifndef STAT_SURVEY_TEST_H
#define STAT_SURVEY_TEST_H

#include "stat/survey.h"

enum survey_test_kind {
    SURVEY_TEST_F,           /* Rao-Scott second order; the default */
    SURVEY_TEST_CHISQ,       /* Rao-Scott first order, chi-squared */
    SURVEY_TEST_SADDLEPOINT, /* the mixture itself, Kuonen 1999 (Biometrika 86:929) */
    SURVEY_TEST_WALD,        /* only if df is much larger than the number of cells */
    SURVEY_TEST_ADJWALD,     /* Wald with the correction of Fellegi 1980 */
};

struct survey_test {
    enum stat_status status; /* REFUSED: FEW_CLUSTERS in a margin, FEW_DF, SINGULAR, EMPTY */
    enum stat_reason reason;
    double statistic, df1, df2, p; /* NaN where there is none */
    double pearson;                /* X^2 of the weighted table scaled to n */
    double mean_deff;              /* mean generalised design effect */
    size_t fewest_psus;            /* PSUs behind the thinnest row or column */
};

/* row and column codes are 0 .. rows-1 and 0 .. cols-1, negative: missing. min_psus: fewest PSUs
 * behind any margin (project rule 5; 0: no rule). Empty rows or columns: merge them first (EMPTY). */
struct survey_test survey_test_table(struct arena *a, const struct survey_design *d,
                                     const int32_t *row, size_t rows, const int32_t *col, size_t cols,
                                     enum survey_test_kind kind, size_t min_psus);

/* P(sum of weight[i] chi^2_1 > x): saddlepoint approximation; ddf finite: x estimated with ddf
 * degrees of freedom (as R's pFsum). NaN near the mean, where the approximation has no value. */
double survey_mixture_upper(struct arena *a, double x, const double *weight, size_t k, double ddf);

#endif
