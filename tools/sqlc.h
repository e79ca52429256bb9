/* sqlc.h - what the parts of tools/sqlc.c share: reading (sqlc_parse.c), checking against the schema
 * (sqlc_check.c), writing C (sqlc_write.c). */
#ifndef TOOLS_SQLC_H
#define TOOLS_SQLC_H

#include "db/split.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { MAX_PARAMS = 64, MAX_COLUMNS = 96, MAX_POSITIONAL = 3, MAX_FILE = 4 << 20 };

enum kind { ONE, OPT, MANY, EACH, EXEC };

enum type { TEXT, BIGINT, DOUBLE, BYTES, ID, BOOL, TYPE_COUNT };
extern const struct sqlc_type {
    const char *name, *c, *c_null; /* in the file of queries; in C, also where NULL is allowed */
    const char *bind, *member;     /* enum db_type and the member of struct db_value */
    const char *field, *field_null; /* enum field_type; NULL: not described */
} SQLC_TYPES[TYPE_COUNT];

struct field { /* a parameter, a column or an annotation */
    const char *name;
    enum type type;
    bool null;
    int line;
};

struct query {
    const char *name, *comment;
    enum kind kind;
    int line, sql_line;
    bool all_regions;
    const char *sql, *sqlite, *postgres; /* sql, or the two dialects */
    struct field params[MAX_PARAMS], columns[MAX_COLUMNS], notes[MAX_COLUMNS];
    int n_params, n_columns, n_notes;
    struct query *next;
};

struct sqlc {
    const char *file;     /* for messages */
    const char *text, *p; /* the file, and how far it is read */
    int line;
    int errors;
    bool quiet;
    struct query *queries, **tail;
    struct keep { struct keep *next; } *kept; /* all memory of a run, freed at its end */
    sqlite3 *db;
};

/* Memory of a run, zeroed; sqlc_free() gives all of it back. */
void *sqlc_alloc(struct sqlc *c, size_t n);
char *sqlc_strndup(struct sqlc *c, const char *s, size_t n);
void sqlc_free(struct sqlc *c);

/* "file:line: message" to stderr. Always false, so that a parser can `return sqlc_error(...)`. */
bool sqlc_error(struct sqlc *c, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* c->text into c->queries. */
bool sqlc_parse(struct sqlc *c);
/* A name that may stand in C as well as in SQL. */
bool sqlc_good_name(const char *s);
struct field *sqlc_field_find(struct field *fields, int n, const char *name);
bool sqlc_has_suffix(const char *s, const char *suffix);

/* The database in memory: empty, one migration, all of a folder. */
bool sqlc_schema_open(struct sqlc *c);
bool sqlc_schema_apply(struct sqlc *c, const char *text);
bool sqlc_schema_load(struct sqlc *c, const char *dir);
char *sqlc_read_file(struct sqlc *c, const char *path);
/* Checks the rules, prepares the query and learns its columns. */
bool sqlc_learn(struct sqlc *c, struct query *q);
/* sqlc_parse() and sqlc_learn() of each. */
bool sqlc_compile(struct sqlc *c);
/* The text that the columns are learnt from. */
const char *sqlc_sql_of(const struct query *q);

/* "src/db/job.sql" -> "db_job": the C name of a file. */
const char *sqlc_c_base(struct sqlc *c);
void sqlc_write_header(struct sqlc *c, FILE *o);
void sqlc_write_source(struct sqlc *c, FILE *o);

#endif
