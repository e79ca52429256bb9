/* xlsx_read.h - one sheet of an .xlsx workbook (ECMA-376) as rows of text.
 *
 * Numbers come as their shortest text with a point, dates by their cell format as ISO ("2025-07-01", with
 * "T14:05:00" where the time is not zero; pure times as "14:05:00"), booleans as "true" and "false",
 * formulas as the result that was saved. Formats, hidden rows and merged cells play no part. */
#ifndef BASE_XLSX_READ_H
#define BASE_XLSX_READ_H

#include "base/ctx.h"

#include <stddef.h>

enum { XLSX_COLUMNS = 1000, XLSX_CELLS = 4000000 };

struct xlsx_row {
    int64_t line; /* the row's number in the sheet, from 1 */
    char **cells; /* "" where there is none */
    size_t n;
};
struct xlsx_sheet {
    const char *name;
    struct xlsx_row *rows; /* those with at least one cell, in order */
    size_t n;
};

/* Reads the sheet of that name (compared by str_fold(); NULL: the first). file is for messages. The
 * sheet ends with cx->arena, but does not count to its ceiling. ERR_INVALID names sheet and cell;
 * ERR_NOT_FOUND: no such sheet; ERR_LIMIT: more than XLSX_CELLS cells or XLSX_COLUMNS columns. */
int xlsx_read(struct ctx *cx, const char *file, const void *data, size_t n, const char *sheet,
              struct xlsx_sheet *out);

#endif
