/* method_area.h - what the methods of small areas share. */
#ifndef CALC_METHOD_AREA_H
#define CALC_METHOD_AREA_H

#include "calc/method.h"

#include <math.h>

/* In the order of enum sae_method. */
#define CALC_AREA_ESTIMATORS "reml|ml|moments|reml_adjusted|reml_li_lahiri|ml_adjusted|ml_li_lahiri"
#define CALC_AREA_ESTIMATOR_NAMES \
    {"reml", "ml", "moments", "reml_adjusted", "reml_li_lahiri", "ml_adjusted", "ml_li_lahiri"}

#define CALC_AREA_TERMS                                                                            \
    {"x", CALC_TERMS, .help = "Columns of the model"},                                             \
    {"intercept", CALC_BOOL, "A column of ones before x", .fallback = "true"}

#define CALC_AREA_VARIANCE                                                                         \
    {"variance", CALC_COLUMN, "Sampling variances, taken as known; missing or Infinity: no respondents", .missing = true, \
     .infinite = true, .min = 0, .max = INFINITY, .open = true},                                   \
    {"se", CALC_COLUMN, "In their place: their square roots, standard errors", .missing = true, .infinite = true, .min = 0, \
     .max = INFINITY, .open = true}

/* The sampling variances: what is missing becomes INFINITY, no data. NULL: neither option is given. */
const double *calc_area_variance(const struct calc *c, const struct calc_values *o);

/* The table "coefficients". */
void calc_area_coefficients(struct calc *c, const char *const *name, const double *beta, const double *se, size_t p);

#endif
