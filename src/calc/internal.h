/* internal.h - what the files of src/calc share: checked values, columns to be read, the frame of one run. */
#ifndef CALC_INTERNAL_H
#define CALC_INTERNAL_H

#include "base/json.h"
#include "base/vec.h"
#include "calc/calc.h"
#include "calc/method.h"

enum { CALC_MAX_FAULTS = 20 };

struct calc_levels; /* categories while they are collected (codes.c) */

/* A column that the method asks for. */
struct calc_cells {
    const struct calc_field *field;
    enum calc_type type;       /* COLUMN, WHOLES, CODES or LABELS */
    const char *path;          /* in the document, for messages */
    const char *name;          /* in the table; NULL: given as a list */
    const struct json *list;   /* given as a list */
    struct calc_file *file;
    int at;                    /* its place in the file's rows */
    size_t n;
    double *num;
    int64_t *whole;
    const char **label;
    struct calc_codes codes;
    struct calc_levels *levels;
};

/* A table: a CSV file, or only columns given as lists. */
struct calc_file {
    const struct calc_source *source;
    const char *name;          /* as the document says; NULL: no file */
    const char *path;
    const char *const *missing; /* texts that mean a missing value, beside the empty one */
    size_t n_missing;
    bool decimal_comma;        /* found: the separator is not a comma */
    size_t n;
    bool known;                /* n is */
    const char *known_from;    /* the column that told it */
    uint32_t *line;            /* of every row in the file */
    const char *hash;
    VEC(struct calc_cells *) columns;
    struct calc_value *matrix; /* wants the whole table */
};

/* One term of CALC_TERMS. */
struct calc_term {
    struct calc_cells *cells;
    const char *base; /* factors: the category without a column; NULL: the first */
};

struct calc_value {
    const struct calc_field *field;
    const struct json *json; /* as given, or the default; NULL: absent */
    const char *path;
    double num;
    int64_t whole;
    bool yes;
    int choice;
    const char *text;
    size_t n;
    const double *nums;
    const char *const *texts;
    struct calc_map map;
    struct calc_matrix matrix;
    struct calc_values **objects; /* n; OBJECT: one */
    struct calc_cells *cells;
    VEC(struct calc_term) terms; /* COLUMNS, TERMS */
    const struct calc_columns *columns;
    const struct calc_codes **codes; /* CODE_COLUMNS */
    struct calc_file *file;
};

struct calc_values {
    const char *path;
    size_t n;
    struct calc_value *rows; /* in the order of the fields */
};

struct calc_refusal {
    const char *what, *code, *text;
    const int64_t *rows; /* of a table */
    size_t n;
};

struct calc_frame {
    struct calc c;
    struct ctx *cx;
    const struct calc_request *rq;
    const struct calc_method *method;
    VEC(const char *) faults;
    size_t n_faults;
    VEC(const char *) warnings;
    VEC(struct calc_refusal) refusals;
    struct calc_file *files;
    size_t n_files;
    struct calc_values *options;
};

/* run.c: one line of what is wrong; where: "options.level" or file, line and column. */
void calc_fault(struct calc_frame *f, const char *where, const char *text);
const struct calc_source *calc_sources(const struct calc_method *m);
bool calc_is_column(enum calc_type t);

/* spec.c: checks an object against fields; faults are collected. path "": the document itself. */
struct calc_values *calc_check(struct calc_frame *f, const struct json *j, const struct calc_field *fields, const char *path);
/* "from 0 to 1", for messages; "" where any number will do. */
const char *calc_range_text(struct ctx *cx, const struct calc_field *field);
bool calc_in_range(const struct calc_field *field, double v);
bool calc_infinite_text(const char *s, double *v);
struct calc_file *calc_file_named(struct calc_frame *f, const char *name);

const char *calc_source_names(struct calc_frame *f);

/* data.c: reads every table that a column refers to, and the columns given as lists. */
int calc_read_data(struct calc_frame *f, const struct json *data);
int calc_read_files(struct calc_frame *f);

/* codes.c: categories by their texts. */
struct calc_levels *calc_levels_new(struct arena *a);
int32_t calc_levels_add(struct calc_levels *l, const char *text);
/* Sorts the categories and renumbers n codes. */
void calc_levels_end(struct calc_levels *l, int32_t *code, size_t n, struct calc_codes *out);

/* number.c: a plain number, exactly as strtod() reads it; end: behind it. */
bool calc_parse_num(const char *s, bool comma, double *v);
bool calc_parse_whole(const char *s, int64_t *v);

/* get.c: checked columns as the matrix of CALC_COLUMNS; faults of CALC_TERMS. */
void calc_prepare(struct calc_frame *f, struct calc_values *o);

/* answer.c */
struct calc_node *calc_root_new(struct calc_frame *f);
void calc_write_node(const struct calc_node *n, int indent, struct buf *out);
/* Collects what the tables and figures say about themselves into the frame's refusals and warnings. */
void calc_settle(struct calc_frame *f);
/* False: there is no such table. */
bool calc_write_csv(struct calc_frame *f, const char *table, struct buf *out);

#endif
