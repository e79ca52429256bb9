/* answers.h - a file of answers, read and checked; nothing is written here.
 *
 * Columns: stratum, psu, unit (KATO code), weight (may be missing), then one for each question, named by its
 * code. Every row is checked whole; a row with an error is left out and every one of its errors is kept with
 * line, column, text and what is expected. A file whose columns are wrong, or look like a person's name,
 * phone, address or number, is refused as a whole. */
#ifndef RESEARCH_ANSWERS_H
#define RESEARCH_ANSWERS_H

#include "base/ctx.h"
#include "base/vec.h"
#include "research/frame.h"
#include "research/questionnaire.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ANSWERS_ERRORS_KEPT = 500, ANSWERS_PREVIEW = 5 };

struct answers_error {
    int64_t line;
    const char *column, *text, *expected; /* expected: a sentence in cx->lang */
};
struct answers_row {
    int64_t line;
    const struct stratum *stratum;
    const char *psu;
    double weight; /* 0 where the file has no weights */
};
struct answers_value {
    uint32_t row; /* index into rows */
    const char *value;
};
struct answers {
    const char *file, *kind, *hash; /* kind: "CSV, windows-1251"; hash: BLAKE2b-256 of the bytes */
    bool weighted;
    int64_t rows_read, bad_rows, n_errors;
    VEC(struct answers_row) rows;     /* the good ones */
    VEC(struct answers_error) errors; /* the first ANSWERS_ERRORS_KEPT */
    const struct questionnaire *questions;
    struct answers_column {
        VEC(struct answers_value) values; /* by row */
    } * columns;                          /* one for each question, in their order */
    const char *const *header;            /* as written */
    size_t n_header;
    struct {
        const char **cells;
    } preview[ANSWERS_PREVIEW]; /* the first rows, n_header cells each */
    size_t n_preview;
    struct arena *arena; /* what the file's content lives in; ends with cx->arena */
};

/* name: for messages. data must live as long as cx->arena only until this returns. */
int answers_read(struct ctx *cx, const struct questionnaire *q, const struct frame *f, const char *name,
                 const void *data, size_t n, const char *sheet, struct answers **out);

/* Does a column's heading look as if it held what leads to a person ("ФИО", "phone", "мекенжай")? */
bool answers_looks_personal(struct arena *a, const char *heading);

#endif
