/* count_inner.h - shared by the count_*.c files only. */
#ifndef STAT_COUNT_INNER_H
#define STAT_COUNT_INNER_H

#include "stat/count.h"

/* Log probability of a negative binomial count without the -log y! that no parameter touches. */
double count_log_negbin(double y, double mean, double size);

/* Where f is largest on [from, to]: a grid of steps, then golden section (Kiefer 1953). */
double count_maximise(double (*f)(double x, void *p), void *p, double from, double to, int steps);

/* The first `used` periods of a panel, and room to work on them. */
struct count_view {
    struct arena *a;
    const struct count_panel *p;
    size_t used;
    double *y, *e;         /* sums by place */
    double *mean, *inv;    /* of every past cell, predicted from the other periods; NAN: none */
    double *next, *next_inv, *next_e; /* of the period to forecast: mean and 1/a */
    double *own;
};

struct count_view count_view_new(struct arena *a, const struct count_panel *p);

double count_view_y(const struct count_view *v, size_t place, size_t t);

/* Period n_periods is the one to forecast. */
double count_view_exposure(const struct count_view *v, size_t place, size_t t);

enum stat_reason count_panel_check(const struct count_panel *p);
struct count_forecast count_forecast_new(struct arena *a, size_t n);

/* The forecast of period `used` from those before it. */
enum stat_reason count_forecast_from(struct count_view *v, size_t used, enum count_method m,
                                     struct count_forecast *out);

/* The same by the endemic-epidemic model (count_hhh4.c); a reason where it cannot be fitted. */
enum stat_reason count_hhh4_from(const struct count_view *v, size_t used, enum count_method m,
                                 struct count_forecast *out);

#endif
