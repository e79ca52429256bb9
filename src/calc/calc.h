/* calc.h - the statistical core by document: one JSON document in, one JSON document out (docs/stat.md). */
#ifndef CALC_CALC_H
#define CALC_CALC_H

#include "base/buf.h"
#include "base/ctx.h"
#include "stat/parallel.h"

struct calc_request {
    const char *name;           /* of the document, for messages */
    const char *text;           /* n bytes of JSON */
    size_t n;
    const char *folder;         /* where the paths of the document start; NULL: the current one */
    const struct stat_run *run; /* NULL: one thread */
    bool csv;                   /* the answer's table as CSV in place of the document */
    const char *table;          /* which table, with csv; NULL: the method's main one */
    /* Asked when the method has run: did a library write to standard output what is no part of the answer? Then
     * the answer warns. NULL: nobody listens. */
    bool (*overheard)(void);
    /* Reads a file whole; NULL: fs_read(). */
    int (*read)(struct ctx *cx, const char *path, size_t max, struct buf **out);
    const struct calc_method *method; /* for tests: a method that is in no list; NULL: by its name */
    struct buf *notes;          /* csv: receives warnings and refusals, one line each; may be NULL */
};

enum { CALC_WRONG = -3 }; /* the document or its data are wrong */

/* Writes the answer to out. CALC_WRONG: cx->err_text has one line a fault, each naming the field or the file,
 * line and column; out is as it was. ERR_CONFLICT: stopped by run. */
int calc_answer(struct ctx *cx, const struct calc_request *rq, struct buf *out);

/* What the program offers, for --list, --schema, the option tables of docs/stat. */
struct calc_method;
/* Every method, in the order of its subject's table; NULL behind the last. */
const struct calc_method *calc_method_at(size_t i);
const struct calc_method *calc_method_find(const char *name);
/* Summaries in the language of cx; json: as they are, English. */
void calc_print_list(struct ctx *cx, struct buf *out, bool json);
/* A JSON Schema (draft 2020-12) of the method's document. */
void calc_print_schema(struct ctx *cx, const struct calc_method *m, struct buf *out);
/* The method's part of docs/stat: heading, summary, reference, table of options. */
void calc_print_markdown(struct ctx *cx, const struct calc_method *m, struct buf *out);

#endif
