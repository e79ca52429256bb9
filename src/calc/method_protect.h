/* method_protect.h - the files of the methods of disclosure control share these. */
#ifndef CALC_METHOD_PROTECT_H
#define CALC_METHOD_PROTECT_H

#include "calc/method.h"
#include "stat/protect.h"

/* A two-way table summed from rows of `row`, `column`, `count`; its categories in their order. */
struct calc_crosstab {
    const struct calc_codes *row, *col;
    size_t rows, cols, width, n; /* width = cols + 1, n = cells with the margins */
    int64_t *value;
    bool fits;                   /* no sum is too large for a whole number */
};
struct calc_crosstab calc_crosstab(struct calc *c, const struct calc_values *o);

/* Begins a row of an answer for a cell: its row and column, none for totals. */
void calc_crosstab_row(struct calc_table *t, const struct calc_crosstab *x, size_t cell);

/* "shown", "primary", "secondary", "unpublished". */
const char *calc_protect_state(uint8_t cell);

extern const struct calc_field CALC_FIELDS_SUPPRESS[], CALC_FIELDS_AUDIT[], CALC_FIELDS_ROUND_LINKED[],
    CALC_FIELDS_ROUND[], CALC_FIELDS_KEY_TABLE[], CALC_FIELDS_RECORD_KEYS[], CALC_FIELDS_CELL_KEY[];
extern const struct calc_source CALC_SOURCES_LINKED[], CALC_SOURCES_RECORD_KEYS[];
int calc_run_suppress(struct calc *c, const struct calc_values *o);
int calc_run_audit(struct calc *c, const struct calc_values *o);
int calc_run_round_linked(struct calc *c, const struct calc_values *o);
int calc_run_round(struct calc *c, const struct calc_values *o);
int calc_run_key_table(struct calc *c, const struct calc_values *o);
int calc_run_record_keys(struct calc *c, const struct calc_values *o);
int calc_run_cell_key(struct calc *c, const struct calc_values *o);

#endif
