/* bench.h - what a case of `make bench-stat` is made of.
 *
 * A case is two files: case_<name>.c (a generator, and the work in our library) and case_<name>.R (the
 * same work in R). Both read the CSV files that the generator wrote from a fixed seed; reading them is
 * outside the clock on both sides. Both name their pieces of work and their results alike. */
#ifndef BENCH_STAT_BENCH_H
#define BENCH_STAT_BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

struct bench {
    struct arena *arena;
    const char *folder; /* of the CSV files */
    int threads;        /* to use at most */
    FILE *out;
    double processor, elapsed; /* at bench_start() */
};

/* --- written by every case ------------------------------------------------------------------------- */

/* One line for the table: what the work is. */
extern const char bench_title[];

/* Writes the CSV files; always the same. SIZE (a number, 1 by default) makes them smaller or larger. */
void bench_generate(struct bench *b, double size);

/* Reads, works between bench_start() and bench_stop(), tells its results. */
void bench_run(struct bench *b);

/* --- offered to them ------------------------------------------------------------------------------- */

/* A new file NAME.csv in the folder; the case writes header and rows and closes it with fclose(). */
FILE *bench_create(const struct bench *b, const char *name);

enum bench_type { BENCH_DOUBLE, BENCH_INT64, BENCH_INT32 };

/* A column of NAME.csv by its header; data is allocated (and never freed) by bench_read(). An empty
 * field or NA is NaN, or -1. */
struct bench_column {
    const char *header;
    enum bench_type type;
    void *data;
};

/* Reads the named columns of NAME.csv; the number of rows. Ends the process when one is missing. */
size_t bench_read(const struct bench *b, const char *name, struct bench_column *columns, size_t n);

/* The clock of one piece of work: processor seconds of all threads, and seconds. */
void bench_start(struct bench *b);
void bench_stop(struct bench *b, const char *work);

/* Results to be compared with R's of the same name: relative differences up to tolerance agree. */
void bench_values(struct bench *b, const char *name, const double *x, size_t n, double tolerance);

/* Ends the process with a message: the work could not be done. */
_Noreturn void bench_die(const char *message);

#endif
