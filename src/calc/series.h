/* series.h - counts over time in rows: one series, or several told apart by a column, in order of a column of
 * periods or of the rows. For the methods of detection. */
#ifndef CALC_SERIES_H
#define CALC_SERIES_H

#include "calc/method.h"

/* The options of such methods. */
#define CALC_SERIES_FIELDS                                                                         \
    {"y", CALC_WHOLES, "Counts; missing ones are left out", .required = true, .min = 0,            \
     .max = 1e15, .missing = true},                                                                \
        {"series", CALC_CODES, .help = "Which series a row belongs to; without it all rows are one"},\
        {"period", CALC_WHOLES,                                                                    \
         "Its time, in steps of one; without it rows are in order of time", .min = -1e9,           \
         .max = 1e9},                                                                              \
        {"last", CALC_INT, "How many of the last periods are judged", .fallback = "1", .min = 1,   \
         .max = 1e6}

struct calc_series {
    size_t count, n;         /* series, periods of each */
    size_t first;            /* the first period judged: n - last */
    const char *const *name; /* NULL: one series without a name */
    int64_t *y;              /* [series * n + t]; missing: -1 */
    int64_t from;            /* period of t = 0; rows are counted from 1 */
    int64_t *row;            /* row of the table for [series * n + t]; -1: none */
};

/* Wrong: a period twice in a series, series of unlike lengths without periods, too few periods for `last`. */
int calc_series_read(struct calc *c, const struct calc_values *o, struct calc_series *s);

/* A column of numbers in the same layout, NaN where there is no row; NULL without the column. */
double *calc_series_column(struct calc *c, const struct calc_values *o, const char *name,
                           const struct calc_series *s);

/* Begins a row of t with the cells series, period, y. */
void calc_series_row(struct calc_table *t, const struct calc_series *s, size_t series, size_t at);

#endif
