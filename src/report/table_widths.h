/* table_widths.h - how wide the columns of a printed table are. */
#ifndef REPORT_TABLE_WIDTHS_H
#define REPORT_TABLE_WIDTHS_H

#include "report/doc.h"

/* Shares total (points) among the columns by their content, set at size with pad on both sides; writes
 * t->n_columns widths that add up to total. */
void table_widths(const struct table *t, double size, double pad, double total, double *widths);

#endif
