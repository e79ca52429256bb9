/* hhh4_read.h - the endemic-epidemic model as a document for `shanyraq stat` describes it. */
#ifndef CALC_HHH4_READ_H
#define CALC_HHH4_READ_H

#include "calc/method.h"
#include "stat/hhh4.h"

struct hhh4_document {
    struct hhh4_model m;
    struct hhh4_weights weights;
    const char *const *unit; /* names, n_units */
    int64_t first_period;    /* number of the first row; long tables: their smallest period */
    size_t rows;             /* periods with data; the model may have more, to be forecast */
    size_t from, to;         /* rows of the fit, from 0 */
    const char **label[HHH4_PARTS]; /* of columns */
    bool has_wide, has_covariates;
};

/* The fields that every method of the model has, for its own table: HHH4_MODEL_FIELDS, more, {0}. */
extern const struct calc_field hhh4_ar_fields[], hhh4_end_fields[], hhh4_weights_fields[];
extern const struct calc_source hhh4_sources[];

#define HHH4_MODEL_FIELDS \
    {"unit", CALC_CODES, .help = "Unit of each row: tables with one row a unit and period"}, \
    {"period", CALC_WHOLES, "Period of each row: consecutive whole numbers", .min = -1e15, .max = 1e15}, \
    {"y", CALC_WHOLES, "Count of each row; empty only after the last row of the fit", .min = 0, \
     .max = 2e9, .missing = true}, \
    {"counts", CALC_COLUMNS, "Or a column of counts for each unit: tables with one row a period", \
     .min = 0, .max = 2e9, .missing = true}, \
    {"family", CALC_CHOICE, "Poisson; negative binomial with one overdispersion, or with one for each unit", \
     .fallback = "\"negbin1\"", .choices = "poisson|negbin1|negbinM"}, \
    {"ar", CALC_OBJECT, "The unit's own past; absent: left out", .fields = hhh4_ar_fields}, \
    {"ne", CALC_OBJECT, "The neighbours' past; absent: left out", .fields = hhh4_ar_fields}, \
    {"end", CALC_OBJECT, "The endemic part", .fallback = "{}", .fields = hhh4_end_fields}, \
    {"weights", CALC_OBJECT, "How units act on each other in ne", .fields = hhh4_weights_fields}, \
    {"correlated", CALC_BOOL, "Random intercepts of one unit are correlated", .fallback = "false"}, \
    {"season", CALC_NUM, "Periods in a year, for harmonics", .fallback = "52", .min = 0, .max = 1e6, \
     .open = true}, \
    {"first", CALC_INT, "First row (period) of the fit, counted from 1", .fallback = "2", .min = 2, \
     .max = 1e9}, \
    {"last", CALC_INT, "Last row (period) of the fit; default: all with counts", .min = 2, .max = 1e9}

/* Reads options and data; `ahead` periods beyond the last row of the fit are needed. */
int hhh4_read(struct calc *c, const struct calc_values *o, size_t ahead, struct hhh4_document *d);

/* The name of a coefficient, as R's hhh4 writes it: "end.sin(2 * pi * t/52)", "ar.1.influenza", "overdisp". */
const char *hhh4_coef_name(struct arena *a, const struct hhh4_document *d, const struct hhh4_name *n);

#endif
