/* table.h - rows of a CSV file or an XLSX sheet, alike: what importers read.
 *
 *     struct table *t; bool more;
 *     TRY(table_open(cx, path, NULL, &t));
 *     TRY(table_require(cx, t, "kato", "population", NULL));
 *     for (;;) {
 *         TRY(table_next(cx, t, &more));
 *         if (!more) break;
 *         const char *code = table_cell(t, "kato");
 *         TRY(table_int(cx, t, "population", 0, 100000000, &people));
 *     }
 *
 * The first row that is not empty names the columns; names are compared by their search key (str_fold),
 * so that case, spaces and look-alike letters make no difference. Cells come without white space at their ends. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/ctx.h"
#include "base/time.h"

#include <stddef.h>

struct table;

/* Opens a file of at most 256 MB; the kind is found from its bytes. sheet: of a workbook, NULL the first.
 * The table ends with cx->arena. Errors name file, line and column or cell. */
int table_open(struct ctx *cx, const char *path, const char *sheet, struct table **out);
/* The same of bytes in memory (which must live as long); name is for messages. */
int table_open_bytes(struct ctx *cx, const char *name, const void *data, size_t n, const char *sheet,
                     struct table **out);

/* The next row that is not empty; *more false at the end. A row with more cells than there are
 * named columns is ERR_INVALID. */
int table_next(struct ctx *cx, struct table *t, bool *more);

/* Column names as written; how many rows were given so far, and the current row's line in the file. */
const char *const *table_header(const struct table *t, size_t *n);
int64_t table_rows(const struct table *t);
int64_t table_line(const struct table *t);
/* "CSV, windows-1251" or "XLSX, Sheet1": how the file was understood, for the user to see. */
const char *table_kind(const struct table *t);

/* The column of a name, -1 where there is none; ERR_INVALID naming the first of the names (ending with NULL)
 * that is missing. */
int table_column(const struct table *t, const char *name);
int table_require(struct ctx *cx, const struct table *t, ...) __attribute__((sentinel));

/* A cell of the current row; "" where row or table have none. Valid until the next row (CSV). */
const char *table_cell(const struct table *t, const char *name);
const char *table_at(const struct table *t, int column);

/* A cell as a value; ERR_INVALID with file, line, column and the text where it is none. An empty
 * cell is none, too: ask table_cell() first where a column may be empty. */
int table_int(struct ctx *cx, const struct table *t, const char *name, int64_t min, int64_t max, int64_t *v);
int table_num(struct ctx *cx, const struct table *t, const char *name, double *v);
/* "2025-07-01" or "01.07.2025". */
int table_date(struct ctx *cx, const struct table *t, const char *name, struct date *v);

#endif
