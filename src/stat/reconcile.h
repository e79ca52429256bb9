/* reconcile.h - forecasts of places, districts and the region that add up.
 *
 * Base forecasts made one by one do not: the districts' sum is not the region's. Reconciled ones
 * are the nearest that do, where near means by the variances of the base forecasts' errors (Hyndman
 * et al. 2011, CSDA 55:2579; Wickramasuriya, Athanasopoulos, Hyndman 2019, JASA 114:804;
 * Wickramasuriya, Turlach, Hyndman 2020, Stat. Comput. 30:1167). Never with the plain sample
 * covariance, which few periods cannot carry. */
#ifndef STAT_RECONCILE_H
#define STAT_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;
struct stat_run;

/* n series: each is at the bottom, or the sum of bottom series. Sums may cross (by district and by
 * kind). member[start[i]] .. member[start[i + 1] - 1]: the bottom series of series i, as numbers of
 * series, ascending; of a bottom series itself alone. */
struct reconcile_structure {
    size_t n, n_bottom;
    size_t *start;
    uint32_t *member;
    bool *bottom;
};

/* From a tree: parent of every series, -1 at the top (there may be several). Series without children are the
 * bottom. NONE or INVALID (a cycle, a parent that is not there). */
enum stat_reason reconcile_tree(struct arena *a, size_t n, const int32_t *parent,
                                struct reconcile_structure *out);

/* From sums: k pairs (whole[i] contains bottom series part[i]); series that are never a whole are
 * the bottom. INVALID: a part that is itself a whole, a pair that comes twice, a whole without
 * parts. */
enum stat_reason reconcile_sums(struct arena *a, size_t n, size_t k, const int32_t *whole,
                                const int32_t *part, struct reconcile_structure *out);

enum reconcile_method {
    RECONCILE_BOTTOM_UP,  /* the bottom forecasts, added up */
    RECONCILE_OLS,        /* all errors alike */
    RECONCILE_STRUCTURAL, /* variances as the number of bottom series: the default without a past */
    RECONCILE_VARIANCE,   /* variances of past errors */
    RECONCILE_MINT,       /* their covariance, shrunken to its diagonal (Schaefer, Strimmer 2005) */
};

struct reconcile_options {
    enum reconcile_method method;
    bool non_negative;     /* least squares under b >= 0 at the bottom, hence everywhere */
    size_t n_past;         /* VARIANCE, MINT: past one-step errors error[t * n + series] of a mean near 0 */
    const double *error;
    size_t min_past;       /* of MINT (VARIANCE: at least 2); 0: 40 */
};

/* Memory grows with the square of the number of sums (and of zeros, if non-negative); of all series
 * for MINT. */
struct reconcile_result {
    enum stat_status status; /* REFUSED: INVALID, FEW_PERIODS, SINGULAR, NOT_CONVERGED, STOPPED */
    enum stat_reason reason;
    double *value;    /* [n * h] like the base forecasts */
    double *se; /* [n]: standard error of a reconciled forecast's error; VARIANCE and MINT, not for bottom-up;
                   NULL else. Without the sign condition */
    double lambda;    /* MINT: weight of the diagonal; NAN else */
    size_t at_zero;   /* non-negative: bottom forecasts set to 0, in all columns */
};

/* base[series * h + column]: h forecasts (horizons, or draws of a sample: reconciled draws are draws of the
 * reconciled distribution, Panagiotelis et al. 2023, EJOR 306:693). */
struct reconcile_result reconcile(struct arena *a, const struct stat_run *run,
                                  const struct reconcile_structure *s, size_t h, const double *base,
                                  const struct reconcile_options *o);

#endif
