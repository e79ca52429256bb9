/* answer.h - the result of a method as a tree of named values, written as JSON or, its tables, as CSV.
 *
 * Numbers are written with the shortest digits that read back as the same double; infinite ones as the texts
 * "Infinity" and "-Infinity". A figure that is not a number is never written silently: it becomes null and is
 * told in "refused", unless the method says by calc_put_optional() that it may be missing.
 * Names and arrays handed over are kept by address (names: constants or of the arena) until the answer is written. */
#ifndef CALC_ANSWER_H
#define CALC_ANSWER_H

#include "stat/stat.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calc_node;  /* an object or list of the answer */
struct calc_table; /* rows of cells: [{"area": "A1", "mean": 1.5}, ...] */

/* key NULL inside lists. */
void calc_put_num(struct calc_node *at, const char *key, double v);
void calc_put_optional(struct calc_node *at, const char *key, double v); /* NaN: null, "there is none" */
void calc_put_int(struct calc_node *at, const char *key, int64_t v);
void calc_put_bool(struct calc_node *at, const char *key, bool v);
void calc_put_text(struct calc_node *at, const char *key, const char *s); /* NULL: null */
void calc_put_none(struct calc_node *at, const char *key);
void calc_put_nums(struct calc_node *at, const char *key, const double *v, size_t n);
void calc_put_optionals(struct calc_node *at, const char *key, const double *v, size_t n);
void calc_put_ints(struct calc_node *at, const char *key, const int64_t *v, size_t n);
void calc_put_texts(struct calc_node *at, const char *key, const char *const *v, size_t n);
void calc_put_matrix(struct calc_node *at, const char *key, const double *v, size_t rows, size_t cols);
void calc_put_optional_matrix(struct calc_node *at, const char *key, const double *v, size_t rows, size_t cols);
struct calc_node *calc_put_object(struct calc_node *at, const char *key);
struct calc_node *calc_put_list(struct calc_node *at, const char *key);

/* A table; rows may be added at any time until `run` returns. Its cells may come in any order; a column
 * that a row does not set is missing in it. */
struct calc_table *calc_put_table(struct calc_node *at, const char *key);
void calc_row(struct calc_table *t); /* begins the next row */
void calc_cell_num(struct calc_table *t, const char *column, double v);
void calc_cell_optional(struct calc_table *t, const char *column, double v);
void calc_cell_int(struct calc_table *t, const char *column, int64_t v);
void calc_cell_bool(struct calc_table *t, const char *column, bool v);
void calc_cell_text(struct calc_table *t, const char *column, const char *s);
/* Columns "status" (ok, flag, refused) and "reason" (null where ok). A refused row may hold figures that are
 * not numbers, and is told in "refused"; a flagged one in "warnings". */
void calc_cell_status(struct calc_table *t, enum stat_status status, enum stat_reason reason);

#endif
