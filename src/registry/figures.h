/* figures.h - the importer of population, indicators and composition: reads a table, checks every row, writes all of it
 * or, if a person says so, the good rows.
 *
 * One row is one figure of one place and period. Columns, by any of their names in three languages: kato or place (with
 * district where a name is not alone), period, source; with indicator and value (and n) it is an indicator's value, with
 * community and persons or share it is a part of the composition; a column population alone gives the indicator of
 * that name. */
#ifndef REGISTRY_FIGURES_H
#define REGISTRY_FIGURES_H

#include "base/fields.h"
#include "base/table.h"
#include "registry/figures_sql.h"
#include "registry/place_names.h"
#include "registry/territory_sql.h"

/* What a file is checked against. */
struct figures_world {
    struct place_names *places;
    struct indicator_list_list indicators;
    struct community_list_list communities;
    const int64_t *territories; /* units that the asker may change; n 0: all */
    size_t n_territories;
};
int figures_world_load(struct ctx *cx, struct figures_world *out);

enum { FIGURES_ROWS_MOST = 200000, FIGURES_PROBLEMS_MOST = 1000 };

struct figure_row {
    int64_t line, territory_id;
    const char *kato, *place, *what, *period, *source; /* what: code of the indicator or of the community */
    double value;                                       /* indicators */
    struct opt_int n, persons;
    struct opt_num share;
};
struct figure_problem {
    int64_t line;
    const char *column, *text, *expected; /* what stands there; what should */
};
struct figure_mend { /* look-alike letters that were taken for what was meant */
    int64_t line;
    const char *column, *before, *after;
};
struct figures {
    bool composition;
    const char *kind;    /* "CSV, windows-1251": how the file was understood */
    const char *columns; /* its columns as they were understood */
    int64_t n_read;      /* rows of the file */
    bool broken;         /* the file could not be read to its end: nothing of it may be written */
    int64_t n_problems;  /* all, shown or not */
    int64_t n_bad;       /* rows with a problem */
    struct { struct figure_row *rows; size_t n, cap; } rows;         /* the good ones */
    struct { struct figure_problem *rows; size_t n, cap; } problems; /* the first FIGURES_PROBLEMS_MOST */
    struct { struct figure_mend *rows; size_t n, cap; } mends;
};
extern const struct row_desc FIGURE_ROW_DESC, FIGURE_PROBLEM_DESC, FIGURE_MEND_DESC;

/* Reads and checks an open table; source: for rows that name none, may be "". An error only where the file is none of
 * this kind (a needed column is missing); what is wrong in rows is data. */
int figures_read(struct ctx *cx, const struct figures_world *w, struct table *t, const char *source, struct figures *out);

/* Writes the good rows; inside db_tx. A figure of the same place, period and source is replaced. */
int figures_write(struct ctx *cx, const struct figures *f);

int figures_import_command(struct ctx *cx, int argc, char **argv);
int figures_export_command(struct ctx *cx, int argc, char **argv);
extern const char FIGURES_IMPORT_USAGE[], FIGURES_EXPORT_USAGE[];

#endif
