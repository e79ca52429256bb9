/* csv.h - tables as text (RFC 4180): reading row by row, writing.
 *
 * Reading takes what offices send: UTF-8 with or without a mark, UTF-16 with a mark, windows-1251; comma,
 * semicolon or tab; any line ends; quoted cells with line ends inside. What is not clear is refused
 * with line and column, never guessed away. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/fields.h"

enum { CSV_COLUMNS = 16384 }; /* as many as a spreadsheet has */

struct csv {
    const char *const *cells; /* of the current row, until the next csv_next() */
    size_t n;
    int64_t line;             /* where the row starts, from 1 */
    char separator;           /* found in the first line: ',' ';' or '\t' */
    const char *encoding;     /* found: "UTF-8", "UTF-16", "windows-1251" */
    struct csv_reader *reader;
};

/* Starts reading n bytes (copied). name is for messages. ERR_INVALID: an encoding that is none of the above,
 * naming line and column; a zero byte (not a text). */
int csv_open(struct ctx *cx, const char *name, const void *data, size_t n, struct csv *csv);

/* The next row that is not wholly empty; *more false at the end. ERR_INVALID: a quote that does
 * not end, or text behind a closing quote, with line and column; ERR_LIMIT: more than CSV_COLUMNS cells. */
int csv_next(struct ctx *cx, struct csv *csv, bool *more);

/* --- writing --- */
struct csv_writer {
    struct buf *out;
    char separator;
    bool some; /* the row has a cell already */
};
/* mark: start with the byte order mark that office programs need to see UTF-8. */
void csv_begin(struct csv_writer *w, struct buf *out, char separator, bool mark);
/* A cell. A text that a spreadsheet would run as a formula (it starts with = + - @, tab or return
 * and is not a number) gets an apostrophe in front. NULL writes an empty cell. */
void csv_put(struct csv_writer *w, const char *text);
void csv_put_int(struct csv_writer *w, int64_t v);
void csv_put_num(struct csv_writer *w, double v); /* NaN writes an empty cell */
void csv_end_row(struct csv_writer *w);

/* A line of names and n rows by their description (nested lists are left out). Absent values are
 * empty, hidden counts "protected". */
void csv_rows(struct csv_writer *w, const struct row_desc *d, const void *rows, size_t n);

#endif
