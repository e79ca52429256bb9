/* survey_trim.h - extreme weights cut back, what was cut given to the others.
 *
 * Trimming trades a little bias for variance (Potter 1990, Proc. ASA Surv. Res. Meth.: 225). EQUAL is what R's
 * trimWeights does; PROPORTIONAL keeps the ratios of the other weights; within cells (post-strata) their
 * totals stay what they were. Trim before calibration: a calibrated design is refused, because its totals would no
 * longer be met and its residuals no longer be right. For bounds within calibration use survey_calibrate. */
#ifndef STAT_SURVEY_TRIM_H
#define STAT_SURVEY_TRIM_H

#include "stat/survey.h"

enum survey_redistribute { SURVEY_SPREAD_EQUAL, SURVEY_SPREAD_PROPORTIONAL, SURVEY_SPREAD_NONE };

struct survey_trim_options {
    double lower, upper; /* of the weights; upper 0 or INFINITY: none */
    double upper_medians; /* not 0: upper is this many medians of the positive weights (of the cell) */
    enum survey_redistribute spread;
    bool strict;         /* again until the weights given to are inside, too */
    const int32_t *cell; /* redistribution within cells 0 .. n_cells-1; NULL: over all */
    size_t n_cells;
};

struct survey_trimmed {
    int64_t cut, raised; /* weights above, below the bounds at first */
    double moved;        /* weight taken off and given to others */
    double cv_before, cv_after; /* coefficients of variation of the positive weights: 1 + cv^2 is Kish's effect */
    int rounds;
};

/* Weights of zero stay. INVALID: lower above upper, a calibrated design, a row without a cell. NOT_CONVERGED: strict
 * bounds cannot hold the sum. */
enum stat_reason survey_trim(struct arena *a, const struct survey_design *base,
                             const struct survey_trim_options *o, struct survey_design **out,
                             struct survey_trimmed *told);

#endif
