/* sqlc.c - turns a feature's .sql file into typed C functions; run by make.
 *
 *   sqlc MIGRATIONS_DIR in.sql out.h out.c     one file of queries
 *   sqlc --list out.c in.sql...                the table of all statements (db_statements of db/db.h)
 *
 * All migrations are applied to a database in memory and every query is prepared there, so a wrong
 * table or column stops the build with "file:line: message". A file of queries looks like this:
 *
 *   -- What it is for: becomes the comment of the function.
 *   -- name: case_by_id(region_id bigint, id id) :one
 *   -- > sessions bigint
 *   SELECT title, opened_us, (SELECT count(*) ...) AS sessions FROM dispute WHERE region_id = $1 AND id = $2;
 *
 * Kinds: ":one" (ERR_NOT_FOUND without a row), ":opt" (sets *found), ":many" (a list in the arena), ":each"
 * (a callback for each row), ":exec" (no rows; how many were changed).
 * Types: text, bigint, double, bytes, id (a bigint shown as identifier), bool (SMALLINT 0/1); with "?" NULL
 * is allowed. The list of parameters may go on in further comment lines. Up to three are C parameters, more
 * are members of struct NAME_in.
 * Columns have the type of the table's column, NULL allowed unless it is NOT NULL and not behind a LEFT JOIN;
 * "-- > name type" gives it for an expression, or overrides it.
 * "-- all regions: reason" allows a query on a table whose key starts with region_id to do without it.
 * ":sqlite" or ":postgres" behind the kind marks the two texts of a query for which one will not do.
 * What one of the engines lacks is refused: sqlc_check.c. src/db/test_sqlc.c has an example of each error. */
#include "sqlc.h"

#include <errno.h>

static bool write_file(const char *path, struct sqlc *c, void (*write)(struct sqlc *c, FILE *o))
{
    FILE *o = fopen(path, "wb");
    if (o)
        write(c, o);
    if (!o || ferror(o) || fclose(o) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

/* db_statements[] of db/db.h: the statements of all files. */
static int list_main(const char *out, char **files, int n)
{
    FILE *o = fopen(out, "wb");
    if (!o) {
        fprintf(stderr, "%s: %s\n", out, strerror(errno));
        return 1;
    }
    struct sqlc c = {0};
    fputs("/* Made by tools/sqlc.c --list; do not edit. */\n#include \"db/db.h\"\n\n", o);
    for (int i = 0; i < n; i++) {
        c.file = files[i];
        fprintf(o, "extern const struct db_stmt *const %s_sql_statements[];\n", sqlc_c_base(&c));
    }
    fputs("\nconst struct db_stmt *const *const db_statements[] = {\n", o);
    for (int i = 0; i < n; i++) {
        c.file = files[i];
        fprintf(o, "    %s_sql_statements,\n", sqlc_c_base(&c));
    }
    fputs("    NULL};\n", o);
    sqlc_free(&c);
    return fclose(o) != 0;
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--list") == 0)
        return list_main(argv[2], argv + 3, argc - 3);
    if (argc != 5) {
        fputs("usage: sqlc MIGRATIONS_DIR in.sql out.h out.c\n       sqlc --list out.c in.sql...\n", stderr);
        return 2;
    }
    struct sqlc c = {.file = argv[2]};
    c.text = sqlc_read_file(&c, argv[2]);
    bool good = c.text && sqlc_schema_load(&c, argv[1]) && sqlc_compile(&c) &&
                write_file(argv[3], &c, sqlc_write_header) && write_file(argv[4], &c, sqlc_write_source);
    sqlc_free(&c);
    return good ? 0 : 1;
}
