/* protect_key.h - the cell key method: noise that is the same wherever the same people are counted.
 *
 * Every record has a secret random key. The keys of the records in a cell add up (modulo 2^64, so in any order) to
 * the cell's key; the count and the cell's key pick a change from a table of probabilities. So a cell made of the same records gets the
 * same change in every table and in every year, and subtracting two tables tells no more than one of them (Fraser,
 * Wooton 2005, UNECE work session on confidentiality; Giessing 2016, PSD, LNCS 9867:132). Tables so changed do not
 * add up exactly: each sum is changed on its own.
 *
 * The table: for every count i, changes of at most D such that the mean change is 0, its variance V, no
 * result is negative and none lies in 1 .. js; among these the distribution of largest entropy. That is
 * p(d) proportional to exp(b d + c d^2) on what is allowed (Jaynes 1957, Physical Review 106:620), with b and c
 * found by Newton steps on the convex dual. A zero stays a zero. All counts from the last row on share it. */
#ifndef STAT_PROTECT_KEY_H
#define STAT_PROTECT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

/* How a count may change. */
struct protect_key_row {
    int64_t count;         /* the last row: this count and all larger */
    size_t n;
    const int64_t *change; /* ascending */
    const double *p;
    const uint64_t *below; /* the change of a key is the first whose `below` is larger; the last takes the rest */
    double entropy;        /* in nats */
};

struct protect_key_table {
    enum stat_status status;
    enum stat_reason reason; /* INVALID: d < 1, js < 0 or v <= 0; INFEASIBLE: bad_count has no such distribution */
    int64_t bad_count;
    double least_variance, most_variance; /* that bad_count could have; NAN where not even the mean can be kept */
    int64_t d, js;
    double v;
    size_t n_rows; /* row[i] is of count i */
    const struct protect_key_row *row;
};

/* d 5, v 2 to 3, js 2 are usual for counts of people. */
struct protect_key_table protect_key_table(struct arena *a, int64_t d, double v, int64_t js);

/* The key of a record from a secret; the same record always gets the same. Keys are never published. */
uint64_t protect_record_key(uint64_t secret, uint64_t record);

/* What is shown of a count, count >= 0. */
int64_t protect_key_count(const struct protect_key_table *t, int64_t count, uint64_t cell_key);

/* A two-way table with margins ((rows + 1) x (cols + 1), as in protect.h) from records: row[n], col[n] (negative:
 * not in the table) and their keys. count: the true one; shown: after the change. */
void protect_key_crosstable(struct arena *a, const struct protect_key_table *t, size_t n, const uint64_t *key,
                            const int32_t *row, size_t rows, const int32_t *col, size_t cols, int64_t *count,
                            int64_t *shown);

#endif
