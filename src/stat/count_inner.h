/* count_inner.h - shared by the count_*.c files only. */
#ifndef STAT_COUNT_INNER_H
#define STAT_COUNT_INNER_H

/* Log probability of a negative binomial count without the -log y! that no parameter touches. */
double count_log_negbin(double y, double mean, double size);

/* Where f is largest on [from, to]: a grid of steps, then golden section (Kiefer 1953). */
double count_maximise(double (*f)(double x, void *p), void *p, double from, double to, int steps);

#endif
