/* method.h - how a method of the statistical core is offered to `shanyraq stat`.
 *
 * A subject declares its methods as tables (method_<subject>.c): name, reference, options with type, range and
 * default, and a function that calls src/stat. From that one table come the checks of the document, --schema,
 * --list, the option tables of docs/stat, and the options as the answer repeats them. When `run` is called,
 * everything it can ask for is there, in range and of its type: it never sees JSON.
 *
 *     static const struct calc_field MEAN[] = {
 *         {"y", CALC_COLUMN, "Values", .required = true, .missing = true},
 *         {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true},
 *         {0}};
 *     static int run_mean(struct calc *c, const struct calc_values *o)
 *     {
 *         const double *y = calc_column(o, "y");
 *         ...
 *         calc_put_num(c->result, "mean", e.est);
 *         return OK;
 *     }
 *     const struct calc_method calc_methods_example[] = {
 *         {"example.mean", N_("Mean"), "Author 1999, Journal 1:2", MEAN, run_mean, .table = "estimates"},
 *         {0}};
 *
 * (At least one member by its name in each row, .help = "..." where nothing else: the compiler warns else.) */
#ifndef CALC_METHOD_H
#define CALC_METHOD_H

#include "base/ctx.h"
#include "calc/answer.h"
#include "stat/parallel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calc_values; /* the checked values of one object of the document */

enum calc_type {
    CALC_NONE,
    CALC_NUM,
    CALC_INT,
    CALC_BOOL,
    CALC_TEXT,
    CALC_CHOICE,      /* one of .choices */
    CALC_NUMS,        /* list of numbers */
    CALC_TEXTS,       /* list of texts */
    CALC_MAP,         /* {"name": number, ...} */
    CALC_MATRIX,      /* [[1, 2], [3, 4]], or the name of a table of numbers */
    CALC_OBJECT,      /* one object with .fields */
    CALC_OBJECTS,     /* list of them; one alone need not stand in a list */
    /* Columns: a name in the table of the field, or the values themselves as a list. All columns of a table have one length. */
    CALC_COLUMN,      /* numbers */
    CALC_WHOLES,      /* whole numbers: counts */
    CALC_CODES,       /* categories; their order: by number where all are numbers, else by bytes */
    CALC_LABELS,      /* texts as they are */
    /* Lists of them; one alone need not stand in a list. */
    CALC_COLUMNS,     /* columns of numbers */
    CALC_CODE_COLUMNS, /* columns of categories */
    CALC_TERMS,       /* columns of a model: "age" is a number, {"factor": "district"} one 0/1 column a category but the first */
};

struct calc_field {
    const char *name;
    enum calc_type type;
    const char *help;      /* one line, English */
    bool required;
    const char *fallback;  /* the default as JSON: "0.95", "\"auto\"", "[0.5]"; NULL: absent */
    double min, max;       /* of every number, in lists and columns too; both 0: any */
    bool open;             /* min and max themselves are outside */
    bool missing;          /* columns: empty cells (null) are allowed */
    bool infinite;         /* numbers: "Infinity" and "-Infinity" are allowed */
    const char *choices;   /* "auto|t|logit" */
    const char *table;     /* columns: of which table; NULL: the method's first */
    const struct calc_field *fields; /* of objects; ends with name NULL */
    size_t least, most;    /* elements of lists; most 0: any number */
};

/* The CSV files of a method; ends with name NULL. */
struct calc_source {
    const char *name, *help; /* "main": what one row is */
    bool required;           /* else only where a column refers to it */
};

struct calc {
    struct ctx *cx;
    struct arena *arena;        /* cx->arena */
    struct calc_node *result;   /* the object to be filled by calc_put_...() (answer.h) */
    uint64_t seed;              /* of the document, 1 without one */
    const struct stat_run *run; /* threads and progress, for functions of src/stat that take it */
    struct calc_frame *frame;   /* private */
};

struct calc_method {
    const char *name;      /* "survey.mean": <subject>.<what> */
    const char *summary;   /* one line: N_("...") */
    const char *reference; /* author, year, where */
    const struct calc_field *fields;
    /* Fills c->result. OK; calc_wrong()'s code where options make no sense together; calc_refuse_all()'s. */
    int (*run)(struct calc *c, const struct calc_values *o);
    const struct calc_source *sources; /* NULL: one table, "main" */
    bool seeded;           /* draws random numbers: the document may have a seed, the answer tells it */
    const char *table;     /* the answer's table for --csv; NULL: its first */
    /* Its data hold what the answer hides: no hash of them is told, from which few small counts could be guessed, and
     * columns given as lists are not repeated. */
    bool confidential;
};

/* --- the checked values. A name that is not in the fields is a broken invariant (die()). ---------- */
bool calc_has(const struct calc_values *o, const char *name);           /* given, or has a default */
double calc_num(const struct calc_values *o, const char *name);         /* CALC_NUM, _INT; NaN: absent */
int64_t calc_int(const struct calc_values *o, const char *name);        /* 0: absent */
bool calc_bool(const struct calc_values *o, const char *name);          /* false: absent */
const char *calc_text(const struct calc_values *o, const char *name);   /* CALC_TEXT, _CHOICE; NULL: absent */
int calc_choice(const struct calc_values *o, const char *name);         /* its place in .choices from 0; -1: absent */
const double *calc_nums(const struct calc_values *o, const char *name, size_t *n);
const char *const *calc_texts(const struct calc_values *o, const char *name, size_t *n);
const struct calc_values *calc_object(const struct calc_values *o, const char *name);
const struct calc_values *const *calc_objects(const struct calc_values *o, const char *name, size_t *n);

struct calc_map {
    size_t n;
    const char *const *key;
    const double *value;
};
const struct calc_map *calc_map(const struct calc_values *o, const char *name);
/* The value of a key; NaN where it has none. */
double calc_map_at(const struct calc_map *m, const char *key);

struct calc_matrix {
    size_t rows, cols;
    const double *value;     /* row by row */
    const char *const *name; /* of the columns; NULL where the rows were given as lists */
};
const struct calc_matrix *calc_matrix(const struct calc_values *o, const char *name);

/* --- columns: calc_rows() values each; NULL: absent ------------------------------------------------ */
#define CALC_NO_WHOLE INT64_MIN
/* Rows of a table (NULL: the first); 0 where no column of it was asked for. */
size_t calc_rows(const struct calc *c, const char *table);
const double *calc_column(const struct calc_values *o, const char *name);           /* missing: NaN */
const int64_t *calc_wholes(const struct calc_values *o, const char *name);          /* missing: CALC_NO_WHOLE */
const char *const *calc_labels(const struct calc_values *o, const char *name);      /* missing: "" */
/* The name of the column; NULL: it was given as a list. */
const char *calc_column_name(const struct calc_values *o, const char *name);

struct calc_codes {
    size_t n;                /* categories */
    const char *const *name;
    const int32_t *code;     /* 0 .. n-1 of every row; missing: -1 */
};
const struct calc_codes *calc_codes(const struct calc_values *o, const char *name);
/* n of them: CALC_CODE_COLUMNS. */
const struct calc_codes *const *calc_code_columns(const struct calc_values *o, const char *name, size_t *n);
/* The place of a category in its names; -1: no row has it. */
int32_t calc_code_of(const struct calc_codes *k, const char *name);

/* Columns of numbers: n x p row by row, and the names of the columns (NULL: values were given). CALC_TERMS:
 * intercept puts a column of ones in front; names are "(Intercept)", "age", "district=A2". */
struct calc_columns {
    size_t p;
    const double *x;
    const char *const *name;
};
const struct calc_columns *calc_columns(const struct calc_values *o, const char *name);
const struct calc_columns *calc_terms(const struct calc *c, const struct calc_values *o, const char *name, bool intercept);

/* --- what is wrong, unusual or refused --------------------------------------------------------------
 * Sentences: N_("English with %s"), translated in the po files of src/calc. */

/* Options that make no sense together: `return calc_wrong(c, o, "totals", N_("..."))`; may be called several
 * times before. name NULL: the object as a whole. Exit status 2. */
int calc_wrong(struct calc *c, const struct calc_values *o, const char *name, const char *msgid, ...)
    __attribute__((format(printf, 4, 5)));
/* The same for a value of a column, named with file and line. */
int calc_wrong_row(struct calc *c, const struct calc_values *o, const char *name, size_t row, const char *msgid, ...)
    __attribute__((format(printf, 5, 6)));

/* A sentence for warnings[]. */
void calc_warn(struct calc *c, const char *msgid, ...) __attribute__((format(printf, 2, 3)));

/* A figure that is refused: its path in the result ("estimates[2]", "beta"), why. The figure itself is written
 * by calc_put_optional() or left out. */
void calc_refuse(struct calc *c, const char *what, enum stat_reason why);
/* Nothing can be shown: empties the result. `return calc_refuse_all(c, fit.reason);` */
int calc_refuse_all(struct calc *c, enum stat_reason why);

/* --- one table a subject, listed in methods.c; each ends with name NULL --- */
extern const struct calc_method calc_methods_survey[], calc_methods_area[], calc_methods_area_space[],
    calc_methods_composition[], calc_methods_space[],
    calc_methods_count[], calc_methods_hhh4[], calc_methods_detect[], calc_methods_chart[], calc_methods_scan[],
    calc_methods_score[], calc_methods_interval[], calc_methods_reconcile[],
    calc_methods_protect[], calc_methods_allocation[];

#endif
